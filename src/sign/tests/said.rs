use super::history::*;
use super::*;
use crate::baseline::{EndReason, Event, Target, Verdict};
use crate::sign::{Refused, What};

fn again(refused: &Result<(), Refused>, words: &str) {
    let is_it = matches!(refused, Err(Refused::Again(why)) if why.contains(words));
    assert!(is_it, "{words}: {refused:?}");
}

fn nothing(refused: &Result<(), Refused>, words: &str) {
    let is_it = matches!(refused, Err(Refused::NoSuchThing(why)) if why.contains(words));
    assert!(is_it, "{words}: {refused:?}");
}

fn assess(desk: &mut Desk, verdict: Option<Verdict>) -> Result<(), Refused> {
    let mut one = desk.assessment();
    one.verdict = verdict.unwrap_or(one.verdict);
    // Later each time: when it is said is not what is said.
    let seconds = i64::try_from(one.sequence).unwrap();
    one.made_at = Time::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    desk.tell(Event::Assessed(one))
}

fn withdraw(desk: &mut Desk, target: Target) -> Result<(), Refused> {
    let mut one = desk.withdrawal(target);
    one.effective_at = desk.log.last();
    desk.tell(Event::Withdrawn(one))
}

#[test]
fn an_entry_is_proposed_once() {
    let mut desk = Desk::new();
    desk.tell(desk.creation()).unwrap();
    again(&desk.tell(desk.creation()), "proposed before");
    withdraw(&mut desk, Target::Whole).unwrap();
    again(&desk.tell(desk.creation()), "proposed before");
}

#[test]
fn an_assessment_adds_something() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    again(&assess(&mut desk, None), "nothing to add");
    assess(&mut desk, Some(Verdict::NotTerrorist)).unwrap();
    assert_eq!(assess(&mut desk, None), Ok(()), "after another one");
    withdraw(&mut desk, at_place("a", 3)).unwrap();
    assert_eq!(assess(&mut desk, None), Ok(()), "after it was taken back");
    withdraw(&mut desk, Target::Whole).unwrap();
    assert_eq!(assess(&mut desk, None), Ok(()), "after all was taken back");
}

#[test]
fn an_assessment_of_another_entry_adds_something() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    let mut other = desk.assessment();
    (other.entry, other.made_at) = (other_entry(), desk.log.last());
    assert_eq!(desk.tell(Event::Assessed(other)), Ok(()));
}

#[test]
fn an_entry_of_which_nothing_is_said_is_not_withdrawn() {
    let mut desk = Desk::new();
    nothing(&withdraw(&mut desk, Target::Whole), "says nothing");
    desk.tell(desk.creation()).unwrap();
    assert_eq!(withdraw(&mut desk, Target::Whole), Ok(()));
    nothing(&withdraw(&mut desk, Target::Whole), "says nothing");
    assess(&mut desk, None).unwrap();
    assert_eq!(withdraw(&mut desk, Target::Whole), Ok(()));
    nothing(&withdraw(&mut desk, Target::Whole), "says nothing");
    // A suspension is lifted, and not withdrawn.
    let mut stop = desk.suspension();
    stop.at = desk.log.last();
    desk.tell(Event::Suspended(stop)).unwrap();
    nothing(&withdraw(&mut desk, Target::Whole), "says nothing");
}

#[test]
fn an_assessment_that_does_not_stand_is_not_withdrawn() {
    let mut desk = Desk::new();
    desk.tell(desk.creation()).unwrap();
    for place in [0, 1, 2, 9] {
        nothing(&withdraw(&mut desk, at_place("a", place)), "no assessment");
    }
    assess(&mut desk, None).unwrap();
    assert_eq!(withdraw(&mut desk, at_place("a", 2)), Ok(()));
    nothing(&withdraw(&mut desk, at_place("a", 2)), "no assessment");
    assess(&mut desk, None).unwrap();
    withdraw(&mut desk, Target::Whole).unwrap();
    nothing(&withdraw(&mut desk, at_place("a", 4)), "no assessment");
}

#[test]
fn a_withdrawal_of_an_assessment_does_not_reach_another_entry() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    let mut other = desk.withdrawal(at_place("a", 1));
    (other.entry, other.effective_at) = (other_entry(), desk.log.last());
    nothing(&desk.tell(Event::Withdrawn(other)), "of this entry");
    assert_eq!(withdraw(&mut desk, at_place("a", 1)), Ok(()));
}

#[test]
fn the_word_of_another_authority_is_not_withdrawn() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    let refused = Err(Refused::OthersWord("b".parse().unwrap()));
    assert_eq!(withdraw(&mut desk, at_place("b", 1)), refused);
}

#[test]
fn an_entry_is_suspended_once_at_a_time() {
    let mut desk = Desk::new();
    desk.tell(Event::Suspended(desk.suspension())).unwrap();
    let second = Event::Suspended(desk.suspension());
    again(&desk.tell(second), "suspends this entry already");
    let mut other = desk.suspension();
    other.entry = other_entry();
    desk.tell(Event::Suspended(other)).unwrap();
    desk.tell(Event::Resumed(desk.resumption(1))).unwrap();
    assert_eq!(desk.tell(Event::Suspended(desk.suspension())), Ok(()));
}

#[test]
fn what_is_not_suspended_is_not_resumed() {
    let mut desk = Desk::new();
    nothing(
        &desk.tell(Event::Resumed(desk.resumption(1))),
        "no suspension",
    );
    desk.tell(Event::Suspended(desk.suspension())).unwrap();
    nothing(
        &desk.tell(Event::Resumed(desk.resumption(2))),
        "no suspension",
    );
    let mut other = desk.resumption(1);
    other.entry = other_entry();
    nothing(&desk.tell(Event::Resumed(other)), "of this entry");
    desk.tell(Event::Resumed(desk.resumption(1))).unwrap();
    nothing(
        &desk.tell(Event::Resumed(desk.resumption(1))),
        "no suspension",
    );
}

#[test]
fn an_act_ends_once() {
    let mut desk = Desk::new();
    let end = desk.end(EndReason::Annulled);
    desk.tell(Event::InstrumentEnded(end)).unwrap();
    let end = desk.end(EndReason::Revoked);
    again(&desk.tell(Event::InstrumentEnded(end)), "lost its effect");
    let mut other = desk.end(EndReason::Revoked);
    other.instrument.reference = Text::new("R-18").unwrap();
    assert_eq!(desk.tell(Event::InstrumentEnded(other)), Ok(()));
}

#[test]
fn a_motion_is_endorsed_once() {
    let mut desk = Desk::new();
    let motion = admission("c", "XC", 3);
    desk.say(What::Endorsed(desk.endorsement(motion.clone())))
        .unwrap();
    let second = What::Endorsed(desk.endorsement(motion));
    again(&desk.say(second), "signed this before");
    let other = What::Endorsed(desk.endorsement(admission("c", "XC", 4)));
    assert_eq!(desk.say(other), Ok(()));
}

#[test]
fn feedback_is_told_as_often_as_it_comes() {
    let mut desk = Desk::new();
    desk.tell(Event::Feedback(desk.feedback())).unwrap();
    assert_eq!(desk.tell(Event::Feedback(desk.feedback())), Ok(()));
}

#[test]
fn what_stands_in_the_closed_log_can_be_taken_back_and_lifted_in_the_next_one() {
    let mut desk = Desk::from(5);
    nothing(&withdraw(&mut desk, at_place("a", 5)), "no assessment");
    assert_eq!(withdraw(&mut desk, at_place("a", 4)), Ok(()));
    assert_eq!(withdraw(&mut desk, Target::Whole), Ok(()));
    let lift = |desk: &mut Desk, lifts| desk.tell(Event::Resumed(desk.resumption(lifts)));
    nothing(&lift(&mut desk, 5), "no suspension");
    assert_eq!(lift(&mut desk, 4), Ok(()));
    let mut first = Desk::new();
    nothing(&withdraw(&mut first, Target::Whole), "says nothing");
}

#[test]
fn a_word_that_was_taken_back_can_be_said_again_though_an_earlier_one_says_the_same() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    assess(&mut desk, Some(Verdict::NotTerrorist)).unwrap();
    withdraw(&mut desk, at_place("a", 2)).unwrap();
    assert_eq!(assess(&mut desk, None), Ok(()));
}

#[test]
fn what_was_said_a_day_ago_can_be_renewed() {
    let mut desk = Desk::new();
    assess(&mut desk, None).unwrap();
    let first = desk.log.last();
    for (later, is_taken) in [(86_399, false), (86_400, true)] {
        let mut one = desk.assessment();
        one.made_at = Time::from_unix_seconds(first.unix_seconds() + later).unwrap();
        assert_eq!(
            desk.tell(Event::Assessed(one)).is_ok(),
            is_taken,
            "{later} s"
        );
    }
}
