//! What a state does before it signs.

use std::fmt;

use crate::baseline::{EntryId, Time};
use crate::limits::Limits;
use crate::register::Register;
use crate::sign::Signer;
use crate::snapshot::DraftError;
use crate::tuf::{
    Content, Metadata, Request, Role, Root, Sha256, SignatureFile, SigningError, TargetFile,
    TargetName, Targets, Trusted,
};

use super::repository::snapshots_of;
use super::{LeftOut, Release, ReleaseError};

/// A request whose newest snapshot is the one that a state has made itself, by its own register. What it [leaves out](Checked::left_out) is for a person
/// to see before [`Checked::sign`].
///
/// That a delta leads where it says is not asked, as the snapshot that it starts from need not be here: platforms compare what comes of it with the digest
/// of the snapshot, which was compared here. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Checked {
    request: Request,
    snapshot: Vec<u8>,
    unfindable: Vec<EntryId>,
    left_out: Vec<LeftOut>,
}

/// A request that should not be signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It cannot be read.
    #[error(transparent)]
    Request(#[from] SigningError),
    /// It is for something else.
    #[error("the request is for {0}, and not for targets: do not sign it for a release")]
    NotTargets(Role),
    /// The release cannot be made here, or takes in what does not count.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// It is no snapshot.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// Another snapshot than that of the release.
    #[error(
        "the newest snapshot of the request is {found}, and the release is {expected}: do not sign it, and ask who sent it"
    )]
    Number {
        /// The number of the release.
        expected: u64,
        /// That of the request.
        found: u64,
    },
    /// Another length than that of the snapshot that was made here.
    #[error(
        "the snapshot has {expected} bytes by the register here, and {found} in the request: do not sign it, and compare the registers"
    )]
    Length {
        /// What was made here.
        expected: u64,
        /// What the request says.
        found: u64,
    },
    /// Other bytes than those that were made here.
    #[error(
        "the snapshot has sha256 {expected} by the register here, and {found} in the request: do not sign it, and compare the registers"
    )]
    Digest {
        /// What was made here.
        expected: Sha256,
        /// What the request says.
        found: Sha256,
    },
    /// The list of files would outlive the release.
    #[error(
        "the targets would count until {expires}, and the release only until {valid_until}: do not sign it, and ask for an earlier end"
    )]
    ValidUntil {
        /// The end of the targets.
        expires: Time,
        /// That of the release.
        valid_until: Time,
    },
    /// Not above what was signed before.
    #[error(
        "the request does not follow the targets that were signed before: ask for one that does"
    )]
    NotAbove,
    /// A file that nobody here knows.
    #[error(
        "the request lists {0}, which neither is of this release nor stood in the targets before: do not sign it, and ask who sent it"
    )]
    Unknown(TargetName),
}

impl Checked {
    /// Makes the snapshot of the release by the register, and compares: number, length and digest of the newest snapshot of the request; that the list does not
    /// count longer than the release; and that every other file stood in the targets `before`, or is a delta from a snapshot of these to the new one.
    ///
    /// `before` are the newest targets that this state knows, verified by its own root; none for the first publication only: without them, the request may
    /// list nothing but the snapshot. The bytes are untrusted.
    ///
    /// # Errors
    /// [`CheckError`]: then it should not be signed.
    ///
    /// # Cost
    /// That of [`Release::draft`] and [`Release::left_out`]; memory for the snapshot's file.
    pub fn new(
        request: &[u8],
        release: &Release,
        register: &Register,
        before: Option<&Trusted<Targets>>,
        threads: usize,
        limits: &Limits,
    ) -> Result<Self, CheckError> {
        let request = Request::read(request, limits)?;
        let Content::Targets(targets) = request.content() else {
            return Err(CheckError::NotTargets(request.content().role()));
        };
        let (name, file) = targets.newest();
        let (expected, found) = (release.sequence, name.to());
        if expected != found {
            return Err(CheckError::Number { expected, found });
        }
        let (expires, valid_until) = (targets.expires(), release.valid_until);
        if expires > valid_until {
            return Err(CheckError::ValidUntil {
                expires,
                valid_until,
            });
        }
        check_follows(targets, before.map(|before| &**before))?;
        let left_out = release.left_out(register)?;
        let drafted = release.draft(register, threads)?;
        let snapshot = drafted.draft.to_bytes()?;
        check_bytes(&snapshot, &file)?;
        Ok(Self {
            request,
            snapshot,
            unfindable: drafted.unfindable,
            left_out,
        })
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The file of the snapshot, as it was made here.
    #[must_use]
    pub fn snapshot(&self) -> &[u8] {
        &self.snapshot
    }

    /// Entries that states agree on and that are not in it, since they have no hash.
    #[must_use]
    pub fn unfindable(&self) -> &[EntryId] {
        &self.unfindable
    }

    /// What counts here and is not in it: came later, or was left out by somebody.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Signs. `trusted` is the root from the signer's own store.
    ///
    /// # Errors
    /// As [`Request::sign`].
    pub fn sign(
        &self,
        signer: &dyn Signer,
        trusted: &Trusted<Root>,
    ) -> Result<SignatureFile, SigningError> {
        self.request.sign(signer, Some(trusted))
    }
}

fn check_bytes(snapshot: &[u8], file: &TargetFile) -> Result<(), CheckError> {
    let (expected, found) = (snapshot.len() as u64, file.length);
    if expected != found {
        return Err(CheckError::Length { expected, found });
    }
    match (Sha256::of(snapshot), file.sha256) {
        (expected, found) if expected != found => Err(CheckError::Digest { expected, found }),
        _ => Ok(()),
    }
}

/// Whether the list goes on from the one before, and holds nothing that nobody knows.
fn check_follows(targets: &Targets, before: Option<&Targets>) -> Result<(), CheckError> {
    let (newest, _) = targets.newest();
    if let Some(before) = before {
        let is_higher = targets.version() > before.version() || targets == before;
        if !is_higher || newest.to() < before.newest().0.to() {
            return Err(CheckError::NotAbove);
        }
    }
    let known = snapshots_of(before);
    for (name, file) in targets.files() {
        let stood = before.and_then(|before| before.files().get(name));
        let is_known = match stood {
            Some(stood) => stood == file,
            None => match (name.from(), file.leap) {
                (Some(from), Some(leap)) => {
                    name.to() == newest.to() && known.get(&from) == Some(&leap.from_sha256)
                }
                _ => *name == newest,
            },
        };
        if !is_known {
            return Err(CheckError::Unknown(*name));
        }
    }
    Ok(())
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("version", &self.request.content().version())
            .field("bytes", &self.snapshot.len())
            .field("unfindable", &self.unfindable.len())
            .field("left_out", &self.left_out.len())
            .finish()
    }
}
