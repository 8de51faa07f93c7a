//! What a state does that is asked to sign.

use std::io::Write;
use std::path::PathBuf;

use ijkpunt::limits::Limits;
use ijkpunt::publish::Checked;
use ijkpunt::tuf::Content;

use super::super::hand::Hand;
use super::super::keygen::write_new;
use super::super::words::short;
use super::files::{bytes, release, request};
use crate::output::{complain, count};
use crate::{Failure, work};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The request
    #[arg(value_name = "REQUEST")]
    request: PathBuf,
    /// Where to write the signature
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Your copy of what is published: its root says whether you may sign. Without it, only a first root is signed
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    /// For a release: what is to be published, to be compared with your register
    #[arg(long, value_name = "FILE")]
    release: Option<PathBuf>,
    /// Sign although the release leaves out what you hold
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let request = request(&args.request)?;
    let repository = args.repository.as_ref();
    let repository = repository
        .map(ijkpunt::publish::Repository::open)
        .transpose()?;
    let root = repository
        .as_ref()
        .and_then(ijkpunt::publish::Repository::root);
    for line in request.content().lines() {
        writeln!(out, "{line}")?;
    }
    let signature = match request.content() {
        Content::Targets(_) => {
            let path = args.release.as_ref().ok_or(
                "a list of files is signed for a release: name it with --release, and your register with --register",
            )?;
            let root = root.ok_or("name your copy of what is published with --repository")?;
            let register = args.hand.home.read()?;
            let published = repository.as_ref().and_then(|one| one.published());
            let before = published.map(|published| &published.targets);
            let checked = Checked::new(
                &bytes(&args.request)?,
                &release(path)?,
                &register,
                before,
                work::cores(),
                &Limits::default(),
            )?;
            writeln!(
                out,
                "\nYour register makes the same snapshot of it, byte by byte."
            )?;
            for left_out in checked.left_out() {
                let (log, statements) = (&left_out.log, left_out.statements);
                let statements = count(statements, "statement");
                complain(&format_args!(
                    "it leaves out {statements} of {} ({})",
                    log.authority, log.state
                ));
            }
            if !checked.left_out().is_empty() && !args.anyway {
                return Err(
                    "not signed: ask for a release that has them, or say --anyway if they can wait"
                        .into(),
                );
            }
            for entry in checked.unfindable() {
                complain(&format_args!(
                    "entry {} has no hash, and is not in it",
                    short(entry)
                ));
            }
            checked.sign(&args.hand.key.read()?, root)?
        }
        _ => request.sign(&args.hand.key.read()?, root)?,
    };
    write_new(&args.out, &signature.to_json(), false)?;
    writeln!(
        out,
        "\n{}: your signature. Send it back.",
        args.out.display()
    )?;
    Ok(())
}
