//! Short words for making cases.

use ijkpunt::baseline::*;

pub(crate) fn time(text: &str) -> Time {
    let text = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    text.parse().unwrap()
}

pub(crate) fn state(text: &str) -> MemberState {
    text.parse().unwrap()
}

pub(crate) fn authority(text: &str) -> AuthorityId {
    text.parse().unwrap()
}

/// Letters of the types.
pub(crate) fn types(letters: &str) -> TcoTypes {
    let named = |letter: char| {
        TcoType::ALL
            .into_iter()
            .find(|kind| kind.to_string() == letter.to_string())
    };
    let kinds: Vec<TcoType> = letters
        .chars()
        .map(|letter| named(letter).unwrap())
        .collect();
    kinds.as_slice().try_into().unwrap()
}

pub(crate) fn terrorist(letters: &str) -> Verdict {
    Verdict::Terrorist(types(letters))
}

/// By the first authority of a state, at place 1 of its log, in the middle of January.
pub(crate) fn assessment(code: &str, verdict: Verdict) -> Assessment {
    Assessment {
        entry: super::cases::entry().id(),
        authority: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 1,
        verdict,
        reasons: Reasons {
            short: Text::new("as drawn").unwrap(),
            long: None,
        },
        exempt_purpose_considered: true,
        method: Method::ViewedByTwo,
        viewed: Some(Commitment::to(b"a file")),
        based_on: None,
        made_at: time("2026-01-15"),
        valid_until: None,
    }
}

pub(crate) fn says(code: &str, verdict: Verdict) -> Event {
    Event::Assessed(assessment(code, verdict))
}

/// "Terrorist" of type A, by each of these states.
pub(crate) fn all_say(codes: &[&str]) -> Vec<Event> {
    codes
        .iter()
        .map(|code| says(code, terrorist("A")))
        .collect()
}

/// Another authority of the state.
pub(crate) fn second(code: &str, verdict: Verdict) -> Event {
    Event::Assessed(Assessment {
        authority: authority(&format!("{}-second", code.to_lowercase())),
        ..assessment(code, verdict)
    })
}

pub(crate) fn adopted(code: &str, verdict: Verdict) -> Event {
    let from = authority("xa-first");
    Event::Assessed(Assessment {
        method: Method::Adopted { from },
        viewed: None,
        ..assessment(code, verdict)
    })
}

pub(crate) fn until(code: &str, valid_until: &str) -> Event {
    Event::Assessed(Assessment {
        valid_until: Some(time(valid_until)),
        ..assessment(code, terrorist("A"))
    })
}

pub(crate) fn at_place(code: &str, sequence: u64, verdict: Verdict) -> Event {
    Event::Assessed(Assessment {
        sequence,
        ..assessment(code, verdict)
    })
}

/// A withdrawal on the first of February, at place 5 of the log.
pub(crate) fn withdrawal(code: &str, target: Target, reason: WithdrawalReason) -> Event {
    Event::Withdrawn(Withdrawal {
        entry: super::cases::entry().id(),
        by: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 5,
        target,
        reason,
        effective_at: time("2026-02-01"),
        reinstatement_required: true,
    })
}

pub(crate) fn the_first_of(code: &str) -> Target {
    Target::Assessment {
        authority: authority(&format!("{}-first", code.to_lowercase())),
        sequence: 1,
    }
}

/// A suspension on the first of February, at place 6 of the log.
pub(crate) fn suspension(code: &str) -> Event {
    Event::Suspended(Suspension {
        entry: super::cases::entry().id(),
        by: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 6,
        reason: Text::new("a complaint is being looked into").unwrap(),
        at: time("2026-02-01"),
    })
}

pub(crate) fn resumption(code: &str, lifts: u64, at: &str) -> Event {
    Event::Resumed(Resumption {
        entry: super::cases::entry().id(),
        by: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 7,
        lifts,
        at: time(at),
    })
}

pub(crate) fn designated(codes: &[&str], since: &str) -> Vec<Designation> {
    let since = time(since);
    codes
        .iter()
        .map(|code| Designation {
            state: state(code),
            since,
        })
        .collect()
}

/// The baseline of these states, all designated in 2025.
pub(crate) fn baseline(codes: &[&str]) -> Policy {
    Policy::baseline(designated(codes, "2025-01-01")).unwrap()
}

pub(crate) fn working(codes: &[&str]) -> Policy {
    Policy::working(designated(codes, "2025-01-01")).unwrap()
}

/// The policy with some of its terms changed.
pub(crate) fn with(policy: Policy, change: impl FnOnce(&mut Terms)) -> Policy {
    let mut terms = Terms::from(policy);
    terms.name = Text::new("example").unwrap();
    change(&mut terms);
    Policy::new(terms).unwrap()
}

/// XA's removal order R-17.
pub(crate) fn order() -> LegalInstrument {
    LegalInstrument {
        kind: InstrumentKind::RemovalOrder,
        issued_by: state("XA"),
        reference: Text::new("R-17").unwrap(),
        issued_at: time("2026-01-10"),
        finality: Finality::Appealable,
        scrutiny: Scrutiny::NotScrutinised,
    }
}

/// "Terrorist" of type A, because of an act.
pub(crate) fn resting(code: &str, act: LegalInstrument) -> Event {
    Event::Assessed(Assessment {
        based_on: Some(act),
        ..assessment(code, terrorist("A"))
    })
}

/// What a state tells of XA's order R-17 on the first of February, at place 4 of the log.
pub(crate) fn end(code: &str, reason: EndReason) -> InstrumentEnd {
    InstrumentEnd {
        instrument: order().name(),
        by: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 4,
        at: time("2026-02-01"),
        reason,
        reinstatement_required: true,
    }
}

/// Reviews of January that nearly all went against the match, at place 3 of the log.
pub(crate) fn feedback(code: &str) -> Event {
    Event::Feedback(Feedback {
        entry: super::cases::entry().id(),
        by: authority(&format!("{}-first", code.to_lowercase())),
        state: state(code),
        sequence: 3,
        at: time("2026-02-01"),
        platform: Text::new("a platform").unwrap(),
        from: time("2026-01-01"),
        until: time("2026-02-01"),
        reviews: Reviews::new(215, 1, 210).unwrap(),
    })
}
