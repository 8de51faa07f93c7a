//! Rules that hold for whatever happens, in whatever order.

use proptest::prelude::*;

use crate::review::case::Case;
use crate::review::event::{FoundEntry, Happened, Opened, What};
use crate::review::people::PersonNumber;
use crate::review::tally::Tallies;
use crate::review::{
    Due, ExemptPurpose, Loss, OrderEnd, OrderGround, Origin, Proceedings, Reopening, ReviewError,
    Sampler, Second,
};

use super::*;

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        (1u8..32).prop_map(|bits| Outcome::ConfirmedTerrorist(TcoTypes::from_bits(bits).unwrap())),
        Just(Outcome::ConfirmedExempt(ExemptPurpose::Art)),
        Just(Outcome::NotAMatch),
        Just(Outcome::WrongEntry),
        Just(Outcome::Legal),
        Just(Outcome::ImminentThreat(types())),
        Just(Outcome::Undecided),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    (0..3usize).prop_map(|action| Action::ALL[action])
}

fn what() -> impl Strategy<Value = What> {
    let some_time = (0..400i64).prop_map(|days| at(days * DAY));
    prop_oneof![
        5 => (outcome(), action(), any::<bool>()).prop_map(|(outcome, action, decides)| What::Found {
            outcome, action, note: None, decides,
        }),
        1 => Just(What::HoldReleased),
        1 => Just(What::Informed),
        1 => Just(What::PoliceInformed),
        1 => some_time.clone().prop_map(|until| What::Withheld { until }),
        2 => some_time.clone().prop_map(|received_at| What::Complained { text: None, received_at }),
        2 => any::<bool>().prop_map(|upheld| What::ComplaintDecided { upheld, note: None }),
        2 => Just(What::Reinstated),
        1 => (0..Loss::ALL.len()).prop_map(|loss| What::Reopened {
            why: Reopening::EntryLost(Loss::ALL[loss]), note: None,
        }),
        2 => Just(What::Reopened { why: Reopening::ByPerson, note: None }),
        1 => some_time.prop_map(|until| What::Preserved { until, note: None }),
        1 => Just(What::Deleted),
        2 => action().prop_map(|action| What::OrderDone { action }),
        1 => Just(What::OrderRefused { ground: OrderGround::ManifestErrors, note: None }),
        1 => Just(What::OrderCleared),
        1 => Just(What::OrderEnded { why: OrderEnd::Annulled }),
        1 => Just(What::Proceedings { kind: Proceedings::Judicial }),
        1 => any::<bool>().prop_map(|reinstated| What::ProceedingsEnded { reinstated }),
        1 => Just(What::Erased),
    ]
}

/// What happens, by whom, and how many hours after what was before: backwards now and then.
fn events() -> impl Strategy<Value = Vec<(What, Option<u16>, i64)>> {
    let by = prop_oneof![5 => (0..4u16).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((what(), by, -1..60i64), 0..60)
}

fn begun(origin: Origin, holds: bool) -> Case {
    let one = found(1);
    let found = FoundEntry {
        name: one.name,
        version: None,
        class: one.class,
        tier: one.tier,
        types: one.types,
    };
    let opened = Opened {
        origin,
        subject: [1; 32],
        media: MediaKind::Image,
        screened_at: at(0),
        found: Vec::from_iter((origin == Origin::Match).then_some(found)),
        ordered: None,
        withheld_until: None,
        is_measure: false,
        hold_until: holds.then(|| at(24 * HOUR)),
        evidence: Vec::new(),
    };
    let what = What::Opened(opened);
    let happened = Happened {
        at: at(0),
        by: None,
        what,
    };
    Case::begin(&happened, vec![0], [1; 16]).unwrap()
}

proptest! {
    #![proptest_config(rounds(150))]

    #[test]
    fn nothing_goes_down_without_a_person_and_a_refusal_changes_nothing(
        events in events(), origin in 0..3u8, holds: bool,
    ) {
        let origin = [Origin::Match, Origin::Order, Origin::Sample(0)][usize::from(origin)];
        let mut case = begun(origin, holds);
        let mut now = 0;
        for (what, by, hours) in events {
            let before = case.clone();
            let at_once = at(now + hours * HOUR);
            let happened = Happened { at: at_once, by: by.map(PersonNumber), what };
            if case.take(&happened).is_err() {
                prop_assert_eq!(&case, &before);
                continue;
            }
            prop_assert!(hours >= 0);
            now += hours * HOUR;
            if case.down_since.is_some() && before.down_since.is_none() {
                prop_assert!(by.is_some());
                match happened.what {
                    What::Found { outcome, action, decides, .. } => {
                        prop_assert!(outcome.is_terrorist() && action.is_down() && decides);
                        prop_assert!(origin != Origin::Order);
                    }
                    What::OrderDone { action } => {
                        prop_assert!(action.is_down() && origin == Origin::Order);
                    }
                    ref other => prop_assert!(false, "{:?}", other),
                }
            }
            // It is put back by people only, and only what was to be.
            if case.down_since.is_none() && before.down_since.is_some() {
                prop_assert!(by.is_some() && before.put_back.is_some());
                prop_assert_eq!(&happened.what, &What::Reinstated);
            }
            prop_assert!(case.put_back.is_none() || case.down_since.is_some());
            prop_assert!(case.complaints.iter().filter(|complaint| complaint.decided.is_none()).count() <= 1);
            if let Some(decision) = &case.decision {
                let by: BTreeSet<PersonNumber> = decision.by.iter().copied().collect();
                prop_assert_eq!(by.len(), decision.by.len());
                prop_assert!(decision.outcome.is_terrorist() || !decision.action.is_down());
                prop_assert!(decision.outcome != Outcome::Undecided);
            }
            if before.is_held() && !case.is_held() {
                let decided = matches!(happened.what, What::Found { decides: true, .. });
                prop_assert!(decided || before.hold.unwrap().until <= at_once);
            }
            prop_assert!(before.police_since.is_none() || case.police_since == before.police_since);
        }
    }

    #[test]
    fn tallies_do_not_depend_on_the_order_of_cases(
        histories in prop::collection::vec(events(), 1..8), rotate in 0..8usize,
    ) {
        let cases: Vec<(u32, Case)> = (1..).zip(histories.into_iter().map(|events| {
            let mut case = begun(Origin::Match, false);
            let mut now = 0;
            for (what, by, hours) in events {
                now += hours.max(0) * HOUR;
                let _ = case.take(&Happened { at: at(now), by: by.map(PersonNumber), what });
            }
            case
        })).collect();
        let mut turned = cases.clone();
        turned.rotate_left(rotate % cases.len());
        turned.reverse();
        let [mut one, mut other] = [Tallies::default(), Tallies::default()];
        for (number, case) in &cases {
            one.set(*number, case, true);
        }
        // Begun first, and learned of again and again.
        for (number, _) in &turned {
            other.set(*number, &begun(Origin::Match, false), true);
        }
        for (number, case) in turned.iter().chain(&turned) {
            other.set(*number, case, false);
        }
        for (from, until) in [(0, 4000), (10, 300), (300, 301)] {
            let (from, until) = (at(from * HOUR), at(until * HOUR));
            prop_assert_eq!(one.window(0, from, until), other.window(0, from, until));
        }
    }
}

proptest! {
    #![proptest_config(rounds(8))]

    #[test]
    fn duties_and_counts_are_the_same_in_whatever_order_cases_are_decided(
        decisions in prop::collection::vec((outcome(), action(), 0..3usize), 2..8),
        order in any::<prop::sample::Index>(), second in 0..3usize,
    ) {
        let mut rule = policy();
        (rule.second, rule.review_hours, rule.hold_hours) = (Second::ALL[second], Some(5), Some(3));
        rule.tripwire.least_reviewed = 1000;
        let run = |turned: bool| {
            let place = Place::new();
            let mut reviews = place.reviews(&rule);
            for number in 0..decisions.len() {
                opened(&mut reviews, &format!("{number}"), &[1, number as u8 + 2], 0);
            }
            let mut numbers: Vec<usize> = (0..decisions.len()).collect();
            if turned {
                numbers.rotate_left(order.index(decisions.len()));
                numbers.reverse();
            }
            for number in numbers {
                let now = at(100 + i64::from(number as u32));
                let (outcome, action, person) = decisions[number];
                let decision = who(&reviews, ["ada", "ben", "cy"][person]).finds(outcome).and(action);
                let _ = reviews.decide(CaseId(number as u32 + 1), &decision, now);
            }
            let (due, all): (Vec<Due>, u64) = reviews.due(at(9000 * HOUR), 1000).unwrap();
            let counts = reviews.counts(&entry(1), at(0), at(1000)).unwrap();
            let open: Vec<_> = reviews.open_list(1000).unwrap().0.into_iter()
                .map(|(id, case)| (id, case.stage(), case.findings))
                .collect();
            (due, all, counts, open)
        };
        prop_assert_eq!(run(false), run(true));
    }
}

/// So many cases; what failed is not kept in a file.
fn rounds(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

type Change = fn(&mut Reviews, &Person) -> Result<(), ReviewError>;

/// Whatever a person changes, by the roles of which it takes one. Case 1 waits, 2 is taken down, 3 complained of, 4 an order.
fn changes() -> Vec<(&'static str, Vec<Role>, Change)> {
    const NOW: i64 = 50;
    let (reviewer, supervisor) = (vec![Role::Reviewer], vec![Role::Supervisor]);
    let (complaints, any) = (vec![Role::Complaints], Role::ALL.to_vec());
    vec![
        ("decide", reviewer.clone(), |r, p| {
            r.decide(CaseId(1), &p.finds(Outcome::Legal), at(NOW))
                .map(drop)
        }),
        ("uphold", complaints.clone(), |r, p| {
            r.uphold(CaseId(3), p, None, at(NOW)).map(drop)
        }),
        ("reject", complaints, |r, p| {
            r.reject(CaseId(3), p, None, at(NOW)).map(drop)
        }),
        ("informed", any.clone(), |r, p| {
            r.informed(CaseId(2), p, at(NOW)).map(drop)
        }),
        ("police_informed", any.clone(), |r, p| {
            r.police_informed(CaseId(2), p, at(NOW)).map(drop)
        }),
        ("proceedings", any.clone(), |r, p| {
            r.proceedings(CaseId(2), p, Proceedings::Judicial, at(NOW))
                .map(drop)
        }),
        ("proceedings_ended", any.clone(), |r, p| {
            r.proceedings_ended(CaseId(3), p, true, at(NOW)).map(drop)
        }),
        ("deleted", any.clone(), |r, p| {
            r.deleted(CaseId(2), p, at(300 * DAY)).map(drop)
        }),
        ("preserve", supervisor.clone(), |r, p| {
            r.preserve(CaseId(2), p, at(400 * DAY), None, at(NOW))
                .map(drop)
        }),
        ("reopen", supervisor.clone(), |r, p| {
            r.reopen(CaseId(2), p, None, at(NOW)).map(drop)
        }),
        ("lose", supervisor.clone(), |r, p| {
            r.lose(&entry(1), Loss::Withdrawn, at(0), p, at(NOW))
                .map(drop)
        }),
        ("erase", supervisor.clone(), |r, p| {
            r.erase(CaseId(5), p, at(NOW)).map(drop)
        }),
        ("draw", supervisor.clone(), |r, p| {
            let mut sampler = Sampler::new(1).unwrap();
            sampler.offer("clean", MediaKind::Image, at(0)).unwrap();
            r.draw(sampler, p, at(NOW)).map(drop)
        }),
        ("receive_order", reviewer.clone(), |r, p| {
            r.receive_order("post", MediaKind::Image, &ordered(), at(0), p, at(NOW))
                .map(drop)
        }),
        ("order_done", any.clone(), |r, p| {
            r.order_done(CaseId(4), p, Action::Remove, at(NOW))
                .map(drop)
        }),
        ("order_refused", reviewer, |r, p| {
            r.order_refused(CaseId(4), p, OrderGround::Impossibility, None, at(NOW))
                .map(drop)
        }),
        ("order_ended", any.clone(), |r, p| {
            r.order_ended(CaseId(4), p, OrderEnd::Revoked, at(NOW))
                .map(drop)
        }),
        ("withhold", any.clone(), |r, p| {
            r.withhold(CaseId(4), p, at(DAY), at(NOW)).map(drop)
        }),
        ("order_cleared", any.clone(), |r, p| {
            r.order_cleared(CaseId(6), p, at(NOW)).map(drop)
        }),
        ("reinstated", any, |r, p| {
            r.reinstated(CaseId(7), p, at(NOW)).map(drop)
        }),
        ("reset", supervisor.clone(), |r, p| {
            r.reset(&entry(9), p, None, at(NOW))
        }),
        ("enrol", supervisor.clone(), |r, p| {
            let roles = BTreeSet::from([Role::Supervisor]);
            r.enrol(p, &text("new"), &roles, at(NOW)).map(drop)
        }),
        ("has_left", supervisor.clone(), |r, p| {
            r.has_left(p, "ben", at(NOW))
        }),
        ("set_policy", supervisor, |r, p| {
            r.set_policy(p, &policy(), at(NOW))
        }),
    ]
}

/// A file in which each of the changes is possible, and one person for each role, one without any, and one who has left.
fn set_up(place: &Place) -> Reviews {
    let mut reviews = place.reviews(&policy());
    let lead = who(&reviews, "lead");
    opened(&mut reviews, "waits", &[1], 1);
    let id = opened(&mut reviews, "down", &[1], 1);
    let threat = Outcome::ImminentThreat(types());
    let decision = who(&reviews, "ben").finds(threat).and(Action::Remove);
    reviews.decide(id, &decision, at(1)).unwrap();
    let id = removed(&mut reviews, "complained", &[1], "ben", 1);
    reviews
        .proceedings(id, &lead, Proceedings::Judicial, at(1))
        .unwrap();
    reviews.complain(id, None, at(1), at(1)).unwrap();
    let order = |reviews: &mut Reviews| {
        reviews
            .receive_order("post", MediaKind::Image, &ordered(), at(0), &lead, at(1))
            .unwrap()
    };
    order(&mut reviews);
    let id = opened(&mut reviews, "erased", &[1], 1);
    let decision = who(&reviews, "ben").finds(Outcome::Legal);
    reviews.decide(id, &decision, at(1)).unwrap();
    let id = order(&mut reviews);
    reviews
        .order_refused(id, &lead, OrderGround::Impossibility, None, at(1))
        .unwrap();
    let id = removed(&mut reviews, "put back", &[1], "ben", 1);
    reviews.reopen(id, &lead, None, at(1)).unwrap();
    let decision = who(&reviews, "ben").finds(Outcome::Legal);
    reviews.decide(id, &decision, at(1)).unwrap();
    for upload in 0..5u8 {
        let id = opened(&mut reviews, &format!("{upload}"), &[9], 1);
        let name = if upload == 0 { "ben" } else { "cy" };
        let decision = who(&reviews, name).finds(Outcome::WrongEntry);
        reviews.decide(id, &decision, at(1)).unwrap();
    }
    for role in Role::ALL {
        reviews
            .enrol(&lead, &text(role.name()), &BTreeSet::from([role]), at(1))
            .unwrap();
    }
    for name in ["without", "gone"] {
        let roles = match name {
            "gone" => BTreeSet::from(Role::ALL),
            _ => BTreeSet::new(),
        };
        reviews.enrol(&lead, &text(name), &roles, at(1)).unwrap();
    }
    reviews
}

#[test]
fn every_change_takes_a_role_that_the_person_has_here_and_now() {
    let [place, elsewhere] = [Place::new(), Place::new()];
    let mut reviews = set_up(&place);
    let gone = who(&reviews, "gone");
    let lead = who(&reviews, "lead");
    reviews.has_left(&lead, "gone", at(2)).unwrap();
    let stranger = who(&elsewhere.reviews(&policy()), "lead");
    let head = reviews.head().unwrap();
    for (name, takes, change) in changes() {
        for (person, is_here) in [(&gone, false), (&stranger, false)]
            .into_iter()
            .chain([(&who(&reviews, "without"), true)])
        {
            let refused = change(&mut reviews, person);
            match is_here {
                false => assert!(matches!(refused, Err(ReviewError::OtherFile)), "{name}"),
                true => assert!(matches!(refused, Err(ReviewError::Role { .. })), "{name}"),
            }
        }
        for role in Role::ALL.into_iter().filter(|role| !takes.contains(role)) {
            let person = who(&reviews, role.name());
            let refused = change(&mut reviews, &person);
            assert!(
                matches!(refused, Err(ReviewError::Role { .. })),
                "{name} {role}: {refused:?}"
            );
        }
        assert_eq!(reviews.head().unwrap(), head, "{name}");
    }
}

#[test]
fn every_change_is_taken_from_a_person_with_its_role() {
    let place = Place::new();
    set_up(&place);
    let untouched = fs::read(place.path()).unwrap();
    for (name, takes, change) in changes() {
        for role in takes {
            fs::write(place.path(), &untouched).unwrap();
            let mut reviews = place.open();
            let person = who(&reviews, role.name());
            let before = reviews.head().unwrap();
            if let Err(refused) = change(&mut reviews, &person) {
                panic!("{name} {role}: {refused}");
            }
            assert!(reviews.head().unwrap().records > before.records, "{name}");
        }
    }
}

#[test]
fn the_last_supervisor_stays() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let lead = who(&reviews, "lead");
    let left = reviews.has_left(&lead, "lead", at(1));
    assert!(matches!(left, Err(ReviewError::LastSupervisor)));
    let roles = BTreeSet::from([Role::Reviewer]);
    let lowered = reviews.enrol(&lead, lead.pseudonym(), &roles, at(1));
    assert!(matches!(lowered, Err(ReviewError::LastSupervisor)));
    assert!(matches!(
        reviews.person("nobody"),
        Err(ReviewError::NotEnrolled(_))
    ));
}

#[test]
fn what_is_no_upload_of_the_public_opens_no_case() {
    let new = |subject: &str, surface, found: Vec<Found>| {
        Match::new(subject, surface, MediaKind::Image, at(0), found).is_ok()
    };
    assert!(new("upload", Surface::Public, vec![found(1)]));
    assert!(!new("upload", Surface::Public, Vec::new()));
    assert!(!new("upload", Surface::Public, vec![found(1); 1001]));
    for subject in ["", "https://example.org/1", "two\nlines", &"x".repeat(1025)] {
        assert!(!new(subject, Surface::Public, vec![found(1)]), "{subject}");
    }
    let long = Found::new(
        EntryName::new("eu", &"x".repeat(1025)),
        MatchClass::ExactBytes,
    );
    assert!(!new("upload", Surface::Public, vec![long]));
}
