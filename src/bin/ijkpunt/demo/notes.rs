//! What the words of the table mean, and what does not stand in it: wrong matches, reasons, speed.

use std::io::{self, Write};

use super::plan::Kind;
use super::screening::{Results, Tally};

/// Prints it all; a word only where the table has it.
pub(super) fn print(out: &mut impl Write, results: &Results, files: usize) -> io::Result<()> {
    writeln!(out, "\n{MEANING}")?;
    if copies(results).no_match > 0 {
        writeln!(out, "{MISSED}")?;
    }
    writeln!(out, "\n{EFFORT}")?;
    wrong(out, results)?;
    why_undecided(out, results)?;
    speed(out, results, files)
}

const MEANING: &str = "\
found      near to a listed item: at most 31 of 256 bits of the hashes differ; a person looks at it
no match   all of it was looked at, and nothing listed is near; that does not mean harmless
undecided  it could not be looked at, or not all of it: your rules decide; it is never a \"no match\"";

const MISSED: &str = "\
missed     a copy of a listed item that came out as \"no match\"";

const EFFORT: &str = "\
Effort says how hard copies are looked for; standard was used here. None finds all that it is for.
plain      compares the picture as a whole: as it is, turned, and mirrored
standard   looks at parts of the upload too: without its frame or bars, out of a post or a
           collage, turned or slanted back by some degrees; and at its negative
windows    are parts of the listed items, whose hashes stand in this list too: standard effort
           finds by them what is cropped or covered. A bare list of hashes has none.";

fn copies(results: &Results) -> Tally {
    results.sum(Kind::is_copy)
}

fn wrong(out: &mut impl Write, results: &Results) -> io::Result<()> {
    let (copies, others) = (copies(results), results.sum(|kind| !kind.is_copy()));
    writeln!(
        out,
        "\nWrong matches: {} copies matched another item than their own;",
        copies.wrong
    )?;
    writeln!(
        out,
        "               {} of the other files matched anything.",
        others.wrong
    )
}

fn why_undecided(out: &mut impl Write, results: &Results) -> io::Result<()> {
    if results.reasons.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhy undecided:")?;
    for (&reason, files) in &results.reasons {
        let line = format!("  {files:>4}  {reason:<17}  {}", in_words(reason));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The kinds of `UndecidedKind::name`. Those that a later version adds speak for themselves.
fn in_words(reason: &str) -> &'static str {
    match reason {
        "not_an_image" => "no picture, whatever the name of the file says",
        "unsupported" => "recognised and not opened: HEIC, ZIP, video, also behind a picture",
        "truncated" => "the file ends early; what is there matched nothing",
        "malformed" => "the file is damaged; what can be read matched nothing",
        "limit" => "decoding it would take more than the limits allow",
        "decoder_fault" => "the decoder failed",
        "too_small" => "fewer than 5 x 5 pixels",
        "too_little_detail" => "blank, or nearly so: its hash would mean nothing",
        _ => "",
    }
}

fn speed(out: &mut impl Write, results: &Results, files: usize) -> io::Result<()> {
    let seconds = results.time.as_secs_f64();
    let (cores, each) = (results.cores, files as f64 / seconds.max(1e-6));
    let cores = if cores == 1 {
        "1 core".into()
    } else {
        format!("{cores} cores")
    };
    writeln!(
        out,
        "\nScreened in {seconds:.2} s on {cores}: {each:.0} uploads a second, reading and decoding included."
    )?;
    if cfg!(debug_assertions) {
        writeln!(
            out,
            "This is a debug build: one made with `--release` is many times faster."
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use ijkpunt::screen::UndecidedKind;

    use super::*;
    use crate::demo::plan::Expected;

    fn printed(kind: Kind, tally: Tally) -> String {
        let reasons = UndecidedKind::ALL.map(|kind| (kind.name(), 9999));
        let results = Results {
            tallies: vec![(kind, tally)],
            reasons: BTreeMap::from(reasons),
            time: Duration::from_millis(500),
            cores: 256,
        };
        let mut out = Vec::new();
        print(&mut out, &results, 22).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn tally(found: usize, no_match: usize) -> Tally {
        Tally {
            files: found + no_match,
            found,
            no_match,
            ..Tally::default()
        }
    }

    #[test]
    fn missed_is_explained_only_where_something_is_missed() {
        assert!(printed(Kind::Unchanged, tally(1, 1)).contains(MISSED));
        assert!(!printed(Kind::Unchanged, tally(2, 0)).contains(MISSED));
        assert!(!printed(Kind::Unrelated, tally(0, 2)).contains(MISSED));
    }

    #[test]
    fn no_line_is_too_long_and_the_speed_is_right() {
        let text = printed(Kind::Unchanged, tally(1, 1));
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert!(text.contains("44 uploads a second"), "{text}");
        let none = "0 of the other files matched anything";
        assert!(text.contains(none), "{text}");
    }

    #[test]
    fn every_effort_is_explained() {
        for kind in Kind::all() {
            if let Expected::Found(effort) = kind.expected() {
                let name = format!("\n{:<11}", effort.name());
                assert!(EFFORT.contains(&name), "{name}");
            }
        }
    }
}
