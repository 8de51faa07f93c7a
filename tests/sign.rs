//! From a key to a value that enough states have signed, by the public interface; and the seeds of the fuzz targets, which follow
//! where a format changes.
#![cfg(feature = "sign")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::fs;
use std::path::Path;

use ijkpunt::baseline::{
    Authority, Designation, EntryId, Event, Policy, Resumption, Role, Suspension, Text, Time,
};
use ijkpunt::limits::Limits;
use ijkpunt::sign::tree::{Frontier, OutOfTree, TreeHash, consistency_proof, root_of};
use ijkpunt::sign::{
    Admission, AuthorityKey, Checkpoint, Claim, ConsistencyList, Endorsement, Envelope, Fork,
    Founder, Founding, Genesis, GenesisId, KeyId, Log, Motion, OpenError, Opening, Rotation,
    SignedCheckpoint, Signer, SigningKey, Statement, Threshold, What, Why, consistent, fork,
};

/// Set to write the seeds instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

/// Keys that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn policy() -> Policy {
    let since = time("2026-01-01T00:00:00Z");
    let states = ["XA", "XB"].map(|state| Designation {
        state: state.parse().unwrap(),
        since,
    });
    Policy::baseline(states.to_vec()).unwrap()
}

fn genesis() -> Genesis {
    let founder = |number: u8, id: &str, state: &str| Founder {
        authority: Authority {
            id: id.parse().unwrap(),
            state: state.parse().unwrap(),
            name: Text::new(id).unwrap(),
            roles: [Role::IssueOrders].into(),
        },
        key: key(number).public_key(),
    };
    Genesis::new(Founding {
        name: Text::new("rehearsal").unwrap(),
        at: time("2026-01-01T00:00:00Z"),
        needed_states: 2,
        policy: policy(),
        founders: vec![founder(1, "xa-police", "XA"), founder(2, "xb-police", "XB")],
    })
    .unwrap()
}

fn record(number: u8, authority: &str, state: &str) -> AuthorityKey {
    AuthorityKey {
        key: key(number).public_key(),
        authority: authority.parse().unwrap(),
        state: state.parse().unwrap(),
        from: time("2026-01-01T00:00:00Z"),
        until: None,
        revoked_at: None,
    }
}

#[test]
fn a_genesis_is_signed_by_two_states_and_a_stolen_key_counts_no_more() {
    let mut keys = [record(1, "xa-police", "XA"), record(2, "xb-police", "XB")];
    let (two, now) = (Threshold::new(2, 2).unwrap(), time("2026-11-22T10:00:00Z"));
    let mut envelope = Envelope::of(&genesis(), &[&key(1)]).unwrap();
    // What the second authority gets, reads and signs is the file of the first.
    let file = envelope.to_json();
    envelope = Envelope::from_json(file.as_bytes(), &Limits::default()).unwrap();
    envelope.add(&key(2)).unwrap();
    let signed = envelope.open::<Genesis>(&keys, now, two).unwrap();
    assert_eq!(signed.id(), genesis().id());
    assert_eq!(Genesis::open(&envelope).unwrap(), signed);
    keys[1].revoked_at = Some(time("2026-11-01T00:00:00Z"));
    let OpenError::TooFew(tally) = envelope.open::<Genesis>(&keys, now, two).unwrap_err() else {
        panic!("the key was taken back");
    };
    assert_eq!(tally.refused, [(keys[1].key.id(), Why::Revoked)]);
}

#[test]
fn a_log_grows_under_its_checkpoints_and_a_second_story_is_found() {
    let leaves: Vec<TreeHash> = (0..7).map(|leaf| TreeHash::leaf(&[leaf])).collect();
    let public = key(1).public_key();
    let told = |size: usize, leaves: &[TreeHash]| {
        let mut frontier = Frontier::default();
        for leaf in &leaves[..size] {
            frontier.append(*leaf).unwrap();
        }
        let checkpoint = Checkpoint {
            origin: "example.org/log".parse().unwrap(),
            size: size as u64,
            root: frontier.root(),
        };
        let origin = checkpoint.origin.clone();
        let signed = SignedCheckpoint::sign(checkpoint, &key(1)).unwrap();
        signed.verify(&origin, &public).unwrap()
    };
    let node = |level: u32, index: u64| {
        let begin = usize::try_from(index).unwrap() << level;
        let mut frontier = Frontier::default();
        for leaf in &leaves[begin..begin + (1 << level)] {
            frontier.append(*leaf).unwrap();
        }
        Ok::<_, OutOfTree>(frontier.root())
    };
    let (older, newer) = (told(3, &leaves), told(7, &leaves));
    let proof = consistency_proof(3, 7, node).unwrap();
    assert_eq!(consistent(&older, &newer, &proof), Ok(()));
    let mut rewritten = leaves.clone();
    rewritten[0] = TreeHash::leaf(b"another");
    let other = told(7, &rewritten);
    assert!(consistent(&older, &other, &proof).is_err());
    let roots = [newer.root, other.root];
    assert_eq!(fork(&newer, &other), Ok(Some(Fork { size: 7, roots })));
}

#[test]
fn the_seeds_of_the_fuzz_targets_are_those_that_are_drawn_here() {
    let plain = Envelope::sign("text/plain", b"hello".to_vec(), &[]).unwrap();
    compare_or_write("envelope", "unsigned", plain.to_json().as_bytes());
    let of_two = Envelope::of(&genesis(), &[&key(1), &key(2)]).unwrap();
    compare_or_write("envelope", "genesis", of_two.to_json().as_bytes());
    let spaced = of_two.to_json().replace(':', " : ").replace(',', ",\n ");
    compare_or_write("envelope", "spaced", spaced.as_bytes());
    for (name, size) in [("empty", 0), ("grown", 1 << 40)] {
        let checkpoint = Checkpoint {
            origin: "example.org/log".parse().unwrap(),
            size,
            root: TreeHash::empty(),
        };
        let mut signed = SignedCheckpoint::sign(checkpoint, &key(1)).unwrap();
        compare_or_write("checkpoint", name, &signed.to_bytes());
        signed.add(&"witness".parse().unwrap(), &key(2)).unwrap();
        compare_or_write(
            "checkpoint",
            &format!("{name}-witnessed"),
            &signed.to_bytes(),
        );
    }
}

/// The opening of a log, a rotation and an endorsement behind it, and the log.
#[test]
fn the_seeds_of_statements_are_those_that_are_drawn_here() {
    let (by, state) = ("xa-police".parse().unwrap(), "XA".parse().unwrap());
    let at = time("2026-11-22T10:00:00Z");
    let opening = Opening {
        register: genesis().id(),
        by,
        state,
        sequence: 0,
        at,
        key: key(1).public_key(),
    };
    let statement = |before, what| Statement { before, what };
    let first = statement(TreeHash::empty(), What::Opened(opening.clone()));
    let envelope = Envelope::of(&first, &[&key(1)]).unwrap();
    seed_statement("opened", &envelope);
    let signed = Claim::read(&envelope).unwrap().verify(|_| None).unwrap();
    let log = Log::open(&signed, genesis().id()).unwrap();
    compare_or_write("statement", "log", &log.to_bytes());
    let rotated = Rotation {
        by: opening.by.clone(),
        state,
        sequence: 1,
        at,
        key: key(3).public_key(),
    };
    let rotated = statement(log.tree().root(), What::Rotated(rotated));
    let envelope = Envelope::of(&rotated, &[&key(1), &key(3)]).unwrap();
    seed_statement("rotated", &envelope);
    let mut authority = genesis().founding().founders[1].authority.clone();
    authority.id = "xc-police".parse().unwrap();
    let key_of_another = key(4).public_key();
    let endorsed = Endorsement {
        by: opening.by,
        state,
        sequence: 1,
        at,
        motion: Motion::Admit(Admission {
            authority,
            key: key_of_another,
        }),
    };
    let endorsed = statement(log.tree().root(), What::Endorsed(endorsed));
    let envelope = Envelope::of(&endorsed, &[&key(1)]).unwrap();
    seed_statement("endorsed", &envelope);
    let suspended = Suspension {
        entry: EntryId::from_bytes([7; 32]),
        by: "xa-police".parse().unwrap(),
        state,
        sequence: 1,
        reason: Text::new("too broad").unwrap(),
        at,
    };
    let event = What::Event(Event::Suspended(suspended));
    let event = statement(log.tree().root(), event);
    seed_statement("suspended", &Envelope::of(&event, &[&key(1)]).unwrap());
    let of_two = Envelope::of(&genesis(), &[&key(1), &key(2)]).unwrap();
    seed_statement("genesis", &of_two);
}

/// Of a state that suspends and resumes, of one that takes another key, and of one whose log tells two stories; the statements before them are nobody's.
#[test]
fn the_seeds_of_lists_of_suspensions_are_those_that_are_drawn_here() {
    let at = time("2026-11-22T10:00:00Z");
    let names = [("xa-police", "XA"), ("xb-police", "XB")];
    let line = |what: What, keys: &[u8]| {
        let before = TreeHash::leaf(b"the log before");
        let mut envelope = Envelope::of(&Statement { before, what }, &[]).unwrap();
        for number in keys {
            envelope.add(&key(*number)).unwrap();
        }
        envelope.to_json() + "\n"
    };
    let suspended = |by: usize, sequence: u64, entry: u8, number: u8| {
        let one = Suspension {
            entry: EntryId::from_bytes([entry; 32]),
            by: names[by].0.parse().unwrap(),
            state: names[by].1.parse().unwrap(),
            sequence,
            reason: Text::new("too broad").unwrap(),
            at,
        };
        line(What::Event(Event::Suspended(one)), &[number])
    };
    let resumed = Resumption {
        entry: EntryId::from_bytes([1; 32]),
        by: "xa-police".parse().unwrap(),
        state: "XA".parse().unwrap(),
        sequence: 4,
        lifts: 1,
        at,
    };
    let resumed = line(What::Event(Event::Resumed(resumed)), &[1]);
    let rotated = Rotation {
        by: "xb-police".parse().unwrap(),
        state: "XB".parse().unwrap(),
        sequence: 3,
        at,
        key: key(3).public_key(),
    };
    let rotated = line(What::Rotated(rotated), &[2, 3]);
    let lifted = [suspended(0, 1, 1, 1), resumed].concat();
    let changed = [suspended(1, 2, 2, 2), rotated, suspended(1, 4, 3, 3)].concat();
    let forked = [suspended(0, 2, 4, 1), suspended(0, 2, 5, 1), lifted.clone()].concat();
    compare_or_write("suspension_list", "lifted", lifted.as_bytes());
    compare_or_write("suspension_list", "rotated", changed.as_bytes());
    compare_or_write("suspension_list", "forked", forked.as_bytes());
    let register = GenesisId::from_bytes([7; 32]);
    let whole = format!("ijkpunt suspension list 0 {register}\n{lifted}");
    compare_or_write("suspension_list", "whole", whole.as_bytes());
}

/// Two logs that have grown, one of them twice, and lines that are wrong.
#[test]
fn seeds_of_consistency_lists_are_as_drawn_here() {
    let leaves: Vec<TreeHash> = (0..13_u8).map(|place| TreeHash::leaf(&[place])).collect();
    let node = |level: u32, index: u64| {
        let begin = usize::try_from(index).unwrap() << level;
        Ok::<_, OutOfTree>(root_of(&leaves[begin..begin + (1 << level)]))
    };
    let head = |size: usize| (size as u64, root_of(&leaves[..size]));
    let mut list = ConsistencyList::default();
    for (log, from, to) in [(1, 3, 8), (1, 8, 13), (2, 6, 7)] {
        let (log, from, to) = (KeyId::from_bytes([log; 32]), head(from), head(to));
        let proof = consistency_proof(from.0, to.0, node).unwrap();
        list.insert(log, from, to, proof).unwrap();
    }
    let whole = list.to_bytes();
    compare_or_write("consistency_list", "whole", &whole);
    let begin = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let lines = &whole[begin..];
    compare_or_write("consistency_list", "lines", lines);
    let text = str::from_utf8(lines).unwrap();
    let wrong = text.replacen("\"from_size\":3", "\"from_size\":4", 1) + "{}\n";
    compare_or_write("consistency_list", "wrong", wrong.as_bytes());
}

fn seed_statement(name: &str, envelope: &Envelope) {
    compare_or_write("statement", name, &envelope.to_compact().unwrap());
    let json = format!("{name}.json");
    compare_or_write("statement", &json, envelope.to_json().as_bytes());
}

fn compare_or_write(target: &str, name: &str, bytes: &[u8]) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folder = corpus.join(target);
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    } else if corpus.is_dir() {
        // A package without the folder has no fuzz targets.
        let is_same = fs::read(folder.join(name)).is_ok_and(|seed| seed == bytes);
        assert!(is_same, "{target}/{name}: run again with {WRITE}=1");
    }
}
