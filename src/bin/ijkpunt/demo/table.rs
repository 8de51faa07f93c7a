//! What came out, as a table for somebody who sees this for the first time.

use std::io::{self, Write};

use super::plan::Kind;
use super::screening::{Results, Tally};

/// Prints the table, what its words mean, and what does not stand in it.
pub(super) fn print(out: &mut impl Write, results: &Results) -> io::Result<()> {
    let (copies, others): (Vec<_>, Vec<_>) = results
        .tallies
        .iter()
        .copied()
        .partition(|(kind, _)| kind.is_copy());
    line(
        out,
        "what was uploaded",
        &["files", "found", "no match", "undecided"],
        "and that is",
    )?;
    writeln!(out, "{}", "-".repeat(WIDTH))?;
    section(out, "copies of listed items", &copies)?;
    section(out, "everything else", &others)?;
    writeln!(out, "{}", "-".repeat(WIDTH))?;
    let mut total = Tally::default();
    results
        .tallies
        .iter()
        .for_each(|(_, tally)| total.add(tally));
    row(out, "all uploads", &total, "")?;
    writeln!(out, "\n{MEANING}")?;
    if missed(&copies) > 0 {
        writeln!(out, "{MISSED}")?;
    }
    wrong(out, &copies, &others)?;
    why_undecided(out, results)?;
    speed(out, results, total.files)
}

/// Of a line, in characters.
const WIDTH: usize = 96;

const MEANING: &str = "\
found      near to a listed item: at most 31 of 256 bits of the hashes differ; a person looks at it
no match   all of it was looked at, and nothing listed is near; that does not mean harmless
undecided  it could not be looked at, or not all of it: your rules decide; it is never a \"no match\"";

const MISSED: &str = "\
missed     a copy that came out as \"no match\". This version compares pictures as a whole: views
           of disguised pictures (without frame or caption, parts of them) are not searched yet";

fn section(out: &mut impl Write, title: &str, kinds: &[(Kind, Tally)]) -> io::Result<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    for (kind, tally) in kinds {
        row(
            out,
            &format!("  {}", kind.words()),
            tally,
            &judged(*kind, tally),
        )?;
    }
    Ok(())
}

fn row(out: &mut impl Write, name: &str, tally: &Tally, judged: &str) -> io::Result<()> {
    let numbers = [tally.files, tally.found, tally.no_match, tally.undecided];
    line(out, name, &numbers.map(|number| number.to_string()), judged)
}

fn line<T: AsRef<str>>(
    out: &mut impl Write,
    name: &str,
    cells: &[T; 4],
    judged: &str,
) -> io::Result<()> {
    let [files, found, no_match, undecided] = cells.each_ref().map(T::as_ref);
    let line = format!("{name:<39}{files:>6}{found:>7}{no_match:>10}{undecided:>11}   {judged}");
    writeln!(out, "{}", line.trim_end())
}

/// The tally in words: whether this is what it should be.
fn judged(kind: Kind, tally: &Tally) -> String {
    let expected = match kind {
        kind if kind.is_copy() => return judged_copies(tally),
        Kind::Unrelated => tally.no_match,
        _ => tally.undecided,
    };
    match (tally.found, tally.files - expected) {
        (0, 0) => "as it should be".into(),
        (0, others) => format!("{others} not as they should"),
        (found, _) => format!("{found} WRONGLY FOUND"),
    }
}

fn judged_copies(tally: &Tally) -> String {
    let Tally {
        files,
        found,
        no_match,
        undecided,
        wrong,
    } = *tally;
    let mut parts = Vec::new();
    match (found - wrong, no_match) {
        (right, _) if right == files => parts.push("all found".into()),
        (_, missed) if missed == files => parts.push("all missed".into()),
        (_, 0) => {}
        (_, missed) => parts.push(format!("{missed} missed")),
    }
    if undecided > 0 {
        parts.push(format!("{undecided} not decided"));
    }
    if wrong > 0 {
        parts.push(format!("{wrong} WRONG ITEM"));
    }
    parts.join(", ")
}

fn missed(copies: &[(Kind, Tally)]) -> usize {
    copies.iter().map(|(_, tally)| tally.no_match).sum()
}

fn wrong(
    out: &mut impl Write,
    copies: &[(Kind, Tally)],
    others: &[(Kind, Tally)],
) -> io::Result<()> {
    let sum = |kinds: &[(Kind, Tally)]| kinds.iter().map(|(_, tally)| tally.wrong).sum::<usize>();
    writeln!(out)?;
    writeln!(
        out,
        "Wrong matches: {} copies matched another item than their own;",
        sum(copies)
    )?;
    writeln!(
        out,
        "               {} of the other files matched anything.",
        sum(others)
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
        "unsupported" => "recognised, and not opened: HEIC, ZIP, video",
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

    use super::*;
    use crate::demo::awkward::Family;
    use crate::demo::edits::Edit;

    fn tally(found: usize, no_match: usize, undecided: usize, wrong: usize) -> Tally {
        let files = found + no_match + undecided;
        Tally {
            files,
            found,
            no_match,
            undecided,
            wrong,
        }
    }

    fn printed(tallies: Vec<(Kind, Tally)>) -> String {
        let results = Results {
            tallies,
            reasons: BTreeMap::from([("truncated", 3), ("of a later version", 1)]),
            time: Duration::from_millis(500),
            cores: 2,
        };
        let mut out = Vec::new();
        print(&mut out, &results).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_says_what_was_found_and_what_was_missed() {
        let text = printed(vec![
            (Kind::Unchanged, tally(4, 0, 0, 0)),
            (Kind::Edited(Edit::Framed), tally(0, 3, 0, 0)),
            (Kind::Edited(Edit::Cropped), tally(1, 2, 0, 0)),
            (Kind::Unrelated, tally(0, 9, 0, 0)),
            (Kind::Awkward(Family::Damaged), tally(0, 0, 3, 0)),
        ]);
        let expected = "\
what was uploaded                       files  found  no match  undecided   and that is
------------------------------------------------------------------------------------------------
copies of listed items
  sent on as it is, as PNG or WebP          4      4         0          0   all found
  framed by a border of 12 %                3      0         3          0   all missed
  cropped to the middle 80 %                3      1         2          0   2 missed
everything else
  pictures that are not listed              9      0         9          0   as it should be
  damaged: cut short, garbage inside        3      0         0          3   as it should be
------------------------------------------------------------------------------------------------
all uploads                                22      5        14          3
";
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains("0 of the other files matched anything"),
            "{text}"
        );
        assert!(text.contains("44 uploads a second"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    }

    #[test]
    fn what_is_missed_is_explained_only_where_something_is_missed() {
        let explanation = "are not searched yet";
        assert!(printed(vec![(Kind::Unchanged, tally(1, 1, 0, 0))]).contains(explanation));
        assert!(!printed(vec![(Kind::Unchanged, tally(2, 0, 0, 0))]).contains(explanation));
        assert!(!printed(vec![(Kind::Unrelated, tally(0, 2, 0, 0))]).contains(explanation));
    }

    #[test]
    fn nothing_that_went_wrong_is_called_as_it_should_be() {
        let wrong_item = judged(Kind::Unchanged, &tally(3, 0, 0, 1));
        let broken_off = judged(Kind::CutShort, &tally(1, 1, 1, 0));
        let found = judged(Kind::Unrelated, &tally(1, 3, 0, 1));
        let passed = judged(Kind::Awkward(Family::Damaged), &tally(0, 1, 3, 0));
        assert_eq!(wrong_item, "1 WRONG ITEM");
        assert_eq!(broken_off, "1 missed, 1 not decided");
        assert_eq!(found, "1 WRONGLY FOUND");
        assert_eq!(passed, "1 not as they should");
    }

    #[test]
    fn every_kind_fits_its_column() {
        for kind in Kind::all() {
            assert!(kind.words().len() <= 37, "{kind:?}");
            assert!(
                !kind.words().contains('"'),
                "{kind:?} would break the quotes in truth.csv"
            );
        }
    }
}
