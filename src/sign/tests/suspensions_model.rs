//! Lists of suspensions beside a slow judge of them, and what must hold whatever mirrors do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::suspensions::{
    entry, file, first_line, line, off, read_all, resume, rotate, speakers, suspend,
};
use crate::baseline::{EntryId, Event};
use crate::limits::Limits;
use crate::sign::{KeyId, Signer, Statement, SuspensionList, What};

use super::key;

/// A statement, and by which key it is signed; a rotation by its next key, too.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    log: usize,
    statement: Statement,
    signer: u8,
}

impl Told {
    fn place(&self) -> u64 {
        self.statement.sequence()
    }

    fn line(&self) -> String {
        match self.next() {
            Some(next) => line(&self.statement, &[self.signer, next]),
            None => line(&self.statement, &[self.signer]),
        }
    }

    fn next(&self) -> Option<u8> {
        let What::Rotated(rotation) = &self.statement.what else {
            return None;
        };
        (1..=MOST_KEYS).find(|number| key(*number).public_key() == rotation.key)
    }

    fn suspends(&self) -> Option<EntryId> {
        match &self.statement.what {
            What::Event(Event::Suspended(one)) => Some(one.entry),
            _ => None,
        }
    }

    fn lifts(&self, other: &Self) -> bool {
        let What::Event(Event::Resumed(one)) = &self.statement.what else {
            return false;
        };
        self.log == other.log
            && one.lifts == other.place()
            && Some(one.entry) == other.suspends()
            && self.place() > other.place()
    }
}

/// Three keys for each of three logs: number, number + 10, number + 20.
const MOST_KEYS: u8 = 23;

fn key_of(log: usize, which: u8) -> u8 {
    u8::try_from(log).unwrap() + 1 + 10 * which
}

/// What is good of all that was told: asked again and again until nothing changes.
fn good(told: &[Told]) -> Vec<Told> {
    let mut good: Vec<Told> = Vec::new();
    loop {
        let leads_to = |to: &Told| {
            let is_first = to.signer == key_of(to.log, 0);
            let leads = |one: &Told| {
                one.log == to.log && one.next() == Some(to.signer) && one.place() < to.place()
            };
            is_first || good.iter().any(leads)
        };
        let next = told.iter().find(|one| leads_to(one) && !good.contains(one));
        match next.cloned() {
            Some(next) => good.push(next),
            None => return good,
        }
    }
}

/// Whether a log told two stories before a place, or at it.
fn is_forked(good: &[Told], log: usize, until: u64) -> bool {
    let of_log = || good.iter().filter(|one| one.log == log);
    of_log().any(|one| {
        of_log().any(|other| {
            let is_same_place = one.place() == other.place() && one.statement != other.statement;
            let is_retired =
                one.next().is_some() && one.signer == other.signer && one.place() < other.place();
            one.place() <= until && (is_same_place || is_retired)
        })
    })
}

fn naive_off(told: &[Told]) -> BTreeSet<(String, u64, EntryId)> {
    let good = good(told);
    let stands = |one: &&Told| {
        let lifts = |other: &Told| other.lifts(one) && !is_forked(&good, other.log, other.place());
        one.suspends().is_some() && !good.iter().any(lifts)
    };
    let name = |one: &Told| {
        let by = one.statement.authority().to_string();
        (by, one.place(), one.suspends().unwrap())
    };
    good.iter().filter(stands).map(name).collect()
}

/// What logs say that keep to the rules.
fn honest() -> impl Strategy<Value = Vec<Told>> {
    let step = (0..3_usize, 0..10_u8, 0..4_u8, 1..3_u64);
    prop::collection::vec(step, 0..14).prop_map(|steps| {
        let (mut places, mut keys) = ([2; 3], [0; 3]);
        let mut told: Vec<Told> = Vec::new();
        for (log, what, number, gap) in steps {
            let place = places[log];
            let signer = key_of(log, keys[log]);
            let mut of_log = told.iter().rev().filter(|one| one.log == log);
            let last = of_log.find(|one| one.suspends().is_some());
            let statement = match (what, last) {
                (0..2, _) if keys[log] < 2 => {
                    keys[log] += 1;
                    rotate(log, place, key_of(log, keys[log]))
                }
                (2..6, Some(last)) => {
                    let number = (0..4).find(|n| Some(entry(*n)) == last.suspends()).unwrap();
                    resume(log, place, number, last.place())
                }
                _ => suspend(log, place, number),
            };
            places[log] += gap;
            told.push(Told {
                log,
                statement,
                signer,
            });
        }
        told
    })
}

/// What whoever has a key may say.
fn wild() -> impl Strategy<Value = Told> {
    let what = (
        0..3_usize,
        2..9_u64,
        0..3_u8,
        0..4_u8,
        2..7_u64,
        0..3_u8,
        0..3_u8,
    );
    what.prop_map(|(log, place, what, number, lifts, signer, next)| {
        let statement = match what {
            0 => suspend(log, place, number),
            1 => resume(log, place, number, lifts),
            _ => rotate(log, place, key_of(log, (signer + 1 + next % 2) % 3)),
        };
        let signer = key_of(log, signer);
        Told {
            log,
            statement,
            signer,
        }
    })
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    (honest(), prop::collection::vec(wild(), 0..4))
        .prop_map(|(honest, wild)| [honest, wild].concat())
        .prop_shuffle()
}

fn file_of<'t>(told: impl IntoIterator<Item = &'t Told>) -> Vec<u8> {
    file(&told.into_iter().map(Told::line).collect::<Vec<_>>())
}

fn list_of<'t>(told: impl IntoIterator<Item = &'t Told>) -> SuspensionList {
    read_all(&[file_of(told)]).list
}

fn off_set(list: &SuspensionList) -> BTreeSet<(String, u64, EntryId)> {
    off(list).into_iter().collect()
}

const ORDERS: [[usize; 3]; 6] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
];

proptest! {
    #[test]
    fn a_list_is_what_the_slow_judge_finds(told in told()) {
        let list = list_of(&told);
        let mut good: Vec<Told> = good(&told);
        let mut lines: Vec<_> = good.iter().map(Told::line).collect();
        lines.sort();
        let bytes = list.to_bytes();
        let written = str::from_utf8(&bytes).unwrap();
        let mut written: Vec<_> = written.split_inclusive('\n').skip(1).map(str::to_owned).collect();
        written.sort();
        prop_assert_eq!(written, lines);
        prop_assert_eq!(off_set(&list), naive_off(&told));
        for fork in list.forks() {
            let log = speakers().iter().position(|one| one.log == fork.log).unwrap();
            prop_assert!(is_forked(&good, log, fork.at));
            prop_assert!(fork.at == 0 || !is_forked(&good, log, fork.at - 1));
            good.retain(|one| one.log != log);
        }
        for log in 0..3 {
            prop_assert!(!is_forked(&good, log, u64::MAX));
        }
    }

    #[test]
    fn mirrors_may_split_and_cut_as_they_like(
        told in told(),
        held in prop::collection::vec(1..8_u8, 18),
        cuts in prop::collection::vec(0..100_usize, 3),
    ) {
        let mirror = |number: usize| {
            let has = |at: usize| held[at] >> number & 1 == 1;
            file_of(told.iter().enumerate().filter(|(at, _)| has(*at)).map(|(_, one)| one))
        };
        let mirrors = [0, 1, 2].map(mirror);
        let whole = read_all(&mirrors).list;
        prop_assert_eq!(&whole, &list_of(&told));
        // Read together, and one by one, in all orders.
        let limits = Limits::default();
        let alone = mirrors.clone().map(|file| read_all(&[file]).list);
        let mut united: Option<SuspensionList> = None;
        for order in ORDERS {
            let together = read_all(&order.map(|number| mirrors[number].clone())).list;
            prop_assert_eq!(together.to_bytes(), whole.to_bytes());
            prop_assert_eq!(together.off(), whole.off());
            let mut union = alone[order[0]].clone();
            union.union(&alone[order[1]], &limits).unwrap();
            union.union(&alone[order[2]], &limits).unwrap();
            let first = united.get_or_insert_with(|| union.clone());
            prop_assert_eq!(union.to_bytes(), first.to_bytes());
            prop_assert_eq!(union.off(), first.off());
        }
        // What waits in one list is found once the rest is read beside it.
        let mut union = united.unwrap();
        let again = read_all(&[union.to_bytes(), mirrors[0].clone(), mirrors[1].clone(), mirrors[2].clone()]);
        prop_assert_eq!(&again.list, &whole);
        union.union(&whole, &limits).unwrap();
        prop_assert_eq!(&union, &whole);
        // Cut anywhere behind the first line, they add nothing to what the whole has.
        let cut = |number: usize| {
            let (file, from) = (&mirrors[number], first_line().len());
            file[..from + (file.len() - from) * cuts[number] / 100].to_vec()
        };
        let mut part = read_all(&[0, 1, 2].map(cut)).list;
        part.union(&whole, &limits).unwrap();
        prop_assert_eq!(&part, &whole);
    }

    #[test]
    fn more_statements_never_bring_an_entry_back_but_for_a_resumption(
        told in told(),
        held in prop::collection::vec(any::<bool>(), 18),
    ) {
        let has = |at: usize| held[at];
        let some: Vec<_> = told.iter().enumerate().filter(|(at, _)| has(*at)).map(|(_, one)| one.clone()).collect();
        let (some, all) = (list_of(&some), list_of(&told));
        let now_off = off_set(&all);
        for (by, place, entry) in off_set(&some).difference(&now_off) {
            let lifts = |one: &Statement| match &one.what {
                What::Event(Event::Resumed(one)) => {
                    (one.by.as_str(), one.lifts, one.entry) == (by, *place, *entry) && one.sequence > *place
                }
                _ => false,
            };
            // A resumption that was held already may have come behind a fork and lifted nothing: it takes one that was not there.
            prop_assert!(all.statements().any(|one| lifts(one) && !some.statements().any(|held| held == one)));
        }
        let forks = all.forks();
        for fork in some.forks() {
            prop_assert!(forks.iter().any(|other| other.log == fork.log && other.at <= fork.at));
        }
    }

    #[test]
    fn junk_of_a_mirror_takes_no_line_with_it(
        told in told(),
        junk in prop::collection::vec((0..20_usize, "[ -~]{0,40}|\\PC{0,9}"), 0..9),
    ) {
        let mut lines: Vec<_> = told.iter().map(Told::line).collect();
        for (at, text) in &junk {
            let mut text = text.replace('\n', " ");
            writeln!(text).unwrap();
            lines.insert((*at).min(lines.len()), text);
        }
        let read = read_all(&[file(&lines)]);
        let left_out = read.files[0].clone().unwrap();
        prop_assert_eq!(&read.list, &list_of(&told));
        prop_assert!(left_out.len() >= junk.len());
        prop_assert!(left_out.windows(2).all(|two| two[0].line < two[1].line));
    }
}

/// A log with a rotation, one with a resumption.
fn small() -> Vec<u8> {
    let lines = [
        line(&suspend(0, 2, 1), &[1]),
        line(&rotate(0, 3, 11), &[1, 11]),
        line(&suspend(0, 4, 2), &[11]),
        line(&suspend(1, 2, 3), &[2]),
        line(&resume(1, 3, 3, 2), &[2]),
    ];
    file(&lines)
}

/// What is there of a damaged file was in the whole one, and stands as long as what lifts it is not there.
fn hold(damaged: &[u8], whole: &SuspensionList) {
    let read = read_all(&[damaged.to_vec()]);
    let mut union = read.list.clone();
    union.union(whole, &Limits::default()).unwrap();
    assert_eq!(union, *whole);
    let (now, was) = (off_set(&read.list), off_set(whole));
    let resumption = resume(1, 3, 3, 2);
    for (suspension, place, entry) in read.list.statements().filter_map(|one| match &one.what {
        What::Event(Event::Suspended(it)) => Some((it.by.to_string(), it.sequence, it.entry)),
        _ => None,
    }) {
        let is_off = now.contains(&(suspension.clone(), place, entry));
        let is_lifted = suspension == "b" && read.list.statements().any(|one| *one == resumption);
        assert_eq!(is_off, !is_lifted);
        assert!(is_off || !was.contains(&(suspension, place, entry)));
    }
    assert!(read.list.forks().is_empty());
    // Beside the whole file it changes nothing.
    let both = read_all(&[damaged.to_vec(), whole.to_bytes()]);
    assert_eq!(both.list, *whole);
}

#[test]
fn a_file_that_is_cut_anywhere_adds_and_lifts_nothing() {
    let bytes = small();
    let whole = read_all(std::slice::from_ref(&bytes)).list;
    assert_eq!((whole.len(), whole.off().len()), (5, 2));
    for length in 0..=bytes.len() {
        hold(&bytes[..length], &whole);
    }
}

#[test]
fn a_file_with_any_byte_changed_adds_and_lifts_nothing() {
    let bytes = small();
    let whole = read_all(std::slice::from_ref(&bytes)).list;
    for place in 0..bytes.len() {
        for mask in [0x01, 0x20] {
            let mut changed = bytes.clone();
            changed[place] ^= mask;
            hold(&changed, &whole);
        }
    }
}

/// The judge's keys are those of the speakers.
#[test]
fn the_first_keys_are_those_of_the_speakers() {
    for (log, speaker) in speakers().iter().enumerate() {
        let first: KeyId = key(key_of(log, 0)).public_key().id();
        assert_eq!(speaker.log, first);
    }
}
