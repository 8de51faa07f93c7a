//! What came out, as a table for somebody who sees this for the first time.

use std::io::{self, Write};

use super::notes;
use super::plan::Expected;
use super::screening::{Results, Tally};

/// Prints the table, what its words mean, and what does not stand in it.
pub(super) fn print(out: &mut impl Write, results: &Results) -> io::Result<()> {
    let heads = ["files", "found", "no match", "undecided"];
    let heads = line("what was uploaded", &heads, "and that is");
    let sections = Expected::ALL.map(|expected| section(expected, results));
    let sections: Vec<String> = sections.into_iter().flatten().collect();
    let (sections, rule) = (sections.join("\n\n"), "-".repeat(WIDTH));
    let all = results.sum(|_| true);
    let last = row("all uploads", &all, "");
    writeln!(out, "{heads}\n{rule}\n{sections}\n{rule}\n{last}")?;
    notes::print(out, results, all.files)
}

/// Of a line, in characters; none is longer.
pub(super) const WIDTH: usize = 100;

/// The kinds of which this is expected, below their sum; nothing where there are none.
fn section(expected: Expected, results: &Results) -> Option<String> {
    let judged_row = |name: &str, tally: &Tally| row(name, tally, &judged(expected, tally));
    let all = results.tallies.iter();
    let kinds = all.filter(|(kind, _)| kind.expected() == expected);
    let rows: Vec<String> = kinds
        .map(|(kind, tally)| judged_row(&format!("  {}", kind.words()), tally))
        .collect();
    let sum = results.sum(|kind| kind.expected() == expected);
    let first = judged_row(&title(expected), &sum);
    (!rows.is_empty()).then(|| format!("{first}\n{}", rows.join("\n")))
}

fn title(expected: Expected) -> String {
    match expected {
        Expected::Found(effort) => effort.title().into(),
        Expected::NoMatch => "not listed: no match is right".into(),
        Expected::Undecided => "cannot be judged: undecided is right".into(),
    }
}

fn row(name: &str, tally: &Tally, judged: &str) -> String {
    let numbers = [tally.files, tally.found, tally.no_match, tally.undecided];
    line(name, &numbers.map(|number| number.to_string()), judged)
}

fn line<T: AsRef<str>>(name: &str, cells: &[T; 4], judged: &str) -> String {
    let [files, found, no_match, undecided] = cells.each_ref().map(T::as_ref);
    let line = format!("{name:<40}{files:>6}{found:>7}{no_match:>10}{undecided:>11}  {judged}");
    line.trim_end().into()
}

/// The tally in words: whether this is what it should be. What is wrong stands alone.
fn judged(expected: Expected, tally: &Tally) -> String {
    match (expected, tally) {
        (Expected::Found(_), Tally { wrong: 1.., .. }) => format!("{} WRONG ITEM", tally.wrong),
        (Expected::Found(_), _) => judged_copies(tally),
        (_, Tally { found: 1.., .. }) => format!("{} WRONGLY FOUND", tally.found),
        (Expected::NoMatch, Tally { undecided: 1.., .. }) => {
            format!("{} undecided", tally.undecided)
        }
        (Expected::Undecided, Tally { no_match: 1.., .. }) => {
            format!("{} CALLED NO MATCH", tally.no_match)
        }
        (Expected::NoMatch | Expected::Undecided, _) => "as it should be".into(),
    }
}

fn judged_copies(tally: &Tally) -> String {
    if tally.found == tally.files {
        return "all found".into();
    }
    if tally.no_match == tally.files {
        return "all missed".into();
    }
    let parts = [(tally.no_match, "missed"), (tally.undecided, "undecided")];
    let told = parts.iter().filter(|(files, _)| *files > 0);
    let told: Vec<_> = told
        .map(|(files, word)| format!("{files} {word}"))
        .collect();
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;
    use crate::demo::awkward::Family;
    use crate::demo::edits::Edit;
    use crate::demo::plan::{Kind, Sizes};

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
            reasons: BTreeMap::new(),
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
            (Kind::CutShort, tally(2, 0, 1, 0)),
            (Kind::Edited(Edit::Framed), tally(2, 1, 0, 0)),
            (Kind::Edited(Edit::Cropped), tally(1, 2, 0, 0)),
            (Kind::Unrelated, tally(0, 9, 0, 0)),
            (Kind::Awkward(Family::Damaged), tally(0, 0, 3, 0)),
        ]);
        let expected = "\
what was uploaded                        files  found  no match  undecided  and that is
----------------------------------------------------------------------------------------------------
copies, for effort plain                     7      6         0          1  1 undecided
  sent on as it is, as PNG or WebP           4      4         0          0  all found
  broken off: the last 10 % is missing       3      2         0          1  1 undecided

copies, for effort standard                  3      2         1          0  1 missed
  framed by a border of 12 %                 3      2         1          0  1 missed

copies, for standard with windows            3      1         2          0  2 missed
  cropped to the middle 80 %                 3      1         2          0  2 missed

not listed: no match is right                9      0         9          0  as it should be
  pictures that nobody listed                9      0         9          0  as it should be

cannot be judged: undecided is right         3      0         0          3  as it should be
  damaged: garbage, false ends, loops        3      0         0          3  as it should be
----------------------------------------------------------------------------------------------------
all uploads                                 25      9        12          4
";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn nothing_that_went_wrong_is_called_as_it_should_be() {
        let of = |kind: Kind, found, no_match, undecided, wrong| {
            judged(kind.expected(), &tally(found, no_match, undecided, wrong))
        };
        let cropped = Kind::Edited(Edit::Cropped);
        let damaged = Kind::Awkward(Family::Damaged);
        let odd = Kind::Awkward(Family::Odd);
        assert_eq!(of(Kind::Unchanged, 3, 0, 0, 1), "1 WRONG ITEM");
        assert_eq!(of(Kind::CutShort, 1, 1, 1, 0), "1 missed, 1 undecided");
        assert_eq!(of(cropped, 0, 3, 0, 0), "all missed");
        assert_eq!(of(Kind::Unrelated, 1, 3, 0, 1), "1 WRONGLY FOUND");
        assert_eq!(of(odd, 0, 3, 1, 0), "1 undecided");
        assert_eq!(of(damaged, 0, 1, 3, 0), "1 CALLED NO MATCH");
        assert_eq!(of(damaged, 1, 1, 3, 1), "1 WRONGLY FOUND");
    }

    #[test]
    fn the_widest_rows_of_a_full_platform_fit_the_line() {
        let widest = |kind| {
            let files = Sizes::FULL.files(kind);
            (kind, tally(0, files - 9, 9, 0)) // of ten kinds below one sum, not a hundred undecided
        };
        let text = printed(Kind::all().map(widest).collect());
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
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

    #[test]
    fn every_kind_stands_in_a_section_and_in_its_order() {
        let sections = Kind::all().map(|kind| {
            let section = Expected::ALL.iter().position(|one| *one == kind.expected());
            section.unwrap()
        });
        assert!(sections.is_sorted());
    }
}
