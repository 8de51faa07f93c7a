//! The cases of `testdata/conformance/consensus.json`. What state comes out is written here by hand; the sentences are
//! pinned by the file.

use std::collections::BTreeSet;

use ijkpunt::baseline::ConsensusState as Is;
use ijkpunt::baseline::*;
use ijkpunt::hash::{Pdq, Quality};

mod acts;
mod later;

use super::words::*;
use acts::{counting_ends, resting_words};
use later::{asked, ending, silent, stopped};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) policy: Policy,
    pub(crate) entry: EntryHead,
    pub(crate) events: Vec<Event>,
    pub(crate) now: Time,
    pub(crate) state: ConsensusState,
}

impl Case {
    fn now(self, now: &str) -> Self {
        Self {
            now: time(now),
            ..self
        }
    }
}

/// The entry that all cases are about.
pub(crate) fn entry() -> Entry {
    let fingerprint = |fill| Fingerprint {
        code: Pdq::from_bytes([fill; 32]).into(),
        quality: Quality::new(90).ok(),
        profile: Profile::Full,
        part: None,
        shown: None,
        label: None,
    };
    Entry {
        media: MediaKind::Image,
        source: Some(Source {
            sha256: Commitment::to(b"a drawn picture"),
            size: 15,
            mime: Text::new("image/png").unwrap(),
        }),
        fingerprints: vec![fingerprint(0xcd), fingerprint(0xab)],
        title: Text::new("A drawn picture").unwrap(),
        producer: None,
        labels: BTreeSet::new(),
        context: ContextDependence::Independent,
        created_by: authority("xa-first"),
        created_at: time("2026-01-01"),
        review_by: None,
    }
}

fn case(name: &'static str, policy: Policy, events: Vec<Event>, state: ConsensusState) -> Case {
    Case {
        name,
        policy,
        entry: entry().head(),
        events,
        now: time("2026-03-01"),
        state,
    }
}

fn and(events: Vec<Event>, others: impl IntoIterator<Item = Event>) -> Vec<Event> {
    events.into_iter().chain(others).collect()
}

const TWO: [&str; 2] = ["XA", "XB"];
const THREE: [&str; 3] = ["XA", "XB", "XC"];
const FOUR: [&str; 4] = ["XA", "XB", "XC", "XD"];

fn emerging(k: u32, n: u32) -> ConsensusState {
    Is::Emerging { k, n }
}

pub(crate) fn cases() -> Vec<Case> {
    [
        agreeing(),
        counting(),
        objecting(),
        divided(),
        asked(),
        silent(),
        ending(),
        stopped(),
        counting_ends(),
        resting_words(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn agreeing() -> Vec<Case> {
    let context = Verdict::TerroristOnlyInContext(types("A"));
    let large: Vec<String> = ('A'..='W').map(|letter| format!("X{letter}")).collect();
    let large: Vec<&str> = large.iter().map(String::as_str).collect();
    let most: Vec<Event> = large
        .iter()
        .filter(|code| !["XB", "XC", "XF", "XK", "XQ"].contains(*code))
        .map(|code| says(code, terrorist("AD")))
        .collect();
    vec![
        case(
            "nobody has said anything",
            baseline(&THREE),
            vec![],
            Is::Candidate,
        ),
        case(
            "one state is national",
            baseline(&THREE),
            all_say(&["XA"]),
            Is::National,
        ),
        case(
            "two of three emerge",
            baseline(&THREE),
            all_say(&TWO),
            emerging(2, 3),
        ),
        case(
            "all are a baseline",
            baseline(&THREE),
            all_say(&THREE),
            Is::Baseline,
        ),
        case(
            "18 of 23 are not all",
            baseline(&large),
            most,
            emerging(18, 23),
        ),
        case(
            "context only supports nothing",
            baseline(&THREE),
            and(all_say(&TWO), [says("XC", context)]),
            emerging(2, 3),
        ),
        case(
            "context only alone is under assessment",
            baseline(&THREE),
            vec![says("XA", context)],
            Is::UnderAssessment,
        ),
        case(
            "insufficient information is under assessment",
            baseline(&THREE),
            vec![says("XA", Verdict::InsufficientInformation)],
            Is::UnderAssessment,
        ),
        case(
            "who abstains is missing",
            baseline(&THREE),
            and(all_say(&TWO), [says("XC", Verdict::Abstain)]),
            emerging(2, 3),
        ),
        case(
            "repeated events count once",
            baseline(&THREE),
            and(all_say(&TWO), all_say(&TWO)),
            emerging(2, 3),
        ),
        case(
            "two authorities of a state count once",
            baseline(&THREE),
            and(all_say(&TWO), [second("XA", terrorist("A"))]),
            emerging(2, 3),
        ),
    ]
}

fn counting() -> Vec<Case> {
    let split = || {
        vec![
            says("XA", terrorist("AB")),
            says("XB", terrorist("BC")),
            says("XC", terrorist("D")),
        ]
    };
    let fraction = |numerator, denominator| {
        with(baseline(&FOUR), |terms| {
            terms.rule = Rule::Fraction {
                numerator,
                denominator,
            }
        })
    };
    vec![
        case(
            "types must overlap",
            baseline(&THREE),
            split(),
            emerging(2, 3),
        ),
        case(
            "types need not overlap",
            with(baseline(&THREE), |terms| terms.types_must_overlap = false),
            split(),
            Is::Baseline,
        ),
        case(
            "of equally many the first type",
            baseline(&FOUR),
            vec![
                says("XA", terrorist("B")),
                says("XB", terrorist("A")),
                says("XC", terrorist("B")),
                says("XD", terrorist("A")),
            ],
            emerging(2, 4),
        ),
        case(
            "at least two suffice for the working list",
            working(&FOUR),
            all_say(&TWO),
            Is::Baseline,
        ),
        case(
            "one does not suffice for the working list",
            working(&FOUR),
            all_say(&["XD"]),
            Is::National,
        ),
        case(
            "at least one may be asked for",
            with(working(&FOUR), |terms| terms.rule = Rule::AtLeast(1)),
            all_say(&["XD"]),
            Is::Baseline,
        ),
        case(
            "three quarters of four are three",
            fraction(3, 4),
            all_say(&THREE),
            Is::Baseline,
        ),
        case(
            "three quarters of four are not two",
            fraction(3, 4),
            all_say(&TWO),
            emerging(2, 4),
        ),
        case(
            "a fraction of one state is not enough",
            fraction(1, 4),
            all_say(&["XA"]),
            Is::National,
        ),
        case(
            "adopted verdicts do not count",
            baseline(&TWO),
            vec![says("XA", terrorist("A")), adopted("XB", terrorist("A"))],
            Is::National,
        ),
        case(
            "adopted verdicts alone are under assessment",
            baseline(&TWO),
            vec![adopted("XB", terrorist("A"))],
            Is::UnderAssessment,
        ),
        case(
            "adopted verdicts count where the policy says so",
            with(baseline(&TWO), |terms| terms.counts_adopted = true),
            vec![says("XA", terrorist("A")), adopted("XB", terrorist("A"))],
            Is::Baseline,
        ),
    ]
}

fn objecting() -> Vec<Case> {
    let no = |code: &str| says(code, Verdict::NotTerrorist);
    let disputes = || {
        with(baseline(&THREE), |terms| {
            terms.objection = Objection::Disputes;
        })
    };
    vec![
        case(
            "one objection blocks",
            baseline(&THREE),
            and(all_say(&TWO), [no("XC")]),
            Is::Rejected,
        ),
        case(
            "one objection disputes",
            disputes(),
            and(all_say(&TWO), [no("XC")]),
            Is::Disputed,
        ),
        case(
            "an objection without support rejects",
            disputes(),
            vec![no("XC")],
            Is::Rejected,
        ),
        case(
            "an objection disputes the working list",
            working(&FOUR),
            and(all_say(&THREE), [no("XD")]),
            Is::Disputed,
        ),
        case(
            "an objection from outside does not count",
            baseline(&TWO),
            and(all_say(&TWO), [no("XC")]),
            Is::Baseline,
        ),
        case(
            "an adopted objection does not count",
            baseline(&THREE),
            and(all_say(&TWO), [adopted("XC", Verdict::NotTerrorist)]),
            emerging(2, 3),
        ),
    ]
}

fn divided() -> Vec<Case> {
    let no = Verdict::NotTerrorist;
    vec![
        case(
            "verdicts of two kinds divide a state",
            baseline(&THREE),
            and(all_say(&THREE), [second("XC", no)]),
            emerging(2, 3),
        ),
        case(
            "types apart divide a state",
            baseline(&THREE),
            and(all_say(&THREE), [second("XC", terrorist("B"))]),
            emerging(2, 3),
        ),
        case(
            "types in common do not divide a state",
            baseline(&TWO),
            vec![
                says("XA", terrorist("AB")),
                second("XA", terrorist("BC")),
                says("XB", terrorist("B")),
            ],
            Is::Baseline,
        ),
        case(
            "abstaining does not divide a state",
            baseline(&TWO),
            and(all_say(&TWO), [second("XB", Verdict::Abstain)]),
            Is::Baseline,
        ),
        case(
            "a divided state alone is under assessment",
            baseline(&TWO),
            vec![says("XA", terrorist("A")), second("XA", no)],
            Is::UnderAssessment,
        ),
        case(
            "two words at one place are a conflict",
            baseline(&TWO),
            and(all_say(&TWO), [says("XB", no)]),
            Is::National,
        ),
        case(
            "a conflict alone is under assessment",
            baseline(&TWO),
            vec![says("XB", terrorist("A")), says("XB", terrorist("B"))],
            Is::UnderAssessment,
        ),
        case(
            "a later word heals a conflict",
            baseline(&TWO),
            and(
                all_say(&TWO),
                [says("XB", no), at_place("XB", 2, terrorist("A"))],
            ),
            Is::Baseline,
        ),
        case(
            "the latest word counts",
            baseline(&TWO),
            and(all_say(&TWO), [at_place("XB", 2, no)]),
            Is::Rejected,
        ),
    ]
}
