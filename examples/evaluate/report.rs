//! What was measured, as a table and as JSON. The same counts give the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::edits::Family;
use crate::measure::Measured;
use crate::options::Options;
use crate::photos::Album;
use crate::tail::Tail;
use crate::tally::{Histogram, Tally};

/// The radii at which recall and wrong matches are told: a match, and two at which a person would look.
pub(crate) const RADII: [u16; 3] = [31, 40, 48];

/// `evaluation.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    half: &'static str,
    /// Whether there were no photos.
    drawn_scenes: bool,
    entries: usize,
    others: usize,
    settings: usize,
    radii: [u16; 3],
    pub(crate) ways: Vec<WayReport>,
}

#[derive(Debug, Serialize)]
pub(crate) struct WayReport {
    pub(crate) name: String,
    /// Codes stored, of all entries.
    stored_codes: usize,
    uploads: u64,
    undecided: u64,
    /// The mean of the families' recalls, at each radius.
    pub(crate) macro_recall: [f64; 3],
    wrong: Wrong,
    /// How often chance would do it; none of screeners, which tell of matches alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tail: Option<Tail>,
    /// What asking took, in milliseconds of CPU an upload; neither decoding nor lookups.
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_ms: Option<f64>,
    pub(crate) families: Vec<FamilyReport>,
}

/// Distances to entries that an upload does not come from.
#[derive(Debug, Serialize)]
struct Wrong {
    /// Uploads times wrong entries.
    pairs: u64,
    /// Codes asked times codes of wrong entries.
    lookups: u64,
    smallest: Option<usize>,
    /// At each radius.
    pairs_within: [u64; 3],
    lookups_within: [u64; 3],
    /// Uploads that have any wrong entry within each radius.
    uploads_within: [u64; 3],
    /// How many pairs, and how many lookups, by distance.
    pairs_by_distance: BTreeMap<usize, u64>,
    lookups_by_distance: BTreeMap<usize, u64>,
}

#[derive(Debug, Serialize)]
pub(crate) struct FamilyReport {
    pub(crate) name: String,
    words: String,
    #[serde(flatten)]
    pub(crate) found: Found,
    settings: Vec<SettingReport>,
}

#[derive(Debug, Serialize)]
struct SettingReport {
    name: String,
    #[serde(flatten)]
    found: Found,
}

/// How many uploads there were, and how many were found at each radius.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    n: u64,
    undecided: u64,
    hits: [u64; 3],
    pub(crate) recall: [f64; 3],
    /// Wilson's, 95 %.
    pub(crate) interval: [(f64, f64); 3],
}

impl Found {
    fn of(tally: &Tally) -> Self {
        Self {
            n: tally.uploads,
            undecided: tally.undecided,
            hits: RADII.map(|radius| tally.right.within(radius)),
            recall: RADII.map(|radius| rounded(tally.recall(radius))),
            interval: RADII.map(|radius| {
                let (low, high) = tally.interval(radius);
                (rounded(low), rounded(high))
            }),
        }
    }
}

impl Wrong {
    fn of(all: &Tally, lookups: &Histogram) -> Self {
        let within = |histogram: &Histogram| RADII.map(|radius| histogram.within(radius));
        Self {
            pairs: all.wrong_pairs.total(),
            lookups: lookups.total(),
            smallest: all.wrong_pairs.smallest(),
            pairs_within: within(&all.wrong_pairs),
            lookups_within: within(lookups),
            uploads_within: within(&all.nearest_wrong),
            pairs_by_distance: all.wrong_pairs.seen().collect(),
            lookups_by_distance: lookups.seen().collect(),
        }
    }
}

impl WayReport {
    fn of(measured: &Measured, families: &[Family], times: bool) -> Self {
        let all = measured.all();
        let lookups = Histogram::sum(&measured.wrong_by_photo);
        let of_family = |(number, family): (usize, &Family)| FamilyReport {
            name: family.name.clone(),
            words: family.words.clone(),
            found: Found::of(&measured.family(number)),
            settings: settings(family, measured.families.get(number)),
        };
        Self {
            name: measured.way.clone(),
            stored_codes: measured.stored,
            uploads: all.uploads,
            undecided: all.undecided,
            macro_recall: RADII.map(|radius| rounded(measured.macro_recall(radius))),
            wrong: Wrong::of(&all, &lookups),
            tail: Tail::of(measured, measured.wrong_by_photo.len()),
            cpu_ms: times.then(|| rounded(all.cpu_ms_an_upload())),
            families: families.iter().enumerate().map(of_family).collect(),
        }
    }
}

fn settings(family: &Family, tallies: Option<&Vec<Tally>>) -> Vec<SettingReport> {
    let pairs = family.settings.iter().zip(tallies.into_iter().flatten());
    pairs
        .map(|(setting, tally)| SettingReport {
            name: setting.name.clone(),
            found: Found::of(tally),
        })
        .collect()
}

impl Report {
    pub(crate) fn new(
        options: &Options,
        album: &Album,
        families: &[Family],
        measured: &[Measured],
    ) -> Self {
        let ways = measured.iter();
        Self {
            half: options.half.name(),
            drawn_scenes: options.photos.is_none(),
            entries: album.known.len(),
            others: album.others.len(),
            settings: families.iter().map(|family| family.settings.len()).sum(),
            radii: RADII,
            ways: ways
                .map(|way| WayReport::of(way, families, options.times))
                .collect(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The table: a row a family, a column a way.
    pub(crate) fn markdown(&self) -> String {
        let mut text = self.heading();
        let names = || self.ways.iter().map(|way| &way.name);
        let columns: String = names().map(|name| format!(" {name} @31 |")).collect();
        let _ = writeln!(text, "| family | uploads |{columns}");
        let _ = writeln!(text, "|---|---:|{}", "---:|".repeat(self.ways.len()));
        for (number, family) in self.ways.first().into_iter().flat_map(rows) {
            let _ = write!(text, "| {} | {} |", family.name, family.found.n);
            for found in self.ways.iter().filter_map(|way| way.families.get(number)) {
                let (recall, (low, high)) = (found.found.recall[0], found.found.interval[0]);
                let _ = write!(text, " {recall:.3} ({low:.2}..{high:.2}) |");
            }
            text.push('\n');
        }
        for (place, radius) in RADII.into_iter().enumerate() {
            let _ = write!(text, "| **mean of families @{radius}** | |");
            for way in &self.ways {
                let _ = write!(text, " **{:.3}** |", way.macro_recall[place]);
            }
            text.push('\n');
        }
        text + &self.wrong_matches()
    }

    fn heading(&self) -> String {
        let source = if self.drawn_scenes {
            "drawn scenes"
        } else {
            "photos"
        };
        format!(
            "# Copies found, and others\n\n{} {source} of the half `{}` are known, {} of the other half stand behind them; {} \
             settings of edits.\nRecall within a distance, with Wilson's 95 % interval over uploads; those of one photo \
             are alike, so the truth is a little\nwider. What does not decode, or is undecided, counts as not found.\n\n",
            self.entries, self.half, self.others, self.settings
        )
    }

    fn wrong_matches(&self) -> String {
        let mut text = String::from(
            "\n## Wrong entries\n\nUploads against entries that they do not come from.\n\n| way | codes stored | undecided | \
             pairs | lookups | smallest distance | pairs @31 / 40 / 48 | uploads @31 / 40 / 48 |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for way in &self.ways {
            let wrong = &way.wrong;
            let smallest = wrong
                .smallest
                .map_or("none".to_owned(), |it| it.to_string());
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {smallest} | {} | {} |",
                way.name,
                way.stored_codes,
                way.undecided,
                wrong.pairs,
                wrong.lookups,
                wrong
                    .pairs_within
                    .map(|count| count.to_string())
                    .join(" / "),
                wrong
                    .uploads_within
                    .map(|count| count.to_string())
                    .join(" / "),
            );
        }
        text + &self.chance()
    }

    fn chance(&self) -> String {
        let mut text = String::from(
            "\n## Chance\n\nHow often one lookup of one wrong code comes within 31 bits, and what that makes of a billion uploads a day \
             against 2.5 million\nentries; from an exponential tail, with the 95 % interval of drawing photos again.\n\n\
             | way | wrong lookups | smallest | one lookup @31 | lookups an upload | false matches a day |\n\
             |---|---:|---:|---:|---:|---:|\n",
        );
        for way in &self.ways {
            let Some(tail) = &way.tail else { continue };
            let smallest = tail.smallest.map_or(String::new(), |it| it.to_string());
            let ((low, high), (least, most)) = (tail.within_31.interval, tail.a_day.interval);
            let _ = writeln!(
                text,
                "| {} | {} | {smallest} | {:.1e} ({low:.0e}..{high:.0e}) | {:.0} | {:.2} ({least:.2}..{most:.2}) |",
                way.name,
                tail.lookups,
                tail.within_31.value,
                tail.lookups_an_upload,
                tail.a_day.value,
            );
        }
        text
    }

    /// For the terminal.
    pub(crate) fn times(&self, measured: &[Measured]) -> String {
        let line = |way: &Measured| {
            let milliseconds = way.all().cpu_ms_an_upload();
            format!(
                "{}: {milliseconds:.3} ms of CPU to ask for an upload\n",
                way.way
            )
        };
        measured.iter().map(line).collect()
    }
}

fn rows(way: &WayReport) -> impl Iterator<Item = (usize, &FamilyReport)> {
    way.families.iter().enumerate()
}

/// To six digits, which are more than mean anything.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::measure;

    #[test]
    fn two_runs_write_the_same_bytes_and_the_table_has_every_family() {
        let options = Options {
            limit: 2,
            settings_per_family: 1,
            times: false,
            ..Options::default()
        };
        let album = Album::open(&options).unwrap();
        let families = crate::edits::families(&options).unwrap();
        let report = |threads| {
            let measured = measure(&album, &families, threads).unwrap();
            Report::new(&options, &album, &families, &measured)
        };
        let (one, two) = (report(1), report(2));
        assert_eq!(one.json().unwrap(), two.json().unwrap());
        let table = one.markdown();
        assert_eq!(table, two.markdown());
        for family in &families {
            assert!(table.contains(&format!("| {} | 2 |", family.name)));
        }
        assert!(!one.json().unwrap().contains("cpu_ms"));
        assert!(table.contains("mean of families @48"));
    }
}
