//! The counts of a year for the transparency report of article 7 TCO, which is due before 1 March of the next.
//!
//! In: a [`Year`], plain counts. Out: a [`Report`] whose parts add up to their wholes, as Markdown, JSON and CSV. It counts what article
//! 7(3) asks for: items removed by orders and by specific measures, orders that were not carried out and why, complaints, proceedings and
//! reinstatements, and beside these what the platform decided by itself. The descriptions of measures that the article asks for, too
//! (points (a) and (b)), are for people to write.

mod flaw;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::{Cell, Table, markdown};
use super::words::either;
use crate::baseline::{TcoType, Text};
use crate::review::Language;

pub use flaw::Flaw;

/// The counts of a year. What is not in a map counts as 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The platform, as its users know it.
    pub platform: Text<120>,
    /// Which year (UTC), from 2022, in which the Regulation began to apply.
    pub year: u16,
    /// Items removed or made inaccessible, by what they rest on.
    pub removed: BTreeMap<Basis, Items>,
    /// Removal orders.
    pub orders: Orders,
    /// Complaints of authors (article 10).
    pub complaints: Complaints,
    /// Review proceedings that the platform brought (article 7(3)(e)).
    pub proceedings: BTreeMap<Court, Proceedings>,
    /// Items put back, by why.
    pub reinstated: BTreeMap<Reinstated, u64>,
    /// Times the police were told of an imminent threat to life (article 14(5)).
    pub escalations: u64,
    /// Holds that ended without a decision, the upload being let go.
    pub holds_released_undecided: u64,
}

/// What a removal rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// A removal order (article 3).
    Order,
    /// A specific measure (article 5).
    SpecificMeasure,
    /// The platform's own decision.
    OwnDecision,
}

/// Items, and of which types they are: one may be of several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// How many.
    pub items: u64,
    /// How many of them are of each type of article 2(7).
    pub types: BTreeMap<TcoType, u64>,
}

/// Removal orders: those received are carried out, refused or pending.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Received in the year.
    pub received: u64,
    /// Of them carried out.
    pub carried_out: u64,
    /// Of them not carried out, by the ground.
    pub refused: BTreeMap<Refusal, u64>,
    /// Of them open when the year ended.
    pub pending: u64,
}

/// Why an order was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// Force majeure, or it could not be done for reasons that are not the host's (article 3(7)).
    Impossible,
    /// It held manifest errors (article 3(8)).
    ManifestError,
    /// It did not hold enough information (article 3(8)).
    LackOfInformation,
}

/// Complaints: those of before and of the year are upheld, rejected or pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaints {
    /// Open when the year began.
    pub pending_before: u64,
    /// Received in the year.
    pub received: u64,
    /// Decided in the year, for the author.
    pub upheld: u64,
    /// Decided in the year, against the author.
    pub rejected: u64,
    /// Open when the year ended.
    pub pending: u64,
    /// The median of whole hours from receipt to decision; none if none was decided.
    pub median_hours: Option<u64>,
}

/// Who reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Court {
    /// An administrative body.
    Administrative,
    /// A court.
    Judicial,
}

/// Review proceedings, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proceedings {
    /// Open in the year.
    pub brought: u64,
    /// What came of them: of each one thing.
    pub outcomes: BTreeMap<Outcome, u64>,
}

/// What came of proceedings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The order or decision stands.
    Confirmed,
    /// It was annulled, wholly or in part.
    Annulled,
    /// The proceedings ended otherwise.
    Ended,
    /// Open when the year ended.
    Pending,
}

/// Why an item was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reinstated {
    /// A complaint was upheld (article 7(3)(g)).
    Complaint,
    /// Administrative or judicial review required it (article 7(3)(f)).
    Proceedings,
    /// The order ended otherwise: scrutiny, or its author took it back.
    OrderEnded,
    /// What authorities had said of it was withdrawn.
    EntryWithdrawn,
    /// The platform looked again.
    OwnReview,
}

/// A year whose parts add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report(Year);

impl Report {
    /// Checks a year.
    ///
    /// # Errors
    /// Every [`Flaw`] of its counts: never none.
    pub fn new(year: Year) -> Result<Self, Vec<Flaw>> {
        let flaws = year.flaws();
        if flaws.is_empty() {
            Ok(Self(year))
        } else {
            Err(flaws)
        }
    }

    /// The counts.
    #[must_use]
    pub const fn year(&self) -> &Year {
        &self.0
    }

    /// As Markdown: a heading, and a table a section.
    #[must_use]
    pub fn markdown(&self, language: Language) -> String {
        let (platform, year) = (markdown(self.0.platform.as_str()), self.0.year);
        let mut text = match language {
            Language::English => format!(
                "# {platform}: terrorist content in {year}\n\nCounts for the transparency report of article 7 of Regulation (EU) 2021/784. An item can be of several types.\n"
            ),
            Language::Dutch => format!(
                "# {platform}: terroristische inhoud in {year}\n\nTellingen voor het transparantieverslag van artikel 7 van Verordening (EU) 2021/784. Een item kan van meer dan één soort zijn.\n"
            ),
        };
        for section in rows::sections(&self.0) {
            let mut table = Table::new(either(language, ["What", "Number"], ["Wat", "Aantal"]));
            for row in &section.rows {
                table.row([Cell::text(row.name(language)), row.cell()]);
            }
            text += &format!("\n## {}\n\n{}", section.title(language), table.markdown());
        }
        text
    }

    /// As CSV: one row a count, with a key that is the same in every language.
    #[must_use]
    pub fn csv(&self, language: Language) -> String {
        let mut table = Table::new(either(
            language,
            ["key", "section", "what", "number"],
            ["sleutel", "onderdeel", "wat", "aantal"],
        ));
        for section in rows::sections(&self.0) {
            for row in &section.rows {
                let title = Cell::text(section.title(language));
                table.row([
                    Cell::text(row.key.clone()),
                    title,
                    Cell::text(row.name(language)),
                    row.cell(),
                ]);
            }
        }
        table.csv()
    }

    /// As JSON, the same for every language, which is read as a [`Year`] again; ends in a line break.
    #[must_use]
    pub fn json(&self) -> String {
        // The keys of all maps are names, so it cannot fail.
        let json = serde_json::to_string_pretty(&self.0).unwrap_or_default();
        format!("{json}\n")
    }
}
