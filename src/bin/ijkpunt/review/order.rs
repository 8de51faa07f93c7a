//! `ijkpunt review order`: removal orders, from their receipt to their answer and their end.

use std::io::Write;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{MediaKind, MemberState, Text, Time};
use ijkpunt::limits::Limits;
use ijkpunt::review::order::{
    self, Feedback, Format, Ground, Impossibility, Measure, Prose, RemovalOrder, Responder,
    SealedOrder, Several, Taken,
};
use ijkpunt::review::{Action, Case, CaseId, Language, OrderEnd, OrderGround, Person, Reviews};

use super::decide::{StepArgs, next};
use super::home::{Hand, Home};
use crate::Failure;
use crate::words::{named, text, time};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Show an order as a form to read, with what it asks for
    Form(FormArgs),
    /// An order was received: its hour begins
    Enter(EnterArgs),
    /// The hashes that came with an order, as a list to screen what is stored
    Hashes(FormArgs),
    /// It was carried out: writes the answer of annex II
    Done(DoneArgs),
    /// It cannot be carried out: writes the answer of annex III
    Refuse(RefuseArgs),
    /// What stood in its way is gone: its hour begins again
    Clear(StepArgs),
    /// It has no effect any more: what was taken down for it is to be put back
    End(EndArgs),
}

pub(super) fn run(command: &Command, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        Command::Form(args) => form(args, out),
        Command::Enter(args) => enter(args, out),
        Command::Hashes(args) => hashes(args, out),
        Command::Done(args) => done(args, out),
        Command::Refuse(args) => refuse(args, out),
        Command::Clear(args) => args.record(
            "nothing stands in the way of the order now",
            out,
            |reviews, id, by, now| reviews.order_cleared(id, by, now),
        ),
        Command::End(args) => {
            let what = format!("the order ended: {}", args.why);
            args.step.record(&what, out, |reviews, id, by, now| {
                reviews.order_ended(id, by, args.why, now)
            })
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct FormArgs {
    /// The order, in JSON
    order: PathBuf,
    /// The language: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    language: Language,
}

fn read(path: &Path) -> Result<RemovalOrder, Failure> {
    let bytes = Home::bytes(path)?;
    Ok(RemovalOrder::read(&bytes, &Limits::default())
        .map_err(|error| format!("{}: {error}", path.display()))?)
}

fn form(args: &FormArgs, out: &mut impl Write) -> Result<(), Failure> {
    Ok(out.write_all(
        read(&args.order)?
            .form(args.language, Format::Plain)?
            .as_bytes(),
    )?)
}

fn hashes(args: &FormArgs, out: &mut impl Write) -> Result<(), Failure> {
    let order = read(&args.order)?;
    let media = order.media.iter().flat_map(|media| media.iter());
    let codes: Vec<String> = media
        .filter_map(order::Media::pdq)
        .map(|pdq| pdq.to_string())
        .collect();
    if codes.is_empty() {
        return Err(format!(
            "{}: no perceptual hash came with it: look for the content by its addresses",
            args.order.display()
        )
        .into());
    }
    writeln!(out, "id,pdq")?;
    for (number, code) in (1..).zip(codes) {
        writeln!(out, "ordered-{number},{code}")?;
    }
    Ok(())
}

#[derive(clap::Args)]
pub(crate) struct EnterArgs {
    /// The order, in JSON; its addresses are not kept
    order: PathBuf,
    /// The upload that it is about, by your own reference
    #[arg(long, value_name = "REFERENCE")]
    subject: String,
    /// What it is: image, animated-image, video
    #[arg(long, value_name = "KIND", value_parser = named::<MediaKind>, default_value = "image")]
    media: MediaKind,
    /// When it was received; without it, now
    #[arg(long, value_name = "TIME", value_parser = time)]
    received: Option<Time>,
    #[command(flatten)]
    hand: Hand,
}

fn enter(args: &EnterArgs, out: &mut impl Write) -> Result<(), Failure> {
    let order = read(&args.order)?;
    let is_cross_border = order.is_cross_border();
    let sealed = order.sealed();
    let (mut reviews, person) = args.hand.open()?;
    let now = args.hand.now();
    let received = args.received.unwrap_or(now);
    let id = reviews.receive_order(&args.subject, args.media, &sealed, received, &person, now)?;
    writeln!(
        out,
        "case {id}: {}, received {received}",
        sealed.name().instrument()
    )?;
    if is_cross_border {
        writeln!(
            out,
            "it comes from another Member State ({}): until {} you may ask the authority of yours to scrutinise it (article 4(4) TCO), which does not stop the hour",
            sealed.name().state,
            order::host_may_ask(received).until
        )?;
    }
    if let Some(ban) = &sealed.non_disclosure {
        writeln!(
            out,
            "the uploader is not to be told before {} (article 11(3) TCO)",
            ban.ends_at(now)
        )?;
    }
    next(&reviews, id, &reviews.case(id)?, now, out)
}

/// Who answers for the platform.
#[derive(clap::Args)]
struct Answerer {
    /// The Member State in which the platform, or its representative, is established
    #[arg(long, value_name = "STATE")]
    established: MemberState,
    /// Where the authority reaches you
    #[arg(long, value_name = "TEXT", value_parser = text::<300>)]
    contact: Option<Text<300>>,
    /// The language: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    language: Language,
    /// Where to write the answer as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Answerer {
    fn responder(&self, reviews: &Reviews, person: &Person) -> Result<Responder, Failure> {
        Ok(Responder {
            host: Text::new(reviews.policy().platform.as_str())?,
            representative: None,
            state: self.established,
            by: Text::new(person.pseudonym().as_str())?,
            contact: self.contact.clone(),
        })
    }

    fn write(&self, form: &str, json: &str, out: &mut impl Write) -> Result<(), Failure> {
        if let Some(path) = &self.json {
            crate::keys::write_new(path, json.as_bytes(), false)?;
        }
        Ok(out.write_all(form.as_bytes())?)
    }
}

/// The order of a case, as it was kept.
fn kept(reviews: &Reviews, id: CaseId) -> Result<(SealedOrder, Case), Failure> {
    let story = reviews.story(id)?;
    let json = story.evidence.filter(|_| story.case.order.is_some());
    let json =
        json.ok_or_else(|| format!("case {id}: there is no order with it, or it was erased"))?;
    Ok((
        SealedOrder::read(json.as_bytes(), &Limits::default())?,
        story.case,
    ))
}

#[derive(clap::Args)]
pub(crate) struct DoneArgs {
    /// How: remove, disable
    #[arg(long, value_name = "ACTION", value_parser = named::<Action>, default_value = "remove")]
    action: Action,
    #[command(flatten)]
    answerer: Answerer,
    #[command(flatten)]
    step: StepArgs,
}

fn done(args: &DoneArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.step.hand.open()?;
    let (id, now) = (args.step.case, args.step.hand.now());
    let (order, case) = kept(&reviews, id)?;
    let measure = if args.action == Action::Disable {
        Measure::AccessDisabled
    } else {
        Measure::Removed
    };
    let items = (1..=order.addresses.count().max(1)).filter_map(std::num::NonZeroU32::new);
    let taken: Vec<Taken> = items
        .map(|item| Taken {
            item,
            measure,
            at: now,
        })
        .collect();
    let answer = Feedback {
        order: order.name(),
        own_reference: Text::new(format!("case {id}")).ok(),
        received_at: case.screened_at,
        taken: Several::try_from(taken)?,
        responder: args.answerer.responder(&reviews, &person)?,
        written_at: now,
    };
    let form = answer.form(args.answerer.language, Format::Plain)?;
    reviews.order_done(id, &person, args.action, now)?;
    args.answerer.write(&form, &answer.to_json(), out)
}

#[derive(clap::Args)]
pub(crate) struct RefuseArgs {
    /// Why: impossibility, manifest-errors, insufficient-information
    #[arg(long, value_name = "GROUND", value_parser = named::<OrderGround>)]
    ground: OrderGround,
    /// The reasons, for the authority
    #[arg(long, value_name = "TEXT")]
    reasons: String,
    /// What you need from the authority: for manifest errors and insufficient information
    #[arg(long, value_name = "TEXT")]
    needed: Option<String>,
    #[command(flatten)]
    answerer: Answerer,
    #[command(flatten)]
    step: StepArgs,
}

fn refuse(args: &RefuseArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.step.hand.open()?;
    let (id, now) = (args.step.case, args.step.hand.now());
    let (order, case) = kept(&reviews, id)?;
    let explanation = Prose::new(args.reasons.as_str())?;
    let needed = || -> Result<Prose<2000>, Failure> {
        let needed = args
            .needed
            .as_deref()
            .ok_or("say what you need from the authority: --needed TEXT")?;
        Ok(Prose::new(needed)?)
    };
    let ground = match args.ground {
        OrderGround::ManifestErrors => Ground::ManifestErrors {
            explanation,
            needed: needed()?,
        },
        OrderGround::InsufficientInformation => Ground::InsufficientInformation {
            explanation,
            needed: needed()?,
        },
        _ => Ground::Impossible { explanation },
    };
    let answer = Impossibility {
        order: order.name(),
        own_reference: Text::new(format!("case {id}")).ok(),
        received_at: case.screened_at,
        ground,
        responder: args.answerer.responder(&reviews, &person)?,
        written_at: now,
    };
    let form = answer.form(args.answerer.language, Format::Plain)?;
    reviews.order_refused(id, &person, args.ground, Some(&args.reasons), now)?;
    args.answerer.write(&form, &answer.to_json(), out)
}

#[derive(clap::Args)]
pub(crate) struct EndArgs {
    /// Why: annulled, scrutiny-infringement, revoked, court-order
    #[arg(long, value_name = "REASON", value_parser = named::<OrderEnd>)]
    why: OrderEnd,
    #[command(flatten)]
    step: StepArgs,
}
