//! The command-line tool `ijkpunt`: hash files, make lists and snapshots of them, screen files against lists, see a demonstration.
//!
//! It uses the library's public interface only. Exit codes are those of scanners: 0 nothing found, 1 a match,
//! 2 something undecided or failed and no match.

#[cfg(feature = "authority")]
mod authority;
mod baseline;
mod budget;
mod compare;
mod demo;
mod enrol;
mod files;
mod found;
mod hash;
#[cfg(any(feature = "authority", feature = "review"))]
mod keys;
mod known;
mod marks;
#[cfg(any(feature = "authority", feature = "review"))]
mod now;
mod output;
#[cfg(feature = "review")]
mod review;
mod screen;
mod segments;
#[cfg(feature = "sync")]
mod sync;
#[cfg(any(feature = "authority", feature = "review"))]
mod table;
mod verify;
mod videos;
#[cfg(any(feature = "authority", feature = "review"))]
mod words;
mod work;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds copies of known, assessed terrorist images and videos among files.
#[derive(Parser)]
#[command(name = "ijkpunt", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hash pictures and videos: PDQ and quality of every distinct frame
    Hash(hash::Args),
    /// Make a list of pictures and videos: their hashes, and those of the parts or frames by which copies are found
    Enrol(enrol::Args),
    /// Make, inspect, compare and install snapshots: lists, entries and their index as one file
    #[command(subcommand)]
    Baseline(baseline::Command),
    /// Screen uploads against lists of known hashes
    #[command(after_help = EXIT_CODES)]
    Screen(screen::Args),
    /// Compare two pictures, videos or hashes, or one with an entry of a list, and explain the outcome
    #[command(after_help = EXIT_CODES)]
    Compare(compare::Args),
    /// Check a proof of what states say together of an entry: without a register, and without a network
    Verify(verify::Args),
    /// Keep a folder at the newest that states have published, from mirrors that nobody trusts
    #[cfg(feature = "sync")]
    #[command(
        after_help = "Exit codes: 0 the newest is installed, 2 it is not known to be, or nothing is."
    )]
    Sync(Box<sync::Args>),
    /// What the analysts of an authority do: propose, assess, suspend, explain, in a register that authorities share
    #[cfg(feature = "authority")]
    #[command(subcommand)]
    Authority(Box<authority::Command>),
    /// What the people of a platform do: decide on matches, orders and complaints, in a file of which nothing is ever taken away
    #[cfg(feature = "review")]
    #[command(subcommand)]
    Review(Box<review::Command>),
    /// Write a small platform of synthetic pictures, screen it, and explain what is found
    Demo(demo::Told),
}

const EXIT_CODES: &str =
    "Exit codes: 0 nothing found, 1 a match, 2 something undecided or failed and no match.";

/// How a command ended; the numbers are exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    NothingFound = 0,
    Match = 1,
    Undecided = 2,
}

/// Why a command could not do its work.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    work::silence_caught_panics();
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match Cli::parse().command {
        Command::Hash(args) => hash::run(&args, &mut out),
        Command::Enrol(args) => enrol::run(&args, &mut out),
        Command::Baseline(command) => baseline::run(&command, &mut out),
        Command::Screen(args) => screen::run(&args, &mut out),
        Command::Compare(args) => compare::run(&args, &mut out),
        Command::Verify(args) => verify::run(&args, &mut out),
        #[cfg(feature = "sync")]
        Command::Sync(args) => sync::run(&args, &mut out),
        #[cfg(feature = "authority")]
        Command::Authority(command) => authority::run(&command, &mut out),
        #[cfg(feature = "review")]
        Command::Review(command) => review::run(&command, &mut out),
        Command::Demo(told) => demo::run(&told, &mut out).map(|()| Outcome::NothingFound),
    };
    match outcome.and_then(|outcome| Ok(out.flush().map(|()| outcome)?)) {
        Ok(outcome) => ExitCode::from(outcome as u8),
        Err(failure) => {
            if !is_closed_pipe(failure.as_ref()) {
                output::complain(&format_args!("error: {failure}"));
            }
            ExitCode::from(Outcome::Undecided as u8)
        }
    }
}

/// Whether the reader of our output went away, as `head` does: no reason to complain.
fn is_closed_pipe(failure: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(failure), |error| error.source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn every_command_can_be_told_its_arguments() {
        Cli::command().debug_assert();
    }
}
