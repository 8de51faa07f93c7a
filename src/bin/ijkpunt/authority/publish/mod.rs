//! `ijkpunt authority publish`: from a register to a folder that any web server hands out, signed by parties who never share a machine.

mod files;
mod release;
mod root;
mod sign;
mod upkeep;

use std::io::Write;

use clap::Subcommand;

use crate::Failure;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Ask states to sign whose keys count: the first root of a repository, which is made, or the next one
    Root(root::DraftArgs),
    /// Write a root that enough states have signed
    AddRoot(root::AddArgs),
    /// Write down what is to be published of the register: who counts, and how far each log goes
    Release(release::DraftArgs),
    /// Show what a release changes, who has to sign, and what platforms will fetch, and write the request to the states: the dry run. Nothing is published
    Plan(release::PlanArgs),
    /// Show a request and sign it: a release only if your own register makes the same snapshot of it
    Sign(sign::Args),
    /// Publish a release that enough states have signed, and what they have suspended since
    Now(release::NowArgs),
    /// Sign anew that what is published is the newest
    Refresh(upkeep::RefreshArgs),
    /// Hand out what states have suspended and resumed since the last publication
    Suspensions(release::SuspensionsArgs),
    /// Read every file that is handed out, as platforms will
    Check(upkeep::CheckArgs),
    /// Remove files of older publications
    Clean(upkeep::CleanArgs),
}

pub(super) fn run(command: &Command, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        Command::Root(args) => root::draft(args, out),
        Command::AddRoot(args) => root::add(args, out),
        Command::Release(args) => release::draft(args, out),
        Command::Plan(args) => release::plan(args, out),
        Command::Sign(args) => sign::run(args, out),
        Command::Now(args) => release::now(args, out),
        Command::Refresh(args) => upkeep::refresh(args, out),
        Command::Suspensions(args) => release::suspensions(args, out),
        Command::Check(args) => upkeep::check(args, out),
        Command::Clean(args) => upkeep::clean(args, out),
    }
}
