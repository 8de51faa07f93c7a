//! A removal order: annex I.

use std::num::NonZeroU32;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::baseline::{
    Finality, InstrumentKind, LegalInstrument, MemberState, Scrutiny, TcoTypes, Text, Time,
};
use crate::limits::Limits;

use super::clocks::{ANNOUNCED_SECONDS, later};
use super::error::{read, write};
use super::{
    Address, FieldError, Format, LanguageCode, Media, OrderError, OrderName, Prose, Several, form,
};
use crate::review::Language;

/// An order to remove terrorist content, or to disable access to it in all Member States (article 3, annex I).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalOrder {
    /// Who issues it (article 3(4)(a); sections A, E and F).
    pub issued_by: Issuer,
    /// The number under which the authority knows it (section A).
    pub reference: Text<200>,
    /// When it was issued (article 3(4)(e); section A). The hour counts from receipt, not from here.
    pub issued_at: Time,
    /// To whom it goes (article 3(5); section A).
    pub addressee: Addressee,
    /// In which language it is written (article 15(2)). \[check\]: the annex says that it must be one of those that the host named, and has no field.
    pub language: LanguageCode,
    /// Where the content is (article 3(4)(c); section B).
    pub addresses: Addresses,
    /// What else is needed to find it (article 3(4)(c); section B). \[check\]
    pub whereabouts: Option<Prose<2000>>,
    /// Which kinds of terrorist content are ticked (article 2(7); section B).
    pub types: TcoTypes,
    /// Why it is terrorist content, in enough detail (article 3(4)(b); section B).
    pub reasons: Prose<10_000>,
    /// Whether the author must not be told (article 11(3); section C). None: they are.
    pub non_disclosure: Option<NonDisclosure>,
    /// The authority of the host's state that got a copy (article 4(1); section D). \[check\]: whether the annex names it there or in section F.
    pub copy_to: Option<Text<200>>,
    /// How the host was told of procedures and deadlines before a first order (article 3(2)). Ours: the annex has no such field \[check\].
    pub announcement: Announcement,
    /// How it can be challenged (article 3(4)(f); section G).
    pub redress: Redress,
    /// The content by its hashes. Ours: the annex has no such field.
    pub media: Option<Several<Media, 1000>>,
}

/// Who issues an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// What the authority is called (section E).
    pub name: Text<200>,
    /// Its state (section A).
    pub state: MemberState,
    /// What kind of authority it is (section E).
    pub kind: IssuerKind,
    /// Where it is reached for questions and for feedback: a function, never a private person (section F). The official who certifies an order
    /// stands in section E \[check\] and is not kept here.
    pub contact: Text<300>,
}

/// What kind of authority issues an order: the ticks of section E \[check\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssuerKind {
    /// A judge or a court.
    Court,
    /// Police or the like.
    LawEnforcement,
    /// Another, such as an administrative authority.
    Other,
}

/// To whom an order goes: the main establishment of a host, or its legal representative (articles 3(5) and 17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// The host.
    pub host: Text<200>,
    /// Its legal representative, where the order goes to them.
    pub representative: Option<Text<200>>,
    /// The state of the main establishment, or where the representative is.
    pub state: MemberState,
    /// The contact point to which it is sent (article 15(1)).
    pub contact_point: Option<Text<300>>,
}

/// Where the content of an order is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addresses {
    /// The addresses, in the order by which answers count them, from 1.
    Listed(Several<Address, 1000>),
    /// They were left out when the order was sealed; so many there were.
    Dropped(NonZeroU32),
}

impl Addresses {
    /// How many items the order names.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            // No more than a thousand, and one at least.
            Self::Listed(all) => u32::try_from(all.len()).unwrap_or(u32::MAX),
            Self::Dropped(count) => count.get(),
        }
    }
}

/// That the author must not be told, for reasons of public security (article 11(3)).
///
/// It is read as it was ordered; when it ends by law says [`ends_at`](Self::ends_at).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NonDisclosure {
    /// Why. The annex has a tick alone \[check\].
    pub reason: Text<500>,
    /// When it was decided, from where the weeks count.
    pub decided_at: Time,
    /// The first second in which the author may be told.
    pub until: Time,
    /// For how long it was prolonged, once.
    pub prolonged: Option<Prolongation>,
}

/// That the author is not told for longer (article 11(3)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prolongation {
    /// When it was decided.
    pub decided_at: Time,
    /// The first second in which the author may be told.
    pub until: Time,
}

/// How a host was told of procedures and deadlines before its first order from an authority (article 3(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// It is not the first order of that authority to this host.
    NotFirst,
    /// It was told at this time.
    At(Time),
    /// It was not, since the case was urgent (second subparagraph).
    Urgent,
    /// It was not, and nothing says why.
    Missing,
}

/// How an order can be challenged (article 9; section G).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redress {
    /// The authority or court to which to go.
    pub body: Text<300>,
    /// How that is done, and under which law. Links stand in the order itself.
    pub procedure: Prose<2000>,
    /// The deadlines for an appeal, in words.
    pub deadline: Text<500>,
    /// The last second in which one can be lodged, where it is known as a time. Ours.
    pub until: Option<Time>,
}

impl RemovalOrder {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`OrderError`]: more than [`Limits::record_bytes`], or something is not as it is written here.
    pub fn read(json: &[u8], limits: &Limits) -> Result<Self, OrderError> {
        read(json, limits, "removal order")
    }

    /// As JSON, without white space, with its addresses.
    #[must_use]
    pub fn to_json(&self) -> String {
        write(self)
    }

    /// What answers call it by.
    #[must_use]
    pub fn name(&self) -> OrderName {
        OrderName {
            authority: self.issued_by.name.clone(),
            state: self.issued_by.state,
            reference: self.reference.clone(),
        }
    }

    /// The act on which an assessment can rest.
    #[must_use]
    pub fn instrument(&self, finality: Finality, scrutiny: Scrutiny) -> LegalInstrument {
        LegalInstrument {
            kind: InstrumentKind::RemovalOrder,
            issued_by: self.issued_by.state,
            reference: self.reference.clone(),
            issued_at: self.issued_at,
            finality,
            scrutiny,
        }
    }

    /// Whether the host is in another state, whose authority can scrutinise the order (article 4).
    #[must_use]
    pub fn is_cross_border(&self) -> bool {
        self.issued_by.state != self.addressee.state
    }

    /// Whether the host was told as long before as article 3(2) asks: 12 hours before a first order, unless it was urgent.
    ///
    /// The hour does not hang on it: an order that was not announced is to be executed, and can be challenged.
    #[must_use]
    pub fn was_announced_in_time(&self) -> bool {
        match self.announcement {
            Announcement::NotFirst | Announcement::Urgent => true,
            Announcement::At(told_at) => later(told_at, ANNOUNCED_SECONDS) <= self.issued_at,
            Announcement::Missing => false,
        }
    }

    /// The same without what leads to the content: its addresses, of which the count stays, and its whereabouts. Hashes stay.
    #[must_use]
    pub fn sealed(mut self) -> SealedOrder {
        if let Some(count) = NonZeroU32::new(self.addresses.count()) {
            self.addresses = Addresses::Dropped(count);
        }
        self.whereabouts = None;
        SealedOrder(self)
    }

    /// As people read it. Addresses are in it where they are in the order; hashes never are.
    ///
    /// # Errors
    /// [`OrderError::Form`], which would be a bug.
    pub fn form(&self, language: Language, format: Format) -> Result<String, OrderError> {
        form::order(self, language, format)
    }
}

/// An order without what leads to the content: what may be kept. It is made by [`RemovalOrder::sealed`], and read from JSON if it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RemovalOrder", into = "RemovalOrder")]
pub struct SealedOrder(RemovalOrder);

impl SealedOrder {
    /// Reads JSON.
    ///
    /// # Errors
    /// As [`RemovalOrder::read`]; an order that still has addresses is refused, too.
    pub fn read(json: &[u8], limits: &Limits) -> Result<Self, OrderError> {
        read(json, limits, "sealed removal order")
    }
}

impl TryFrom<RemovalOrder> for SealedOrder {
    type Error = FieldError;

    fn try_from(order: RemovalOrder) -> Result<Self, FieldError> {
        match order.addresses {
            Addresses::Dropped(_) if order.whereabouts.is_none() => Ok(Self(order)),
            _ => Err(FieldError::Unsealed),
        }
    }
}

impl From<SealedOrder> for RemovalOrder {
    fn from(sealed: SealedOrder) -> Self {
        sealed.0
    }
}

impl Deref for SealedOrder {
    type Target = RemovalOrder;

    fn deref(&self) -> &RemovalOrder {
        &self.0
    }
}
