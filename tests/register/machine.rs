//! Authorities that act at random, beside a naive judge.

use std::collections::BTreeSet;

use ijkpunt::baseline::*;
use ijkpunt::limits::Limits;
use ijkpunt::register::{CutLog, Register, RegisterError, Slot};
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{Adoption, Endorsement, Envelope, Kept, Motion, Revocation, Signer, What};
use proptest::prelude::*;

use crate::history::*;
use crate::model::Model;
use crate::steps::{AUTHORITIES, Damage, Step, Words, step};

/// A register of an authority, the key that signs its log, and the judge.
struct Party {
    number: u8,
    key: u8,
    register: Register,
    model: Model,
}

impl Party {
    /// Whatever the register takes; what it refuses is its right.
    fn say(&mut self, words: &Words, seconds: i64) {
        let of = |number: &u8| entry(*number % 3, "of", at(100)).id();
        let words = words.clone();
        let number = self.number;
        let first = exported(&self.register);
        let what = |slot: Slot| {
            let Slot {
                by,
                state,
                sequence,
                at: now,
                ..
            } = slot;
            match words {
                // Once by each, at a time that all know.
                Words::Propose => {
                    let title = if number < 3 { "of" } else { "another" };
                    let entry = entry(number, title, at(100));
                    What::Event(Event::EntryCreated(Creation { sequence, entry }))
                }
                Words::Assess(entry, is_terrorist) => {
                    let entry = of(&entry);
                    What::Event(Event::Assessed(Assessment {
                        entry,
                        authority: by,
                        state,
                        sequence,
                        verdict: if is_terrorist {
                            Verdict::Terrorist(types())
                        } else {
                            Verdict::Abstain
                        },
                        reasons: Reasons {
                            short: Text::new("as seen").unwrap(),
                            long: None,
                        },
                        exempt_purpose_considered: true,
                        method: Method::ViewedByTwo,
                        viewed: Some(Commitment::to(b"a file")),
                        based_on: None,
                        made_at: now,
                        valid_until: None,
                    }))
                }
                Words::Withdraw(entry) => What::Event(Event::Withdrawn(Withdrawal {
                    entry: of(&entry),
                    by,
                    state,
                    sequence,
                    target: Target::Whole,
                    reason: WithdrawalReason::OverBroad,
                    effective_at: now,
                    reinstatement_required: false,
                })),
                Words::Suspend(entry) => What::Event(Event::Suspended(Suspension {
                    entry: of(&entry),
                    by,
                    state,
                    sequence,
                    reason: Text::new("a complaint").unwrap(),
                    at: now,
                })),
                Words::Resume(entry, lifts) => What::Event(Event::Resumed(Resumption {
                    entry: of(&entry),
                    by,
                    state,
                    sequence,
                    lifts: u64::from(lifts),
                    at: now,
                })),
                Words::EndAct(reference) => What::Event(Event::InstrumentEnded(InstrumentEnd {
                    instrument: InstrumentName {
                        kind: InstrumentKind::RemovalOrder,
                        issued_by: state,
                        reference: Text::new(format!("R-{reference}")).unwrap(),
                    },
                    by,
                    state,
                    sequence,
                    at: now,
                    reason: EndReason::Revoked,
                    reinstatement_required: false,
                })),
                Words::Feedback(entry) => What::Event(Event::Feedback(Feedback {
                    entry: of(&entry),
                    by,
                    state,
                    sequence,
                    at: now,
                    platform: Text::new("a platform").unwrap(),
                    from: at(0),
                    until: at(10),
                    reviews: Reviews::new(9, 3, 1).unwrap(),
                })),
                Words::Admit => endorsed(by, state, sequence, now, admission(3)),
                Words::Adopt => {
                    let states = (0..3).map(|number| Designation {
                        state: super::history::state(number),
                        since: at(0),
                    });
                    let policy = Policy::baseline(states.collect()).unwrap();
                    let replaces = policy.id();
                    let adoption = Adoption {
                        replaces,
                        policy,
                        needed_states: 3,
                    };
                    endorsed(by, state, sequence, now, Motion::Adopt(adoption))
                }
                Words::Revoke(until) => {
                    // Of the one who may tell two stories, as this one knows it.
                    let leaves = leaves_of(&first, 2);
                    let until = usize::from(until).min(leaves.len());
                    let mut tree = ijkpunt::sign::tree::Frontier::default();
                    leaves[..until].iter().for_each(|leaf| {
                        tree.append(*leaf).unwrap();
                    });
                    let revocation = Revocation {
                        authority: authority(2).id,
                        log: key(2).public_key().id(),
                        keeps: Kept {
                            until: until as u64,
                            root: tree.root(),
                        },
                        successor: None,
                        reason: Text::new("the key was copied").unwrap(),
                    };
                    endorsed(by, state, sequence, now, Motion::Revoke(revocation))
                }
            }
        };
        if self.register.say(&key(self.key), at(seconds), what).is_ok() {
            self.learn();
        }
    }

    /// What was said is no secret to the judge.
    fn learn(&mut self) {
        let held = self.model.size();
        self.model.merge(&exported(&self.register));
        assert_eq!(self.model.size().0, held.0 + 1);
        self.compare();
    }

    fn take(&mut self, file: &[u8]) {
        let before = self.model.leaves();
        let merged = self.register.merge(file, &Limits::default(), |_| ());
        match (self.model.merge(file), merged) {
            (Some(left_out), Ok(merged)) => {
                assert_eq!(merged.lines_left_out, left_out, "{merged:?}");
            }
            (None, Err(_)) => {}
            (model, register) => panic!("{model:?} {register:?}"),
        }
        assert!(before.is_subset(&leaves(&self.register)), "taken away");
        self.compare();
    }

    fn compare(&self) {
        assert_eq!(leaves(&self.register), self.model.leaves());
    }

    fn judge(&self) {
        self.compare();
        self.register.verify(|_| ()).unwrap();
        let right = self.model.derived(now());
        for threads in [1, 2, 4] {
            assert_eq!(derived(&self.register, threads), right);
        }
        let states = self
            .register
            .states(now(), 1, |case| case.consensus.clone())
            .unwrap();
        for (entry, consensus) in &states {
            let account = self.register.account(*entry, now()).unwrap().unwrap();
            assert_eq!(
                (&account.entry.id(), &account.consensus),
                (entry, consensus)
            );
        }
    }
}

/// What counts, alone, leads to what all leads to, at any time; and a part of each log leads to the same where nothing else is.
fn judge_cuts(folder: &Folder, register: &Register) {
    for seconds in [105, 115, 130, 10_000] {
        let counting = register.counting(at(seconds)).unwrap();
        let cut = register.cut(&counting).unwrap();
        assert_eq!(states_of_cut(&cut), states_of(register, at(seconds), 1));
    }
    let all = register.counting(now()).unwrap();
    for part in 1..=4 {
        let mut counting = all.clone();
        counting.authorities = (0..AUTHORITIES).map(authority).collect();
        counting.logs.clear();
        for log in register.logs(now()).unwrap() {
            let size = (log.ends - log.begins) * part / 4;
            let stories = register.stories(log.log, Some(log.begins + size)).unwrap();
            // The last one is of another line than the first, where there are two.
            let story = stories.last().filter(|_| size > 0);
            counting.logs.extend(story.map(|kept| CutLog {
                log: log.log,
                authority: log.authority,
                state: log.state,
                begins: log.begins,
                kept: *kept,
                key: None,
            }));
        }
        let cut = register.cut(&counting).unwrap();
        let mut file = Vec::new();
        cut.export(&mut file).unwrap();
        let genesis = file.split(|byte| *byte == b'\n').next().unwrap();
        let genesis = Envelope::from_json(genesis, &Limits::default()).unwrap();
        let mut alone = folder.register(&format!("alone-{part}"), &genesis);
        assert_eq!(merge(&mut alone, &file).left_out, []);
        let again = alone.cut(&counting).unwrap();
        assert_eq!(states_of_cut(&cut), states_of_cut(&again), "part {part}");
        let ends: Vec<_> = alone.logs(now()).unwrap();
        let ends: Vec<_> = ends.iter().map(|log| (log.log, log.ends)).collect();
        let kept = counting.logs.iter().map(|one| (one.log, one.kept.until));
        assert_eq!(ends, kept.collect::<Vec<_>>());
    }
}

fn endorsed(by: AuthorityId, state: MemberState, sequence: u64, at: Time, motion: Motion) -> What {
    What::Endorsed(Endorsement {
        by,
        state,
        sequence,
        at,
        motion,
    })
}

fn leaf(line: &[u8]) -> Option<TreeHash> {
    let envelope = Envelope::from_json(line, &Limits::default()).ok()?;
    Some(TreeHash::leaf(&envelope.message()))
}

fn leaves(register: &Register) -> BTreeSet<TreeHash> {
    let file = exported(register);
    file.split(|byte| *byte == b'\n')
        .skip(1)
        .filter_map(leaf)
        .collect()
}

fn leaves_of(file: &[u8], number: u8) -> Vec<TreeHash> {
    let lines = file.split(|byte| *byte == b'\n').skip(1);
    let id = authority(number).id;
    let of = lines.filter(|line| {
        let Ok(envelope) = Envelope::from_json(line, &Limits::default()) else {
            return false;
        };
        ijkpunt::sign::Claim::read(&envelope)
            .unwrap()
            .unverified()
            .authority()
            == &id
    });
    of.filter_map(leaf).collect()
}

/// What is given: all, a part, or what became of it on the way.
fn given(register: &Register, number: u8, damage: &Damage) -> Vec<u8> {
    let mut file = exported(register);
    let mut lines: Vec<Vec<u8>> = file
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let count = lines.len();
    let behind = |place: u8| 1 + usize::from(place) % (count - 1).max(1);
    match *damage {
        Damage::None => return file,
        Damage::OwnLog => {
            let (mut own, id) = (Vec::new(), authority(number).id);
            register.export(|other| *other == id, &mut own).unwrap();
            return own;
        }
        Damage::Byte(place) => {
            let place = usize::from(place) % file.len();
            file[place] ^= 1;
            return file;
        }
        Damage::Truncated(place) => {
            file.truncate(usize::from(place) % file.len());
            return file;
        }
        Damage::Cut(place) => {
            drop((behind(place) < lines.len()).then(|| lines.remove(behind(place))));
        }
        Damage::Swapped(place) if behind(place) + 1 < lines.len() => {
            let place = behind(place);
            lines.swap(place, place + 1);
        }
        Damage::Swapped(_) => {}
        Damage::Repeated(place) => lines.extend(lines.get(behind(place)).cloned()),
        Damage::OfAnother => {
            let other = genesis(2);
            lines.extend(crate::author::Author::new(0, &other, 10).lines);
        }
    }
    lines.concat()
}

fn run(name: &str, steps: &[Step]) {
    let folder = Folder::new(name);
    let genesis = genesis(3);
    let mut parties: Vec<Party> = (0..AUTHORITIES)
        .map(|number| {
            let mut register = folder.register(&format!("own-{number}"), &genesis);
            open(&mut register, number, 10);
            let mut model = Model::new(&genesis);
            model.merge(&exported(&register));
            Party {
                number,
                key: number,
                register,
                model,
            }
        })
        .collect();
    let copy = folder.path("own-4");
    std::fs::copy(parties[2].register.path(), &copy).unwrap();
    let model = parties[2].model.clone();
    parties.push(Party {
        number: 2,
        key: 2,
        register: reopened(&copy),
        model,
    });
    let mut files: Vec<Vec<u8>> = Vec::new();
    for (seconds, step) in (100..).zip(steps) {
        match step {
            Step::Say(who, words) => parties[usize::from(*who)].say(words, seconds),
            Step::Rotate(who) => {
                let party = &mut parties[usize::from(*who)];
                // A copy takes another key than the first.
                let next = party.key + if *who == AUTHORITIES { 50 } else { 10 };
                let old = key(party.key);
                match party.register.rotate(&old, &key(next), at(seconds)) {
                    Ok(_) => {
                        party.key = next;
                        party.learn();
                    }
                    // The copy has replaced it, and this one has heard of that.
                    Err(RegisterError::NoLog(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            Step::Promise(who) => {
                let party = &mut parties[usize::from(*who)];
                if party.register.promise(&key(party.key)).is_ok() {
                    party.model.merge(&exported(&party.register));
                }
            }
            Step::Give(from, to, damage) => {
                let from = &parties[usize::from(*from)];
                let file = given(&from.register, from.number, damage);
                parties[usize::from(*to)].take(&file);
                files.push(file);
            }
            Step::Reopen(who) => {
                let party = &mut parties[usize::from(*who)];
                party.register = reopened(party.register.path());
            }
        }
    }
    parties.iter().for_each(Party::judge);
    // Everything that is anywhere, and every damaged file, in two orders, until nothing is new.
    files.extend(parties.iter().map(|party| exported(&party.register)));
    let mut ends = Vec::new();
    for order in 0..2 {
        let register = folder.register(&format!("end-{order}"), &genesis);
        let mut end = Party {
            number: 9,
            key: 9,
            register,
            model: Model::new(&genesis),
        };
        loop {
            let before = (end.model.size(), exported(&end.register));
            files.iter().for_each(|file| end.take(file));
            if (end.model.size(), exported(&end.register)) == before {
                break;
            }
        }
        end.judge();
        ends.push(end);
        files.reverse();
    }
    let [one, other] = &ends[..] else {
        unreachable!()
    };
    assert!(exported(&one.register) == exported(&other.register));
    judge_cuts(&folder, &one.register);
    assert_eq!(derived(&one.register, 1), derived(&other.register, 1));
}

#[test]
fn a_key_that_a_copy_has_replaced_signs_no_more() {
    run(
        "machine-copy",
        &[
            Step::Rotate(AUTHORITIES),
            Step::Give(AUTHORITIES, 2, Damage::None),
            Step::Rotate(2),
            Step::Say(2, Words::Propose),
        ],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn registers_hold_what_the_model_holds_and_derive_the_same(steps in prop::collection::vec(step(), 1..50)) {
        run("machine", &steps);
    }
}
