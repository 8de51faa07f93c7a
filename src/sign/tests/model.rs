//! A slow judge of who there is, made from the numbered rules of [`standing`](crate::sign::standing), and what must hold whatever was said.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::world::{IDS, World, revocation, worlds};
use super::*;
use crate::sign::{
    Endorsement, KeyId, Line, Motion, MotionId, Outcome, Place, Revocation, Span, Standing, Void,
};

/// Everything that one judgement rests on, kept flat and looked through again for each question.
struct Judge<'w> {
    world: &'w World,
    revoked: Vec<(MotionId, Revocation, Time)>,
    admitted: Vec<(Authority, KeyId, Time)>,
    policy: Policy,
    needed: u32,
    counted: Vec<&'w Endorsement>,
    outcomes: BTreeMap<MotionId, Outcome>,
}

fn judge(world: &World, revoked: Vec<(MotionId, Revocation, Time)>) -> Judge<'_> {
    let founding = world.genesis.founding();
    let founders = founding.founders.iter();
    let mut judge = Judge {
        world,
        revoked,
        admitted: founders
            .map(|one| (one.authority.clone(), one.key.id(), founding.at))
            .collect(),
        policy: founding.policy.clone(),
        needed: founding.needed_states,
        counted: Vec::new(),
        outcomes: BTreeMap::new(),
    };
    // Rule 1.
    let mut said: Vec<_> = world
        .said
        .iter()
        .filter(|(_, one)| one.at <= world.now)
        .collect();
    said.sort_by_key(|(place, one)| (one.at, one.by.clone(), *place));
    for (place, one) in said {
        if judge.counts(place, &one.by).is_err() {
            continue;
        }
        // Rule 3: nobody closes its own log.
        if matches!(&one.motion, Motion::Revoke(revocation) if revocation.authority == one.by) {
            continue;
        }
        judge.counted.push(one);
        while let Some(motion) = judge.ready(&one.motion) {
            if let Some(revocation) = judge.settle(&motion, one.at) {
                // Rule 4.
                let mut revoked = judge.revoked;
                revoked.push((motion.id(), revocation, one.at));
                return self::judge(world, revoked);
            }
        }
    }
    judge
}

impl Judge<'_> {
    fn signed(&self, motion: &MotionId) -> BTreeMap<AuthorityId, (MemberState, Time)> {
        let mut signed = BTreeMap::new();
        for one in self.counted.iter().filter(|one| one.motion.id() == *motion) {
            let (authority, ..) = self.member(&one.by).unwrap();
            signed
                .entry(one.by.clone())
                .or_insert((authority.state, one.at));
        }
        signed
    }

    /// Rule 2: a motion that enough have signed, and of which nothing has come yet; the one that was signed now before others.
    fn ready(&self, now: &Motion) -> Option<Motion> {
        let motions: BTreeMap<_, _> = self
            .counted
            .iter()
            .map(|one| (one.motion.id(), &one.motion))
            .collect();
        let is_ready = |id: &MotionId| {
            let states: BTreeSet<_> = self
                .signed(id)
                .into_values()
                .map(|(state, _)| state)
                .collect();
            !self.outcomes.contains_key(id) && states.len() as u64 >= u64::from(self.needed)
        };
        if is_ready(&now.id()) {
            return Some(now.clone());
        }
        let (_, motion) = motions.into_iter().find(|(id, _)| is_ready(id))?;
        Some(motion.clone())
    }

    /// Rule 3. Gives a revocation that is new.
    fn settle(&mut self, motion: &Motion, now: Time) -> Option<Revocation> {
        let is_fine = match motion {
            Motion::Admit(one) => {
                self.member(&one.authority.id).is_none() && !self.is_known(one.key.id())
            }
            Motion::Adopt(one) => {
                let present = self.admitted.iter().filter(|(authority, ..)| {
                    self.spans(&authority.id).last().unwrap().kept.is_none()
                });
                let states: BTreeSet<_> = present.map(|(authority, ..)| authority.state).collect();
                one.replaces == self.policy.id()
                    && one.needed_states >= 2
                    && u64::from(one.needed_states) <= states.len() as u64
            }
            Motion::Revoke(one) => {
                if self.revoked.iter().any(|(id, ..)| *id == motion.id()) {
                    true
                } else {
                    let spans = self.spans(&one.authority);
                    let is_present = spans.last().is_some_and(|last| {
                        last.log == one.log && last.kept.is_none() && last.from <= one.keeps.until
                    });
                    if is_present && !one.successor.is_some_and(|key| self.is_known(key.id())) {
                        return Some(one.clone());
                    }
                    false
                }
            }
        };
        match motion {
            Motion::Admit(one) if is_fine => {
                self.admitted
                    .push((one.authority.clone(), one.key.id(), now));
            }
            Motion::Adopt(one) if is_fine => {
                (self.policy, self.needed) = (one.policy.clone(), one.needed_states);
            }
            _ => {}
        }
        let outcome = if is_fine {
            Outcome::InEffect(now)
        } else {
            Outcome::NoEffect("")
        };
        self.outcomes.insert(motion.id(), outcome);
        None
    }

    fn member(&self, id: &AuthorityId) -> Option<&(Authority, KeyId, Time)> {
        self.admitted
            .iter()
            .find(|(authority, ..)| authority.id == *id)
    }

    fn is_known(&self, key: KeyId) -> bool {
        let mut successors = self.revoked.iter().filter_map(|(_, one, _)| one.successor);
        self.admitted.iter().any(|(_, first, _)| *first == key)
            || successors.any(|successor| successor.id() == key)
    }

    /// From the first key, each log and the one that goes on from it.
    fn spans(&self, id: &AuthorityId) -> Vec<Span> {
        let mut next = self.member(id).map(|(_, first, _)| (*first, 0));
        let mut spans = Vec::new();
        while let Some((log, from)) = next {
            let mut revocations = self.revoked.iter().map(|(_, one, _)| one);
            let end = revocations.find(|one| one.authority == *id && one.log == log);
            let kept = end.map(|one| one.keeps);
            spans.push(Span { log, from, kept });
            next = end.and_then(|one| Some((one.successor?.id(), one.keeps.until)));
        }
        spans
    }

    fn counts(&self, place: &Place, id: &AuthorityId) -> Result<(), Void> {
        let (authority, ..) = self.member(id).ok_or(Void::NotAdmitted)?;
        let spans = self.spans(id);
        let span = spans.iter().find(|span| span.log == place.log);
        let (Some(span), Some(facts)) = (span, self.world.logs.get(&place.log)) else {
            return Err(Void::OtherLog);
        };
        let begins = facts.lines[0].from;
        if (&facts.authority, facts.state, begins) != (id, authority.state, span.from) {
            return Err(Void::OtherLog);
        }
        if let Some(kept) = span.kept {
            if place.sequence >= kept.until {
                return Err(Void::Revoked(kept.until));
            }
            match facts.kept.get(&kept) {
                None => return Err(Void::OtherStory),
                Some(Some(line))
                    if !story(&facts.lines, *line).contains(&(place.line, place.sequence)) =>
                {
                    return Err(Void::OtherStory);
                }
                Some(Some(_)) => return Ok(()),
                Some(None) => {}
            }
        }
        // Rule 5.
        match facts.forked_at {
            Some(at) if place.sequence >= at => Err(Void::Forked(at)),
            _ => Ok(()),
        }
    }
}

/// All lines and places on the way to the end of a line, up to place 16.
fn story(lines: &[Line], line: u32) -> BTreeSet<(u32, u64)> {
    let (mut path, mut at) = (Vec::new(), line);
    while let Some(here) = lines.get(at as usize) {
        path.push((at, here.from));
        if here.parent >= at {
            break;
        }
        at = here.parent;
    }
    let holder = |sequence| path.iter().find(|(_, from)| *from <= sequence);
    (0..16)
        .filter_map(|sequence| Some((holder(sequence)?.0, sequence)))
        .collect()
}

fn words(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::NoEffect(_) => Outcome::NoEffect(""),
        other => other,
    }
}

fn compare(world: &World) -> Result<(), TestCaseError> {
    let (standing, judge) = (world.standing(), judge(world, Vec::new()));
    prop_assert_eq!(standing.policy(), &judge.policy);
    prop_assert_eq!(standing.needed_states(), judge.needed);
    prop_assert_eq!(standing.members().len(), judge.admitted.len());
    for (authority, _, since) in &judge.admitted {
        let (member, spans) = (
            &standing.members()[&authority.id],
            judge.spans(&authority.id),
        );
        prop_assert_eq!((&member.authority, member.since), (authority, *since));
        prop_assert_eq!(&member.spans, &spans);
        let present = spans.last().filter(|span| span.kept.is_none());
        prop_assert_eq!(standing.log_of(&authority.id), present);
    }
    let mut motions: BTreeSet<_> = judge.counted.iter().map(|one| one.motion.id()).collect();
    motions.extend(judge.revoked.iter().map(|(id, ..)| *id));
    prop_assert_eq!(
        standing.motions().keys().copied().collect::<BTreeSet<_>>(),
        motions
    );
    for (id, report) in standing.motions() {
        let revoked = judge.revoked.iter().find(|(revoked, ..)| revoked == id);
        let outcome = revoked.map(|(_, _, at)| Outcome::InEffect(*at));
        let outcome = outcome
            .or(judge.outcomes.get(id).copied())
            .unwrap_or(Outcome::Waits);
        prop_assert_eq!(words(report.outcome), outcome);
        prop_assert_eq!(&report.signed, &judge.signed(id));
    }
    for (log, by, line, sequence) in places() {
        let (place, by) = (
            Place {
                log: IDS[log],
                line,
                sequence,
            },
            by.parse().unwrap(),
        );
        let ours = standing.counts(&place, &by).map(|_| ());
        prop_assert_eq!(ours, judge.counts(&place, &by), "{:?}", place);
    }
    Ok(())
}

fn places() -> impl Iterator<Item = (usize, &'static str, u32, u64)> {
    (1..10).flat_map(|log| {
        let all = ["a", "b", "c", "d", "e", "f", "g"].into_iter();
        all.flat_map(move |by| (0..18).map(move |i| (log, by, i / 6, u64::from(i % 6))))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn who_there_is_agrees_with_the_rules(world in worlds()) {
        compare(&world)?;
    }

    #[test]
    fn neither_order_nor_repetition_nor_the_future_changes_who_there_is(
        (world, shuffled, later) in worlds().prop_flat_map(|world| {
            let said = Just(world.said.clone()).prop_shuffle();
            (Just(world), said, 1..100_u32)
        }),
    ) {
        let was = world.standing();
        let mut other = world.clone();
        other.said = shuffled;
        prop_assert_eq!(&other.standing(), &was);
        other.said.extend(world.said.clone());
        prop_assert_eq!(&other.standing(), &was);
        other.said.retain(|(_, one)| one.at <= world.now);
        prop_assert_eq!(&other.standing(), &was);
        let after = world.said.iter().map(|(place, one)| {
            let mut one = one.clone();
            one.at = Time::from_unix_seconds(world.now.unix_seconds() + i64::from(later)).unwrap();
            (*place, one)
        });
        other.said.extend(after);
        prop_assert_eq!(&other.standing(), &was);
    }

    #[test]
    fn authorities_of_one_state_count_once(world in worlds()) {
        let standing = world.standing();
        for report in standing.motions().values() {
            let is_settled = report.outcome != Outcome::Waits;
            let states: BTreeSet<_> = report.signed.values().map(|(state, _)| *state).collect();
            prop_assert_eq!(&report.states(), &states);
            // What revocations took away aside, nothing takes effect by one state.
            let is_revocation = matches!(report.motion, Motion::Revoke(_));
            prop_assert!(!is_settled || is_revocation || states.len() >= 2);
        }
    }

    #[test]
    fn what_was_said_before_the_cut_counts_on(sequence in 0..10_u64, until in 0..10_u64) {
        let mut world = World::new();
        world.logs.get_mut(&IDS[1]).unwrap().kept.insert(world::kept(until), Some(0));
        world.together(&[2, 3], 15, &revocation("a", 1, until, Some(5)));
        let place = Place { log: IDS[1], line: 0, sequence };
        let counts = Standing::counts(&world.standing(), &place, &"a".parse().unwrap()).is_ok();
        prop_assert_eq!(counts, sequence < until);
    }

    #[test]
    fn lines_are_walked_as_a_path(
        lines in prop::collection::vec((0..6_u32, 0..8_u64), 0..6),
        line in 0..7_u32, at in 0..7_u32, sequence in 0..12_u64,
    ) {
        let lines: Vec<_> = lines.into_iter().map(|(parent, from)| Line { parent, from }).collect();
        let place = Place { log: IDS[1], line: at, sequence };
        prop_assert_eq!(Line::is_on(&lines, &place, line), story(&lines, line).contains(&(at, sequence)));
    }
}
