//! Logs that tell two stories.

use ijkpunt::baseline::ConsensusState;
use ijkpunt::register::{Evidence, Register};
use ijkpunt::sign::{Kept, Motion, Revocation, Signer, Void};

use crate::history::*;

/// Two registers in which the second authority says different things from place 1 on.
fn forked(folder: &Folder) -> [Register; 2] {
    let genesis = genesis(3);
    let mut registers = ["left", "right"].map(|name| folder.register(name, &genesis));
    for register in &mut registers {
        open(register, 0, 10);
        open(register, 1, 11);
    }
    let [left, right] = &mut registers;
    let first = propose(left, 0, "first", 100);
    let file = exported(left);
    assert_eq!(merge(right, &file).lines_left_out, 0);
    assess(left, 1, first, 200);
    assess(right, 1, first, 201);
    propose(right, 1, "second", 300);
    registers
}

#[test]
fn a_fork_is_found_whichever_story_comes_first_and_counts_up_to_there() {
    let folder = Folder::new("forked");
    let [mut left, mut right] = forked(&folder);
    let (of_left, of_right) = (exported(&left), exported(&right));
    let merged = merge(&mut left, &of_right);
    assert_eq!(
        (merged.lines_left_out, merged.forked.len()),
        (0, 1),
        "{merged:?}"
    );
    let merged = merge(&mut right, &of_left);
    assert_eq!(
        (merged.lines_left_out, merged.forked.len()),
        (0, 1),
        "{merged:?}"
    );
    assert_eq!(derived(&left, 1), derived(&right, 1));
    assert_eq!(exported(&left), exported(&right));
    let mut third = folder.register("third", &genesis(3));
    assert_eq!(merge(&mut third, &exported(&left)).lines_left_out, 0);
    assert_eq!(derived(&third, 2), derived(&right, 1));
    for register in [&left, &right, &third] {
        assert_eq!(register.forks().unwrap(), left.forks().unwrap());
        register.verify(|_| ()).unwrap();
        let [proof] = &register.forks().unwrap()[..] else {
            panic!("one fork");
        };
        assert_eq!((proof.at, &proof.authority), (1, &authority(1).id));
        let Evidence::Statements(both) = &proof.evidence else {
            panic!("two statements");
        };
        assert_ne!(both[0], both[1]);
        let logs = register.logs(now()).unwrap();
        assert_eq!(logs[1].void, Some(Void::Forked(1)));
    }
}

#[test]
fn states_say_which_story_is_kept_and_by_which_key_it_goes_on() {
    let folder = Folder::new("kept");
    let [mut left, right] = forked(&folder);
    let promised = {
        let mut right = right;
        let note = right.promise(&key(1)).unwrap();
        merge(&mut left, &exported(&right));
        note
    };
    let first = entry(0, "first", at(100)).id();
    let log = key(1).public_key().id();
    let keeps = Kept {
        until: 3,
        root: promised.unverified().root,
    };
    let stories = |until| left.stories(log, until).unwrap();
    assert!(stories(Some(3)).contains(&keeps));
    assert_eq!(stories(Some(1)).len(), 1, "before the fork there is one");
    assert_eq!(stories(Some(2)).len(), 2, "one of them ends there");
    assert_eq!((stories(Some(3)).len(), stories(None).len()), (1, 2));
    assert!(stories(Some(99)).is_empty());
    assert!(
        left.stories(key(11).public_key().id(), None)
            .unwrap()
            .is_empty()
    );
    let motion = Motion::Revoke(Revocation {
        authority: authority(1).id,
        log,
        keeps,
        successor: Some(key(11).public_key()),
        reason: ijkpunt::baseline::Text::new("the key was copied").unwrap(),
    });
    open(&mut left, 2, 400);
    assert_eq!(consensus_of(&left, first), Some(ConsensusState::Candidate));
    endorse(&mut left, 0, &motion, 500);
    assert_eq!(consensus_of(&left, first), Some(ConsensusState::Candidate));
    endorse(&mut left, 2, &motion, 501);
    assert_eq!(consensus_of(&left, first), Some(ConsensusState::National));
    let second = entry(1, "second", at(300)).id();
    assert_eq!(consensus_of(&left, second), Some(ConsensusState::Candidate));
    // The old key says nothing any more, the new one goes on.
    assert!(
        left.say(
            &key(1),
            at(600),
            says(second, ijkpunt::baseline::Verdict::Abstain)
        )
        .is_err()
    );
    let ijkpunt::baseline::Authority { id, state, .. } = authority(1);
    let place = left.open_log(&id, state, &key(11), at(600)).unwrap();
    assert_eq!(place.sequence, 3);
    let verdict = ijkpunt::baseline::Verdict::Terrorist(types());
    left.say(&key(11), at(601), says(second, verdict)).unwrap();
    assert_eq!(consensus_of(&left, second), Some(ConsensusState::National));
    left.verify(|_| ()).unwrap();
    let mut third = folder.register("third", &genesis(3));
    assert_eq!(merge(&mut third, &exported(&left)).lines_left_out, 0);
    assert_eq!(derived(&third, 1), derived(&left, 1));
}

#[test]
fn a_checkpoint_that_contradicts_the_log_proves_it_too() {
    let folder = Folder::new("checkpoint");
    let [mut left, mut right] = forked(&folder);
    let note = right.promise(&key(1)).unwrap();
    let file = exported(&right);
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let [first, .., last] = &lines[..] else {
        panic!("a genesis, and a checkpoint")
    };
    // The checkpoint alone: it promises three statements, and two are here.
    let merged = merge(&mut left, &[*first, *last].concat());
    assert_eq!(
        (
            merged.lines_left_out,
            merged.checkpoints,
            merged.forked.len()
        ),
        (0, 1, 0)
    );
    assert_eq!(left.forks().unwrap(), []);
    propose(&mut left, 1, "another", 300);
    let [proof] = &left.forks().unwrap()[..] else {
        panic!("one fork");
    };
    assert_eq!(proof.at, 3);
    let Evidence::Checkpoint(told, None) = &proof.evidence else {
        panic!("a checkpoint, and no statement behind it");
    };
    assert_eq!(**told, note);
    let logs = left.logs(now()).unwrap();
    assert_eq!(logs[1].void, Some(Void::Forked(3)));
}
