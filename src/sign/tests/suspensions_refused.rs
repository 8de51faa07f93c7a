//! What a list of suspensions does not take, and why.

use super::history::{Desk, envelope};
use super::suspensions::*;
use super::*;
use crate::baseline::Event;
use crate::limits::{Limits, Resource};
use crate::sign::suspensions::{FileError, LeftOut, Speaker, SpeakerTwice, Unlike, Why};
use crate::sign::{Envelope, EnvelopeError, GenesisId, Refused, SuspensionList, Void, What};

/// Why the one line behind a good one is left out; the good one counts.
fn why(bad: &str) -> Why {
    let read = read(&[line(&suspend(1, 5, 9), &[2]), bad.to_owned()]);
    assert_eq!(off(&read.list), [("b".to_owned(), 5, entry(9))]);
    let left_out = read.files[0].clone().unwrap();
    let [LeftOut { line: 3, why }] = left_out.as_slice() else {
        panic!("{left_out:?}");
    };
    why.clone()
}

#[test]
fn what_is_no_envelope_is_left_out() {
    for junk in ["", "{}", "\0\0", "\u{feff}", "[[[[[[[[", "null"] {
        let why = why(&format!("{junk}\n"));
        assert!(matches!(why, Why::Envelope(EnvelopeError::Json { .. })));
    }
}

#[test]
fn what_is_no_statement_is_left_out() {
    let other = Envelope::of(&genesis(), &[&key(1)]).unwrap().to_json();
    assert!(matches!(why(&other), Why::Refused(Refused::Open(_))));
}

#[test]
fn a_payload_in_another_spelling_is_left_out() {
    let mut payload = postcard::to_stdvec(&suspend(0, 3, 1)).unwrap();
    payload.push(0);
    let longer = Envelope::sign(crate::sign::STATEMENT, payload, &[&key(1)]).unwrap();
    let why = why(&longer.to_json());
    assert!(matches!(why, Why::Refused(Refused::Open(_))));
}

#[test]
fn an_unsigned_statement_is_left_out() {
    let unsigned = why(&line(&suspend(0, 3, 1), &[]));
    assert_eq!(unsigned, Refused::Unsigned.into());
}

#[test]
fn more_signatures_than_asked_for_are_left_out() {
    let many = why(&line(&suspend(0, 3, 1), &[1, 2]));
    assert_eq!(many, Refused::MoreSignatures.into());
}

#[test]
fn statements_of_another_kind_are_left_out() {
    let created = statement(What::Event(Desk::new().creation()));
    assert_eq!(why(&line(&created, &[1])), Why::Kind);
    let opened = history::opening(REGISTER);
    assert_eq!(why(&line(&opened, &[1])), Why::Kind);
}

#[test]
fn an_authority_that_the_snapshot_does_not_name_is_left_out() {
    let mut unknown = suspend(0, 3, 1);
    let What::Event(Event::Suspended(one)) = &mut unknown.what else {
        panic!("a suspension");
    };
    one.by = "z".parse().unwrap();
    let unknown = why(&line(&unknown, &[1]));
    assert_eq!(unknown, Why::UnknownLog("z".parse().unwrap()));
}

#[test]
fn another_state_than_the_logs_is_left_out() {
    let mut other = suspend(0, 3, 1);
    let What::Event(Event::Suspended(one)) = &mut other.what else {
        panic!("a suspension");
    };
    one.state = "XB".parse().unwrap();
    let why = why(&line(&other, &[1]));
    assert!(matches!(why, Why::Refused(Refused::Speaker { .. })));
}

#[test]
fn one_authority_cannot_sign_for_another() {
    let refused = why(&line(&suspend(0, 3, 1), &[2]));
    assert_eq!(refused, Refused::UnknownKey(id(2)).into());
}

#[test]
fn what_the_snapshot_has_settled_is_left_out() {
    let settled = why(&line(&suspend(0, 1, 1), &[1]));
    assert_eq!(settled, Why::Settled { place: 1, from: 2 });
    assert_eq!(good(&[line(&suspend(0, 2, 1), &[1])]).len(), 1);
    assert_eq!(good(&[line(&suspend(0, u64::MAX, 1), &[1])]).len(), 1);
}

#[test]
fn a_signature_that_does_not_fit_is_left_out() {
    let right = envelope(&suspend(0, 3, 1), &[1]);
    let other = envelope(&suspend(0, 3, 2), &[1]);
    let mut wrong = right;
    wrong.signatures = other.signatures;
    let refused = why(&wrong.to_json());
    assert_eq!(refused, Refused::BadSignature(id(1)).into());
}

#[test]
fn an_authority_that_was_not_appointed_is_left_out() {
    let lines = [
        line(&suspend(0, 3, 1), &[1]),
        line(&rotate(0, 4, 8), &[1, 8]),
    ];
    let mut speakers = speakers();
    for (roles, is_appointed) in [
        (&[][..], false),
        (&[Role::ImposePenalties], false),
        (&[Role::IssueOrders], true),
        (&[Role::Scrutinise, Role::ImposePenalties], true),
    ] {
        speakers[0].roles = roles.iter().copied().collect();
        let (file, limits) = (file(&lines), Limits::default());
        let read = SuspensionList::read(REGISTER, &speakers, [&file[..]], &limits).unwrap();
        assert_eq!(read.list.len(), 1 + usize::from(is_appointed));
        let left_out = read.files[0].clone().unwrap();
        let is_void = |one: &LeftOut| matches!(one.why, Why::Void(Void::OutOfRole(_)));
        assert!(left_out.iter().all(is_void) && left_out.is_empty() == is_appointed);
    }
}

#[test]
fn a_key_that_no_rotation_leads_to_waits_for_it() {
    let (rotation, later) = (rotate(0, 4, 8), line(&suspend(0, 5, 1), &[8]));
    let (rotation, of_b) = (line(&rotation, &[1, 8]), line(&suspend(1, 3, 1), &[2]));
    assert_eq!(why(&later), Refused::UnknownKey(id(8)).into());
    // From two mirrors, whichever comes first.
    let mirrors = [
        file(&[later.clone(), of_b]),
        file(std::slice::from_ref(&rotation)),
    ];
    let both = read_all(&mirrors);
    assert_eq!(both.files, [Ok(vec![]), Ok(vec![])]);
    let turned = read_all(&[mirrors[1].clone(), mirrors[0].clone()]);
    assert_eq!((turned.list, both.list.len()), (both.list, 3));
    // Good behind the rotation only.
    let early = [rotation, line(&suspend(0, 4, 1), &[8])];
    let left_out = read(&early).files[0].clone().unwrap();
    let unknown = Refused::UnknownKey(id(8)).into();
    assert_eq!(
        left_out,
        [LeftOut {
            line: 3,
            why: unknown
        }]
    );
}

#[test]
fn a_rotation_that_the_next_key_has_not_signed_is_left_out() {
    for keys in [&[1][..], &[8], &[1, 9]] {
        let unproven = why(&line(&rotate(0, 4, 8), keys));
        assert_eq!(unproven, Refused::NewKeyUnproven.into());
    }
    let by_another = why(&line(&rotate(0, 4, 8), &[2, 8]));
    assert_eq!(by_another, Refused::UnknownKey(id(2)).into());
    let to_itself = why(&line(&rotate(0, 4, 1), &[1]));
    assert_eq!(to_itself, Refused::NewKeyUnproven.into());
}

#[test]
fn a_rotation_at_the_last_place_leads_nowhere() {
    let rotation = line(&rotate(0, u64::MAX, 8), &[1, 8]);
    let behind = line(&suspend(0, u64::MAX, 1), &[8]);
    let read = read(&[rotation, behind]);
    assert_eq!(read.list.len(), 1);
}

#[test]
fn the_list_of_another_register_is_refused_and_so_is_another_first_line() {
    let other = GenesisId::from_bytes([8; 32]);
    let good_one = file(&[line(&suspend(0, 3, 1), &[1])]);
    let form = |first: String| Vec::from(first);
    let files = [
        form(format!("ijkpunt suspension list 0 {other}\n")),
        form(format!("ijkpunt suspension list 1 {REGISTER}\n")),
        form(first_line().trim_end().to_owned()),
        form(format!("ijkpunt suspension list 0 {REGISTER} \n")),
        form(String::new()),
        b"\xff\xff\n".to_vec(),
        good_one,
    ];
    let read = read_all(&files);
    assert_eq!(read.files[0], Err(FileError::OtherRegister(other)));
    for refused in &read.files[1..6] {
        assert_eq!(*refused, Err(FileError::FirstLine));
    }
    assert_eq!((&read.files[6], read.list.len()), (&Ok(vec![]), 1));
}

#[test]
fn limits_hold_at_and_one_beyond() {
    let lines = [1, 2, 3].map(|number| line(&suspend(0, 2 + u64::from(number), number), &[1]));
    let bytes = file(&lines);
    let try_with = |limits: &Limits| {
        SuspensionList::read(REGISTER, &speakers(), [&bytes[..]], limits).unwrap()
    };
    let limits = Limits {
        suspension_list_bytes: bytes.len() as u64,
        suspension_list_lines: 4,
        suspension_list_statements: 3,
        envelope_bytes: lines.iter().map(String::len).max().unwrap() as u64 - 1,
        signatures: 1,
        ..Limits::default()
    };
    assert_eq!(try_with(&limits).files, [Ok(vec![])]);
    let what_of_file = |change: fn(&mut Limits)| {
        let mut limits = limits.clone();
        change(&mut limits);
        let read = try_with(&limits);
        assert!(read.list.is_empty());
        match &read.files[0] {
            Err(FileError::Limit(exceeded)) => exceeded.what,
            other => panic!("{other:?}"),
        }
    };
    let what = what_of_file(|limits| limits.suspension_list_bytes -= 1);
    assert_eq!(what, Resource::SuspensionListBytes);
    let what = what_of_file(|limits| limits.suspension_list_lines -= 1);
    assert_eq!(what, Resource::SuspensionListLines);
    let left_out = |change: fn(&mut Limits)| {
        let mut limits = limits.clone();
        change(&mut limits);
        let read = try_with(&limits);
        let left_out = read.files[0].clone().unwrap();
        assert_eq!(read.list.len() + left_out.len(), 3);
        left_out
    };
    let refused = left_out(|limits| limits.envelope_bytes -= 1);
    assert!(matches!(
        refused[0].why,
        Why::Envelope(EnvelopeError::Limit(_))
    ));
    let refused = left_out(|limits| limits.signatures -= 1);
    assert!(matches!(
        refused[0].why,
        Why::Envelope(EnvelopeError::Limit(_))
    ));
    let refused = left_out(|limits| limits.suspension_list_statements -= 1);
    let [LeftOut { line: 4, why }] = &refused[..] else {
        panic!("the last place: {refused:?}");
    };
    assert!(matches!(why, Why::Limit(one) if one.what == Resource::SuspensionListStatements));
}

#[test]
fn lists_for_other_speakers_are_not_united() {
    let mut list = good(&[line(&suspend(0, 3, 1), &[1])]);
    let (was, limits) = (list.clone(), Limits::default());
    let mut later = speakers();
    later[0].from += 1;
    let other = SuspensionList::new(REGISTER, &later).unwrap();
    assert_eq!(list.union(&other, &limits), Err(Unlike));
    let other = GenesisId::from_bytes([8; 32]);
    let other = SuspensionList::new(other, &speakers()).unwrap();
    assert_eq!(list.union(&other, &limits), Err(Unlike));
    assert_eq!(list, was);
    assert_eq!((list.register(), other.is_empty()), (REGISTER, true));
}

#[test]
fn a_log_or_an_authority_speaks_once() {
    let twice = |change: fn(&mut Speaker)| {
        let mut speakers = speakers();
        let mut another = speakers[0].clone();
        change(&mut another);
        speakers.push(another);
        SuspensionList::new(REGISTER, &speakers).map(|_| ())
    };
    let refused: Result<(), SpeakerTwice> = twice(|one| one.authority = "z".parse().unwrap());
    assert_eq!(refused.unwrap_err().log, id(1));
    let refused = twice(|one| one.log = id(9));
    assert_eq!(refused.unwrap_err().authority.as_str(), "a");
    let both = |one: &mut Speaker| (one.log, one.authority) = (id(9), "z".parse().unwrap());
    assert_eq!(twice(both), Ok(()));
}

#[test]
fn a_reason_says_what_is_wrong() {
    let settled = Why::Settled { place: 1, from: 2 }.to_string();
    assert!(settled.contains("at place 1") && settled.contains("before 2"));
    let unknown = Why::UnknownLog("z".parse().unwrap()).to_string();
    assert!(unknown.starts_with("z has no log"));
    let first = FileError::FirstLine.to_string();
    assert!(first.contains("ijkpunt suspension list 0"));
}
