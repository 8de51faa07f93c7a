//! What is told: the page, notices, statements, counts.

use std::fs;
use std::io::Write;

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::page::{self, Shown, Upload};
use ijkpunt::review::report::means::Figures;
use ijkpunt::review::report::statement::batches;
use ijkpunt::review::report::{Country, year};
use ijkpunt::review::{CaseId, EntryName, Language, Match, Reviews, Traffic, Trip};
use ijkpunt::sign::{FeedbackReason, SigningKey};

use crate::Failure;
use crate::review::where_to_complain;

use super::Place;

/// Writes what the uploader is told now, in both languages.
pub(super) fn notice(
    reviews: &Reviews,
    place: &Place,
    case: CaseId,
    name: &str,
) -> Result<(), Failure> {
    for language in Language::ALL {
        let complaints = where_to_complain(language)?;
        let notice = reviews.notice(case, &complaints, language, place.now)?;
        fs::write(
            place.dir.join(format!("notice-{name}.{language}.txt")),
            notice.text(language)?,
        )?;
    }
    Ok(())
}

/// Writes all else, and says what stands where.
pub(super) fn write(
    reviews: &mut Reviews,
    place: &Place,
    removed: CaseId,
    tripped: &[(EntryName, Trip)],
    matches: &[(Upload, Match)],
    out: &mut impl Write,
) -> Result<(), Failure> {
    pages(place, matches)?;
    let day = Time::from_unix_seconds(
        place.now.unix_seconds() - place.now.unix_seconds().rem_euclid(86_400),
    )?;
    let until = day.next_day().unwrap_or(Time::MAX);
    let statements = reviews.statements(day, until, &Country::all().collect(), place.now)?;
    for batch in batches(&statements.statements)? {
        fs::write(
            place.dir.join("statements.json"),
            serde_json::to_vec_pretty(&batch)?,
        )?;
    }
    let screened = fs::read_dir(&place.uploads)?.count() as u64;
    let means = Figures::new(&reviews.means(Traffic {
        from: day,
        until,
        screened,
    })?)?;
    let this: u16 = place
        .now
        .to_string()
        .split('-')
        .next()
        .unwrap_or_default()
        .parse()?;
    let counts = year::Report::new(reviews.year(this)?).map_err(|flaws| format!("{flaws:?}"))?;
    for language in Language::ALL {
        fs::write(
            place.dir.join(format!("means.{language}.md")),
            means.markdown(language),
        )?;
        fs::write(
            place.dir.join(format!("year.{language}.md")),
            counts.markdown(language),
        )?;
    }
    let mut export = Vec::new();
    let head = reviews.export(&mut export)??;
    fs::write(place.dir.join("export.jsonl"), export)?;
    let mut told = "";
    for (entry, trip) in tripped {
        told = "  feedback.json    what authorities are told of the entry: signed counts, nothing of users\n";
        let feedback = reviews.feedback(entry, trip.from, until, FeedbackReason::Tripped)?;
        let signed = feedback.sign(&SigningKey::generate()?)?;
        fs::write(place.dir.join("feedback.json"), signed.to_json())?;
    }
    writeln!(
        out,
        "  page.en.html     what they decided by: open it in a browser (page.nl.html is in Dutch)\n\
         \x20 notice-*.txt     what the uploader of case {removed} was told\n\
         \x20 statements.json  for the DSA Transparency Database, one for each removal\n\
         \x20 means.*.md       how well screening did, with samples and bounds\n\
         \x20 year.*.md        the counts of the year (article 7 TCO)\n\
         {told}\
         \x20 cases.ijkpunt    the cases; export.jsonl is a copy for others to verify: {} records",
        head.records
    )?;
    Ok(())
}

/// A page of some matches, with previews.
fn pages(place: &Place, matches: &[(Upload, Match)]) -> Result<(), Failure> {
    let limits = Limits::default();
    let mut pictures = Vec::new();
    for (upload, _) in matches.iter().take(SHOWN) {
        pictures.push((upload, fs::read(place.uploads.join(&*upload.subject))?));
    }
    let mut shown = Vec::new();
    for (upload, bytes) in &pictures {
        // GIFs and others have no preview.
        shown.push(
            Shown::new(upload)
                .with_preview(bytes, &limits)
                .unwrap_or_else(|_| Shown::new(upload)),
        );
    }
    for language in Language::ALL {
        let mut html = Vec::new();
        page::write(&shown, language, place.now, &mut html)?;
        fs::write(place.dir.join(format!("page.{language}.html")), html)?;
    }
    Ok(())
}

const SHOWN: usize = 6;
