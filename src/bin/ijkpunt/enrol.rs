//! `ijkpunt enrol`: files that are to be listed, to a list of their hashes and windows. What is there already is told.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::baseline::List;
use ijkpunt::enrol::{Known, Near, Proposal};
use ijkpunt::limits::Limits;

use crate::budget::{self, Budget};
use crate::files::{self, Input, name_and_path};
use crate::marks::{self, Marks};
use crate::output::{complain, count, printable};
use crate::videos::{self, Videos};
use crate::{Failure, Outcome, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, folders (with all that is in them), or - for standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Tell which of them are near to an entry of this list; may be given several times
    #[arg(long, value_name = "[NAME=]LIST")]
    known: Vec<String>,
    /// Whole pictures only, for systems that know nothing else: copies that are cropped or covered are seldom found
    #[arg(long)]
    no_windows: bool,
    #[command(flatten)]
    with: With,
}

/// How files are looked at that are to be listed.
#[derive(clap::Args)]
pub(crate) struct With {
    #[command(flatten)]
    marks: Marks,
    #[command(flatten)]
    videos: videos::Opener,
    #[command(flatten)]
    budget: budget::Memory,
}

/// A file that can be listed, under its name.
pub(crate) struct Named {
    name: String,
    proposal: Proposal,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let known = args.known.iter().map(|known| open(known, &limits));
    let known: Vec<(String, List)> = known.collect::<Result<_, _>>()?;
    let inputs = files::collect(&args.paths, &limits);
    let (named, outcome) = proposals(&inputs, &args.with, &limits)?;
    let list = list(&named, !args.no_windows)?;
    tell_known(&named, &list, &known);
    tell_plain(&named);
    list.write_csv(&mut *out)?;
    out.flush()?;
    complain(&summary(&list, inputs.len() - named.len()));
    Ok(outcome)
}

/// What of these files can be listed; what cannot is told.
pub(crate) fn proposals(
    inputs: &[Input],
    with: &With,
    limits: &Limits,
) -> Result<(Vec<Named>, Outcome), Failure> {
    if inputs.is_empty() {
        return Err("there is no file in these folders".into());
    }
    if with.marks.are_of_one() {
        let videos = inputs.iter().filter(|input| match input {
            Input::Stdin => true,
            _ => videos::file(input).is_some(),
        });
        if videos.count() != 1 {
            return Err(marks::NOT_ONE.into());
        }
    }
    let (videos, budget) = (Videos::find(&with.videos), Budget::of(&with.budget));
    let mut named: Vec<Named> = Vec::new();
    let mut outcome = Outcome::NothingFound;
    work::in_order(
        inputs,
        |input| {
            let _taken = budget.take(videos::memory(input, limits));
            videos.propose(input, with.marks.step(), limits)
        },
        |input, proposal| {
            let name = printable(&input.name());
            let proposal = proposal.unwrap_or_else(|| Err("internal fault".to_owned()));
            let proposal = proposal.map(|mut proposal| {
                if is_video(&proposal) {
                    with.marks.apply(&name, &mut proposal);
                }
                proposal
            });
            match admit(&name, proposal, &mut outcome) {
                Ok(proposal) => named.push(Named { name, proposal }),
                Err(reason) => complain(&format_args!("{name}: left out: {reason}")),
            }
            Ok(())
        },
    )?;
    Ok((named, outcome))
}

fn open(argument: &str, limits: &Limits) -> Result<(String, List), Failure> {
    let (name, path) = name_and_path(argument);
    let list = List::open_within(path, limits);
    let list = list.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((name, list))
}

/// Whether frames of a video came.
pub(crate) fn is_video(proposal: &Proposal) -> bool {
    proposal.frame_counts().seen > 0
}

/// The proposal, if there is something in it to find copies by; what it lacks is told.
fn admit(
    name: &str,
    proposal: Result<Proposal, String>,
    outcome: &mut Outcome,
) -> Result<Proposal, String> {
    let told = |outcome: &mut Outcome| *outcome = Outcome::Undecided;
    let proposal = proposal.inspect_err(|_| told(outcome))?;
    let gaps: Vec<String> = proposal.gaps().iter().map(ToString::to_string).collect();
    if proposal.fingerprints().is_empty() && !is_video(&proposal) {
        told(outcome);
        return Err(match gaps.is_empty() {
            true => "too small".to_owned(),
            false => gaps.join("; "),
        });
    }
    if !gaps.is_empty() {
        told(outcome);
        complain(&format_args!("{name}: not all of it: {}", gaps.join("; ")));
    }
    if is_video(&proposal) {
        complain(&format_args!("{name}: {}", marks::summary(&proposal)));
        if let Some(warning) = marks::warning(&proposal) {
            complain(&format_args!("{name}: {warning}"));
        }
    } else if !proposal.is_findable() {
        complain(&format_args!(
            "{name}: too little detail: only the very file will be found"
        ));
    }
    Ok(proposal)
}

/// The list of them, with their windows or without.
pub(crate) fn list(named: &[Named], windows: bool) -> Result<List, Failure> {
    let rows = named.iter().flat_map(|it| it.proposal.rows(&it.name));
    Ok(List::from_rows(
        rows.filter(|row| windows || !row.is_window()),
    )?)
}

/// What is near to what came before it, or to an entry of a known list.
fn tell_known(named: &[Named], list: &List, known: &[(String, List)]) {
    let own = Known::new(list);
    let known: Vec<_> = known
        .iter()
        .map(|(name, list)| (name, Known::new(list)))
        .collect();
    for (number, Named { name, proposal }) in named.iter().enumerate() {
        for (list, known) in &known {
            for near in known.near(proposal) {
                let Near { entry, .. } = near;
                complain(&format_args!(
                    "{name}: listed by {list} as {entry} ({})",
                    how(&near)
                ));
            }
        }
        let before = |near: &Near<'_>| named[..number].iter().any(|it| it.name == near.entry);
        for near in own.near(proposal).into_iter().filter(before) {
            complain(&format_args!(
                "{name}: near to {} ({})",
                near.entry,
                how(&near)
            ));
        }
    }
}

/// What is so plain that harmless pictures match it.
pub(crate) fn tell_plain(named: &[Named]) {
    for Named { name, proposal } in named {
        for warning in proposal.warnings().take(1) {
            complain(&format_args!("{name}: {warning}"));
        }
    }
}

fn how(near: &Near<'_>) -> String {
    match near.distance {
        None => "the very file".to_owned(),
        Some(distance) => format!("{distance} of 256 bits away"),
    }
}

fn summary(list: &List, left_out: usize) -> String {
    let count = |number: usize, noun: &str| count(number as u64, noun);
    let mut line = format!(
        "{}: {}",
        count(list.entries().len(), "entry"),
        count(list.rows().len(), "hash")
    );
    if list.windows() > 0 {
        line += &format!(", {} of them of windows", list.windows());
    }
    if list.frames() > 0 {
        line += &format!(", {} of them of frames of videos", list.frames());
    }
    if left_out > 0 {
        line += &format!("; {} left out", count(left_out, "file"));
    }
    line
}
