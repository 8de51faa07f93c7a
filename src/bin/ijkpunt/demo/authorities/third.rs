//! A third party that has no register: a proof, checked by another process.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Failure;

use super::page::Page;
use super::pictures::Picture;
use super::refused::changed;
use super::union::{Union, Who};

pub(super) fn prove(
    page: &mut Page<'_>,
    union: &Union,
    dir: &Path,
    picture: &Picture,
) -> Result<(), Failure> {
    page.step("Somebody without a register checks a proof")?;
    page.say(
        "A platform, a court or a researcher may ask why picture 1 is listed. XB writes a proof: the \
         signed statements from which it follows, and no other entry. Another process, which has no \
         register and no network, checks all signatures and works the state out anew. (The root of a log \
         is a hash of all that it holds: two logs with one root are the same.)",
    )?;
    let register = union.register(Who::Xb);
    let proof = register.proof(picture.entry, union.now)?;
    let json = proof.ok_or("there is no proof")?.to_json();
    let id = register.id().to_string();
    fs::write(dir.join(PROOF), &json)?;
    verify(page, dir, PROOF, &id)?;
    page.say(
        "Then one digit of one hash in the proof is changed, and the same command refuses it:",
    )?;
    fs::write(dir.join(CHANGED), changed(&json, "\"root\":\""))?;
    verify(page, dir, CHANGED, &id)
}

/// Runs `verify` in a process of its own and shows what it prints.
fn verify(page: &mut Page<'_>, dir: &Path, name: &str, id: &str) -> Result<(), Failure> {
    let output = Command::new(env::current_exe()?)
        .current_dir(dir)
        .args(["verify", name, "--register", id])
        .output()?;
    page.printed(&format!("$ ijkpunt verify {name} \\\n    --register {id}"))?;
    page.printed(&String::from_utf8_lossy(&output.stdout))?;
    page.printed(&String::from_utf8_lossy(&output.stderr))?;
    let code = output.status.code();
    let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    page.printed(&format!("exit code {code}"))?;
    Ok(())
}

/// The file of the proof.
pub(super) const PROOF: &str = "proof.json";

/// That of the changed one.
pub(super) const CHANGED: &str = "proof-changed.json";
