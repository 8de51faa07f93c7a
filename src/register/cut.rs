//! A register as it was: of each log a part, and what follows from that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::baseline::{Authority, AuthorityId, EntryId, MemberState, Policy, Time};
use crate::sign::tree::TreeHash;
use crate::sign::{Envelope, Kept, KeyId, LogFacts, Place, PublicKey, Standing};

use super::lines::{LineRow, OpenLine, each_of_line, each_own_from, keys_of, time_at};
use super::list::of_log;
use super::state::{Case, Present};
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

/// What counts of a register at a time: who there is, by which policy, and how far each log goes. It is small, and whoever holds these logs
/// derives from it what everybody derives from it, whatever else there is.
///
/// Who there is cannot be derived from these parts of logs alone: a revocation stays in effect even where one of those who signed it was revoked later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The time.
    pub at: Time,
    /// When what authorities say is a consensus.
    pub policy: Policy,
    /// Who is admitted, in the order of their ids.
    pub authorities: Vec<Authority>,
    /// Their logs, in the order of authority and log.
    pub logs: Vec<CutLog>,
}

/// A register as far as it [counts](Counting), as if there were nothing else: what was published, or is to be.
#[derive(Debug)]
pub struct Cut<'r> {
    register: &'r Register,
    view: View,
    standing: Standing,
}

impl CutLog {
    fn nothing_of(row: &LineRow) -> Self {
        Self {
            log: row.log,
            authority: row.authority.clone(),
            state: row.state,
            begins: row.begins,
            kept: Kept {
                until: row.begins,
                root: TreeHash::empty(),
            },
            key: None,
        }
    }

    /// Whether it is said of this line.
    pub(super) fn is_of(&self, row: &LineRow) -> bool {
        (self.log, &self.authority, self.state, self.begins)
            == (row.log, &row.authority, row.state, row.begins)
    }
}

/// How far a log counts.
pub(super) struct Extent {
    pub(super) open: OpenLine,
    /// As which line it is looked at.
    line: u32,
    /// Statements that count, at least one.
    pub(super) size: u64,
    /// Where it tells two stories, if nothing has settled which one is kept.
    pub(super) forked_at: Option<u64>,
    is_open: bool,
}

impl Register {
    /// What counts at a time: of the authorities that are admitted what is not dated later, up to where states have closed their logs, or to
    /// where these tell two stories. All that is derived of a [`Cut`] to this is what is derived of the register.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// That of [`Register::standing`], and a millisecond for each log.
    pub fn counting(&self, now: Time) -> Result<Counting, RegisterError> {
        let Present {
            view,
            governance,
            standing,
        } = self.present(now)?;
        let facts = self.governing(&view, &governance)?;
        let mut logs = Vec::new();
        for member in standing.members().values() {
            for span in &member.spans {
                let Some(facts) = facts.get(&span.log) else {
                    continue;
                };
                let is_its = |row: &&LineRow| {
                    (&row.authority, row.state, row.begins)
                        == (&member.authority.id, member.authority.state, span.from)
                };
                let Some(extent) = self.extent(&view, facts, span.log, &standing)? else {
                    // Closed, or in doubt, from its beginning on: it is listed, so that nobody takes it for left out.
                    let row = view.of_log(span.log).iter().find(is_its);
                    logs.extend(row.map(CutLog::nothing_of));
                    continue;
                };
                let Extent {
                    mut open,
                    line,
                    size,
                    is_open,
                    ..
                } = extent;
                let row = open.row.clone();
                let first = Place {
                    log: row.log,
                    line,
                    sequence: row.begins,
                };
                // Opened for another state, or at another place than states have said: nothing of it counts.
                if standing.counts(&first, &member.authority.id).is_err() {
                    continue;
                }
                let end = row.begins.saturating_add(size);
                let until = self.first_after(view.of_log(row.log), &row, end, now)?;
                let size = until.saturating_sub(row.begins);
                if size == 0 {
                    continue;
                }
                let key = match is_open {
                    true => self.key_at(view.of_log(row.log), &row, until)?,
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
        let members = standing.members().values();
        Ok(Counting {
            at: now,
            policy: standing.policy().clone(),
            authorities: members.map(|member| member.authority.clone()).collect(),
            logs,
        })
    }

    /// The key that signs the statement at a place of a line.
    fn key_at(
        &self,
        rows: &[LineRow],
        row: &LineRow,
        place: u64,
    ) -> Result<Option<PublicKey>, RegisterError> {
        let keys = keys_of(&self.ledger, rows, row)?;
        let key = keys.iter().rev().find(|(from, _)| *from <= place);
        Ok(key.map(|(_, key)| *key))
    }

    /// The first place of a line, before an end, that is dated later than a time; or the end. Times rise along a log.
    fn first_after(
        &self,
        rows: &[LineRow],
        row: &LineRow,
        end: u64,
        now: Time,
    ) -> Result<u64, RegisterError> {
        let (mut low, mut high) = (row.begins, end);
        // The last one first: it is seldom later.
        let mut place = end.saturating_sub(1);
        while low < high {
            match time_at(&self.ledger, rows, row, place)? <= now {
                true => low = place.saturating_add(1),
                false => high = place,
            }
            place = low.saturating_add(high.saturating_sub(low) / 2);
        }
        Ok(low)
    }

    /// The register as far as it counts by somebody else's word: where it holds more, that is not looked at, and who there is is not derived.
    ///
    /// # Errors
    /// [`RegisterError::NoStory`]: a log is not here up to its place, or tells something else. [`RegisterError::NoCut`]: what is said of a log beside its
    /// length does not follow from it, or of something twice. Other errors: it cannot be read.
    pub fn cut(&self, counting: &Counting) -> Result<Cut<'_>, RegisterError> {
        counting.check()?;
        let rows = self.rows()?;
        let view = View::cut(&rows, &counting.logs, &self.ledger)?;
        for (one, (row, until)) in counting.logs.iter().zip(view.stories()) {
            let key = self.key_at(of_log(&rows, row.log), row, until)?;
            if one.key.is_some() && one.key != key {
                return Err(RegisterError::NoCut(row.authority.clone()));
            }
        }
        let members = counting.authorities.iter().map(|authority| {
            let logs = counting.logs.iter();
            let logs = logs.filter(|one| one.authority == authority.id);
            let logs = logs.map(|one| (one.log, one.begins)).collect();
            (authority.clone(), logs)
        });
        let standing = Standing::stated(counting.at, counting.policy.clone(), members);
        Ok(Cut {
            register: self,
            view,
            standing,
        })
    }

    /// What a log says from a place on, in every story that it tells, in the order of story and place.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// Some ten microseconds a statement.
    pub fn since(&self, log: KeyId, from: u64) -> Result<Vec<Envelope>, RegisterError> {
        let (rows, mut said) = (self.rows()?, Vec::new());
        for row in of_log(&rows, log) {
            each_own_from(&self.ledger, row, from, u64::MAX, &mut |envelope| {
                said.push(envelope);
                Ok(())
            })?;
        }
        Ok(said)
    }

    /// The proof that a log of one size and root is the beginning of one with a larger size and its root, if a story of it that is here holds both. Sizes
    /// count from its first statement.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Cost
    /// For each story some hundred hashes, and a look at its end.
    pub fn consistency(
        &self,
        log: KeyId,
        from: (u64, TreeHash),
        to: (u64, TreeHash),
    ) -> Result<Option<Vec<TreeHash>>, RegisterError> {
        for row in of_log(&self.rows()?, log) {
            let OpenLine { log, mut tiles, .. } = OpenLine::open(row, &self.ledger)?;
            if from.0 <= to.0
                && to.0 <= log.tree().size()
                && tiles.root(to.0, &self.ledger)? == to.1
                && tiles.root(from.0, &self.ledger)? == from.1
            {
                return Ok(Some(tiles.consistency(from.0, to.0, &self.ledger)?));
            }
        }
        Ok(None)
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
        let line = on_line.unwrap_or(0);
        let row = view.of_log(log).iter().find(|row| row.line == line);
        let row = row.ok_or(RegisterError::Damaged("a line is not listed"))?;
        let open = OpenLine::open(row, &self.ledger)?;
        let (until, forked_at) = match (kept, on_line) {
            (Some(kept), Some(_)) => (kept.until, None),
            _ => (facts.forked_at.unwrap_or(u64::MAX), facts.forked_at),
        };
        let size = until.min(open.log.ends()).saturating_sub(row.begins);
        Ok((size > 0).then_some(Extent {
            open,
            line,
            size,
            forked_at,
            is_open: kept.is_none() && forked_at.is_none(),
        }))
    }
}

impl Counting {
    /// Everybody and every log once, in order; each log of somebody who is there; one log of each that goes on.
    fn check(&self) -> Result<(), RegisterError> {
        let mut pairs = self.authorities.windows(2);
        if let Some(two) = pairs.find(|two| two[0].id >= two[1].id) {
            return Err(RegisterError::NoCut(two[1].id.clone()));
        }
        let place = |one: &CutLog| (one.authority.clone(), one.log);
        let mut pairs = self.logs.windows(2);
        if let Some(two) = pairs.find(|two| place(&two[0]) >= place(&two[1])) {
            return Err(RegisterError::NoCut(two[1].authority.clone()));
        }
        let (mut open, mut names) = (BTreeSet::new(), BTreeSet::new());
        for one in &self.logs {
            let is_there =
                |there: &Authority| (&there.id, there.state) == (&one.authority, one.state);
            let is_second =
                !names.insert(one.log) || one.key.is_some() && !open.insert(&one.authority);
            if is_second || !self.authorities.iter().any(is_there) {
                return Err(RegisterError::NoCut(one.authority.clone()));
            }
        }
        Ok(())
    }
}

impl Cut<'_> {
    /// Whether a log, as far as it is looked at, begins with what is kept.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    pub fn holds(&self, log: KeyId, kept: &Kept) -> Result<bool, RegisterError> {
        self.view.holds(log, kept, &self.register.ledger)
    }

    /// As [`Register::states`], for the time of which it is.
    ///
    /// # Errors
    /// [`RegisterError`]: it cannot be read.
    ///
    /// # Panics
    /// If `with` does.
    pub fn states<T: Send>(
        &self,
        threads: usize,
        with: impl Fn(&Case<'_>) -> T + Sync,
    ) -> Result<BTreeMap<EntryId, T>, RegisterError> {
        let governance = self.register.governance(&self.view)?;
        self.register
            .states_in(&self.view, &governance, &self.standing, threads, with)
    }

    /// Writes these parts of the logs as a merge file, without checkpoints.
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
