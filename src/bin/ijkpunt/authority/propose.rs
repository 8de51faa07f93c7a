//! `ijkpunt authority propose`: a file becomes an entry, of which only hashes leave the house.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::{
    ContextDependence, Creation, Entry, Event, Fingerprint, MediaKind, Source, Text, Time,
};
use ijkpunt::enrol::Proposal;
use ijkpunt::limits::{Limits, Resource};
use ijkpunt::register::Slot;
use ijkpunt::sign::What;
use serde::Serialize;

use super::check::Seen;
use super::hand::Hand;
use super::near::{NearEntry, near};
use super::words::{named, short, text, time};
use crate::marks::{self, Marks};
use crate::output::count;
use crate::table::Table;
use crate::videos;
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
    marks: Marks,
    #[command(flatten)]
    videos: videos::Opener,
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
    /// What became of a video's frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
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
    let mut looked = Seen::of(&args.file, args.marks.step(), &args.videos, &limits, |_| {
        false
    })?;
    let Some(mut proposal) = looked.proposal.take() else {
        return Err("internal fault".into());
    };
    if args.marks.are_of_one() {
        if !looked.is_video {
            return Err(marks::NOT_ONE.into());
        }
        args.marks
            .apply(&args.file.display().to_string(), &mut proposal);
    }
    let near = near(&register, &proposal, now)?;
    let warnings = warnings(&proposal, &looked);
    let is_proposed = args.anyway || (near.is_empty() && warnings.is_empty());
    let mut entry = None;
    if is_proposed {
        let key = args.hand.key.read()?;
        let slot = args.hand.slot(&mut register, &key)?;
        let made = made(args, &slot, &proposal, &looked);
        check_size(&made, looked.is_video, &limits)?;
        entry = Some(made.id());
        args.hand.say(&mut register, &key, |slot| {
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
        frames: proposal.fingerprints().len() + proposal.frames().len(),
        windows,
        kept: looked.is_video.then(|| marks::summary(&proposal)),
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
fn warnings(proposal: &Proposal, seen: &Seen) -> Vec<String> {
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
    warnings.extend(seen.trouble.clone());
    if seen.is_video {
        warnings.extend(marks::warning(proposal));
    } else if !proposal.is_findable() {
        warnings.push("too little detail: only the very file will be found".to_owned());
    }
    warnings
}

/// Refuses an entry that makes an event which others would not read.
fn check_size(entry: &Entry, is_video: bool, limits: &Limits) -> Result<(), Failure> {
    // As an envelope has it: in base64, with what stands around it and signatures.
    let bytes = (postcard::to_stdvec(entry)?.len() as u64).div_ceil(3) * 4 + AROUND;
    let Err(exceeded) = limits.check(Resource::EnvelopeBytes, bytes) else {
        return Ok(());
    };
    Err(match is_video {
        true => format!(
            "its {} are more than one entry may have ({exceeded}): cut the video into parts and propose each, or look at fewer frames, \
             such as with --step 2",
            count(entry.fingerprints.len() as u64, "hash")
        ),
        false => exceeded.to_string(),
    }
    .into())
}

/// More than there is around an entry in an envelope.
const AROUND: u64 = 4096;

fn made(args: &Args, slot: &Slot, proposal: &Proposal, seen: &Seen) -> Entry {
    let is_moving = proposal
        .fingerprints()
        .iter()
        .any(|frame| frame.frame_time.is_some());
    let media = match () {
        () if seen.is_video || seen.mime.starts_with("video/") => MediaKind::Video,
        () if is_moving => MediaKind::AnimatedImage,
        () => MediaKind::Image,
    };
    Entry {
        media,
        source: Text::new(seen.mime).ok().map(|mime| Source {
            sha256: seen.sha256,
            size: seen.size,
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
    if let Some(kept) = &shown.kept {
        writeln!(out, "  {kept}")?;
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ijkpunt::baseline::{FrameRole, NewRow, Shown};
    use ijkpunt::hash::{Pdq, Quality};

    use super::*;

    fn film(frames: u32) -> Entry {
        let row = |frame: u32| {
            let pdq = Pdq::from_bytes([frame.to_le_bytes()[0]; 32]);
            let shown = Shown::new(500 * frame, 50, FrameRole::Core);
            let quality = Quality::new(90).unwrap();
            NewRow::new("", pdq).quality(quality).shown(shown)
        };
        Entry {
            media: MediaKind::Video,
            source: None,
            fingerprints: (0..frames)
                .map(|frame| Fingerprint::from(&row(frame)))
                .collect(),
            title: Text::new("a film").unwrap(),
            producer: None,
            labels: BTreeSet::new(),
            context: ContextDependence::Unknown,
            created_by: "xa-police".parse().unwrap(),
            created_at: "2026-02-01T00:00:00Z".parse().unwrap(),
            review_by: None,
        }
    }

    #[test]
    fn a_video_of_more_frames_than_an_event_holds_is_refused_with_what_to_do() {
        let limits = Limits::default();
        assert!(check_size(&film(12_000), true, &limits).is_ok());
        let told = check_size(&film(40_000), true, &limits).unwrap_err();
        let told = told.to_string();
        assert!(told.starts_with("its 40000 hashes are more"), "{told}");
        assert!(told.contains("cut the video into parts") && told.contains("--step 2"));
    }
}
