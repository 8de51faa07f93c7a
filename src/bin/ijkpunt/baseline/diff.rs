//! `ijkpunt baseline diff`: what is in one of two snapshots and not in the other.

use std::cmp::Ordering;
use std::io::Write;
use std::path::PathBuf;

use super::open;
use crate::output::{complain, count, printable};
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The older snapshot, or a folder in which one is installed
    before: PathBuf,
    /// The newer one, or a folder
    after: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let before = open(&args.before)?.to_draft()?;
    let after = open(&args.after)?.to_draft()?;
    // Both are in the order of ids.
    let (mut before, mut after) = (before.entries().peekable(), after.entries().peekable());
    let mut counts = [0; 3];
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => break,
            (Some(old), Some(new)) => old.id.cmp(&new.id),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
        };
        let old = before.next_if(|_| order.is_le());
        let new = after.next_if(|_| order.is_ge());
        let (mark, number) = match (old, new) {
            (Some(old), Some(new)) if old == new => continue,
            (Some(_), Some(_)) => ("~", 2),
            (_, None) => ("-", 0),
            (None, _) => ("+", 1),
        };
        counts[number] += 1;
        if let Some(entry) = new.or(old) {
            writeln!(out, "{mark} {} {}", entry.id, printable(&entry.title))?;
        }
    }
    let [gone, here, changed] = counts.map(|number| count(number, "entry"));
    complain(&format_args!(
        "{here} added, {gone} gone, {changed} changed"
    ));
    Ok(match counts {
        [0, 0, 0] => Outcome::NothingFound,
        _ => Outcome::Match,
    })
}
