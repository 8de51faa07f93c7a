use super::history::*;
use super::*;
use crate::baseline::{Assessment, EndReason, Event, InstrumentKind, Method, Verdict};
use crate::limits::Limits;
use crate::sign::tree::TreeHash;
use crate::sign::{
    Claim, Envelope, GenesisId, Log, OpenError, Refused, STATEMENT, Statement, What,
};

fn open(statement: &Statement, keys: &[u8]) -> Result<Log, Refused> {
    Log::open(&signed(statement, keys)?, genesis().id())
}

fn change_opening(change: impl FnOnce(&mut Statement, &mut crate::sign::Opening)) -> Statement {
    let mut statement = opening(genesis().id());
    let What::Opened(mut first) = statement.what.clone() else {
        panic!("an opening");
    };
    change(&mut statement, &mut first);
    statement.what = What::Opened(first);
    statement
}

#[test]
fn a_log_begins_with_its_opening_and_grows() {
    let log = Desk::new().log;
    assert_eq!(log.name(), key(1).public_key().id());
    assert_eq!(log.authority().as_str(), "a");
    assert_eq!(log.state(), "XA".parse().unwrap());
    assert_eq!((log.begins(), log.ends(), log.tree().size()), (0, 1, 1));
    assert_eq!((log.key(), log.last()), (key(1).public_key(), now()));
    let later = open(&change_opening(|_, first| first.sequence = 7), &[1]).unwrap();
    assert_eq!((later.begins(), later.ends()), (7, 8));
}

#[test]
fn an_unsigned_statement_is_refused() {
    let unsigned = envelope(&opening(genesis().id()), &[]);
    assert_eq!(Claim::read(&unsigned), Err(Refused::Unsigned));
}

#[test]
fn more_signatures_than_asked_for_are_refused() {
    let mut desk = Desk::new();
    let statement = desk.statement(What::Event(desk.creation()));
    let refused = Err(Refused::MoreSignatures);
    assert_eq!(desk.accept(&statement, &[1, 2]), refused);
    assert_eq!(
        open(&opening(genesis().id()), &[1, 2]).err(),
        refused.clone().err()
    );
    let rotation = desk.statement(desk.rotation(2));
    assert_eq!(desk.accept(&rotation, &[1, 2, 3]), refused);
    assert_eq!(desk.accept(&rotation, &[2, 1]), Ok(()));
}

#[test]
fn what_is_no_statement_is_refused() {
    let genesis = Envelope::of(&genesis(), &[&key(1)]).unwrap();
    assert_eq!(Claim::read(&genesis), Err(OpenError::Type.into()));
    let mut payload = postcard::to_stdvec(&opening(super::genesis().id())).unwrap();
    payload.push(0);
    let longer = Envelope::sign(STATEMENT, payload, &[&key(1)]).unwrap();
    assert_eq!(Claim::read(&longer), Err(OpenError::Payload.into()));
}

#[test]
fn a_signature_that_does_not_fit_is_refused() {
    let desk = Desk::new();
    let right = envelope(&desk.statement(What::Event(desk.creation())), &[1]);
    let mut bytes = right.to_compact().unwrap();
    bytes[40] ^= 1;
    let wrong = Envelope::from_compact(STATEMENT, &bytes, &Limits::default()).unwrap();
    let refused = Claim::read(&wrong).unwrap().verify(known);
    assert_eq!(
        refused,
        Err(Refused::BadSignature(key(1).public_key().id()))
    );
    assert!(Claim::read(&right).unwrap().verify(known).is_ok());
}

#[test]
fn a_key_that_nobody_knows_is_refused() {
    let mut desk = Desk::new();
    let statement = desk.statement(What::Event(desk.creation()));
    let unknown = |number| Err(Refused::UnknownKey(key(number).public_key().id()));
    assert_eq!(desk.accept(&statement, &[99]), unknown(99));
    // Known, but of another log.
    assert_eq!(desk.accept(&statement, &[2]), unknown(2));
    let claim = Claim::read(&envelope(&statement, &[1])).unwrap();
    assert_eq!(claim.verify(|_| None).err(), unknown(1).err());
}

#[test]
fn a_claim_names_the_key_that_it_brings() {
    let desk = Desk::new();
    let read =
        |statement: &Statement, keys: &[u8]| Claim::read(&envelope(statement, keys)).unwrap();
    let first = read(&opening(genesis().id()), &[1]);
    assert_eq!(first.names_key(), Some(key(1).public_key()));
    assert_eq!(first.unverified(), &opening(genesis().id()));
    let leaf = TreeHash::leaf(&envelope(&opening(genesis().id()), &[]).message());
    let signed = first.verify(|_| None).unwrap();
    assert_eq!((signed.leaf(), signed.statement().keys().len()), (leaf, 1));
    let rotation = read(&desk.statement(desk.rotation(2)), &[1, 2]);
    assert_eq!(rotation.names_key(), Some(key(2).public_key()));
    let event = read(&desk.statement(What::Event(desk.creation())), &[1]);
    assert_eq!(event.names_key(), None);
}

#[test]
fn a_log_is_opened_by_the_key_that_it_is_called_after() {
    let refused = Refused::UnknownKey(key(1).public_key().id());
    assert_eq!(open(&opening(genesis().id()), &[2]), Err(refused));
}

#[test]
fn the_opening_of_another_register_is_refused() {
    let other = GenesisId::from_bytes([7; 32]);
    let refused = Err(Refused::OtherRegister(other));
    assert_eq!(open(&opening(other), &[1]), refused);
}

#[test]
fn a_log_begins_with_nothing_else_than_its_opening() {
    let desk = Desk::new();
    let event = desk.statement(What::Event(desk.creation()));
    assert_eq!(open(&event, &[1]), Err(Refused::NotOpened));
    let rotation = desk.statement(desk.rotation(2));
    assert_eq!(open(&rotation, &[1, 2]), Err(Refused::NotOpened));
}

#[test]
fn nothing_stands_before_an_opening() {
    let moved = change_opening(|statement, _| statement.before = TreeHash::leaf(b"a"));
    assert_eq!(open(&moved, &[1]), Err(Refused::Before));
}

#[test]
fn a_log_is_opened_once() {
    let mut desk = Desk::new();
    let root = desk.log.tree().root();
    let again = change_opening(|statement, first| {
        first.sequence = 1;
        statement.before = root;
    });
    let refused = desk.accept(&again, &[1]);
    assert!(matches!(refused, Err(Refused::Again(why)) if why.contains("opened once")));
}

#[test]
fn nobody_speaks_for_another_authority_or_state() {
    let mut desk = Desk::new();
    let refused = Err(Refused::Speaker {
        authority: "a".parse().unwrap(),
        state: "XA".parse().unwrap(),
    });
    let mut other = desk.assessment();
    other.authority = "b".parse().unwrap();
    assert_eq!(desk.tell(Event::Assessed(other)), refused);
    let mut other = desk.assessment();
    other.state = "XB".parse().unwrap();
    assert_eq!(desk.tell(Event::Assessed(other)), refused);
    let other = crate::baseline::Creation {
        sequence: 1,
        entry: entry("b"),
    };
    assert_eq!(desk.tell(Event::EntryCreated(other)), refused);
}

#[test]
fn places_are_taken_one_after_the_other() {
    let mut desk = Desk::new();
    for found in [0, 2] {
        let mut other = desk.assessment();
        other.sequence = found;
        let refused = Err(Refused::Sequence { next: 1, found });
        assert_eq!(desk.tell(Event::Assessed(other)), refused);
    }
    let message = |found| Refused::Sequence { next: 1, found }.to_string();
    assert!(message(0).contains("is taken"));
    assert!(message(2).contains("import what stands between"));
}

#[test]
fn a_statement_is_not_moved_from_another_log_or_place() {
    let mut desk = Desk::new();
    let mut other = desk.clone();
    other.tell(other.creation()).unwrap();
    desk.tell(Event::Assessed(desk.assessment())).unwrap();
    // The same place, behind something else.
    let moved = other.statement(What::Event(Event::Suspended(other.suspension())));
    assert_eq!(desk.accept(&moved, &[1]), Err(Refused::Before));
    assert_eq!(other.accept(&moved, &[1]), Ok(()));
}

#[test]
fn time_does_not_run_backwards_in_a_log() {
    let mut desk = Desk::new();
    let at = time("2026-11-22T09:59:59Z");
    let mut early = desk.assessment();
    early.made_at = at;
    let refused = Err(Refused::BackDated { at, last: now() });
    assert_eq!(desk.tell(Event::Assessed(early)), refused);
    let mut late = desk.assessment();
    late.made_at = time("2026-11-22T10:00:01Z");
    desk.tell(Event::Assessed(late.clone())).unwrap();
    assert_eq!(desk.log.last(), late.made_at);
    let refused = Err(Refused::BackDated {
        at: now(),
        last: late.made_at,
    });
    assert_eq!(desk.tell(Event::Suspended(desk.suspension())), refused);
}

#[test]
fn a_retired_key_signs_no_more() {
    let mut desk = Desk::new();
    desk.rotate(2).unwrap();
    assert_eq!(desk.log.key(), key(2).public_key());
    let retired = Err(Refused::Retired(key(1).public_key().id()));
    let statement = desk.statement(What::Event(desk.creation()));
    assert_eq!(desk.accept(&statement, &[1]), retired);
    // It does not come back, either, though the present key agrees.
    assert_eq!(desk.rotate(1), retired);
    let name = desk.log.name();
    assert_eq!(name, key(1).public_key().id(), "the log keeps its name");
    assert_eq!(desk.accept(&statement, &[2]), Ok(()));
}

#[test]
fn both_keys_sign_a_rotation() {
    let mut desk = Desk::new();
    let rotation = desk.statement(desk.rotation(2));
    assert_eq!(desk.accept(&rotation, &[1]), Err(Refused::NewKeyUnproven));
    assert_eq!(
        desk.accept(&rotation, &[1, 3]),
        Err(Refused::NewKeyUnproven)
    );
    let unknown = Err(Refused::UnknownKey(key(2).public_key().id()));
    assert_eq!(desk.accept(&rotation, &[2]), unknown);
    assert_eq!(desk.accept(&rotation, &[1, 2]), Ok(()));
}

#[test]
fn a_rotation_is_to_another_key() {
    let mut desk = Desk::new();
    let rotation = desk.statement(desk.rotation(1));
    let again =
        |refused| matches!(refused, Err(Refused::Again(why)) if why.contains("present one"));
    assert!(again(desk.accept(&rotation, &[1])));
    assert!(again(desk.accept(&rotation, &[1, 2])));
}

#[test]
fn an_act_of_another_state_is_ended_by_scrutiny_alone() {
    let mut desk = Desk::new();
    let mut end = desk.end(EndReason::Annulled);
    end.instrument = order_of("XB");
    let refused = Err(Refused::OthersAct("XB".parse().unwrap()));
    assert_eq!(desk.tell(Event::InstrumentEnded(end.clone())), refused);
    end.reason = EndReason::ScrutinyInfringement;
    end.instrument.kind = InstrumentKind::CourtDecision;
    assert_eq!(desk.tell(Event::InstrumentEnded(end.clone())), refused);
    end.instrument.kind = InstrumentKind::RemovalOrder;
    assert_eq!(desk.tell(Event::InstrumentEnded(end)), Ok(()));
}

#[test]
fn nobody_adopts_its_own_word() {
    let mut desk = Desk::new();
    let mut adopted = desk.assessment();
    let from = |id: &str| Method::Adopted {
        from: id.parse().unwrap(),
    };
    adopted.method = from("a");
    let refused = Err(Refused::AdoptedFromItself);
    assert_eq!(desk.tell(Event::Assessed(adopted.clone())), refused);
    (adopted.method, adopted.viewed) = (from("b"), None);
    assert_eq!(desk.tell(Event::Assessed(adopted)), Ok(()));
}

#[test]
fn who_viewed_says_which_file_and_who_adopted_none() {
    let mut desk = Desk::new();
    let assessment = desk.assessment();
    let from = "b".parse().unwrap();
    let rows = [
        (Method::ViewedByOne, None, Err(Refused::NotViewed)),
        (Method::ViewedByTwo, None, Err(Refused::NotViewed)),
        (
            Method::Adopted { from },
            assessment.viewed,
            Err(Refused::AdoptedAndViewed),
        ),
        (Method::ViewedByOne, assessment.viewed, Ok(())),
    ];
    for (method, viewed, expected) in rows {
        let assessment = Assessment {
            method: method.clone(),
            viewed,
            ..desk.assessment()
        };
        assert_eq!(
            desk.tell(Event::Assessed(assessment)),
            expected,
            "{method:?}"
        );
    }
    let abstains = Assessment {
        verdict: Verdict::Abstain,
        viewed: None,
        ..desk.assessment()
    };
    assert_eq!(desk.tell(Event::Assessed(abstains)), Ok(()));
}

#[test]
fn reviews_were_made_in_some_time() {
    let mut desk = Desk::new();
    let mut told = desk.feedback();
    for until in [told.from, time("2026-10-31T00:00:00Z")] {
        told.until = until;
        assert_eq!(
            desk.tell(Event::Feedback(told.clone())),
            Err(Refused::NoTime)
        );
    }
    assert_eq!(desk.tell(Event::Feedback(desk.feedback())), Ok(()));
}

#[test]
fn a_log_ends_before_the_last_number() {
    let last = change_opening(|_, first| first.sequence = u64::MAX);
    assert_eq!(open(&last, &[1]), Err(Refused::Full));
    let mut desk = Desk::new();
    let one_before = change_opening(|_, first| first.sequence = u64::MAX - 1);
    desk.log = open(&one_before, &[1]).unwrap();
    assert_eq!(desk.log.ends(), u64::MAX);
    assert_eq!(desk.tell(desk.creation()), Err(Refused::Full));
}

#[test]
fn a_log_that_was_kept_goes_on_and_a_damaged_one_is_refused_or_another() {
    let mut desk = Desk::new();
    desk.rotate(2).unwrap();
    desk.rotate(3).unwrap();
    hold_damaged(&desk.log.to_bytes(), Log::from_bytes, Log::to_bytes);
    let mut read = desk.clone();
    read.log = Log::from_bytes(&desk.log.to_bytes()).unwrap();
    assert_eq!(read.log, desk.log);
    let retired = Err(Refused::Retired(key(1).public_key().id()));
    let statement = read.statement(What::Event(read.creation()));
    assert_eq!(read.accept(&statement, &[1]), retired);
    assert_eq!(read.accept(&statement, &[3]), Ok(()));
    let mut longer = desk.log.to_bytes();
    longer.push(0);
    assert!(Log::from_bytes(&longer).is_err());
}
