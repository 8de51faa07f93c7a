//! Proofs of an entry's state, checked without a register.

use ijkpunt::baseline::{ConsensusState, Event, Verdict};
use ijkpunt::limits::Limits;
use ijkpunt::register::{Register, RegisterError};
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{
    Claim, Envelope, Kept, Motion, Proof, ProofRefused, Refused, Revocation, Signer, What,
};

use crate::history::*;

/// Two founders agree on an entry; a third is admitted, and objects to another one.
fn told(folder: &Folder) -> Register {
    let mut register = folder.register("own", &genesis(2));
    open(&mut register, 0, 10);
    open(&mut register, 1, 11);
    open(&mut register, 2, 12);
    for number in 0..40 {
        propose(&mut register, 0, &format!("entry {number}"), 100 + number);
    }
    let first = entry(0, "entry 0", at(100)).id();
    assess(&mut register, 0, first, 200);
    assess(&mut register, 1, first, 201);
    endorse(&mut register, 0, &admission(2), 300);
    endorse(&mut register, 1, &admission(2), 301);
    let second = entry(0, "entry 1", at(101)).id();
    register
        .say(&key(2), at(400), says(second, Verdict::NotTerrorist))
        .unwrap();
    register
}

fn proof(register: &Register, number: i64) -> Proof {
    let id = entry(0, &format!("entry {number}"), at(100 + number)).id();
    register.proof(id, now()).unwrap().unwrap()
}

#[test]
fn a_proof_shows_what_the_register_tells() {
    let folder = Folder::new("proofs");
    let register = told(&folder);
    for (number, state) in [
        (0, ConsensusState::Baseline),
        (1, ConsensusState::UnderAssessment),
        (2, ConsensusState::Candidate),
    ] {
        let proof = proof(&register, number);
        let read = Proof::from_json(proof.to_json().as_bytes(), &Limits::default()).unwrap();
        assert_eq!(read, proof);
        let proven = read.verify().unwrap();
        let account = register.account(proof.entry, now()).unwrap().unwrap();
        assert_eq!(proven.consensus, account.consensus);
        assert_eq!(proven.counted, account.counted);
        assert_eq!(proven.entry, account.entry);
        assert_eq!(proven.consensus.state, state);
        assert_eq!(proven.register, register.id());
        let sizes: Vec<_> = proven.heads.iter().map(|head| head.size).collect();
        assert_eq!(sizes.iter().sum::<u64>(), 3 + 40 + 2 + 2 + 1);
    }
    let first = proof(&register, 0).entry;
    assert!(
        register.account(first, at(99)).unwrap().is_none(),
        "it was not there yet"
    );
    assert!(register.proof(first, at(99)).unwrap().is_none());
    assert_eq!(register.states(at(102), 1, |_| ()).unwrap().len(), 3);
    let mut other = folder.register("other", &genesis(2));
    merge(&mut other, &exported(&register));
    assert_eq!(proof(&other, 0).to_json(), proof(&register, 0).to_json());
}

#[test]
fn what_was_changed_or_left_out_of_a_proof_is_found_or_another_story() {
    let folder = Folder::new("changed-proofs");
    let register = told(&folder);
    let right = proof(&register, 0);
    let mut claimed = right.clone();
    claimed.state = ConsensusState::Candidate;
    assert!(matches!(claimed.verify(), Err(ProofRefused::State { .. })));
    // Every statement left out: the log does not begin, or the state does not follow; an admission may go, since it changes nothing here.
    let mut followed = 0;
    for log in 0..right.logs.len() {
        for statement in 0..right.logs[log].statements.len() {
            let mut changed = right.clone();
            changed.logs[log].statements.remove(statement);
            followed += u32::from(changed.verify().is_ok());
            let mut changed = right.clone();
            let path = &mut changed.logs[log].statements[statement].path;
            path.pop();
            assert!(matches!(changed.verify(), Err(ProofRefused::Tree(..))));
            let mut changed = right.clone();
            changed.logs[log].root = TreeHash::empty();
            assert!(matches!(changed.verify(), Err(ProofRefused::Tree(..))));
        }
        let mut changed = right.clone();
        changed.logs[log].statements.reverse();
        if right.logs[log].statements.len() > 1 {
            assert!(changed.verify().is_err());
        }
        let mut changed = right.clone();
        let again = changed.logs[log].clone();
        changed.logs.push(again);
        assert!(matches!(changed.verify(), Err(ProofRefused::Order(_))));
    }
    assert_eq!(followed, 2, "the endorsements of an admission");
    let mut changed = right.clone();
    changed.genesis = genesis(3);
    assert_eq!(changed.verify().unwrap_err(), ProofRefused::NoOpening);
    let mut changed = right.clone();
    changed.entry = entry(0, "entry 7", at(107)).id();
    assert_eq!(changed.verify().unwrap_err(), ProofRefused::NoEntry);
    let mut early = right.clone();
    early.at = at(150);
    assert!(matches!(early.verify(), Err(ProofRefused::State { .. })));
}

#[test]
fn what_no_log_takes_is_in_no_proof() {
    let folder = Folder::new("sly-proofs");
    let mut sly = proof(&told(&folder), 0);
    // A log as nobody but its own authority would make it: an assessment without the file that was viewed.
    let name = key(1).public_key().id();
    let log = sly.logs.iter_mut().find(|log| log.log == name).unwrap();
    log.statements.truncate(2);
    let claim = |envelope: &Envelope| Claim::read(envelope).unwrap();
    let mut said = claim(&log.statements[1].statement).unverified().clone();
    let What::Event(Event::Assessed(assessment)) = &mut said.what else {
        panic!("{said:?}");
    };
    assessment.viewed = None;
    log.statements[1].statement = Envelope::of(&said, &[&key(1)]).unwrap();
    let leaves = [0, 1].map(|index: usize| claim(&log.statements[index].statement).leaf());
    log.root = TreeHash::node(leaves[0], leaves[1]);
    log.size = 2;
    log.statements[0].path = vec![leaves[1]];
    log.statements[1].path = vec![leaves[0]];
    assert_eq!(
        sly.verify().unwrap_err(),
        ProofRefused::Statement(authority(1).id, Refused::NotViewed)
    );
}

#[test]
fn every_byte_of_a_proof_matters_or_says_the_same() {
    let folder = Folder::new("flipped-proofs");
    let register = told(&folder);
    let right = proof(&register, 0);
    let proven = right.verify().unwrap();
    let json = right.to_json();
    for length in 0..json.len() - 1 {
        assert!(Proof::from_json(&json.as_bytes()[..length], &Limits::default()).is_err());
    }
    let mut read = 0;
    for place in 0..json.len() {
        let mut changed = json.clone().into_bytes();
        changed[place] ^= 1;
        let Ok(proof) = Proof::from_json(&changed, &Limits::default()) else {
            continue;
        };
        read += 1;
        // A second more or less, or a place from which on a log is told to fork, may lead to the same state.
        if let Ok(other) = proof.verify() {
            assert_eq!(other.entry, proven.entry, "byte {place}");
            assert_eq!(
                other.consensus.state, proven.consensus.state,
                "byte {place}"
            );
            assert_eq!(other.register, proven.register, "byte {place}");
        }
    }
    assert!(read > 100);
    let mut limits = Limits::default();
    limits.proof_bytes = json.len() as u64 - 1;
    assert!(matches!(
        Proof::from_json(json.as_bytes(), &limits),
        Err(ProofRefused::Limit(_))
    ));
}

#[test]
fn a_log_that_was_closed_is_shown_as_far_as_it_is_kept() {
    let folder = Folder::new("closed-proofs");
    let mut register = told(&folder);
    let before = register.promise(&key(1)).unwrap();
    let second = entry(0, "entry 1", at(101)).id();
    assess(&mut register, 1, second, 500);
    assert_eq!(
        proof(&register, 1).verify().unwrap().consensus.state,
        ConsensusState::National
    );
    let motion = Motion::Revoke(Revocation {
        authority: authority(1).id,
        log: key(1).public_key().id(),
        keeps: Kept {
            until: before.unverified().size,
            root: before.unverified().root,
        },
        successor: Some(key(21).public_key()),
        reason: ijkpunt::baseline::Text::new("stolen").unwrap(),
    });
    endorse(&mut register, 0, &motion, 600);
    endorse(&mut register, 2, &motion, 601);
    let proven = proof(&register, 1).verify().unwrap();
    assert_eq!(proven.consensus.state, ConsensusState::UnderAssessment);
    let ijkpunt::baseline::Authority { id, state, .. } = authority(1);
    register.open_log(&id, state, &key(21), at(700)).unwrap();
    let verdict = Verdict::Terrorist(types());
    register
        .say(&key(21), at(701), says(second, verdict))
        .unwrap();
    let proven = proof(&register, 1).verify().unwrap();
    assert_eq!(proven.consensus.state, ConsensusState::National);
    assert_eq!(proven.heads.len(), 4);
    // A key that takes another's place signs what is shown of it, too.
    register.rotate(&key(21), &key(22), at(800)).unwrap();
    let third = entry(0, "entry 2", at(102)).id();
    register
        .say(&key(22), at(801), says(third, verdict))
        .unwrap();
    let proven = proof(&register, 2).verify().unwrap();
    assert_eq!(proven.consensus.state, ConsensusState::National);
}

#[test]
fn a_state_that_rests_on_revoked_signers_has_no_proof_and_that_is_said() {
    let folder = Folder::new("unproven");
    let mut register = folder.register("own", &genesis(4));
    (0..4).for_each(|number| open(&mut register, number, 10 + i64::from(number)));
    let closes = |register: &Register, number: u8, until: u64, next: u8| {
        let log = key(number).public_key().id();
        Motion::Revoke(Revocation {
            authority: authority(number).id,
            log,
            keeps: register.stories(log, Some(until)).unwrap()[0],
            successor: Some(key(next).public_key()),
            reason: ijkpunt::baseline::Text::new("copied").unwrap(),
        })
    };
    let of_one = closes(&register, 1, 1, 21);
    endorse(&mut register, 2, &of_one, 100);
    endorse(&mut register, 3, &of_one, 101);
    let ijkpunt::baseline::Authority { id, state, .. } = authority(1);
    register.open_log(&id, state, &key(21), at(200)).unwrap();
    let entry = entry(1, "first", at(201));
    let id = entry.id();
    let creation = |slot: ijkpunt::register::Slot| {
        let sequence = slot.sequence;
        What::Event(Event::EntryCreated(ijkpunt::baseline::Creation {
            sequence,
            entry,
        }))
    };
    register.say(&key(21), at(201), creation).unwrap();
    assert!(register.proof(id, now()).unwrap().is_some());
    // What XC has signed is behind what is kept of its log, and the revocation stays in effect.
    let of_signer = closes(&register, 2, 1, 22);
    endorse(&mut register, 0, &of_signer, 300);
    endorse(&mut register, 3, &of_signer, 301);
    assert!(register.account(id, now()).unwrap().is_some());
    let none = register.proof(id, now()).unwrap_err();
    assert!(matches!(none, RegisterError::NoProof(_)), "{none}");
    // What rests on something else has one.
    let other = propose(&mut register, 0, "second", 400);
    assert!(register.proof(other, now()).unwrap().is_some());
}
