//! The Merkle tree of RFC 6962 over SHA-256: roots, proofs, and the edge at which a log grows.
//!
//! A leaf is hashed behind a byte 0, two nodes behind a byte 1, so that neither passes for the other. A log that has told a root
//! can show that an entry is below it ([`verify_inclusion`]), and that an older root is a part of it ([`verify_consistency`]).
//!
//! Proofs are made of a closure that gives the hash of a complete subtree, wherever it is kept: `(level, index)` stands for the leaves from
//! `index << level` on, `1 << level` of them.

use sha2::{Digest, Sha256};

use super::spelling::hex_32;

/// A hash in the tree: of a leaf, of two nodes, or the root of all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHash([u8; 32]);

hex_32!(TreeHash);

impl TreeHash {
    /// The root of no leaves: SHA-256 of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// Of a leaf's bytes.
    #[must_use]
    pub fn leaf(bytes: &[u8]) -> Self {
        let hasher = Sha256::new_with_prefix([0]);
        Self(hasher.chain_update(bytes).finalize().into())
    }

    /// Of two nodes.
    #[must_use]
    pub fn node(left: Self, right: Self) -> Self {
        let hasher = Sha256::new_with_prefix([1]);
        let hasher = hasher.chain_update(left.0).chain_update(right.0);
        Self(hasher.finalize().into())
    }
}

/// The root over the hashes of leaves.
///
/// # Cost
/// A hash a leaf; memory for the logarithm.
#[must_use]
pub fn root_of(leaves: &[TreeHash]) -> TreeHash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        if frontier.append(*leaf).is_err() {
            unreachable!("a slice has fewer leaves than a tree may have");
        }
    }
    frontier.root()
}

/// The edge of a tree at which it grows: the roots of its complete subtrees, the largest first. It gives the root, and needs no leaf again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// One for each bit of the size that is set.
    roots: Vec<TreeHash>,
}

impl Frontier {
    /// How many leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of a leaf and gives its index.
    ///
    /// # Errors
    /// [`Full`] behind 2^64 - 1 leaves.
    pub fn append(&mut self, leaf: TreeHash) -> Result<u64, Full> {
        let index = self.size;
        self.size = index.checked_add(1).ok_or(Full)?;
        let mut hash = leaf;
        // As in counting: each bit that is carried joins two subtrees of one size.
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = TreeHash::node(left, hash);
            }
        }
        self.roots.push(hash);
        Ok(index)
    }

    /// The root of all leaves.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        let from_the_right = self.roots.iter().rev().copied();
        let root = from_the_right.reduce(|right, left| TreeHash::node(left, right));
        root.unwrap_or_else(TreeHash::empty)
    }

    /// As it is kept: the size in eight bytes, the highest first, the roots, and the hash of these bytes as a leaf, by which damage is found.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.roots.iter().copied().flat_map(TreeHash::to_bytes));
        bytes.extend(TreeHash::leaf(&bytes).to_bytes());
        bytes
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// [`FrontierDamaged`] for anything but what [`Frontier::to_bytes`] writes. Bytes of somebody else's making can still be of
    /// another log: compare the root with one that was signed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierDamaged> {
        let (content, seal) = bytes.split_last_chunk().ok_or(FrontierDamaged)?;
        if TreeHash::leaf(content).0 != *seal {
            return Err(FrontierDamaged);
        }
        let (size, hashes) = content.split_first_chunk().ok_or(FrontierDamaged)?;
        let size = u64::from_be_bytes(*size);
        let (roots, []) = hashes.as_chunks() else {
            return Err(FrontierDamaged);
        };
        if roots.len() as u64 != u64::from(size.count_ones()) {
            return Err(FrontierDamaged);
        }
        let roots = roots.iter().copied().map(TreeHash).collect();
        Ok(Self { size, roots })
    }
}

/// The tree has as many leaves as a number of 64 bits can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log is full: begin another one")]
pub struct Full;

/// A kept frontier is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damaged or cut off: make it anew from the leaves")]
pub struct FrontierDamaged;

/// There is no such leaf or size in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tree of {size} leaves has no {asked}: ask for something that it has")]
pub struct OutOfTree {
    /// The index, or the size, that was asked for.
    pub asked: u64,
    /// Leaves of the tree.
    pub size: u64,
}

/// The root that a tree had, or has, at a size, of the hashes of complete subtrees.
///
/// # Errors
/// Those of `node`.
///
/// # Cost
/// 64 nodes at most.
pub fn root_at<E>(
    size: u64,
    mut node: impl FnMut(u32, u64) -> Result<TreeHash, E>,
) -> Result<TreeHash, E> {
    if size == 0 {
        return Ok(TreeHash::empty());
    }
    range_root(0, size, &mut node)
}

/// The proof that the leaf at an index is in the tree of a size: one hash a level, the lowest first.
///
/// # Errors
/// Those of `node`, and [`OutOfTree`] where the index is not below the size.
///
/// # Cost
/// 64 hashes and 128 nodes at most.
pub fn inclusion_proof<E: From<OutOfTree>>(
    index: u64,
    size: u64,
    mut node: impl FnMut(u32, u64) -> Result<TreeHash, E>,
) -> Result<Vec<TreeHash>, E> {
    if index >= size {
        return Err(OutOfTree { asked: index, size }.into());
    }
    let (mut begin, mut count, mut path) = (0, size, Vec::new());
    while count > 1 {
        let left = largest_power_below(count);
        if index - begin < left {
            path.push(range_root(begin + left, count - left, &mut node)?);
            count = left;
        } else {
            path.push(range_root(begin, left, &mut node)?);
            (begin, count) = (begin + left, count - left);
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first size is the beginning of that of the second. It is empty where the first is empty or both are
/// one.
///
/// # Errors
/// Those of `node`, and [`OutOfTree`] where the first size is above the second.
///
/// # Cost
/// 65 hashes and 128 nodes at most.
pub fn consistency_proof<E: From<OutOfTree>>(
    first: u64,
    second: u64,
    mut node: impl FnMut(u32, u64) -> Result<TreeHash, E>,
) -> Result<Vec<TreeHash>, E> {
    if first > second {
        let (asked, size) = (first, second);
        return Err(OutOfTree { asked, size }.into());
    }
    if first == 0 || first == second {
        return Ok(Vec::new());
    }
    let (mut begin, mut count, mut path) = (0, second, Vec::new());
    // Down to the subtree that ends where the first tree ends.
    while begin + count != first {
        let left = largest_power_below(count);
        if first - begin <= left {
            path.push(range_root(begin + left, count - left, &mut node)?);
            count = left;
        } else {
            path.push(range_root(begin, left, &mut node)?);
            (begin, count) = (begin + left, count - left);
        }
    }
    // Where it begins at the first leaf it is the first tree itself, whose root is known to whoever asks.
    if begin != 0 {
        path.push(range_root(begin, count, &mut node)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the leaves from `begin` on, `count` of them, one at least, where `begin` is a place at which the tree is cut.
fn range_root<E>(
    mut begin: u64,
    mut count: u64,
    node: &mut impl FnMut(u32, u64) -> Result<TreeHash, E>,
) -> Result<TreeHash, E> {
    let mut complete = Vec::new();
    while count > 0 {
        let level = count.ilog2();
        complete.push(node(level, begin >> level)?);
        begin = begin.wrapping_add(1 << level);
        count -= 1 << level;
    }
    let from_the_right = complete.into_iter().rev();
    let root = from_the_right.reduce(|right, left| TreeHash::node(left, right));
    Ok(root.unwrap_or_else(TreeHash::empty))
}

/// Where RFC 6962 cuts a tree of two leaves or more.
fn largest_power_below(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Whether a leaf is at an index of the tree with this size and root (RFC 9162, 2.1.3.2).
///
/// # Errors
/// [`ProofError`]
///
/// # Cost
/// A hash for each of the proof, which is refused beyond 64.
pub fn verify_inclusion(
    leaf: TreeHash,
    index: u64,
    size: u64,
    proof: &[TreeHash],
    root: TreeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfTree(OutOfTree { asked: index, size }));
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for other in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            hash = TreeHash::node(*other, hash);
            // Levels at which the node stands alone have no hash in the proof.
            let alone = at.trailing_zeros();
            (at, last) = (at >> alone, last >> alone);
        } else {
            hash = TreeHash::node(hash, *other);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// Whether the tree of the first size and root is the beginning of that of the second (RFC 9162, 2.1.4.2). The empty tree is the
/// beginning of every tree.
///
/// # Errors
/// [`ProofError`]
///
/// # Cost
/// Two hashes for each of the proof, which is refused beyond 65.
pub fn verify_consistency(
    first: (u64, TreeHash),
    second: (u64, TreeHash),
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    let ((first_size, first_root), (second_size, second_root)) = (first, second);
    if first_size > second_size {
        let (asked, size) = (first_size, second_size);
        return Err(ProofError::OutOfTree(OutOfTree { asked, size }));
    }
    for (size, root) in [first, second] {
        if size == 0 && root != TreeHash::empty() {
            return Err(ProofError::Root);
        }
    }
    if first_size == 0 || first_size == second_size {
        return match proof {
            [_, ..] => Err(ProofError::Length),
            [] if first_size == second_size && first_root != second_root => Err(ProofError::Root),
            [] => Ok(()),
        };
    }
    // A first tree that is complete is a node of the second, and is not told again.
    let (start, rest) = if first_size.is_power_of_two() {
        (first_root, proof)
    } else {
        let (start, rest) = proof.split_first().ok_or(ProofError::Length)?;
        (*start, rest)
    };
    let (at, last) = (first_size - 1, second_size - 1);
    let complete = at.trailing_ones();
    let (mut at, mut last) = (at >> complete, last >> complete);
    let (mut of_first, mut of_second) = (start, start);
    for other in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            of_first = TreeHash::node(*other, of_first);
            of_second = TreeHash::node(*other, of_second);
            let alone = at.trailing_zeros();
            (at, last) = (at >> alone, last >> alone);
        } else {
            of_second = TreeHash::node(of_second, *other);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if of_first == first_root && of_second == second_root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// A proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// There is nothing to prove.
    #[error(transparent)]
    OutOfTree(#[from] OutOfTree),
    /// Too many hashes, or too few.
    #[error(
        "the proof is too long or too short for these sizes: ask for it again, with the same sizes"
    )]
    Length,
    /// It leads to another root.
    #[error("the proof leads to another root: keep both, and ask the log's operator to explain")]
    Root,
}
