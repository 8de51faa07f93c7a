//! Merge files by those who want something else than what was said.

use ijkpunt::baseline::*;
use ijkpunt::register::{LeftOut, Register};
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{Envelope, Refused, Signer, Void, What};

use crate::author::*;
use crate::history::*;

/// A proposal by the first, and a log of the second that assesses it.
fn honest(genesis: &Envelope) -> ([Author; 2], EntryId) {
    let mut first = Author::new(0, genesis, 10);
    let entry = first.propose("first", 100);
    first.assess(entry, 150);
    let mut second = Author::new(1, genesis, 11);
    second.assess(entry, 200);
    second.propose("second", 201);
    ([first, second], entry)
}

/// Merges lines into a register that has the first log, and gives why each was left out.
fn left_out(register: &mut Register, lines: &[Vec<u8>]) -> Vec<LeftOut> {
    let merged = merge(register, &file(&genesis(3), lines));
    register.verify(|_| ()).unwrap();
    merged.left_out.into_iter().map(|(_, why)| why).collect()
}

fn refused(register: &mut Register, lines: &[Vec<u8>]) -> Vec<Refused> {
    let why = left_out(register, lines).into_iter().map(|why| match why {
        LeftOut::Refused(why) => why,
        why => panic!("{why}"),
    });
    why.collect()
}

fn register(folder: &Folder) -> (Register, [Author; 2], EntryId) {
    let genesis = genesis(3);
    let (authors, entry) = honest(&genesis);
    let mut register = folder.register("own", &genesis);
    let lines: Vec<_> = authors.iter().flat_map(|one| one.lines.clone()).collect();
    assert_eq!(left_out(&mut register, &lines), []);
    assert!(consensus_of(&register, entry).is_some());
    (register, authors, entry)
}

/// Nothing of what was merged is in the register.
fn unchanged(folder: &Folder, lines: &[Vec<u8>], expected: &[Refused]) {
    let (mut register, _, _) = register(folder);
    let before = (exported(&register), derived(&register, 1));
    assert_eq!(refused(&mut register, lines), expected);
    assert_eq!((exported(&register), derived(&register, 1)), before);
    let register = reopened(register.path());
    assert_eq!((exported(&register), derived(&register, 1)), before);
}

#[test]
fn a_reordered_log_is_taken_up_to_where_it_is_in_order() {
    let folder = Folder::new("reordered");
    let genesis = genesis(3);
    let ([first, _], _) = honest(&genesis);
    let mut register = folder.register("own", &genesis);
    let mut lines = first.lines.clone();
    lines.swap(1, 2);
    assert_eq!(
        refused(&mut register, &lines),
        [Refused::Sequence { next: 1, found: 2 }]
    );
    assert_eq!(left_out(&mut register, &lines), []);
    assert_eq!(exported(&register), first.file(&genesis));
}

#[test]
fn a_truncated_log_is_its_beginning_and_is_completed() {
    let folder = Folder::new("truncated");
    let genesis = genesis(3);
    let ([first, _], _) = honest(&genesis);
    let whole = first.file(&genesis);
    let head = line(&genesis).len();
    let mut register = folder.register("own", &genesis);
    for end in (head..whole.len()).step_by(97) {
        let merged = merge(&mut register, &whole[..end]);
        assert!(merged.lines_left_out <= 1, "{end}");
        assert!(whole.starts_with(&exported(&register)), "{end}");
    }
    merge(&mut register, &whole);
    register.verify(|_| ()).unwrap();
    assert_eq!(exported(&register), whole);
}

#[test]
fn a_statement_that_is_replayed_adds_nothing() {
    let folder = Folder::new("replayed");
    let (mut register, [mut first, _], entry) = register(&folder);
    let before = exported(&register);
    let again: Vec<_> = [&first.lines[..], &first.lines[..]].concat();
    assert_eq!(left_out(&mut register, &again), []);
    assert_eq!(exported(&register), before);
    // The same words at the next place.
    let line = first.assess(entry, 300);
    let [Refused::Again(_)] = refused(&mut register, &[line])[..] else {
        panic!("it was said before");
    };
    assert_eq!(exported(&register), before);
}

#[test]
fn a_statement_moved_to_another_place_is_refused() {
    let folder = Folder::new("moved");
    let genesis = genesis(3);
    let ([first, _], entry) = honest(&genesis);
    // Its own place, behind other statements; and another place, with what stood before it.
    let elsewhere = signed(TreeHash::leaf(b"x"), assessed(0, 3, entry, 300), &[0]);
    let ahead = signed(first.tree.root(), assessed(0, 4, entry, 300), &[0]);
    let back = signed(first.tree.root(), assessed(0, 2, entry, 300), &[0]);
    unchanged(
        &folder,
        &[line(&elsewhere), line(&ahead), line(&back)],
        &[
            Refused::Before,
            Refused::Sequence { next: 3, found: 4 },
            Refused::Before,
        ],
    );
}

#[test]
fn a_statement_moved_into_another_log_is_refused() {
    let folder = Folder::new("into");
    let genesis = genesis(3);
    let ([first, second], entry) = honest(&genesis);
    // The words of the second, behind the log of the first; and by the key of the first in the log of the second.
    let into = signed(first.tree.root(), assessed(1, 3, entry, 300), &[1]);
    let by_other = signed(second.tree.root(), assessed(1, 3, entry, 300), &[0]);
    let unknown = signed(second.tree.root(), assessed(1, 3, entry, 300), &[77]);
    let unsigned = signed(second.tree.root(), assessed(1, 3, entry, 300), &[]);
    let both = signed(second.tree.root(), assessed(1, 3, entry, 300), &[1, 0]);
    let id = |number| key(number).public_key().id();
    unchanged(
        &folder,
        &[
            line(&into),
            line(&by_other),
            line(&unknown),
            line(&unsigned),
            line(&both),
        ],
        &[
            // Those that need no register are told first.
            Refused::Unsigned,
            Refused::MoreSignatures,
            Refused::Before,
            Refused::UnknownKey(id(0)),
            Refused::UnknownKey(id(77)),
        ],
    );
}

#[test]
fn another_key_makes_no_second_story() {
    let folder = Folder::new("no-story");
    let genesis = genesis(3);
    let ([first, _], entry) = honest(&genesis);
    let mut short = Author::new(0, &genesis, 10);
    let by_other = signed(short.tree.root(), assessed(0, 1, entry, 300), &[1]);
    short.propose("first", 100);
    assert_eq!(short.lines[..], first.lines[..2]);
    let by_two = signed(short.tree.root(), assessed(0, 2, entry, 300), &[1]);
    let unknown = Refused::UnknownKey(key(1).public_key().id());
    unchanged(
        &folder,
        &[line(&by_other), line(&by_two)],
        &[unknown.clone(), unknown],
    );
}

#[test]
fn a_changed_signature_or_word_is_refused() {
    let folder = Folder::new("changed-word");
    let genesis = genesis(3);
    let ([first, _], entry) = honest(&genesis);
    let right = signed(first.tree.root(), assessed(0, 3, entry, 300), &[0]);
    let other = signed(first.tree.root(), assessed(0, 3, entry, 301), &[0]);
    let sig = |envelope: &Envelope| {
        let json: serde_json::Value = serde_json::from_str(&envelope.to_json()).unwrap();
        json["signatures"][0]["sig"].as_str().unwrap().to_owned()
    };
    let changed = right.to_json().replace(&sig(&right), &sig(&other)) + "\n";
    let id = key(0).public_key().id();
    unchanged(&folder, &[changed.into()], &[Refused::BadSignature(id)]);
}

#[test]
fn a_log_of_another_register_with_the_same_keys_is_refused() {
    let folder = Folder::new("other-register");
    let other = genesis(2);
    let (authors, _) = honest(&other);
    let id = ijkpunt::sign::Genesis::open(&other).unwrap().id();
    unchanged(
        &folder,
        &authors[0].lines,
        &[Refused::OtherRegister(id), Refused::Before, Refused::Before],
    );
}

#[test]
fn a_retired_key_signs_nothing_more() {
    let folder = Folder::new("retired");
    let (mut register, [mut first, _], entry) = register(&folder);
    let unproven = {
        let mut first = first.clone();
        first.rotate(0, 20, 300);
        let change = first.lines.pop().unwrap();
        let change = Envelope::from_json(change.trim_ascii(), &Default::default()).unwrap();
        let payload = change.unverified_payload().to_vec();
        Envelope::sign(change.payload_type(), payload, &[&key(0)]).unwrap()
    };
    assert_eq!(
        refused(&mut register, &[line(&unproven)]),
        [Refused::NewKeyUnproven]
    );
    let change = first.rotate(0, 20, 300);
    assert_eq!(left_out(&mut register, &[change]), []);
    let old = key(0).public_key().id();
    let by_old = signed(first.tree.root(), assessed(0, 4, entry, 301), &[0]);
    assert_eq!(
        refused(&mut register, &[line(&by_old)]),
        [Refused::Retired(old)]
    );
    // Nor does it tell a second story of what the new one has said.
    let before = first.tree.clone();
    let by_new = signed(first.tree.root(), assessed(0, 4, entry, 301), &[20]);
    // What is said again is refused: so the new key says something else.
    assert!(matches!(
        refused(&mut register, &[line(&by_new)])[..],
        [Refused::Again(_)]
    ));
    let created = entry_of(4);
    let by_new = signed(first.tree.root(), created.clone(), &[20]);
    assert_eq!(left_out(&mut register, &[line(&by_new)]), []);
    let by_old = signed(before.root(), assessed(0, 4, entry, 302), &[0]);
    assert_eq!(
        refused(&mut register, &[line(&by_old)]),
        [Refused::Retired(old)]
    );
    assert_eq!(register.forks().unwrap(), []);
}

fn entry_of(sequence: u64) -> What {
    let entry = entry(0, "later", at(400));
    What::Event(Event::EntryCreated(Creation { sequence, entry }))
}

#[test]
fn a_log_in_the_name_of_another_authority_counts_for_nothing() {
    let folder = Folder::new("in-the-name");
    let (mut register, _, entry) = register(&folder);
    let before = consensus_of(&register, entry);
    let genesis = genesis(3);
    // A stranger's key, and the key of another authority.
    for by_key in [66, 2] {
        let mut false_one = Author::opened(1, by_key, 0, &genesis, 50);
        let withdrawal = Withdrawal {
            entry,
            by: authority(1).id,
            state: state(1),
            sequence: 1,
            target: Target::Whole,
            reason: WithdrawalReason::OverBroad,
            effective_at: at(300),
            reinstatement_required: true,
        };
        let withdrawn = What::Event(Event::Withdrawn(withdrawal));
        false_one.push(assessed(1, 1, entry, 299), &[by_key]);
        let sequence = false_one.next();
        let What::Event(Event::Withdrawn(mut withdrawal)) = withdrawn else {
            unreachable!();
        };
        withdrawal.sequence = sequence;
        false_one.push(What::Event(Event::Withdrawn(withdrawal)), &[by_key]);
        assert_eq!(left_out(&mut register, &false_one.lines), []);
        assert_eq!(consensus_of(&register, entry), before);
        let log = key(by_key).public_key().id();
        let logs = register.logs(now()).unwrap();
        let report = logs.iter().find(|report| report.log == log).unwrap();
        assert_eq!(report.void, Some(Void::OtherLog));
    }
    assert_eq!(register.forks().unwrap(), []);
}
