//! Bytes as a removal order, a sealed one, and the answers to one: what is read is written so that it is read as the same, every form is
//! filled, no clock stops, and what is sealed leads nowhere.

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::Language;
use ijkpunt::review::order::{
    Addresses, Feedback, Format, Impossibility, OrderError, RemovalOrder, SealedOrder,
    author_may_ask, due_at, host_may_ask, hour,
};

/// As much as an order may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let mut wide = limits.clone();
    wide.record_bytes += 4096; // what was left out is written as null
    let sealed = SealedOrder::read(bytes, &limits);
    match RemovalOrder::read(bytes, &limits) {
        Ok(order) => {
            let again = RemovalOrder::read(order.to_json().as_bytes(), &wide);
            assert_eq!(again.as_ref(), Ok(&order));
            forms(|language, format| order.form(language, format));
            if let Ok(sealed) = &sealed {
                assert_eq!(**sealed, order);
            }
            self::sealed(&order.sealed(), &wide);
        }
        Err(_) => assert!(sealed.is_err()),
    }
    if let Ok(feedback) = Feedback::read(bytes, &limits) {
        let again = Feedback::read(feedback.to_json().as_bytes(), &wide);
        assert_eq!(again.as_ref(), Ok(&feedback));
        forms(|language, format| feedback.form(language, format));
        let taken = &feedback.taken;
        assert!(taken.iter().all(|one| one.at <= feedback.done_at()));
        assert!(taken.iter().all(|one| feedback.has(one.measure)));
        let told = taken.iter().map(|one| one.item);
        assert!(
            feedback
                .missing(9)
                .all(|item| told.clone().all(|other| other != item))
        );
        let _ = hour(
            feedback.received_at,
            &[],
            Some(feedback.done_at()),
            feedback.written_at,
        );
    }
    if let Ok(answer) = Impossibility::read(bytes, &limits) {
        let again = Impossibility::read(answer.to_json().as_bytes(), &wide);
        assert_eq!(again.as_ref(), Ok(&answer));
        forms(|language, format| answer.form(language, format));
        let hindrance = answer.hindrance(None);
        let due = due_at(answer.received_at, &[hindrance], Time::MAX);
        let first = due_at(answer.received_at, &[], Time::MAX);
        // It stands still for who has told within the hour, and for nobody else.
        let is_in_time = first.is_some_and(|first| answer.written_at <= first);
        assert_eq!(due, first.filter(|_| !is_in_time));
    }
}

fn sealed(sealed: &SealedOrder, limits: &Limits) {
    assert!(matches!(sealed.addresses, Addresses::Dropped(_)) && sealed.whereabouts.is_none());
    let again = SealedOrder::read(sealed.to_json().as_bytes(), limits);
    assert_eq!(again.as_ref(), Ok(sealed));
    forms(|language, format| sealed.form(language, format));
    let (at, window) = (sealed.issued_at, host_may_ask(sealed.issued_at));
    assert!(window.from <= window.until && window.is_open(at) && author_may_ask(at) == window);
    if let Some(untold) = &sealed.non_disclosure {
        let ends_at = untold.ends_at(Time::MAX);
        assert!(!untold.binds(ends_at));
    }
    let _ = (sealed.is_cross_border(), sealed.was_announced_in_time());
}

fn forms(form: impl Fn(Language, Format) -> Result<String, OrderError>) {
    for language in Language::ALL {
        for format in [Format::Plain, Format::Markdown] {
            let Ok(text) = form(language, format) else {
                panic!("a form for whatever is read");
            };
            assert!(text.ends_with('\n') && text.lines().all(|line| !line.ends_with(' ')));
        }
    }
}
