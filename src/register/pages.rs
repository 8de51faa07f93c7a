//! Lists that are kept in pages: one kept value has a bound, which whoever adds to a list must not reach.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::{Append, Ledger};

use super::RegisterError;

/// Items in a page. The last page has fewer, so that it is known for the last one.
const PAGE: usize = 256;

/// All items of a list, in their order.
pub(super) fn read<T: DeserializeOwned>(
    ledger: &Ledger,
    name: &[u8],
) -> Result<Vec<T>, RegisterError> {
    let mut items: Vec<T> = Vec::new();
    for number in 0.. {
        let Some(bytes) = ledger.kept(&key(name, number))? else {
            if number == 0 {
                break;
            }
            return Err(RegisterError::Damaged("a page of a list is missing"));
        };
        let (page, rest): (Vec<T>, _) = postcard::take_from_bytes(&bytes)
            .map_err(|_| RegisterError::Damaged("a page of a list"))?;
        let length = page.len();
        if length > PAGE || !rest.is_empty() {
            return Err(RegisterError::Damaged("a page of a list is too long"));
        }
        items.extend(page);
        if length < PAGE {
            break;
        }
    }
    Ok(items)
}

/// Keeps a list of which the first items, so many, are kept already. Pages behind the last one may be left from a longer list; they are not read.
pub(super) fn keep<T: Serialize>(
    append: &mut Append<'_>,
    name: &[u8],
    items: &[T],
    unchanged: usize,
) -> Result<(), RegisterError> {
    for number in unchanged / PAGE..=items.len() / PAGE {
        let begin = number * PAGE;
        let page = items.get(begin..items.len().min(begin + PAGE));
        let bytes = page.map(postcard::to_stdvec).transpose();
        let bytes = bytes.ok().flatten();
        let bytes = bytes.ok_or(RegisterError::Damaged("a page of a list"))?;
        append.keep(&key(name, number as u64), &bytes)?;
    }
    Ok(())
}

fn key(name: &[u8], number: u64) -> Vec<u8> {
    [name, b" page ", &number.to_be_bytes()].concat()
}
