//! `ijkpunt authority`: what the analysts of an authority do with their register.
//!
//! Exit codes: 0 done, 2 refused or failed.

mod assess;
mod board;
mod check;
mod explain;
mod feedback;
mod hand;
mod inbox;
mod init;
mod keygen;
mod log;
mod merge;
mod motion;
mod near;
mod propose;
mod publish;
mod report;
mod suspend;
mod words;

use std::io::Write;

use clap::Subcommand;

use crate::{Failure, Outcome};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a key, encrypted by a passphrase, and the card by which others know it
    Keygen(keygen::Args),
    /// Found a register, or join one
    #[command(subcommand)]
    Init(init::Command),
    /// Your authority's log: open it, change its key, promise how far it has come; list and verify all logs
    #[command(subcommand)]
    Log(log::Command),
    /// Sign that the authority of a card is admitted
    Admit(motion::AdmitArgs),
    /// Sign that a log is closed: its key was in other hands, it told two stories, or its authority leaves
    Revoke(motion::RevokeArgs),
    /// Sign that another policy takes the place of the present one
    Adopt(motion::AdoptArgs),
    /// Sign what another authority has moved
    Endorse(motion::EndorseArgs),
    /// What was moved, who has signed it, and what came of it
    Motions(motion::ListArgs),
    /// Propose a file; what is near to it in the register, or plain, is shown first
    Propose(propose::Args),
    /// What waits for a state
    Inbox(inbox::Args),
    /// Whether a file is the one that was proposed, or a copy of it
    Check(check::Args),
    /// Say what an entry is
    Assess(assess::Args),
    /// Take back what your authority has said of an entry, or the entry
    Withdraw(suspend::WithdrawArgs),
    /// Tell that an order or a decision has lost its effect: every word that rests on it falls
    End(assess::EndArgs),
    /// Stop an entry at once, for everybody
    Suspend(suspend::SuspendArgs),
    /// Lift your authority's suspension
    Resume(suspend::ResumeArgs),
    /// Enter what a platform told of its reviews
    Feedback(feedback::Args),
    /// The board: entries by state, what waits for whom, disagreements
    Status(board::Args),
    /// Who said what of an entry, what is missing, and a proof of it
    Explain(explain::Args),
    /// Take in what others have exported
    Merge(merge::Args),
    /// Write what the register holds, for others to merge
    Export(merge::ExportArgs),
    /// Counts for the yearly reports (articles 8 and 21 TCO)
    Report(report::Args),
    /// Publish what states agree on: signed by several, for platforms to fetch
    #[command(subcommand)]
    Publish(Box<publish::Command>),
}

pub(crate) fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, Failure> {
    let done = match command {
        Command::Keygen(args) => keygen::run(args, out),
        Command::Init(command) => init::run(command, out),
        Command::Log(command) => log::run(command, out),
        Command::Admit(args) => motion::admit(args, out),
        Command::Revoke(args) => motion::revoke(args, out),
        Command::Adopt(args) => motion::adopt(args, out),
        Command::Endorse(args) => motion::endorse(args, out),
        Command::Motions(args) => motion::list(args, out),
        Command::Propose(args) => return propose::run(args, out),
        Command::Inbox(args) => inbox::run(args, out),
        Command::Check(args) => return check::run(args, out),
        Command::Assess(args) => assess::run(args, out),
        Command::Withdraw(args) => suspend::withdraw(args, out),
        Command::End(args) => assess::end(args, out),
        Command::Suspend(args) => suspend::suspend(args, out),
        Command::Resume(args) => suspend::resume(args, out),
        Command::Feedback(args) => feedback::run(args, out),
        Command::Status(args) => board::run(args, out),
        Command::Explain(args) => explain::run(args, out),
        Command::Merge(args) => return merge::run(args, out),
        Command::Export(args) => merge::export(args, out),
        Command::Report(args) => report::run(args, out),
        Command::Publish(command) => publish::run(command, out),
    };
    done.map(|()| Outcome::NothingFound)
}
