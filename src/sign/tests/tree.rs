use std::convert::Infallible;

use ct_merkle::digest::Output;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::sign::tree::{
    Frontier, FrontierDamaged, Full, OutOfTree, ProofError, TreeHash, consistency_proof,
    inclusion_proof, root_at, root_of, verify_consistency, verify_inclusion,
};

/// The sizes that are tried in pairs.
const SIZES: usize = 130;

fn leaf(number: usize) -> TreeHash {
    TreeHash::leaf(&number.to_be_bytes())
}

fn leaves(count: usize) -> Vec<TreeHash> {
    (0..count).map(leaf).collect()
}

/// The oracle: RFC 6962, 2.1, word for word.
pub(super) fn mth(leaves: &[TreeHash]) -> TreeHash {
    match leaves {
        [] => TreeHash::empty(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(cut(leaves.len()));
            TreeHash::node(mth(left), mth(right))
        }
    }
}

/// 2.1.1.
fn path(index: usize, leaves: &[TreeHash]) -> Vec<TreeHash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = cut(leaves.len());
    let (left, right) = leaves.split_at(k);
    if index < k {
        [path(index, left), vec![mth(right)]].concat()
    } else {
        [path(index - k, right), vec![mth(left)]].concat()
    }
}

/// 2.1.2.
pub(super) fn subproof(first: usize, leaves: &[TreeHash], is_known: bool) -> Vec<TreeHash> {
    if first == leaves.len() {
        return if is_known {
            Vec::new()
        } else {
            vec![mth(leaves)]
        };
    }
    let k = cut(leaves.len());
    let (left, right) = leaves.split_at(k);
    if first <= k {
        [subproof(first, left, is_known), vec![mth(right)]].concat()
    } else {
        [subproof(first - k, right, false), vec![mth(left)]].concat()
    }
}

/// The largest power of two below.
fn cut(length: usize) -> usize {
    let mut k = 1;
    while 2 * k < length {
        k *= 2;
    }
    k
}

/// The hash of a complete subtree, as a log keeps it; what is not complete is not there.
fn node(leaves: &[TreeHash]) -> impl FnMut(u32, u64) -> Result<TreeHash, OutOfTree> {
    |level, index| {
        let begin = usize::try_from(index).unwrap() << level;
        Ok(mth(&leaves[begin..begin + (1 << level)]))
    }
}

fn flipped(hash: TreeHash, bit: usize) -> TreeHash {
    let mut bytes = hash.to_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes.into()
}

#[test]
fn known_roots_hold() {
    let hex = |hash: TreeHash| hash.to_string();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex(TreeHash::empty()), empty);
    assert_eq!(root_of(&[]), TreeHash::empty());
    // The leaf that is empty.
    let first = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(hex(TreeHash::leaf(b"")), first);
    // The roots over the first of the eight leaves that implementations of Certificate Transparency are tried with.
    let leaves: [&[u8]; 3] = [b"", b"\x00", b"\x10"];
    let leaves = leaves.map(TreeHash::leaf);
    let two = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
    assert_eq!(hex(root_of(&leaves[..2])), two);
    let three = "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77";
    assert_eq!(hex(root_of(&leaves)), three);
}

#[test]
fn roots_are_those_of_the_definition() {
    let all = leaves(SIZES);
    let mut frontier = Frontier::default();
    let mut judge = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 0..=SIZES {
        let root = mth(&all[..size]);
        assert_eq!(frontier.size(), size as u64);
        assert_eq!(frontier.root(), root);
        assert_eq!(root_of(&all[..size]), root);
        assert_eq!(root_at(size as u64, node(&all)), Ok(root));
        assert_eq!(
            Frontier::from_bytes(&frontier.to_bytes()),
            Ok(frontier.clone())
        );
        if size > 0 {
            assert_eq!(judge.root().as_bytes().as_slice(), root.to_bytes());
        }
        if size < SIZES {
            assert_eq!(frontier.append(all[size]), Ok(size as u64));
            judge.push(size.to_be_bytes().to_vec());
        }
    }
}

#[test]
fn inclusion_proofs_are_those_of_the_definition_and_hold() {
    let all = leaves(SIZES);
    for size in 1..=SIZES {
        let root = mth(&all[..size]);
        for index in 0..size {
            let (at, count) = (index as u64, size as u64);
            let proof = inclusion_proof(at, count, node(&all)).unwrap();
            assert_eq!(proof, path(index, &all[..size]), "{index} of {size}");
            let verify = |proof: &[TreeHash]| verify_inclusion(all[index], at, count, proof, root);
            assert_eq!(verify(&proof), Ok(()));
            let longer = [proof.as_slice(), &[all[0]]].concat();
            assert_eq!(verify(&longer), Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(verify(shorter), Err(ProofError::Length));
            }
            let other = verify_inclusion(flipped(all[index], 5), at, count, &proof, root);
            assert_eq!(other, Err(ProofError::Root));
            let other = verify_inclusion(all[index], at, count, &proof, flipped(root, 5));
            assert_eq!(other, Err(ProofError::Root));
            if size > 1 {
                let elsewhere = verify_inclusion(all[index], at ^ 1, count, &proof, root);
                assert!(elsewhere.is_err());
            }
        }
    }
}

#[test]
fn consistency_proofs_are_those_of_the_definition_and_hold() {
    let all = leaves(SIZES);
    for second in 1..=SIZES {
        let newer = (second as u64, mth(&all[..second]));
        for first in 1..=second {
            let older = (first as u64, mth(&all[..first]));
            let proof = consistency_proof(older.0, newer.0, node(&all)).unwrap();
            assert_eq!(
                proof,
                subproof(first, &all[..second], true),
                "{first} of {second}"
            );
            assert_eq!(verify_consistency(older, newer, &proof), Ok(()));
            let longer = [proof.as_slice(), &[all[0]]].concat();
            let refused = verify_consistency(older, newer, &longer);
            assert_eq!(refused, Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                let refused = verify_consistency(older, newer, shorter);
                assert_eq!(refused, Err(ProofError::Length));
            }
            let lie = |(size, root)| (size, flipped(root, 9));
            assert_eq!(
                verify_consistency(lie(older), newer, &proof),
                Err(ProofError::Root)
            );
            assert_eq!(
                verify_consistency(older, lie(newer), &proof),
                Err(ProofError::Root)
            );
        }
    }
}

#[test]
fn every_flipped_bit_of_a_proof_is_refused() {
    let all = leaves(SIZES);
    for (first, second) in [
        (1, 2),
        (3, 7),
        (6, 8),
        (8, 13),
        (64, 100),
        (67, 130),
        (129, 130),
    ] {
        let (older, newer) = (mth(&all[..first]), mth(&all[..second]));
        let index = first - 1;
        let (older, newer) = ((first as u64, older), (second as u64, newer));
        let inclusion = path(index, &all[..second]);
        let consistency = subproof(first, &all[..second], true);
        for (proof, is_inclusion) in [(inclusion, true), (consistency, false)] {
            for place in 0..proof.len() {
                for bit in 0..256 {
                    let mut proof = proof.clone();
                    proof[place] = flipped(proof[place], bit);
                    let verified = if is_inclusion {
                        verify_inclusion(all[index], index as u64, newer.0, &proof, newer.1)
                    } else {
                        verify_consistency(older, newer, &proof)
                    };
                    assert_eq!(verified, Err(ProofError::Root));
                }
            }
        }
    }
}

/// Each accepts the other's proofs.
#[test]
fn the_second_judge_agrees() {
    let all = leaves(SIZES);
    let output = |hash: &TreeHash| Output::<Sha256>::from(hash.to_bytes());
    let roots: Vec<_> = (0..=SIZES)
        .map(|size| RootHash::<Sha256>::new(output(&mth(&all[..size])), size as u64))
        .collect();
    let mut judge = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 1..=SIZES {
        judge.push((size - 1).to_be_bytes().to_vec());
        for other in 1..=size {
            let index = other - 1;
            let ours = inclusion_proof(index as u64, size as u64, node(&all)).unwrap();
            let theirs = judge.prove_inclusion(index);
            assert_eq!(
                theirs.as_bytes(),
                ours.iter()
                    .flat_map(|hash| hash.to_bytes())
                    .collect::<Vec<_>>()
            );
            let digests: Vec<_> = ours.iter().map(output).collect();
            let proof = InclusionProof::<Sha256>::from_digests(digests.iter());
            let value = index.to_be_bytes().to_vec();
            assert!(
                roots[size]
                    .verify_inclusion(&value, index as u64, &proof)
                    .is_ok()
            );
            let ours = consistency_proof(other as u64, size as u64, node(&all)).unwrap();
            let theirs = judge.prove_consistency(size - other);
            assert_eq!(
                theirs.as_bytes(),
                ours.iter()
                    .flat_map(|hash| hash.to_bytes())
                    .collect::<Vec<_>>()
            );
            let digests: Vec<_> = ours.iter().map(output).collect();
            let proof = ConsistencyProof::<Sha256>::from_digests(digests.iter());
            assert!(
                roots[size]
                    .verify_consistency(&roots[other], &proof)
                    .is_ok()
            );
        }
    }
}

#[test]
fn the_empty_tree_is_the_beginning_of_every_tree() {
    let empty = (0, TreeHash::empty());
    let some = (3, mth(&leaves(3)));
    assert_eq!(verify_consistency(empty, some, &[]), Ok(()));
    assert_eq!(verify_consistency(empty, empty, &[]), Ok(()));
    assert_eq!(
        verify_consistency(empty, some, &[leaf(1)]),
        Err(ProofError::Length)
    );
    assert_eq!(
        verify_consistency((0, leaf(1)), some, &[]),
        Err(ProofError::Root)
    );
    assert_eq!(
        verify_consistency((0, leaf(1)), (0, leaf(1)), &[]),
        Err(ProofError::Root)
    );
    assert_eq!(consistency_proof(0, 3, node(&leaves(3))), Ok(Vec::new()));
    assert_eq!(
        root_at::<Infallible>(0, |_, _| unreachable!()),
        Ok(TreeHash::empty())
    );
}

#[test]
fn what_is_not_in_the_tree_is_neither_proved_nor_believed() {
    let all = leaves(3);
    let root = mth(&all);
    for index in [3, u64::MAX] {
        let out = OutOfTree {
            asked: index,
            size: 3,
        };
        assert_eq!(inclusion_proof(index, 3, node(&all)), Err(out));
        let believed = verify_inclusion(all[0], index, 3, &[], root);
        assert_eq!(believed, Err(ProofError::OutOfTree(out)));
        assert_eq!(
            consistency_proof(index, 2, node(&all)),
            Err(OutOfTree {
                asked: index,
                size: 2
            })
        );
        let believed = verify_consistency((index, root), (2, root), &[]);
        assert_eq!(
            believed,
            Err(ProofError::OutOfTree(OutOfTree {
                asked: index,
                size: 2
            }))
        );
    }
    assert!(verify_inclusion(all[0], 0, 0, &[], TreeHash::empty()).is_err());
}

/// No leaf passes for a node, and no node for a leaf.
#[test]
fn leaves_and_nodes_are_hashed_apart() {
    let (left, right) = (leaf(0), leaf(1));
    let bytes = [left.to_bytes(), right.to_bytes()].concat();
    assert_ne!(TreeHash::leaf(&bytes), TreeHash::node(left, right));
    assert_ne!(TreeHash::node(left, right), TreeHash::node(right, left));
}

#[test]
fn the_largest_tree_is_walked_and_grows_no_more() {
    let all = |level: u32, _: u64| Ok::<_, OutOfTree>(leaf(level as usize));
    let root = root_at(u64::MAX, all).unwrap();
    let index = u64::MAX - 1;
    let proof = inclusion_proof(index, u64::MAX, all).unwrap();
    assert_eq!(
        verify_inclusion(leaf(0), index, u64::MAX, &proof, root),
        Ok(())
    );
    let proof = consistency_proof(index, u64::MAX, all).unwrap();
    let older = (index, root_at(index, all).unwrap());
    assert_eq!(verify_consistency(older, (u64::MAX, root), &proof), Ok(()));
    let mut bytes = u64::MAX.to_be_bytes().to_vec();
    bytes.extend((0..64).rev().flat_map(|level| leaf(level).to_bytes()));
    bytes.extend(TreeHash::leaf(&bytes).to_bytes());
    let mut full = Frontier::from_bytes(&bytes).unwrap();
    assert_eq!(full.append(leaf(0)), Err(Full));
    assert_eq!(full.to_bytes(), bytes);
}

#[test]
fn a_damaged_frontier_is_refused() {
    for size in [0, 1, 2, 7, 8, 100] {
        let mut frontier = Frontier::default();
        for leaf in leaves(size) {
            frontier.append(leaf).unwrap();
        }
        let bytes = frontier.to_bytes();
        hold_damaged(&bytes, Frontier::from_bytes, Frontier::to_bytes);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 4;
            assert_eq!(
                Frontier::from_bytes(&changed),
                Err(FrontierDamaged),
                "{place}"
            );
        }
        // Sealed by whoever made them: other sizes than the roots are of, and half a root.
        let content = &bytes[..bytes.len() - 32];
        let mut other = content.to_vec();
        other[..8].copy_from_slice(&(2 * size as u64 + 1).to_be_bytes());
        for content in [other, [content, &[0; 16]].concat()] {
            let sealed = [content.as_slice(), &TreeHash::leaf(&content).to_bytes()].concat();
            assert_eq!(Frontier::from_bytes(&sealed), Err(FrontierDamaged));
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Frontier::from_bytes(&longer), Err(FrontierDamaged));
        let longer = [bytes.as_slice(), &[0; 32]].concat();
        assert_eq!(Frontier::from_bytes(&longer), Err(FrontierDamaged));
    }
}

proptest! {
    #[test]
    fn a_frontier_goes_on_where_it_was_kept(size in 0..300_usize, more in 0..40_usize) {
        let all = leaves(size + more);
        let mut frontier = Frontier::default();
        for leaf in &all[..size] {
            frontier.append(*leaf).unwrap();
        }
        let mut kept = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        for leaf in &all[size..] {
            kept.append(*leaf).unwrap();
        }
        prop_assert_eq!(kept.root(), mth(&all));
    }

    #[test]
    fn random_proofs_are_refused(index: u64, size: u64, first: u64, hashes: Vec<[u8; 32]>) {
        let proof: Vec<TreeHash> = hashes.into_iter().map(TreeHash::from).collect();
        prop_assert!(verify_inclusion(leaf(0), index, size, &proof, leaf(1)).is_err());
        prop_assert!(verify_consistency((first, leaf(0)), (size, leaf(1)), &proof).is_err() || first == 0);
    }
}
