//! Pictures that are assessed: drawn, proposed by their hashes, and known again in a copy.

use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{
    Code, Commitment, ContextDependence, Creation, Entry, EntryId, Event, Fingerprint, List,
    MediaKind, NewRow, Source, Text,
};
use ijkpunt::enrol::{Enroller, Known};
use ijkpunt::hash::Radius;
use ijkpunt::limits::Limits;
use ijkpunt::register::RegisterError;
use ijkpunt::sign::What;
use image::RgbImage;
use image::imageops::{self, FilterType};

use crate::Failure;
use crate::demo::encode;
use crate::demo::scene::scene;

use super::page::Page;
use super::union::{Union, Who};
use super::words::{beginning, count};

/// A picture that somebody has proposed.
pub(super) struct Picture {
    pub(super) number: u64,
    pub(super) entry: EntryId,
    pub(super) bytes: Vec<u8>,
}

/// The file of the copy of the first picture.
pub(super) const COPY: &str = "copy-of-picture-1.jpg";

/// The folder of the files that are looked at, which no register holds.
pub(super) fn media(dir: &Path) -> PathBuf {
    dir.join("media")
}

/// Draws a picture, and an authority proposes it; the others are told.
pub(super) fn propose(
    union: &mut Union,
    dir: &Path,
    who: Who,
    number: u64,
) -> Result<Picture, Failure> {
    let bytes = encode::png(&scene(FIRST_SCENE + number))?;
    fs::write(media(dir).join(format!("picture-{number}.png")), &bytes)?;
    let proposal = Enroller::new().propose(&bytes, &Limits::default());
    let source = Source {
        sha256: Commitment::to(&bytes),
        size: bytes.len() as u64,
        mime: Text::new("image/png")?,
    };
    let rows: Vec<NewRow> = proposal.rows("").collect();
    let draft = Draft {
        number,
        source: Some(source),
        fingerprints: rows.iter().map(Fingerprint::from).collect(),
    };
    let entry = draft.propose(union, who)??;
    union.send(&[who])?;
    Ok(Picture {
        number,
        entry,
        bytes,
    })
}

/// Tries to propose something before it is admitted; only what comes of it is of interest.
pub(super) fn try_to_propose(
    union: &mut Union,
    who: Who,
) -> Result<Result<EntryId, RegisterError>, Failure> {
    let draft = Draft {
        number: 0,
        source: None,
        fingerprints: Vec::new(),
    };
    draft.propose(union, who)
}

/// What an entry is made of.
struct Draft {
    number: u64,
    source: Option<Source>,
    fingerprints: Vec<Fingerprint>,
}

impl Draft {
    fn propose(
        self,
        union: &mut Union,
        who: Who,
    ) -> Result<Result<EntryId, RegisterError>, Failure> {
        let title = Text::new(format!("made-up picture {}", self.number))?;
        let mut id = None;
        let said = union.try_to_say(who, |slot| {
            let entry = Entry {
                media: MediaKind::Image,
                source: self.source,
                fingerprints: self.fingerprints,
                title,
                producer: None,
                labels: [].into(),
                context: ContextDependence::Independent,
                created_by: slot.by,
                created_at: slot.at,
                review_by: None,
            };
            id = Some(entry.id());
            What::Event(Event::EntryCreated(Creation {
                sequence: slot.sequence,
                entry,
            }))
        })?;
        let id = id.ok_or("the entry was not made");
        said.map_or_else(|why| Ok(Err(why)), |_| Ok(Ok(id?)))
    }
}

/// Scenes that the platform's demo does not show.
const FIRST_SCENE: u64 = 2_000_000;

/// How many hashes there are of each kind.
pub(super) fn hashes(entry: &Entry) -> String {
    let all = entry.fingerprints.len() as u64;
    let is_digest = |one: &&Fingerprint| matches!(one.code, Code::Digest(_));
    let is_window = |one: &&Fingerprint| one.part.is_some();
    let digests = entry.fingerprints.iter().filter(is_digest).count() as u64;
    let windows = entry.fingerprints.iter().filter(is_window).count() as u64;
    let wholes = all.saturating_sub(digests).saturating_sub(windows);
    format!(
        "entry {}: {}, {digests} of the file's bytes, {wholes} of the whole picture, {windows} of parts of it",
        beginning(&entry.id()),
        count(all, "hash")
    )
}

/// Somebody gets a copy of the first picture, and looks whether it is known before it proposes anything.
pub(super) fn known_again(
    page: &mut Page<'_>,
    union: &Union,
    dir: &Path,
    first: &Picture,
    unlike: u64,
) -> Result<(), Failure> {
    page.step("XD is sent a copy of picture 1, and sees that it is known")?;
    let original = image::load_from_memory(&first.bytes)?.into_rgb8();
    let copy = encode::usual(&edited(&original))?;
    fs::write(media(dir).join(COPY), &copy)?;
    page.say(
        "Somebody cut off the edges of picture 1, made it smaller and saved it as a JPEG. Not a byte \
         of the file is the same, but its hash as a picture differs in few bits. Before it proposes \
         anything, XD compares the file with the hashes of the entries in its register:",
    )?;
    let entry = union.account(Who::Xd, first.entry)?.entry;
    let id = entry.id().to_string();
    let list = List::from_rows(entry.fingerprints.iter().map(|one| one.row(&*id)))?;
    let known = Known::new(&list);
    page.fact(&nearest(&known, &format!("media/{COPY}"), &copy))?;
    let other = encode::png(&scene(FIRST_SCENE + unlike))?;
    page.fact(&nearest(
        &known,
        "a picture that nobody has proposed",
        &other,
    ))?;
    page.say(&format!(
        "At most {} of 256 bits may differ. So XD does not propose the copy: the entry is there, and \
         copies are found by it. A near hash is no finding, only a hint: a person looks and decides.",
        Radius::DEFAULT.bits()
    ))?;
    Ok(())
}

/// Without its edges, and smaller. Only sums and products lead to a pixel, as in the scenes.
fn edited(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let (left, top) = (width / 100, height / 100);
    let inside = imageops::crop_imm(image, left, top, width - 2 * left, height - 2 * top);
    let (width, height) = (width * 7 / 10, height * 7 / 10);
    imageops::resize(&inside.to_image(), width, height, FilterType::Triangle)
}

fn nearest(known: &Known<'_>, name: &str, bytes: &[u8]) -> String {
    let proposal = Enroller::new().propose(bytes, &Limits::default());
    match known.near(&proposal).first() {
        Some(near) => {
            let far = near.distance.map_or_else(
                || "the very file".to_owned(),
                |distance| format!("{} of 256 bits differ", distance.bits()),
            );
            format!("{name} is near to entry {}: {far}", beginning(&near.entry))
        }
        None => format!("{name} is near to no entry"),
    }
}
