//! Codes to row numbers within a radius, exactly.
//!
//! In: hashes in the order of their rows, later a hash and a radius. Out: every row within the radius and no other,
//! with its distance, nearest first. Rows are numbers; what stands in them is known to `baseline` alone.
//!
//! [`Index`] answers in microseconds. Few codes are searched by their first 96 bits, sixteen at a time; many by tables of the
//! pieces that a near code must nearly share with the query (in the folder's `ring`, with the proof). Where a query meets a
//! crowd of near-duplicates, for which tables are more work than looking at every code, it looks at every code.
//!
//! [`Scan`] looks at every code one after the other. It is obviously right, and stays as the judge.

mod build;
#[expect(clippy::module_inception, reason = "named for what it holds")]
mod index;
mod kernel;
mod layout;
mod lookup;
mod memory;
mod permutation;
mod ring;
mod scan;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use build::parallel;
pub use index::{Index, IndexError};
#[doc(hidden)]
pub use kernel::Kernel;
pub use memory::Shared;
pub use scan::{Hit, Scan};
#[doc(hidden)]
pub use search::{Tables, Work};
