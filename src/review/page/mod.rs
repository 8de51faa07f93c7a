//! The evidence page: what a person who reviews has to see of matches, as one file of HTML that asks nobody for anything.
//!
//! In: screened uploads, as [`Upload`] holds them or reads them from lines of JSON, and pictures of them if they are to be looked at. Out: a page
//! in [`Language`] that [`write()`] puts where it is told. It says why something matched, in words and as drawings that need no colour; who stands behind the
//! listed item; what is missing; and asks the questions of article 1(3) of Regulation (EU) 2021/784. What is ticked stays on the
//! page and is summed up as a text to copy: deciding is for the person, and keeping decisions for whoever keeps them.
//!
//! Invariants: nothing is loaded from elsewhere, and a policy in the page forbids it; no listed item is ever shown; what others wrote is
//! text and never markup; the same uploads, language and time give the same bytes. A page with hashes is as sensitive as the list,
//! and says so. Cost: linear in the matches, some 12 KB each, and the previews.

mod by_name;
mod draw;
mod preview;
mod read;
mod rendered;
mod say;
mod upload;
mod words;

#[cfg(test)]
mod tests;

use std::io;

use askama::Template;

use crate::baseline::Time;
use crate::review::Language;

pub use preview::{PreviewError, Shown};
pub use read::UploadError;
pub use upload::{AskedList, Assessed, Hashes, Match, Outcome, Rate, Run, Standing, Upload};

/// Writes a page of uploads, in their order. `now` is told on it, and by it assessments have run out or not.
///
/// # Errors
/// Those of `out`.
pub fn write(
    uploads: &[Shown<'_>],
    language: Language,
    now: Time,
    out: &mut impl io::Write,
) -> io::Result<()> {
    rendered::Page::new(uploads, language, now).write_into(out)
}
