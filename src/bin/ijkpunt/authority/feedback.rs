//! `ijkpunt authority feedback`: what a platform told of its reviews.

use std::io::Write;

use ijkpunt::baseline::{Event, Feedback, Reviews, Text, Time};
use ijkpunt::sign::What;

use super::hand::Hand;
use super::words::{account, entry, short, text, time};
use crate::Failure;
use crate::output::count;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// The name by which you know the platform
    #[arg(long, value_name = "NAME", value_parser = text::<120>)]
    platform: Text<120>,
    /// When the reviews began
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Time,
    /// The first second that is not counted any more
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    /// How many matches of the entry persons decided on
    #[arg(long, value_name = "NUMBER")]
    reviewed: u32,
    /// In how many of them they found no match, or a wrong entry
    #[arg(long, value_name = "NUMBER")]
    overturned: u32,
    /// How many of them upheld a complaint
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    complaints_upheld: u32,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let reviews = Reviews::new(args.reviewed, args.overturned, args.complaints_upheld)?;
    let mut register = args.hand.home.open()?;
    let id = entry(&register, &args.entry)?;
    let known = account(&register, id, now)?;
    let key = args.hand.key.read()?;
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Feedback(Feedback {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            platform: args.platform.clone(),
            from: args.from,
            until: args.until,
            reviews,
        }))
    })?;
    let reviewed = count(u64::from(reviews.reviewed()), "review");
    writeln!(
        out,
        "{} \"{}\": {reviewed} of {}, {} against the match. It changes no state; who finds it too much suspends or withdraws.",
        short(&id),
        known.entry.title,
        args.platform,
        reviews.against()
    )?;
    Ok(())
}
