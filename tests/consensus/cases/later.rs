//! The cases of who is asked, of silence, and of what ends.

use ijkpunt::baseline::ConsensusState as Is;
use ijkpunt::baseline::*;

use super::{Case, FOUR, THREE, TWO, and, case, emerging};
use crate::words::*;

pub(super) fn asked() -> Vec<Case> {
    let joining = |since: &str| {
        let mut states = designated(&TWO, "2025-01-01");
        states.extend(designated(&["XC"], since));
        Policy::baseline(states).unwrap()
    };
    let responding = || {
        with(baseline(&TWO), |terms| {
            terms.denominator = Denominator::Responding;
        })
    };
    let explicit = with(baseline(&TWO), |terms| {
        terms.denominator = Denominator::Explicit(vec![state("XA"), state("XD")]);
    });
    vec![
        case(
            "a new state is not missed during its grace",
            joining("2026-02-01"),
            all_say(&TWO),
            Is::Baseline,
        ),
        case(
            "a new state is missed after its grace",
            joining("2026-02-01"),
            all_say(&TWO),
            emerging(2, 3),
        )
        .now("2026-05-02"),
        case(
            "a new state is not missed a second before",
            joining("2026-02-01"),
            all_say(&TWO),
            Is::Baseline,
        )
        .now("2026-05-01T23:59:59Z"),
        case(
            "a new state that objects in its grace counts",
            joining("2026-02-01"),
            and(all_say(&TWO), [says("XC", Verdict::NotTerrorist)]),
            Is::Rejected,
        ),
        case(
            "a state to be designated does not count yet",
            joining("2026-04-01"),
            and(all_say(&TWO), [says("XC", Verdict::NotTerrorist)]),
            Is::Baseline,
        ),
        case(
            "a younger entry asks a state at once",
            joining("2025-12-31"),
            all_say(&TWO),
            emerging(2, 3),
        ),
        case(
            "all who respond",
            responding(),
            all_say(&["XA", "XQ"]),
            Is::Baseline,
        ),
        case(
            "one who responds is not all",
            responding(),
            all_say(&["XQ"]),
            Is::National,
        ),
        case(
            "who cannot say responds, too",
            responding(),
            and(
                all_say(&TWO),
                [
                    says("XC", Verdict::InsufficientInformation),
                    says("XD", Verdict::Abstain),
                ],
            ),
            emerging(2, 3),
        ),
        case(
            "only listed states are asked",
            explicit,
            all_say(&FOUR),
            Is::Baseline,
        ),
    ]
}

pub(super) fn silent() -> Vec<Case> {
    let tacit = |codes: &[&str]| {
        with(baseline(codes), |terms| {
            terms.silence = Silence::TacitAfterDays(30);
        })
    };
    let new_state = || {
        let mut states = designated(&TWO, "2025-01-01");
        states.extend(designated(&["XC"], "2026-02-15"));
        with(Policy::working(states).unwrap(), |terms| {
            terms.rule = Rule::All;
            terms.silence = Silence::TacitAfterDays(30);
        })
    };
    vec![
        case(
            "the days of a new state begin with it",
            new_state(),
            all_say(&TWO),
            emerging(2, 3),
        ),
        case(
            "the days of a new state end, too",
            new_state(),
            all_say(&TWO),
            Is::BaselineBySilence,
        )
        .now("2026-03-17"),
        case(
            "silence is no consent",
            baseline(&FOUR),
            all_say(&THREE),
            emerging(3, 4),
        ),
        case(
            "silence is consent after its days",
            tacit(&FOUR),
            all_say(&TWO),
            Is::BaselineBySilence,
        )
        .now("2026-01-31"),
        case(
            "silence is no consent a second before",
            tacit(&FOUR),
            all_say(&TWO),
            emerging(2, 4),
        )
        .now("2026-01-30T23:59:59Z"),
        case(
            "silence adds nothing to one state",
            tacit(&FOUR),
            all_say(&["XA"]),
            Is::National,
        ),
        case(
            "abstaining is not silence",
            tacit(&FOUR),
            and(all_say(&THREE), [says("XD", Verdict::Abstain)]),
            emerging(3, 4),
        ),
        case(
            "nobody is silent where all speak",
            tacit(&THREE),
            all_say(&THREE),
            Is::Baseline,
        ),
    ]
}

pub(super) fn ending() -> Vec<Case> {
    let month = || with(baseline(&TWO), |terms| terms.expiry_days = Some(30));
    let replaced = vec![
        says("XA", terrorist("A")),
        says("XB", terrorist("A")),
        Event::Assessed(Assessment {
            sequence: 2,
            valid_until: Some(time("2026-02-01")),
            ..assessment("XB", terrorist("A"))
        }),
    ];
    vec![
        case(
            "what has run out does not count",
            baseline(&TWO),
            and(all_say(&["XA"]), [until("XB", "2026-03-01")]),
            Is::National,
        ),
        case(
            "what runs out in a second counts",
            baseline(&TWO),
            and(all_say(&["XA"]), [until("XB", "2026-03-01T00:00:01Z")]),
            Is::Baseline,
        ),
        case(
            "all has run out",
            baseline(&TWO),
            vec![until("XA", "2026-02-01"), until("XB", "2026-02-01")],
            Is::Expired,
        ),
        case(
            "the policy's expiry ends what is older",
            month(),
            all_say(&TWO),
            Is::Expired,
        ),
        case(
            "the policy's expiry leaves what is younger",
            month(),
            all_say(&TWO),
            Is::Baseline,
        )
        .now("2026-02-13T23:59:59Z"),
        case(
            "the one before does not come back",
            baseline(&TWO),
            replaced,
            Is::National,
        ),
        case(
            "what is to come is not there",
            baseline(&TWO),
            all_say(&TWO),
            Is::Candidate,
        )
        .now("2026-01-14"),
    ]
}

pub(super) fn stopped() -> Vec<Case> {
    let revoked = WithdrawalReason::AssessmentRevoked;
    let order = WithdrawalReason::OrderAnnulled;
    let no = says("XC", Verdict::NotTerrorist);
    vec![
        case(
            "an authority withdraws its assessment",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [withdrawal("XB", the_first_of("XB"), revoked)],
            ),
            Is::National,
        ),
        case(
            "another's assessment cannot be withdrawn",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [withdrawal("XB", the_first_of("XA"), revoked)],
            ),
            Is::Baseline,
        ),
        case(
            "all is withdrawn",
            baseline(&TWO),
            and(
                all_say(&["XB"]),
                [withdrawal("XB", the_first_of("XB"), revoked)],
            ),
            Is::Candidate,
        ),
        case(
            "its maker withdraws the entry",
            baseline(&TWO),
            and(all_say(&TWO), [withdrawal("XA", Target::Whole, order)]),
            Is::Withdrawn,
        ),
        case(
            "a withdrawal is not there before it takes effect",
            baseline(&TWO),
            and(all_say(&TWO), [withdrawal("XA", Target::Whole, order)]),
            Is::Baseline,
        )
        .now("2026-01-31"),
        case(
            "another authority withdraws its part of the entry",
            baseline(&TWO),
            and(all_say(&TWO), [withdrawal("XB", Target::Whole, order)]),
            Is::National,
        ),
        case(
            "what is said after a withdrawal counts",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [
                    withdrawal("XB", Target::Whole, order),
                    at_place("XB", 6, terrorist("A")),
                ],
            ),
            Is::Baseline,
        ),
        case(
            "one state suspends",
            baseline(&TWO),
            and(all_say(&TWO), [suspension("XB")]),
            Is::Suspended,
        ),
        case(
            "a state that is not asked suspends, too",
            baseline(&TWO),
            and(all_say(&TWO), [suspension("XZ")]),
            Is::Suspended,
        ),
        case(
            "the authority that suspended resumes",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [suspension("XB"), resumption("XB", 6, "2026-02-10")],
            ),
            Is::Baseline,
        ),
        case(
            "another authority cannot resume",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [suspension("XB"), resumption("XA", 6, "2026-02-10")],
            ),
            Is::Suspended,
        ),
        case(
            "another suspension is not lifted",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [suspension("XB"), resumption("XB", 4, "2026-02-10")],
            ),
            Is::Suspended,
        ),
        case(
            "a resumption to come lifts nothing yet",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [suspension("XB"), resumption("XB", 6, "2026-04-01")],
            ),
            Is::Suspended,
        ),
        case(
            "suspended goes before rejected",
            baseline(&THREE),
            and(all_say(&TWO), [no, suspension("XB")]),
            Is::Suspended,
        ),
        case(
            "withdrawn goes before suspended",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [
                    suspension("XB"),
                    withdrawal("XA", Target::Whole, WithdrawalReason::CourtOrder),
                ],
            ),
            Is::Withdrawn,
        ),
    ]
}
