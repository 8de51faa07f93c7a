//! The cases of acts that end, and of what rests on them.

use ijkpunt::baseline::ConsensusState as Is;
use ijkpunt::baseline::*;

use super::{Case, FOUR, THREE, TWO, and, case, emerging};
use crate::words::*;

/// XA's word rests on its order R-17, XB's on nothing.
fn one_rests() -> Vec<Event> {
    vec![resting("XA", order()), says("XB", terrorist("A"))]
}

/// A decision of a court of XA.
fn decision() -> LegalInstrument {
    LegalInstrument {
        kind: InstrumentKind::CourtDecision,
        ..order()
    }
}

fn told(code: &str, reason: EndReason) -> Event {
    Event::InstrumentEnded(end(code, reason))
}

pub(super) fn counting_ends() -> Vec<Case> {
    let annulled = || told("XA", EndReason::Annulled);
    let of_another = |name: InstrumentName| {
        Event::InstrumentEnded(InstrumentEnd {
            state: name.issued_by,
            instrument: name,
            ..end("XA", EndReason::Annulled)
        })
    };
    vec![
        case(
            "an act that stands carries a word",
            baseline(&TWO),
            one_rests(),
            Is::Baseline,
        ),
        case(
            "an order annulled takes an entry out of the baseline",
            baseline(&TWO),
            and(one_rests(), [annulled()]),
            Is::National,
        ),
        case(
            "an infringement that another state finds does, too",
            baseline(&TWO),
            and(one_rests(), [told("XC", EndReason::ScrutinyInfringement)]),
            Is::National,
        ),
        case(
            "scrutiny is of removal orders alone",
            baseline(&TWO),
            vec![
                resting("XA", decision()),
                says("XB", terrorist("A")),
                Event::InstrumentEnded(InstrumentEnd {
                    instrument: decision().name(),
                    ..end("XC", EndReason::ScrutinyInfringement)
                }),
            ],
            Is::Baseline,
        ),
        case(
            "an order of another state cannot be annulled",
            baseline(&TWO),
            and(one_rests(), [told("XB", EndReason::Annulled)]),
            Is::Baseline,
        ),
        case(
            "nor revoked, nor stopped by a court",
            baseline(&TWO),
            and(
                one_rests(),
                [
                    told("XB", EndReason::Revoked),
                    told("XC", EndReason::CourtOrder),
                ],
            ),
            Is::Baseline,
        ),
        case(
            "another authority of the issuing state can end its order",
            baseline(&TWO),
            and(
                one_rests(),
                [Event::InstrumentEnded(InstrumentEnd {
                    by: authority("xa-second"),
                    ..end("XA", EndReason::Revoked)
                })],
            ),
            Is::National,
        ),
        case(
            "the same number of another state is another act",
            baseline(&TWO),
            and(
                one_rests(),
                [of_another(InstrumentName {
                    issued_by: state("XB"),
                    ..order().name()
                })],
            ),
            Is::Baseline,
        ),
        case(
            "the same number of another kind is another act",
            baseline(&TWO),
            and(
                one_rests(),
                [of_another(InstrumentName {
                    kind: InstrumentKind::CourtDecision,
                    ..order().name()
                })],
            ),
            Is::Baseline,
        ),
        case(
            "another number is another act",
            baseline(&TWO),
            and(
                one_rests(),
                [of_another(InstrumentName {
                    reference: Text::new("R-18").unwrap(),
                    ..order().name()
                })],
            ),
            Is::Baseline,
        ),
        case(
            "an act has not ended a second before",
            baseline(&TWO),
            and(one_rests(), [annulled()]),
            Is::Baseline,
        )
        .now("2026-01-31T23:59:59Z"),
        case(
            "an act has ended from the very second on",
            baseline(&TWO),
            and(one_rests(), [annulled()]),
            Is::National,
        )
        .now("2026-02-01"),
        case(
            "of two ends the first is told",
            baseline(&TWO),
            and(
                one_rests(),
                [
                    Event::InstrumentEnded(InstrumentEnd {
                        at: time("2026-02-02"),
                        ..end("XA", EndReason::Annulled)
                    }),
                    told("XC", EndReason::ScrutinyInfringement),
                ],
            ),
            Is::National,
        ),
    ]
}

pub(super) fn resting_words() -> Vec<Case> {
    let annulled = || told("XA", EndReason::Annulled);
    let later = |based_on| {
        Event::Assessed(Assessment {
            sequence: 8,
            made_at: time("2026-02-10"),
            based_on,
            ..assessment("XA", terrorist("A"))
        })
    };
    let decision = LegalInstrument {
        kind: InstrumentKind::CourtDecision,
        issued_by: state("XC"),
        ..order()
    };
    let no = Event::Assessed(Assessment {
        based_on: Some(decision.clone()),
        ..assessment("XC", Verdict::NotTerrorist)
    });
    let quashed = Event::InstrumentEnded(InstrumentEnd {
        instrument: decision.name(),
        ..end("XC", EndReason::Annulled)
    });
    let tacit = with(baseline(&FOUR), |terms| {
        terms.silence = Silence::TacitAfterDays(30);
    });
    vec![
        case(
            "who rests on another state's order falls with it",
            baseline(&THREE),
            vec![
                says("XA", terrorist("A")),
                says("XB", terrorist("A")),
                resting("XC", order()),
                annulled(),
            ],
            emerging(2, 3),
        ),
        case(
            "all who rest on an order fall with it",
            baseline(&TWO),
            vec![resting("XA", order()), resting("XB", order()), annulled()],
            Is::Candidate,
        ),
        case(
            "two authorities of a state fall together",
            baseline(&TWO),
            vec![
                resting("XA", order()),
                Event::Assessed(Assessment {
                    authority: authority("xa-second"),
                    based_on: Some(order()),
                    ..assessment("XA", terrorist("A"))
                }),
                says("XB", terrorist("A")),
                annulled(),
            ],
            Is::National,
        ),
        case(
            "what is said later, and rests on what has ended, does not count",
            baseline(&TWO),
            and(one_rests(), [annulled(), later(Some(order()))]),
            Is::National,
        ),
        case(
            "what is said later and does not rest on it counts again",
            baseline(&TWO),
            and(one_rests(), [annulled(), later(None)]),
            Is::Baseline,
        ),
        case(
            "what is said later and rests on a new act counts again",
            baseline(&TWO),
            and(
                one_rests(),
                [
                    annulled(),
                    later(Some(LegalInstrument {
                        reference: Text::new("R-20").unwrap(),
                        ..order()
                    })),
                ],
            ),
            Is::Baseline,
        ),
        case(
            "an earlier word does not come back when the latest falls",
            baseline(&TWO),
            and(all_say(&TWO), [later(Some(order())), annulled()]),
            Is::National,
        ),
        case(
            "fallen goes before expired",
            baseline(&TWO),
            vec![
                Event::Assessed(Assessment {
                    based_on: Some(order()),
                    valid_until: Some(time("2026-01-20")),
                    ..assessment("XB", terrorist("A"))
                }),
                annulled(),
            ],
            Is::Candidate,
        ),
        case(
            "one of two words at one place takes the other along",
            baseline(&TWO),
            vec![
                resting("XB", order()),
                says("XB", terrorist("A")),
                annulled(),
            ],
            Is::Candidate,
        ),
        case(
            "suspended goes before fallen",
            baseline(&TWO),
            and(one_rests(), [annulled(), suspension("XB")]),
            Is::Suspended,
        ),
        case(
            "an objection falls with its act, too",
            baseline(&THREE),
            and(all_say(&TWO), [no, quashed]),
            emerging(2, 3),
        ),
        case(
            "whose word fell is not silent",
            tacit,
            and(all_say(&TWO), [resting("XC", order()), annulled()]),
            emerging(2, 4),
        ),
        case(
            "what came of matches is no word",
            baseline(&TWO),
            and(all_say(&TWO), [feedback("XA")]),
            Is::Baseline,
        ),
    ]
}
