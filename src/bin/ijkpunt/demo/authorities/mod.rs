//! `ijkpunt demo --authorities`: how authorities of made-up states agree on what is listed, and how it reaches platforms.
//!
//! In: a folder to write to. Out: in it a register for each authority, the files that they exchange, the pictures, a proof, what is published; and
//! a text for somebody who sees this for the first time. What is told of entries, refusals and proofs comes from the library, at
//! that moment; times and keys are fixed, so the text is the same on every machine, but for the commands at its end.

mod acts;
mod agreeing;
mod founding;
mod next;
mod page;
mod pictures;
mod platforms;
mod publishing;
mod refused;
mod same;
mod third;
mod union;
mod words;

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::Failure;

use super::folder::{AUTHORITIES, Folder};

use page::Page;
use platforms::Platforms;
use publishing::Publishing;
use union::Who;

/// Tells the story.
///
/// # Errors
/// [`Failure`]: the folder is not this demo's, or reading or writing fails.
///
/// # Cost
/// Some seconds, mostly for commits that outlive a crash; 2 MB of disk.
pub(super) fn run(dir: &Path, out: &mut impl Write) -> Result<(), Failure> {
    let folder = Folder::admit_of(dir, &AUTHORITIES)?;
    clear(&folder)?;
    let page = &mut Page::new(out);
    introduce(page)?;
    let mut union = founding::found(page, dir)?;
    founding::admit(page, &mut union)?;
    let first = agreeing::agree(page, &mut union, dir)?;
    pictures::known_again(page, &union, dir, &first, 2)?;
    let second = agreeing::object(page, &mut union, dir)?;
    let third = agreeing::divide(page, &mut union, dir)?;
    let fourth = acts::annul(page, &mut union, dir)?;
    acts::suspend(page, &mut union, &first)?;
    refused::refuse(page, &mut union, &fourth)?;
    refused::fork(page, &mut union, dir, &second)?;
    same::compare(page, &union, &[&first, &second, &third, &fourth])?;
    third::prove(page, &union, dir, &first)?;
    platforms::agree_again(page, &mut union, &third)?;
    let mut publishing = Publishing::begin(page, dir)?;
    publishing::first(page, &union, &mut publishing)?;
    let mut platforms = Platforms::begin(page, &mut union, dir)?;
    platforms.suspend(page, &mut union, &mut publishing, &first)?;
    platforms.withdraw(page, &mut union, &mut publishing, &first)?;
    platforms.replay(page, &mut union)?;
    next::end(page, &union, dir, &first)
}

/// Removes what an earlier run wrote, and only that; then the folder is there, and marked.
fn clear(folder: &Folder) -> Result<(), Failure> {
    folder.mark(&AUTHORITIES)?;
    let registers = Who::ALL.map(Who::name);
    for name in registers.iter().chain(&OTHER_FOLDERS) {
        let path = folder.dir.join(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
    }
    for name in FILES {
        let path = folder.dir.join(name);
        if path.exists() {
            fs::remove_file(&path)?;
        }
    }
    Ok(fs::create_dir(pictures::media(&folder.dir))?)
}

const OTHER_FOLDERS: [&str; 10] = [
    "exchange",
    "media",
    refused::COPY,
    same::NEWCOMER,
    publishing::DESKS,
    publishing::REPOSITORY,
    platforms::MIRROR,
    platforms::PLATFORMS[0],
    platforms::PLATFORMS[1],
    next::OWN,
];

const FILES: [&str; 3] = [refused::FORK, third::PROOF, third::CHANGED];

fn introduce(page: &mut Page<'_>) -> Result<(), Failure> {
    page.line("How authorities of five made-up states agree on what is listed")?;
    page.plain(
        "The states XA, XB, XC, XD and XE each have an authority that looks at pictures and says \
         whether they are terrorist content in the sense of Regulation (EU) 2021/784 (TCO). Each \
         thing that it says, a statement, it signs with a key that nobody else has, so that others can \
         check who said it and that nothing was changed. Its statements in their order are its log. A \
         register is a file with the logs of all. Every authority has a register of its own; they \
         send each other their logs as files, and nobody keeps a register for all.",
    )?;
    page.plain(
        "Nothing here is real. This program draws the pictures and hands in the times, and the keys \
         are keys that everybody knows, for this demonstration only. A line that begins with > is \
         what the library tells at that moment; one that begins with | was printed by another process.",
    )?;
    page.plain(
        "To be listed means that copies of a picture are looked for among uploads. A copy that is \
         found is information for a person, who decides what to do; nothing is removed by any of this.",
    )?;
    Ok(())
}
