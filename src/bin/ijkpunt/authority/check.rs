//! `ijkpunt authority check`: whether a file is what was proposed.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{Commitment, Entry};
use ijkpunt::enrol::{Enroller, Proposal};
use ijkpunt::limits::{Limits, Resource};
use ijkpunt::media::Format;
use serde::Serialize;

use super::hand::Home;
use super::near::Same;
use super::words::{account, entry, short};
use crate::files::Input;
use crate::videos::{self, Step, Videos};
use crate::{Failure, Outcome};

#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 it is what was proposed, 2 it is not, or that cannot be told."
)]
pub(crate) struct Args {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    home: Home,
    #[command(flatten)]
    videos: videos::Opener,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown {
    entry: String,
    is_it: bool,
    /// Whether byte by byte.
    is_very_file: bool,
    sentence: String,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let register = args.home.read()?;
    let id = entry(&register, &args.entry)?;
    let entry = account(&register, id, args.home.now())?.entry;
    let (same, _) = compare(&entry, &args.file, &args.videos)?;
    let shown = Shown {
        entry: id.to_string(),
        is_it: same.is_it(),
        is_very_file: matches!(same, Same::File),
        sentence: same.to_string(),
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&shown)?)?;
    } else {
        writeln!(
            out,
            "{} of {} \"{}\": {same}.",
            args.file.display(),
            short(&id),
            entry.title
        )?;
    }
    Ok(if same.is_it() {
        Outcome::NothingFound
    } else {
        Outcome::Undecided
    })
}

/// Compares a file with what was proposed, and gives its SHA-256.
pub(super) fn compare(
    entry: &Entry,
    file: &Path,
    videos: &videos::Opener,
) -> Result<(Same, Commitment), Failure> {
    let seen = Seen::of(file, Step::default(), videos, &Limits::default(), |file| {
        let source = entry.source.as_ref();
        source.is_some_and(|source| source.sha256 == file)
    })?;
    Ok(match seen.proposal {
        None => (Same::File, seen.sha256),
        Some(proposal) => (Same::of(&entry.fingerprints, &proposal), seen.sha256),
    })
}

/// A file, as it was looked at: of a video only its beginning was read into memory.
pub(super) struct Seen {
    pub(super) sha256: Commitment,
    pub(super) size: u64,
    pub(super) mime: &'static str,
    pub(super) is_video: bool,
    /// Why it was not opened, although it is a video.
    pub(super) trouble: Option<String>,
    /// None where it is known already.
    pub(super) proposal: Option<Proposal>,
}

impl Seen {
    /// Looks at a file, unless its digest says that it is known.
    pub(super) fn of(
        path: &Path,
        step: Step,
        args: &videos::Opener,
        limits: &Limits,
        is_known: impl Fn(Commitment) -> bool,
    ) -> Result<Self, Failure> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let input = Input::File(path.to_owned());
        let opener = Videos::find(args);
        let is_video = videos::file(&input).is_some();
        let trouble = opener.trouble().filter(|_| is_video).map(str::to_owned);
        if !is_video || trouble.is_some() {
            let bytes = whole(path, limits)?;
            let sha256 = Commitment::to(&bytes);
            let propose = || Enroller::new().propose(&bytes, limits);
            return Ok(Self {
                sha256,
                size: bytes.len() as u64,
                mime: mime(&bytes),
                is_video,
                trouble,
                proposal: (!is_known(sha256)).then(propose),
            });
        }
        let size = path.metadata().map_err(|error| told(&error))?.len();
        limits
            .check(Resource::VideoBytes, size)
            .map_err(|error| told(&error))?;
        let proposal = opener.propose(&input, step, limits);
        let proposal = proposal.map_err(|error| told(&error))?;
        let sha256 = proposal.sha256().ok_or("the file has no digest")?;
        let sha256: Commitment = sha256.to_string().parse()?;
        let mut start = Vec::new();
        File::open(path)
            .and_then(|file| file.take(1024).read_to_end(&mut start))
            .map_err(|error| told(&error))?;
        Ok(Self {
            sha256,
            size,
            mime: match mime(&start) {
                mime if mime.starts_with("video/") => mime,
                _ => "video/octet-stream",
            },
            is_video,
            trouble,
            proposal: (!is_known(sha256)).then_some(proposal),
        })
    }
}

fn mime(bytes: &[u8]) -> &'static str {
    Format::sniff(bytes).map_or("application/octet-stream", Format::mime)
}

/// All bytes of a file. One that is too large is refused, since the digest of a part of it would be another file's.
pub(super) fn whole(file: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let bytes = Input::File(file.to_owned()).read(limits);
    let bytes = bytes.map_err(|error| told(&error))?;
    limits
        .check(Resource::Bytes, bytes.len() as u64)
        .map_err(|error| told(&error))?;
    if bytes.is_empty() {
        return Err(told(&"it is empty").into());
    }
    Ok(bytes)
}
