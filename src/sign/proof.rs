//! The explanation of an entry's state, to be checked by anybody, without a register.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::baseline::{
    AuthorityId, Consensus, ConsensusState, Entry, EntryId, Event, MemberState, Time,
};
use crate::limits::{Exceeded, Limits, Resource};

use super::log::{check_keys, check_what};
use super::standing::{Line, LogFacts};
use super::tree::{self, TreeHash, verify_inclusion};
use super::{
    Claim, Ended, Endorsement, Envelope, Genesis, GenesisId, Hearing, KeyId, Motion, OpenError,
    Place, Refused, Signed, Standing, What,
};

/// The statements from which the state of an entry follows at a time, each with the proof that it stands in the log of its authority.
///
/// What it shows: that these authorities have signed these statements, that they are admitted to this register, and that the state follows from
/// them by its policy. What it cannot show: that nothing was left out. For that its [heads](Proven::heads) are compared with those of the logs,
/// and whoever has these makes the very same proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    format: Format,
    /// What the register begins with.
    pub genesis: Envelope,
    /// The time for which it is told.
    pub at: Time,
    /// The entry.
    pub entry: EntryId,
    /// Its state.
    pub state: ConsensusState,
    /// What stands in the logs, in the order of their names.
    pub logs: Vec<ShownLog>,
}

/// There is one, so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "ijkpunt proof v0")]
    V0,
}

/// What a proof shows of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownLog {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// How many statements it has, or as many as states have kept of it, or before the place where it tells two stories.
    pub size: u64,
    /// The root over these.
    pub root: TreeHash,
    /// The place from which on it tells two stories, if it does and no state has said yet which is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_at: Option<u64>,
    /// Statements in their order, its opening first.
    pub statements: Vec<ShownStatement>,
}

/// A statement, and the proof that it stands in its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownStatement {
    /// The statement.
    pub statement: Envelope,
    /// The proof of RFC 6962 that it is below the log's root.
    pub path: Vec<TreeHash>,
}

/// What was proved.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Proven {
    /// Of which register: compare it with what its founders tell.
    pub register: GenesisId,
    /// For which time.
    pub at: Time,
    /// The entry.
    pub entry: Entry,
    /// Its state, and why.
    pub consensus: Consensus,
    /// What counts.
    pub counted: Vec<Event>,
    /// The logs in which it was looked up, as long as they are.
    pub heads: Vec<Head>,
}

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// How many statements.
    pub size: u64,
    /// The root over them.
    pub root: TreeHash,
}

impl Proof {
    /// Puts one together.
    #[must_use]
    pub fn new(
        genesis: Envelope,
        at: Time,
        entry: EntryId,
        state: ConsensusState,
        mut logs: Vec<ShownLog>,
    ) -> Self {
        logs.sort_by_key(|log| log.log);
        Self {
            format: Format::V0,
            genesis,
            at,
            entry,
            state,
            logs,
        }
    }

    /// As JSON, without white space, with an end of line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Ok(mut json) = serde_json::to_string(self) else {
            unreachable!("strings, numbers and lists are JSON");
        };
        json.push('\n');
        json
    }

    /// Reads what [`Proof::to_json`] writes.
    ///
    /// # Errors
    /// [`ProofRefused`]: a limit was reached ([`Limits::proof_bytes`]), or something is not as it is written here.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, ProofRefused> {
        limits.check(Resource::ProofBytes, json.len() as u64)?;
        serde_json::from_slice(json).map_err(|error| ProofRefused::Json(error.to_string()))
    }

    /// Verifies all of it, and derives the state anew.
    ///
    /// # Errors
    /// [`ProofRefused`]: what does not hold.
    ///
    /// # Cost
    /// Some 50 microseconds for each statement.
    pub fn verify(&self) -> Result<Proven, ProofRefused> {
        let genesis = Genesis::open(&self.genesis)?;
        let mut read = Read::default();
        for log in &self.logs {
            read.take(log, genesis.id())?;
        }
        let facts = self.facts(&read)?;
        let said = read.endorsements.iter().map(|(place, one)| (*place, one));
        let standing = Standing::new(&genesis, facts, said, self.at);
        let ended = Ended::new(by_reference(&read.ends), &standing);
        let of_entry = by_reference(&read.events);
        let of_entry = of_entry.filter(|(_, event)| event.entry() == Some(self.entry));
        let hearing = Hearing::new(of_entry, &ended, &standing);
        let heard = hearing.creation.zip(hearing.consensus(&standing));
        let (creation, consensus) = heard.ok_or(ProofRefused::NoEntry)?;
        if consensus.state != self.state {
            return Err(ProofRefused::State {
                claimed: self.state,
                derived: consensus.state,
            });
        }
        Ok(Proven {
            register: genesis.id(),
            at: self.at,
            entry: creation.entry.clone(),
            counted: hearing.counted.into_iter().cloned().collect(),
            consensus,
            heads: read.heads,
        })
    }

    fn facts(&self, read: &Read) -> Result<BTreeMap<KeyId, LogFacts>, ProofRefused> {
        let mut facts = BTreeMap::new();
        for ((shown, head), begins) in self.logs.iter().zip(&read.heads).zip(&read.begins) {
            let revocations = read
                .endorsements
                .iter()
                .filter_map(|(_, one)| match &one.motion {
                    Motion::Revoke(revocation) if revocation.log == shown.log => {
                        Some(revocation.keeps)
                    }
                    _ => None,
                });
            let mut kept = BTreeMap::new();
            for keeps in revocations {
                match keeps.until.checked_sub(*begins) {
                    Some(size) if size > shown.size => kept.insert(keeps, None),
                    Some(size) if size == shown.size && keeps.root == shown.root => {
                        kept.insert(keeps, Some(0))
                    }
                    _ => None,
                };
            }
            let one = LogFacts {
                authority: head.authority.clone(),
                state: head.state,
                lines: vec![Line {
                    parent: 0,
                    from: *begins,
                }],
                forked_at: shown.forked_at,
                kept,
            };
            if facts.insert(shown.log, one).is_some() {
                return Err(ProofRefused::Order(head.authority.clone()));
            }
        }
        Ok(facts)
    }
}

fn by_reference(events: &[(Place, Event)]) -> impl Iterator<Item = (Place, &Event)> {
    events.iter().map(|(place, event)| (*place, event))
}

/// What the logs of a proof show.
#[derive(Default)]
struct Read {
    heads: Vec<Head>,
    begins: Vec<u64>,
    endorsements: Vec<(Place, Endorsement)>,
    ends: Vec<(Place, Event)>,
    events: Vec<(Place, Event)>,
}

impl Read {
    fn take(&mut self, shown: &ShownLog, register: GenesisId) -> Result<(), ProofRefused> {
        let first = shown.statements.first().ok_or(ProofRefused::NoOpening)?;
        let opening = Claim::read(&first.statement).map_err(ProofRefused::Opening)?;
        let What::Opened(opening) = &opening.unverified().what else {
            return Err(ProofRefused::NoOpening);
        };
        let by = opening.by.clone();
        if opening.key.id() != shown.log || opening.register != register {
            return Err(ProofRefused::NoOpening);
        }
        let begins = opening.sequence;
        let (mut present, mut retired) = (opening.key, BTreeSet::new());
        let mut last = None;
        for one in &shown.statements {
            let refused = |why| ProofRefused::Statement(by.clone(), why);
            let claim = Claim::read(&one.statement).map_err(refused)?;
            let known = |id: &KeyId| (present.id() == *id).then_some(present);
            let signed: Signed = claim.verify(known).map_err(refused)?;
            let statement = signed.statement();
            let speaks = *statement.authority() == opening.by
                && statement.state().is_none_or(|state| state == opening.state);
            let place = (statement.sequence(), statement.at());
            let is_next = last.is_none_or(|(sequence, at)| place.0 > sequence && place.1 >= at);
            let index = place.0.checked_sub(begins);
            let (true, true, Some(index)) = (speaks, is_next, index) else {
                return Err(ProofRefused::Order(by));
            };
            verify_inclusion(signed.leaf(), index, shown.size, &one.path, shown.root)
                .map_err(|why| ProofRefused::Tree(by.clone(), why))?;
            check_keys(statement, present.id(), &retired).map_err(refused)?;
            if index > 0 {
                check_what(statement, &by).map_err(refused)?;
            }
            last = Some(place);
            let place = Place {
                log: shown.log,
                line: 0,
                sequence: place.0,
            };
            match signed.into_statement().what {
                What::Opened(_) if index > 0 => return Err(ProofRefused::Order(by)),
                What::Opened(_) => {}
                What::Rotated(rotation) => {
                    retired.insert(present.id());
                    present = rotation.key;
                }
                What::Endorsed(one) => self.endorsements.push((place, one)),
                What::Event(event) if event.entry().is_none() => self.ends.push((place, event)),
                What::Event(event) => self.events.push((place, event)),
            }
        }
        self.begins.push(begins);
        self.heads.push(Head {
            authority: opening.by.clone(),
            state: opening.state,
            log: shown.log,
            size: shown.size,
            root: shown.root,
        });
        Ok(())
    }
}

/// A proof does not hold, or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofRefused {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// Not the JSON of a proof.
    #[error("no proof as this version writes it: {0}")]
    Json(String),
    /// The genesis does not hold.
    #[error("the genesis: {0}")]
    Genesis(#[from] OpenError),
    /// A log whose first statement is not its opening in this register.
    #[error("a log does not begin with its opening in this register: ask for the proof again")]
    NoOpening,
    /// The opening of a log cannot be read.
    #[error("the opening of a log: {0}")]
    Opening(Refused),
    /// A statement that is not good.
    #[error("a statement of {0}: {1}")]
    Statement(AuthorityId, Refused),
    /// A statement that is not in its log.
    #[error("a statement of {0} does not stand in its log: {1}")]
    Tree(AuthorityId, tree::ProofError),
    /// Statements that are not in their order, or a log that is there twice.
    #[error(
        "the statements of {0} are not in their order, or not its own: ask for the proof again"
    )]
    Order(AuthorityId),
    /// The entry is not proposed in it.
    #[error("nobody who counts proposes the entry in it: ask for the proof again")]
    NoEntry,
    /// Another state follows.
    #[error(
        "it claims \"{claimed}\", and \"{derived}\" follows from what it shows: do not rely on it"
    )]
    State {
        /// What it claims.
        claimed: ConsensusState,
        /// What follows.
        derived: ConsensusState,
    },
}
