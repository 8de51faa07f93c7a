//! Proofs of an entry's state, for those who have no register.

use std::collections::BTreeSet;

use crate::baseline::{EntryId, Event, InstrumentName, Time};
use crate::sign::{
    Envelope, KeyId, Line, LogFacts, Place, Proof, ShownLog, ShownStatement, Standing, Topic, What,
};

use super::lines::{LineRow, OpenLine, each_of_topic, envelope_of, filed_under, statement_of};
use super::list::of_log;
use super::state::Governance;
use super::{Register, RegisterError};

impl Register {
    /// The proof of what [`Register::account`] tells: the same bytes from every register that holds the same. None where nobody who counts has
    /// proposed the entry.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// That of [`Register::account`], and some 20 hashes for each statement that is shown.
    pub fn proof(&self, entry: EntryId, now: Time) -> Result<Option<Proof>, RegisterError> {
        let Some(account) = self.account(entry, now)? else {
            return Ok(None);
        };
        let rows = self.rows()?;
        let governance = self.governance(&rows)?;
        let counting = governance.logs.iter();
        let counting = counting.flat_map(|log| of_log(&rows, *log));
        let facts = self.facts(&rows, counting, &governance)?;
        let standing = self.standing_of(&rows, &governance, now)?;
        let acts = account.counted.iter().filter_map(|event| match event {
            Event::Assessed(one) => one.based_on.as_ref().map(|act| act.name()),
            _ => None,
        });
        let shown = self.shown(&rows, &governance, entry, &acts.collect(), now)?;
        let mut logs = Vec::new();
        for member in standing.members().values() {
            for span in &member.spans {
                if let Some(facts) = facts.get(&span.log) {
                    logs.extend(self.shown_log(&rows, facts, span.log, &standing, &shown)?);
                }
            }
        }
        let (genesis, state) = (self.envelope.clone(), account.consensus.state);
        Ok(Some(Proof::new(genesis, now, entry, state, logs)))
    }

    /// What a proof shows, of all logs: what is about the entry, who there is, and the ends of acts on which words of the entry rest.
    fn shown(
        &self,
        rows: &[LineRow],
        governance: &Governance,
        entry: EntryId,
        acts: &BTreeSet<InstrumentName>,
        now: Time,
    ) -> Result<Vec<(Place, Envelope)>, RegisterError> {
        let mut shown = Vec::new();
        let topics = governance.logs.iter().copied();
        let topics = topics.map(|log| filed_under(log, Topic::Register));
        for topic in topics.chain([Topic::Entry(entry).to_bytes()]) {
            each_of_topic(&self.ledger, rows, topic, |place, body| {
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
        rows: &[LineRow],
        facts: &LogFacts,
        log: KeyId,
        standing: &Standing,
        shown: &[(Place, Envelope)],
    ) -> Result<Option<ShownLog>, RegisterError> {
        let span = standing.members().get(&facts.authority);
        let span = span.and_then(|member| member.spans.iter().find(|span| span.log == log));
        let kept = span.and_then(|span| span.kept);
        let on_line = kept.and_then(|kept| facts.kept.get(&kept).copied().flatten());
        let row = rows
            .iter()
            .find(|row| row.log == log && row.line == on_line.unwrap_or(0));
        let row = row.ok_or(RegisterError::Damaged("a line is not listed"))?;
        let mut open = OpenLine::open(row, &self.ledger)?;
        let (until, forked_at) = match (kept, on_line) {
            (Some(kept), Some(_)) => (kept.until, None),
            _ => (facts.forked_at.unwrap_or(u64::MAX), facts.forked_at),
        };
        let size = until.min(open.log.ends()).saturating_sub(row.begins);
        if size == 0 {
            return Ok(None);
        }
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
            forked_at,
            statements,
        }))
    }
}
