//! `ijkpunt review decide`, and what follows from decisions.

use std::io::Write;

use ijkpunt::baseline::{TcoTypes, Time};
use ijkpunt::review::{
    Action, Case, CaseId, EntryName, ExemptPurpose, Outcome, Proceedings, Reviews, Stage, Trip,
};

use super::home::{Hand, Home, Lists, case};
use crate::Failure;
use crate::output::{complain, count};
use crate::words::{named, time, types};

#[derive(clap::Args)]
#[command(after_help = OUTCOMES)]
pub(crate) struct DecideArgs {
    /// Which case
    #[arg(value_parser = case)]
    case: CaseId,
    /// What you find
    #[arg(value_name = "OUTCOME", value_parser = ["terrorist", "exempt", "not-a-match", "wrong-entry", "legal", "imminent-threat", "undecided"])]
    outcome: String,
    /// Of which types of article 2(7) TCO it is: letters separated by commas, such as a,c; without it, those that the states say
    #[arg(long, value_name = "TYPES", value_parser = types)]
    types: Option<TcoTypes>,
    /// For which purpose of article 1(3) TCO it is exempt: education, journalism, art, research, countering-terrorism, public-debate
    #[arg(long, value_name = "PURPOSE", value_parser = named::<ExemptPurpose>)]
    purpose: Option<ExemptPurpose>,
    /// What is done with the content, for what is terrorist: leave, remove, disable
    #[arg(long, value_name = "ACTION", value_parser = named::<Action>, default_value = "leave")]
    action: Action,
    /// Why, for colleagues; it can be erased
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    hand: Hand,
    #[command(flatten)]
    lists: Lists,
}

const OUTCOMES: &str = "Outcomes:
  terrorist        terrorist content: say what is done with it by --action
  exempt           the listed material, for a purpose that article 1(3) TCO exempts: say which by --purpose
  not-a-match      not the listed material
  wrong-entry      the listed material, which should not be in the list
  legal            the listed material, and legal here
  imminent-threat  terrorist, and a life is in imminent danger: call the police, then `ijkpunt review police`
  undecided        you cannot tell: somebody else has to look";

impl DecideArgs {
    fn outcome(&self, case: &Case) -> Result<Outcome, Failure> {
        let types = || {
            let types = self.types.or(case.types);
            types.ok_or("say of which types it is: --types a,c (article 2(7) TCO)")
        };
        Ok(match self.outcome.as_str() {
            "terrorist" => Outcome::ConfirmedTerrorist(types()?),
            "imminent-threat" => Outcome::ImminentThreat(types()?),
            "exempt" => Outcome::ConfirmedExempt(
                self.purpose
                    .ok_or("say for which purpose: --purpose journalism, for one")?,
            ),
            "not-a-match" => Outcome::NotAMatch,
            "wrong-entry" => Outcome::WrongEntry,
            "legal" => Outcome::Legal,
            _ => Outcome::Undecided,
        })
    }
}

pub(super) fn decide(args: &DecideArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    args.lists.follow(&mut reviews)?;
    let outcome = args.outcome(&reviews.case(args.case)?)?;
    let mut decision = person.finds(outcome).and(args.action);
    if let Some(note) = &args.note {
        decision = decision.because(note);
    }
    let now = args.hand.now();
    let came = reviews.decide(args.case, &decision, now)?;
    match came.stage {
        Stage::Second => writeln!(
            out,
            "case {}: {outcome}; somebody else has to look, too",
            args.case
        )?,
        Stage::Divided => writeln!(
            out,
            "case {}: {outcome}; those who looked do not agree: it takes two who do",
            args.case
        )?,
        _ => writeln!(out, "case {}: {outcome}; {}", args.case, args.action)?,
    }
    next(&reviews, args.case, &came.case, now, out)?;
    tell_trips(&came.trips, &args.lists, out)
}

/// What has to be done now.
pub(super) fn next(
    reviews: &Reviews,
    id: CaseId,
    case: &Case,
    now: Time,
    out: &mut impl Write,
) -> Result<(), Failure> {
    for (duty, until) in case.duties(reviews.policy()) {
        let command = match duty.name() {
            "tell_police" => format!(" (then `ijkpunt review police {id}`)"),
            "tell_uploader" => format!(
                " (`ijkpunt review report notice {id}` writes it; then `ijkpunt review informed {id}`)"
            ),
            "put_back" => format!(" (then `ijkpunt review put-back {id}`)"),
            "delete" => continue, // in half a year
            _ => String::new(),
        };
        let when = if until <= now {
            "now".to_owned()
        } else {
            format!("until {until}")
        };
        writeln!(out, "  to do, {when}: {duty}{command}")?;
    }
    Ok(())
}

/// Entries that the breaker switched off.
pub(super) fn tell_trips(
    trips: &[(EntryName, Trip)],
    lists: &Lists,
    out: &mut impl Write,
) -> Result<(), Failure> {
    for (entry, trip) in trips {
        writeln!(
            out,
            "The breaker switched {}/{} off: {}.",
            entry.list,
            entry.entry,
            trip.reason()
        )?;
        if lists.is_empty() {
            let switch = "in the records only: name the list's folder by --baseline, or use `ijkpunt review tripped --baseline`";
            complain(&format_args!(
                "{}/{} is off {switch}",
                entry.list, entry.entry
            ));
        }
    }
    Ok(())
}

#[derive(clap::Args)]
pub(crate) struct StepArgs {
    /// Which case
    #[arg(value_parser = case)]
    pub(super) case: CaseId,
    #[command(flatten)]
    pub(super) hand: Hand,
}

impl StepArgs {
    /// Records something, and tells what is to be done then.
    pub(super) fn record(
        &self,
        what: &str,
        out: &mut impl Write,
        record: impl FnOnce(
            &mut Reviews,
            CaseId,
            &ijkpunt::review::Person,
            Time,
        ) -> Result<Case, ijkpunt::review::ReviewError>,
    ) -> Result<(), Failure> {
        let (mut reviews, person) = self.hand.open()?;
        let now = self.hand.now();
        let stands = record(&mut reviews, self.case, &person, now)?;
        writeln!(out, "case {}: {what}", self.case)?;
        next(&reviews, self.case, &stands, now, out)
    }
}

#[derive(clap::Args)]
pub(crate) struct NotedArgs {
    /// Why, for colleagues; it can be erased
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    step: StepArgs,
}

pub(super) fn reopen(args: &NotedArgs, out: &mut impl Write) -> Result<(), Failure> {
    let note = args.note.as_deref();
    args.step.record(
        "reopened: somebody has to look again",
        out,
        |reviews, id, by, now| reviews.reopen(id, by, note, now),
    )
}

#[derive(clap::Args)]
pub(crate) struct PreserveArgs {
    /// Until when what was removed is kept
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    #[command(flatten)]
    noted: NotedArgs,
}

pub(super) fn preserve(args: &PreserveArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (note, until) = (args.noted.note.as_deref(), args.until);
    let what = format!("preserved until {until}");
    args.noted.step.record(&what, out, |reviews, id, by, now| {
        reviews.preserve(id, by, until, note, now)
    })
}

pub(super) fn erase(args: &StepArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    let erased = reviews.erase(args.case, &person, args.hand.now())?;
    Ok(writeln!(
        out,
        "case {}: {} erased; copies of the file may still hold them",
        args.case,
        count(erased as u64, "text")
    )?)
}

#[derive(clap::Args)]
pub(crate) struct ProceedingsArgs {
    /// Which: administrative, judicial, out-of-court
    #[arg(long, value_name = "KIND", value_parser = named::<Proceedings>, required_unless_present = "ended")]
    kind: Option<Proceedings>,
    /// The oldest that go on have ended, and the content: put-back, or stays-down
    #[arg(long, value_name = "HOW", value_parser = ["put-back", "stays-down"], conflicts_with = "kind")]
    ended: Option<String>,
    #[command(flatten)]
    step: StepArgs,
}

pub(super) fn proceedings(args: &ProceedingsArgs, out: &mut impl Write) -> Result<(), Failure> {
    match (args.kind, &args.ended) {
        (Some(kind), _) => {
            let what = format!("{kind} proceedings began");
            args.step.record(&what, out, |reviews, id, by, now| {
                reviews.proceedings(id, by, kind, now)
            })
        }
        (None, ended) => {
            let reinstated = ended.as_deref() == Some("put-back");
            args.step
                .record("proceedings ended", out, |reviews, id, by, now| {
                    reviews.proceedings_ended(id, by, reinstated, now)
                })
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct ReleaseArgs {
    #[command(flatten)]
    home: Home,
}

pub(super) fn release(args: &ReleaseArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut reviews = args.home.open()?;
    let released = reviews.release_holds(args.home.now())?;
    for case in &released {
        writeln!(
            out,
            "case {case}: the hold is over; it still waits for a person"
        )?;
    }
    Ok(writeln!(
        out,
        "{} over",
        count(released.len() as u64, "hold")
    )?)
}
