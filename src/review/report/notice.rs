//! What uploaders are told: about a decision, its end, a complaint that was rejected, and a hold.
//!
//! In: a [`Notice`]. Out: plain text in a language, from the templates in `templates/review/report/`. It says what happened, on which
//! ground and where, how the content was found and who decided, and what can be done about it (article 17 DSA; articles 9 to 11 TCO). It
//! names no entry and no list, and what people wrote into it must not [tell](Tells) how the content was recognised.
//!
//! Where an authority has ordered that nobody be told (article 11(3) TCO: up to six weeks, and six more), do not send one; that is for
//! whoever keeps the clocks. The answer within two weeks is article 10 TCO for what specific measures find; the notices promise it for the
//! platform's own decisions, too, which article 20 DSA asks to be answered "in a timely manner".

use std::collections::BTreeSet;

use askama::Template;
use serde::{Deserialize, Serialize};

use super::{Country, Tells, words};
use crate::baseline::{TcoTypes, Text, Time};
use crate::review::Language;

/// One notice to an uploader.
///
/// Serde gives all of it; unknown fields are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The platform, as its users know it.
    pub platform: Text<120>,
    /// What is meant: a reference that the user can see and that means nothing to others.
    pub subject: Text<200>,
    /// When the notice is written.
    pub at: Time,
    /// Where a complaint or a question goes, in words: `the page "Complaints" of your account`.
    pub complaints: Text<300>,
    /// What it is about.
    pub kind: Kind,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Kind {
    /// Content was removed or made inaccessible.
    Removed(Removed),
    /// Content is there again.
    PutBack(PutBack),
    /// A complaint was rejected.
    Rejected(Rejected),
    /// An upload is held until a person has looked at it.
    Held(Held),
}

/// Content was removed, or access to it disabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Which of the two.
    pub action: Action,
    /// When.
    pub decided_at: Time,
    /// Where it has effect.
    pub scope: Scope,
    /// Of which types of article 2(7) TCO the content is.
    pub types: TcoTypes,
    /// On what it rests.
    pub basis: Basis,
    /// Why the content is of these types, for its author.
    pub explanation: Text<2000>,
    /// How it was found.
    pub found: Found,
    /// Whether it was held automatically until a person had decided.
    pub was_held: bool,
}

/// What was done with content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was removed.
    Removed,
    /// Access to it was disabled.
    Disabled,
}

/// Where a decision has effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// In all Member States of the Union, as a removal order has.
    Union,
    /// In these countries; in none is refused.
    Countries(BTreeSet<Country>),
}

/// On what a removal rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The platform's own decision.
    OwnDecision,
    /// The platform's decision on what a specific measure found (article 5 TCO).
    SpecificMeasure,
    /// A removal order (article 3 TCO).
    Order(OrderFacts),
}

/// A removal order, as its addressee's user is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderFacts {
    /// The authority that issued it.
    pub authority: Text<200>,
    /// Its country.
    pub country: Country,
    /// The order's number.
    pub reference: Text<200>,
    /// When it was issued.
    pub issued_at: Time,
    /// Whether it came from another country than the host's, so that it can be scrutinised (article 4 TCO).
    pub is_cross_border: bool,
}

/// How content was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Automated means: it matched.
    Automated,
    /// A person found it, or told of it.
    ByPerson,
    /// An authority named it in its order.
    ByAuthority,
}

/// Content is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutBack {
    /// Since when.
    pub at: Time,
    /// When it had been removed.
    pub decided_at: Time,
    /// Why.
    pub because: Because,
}

/// Why content is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Its author complained, and was right.
    ComplaintUpheld,
    /// The removal order was annulled, revoked or found to infringe.
    OrderEnded,
    /// What authorities had said of it was withdrawn.
    AssessmentWithdrawn,
    /// The platform looked again.
    OwnReview,
}

/// A complaint was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// When it was made.
    pub complained_at: Time,
    /// When it was decided.
    pub decided_at: Time,
    /// Why, for the one who complained (article 10(2) TCO, article 20(5) DSA).
    pub reasons: Text<5000>,
}

/// An upload is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Since when.
    pub since: Time,
    /// When it is let go if nobody has decided; none if it is not.
    pub until: Option<Time>,
}

/// Why a notice is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoticeError {
    /// A text of it tells what it must not.
    #[error("{field} tells {tells}")]
    Tells {
        /// Which text.
        field: &'static str,
        /// What it tells.
        tells: Tells,
    },
    /// It is to have effect in no country.
    #[error("scope names no country: name those in which the decision has effect")]
    Nowhere,
    /// An order, and content that somebody else found; or the other way round.
    #[error(
        "the finder does not fit the basis: what an order names was found by the authority, and nothing else was"
    )]
    Finder,
    /// A day that lies before what it follows.
    #[error("{field} is earlier than what it follows: one of the two is wrong")]
    Days {
        /// Which one.
        field: &'static str,
    },
    /// The template failed.
    #[error("the text could not be written: report this as a bug")]
    Template,
}

impl Notice {
    /// The notice as plain text, which ends in a line break.
    ///
    /// # Errors
    /// [`NoticeError`] where what it is to say does not fit together, or tells what it must not.
    pub fn text(&self, language: Language) -> Result<String, NoticeError> {
        self.check()?;
        let page = &Page {
            platform: &self.platform,
            subject: &self.subject,
            // The templates end their sentences themselves.
            complaints: self.complaints.as_str().trim_end_matches('.'),
            day: words::day(self.at, language),
            kind: &self.kind,
            language,
        };
        let text = match language {
            Language::English => English { page }.render(),
            Language::Dutch => Dutch { page }.render(),
        };
        let text = text.map_err(|_| NoticeError::Template)?;
        Ok(format!("{}\n", text.trim_end()))
    }

    fn check(&self) -> Result<(), NoticeError> {
        for (field, text) in self.texts() {
            if let Some(tells) = Tells::of(text) {
                return Err(NoticeError::Tells { field, tells });
            }
        }
        let (field, days) = match &self.kind {
            Kind::Removed(removed) => {
                removed.check()?;
                ("at", vec![removed.decided_at, self.at])
            }
            Kind::PutBack(back) => ("put_back.at", vec![back.decided_at, back.at, self.at]),
            Kind::Rejected(rejected) => {
                let days = vec![rejected.complained_at, rejected.decided_at, self.at];
                ("rejected.decided_at", days)
            }
            Kind::Held(held) => {
                let until = held.until.unwrap_or(Time::MAX);
                ("held.until", vec![held.since, self.at.min(until), until])
            }
        };
        if days.is_sorted() {
            Ok(())
        } else {
            Err(NoticeError::Days { field })
        }
    }

    /// What people wrote.
    fn texts(&self) -> Vec<(&'static str, &str)> {
        let mut texts = vec![
            ("platform", self.platform.as_str()),
            ("subject", self.subject.as_str()),
            ("complaints", self.complaints.as_str()),
        ];
        match &self.kind {
            Kind::Removed(removed) => {
                texts.push(("explanation", removed.explanation.as_str()));
                if let Basis::Order(order) = &removed.basis {
                    texts.push(("authority", order.authority.as_str()));
                    texts.push(("reference", order.reference.as_str()));
                }
            }
            Kind::Rejected(rejected) => texts.push(("reasons", rejected.reasons.as_str())),
            Kind::PutBack(_) | Kind::Held(_) => {}
        }
        texts
    }
}

impl Removed {
    fn check(&self) -> Result<(), NoticeError> {
        if matches!(&self.scope, Scope::Countries(countries) if countries.is_empty()) {
            return Err(NoticeError::Nowhere);
        }
        if self.basis.is_order() == (self.found == Found::ByAuthority) {
            Ok(())
        } else {
            Err(NoticeError::Finder)
        }
    }
}

impl Action {
    fn is_removal(self) -> bool {
        self == Self::Removed
    }
}

impl Basis {
    const fn is_order(&self) -> bool {
        matches!(self, Self::Order(_))
    }

    const fn is_measure(&self) -> bool {
        matches!(self, Self::SpecificMeasure)
    }

    const fn is_cross_border(&self) -> bool {
        matches!(self, Self::Order(order) if order.is_cross_border)
    }
}

/// What the templates see.
struct Page<'a> {
    platform: &'a Text<120>,
    subject: &'a Text<200>,
    complaints: &'a str,
    day: String,
    kind: &'a Kind,
    language: Language,
}

impl Page<'_> {
    fn on(&self, time: &Time) -> String {
        words::day(*time, self.language)
    }

    fn scope(&self, scope: &Scope) -> String {
        in_scope(scope, self.language)
    }

    fn country(&self, country: &Country) -> &'static str {
        country.name(self.language)
    }

    fn types(&self, types: &TcoTypes) -> String {
        let kinds = types
            .iter()
            .map(|kind| words::tco_type(kind, self.language));
        words::listed(&kinds.collect::<Vec<_>>(), self.language)
    }
}

#[derive(Template)]
#[template(path = "review/report/notice.en.txt", escape = "none")]
struct English<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "review/report/notice.nl.txt", escape = "none")]
struct Dutch<'a> {
    page: &'a Page<'a>,
}

/// As it stands after "this has effect".
fn in_scope(scope: &Scope, language: Language) -> String {
    match scope {
        Scope::Everywhere => words::either(language, "everywhere", "overal").to_owned(),
        Scope::Union => words::either(
            language,
            "in all Member States of the European Union",
            "in alle lidstaten van de Europese Unie",
        )
        .to_owned(),
        Scope::Countries(countries) => {
            let names: Vec<&str> = countries.iter().map(|it| it.name(language)).collect();
            format!("in {}", words::listed(&names, language))
        }
    }
}

#[cfg(test)]
mod tests;
