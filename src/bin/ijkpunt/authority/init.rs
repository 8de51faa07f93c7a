//! `ijkpunt authority init`: a register is founded, or joined.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use ijkpunt::baseline::{Denominator, Designation, Policy, Rule, Text, Time};
use ijkpunt::limits::Limits;
use ijkpunt::register::Register;
use ijkpunt::sign::{Envelope, Founder, Founding, Genesis, GenesisId, Signer};

use super::hand::Key;
use super::keygen::{card, write_new};
use super::words::{short, text, time};
use crate::Failure;
use crate::table::Table;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write down with whom and by which rules a register begins, of the founders' cards: for all founders to read and sign
    Draft(DraftArgs),
    /// Show a draft, and sign it: the file then holds your signature, too. Hand it on
    Sign(SignArgs),
    /// Make a register of a genesis that all founders have signed
    Create(CreateArgs),
    /// Make a register of what another one has exported, and take that in with `merge`
    Join(JoinArgs),
}

#[derive(clap::Args)]
pub(crate) struct DraftArgs {
    /// The founders' cards, as `keygen --card` wrote them
    #[arg(required = true, value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// Where to write the draft
    #[arg(long, value_name = "FILE", default_value = "genesis.json")]
    out: PathBuf,
    /// What people call the register
    #[arg(long, value_name = "NAME", value_parser = text::<64>)]
    name: Text<64>,
    /// Authorities of so many distinct states admit others, close logs and change the policy
    #[arg(long, value_name = "STATES")]
    needed: u32,
    /// When it begins
    #[arg(long, value_name = "TIME", value_parser = time)]
    begins: Time,
    /// The policy, as JSON; without it the baseline's: all of the founders' states, one objection blocks, silence is no consent
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct SignArgs {
    /// The draft, or what others have signed already
    #[arg(value_name = "GENESIS")]
    file: PathBuf,
    #[command(flatten)]
    key: Key,
}

#[derive(clap::Args)]
pub(crate) struct CreateArgs {
    /// The genesis, signed by all founders
    #[arg(value_name = "GENESIS")]
    file: PathBuf,
    /// Where to make the register; nothing is overwritten
    #[arg(long, short, value_name = "FILE", default_value = "register.ijkpunt")]
    register: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct JoinArgs {
    /// What an authority of the register has exported
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The register's id, as its founders publish it: anybody can found a register
    #[arg(long, value_name = "ID")]
    id: GenesisId,
    /// Where to make the register; nothing is overwritten
    #[arg(long, short, value_name = "FILE", default_value = "register.ijkpunt")]
    register: PathBuf,
}

pub(super) fn run(command: &Command, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        Command::Draft(args) => draft(args, out),
        Command::Sign(args) => sign(args, out),
        Command::Create(args) => create(args, out),
        Command::Join(args) => join(args, out),
    }
}

fn draft(args: &DraftArgs, out: &mut impl Write) -> Result<(), Failure> {
    let founders: Vec<Founder> = args
        .cards
        .iter()
        .map(|path| card(path))
        .collect::<Result<_, _>>()?;
    let policy = match &args.policy {
        Some(path) => policy(path)?,
        None => {
            let states = founders.iter().map(|founder| founder.authority.state);
            let states: std::collections::BTreeSet<_> = states.collect();
            let since = args.begins;
            let designation = |state| Designation { state, since };
            Policy::baseline(states.into_iter().map(designation).collect())?
        }
    };
    let genesis = Genesis::new(Founding {
        name: args.name.clone(),
        at: args.begins,
        needed_states: args.needed,
        policy,
        founders,
    })?;
    let mut json = serde_json::to_vec_pretty(&genesis)?;
    json.push(b'\n');
    write_new(&args.out, &json, false)?;
    show(&genesis, &[], out)?;
    writeln!(
        out,
        "\n{}: the draft. Each founder reads it and signs it with `ijkpunt authority init sign`.",
        args.out.display()
    )?;
    Ok(())
}

/// A policy, as JSON.
pub(super) fn policy(path: &Path) -> Result<Policy, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let json = fs::read(path).map_err(|error| told(&error))?;
    Ok(serde_json::from_slice(&json).map_err(|error| told(&error))?)
}

/// A genesis as it is handed on.
enum Handed {
    Draft(Genesis),
    Signed(Envelope, Genesis),
}

impl Handed {
    fn read(path: &Path) -> Result<Self, Failure> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let json = fs::read(path).map_err(|error| told(&error))?;
        if let Ok(draft) = serde_json::from_slice(&json) {
            return Ok(Self::Draft(draft));
        }
        let none = |error: &dyn std::fmt::Display| {
            told(&format_args!(
                "neither the draft of a genesis nor a signed one: {error}"
            ))
        };
        let envelope = Envelope::from_json(json.trim_ascii(), &Limits::default());
        let envelope = envelope.map_err(|error| none(&error))?;
        let genesis = Genesis::unverified(&envelope).map_err(|error| none(&error))?;
        Ok(Self::Signed(envelope, genesis))
    }
}

fn sign(args: &SignArgs, out: &mut impl Write) -> Result<(), Failure> {
    let handed = Handed::read(&args.file)?;
    let key = args.key.read()?;
    let (genesis, envelope) = match handed {
        Handed::Draft(genesis) => {
            check_founder(&genesis, &key)?;
            let envelope = Envelope::of(&genesis, &[&key])?;
            (genesis, envelope)
        }
        Handed::Signed(mut envelope, genesis) => {
            check_founder(&genesis, &key)?;
            let name = key.public_key().id();
            if envelope
                .signatures()
                .iter()
                .any(|(known, _)| *known == name)
            {
                let missing = missing(&genesis, &envelope);
                return Err(match &missing[..] {
                    [] => "all have signed it: make a register of it with `ijkpunt authority init create`".to_owned(),
                    others => format!("this key has signed it already: hand it on to {}", others.join(", ")),
                }
                .into());
            }
            envelope.add(&key)?;
            (genesis, envelope)
        }
    };
    replace(&args.file, envelope.to_json().as_bytes())?;
    let missing = missing(&genesis, &envelope);
    show(&genesis, &missing, out)?;
    let file = args.file.display();
    if missing.is_empty() {
        writeln!(
            out,
            "\n{file}: signed by all. Each founder makes its register of it with `ijkpunt authority init create`."
        )?;
    } else {
        writeln!(
            out,
            "\n{file}: signed. Hand it on to {}.",
            missing.join(", ")
        )?;
    }
    Ok(())
}

fn check_founder(genesis: &Genesis, key: &dyn Signer) -> Result<(), Failure> {
    let public = key.public_key();
    let is_founder = genesis
        .founding()
        .founders
        .iter()
        .any(|founder| founder.key == public);
    if is_founder {
        return Ok(());
    }
    Err(format!(
        "the key {} is no founder's here: take the one of your card, or ask for another draft",
        short(&public.id())
    )
    .into())
}

/// The founders whose signature is not there.
fn missing(genesis: &Genesis, envelope: &Envelope) -> Vec<String> {
    let has_signed = |founder: &&Founder| {
        envelope
            .signatures()
            .iter()
            .any(|(key, _)| *key == founder.key.id())
    };
    let founders = genesis.founding().founders.iter();
    let missing = founders.filter(|founder| !has_signed(founder));
    missing
        .map(|founder| founder.authority.id.to_string())
        .collect()
}

fn create(args: &CreateArgs, out: &mut impl Write) -> Result<(), Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", args.file.display());
    let (envelope, genesis) = match Handed::read(&args.file)? {
        Handed::Draft(_) => {
            return Err(
                told(&"nobody has signed it: sign it with `ijkpunt authority init sign`").into(),
            );
        }
        Handed::Signed(envelope, genesis) => (envelope, genesis),
    };
    let missing = missing(&genesis, &envelope);
    if !missing.is_empty() {
        return Err(told(&format_args!(
            "not signed by {}: hand it on",
            missing.join(", ")
        ))
        .into());
    }
    let register = Register::create(&args.register, &envelope).map_err(|error| told(&error))?;
    show(&genesis, &[], out)?;
    founded(&register, out)
}

fn join(args: &JoinArgs, out: &mut impl Write) -> Result<(), Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", args.file.display());
    let limits = Limits::default();
    let mut line = Vec::new();
    let file = fs::File::open(&args.file).map_err(|error| told(&error))?;
    let most = limits.envelope_bytes.saturating_add(1);
    let mut file = BufReader::new(std::io::Read::take(file, most));
    file.read_until(b'\n', &mut line)
        .map_err(|error| told(&error))?;
    let line = line.trim_ascii();
    let genesis = Register::genesis_of(line, &limits).map_err(|error| told(&error))?;
    if genesis.id() != args.id {
        return Err(told(&format_args!("of the register {}, and not of {}: ask for the right file, or compare the id with the founders", genesis.id(), args.id)).into());
    }
    let envelope = Envelope::from_json(line, &limits).map_err(|error| told(&error))?;
    let register = Register::create(&args.register, &envelope)?;
    show(&genesis, &[], out)?;
    founded(&register, out)
}

fn founded(register: &Register, out: &mut impl Write) -> Result<(), Failure> {
    let path = register.path().display();
    writeln!(out, "\n{path}: the register {}", register.id())?;
    writeln!(
        out,
        "Publish its id: others know it by that. Next: `ijkpunt authority log open`, or `merge` with what others have exported."
    )?;
    Ok(())
}

/// What founders sign, in words.
fn show(genesis: &Genesis, missing: &[String], out: &mut impl Write) -> Result<(), Failure> {
    let Founding {
        name,
        at,
        needed_states,
        policy,
        founders,
    } = genesis.founding();
    writeln!(
        out,
        "register  {name}, from {at} on\nid        {}",
        genesis.id()
    )?;
    writeln!(out, "rules     {}", rules(policy))?;
    writeln!(
        out,
        "          authorities of {needed_states} states admit others, close logs and change the rules"
    )?;
    let mut table = Table::new(["founder", "state", "appointed to", "key", ""]);
    for Founder { authority, key } in founders {
        let roles: Vec<String> = authority.roles.iter().map(ToString::to_string).collect();
        let is_missing = missing.contains(&authority.id.to_string());
        table.row([
            authority.id.to_string(),
            authority.state.to_string(),
            roles.join(", "),
            key.to_string(),
            if is_missing {
                "has not signed".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    Ok(table.write("", out)?)
}

/// A policy in a line.
pub(super) fn rules(policy: &Policy) -> String {
    let terms = policy.terms();
    let states = match &terms.denominator {
        Denominator::Designated(list) => {
            let list: Vec<String> = list.iter().map(|one| one.state.to_string()).collect();
            format!("the designated states {}", list.join(" "))
        }
        Denominator::Explicit(list) => {
            let list: Vec<String> = list.iter().map(ToString::to_string).collect();
            format!("the states {}", list.join(" "))
        }
        Denominator::Responding => "the states that respond".to_owned(),
    };
    let rule = match terms.rule {
        Rule::All => "all".to_owned(),
        Rule::AtLeast(least) => format!("at least {least}"),
        Rule::Fraction {
            numerator,
            denominator,
        } => format!("{numerator} in {denominator}"),
    };
    format!("{} {}: {rule} of {states}", terms.name, terms.version)
}

/// Puts a file in the place of another one, all or nothing.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let beside = path.with_extension("new");
    fs::write(&beside, bytes).map_err(told)?;
    fs::rename(&beside, path).map_err(told)?;
    Ok(())
}
