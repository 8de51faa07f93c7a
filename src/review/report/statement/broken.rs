//! The rules of a statement, by what breaks them.

use super::{BATCH_STATEMENTS, Field};
use crate::limits::Exceeded;
use crate::review::report::Tells;

/// A rule that a statement breaks: which, in which field, and what to do. No message repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// More bytes than may be read.
    #[error("{0}: send statements one by one")]
    Bytes(Exceeded),
    /// Not JSON.
    #[error("not JSON at line {line}, column {column}: write one JSON object")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1; 0 for the end of a line.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("not a JSON object: write one statement, and no list of them")]
    Object,
    /// A field that the API does not know, by its place.
    #[error("field {place} is not one of the API: look for a slip of spelling, or leave it out")]
    UnknownField {
        /// Its place in the object, from 1.
        place: usize,
    },
    /// A field that the API knows and a statement of this kind has no use for.
    #[error("{name}: statements about terrorist content do not use it: leave it out")]
    NotUsed {
        /// The field.
        name: &'static str,
    },
    /// A field that is there twice, of which one would be lost.
    #[error("{field} is there twice: keep one")]
    FieldTwice {
        /// The field.
        field: Field,
    },
    /// A field that every statement must have.
    #[error("{field} is missing: every statement has it")]
    Missing {
        /// The field.
        field: Field,
    },
    /// A list where a text must be, or another type of JSON.
    #[error("{field} is of another type: write {}", if field.is_list() { "a list of texts" } else { "a text" })]
    Type {
        /// The field.
        field: Field,
    },
    /// A text of spaces only.
    #[error("{field} is empty: write something, or leave out what is not required")]
    Empty {
        /// The field.
        field: Field,
    },
    /// A text that is too long.
    #[error("{field} has {length} characters: at most {most} are allowed")]
    Long {
        /// The field.
        field: Field,
        /// Characters found.
        length: usize,
        /// The most that there may be.
        most: usize,
    },
    /// A control character other than a line break.
    #[error("{field} holds a control character: write plain text")]
    Control {
        /// The field.
        field: Field,
    },
    /// A puid with something other than letters, digits, `-` and `_`.
    #[error(
        "puid: character {place} is not allowed: use a to z, A to Z, 0 to 9, hyphen and underscore"
    )]
    PuidCharacter {
        /// The place of the first one, from 1.
        place: usize,
    },
    /// A value that the API does not know.
    #[error("{field}: value {place} is not one of the API: see its documentation for the list")]
    Value {
        /// The field.
        field: Field,
        /// Its place in the list, from 1; 1 where there is no list.
        place: usize,
    },
    /// A value that is there twice.
    #[error("{field}: value {place} was there before: name each once")]
    ValueTwice {
        /// The field.
        field: Field,
        /// The place of the second one, from 1.
        place: usize,
    },
    /// No decision at all.
    #[error("decision_visibility is missing: say what happened to the content")]
    NoDecision,
    /// `…_OTHER` without the text that says what it is.
    #[error("{field} is missing: say what the other is")]
    OtherWithoutText {
        /// The field of the text.
        field: Field,
    },
    /// A text for `…_OTHER` where no other is named: the database would drop it.
    #[error("{field} is there without its value OTHER: name that, or leave out the text")]
    TextWithoutOther {
        /// The field of the text.
        field: Field,
    },
    /// Another ground than illegal content.
    #[error(
        "decision_ground must be DECISION_GROUND_ILLEGAL_CONTENT: terrorist content is illegal, whatever the terms say"
    )]
    NotIllegal,
    /// Illegal content without the provision or the explanation.
    #[error("{field} is missing: illegal content needs the provision and why it applies")]
    GroundWithoutReasons {
        /// The field.
        field: Field,
    },
    /// A legal ground that is not terrorist content.
    #[error("illegal_content_legal_ground must name article 2(7) of Regulation (EU) 2021/784")]
    OtherLegalGround,
    /// Another category.
    #[error("category must be STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY for terrorist content")]
    OtherCategory,
    /// The keyword is missing.
    #[error("category_specification must name KEYWORD_TERRORIST_CONTENT")]
    NoKeyword,
    /// A decision without a person.
    #[error(
        "automated_decision must not be AUTOMATED_DECISION_FULLY: a person decides about terrorist content, let one do so"
    )]
    FullyAutomated,
    /// The source is said to be something else, and not what.
    #[error("source_identity is missing: say what the other notification was")]
    SourceUnnamed,
    /// The identity of a source that has none: the database would drop it.
    #[error("source_identity is there for SOURCE_VOLUNTARY: leave it out, or name the source")]
    VoluntaryIdentity,
    /// Not a date.
    #[error("{field} is not a date: write YYYY-MM-DD, such as 2026-11-22")]
    DateForm {
        /// The field.
        field: Field,
    },
    /// A date that the database does not take.
    #[error("{field} must be from {from} to {until}: look for a slip")]
    DateRange {
        /// The field.
        field: Field,
        /// The first day.
        from: &'static str,
        /// The last day.
        until: &'static str,
    },
    /// The decision holds from before there was content.
    #[error("application_date is before content_date: one of the two is wrong")]
    AppliedBeforeContent,
    /// The decision does not hold yet.
    #[error("application_date is in the future: send the statement when the decision holds")]
    AppliedInFuture,
    /// The decision ends before it begins.
    #[error("end_date_visibility_restriction is before application_date: one of the two is wrong")]
    EndBeforeApplied,
    /// Nobody knows where it has effect.
    #[error("territorial_scope is missing: name the countries, all 30 if it is everywhere")]
    NoScope,
    /// What may be a hash.
    #[error("{field} tells {}", Tells::Hash)]
    TellsHash {
        /// The field.
        field: Field,
    },
    /// What may be a distance.
    #[error("{field} tells {}", Tells::Distance)]
    TellsDistance {
        /// The field.
        field: Field,
    },
    /// A mailbox.
    #[error("{field} tells {}", Tells::Mail)]
    TellsMail {
        /// The field.
        field: Field,
    },
    /// An address.
    #[error("{field} tells {}", Tells::Address)]
    TellsAddress {
        /// The field.
        field: Field,
    },
    /// Two statements of one puid.
    #[error(
        "statement {second} has the puid of statement {first}: give each its own, for the database refuses the whole batch of {BATCH_STATEMENTS}"
    )]
    PuidTwice {
        /// The place of the first, from 1.
        first: usize,
        /// The place of the second, from 1.
        second: usize,
    },
}

impl Broken {
    /// The field whose own form is wrong, if the rule is about one: what depends on it need not be told.
    pub(super) const fn field(&self) -> Option<Field> {
        match self {
            Self::FieldTwice { field } | Self::Missing { field } | Self::Type { field } => {
                Some(*field)
            }
            Self::NoDecision => Some(Field::DecisionVisibility),
            Self::NoScope => Some(Field::TerritorialScope),
            Self::NoKeyword => Some(Field::CategorySpecification),
            Self::SourceUnnamed => Some(Field::SourceIdentity),
            Self::OtherWithoutText { field } | Self::GroundWithoutReasons { field } => Some(*field),
            _ => None,
        }
    }

    pub(super) const fn tells(field: Field, tells: Tells) -> Self {
        match tells {
            Tells::Hash => Self::TellsHash { field },
            Tells::Distance => Self::TellsDistance { field },
            Tells::Mail => Self::TellsMail { field },
            Tells::Address => Self::TellsAddress { field },
        }
    }
}
