//! `ijkpunt authority assess` and `end`: what an authority says of an entry, and of the acts on which words rest.

use std::io::Write;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{
    Assessment, AuthorityId, Commitment, ConsensusState, EndReason, Entry, EntryId, Event,
    Finality, InstrumentEnd, InstrumentKind, InstrumentName, LegalInstrument, MemberState, Method,
    Reasons, Scrutiny, TcoTypes, Text, Time, Verdict,
};
use ijkpunt::limits::Limits;
use ijkpunt::register::Register;
use ijkpunt::sign::What;

use super::check::{compare, whole};
use super::explain::tell;
use super::hand::Hand;
use super::words::{account, entry, named, short, text, time, types};
use crate::table::Table;
use crate::videos;
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The first digits of the entry's name
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    says: Says,
    /// Why, in short, without personal data
    #[arg(long, value_name = "TEXT", value_parser = text::<500>)]
    reasons: Text<500>,
    /// The long reasons, a file that stays with you: its SHA-256 is signed
    #[arg(long, value_name = "FILE")]
    long_reasons: Option<PathBuf>,
    /// It was asked if the item stands in education, journalism, art, research or the like (article 1(3) TCO)
    #[arg(long)]
    exempt_purpose_considered: bool,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    act: Act,
    /// When the act was issued
    #[arg(long, value_name = "TIME", value_parser = time, requires = "act")]
    issued_at: Option<Time>,
    /// Whether it can still be appealed against: final, appealable, unknown
    #[arg(long, value_name = "HOW", value_parser = named::<Finality>, default_value = "unknown")]
    finality: Finality,
    /// What came of its scrutiny (article 4 TCO): not-scrutinised, pending, no-infringement
    #[arg(long, value_name = "HOW", value_parser = named::<Scrutiny>, default_value = "not-scrutinised")]
    scrutiny: Scrutiny,
    /// From when on your word does not hold any more
    #[arg(long, value_name = "TIME", value_parser = time)]
    valid_until: Option<Time>,
    #[command(flatten)]
    hand: Hand,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Says {
    /// Terrorist content of these kinds of article 2(7): A incites, B solicits to commit, C solicits to take part, D instructs, E threatens
    #[arg(long, value_name = "A,B..", value_parser = types)]
    terrorist: Option<TcoTypes>,
    /// Not terrorist content
    #[arg(long)]
    not_terrorist: bool,
    /// Terrorist content of these kinds in some contexts only: it supports nothing
    #[arg(long, value_name = "A,B..", value_parser = types)]
    only_in_context: Option<TcoTypes>,
    /// You looked, and cannot say
    #[arg(long)]
    insufficient_information: bool,
    /// You will not say
    #[arg(long)]
    abstain: bool,
}

#[derive(clap::Args)]
struct How {
    /// The file that was viewed: compared with what was proposed, and its SHA-256 signed
    #[arg(long, value_name = "FILE", required_unless_present_any = ["adopt", "abstain"])]
    viewed: Option<PathBuf>,
    /// Two persons viewed it
    #[arg(long, requires = "viewed")]
    by_two: bool,
    /// Sign although the viewed file is not shown to be what was proposed
    #[arg(long, requires = "viewed")]
    anyway: bool,
    /// Nobody viewed it here: the verdict is that of this authority
    #[arg(long, value_name = "AUTHORITY", conflicts_with = "viewed")]
    adopt: Option<AuthorityId>,
    #[command(flatten)]
    videos: videos::Opener,
}

/// An act, by what it is known by.
#[derive(clap::Args)]
struct Act {
    /// It rests on this removal order
    #[arg(long, value_name = "REFERENCE", value_parser = text::<200>, group = "act")]
    order: Option<Text<200>>,
    /// On this decision of a court
    #[arg(long, value_name = "REFERENCE", value_parser = text::<200>, group = "act")]
    court_decision: Option<Text<200>>,
    /// On this decision under national law
    #[arg(long, value_name = "REFERENCE", value_parser = text::<200>, group = "act")]
    national_decision: Option<Text<200>>,
    /// The state whose act it is; without it your own
    #[arg(long, value_name = "STATE", requires = "act")]
    issued_by: Option<MemberState>,
}

#[derive(clap::Args)]
pub(crate) struct EndArgs {
    #[command(flatten)]
    act: Act,
    /// Why: annulled, scrutiny-infringement, revoked, court-order
    #[arg(long, value_name = "WHY", value_parser = named::<EndReason>)]
    reason: EndReason,
    /// What was removed for it has to be put back
    #[arg(long)]
    reinstate: bool,
    #[command(flatten)]
    hand: Hand,
}

impl Says {
    fn verdict(&self) -> Verdict {
        match self {
            Self {
                terrorist: Some(types),
                ..
            } => Verdict::Terrorist(*types),
            Self {
                only_in_context: Some(types),
                ..
            } => Verdict::TerroristOnlyInContext(*types),
            Self {
                not_terrorist: true,
                ..
            } => Verdict::NotTerrorist,
            Self {
                insufficient_information: true,
                ..
            } => Verdict::InsufficientInformation,
            _ => Verdict::Abstain,
        }
    }
}

impl Act {
    fn name(&self, own: MemberState) -> Option<InstrumentName> {
        let kinds = [
            (&self.order, InstrumentKind::RemovalOrder),
            (&self.court_decision, InstrumentKind::CourtDecision),
            (&self.national_decision, InstrumentKind::NationalDecision),
        ];
        kinds.into_iter().find_map(|(reference, kind)| {
            Some(InstrumentName {
                kind,
                issued_by: self.issued_by.unwrap_or(own),
                reference: reference.clone()?,
            })
        })
    }
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let mut register = args.hand.home.open()?;
    let id = entry(&register, &args.entry)?;
    let known = account(&register, id, now)?;
    let viewed = match &args.how.viewed {
        Some(file) => Some(viewed(file, &known.entry, &args.how, out)?),
        None => None,
    };
    let long = args.long_reasons.as_deref().map(digest).transpose()?;
    let key = args.hand.key.read()?;
    let slot = args.hand.slot(&mut register, &key)?;
    let based_on = match args.act.name(slot.state) {
        Some(name) => Some(instrument(name, args)?),
        None => None,
    };
    let method = match (&args.how.adopt, args.how.by_two) {
        (Some(from), _) => Method::Adopted { from: from.clone() },
        (None, true) => Method::ViewedByTwo,
        (None, false) => Method::ViewedByOne,
    };
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::Assessed(Assessment {
            entry: id,
            authority: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            verdict: args.says.verdict(),
            reasons: Reasons {
                short: args.reasons.clone(),
                long,
            },
            exempt_purpose_considered: args.exempt_purpose_considered,
            method,
            viewed,
            based_on,
            made_at: slot.at,
            valid_until: args.valid_until,
        }))
    })?;
    writeln!(
        out,
        "{} ({}) says of {} \"{}\": {}.",
        slot.by,
        slot.state,
        short(&id),
        known.entry.title,
        args.says.verdict()
    )?;
    tell(&register, id, slot.state, now, out)
}

/// The digest of the viewed file, if it is what was proposed.
fn viewed(
    file: &Path,
    entry: &Entry,
    how: &How,
    out: &mut impl Write,
) -> Result<Commitment, Failure> {
    let (same, commitment) = compare(entry, file, &how.videos)?;
    if !same.is_it() && !how.anyway {
        return Err(format!(
            "{}: {same}. View what was proposed, or say --anyway",
            file.display()
        )
        .into());
    }
    writeln!(out, "{}: {same}.", file.display())?;
    Ok(commitment)
}

/// Of a file of reasons, which is read whole.
fn digest(file: &Path) -> Result<Commitment, Failure> {
    Ok(Commitment::to(&whole(file, &Limits::default())?))
}

fn instrument(name: InstrumentName, args: &Args) -> Result<LegalInstrument, Failure> {
    let issued_at = args
        .issued_at
        .ok_or("say with --issued-at when the act was issued")?;
    let InstrumentName {
        kind,
        issued_by,
        reference,
    } = name;
    Ok(LegalInstrument {
        kind,
        issued_by,
        reference,
        issued_at,
        finality: args.finality,
        scrutiny: args.scrutiny,
    })
}

/// Tells that an act has lost its effect, and which entries change by that.
pub(super) fn end(args: &EndArgs, out: &mut impl Write) -> Result<(), Failure> {
    let now = args.hand.home.now();
    let mut register = args.hand.home.open()?;
    let key = args.hand.key.read()?;
    let slot = args.hand.slot(&mut register, &key)?;
    let instrument = args.act.name(slot.state);
    let instrument = instrument.ok_or(
        "say which act: --order, --court-decision or --national-decision, with its reference",
    )?;
    let before = resting(&register, &instrument, now)?;
    let name = instrument.clone();
    args.hand.say(&mut register, &key, |slot| {
        What::Event(Event::InstrumentEnded(InstrumentEnd {
            instrument: name,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            reason: args.reason,
            reinstatement_required: args.reinstate,
        }))
    })?;
    writeln!(
        out,
        "{} ({}) says of the {instrument}: {}.",
        slot.by, slot.state, args.reason
    )?;
    if before.is_empty() {
        writeln!(
            out,
            "No word of an entry here rests on it. Whoever rests one on it later says nothing by that."
        )?;
        return Ok(());
    }
    let mut table = Table::new(["entry", "before", "now", "title"]);
    for (entry, was) in before {
        let account = account(&register, entry, now)?;
        table.row([
            short(&entry),
            was.to_string(),
            account.consensus.state.to_string(),
            account.entry.title.to_string(),
        ]);
    }
    writeln!(out, "Words that rest on it fall:")?;
    Ok(table.write("  ", out)?)
}

/// The entries of which some word rests on an act, and their states.
fn resting(
    register: &Register,
    act: &InstrumentName,
    now: Time,
) -> Result<Vec<(EntryId, ConsensusState)>, Failure> {
    let cases = register.states(now, work::cores(), |case| {
        let rests = case.counted.iter().any(|event| {
            matches!(event, Event::Assessed(one) if one.based_on.as_ref().is_some_and(|known| known.name() == *act))
        });
        rests.then_some(case.consensus.state)
    })?;
    let resting = cases
        .into_iter()
        .filter_map(|(entry, state)| Some((entry, state?)));
    Ok(resting.collect())
}
