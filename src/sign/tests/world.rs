//! Registers of which only what was endorsed is known: made by hand, and at random.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::baseline::PolicyId;
use crate::sign::tree::TreeHash;
use crate::sign::{
    Adoption, Endorsement, Kept, KeyId, Line, LogFacts, Motion, Place, Revocation, Standing,
};

pub(super) static IDS: LazyLock<Vec<KeyId>> = LazyLock::new(|| {
    (0..12)
        .map(|number| key(number).public_key().id())
        .collect()
});

/// A register of which only what was endorsed is known.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) genesis: Genesis,
    pub(super) logs: BTreeMap<KeyId, LogFacts>,
    pub(super) said: Vec<(Place, Endorsement)>,
    pub(super) now: Time,
}

pub(super) fn at(seconds: u32) -> Time {
    Time::from_unix_seconds(now().unix_seconds() + i64::from(seconds)).unwrap()
}

pub(super) fn id(number: u8) -> KeyId {
    key(number).public_key().id()
}

pub(super) fn place(number: u8, sequence: u64) -> Place {
    Place {
        log: id(number),
        line: 0,
        sequence,
    }
}

pub(super) fn facts(by: &str, state: &str, from: u64) -> LogFacts {
    LogFacts {
        authority: by.parse().unwrap(),
        state: state.parse().unwrap(),
        lines: vec![Line { parent: 0, from }],
        forked_at: None,
        kept: BTreeMap::new(),
    }
}

pub(super) fn kept(until: u64) -> Kept {
    Kept {
        until,
        root: TreeHash::leaf(b"kept"),
    }
}

pub(super) fn revocation(by: &str, number: u8, until: u64, successor: Option<u8>) -> Motion {
    Motion::Revoke(Revocation {
        authority: by.parse().unwrap(),
        log: id(number),
        keeps: kept(until),
        successor: successor.map(|number| key(number).public_key()),
        reason: Text::new("stolen").unwrap(),
    })
}

pub(super) fn adoption(replaces: PolicyId, version: u32, needed_states: u32) -> Motion {
    let mut terms = policy().terms().clone();
    terms.version = version;
    Motion::Adopt(Adoption {
        replaces,
        policy: Policy::new(terms).unwrap(),
        needed_states,
    })
}

impl World {
    /// Of a and d of XA, b of XB and c of XC, whose keys are 1, 4, 2 and 3; two states decide.
    pub(super) fn new() -> Self {
        let founder = |number: u8, id: &str, state: &str| Founder {
            authority: authority(id, state, &[Role::IssueOrders]),
            key: key(number).public_key(),
        };
        let all = [
            (1, "a", "XA"),
            (2, "b", "XB"),
            (3, "c", "XC"),
            (4, "d", "XA"),
        ];
        let mut founding = genesis().founding().clone();
        founding.founders = all
            .map(|(number, id, state)| founder(number, id, state))
            .to_vec();
        let mut world = Self {
            genesis: Genesis::new(founding).unwrap(),
            logs: BTreeMap::new(),
            said: Vec::new(),
            now: at(1000),
        };
        for (number, id, state) in all {
            world.log(number, facts(id, state, 0));
        }
        world
    }

    pub(super) fn log(&mut self, number: u8, facts: LogFacts) -> &mut LogFacts {
        self.logs.entry(id(number)).or_insert(facts)
    }

    pub(super) fn endorse(&mut self, place: Place, seconds: u32, motion: &Motion) {
        let facts = &self.logs[&place.log];
        let endorsement = Endorsement {
            by: facts.authority.clone(),
            state: facts.state,
            sequence: place.sequence,
            at: at(seconds),
            motion: motion.clone(),
        };
        self.said.push((place, endorsement));
    }

    /// By the logs of these keys, each at the place and in the second that are given.
    pub(super) fn together(&mut self, numbers: &[u8], moment: u32, motion: &Motion) {
        for number in numbers {
            self.endorse(place(*number, moment.into()), moment, motion);
        }
    }

    pub(super) fn standing(&self) -> Standing {
        let said = self.said.iter().map(|(place, one)| (*place, one));
        Standing::new(&self.genesis, self.logs.clone(), said, self.now)
    }
}

const STATES: [&str; 4] = ["XA", "XB", "XC", "XD"];
const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn motions() -> impl Strategy<Value = Motion> {
    let admit = (0..7_usize, 0..4_usize, 5..10_u8)
        .prop_map(|(id, state, number)| history::admission(NAMES[id], STATES[state], number));
    let usual = prop_oneof![Just(("f", "XD", 6)), Just(("g", "XA", 7))]
        .prop_map(|(id, state, number)| history::admission(id, state, number));
    let revoke = (
        0..7_u8,
        prop::option::weighted(0.3, 1..10_u8),
        0..5_u64,
        prop::option::of(6..10_u8),
    )
        .prop_map(|(id, log, until, next)| {
            revocation(NAMES[usize::from(id)], log.unwrap_or(id + 1), until, next)
        });
    let adopt = (1..3_u32, 1..4_u32, 1..5_u32).prop_map(|(replaces, version, needed)| {
        let Motion::Adopt(old) = adoption(policy().id(), replaces, 2) else {
            panic!("an adoption");
        };
        adoption(old.policy.id(), version, needed)
    });
    prop_oneof![1 => admit, 2 => usual, 3 => revoke, 2 => adopt]
}

prop_compose! {
    pub(super) fn worlds()(
        states in prop::collection::vec(0..4_usize, 2..6),
        needed in 2..4_u32,
        motions in prop::collection::vec(motions(), 1..6),
        logs in prop::collection::vec((0..4_usize, 0..4_u64, prop::option::weighted(0.2, 0..6_u64), any::<bool>()), 10),
        lines in prop::collection::vec((0..2_u32, 1..6_u64), 0..3),
        stories in prop::collection::vec(prop_oneof![1 => Just(None), 1 => Just(Some(None)), 5 => (0..3_u32).prop_map(|line| Some(Some(line / 2)))], 50),
        said in prop::collection::vec((1..10_usize, 0..8_u32, 0..6_u64, 0..20_u32, 0..6_usize), 0..40),
        now in 5..25_u32,
    ) -> World {
        let mut states = states;
        (states[0], states[1]) = (0, 1);
        let distinct: BTreeSet<_> = states.iter().collect();
        let mut founding = genesis().founding().clone();
        founding.needed_states = needed.min(u32::try_from(distinct.len()).unwrap());
        founding.founders = states.iter().enumerate().map(|(i, state)| Founder {
            authority: authority(NAMES[i], STATES[*state], &[]),
            key: key(u8::try_from(i + 1).unwrap()).public_key(),
        }).collect();
        let mut world = World { genesis: Genesis::new(founding).unwrap(), logs: BTreeMap::new(), said: Vec::new(), now: at(now) };
        for (number, (owner, from, forked_at, is_usual)) in (1..10_u8).zip(logs) {
            let i = usize::from(number - 1);
            let mut log = match (states.get(i), number) {
                (Some(state), _) => facts(NAMES[i], STATES[*state], 0),
                (_, 6) if is_usual => facts("f", "XD", 0),
                (_, 7) if is_usual => facts("g", "XA", 0),
                _ => facts(NAMES[owner], STATES[*states.get(owner).unwrap_or(&3)], from),
            };
            log.lines.extend(lines.iter().map(|(parent, from)| Line { parent: *parent, from: *from }));
            log.forked_at = forked_at;
            for until in 0..5 {
                let root = TreeHash::leaf(b"kept");
                if let Some(line) = stories[i * 5 + usize::try_from(until).unwrap()] {
                    log.kept.insert(Kept { until, root }, line);
                }
            }
            world.log(number, log);
        }
        let mut taken = BTreeSet::new();
        for (number, line, sequence, seconds, motion) in said {
            let place = Place { log: IDS[number], line: line / 4, sequence };
            if !taken.insert(place) {
                continue; // one place of one story holds one statement
            }
            world.endorse(place, seconds, &motions[motion % motions.len()]);
        }
        world
    }
}
