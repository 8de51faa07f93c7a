//! Arguments in words, and how things are called.

use ijkpunt::baseline::{EntryId, Time};
use ijkpunt::register::Register;

use crate::Failure;

pub(super) use crate::words::{named, short, text, time, types};

/// Fewer digits are a slip of the hand rather than a name.
const FEWEST: usize = 4;

/// The entry whose name begins with these digits.
pub(super) fn entry(register: &Register, digits: &str) -> Result<EntryId, Failure> {
    if digits.len() < FEWEST {
        return Err(
            format!("`{digits}`: give {FEWEST} digits of the entry's name at least").into(),
        );
    }
    match register.entries_named(digits, 4)?[..] {
        [] => Err(format!(
            "no entry begins with `{digits}`: `ijkpunt authority status --entries` lists them, `merge` brings in those of others"
        )
        .into()),
        [entry] => Ok(entry),
        ref several => {
            let several: Vec<String> = several.iter().map(short).collect();
            Err(format!("several entries begin with `{digits}` ({}): give more digits", several.join(", ")).into())
        }
    }
}

/// What is there of this name, where somebody who counts has proposed it.
pub(super) fn account(
    register: &Register,
    entry: EntryId,
    now: Time,
) -> Result<ijkpunt::register::Account, Failure> {
    let account = register.account(entry, now)?;
    Ok(account.ok_or_else(|| {
        format!(
            "{}: something is said of it, and nobody who counts has proposed it: merge the log of its authority",
            short(&entry)
        )
    })?)
}
