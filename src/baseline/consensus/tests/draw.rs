//! Random events of a few authorities, states and days, so that they meet.

use proptest::prelude::*;

use crate::baseline::*;

pub(super) const ENTRY: EntryId = EntryId::from_bytes([1; 32]);
const OTHER: EntryId = EntryId::from_bytes([2; 32]);

pub(super) fn day(day: u32) -> Time {
    let first: Time = "2026-01-01T00:00:00Z".parse().unwrap();
    first.plus_days(day).unwrap()
}

pub(super) fn state(number: u8) -> MemberState {
    [b'X', b'A' + number].try_into().unwrap()
}

pub(super) fn authority(text: &str) -> AuthorityId {
    text.parse().unwrap()
}

/// A plain assessment; tests change what they are about.
pub(super) fn assessment(
    name: &str,
    state: MemberState,
    sequence: u64,
    verdict: Verdict,
) -> Assessment {
    Assessment {
        entry: ENTRY,
        authority: authority(name),
        state,
        sequence,
        verdict,
        reasons: Reasons {
            short: Text::new("a test").unwrap(),
            long: None,
        },
        exempt_purpose_considered: true,
        method: Method::ViewedByTwo,
        viewed: Some(Commitment::to(b"a file")),
        based_on: None,
        made_at: day(5),
        valid_until: None,
    }
}

pub(super) fn types() -> impl Strategy<Value = TcoTypes> {
    (1_u8..8).prop_map(|bits| TcoTypes::from_bits(bits).unwrap())
}

/// Two authorities for each of five states, which hardly ever speak for another one.
fn speaker() -> impl Strategy<Value = (AuthorityId, MemberState)> {
    let strays = prop_oneof![19 => Just(false), 1 => Just(true)];
    (0..10_u8, strays, 0..5_u8).prop_map(|(number, strays, other)| {
        let own = number / 2;
        (
            authority(&format!("authority-{number}")),
            state(if strays { other } else { own }),
        )
    })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        6 => types().prop_map(Verdict::Terrorist),
        1 => Just(Verdict::NotTerrorist),
        1 => types().prop_map(Verdict::TerroristOnlyInContext),
        1 => Just(Verdict::InsufficientInformation),
        1 => Just(Verdict::Abstain),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    let from = authority("authority-0");
    prop_oneof![
        5 => Just(Method::ViewedByTwo),
        1 => Just(Method::Adopted { from }),
    ]
}

fn subject() -> impl Strategy<Value = EntryId> {
    prop_oneof![9 => Just(ENTRY), 1 => Just(OTHER)]
}

/// Who, on what, at which place, when, and a number to use.
type Frame = ((AuthorityId, MemberState), EntryId, u64, Time, u64);

fn frame() -> impl Strategy<Value = Frame> {
    (
        speaker(),
        subject(),
        0..6_u64,
        (0..30_u32).prop_map(day),
        0..6_u64,
    )
}

/// A few acts that differ in little, so that they are often the same, and often almost.
fn instrument_name() -> impl Strategy<Value = InstrumentName> {
    let kind = prop_oneof![
        9 => Just(InstrumentKind::RemovalOrder),
        1 => Just(InstrumentKind::CourtDecision),
    ];
    let reference = prop_oneof![3 => Just("R-1"), 1 => Just("R-2")];
    (kind, 0..2_u8, reference).prop_map(|(kind, issuer, reference)| InstrumentName {
        kind,
        issued_by: state(issuer),
        reference: Text::new(reference).unwrap(),
    })
}

fn instrument() -> impl Strategy<Value = LegalInstrument> {
    let finality = prop_oneof![Just(Finality::Final), Just(Finality::Appealable)];
    let scrutiny = prop_oneof![Just(Scrutiny::Pending), Just(Scrutiny::NoInfringement)];
    let issued_at = (0..30_u32).prop_map(day);
    (instrument_name(), issued_at, finality, scrutiny).prop_map(
        |(name, issued_at, finality, scrutiny)| LegalInstrument {
            issued_at,
            finality,
            scrutiny,
            ..act(name)
        },
    )
}

/// An act of this name.
pub(super) fn act(name: InstrumentName) -> LegalInstrument {
    LegalInstrument {
        kind: name.kind,
        issued_by: name.issued_by,
        reference: name.reference,
        issued_at: day(1),
        finality: Finality::Final,
        scrutiny: Scrutiny::NotScrutinised,
    }
}

pub(super) fn end() -> impl Strategy<Value = InstrumentEnd> {
    let reason = prop_oneof![
        3 => Just(EndReason::Annulled),
        2 => Just(EndReason::ScrutinyInfringement),
        1 => Just(EndReason::Revoked),
        1 => Just(EndReason::CourtOrder),
    ];
    (frame(), instrument_name(), reason, any::<bool>()).prop_map(
        |(((by, state), _, sequence, at, _), instrument, reason, own)| InstrumentEnd {
            state: if own { instrument.issued_by } else { state },
            instrument,
            by,
            sequence,
            at,
            reason,
            reinstatement_required: own,
        },
    )
}

pub(super) fn feedback() -> impl Strategy<Value = Feedback> {
    (frame(), 0..9_u32, 0..9_u32).prop_map(|(((by, state), entry, sequence, at, _), more, less)| {
        Feedback {
            entry,
            by,
            state,
            sequence,
            at,
            platform: Text::new("a platform").unwrap(),
            from: day(0),
            until: at,
            reviews: Reviews::new(more + less, more, less / 2).unwrap(),
        }
    })
}

fn event() -> impl Strategy<Value = Event> {
    let until = prop::option::weighted(0.3, (0..40_u32).prop_map(day));
    let based_on = prop::option::weighted(0.3, instrument());
    let assessed = (frame(), verdict(), method(), until, based_on).prop_map(
        |(frame, verdict, method, valid_until, based_on)| {
            let ((authority, state), entry, sequence, made_at, _) = frame;
            Event::Assessed(Assessment {
                entry,
                method,
                based_on,
                made_at,
                valid_until,
                ..assessment(authority.as_str(), state, sequence, verdict)
            })
        },
    );
    let withdrawn = (
        frame(),
        prop::option::weighted(0.8, speaker()),
        any::<bool>(),
    )
        .prop_map(
            |(((by, state), entry, sequence, effective_at, target), whose, own)| {
                let authority = whose.map(|(whose, _)| if own { by.clone() } else { whose });
                Event::Withdrawn(Withdrawal {
                    entry,
                    by,
                    state,
                    sequence,
                    target: authority.map_or(Target::Whole, |authority| Target::Assessment {
                        authority,
                        sequence: target,
                    }),
                    reason: WithdrawalReason::AssessmentRevoked,
                    effective_at,
                    reinstatement_required: false,
                })
            },
        );
    let suspended = frame().prop_map(|((by, state), entry, sequence, at, _)| {
        Event::Suspended(suspension(by, state, entry, sequence, at))
    });
    let resumed = frame().prop_map(|((by, state), entry, sequence, at, lifts)| {
        Event::Resumed(Resumption {
            entry,
            by,
            state,
            sequence,
            lifts,
            at,
        })
    });
    let ended = end().prop_map(Event::InstrumentEnded);
    let told = feedback().prop_map(Event::Feedback);
    prop_oneof![
        40 => assessed, 3 => withdrawn, 1 => suspended, 2 => resumed, 4 => ended, 2 => told,
    ]
}

pub(super) fn suspension(
    by: AuthorityId,
    state: MemberState,
    entry: EntryId,
    sequence: u64,
    at: Time,
) -> Suspension {
    Suspension {
        entry,
        by,
        state,
        sequence,
        reason: Text::new("a test").unwrap(),
        at,
    }
}

pub(super) fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(), 0..14)
}

pub(super) fn head() -> impl Strategy<Value = EntryHead> {
    (0..12_u8, 0..20_u32).prop_map(|(creator, created)| EntryHead {
        id: ENTRY,
        created_by: authority(&format!("authority-{creator}")),
        created_at: day(created),
    })
}

pub(super) fn now() -> impl Strategy<Value = Time> {
    (0..45_u32).prop_map(day)
}

fn denominator() -> impl Strategy<Value = Denominator> {
    let states = prop::sample::subsequence((0..5).map(state).collect::<Vec<_>>(), 1..=5);
    let designated = states.clone().prop_flat_map(|states| {
        let since = prop_oneof![1 => Just(0), 1 => 0..30_u32];
        prop::collection::vec(since, states.len()).prop_map(move |days| {
            let pairs = states.iter().zip(days);
            pairs
                .map(|(&state, since)| Designation {
                    state,
                    since: day(since),
                })
                .collect()
        })
    });
    prop_oneof![
        3 => designated.prop_map(Denominator::Designated),
        1 => Just(Denominator::Responding),
        2 => states.prop_map(Denominator::Explicit),
    ]
}

pub(super) fn policy() -> impl Strategy<Value = Policy> {
    let rule = prop_oneof![
        Just(Rule::All),
        (1..4_u32).prop_map(Rule::AtLeast),
        (1..4_u32, 3..5_u32).prop_map(|(numerator, denominator)| Rule::Fraction {
            numerator,
            denominator
        }),
    ];
    let silence = prop_oneof![
        2 => Just(Silence::None),
        1 => (1..20_u32).prop_map(Silence::TacitAfterDays),
    ];
    let objection = prop_oneof![Just(Objection::Blocks), Just(Objection::Disputes)];
    let days = (prop::option::weighted(0.2, 1..20_u32), 0..20_u32);
    let flags = (any::<bool>(), any::<bool>());
    let terms = (rule, denominator(), objection, silence, days, flags).prop_map(
        |(rule, denominator, objection, silence, (expiry_days, grace_days), flags)| Terms {
            name: Text::new("drawn").unwrap(),
            version: 1,
            rule,
            denominator,
            objection,
            silence,
            expiry_days,
            grace_days,
            types_must_overlap: flags.0,
            counts_adopted: flags.1,
        },
    );
    terms.prop_filter_map("no policy", |terms| Policy::new(terms).ok())
}
