//! Proofs of an entry's state, for those who have no register.

use std::collections::BTreeSet;

use crate::baseline::{EntryId, Event, InstrumentName, Time};
use crate::sign::{
    Envelope, KeyId, Line, LogFacts, Place, Proof, ShownLog, ShownStatement, Standing, Topic, What,
};

use super::cut::Extent;
use super::lines::{envelope_of, filed_under, statement_of};
use super::state::{Governance, Present};
use super::view::View;
use super::{Register, RegisterError};

impl Register {
    /// The proof of what [`Register::account`] tells: the same bytes from every register that holds the same. None where nobody who counts has
    /// proposed the entry.
    ///
    /// # Errors
    /// [`RegisterError::NoProof`]: the state rests on what no proof shows, which is a revocation that was signed behind the place up to which a later one has
    /// closed a signer's log. Other errors: it cannot be read.
    ///
    /// # Cost
    /// That of [`Register::account`], some 20 hashes for each statement that is shown, and that of verifying the proof.
    pub fn proof(&self, entry: EntryId, now: Time) -> Result<Option<Proof>, RegisterError> {
        let Some(account) = self.account(entry, now)? else {
            return Ok(None);
        };
        let Present {
            view,
            governance,
            standing,
        } = self.present(now)?;
        let facts = self.governing(&view, &governance)?;
        let acts = account.counted.iter().filter_map(|event| match event {
            Event::Assessed(one) => one.based_on.as_ref().map(|act| act.name()),
            _ => None,
        });
        let shown = self.shown(&view, &governance, entry, &acts.collect(), now)?;
        let mut logs = Vec::new();
        for member in standing.members().values() {
            for span in &member.spans {
                if let Some(facts) = facts.get(&span.log) {
                    logs.extend(self.shown_log(&view, facts, span.log, &standing, &shown)?);
                }
            }
        }
        let (genesis, state) = (self.envelope.clone(), account.consensus.state);
        let proof = Proof::new(genesis, now, entry, state, logs);
        // Nobody is given one that does not hold.
        proof.verify().map_err(RegisterError::NoProof)?;
        Ok(Some(proof))
    }

    /// What a proof shows, of all logs: what is about the entry, who there is, and the ends of acts on which words of the entry rest.
    fn shown(
        &self,
        view: &View,
        governance: &Governance,
        entry: EntryId,
        acts: &BTreeSet<InstrumentName>,
        now: Time,
    ) -> Result<Vec<(Place, Envelope)>, RegisterError> {
        let mut shown = Vec::new();
        let topics = governance.logs.iter().copied();
        let topics = topics.map(|log| filed_under(log, Topic::Register));
        for topic in topics.chain([Topic::Entry(entry).to_bytes()]) {
            let places = &view.places;
            places.each_of_topic(&self.ledger, topic, |place, body| {
                let statement = statement_of(body)?;
                let is_shown = match &statement.what {
                    What::Opened(_) | What::Rotated(_) => true,
                    What::Event(Event::InstrumentEnded(end)) => {
                        end.at <= now && acts.contains(&end.instrument)
                    }
                    What::Endorsed(_) | What::Event(_) => statement.at() <= now,
                };
                if is_shown {
                    shown.push((place, envelope_of(body)?));
                }
                Ok(())
            })?;
        }
        shown.sort_by_key(|(place, _)| place.sequence);
        Ok(shown)
    }

    /// The part of a log that counts, if there is any of it.
    fn shown_log(
        &self,
        view: &View,
        facts: &LogFacts,
        log: KeyId,
        standing: &Standing,
        shown: &[(Place, Envelope)],
    ) -> Result<Option<ShownLog>, RegisterError> {
        let Some(extent) = self.extent(view, facts, log, standing)? else {
            return Ok(None);
        };
        let Extent { mut open, size, .. } = extent;
        let row = open.row.clone();
        let mut statements = Vec::new();
        for (place, envelope) in shown {
            let index = place.sequence.checked_sub(row.begins);
            let Some(index) = index.filter(|index| *index < size && place.log == log) else {
                continue;
            };
            if Line::is_on(&facts.lines, place, row.line) {
                statements.push(ShownStatement {
                    statement: envelope.clone(),
                    path: open.tiles.inclusion(index, size, &self.ledger)?,
                });
            }
        }
        Ok(Some(ShownLog {
            log,
            size,
            root: open.tiles.root(size, &self.ledger)?,
            forked_at: extent.forked_at,
            statements,
        }))
    }
}
