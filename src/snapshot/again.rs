//! What a snapshot holds, taken out of it again: to make another, to audit it, or as a list.

use crate::baseline::{Code, List, ListError, Profile};

use super::Snapshot;
use super::draft::{Draft, DraftError};
use super::entry::{NewEntry, Print};
use super::head::Kind;

impl Snapshot {
    /// Writes it again from what it holds, indexes built anew, and compares every byte. Opening checks that nothing is damaged; this
    /// finds a file that somebody made so that an entry is never found, such as one whose index leaves a row out.
    ///
    /// # Errors
    /// [`DraftError`] where there is no such snapshot.
    ///
    /// # Cost
    /// That of [`Draft::to_bytes`].
    pub fn audit(&self) -> Result<Audit, DraftError> {
        let again = self.to_draft()?.to_bytes()?;
        let bytes = self.as_bytes();
        let pairs = || bytes.iter().zip(&again);
        let other = pairs().position(|(one, other)| one != other);
        let is_shorter = bytes.len() != again.len();
        let at = other.or_else(|| is_shorter.then(|| bytes.len().min(again.len())));
        let Some(at) = at else {
            return Ok(Audit::Same);
        };
        // The head differs wherever anything does; what is behind it says more.
        let behind = |kind: &Kind| {
            let range = self.range(*kind);
            again.get(range.clone()) != bytes.get(range)
        };
        Ok(Audit::Differs {
            section: Kind::ALL.into_iter().find(behind),
            offset: at as u64,
        })
    }

    /// Its hashes and digests as a list, for systems that read lists: entries under their titles where no policy stands behind them, else under
    /// their ids.
    ///
    /// # Errors
    /// [`ListError`], where a title or label is none that a list can hold.
    pub fn to_list(&self) -> Result<List, ListError> {
        let mut ids = Vec::new();
        for number in 0..self.entries() {
            ids.extend(self.entry(number).map(|entry| match self.policy() {
                None => entry.title.to_owned(),
                Some(_) => entry.id.to_string(),
            }));
        }
        let prints = self.prints().into_iter().zip(ids);
        List::from_rows(
            prints.flat_map(|(prints, id)| prints.into_iter().map(move |print| print.row(&id))),
        )
    }

    /// The hashes and digests of each entry.
    fn prints(&self) -> Vec<Vec<Print>> {
        let mut prints: Vec<Vec<Print>> = vec![Vec::new(); self.entries()];
        let wholes = self.wholes().codes().zip((0..).map(|row| self.whole(row)));
        let windows = self
            .windows()
            .codes()
            .zip((0..).map(|row| self.window(row)));
        let frames = self.frames().codes().zip((0..).map(|row| self.frame(row)));
        for (pdq, row) in wholes.chain(windows).chain(frames) {
            prints[row.entry].push(Print {
                code: Code::Pdq(pdq),
                quality: row.quality,
                profile: row.profile,
                part: row.part,
                shown: row.shown,
                label: row.label.map(Into::into),
            });
        }
        for (digest, entry, label) in self.all_digests() {
            prints[entry].push(Print {
                code: Code::Digest(digest),
                quality: None,
                profile: Profile::Unstated,
                part: None,
                shown: None,
                label: label.map(Into::into),
            });
        }
        prints
    }

    /// All that it holds, to make another one of.
    ///
    /// # Errors
    /// As [`Draft::entry`].
    pub fn to_draft(&self) -> Result<Draft, DraftError> {
        let mut draft = Draft::new(self.sequence(), self.created_at());
        if let Some(until) = self.valid_until() {
            draft.valid_until(until);
        }
        if let Some(policy) = self.policy() {
            draft.policy(policy.clone());
        }
        for authority in self.authorities() {
            draft.authority(authority.clone());
        }
        for log in self.logs() {
            draft.log(log.clone());
        }
        for (number, prints) in self.prints().into_iter().enumerate() {
            let Some(record) = self.entry(number) else {
                continue;
            };
            draft.entry(NewEntry {
                id: record.id,
                state: record.state,
                types: record.types,
                said: record.said.clone(),
                media: record.media,
                title: record.title.into(),
                source: record.source.clone(),
                context: record.context,
                created_at: record.created_at,
                prints,
            })?;
        }
        Ok(draft)
    }
}

/// What [`Snapshot::audit`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// The same bytes.
    Same,
    /// Others: the file was not made by the rules.
    Differs {
        /// The first section with other bytes; none where only the head has.
        section: Option<Kind>,
        /// The first other byte.
        offset: u64,
    },
}
