//! The two stacks: from a picture to the entries near it, by way of a file.

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use bk_tree::{BKTree, Metric};
use ijkpunt::hash::{Hasher, Pdq, Radius};
use ijkpunt::index::Index;
use ijkpunt::picture::Picture;
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
    fn build(codes: &[Code]) -> Self;

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>>;

    fn open(file: &Path) -> Result<Self, Box<dyn Error>>;

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

    fn build(codes: &[Code]) -> Self {
        let mut tree = BKTree::new(Bits);
        let entries = codes.iter().enumerate();
        tree.extend(entries.map(|(number, &code)| Entry { code, number }));
        Self(tree)
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

/// This crate.
pub struct Ours(Index<'static>);

impl Stack for Ours {
    const NAME: &'static str = "ijkpunt";

    fn hasher() -> impl FnMut(&RgbImage) -> Result<Code, Box<dyn Error>> {
        let mut hasher = Hasher::new();
        move |rgb| {
            let stride = 3 * rgb.width() as usize;
            let picture = Picture::rgb(rgb.width(), rgb.height(), stride, &rgb.as_raw()[..])?;
            Ok(hasher.hash(&picture)?.pdq().to_bytes())
        }
    }

    fn build(codes: &[Code]) -> Self {
        Self(codes.iter().map(|&code| Pdq::from_bytes(code)).collect())
    }

    fn store(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(file, self.0.as_bytes())?)
    }

    /// Read as a whole, and kept until the program ends; a service maps the file.
    fn open(file: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(Self(Index::from_bytes(fs::read(file)?.leak())?))
    }

    fn find(&self, code: Code) -> Vec<usize> {
        let mut rows = Vec::new();
        let ControlFlow::Continue(()) = self.0.visit(Pdq::from_bytes(code), RADIUS, |hit| {
            rows.push(hit.row);
            ControlFlow::<Infallible>::Continue(())
        });
        rows
    }
}

const RADIUS: Radius = Radius::DEFAULT;
