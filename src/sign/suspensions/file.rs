//! The file: its lines, and why one is left out.

use crate::baseline::{AuthorityId, Event};
use crate::limits::{Exceeded, Limits, Resource};
use crate::sign::standing::roles_for;
use crate::sign::{
    Claim, Envelope, EnvelopeError, GenesisId, KeyId, Refused, Signature, Statement, Void, What,
};

use super::{Slot, Speaker, SuspensionList};

/// How the first line begins: what the file is, and the version of its form. The name of the register follows.
const FIRST: &str = "ijkpunt suspension list 0 ";

/// A file of which nothing was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The first line is another one.
    #[error(
        "no list of suspensions: the first line has to be \"{FIRST}\" with the name of the register"
    )]
    FirstLine,
    /// The list of another register.
    #[error("of the register {0}: ask for the list of the one whose snapshots are installed")]
    OtherRegister(GenesisId),
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, counted from 1.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// Why a line was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// No envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// No statement that is signed as it should be. Where the key is unknown, a rotation may be missing that comes later.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Another kind of statement.
    #[error("neither a suspension nor its end nor a change of key: nothing else belongs here")]
    Kind,
    /// Of an authority that the snapshot does not name.
    #[error("{0} has no log in the installed snapshot: install a newer one")]
    UnknownLog(AuthorityId),
    /// What the snapshot has looked at.
    #[error("at place {place}: what stands before {from} is settled by the installed snapshot")]
    Settled {
        /// Its place.
        place: u64,
        /// The first place that is not settled.
        from: u64,
    },
    /// Its authority was not appointed for it.
    #[error(transparent)]
    Void(#[from] Void),
    /// Behind as many statements of its log as are kept.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

/// A line that is as it should be, but for its signatures, of which is not known yet by which keys they have to be.
pub(super) struct Waiting {
    pub(super) slot: Slot,
    pub(super) claim: Claim,
    pub(super) envelope: Envelope,
}

impl SuspensionList {
    /// As it is written: the same bytes for the same statements.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{FIRST}{}\n", self.register);
        for kept in self.said.values() {
            text += &kept.envelope.to_json();
            text.push('\n');
        }
        text.into()
    }

    /// The lines of a file behind the first one, with their numbers.
    pub(super) fn lines<'f>(
        &self,
        file: &'f [u8],
        limits: &Limits,
    ) -> Result<impl Iterator<Item = (u64, &'f [u8])> + use<'f>, FileError> {
        limits.check(Resource::SuspensionListBytes, file.len() as u64)?;
        let all = || file.split_inclusive(|byte| *byte == b'\n');
        limits.check(Resource::SuspensionListLines, all().count() as u64)?;
        let first = all().next().and_then(|line| line.strip_suffix(b"\n"));
        let register = first.and_then(|line| line.strip_prefix(FIRST.as_bytes()));
        let register = register.and_then(|name| str::from_utf8(name).ok()?.parse().ok());
        let register: GenesisId = register.ok_or(FileError::FirstLine)?;
        if register != self.register {
            return Err(FileError::OtherRegister(register));
        }
        let bare = |line: &'f [u8]| line.strip_suffix(b"\n").unwrap_or(line);
        Ok((1..).zip(all().map(bare)).skip(1))
    }

    /// Reads a line, and asks all that does not depend on other lines.
    pub(super) fn line(&self, line: &[u8], limits: &Limits) -> Result<Waiting, Why> {
        let mut envelope = Envelope::from_json(line, limits)?;
        let claim = Claim::read(&envelope)?;
        let statement = claim.unverified();
        let speaker = self.speaker(statement)?;
        let signer = signer(statement, &mut envelope.signatures)?;
        let slot = Slot {
            log: speaker.log,
            sequence: statement.sequence(),
            leaf: claim.leaf(),
            signer,
        };
        Ok(Waiting {
            slot,
            claim,
            envelope,
        })
    }

    /// Whose log a statement is of, if that may say it.
    fn speaker(&self, statement: &Statement) -> Result<&Speaker, Why> {
        let roles = match &statement.what {
            What::Event(event @ (Event::Suspended(_) | Event::Resumed(_))) => roles_for(event),
            What::Rotated(_) => &[],
            _ => return Err(Why::Kind),
        };
        let authority = statement.authority();
        let speaker = self.speakers.get(authority);
        let speaker = speaker.ok_or_else(|| Why::UnknownLog(authority.clone()))?;
        if statement.state() != Some(speaker.state) {
            return Err(Why::Refused(Refused::Speaker {
                authority: authority.clone(),
                state: speaker.state,
            }));
        }
        let (place, from) = (statement.sequence(), speaker.from);
        if place < from {
            return Err(Why::Settled { place, from });
        }
        let is_appointed = roles.iter().any(|role| speaker.roles.contains(role));
        if !roles.is_empty() && !is_appointed {
            return Err(Void::OutOfRole(roles).into());
        }
        Ok(speaker)
    }
}

/// Whose signature has to be that of the log's key; it is put first. A key that the statement names itself comes second.
fn signer(statement: &Statement, signatures: &mut [(KeyId, Signature)]) -> Result<KeyId, Refused> {
    if let What::Rotated(rotation) = &statement.what {
        let next = rotation.key.id();
        signatures.sort_by_key(|(key, _)| *key == next);
        match signatures {
            [_, (second, _)] if *second == next => {}
            _ => return Err(Refused::NewKeyUnproven),
        }
    }
    let first = signatures.first().ok_or(Refused::Unsigned)?;
    Ok(first.0)
}
