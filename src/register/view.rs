//! What is looked at: all logs as they are, or each up to a place.

use crate::ledger::Ledger;
use crate::sign::{Kept, KeyId};

use super::RegisterError;
use super::cut::CutLog;
use super::lines::{LineRow, OpenLine, Places};
use super::list::of_log;

/// What of a register is looked at. Whatever is derived is derived of that alone.
#[derive(Debug)]
pub(super) struct View {
    /// In the order of log and line.
    pub(super) rows: Vec<LineRow>,
    pub(super) places: Places,
    /// Of logs that are looked at up to a place: the line that leads there, as it is kept, and the place.
    cut: Vec<(LineRow, u64)>,
}

impl View {
    /// Of all that is here.
    pub(super) fn whole(rows: Vec<LineRow>) -> Self {
        Self {
            places: Places::new(&rows),
            rows,
            cut: Vec::new(),
        }
    }

    /// Of these logs, up to these places, as if they had told nothing else and no other were here.
    pub(super) fn cut(
        rows: &[LineRow],
        logs: &[CutLog],
        ledger: &Ledger,
    ) -> Result<Self, RegisterError> {
        let (mut shown, mut places, mut cut) = (Vec::new(), Places::default(), Vec::new());
        for one in logs {
            let (rows, kept) = (of_log(rows, one.log), &one.kept);
            let those: Vec<_> = rows.iter().filter(|row| one.is_of(row)).collect();
            if those.is_empty() && !rows.is_empty() {
                return Err(RegisterError::NoCut(one.authority.clone()));
            }
            let row = story_of(those, kept, ledger)?.ok_or(RegisterError::NoStory {
                log: one.log,
                until: kept.until,
            })?;
            places.add_story(rows, row, kept.until)?;
            shown.push(LineRow {
                line: 0,
                parent: 0,
                from: row.begins,
                contradicted: None,
                ..row.clone()
            });
            cut.push((row.clone(), kept.until));
        }
        shown.sort_by_key(|row| row.log);
        Ok(Self {
            rows: shown,
            places,
            cut,
        })
    }

    /// The lines that lead to where logs are cut, and the places, in the order in which they were given; none of a whole register.
    pub(super) fn stories(&self) -> impl Iterator<Item = (&LineRow, u64)> {
        self.cut.iter().map(|(row, until)| (row, *until))
    }

    pub(super) fn of_log(&self, log: KeyId) -> &[LineRow] {
        of_log(&self.rows, log)
    }

    /// Whether a log, as far as it is looked at, begins with what is kept.
    pub(super) fn holds(
        &self,
        log: KeyId,
        kept: &Kept,
        ledger: &Ledger,
    ) -> Result<bool, RegisterError> {
        let cut = self.cut.iter().find(|(row, _)| row.log == log);
        let cut = cut.filter(|(_, until)| kept.until <= *until);
        cut.map_or(Ok(false), |(row, _)| {
            Ok(story_of([row], kept, ledger)?.is_some())
        })
    }

    /// The line of a log that leads to what is kept; none of the inner kind where the log ends before, none at all where it leads elsewhere.
    #[expect(
        clippy::option_option,
        reason = "it may be known, not known yet, or known to be nowhere"
    )]
    pub(super) fn line_of(
        &self,
        log: KeyId,
        kept: &Kept,
        ledger: &Ledger,
    ) -> Result<Option<Option<u32>>, RegisterError> {
        let (rows, mut is_open) = (self.of_log(log), false);
        for row in rows {
            let mut open = OpenLine::open(row, ledger)?;
            let Some(size) = kept.until.checked_sub(row.begins) else {
                continue;
            };
            if size > open.log.tree().size() {
                is_open = true;
            } else if open.tiles.root(size, ledger)? == kept.root {
                return Ok(Some(Some(row.line)));
            }
        }
        Ok(is_open.then_some(None))
    }
}

/// The first of these lines that leads to what is kept.
fn story_of<'r>(
    rows: impl IntoIterator<Item = &'r LineRow>,
    kept: &Kept,
    ledger: &Ledger,
) -> Result<Option<&'r LineRow>, RegisterError> {
    for row in rows {
        let mut open = OpenLine::open(row, ledger)?;
        let size = kept.until.checked_sub(row.begins);
        if let Some(size) = size.filter(|size| *size <= open.log.tree().size())
            && open.tiles.root(size, ledger)? == kept.root
        {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
