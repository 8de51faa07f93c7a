//! What the template is given: texts and numbers that are ready to be put in.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use crate::baseline::{TcoType, Time};
use crate::review::Language;
use crate::screen::MatchClass;

use super::draw::{self, Curve, Mark, Outline, Strip};
use super::words::{OUTCOMES, PURPOSES, Words, context, either, kind_of_content, words};
use super::{Assessed, Match, Outcome, Shown, Standing, Upload, say};

const CSS: &str = include_str!("../../../templates/review/page/page.css");
const JS: &str = include_str!("../../../templates/review/page/page.js");

#[derive(askama::Template)]
#[template(path = "review/page/page.html")]
pub(super) struct Page {
    lang: &'static str,
    w: &'static Words,
    policy: String,
    css: &'static str,
    js: &'static str,
    now: Time,
    has_hashes: bool,
    curves: Vec<Curve>,
    lines: String,
    plot: [u32; 2],
    powers: [(String, String); 5],
    distances: [(String, u16); 5],
    bar: u32,
    purposes: Vec<&'static str>,
    outcomes: Vec<(&'static str, &'static str)>,
    uploads: Vec<Sheet>,
}

/// One upload.
struct Sheet {
    id: String,
    subject: String,
    /// How many matches, or why none.
    summary: String,
    screened_at: Time,
    engine: String,
    quality: Option<u8>,
    reason: Option<String>,
    lists: Vec<ListRow>,
    preview: Option<String>,
    matches: Vec<Found>,
}

struct ListRow {
    name: String,
    sequence: Option<u64>,
    root: String,
    entries: usize,
    remarks: String,
}

/// One match.
struct Found {
    id: String,
    title: String,
    list: String,
    entry: String,
    entry_id: Option<String>,
    label: Option<String>,
    why: Vec<String>,
    prints: Option<Prints>,
    outline: Option<(Outline, String)>,
    mark: Option<Mark>,
    chance: String,
    is_estimate: bool,
    strips: Vec<Strip>,
    runs: Vec<RunRow>,
    standing: Option<Stand>,
    missing: Vec<String>,
    /// The lines that the text to copy begins with. Neither distance nor hash: it may end in a letter to the one who uploaded.
    head: Vec<(&'static str, String)>,
}

/// Both fingerprints.
struct Prints {
    upload: String,
    entry: String,
    apart: String,
    words: String,
}

struct RunRow {
    number: usize,
    upload: String,
    entry: String,
    speed: String,
    mirrored: &'static str,
    frames: usize,
    shares: String,
}

/// Who stands behind an item.
struct Stand {
    title: Option<String>,
    state: Option<String>,
    context: Option<&'static str>,
    created_at: Option<Time>,
    rows: Vec<AssessedRow>,
    types: Vec<(TcoType, &'static str)>,
}

struct AssessedRow {
    state: String,
    authority: String,
    verdict: String,
    made_at: Time,
    until: Option<Time>,
    is_over: bool,
}

impl Page {
    pub(super) fn new(uploads: &[Shown<'_>], language: Language, now: Time) -> Self {
        let matches = || uploads.iter().flat_map(|shown| &shown.upload.matches);
        let is_drawn = |of: &&Match| draw::mark(of).is_some();
        let curves: BTreeSet<usize> = matches().filter(is_drawn).map(draw::curve_of).collect();
        let sheet = |(place, shown)| Sheet::new(place, shown, language, now);
        Self {
            lang: language.code(),
            w: words(language),
            policy: policy(),
            css: CSS,
            js: JS,
            now,
            has_hashes: matches().any(|of| of.hashes.is_some()),
            curves: curves.into_iter().filter_map(draw::curve).collect(),
            lines: draw::lines(),
            plot: draw::PLOT,
            powers: draw::powers(),
            distances: draw::distances(),
            bar: draw::BAR,
            purposes: PURPOSES
                .map(|[english, dutch]| either(language, english, dutch))
                .into(),
            outcomes: OUTCOMES
                .map(|(code, [english, dutch])| (code, either(language, english, dutch)))
                .into(),
            uploads: uploads.iter().enumerate().map(sheet).collect(),
        }
    }
}

/// What the page may do: use what stands in it.
fn policy() -> String {
    let hash = |text: &str| Base64::encode_string(&Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(CSS),
        hash(JS)
    )
}

impl Sheet {
    fn new(place: usize, shown: &Shown<'_>, language: Language, now: Time) -> Self {
        let (upload, id) = (shown.upload, format!("u{}", place + 1));
        let found = |(place, of)| {
            let id = format!("{id}m{}", place + 1);
            let title = say::number_of(language, place + 1, upload.matches.len());
            Found::new((id, title), upload, of, language, now)
        };
        let summary = match upload.verdict {
            Outcome::Match => say::count_matches(language, upload.matches.len()),
            other => say::outcome(language, other).to_owned(),
        };
        let lists = upload.lists.iter().map(|list| ListRow {
            name: say::shown(&list.name),
            sequence: list.sequence,
            root: list
                .snapshot
                .as_ref()
                .or(list.digest.as_ref())
                .map_or_else(String::new, ToString::to_string),
            entries: list.entries,
            remarks: say::shown(&say::remarks(language, list).join("; ")),
        });
        Self {
            subject: say::shown(&upload.subject),
            summary,
            screened_at: upload.screened_at,
            engine: say::shown(&upload.engine),
            quality: upload.quality.map(|quality| quality.get()),
            reason: upload.reason.as_deref().map(say::shown),
            lists: lists.collect(),
            preview: shown.data(),
            matches: upload.matches.iter().enumerate().map(found).collect(),
            id,
        }
    }
}

impl Found {
    fn new(
        (id, title): (String, String),
        upload: &Upload,
        of: &Match,
        language: Language,
        now: Time,
    ) -> Self {
        let runs: Vec<_> = upload.runs_of(of).collect();
        let basis = of.basis.as_ref();
        let missing = say::missing(language, upload, of, now);
        Self {
            id,
            title,
            list: say::shown(&of.list),
            entry: say::shown(&of.entry),
            entry_id: of.entry_id.map(|id| id.to_string()),
            label: of.label.as_deref().map(say::shown),
            why: say::why(language, upload, of),
            prints: prints(language, of),
            outline: outline(language, of),
            mark: draw::mark(of),
            chance: chance(language, of),
            is_estimate: of.expected_false_rate.is_some(),
            strips: draw::strips(&runs),
            runs: run_rows(language, &runs),
            standing: basis.map(|basis| Stand::new(language, basis, now)),
            missing: missing.iter().map(|why| say::shown(why)).collect(),
            head: head(language, upload, of),
        }
    }
}

fn prints(language: Language, of: &Match) -> Option<Prints> {
    let hashes = of.hashes?;
    let [upload, entry] = [hashes.upload, hashes.entry].map(draw::rows);
    let mut apart = upload;
    for (row, other) in apart.iter_mut().zip(entry) {
        *row ^= other;
    }
    Some(Prints {
        upload: draw::cells(upload),
        entry: draw::cells(entry),
        apart: draw::crosses(apart),
        words: say::apart(language, &apart.map(u16::count_ones)),
    })
}

fn outline(language: Language, of: &Match) -> Option<(Outline, String)> {
    let words = say::place(language, of.bounds?, of.frame_size);
    Some((draw::outline(of)?, words))
}

fn chance(language: Language, of: &Match) -> String {
    let words = words(language);
    match (of.class, of.expected_false_rate) {
        (MatchClass::ExactBytes, _) => words.chance_exact.to_owned(),
        (MatchClass::VideoSegment, None) => words.chance_video.to_owned(),
        (_, None) => words.chance_unknown.to_owned(),
        (_, Some(rate)) => say::chance(language, rate.value, rate.low, rate.high),
    }
}

fn run_rows(language: Language, runs: &[&super::Run]) -> Vec<RunRow> {
    let words = words(language);
    let row = |(place, run): (usize, &&super::Run)| RunRow {
        number: place + 1,
        upload: say::stretch(run.query_ms),
        entry: say::stretch(run.entry_ms),
        speed: say::decimal(language, run.speed, 2),
        mirrored: if run.mirrored { words.yes } else { words.no },
        frames: run.frames,
        shares: say::shares(run),
    };
    runs.iter().enumerate().map(row).collect()
}

fn head(language: Language, upload: &Upload, of: &Match) -> Vec<(&'static str, String)> {
    let words = words(language);
    let mut item = format!("{} / {}", of.list, of.entry);
    if let Some(id) = of.entry_id {
        item += &format!(" ({id})");
    }
    let lists = upload.lists.iter().filter(|list| list.name == of.list);
    let versions = lists.filter_map(|list| {
        let root = list.snapshot.as_ref().or(list.digest.as_ref())?;
        Some(match list.sequence {
            Some(sequence) => format!("{} {sequence} ({root})", list.name),
            None => format!("{} ({root})", list.name),
        })
    });
    let versions: Vec<String> = versions.collect();
    vec![
        (words.told_upload, say::shown(&upload.subject)),
        (words.screened, upload.screened_at.to_string()),
        (words.told_match, say::shown(&item)),
        (words.told_list, say::shown(&versions.join("; "))),
    ]
}

impl Stand {
    fn new(language: Language, basis: &Standing, now: Time) -> Self {
        let row = |one: &Assessed| AssessedRow {
            state: one.state.to_string(),
            authority: one.authority.to_string(),
            verdict: say::verdict(language, one.verdict),
            made_at: one.made_at,
            until: one.valid_until,
            is_over: one.valid_until.is_some_and(|until| until <= now),
        };
        let types = basis.types.into_iter().flat_map(|types| {
            let kinds: Vec<TcoType> = types.iter().collect();
            kinds
        });
        Self {
            title: basis.title.as_deref().map(say::shown),
            state: basis.state.map(|state| say::state(language, state)),
            context: basis.context.map(|of| context(language, of)),
            created_at: basis.created_at,
            rows: basis.assessments.iter().map(row).collect(),
            types: types
                .map(|kind| (kind, kind_of_content(language, kind)))
                .collect(),
        }
    }
}
