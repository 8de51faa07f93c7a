//! A small platform as files: the list that it was given, and what its users uploaded.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use ijkpunt::List;
use ijkpunt::baseline::NewRow;
use ijkpunt::enrol::Enroller;
use ijkpunt::snapshot::{self, Draft, Snapshot};
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
    let mut rows = Vec::new();
    let mut written = Vec::new();
    for done in spread(&tasks, |task| task.run(folder, album)) {
        let done = done?;
        rows.extend(done.rows);
        written.extend(done.written);
    }
    written.sort_unstable_by_key(|written| written.upload.number);
    let list = List::from_rows(rows)?;
    save(&folder.list(), &csv(&list)?)?;
    install(folder, &list)?;
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

/// What a task gives: rows of the list, none for what is not listed, and the uploads.
struct Done {
    rows: Vec<NewRow>,
    written: Vec<Written>,
}

impl Task {
    fn run(&self, folder: &Folder, album: &Album) -> Result<Done, DemoError> {
        let image = album.picture(self.source)?;
        let rows = match self.source {
            Source::Item(number) => rows(&item_id(number), &image, album.label())?,
            Source::Unrelated(_) => Vec::new(),
        };
        let mut written = Vec::new();
        for &upload in &self.uploads {
            let made = upload.make(&image)?;
            let name = format!("{:03}-{}", upload.number, made.name);
            save(&folder.uploads().join(&name), &made.bytes)?;
            written.push(Written { upload, name });
        }
        Ok(Done { rows, written })
    }
}

/// An item as an authority would list it: its hash, and those of its windows.
fn rows(id: &str, image: &RgbImage, label: &str) -> Result<Vec<NewRow>, DemoError> {
    let proposal = Enroller::new().propose_picture(&picture(image)?)?;
    Ok(proposal.rows(id).map(|row| row.label(label)).collect())
}

fn csv(list: &List) -> Result<Vec<u8>, DemoError> {
    let mut csv = Vec::new();
    list.write_csv(&mut csv).map_err(DemoError::Out)?;
    Ok(csv)
}

/// Installs the list as a snapshot, always of the same moment, so that it is the same bytes everywhere.
fn install(folder: &Folder, list: &List) -> Result<(), DemoError> {
    let mut draft = Draft::new(1, SystemTime::UNIX_EPOCH.into());
    let snapshot = Snapshot::from_bytes(draft.list(list)?.to_bytes()?)?;
    snapshot::Folder::at(folder.installed()).install(&snapshot)?;
    Ok(())
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
