//! The fields of a statement: name, shape, length and values, as the API has them.

use std::fmt;

use crate::review::report::Country;

/// A field of a statement of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// What happened to how visible the content is.
    DecisionVisibility,
    /// That in words.
    DecisionVisibilityOther,
    /// Until when it lasts.
    EndDateVisibilityRestriction,
    /// Whether the content is illegal, or against the terms.
    DecisionGround,
    /// The provision of law.
    IllegalContentLegalGround,
    /// Why the content falls under it.
    IllegalContentExplanation,
    /// What kind of content.
    ContentType,
    /// That in words.
    ContentTypeOther,
    /// The category.
    Category,
    /// Its keywords.
    CategorySpecification,
    /// Where the decision has effect.
    TerritorialScope,
    /// In which language the content is.
    ContentLanguage,
    /// When the content was posted.
    ContentDate,
    /// From when on the decision holds.
    ApplicationDate,
    /// On what the decision rests.
    DecisionFacts,
    /// What made the platform look.
    SourceType,
    /// Who or what that was.
    SourceIdentity,
    /// Whether automated means found it.
    AutomatedDetection,
    /// Whether automated means decided.
    AutomatedDecision,
    /// The platform's own identifier.
    Puid,
}

/// How long a text may be, and what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Words of people, of at most so many characters.
    Words(usize),
    /// A name of at most so many characters.
    Name(usize),
    /// `YYYY-MM-DD`.
    Date,
    /// One of these.
    One(&'static [&'static str]),
    /// One or more of these.
    Some(&'static [&'static str]),
    /// The code of a language.
    Language,
    /// One or more countries.
    Countries,
}

impl Field {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 20] = [
        Self::DecisionVisibility,
        Self::DecisionVisibilityOther,
        Self::EndDateVisibilityRestriction,
        Self::DecisionGround,
        Self::IllegalContentLegalGround,
        Self::IllegalContentExplanation,
        Self::ContentType,
        Self::ContentTypeOther,
        Self::Category,
        Self::CategorySpecification,
        Self::TerritorialScope,
        Self::ContentLanguage,
        Self::ContentDate,
        Self::ApplicationDate,
        Self::DecisionFacts,
        Self::SourceType,
        Self::SourceIdentity,
        Self::AutomatedDetection,
        Self::AutomatedDecision,
        Self::Puid,
    ];

    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DecisionVisibility => "decision_visibility",
            Self::DecisionVisibilityOther => "decision_visibility_other",
            Self::EndDateVisibilityRestriction => "end_date_visibility_restriction",
            Self::DecisionGround => "decision_ground",
            Self::IllegalContentLegalGround => "illegal_content_legal_ground",
            Self::IllegalContentExplanation => "illegal_content_explanation",
            Self::ContentType => "content_type",
            Self::ContentTypeOther => "content_type_other",
            Self::Category => "category",
            Self::CategorySpecification => "category_specification",
            Self::TerritorialScope => "territorial_scope",
            Self::ContentLanguage => "content_language",
            Self::ContentDate => "content_date",
            Self::ApplicationDate => "application_date",
            Self::DecisionFacts => "decision_facts",
            Self::SourceType => "source_type",
            Self::SourceIdentity => "source_identity",
            Self::AutomatedDetection => "automated_detection",
            Self::AutomatedDecision => "automated_decision",
            Self::Puid => "puid",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    pub(super) const fn form(self) -> Form {
        match self {
            Self::DecisionVisibility => Form::Some(&VISIBILITIES),
            Self::DecisionVisibilityOther | Self::ContentTypeOther => Form::Words(500),
            Self::IllegalContentLegalGround | Self::SourceIdentity => Form::Words(500),
            Self::IllegalContentExplanation => Form::Words(2000),
            Self::DecisionFacts => Form::Words(5000),
            Self::Puid => Form::Name(500),
            Self::DecisionGround => Form::One(&GROUNDS),
            Self::ContentType => Form::Some(&CONTENT_TYPES),
            Self::Category => Form::One(&CATEGORIES),
            Self::CategorySpecification => Form::Some(&KEYWORDS),
            Self::TerritorialScope => Form::Countries,
            Self::ContentLanguage => Form::Language,
            Self::ContentDate => Form::Date,
            Self::ApplicationDate | Self::EndDateVisibilityRestriction => Form::Date,
            Self::SourceType => Form::One(&SOURCES),
            Self::AutomatedDetection => Form::One(&["Yes", "No"]),
            Self::AutomatedDecision => Form::One(&DECISIONS),
        }
    }

    /// Whether the API asks for it in every statement. Not here: what other fields ask for, and those with a rule of their own.
    pub(super) const fn is_required(self) -> bool {
        matches!(
            self,
            Self::DecisionGround
                | Self::ContentType
                | Self::Category
                | Self::ContentDate
                | Self::ApplicationDate
                | Self::DecisionFacts
                | Self::SourceType
                | Self::AutomatedDetection
                | Self::AutomatedDecision
                | Self::Puid
        )
    }

    pub(super) const fn is_list(self) -> bool {
        matches!(self.form(), Form::Some(_) | Form::Countries)
    }

    /// Whether a value of it is one that the API knows.
    pub(super) fn knows(self, value: &str) -> bool {
        match self.form() {
            Form::One(values) | Form::Some(values) => values.contains(&value),
            Form::Countries => value.parse::<Country>().is_ok(),
            Form::Language => LANGUAGES.split(' ').any(|code| code == value),
            Form::Words(_) | Form::Name(_) | Form::Date => true,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Fields that the API knows and a statement about one piece of terrorist content has no use for: decisions on money, services and accounts
/// are decisions of their own, and the terms of the platform are another ground.
pub(super) const NOT_USED: [&str; 17] = [
    "account_type",
    "category_addition",
    "category_specification_other",
    "content_id",
    "content_id_ean",
    "decision_account",
    "decision_ground_reference_url",
    "decision_monetary",
    "decision_monetary_other",
    "decision_provision",
    "end_date_account_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "incompatible_content_explanation",
    "incompatible_content_ground",
    "incompatible_content_illegal",
    "url",
];

/// Where the value is `…_OTHER`, the other field says what it is.
pub(super) const OTHERS: [(Field, &str, Field); 2] = [
    (
        Field::DecisionVisibility,
        VISIBILITY_OTHER,
        Field::DecisionVisibilityOther,
    ),
    (
        Field::ContentType,
        CONTENT_TYPE_OTHER,
        Field::ContentTypeOther,
    ),
];

pub(super) const VISIBILITY_OTHER: &str = "DECISION_VISIBILITY_OTHER";
pub(super) const CONTENT_TYPE_OTHER: &str = "CONTENT_TYPE_OTHER";
pub(super) const ILLEGAL: &str = "DECISION_GROUND_ILLEGAL_CONTENT";
pub(super) const PUBLIC_SECURITY: &str = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY";
pub(super) const TERRORIST_CONTENT: &str = "KEYWORD_TERRORIST_CONTENT";
pub(super) const VOLUNTARY: &str = "SOURCE_VOLUNTARY";
pub(super) const OTHER_NOTIFICATION: &str = "SOURCE_TYPE_OTHER_NOTIFICATION";
pub(super) const FULLY: &str = "AUTOMATED_DECISION_FULLY";
pub(super) const REGULATION: &str = "Regulation (EU) 2021/784";

const VISIBILITIES: [&str; 7] = [
    "DECISION_VISIBILITY_CONTENT_REMOVED",
    "DECISION_VISIBILITY_CONTENT_DISABLED",
    "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_LABELLED",
    VISIBILITY_OTHER,
];

const GROUNDS: [&str; 2] = [ILLEGAL, "DECISION_GROUND_INCOMPATIBLE_CONTENT"];

const CONTENT_TYPES: [&str; 8] = [
    "CONTENT_TYPE_APP",
    "CONTENT_TYPE_AUDIO",
    "CONTENT_TYPE_IMAGE",
    "CONTENT_TYPE_PRODUCT",
    "CONTENT_TYPE_SYNTHETIC_MEDIA",
    "CONTENT_TYPE_TEXT",
    "CONTENT_TYPE_VIDEO",
    CONTENT_TYPE_OTHER,
];

const CATEGORIES: [&str; 16] = [
    "STATEMENT_CATEGORY_ANIMAL_WELFARE",
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    PUBLIC_SECURITY,
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_SELF_HARM",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "STATEMENT_CATEGORY_VIOLENCE",
];

/// The keywords of this category.
const KEYWORDS: [&str; 4] = [
    "KEYWORD_ILLEGAL_ORGANIZATIONS",
    "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE",
    "KEYWORD_RISK_PUBLIC_HEALTH",
    TERRORIST_CONTENT,
];

const SOURCES: [&str; 4] = [
    "SOURCE_ARTICLE_16",
    "SOURCE_TRUSTED_FLAGGER",
    OTHER_NOTIFICATION,
    VOLUNTARY,
];

const DECISIONS: [&str; 3] = [
    FULLY,
    "AUTOMATED_DECISION_PARTIALLY",
    "AUTOMATED_DECISION_NOT_AUTOMATED",
];

/// The two-letter codes of ISO 639-1, in the capitals of the API.
const LANGUAGES: &str = "AA AB AE AF AK AM AN AR AS AV AY AZ BA BE BG BI BM BN BO BR BS CA CE CH CO CR CS CU CV CY DA DE DV DZ EE EL EN EO \
ES ET EU FA FF FI FJ FO FR FY GA GD GL GN GU GV HA HE HI HO HR HT HU HY HZ IA ID IE IG II IK IO IS IT IU JA JV KA KG KI KJ KK KL KM KN KO KR \
KS KU KV KW KY LA LB LG LI LN LO LT LU LV MG MH MI MK ML MN MR MS MT MY NA NB ND NE NG NL NN NO NR NV NY OC OJ OM OR OS PA PI PL PS PT QU RM \
RN RO RU RW SA SC SD SE SG SI SK SL SM SN SO SQ SR SS ST SU SV SW TA TE TG TH TI TK TL TN TO TR TS TT TW TY UG UK UR UZ VE VI VO WA WO XH YI \
YO ZA ZH ZU";
