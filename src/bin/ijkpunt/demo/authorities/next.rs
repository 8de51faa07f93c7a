//! What is in the folder, and commands to go on with.

use std::path::Path;

use crate::Failure;
use crate::demo::next::{Invocation, quoted};

use super::page::Page;
use super::pictures::{Picture, media};
use super::platforms::PLATFORMS;
use super::publishing::REPOSITORY;
use super::third::PROOF;
use super::union::{Union, Who};
use super::words::beginning;

pub(super) fn end(
    page: &mut Page<'_>,
    union: &Union,
    dir: &Path,
    picture: &Picture,
) -> Result<(), Failure> {
    page.line(&format!("\nWhat is in `{}`:\n", dir.display()))?;
    page.line(CONTENTS)?;
    page.line("\nGo on yourself:")?;
    let invocation = Invocation::current_with_registers();
    let proof = quoted(&dir.join(PROOF));
    let register = quoted(&dir.join(Who::Xa.name()).join("register"));
    let (id, entry) = (union.register(Who::Xa).id(), beginning(&picture.entry));
    let authority = Who::Xa.state_name();
    let repository = quoted(&dir.join(REPOSITORY));
    let root = quoted(&dir.join(REPOSITORY).join("metadata/1.root.json"));
    let own = quoted(&dir.join(OWN));
    let baseline = quoted(&dir.join(PLATFORMS[0]).join("baseline"));
    let pictures = quoted(&media(dir));
    for (why, command) in [
        (
            "check the proof again, or one in which you have changed something",
            format!("verify {proof} --register {id}"),
        ),
        (
            "what there is in XA's register, and what waits for XA",
            format!("authority status --register {register} --for {authority}"),
        ),
        (
            "who said what of picture 1, and why that counts",
            format!("authority explain {entry} --register {register}"),
        ),
        (
            "a platform of your own: fetch the list, and look for what is on it",
            format!("sync --repo {repository} --root {root} --dir {own} --register {id}"),
        ),
        (
            "what platform 1 says of the pictures: two of them are still listed",
            format!("screen --baseline {baseline} {pictures}"),
        ),
    ] {
        page.line(&format!("\n  # {why}\n{}", invocation.with(&command)))?;
    }
    Ok(())
}

/// The folder of the platform that the reader makes.
pub(super) const OWN: &str = "my-platform";

const CONTENTS: &str =
    "  xa/register and so on  the register of each authority; a file each, never shared
  exchange/              the logs that were sent, in their order, three forged ones among them
  media/                 the pictures, which were never sent, and the copy of picture 1
  xc-copy/register       the copy of XC's register that told another story
  fork.jsonl             the proof that it did
  newcomer/register      the register that took all files in from the last to the first
  proof.json             the proof that picture 1 is listed; proof-changed.json does not hold
  publication/           what went from desk to desk: releases, requests, signatures
  repository/            what is handed out: any web server can; mirror/ is the copy that lags
  platform-1/baseline    what platform 1 screens with; platform-2/baseline that of platform 2";
