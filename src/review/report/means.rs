//! How good the automated means are: figures for part 8 of the templates of Implementing Regulation (EU) 2024/2835 (articles 15(1)(e) and
//! 42(2)(c) DSA).
//!
//! In: [`Means`], plain counts of a time. Out: [`Figures`], as Markdown, JSON and CSV. Each share comes with its sample and bounds of 95 %.
//! What needs knowledge of uploads without a match is estimated from a random sample of them that people looked at, and said to be
//! not measured where there is none.
//!
//! With c confirmed of r reviewed matches, u = matches - r that nobody reviewed, N uploads without a match, and m missed of s reviewed in
//! the sample, whose [`Share`] lies between l and h:
//!
//! | figure | value | lower bound | upper bound |
//! |---|---|---|---|
//! | precision | c / r | Wilson | Wilson |
//! | error rate | (r - c) / r | Wilson | Wilson |
//! | missed share | m / s | l | h |
//! | recall | c / (c + N m/s) | c / (c + N h) | (c + u) / (c + u + N l) |
//! | accuracy | (c + N (1 - m/s)) / (r + N) | (c + N (1 - h)) / (r + u + N) | (c + u + N (1 - l)) / (r + u + N) |
//!
//! The bounds are conservative: the lower ones take every match that nobody reviewed to be wrong, the upper ones to be right, so that they
//! hold whichever matches were reviewed first. That the sample is random is what the estimate rests on.

use serde::{Deserialize, Serialize};

use super::table::{Cell, Table};
use super::words::{day, either, percent};
use crate::baseline::Time;
use crate::review::{Language, Share};

/// Counts of a time: what automated means did, and what people found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Means {
    /// The first second that counts.
    pub from: Time,
    /// The first that does not count any more.
    pub until: Time,
    /// Uploads that were screened.
    pub screened: u64,
    /// Of them, those that matched.
    pub matches: u64,
    /// Matches that a person decided on.
    pub reviewed_matches: u64,
    /// Of them, those that were right: the content was terrorist content.
    pub confirmed: u64,
    /// A random sample of uploads without a match, if one was drawn.
    pub sample: Option<Sample>,
}

/// A random sample of uploads without a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Uploads drawn.
    pub drawn: u64,
    /// Of them, those that a person looked at.
    pub reviewed: u64,
    /// Of those, terrorist content that had not matched.
    pub missed: u64,
}

/// Counts that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{part} is more than {whole}: count again")]
#[non_exhaustive]
pub struct MeansError {
    /// What is too large.
    pub part: &'static str,
    /// What it is a part of.
    pub whole: &'static str,
}

/// A figure, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
    /// Counted.
    Share(Share),
    /// Estimated from a sample of uploads without a match.
    Estimate {
        /// The estimate, 0 to 1.
        value: f64,
        /// The lower bound, 0 to 1.
        low: f64,
        /// The upper bound, 0 to 1.
        high: f64,
        /// Uploads of the sample that people looked at.
        sample: u64,
    },
    /// Not measured: nothing was looked at from which it could be said.
    NotMeasured,
}

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    counts: Means,
    precision: Figure,
    error_rate: Figure,
    missed_share: Figure,
    recall: Figure,
    accuracy: Figure,
}

impl Figures {
    /// Computes the figures.
    ///
    /// # Errors
    /// [`MeansError`] where a part is more than its whole.
    pub fn new(means: &Means) -> Result<Self, MeansError> {
        means.check()?;
        let (reviewed, confirmed) = (means.reviewed_matches, means.confirmed);
        let missed = means.sample;
        let missed = missed.and_then(|sample| Share::new(sample.missed, sample.reviewed));
        let estimate = |of: fn(&Means, Share) -> Option<[f64; 3]>| {
            let found = missed.and_then(|share| Some((of(means, share)?, share.of())));
            found.map_or(Figure::NotMeasured, |([value, low, high], sample)| {
                Figure::Estimate {
                    value,
                    low,
                    high,
                    sample,
                }
            })
        };
        let share = |hits| Share::new(hits, reviewed).map_or(Figure::NotMeasured, Figure::Share);
        Ok(Self {
            counts: *means,
            precision: share(confirmed),
            error_rate: share(reviewed - confirmed),
            missed_share: missed.map_or(Figure::NotMeasured, Figure::Share),
            recall: estimate(recall),
            accuracy: estimate(accuracy),
        })
    }

    /// Of the matches that people decided on, the share that was right.
    #[must_use]
    pub const fn precision(&self) -> Figure {
        self.precision
    }

    /// Of the matches that people decided on, the share that was wrong.
    #[must_use]
    pub const fn error_rate(&self) -> Figure {
        self.error_rate
    }

    /// Of the uploads without a match that people looked at, the share that was terrorist content.
    #[must_use]
    pub const fn missed_share(&self) -> Figure {
        self.missed_share
    }

    /// Of the terrorist content among the uploads, the share that matched.
    #[must_use]
    pub const fn recall(&self) -> Figure {
        self.recall
    }

    /// Of all uploads, the share about which the means were right.
    #[must_use]
    pub const fn accuracy(&self) -> Figure {
        self.accuracy
    }

    /// As Markdown: a heading and two tables.
    #[must_use]
    pub fn markdown(&self, language: Language) -> String {
        let title = either(
            language,
            "Accuracy of the automated means",
            "Nauwkeurigheid van de geautomatiseerde middelen",
        );
        let (from, until) = (
            day(self.counts.from, language),
            day(self.counts.until, language),
        );
        let time = match language {
            Language::English => format!("From {from} up to but not including {until}."),
            Language::Dutch => format!("Van {from} tot (niet tot en met) {until}."),
        };
        let mut counts = Table::new([
            either(language, "Count", "Telling"),
            either(language, "Number", "Aantal"),
        ]);
        for (_, name, count) in self.counted(language) {
            counts.row([Cell::text(name), Cell::count(count)]);
        }
        let mut figures = Table::new([
            either(language, "Figure", "Cijfer"),
            either(
                language,
                "Value, sample and bounds of 95 %",
                "Waarde, steekproef en grenzen van 95 %",
            ),
        ]);
        for (_, name, figure) in self.named(language) {
            figures.row([Cell::text(name), Cell::text(figure.words(language))]);
        }
        format!(
            "# {title}\n\n{time}\n\n{}\n{}",
            counts.markdown(),
            figures.markdown()
        )
    }

    /// As CSV: one row a count and a figure, shares from 0 to 1 with a point.
    #[must_use]
    pub fn csv(&self, language: Language) -> String {
        let mut table = Table::new(match language {
            Language::English => [
                "key",
                "name",
                "value",
                "low 95 %",
                "high 95 %",
                "sample",
                "note",
            ],
            Language::Dutch => [
                "sleutel",
                "naam",
                "waarde",
                "laag 95 %",
                "hoog 95 %",
                "steekproef",
                "opmerking",
            ],
        });
        for (key, name, count) in self.counted(language) {
            let none = [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
            let [low, high, sample, note] = none;
            table.row([
                Cell::text(key),
                Cell::text(name),
                Cell::count(count),
                low,
                high,
                sample,
                note,
            ]);
        }
        for (key, name, figure) in self.named(language) {
            let [value, low, high, sample, note] = figure.cells(language);
            table.row([
                Cell::text(key),
                Cell::text(name),
                value,
                low,
                high,
                sample,
                note,
            ]);
        }
        table.csv()
    }

    /// As JSON, the same for every language; ends in a line break.
    #[must_use]
    pub fn json(&self) -> String {
        // No map has keys other than texts, so it cannot fail.
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{json}\n")
    }

    fn named(&self, language: Language) -> [(&'static str, &'static str, Figure); 5] {
        let name = |english, dutch| either(language, english, dutch);
        [
            (
                "precision",
                name(
                    "Precision: matches that were right",
                    "Precisie: treffers die juist waren",
                ),
                self.precision,
            ),
            (
                "error_rate",
                name(
                    "Error rate: matches that were wrong",
                    "Foutenpercentage: treffers die onjuist waren",
                ),
                self.error_rate,
            ),
            (
                "missed_share",
                name(
                    "Missed: terrorist content among uploads without a match",
                    "Gemist: terroristische inhoud onder uploads zonder treffer",
                ),
                self.missed_share,
            ),
            (
                "recall",
                name(
                    "Recall: terrorist content that matched",
                    "Recall: terroristische inhoud die een treffer gaf",
                ),
                self.recall,
            ),
            (
                "accuracy",
                name(
                    "Accuracy: uploads about which the means were right",
                    "Nauwkeurigheid: uploads waarover de middelen juist waren",
                ),
                self.accuracy,
            ),
        ]
    }

    fn counted(&self, language: Language) -> Vec<(&'static str, &'static str, u64)> {
        let name = |english, dutch| either(language, english, dutch);
        let means = &self.counts;
        let mut counts = vec![
            (
                "screened",
                name("Uploads screened", "Gescreende uploads"),
                means.screened,
            ),
            ("matches", name("Matches", "Treffers"), means.matches),
            (
                "reviewed_matches",
                name(
                    "Matches that a person decided on",
                    "Treffers waarover een mens besliste",
                ),
                means.reviewed_matches,
            ),
            (
                "confirmed",
                name("Of them confirmed", "Daarvan bevestigd"),
                means.confirmed,
            ),
        ];
        if let Some(sample) = means.sample {
            counts.extend([
                (
                    "sample_drawn",
                    name(
                        "Uploads without a match drawn at random",
                        "Willekeurig getrokken uploads zonder treffer",
                    ),
                    sample.drawn,
                ),
                (
                    "sample_reviewed",
                    name(
                        "Of them looked at by a person",
                        "Daarvan door een mens bekeken",
                    ),
                    sample.reviewed,
                ),
                (
                    "sample_missed",
                    name(
                        "Of those, terrorist content",
                        "Daarvan terroristische inhoud",
                    ),
                    sample.missed,
                ),
            ]);
        }
        counts
    }
}

impl Means {
    fn check(&self) -> Result<(), MeansError> {
        let no_matches = self.screened.saturating_sub(self.matches);
        let sample = self.sample.unwrap_or(Sample {
            drawn: 0,
            reviewed: 0,
            missed: 0,
        });
        for (part, count, whole, of) in [
            ("matches", self.matches, "screened", self.screened),
            (
                "reviewed_matches",
                self.reviewed_matches,
                "matches",
                self.matches,
            ),
            (
                "confirmed",
                self.confirmed,
                "reviewed_matches",
                self.reviewed_matches,
            ),
            (
                "sample.drawn",
                sample.drawn,
                "uploads without a match",
                no_matches,
            ),
            (
                "sample.reviewed",
                sample.reviewed,
                "sample.drawn",
                sample.drawn,
            ),
            (
                "sample.missed",
                sample.missed,
                "sample.reviewed",
                sample.reviewed,
            ),
        ] {
            if count > of {
                return Err(MeansError { part, whole });
            }
        }
        let (part, whole) = ("from", "until");
        if self.from > self.until {
            Err(MeansError { part, whole })
        } else {
            Ok(())
        }
    }

    /// Confirmed, not reviewed, and without a match.
    fn parts(&self) -> [f64; 3] {
        let open = self.matches - self.reviewed_matches;
        [self.confirmed, open, self.screened - self.matches].map(|count| count as f64)
    }
}

/// Value and bounds; none where there may be nothing to find.
fn recall(means: &Means, missed: Share) -> Option<[f64; 3]> {
    let [confirmed, open, others] = means.parts();
    let of = |found: f64, share: f64| {
        let all = found + others * share;
        (all > 0.0).then(|| found / all)
    };
    let value = of(confirmed, missed.value())?;
    let high = of(confirmed + open, missed.low()).unwrap_or(1.0);
    Some([value, of(confirmed, missed.high())?, high])
}

fn accuracy(means: &Means, missed: Share) -> Option<[f64; 3]> {
    let [confirmed, open, others] = means.parts();
    let of = |right: f64, share: f64, all: f64| {
        (all > 0.0).then(|| (right + others * (1.0 - share)) / all)
    };
    let all = means.screened as f64;
    let low = of(confirmed, missed.high(), all)?;
    let high = of(confirmed + open, missed.low(), all)?;
    Some([of(confirmed, missed.value(), all - open)?, low, high])
}

impl Figure {
    /// Value, bounds and sample, as numbers; none where it is not measured.
    fn numbers(self) -> Option<([f64; 3], u64)> {
        match self {
            Self::Share(share) => Some(([share.value(), share.low(), share.high()], share.of())),
            Self::Estimate {
                value,
                low,
                high,
                sample,
            } => Some(([value, low, high], sample)),
            Self::NotMeasured => None,
        }
    }

    fn words(self, language: Language) -> String {
        let Some((numbers, sample)) = self.numbers() else {
            return not_measured(language).to_owned();
        };
        let [value, low, high] = numbers.map(|number| percent(number, language));
        let (of, to) = either(language, ("of", "to"), ("van", "tot"));
        let from = match self {
            Self::Share(share) => format!("{} {of} {sample}", share.hits()),
            _ => match language {
                Language::English => format!("estimated from a sample of {sample}"),
                Language::Dutch => format!("geschat uit een steekproef van {sample}"),
            },
        };
        format!("{value} % ({from}; 95 %: {low} {to} {high} %)")
    }

    fn cells(self, language: Language) -> [Cell; 5] {
        match self.numbers() {
            Some((numbers, sample)) => {
                let [value, low, high] = numbers.map(Cell::share);
                [value, low, high, Cell::count(sample), Cell::Empty]
            }
            None => {
                let note = Cell::text(not_measured(language));
                [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, note]
            }
        }
    }
}

fn not_measured(language: Language) -> &'static str {
    either(
        language,
        "not measured: let people decide on matches, and on a random sample of uploads without one (ijkpunt review sample)",
        "niet gemeten: laat mensen beslissen over treffers en over een willekeurige steekproef van uploads zonder treffer (ijkpunt review sample)",
    )
}

#[cfg(test)]
mod tests;
