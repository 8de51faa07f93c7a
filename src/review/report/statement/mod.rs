//! Statements of reasons for the DSA Transparency Database (articles 17 and 24(5) of Regulation (EU) 2022/2065; API v2).
//!
//! In: [`Facts`], plain data about one decision on content that was found to be terrorist. Out: a [`Statement`], which holds every rule of the
//! database that is known here, and some of our own; as JSON, single or in [`batches`] of 100. A statement that was made elsewhere is
//! [read](Statement::read) by the same rules. What a rule refuses is named by one variant of [`Broken`].
//!
//! The rules are those of the API's documentation and of the published source of the database (July 2025), which refuses a whole batch
//! where one statement is wrong. Where the database would drop a text without a word, the text is refused here. Of our own are: the
//! decision is never fully automated; the category, its keyword and the ground are those of terrorist content; the territory is said always; and no text
//! [tells](super::Tells) what it must not.
//!
//! Orders under article 9 DSA need no statement, and neither do removal orders: do not make one of them.

mod batch;
mod broken;
mod facts;
mod field;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::baseline::Time;
use crate::limits::Limits;

pub use batch::{BATCH_STATEMENTS, Batch, batches};
pub use broken::Broken;
pub use facts::{ContentType, Decision, Detection, Facts, SourceOf, Visibility};
pub use field::Field;

/// A statement of reasons that holds every rule. Serde gives the JSON object that the API takes: always the same bytes for the same
/// statement.
///
/// ```
/// use ijkpunt::baseline::{TcoType, Time};
/// use ijkpunt::review::report::{Country, statement::*};
///
/// let day: Time = "2026-11-22T10:00:00Z".parse()?;
/// let statement = Statement::new(Facts {
///     puid: "sor-2026-000017".to_owned(),
///     visibility: [Visibility::Removed].into(),
///     types: TcoType::A.into(),
///     explanation: "The video calls for attacks and praises one.".to_owned(),
///     facts: "Found by comparison with known material; a person watched it and decided.".to_owned(),
///     content: [ContentType::Video].into(),
///     content_date: day,
///     application_date: day,
///     end_date: None,
///     scope: Country::all().collect(),
///     content_language: None,
///     detection: Detection::Automated,
///     decision: Decision::ByPerson,
///     source: SourceOf::OwnInitiative,
///     now: Some(day),
/// })?;
/// let json = serde_json::to_string(&statement).unwrap();
/// assert!(json.contains(r#""automated_decision":"AUTOMATED_DECISION_NOT_AUTOMATED""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement(Draft);

impl Statement {
    /// States the facts.
    ///
    /// # Errors
    /// The first rule that they break.
    pub fn new(facts: Facts) -> Result<Self, Broken> {
        let now = facts.now;
        let draft = facts.into_draft();
        match rules::broken(&draft, now).into_iter().next() {
            Some(broken) => Err(broken),
            None => Ok(Self(draft)),
        }
    }

    /// Reads one statement that was made elsewhere: a JSON object. `now`, where it is given, is what the date of application must not lie
    /// behind. Fields that are `null` or empty lists count as left out.
    ///
    /// # Errors
    /// Every rule that it breaks, in the order of the fields: never none.
    ///
    /// # Cost
    /// Some 30 bytes of memory for each byte of it, of which there are at most [`Limits::record_bytes`].
    pub fn read(json: &[u8], now: Option<Time>, limits: &Limits) -> Result<Self, Vec<Broken>> {
        let (draft, mut broken) = read::draft(json, limits).map_err(|broken| vec![broken])?;
        // A rule about a field that was refused already would only repeat it.
        let refused: Vec<Field> = broken.iter().filter_map(Broken::field).collect();
        let rules = rules::broken(&draft, now);
        broken.extend(rules.into_iter().filter(|rule| {
            let is_refused = |field| refused.contains(&field);
            !rule.field().is_some_and(is_refused)
        }));
        if broken.is_empty() {
            Ok(Self(draft))
        } else {
            Err(broken)
        }
    }

    /// The platform's own identifier of this statement, which no other may have.
    #[must_use]
    pub fn puid(&self) -> &str {
        self.0.text(Field::Puid).unwrap_or_default()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let draft = &self.0;
        let length = draft.texts.len() + draft.lists.len();
        let mut map = serializer.serialize_map(Some(length))?;
        for field in Field::ALL {
            if let Some(text) = draft.texts.get(&field) {
                map.serialize_entry(field.name(), text)?;
            } else if let Some(list) = draft.lists.get(&field) {
                map.serialize_entry(field.name(), list)?;
            }
        }
        map.end()
    }
}

/// What may become a statement: values in the API's words, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Draft {
    texts: BTreeMap<Field, String>,
    lists: BTreeMap<Field, Vec<String>>,
}

impl Draft {
    fn text(&self, field: Field) -> Option<&str> {
        self.texts.get(&field).map(String::as_str)
    }

    /// The values of a list; none where it is left out.
    fn list(&self, field: Field) -> &[String] {
        self.lists.get(&field).map_or(&[], Vec::as_slice)
    }

    fn has(&self, field: Field) -> bool {
        self.texts.contains_key(&field) || self.lists.contains_key(&field)
    }
}
