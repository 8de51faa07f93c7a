//! What is assessed: an item, as its hashes and a few words.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hash::{Digest, DigestKind};

use super::spelling::{hex_name, name_of};
use super::{AuthorityId, Fingerprint, Text, Time};

/// What is derived here gets names of its own, which nothing else has.
const CONTEXT: &str = "ijkpunt 2026 entry v0";

/// The name of an [`Entry`], made of what it says: see [`Entry::id`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId([u8; 32]);

hex_name!(EntryId);

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

/// The SHA-256 of bytes that are kept elsewhere: whoever has them can show that they are those which were meant.
///
/// `Display` and serde give 64 hexadecimal digits; `Debug` shows none, since that of a media file is a hash of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment([u8; 32]);

hex_name!(Commitment);

impl Commitment {
    /// To these bytes.
    #[must_use]
    pub fn to(bytes: &[u8]) -> Self {
        match DigestKind::Sha256.of(bytes) {
            Digest::Sha256(digest) => Self(digest),
            Digest::Sha1(_) | Digest::Md5(_) => unreachable!("the kind that was asked for"),
        }
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Commitment(..)")
    }
}

/// What kind of media an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaKind {
    /// A still picture.
    Image,
    /// An animation, such as a GIF.
    AnimatedImage,
    /// A video.
    Video,
}

/// The file that was assessed, which stays with the authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its SHA-256.
    pub sha256: Commitment,
    /// Its length in bytes.
    pub size: u64,
    /// Its media type, such as `image/png`.
    pub mime: Text<100>,
}

/// Whether the item says the same wherever it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContextDependence {
    /// It does.
    Independent,
    /// It depends on what stands around it.
    Dependent,
    /// Nobody has said.
    Unknown,
}

/// An item, as an authority enters it into its log. It never changes: what is said of it later are events.
///
/// **What is not here:** no URL (texts with one are refused), no thumbnail, no media, no personal data, neither of the one
/// who uploaded it nor of those who are seen or who assessed it. `Debug` shows no code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What kind of media it is.
    pub media: MediaKind,
    /// The file that was assessed, if it was a file.
    pub source: Option<Source>,
    /// Its hashes, in any order.
    pub fingerprints: Vec<Fingerprint>,
    /// A neutral title for those who review.
    pub title: Text<200>,
    /// Who made it: the list of designated groups, and the group's number there.
    pub producer: Option<Text<200>>,
    /// What is in it, in words that authorities have agreed on.
    pub labels: BTreeSet<Text<64>>,
    /// Whether it says the same wherever it is shown.
    pub context: ContextDependence,
    /// The authority that entered it, which alone can withdraw it as a whole.
    pub created_by: AuthorityId,
    /// When.
    pub created_at: Time,
    /// When it should be looked at again. A promise: it changes no [`ConsensusState`](super::ConsensusState).
    pub review_by: Option<Time>,
}

impl Entry {
    /// Its name, made of all that it says: BLAKE3 in the mode for deriving keys, with the context `ijkpunt 2026 entry v0`,
    /// over the postcard bytes of the entry, of which the fingerprints were put into the order of their own postcard
    /// bytes, equal ones once. So the order in which fingerprints are listed changes nothing, and everything else does.
    ///
    /// # Cost
    /// A copy of the fingerprints; keep the id where you need it again.
    #[must_use]
    pub fn id(&self) -> EntryId {
        EntryId(name_of(CONTEXT, &self.canonical()))
    }

    /// What consensus has to know of it.
    #[must_use]
    pub fn head(&self) -> EntryHead {
        EntryHead {
            id: self.id(),
            created_by: self.created_by.clone(),
            created_at: self.created_at,
        }
    }

    fn canonical(&self) -> Self {
        let mut canonical = self.clone();
        // Two fingerprints of the same bytes are the same: postcard gives back what it was given.
        let bytes = |fingerprint: &Fingerprint| postcard::to_stdvec(fingerprint).ok();
        canonical.fingerprints.sort_by_cached_key(bytes);
        canonical.fingerprints.dedup();
        canonical
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id())
            .field("media", &self.media)
            .field("fingerprints", &self.fingerprints.len())
            .field("title", &self.title)
            .field("created_by", &self.created_by)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// What [`consensus`](super::consensus()) has to know of an entry: see [`Entry::head`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryHead {
    /// Its name.
    pub id: EntryId,
    /// The authority that entered it.
    pub created_by: AuthorityId,
    /// When.
    pub created_at: Time,
}

#[cfg(test)]
mod tests;
