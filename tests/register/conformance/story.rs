//! The story: what each authority says, in which log and when, and which of it stands in which merge file.
//!
//! Days are counted from the founding, 2026-01-01. Keys are those of seeds of 32 equal bytes.

use ijkpunt::baseline::*;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::*;

use super::refused::refused;
use super::words::*;
use crate::author::{note_line, promised};
use crate::history::{authority, entry, genesis, key};

/// A merge file: its name, and its lines behind the genesis, those that are to be left out with what is wrong with them.
pub(super) struct MergeFile {
    pub(super) name: &'static str,
    pub(super) lines: Vec<(Vec<u8>, Option<&'static str>)>,
}

impl MergeFile {
    fn good(name: &'static str, logs: impl IntoIterator<Item = Vec<Vec<u8>>>) -> Self {
        let lines = logs.into_iter().flatten().map(|line| (line, None));
        Self {
            name,
            lines: lines.collect(),
        }
    }
}

/// What is said, by whom, and in which file.
pub(super) struct Story {
    pub(super) genesis: Envelope,
    pub(super) entries: Entries,
    pub(super) files: Vec<MergeFile>,
}

/// The entries, by who has proposed them.
pub(super) struct Entries {
    /// By XA, with all fields.
    pub(super) first: Entry,
    /// By XA.
    pub(super) second: Entry,
    /// By XB.
    pub(super) third: Entry,
    /// By XC, behind the place where its log forks.
    pub(super) fourth: Entry,
    /// By XA, which withdraws it.
    pub(super) fifth: Entry,
}

fn entries() -> Entries {
    Entries {
        first: full_entry(),
        second: entry(0, "second drawing", day(4)),
        third: Entry {
            media: MediaKind::AnimatedImage,
            context: ContextDependence::Dependent,
            ..entry(1, "third drawing", day(7))
        },
        fourth: Entry {
            media: MediaKind::Video,
            context: ContextDependence::Unknown,
            ..entry(2, "fourth drawing", day(16))
        },
        fifth: entry(0, "fifth drawing", day(41)),
    }
}

/// What is signed together.
struct Motions {
    admit_xd: Motion,
    /// Only one state signs it in a way that counts.
    admit_xe: Motion,
    adopt: Motion,
    /// Replaces the same policy, later: without effect.
    adopt_late: Motion,
    /// XA and XB sign it, and XB has no say in it: it waits for ever.
    close_xb: Motion,
}

fn motions(genesis: &Envelope, entries: &Entries) -> Motions {
    let founding = Genesis::open(genesis).unwrap();
    let replaces = founding.founding().policy.id();
    let states = [(0, 0), (1, 0), (2, 0), (3, 11)];
    let adopt = |terms, needed_states| {
        Motion::Adopt(Adoption {
            replaces,
            policy: Policy::new(terms).unwrap(),
            needed_states,
        })
    };
    let admit = |number, roles: &[Role]| {
        Motion::Admit(Admission {
            authority: Authority {
                roles: roles.iter().copied().collect(),
                ..authority(number)
            },
            key: key(number).public_key(),
        })
    };
    let late = Terms {
        name: text("late"),
        rule: Rule::AtLeast(2),
        denominator: Denominator::Explicit([0, 1].map(|number| authority(number).state).into()),
        silence: Silence::None,
        ..changed_terms(&states)
    };
    let b = log_of_xb_in_the_beginning(genesis, entries);
    let close_xb = Motion::Revoke(Revocation {
        authority: authority(1).id,
        log: name_of(1),
        keeps: Kept {
            until: b.log.next(),
            root: b.log.tree.root(),
        },
        successor: None,
        reason: text("another office takes over"),
    });
    Motions {
        close_xb,
        admit_xd: admit(3, &[Role::Scrutinise, Role::ImposePenalties]),
        admit_xe: admit(4, &[Role::IssueOrders, Role::OverseeMeasures]),
        adopt: adopt(changed_terms(&states), 3),
        adopt_late: adopt(late, 2),
    }
}

pub(super) fn story() -> Story {
    let (genesis, entries) = (genesis(3), entries());
    let motions = motions(&genesis, &entries);
    let (c, other_c, kept) = log_of_xc(&genesis, &entries);
    let revoke = Motion::Revoke(Revocation {
        authority: authority(2).id,
        log: name_of(2),
        keeps: kept,
        successor: Some(key(12).public_key()),
        reason: text("the key was copied"),
    });
    let a = log_of_xa(&genesis, &entries, &motions, &revoke);
    let b = log_of_xb(&genesis, &entries, &motions, &revoke);
    let d = log_of_xd(&genesis, &entries, &motions, &revoke);
    let mut e = Hand::open(4, &genesis, 2);
    e.assess(9, entries.first.id(), Verdict::NotTerrorist);
    // In the name of XB, by a key that is not its own.
    let mut stranger = Hand::opened(1, 66, 0, &genesis, 3);
    stranger.assess(9, entries.first.id(), Verdict::NotTerrorist);
    let mut next_c = Hand::opened(2, 12, kept.until, &genesis, 45);
    next_c.assess(46, entries.fourth.id(), terrorist(&[TcoType::C]));
    // XA's promise holds, XE's is another story.
    let mut early = Hand::open(0, &genesis, 1);
    log_of_xa_until_its_key_changes(&mut early, &entries, &motions);
    let promise = early.log.promise(&genesis, 0, 10);
    let contradiction = promised(&genesis, 4, 4, 2, TreeHash::leaf(b"x"));
    let files = vec![
        MergeFile::good(
            "merge-1.jsonl",
            [a.lines(..13), b.lines(..11), c.lines(..3), vec![promise]],
        ),
        MergeFile::good(
            "merge-2.jsonl",
            [
                other_c.lines(..),
                d.lines(..5),
                e.lines(..),
                stranger.lines(..),
                vec![note_line(&contradiction)],
            ],
        ),
        MergeFile::good(
            "merge-3.jsonl",
            [
                a.lines(13..),
                b.lines(11..),
                c.lines(3..),
                next_c.lines(..),
                d.lines(5..),
            ],
        ),
        MergeFile {
            name: "merge-4.jsonl",
            lines: refused(&genesis, &entries, &a, &b),
        },
    ];
    Story {
        genesis,
        entries,
        files,
    }
}

fn log_of_xa(genesis: &Envelope, entries: &Entries, motions: &Motions, revoke: &Motion) -> Hand {
    let mut a = Hand::open(0, genesis, 1);
    log_of_xa_until_its_key_changes(&mut a, entries, motions);
    a.endorse(30, &motions.adopt);
    a.endorse(30, &motions.adopt_late);
    a.endorse(40, revoke);
    a.propose(&entries.fifth);
    a.take_back(42, entries.fifth.id(), Target::Whole);
    a.assess(44, entries.first.id(), terrorist(&[TcoType::A]));
    a
}

fn log_of_xa_until_its_key_changes(a: &mut Hand, entries: &Entries, motions: &Motions) {
    let (first, second) = (entries.first.id(), entries.second.id());
    let act = order(a.state(), "R-17", 1);
    a.propose(&entries.first);
    let resting = Assessment {
        based_on: Some(act.clone()),
        reasons: Reasons {
            short: text("as drawn"),
            long: Some(Commitment::to(b"a long text")),
        },
        ..a.word(3, first, terrorist(&[TcoType::A, TcoType::D]))
    };
    a.say(Event::Assessed(resting));
    a.propose(&entries.second);
    let sequence = a.log.next();
    a.assess(5, second, terrorist(&[TcoType::A]));
    a.endorse(9, &motions.admit_xe);
    a.endorse(10, &motions.admit_xd);
    a.tell(12, first);
    a.endorse(16, &motions.close_xb);
    a.end(20, &act, EndReason::Annulled);
    let authority = a.by();
    let target = Target::Assessment {
        authority,
        sequence,
    };
    a.take_back(22, second, target);
    let passing = Assessment {
        valid_until: Some(day(60)),
        ..a.word(23, second, terrorist(&[TcoType::A, TcoType::B]))
    };
    a.say(Event::Assessed(passing));
    a.rotate(25, 10);
}

fn log_of_xb_in_the_beginning(genesis: &Envelope, entries: &Entries) -> Hand {
    let mut b = Hand::open(1, genesis, 1);
    let (first, second) = (entries.first.id(), entries.second.id());
    let by_one = Assessment {
        method: Method::ViewedByOne,
        exempt_purpose_considered: false,
        ..b.word(4, first, terrorist(&[TcoType::A]))
    };
    b.say(Event::Assessed(by_one));
    b.assess(6, second, Verdict::NotTerrorist);
    b.propose(&entries.third);
    let abstains = Assessment {
        viewed: None,
        ..b.word(8, entries.third.id(), Verdict::Abstain)
    };
    b.say(Event::Assessed(abstains));
    // Of an entry that nobody has proposed yet: it never counts.
    b.assess(8, entries.fourth.id(), terrorist(&[TcoType::C]));
    b
}

fn log_of_xb(genesis: &Envelope, entries: &Entries, motions: &Motions, revoke: &Motion) -> Hand {
    let mut b = log_of_xb_in_the_beginning(genesis, entries);
    let (first, second) = (entries.first.id(), entries.second.id());
    b.endorse(11, &motions.admit_xd);
    let lifts = b.suspend(13, first);
    b.resume(15, first, lifts);
    b.endorse(16, &motions.close_xb);
    b.take_back(24, second, Target::Whole);
    b.endorse(31, &motions.adopt);
    b.endorse(32, &motions.adopt_late);
    b.endorse(41, revoke);
    b.assess(43, second, terrorist(&[TcoType::A]));
    b
}

/// Both stories that XC tells, and what is kept of the first.
fn log_of_xc(genesis: &Envelope, entries: &Entries) -> (Hand, Hand, Kept) {
    let mut c = Hand::open(2, genesis, 1);
    let adopted = Assessment {
        method: Method::Adopted {
            from: authority(0).id,
        },
        viewed: None,
        ..c.word(5, entries.first.id(), terrorist(&[TcoType::A]))
    };
    c.say(Event::Assessed(adopted));
    c.assess(9, entries.third.id(), Verdict::InsufficientInformation);
    let mut other = c.clone();
    other.assess(14, entries.second.id(), Verdict::NotTerrorist);
    c.assess(14, entries.second.id(), terrorist(&[TcoType::B]));
    c.propose(&entries.fourth);
    let kept = Kept {
        until: c.log.next(),
        root: c.log.tree.root(),
    };
    // Behind what is kept.
    c.assess(17, entries.third.id(), terrorist(&[TcoType::E]));
    (c, other, kept)
}

fn log_of_xd(genesis: &Envelope, entries: &Entries, motions: &Motions, revoke: &Motion) -> Hand {
    let mut d = Hand::open(3, genesis, 2);
    let [first, second, third] = [&entries.first, &entries.second, &entries.third].map(Entry::id);
    let act = order(authority(1).state, "R-4", 7);
    // Before its admission: its signature never counts, its word does once it is admitted.
    d.endorse(6, &motions.admit_xe);
    d.assess(7, first, terrorist(&[TcoType::A]));
    let resting = Assessment {
        based_on: Some(act.clone()),
        ..d.word(18, third, terrorist(&[TcoType::A]))
    };
    d.say(Event::Assessed(resting));
    // It was not appointed to be told.
    d.tell(19, first);
    let only = Verdict::TerroristOnlyInContext(TcoType::A.into());
    d.assess(33, second, only);
    d.endorse(34, &motions.adopt_late);
    d.end(36, &act, EndReason::ScrutinyInfringement);
    d.endorse(42, revoke);
    d
}

/// What is told of entries at the end of days: derived by hand, from the rules.
pub(super) const STATES: [(i64, &[(&str, &str)]); 7] = [
    (
        10,
        &[
            ("first", "emerging, 2 of 3"),
            ("second", "rejected"),
            ("third", "under assessment"),
        ],
    ),
    (
        13,
        &[
            ("first", "suspended"),
            ("second", "rejected"),
            ("third", "under assessment"),
        ],
    ),
    (
        21,
        &[
            ("first", "national"),
            ("second", "rejected"),
            ("third", "under assessment"),
        ],
    ),
    (
        27,
        &[
            ("first", "national"),
            ("second", "national"),
            ("third", "under assessment"),
        ],
    ),
    (
        35,
        &[
            ("first", "baseline"),
            ("second", "national"),
            ("third", "national"),
        ],
    ),
    (
        44,
        &[
            ("first", "baseline"),
            ("second", "emerging, 2 of 4"),
            ("third", "under assessment"),
            ("fourth", "candidate"),
            ("fifth", "withdrawn"),
        ],
    ),
    (
        70,
        &[
            ("first", "baseline"),
            ("second", "national"),
            ("third", "under assessment"),
            ("fourth", "national"),
            ("fifth", "withdrawn"),
        ],
    ),
];
