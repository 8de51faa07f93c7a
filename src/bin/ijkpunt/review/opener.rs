//! `ijkpunt screen --cases`: cases for what matches.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ijkpunt::limits::Limits;
use ijkpunt::review::page::Upload;
use ijkpunt::review::{Match, Reviews};

use super::cases::tell;
use crate::Failure;
use crate::output::printable;

/// Opens cases, many in one transaction.
pub(crate) struct Opener {
    reviews: Reviews,
    waiting: Vec<Match>,
}

impl Opener {
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        if !path.exists() {
            let path = path.display();
            return Err(format!("{path}: there is no file of cases: make one by `ijkpunt review init --cases {path}`").into());
        }
        Ok(Self {
            reviews: Reviews::open(path)?,
            waiting: Vec::new(),
        })
    }

    /// A line of JSON, with hashes: of a match or not.
    pub(crate) fn add(&mut self, line: &[u8]) -> Result<(), Failure> {
        let upload = Upload::read(line.trim_ascii_end(), &Limits::default())?;
        self.waiting.extend(Match::of_upload(&upload)?);
        Ok(())
    }

    /// Opens the cases, and tells of them.
    pub(crate) fn finish(&mut self, out: &mut impl Write) -> Result<(), Failure> {
        let openings = self
            .reviews
            .open_cases(&self.waiting, SystemTime::now().into())?;
        for (found, opening) in self.waiting.iter().zip(openings) {
            tell(&printable(found.subject()), opening, out)?;
        }
        Ok(())
    }
}

/// Where cases are opened.
#[derive(clap::Args)]
pub(crate) struct Cases {
    /// Open a case in this file for each match, for a person to decide: see `ijkpunt review`
    #[arg(long, value_name = "FILE")]
    pub(crate) cases: Option<PathBuf>,
}
