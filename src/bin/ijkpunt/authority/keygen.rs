//! `ijkpunt authority keygen`: a key, and the card by which others know it.

use std::io::Write;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{Authority, AuthorityId, MemberState, Role, Text};
use ijkpunt::sign::{Founder, Signer, SigningKey};

use super::words::{named, text};
use crate::Failure;
pub(super) use crate::keys::write_new;
use crate::keys::{Passphrase, check_new};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to write the key; nothing is overwritten
    #[arg(value_name = "KEYFILE")]
    file: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
    /// Write a card, too, which founders and those who admit need: who you are, and the public key. Without it only the key is made, such as for `log rotate`
    #[arg(long, value_name = "FILE", requires_all = ["id", "state", "name", "role"])]
    card: Option<PathBuf>,
    /// The name by which your authority signs: a to z, 0 to 9 and -
    #[arg(long, value_name = "ID", requires = "card")]
    id: Option<AuthorityId>,
    /// The state that it speaks for: two letters, ISO 3166-1
    #[arg(long, value_name = "STATE", requires = "card")]
    state: Option<MemberState>,
    /// What people call it
    #[arg(long, value_name = "NAME", value_parser = text::<120>, requires = "card")]
    name: Option<Text<120>>,
    /// What it was appointed for (article 12(1) TCO): issue-orders, scrutinise, oversee-measures, impose-penalties; may be given several times
    #[arg(long, value_name = "ROLE", value_parser = named::<Role>, requires = "card")]
    role: Vec<Role>,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    // Before anybody has thought of a passphrase, and made a key that nothing keeps.
    for path in [Some(&args.file), args.card.as_ref()].into_iter().flatten() {
        check_new(path)?;
    }
    let passphrase = args.passphrase.choose()?;
    let key = SigningKey::generate()?;
    let pem = key.to_pem(passphrase.as_bytes())?;
    write_new(&args.file, pem.as_bytes(), true)?;
    let (file, public) = (args.file.display(), key.public_key());
    writeln!(
        out,
        "{file}: a new key, encrypted. Keep it, a copy of it, and its passphrase in three places."
    )?;
    writeln!(out, "public key {public}, called {}", public.id())?;
    let who = args.id.as_ref().zip(args.state).zip(args.name.as_ref());
    if let Some((path, ((id, state), name))) = args.card.as_ref().zip(who) {
        let card = Founder {
            authority: Authority {
                id: id.clone(),
                state,
                name: name.clone(),
                roles: args.role.iter().copied().collect(),
            },
            key: public,
        };
        let mut json = serde_json::to_vec_pretty(&card)?;
        json.push(b'\n');
        write_new(path, &json, false)?;
        let path = path.display();
        writeln!(
            out,
            "{path}: the card, without secrets. Give it to those who found the register, or admit you."
        )?;
    }
    Ok(())
}

/// The card of an authority.
pub(super) fn card(path: &Path) -> Result<Founder, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let json = std::fs::read(path).map_err(|error| told(&error))?;
    let card = serde_json::from_slice(&json);
    Ok(card.map_err(|error| {
        told(&format_args!(
            "no card, such as `keygen --card` writes: {error}"
        ))
    })?)
}
