//! The demo's end: what people make of the matches.
//!
//! It uses what a platform would: the uploads are screened again, cases are opened for what matches, and made-up people decide. All of it is in the folder
//! `review`, which is not the same bytes each time: the file of cases draws random numbers, by which texts cannot be guessed from it.

mod cast;
mod told;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

use ijkpunt::baseline::{MediaKind, TcoType, Time};
use ijkpunt::review::page::Upload;
use ijkpunt::review::{Action, CaseId, EntryName, Match, Outcome, Reviews, Sampler, Trip};
use ijkpunt::snapshot::{self, Live};
use ijkpunt::{Screener, Screening, Surface};

use crate::Failure;
use crate::output::count;
use crate::work::spread;

use super::folder::Folder;
use super::next::{Invocation, quoted};
use cast::Cast;

/// Where the demo of reviews stands.
struct Place {
    dir: PathBuf,
    uploads: PathBuf,
    now: Time,
}

/// Screens the uploads of a demo, lets people decide, and writes what is told of it.
pub(super) fn run(
    folder: &Folder,
    invocation: &Invocation,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let place = Place {
        dir: folder.review(),
        uploads: folder.uploads(),
        now: SystemTime::now().into(),
    };
    fs::create_dir_all(&place.dir)?;
    // A copy of its own: what the breaker switches off here stays on in what was screened above.
    let installed = snapshot::Folder::at(place.dir.join("installed"));
    installed.install(Live::follow(folder.installed())?.current().snapshot())?;
    let live = Live::follow(place.dir.join("installed"))?;
    let screener = Screener::builder()
        .list("demo", live.clone())
        .surface(Surface::Public)
        .build()?;
    let (matches, missed) = screened(&place, &screener)?;

    let cast = Cast::enrol(&place)?;
    let mut reviews = Reviews::open(&cast.file)?;
    reviews.switching("demo", live)?; // so that this very screener knows at once
    let openings = reviews.open_cases(matches.iter().map(|(_, found)| found), place.now)?;
    let cases: Vec<CaseId> = openings.iter().map(|opening| opening.case()).collect();
    writeln!(
        out,
        "\nA person decides: {} of the {} above, in `{}`\n",
        count(cases.len() as u64, "case"),
        count(matches.len() as u64, "match"),
        place.dir.display()
    )?;

    let removed = a_removal(&mut reviews, &cast, &place, &cases, out)?;
    a_news_photo(&mut reviews, &cast, &place, &cases, &matches, out)?;
    let tripped = a_wrong_entry(&mut reviews, &cast, &place, &cases, &matches, out)?;
    again(&place, &screener, &matches, &tripped, out)?;
    a_sample(&mut reviews, &cast, &place, missed, out)?;
    told::write(&mut reviews, &place, removed, &tripped, &matches, out)?;
    next(&place, invocation, removed, out)
}

/// What matched, and the names of what did not.
type Screened = (Vec<(Upload, Match)>, Vec<String>);

/// Uploads that matched, each with its line for the page; and the names of those that did not.
fn screened(place: &Place, screener: &Screener) -> Result<Screened, Failure> {
    let mut names: Vec<String> = Vec::new();
    for file in fs::read_dir(&place.uploads)? {
        names.push(file?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    let screen = |name: &String| {
        let bytes = fs::read(place.uploads.join(name)).ok()?;
        let screening = screener.screen(&bytes);
        let is_clear = matches!(screening, Screening::NoMatch(_));
        Some((Upload::of(name, &screening), is_clear))
    };
    let (mut matches, mut missed) = (Vec::new(), Vec::new());
    for (name, screened) in names.iter().zip(spread(&names, screen)) {
        let Some((upload, is_clear)) = screened else {
            continue;
        };
        if is_clear {
            missed.push(name.clone());
        }
        if let Some(found) = Match::of_upload(&upload)? {
            matches.push((upload, found));
        }
    }
    Ok((matches, missed))
}

/// Terrorist content, removed; the uploader complains, and the complaint is upheld by somebody else.
fn a_removal(
    reviews: &mut Reviews,
    cast: &Cast,
    place: &Place,
    cases: &[CaseId],
    out: &mut impl Write,
) -> Result<CaseId, Failure> {
    let case = *cases
        .first()
        .ok_or("nothing matched, so there is nothing to decide")?;
    let found = Outcome::ConfirmedTerrorist(TcoType::A.into());
    let decision = cast
        .one
        .finds(found)
        .and(Action::Remove)
        .because("shown without any comment");
    reviews.decide(case, &decision, place.now)?;
    told::notice(reviews, place, case, "removed")?;
    reviews.informed(case, &cast.one, place.now)?;
    writeln!(
        out,
        "  case {case}: {} finds it terrorist, and it is removed; the uploader is told why",
        cast.one.pseudonym()
    )?;
    reviews.complain(
        case,
        Some("It is from the news. I wrote about it."),
        place.now,
        place.now,
    )?;
    reviews.uphold(
        case,
        &cast.two,
        Some("a news site, and the text is about the victims"),
        place.now,
    )?;
    reviews.reinstated(case, &cast.two, place.now)?;
    told::notice(reviews, place, case, "put-back")?;
    reviews.informed(case, &cast.two, place.now)?;
    writeln!(
        out,
        "           the uploader complains; {} upholds it, and it is put back",
        cast.two.pseudonym()
    )?;
    Ok(case)
}

/// An exempt purpose: it stays, and is not asked again.
fn a_news_photo(
    reviews: &mut Reviews,
    cast: &Cast,
    place: &Place,
    cases: &[CaseId],
    matches: &[(Upload, Match)],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (Some(case), Some((_, found))) = (cases.get(1), matches.get(1)) else {
        return Ok(());
    };
    let outcome = Outcome::ConfirmedExempt(ijkpunt::review::ExemptPurpose::Journalism);
    reviews.decide(*case, &cast.two.finds(outcome), place.now)?;
    let again = reviews.open_case(found, place.now)?;
    writeln!(
        out,
        "  case {case}: {} finds journalism: it stays, and the same upload is not asked again (case {})",
        cast.two.pseudonym(),
        again.case()
    )?;
    Ok(())
}

/// People find an entry wrong, until the breaker switches it off.
fn a_wrong_entry(
    reviews: &mut Reviews,
    cast: &Cast,
    place: &Place,
    cases: &[CaseId],
    matches: &[(Upload, Match)],
    out: &mut impl Write,
) -> Result<Vec<(EntryName, Trip)>, Failure> {
    let mut of: BTreeMap<&EntryName, Vec<CaseId>> = BTreeMap::new();
    for (case, (_, found)) in cases.iter().zip(matches).skip(2) {
        if let [found, ..] = found.found() {
            of.entry(&found.name).or_default().push(*case);
        }
    }
    let Some((entry, cases)) = of.into_iter().max_by_key(|(_, cases)| cases.len()) else {
        return Ok(Vec::new());
    };
    let mut people = [&cast.one, &cast.two].into_iter().cycle();
    for (case, person) in cases.iter().zip(&mut people) {
        let came = reviews.decide(*case, &person.finds(Outcome::WrongEntry), place.now)?;
        if let [(_, trip), ..] = came.trips.as_slice() {
            writeln!(
                out,
                "  {}: two people find that it should not be listed, and the breaker switches it off:\n           {}",
                entry.entry,
                trip.reason()
            )?;
            return Ok(came.trips);
        }
    }
    writeln!(
        out,
        "  {}: found wrong {}, too few for the breaker",
        entry.entry,
        count(cases.len() as u64, "time")
    )?;
    Ok(Vec::new())
}

/// What matched the entry that is off matches no more, at once.
fn again(
    place: &Place,
    screener: &Screener,
    matches: &[(Upload, Match)],
    tripped: &[(EntryName, Trip)],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let Some((entry, _)) = tripped.first() else {
        return Ok(());
    };
    let only = |found: &Match| matches!(found.found(), [one] if one.name == *entry);
    let Some((upload, _)) = matches.iter().find(|(_, found)| only(found)) else {
        return Ok(());
    };
    let bytes = fs::read(place.uploads.join(&*upload.subject))?;
    for list in screener.lists() {
        let off = list.switched_off;
        let verdict = screener.screen(&bytes).name().replace('_', " ");
        writeln!(
            out,
            "           {} is now: {verdict} ({} off in the list)",
            upload.subject,
            count(off as u64, "entry")
        )?;
    }
    Ok(())
}

/// A sample of what did not match.
fn a_sample(
    reviews: &mut Reviews,
    cast: &Cast,
    place: &Place,
    missed: Vec<String>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut sampler = Sampler::new(SAMPLE)?;
    let of = missed.len();
    for name in missed {
        sampler.offer(&name, MediaKind::Image, place.now)?;
    }
    if of == 0 {
        return Ok(());
    }
    let cases = reviews.draw(sampler, &cast.lead, place.now)?;
    for case in &cases {
        reviews.decide(*case, &cast.one.finds(Outcome::NotAMatch), place.now)?;
    }
    writeln!(
        out,
        "  {} of the {of} that did not match are drawn and looked at: none was missed\n",
        cases.len()
    )?;
    Ok(())
}

fn next(
    place: &Place,
    invocation: &Invocation,
    removed: CaseId,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let file = quoted(&place.dir.join("cases.ijkpunt"));
    for (why, rest) in [
        (
            "what waits for a person",
            format!("review list --cases {file}"),
        ),
        (
            "all that happened to a case",
            format!("review show {removed} --cases {file}"),
        ),
        (
            "decide on one yourself (the people are r-17, r-23 and lead-1)",
            format!("review decide 3 not-a-match --as r-17 --cases {file}"),
        ),
        (
            "nothing was ever taken out of it",
            format!("review verify --cases {file}"),
        ),
    ] {
        writeln!(out, "\n  # {why}\n{}", invocation.with(&rest))?;
    }
    Ok(())
}

const SAMPLE: usize = 5;

#[cfg(test)]
mod tests;
