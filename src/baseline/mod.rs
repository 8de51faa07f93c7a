//! What is known: lists of hashes of assessed items.
//!
//! In: the bytes of a list, untrusted. Out: a [`List`] of entries and their rows, with a [`Reading`] that counts and
//! places every row that was not understood; no row is dropped in silence. A row knows its entry, an optional quality
//! and label; what is searched is decided by `screen`.
//!
//! Two forms are read, told apart by their first line:
//!
//! - CSV with a header: a column `pdq`, and optionally `id`, `quality`, `label`, `profile`; other columns are left
//!   alone. One id may have many rows. A row without an id is named after its line, never after its hash.
//! - bare: one hash a line.
//!
//! Hexadecimal digits of either case; UTF-8, with or without a byte order mark; lines end in LF or CRLF; blank lines and
//! lines that begin with `#` are passed over. A field in double quotes ends on its line: a reader that lets it go on
//! would let one stray quote swallow every row after it.
//!
//! Cost: one pass, about 100 bytes of memory a row, nothing that grows with the length of a line beyond the limit.

mod line;
mod list;
mod reader;
mod reading;

pub use list::{Digest, Entry, List, ListError, Profile, Row};
pub use reading::{Place, Problem, Reading, Refused};
