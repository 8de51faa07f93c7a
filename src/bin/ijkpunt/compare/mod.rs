//! `ijkpunt compare`: two pictures, hashes, or a picture and an entry of a list: how far apart, and why it is a match
//! or none, in words and as JSON.
//!
//! Arguments become what they name ([`argument`], [`baselines`]), that becomes hashes ([`side`]), the nearest pair
//! decides as screening would ([`comparison`]), or, where that is no match, a part of one side ([`parts`]), and it is told ([`words`], [`json`]). Nothing of a
//! list is printed but ids and labels. Videos go a way of their own ([`films`]).

mod argument;
mod baselines;
mod comparison;
mod films;
mod json;
mod near;
mod parts;
mod side;
mod words;

use std::ffi::OsString;
use std::io::Write;

use ijkpunt::hash::{Quality, Radius};
use ijkpunt::limits::Limits;

use crate::videos::{self, Videos};
use crate::{Failure, Outcome, work};

use argument::Argument;
use baselines::Baselines;
use comparison::{Comparison, Rule, Verdict};
use films::Comparing;
use parts::Parts;
use side::{Position, Side};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A file, - for standard input, or a hash (64 hexadecimal digits)
    #[arg(value_name = "A")]
    first: OsString,
    /// As A, or with --baseline an entry of a list, by its id or as NAME:ID; ./ID is always a file
    #[arg(value_name = "B")]
    second: OsString,
    /// A list of known hashes to take the entry B from; may be given several times
    #[arg(long = "baseline", value_name = "[NAME=]LIST")]
    baselines: Vec<String>,
    /// The largest distance that counts as a match, 0 to 256 bits
    #[arg(long, value_name = "N", default_value_t = Radius::DEFAULT.bits(), value_parser = clap::value_parser!(u16).range(0..=256))]
    radius: u16,
    /// The least quality that counts, 0 to 100
    #[arg(long, value_name = "N", default_value_t = Quality::DEFAULT_MINIMUM.get(), value_parser = clap::value_parser!(u8).range(0..=100))]
    min_quality: u8,
    /// One JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    videos: videos::Opener,
}

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Outcome, Failure> {
    let limits = Limits::default();
    let rule = Rule {
        radius: Radius::new(args.radius)?,
        minimum_quality: Quality::new(args.min_quality)?,
    };
    let lists = Baselines::open(&args.baselines, &limits)?;
    let [first, second] = argument::both(&args.first, &args.second, &lists)?;
    if films::are_meant(&first, &second)? {
        let comparing = Comparing {
            rule,
            videos: &Videos::find(&args.videos),
            limits: &limits,
            json: args.json,
        };
        return comparing.run(&first, &second, out);
    }
    let [first, second] = hash(first, second, &limits)?;
    let mut comparison = Comparison::new(&first, &second, rule);
    if !comparison.match_as_wholes() {
        let parts = parts_on_worker(&first, &second, rule, &limits)?;
        comparison = comparison.with_parts(parts);
    }
    if args.json {
        json::write(&comparison, out)?;
    } else {
        words::write(&comparison, out)?;
    }
    Ok(match comparison.verdict {
        Verdict::Match => Outcome::Match,
        Verdict::NoMatch => Outcome::NothingFound,
        Verdict::Undecided => Outcome::Undecided,
    })
}

/// What screening says of their parts, asked where a panic is the end of nothing but the question.
fn parts_on_worker(
    first: &Side,
    second: &Side,
    rule: Rule,
    limits: &Limits,
) -> Result<Parts, Failure> {
    let mut answer = None;
    let ask = |_: &()| Parts::new(first, second, rule, limits);
    work::in_order(&[()], ask, |(), parts| {
        answer = parts;
        Ok(())
    })?;
    answer.ok_or_else(|| "internal fault".into())
}

/// Both sides, hashed as uploads are: on workers, where a panic is a gap and not the end.
fn hash(first: Argument<'_>, second: Argument<'_>, limits: &Limits) -> Result<[Side; 2], Failure> {
    let kinds = second.digest_kinds();
    let both = [(Position::First, first), (Position::Second, second)];
    let mut sides = Vec::with_capacity(2);
    work::in_order(
        &both,
        |(position, argument)| Side::new(*position, argument, &kinds, limits),
        |(position, argument), side| {
            sides.push(side.unwrap_or_else(|| Side::faulty(*position, argument)));
            Ok(())
        },
    )?;
    sides.try_into().map_err(|_| "internal fault".into())
}
