//! What platforms make of it: they fetch, screen, and hear the next time what has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ijkpunt::baseline::{Event, Target, Withdrawal, WithdrawalReason};
use ijkpunt::register::Slot;
use ijkpunt::screen::{Screener, Screening, Surface};
use ijkpunt::sign::{GenesisId, What};
use ijkpunt::snapshot::Live;
use ijkpunt::sync::{Client, FolderTransport, Settings, Transport};

use crate::Failure;
use crate::found;
use crate::sync::Words;

use super::agreeing::{says, tell};
use super::page::Page;
use super::pictures::{COPY, Picture, media};
use super::publishing::{Publishing, REPOSITORY};
use super::union::{Union, Who};
use super::words::{self, Word};

/// A second folder with the same files, which somebody else hands out.
pub(super) const MIRROR: &str = "mirror";

/// The folders of the platforms.
pub(super) const PLATFORMS: [&str; 2] = ["platform-1", "platform-2"];

/// A platform: its client, and what it screens with once something is installed.
struct Platform {
    name: &'static str,
    client: Client,
    screener: Option<(Live, Screener)>,
}

impl Platform {
    fn new(
        name: &'static str,
        dir: &Path,
        register: GenesisId,
        mirrors: &[&str],
    ) -> Result<Self, Failure> {
        let root = fs::read(dir.join(REPOSITORY).join("metadata/1.root.json"))?;
        let of =
            |mirror: &&str| Box::new(FolderTransport::at(dir.join(mirror))) as Box<dyn Transport>;
        let mirrors = mirrors.iter().map(of).collect();
        let client = Client::new(dir.join(name), mirrors, &root, Settings::new(register))?;
        Ok(Self {
            name,
            client,
            screener: None,
        })
    }

    /// Asks its mirrors once; tells what came of it as `ijkpunt sync` does.
    fn polls(&mut self, page: &mut Page<'_>, union: &Union, dir: &Path) -> Result<(), Failure> {
        let words = Words::of(&self.client.once(union.now)?);
        for line in words.said.iter().chain(&words.complained) {
            let line = line.replace(&format!("{}/", dir.display()), "");
            page.fact(&format!("{}: {line}", self.name))?;
        }
        Ok(())
    }

    /// Says of an upload what it is.
    fn screens(&mut self, page: &mut Page<'_>, name: &str, upload: &[u8]) -> Result<(), Failure> {
        let (live, screener) = match &mut self.screener {
            Some(there) => there,
            none => {
                let live = Live::follow(self.client.folder().path())?;
                let screener = Screener::builder()
                    .list("eu", live.clone())
                    .surface(Surface::Public)
                    .build()?;
                none.insert((live, screener))
            }
        };
        live.refresh()?; // a process that screens has it within a second by itself
        let verdict = match screener.screen(upload) {
            Screening::Match(matched) => {
                let found = matched.evidence().iter().map(found::in_words);
                format!("MATCH: {}", found.collect::<Vec<_>>().join("; "))
            }
            Screening::NoMatch(_) => "no match".to_owned(),
            Screening::Undecided(undecided) => format!("undecided: {}", undecided.reason()),
        };
        let stale = screener
            .lists()
            .iter()
            .find_map(|list| list.stale(SystemTime::now()));
        let stale = stale.map_or(String::new(), |_| {
            " (by a list that may not be the newest)".to_owned()
        });
        Ok(page.fact(&format!("{}, {name}: {verdict}{stale}", self.name))?)
    }
}

/// Both of them, and the upload that is looked at again and again.
pub(super) struct Platforms {
    dir: PathBuf,
    copy: Vec<u8>,
    all: [Platform; 2],
}

impl Platforms {
    /// They fetch the first list, and find a copy.
    pub(super) fn begin(
        page: &mut Page<'_>,
        union: &mut Union,
        dir: &Path,
    ) -> Result<Self, Failure> {
        page.step("Two platforms fetch the list, and find the copy")?;
        union.hours_later(1)?;
        copy_folder(&dir.join(REPOSITORY), &dir.join(MIRROR))?;
        page.say(&format!(
            "Platform 1 asks the states' own folder. Platform 2 asks that, and also {MIRROR}, a copy \
             of it that somebody else hands out. Each begins with the root, and the register's id:",
        ))?;
        let id = union.register(Who::Xa).id();
        let [one, other] = PLATFORMS;
        let mut platforms = Self {
            dir: dir.to_owned(),
            copy: fs::read(media(dir).join(COPY))?,
            all: [
                Platform::new(one, dir, id, &[REPOSITORY])?,
                Platform::new(other, dir, id, &[REPOSITORY, MIRROR])?,
            ],
        };
        for platform in &mut platforms.all {
            platform.polls(page, union, dir)?;
        }
        page.say(
            "Somebody uploads the copy of picture 1 to both, and a picture that is not listed. Which \
             entry is found, how far its hash is, and who says what of it:",
        )?;
        platforms.screen(page)?;
        let other = fs::read(media(dir).join("picture-2.png"))?;
        for platform in &mut platforms.all {
            platform.screens(page, "media/picture-2.png", &other)?;
        }
        page.say(
            "At each platform a person now looks at the copy, and decides. Nothing was removed.",
        )?;
        Ok(platforms)
    }

    fn screen(&mut self, page: &mut Page<'_>) -> Result<(), Failure> {
        let name = format!("media/{COPY}");
        let mut each = self.all.iter_mut();
        each.try_for_each(|platform| platform.screens(page, &name, &self.copy))
    }

    /// Each asks its mirrors once, and is then shown the copy.
    fn poll(&mut self, page: &mut Page<'_>, union: &Union) -> Result<(), Failure> {
        for platform in &mut self.all {
            platform.polls(page, union, &self.dir)?;
        }
        self.screen(page)
    }

    /// One state switches an entry off.
    pub(super) fn suspend(
        &mut self,
        page: &mut Page<'_>,
        union: &mut Union,
        publishing: &mut Publishing,
        picture: &Picture,
    ) -> Result<(), Failure> {
        page.step("XE suspends picture 1, and with the next poll it is off at both platforms")?;
        union.hours_later(30)?;
        page.say(&format!(
            "Whose upload it was complains: it is from a feature film. XE looks into that, and suspends \
             the entry. For this nobody meets, and no list is published: what XE has signed goes into a \
             file beside the list. The folder {MIRROR} does not have it. Platforms take what any mirror \
             has, so who keeps it back delays it for nobody who asks another one, too:",
        ))?;
        let why = "a complaint: it is from a feature film";
        union.say(Who::Xe, words::suspends(picture.entry, why)?)?;
        union.send(&[Who::Xe])?;
        publishing.hand_out_suspensions(union, Who::Xe)?;
        self.poll(page, union)
    }

    /// It is taken back for good.
    pub(super) fn withdraw(
        &mut self,
        page: &mut Page<'_>,
        union: &mut Union,
        publishing: &mut Publishing,
        picture: &Picture,
    ) -> Result<(), Failure> {
        page.step(
            "The complaint is upheld: picture 1 is withdrawn, and the next list is without it",
        )?;
        union.hours_later(48)?;
        page.say("The complaint is right. XA, who proposed picture 1, withdraws it:")?;
        union.say(Who::Xa, withdrawn(picture))?;
        union.send(&[Who::Xa])?;
        tell(page, union, Who::Xb, picture)?;
        page.say("Three states make the next snapshot and sign it, as before:")?;
        let planned = publishing.plan(union)?;
        let mut signatures = Vec::new();
        for who in [Who::Xa, Who::Xb, Who::Xe] {
            signatures.push(publishing.sign(page, union, who, &planned)?);
        }
        publishing.try_to_publish(page, union, &planned, &signatures)?;
        page.say("The platforms fetch what has changed. With it, XE's suspension is settled:")?;
        self.poll(page, union)
    }

    /// The first list again, well signed.
    pub(super) fn replay(&mut self, page: &mut Page<'_>, union: &mut Union) -> Result<(), Failure> {
        page.step("Whoever hands out the old list is found out")?;
        union.hours_later(1)?;
        page.say(&format!(
            "The folder {MIRROR} still has the first list, with picture 1, signed by three states. \
             Platform 2 now asks only there. It keeps what it has, and says with every answer that \
             this may not be the newest:",
        ))?;
        let [_, name] = PLATFORMS;
        let id = union.register(Who::Xa).id();
        let [_, platform] = &mut self.all;
        *platform = Platform::new(name, &self.dir, id, &[MIRROR])?;
        platform.polls(page, union, &self.dir)?;
        platform.screens(page, &format!("media/{COPY}"), &self.copy)
    }
}

fn withdrawn(picture: &Picture) -> impl FnOnce(Slot) -> What + use<> {
    let entry = picture.entry;
    move |slot| {
        What::Event(Event::Withdrawn(Withdrawal {
            entry,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            target: Target::Whole,
            reason: WithdrawalReason::ComplaintUpheld,
            effective_at: slot.at,
            reinstatement_required: true,
        }))
    }
}

/// The prosecutor of XB, who contradicted its police, has looked again.
pub(super) fn agree_again(
    page: &mut Page<'_>,
    union: &mut Union,
    third: &Picture,
) -> Result<(), Failure> {
    page.step("XB's authorities agree again on picture 3")?;
    union.hours_later(24)?;
    page.say(
        "The prosecutor of XB has looked at picture 3 again, and now says what the police of XB says:",
    )?;
    let word = Word::terrorist("asks to join a group that is one")?;
    says(union, Who::XbProsecutor, word, third)?;
    tell(page, union, Who::Xd, third)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    for found in walkdir::WalkDir::new(from) {
        let found = found?;
        let path = to.join(found.path().strip_prefix(from)?);
        match found.file_type().is_dir() {
            true => fs::create_dir_all(path)?,
            false => drop(fs::copy(found.path(), path)?),
        }
    }
    Ok(())
}
