//! What is to be stated, in words of our own, and what it is in those of the API.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::field::{
    CONTENT_TYPE_OTHER, ILLEGAL, OTHER_NOTIFICATION, PUBLIC_SECURITY, REGULATION,
    TERRORIST_CONTENT, VISIBILITY_OTHER, VOLUNTARY,
};
use super::{Draft, Field};
use crate::baseline::{TcoTypes, Time};
use crate::review::report::{Country, words};

/// What is to be stated about one decision.
///
/// Texts are written for the public: who is concerned must not be recognisable, nor how the content was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The platform's own identifier: 1 to 500 of letters, digits, `-` and `_`, never used twice, and no hash.
    pub puid: String,
    /// What happened to the content: one or more.
    pub visibility: BTreeSet<Visibility>,
    /// Of which types of article 2(7) TCO the content is.
    pub types: TcoTypes,
    /// Why it is: 1 to 2000 characters.
    pub explanation: String,
    /// On what the decision rests, and how the content was found: 1 to 5000 characters.
    pub facts: String,
    /// What kind of content: one or more.
    pub content: BTreeSet<ContentType>,
    /// When it was posted; the day is stated. From 2000 on.
    pub content_date: Time,
    /// From when on the decision holds; the day is stated. From 2020 on, and not before the content was posted.
    pub application_date: Time,
    /// Until when it holds, if not for good.
    pub end_date: Option<Time>,
    /// Where it has effect: one or more countries.
    pub scope: BTreeSet<Country>,
    /// In which language the content is: two capital letters (ISO 639-1), such as `NL`.
    pub content_language: Option<String>,
    /// Who found it.
    pub detection: Detection,
    /// Who decided.
    pub decision: Decision,
    /// What made the platform look.
    pub source: SourceOf,
    /// Today, where the date of application is to be held against it; it is not stated.
    pub now: Option<Time>,
}

/// What happened to how visible content is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Visibility {
    /// It was removed.
    Removed,
    /// Access to it was disabled.
    Disabled,
    /// It is shown less.
    Demoted,
    /// It is shown to adults only.
    AgeRestricted,
    /// People cannot react to it or share it.
    InteractionRestricted,
    /// It was labelled.
    Labelled,
    /// Something else: what, in 1 to 500 characters.
    Other(String),
}

/// What kind of content a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentType {
    /// A program.
    App,
    /// Sound.
    Audio,
    /// A picture.
    Image,
    /// Something for sale.
    Product,
    /// Made or changed by a generator, to look real.
    SyntheticMedia,
    /// Text.
    Text,
    /// A video.
    Video,
    /// Something else: what, in 1 to 500 characters.
    Other(String),
}

/// Who found the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detection {
    /// Automated means: it matched.
    Automated,
    /// A person.
    ByPerson,
}

/// Who decided. There is no third: nothing here decides without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A person, before anything happened to the content: not automated.
    ByPerson,
    /// A person, after the upload was held automatically: partially automated, since it could not be seen in the meantime.
    HeldAutomatically,
}

/// What made the platform look.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SourceOf {
    /// Its own initiative: `SOURCE_VOLUNTARY`.
    OwnInitiative,
    /// A specific measure of article 5 TCO: `SOURCE_TYPE_OTHER_NOTIFICATION`, with the measure as its identity.
    ///
    /// Not voluntary: an authority's decision obliges the host to take specific measures (article 5(4) to (6)), so what they find is
    /// not found on its own initiative. Nor is it a notice of article 16 DSA or of a trusted flagger. Of the API's four values this
    /// one is left, and the identity says what it stands for.
    Article5Measure,
    /// A notice of article 16 DSA, by whom, if that is to be said (1 to 500 characters): `SOURCE_ARTICLE_16`.
    Notice(Option<String>),
    /// The notice of a trusted flagger (article 22 DSA), and of which one: `SOURCE_TRUSTED_FLAGGER`.
    TrustedFlagger(Option<String>),
    /// A complaint or anything else that somebody told, and what (1 to 500 characters): `SOURCE_TYPE_OTHER_NOTIFICATION`.
    Complaint(String),
}

/// What stands for article 5 TCO where the source is asked for.
const ARTICLE_5: &str = "Specific measure under article 5 of Regulation (EU) 2021/784, required by a competent authority";

impl Facts {
    /// In the API's words; nothing is checked.
    pub(super) fn into_draft(self) -> Draft {
        let mut draft = Draft::default();
        let day = |time: Time| words::date(time);
        draft.put_list(
            Field::CategorySpecification,
            vec![TERRORIST_CONTENT.to_owned()],
        );
        let countries = self.scope.iter().map(|it| it.code().to_owned());
        draft.put_list(Field::TerritorialScope, countries.collect());
        draft.put_all(self.visibility.into_iter().map(Visibility::named));
        draft.put_all(self.content.into_iter().map(ContentType::named));
        let (source, identity) = self.source.named();
        for (field, text) in [
            (Field::Puid, self.puid),
            (Field::DecisionGround, ILLEGAL.to_owned()),
            (Field::Category, PUBLIC_SECURITY.to_owned()),
            (Field::IllegalContentLegalGround, legal_ground(self.types)),
            (Field::IllegalContentExplanation, self.explanation),
            (Field::DecisionFacts, self.facts),
            (Field::ContentDate, day(self.content_date)),
            (Field::ApplicationDate, day(self.application_date)),
            (Field::SourceType, source.to_owned()),
            (Field::AutomatedDetection, self.detection.named().to_owned()),
            (Field::AutomatedDecision, self.decision.named().to_owned()),
        ] {
            draft.texts.insert(field, text);
        }
        for (field, text) in [
            (
                Field::EndDateVisibilityRestriction,
                self.end_date.map(words::date),
            ),
            (Field::ContentLanguage, self.content_language),
            (Field::SourceIdentity, identity),
        ] {
            draft.texts.extend(text.map(|text| (field, text)));
        }
        draft
    }
}

impl Draft {
    /// A list without values is left out, as the API has it.
    fn put_list(&mut self, field: Field, values: Vec<String>) {
        if !values.is_empty() {
            self.lists.insert(field, values);
        }
    }

    fn put_all(&mut self, values: impl Iterator<Item = Named>) {
        for Named { list, value, other } in values {
            let values = self.lists.entry(list).or_default();
            values.push(value.to_owned());
            self.texts.extend(other);
        }
    }
}

/// A value of a list, and the text of another field that belongs to it.
struct Named {
    list: Field,
    value: &'static str,
    other: Option<(Field, String)>,
}

impl Visibility {
    fn named(self) -> Named {
        let (value, other) = match self {
            Self::Removed => ("DECISION_VISIBILITY_CONTENT_REMOVED", None),
            Self::Disabled => ("DECISION_VISIBILITY_CONTENT_DISABLED", None),
            Self::Demoted => ("DECISION_VISIBILITY_CONTENT_DEMOTED", None),
            Self::AgeRestricted => ("DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED", None),
            Self::InteractionRestricted => {
                ("DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED", None)
            }
            Self::Labelled => ("DECISION_VISIBILITY_CONTENT_LABELLED", None),
            Self::Other(text) => (VISIBILITY_OTHER, Some(text)),
        };
        Named {
            list: Field::DecisionVisibility,
            value,
            other: other.map(|text| (Field::DecisionVisibilityOther, text)),
        }
    }
}

impl ContentType {
    fn named(self) -> Named {
        let (value, other) = match self {
            Self::App => ("CONTENT_TYPE_APP", None),
            Self::Audio => ("CONTENT_TYPE_AUDIO", None),
            Self::Image => ("CONTENT_TYPE_IMAGE", None),
            Self::Product => ("CONTENT_TYPE_PRODUCT", None),
            Self::SyntheticMedia => ("CONTENT_TYPE_SYNTHETIC_MEDIA", None),
            Self::Text => ("CONTENT_TYPE_TEXT", None),
            Self::Video => ("CONTENT_TYPE_VIDEO", None),
            Self::Other(text) => (CONTENT_TYPE_OTHER, Some(text)),
        };
        Named {
            list: Field::ContentType,
            value,
            other: other.map(|text| (Field::ContentTypeOther, text)),
        }
    }
}

impl Detection {
    const fn named(self) -> &'static str {
        match self {
            Self::Automated => "Yes",
            Self::ByPerson => "No",
        }
    }
}

impl Decision {
    const fn named(self) -> &'static str {
        match self {
            Self::ByPerson => "AUTOMATED_DECISION_NOT_AUTOMATED",
            Self::HeldAutomatically => "AUTOMATED_DECISION_PARTIALLY",
        }
    }
}

impl SourceOf {
    /// The type, and the identity if one is said.
    fn named(self) -> (&'static str, Option<String>) {
        match self {
            Self::OwnInitiative => (VOLUNTARY, None),
            Self::Article5Measure => (OTHER_NOTIFICATION, Some(ARTICLE_5.to_owned())),
            Self::Notice(by) => ("SOURCE_ARTICLE_16", by),
            Self::TrustedFlagger(by) => ("SOURCE_TRUSTED_FLAGGER", by),
            Self::Complaint(what) => (OTHER_NOTIFICATION, Some(what)),
        }
    }
}

/// `Regulation (EU) 2021/784, article 2(7)(a), (c)`.
fn legal_ground(types: TcoTypes) -> String {
    let points = types
        .iter()
        .map(|kind| format!("({})", kind.to_string().to_lowercase()));
    let points: Vec<String> = points.collect();
    format!("{REGULATION}, article 2(7){}", points.join(", "))
}
