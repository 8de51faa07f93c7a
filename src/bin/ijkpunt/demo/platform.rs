//! A small platform as files: the list that it was given, and what its users uploaded.

use std::fs;
use std::path::Path;

use ijkpunt::Hasher;
use ijkpunt::hash::PROFILE;
use image::RgbImage;

use crate::work::spread;

use super::album::Album;
use super::encode::picture;
use super::error::DemoError;
use super::folder::Folder;
use super::plan::{self, Sizes, Source, Upload};

/// An upload that stands in the folder.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) upload: Upload,
    /// Its name below `uploads`.
    pub(super) name: String,
}

/// Writes everything, and says what stands where.
pub(super) fn write(
    folder: &Folder,
    album: &Album,
    sizes: &Sizes,
) -> Result<Vec<Written>, DemoError> {
    let uploads = plan::uploads(sizes);
    let tasks = tasks(&uploads, sizes);
    let mut list = String::from("id,pdq,quality,label,profile\n");
    let mut written = Vec::new();
    for done in spread(&tasks, |task| task.run(folder, album)) {
        let done = done?;
        list.push_str(&done.row);
        written.extend(done.written);
    }
    written.sort_unstable_by_key(|written| written.upload.number);
    save(&folder.list(), list.as_bytes())?;
    save(&folder.truth(), truth(&written).as_bytes())?;
    Ok(written)
}

/// The id of an item, counted from 0.
pub(super) fn item_id(number: usize) -> String {
    format!("item-{:03}", number + 1)
}

/// A picture, and everything that is made from it: so each is drawn or decoded once.
struct Task {
    source: Source,
    uploads: Vec<Upload>,
}

fn tasks(uploads: &[Upload], sizes: &Sizes) -> Vec<Task> {
    let items = (0..sizes.items).map(Source::Item);
    let unrelated = (0..sizes.unrelated).map(Source::Unrelated);
    items
        .chain(unrelated)
        .map(|source| {
            let made_of_it = uploads.iter().filter(|upload| upload.source == source);
            Task {
                source,
                uploads: made_of_it.copied().collect(),
            }
        })
        .collect()
}

/// What a task gives: a row of the list, empty for what is not listed, and the uploads.
struct Done {
    row: String,
    written: Vec<Written>,
}

impl Task {
    fn run(&self, folder: &Folder, album: &Album) -> Result<Done, DemoError> {
        let image = album.picture(self.source)?;
        let row = match self.source {
            Source::Item(number) => row(&item_id(number), &image, album.label())?,
            Source::Unrelated(_) => String::new(),
        };
        let mut written = Vec::new();
        for &upload in &self.uploads {
            let made = upload.make(&image)?;
            let name = format!("{:03}-{}", upload.number, made.name);
            save(&folder.uploads().join(&name), &made.bytes)?;
            written.push(Written { upload, name });
        }
        Ok(Done { row, written })
    }
}

fn row(id: &str, image: &RgbImage, label: &str) -> Result<String, DemoError> {
    let transform = Hasher::new().hash(&picture(image)?)?;
    let (pdq, quality) = (transform.pdq(), transform.quality());
    Ok(format!("{id},{pdq},{quality},{label},{PROFILE}\n"))
}

/// `file,kind,item`: the answers that screening is measured by. The kinds are those of the printed table.
fn truth(written: &[Written]) -> String {
    let mut csv = String::from("file,kind,item\n");
    for Written { upload, name } in written {
        let kind = upload.kind.words();
        let item = upload.item().map(item_id).unwrap_or_default();
        csv.push_str(&format!("{name},\"{kind}\",{item}\n"));
    }
    csv
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    fs::write(path, bytes).map_err(DemoError::at(path))
}
