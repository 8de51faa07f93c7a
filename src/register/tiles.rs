//! The trees of logs, kept as tiles: 256 hashes of one level in one value, of every eighth level.

use std::collections::BTreeMap;

use crate::ledger::{Append, Ledger};
use crate::sign::tree::{TreeHash, consistency_proof, inclusion_proof, root_at, root_of};

use super::RegisterError;

/// Hashes in a tile.
const WIDTH: u64 = 256;

/// Levels of the tree between two levels of tiles.
const STEP: u32 = WIDTH.ilog2();

/// A tile's level, and its number in that.
type Name = (u32, u64);

/// The tree of one line, with what was appended and not kept yet.
#[derive(Debug)]
pub(super) struct Tiles {
    stream: [u8; 32],
    size: u64,
    /// Read, or changed.
    tiles: BTreeMap<Name, Tile>,
}

#[derive(Debug, Default)]
struct Tile {
    hashes: Vec<TreeHash>,
    is_changed: bool,
}

impl Tiles {
    /// The tree of a line that has so many leaves.
    pub(super) fn new(stream: [u8; 32], size: u64) -> Self {
        Self {
            stream,
            size,
            tiles: BTreeMap::new(),
        }
    }

    pub(super) fn append(&mut self, leaf: TreeHash, ledger: &Ledger) -> Result<(), RegisterError> {
        let (mut level, mut index, mut hash) = (0, self.size, leaf);
        loop {
            let (number, within) = (index / WIDTH, index % WIDTH);
            let tile = self.tile((level, number), within > 0, ledger)?;
            if tile.hashes.len() as u64 != within {
                return Err(RegisterError::Damaged("a tile is not as long as its log"));
            }
            tile.hashes.push(hash);
            tile.is_changed = true;
            if within + 1 < WIDTH {
                break;
            }
            hash = root_of(&tile.hashes);
            (level, index) = (level + 1, number);
        }
        self.size += 1;
        Ok(())
    }

    /// Keeps what was changed, and forgets what will not be changed again.
    pub(super) fn keep(&mut self, append: &mut Append<'_>) -> Result<(), RegisterError> {
        for (name, tile) in &mut self.tiles {
            if tile.is_changed {
                let bytes: Vec<u8> = tile
                    .hashes
                    .iter()
                    .flat_map(|hash| hash.to_bytes())
                    .collect();
                append.keep(&key(&self.stream, *name), &bytes)?;
                tile.is_changed = false;
            }
        }
        self.tiles
            .retain(|_, tile| (tile.hashes.len() as u64) < WIDTH);
        Ok(())
    }

    /// Compares what was appended with what is kept.
    pub(super) fn compare(&self, ledger: &Ledger) -> Result<(), RegisterError> {
        for (name, tile) in &self.tiles {
            if read(&self.stream, *name, ledger)?.hashes != tile.hashes {
                return Err(RegisterError::Damaged("a tile is another log's"));
            }
        }
        Ok(())
    }

    /// The root over the first leaves, so many of them.
    pub(super) fn root(&mut self, size: u64, ledger: &Ledger) -> Result<TreeHash, RegisterError> {
        root_at(size, |level, index| self.node(level, index, ledger))
    }

    /// The hash of a leaf.
    pub(super) fn leaf(&mut self, index: u64, ledger: &Ledger) -> Result<TreeHash, RegisterError> {
        self.node(0, index, ledger)
    }

    /// The proof that a leaf is in the tree of the first leaves, so many of them.
    pub(super) fn inclusion(
        &mut self,
        index: u64,
        size: u64,
        ledger: &Ledger,
    ) -> Result<Vec<TreeHash>, RegisterError> {
        inclusion_proof(index, size, |level, index| self.node(level, index, ledger))
    }

    /// The proof that the tree of the first leaves, so many of them, is the beginning of that of more.
    pub(super) fn consistency(
        &mut self,
        first: u64,
        second: u64,
        ledger: &Ledger,
    ) -> Result<Vec<TreeHash>, RegisterError> {
        consistency_proof(first, second, |level, index| {
            self.node(level, index, ledger)
        })
    }

    /// The root of a complete subtree.
    fn node(&mut self, level: u32, index: u64, ledger: &Ledger) -> Result<TreeHash, RegisterError> {
        let (of_tile, above) = (level / STEP, level % STEP);
        let first = index << above;
        let name = (of_tile, first / WIDTH);
        let tile = self.tile(name, true, ledger)?;
        let begin = (first % WIDTH) as usize;
        let hashes = tile.hashes.get(begin..begin + (1 << above));
        let hashes = hashes.ok_or(RegisterError::Damaged("a tile is too short"))?;
        Ok(root_of(hashes))
    }

    fn tile(
        &mut self,
        name: Name,
        is_kept: bool,
        ledger: &Ledger,
    ) -> Result<&mut Tile, RegisterError> {
        if !self.tiles.contains_key(&name) {
            let tile = if is_kept {
                read(&self.stream, name, ledger)?
            } else {
                Tile::default()
            };
            self.tiles.insert(name, tile);
        }
        let tile = self.tiles.get_mut(&name);
        tile.ok_or(RegisterError::Damaged("a tile is missing"))
    }
}

fn read(stream: &[u8; 32], name: Name, ledger: &Ledger) -> Result<Tile, RegisterError> {
    let bytes = ledger.kept(&key(stream, name))?;
    let bytes = bytes.ok_or(RegisterError::Damaged("a tile is missing"))?;
    let (hashes, []) = bytes.as_chunks() else {
        return Err(RegisterError::Damaged("a tile ends within a hash"));
    };
    let hashes: Vec<_> = hashes.iter().copied().map(TreeHash::from_bytes).collect();
    if hashes.len() as u64 > WIDTH {
        return Err(RegisterError::Damaged("a tile is too long"));
    }
    Ok(Tile {
        hashes,
        is_changed: false,
    })
}

fn key(stream: &[u8; 32], (level, number): Name) -> Vec<u8> {
    let mut key = b"tile ".to_vec();
    key.extend(stream);
    key.extend(level.to_be_bytes());
    key.extend(number.to_be_bytes());
    key
}
