//! `ijkpunt review`: what the people of a platform do with matches, orders and complaints.
//!
//! Exit codes: 0 done, 1 something is late (`due`), 2 refused or failed.

mod cases;
mod decide;
mod export;
mod home;
mod opener;
mod order;
mod page;
mod people;
mod remedy;
mod report;

use std::io::Write;

use clap::Subcommand;

use crate::{Failure, Outcome};

pub(crate) use opener::{Cases, Opener};
pub(crate) use report::where_to_complain;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a file of cases, with the first person and the policy
    Init(people::InitArgs),
    /// Show the policy, or change it
    Policy(people::PolicyArgs),
    /// Enrol somebody, or give somebody other roles
    Enrol(people::EnrolArgs),
    /// Somebody has left
    Left(people::LeftArgs),
    /// Who may do what
    People(people::PeopleArgs),
    /// Open cases for matches
    Open(cases::OpenArgs),
    /// What waits for a person
    List(cases::ListArgs),
    /// A case, and all that happened to it
    Show(cases::ShowArgs),
    /// Say what you find in a case, and what is done with the content
    Decide(decide::DecideArgs),
    /// The uploader was told
    Informed(decide::StepArgs),
    /// The police were told of an imminent threat
    Police(decide::StepArgs),
    /// Let a case that was decided be looked at again
    Reopen(decide::NotedArgs),
    /// Keep what was removed for longer
    Preserve(decide::PreserveArgs),
    /// What was preserved is deleted, its time being over
    Deleted(decide::StepArgs),
    /// Proceedings against a decision began, or ended
    Proceedings(decide::ProceedingsArgs),
    /// Erase the texts of a case: reference, evidence, notes, complaints
    Erase(decide::StepArgs),
    /// Release the holds whose time is over
    Release(decide::ReleaseArgs),
    /// The uploader complains
    Complain(remedy::ComplainArgs),
    /// Uphold a complaint
    Uphold(remedy::AnswerArgs),
    /// Reject a complaint
    Reject(remedy::AnswerArgs),
    /// Content was put back
    PutBack(decide::StepArgs),
    /// What is to be put back
    Reinstatements(remedy::FileArgs),
    /// The decisions that rest on an entry
    Affected(remedy::AffectedArgs),
    /// Nobody can rest on an entry any more: what rests on it is looked at again
    Lose(remedy::LoseArgs),
    /// Entries that the breaker has switched off
    Tripped(remedy::TrippedArgs),
    /// Switch an entry on again that the breaker switched off
    Reset(remedy::ResetArgs),
    /// Draw a random sample of what did not match, to learn what is missed
    Sample(remedy::SampleArgs),
    /// Removal orders: entered, carried out, refused, ended
    #[command(subcommand)]
    Order(Box<order::Command>),
    /// The page that a person decides by
    Page(page::PageArgs),
    /// What is told: counts of a year, figures, statements of reasons, notices
    #[command(subcommand)]
    Report(report::Command),
    /// What people found of an entry, signed, for the authorities: counts only
    Feedback(report::FeedbackArgs),
    /// Make the platform's key, with which feedback is signed
    Keygen(report::KeygenArgs),
    /// What has to be done, and what is late
    Due(cases::DueArgs),
    /// Write all records, without texts about persons, for others to keep and to verify
    Export(export::ExportArgs),
    /// Verify the file
    Verify(export::VerifyArgs),
    /// Verify an export
    VerifyExport(export::VerifyExportArgs),
}

pub(crate) fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, Failure> {
    let done = match command {
        Command::Init(args) => people::init(args, out),
        Command::Policy(args) => people::policy(args, out),
        Command::Enrol(args) => people::enrol(args, out),
        Command::Left(args) => people::left(args, out),
        Command::People(args) => people::people(args, out),
        Command::Open(args) => cases::open(args, out),
        Command::List(args) => cases::list(args, out),
        Command::Show(args) => cases::show(args, out),
        Command::Decide(args) => decide::decide(args, out),
        Command::Informed(args) => {
            args.record("the uploader was told", out, |reviews, id, by, now| {
                reviews.informed(id, by, now)
            })
        }
        Command::Police(args) => {
            args.record("the police were told", out, |reviews, id, by, now| {
                reviews.police_informed(id, by, now)
            })
        }
        Command::Reopen(args) => decide::reopen(args, out),
        Command::Preserve(args) => decide::preserve(args, out),
        Command::Deleted(args) => args.record(
            "what was preserved is deleted",
            out,
            |reviews, id, by, now| reviews.deleted(id, by, now),
        ),
        Command::Proceedings(args) => decide::proceedings(args, out),
        Command::Erase(args) => decide::erase(args, out),
        Command::Release(args) => decide::release(args, out),
        Command::Complain(args) => remedy::complain(args, out),
        Command::Uphold(args) => remedy::answer(args, true, out),
        Command::Reject(args) => remedy::answer(args, false, out),
        Command::PutBack(args) => {
            args.record("the content was put back", out, |reviews, id, by, now| {
                reviews.reinstated(id, by, now)
            })
        }
        Command::Reinstatements(args) => remedy::reinstatements(args, out),
        Command::Affected(args) => remedy::affected(args, out),
        Command::Lose(args) => remedy::lose(args, out),
        Command::Tripped(args) => remedy::tripped(args, out),
        Command::Reset(args) => remedy::reset(args, out),
        Command::Sample(args) => remedy::sample(args, out),
        Command::Due(args) => {
            let is_late = cases::due(args, out)?;
            return Ok(if is_late {
                Outcome::Match
            } else {
                Outcome::NothingFound
            });
        }
        Command::Order(command) => order::run(command, out),
        Command::Page(args) => page::write(args, out),
        Command::Report(command) => report::run(command, out),
        Command::Feedback(args) => report::feedback(args, out),
        Command::Keygen(args) => report::keygen(args, out),
        Command::Export(args) => export::export(args, out),
        Command::Verify(args) => export::verify_file(args, out),
        Command::VerifyExport(args) => export::verify_export(args, out),
    };
    done.map(|()| Outcome::NothingFound)
}
