//! The stack of well-known crates and ours: from a picture to the entries near it, by way of a file.

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use bk_tree::{BKTree, Metric};
use ijkpunt::baseline::{EntryId, MediaKind, Profile};
use ijkpunt::hash::{Hasher, Pdq, Radius};
use ijkpunt::index::Index;
use ijkpunt::limits::Limits;
use ijkpunt::picture::Picture;
use ijkpunt::snapshot::{Draft, NewEntry, Print, Snapshot};
use img_hash::HasherConfig;
use img_hash::image::RgbImage;
use serde::{Deserialize, Serialize};

/// 256 bits, of whichever algorithm.
pub type Code = [u8; 32];

pub trait Stack: Sized {
    const NAME: &'static str;

    /// Hashes pictures one after the other.
    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>>;

    /// A list whose entries are numbered as the codes are.
    fn build(codes: &[Code]) -> Result<Self, Box<dyn Error>>;

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>>;

    fn open(file: &Path) -> Result<Self, Box<dyn Error>>;

    /// Bytes that it holds in pages of its own, or of the file, which nobody counts as allocated.
    fn paged(&self) -> usize {
        0
    }

    /// The entries within 31 bits.
    fn find(&self, code: Code) -> Vec<usize>;
}

/// `img_hash` for hashes, `bk-tree` to search, `bincode` to store, each used as its documentation begins.
#[derive(Serialize, Deserialize)]
pub struct Card(BKTree<Entry, Bits>);

#[derive(Serialize, Deserialize)]
struct Entry {
    code: Code,
    number: usize,
}

/// Equal codes are the same key to the tree: it keeps the first.
#[derive(Serialize, Deserialize)]
struct Bits;

impl Metric<Entry> for Bits {
    fn distance(&self, a: &Entry, b: &Entry) -> u32 {
        let bytes = a.code.iter().zip(&b.code);
        bytes.map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    fn threshold_distance(&self, a: &Entry, b: &Entry, threshold: u32) -> Option<u32> {
        Some(self.distance(a, b)).filter(|&distance| distance <= threshold)
    }
}

impl Stack for Card {
    const NAME: &'static str = "img_hash + bk-tree + bincode";

    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
        let config = HasherConfig::with_bytes_type::<Code>();
        let hasher = config.hash_size(16, 16).preproc_dct().to_hasher();
        move |picture| Ok(hasher.hash_image(picture).as_bytes().try_into()?)
    }

    fn build(codes: &[Code]) -> Result<Self, Box<dyn Error>> {
        let mut tree = BKTree::new(Bits);
        let entries = codes.iter().enumerate();
        tree.extend(entries.map(|(number, &code)| Entry { code, number }));
        Ok(Self(tree))
    }

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        let bytes = bincode::serde::encode_to_vec(self, bincode::config::standard())?;
        Ok(fs::write(file, bytes)?)
    }

    fn open(file: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = fs::read(file)?;
        let (tree, _) = bincode::serde::decode_from_slice(&bytes, bincode::config::standard())?;
        Ok(tree)
    }

    fn find(&self, code: Code) -> Vec<usize> {
        let query = Entry { code, number: 0 };
        let near = self.0.find(&query, RADIUS.bits().into());
        near.map(|(_, entry)| entry.number).collect()
    }
}

/// This crate's hash and index alone.
pub struct Ours(Index<'static>);

impl Stack for Ours {
    const NAME: &'static str = "ijkpunt";

    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
        our_hasher()
    }

    fn build(codes: &[Code]) -> Result<Self, Box<dyn Error>> {
        let codes = codes.iter().map(|&code| Pdq::from_bytes(code));
        Ok(Self(codes.collect()))
    }

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(file, self.0.as_bytes())?)
    }

    /// Read as a whole, and kept until the program ends; a service maps the file.
    fn open(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Index::from_bytes(fs::read(file)?.leak())?))
    }

    fn find(&self, code: Code) -> Vec<usize> {
        rows(&self.0, code)
    }
}

fn our_hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
    let mut hasher = Hasher::new();
    move |rgb| {
        let stride = 3 * rgb.width() as usize;
        let picture = Picture::rgb(rgb.width(), rgb.height(), stride, &rgb.as_raw()[..])?;
        Ok(hasher.hash(&picture)?.pdq().to_bytes())
    }
}

fn rows(index: &Index<'_>, code: Code) -> Vec<usize> {
    let mut rows = Vec::new();
    let ControlFlow::Continue(()) = index.visit(Pdq::from_bytes(code), RADIUS, |hit| {
        rows.push(hit.row);
        ControlFlow::<Infallible>::Continue(())
    });
    rows
}

/// This crate's snapshot, an entry for each code, of which nobody has said anything: all of it is checked when it is opened.
pub struct Read(Snapshot);

impl Stack for Read {
    const NAME: &'static str = "snapshot, read";

    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
        our_hasher()
    }

    fn build(codes: &[Code]) -> Result<Self, Box<dyn Error>> {
        let mut draft = Draft::new(1, "2026-11-22T10:00:00Z".parse()?);
        for (number, &code) in codes.iter().enumerate() {
            // Entries are in the order of their ids.
            let mut id = [0; 32];
            id[..8].copy_from_slice(&(number as u64).to_be_bytes());
            draft.entry(NewEntry {
                id: EntryId::from_bytes(id),
                media: MediaKind::Image,
                title: format!("item {number}"),
                source: None,
                context: None,
                created_at: None,
                prints: vec![Print {
                    code: Pdq::from_bytes(code).into(),
                    quality: None,
                    profile: Profile::Full,
                    part: None,
                    shown: None,
                    label: None,
                }],
                state: None,
                types: None,
                said: Vec::new(),
            })?;
        }
        Ok(Self(Snapshot::from_bytes(draft.to_bytes()?)?))
    }

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(file, self.0.as_bytes())?)
    }

    fn open(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Snapshot::read(file)?))
    }

    fn paged(&self) -> usize {
        self.0.as_bytes().len()
    }

    fn find(&self, code: Code) -> Vec<usize> {
        let rows = rows(self.0.wholes(), code).into_iter();
        rows.map(|row| self.0.whole(row).entry).collect()
    }
}

/// The same, used where it lies in the file, as services do.
pub struct Mapped(Read);

impl Stack for Mapped {
    const NAME: &'static str = "snapshot, mapped";

    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
        our_hasher()
    }

    fn build(codes: &[Code]) -> Result<Self, Box<dyn Error>> {
        Read::build(codes).map(Self)
    }

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        self.0.store(file)
    }

    #[expect(
        unsafe_code,
        reason = "the file was written by this program, and nobody changes it"
    )]
    fn open(file: &Path) -> Result<Self, Box<dyn Error>> {
        // SAFETY: the file has a name of this process alone, and is only removed once it was written.
        let mapped = unsafe { Snapshot::map(file, &Limits::default()) }?;
        Ok(Self(Read(mapped)))
    }

    fn paged(&self) -> usize {
        self.0.paged()
    }

    fn find(&self, code: Code) -> Vec<usize> {
        self.0.find(code)
    }
}

const RADIUS: Radius = Radius::DEFAULT;
