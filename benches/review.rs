//! A file of many cases, half of them decided: opening cases, lists, duties, reports, decisions. One line each, in milliseconds where nothing else is said.
//!
//! `cargo bench --bench review --features review` makes 100,000 cases and decides 50,000 of them one by one, each on the disk before the next, which takes some
//! minutes; `IJKPUNT_CASES=1000000` makes a million, and a gigabyte. Run as a test, few are made. The file lies in the folder for temporary ones.

#![expect(clippy::print_stdout, reason = "what it is for")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use ijkpunt::baseline::{MediaKind, TcoTypes, Text, Time};
use ijkpunt::review::report::Country;
use ijkpunt::review::{
    Action, CaseId, EntryName, Found, Match, Opening, Outcome, Policy, Reviews, Role, Traffic,
};
use ijkpunt::screen::{MatchClass, Surface};

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How many are opened in one go.
const BATCH: u32 = 1000;

fn main() -> Answer<()> {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let asked = std::env::var("IJKPUNT_CASES").ok();
    let cases: u32 = match (is_bench, asked) {
        (false, _) => 40,
        (true, Some(asked)) => asked.parse()?,
        (true, None) => 100_000,
    };
    let rounds = if is_bench { 9 } else { 1 };
    let folder = std::env::temp_dir().join(format!("ijkpunt-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measured(&folder.join("reviews"), cases, rounds);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measured(path: &Path, cases: u32, rounds: usize) -> Answer<()> {
    let mut reviews = filled(path, cases)?;
    let decided = decided(&mut reviews, cases)?;
    let bytes = fs::metadata(path)?.len();
    println!("{cases}/bytes: {} a case", bytes / u64::from(cases));
    let (from, until) = (day("2026-01-01")?, day("2026-12-01")?);

    let row = |what: &str, with: &mut dyn FnMut() -> Answer<u64>| -> Answer<()> {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..rounds {
            let begin = Instant::now();
            found = with()?;
            times.push(milliseconds(begin));
        }
        println!(
            "{cases}/{what}: {:.1} ms, {found} found",
            median(&mut times)
        );
        Ok(())
    };
    row("open-and-list", &mut || {
        let (listed, all) = Reviews::open(path)?.open_list(100)?;
        assert_eq!(all, u64::from(cases - decided));
        assert_eq!(listed.len() as u64, all.min(100));
        Ok(all)
    })?;
    row("due", &mut || Ok(reviews.due(until, 100)?.1))?;
    row("year", &mut || {
        let removed = reviews.year(2026)?.removed;
        Ok(removed.values().map(|items| items.items).sum())
    })?;
    let traffic = Traffic {
        from,
        until,
        screened: 1_000_000_000,
    };
    row("means", &mut || {
        Ok(reviews.means(traffic)?.reviewed_matches)
    })?;
    let scope = BTreeSet::from(["NL".parse::<Country>()?]);
    row("statements", &mut || {
        let told = reviews.statements(from, until, &scope, until)?;
        assert_eq!(told.untold.len(), 0);
        Ok(told.statements.len() as u64)
    })?;
    row("verify", &mut || Ok(reviews.verify(|_, _| ())?.records))
}

/// A file with this many cases that wait.
fn filled(path: &Path, cases: u32) -> Answer<Reviews> {
    let now = day("2026-02-01")?;
    let mut policy = Policy::new(Text::new("Example")?);
    policy.review_hours = Some(48);
    let mut reviews = Reviews::create(path, &policy, &Text::new("lead")?, now)?;
    let lead = reviews.person("lead")?;
    for name in ["ada", "ben"] {
        let roles = BTreeSet::from([Role::Reviewer]);
        reviews.enrol(&lead, &Text::new(name)?, &roles, now)?;
    }
    let begin = Instant::now();
    let all: Vec<u32> = (0..cases).collect();
    for batch in all.chunks(BATCH as usize) {
        let matches: Answer<Vec<Match>> = batch.iter().map(|number| upload(*number, now)).collect();
        for opening in reviews.open_cases(&matches?, now)? {
            assert!(matches!(opening, Opening::Opened(_)), "{opening:?}");
        }
    }
    let time = milliseconds(begin);
    println!("{cases}/open-in-batches: {time:.0} ms");
    Ok(reviews)
}

/// An upload that came near to two of some thousand entries.
fn upload(number: u32, now: Time) -> Answer<Match> {
    let names = [number % 9973, number % 997 + 10_000];
    let types = Some(TcoTypes::from_bits(1)?);
    let found = names.map(|name| {
        let name = EntryName::new("eu", &format!("{name:064x}"));
        let mut found = Found::new(name, MatchClass::NearDuplicate);
        found.types = types;
        found
    });
    let subject = format!("upload-{number}");
    let media = MediaKind::Image;
    Ok(Match::new(
        &subject,
        Surface::Public,
        media,
        now,
        found.to_vec(),
    )?)
}

/// Decides every second case, each on the disk before the next; nine of ten are removed. How many were decided.
fn decided(reviews: &mut Reviews, cases: u32) -> Answer<u32> {
    let now = day("2026-02-02")?;
    let types = TcoTypes::from_bits(1)?;
    let mut times = Vec::new();
    for id in (1..=cases).step_by(2) {
        let name = if id % 3 == 0 { "ben" } else { "ada" };
        let person = reviews.person(name)?;
        let decision = match id % 20 {
            1 => person.finds(Outcome::Legal),
            _ => person
                .finds(Outcome::ConfirmedTerrorist(types))
                .and(Action::Remove),
        };
        let begin = Instant::now();
        reviews.decide(CaseId(id), &decision, now)?;
        times.push(milliseconds(begin));
    }
    let (middle, count) = (median(&mut times), times.len());
    let late = times.get(count * 99 / 100).copied().unwrap_or_default();
    println!("{cases}/decide: {middle:.2} ms, the slowest of a hundred {late:.2} ms, of {count}");
    Ok(u32::try_from(count)?)
}

fn day(day: &str) -> Answer<Time> {
    Ok(format!("{day}T00:00:00Z").parse()?)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Sorts them, too.
fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
