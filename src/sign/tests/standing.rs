use super::history::admission;
use super::world::{World, adoption, at, facts, id, kept, place, revocation};
use super::*;
use crate::sign::{Adoption, Line, Motion, Outcome, Place, Void};

impl World {
    fn outcome(&self, motion: &Motion) -> Outcome {
        self.standing().motions()[&motion.id()].outcome
    }

    fn void(&self, by: &str, place: Place) -> Option<Void> {
        self.standing().counts(&place, &by.parse().unwrap()).err()
    }

    fn without_effect(&self, motion: &Motion, words: &str) {
        let outcome = self.outcome(motion);
        let is_it = matches!(outcome, Outcome::NoEffect(why) if why.contains(words));
        assert!(is_it, "{outcome:?}, expected {words}");
    }
}

#[test]
fn two_authorities_of_one_state_are_one() {
    let (mut world, motion) = (World::new(), admission("e", "XD", 5));
    world.together(&[1, 4, 1], 1, &motion);
    assert_eq!(world.outcome(&motion), Outcome::Waits);
    assert_eq!(world.standing().motions()[&motion.id()].signed.len(), 2);
    world.together(&[2], 2, &motion);
    assert_eq!(world.outcome(&motion), Outcome::InEffect(at(2)));
    let standing = world.standing();
    let member = &standing.members()[&"e".parse().unwrap()];
    assert_eq!((member.since, member.spans.len()), (at(2), 1));
    assert_eq!(standing.log_of(&"e".parse().unwrap()).unwrap().log, id(5));
}

#[test]
fn who_is_not_admitted_says_nothing() {
    let (mut world, motion) = (World::new(), admission("e", "XD", 5));
    world.log(5, facts("e", "XD", 0));
    world.endorse(place(5, 1), 1, &motion);
    world.together(&[1], 1, &motion);
    assert!(world.standing().motions()[&motion.id()].states().len() == 1);
    assert_eq!(world.void("e", place(5, 1)), Some(Void::NotAdmitted));
    world.together(&[2], 2, &motion);
    assert_eq!(world.void("e", place(5, 1)), None);
    assert_eq!(
        world.standing().motions()[&motion.id()].states().len(),
        2,
        "said too early"
    );
}

#[test]
fn an_authority_speaks_in_its_log_from_its_beginning() {
    for wrong in [
        facts("a", "XA", 1),
        facts("a", "XB", 0),
        facts("b", "XA", 0),
    ] {
        let mut world = World::new();
        world.logs.insert(id(1), wrong);
        assert_eq!(world.void("a", place(1, 1)), Some(Void::OtherLog));
    }
    let mut world = World::new();
    assert_eq!(world.void("a", place(1, 1)), None);
    assert_eq!(world.void("a", place(2, 1)), Some(Void::OtherLog), "of b");
    assert_eq!(
        world.void("a", place(9, 1)),
        Some(Void::OtherLog),
        "of nobody"
    );
    world.log(9, facts("a", "XA", 0));
    assert_eq!(
        world.void("a", place(9, 1)),
        Some(Void::OtherLog),
        "not known"
    );
    world.logs.get_mut(&id(1)).unwrap().lines.clear();
    assert_eq!(world.void("a", place(1, 1)), Some(Void::OtherLog));
}

#[test]
fn a_log_that_tells_two_stories_counts_up_to_where_they_part() {
    let mut world = World::new();
    world.logs.get_mut(&id(1)).unwrap().forked_at = Some(3);
    assert_eq!(world.void("a", place(1, 2)), None);
    assert_eq!(world.void("a", place(1, 3)), Some(Void::Forked(3)));
}

#[test]
fn states_say_which_story_is_kept() {
    let mut world = World::new();
    let log = world.logs.get_mut(&id(1)).unwrap();
    (log.forked_at, log.lines) = (
        Some(3),
        vec![Line { parent: 0, from: 0 }, Line { parent: 0, from: 3 }],
    );
    let revoke = revocation("a", 1, 5, Some(5));
    world.together(&[2, 3], 9, &revoke);
    let on = |line, sequence| Place {
        line,
        ..place(1, sequence)
    };
    assert_eq!(
        world.void("a", on(0, 2)),
        Some(Void::OtherStory),
        "not known"
    );
    for (line, counting, other) in [(1, on(1, 4), on(0, 4)), (0, on(0, 4), on(1, 4))] {
        let log = world.logs.get_mut(&id(1)).unwrap();
        log.kept.insert(kept(5), Some(line));
        assert_eq!(world.void("a", counting), None);
        assert_eq!(world.void("a", on(0, 2)), None);
        assert_eq!(world.void("a", other), Some(Void::OtherStory));
        let behind = Place {
            sequence: 5,
            ..counting
        };
        assert_eq!(world.void("a", behind), Some(Void::Revoked(5)));
    }
    // The log is not there up to that place: what is there may still turn out to be another story.
    world
        .logs
        .get_mut(&id(1))
        .unwrap()
        .kept
        .insert(kept(5), None);
    assert_eq!(world.void("a", on(0, 2)), None);
    assert_eq!(world.void("a", on(0, 4)), Some(Void::Forked(3)));
}

#[test]
fn an_authority_has_no_say_in_closing_its_own_log() {
    let mut world = World::new();
    let revoke = revocation("a", 1, 3, Some(5));
    world.together(&[1, 2], 9, &revoke);
    assert_eq!(world.void("a", place(1, 3)), None, "one state has signed");
    assert_eq!(world.void("a", place(5, 3)), Some(Void::OtherLog));
    world.together(&[3], 10, &revoke);
    assert_eq!(world.void("a", place(1, 3)), Some(Void::Revoked(3)));
}

#[test]
fn a_revoked_key_keeps_what_it_said_before_and_its_successor_goes_on() {
    let mut world = World::new();
    world
        .logs
        .get_mut(&id(1))
        .unwrap()
        .kept
        .insert(kept(3), Some(0));
    world.together(&[2, 3], 9, &revocation("a", 1, 3, Some(5)));
    world.log(5, facts("a", "XA", 3));
    assert_eq!(world.void("a", place(1, 2)), None);
    assert_eq!(world.void("a", place(1, 3)), Some(Void::Revoked(3)));
    assert_eq!(world.void("a", place(5, 3)), None);
    world.logs.insert(id(5), facts("a", "XA", 2));
    assert_eq!(
        world.void("a", place(5, 3)),
        Some(Void::OtherLog),
        "begins elsewhere"
    );
    let standing = world.standing();
    let now = standing.log_of(&"a".parse().unwrap()).unwrap();
    assert_eq!((now.log, now.from, now.kept), (id(5), 3, None));
}

#[test]
fn a_revocation_works_backwards() {
    let mut world = World::new();
    world
        .logs
        .get_mut(&id(1))
        .unwrap()
        .kept
        .insert(kept(3), Some(0));
    let (kept_act, void_act) = (admission("e", "XD", 5), admission("f", "XD", 6));
    world.together(&[1, 2], 2, &kept_act);
    world.together(&[1, 2], 4, &void_act);
    assert_eq!(world.outcome(&void_act), Outcome::InEffect(at(4)));
    world.together(&[2, 3], 9, &revocation("a", 1, 3, None));
    assert_eq!(world.outcome(&void_act), Outcome::Waits);
    assert_eq!(world.outcome(&kept_act), Outcome::InEffect(at(2)));
    let standing = world.standing();
    assert_eq!(standing.log_of(&"a".parse().unwrap()), None, "it has left");
    assert_eq!(world.void("f", place(6, 1)), Some(Void::NotAdmitted));
    world.now = at(8);
    assert_eq!(world.outcome(&void_act), Outcome::InEffect(at(4)), "before");
}

#[test]
fn a_revocation_stays_though_who_signed_it_was_revoked_later() {
    let mut world = World::new();
    let first = revocation("a", 1, 3, None);
    world.together(&[2, 3], 5, &first);
    world.together(&[3, 4], 9, &revocation("b", 2, 1, None));
    let standing = world.standing();
    let report = &standing.motions()[&first.id()];
    assert_eq!(
        (report.outcome, report.states().len()),
        (Outcome::InEffect(at(5)), 1)
    );
    assert_eq!(standing.log_of(&"a".parse().unwrap()), None);
}

#[test]
fn an_admission_is_of_somebody_new_by_a_new_key() {
    for (motion, words) in [
        (admission("a", "XD", 5), "of this id"),
        (admission("e", "XD", 1), "another log's"),
        (admission("e", "XD", 6), "another log's"),
    ] {
        let mut world = World::new();
        world.together(&[2, 3], 1, &revocation("a", 1, 1, Some(6)));
        world.together(&[2, 3], 2, &motion);
        world.without_effect(&motion, words);
    }
}

#[test]
fn the_present_policy_is_replaced() {
    let mut world = World::new();
    let first = adoption(policy().id(), 2, 3);
    world.together(&[1, 2], 1, &first);
    let late = adoption(policy().id(), 3, 2);
    world.together(&[1, 2, 3], 2, &late);
    assert_eq!(world.outcome(&first), Outcome::InEffect(at(1)));
    world.without_effect(&late, "not the present one");
    let standing = world.standing();
    assert_eq!(
        (standing.policy().terms().version, standing.needed_states()),
        (2, 3)
    );
    let motion = admission("e", "XD", 5);
    world.together(&[1, 2], 3, &motion);
    assert_eq!(world.outcome(&motion), Outcome::Waits);
}

#[test]
fn not_more_states_are_asked_for_than_are_there_nor_one_alone() {
    for (needed, has_left, counts) in [
        (0, false, false),
        (1, false, false),
        (2, false, true),
        (3, false, true),
        (3, true, false),
        (4, false, false),
    ] {
        let mut world = World::new();
        if has_left {
            world.together(&[1, 2], 1, &revocation("c", 3, 1, None));
        }
        let motion = adoption(policy().id(), 2, needed);
        world.together(&[1, 2], 2, &motion);
        if counts {
            assert_eq!(world.outcome(&motion), Outcome::InEffect(at(2)));
        } else {
            world.without_effect(&motion, "or one alone");
        }
    }
}

#[test]
fn what_waits_takes_effect_when_fewer_are_asked_for() {
    let mut world = World::new();
    let three = adoption(policy().id(), 2, 3);
    let Motion::Adopt(Adoption { policy: next, .. }) = &three else {
        panic!("an adoption");
    };
    world.together(&[1, 2], 1, &three);
    let motion = admission("e", "XD", 5);
    world.together(&[1, 2], 2, &motion);
    assert_eq!(world.outcome(&motion), Outcome::Waits);
    world.together(&[1, 2, 3], 3, &adoption(next.id(), 3, 2));
    assert_eq!(world.outcome(&motion), Outcome::InEffect(at(3)));
}

#[test]
fn the_present_log_of_an_authority_is_revoked_by_a_new_key() {
    for (second, words) in [
        (revocation("a", 1, 4, None), "not the present one"),
        (revocation("b", 3, 4, None), "not the present one"),
        (revocation("e", 5, 4, None), "not the present one"),
        (revocation("a", 6, 1, None), "less than nothing"),
        (revocation("b", 2, 1, Some(3)), "the next key"),
        (revocation("b", 2, 1, Some(2)), "the next key"),
        (revocation("b", 2, 1, Some(6)), "the next key"),
    ] {
        let mut world = World::new();
        world.together(&[2, 3], 1, &revocation("a", 1, 2, Some(6)));
        world.together(&[3, 4], 5, &second);
        world.without_effect(&second, words);
    }
    let mut world = World::new();
    world.together(&[2, 3], 1, &revocation("a", 1, 2, Some(6)));
    let second = revocation("a", 6, 2, None);
    world.together(&[3, 4], 5, &second);
    assert_eq!(world.outcome(&second), Outcome::InEffect(at(5)));
}

#[test]
fn what_is_after_now_is_not_there() {
    let (mut world, motion) = (World::new(), admission("e", "XD", 5));
    world.together(&[1, 2], 7, &motion);
    world.now = at(6);
    assert_eq!(world.standing().motions().len(), 0);
    world.now = at(7);
    assert_eq!(world.outcome(&motion), Outcome::InEffect(at(7)));
}

/// A log that was of an authority whose admission fell, and is now of another one.
#[test]
fn a_revocation_is_of_one_authority() {
    let mut world = World::new();
    let e = "e".parse().unwrap();
    world.together(&[1, 2], 4, &admission("f", "XD", 6));
    world.together(&[3, 4], 5, &admission("e", "XD", 6));
    world.together(&[2, 3], 7, &revocation("f", 6, 1, None));
    assert_eq!(world.standing().log_of(&e), None, "the key is the one of f");
    world.together(&[2, 3], 9, &revocation("a", 1, 3, None));
    let standing = world.standing();
    assert_eq!(standing.log_of(&e).map(|span| span.log), Some(id(6)));
}

/// Of a line, what stands before the nearest of the places at which the path leaves it.
#[test]
fn a_line_is_left_for_good() {
    let lines = [(0, 0), (0, 5), (1, 2)].map(|(parent, from)| Line { parent, from });
    let on = |line, sequence| Place {
        line,
        ..place(1, sequence)
    };
    assert!(Line::is_on(&lines, &on(0, 4), 1) && !Line::is_on(&lines, &on(0, 5), 1));
    assert!(Line::is_on(&lines, &on(0, 1), 2) && !Line::is_on(&lines, &on(0, 3), 2));
    assert!(!Line::is_on(&lines, &on(1, 6), 0) && !Line::is_on(&lines, &on(0, 0), 3));
}

/// A third state that signs a motion in effect changes nothing, nor does it when it was an adoption.
#[test]
fn what_is_in_effect_stays_in_effect() {
    let mut world = World::new();
    let motions = [admission("e", "XD", 5), adoption(policy().id(), 2, 2)];
    for motion in &motions {
        world.together(&[1, 2, 3], 1, motion);
        assert_eq!(world.outcome(motion), Outcome::InEffect(at(1)));
    }
}
