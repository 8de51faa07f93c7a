//! Whose keys count.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU64;

use crate::baseline::{MemberState, Time};
use crate::sign::PublicKey;

use super::keys::HeldKey;
use super::metadata::metadata;
use super::{Metadata, Role, Sha256, TermsError};

/// Fewer than this many states agree on nothing together.
const LEAST_STATES: usize = 2;

/// Who signs a role of states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTerms {
    /// How many distinct states have to, two at least.
    pub threshold: usize,
    /// The key of each state, one a state, in any order.
    pub keys: Vec<(MemberState, PublicKey)>,
}

/// What a root is made of: [`Root::new`] checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootTerms {
    /// Its version: 1 for the first, then each one more.
    pub version: NonZeroU64,
    /// The first second at which it counts no more.
    pub expires: Time,
    /// Who signs roots.
    pub root: StateTerms,
    /// Who signs targets.
    pub targets: StateTerms,
    /// By which keys the publisher signs snapshots; one signature suffices.
    pub snapshot: Vec<PublicKey>,
    /// By which keys the publisher signs timestamps; one signature suffices.
    pub timestamp: Vec<PublicKey>,
}

/// Whose keys count for what, checked: one key a state and role, distinct states, thresholds that can be reached.
///
/// Whether anybody has signed it is another question: what counts is a [`Trusted`](super::Trusted) root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    version: NonZeroU64,
    expires: Time,
    pub(super) keys: BTreeMap<Sha256, HeldKey>,
    pub(super) roles: BTreeMap<Role, RoleKeys>,
}

/// Who signs a role, and how many of them have to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleKeys {
    pub(super) threshold: usize,
    pub(super) ids: BTreeSet<Sha256>,
}

impl Root {
    /// Checks the terms.
    ///
    /// # Errors
    /// [`TermsError`]: what would let one state, or nobody, sign for several.
    ///
    /// # Cost
    /// Some microseconds a key.
    pub fn new(terms: RootTerms) -> Result<Self, TermsError> {
        let mut root = Self {
            version: terms.version,
            expires: terms.expires,
            keys: BTreeMap::new(),
            roles: BTreeMap::new(),
        };
        let mut holders = BTreeMap::new();
        for (role, states) in [(Role::Root, terms.root), (Role::Targets, terms.targets)] {
            let held = checked_states(role, &states)?;
            root.add(role, states.threshold, held, &mut holders)?;
        }
        for (role, keys) in [
            (Role::Snapshot, terms.snapshot),
            (Role::Timestamp, terms.timestamp),
        ] {
            if keys.is_empty() {
                return Err(TermsError::NoKey(role));
            }
            let held = keys.into_iter().map(|key| HeldKey { key, state: None });
            root.add(role, 1, held.collect(), &mut holders)?;
        }
        Ok(root)
    }

    /// Each key has one holder, whatever roles it has.
    fn add(
        &mut self,
        role: Role,
        threshold: usize,
        held: Vec<HeldKey>,
        holders: &mut BTreeMap<PublicKey, Option<MemberState>>,
    ) -> Result<(), TermsError> {
        let mut ids = BTreeSet::new();
        for one in held {
            if *holders.entry(one.key).or_insert(one.state) != one.state {
                return Err(TermsError::Shared(one.key));
            }
            let id = one.id();
            self.keys.insert(id, one);
            if !ids.insert(id) {
                return Err(TermsError::Repeated(role, one.key));
            }
        }
        self.roles.insert(role, RoleKeys { threshold, ids });
        Ok(())
    }

    /// How many have to sign a role: distinct states, or 1 for the publisher's roles.
    #[must_use]
    pub fn threshold(&self, role: Role) -> usize {
        self.roles
            .get(&role)
            .map_or(usize::MAX, |keys| keys.threshold)
    }

    /// The states that sign a role, in the order of their letters, each with its key; none for the publisher's roles.
    pub fn states(&self, role: Role) -> impl Iterator<Item = (MemberState, PublicKey)> {
        let mut states: Vec<_> = self
            .held(role)
            .filter_map(|held| Some((held.state?, held.key)))
            .collect();
        states.sort_unstable();
        states.into_iter()
    }

    /// The publisher's keys of a role; none for the roles of states.
    pub fn publisher_keys(&self, role: Role) -> impl Iterator<Item = PublicKey> {
        self.held(role)
            .filter(|held| held.state.is_none())
            .map(|held| held.key)
    }

    /// Under which id a key signs a role, if it does.
    #[must_use]
    pub fn key_id(&self, role: Role, key: &PublicKey) -> Option<Sha256> {
        let mut ids = self.roles.get(&role)?.ids.iter();
        let is_it = |id: &&Sha256| self.keys.get(id).is_some_and(|held| held.key == *key);
        ids.find(is_it).copied()
    }

    pub(super) fn held(&self, role: Role) -> impl Iterator<Item = &HeldKey> {
        let ids = self.roles.get(&role).into_iter().flat_map(|keys| &keys.ids);
        ids.filter_map(|id| self.keys.get(id))
    }

    /// The key of this id, if it signs this role.
    pub(super) fn key_of(&self, role: Role, id: &Sha256) -> Option<HeldKey> {
        let signs = self.roles.get(&role)?.ids.contains(id);
        self.keys.get(id).copied().filter(|_| signs)
    }

    /// Whether `next` may follow: the next version, in which nobody got somebody else's key. One key of two states in turn would be one
    /// secret that signs for two.
    pub(super) fn check_next(&self, next: &Self) -> Result<(), TermsError> {
        if self.version.checked_add(1) != Some(next.version) {
            return Err(TermsError::NotNext {
                trusted: self.version,
                version: next.version,
            });
        }
        let before: BTreeMap<_, _> = self.keys.values().map(|one| (one.key, one.state)).collect();
        let moved = |one: &&HeldKey| {
            before
                .get(&one.key)
                .is_some_and(|state| *state != one.state)
        };
        match next.keys.values().find(moved) {
            Some(one) => Err(TermsError::Shared(one.key)),
            None => Ok(()),
        }
    }

    /// What it says, one sentence a line, each understood without the others.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for role in [Role::Root, Role::Targets] {
            let (threshold, all) = (self.threshold(role), self.states(role).count());
            lines.push(format!("{role} is signed by {threshold} of {all} states"));
            let states = self.states(role);
            lines.extend(
                states.map(|(state, key)| format!("{role} is signed for {state} by the key {key}")),
            );
        }
        for role in [Role::Snapshot, Role::Timestamp] {
            let keys = self.publisher_keys(role);
            lines.extend(
                keys.map(|key| format!("{role} is signed for the publisher by the key {key}")),
            );
        }
        lines
    }
}

metadata!(Root);

fn checked_states(role: Role, terms: &StateTerms) -> Result<Vec<HeldKey>, TermsError> {
    let mut seen = BTreeSet::new();
    if let Some((state, _)) = terms.keys.iter().find(|(state, _)| !seen.insert(*state)) {
        return Err(TermsError::TwoKeys(role, *state));
    }
    let (threshold, states) = (terms.threshold, seen.len());
    if threshold < LEAST_STATES || threshold > states {
        return Err(TermsError::Threshold {
            role,
            threshold,
            states,
        });
    }
    let held = terms.keys.iter().map(|(state, key)| HeldKey {
        key: *key,
        state: Some(*state),
    });
    Ok(held.collect())
}
