//! `ijkpunt authority feedback`: what a platform told of its reviews.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{EntryId, Event, Feedback, Reviews, Text, Time};
use ijkpunt::limits::Limits;
use ijkpunt::register::Register;
use ijkpunt::sign::{PlatformCounts, PlatformFeedback, PublicKey, Verified, What};

use super::hand::Hand;
use super::words::{account, entry, short, text, time};
use crate::Failure;
use crate::output::count;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The first digits of the entry's name; with --signed the file names it, and these digits, if given, have to fit
    #[arg(value_name = "ENTRY", required_unless_present = "signed")]
    entry: Option<String>,
    #[command(flatten)]
    signed: Signed,
    #[command(flatten)]
    counts: Counts,
    #[command(flatten)]
    hand: Hand,
}

/// A file that the platform has signed, by the key that it gave.
#[derive(clap::Args)]
struct Signed {
    /// What the platform signed, instead of the counts
    #[arg(long, value_name = "FILE", requires = "platform_key")]
    signed: Option<PathBuf>,
    /// The public key of the platform that signs, which it has given you itself: a file of 64 hexadecimal digits
    #[arg(long, value_name = "FILE", requires = "signed")]
    platform_key: Option<PathBuf>,
}

/// What the platform told otherwise, such as on the telephone.
#[derive(clap::Args)]
struct Counts {
    /// The name by which you know the platform
    #[arg(long, value_name = "NAME", value_parser = text::<120>, required_unless_present = "signed", conflicts_with = "signed")]
    platform: Option<Text<120>>,
    /// When the reviews began
    #[arg(long, value_name = "TIME", value_parser = time, required_unless_present = "signed", conflicts_with = "signed")]
    from: Option<Time>,
    /// The first second that is not counted any more
    #[arg(long, value_name = "TIME", value_parser = time, required_unless_present = "signed", conflicts_with = "signed")]
    until: Option<Time>,
    /// How many matches of the entry persons decided on
    #[arg(
        long,
        value_name = "NUMBER",
        required_unless_present = "signed",
        conflicts_with = "signed"
    )]
    reviewed: Option<u32>,
    /// In how many of them they found no match, or a wrong entry
    #[arg(
        long,
        value_name = "NUMBER",
        required_unless_present = "signed",
        conflicts_with = "signed"
    )]
    overturned: Option<u32>,
    /// How many of them upheld a complaint [default: 0]
    #[arg(long, value_name = "NUMBER", conflicts_with = "signed")]
    complaints_upheld: Option<u32>,
}

/// What is entered into the log.
struct Told {
    platform: Text<120>,
    from: Time,
    until: Time,
    reviews: Reviews,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    // Before anybody has typed a passphrase.
    let signed = args.signed.read()?;
    let told = match &signed {
        Some(signed) => Told::of(signed),
        None => args.counts.told()?,
    };
    let mut register = args.hand.home.open()?;
    let id = match &signed {
        Some(signed) => {
            show(signed, out)?;
            named(signed.entry, args.entry.as_deref(), &register)?
        }
        None => entry(&register, args.entry.as_deref().unwrap_or_default())?,
    };
    let known = account(&register, id, now)?;
    let key = args.hand.key.read()?;
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Feedback(Feedback {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            platform: told.platform.clone(),
            from: told.from,
            until: told.until,
            reviews: told.reviews,
        }))
    })?;
    let reviewed = count(u64::from(told.reviews.reviewed()), "review");
    writeln!(
        out,
        "{} \"{}\": {reviewed} of {}, {} against the match. It changes no state; who finds it too much suspends or withdraws.",
        short(&id),
        known.entry.title,
        told.platform,
        told.reviews.against()
    )?;
    Ok(())
}

impl Signed {
    fn read(&self) -> Result<Option<Verified<PlatformFeedback>>, Failure> {
        let Some((file, key)) = self.signed.as_ref().zip(self.platform_key.as_ref()) else {
            return Ok(None);
        };
        let limits = Limits::default();
        let text = read(key, limits.line_bytes)?;
        let told = |error: &dyn Display| format!("{}: {error}", key.display());
        let text = String::from_utf8(text).map_err(|error| told(&error))?;
        let public: PublicKey = text.trim_end().parse().map_err(|error| told(&error))?;
        let json = read(file, limits.envelope_bytes)?;
        // An editor ends a file with a line feed.
        let read = PlatformFeedback::verify(json.trim_ascii_end(), &public, &limits);
        Ok(Some(
            read.map_err(|error| format!("{}: {error}", file.display()))?,
        ))
    }
}

impl Counts {
    fn told(&self) -> Result<Told, Failure> {
        let (platform, span) = (self.platform.clone(), self.from.zip(self.until));
        let numbers = self.reviewed.zip(self.overturned);
        let ((platform, (from, until)), (reviewed, overturned)) =
            (platform.zip(span).zip(numbers)).ok_or("give all of the counts, or --signed")?;
        let reviews = Reviews::new(reviewed, overturned, self.complaints_upheld.unwrap_or(0))?;
        Ok(Told {
            platform,
            from,
            until,
            reviews,
        })
    }
}

impl Told {
    fn of(signed: &PlatformFeedback) -> Self {
        Self {
            platform: signed.platform.clone(),
            from: signed.from,
            until: signed.until,
            reviews: signed.reviews,
        }
    }
}

/// What the platform says, and by which key: this is what the authority vouches for.
fn show(signed: &Verified<PlatformFeedback>, out: &mut impl Write) -> Result<(), Failure> {
    let PlatformCounts {
        platform,
        found_in,
        from,
        until,
        reviews,
        reason,
        ..
    } = &***signed;
    for key in signed.keys() {
        writeln!(out, "{platform}: signed by the key {key}")?;
    }
    writeln!(out, "from {from} until {until}, since {reason}")?;
    if let Some((snapshot, number)) = found_in {
        writeln!(out, "found by snapshot {number}, {}", short(snapshot))?;
    }
    let (reviewed, overturned) = (reviews.reviewed(), reviews.overturned());
    let upheld = reviews.complaints_upheld();
    writeln!(
        out,
        "{reviewed} reviewed, {overturned} overturned, {upheld} complaints upheld"
    )?;
    Ok(())
}

/// The entry of the file, where the register has it, and where the digits, if given, are its own.
fn named(signed: EntryId, digits: Option<&str>, register: &Register) -> Result<EntryId, Failure> {
    if let Some(digits) = digits
        && entry(register, digits)? != signed
    {
        let short = short(&signed);
        return Err(format!("the file is about {short}, and not about `{digits}`: leave the digits out, or take the file that was meant").into());
    }
    entry(register, &signed.to_string())
}

/// A file up to a limit; one byte more shows that there is more.
fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    let mut file = file.take(most.saturating_add(1));
    file.read_to_end(&mut bytes).map_err(told)?;
    Ok(bytes)
}
