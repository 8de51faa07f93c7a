//! What an authority signs, at its place in its log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::baseline::{
    Authority, AuthorityId, EntryId, Event, MemberState, Policy, PolicyId, Text, Time,
};

use super::spelling::hex_32;
use super::tree::TreeHash;
use super::{GenesisId, KeyId, Payload, PublicKey};

/// Something that an authority says, tied to all that it said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The root (RFC 6962) over all statements of the log before this one. With it no statement can be moved, left out, or put
    /// into another log.
    pub before: TreeHash,
    /// What is said.
    pub what: What,
}

/// What an authority says.
///
/// What a later version of this crate adds is refused when it is read, by name, and never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// It opens a log: the first statement of each.
    Opened(Opening),
    /// It takes another key.
    Rotated(Rotation),
    /// It signs what several states have to sign.
    Endorsed(Endorsement),
    /// It says something of an entry, or of an act on which assessments rest.
    Event(Event),
}

/// The first statement of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The register that the log is a part of: a log of a rehearsal is none of the real one.
    pub register: GenesisId,
    /// Whose log it is.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Where it begins: 0, or where the log ends that it goes on from, after a key was [revoked](Revocation).
    pub sequence: u64,
    /// When.
    pub at: Time,
    /// The key that signs from here on, this statement included. The log is called after it.
    pub key: PublicKey,
}

/// An authority takes another key. The old one signs this and nothing after it; the new one signs this, too, to show that the authority has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Who.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the log.
    pub sequence: u64,
    /// When.
    pub at: Time,
    /// The key that signs what comes next.
    pub key: PublicKey,
}

/// An authority signs an [`Motion`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endorsement {
    /// Who.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the log.
    pub sequence: u64,
    /// When.
    pub at: Time,
    /// What it signs.
    pub motion: Motion,
}

/// What takes effect once authorities of as many distinct states as the register asks for have signed the very same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Motion {
    /// An authority is admitted.
    Admit(Admission),
    /// A key is taken back, and with it what it signed from a place on.
    Revoke(Revocation),
    /// Other rules.
    Adopt(Adoption),
}

/// An authority is admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// Who.
    pub authority: Authority,
    /// The key by which it opens its log.
    pub key: PublicKey,
}

/// A log is closed at a place, for good: its key was in other hands, or it told two stories. What it said before counts on; what
/// stands behind that place counts no more, and never did. Others decide: the authority itself has no say in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Whose log.
    pub authority: AuthorityId,
    /// Which: the name of its first key.
    pub log: KeyId,
    /// What of it is kept.
    pub keeps: Kept,
    /// The key by which the authority opens its next log, at the place where this one ends. None: it leaves.
    pub successor: Option<PublicKey>,
    /// Why, in short, without personal data.
    pub reason: Text<500>,
}

/// The part of a log that is kept: all before a place, with this root over it, which tells the right story from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The first place that is not kept.
    pub until: u64,
    /// The root (RFC 6962) over what is.
    pub root: TreeHash,
}

/// Other rules take the place of the present ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// The policy that is replaced: of two changes of one policy only the first takes effect.
    pub replaces: PolicyId,
    /// When what authorities say is a consensus.
    pub policy: Policy,
    /// Authorities of so many distinct states admit others, revoke keys and change the policy.
    pub needed_states: u32,
}

/// The name of an [`Motion`], made of what it says: see [`Motion::id`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MotionId([u8; 32]);

hex_32!(MotionId);

impl Motion {
    /// Its name: BLAKE3 in the mode for deriving keys, with the context `ijkpunt 2026 motion v0`, over its postcard bytes.
    #[must_use]
    pub fn id(&self) -> MotionId {
        let Ok(bytes) = postcard::to_stdvec(self) else {
            unreachable!("a motion is made of values that have postcard bytes");
        };
        MotionId(blake3::derive_key("ijkpunt 2026 motion v0", &bytes))
    }
}

/// As people read it: `admit xc-police (XC)`.
impl fmt::Display for Motion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admit(one) => write!(f, "admit {} ({})", one.authority.id, one.authority.state),
            Self::Revoke(one) => {
                let (authority, until) = (&one.authority, one.keeps.until);
                write!(f, "revoke the key of {authority} from {until} on")
            }
            Self::Adopt(one) => {
                let terms = one.policy.terms();
                write!(f, "adopt policy {} {}", terms.name, terms.version)
            }
        }
    }
}

/// What a statement is about: those of one topic are looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Who there is, by which keys and rules.
    Register,
    /// An entry.
    Entry(EntryId),
}

impl Topic {
    /// Its name of 32 bytes: that of the entry, or zeros, which no entry has but by breaking BLAKE3.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        match self {
            Self::Register => [0; 32],
            Self::Entry(entry) => entry.to_bytes(),
        }
    }
}

impl Statement {
    /// Whose log it stands in.
    #[must_use]
    pub fn authority(&self) -> &AuthorityId {
        match &self.what {
            What::Opened(one) => &one.by,
            What::Rotated(one) => &one.by,
            What::Endorsed(one) => &one.by,
            What::Event(event) => event.authority(),
        }
    }

    /// The state that it speaks for; none where an entry is made, which speaks for its authority alone.
    #[must_use]
    pub fn state(&self) -> Option<MemberState> {
        match &self.what {
            What::Opened(one) => Some(one.state),
            What::Rotated(one) => Some(one.state),
            What::Endorsed(one) => Some(one.state),
            What::Event(event) => event.state(),
        }
    }

    /// Its place in that log.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        match &self.what {
            What::Opened(one) => one.sequence,
            What::Rotated(one) => one.sequence,
            What::Endorsed(one) => one.sequence,
            What::Event(event) => event.sequence(),
        }
    }

    /// From when on it is there.
    #[must_use]
    pub fn at(&self) -> Time {
        match &self.what {
            What::Opened(one) => one.at,
            What::Rotated(one) => one.at,
            What::Endorsed(one) => one.at,
            What::Event(event) => event.at(),
        }
    }

    /// What it is about. What is about no single entry is the register's.
    ///
    /// # Cost
    /// That of [`Event::entry`].
    #[must_use]
    pub fn topic(&self) -> Topic {
        match &self.what {
            What::Event(event) => event.entry().map_or(Topic::Register, Topic::Entry),
            What::Opened(_) | What::Rotated(_) | What::Endorsed(_) => Topic::Register,
        }
    }
}

impl Payload for Statement {
    const TYPE: &'static str = super::STATEMENT;
}
