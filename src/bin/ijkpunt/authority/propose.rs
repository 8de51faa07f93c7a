//! `ijkpunt authority propose`: a file becomes an entry, of which only hashes leave the house.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::{
    Commitment, ContextDependence, Creation, Entry, Event, Fingerprint, MediaKind, Source, Text,
    Time,
};
use ijkpunt::enrol::{Enroller, Proposal};
use ijkpunt::limits::Limits;
use ijkpunt::media::Format;
use ijkpunt::register::Slot;
use ijkpunt::sign::What;
use serde::Serialize;

use super::check::whole;
use super::hand::Hand;
use super::near::{NearEntry, near};
use super::table::Table;
use super::words::{named, short, text, time};
use crate::output::count;
use crate::{Failure, Outcome};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file; it stays where it is
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A neutral title for those who review, without personal data
    #[arg(long, value_name = "TEXT", value_parser = text::<200>)]
    title: Text<200>,
    /// Who made it: the list of designated groups, and the group's number there
    #[arg(long, value_name = "TEXT", value_parser = text::<200>)]
    producer: Option<Text<200>>,
    /// What is in it, in words that authorities have agreed on; may be given several times
    #[arg(long, value_name = "WORD", value_parser = text::<64>)]
    label: Vec<Text<64>>,
    /// Whether it says the same wherever it is shown: independent, dependent, unknown
    #[arg(long, value_name = "HOW", value_parser = named::<ContextDependence>, default_value = "unknown")]
    context: ContextDependence,
    /// When it should be looked at again
    #[arg(long, value_name = "TIME", value_parser = time)]
    review_by: Option<Time>,
    /// Propose it although it is near to an entry, so plain that harmless pictures match it, or could not be looked at in full
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    hand: Hand,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// As the JSON shows it.
#[derive(Serialize)]
struct Shown {
    /// None where nothing was proposed.
    entry: Option<String>,
    title: String,
    frames: usize,
    windows: usize,
    near: Vec<Near>,
    /// What speaks against it.
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Near {
    entry: String,
    title: String,
    state: String,
    /// None: the very file.
    distance: Option<u16>,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let (limits, now) = (Limits::default(), args.hand.home.now());
    let mut register = args.hand.home.open()?;
    let bytes = whole(&args.file, &limits)?;
    let proposal = Enroller::new().propose(&bytes, &limits);
    let near = near(&register, &proposal, now)?;
    let warnings = warnings(&proposal);
    let is_proposed = args.anyway || (near.is_empty() && warnings.is_empty());
    let mut entry = None;
    if is_proposed {
        let key = args.hand.key.read()?;
        args.hand.say(&mut register, &key, |slot| {
            let made = made(args, &slot, &proposal, &bytes);
            entry = Some(made.id());
            What::Event(Event::EntryCreated(Creation {
                sequence: slot.sequence,
                entry: made,
            }))
        })?;
    }
    let windows = proposal
        .fingerprints()
        .iter()
        .map(|frame| frame.windows.len())
        .sum();
    let shown = Shown {
        entry: entry.map(|id| id.to_string()),
        title: args.title.to_string(),
        frames: proposal.fingerprints().len(),
        windows,
        near: near.iter().map(Near::of).collect(),
        warnings,
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&shown)?)?;
    } else {
        write(&shown, args, out)?;
    }
    Ok(if is_proposed {
        Outcome::NothingFound
    } else {
        Outcome::Undecided
    })
}

impl Near {
    fn of(near: &NearEntry) -> Self {
        Self {
            entry: near.entry.to_string(),
            title: near.title.to_string(),
            state: near.state.to_string(),
            distance: near.distance.map(|distance| distance.bits()),
        }
    }
}

/// What the person who proposes should know before.
fn warnings(proposal: &Proposal) -> Vec<String> {
    let mut warnings: Vec<String> = proposal
        .gaps()
        .iter()
        .map(|gap| format!("not all of it could be looked at: {gap}"))
        .collect();
    warnings.extend(
        proposal
            .warnings()
            .take(1)
            .map(|warning| warning.to_string()),
    );
    if !proposal.is_findable() {
        warnings.push("too little detail: only the very file will be found".to_owned());
    }
    warnings
}

fn made(args: &Args, slot: &Slot, proposal: &Proposal, bytes: &[u8]) -> Entry {
    let format = Format::sniff(bytes);
    let is_moving = proposal
        .fingerprints()
        .iter()
        .any(|frame| frame.frame_time.is_some());
    let mime = format.map_or("application/octet-stream", Format::mime);
    let media = match () {
        () if mime.starts_with("video/") => MediaKind::Video,
        () if is_moving => MediaKind::AnimatedImage,
        () => MediaKind::Image,
    };
    Entry {
        media,
        source: Text::new(mime).ok().map(|mime| Source {
            sha256: Commitment::to(bytes),
            size: bytes.len() as u64,
            mime,
        }),
        fingerprints: proposal
            .rows("")
            .map(|row| Fingerprint::from(&row))
            .collect(),
        title: args.title.clone(),
        producer: args.producer.clone(),
        labels: args.label.iter().cloned().collect(),
        context: args.context,
        created_by: slot.by.clone(),
        created_at: slot.at,
        review_by: args.review_by,
    }
}

fn write(shown: &Shown, args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let file = args.file.display();
    let (frames, windows) = (
        count(shown.frames as u64, "frame"),
        count(shown.windows as u64, "part"),
    );
    writeln!(
        out,
        "{file}: hashes of {frames} and {windows}; the file stays here"
    )?;
    for warning in &shown.warnings {
        writeln!(out, "  {warning}")?;
    }
    let mut table = Table::new(["near to", "state", "how near", "title"]);
    for near in &shown.near {
        table.row([
            short(&near.entry),
            near.state.clone(),
            near.distance.map_or_else(
                || "the very file".to_owned(),
                |bits| format!("{bits} of 256 bits"),
            ),
            near.title.clone(),
        ]);
    }
    if !table.is_empty() {
        table.write("  ", out)?;
    }
    match (&shown.entry, shown.near.first()) {
        (Some(entry), _) => writeln!(
            out,
            "Proposed as {entry}.\nNext: `ijkpunt authority assess {}`.",
            short(entry)
        )?,
        (None, Some(near)) => writeln!(
            out,
            "Not proposed. Assess the one that is there (`ijkpunt authority assess {}`), or say --anyway if this one is needed beside it.",
            short(&near.entry)
        )?,
        (None, None) => writeln!(
            out,
            "Not proposed. Say --anyway if it shall be, in spite of that."
        )?,
    }
    Ok(())
}
