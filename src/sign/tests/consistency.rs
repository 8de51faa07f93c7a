use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::tree::{mth, subproof};
use crate::limits::{Limits, Resource};
use crate::sign::consistency::{FileError, LeftOut, Reading, Why};
use crate::sign::tree::{ProofError, TreeHash};
use crate::sign::{ConsistencyList, KeyId};

/// The sizes that are tried in pairs.
const SIZES: usize = 40;

const FIRST: &str = "ijkpunt consistency list 0\n";

fn log(number: u8) -> KeyId {
    KeyId::from_bytes([number; 32])
}

/// Two stories that are the same up to a place.
fn leaves(story: &str, size: usize) -> Vec<TreeHash> {
    let leaf = |place: usize| {
        let story = if place < 13 { "both" } else { story };
        TreeHash::leaf(format!("{story} {place}").as_bytes())
    };
    (0..size).map(leaf).collect()
}

/// By the definition of RFC 6962, of all leaves.
fn head(story: &str, size: usize) -> (u64, TreeHash) {
    (size as u64, mth(&leaves(story, size)))
}

fn proof(story: &str, from: usize, to: usize) -> Vec<TreeHash> {
    subproof(from, &leaves(story, to), true)
}

/// A line of a story.
fn add(list: &mut ConsistencyList, story: &str, from: usize, to: usize) {
    let proof = proof(story, from, to);
    let (from, to) = (head(story, from), head(story, to));
    assert_eq!(list.insert(log(1), from, to, proof), Ok(()));
}

fn list(story: &str, lines: &[(usize, usize)]) -> ConsistencyList {
    let mut list = ConsistencyList::default();
    for (from, to) in lines {
        add(&mut list, story, *from, *to);
    }
    list
}

fn read(bytes: &[u8]) -> Reading {
    ConsistencyList::read(bytes, &Limits::default()).unwrap()
}

fn lines(list: &ConsistencyList) -> Vec<String> {
    let text = String::from_utf8(list.to_bytes()).unwrap();
    let lines = text.strip_prefix(FIRST).unwrap().split_inclusive('\n');
    lines.map(str::to_owned).collect()
}

#[test]
fn every_pair_is_shown_by_its_line_and_no_other_is() {
    let other_root = TreeHash::leaf(b"another root");
    for from in 1..SIZES {
        for to in from + 1..=SIZES {
            let list = list("one", &[(from, to)]);
            let (old, new) = (head("one", from), head("one", to));
            assert!(list.shows(log(1), old, new), "{from} {to}");
            assert!(!list.shows(log(2), old, new), "another log");
            assert!(!list.shows(log(1), new, old), "the other way round");
            assert!(!list.shows(log(1), (old.0, other_root), new));
            assert!(!list.shows(log(1), old, (new.0, other_root)));
            assert!(!list.shows(log(1), (old.0 - 1, old.1), new));
            assert!(!list.shows(log(1), old, (new.0 + 1, new.1)));
            assert_eq!(read(&list.to_bytes()).list, list);
        }
    }
}

#[test]
fn a_log_as_it_was_and_one_of_nothing_need_no_line() {
    let none = ConsistencyList::default();
    let (nothing, some) = (head("one", 0), head("one", 5));
    assert!(none.is_empty() && none.shows(log(1), some, some));
    assert!(none.shows(log(1), nothing, some));
    // What has another root is not nothing, whatever its size says.
    assert!(!none.shows(log(1), (0, some.1), some));
    assert!(!none.shows(log(1), some, nothing));
    assert!(!none.shows(log(1), some, (5, nothing.1)));
}

#[test]
fn a_chain_leads_from_any_of_its_sizes_to_any_later_one() {
    let steps: Vec<_> = (1..SIZES).map(|size| (size, size + 1)).collect();
    let whole = list("one", &steps);
    for missing in 1..SIZES {
        let mut steps = steps.clone();
        steps.remove(missing - 1);
        let broken = list("one", &steps);
        for (from, to) in [(1, SIZES), (missing, missing + 1), (1, missing), (3, 4)] {
            let (old, new) = (head("one", from), head("one", to));
            assert!(whole.shows(log(1), old, new));
            let is_across = from <= missing && missing < to;
            assert_eq!(broken.shows(log(1), old, new), !is_across, "{missing}");
        }
    }
}

/// At 14 events and behind, the stories differ.
#[test]
fn a_chain_never_leads_from_one_story_to_another() {
    let mut both = list("one", &[(5, 13), (13, 14), (14, 20)]);
    both.union(list("other", &[(13, 15), (15, 20), (4, 14)]));
    let is_beginning = |(story, size): (&str, usize), (later, end): (&str, usize)| {
        leaves(later, end).starts_with(&leaves(story, size))
    };
    let all = ["one", "other"].map(|story| (1..=20).map(move |size| (story, size)));
    let all: Vec<_> = all.into_iter().flatten().collect();
    let mut shown = 0;
    for (story, size) in &all {
        for (later, end) in &all {
            let (from, to) = (head(story, *size), head(later, *end));
            if both.shows(log(1), from, to) {
                assert!(is_beginning((story, *size), (later, *end)));
                shown += usize::from(size < end);
            }
        }
    }
    // Each of "one", but for from 14 and 13 to 20, is there once; those before the difference twice, as they are of both.
    assert!(shown > 12, "{shown}");
    assert!(both.shows(log(1), head("one", 5), head("one", 20)));
    assert!(both.shows(log(1), head("one", 5), head("other", 20)));
    assert!(!both.shows(log(1), head("one", 14), head("other", 20)));
}

#[test]
fn a_proof_of_something_else_is_refused() {
    let mut list = ConsistencyList::default();
    for from in 1..SIZES {
        for to in from + 1..=SIZES {
            let (old, new) = (head("one", from), head("one", to));
            let good = proof("one", from, to);
            let mut wrong = vec![[&good[..], &[old.1]].concat()];
            for place in 0..good.len() {
                let mut changed = good.clone();
                changed[place] = TreeHash::leaf(b"changed");
                let mut shorter = good.clone();
                shorter.remove(place);
                wrong.extend([changed, shorter]);
            }
            let mut swapped = good.clone();
            swapped.reverse();
            wrong.extend((swapped != good).then_some(swapped));
            for proof in wrong {
                let refused = list.insert(log(1), old, new, proof);
                assert!(matches!(refused, Err(Why::Proof(_))), "{from} {to}");
            }
            if to > 13 {
                let refused = list.insert(log(1), old, head("other", to), good);
                assert_eq!(refused, Err(Why::Proof(ProofError::Root)));
            }
        }
    }
    for (from, to) in [(0, 5), (5, 5), (5, 4)] {
        let refused = list.insert(log(1), head("one", from), head("one", to), Vec::new());
        let (from, to) = (from as u64, to as u64);
        assert_eq!(refused, Err(Why::NotGrown { from, to }));
    }
    assert!(list.is_empty());
}

/// A root does not say of how many leaves it is, and trees of 9 and 10 have the same shape up to the fifth leaf.
#[test]
fn a_root_of_another_size_leads_to_no_true_one() {
    let nine = head("one", 9);
    let false_head = (10, nine.1);
    let mut list = ConsistencyList::default();
    let taken = list.insert(log(1), head("one", 5), false_head, proof("one", 5, 9));
    assert_eq!(taken, Ok(()));
    assert!(!list.shows(log(1), head("one", 5), nine));
    assert!(!list.shows(log(1), head("one", 5), head("one", 10)));
    for to in 11..SIZES {
        for from in [9, 10] {
            let proof = proof("one", from, to);
            let refused = list.insert(log(1), false_head, head("one", to), proof);
            assert!(refused.is_err(), "{from} {to}");
        }
    }
}

#[test]
fn a_wrong_line_is_left_out_and_takes_no_other_with_it() {
    let good = list("one", &[(3, 5), (5, 9), (9, 17)]);
    let text = lines(&good);
    let changed = |from: &str, to: &str| {
        let line = text[1].replacen(from, to, 1);
        assert_ne!(line, text[1]);
        line
    };
    let junk = [
        "\n".to_owned(),
        "junk\n".to_owned(),
        "{}\n".to_owned(),
        format!(" {}", text[1]),
        format!("{}\n", "x".repeat(10_000)),
        changed("}", ",\"more\":1}"),
        changed("\"from_size\":5,", ""),
        changed("\"from_size\":5,", "\"from_size\":5,\"from_size\":5,"),
        changed("\"from_size\":5", "\"from_size\":05"),
        changed("\"from_size\":5", "\"from_size\": 5"),
        changed("\"from_size\":5", "\"from_size\":4"),
        changed("\"to_size\":9", "\"to_size\":6"),
        changed("\"to_size\":9", "\"to_size\":17"),
        changed("\"to_size\":9", "\"to_size\":5"),
        changed("\n", "\r\n"),
        changed("\n", ""),
    ];
    for wrong in junk {
        // Without its end, a line is one with the next; so it stands last.
        let file = [FIRST, &text[0], &text[2], &wrong].concat();
        let read = read(file.as_bytes());
        assert_eq!(read.list, list("one", &[(3, 5), (9, 17)]), "{wrong}");
        assert!(
            matches!(read.left_out[..], [LeftOut { line: 4, .. }]),
            "{wrong}"
        );
    }
    let file = [FIRST, "junk\n", &text[2], &text[0], &text[1], &text[0]].concat();
    let read = read(file.as_bytes());
    assert_eq!((&read.list, read.left_out.len()), (&good, 1));
    assert_eq!(read.left_out[0].why, Why::Form);
}

#[test]
fn what_does_not_begin_as_a_list_is_none() {
    for file in [
        "",
        "\n",
        "ijkpunt consistency list 0",
        "ijkpunt consistency list 1\n",
        "ijkpunt suspension list 0\n",
    ] {
        let refused = ConsistencyList::read(file.as_bytes(), &Limits::default());
        assert_eq!(refused, Err(FileError::FirstLine), "{file}");
    }
    let told = FileError::FirstLine.to_string();
    assert!(told.ends_with("\"ijkpunt consistency list 0\""), "{told}");
}

/// Whatever becomes of a byte, the line that it stands in is lost, and with it what only that line shows.
#[test]
fn cut_or_changed_at_any_byte_it_shows_nothing_more() {
    let good = list("one", &[(3, 7), (7, 14), (14, 16)]);
    let bytes = good.to_bytes();
    let heads = [3, 7, 14, 16].map(|size| head("one", size));
    let shown = |bytes: &[u8]| {
        let Ok(read) = ConsistencyList::read(bytes, &Limits::default()) else {
            return Vec::new();
        };
        let pairs = heads.map(|from| heads.map(|to| (from, to)));
        let pairs = pairs.into_iter().flatten();
        let pairs = pairs.filter(|(from, to)| from.0 < to.0);
        let shows = pairs.filter(|(from, to)| read.list.shows(log(1), *from, *to));
        shows.collect::<Vec<_>>()
    };
    assert_eq!(shown(&bytes).len(), 6);
    for place in 0..bytes.len() {
        let cut = shown(&bytes[..place]);
        assert!(cut.len() < 6, "cut at {place}");
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            let is_less = shown(&flipped).len() < 6;
            assert!(is_less, "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn limits_hold_at_and_one_beyond() {
    let good = list("one", &[(3, 5), (5, 9), (9, 17)]);
    let bytes = good.to_bytes();
    let limits = Limits {
        consistency_list_bytes: bytes.len() as u64,
        consistency_list_lines: 4,
        ..Limits::default()
    };
    assert_eq!(ConsistencyList::read(&bytes, &limits).unwrap().list, good);
    let what = |change: fn(&mut Limits)| {
        let mut limits = limits.clone();
        change(&mut limits);
        match ConsistencyList::read(&bytes, &limits) {
            Err(FileError::Limit(exceeded)) => exceeded.what,
            other => panic!("{other:?}"),
        }
    };
    let bytes = what(|limits| limits.consistency_list_bytes -= 1);
    assert_eq!(bytes, Resource::ConsistencyListBytes);
    let lines = what(|limits| limits.consistency_list_lines -= 1);
    assert_eq!(lines, Resource::ConsistencyListLines);
}

#[test]
fn what_is_too_long_loses_the_oldest_beginnings_and_nothing_else() {
    let good = list("one", &[(3, 5), (5, 9), (9, 17)]);
    let (old, new) = (head("other", 20), head("other", 21));
    let proof = proof("other", 20, 21);
    let with_other = |mut list: ConsistencyList| {
        list.insert(log(2), old, new, proof.clone()).unwrap();
        list
    };
    let all = with_other(good);
    let exact = Limits {
        consistency_list_bytes: all.to_bytes().len() as u64,
        consistency_list_lines: 5,
        ..Limits::default()
    };
    let cut = |change: fn(&mut Limits)| {
        let (mut list, mut limits) = (all.clone(), exact.clone());
        change(&mut limits);
        list.cut(&limits);
        list
    };
    assert_eq!(cut(|_| {}), all);
    let less = with_other(list("one", &[(5, 9), (9, 17)]));
    assert_eq!(cut(|limits| limits.consistency_list_bytes -= 1), less);
    assert_eq!(cut(|limits| limits.consistency_list_lines -= 1), less);
    assert_eq!(less.len(), 3);
    assert!(cut(|limits| limits.consistency_list_lines = 0).is_empty());
}

proptest! {
    #[test]
    fn the_union_is_the_same_in_any_order(
        pairs in subsequence((1..9_usize).flat_map(|from| (from + 1..11).map(move |to| (from, to))).collect::<Vec<_>>(), 0..20),
        at in any::<Index>(),
        story in prop_oneof![Just("one"), Just("other")],
    ) {
        let (some, others) = pairs.split_at(at.index(pairs.len() + 1));
        let whole = list(story, &pairs);
        let (mut one, mut two) = (list(story, some), list(story, others));
        let first = one.clone();
        one.union(two.clone());
        two.union(first);
        prop_assert_eq!(&one, &whole);
        prop_assert_eq!(&two, &whole);
        one.union(two);
        prop_assert_eq!(&one, &whole);
        let mut text = lines(&whole);
        text.rotate_left(some.len());
        let file = FIRST.to_owned() + &text.concat();
        let read = read(file.as_bytes());
        prop_assert_eq!(read.list.to_bytes(), whole.to_bytes());
        prop_assert!(read.left_out.is_empty());
    }
}
