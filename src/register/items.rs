//! What stands in the lines of a merge file, read on all cores.

use std::thread;

use crate::limits::Limits;
use crate::sign::{Claim, Envelope, SignedCheckpoint};

use super::file::{LeftOut, Written, read_line};

/// A line of the file, read.
pub(super) enum Item {
    Claim(Box<(Envelope, Claim)>),
    Checkpoint(SignedCheckpoint),
}

pub(super) fn read_item(line: &[u8], limits: &Limits) -> Result<Item, LeftOut> {
    match read_line(line, limits)? {
        Written::Checkpoint(note) => Ok(Item::Checkpoint(note)),
        Written::Envelope(envelope) => {
            let claim = Claim::read(&envelope)?;
            let envelope = in_order(envelope, &claim)?;
            Ok(Item::Claim(Box::new((envelope, claim))))
        }
    }
}

/// With the old key's signature before the new one's, where they stand the other way round: so that what is kept does not depend on who wrote the file.
fn in_order(envelope: Envelope, claim: &Claim) -> Result<Envelope, LeftOut> {
    let new = claim.names_key().map(|key| key.id());
    match envelope.signatures() {
        [(first, _), _] if new == Some(*first) => {}
        _ => return Ok(envelope),
    }
    let mut bytes = envelope.to_compact()?;
    if let Some(both) = bytes.get_mut(1..1 + 2 * SIGNED) {
        both.rotate_left(SIGNED);
    }
    let read = Envelope::from_compact(envelope.payload_type(), &bytes, &Limits::default());
    Ok(read?)
}

/// A key's id and its signature, where an envelope is compact.
const SIGNED: usize = 32 + 64;

/// Does `job` for every item on all cores, and gives the results in their order.
pub(super) fn spread<I: Send, T: Send>(items: Vec<I>, job: impl Fn(I) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let each = items.len().div_ceil(cores).max(1);
    let mut parts: Vec<Vec<I>> = Vec::new();
    let mut items = items.into_iter();
    loop {
        let part: Vec<I> = items.by_ref().take(each).collect();
        if part.is_empty() {
            break;
        }
        parts.push(part);
    }
    let job = &job;
    thread::scope(|scope| {
        let work =
            |part: Vec<I>| scope.spawn(move || part.into_iter().map(job).collect::<Vec<T>>());
        let workers: Vec<_> = parts.into_iter().map(work).collect();
        let results = workers.into_iter().flat_map(|worker| match worker.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results.collect()
    })
}
