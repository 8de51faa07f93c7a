//! Complaints, entries that were lost, decisions that were wrong.

use crate::review::{Loss, Proceedings, PutBack, Stage, Tell};

use super::*;

#[test]
fn a_complaint_is_decided_by_somebody_else_and_upheld_puts_back() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "lead", 0);
    let [lead, kim] = ["lead", "kim"].map(|name| who(&reviews, name));
    let tell = reviews.case(id).unwrap().tell;
    assert_eq!(tell, Some((at(0), Tell::TakenDown)));
    reviews.informed(id, &lead, at(1)).unwrap();
    misfit(reviews.informed(id, &lead, at(1)));
    let case = reviews
        .complain(id, Some("it is news"), at(2), at(2))
        .unwrap();
    assert_eq!(case.stage(), Stage::Complaint);
    let due: Vec<Duty> = duties(&reviews, id)
        .into_iter()
        .map(|(duty, _)| duty)
        .collect();
    assert_eq!(due, [Duty::DecideComplaint]); // and nothing is deleted meanwhile
    misfit(reviews.complain(id, None, at(3), at(3)));
    let same = misfit(reviews.uphold(id, &lead, None, at(4)));
    assert!(matches!(same, Misfit::SamePerson(_)));
    let case = reviews.uphold(id, &kim, Some("it is"), at(5)).unwrap().case;
    assert_eq!(case.put_back, Some((at(5), PutBack::Complaint)));
    assert_eq!(case.decision.as_ref().unwrap().overturned_at, Some(at(5)));
    assert_eq!(case.down_since, Some(at(0)));
    assert_eq!(
        reviews.reinstatements().unwrap(),
        [(id, at(5), PutBack::Complaint)]
    );
    let case = reviews.reinstated(id, &lead, at(6)).unwrap();
    assert_eq!((case.down_since, case.put_back), (None, None));
    assert_eq!(case.was_put_back, Some((at(6), PutBack::Complaint)));
    assert_eq!(case.tell, Some((at(6), Tell::PutBack)));
    assert_eq!(reviews.reinstatements().unwrap(), []);
    misfit(reviews.reinstated(id, &lead, at(7)));
    misfit(reviews.complain(id, None, at(7), at(7)));
    let again = reviews.open_case(&matched("upload", &[1]), at(8)).unwrap();
    assert_eq!(again, Opening::Excepted(id));
    let story = reviews.story(id).unwrap();
    let texts: Vec<&str> = story
        .steps
        .iter()
        .filter_map(|step| step.text.as_deref())
        .collect();
    assert_eq!(texts, ["it is news", "it is"]);
}

#[test]
fn a_rejected_complaint_leaves_the_decision_and_is_told() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 0);
    reviews.complain(id, None, at(2), at(2)).unwrap();
    let kim = who(&reviews, "kim");
    let case = reviews.reject(id, &kim, None, at(3)).unwrap().case;
    assert_eq!((case.stage(), case.put_back), (Stage::Decided, None));
    assert_eq!(case.tell, Some((at(3), Tell::ComplaintRejected)));
    let counts = reviews.counts(&entry(1), at(0), at(4)).unwrap();
    assert_eq!((counts.reviewed(), counts.against()), (2, 0));
    let case = reviews.complain(id, None, at(4), at(4)).unwrap(); // a second one
    assert_eq!(case.complaints.len(), 2);
}

#[test]
fn what_rests_on_a_lost_entry_is_reopened_and_put_back_where_a_court_says_so() {
    for loss in Loss::ALL {
        let place = Place::new();
        let mut reviews = place.reviews(&policy());
        let before = removed(&mut reviews, "before", &[1], "ada", 0);
        let alone = removed(&mut reviews, "alone", &[1], "ada", 10);
        let both = removed(&mut reviews, "both", &[1, 2], "ada", 11);
        let waits = opened(&mut reviews, "waits", &[1], 12);
        let affected = reviews.affected(&entry(1), at(10)).unwrap();
        let told: Vec<_> = affected.iter().map(|one| (one.id, one.alone)).collect();
        assert_eq!(told, [(alone, true), (both, false)]);
        let lead = who(&reviews, "lead");
        let lost = reviews
            .lose(&entry(1), loss, at(10), &lead, at(20))
            .unwrap();
        assert_eq!(lost, [alone], "{loss}");
        assert_eq!(reviews.case(alone).unwrap().stage(), Stage::Reopened);
        for other in [before, both] {
            assert_eq!(reviews.case(other).unwrap().stage(), Stage::Decided);
        }
        assert_eq!(reviews.case(waits).unwrap().stage(), Stage::Waiting);
        let at_once = matches!(
            loss,
            Loss::OrderAnnulled | Loss::ScrutinyInfringement | Loss::CourtOrder
        );
        let put_back = at_once.then_some((alone, at(20), PutBack::EntryLost));
        assert_eq!(reviews.reinstatements().unwrap(), Vec::from_iter(put_back));
        // With its other entry lost, nothing is left that it rests on.
        let lost = reviews.lose(&entry(2), loss, at(0), &lead, at(21)).unwrap();
        assert_eq!(lost, [both]);
    }
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let lead = who(&reviews, "lead");
    let lost = reviews.lose(&entry(1), Loss::Withdrawn, at(0), &lead, at(1));
    assert!(matches!(lost, Err(ReviewError::NoEntry(_))));
}

#[test]
fn a_reopened_case_is_decided_anew_and_put_back_where_it_was_wrong() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 0);
    let [lead, ada] = ["lead", "ada"].map(|name| who(&reviews, name));
    reviews.reopen(id, &lead, None, at(5)).unwrap();
    let case = reviews
        .decide(id, &ada.finds(Outcome::Legal), at(6))
        .unwrap()
        .case;
    assert_eq!(case.put_back, Some((at(6), PutBack::NewDecision)));
    assert_eq!(case.down_since, Some(at(0)));
    let undecided = opened(&mut reviews, "waits", &[1], 7);
    misfit(reviews.reopen(undecided, &lead, None, at(8)));
}

#[test]
fn a_complaint_counts_from_its_receipt_though_more_has_happened_since() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 10);
    let ada = who(&reviews, "ada");
    reviews.informed(id, &ada, at(30)).unwrap();
    misfit(reviews.complain(id, None, at(9), at(40))); // there was nothing to complain of
    misfit(reviews.complain(id, None, at(41), at(40))); // nobody knows what is to come
    misfit(reviews.complain(id, None, at(20), at(29))); // the record is of then
    let case = reviews.complain(id, None, at(20), at(40)).unwrap();
    assert_eq!(case.complaint().unwrap().received_at, at(20));
    assert_eq!(
        duties(&reviews, id),
        [(Duty::DecideComplaint, at(20 + 14 * DAY))]
    );
}

#[test]
fn what_others_have_put_back_is_put_back_before_it_can_be_taken_down_anew() {
    for loss in Loss::ALL
        .into_iter()
        .filter(|loss| loss.reinstates_at_once())
    {
        let place = Place::new();
        let mut reviews = place.reviews(&policy());
        let id = removed(&mut reviews, "upload", &[1], "ada", 0);
        let [lead, ada, ben] = ["lead", "ada", "ben"].map(|name| who(&reviews, name));
        let lost = reviews.lose(&entry(1), loss, at(0), &lead, at(5)).unwrap();
        assert_eq!(lost, [id]);
        let again = ada.finds(terrorist()).and(Action::Remove);
        misfit(reviews.decide(id, &again, at(6)));
        let case = reviews.case(id).unwrap();
        assert_eq!(case.put_back, Some((at(5), PutBack::EntryLost)));
        reviews.reinstated(id, &ben, at(7)).unwrap();
        let case = reviews.decide(id, &again, at(9)).unwrap().case;
        assert_eq!((case.down_since, case.put_back), (Some(at(9)), None));
    }
    // What the platform found itself it can find otherwise; what a court says then comes before that.
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 0);
    let [lead, ada, ben] = ["lead", "ada", "ben"].map(|name| who(&reviews, name));
    let judicial = Proceedings::Judicial;
    reviews.proceedings(id, &ada, judicial, at(1)).unwrap();
    reviews.reopen(id, &lead, None, at(2)).unwrap();
    let left = ada.finds(Outcome::Legal);
    let case = reviews.decide(id, &left, at(3)).unwrap().case;
    assert_eq!(case.put_back, Some((at(3), PutBack::NewDecision)));
    let case = reviews.proceedings_ended(id, &ada, true, at(4)).unwrap();
    assert_eq!(case.put_back, Some((at(4), PutBack::Proceedings)));
    reviews.reopen(id, &lead, None, at(5)).unwrap();
    misfit(reviews.decide(id, &ben.finds(terrorist()).and(Action::Remove), at(6)));
}

#[test]
fn an_entry_that_is_lost_while_its_case_is_looked_at_again_takes_nobodys_finding_away() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let id = removed(&mut reviews, "upload", &[1], "ada", 0);
    let [lead, ben] = ["lead", "ben"].map(|name| who(&reviews, name));
    reviews.reopen(id, &lead, None, at(1)).unwrap();
    let cannot_tell = ben.finds(Outcome::Undecided);
    reviews.decide(id, &cannot_tell, at(2)).unwrap();
    let lost = reviews.lose(&entry(1), Loss::Withdrawn, at(0), &lead, at(3));
    assert_eq!(lost.unwrap(), []);
    assert_eq!(reviews.case(id).unwrap().findings.len(), 1);
    // What a court says is recorded in any case.
    let lost = reviews.lose(&entry(1), Loss::CourtOrder, at(0), &lead, at(4));
    assert_eq!(lost.unwrap(), [id]);
    assert_eq!(reviews.reinstatements().unwrap().len(), 1);
}
