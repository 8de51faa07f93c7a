//! What goes into a release, and the snapshot that follows from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::baseline::{ConsensusState, EntryId, Policy, Time, live_assessments};
use crate::register::{Case, Counting, CutLog, Register, RegisterError};
use crate::sign::{GenesisId, KeyId, PublicKey};
use crate::snapshot::{Draft, DraftError, Log, NewEntry, Print, Said};

/// How much states have to agree on for an entry to go into a release.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Least {
    /// Enough of them for the baseline, by their words or, where the policy has it so, by their silence.
    #[default]
    Baseline,
    /// At least two of them: for review only.
    Emerging,
    /// At least one of them: for review only.
    National,
}

impl Least {
    /// Whether an entry of this state goes in.
    #[must_use]
    pub fn includes(self, state: ConsensusState) -> bool {
        match self {
            Self::Baseline => state >= ConsensusState::BaselineBySilence,
            Self::Emerging => state > ConsensusState::National,
            Self::National => state.may_be_listed(),
        }
    }
}

/// `baseline`, `emerging`, `national`.
impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Baseline => "baseline",
            Self::Emerging => "emerging",
            Self::National => "national",
        })
    }
}

/// What goes into a release: so much of each log, at a time. Whoever holds these logs makes the same snapshot of it, byte by byte, and signs
/// only what was made so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Of which register.
    pub register: GenesisId,
    /// Its number, above that of the release before.
    pub sequence: u64,
    /// Until when it may be relied on.
    pub valid_until: Time,
    /// What goes in.
    pub least: Least,
    /// The moment that it shows, and what counts then.
    pub counting: Counting,
}

/// What is to be decided of a release; the rest follows from the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Its number, above that of the release before.
    pub sequence: u64,
    /// The moment that it shows.
    pub at: Time,
    /// Until when it may be relied on.
    pub valid_until: Time,
    /// What goes in.
    pub least: Least,
}

/// A snapshot on its way.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Drafted {
    /// What the snapshot is made of.
    pub draft: Draft,
    /// Entries that states agree on and that have no hash that anything could be compared with: they are not in the draft. They stand in the order
    /// of their ids.
    pub unfindable: Vec<EntryId>,
}

/// A log of which a release leaves something out that is here and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The log, up to where it counts here.
    pub log: CutLog,
    /// How many statements at its end the release leaves out; all where it does not name the log.
    pub statements: u64,
}

/// No release, or none that should be signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The register cannot be read, or does not hold a log as far as the release says.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// Of another register.
    #[error("the release is of the register {found}, and this one is {expected}")]
    OtherRegister {
        /// Of which.
        found: GenesisId,
        /// Which this one is.
        expected: GenesisId,
    },
    /// It ends before it begins.
    #[error("the release shows {at} and is valid until {until}: let it end later")]
    EndsBefore {
        /// The moment that it shows.
        at: Time,
        /// Its end.
        until: Time,
    },
    /// It says something of a log that is not so here.
    #[error(
        "the release takes another story of log {0} than the one that counts, or leaves out the key by which it goes on: do not sign it"
    )]
    OtherLog(KeyId),
    /// Other authorities, or another policy.
    #[error(
        "the release was made by another policy, or for other authorities, than the register has at that time: merge what it was made of, or do not sign it"
    )]
    OtherStanding,
    /// It takes in what does not count.
    #[error(
        "the release takes log {log} up to place {until}, and what counts of it ends at {counts}: it was closed there, or tells two stories, or is not known further"
    )]
    Beyond {
        /// Which log.
        log: KeyId,
        /// Up to where the release takes it.
        until: u64,
        /// Up to where it counts.
        counts: u64,
    },
    /// There is no such snapshot.
    #[error(transparent)]
    Draft(#[from] DraftError),
}

impl Release {
    /// A release of all that counts at a time.
    ///
    /// # Errors
    /// [`ReleaseError`]: it ends before it begins, or the register cannot be read.
    ///
    /// # Cost
    /// That of [`Register::counting`].
    pub fn new(register: &Register, terms: Terms) -> Result<Self, ReleaseError> {
        let release = Self {
            register: register.id(),
            sequence: terms.sequence,
            valid_until: terms.valid_until,
            least: terms.least,
            counting: register.counting(terms.at)?,
        };
        release.check(register)?;
        Ok(release)
    }

    /// The snapshot of it; [`Draft::to_bytes`] makes the file. The register may hold more than the release names; what it does not name is not looked at.
    ///
    /// # Errors
    /// [`ReleaseError`]: it is of another register, names a log that is not here so far or says something else of it, or the register cannot be read.
    ///
    /// # Cost
    /// That of [`Register::states`]. Memory: what goes into the snapshot, and its file twice when it is written.
    pub fn draft(&self, register: &Register, threads: usize) -> Result<Drafted, ReleaseError> {
        self.check(register)?;
        let cut = register.cut(&self.counting)?;
        let Counting {
            at,
            policy,
            authorities,
            logs,
        } = &self.counting;
        let mut draft = Draft::new(self.sequence, *at);
        draft.valid_until(self.valid_until);
        draft.policy(policy.clone());
        for authority in authorities {
            draft.authority(authority.clone());
        }
        for one in logs {
            draft.log(Log {
                authority: one.authority.clone(),
                name: one.log.to_bytes(),
                begins: one.begins,
                size: one.kept.until.saturating_sub(one.begins),
                root: one.kept.root.to_bytes(),
                key: one.key.map(PublicKey::to_bytes),
            });
        }
        let entries = cut.states(threads, |case| {
            let is_in = self.least.includes(case.consensus.state);
            is_in.then(|| entry_of(case, policy, *at))
        })?;
        let mut unfindable = Vec::new();
        for entry in entries.into_values().flatten() {
            // States may agree on an entry of which nobody has taken hashes: it must not stop all others.
            match entry.prints.is_empty() {
                true => unfindable.push(entry.id),
                false => {
                    draft.entry(entry)?;
                }
            }
        }
        Ok(Drafted { draft, unfindable })
    }

    /// What of the register counts, and is not in it: what came after it was made, or what somebody left out. Whoever signs a release looks at this
    /// first.
    ///
    /// # Errors
    /// [`ReleaseError::Beyond`]: it takes in what does not count here, since the log was closed before, or tells two stories; other errors as
    /// [`Release::draft`].
    pub fn left_out(&self, register: &Register) -> Result<Vec<LeftOut>, ReleaseError> {
        self.check(register)?;
        let here = register.counting(self.counting.at)?;
        let released = &self.counting;
        if (&here.policy, &here.authorities) != (&released.policy, &released.authorities) {
            return Err(ReleaseError::OtherStanding);
        }
        let all = register.cut(&here)?;
        let counting = here.logs;
        for one in &released.logs {
            let here = counting.iter().find(|here| here.log == one.log);
            let counts = here.map_or(one.begins, |here| here.kept.until);
            if counts < one.kept.until {
                return Err(ReleaseError::Beyond {
                    log: one.log,
                    until: one.kept.until,
                    counts,
                });
            }
            // Another story than the one that counts; or one whose authority could suspend nothing until the next release.
            let is_silenced = one.key.is_none() && here.is_some_and(|here| here.key.is_some());
            if is_silenced || !all.holds(one.log, &one.kept)? {
                return Err(ReleaseError::OtherLog(one.log));
            }
        }
        let mut left_out = Vec::new();
        for here in counting {
            let named = released.logs.iter().find(|one| one.log == here.log);
            let from = named.map_or(here.begins, |one| one.kept.until);
            let statements = here.kept.until.saturating_sub(from);
            if statements > 0 {
                left_out.push(LeftOut {
                    log: here,
                    statements,
                });
            }
        }
        Ok(left_out)
    }

    fn check(&self, register: &Register) -> Result<(), ReleaseError> {
        if self.register != register.id() {
            return Err(ReleaseError::OtherRegister {
                found: self.register,
                expected: register.id(),
            });
        }
        match self.counting.at {
            at if self.valid_until <= at => Err(ReleaseError::EndsBefore {
                at,
                until: self.valid_until,
            }),
            _ => Ok(()),
        }
    }
}

/// An entry, and who says what of it.
fn entry_of(case: &Case<'_>, policy: &Policy, at: Time) -> NewEntry {
    let entry = case.entry;
    let events = case.counted.iter().copied();
    let said = live_assessments(&entry.head(), events, policy, at);
    let said = said.into_iter().map(|one| Said {
        authority: one.authority.clone(),
        verdict: one.verdict,
        method: one.method.clone(),
        made_at: one.made_at,
        valid_until: one.valid_until,
    });
    let prints = entry.fingerprints.iter().cloned().map(Print::from);
    NewEntry {
        id: case.id,
        media: entry.media,
        title: entry.title.to_string(),
        source: entry.source.clone(),
        context: Some(entry.context),
        created_at: Some(entry.created_at),
        prints: prints.filter(Print::is_whole_window_or_frame).collect(),
        state: Some(case.consensus.state),
        types: case.consensus.explanation.types,
        said: said.collect(),
    }
}
