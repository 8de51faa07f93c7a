//! Why a register did not do what was asked.

use std::io;

use crate::baseline::{AuthorityId, Time};
use crate::ledger::LedgerError;
use crate::limits::Exceeded;
use crate::sign::tree::OutOfTree;
use crate::sign::{
    CheckpointError, EnvelopeError, GenesisId, KeyId, OpenError, ProofRefused, Refused, Void,
};

/// A register could not be opened, read or added to. What was added before still is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The file.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A merge file cannot be read or written.
    #[error("the merge file: {0}")]
    Io(#[from] io::Error),
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The genesis is none.
    #[error("the genesis: {0}")]
    Genesis(#[from] OpenError),
    /// A merge file of another register, or none.
    #[error(
        "the file is of the register {found}, and this one is {expected}: merge it into that one"
    )]
    OtherRegister {
        /// Whose it is.
        found: GenesisId,
        /// Which this one is.
        expected: GenesisId,
    },
    /// Not a merge file.
    #[error("no merge file: its first line is the genesis of a register, as an envelope: {0}")]
    NoMergeFile(EnvelopeError),
    /// An own statement is against the rules of its log.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// An own statement would not count.
    #[error("it would not count: {0}")]
    Void(#[from] Void),
    /// The signer did not sign.
    #[error(transparent)]
    Sign(#[from] EnvelopeError),
    /// A checkpoint was not signed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No log is signed by this key.
    #[error("no log is signed by {0}: open one, or take the key that signs yours")]
    NoLog(KeyId),
    /// There is a log of this key.
    #[error("the log of {0} is open: go on with it")]
    LogIsOpen(KeyId),
    /// A part of a log that is not here.
    #[error(
        "the log {log} is not here up to place {until}, or tells something else there: merge what its authority has sent last"
    )]
    NoStory {
        /// Which log.
        log: KeyId,
        /// Up to which place.
        until: u64,
    },
    /// What a state rests on is in no proof.
    #[error(
        "the state rests on a revocation whose signers were revoked later, and no proof shows that ({0}): whoever asks needs the logs"
    )]
    NoProof(ProofRefused),
    /// What is said of logs does not follow from them.
    #[error(
        "of {0} it is said that it has a log, a place where it begins, or a key, that it has not, or something is said twice: ask for it again"
    )]
    NoCut(AuthorityId),
    /// An authority that nobody knows.
    #[error("{0} is not known here: merge its log, or ask how it is written")]
    NoAuthority(AuthorityId),
    /// Something else was added to the own log while this was written.
    #[error("another process has added to the log meanwhile: say it again")]
    Overtaken,
    /// The clock is behind.
    #[error("the clock shows {now}, and the log's last statement is of {last}: set the clock")]
    Clock {
        /// What it shows.
        now: Time,
        /// The last statement.
        last: Time,
    },
    /// The tree has no such place.
    #[error(transparent)]
    OutOfTree(#[from] OutOfTree),
    /// The file holds something that was not written by this crate, or was changed.
    #[error("the register is damaged ({0}): put a copy back, and verify it")]
    Damaged(&'static str),
}
