//! Whose keys count for what is published.

use std::io::Write;
use std::num::NonZeroU64;
use std::path::PathBuf;

use ijkpunt::baseline::Time;
use ijkpunt::publish::Repository;
use ijkpunt::sign::{Founder, PublicKey};
use ijkpunt::tuf::{Metadata, RootTerms, StateTerms};

use super::super::keygen::{card, write_new};
use super::super::words::time;
use super::files::{Folder, request, signatures};
use crate::Failure;

#[derive(clap::Args)]
pub(crate) struct DraftArgs {
    /// The card of each state's key for publishing, as `keygen --card` wrote it: one a state, and not the key of its log
    #[arg(required = true, value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// So many distinct states sign what is published, and the next root
    #[arg(long, value_name = "STATES")]
    needed: usize,
    /// The public key by which the publisher says what belongs together
    #[arg(long, value_name = "PUBLIC KEY")]
    snapshot_key: PublicKey,
    /// The public key by which the publisher says what is the newest
    #[arg(long, value_name = "PUBLIC KEY")]
    timestamp_key: PublicKey,
    /// Until when it counts
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    /// Where to write the request
    #[arg(long, short, value_name = "FILE", default_value = "root-request.json")]
    out: PathBuf,
    #[command(flatten)]
    folder: Folder,
}

#[derive(clap::Args)]
pub(crate) struct AddArgs {
    /// The request that the states have signed
    #[arg(value_name = "REQUEST")]
    request: PathBuf,
    /// Their signatures
    #[arg(required = true, value_name = "SIGNATURE")]
    signatures: Vec<PathBuf>,
    #[command(flatten)]
    folder: Folder,
}

pub(super) fn draft(args: &DraftArgs, out: &mut impl Write) -> Result<(), Failure> {
    let repository = match args.folder.repository.exists() {
        true => args.folder.open()?,
        false => Repository::create(&args.folder.repository)?,
    };
    let cards = args.cards.iter().map(|path| card(path));
    let cards: Vec<Founder> = cards.collect::<Result<_, _>>()?;
    let keys = cards.iter().map(|card| (card.authority.state, card.key));
    let states = StateTerms {
        threshold: args.needed,
        keys: keys.collect(),
    };
    let version = repository
        .root()
        .map_or(Some(NonZeroU64::MIN), |root| root.version().checked_add(1));
    let request = repository.propose_root(RootTerms {
        version: version.ok_or("there are no more versions of roots")?,
        expires: args.until,
        root: states.clone(),
        targets: states,
        snapshot: vec![args.snapshot_key],
        timestamp: vec![args.timestamp_key],
    })?;
    write_new(&args.out, &request.to_json(), false)?;
    for line in request.content().lines() {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "\n{}: the request. Each state reads it and signs it with `ijkpunt authority publish sign`.",
        args.out.display()
    )?;
    Ok(())
}

pub(super) fn add(args: &AddArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut repository = args.folder.open()?;
    let request = request(&args.request)?;
    let again = repository.add_root(&request, &signatures(&args.signatures)?)?;
    let root = repository.root().ok_or("there is no root")?;
    let states: Vec<String> = root.states().iter().map(ToString::to_string).collect();
    writeln!(
        out,
        "root {} counts, signed by {}. Platforms begin with this file: {}/metadata/{}.root.json",
        root.version(),
        states.join(", "),
        args.folder.repository.display(),
        root.version(),
    )?;
    for role in again {
        writeln!(
            out,
            "by the new root, {role} counts no more until it is signed anew"
        )?;
    }
    Ok(())
}
