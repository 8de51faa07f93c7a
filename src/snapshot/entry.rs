//! An entry on its way into a snapshot.

use crate::baseline::{
    Code, ConsensusState, ContextDependence, Entry, EntryId, Fingerprint, ListEntry, MediaKind,
    NewRow, Part, Profile, Row, Shown, Source, TcoTypes, Time,
};
use crate::hash::Quality;

use super::record::Said;
use super::rows::{Table, Written, ends};

/// An entry, and what the states say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Which.
    pub id: EntryId,
    /// What was hashed.
    pub media: MediaKind,
    /// A neutral title; of a list, the id that the list gives.
    pub title: String,
    /// Which file, if that is known.
    pub source: Option<Source>,
    /// Whether it says the same wherever it is shown, as the authority that entered it sees it; none in lists.
    pub context: Option<ContextDependence>,
    /// When the authority entered it; none in lists.
    pub created_at: Option<Time>,
    /// Its hashes and digests.
    pub prints: Vec<Print>,
    /// What the states together say; none without a policy.
    pub state: Option<ConsensusState>,
    /// Of which types they say that it is.
    pub types: Option<TcoTypes>,
    /// Who said what.
    pub said: Vec<Said>,
}

/// A hash or digest of an entry, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The hash.
    pub code: Code,
    /// The quality of what was hashed, if known.
    pub quality: Option<Quality>,
    /// How it was made.
    pub profile: Profile,
    /// Which part of the picture was hashed, if it is a window.
    pub part: Option<Part>,
    /// When the frame that was hashed shows, if it is one of a video.
    pub shown: Option<Shown>,
    /// A label for people.
    pub label: Option<String>,
}

impl From<Fingerprint> for Print {
    fn from(one: Fingerprint) -> Self {
        Self {
            code: one.code,
            quality: one.quality,
            profile: one.profile,
            part: one.part,
            shown: one.shown,
            label: one.label.map(Into::into),
        }
    }
}

impl From<&Row> for Print {
    /// A row of a list.
    fn from(row: &Row) -> Self {
        Self {
            code: row.code(),
            quality: row.quality(),
            profile: row.profile(),
            part: row.part(),
            shown: row.shown(),
            label: row.label().map(Into::into),
        }
    }
}

impl Print {
    /// The same as a row of a list.
    pub(super) fn row(self, id: &str) -> NewRow {
        let mut row = NewRow::new(id, self.code).profile(self.profile);
        if let Some(quality) = self.quality {
            row = row.quality(quality);
        }
        if let Some(part) = self.part {
            row = row.window(part);
        }
        if let Some(shown) = self.shown {
            row = row.shown(shown);
        }
        match self.label {
            Some(label) => row.label(label),
            None => row,
        }
    }

    /// Whether it has a part just if it is a window, and then no time; a digest has neither. Others are no part of a snapshot.
    #[must_use]
    pub fn is_whole_window_or_frame(&self) -> bool {
        !self.is_half_a_window() && !self.is_half_a_frame()
    }

    pub(super) fn is_half_a_window(&self) -> bool {
        let is_window = self.profile == Profile::Windows;
        match self.code {
            Code::Pdq(_) => self.part.is_some() != is_window,
            Code::Digest(_) => self.part.is_some() || is_window,
        }
    }

    pub(super) fn is_half_a_frame(&self) -> bool {
        let is_digest = matches!(self.code, Code::Digest(_));
        self.shown.is_some() && (is_digest || self.part.is_some())
    }

    /// Where its row stands, if it has one.
    pub(super) fn table(&self) -> Table {
        match (self.shown, self.part) {
            (Some(_), _) => Table::Frames,
            (None, Some(_)) => Table::Windows,
            (None, None) => Table::Wholes,
        }
    }

    /// By what the hashes of an entry are in order: the times of frames, labels (none first), parts, and whatever tells two of them apart.
    pub(super) fn order(&self) -> impl Ord + '_ {
        let mut code = [0; 33];
        match &self.code {
            Code::Pdq(pdq) => code[1..].copy_from_slice(&pdq.to_bytes()),
            Code::Digest(digest) => {
                code[0] = 1 + digest.kind() as u8;
                code[1..=digest.as_bytes().len()].copy_from_slice(digest.as_bytes());
            }
        }
        let sides = self.part.map(Part::sides);
        (
            self.shown,
            self.label.as_deref(),
            sides,
            code,
            ends(self.quality, self.profile),
        )
    }

    /// What tells it from another.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match &self.code {
            Code::Pdq(pdq) => {
                // A frame may have nothing but zeros where a whole picture has no part.
                bytes.push(if self.shown.is_some() { 4 } else { 0 });
                bytes.extend(pdq.to_bytes());
            }
            Code::Digest(digest) => {
                bytes.push(1 + digest.kind() as u8);
                bytes.extend(digest.as_bytes());
            }
        }
        let row = Written {
            entry: 0,
            label: u32::from(self.label.is_some()),
            part: self.part,
            shown: self.shown,
            quality: self.quality,
            profile: self.profile,
        };
        row.write(&mut bytes);
        bytes.extend(self.label.iter().flat_map(|label| label.bytes()));
        bytes
    }
}

impl NewEntry {
    /// An entry of a list of one's own, of which no state says anything. Its id is made of what the list has of it: the id that it gives, and
    /// its rows in any order.
    pub(super) fn of_list(entry: &ListEntry, prints: Vec<Print>) -> Self {
        let is_video = prints.iter().any(|print| print.shown.is_some());
        let mut all: Vec<Vec<u8>> = prints.iter().map(Print::to_bytes).collect();
        all.sort_unstable();
        all.dedup();
        let mut hasher = blake3::Hasher::new_derive_key("ijkpunt 2026 entry of a list v0");
        for text in std::iter::once(entry.id().as_bytes()).chain(all.iter().map(Vec::as_slice)) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        Self {
            id: EntryId::from_bytes(*hasher.finalize().as_bytes()),
            media: if is_video {
                MediaKind::Video
            } else {
                MediaKind::Image
            },
            title: entry.id().into(),
            source: None,
            context: None,
            created_at: None,
            prints,
            state: None,
            types: None,
            said: Vec::new(),
        }
    }
}

impl From<Entry> for NewEntry {
    /// An entry of which nobody has said anything yet.
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id(),
            media: entry.media,
            title: entry.title.into(),
            source: entry.source,
            context: Some(entry.context),
            created_at: Some(entry.created_at),
            prints: entry.fingerprints.into_iter().map(Print::from).collect(),
            state: None,
            types: None,
            said: Vec::new(),
        }
    }
}
