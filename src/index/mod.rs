//! Codes to row numbers within a radius, exactly.
//!
//! In: hashes in the order of their rows, later a hash and a radius. Out: every row within the radius and no other,
//! with its distance, nearest first. Rows are numbers; what stands in them is known to `baseline` alone.
//!
//! [`Scan`] looks at every code. It is obviously right, needs 32 bytes a code and no time to build, and stays as the
//! judge of every faster index.

mod scan;

pub use scan::{Hit, Scan};
