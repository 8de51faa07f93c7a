//! A platform's day, step by step.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use crate::baseline::EntryId;
use crate::review::switch::Switch;
use crate::review::{
    Duty, ExemptPurpose, Misfit, Opening, OrderEnd, OrderGround, Origin, Proceedings, PutBack,
    ReviewError, Sampler, Second, Stage,
};
use crate::snapshot::{Suspender, Switched};

use super::*;

/// A list whose entries are switched off, or that fails.
#[derive(Clone, Default)]
struct Mock(Arc<Mutex<(BTreeSet<EntryId>, bool)>>);

impl Mock {
    fn off(&self) -> Vec<EntryId> {
        self.0.lock().unwrap().0.iter().copied().collect()
    }

    fn fail(&self, fails: bool) {
        self.0.lock().unwrap().1 = fails;
    }

    fn change(&self, with: impl FnOnce(&mut BTreeSet<EntryId>) -> bool) -> Result<(), String> {
        let mut there = self.0.lock().unwrap();
        if there.1 {
            return Err("the disk is full".to_owned());
        }
        let _ = with(&mut there.0); // it may have been so before
        Ok(())
    }
}

impl Switch for Mock {
    fn switch_off(&self, entry: EntryId, by: &Suspender, why: &Switched) -> Result<(), String> {
        assert_eq!(by.as_str(), "breaker");
        assert!(why.reason.as_str().contains("went against it"));
        self.change(|off| off.insert(entry))
    }

    fn switch_on(&self, entry: EntryId, _: &Suspender, _: &Switched) -> Result<(), String> {
        self.change(|off| off.remove(&entry))
    }
}

#[test]
fn a_match_waits_and_the_same_upload_is_asked_about_once() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = opened(&mut reviews, "upload", &[1, 2], 0);
    assert_eq!(id, CaseId(1));
    let case = reviews.case(id).unwrap();
    assert_eq!((case.stage(), case.origin), (Stage::Waiting, Origin::Match));
    assert_eq!((case.down_since, case.is_held()), (None, false));
    for (entries, subject, opening) in [
        (&[1][..], "upload", Opening::Waits(id)),
        (&[2, 1], "upload", Opening::Waits(id)),
        (&[1, 3], "upload", Opening::Opened(CaseId(2))),
        (&[1], "another", Opening::Opened(CaseId(3))),
    ] {
        let come = reviews
            .open_case(&matched(subject, entries), at(1))
            .unwrap();
        assert_eq!(come, opening, "{entries:?}");
    }
}

#[test]
fn the_same_upload_twice_in_one_go_is_one_case_however_far_apart() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let mut matches: Vec<Match> = (0..1500)
        .map(|number| matched(&format!("upload-{number}"), &[1]))
        .collect();
    matches.push(matched("upload-0", &[1]));
    let openings = reviews.open_cases(&matches, at(0)).unwrap();
    assert_eq!(openings.last(), Some(&Opening::Waits(CaseId(1))));
    assert_eq!(reviews.len().unwrap(), 1500);
}

#[test]
fn what_a_person_left_is_an_exception_for_its_entries_and_no_others() {
    for outcome in [
        Outcome::NotAMatch,
        Outcome::WrongEntry,
        Outcome::Legal,
        Outcome::ConfirmedExempt(ExemptPurpose::Journalism),
    ] {
        let place = Place::new();
        let mut reviews = place.reviews(&policy());
        let id = opened(&mut reviews, "upload", &[1, 2], 0);
        let decision = who(&reviews, "ada").finds(outcome);
        let case = reviews.decide(id, &decision, at(5)).unwrap().case;
        assert!(case.is_exception() && case.down_since.is_none() && case.tell.is_none());
        let mut reviews = place.open();
        let again = reviews.open_case(&matched("upload", &[2]), at(6)).unwrap();
        assert_eq!(again, Opening::Excepted(id), "{outcome}");
        opened(&mut reviews, "upload", &[3], 7);
        // Somebody wants it looked at again: it waits.
        let lead = who(&reviews, "lead");
        reviews.reopen(id, &lead, Some("not sure"), at(8)).unwrap();
        let again = reviews.open_case(&matched("upload", &[2]), at(9)).unwrap();
        assert_eq!(again, Opening::Waits(id));
    }
}

#[test]
fn an_upload_that_stands_as_terrorist_is_no_exception() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    removed(&mut reviews, "upload", &[1], "ada", 0);
    opened(&mut reviews, "upload", &[1], 5);
}

#[test]
fn a_hold_runs_out_at_its_time_and_not_before_and_its_case_waits_on() {
    let place = Place::new();
    let mut policy = policy();
    policy.hold_hours = Some(2);
    let mut reviews = place.reviews(&policy);
    let [waits, decided] =
        ["waits", "decided"].map(|subject| opened(&mut reviews, subject, &[1], 0));
    assert_eq!(duties(&reviews, waits), [(Duty::ReleaseHold, at(2 * HOUR))]);
    let decision = who(&reviews, "ada").finds(Outcome::Legal);
    let case = reviews.decide(decided, &decision, at(60)).unwrap().case;
    assert!(!case.is_held() && !case.hold.unwrap().ran_out);
    assert_eq!(reviews.release_holds(at(2 * HOUR - 1)).unwrap(), []);
    assert!(reviews.case(waits).unwrap().is_held());
    assert_eq!(reviews.release_holds(at(2 * HOUR)).unwrap(), [waits]);
    let case = reviews.case(waits).unwrap();
    assert!(!case.is_held() && case.hold.unwrap().ran_out);
    assert_eq!(case.stage(), Stage::Waiting);
    assert_eq!(reviews.release_holds(at(3 * HOUR)).unwrap(), []);
}

#[test]
fn a_second_person_has_to_find_the_same_before_something_goes_down() {
    let place = Place::new();
    let mut policy = policy();
    policy.second = Second::Removals;
    let mut reviews = place.reviews(&policy);
    let id = opened(&mut reviews, "upload", &[1], 0);
    let remove =
        |name: &str, reviews: &Reviews| who(reviews, name).finds(terrorist()).and(Action::Remove);
    let decision = remove("ada", &reviews);
    let outcomes = reviews.decide(id, &decision, at(1)).unwrap();
    assert_eq!(outcomes.stage, Stage::Second);
    assert_eq!(
        (outcomes.case.down_since, outcomes.case.decision),
        (None, None)
    );
    let same = misfit(reviews.decide(id, &decision, at(2)));
    assert!(matches!(same, Misfit::SamePerson(_)));
    // Somebody who finds otherwise divides it, and a third one settles it.
    let other = who(&reviews, "ben").finds(Outcome::Legal);
    let outcomes = reviews.decide(id, &other, at(3)).unwrap();
    assert_eq!(outcomes.stage, Stage::Divided);
    assert_eq!(outcomes.case.down_since, None);
    let third = remove("cy", &reviews);
    let outcomes = reviews.decide(id, &third, at(4)).unwrap();
    assert_eq!(outcomes.stage, Stage::Decided);
    assert_eq!(outcomes.case.down_since, Some(at(4)));
    let by: Vec<Box<str>> = reviews.decided_by(&outcomes.case);
    assert_eq!(by, ["ada".into(), "cy".into()]);
    // What stays up needs one person here.
    let id = opened(&mut reviews, "harmless", &[1], 5);
    let decision = who(&reviews, "ada").finds(Outcome::Legal);
    assert_eq!(
        reviews.decide(id, &decision, at(5)).unwrap().stage,
        Stage::Decided
    );
}

#[test]
fn somebody_who_cannot_tell_decides_nothing_and_divides_nothing() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = opened(&mut reviews, "upload", &[1], 0);
    let decision = who(&reviews, "ada").finds(Outcome::Undecided);
    assert_eq!(
        reviews.decide(id, &decision, at(1)).unwrap().stage,
        Stage::Second
    );
    let decision = who(&reviews, "ben").finds(Outcome::Legal);
    assert_eq!(
        reviews.decide(id, &decision, at(2)).unwrap().stage,
        Stage::Decided
    );
    // Where all findings need two people, one of whom cannot tell, they do not disagree.
    let mut always = policy();
    always.second = Second::Always;
    let lead = who(&reviews, "lead");
    reviews.set_policy(&lead, &always, at(3)).unwrap();
    let id = opened(&mut reviews, "other", &[1], 3);
    for (name, outcome) in [("ada", Outcome::Undecided), ("ben", Outcome::Legal)] {
        let decision = who(&reviews, name).finds(outcome);
        let stage = reviews.decide(id, &decision, at(4)).unwrap().stage;
        assert_eq!(stage, Stage::Second);
    }
}

#[test]
fn the_police_are_to_be_told_by_the_first_person_and_told_once() {
    let place = Place::new();
    let mut policy = policy();
    policy.second = Second::Always;
    let mut reviews = place.reviews(&policy);
    let id = opened(&mut reviews, "upload", &[1], 0);
    let ada = who(&reviews, "ada");
    let decision = ada
        .finds(Outcome::ImminentThreat(types()))
        .and(Action::Remove);
    let outcomes = reviews.decide(id, &decision, at(9)).unwrap();
    assert_eq!(outcomes.stage, Stage::Second);
    assert_eq!(duties(&reviews, id), [(Duty::TellPolice, at(9))]);
    let (due, all) = reviews.due(at(9), 10).unwrap();
    assert_eq!((due[0].what, all), (Duty::TellPolice, 1));
    reviews.police_informed(id, &ada, at(10)).unwrap();
    assert_eq!(duties(&reviews, id), []);
    misfit(reviews.police_informed(id, &ada, at(11)));
}

#[test]
fn nothing_is_taken_down_that_was_not_found_terrorist() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = opened(&mut reviews, "upload", &[1], 0);
    for outcome in [
        Outcome::NotAMatch,
        Outcome::WrongEntry,
        Outcome::Legal,
        Outcome::Undecided,
    ] {
        for action in [Action::Remove, Action::Disable] {
            let decision = who(&reviews, "ada").finds(outcome).and(action);
            let head = reviews.head().unwrap();
            assert_eq!(misfit(reviews.decide(id, &decision, at(1))), Misfit::Action);
            assert_eq!(reviews.head().unwrap(), head);
        }
    }
}

#[test]
fn the_breaker_trips_by_two_people_and_never_by_one() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    assert_eq!(doubted(&mut reviews, 1, ["ben", "ben", "ben"], 0), 0);
    assert_eq!(reviews.tripped().count(), 0);
    assert_eq!(doubted(&mut reviews, 2, ["ben", "ben", "cy"], 0), 1);
    let tripped: Vec<_> = reviews
        .tripped()
        .map(|(entry, trip)| (entry.clone(), trip.people, trip.counts.against()))
        .collect();
    assert_eq!(tripped, [(entry(2), 2, 3)]);
    let decisions_stand = reviews.reinstatements().unwrap();
    assert_eq!(decisions_stand, []);
}

#[test]
fn upheld_complaints_count_for_the_breaker_too() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let mut trips = Vec::new();
    for (upload, decider) in ["lead", "kim", "lead", "kim"].into_iter().enumerate() {
        let id = removed(&mut reviews, &format!("{upload}"), &[1], "ada", 0);
        reviews.complain(id, None, at(1), at(1)).unwrap();
        let decider = who(&reviews, decider);
        trips.push(
            reviews
                .uphold(id, &decider, None, at(2))
                .unwrap()
                .trips
                .len(),
        );
    }
    // 1 of 2 and 2 of 4 are too few; 3 of 6 are enough.
    assert_eq!(trips, [0, 0, 1, 0]);
}

#[test]
fn what_trips_is_switched_off_at_once_or_when_the_file_is_opened_again() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let (at_once, other) = (Mock::default(), Mock::default());
    reviews.switching("eu", at_once.clone()).unwrap();
    reviews.switching("own", other.clone()).unwrap();
    doubted(&mut reviews, 1, ["ben", "ben", "cy"], 0);
    let id = entry(1).id().unwrap();
    assert_eq!(at_once.off(), [id]);
    assert_eq!(other.off(), []);
    let mut reviews = place.open();
    let later = Mock::default();
    later.fail(true);
    let failed = reviews.switching("eu", later.clone()).unwrap_err();
    assert!(failed.to_string().contains("the disk is full"), "{failed}");
    assert_eq!(later.off(), []);
    // It is tried again when the file is opened again, and when the same list is handed in again.
    later.fail(false);
    reviews.switching("eu", later.clone()).unwrap();
    assert_eq!(later.off(), [id]);
}

#[test]
fn a_list_that_cannot_be_switched_is_told_and_the_decision_stands() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let mock = Mock::default();
    reviews.switching("eu", mock.clone()).unwrap();
    mock.fail(true);
    for upload in 0..5u8 {
        let id = opened(&mut reviews, &format!("{upload}"), &[1], 0);
        let name = if upload == 4 { "ben" } else { "ada" };
        let decision = who(&reviews, name).finds(Outcome::WrongEntry);
        let decided = reviews.decide(id, &decision, at(1));
        match upload {
            4 => assert!(matches!(decided, Err(ReviewError::Switch { .. }))),
            _ => assert!(decided.is_ok()),
        }
        assert_eq!(reviews.case(id).unwrap().stage(), Stage::Decided);
    }
    assert_eq!((reviews.tripped().count(), mock.off().len()), (1, 0));
    mock.fail(false);
    drop(reviews);
    place.open().switching("eu", mock.clone()).unwrap();
    assert_eq!(mock.off().len(), 1);
}

#[test]
fn a_supervisor_resets_the_breaker_and_what_was_before_does_not_count() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let mock = Mock::default();
    reviews.switching("eu", mock.clone()).unwrap();
    doubted(&mut reviews, 1, ["ben", "ben", "cy"], 0);
    let [lead, ada] = ["lead", "ada"].map(|name| who(&reviews, name));
    let refused = reviews.reset(&entry(1), &ada, None, at(9));
    assert!(matches!(refused, Err(ReviewError::Role { .. })));
    assert_eq!(mock.off().len(), 1);
    reviews
        .reset(&entry(1), &lead, Some("looked at"), at(10))
        .unwrap();
    assert_eq!((reviews.tripped().count(), mock.off().len()), (0, 0));
    let none = reviews.reset(&entry(1), &lead, None, at(10));
    assert!(matches!(none, Err(ReviewError::NotTripped(_))));
    for (upload, name) in ["ben", "cy", "ben", "cy"].into_iter().enumerate() {
        let id = opened(&mut reviews, &format!("new-{upload}"), &[1], 11);
        let decision = who(&reviews, name).finds(Outcome::NotAMatch);
        let trips = reviews.decide(id, &decision, at(11)).unwrap().trips;
        assert_eq!(trips, [], "{upload}");
    }
    let id = opened(&mut reviews, "fifth", &[1], 12);
    let decision = who(&reviews, "ben").finds(Outcome::NotAMatch);
    assert_eq!(
        reviews.decide(id, &decision, at(12)).unwrap().trips.len(),
        1
    );
}

#[test]
fn an_order_is_carried_out_within_the_hour_or_its_hour_stands_still() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let ada = who(&reviews, "ada");
    let id = reviews
        .receive_order("post", MediaKind::Image, &ordered(), at(0), &ada, at(5))
        .unwrap();
    assert_eq!(duties(&reviews, id), [(Duty::CarryOut, at(HOUR))]);
    assert_eq!(reviews.case(id).unwrap().stage(), Stage::Order);
    let ground = OrderGround::ManifestErrors;
    let case = reviews
        .order_refused(id, &ada, ground, Some("no such post"), at(10))
        .unwrap();
    assert_eq!(case.stage(), Stage::Refused);
    assert_eq!(duties(&reviews, id), []);
    reviews.order_cleared(id, &ada, at(DAY)).unwrap();
    assert_eq!(duties(&reviews, id), [(Duty::CarryOut, at(DAY + HOUR))]);
    misfit(reviews.order_done(id, &ada, Action::Leave, at(DAY + 1)));
    reviews
        .withhold(id, &ada, at(9 * DAY), at(DAY + 1))
        .unwrap();
    let case = reviews
        .order_done(id, &ada, Action::Disable, at(DAY + 2))
        .unwrap();
    assert_eq!(case.down_since, Some(at(DAY + 2)));
    assert_eq!(case.order.unwrap().was_refused, Some(ground));
    assert_eq!(case.stage(), Stage::Decided);
    misfit(reviews.informed(id, &ada, at(9 * DAY - 1)));
    reviews.informed(id, &ada, at(9 * DAY)).unwrap();
    misfit(reviews.order_done(id, &ada, Action::Remove, at(9 * DAY)));
    let case = reviews
        .order_ended(id, &ada, OrderEnd::Annulled, at(10 * DAY))
        .unwrap();
    assert_eq!(case.put_back, Some((at(10 * DAY), PutBack::OrderEnded)));
    misfit(reviews.order_ended(id, &ada, OrderEnd::Revoked, at(10 * DAY)));
    reviews.reinstated(id, &ada, at(11 * DAY)).unwrap();
    let decision = ada.finds(terrorist()).and(Action::Remove);
    misfit(reviews.decide(id, &decision, at(11 * DAY))); // an order is no match
}

#[test]
fn an_order_that_ended_before_it_was_carried_out_takes_nothing_down() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let ada = who(&reviews, "ada");
    let id = reviews
        .receive_order("post", MediaKind::Image, &ordered(), at(0), &ada, at(0))
        .unwrap();
    reviews
        .order_ended(id, &ada, OrderEnd::Revoked, at(1))
        .unwrap();
    misfit(reviews.order_done(id, &ada, Action::Remove, at(2)));
    assert_eq!(duties(&reviews, id), []);
    let early = reviews.receive_order("post", MediaKind::Image, &ordered(), at(9), &ada, at(8));
    assert!(matches!(early, Err(ReviewError::Clock)));
}

#[test]
fn what_was_removed_is_preserved_six_months_and_deleted_after() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 0);
    let [lead, ada] = ["lead", "ada"].map(|name| who(&reviews, name));
    let until: Time = "2027-05-23T00:00:00Z".parse().unwrap();
    assert_eq!(reviews.case(id).unwrap().preserve_until, Some(until));
    let early = Time::from_unix_seconds(until.unix_seconds() - 1).unwrap();
    misfit(reviews.deleted(id, &ada, early));
    misfit(reviews.preserve(id, &lead, early, None, early)); // no shorter
    let longer: Time = "2027-08-01T00:00:00Z".parse().unwrap();
    reviews
        .preserve(id, &lead, longer, Some("a court asks"), early)
        .unwrap();
    misfit(reviews.deleted(id, &ada, until));
    reviews
        .proceedings(id, &ada, Proceedings::Judicial, until)
        .unwrap();
    misfit(reviews.deleted(id, &ada, longer)); // proceedings go on
    let case = reviews.proceedings_ended(id, &ada, true, longer).unwrap();
    assert_eq!(case.put_back, Some((longer, PutBack::Proceedings)));
    misfit(reviews.deleted(id, &ada, longer)); // what is to be put back is needed
    reviews.reinstated(id, &ada, longer).unwrap();
    let case = reviews.deleted(id, &ada, longer).unwrap();
    assert_eq!(case.deleted_at, Some(longer));
    misfit(reviews.deleted(id, &ada, longer));
    misfit(reviews.proceedings_ended(id, &ada, false, longer));
}

/// Whether a file holds these bytes somewhere.
fn holds(path: &std::path::Path, text: &str) -> bool {
    let bytes = fs::read(path).unwrap();
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn what_is_erased_is_gone_from_the_file_and_the_chain_still_verifies() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let texts = [
        "upload-4711-of-somebody",
        "{\"evidence\":8711}",
        "a note of ada about it",
        "a complaint of the uploader",
        "an answer of kim to it",
    ];
    let found = matched(texts[0], &[1]).with_evidence(texts[1]);
    let id = reviews.open_case(&found, at(0)).unwrap().case();
    let [lead, ada, kim] = ["lead", "ada", "kim"].map(|name| who(&reviews, name));
    let decision = ada.finds(terrorist()).and(Action::Remove);
    reviews
        .decide(id, &decision.because(texts[2]), at(1))
        .unwrap();
    reviews.complain(id, Some(texts[3]), at(2), at(2)).unwrap();
    reviews.uphold(id, &kim, Some(texts[4]), at(3)).unwrap();
    misfit(reviews.erase(id, &lead, at(4)));
    reviews.reinstated(id, &lead, at(4)).unwrap();
    reviews.informed(id, &lead, at(5)).unwrap();
    misfit(reviews.erase(id, &lead, at(6))); // preserved
    for text in texts {
        assert!(holds(&place.path(), text), "{text}");
    }
    let later = at(200 * DAY);
    reviews.deleted(id, &lead, later).unwrap();
    assert_eq!(reviews.erase(id, &lead, later).unwrap(), texts.len());
    for text in texts {
        assert!(!holds(&place.path(), text), "{text}");
    }
    let story = reviews.story(id).unwrap();
    assert_eq!(
        (story.subject.as_ref(), story.evidence.as_ref()),
        (None, None)
    );
    assert!(story.steps.iter().all(|step| step.text.is_none()));
    let counts = reviews.counts(&entry(1), at(0), at(9)).unwrap();
    assert_eq!((counts.reviewed(), counts.complaints_upheld()), (2, 1));
    drop(reviews);
    let mut reviews = place.open();
    reviews.verify(|_, _| ()).unwrap();
    reviews.rebuild().unwrap();
    reviews.verify(|_, _| ()).unwrap();
    let again = reviews.open_case(&found, later).unwrap();
    assert_eq!(again, Opening::Opened(CaseId(2))); // not known again
}

#[test]
fn texts_are_kept_while_proceedings_go_on_or_the_police_are_not_told() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = opened(&mut reviews, "upload", &[1], 0);
    let [lead, ada] = ["lead", "ada"].map(|name| who(&reviews, name));
    let threat = Outcome::ImminentThreat(types());
    let decision = ada.finds(threat).and(Action::Remove);
    reviews.decide(id, &decision, at(0)).unwrap();
    reviews.informed(id, &ada, at(0)).unwrap();
    reviews
        .proceedings(id, &ada, Proceedings::Judicial, at(1))
        .unwrap();
    let later = at(300 * DAY);
    misfit(reviews.erase(id, &lead, later));
    reviews.proceedings_ended(id, &ada, false, later).unwrap();
    misfit(reviews.erase(id, &lead, later));
    reviews.police_informed(id, &ada, later).unwrap();
    assert_eq!(reviews.erase(id, &lead, later).unwrap(), 1);
}

#[test]
fn a_sample_is_drawn_looked_at_and_counts_for_no_entry() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let mut sampler = Sampler::new(3).unwrap();
    for upload in 0..20 {
        sampler
            .offer(&format!("clean-{upload}"), MediaKind::Image, at(upload))
            .unwrap();
    }
    let [lead, ada] = ["lead", "ada"].map(|name| who(&reviews, name));
    let refused = reviews.draw(sampler.clone(), &ada, at(30));
    assert!(matches!(refused, Err(ReviewError::Role { .. })));
    let cases = reviews.draw(sampler, &lead, at(30)).unwrap();
    assert_eq!(cases.len(), 3);
    let draws: Vec<_> = reviews
        .draws()
        .iter()
        .map(|draw| (draw.of, draw.drawn, draw.from, draw.until))
        .collect();
    assert_eq!(draws, [(20, 3, at(0), at(20))]);
    for id in &cases {
        let case = reviews.case(*id).unwrap();
        assert_eq!(
            (case.origin, case.stage()),
            (Origin::Sample(0), Stage::Waiting)
        );
    }
    let decision = ada.finds(terrorist()).and(Action::Remove);
    let case = reviews.decide(cases[0], &decision, at(31)).unwrap().case;
    assert_eq!(case.down_since, Some(at(31)));
    let nothing = reviews.draw(Sampler::new(3).unwrap(), &lead, at(32));
    assert!(matches!(nothing, Err(ReviewError::Match(_))));
}

#[test]
fn a_screening_becomes_a_case_that_names_its_list_and_entry() {
    let code = crate::hash::Pdq::from_bytes([0x5a; 32]);
    let list =
        crate::baseline::List::from_bytes(format!("id,pdq\nitem,{code}\n").as_bytes()).unwrap();
    let screener = crate::screen::Screener::builder()
        .list("own", list)
        .surface(Surface::Public)
        .build()
        .unwrap();
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let screening = screener.screen_pdq(code, None);
    let found = Match::of("upload", MediaKind::Image, &screening)
        .unwrap()
        .unwrap();
    let id = reviews.open_case(&found, at(0)).unwrap().case();
    let story = reviews.story(id).unwrap();
    assert_eq!(story.entries, [(EntryName::new("own", "item"), None)]);
    assert_eq!(story.subject.as_deref(), Some("upload"));
    let other = screener.screen_pdq(crate::hash::Pdq::from_bytes([0x33; 32]), None);
    let none = Match::of("upload", MediaKind::Image, &other);
    assert_eq!(none.unwrap(), None);
}
