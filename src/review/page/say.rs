//! Sentences with numbers and names in them, in each language.

use std::fmt::Write;

use crate::baseline::{ConsensusState, ContextDependence, TcoTypes, Time, Verdict};
use crate::hash::Radius;
use crate::review::Language;
use crate::screen::{MatchClass, Tier};

use super::words::{either, form, part, words};
use super::{AskedList, Match, Outcome, Run, Upload};

/// Why an upload matched, a sentence each.
pub(super) fn why(language: Language, upload: &Upload, of: &Match) -> Vec<String> {
    let mut all = vec![class(language, upload, of)];
    if of.tier == Some(Tier::B) {
        all.push(weaker(language, of));
    }
    all.extend(part(language, of.view).map(ToOwned::to_owned));
    all.extend(form(language, of.dihedral).map(ToOwned::to_owned));
    all.extend(of.rotation_deg.map(|degrees| turned(language, degrees)));
    if of.negative {
        let words = either(
            language,
            "It was made a negative: all colours are inverted.",
            "Er is een negatief van gemaakt: alle kleuren zijn omgekeerd.",
        );
        all.push(words.to_owned());
    }
    all.extend(of.entry_part.map(|sides| shows(language, sides)));
    all.extend(of.confirmed_distance.map(|bits| confirmed(language, bits)));
    all.extend(frame(language, of));
    all
}

fn class(language: Language, upload: &Upload, of: &Match) -> String {
    let bits = of.distance.unwrap_or(0);
    let runs = upload.runs_of(of).count();
    match (of.class, language) {
        (MatchClass::ExactBytes, Language::English) => {
            "It is the very file, byte for byte, that is listed.".to_owned()
        }
        (MatchClass::ExactBytes, Language::Dutch) => {
            "Het is byte voor byte het bestand dat op de lijst staat.".to_owned()
        }
        (MatchClass::NearDuplicate, Language::English) => format!(
            "It is near to the listed item: {bits} of 256 bits of the fingerprints differ. Up to 31 is near; in unrelated pictures about 128 differ."
        ),
        (MatchClass::NearDuplicate, Language::Dutch) => format!(
            "Het lijkt sterk op het item: {bits} van 256 bits van de vingerafdrukken verschillen. Tot en met 31 is sterk; bij beelden die niets met elkaar te maken hebben verschillen er ongeveer 128."
        ),
        (MatchClass::VideoSegment, Language::English) => {
            let stretches = if runs == 1 { "stretch" } else { "stretches" };
            format!(
                "It runs like the listed video, in {runs} {stretches}; in the nearest frames {bits} of 256 bits differ."
            )
        }
        (MatchClass::VideoSegment, Language::Dutch) => {
            let stretches = if runs == 1 { "fragment" } else { "fragmenten" };
            format!(
                "Het loopt gelijk met de video op de lijst, in {runs} {stretches}; in de meest gelijkende beelden verschillen {bits} van 256 bits."
            )
        }
    }
}

fn weaker(language: Language, of: &Match) -> String {
    let most = Radius::DEFAULT.bits();
    let bits = of.distance.unwrap_or(0);
    match language {
        Language::English => format!("With {bits} bits it is weaker than one within {most}."),
        Language::Dutch => format!("Met {bits} bits is het zwakker dan een binnen {most}."),
    }
}

fn turned(language: Language, degrees: f64) -> String {
    let by = decimal(language, degrees.abs(), 1);
    let (english, dutch) = match degrees > 0.0 {
        true => ("clockwise", "met de klok mee"),
        false => ("counter-clockwise", "tegen de klok in"),
    };
    match language {
        Language::English => format!("It was turned by about {by} degrees {english}."),
        Language::Dutch => format!("Het is ongeveer {by} graden {dutch} gedraaid."),
    }
}

fn shows(language: Language, sides: [f64; 4]) -> String {
    let [left, top, right, bottom] = sides.map(|side| format!("{:.0}", side * 100.0));
    match language {
        Language::English => format!(
            "It shows a part of the listed item: from {left} to {right} % of its width and from {top} to {bottom} % of its height."
        ),
        Language::Dutch => format!(
            "Het toont een deel van het item: van {left} tot {right} % van de breedte en van {top} tot {bottom} % van de hoogte."
        ),
    }
}

fn confirmed(language: Language, bits: u16) -> String {
    match language {
        Language::English => format!(
            "A second look confirmed it: another part of the item is in its place, {bits} bits away."
        ),
        Language::Dutch => format!(
            "Een tweede blik bevestigt het: een ander deel van het item staat op zijn plaats, op {bits} bits."
        ),
    }
}

fn frame(language: Language, of: &Match) -> Option<String> {
    let at = clock(of.frame_ms?);
    let frame = of.frame;
    Some(match language {
        Language::English => format!("The nearest frame is number {frame}, at {at}."),
        Language::Dutch => format!("Het meest gelijkende beeld is nummer {frame}, op {at}."),
    })
}

/// What is missing, or weak, in the evidence for a match.
pub(super) fn missing(language: Language, upload: &Upload, of: &Match, now: Time) -> Vec<String> {
    let mut all = Vec::new();
    let mut tell = |holds: bool, english: &str, dutch: &str| {
        if holds {
            all.push(either(language, english, dutch).to_owned());
        }
    };
    tell(
        upload.reason.is_some(),
        "Not all of the upload could be looked at.",
        "Niet de hele upload kon worden bekeken.",
    );
    tell(
        of.partial,
        "The frame was cut short or damaged.",
        "Het beeld was afgebroken of beschadigd.",
    );
    tell(
        of.rough,
        "The turned form was estimated from a bare fingerprint: the distance is rough.",
        "De gedraaide vorm is geschat uit een losse vingerafdruk: de afstand is ruw.",
    );
    tell(
        of.confirmed_distance.is_none() && (of.tier == Some(Tier::B) || of.entry_part.is_some()),
        "No second look confirmed it: it rests on one comparison.",
        "Geen tweede blik heeft het bevestigd: het berust op één vergelijking.",
    );
    tell(
        of.distance.is_some() && of.hashes.is_none(),
        "The fingerprints that were compared did not come with this page.",
        "De vergeleken vingerafdrukken zijn niet met deze pagina meegekomen.",
    );
    all.extend(missing_standing(language, of, now));
    let lists = upload.lists.iter().filter(|list| list.name == of.list);
    all.extend(lists.flat_map(|list| may_be_old(language, list)));
    all
}

fn missing_standing(language: Language, of: &Match, now: Time) -> Vec<String> {
    let mut all = Vec::new();
    let mut tell = |holds: bool, english: &str, dutch: &str| {
        if holds {
            all.push(either(language, english, dutch).to_owned());
        }
    };
    let Some(basis) = &of.basis else {
        tell(
            true,
            "No authority stands behind the item: it is of a list of one's own.",
            "Geen autoriteit staat achter het item: het is van een eigen lijst.",
        );
        return all;
    };
    let is_baseline = basis.state == Some(ConsensusState::Baseline);
    tell(
        basis.assessments.is_empty(),
        "No assessment came with the item.",
        "Bij het item is geen beoordeling meegegeven.",
    );
    tell(
        !is_baseline,
        "The states do not all say that it is terrorist content.",
        "Niet alle staten zeggen dat het terroristische inhoud is.",
    );
    let any = |is: fn(&Verdict) -> bool| basis.assessments.iter().any(|one| is(&one.verdict));
    tell(
        any(|verdict| matches!(verdict, Verdict::NotTerrorist)),
        "An authority says that it is not terrorist content.",
        "Een autoriteit zegt dat het geen terroristische inhoud is.",
    );
    tell(
        any(|verdict| matches!(verdict, Verdict::TerroristOnlyInContext(_)))
            || basis.context == Some(ContextDependence::Dependent),
        "What it is depends on its context: look at what stands around it.",
        "Wat het is hangt af van de context: kijk naar wat eromheen staat.",
    );
    let is_over = |until: Option<Time>| until.is_some_and(|until| until <= now);
    tell(
        basis.assessments.iter().any(|one| is_over(one.valid_until)),
        "An assessment has run out.",
        "Een beoordeling is verlopen.",
    );
    all
}

/// What there is to say of a list that was asked.
pub(super) fn remarks(language: Language, list: &AskedList) -> Vec<String> {
    let mut all = may_be_old(language, list);
    let off = list.switched_off;
    if off > 0 {
        all.push(match language {
            Language::English => format!("{off} of them switched off"),
            Language::Dutch => format!("{off} daarvan uitgeschakeld"),
        });
    }
    all
}

/// Why a list may not say what holds now.
fn may_be_old(language: Language, list: &AskedList) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(why) = &list.stale {
        let may = either(
            language,
            "The list may not be the newest",
            "Er kan een nieuwere lijst zijn",
        );
        all.push(format!("{may}: {why}"));
    }
    if let Some(why) = &list.trouble {
        let not = either(
            language,
            "A newer list is not used",
            "Een nieuwere lijst wordt niet gebruikt",
        );
        all.push(format!("{not}: {why}"));
    }
    all
}

/// How often chance does as much, in words: `about one in 830 million uploads`.
pub(super) fn chance(language: Language, value: f64, low: f64, high: f64) -> String {
    let one_in = one_in(language, value);
    let [value, low, high] = [value, low, high].map(|rate| power(language, rate));
    match language {
        Language::English => format!(
            "Of uploads that have nothing to do with the list, about one in {one_in} comes as near by chance: {value} each (95 %: {low} to {high})."
        ),
        Language::Dutch => format!(
            "Van uploads die niets met de lijst te maken hebben komt ongeveer één op {one_in} door toeval even dichtbij: {value} per upload (95 %: {low} tot {high})."
        ),
    }
}

fn one_in(language: Language, rate: f64) -> String {
    let number = 1.0 / rate.max(f64::MIN_POSITIVE);
    let (scale, name) = match number {
        ..1e6 => return format!("{:.0}", two_digits(number)),
        ..1e9 => (1e6, either(language, "million", "miljoen")),
        ..1e12 => (1e9, either(language, "billion", "miljard")),
        ..1e15 => (1e12, either(language, "trillion", "biljoen")),
        _ => return power(language, number),
    };
    let many = two_digits(number / scale);
    let digits = usize::from(many < 10.0);
    format!("{} {name}", decimal(language, many, digits))
}

fn two_digits(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

/// `1.2 × 10⁻⁹`
fn power(language: Language, number: f64) -> String {
    let written = format!("{number:.1e}");
    let Some((digits, exponent)) = written.split_once('e') else {
        return written;
    };
    let digits = match language {
        Language::English => digits.to_owned(),
        Language::Dutch => digits.replace('.', ","),
    };
    format!("{digits} × 10{}", raised(exponent))
}

/// A number as an exponent: `⁻⁹`.
pub(super) fn raised(number: &str) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |c: char| match c.to_digit(10) {
        Some(digit) => digits.get(digit as usize).copied().unwrap_or(c),
        None if c == '-' => '⁻',
        None => c,
    };
    number.chars().map(raise).collect()
}

/// With so many digits behind the point, or comma.
pub(super) fn decimal(language: Language, number: f64, digits: usize) -> String {
    let written = format!("{number:.digits$}");
    match language {
        Language::English => written,
        Language::Dutch => written.replace('.', ","),
    }
}

/// `0:04.5`, `1:02:03.5`: a time in a video, to a tenth of a second.
pub(super) fn clock(ms: u64) -> String {
    let (tenths, seconds) = (ms / 100 % 10, ms / 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}.{tenths}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{tenths}"),
    }
}

/// `0:04.5–0:17.0`
pub(super) fn stretch([from, to]: [u32; 2]) -> String {
    format!("{}–{}", clock(from.into()), clock(to.into()))
}

/// `9 %, 56 %`
pub(super) fn shares(run: &Run) -> String {
    let [upload, entry] = [run.coverage_query, run.coverage_entry].map(|share| share * 100.0);
    format!("{upload:.0} %, {entry:.0} %")
}

pub(super) fn outcome(language: Language, outcome: Outcome) -> &'static str {
    let words = words(language);
    match outcome {
        Outcome::Match => words.outcome_match,
        Outcome::NoMatch => words.outcome_none,
        Outcome::Undecided => words.outcome_undecided,
    }
}

pub(super) fn count_matches(language: Language, matches: usize) -> String {
    match (language, matches) {
        (Language::English, 1) => "1 match".to_owned(),
        (Language::English, _) => format!("{matches} matches"),
        (Language::Dutch, 1) => "1 overeenkomst".to_owned(),
        (Language::Dutch, _) => format!("{matches} overeenkomsten"),
    }
}

pub(super) fn number_of(language: Language, number: usize, all: usize) -> String {
    let of = either(language, "of", "van");
    format!("{number} {of} {all}")
}

/// What an authority says.
pub(super) fn verdict(language: Language, verdict: Verdict) -> String {
    let with = |name: &str, types: TcoTypes| format!("{name}, {}", kinds(language, types));
    match verdict {
        Verdict::Terrorist(types) => with(either(language, "terrorist", "terroristisch"), types),
        Verdict::TerroristOnlyInContext(types) => {
            let name = either(
                language,
                "terrorist only in context",
                "alleen in context terroristisch",
            );
            with(name, types)
        }
        Verdict::NotTerrorist => either(language, "not terrorist", "niet terroristisch").to_owned(),
        Verdict::InsufficientInformation => {
            either(language, "cannot say", "kan het niet zeggen").to_owned()
        }
        Verdict::Abstain => either(language, "abstains", "onthoudt zich").to_owned(),
    }
}

/// `A, D`
fn kinds(language: Language, types: TcoTypes) -> String {
    let mut all = String::from(either(language, "kind ", "soort "));
    for (place, kind) in types.iter().enumerate() {
        let before = if place == 0 { "" } else { ", " };
        // Into a string it does not fail.
        let _ = write!(all, "{before}{kind}");
    }
    all
}

/// What the states say together.
pub(super) fn state(language: Language, state: ConsensusState) -> String {
    let Language::Dutch = language else {
        return state.to_string();
    };
    let name = match state {
        ConsensusState::Withdrawn => "ingetrokken",
        ConsensusState::Suspended => "opgeschort",
        ConsensusState::Rejected => "afgewezen",
        ConsensusState::Disputed => "omstreden",
        ConsensusState::Candidate => "kandidaat",
        ConsensusState::Expired => "verlopen",
        ConsensusState::UnderAssessment => "in beoordeling",
        ConsensusState::National => "nationaal",
        ConsensusState::Emerging { k, n } => return format!("in opkomst, {k} van {n}"),
        ConsensusState::BaselineBySilence => "baseline, door stilzwijgen",
        ConsensusState::Baseline => "baseline",
    };
    name.to_owned()
}

/// How many cells of two fingerprints differ, and of which rows.
pub(super) fn apart(language: Language, by_row: &[u32; 16]) -> String {
    let all: u32 = by_row.iter().sum();
    let rows: Vec<String> = by_row.iter().map(ToString::to_string).collect();
    let rows = rows.join(" ");
    match language {
        Language::English => format!("{all} of 256 cells differ; row by row: {rows}"),
        Language::Dutch => format!("{all} van 256 vakjes verschillen; rij voor rij: {rows}"),
    }
}

/// Where a part lies.
pub(super) fn place(language: Language, bounds: [i64; 4], size: Option<[u32; 2]>) -> String {
    let [left, top, right, bottom] = bounds;
    let mut words = match language {
        Language::English => format!("From {left},{top} to {right},{bottom}"),
        Language::Dutch => format!("Van {left},{top} tot {right},{bottom}"),
    };
    if let Some([width, height]) = size {
        words += &match language {
            Language::English => format!(" in a frame of {width} × {height} pixels"),
            Language::Dutch => format!(" in een beeld van {width} × {height} pixels"),
        };
    }
    words + "."
}

/// A text of others, in which nothing is invisible or turns the direction of what follows.
pub(super) fn shown(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let show = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
    text.chars().map(show).collect()
}
