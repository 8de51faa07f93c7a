//! What is released of registers.

use std::collections::BTreeMap;

use ijkpunt::baseline::*;
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use ijkpunt::publish::{Least, Release, ReleaseError, Terms};
use ijkpunt::register::{Counting, CutLog, Register, RegisterError};
use ijkpunt::sign::*;
use ijkpunt::snapshot::Snapshot;

use crate::author::Author;
use crate::history::*;

/// A picture that somebody proposes.
pub(crate) fn picture(by: u8, number: u8, seconds: i64) -> Entry {
    let pdq = Fingerprint {
        code: Pdq::from_bytes([number; 32]).into(),
        quality: Quality::new(90).ok(),
        profile: Profile::Full,
        part: None,
        shown: None,
        label: None,
    };
    let digest = Fingerprint {
        code: DigestKind::Sha256.of(&[number]).into(),
        quality: None,
        profile: Profile::Unstated,
        ..pdq.clone()
    };
    let window = Fingerprint {
        profile: Profile::Windows,
        part: Part::new([0, 0, 5000, 5000]).ok(),
        ..pdq.clone()
    };
    let frame = Fingerprint {
        shown: Some(Shown::new(500, 50, FrameRole::Core)),
        ..pdq.clone()
    };
    // A part, and yet no window: nothing could look it up.
    let neither = Fingerprint {
        part: window.part,
        ..pdq.clone()
    };
    Entry {
        fingerprints: vec![neither, window, digest, frame, pdq],
        ..entry(by, &format!("picture {number}"), at(seconds))
    }
}

pub(crate) fn propose(register: &mut Register, number: u8, entry: Entry) -> EntryId {
    let (id, made_at) = (entry.id(), entry.created_at);
    let said = register.say(&key(number), made_at, |slot| {
        What::Event(Event::EntryCreated(Creation {
            sequence: slot.sequence,
            entry,
        }))
    });
    said.unwrap();
    id
}

/// The registers of three states that have told each other everything: one entry that all have assessed, one that two have, one that one has, one without
/// hashes, and one that was in the baseline and is suspended.
pub(crate) fn union(folder: &Folder) -> (Vec<Register>, [EntryId; 5]) {
    let genesis = genesis(3);
    let registers = (0..3).map(|number| folder.register(&format!("own-{number}"), &genesis));
    let mut registers: Vec<_> = registers.collect();
    for (number, register) in (0..).zip(&mut registers) {
        open(register, number, 10);
    }
    let first = &mut registers[0];
    let ids = [0, 1, 2, 4].map(|number| propose(first, 0, picture(0, number, 100)));
    let without = propose(first, 0, entry(0, "without hashes", at(101)));
    tell_all(&mut registers);
    for number in 0..3 {
        let register = &mut registers[usize::from(number)];
        for (entry, states) in [
            (ids[0], 3),
            (ids[1], 2),
            (ids[2], 1),
            (ids[3], 3),
            (without, 3),
        ] {
            if number < states {
                assess(register, number, entry, 200);
            }
        }
    }
    tell_all(&mut registers);
    suspend(&mut registers[1], 1, ids[3], 300);
    tell_all(&mut registers);
    (registers, [ids[0], ids[1], ids[2], ids[3], without])
}

pub(crate) fn suspend(register: &mut Register, number: u8, entry: EntryId, seconds: i64) {
    let said = register.say(&key(number), at(seconds), |slot| {
        What::Event(Event::Suspended(Suspension {
            entry,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            reason: Text::new("a complaint").unwrap(),
            at: slot.at,
        }))
    });
    said.unwrap();
}

pub(crate) fn tell_all(registers: &mut [Register]) {
    let files: Vec<_> = registers.iter().map(exported).collect();
    for register in registers {
        files.iter().for_each(|file| drop(merge(register, file)));
    }
}

fn terms(seconds: i64, least: Least) -> Terms {
    Terms {
        sequence: 7,
        at: at(seconds),
        valid_until: at(seconds + 86_400),
        least,
    }
}

pub(crate) fn bytes(release: &Release, register: &Register, threads: usize) -> Vec<u8> {
    let drafted = release.draft(register, threads).unwrap();
    drafted.draft.to_bytes().unwrap()
}

fn opened(bytes: Vec<u8>) -> Snapshot {
    Snapshot::from_bytes(bytes).unwrap()
}

#[test]
fn what_states_agree_on_goes_in_and_nothing_else() {
    let folder = Folder::new("releases");
    let (registers, [all, two, one, suspended, without]) = union(&folder);
    let ids = |least, seconds| {
        let release = Release::new(&registers[0], terms(seconds, least)).unwrap();
        let drafted = release.draft(&registers[0], 2).unwrap();
        assert_eq!(drafted.unfindable, [without]);
        let mut ids: Vec<_> = drafted.draft.entries().map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    };
    let sorted = |mut ids: Vec<EntryId>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(Least::Baseline, 400), [all]);
    assert_eq!(ids(Least::Emerging, 400), sorted(vec![all, two]));
    assert_eq!(ids(Least::National, 400), sorted(vec![all, two, one]));
    // Before it was suspended, and before it was assessed.
    assert_eq!(ids(Least::Baseline, 250), sorted(vec![all, suspended]));
}

#[test]
fn a_snapshot_says_who_said_it_and_of_which_logs_it_was_made() {
    let folder = Folder::new("release-content");
    let (registers, [all, ..]) = union(&folder);
    let release = Release::new(&registers[2], terms(400, Least::Baseline)).unwrap();
    let snapshot = opened(bytes(&release, &registers[2], 1));
    assert_eq!((snapshot.sequence(), snapshot.created_at()), (7, at(400)));
    assert_eq!(snapshot.valid_until(), Some(at(400 + 86_400)));
    let standing = registers[0].standing(at(400)).unwrap();
    assert_eq!(snapshot.policy(), Some(standing.policy()));
    let authorities: Vec<_> = snapshot.authorities().to_vec();
    assert_eq!(authorities, [0, 1, 2].map(authority));
    for (number, log) in (0..).zip(snapshot.logs()) {
        let (key, name) = (key(number).public_key(), key(number).public_key().id());
        let ends = registers[0].logs(at(400)).unwrap();
        let ends = ends.iter().find(|log| log.log == name).unwrap();
        let kept = registers[0].stories(name, Some(ends.ends)).unwrap()[0];
        assert_eq!(
            (&log.authority, log.name),
            (&authority(number).id, name.to_bytes())
        );
        assert_eq!((log.begins, log.size), (0, ends.ends));
        assert_eq!(log.root, kept.root.to_bytes());
        assert_eq!(log.key, Some(key.to_bytes()));
    }
    let record = snapshot.entry(snapshot.find(all).unwrap()).unwrap();
    assert_eq!(record.title, "picture 0");
    assert_eq!(record.state, Some(ConsensusState::Baseline));
    assert_eq!(record.types, Some(types()));
    assert_eq!(record.context, Some(ContextDependence::Independent));
    assert_eq!(record.created_at, Some(at(100)));
    let said: Vec<_> = record
        .said
        .iter()
        .map(|said| (&said.authority, said.made_at))
        .collect();
    let expected = [0, 1, 2].map(|number| (authority(number).id, at(200)));
    let expected: Vec<_> = expected.iter().map(|(id, at)| (id, *at)).collect();
    assert_eq!(said, expected);
    let counts = (
        snapshot.wholes().len(),
        snapshot.windows().len(),
        snapshot.frames().len(),
        snapshot.digests(),
    );
    assert_eq!(counts, (1, 1, 1, 1), "the hash that is neither stays out");
}

#[test]
fn words_that_no_longer_stand_do_not_go_in() {
    let folder = Folder::new("release-words");
    let (mut registers, [_, two, ..]) = union(&folder);
    let verdict = Verdict::TerroristOnlyInContext(types());
    let register = &mut registers[2];
    register.say(&key(2), at(500), says(two, verdict)).unwrap();
    let withdrawn = |slot: ijkpunt::register::Slot| {
        What::Event(Event::Withdrawn(Withdrawal {
            entry: two,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            target: Target::Assessment {
                authority: authority(0).id,
                sequence: 7,
            },
            reason: WithdrawalReason::AssessmentRevoked,
            effective_at: slot.at,
            reinstatement_required: false,
        }))
    };
    let account = registers[0].account(two, now()).unwrap().unwrap();
    let own = account.counted.iter().find_map(|event| match event {
        Event::Assessed(one) if one.authority == authority(0).id => Some(one.sequence),
        _ => None,
    });
    assert_eq!(own, Some(7));
    registers[0].say(&key(0), at(501), withdrawn).unwrap();
    tell_all(&mut registers);
    let release = Release::new(&registers[1], terms(600, Least::National)).unwrap();
    let snapshot = opened(bytes(&release, &registers[1], 1));
    let record = snapshot.entry(snapshot.find(two).unwrap()).unwrap();
    let said: Vec<_> = record
        .said
        .iter()
        .map(|said| (&said.authority, said.verdict))
        .collect();
    let terrorist = Verdict::Terrorist(types());
    let ids = [1, 2].map(|number| authority(number).id);
    assert_eq!(said, [(&ids[0], terrorist), (&ids[1], verdict)]);
}

#[test]
fn everyone_makes_the_same_bytes_whatever_else_they_hold() {
    let folder = Folder::new("release-bytes");
    let (mut registers, [all, ..]) = union(&folder);
    let release = Release::new(&registers[0], terms(400, Least::National)).unwrap();
    let first = bytes(&release, &registers[0], 1);
    // Said later, and said later with an earlier date, by another one and by a stranger.
    suspend(&mut registers[2], 2, all, 350);
    let mut stranger = Author::new(4, &genesis(3), 10);
    stranger.assess(all, 200);
    for register in &mut registers[1..] {
        merge(register, &stranger.file(&genesis(3)));
    }
    tell_all(&mut registers[1..]);
    let mut fresh = folder.register("fresh", &genesis(3));
    for register in registers.iter().rev() {
        merge(&mut fresh, &exported(register));
    }
    for register in registers.iter().chain([&fresh]) {
        for threads in [1, 2, 4] {
            assert!(bytes(&release, register, threads) == first, "other bytes");
        }
    }
    let later = Release::new(&fresh, terms(400, Least::National)).unwrap();
    assert_ne!(later, release);
    assert!(
        bytes(&later, &fresh, 1) != first,
        "the suspension takes it out"
    );
    // It goes round as people read it.
    let json = serde_json::to_string_pretty(&release).unwrap();
    assert_eq!(serde_json::from_str::<Release>(&json).unwrap(), release);
}

#[test]
fn what_a_release_leaves_out_is_told_to_who_signs() {
    let folder = Folder::new("release-left-out");
    let (mut registers, [all, ..]) = union(&folder);
    let release = Release::new(&registers[0], terms(400, Least::Baseline)).unwrap();
    assert_eq!(release.left_out(&registers[1]).unwrap(), []);
    suspend(&mut registers[1], 1, all, 350);
    let [left_out] = &release.left_out(&registers[1]).unwrap()[..] else {
        panic!("one log");
    };
    assert_eq!(
        (&left_out.log.authority, left_out.statements),
        (&authority(1).id, 1)
    );
    // A whole log.
    let mut without = release.clone();
    without.counting.logs.remove(2);
    let left_out = without.left_out(&registers[0]).unwrap();
    let ends = release.counting.logs[2].kept.until;
    assert_eq!((left_out.len(), left_out[0].statements), (1, ends));
    // What is dated behind the release is not missing from it, nor in one that is made later of the same moment.
    suspend(&mut registers[2], 2, all, 500);
    assert_eq!(release.left_out(&registers[2]).unwrap(), []);
    assert_eq!(
        Release::new(&registers[2], terms(400, Least::Baseline)).unwrap(),
        release
    );
}

#[test]
fn a_release_that_says_something_else_than_the_register_is_refused() {
    let folder = Folder::new("release-refused");
    let (registers, _) = union(&folder);
    let register = &registers[0];
    let right = Release::new(register, terms(400, Least::Baseline)).unwrap();
    let refused = |change: &dyn Fn(&mut Release)| {
        let mut wrong = right.clone();
        change(&mut wrong);
        wrong.draft(register, 1).unwrap_err().to_string()
    };
    let is_not_so = |change: &dyn Fn(&mut CutLog)| {
        let told = refused(&|one| change(&mut one.counting.logs[1]));
        assert!(told.contains("it is said that it has"), "{told}");
    };
    is_not_so(&|log| log.authority = authority(0).id);
    is_not_so(&|log| log.authority = "x0-other".parse().unwrap());
    is_not_so(&|log| log.state = state(7));
    is_not_so(&|log| log.begins = 1);
    is_not_so(&|log| log.key = Some(key(9).public_key()));
    let not_here = |change: &dyn Fn(&mut CutLog)| {
        let told = refused(&|one| change(&mut one.counting.logs[1]));
        assert!(told.contains("is not here up to place"), "{told}");
    };
    not_here(&|log| log.kept.until += 1);
    not_here(&|log| log.kept.root = tree::TreeHash::empty());
    not_here(&|log| log.log = key(9).public_key().id());
    let twice = |change: &dyn Fn(&mut Counting)| {
        let told = refused(&|one| change(&mut one.counting));
        assert!(told.contains("or something is said twice"), "{told}");
    };
    twice(&|one| one.logs.swap(0, 1));
    twice(&|one| one.logs.insert(0, one.logs[0].clone()));
    twice(&|one| one.authorities.swap(0, 1));
    twice(&|one| one.authorities.insert(0, one.authorities[0].clone()));
    twice(&|one| drop(one.authorities.remove(1)));
    twice(&|one| one.authorities[1].state = state(7));
    // Two logs of one authority that both go on.
    twice(&|one| {
        let second = CutLog {
            log: key(9).public_key().id(),
            ..one.logs[2].clone()
        };
        one.logs.push(second);
        one.logs.sort_by_key(|one| (one.authority.clone(), one.log));
    });
    let ended = refused(&|one| one.valid_until = one.counting.at);
    assert!(ended.contains("let it end later"), "{ended}");
    let other = folder.register("other", &genesis(2));
    assert!(matches!(
        right.draft(&other, 1),
        Err(ReleaseError::OtherRegister { .. })
    ));
    // An authority whose key is left out could suspend nothing: the snapshot could be made, and nobody signs it.
    let mut silenced = right.clone();
    silenced.counting.logs[1].key = None;
    silenced.draft(register, 1).unwrap();
    assert!(matches!(
        silenced.left_out(register),
        Err(ReleaseError::OtherLog(_))
    ));
    // By another policy, or for others.
    let mut other = right.clone();
    let designated = [0, 1].map(|number| Designation {
        state: state(number),
        since: at(0),
    });
    other.counting.policy = Policy::baseline(designated.into()).unwrap();
    other.draft(register, 1).unwrap();
    assert!(matches!(
        other.left_out(register),
        Err(ReleaseError::OtherStanding)
    ));
    let mut other = right.clone();
    other.counting.authorities.push(authority(3));
    other.draft(register, 1).unwrap();
    assert!(matches!(
        other.left_out(register),
        Err(ReleaseError::OtherStanding)
    ));
}

#[test]
fn who_knows_of_a_second_story_signs_no_release_that_goes_beyond_it() {
    let folder = Folder::new("release-forked");
    let genesis = genesis(3);
    let mut told = folder.register("told", &genesis);
    let mut knows = folder.register("knows", &genesis);
    let mut first = Author::new(0, &genesis, 10);
    let entry = first.propose("first", 100);
    let mut other = first.clone();
    first.assess(entry, 200);
    other.propose("second", 201);
    let second = Author::new(1, &genesis, 11);
    for register in [&mut told, &mut knows] {
        merge(register, &first.file(&genesis));
        merge(register, &second.file(&genesis));
    }
    let release = Release::new(&told, terms(400, Least::National)).unwrap();
    release.left_out(&knows).unwrap();
    merge(&mut knows, &other.file(&genesis));
    let refused = release.left_out(&knows).unwrap_err();
    assert!(
        matches!(
            refused,
            ReleaseError::Beyond {
                until: 3,
                counts: 2,
                ..
            }
        ),
        "{refused}"
    );
    // It can still be made again: an auditor sees what was signed.
    bytes(&release, &knows, 1);
    // What everybody can sign ends where the stories part, and nothing goes on from there.
    let cut = Release::new(&knows, terms(400, Least::National)).unwrap();
    assert_eq!(
        (cut.counting.logs[0].kept.until, cut.counting.logs[0].key),
        (2, None)
    );
    assert!(bytes(&cut, &knows, 1) == bytes(&cut, &told, 1));
    assert_eq!(cut.left_out(&knows).unwrap(), []);
    // Who has not heard of the second story does not know why.
    assert!(matches!(
        cut.left_out(&told),
        Err(ReleaseError::OtherLog(_))
    ));
    // The other story alone is not what counts.
    let mut only_other = folder.register("only-other", &genesis);
    merge(&mut only_other, &other.file(&genesis));
    assert!(matches!(
        release.draft(&only_other, 1),
        Err(ReleaseError::Register(RegisterError::NoStory { .. }))
    ));
}

#[test]
fn a_log_of_which_nothing_counts_is_listed_so_that_nobody_misses_it() {
    let folder = Folder::new("release-nothing");
    let (mut registers, [all, ..]) = union(&folder);
    let before = Release::new(&registers[0], terms(400, Least::National)).unwrap();
    let name = key(2).public_key().id();
    let listed = |release: &Release| {
        let mut logs = release.counting.logs.iter();
        let log = logs.find(|log| log.log == name).unwrap();
        (log.kept.until - log.begins, log.key)
    };
    assert_ne!(listed(&before).0, 0);
    // Opened again, in the name of another: which opening came first must not matter.
    let mut torn = folder.register("torn", &genesis(3));
    let second = Author::opened(1, 2, 0, &genesis(3), 10);
    for file in [second.file(&genesis(3)), exported(&registers[0])] {
        merge(&mut torn, &file);
        merge(&mut registers[1], &file);
    }
    let releases = [&torn, &registers[1]].map(|register| {
        let release = Release::new(register, terms(400, Least::National)).unwrap();
        assert_eq!(listed(&release), (0, None));
        bytes(&release, register, 1)
    });
    assert!(releases[0] == releases[1]);
    // Closed from its beginning on.
    let closed = Motion::Revoke(Revocation {
        authority: authority(2).id,
        log: name,
        keeps: Kept {
            until: 0,
            root: tree::TreeHash::empty(),
        },
        successor: None,
        reason: Text::new("never its own").unwrap(),
    });
    endorse(&mut registers[0], 0, &closed, 410);
    let told = exported(&registers[0]);
    merge(&mut registers[2], &told);
    let mut other = folder.register("other", &genesis(3));
    merge(&mut other, &exported(&registers[2]));
    let mut second = folder.register("second", &genesis(3));
    merge(&mut second, &exported(&registers[2]));
    let said = second.say(&key(1), at(411), |slot| {
        What::Endorsed(Endorsement {
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            motion: closed.clone(),
        })
    });
    said.unwrap();
    merge(&mut other, &exported(&second));
    let after = Release::new(&other, terms(500, Least::National)).unwrap();
    assert_eq!(listed(&after), (0, None));
    assert_eq!(after.left_out(&second).unwrap(), []);
    let snapshot = opened(bytes(&after, &other, 1));
    assert!(bytes(&after, &second, 1) == snapshot.as_bytes());
    let record = snapshot.entry(snapshot.find(all).unwrap()).unwrap();
    assert_eq!(record.said.len(), 2, "what XC said is gone");
}

#[test]
fn releases_of_the_written_history_hold_what_its_states_say() {
    let folder = Folder::new("release-history");
    let read = |name: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::read(folder.join("testdata/conformance/register").join(name)).unwrap()
    };
    let genesis = read("genesis.json");
    let genesis =
        Envelope::from_json(genesis.trim_ascii(), &ijkpunt::limits::Limits::default()).unwrap();
    let mut register = folder.register("own", &genesis);
    for _ in 0..3 {
        for number in 1..=4 {
            merge(&mut register, &read(&format!("merge-{number}.jsonl")));
        }
    }
    let mut listed = 0;
    for day in [10, 13, 21, 27, 35, 44, 70] {
        let seconds = day * 86_400;
        let states = register.states(at(seconds), 1, |case| {
            let has_hashes = !case.entry.fingerprints.is_empty();
            has_hashes.then_some(case.consensus.state)
        });
        for least in [Least::Baseline, Least::Emerging, Least::National] {
            let states = states.as_ref().unwrap().iter();
            let expected: BTreeMap<_, _> = states
                .filter_map(|(id, state)| Some((*id, (*state)?)))
                .filter(|(_, state)| match least {
                    Least::Baseline => matches!(
                        state,
                        ConsensusState::Baseline | ConsensusState::BaselineBySilence
                    ),
                    Least::Emerging => state.may_be_listed() && *state != ConsensusState::National,
                    _ => state.may_be_listed(),
                })
                .collect();
            let release = Release::new(&register, terms(seconds, least)).unwrap();
            assert_eq!(release.left_out(&register).unwrap(), []);
            let snapshot = opened(bytes(&release, &register, 2));
            let found = (0..snapshot.entries()).map(|entry| snapshot.entry(entry).unwrap());
            let found: BTreeMap<_, _> = found.map(|one| (one.id, one.state.unwrap())).collect();
            assert_eq!(found, expected, "day {day}, {least}");
            listed += found.len();
            snapshot.audit().unwrap();
        }
    }
    assert!(listed > 5, "{listed}");
}
