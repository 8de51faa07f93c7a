//! What is handed out, signed by states together: the metadata of a repository of TUF (The Update Framework, specification 1.0).
//!
//! In: values, or the bytes of `root.json`, `targets.json`, `snapshot.json` and `timestamp.json`, untrusted. Out: values with the proof
//! that enough have signed them ([`Trusted`]), or the bytes to hand out. No file, network or clock: the authorities' publisher and the
//! platforms' client both come here, so that they count by one rule.
//!
//! - [`Root`]: whose keys count. Roots and targets are signed by *distinct states*, two at least, with one key a state and role;
//!   snapshot and timestamp by the publisher, whose key alone can hold news back but not make any.
//! - [`Targets`]: the files, by strict [`TargetName`]s: full snapshots, and deltas from one to the next; [`Targets::route`] says which of
//!   them lead from what is installed to the newest.
//! - [`Snapshot`], [`Timestamp`]: which targets are the newest.
//! - [`Request`]: what a state is asked to sign, in words and in full; [`SignatureFile`]: its answer; [`assemble`]: both together, if they
//!   suffice. Keys stay where they are.
//! - [`verify_root`], [`verify_root_chain`], [`verify_targets`], [`verify_snapshot`], [`verify_timestamp`]: the client's side. Time and
//!   rollback are asked of the value: [`Metadata::is_expired`], [`Metadata::is_older_than`], [`MetaFile::check`].
//!
//! Bare TUF counts keys, and takes two keys of one state for two, even one secret key under three ids. Here each key object of a state says
//! which (`x-ijkpunt-state`, under its id), and [`tally`](crate::sign::tally) counts states. Whoever reads it with other software gets TUF as
//! usual, with the weaker count.
//!
//! What is read is what would be written, member by member: an unknown member, a fraction, text beyond ASCII, a member that is there
//! twice are refused and not passed over, so that two programs cannot read two things. White space and order are free. The same value gives
//! the same bytes.
//!
//! Cost: some 50 microseconds for each signature by a key that counts, twice as much for each key of a root; memory for some ten times a file's
//! bytes.

mod assemble;
mod content;
mod error;
mod json;
mod keys;
mod layout;
mod metadata;
mod name;
mod pages;
mod request;
mod root;
mod root_file;
mod route;
mod sha256;
mod signature_file;
mod targets;
mod targets_file;
mod trusted;
mod verify;

pub use assemble::assemble;
pub use content::Content;
pub use error::{MetadataError, Mismatch, SigningError, TargetsError, TermsError};
pub use layout::{CONSISTENCY_LIST, SUSPENSION_LIST, metadata_path, target_path};
pub use metadata::{Metadata, Role};
pub use name::{TargetName, TargetNameError};
pub use pages::{MetaFile, Snapshot, Timestamp};
pub use request::Request;
pub use root::{Root, RootTerms, StateTerms};
pub use route::Route;
pub use sha256::Sha256;
pub use signature_file::SignatureFile;
pub use targets::{Leap, TargetFile, Targets};
pub use trusted::Trusted;
pub use verify::{
    verify_root, verify_root_chain, verify_snapshot, verify_targets, verify_timestamp,
};

#[cfg(test)]
mod tests;
