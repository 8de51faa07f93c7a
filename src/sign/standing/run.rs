//! What authorities have signed together, taken in one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::baseline::{Authority, Time};

use super::super::{
    Admission, Adoption, Endorsement, Genesis, KeyId, Motion, MotionId, PublicKey, Revocation,
    genesis,
};
use super::{LogFacts, Member, MotionReport, Outcome, Place, Span, Standing};

/// A revocation that took effect, and when.
#[derive(Debug, Clone)]
pub(super) struct Revoked {
    id: MotionId,
    revocation: Revocation,
    at: Time,
}

/// One pass over the endorsements, with the revocations that are known.
pub(super) struct Run<'r> {
    pub(super) standing: Standing,
    revoked: &'r [Revoked],
    /// The first keys of all logs that are an authority's.
    keys: BTreeSet<KeyId>,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        genesis: &Genesis,
        logs: BTreeMap<KeyId, LogFacts>,
        revoked: &'r [Revoked],
        at: Time,
    ) -> Self {
        let founding = genesis.founding();
        let successors = revoked.iter().filter_map(|one| one.revocation.successor);
        let mut run = Self {
            standing: Standing {
                at,
                policy: founding.policy.clone(),
                needed_states: founding.needed_states,
                members: BTreeMap::new(),
                motions: BTreeMap::new(),
                logs,
            },
            revoked,
            keys: successors.map(|key| key.id()).collect(),
        };
        for founder in &founding.founders {
            run.admit(&founder.authority, founder.key, founding.at);
        }
        run
    }

    /// Takes in an endorsement; gives a revocation that took effect by it, with which all has to be counted anew.
    pub(super) fn take(
        &mut self,
        place: &Place,
        one: &Endorsement,
        id: MotionId,
    ) -> Option<Revoked> {
        let member = self.standing.endorsement_counts(place, one).ok()?;
        let state = member.authority.state;
        let report = self
            .standing
            .motions
            .entry(id)
            .or_insert_with(|| MotionReport {
                motion: one.motion.clone(),
                signed: BTreeMap::new(),
                outcome: Outcome::Waits,
            });
        report
            .signed
            .entry(one.by.clone())
            .or_insert((state, one.at));
        self.settle(id, one.at)
    }

    /// Lets a motion take effect if enough have signed it; and then those that wait, since an adoption may have made what they have enough.
    fn settle(&mut self, id: MotionId, at: Time) -> Option<Revoked> {
        let mut next = Some(id);
        while let Some(id) = next {
            if let Some(revoked) = self.take_effect(id, at) {
                return Some(revoked);
            }
            let mut motions = self.standing.motions.iter();
            let ready = motions.find(|(_, report)| self.is_ready(report));
            next = ready.map(|(id, _)| *id);
        }
        None
    }

    fn is_ready(&self, report: &MotionReport) -> bool {
        report.outcome == Outcome::Waits && report.is_signed_by(self.standing.needed_states)
    }

    /// Settles a motion, if enough have signed it, so that it waits no more; or gives the revocation that it is.
    fn take_effect(&mut self, id: MotionId, at: Time) -> Option<Revoked> {
        let report = self.standing.motions.get(&id)?;
        if !self.is_ready(report) {
            return None;
        }
        let outcome = match report.motion.clone() {
            Motion::Admit(admission) => self.admission(&admission, at),
            Motion::Adopt(adoption) => self.adoption(adoption, at),
            Motion::Revoke(revocation) => match self.revocation(&revocation) {
                _ if self.revoked.iter().any(|known| known.id == id) => Outcome::InEffect(at),
                Ok(()) => return Some(Revoked { id, revocation, at }),
                Err(why) => Outcome::NoEffect(why),
            },
        };
        self.standing.motions.get_mut(&id)?.outcome = outcome;
        None
    }

    fn admission(&mut self, admission: &Admission, at: Time) -> Outcome {
        let Admission { authority, key } = admission;
        if self.standing.members.contains_key(&authority.id) {
            Outcome::NoEffect("an authority of this id is admitted")
        } else if self.keys.contains(&key.id()) {
            Outcome::NoEffect("the key is another log's")
        } else {
            self.admit(authority, *key, at);
            Outcome::InEffect(at)
        }
    }

    fn adoption(&mut self, adoption: Adoption, at: Time) -> Outcome {
        let members = self.standing.members.iter();
        let present = members.filter(|(id, _)| self.standing.log_of(id).is_some());
        let states: BTreeSet<_> = present.map(|(_, one)| one.authority.state).collect();
        if adoption.replaces != self.standing.policy.id() {
            return Outcome::NoEffect("the policy that it replaces is not the present one");
        }
        if genesis::check_needed(adoption.needed_states, states.len()).is_err() {
            return Outcome::NoEffect("as many states as it asks for are not there, or one alone");
        }
        self.standing.policy = adoption.policy;
        self.standing.needed_states = adoption.needed_states;
        Outcome::InEffect(at)
    }

    /// Whether a revocation can take effect.
    fn revocation(&self, revocation: &Revocation) -> Result<(), &'static str> {
        let span = self.standing.log_of(&revocation.authority);
        let span = span.filter(|span| span.log == revocation.log);
        let span = span.ok_or("the log is not the present one of that authority")?;
        if revocation.keeps.until < span.from {
            return Err("it keeps less than nothing: the log begins later");
        }
        let is_known = |key: PublicKey| self.keys.contains(&key.id());
        if revocation.successor.is_some_and(is_known) {
            return Err("the next key is another log's");
        }
        Ok(())
    }

    /// Lets an authority in, with all of its logs that the known revocations make.
    fn admit(&mut self, authority: &Authority, key: PublicKey, since: Time) {
        self.keys.insert(key.id());
        let first = Span {
            log: key.id(),
            from: 0,
            kept: None,
        };
        let mut spans = vec![first];
        for Revoked { revocation, .. } in self.revoked {
            let Some(last) = spans
                .last_mut()
                .filter(|last| revocation.authority == authority.id && revocation.log == last.log)
            else {
                continue;
            };
            last.kept = Some(revocation.keeps);
            spans.extend(revocation.successor.map(|key| Span {
                log: key.id(),
                from: revocation.keeps.until,
                kept: None,
            }));
        }
        let member = Member {
            authority: authority.clone(),
            since,
            spans,
        };
        self.standing.members.insert(authority.id.clone(), member);
    }

    /// A revocation stays, even if what it was signed by was revoked later.
    pub(super) fn ended(mut self) -> Standing {
        for Revoked { id, revocation, at } in self.revoked {
            let report = self
                .standing
                .motions
                .entry(*id)
                .or_insert_with(|| MotionReport {
                    motion: Motion::Revoke(revocation.clone()),
                    signed: BTreeMap::new(),
                    outcome: Outcome::Waits,
                });
            report.outcome = Outcome::InEffect(*at);
        }
        self.standing
    }
}
