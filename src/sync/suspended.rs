//! What states have suspended, brought to the folder.

use std::collections::BTreeMap;

use crate::baseline::{EntryId, MemberState, Text};
use crate::sign::SuspensionList;
use crate::sign::suspensions::{Bounded, LeftOut, Off, Speaker, Why as Left};
use crate::snapshot::{Log, Suspender, Suspensions, Switched};

use super::round::Round;
use super::state::Version;
use super::{Place, SuspensionReport, SyncError, Trouble, Why};

/// By whom an entry is off that a state has suspended, before the letters of the state. Nobody else takes such a name: what carries it is brought to
/// what states say.
const BY: &str = "sync:";

/// Why it is on again. Which of the two, the list of suspensions and the snapshots tell.
const AGAIN: &str = "the state has resumed it, or the installed snapshot has settled it";

impl Round<'_> {
    /// Reads what was kept and what all mirrors have together, and brings the folder to what counts.
    pub(super) fn suspensions(&mut self) -> Result<SuspensionReport, SyncError> {
        let mut report = SuspensionReport::default();
        let Some(installed) = self.state.installed.clone() else {
            return Ok(report);
        };
        let speakers = self.speakers(&installed);
        let most = self.client.settings.limits.suspension_list_bytes;
        let (files, says_none) = self.lists(&Place::suspensions(), most);
        report.heard = says_none;
        let kept = &self.state.suspensions;
        let kept = (!kept.is_empty()).then_some(kept.as_slice());
        let of_mirrors = files.iter().map(|(_, file)| file.as_slice());
        let all = kept.into_iter().chain(of_mirrors);
        let settings = &self.client.settings;
        let read = SuspensionList::read(settings.register, &speakers, all, &settings.limits);
        let read = match read {
            Ok(read) => read,
            Err(why) => {
                self.trouble(None, None, why.into());
                return Ok(report);
            }
        };
        let mut results = read.files.into_iter();
        if kept.is_some()
            && let Some(Err(why)) = results.next()
        {
            // Going on without it would switch on what is off: all stays.
            self.trouble(None, None, why.into());
            report.heard = false;
            return Ok(report);
        }
        for ((mirror, _), result) in files.into_iter().zip(results) {
            match result {
                Ok(lines) => {
                    report.heard = true;
                    report.left_out.extend(told(&mirror, lines));
                }
                Err(why) => self.troubles.push(Trouble {
                    mirror: Some(mirror),
                    place: Some(Place::suspensions()),
                    why: why.into(),
                }),
            }
        }
        let (entries, before) = (installed.entries, &self.state.accepted);
        let bounded = settings.bound.apply(&read.list, entries, before, self.now);
        // Kept first: what was taken takes room even if the folder follows only the next time.
        self.state.suspensions = read.list.to_bytes();
        self.state.accepted = bounded.accepted.clone();
        self.home.keep(&self.state)?;
        let now = self.now;
        report.changed = self.client.folder.change(|suspensions| {
            let again = || Some((now, Text::new(AGAIN).ok()?));
            bring(suspensions, &bounded.off, &again)
        })?;
        report.forks = read.list.forks();
        report.held = bounded.held_by();
        let Bounded { off, newly, .. } = bounded;
        (report.off, report.newly) = (off.len(), newly);
        Ok(report)
    }

    /// The list of this kind of each mirror, with the mirror's name; and whether one of them says that there is none.
    pub(super) fn lists(&mut self, place: &Place, most: u64) -> (Vec<(String, Vec<u8>)>, bool) {
        let patience = self.client.settings.list;
        let (mut files, mut says_none) = (Vec::new(), false);
        for mirror in &self.client.mirrors {
            match self.ask(&**mirror, place, most, patience) {
                Ok(Some(file)) => files.push((mirror.name().to_owned(), file)),
                Ok(None) => {
                    says_none = true;
                    self.trouble(Some(&**mirror), Some(place), Why::Missing);
                }
                Err(why) => self.trouble(Some(&**mirror), Some(place), why),
            }
        }
        (files, says_none)
    }

    /// Who may speak by the installed snapshot: of each log that goes on, the key, and where.
    fn speakers(&mut self, installed: &Version) -> Vec<Speaker> {
        let mut speakers = Vec::new();
        for log in &installed.logs {
            let Some(key) = log.key else {
                continue;
            };
            match speaker(log, key, installed) {
                Some(speaker) => speakers.push(speaker),
                None => self.trouble(None, None, Why::LogKey(log.authority.clone())),
            }
        }
        speakers
    }
}

fn speaker(log: &Log, key: [u8; 32], installed: &Version) -> Option<Speaker> {
    let mut authorities = installed.authorities.iter();
    let authority = authorities.find(|one| one.id == log.authority)?;
    let from = log.begins.checked_add(log.size)?;
    Speaker::of(log.name, authority, from, key)
}

/// How many lines were left out, but for those that the snapshot has settled, as most are.
fn told(mirror: &str, lines: Vec<LeftOut>) -> Option<(String, usize, LeftOut)> {
    let is_news = |one: &LeftOut| !matches!(one.why, Left::Settled { .. });
    let mut lines = lines.into_iter().filter(is_news);
    let first = lines.next()?;
    Some((mirror.to_owned(), 1 + lines.count(), first))
}

/// Brings what is off by states to these; what others have switched off stays as it is. Whether anything has changed.
fn bring(
    suspensions: &mut Suspensions,
    off: &[Off],
    again: &dyn Fn() -> Option<(crate::baseline::Time, Text<500>)>,
) -> bool {
    let mut wanted: BTreeMap<(EntryId, Suspender), &Off> = BTreeMap::new();
    for one in off {
        if let Ok(by) = Text::new(format!("{BY}{}", one.state)) {
            wanted.entry((one.entry, by)).or_insert(one);
        }
    }
    let ours = suspensions.iter().filter(|(_, by, _)| is_ours(by));
    let ours = ours.map(|(entry, by, _)| (entry, by.clone()));
    let gone: Vec<_> = ours.filter(|key| !wanted.contains_key(key)).collect();
    let mut changed = false;
    for (entry, by) in gone {
        if let Some((at, reason)) = again() {
            changed |= suspensions.resume(entry, &by, Switched { at, reason });
        }
    }
    for ((entry, by), one) in wanted {
        let (at, reason) = (one.at, one.reason.clone());
        changed |= suspensions.suspend(entry, &by, Switched { at, reason });
    }
    changed
}

fn is_ours(by: &Suspender) -> bool {
    let state = by.as_str().strip_prefix(BY);
    state.is_some_and(|state| state.parse::<MemberState>().is_ok())
}
