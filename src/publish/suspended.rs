//! What states have suspended since a snapshot, by a register.

use crate::baseline::Event;
use crate::limits::Limits;
use crate::register::{Register, RegisterError};
use crate::sign::suspensions::{Speaker, SpeakerTwice};
use crate::sign::{Claim, SuspensionList, What};
use crate::snapshot::Snapshot;

/// There is no list of suspensions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuspensionsError {
    /// The register cannot be read.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The snapshot names one log, or authority, twice.
    #[error(transparent)]
    Speakers(#[from] SpeakerTwice),
}

/// What states have suspended, and resumed, since a published snapshot, as far as a register has heard of it: of each log that goes on what stands behind the
/// place up to which it went in. To be united with the list that is handed out, and handed out in its place.
///
/// Platforms verify it themselves, by the keys that the snapshot names; so it does not matter who makes it.
///
/// # Errors
/// [`SuspensionsError`]
///
/// # Cost
/// A look at each statement since, and a verification for each suspension, resumption and change of key among them.
pub fn suspensions_since(
    snapshot: &Snapshot,
    register: &Register,
    limits: &Limits,
) -> Result<SuspensionList, SuspensionsError> {
    let mut speakers = Vec::new();
    for log in snapshot.logs() {
        let mut authorities = snapshot.authorities().iter();
        let authority = authorities.find(|one| one.id == log.authority);
        let from = log.begins.saturating_add(log.size);
        let speaker = authority.zip(log.key);
        speakers.extend(speaker.and_then(|(who, key)| Speaker::of(log.name, who, from, key)));
    }
    let mut file = SuspensionList::new(register.id(), &speakers)?.to_bytes();
    for one in &speakers {
        for envelope in register.since(one.log, one.from)? {
            let claim = Claim::read(&envelope);
            let claim = claim.map_err(|_| RegisterError::Damaged("a record is no statement"))?;
            let is_in = matches!(
                claim.unverified().what,
                What::Rotated(_) | What::Event(Event::Suspended(_) | Event::Resumed(_))
            );
            if is_in {
                file.extend(envelope.to_json().bytes());
                file.push(b'\n');
            }
        }
    }
    Ok(SuspensionList::read(register.id(), &speakers, [&file[..]], limits)?.list)
}
