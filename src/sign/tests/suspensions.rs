//! Lists of suspensions: each refusal, and what small lists say.

use std::collections::BTreeSet;

use super::history::envelope;
use super::*;
use crate::baseline::{EntryId, Event, Resumption, Suspension};
use crate::limits::Limits;
use crate::sign::suspensions::{Off, Reading, Speaker};
use crate::sign::tree::TreeHash;
use crate::sign::{GenesisId, KeyId, Rotation, Statement, SuspensionList, What};

/// The register of these tests.
pub(super) const REGISTER: GenesisId = GenesisId::from_bytes([7; 32]);

pub(super) fn first_line() -> String {
    format!("ijkpunt suspension list 0 {REGISTER}\n")
}

pub(super) fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 32])
}

/// The logs of a of XA, b of XB, and c of XA, with the keys 1, 2 and 3, which may speak from place 2 on.
pub(super) fn speakers() -> Vec<Speaker> {
    [(1, "a", "XA"), (2, "b", "XB"), (3, "c", "XA")]
        .map(|(number, by, state)| Speaker {
            log: key(number).public_key().id(),
            authority: by.parse().unwrap(),
            state: state.parse().unwrap(),
            roles: [Role::OverseeMeasures].into(),
            from: 2,
            key: key(number).public_key(),
        })
        .to_vec()
}

/// A statement of the log of a speaker.
pub(super) fn statement(what: What) -> Statement {
    let before = TreeHash::leaf(b"the log before");
    Statement { before, what }
}

pub(super) fn suspend(by: usize, sequence: u64, number: u8) -> Statement {
    suspend_for(by, sequence, entry(number), "too broad")
}

pub(super) fn suspend_for(by: usize, sequence: u64, entry: EntryId, reason: &str) -> Statement {
    let speaker = &speakers()[by];
    statement(What::Event(Event::Suspended(Suspension {
        entry,
        by: speaker.authority.clone(),
        state: speaker.state,
        sequence,
        reason: Text::new(reason).unwrap(),
        at: now(),
    })))
}

pub(super) fn resume(by: usize, sequence: u64, number: u8, lifts: u64) -> Statement {
    let speaker = &speakers()[by];
    statement(What::Event(Event::Resumed(Resumption {
        entry: entry(number),
        by: speaker.authority.clone(),
        state: speaker.state,
        sequence,
        lifts,
        at: now(),
    })))
}

pub(super) fn rotate(by: usize, sequence: u64, next: u8) -> Statement {
    let speaker = &speakers()[by];
    statement(What::Rotated(Rotation {
        by: speaker.authority.clone(),
        state: speaker.state,
        sequence,
        at: now(),
        key: key(next).public_key(),
    }))
}

pub(super) fn line(statement: &Statement, keys: &[u8]) -> String {
    envelope(statement, keys).to_json() + "\n"
}

pub(super) fn file(lines: &[String]) -> Vec<u8> {
    (first_line() + &lines.concat()).into()
}

pub(super) fn read_all(files: &[Vec<u8>]) -> Reading {
    let files = files.iter().map(Vec::as_slice);
    SuspensionList::read(REGISTER, &speakers(), files, &Limits::default()).unwrap()
}

pub(super) fn read(lines: &[String]) -> Reading {
    read_all(&[file(lines)])
}

/// A list of these lines, all of which are good.
pub(super) fn good(lines: &[String]) -> SuspensionList {
    let read = read(lines);
    assert_eq!(read.files, [Ok(vec![])]);
    read.list
}

pub(super) fn off(list: &SuspensionList) -> Vec<(String, u64, EntryId)> {
    let name = |one: Off| (one.authority.to_string(), one.sequence, one.entry);
    list.off().into_iter().map(name).collect()
}

pub(super) fn id(number: u8) -> KeyId {
    key(number).public_key().id()
}

#[test]
fn a_suspension_is_off_until_its_own_log_resumes_it() {
    let lines = [line(&suspend(0, 3, 1), &[1]), line(&suspend(1, 3, 1), &[2])];
    let list = good(&lines);
    let [of_a, of_b] = &list.off()[..] else {
        panic!("two");
    };
    let both = BTreeSet::from([of_a.authority.as_str(), of_b.authority.as_str()]);
    assert_eq!(both, BTreeSet::from(["a", "b"]));
    assert_eq!((of_a.at, of_a.reason.as_str()), (now(), "too broad"));
    assert_eq!((of_a.entry, of_a.sequence), (entry(1), 3));
    let resumed = [lines.concat(), line(&resume(0, 4, 1, 3), &[1])];
    assert_eq!(off(&good(&resumed)), [("b".to_owned(), 3, entry(1))]);
    assert_eq!(good(&resumed).len(), 3);
    assert!(!good(&resumed).is_empty());
    assert_eq!(good(&resumed).statements().count(), 3);
}

#[test]
fn a_resumption_of_something_else_lifts_nothing() {
    let suspended = line(&suspend(0, 3, 1), &[1]);
    for other in [
        line(&resume(0, 5, 2, 3), &[1]), // another entry
        line(&resume(0, 5, 1, 4), &[1]), // another place
        line(&resume(0, 2, 1, 3), &[1]), // before it
        line(&resume(1, 5, 1, 3), &[2]), // another log
        line(&resume(2, 5, 1, 3), &[3]), // another log of the same state
    ] {
        let list = good(&[suspended.clone(), other]);
        assert_eq!(off(&list), [("a".to_owned(), 3, entry(1))]);
    }
}

#[test]
fn the_same_statements_are_the_same_bytes_in_whatever_order_and_however_often() {
    let lines = [
        line(&suspend(0, 3, 1), &[1]),
        line(&suspend(0, 10, 2), &[1]),
        line(&suspend(1, 3, 1), &[2]),
        line(&rotate(1, 4, 8), &[2, 8]),
        line(&suspend(1, 5, 3), &[8]),
    ];
    let bytes = good(&lines).to_bytes();
    let mut turned = lines.to_vec();
    turned.extend(lines.clone());
    turned.reverse();
    turned.push(line(&rotate(1, 4, 8), &[8, 2]));
    assert_eq!(good(&turned).to_bytes(), bytes);
    assert_eq!(read_all(std::slice::from_ref(&bytes)).list, good(&lines));
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 6);
}

#[test]
fn a_line_without_its_end_counts() {
    let mut bytes = file(&[line(&suspend(0, 3, 1), &[1])]);
    bytes.pop();
    assert_eq!(read_all(&[bytes]).list.len(), 1);
}

#[test]
fn two_stories_are_a_fork_and_what_they_suspend_stays_off() {
    let lines = [
        line(&suspend(0, 3, 1), &[1]),
        line(&suspend(0, 4, 2), &[1]),
        line(&resume(0, 5, 1, 3), &[1]), // before the fork
        line(&suspend(0, 6, 3), &[1]),
        line(&suspend(0, 6, 4), &[1]),   // the fork
        line(&resume(0, 7, 2, 4), &[1]), // behind it
        line(&resume(0, 8, 4, 6), &[1]),
    ];
    let list = good(&lines);
    let of_a = |place, number| ("a".to_owned(), place, entry(number));
    assert_eq!(off(&list), [of_a(4, 2), of_a(6, 3), of_a(6, 4)]);
    let forks = list.forks();
    assert_eq!(forks.len(), 1);
    assert_eq!((forks[0].log, forks[0].at), (id(1), 6));
    assert_eq!(forks[0].authority.as_str(), "a");
    assert_eq!(forks[0].state, "XA".parse().unwrap());
    let mut both = [3, 4].map(|number| envelope(&suspend(0, 6, number), &[1]));
    both.sort_by_key(|one| TreeHash::leaf(&one.message()));
    assert_eq!(*forks[0].proof, both);
    // A resumption at the forked place itself lifts nothing either.
    let at_it = [
        line(&suspend(0, 3, 1), &[1]),
        line(&resume(0, 4, 1, 3), &[1]),
        line(&suspend(0, 4, 2), &[1]),
    ];
    assert_eq!(off(&good(&at_it)), [of_a(3, 1), of_a(4, 2)]);
}

#[test]
fn a_key_that_signs_behind_its_own_rotation_has_forked_the_log() {
    let lines = [
        line(&suspend(0, 3, 1), &[1]),
        line(&rotate(0, 5, 8), &[1, 8]),
        line(&resume(0, 6, 1, 3), &[8]),
    ];
    assert_eq!(off(&good(&lines)), []);
    let late = line(&suspend(0, 7, 2), &[1]);
    let withheld = good(std::slice::from_ref(&late));
    assert_eq!(withheld.off().len(), 1);
    let list = good(&[lines.concat(), late]);
    let of_a = |place, number| ("a".to_owned(), place, entry(number));
    assert_eq!(off(&list), [of_a(3, 1), of_a(7, 2)]);
    let fork = &list.forks()[0];
    assert_eq!((list.forks().len(), fork.at), (1, 5));
    let proof = [
        envelope(&rotate(0, 5, 8), &[1, 8]),
        envelope(&suspend(0, 7, 2), &[1]),
    ];
    assert_eq!(*fork.proof, proof);
}

#[test]
fn the_same_words_by_two_keys_are_one_suspension_and_two_lines() {
    let list = good(&[
        line(&rotate(0, 4, 8), &[1, 8]),
        line(&suspend(0, 5, 1), &[1]),
        line(&suspend(0, 5, 1), &[8]),
    ]);
    assert_eq!((list.len(), list.off().len()), (3, 1));
    assert_eq!(list.forks()[0].at, 4);
}

#[test]
fn a_union_within_a_limit_is_the_first_places_whichever_comes_first() {
    let of = |numbers: &[u8]| {
        let of_a = numbers
            .iter()
            .map(|n| line(&suspend(0, u64::from(*n), *n), &[1]));
        let of_b = line(&suspend(1, 9, 1), &[2]);
        good(&of_a.chain([of_b]).collect::<Vec<_>>())
    };
    let limits = Limits {
        suspension_list_statements: 3,
        ..Limits::default()
    };
    let (one, other) = (of(&[2, 4, 7, 8]), of(&[3, 4, 5]));
    let (mut a, mut b) = (one.clone(), other.clone());
    a.union(&other, &limits).unwrap();
    b.union(&one, &limits).unwrap();
    assert_eq!(a, b);
    let mut joint = of(&[2, 3, 4]);
    assert_eq!(a, joint);
    joint.union(&a, &limits).unwrap();
    assert_eq!(a, joint);
}

#[test]
fn debug_shows_counts_and_no_entry() {
    let list = good(&[line(&suspend(0, 3, 1), &[1])]);
    let shown = format!("{list:?}");
    assert!(shown.contains("statements: 1") && shown.contains("speakers: 3"));
    assert!(!shown.contains(&entry(1).to_string()));
}
