//! A register as it was: of each log a part, and what follows from that alone.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::baseline::{AuthorityId, EntryId, MemberState, Time};
use crate::sign::{Kept, KeyId, LogFacts, Place, PublicKey, Standing};

use super::lines::{LineRow, OpenLine, each_of_line, keys_of};
use super::state::Case;
use super::view::View;
use super::{Register, RegisterError, file};

/// The part of a log that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutLog {
    /// The log, by the name of its first key.
    pub log: KeyId,
    /// Whose it is.
    pub authority: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// The place of its first statement.
    pub begins: u64,
    /// Up to where it counts, and the root over that.
    pub kept: Kept,
    /// The key that signs what follows; none where states have closed the log, or it tells two stories from there on.
    pub key: Option<PublicKey>,
}

/// A register of which a part of each log is looked at, as if there were nothing else: what was published, or is to be.
///
/// Whoever holds these parts derives the same of them, whatever else there is in the register.
#[derive(Debug)]
pub struct Cut<'r> {
    register: &'r Register,
    view: View,
}

/// How far a log counts.
pub(super) struct Extent {
    pub(super) open: OpenLine,
    /// Statements that count, at least one.
    pub(super) size: u64,
    /// Where it tells two stories, if nothing has settled which one is kept.
    pub(super) forked_at: Option<u64>,
    is_open: bool,
}

impl Register {
    /// What counts at a time, of each log: of the authorities that are admitted, up to where states have closed their logs, or to where these tell two
    /// stories. In the order of authority and log. All that is derived of a [`Cut`] to this is what is derived of the register.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// That of [`Register::standing`], and a millisecond for each log.
    pub fn counting(&self, now: Time) -> Result<Vec<CutLog>, RegisterError> {
        let view = self.view()?;
        let governance = self.governance(&view)?;
        let counting = governance.logs.iter();
        let counting = counting.flat_map(|log| view.of_log(*log));
        let facts = self.facts(&view, counting, &governance)?;
        let standing = self.standing_of(&view, &governance, now)?;
        let mut logs = Vec::new();
        for member in standing.members().values() {
            for span in &member.spans {
                let Some(facts) = facts.get(&span.log) else {
                    continue;
                };
                let Some(extent) = self.extent(&view, facts, span.log, &standing)? else {
                    continue;
                };
                let Extent {
                    mut open,
                    size,
                    is_open,
                    ..
                } = extent;
                let row = open.row.clone();
                let first = Place {
                    log: row.log,
                    line: row.line,
                    sequence: row.begins,
                };
                // Opened for another state, or at another place than states have said: nothing of it counts.
                if standing.counts(&first, &member.authority.id).is_err() {
                    continue;
                }
                let until = row.begins.saturating_add(size);
                let key = match is_open {
                    true => {
                        let keys = keys_of(&self.ledger, view.of_log(row.log), &row)?;
                        let key = keys.iter().rev().find(|(from, _)| *from <= until);
                        key.map(|(_, key)| *key)
                    }
                    false => None,
                };
                logs.push(CutLog {
                    log: row.log,
                    authority: row.authority,
                    state: row.state,
                    begins: row.begins,
                    kept: Kept {
                        until,
                        root: open.tiles.root(size, &self.ledger)?,
                    },
                    key,
                });
            }
        }
        logs.sort_by(|a, b| (&a.authority, a.log).cmp(&(&b.authority, b.log)));
        Ok(logs)
    }

    /// The register as far as these logs go, each up to a place with a root: where the register holds more, that is not looked at.
    ///
    /// # Errors
    /// [`RegisterError::NoStory`]: a log is not here up to that place, or tells something else. Other errors: it cannot be read.
    pub fn cut(&self, logs: &BTreeMap<KeyId, Kept>) -> Result<Cut<'_>, RegisterError> {
        let view = View::cut(&self.rows()?, logs, &self.ledger)?;
        Ok(Cut {
            register: self,
            view,
        })
    }

    /// How far a log counts, if it does at all. `facts` are those of the log.
    pub(super) fn extent(
        &self,
        view: &View,
        facts: &LogFacts,
        log: KeyId,
        standing: &Standing,
    ) -> Result<Option<Extent>, RegisterError> {
        let span = standing.members().get(&facts.authority);
        let span = span.and_then(|member| member.spans.iter().find(|span| span.log == log));
        let kept = span.and_then(|span| span.kept);
        let on_line = kept.and_then(|kept| facts.kept.get(&kept).copied().flatten());
        let is_it = |row: &&LineRow| row.line == on_line.unwrap_or(0);
        let row = view.of_log(log).iter().find(is_it);
        let row = row.ok_or(RegisterError::Damaged("a line is not listed"))?;
        let open = OpenLine::open(row, &self.ledger)?;
        let (until, forked_at) = match (kept, on_line) {
            (Some(kept), Some(_)) => (kept.until, None),
            _ => (facts.forked_at.unwrap_or(u64::MAX), facts.forked_at),
        };
        let size = until.min(open.log.ends()).saturating_sub(row.begins);
        Ok((size > 0).then_some(Extent {
            open,
            size,
            forked_at,
            is_open: kept.is_none() && forked_at.is_none(),
        }))
    }
}

impl Cut<'_> {
    /// As [`Register::standing`].
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    pub fn standing(&self, now: Time) -> Result<Standing, RegisterError> {
        let governance = self.register.governance(&self.view)?;
        self.register.standing_of(&self.view, &governance, now)
    }

    /// As [`Register::states`].
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Panics
    /// If `with` does.
    pub fn states<T: Send>(
        &self,
        now: Time,
        threads: usize,
        with: impl Fn(&Case<'_>) -> T + Sync,
    ) -> Result<BTreeMap<EntryId, T>, RegisterError> {
        self.register.states_in(&self.view, now, threads, with)
    }

    /// Writes these parts of the logs as a merge file, without checkpoints: a register that holds nothing else derives the same.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read, or the file not be written.
    pub fn export(&self, out: &mut impl Write) -> Result<(), RegisterError> {
        file::write_envelope(&self.register.envelope, out)?;
        let rows = self.register.rows()?;
        for (row, until) in self.view.stories() {
            each_of_line(&self.register.ledger, &rows, row, until, &mut |envelope| {
                file::write_envelope(&envelope, out)
            })?;
        }
        Ok(())
    }
}
