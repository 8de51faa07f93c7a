//! The oracle: a plain second client, which goes through a mirror's folder step by step and whose every check has a name. The one that has all of
//! them refuses what the real one refuses; the one that lacks a check is taken in by the attack which that check is there for. Were it not, the
//! check would be worth nothing, or the attack would be none.
//!
//! It reads JSON as it comes, counts signatures itself, and takes whole lists, never deltas. It is for folders of tests: no network, no limits of
//! time, nothing is written.

mod check;
mod proofs;
mod signed;
mod suspensions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::Time;
use ijkpunt::snapshot::{Log, Snapshot};
use ijkpunt::tuf::{Role, Sha256, TargetName, metadata_path};
use serde_json::Value;

use super::world::{World, version};
pub(crate) use check::Check;
use suspensions::{Name, Said};

/// What comes of a step; what stops it is the check that does.
pub(crate) type Step<T = ()> = Result<T, Check>;

/// No timestamp is longer.
const TIMESTAMP_BYTES: u64 = 64 * 1024;

#[derive(Clone)]
pub(crate) struct Naive {
    lacking: BTreeSet<Check>,
    /// In which the mirrors' folders are.
    dir: PathBuf,
    shipped: Value,
    /// None where it was lost.
    kept: Option<Kept>,
}

/// What it has seen.
#[derive(Clone, Default)]
struct Kept {
    /// The signed part of each root, the trusted one last.
    roots: Vec<Value>,
    versions: BTreeMap<Role, u64>,
    installed: Option<Installed>,
    /// The latest time at which metadata counted.
    latest: Option<Time>,
    said: BTreeMap<Name, Said>,
}

#[derive(Clone)]
struct Installed {
    number: u64,
    bytes: Vec<u8>,
    logs: Vec<Log>,
    entries: u64,
}

/// A target as it is listed.
struct Target {
    name: String,
    number: u64,
    length: u64,
    sha256: String,
}

impl Naive {
    pub(crate) fn new(world: &World) -> Self {
        let shipped = json(&world.first_root).unwrap()["signed"].clone();
        let kept = Kept {
            roots: vec![shipped.clone()],
            ..Kept::default()
        };
        Self {
            lacking: BTreeSet::new(),
            dir: world.dir.clone(),
            shipped,
            kept: Some(kept),
        }
    }

    /// The same, which has seen the same, without these checks.
    pub(crate) fn lacking(&self, checks: &[Check]) -> Self {
        let lacking = checks.iter().copied().collect();
        Self {
            lacking,
            ..self.clone()
        }
    }

    /// A round over honest folders, one after the other: all is well.
    pub(crate) fn follows(&mut self, mirrors: &[&str], now: Time) {
        for mirror in mirrors {
            assert_eq!(self.round(mirror, now), Ok(()), "{mirror}");
        }
    }

    /// The whole client refuses what this mirror shows, and so does each that still has one of these checks; the one that lacks all of them
    /// takes it in, and is given back.
    pub(crate) fn without(&self, lacking: &[Check], mirror: &str, now: Time) -> Self {
        for (number, check) in lacking.iter().enumerate() {
            let mut less = lacking.to_vec();
            less.remove(number);
            let came = self.lacking(&less).round(mirror, now);
            assert!(came.is_err(), "{check:?} stops nothing beside {less:?}");
        }
        let mut whole = self.clone();
        assert!(whole.round(mirror, now).is_err(), "{lacking:?}");
        assert_eq!(whole.bytes(), self.bytes(), "{lacking:?}");
        let mut naive = self.lacking(lacking);
        assert_eq!(naive.round(mirror, now), Ok(()), "{lacking:?}");
        naive
    }

    /// The same for the next root, under which what is published need not count.
    pub(crate) fn with_root_without(&self, lacking: &[Check], mirror: &str, now: Time) -> Self {
        let after = |lacking: &[Check]| {
            let mut naive = self.lacking(lacking);
            let _ = naive.round(mirror, now);
            naive
        };
        let is_newer = |naive: &Self| naive.root_version() > self.root_version();
        assert!(!is_newer(&after(&[])), "{lacking:?}");
        for (number, check) in lacking.iter().enumerate() {
            let mut less = lacking.to_vec();
            less.remove(number);
            assert!(!is_newer(&after(&less)), "{check:?} stops nothing");
        }
        let naive = after(lacking);
        assert!(is_newer(&naive), "{lacking:?}");
        naive
    }

    /// The other way round: the whole client goes on with what an honest mirror shows, and the one that lacks this check is stopped.
    pub(crate) fn stopped_without(&self, check: Check, mirror: &str, now: Time) {
        assert_eq!(self.clone().round(mirror, now), Ok(()), "{check:?}");
        let mut naive = self.lacking(&[check]);
        assert!(naive.round(mirror, now).is_err(), "{check:?}");
    }

    /// Loses all that it has kept, but not what it was shipped with.
    pub(crate) fn loses_all(&mut self) {
        self.kept = None;
    }

    /// A round over several mirrors, one after the other, each as if it were alone.
    pub(crate) fn rounds(&mut self, mirrors: &[&str], now: Time) {
        let most = match self.lacks(Check::AllMirrors) {
            true => 1,
            false => mirrors.len(),
        };
        for mirror in &mirrors[..most] {
            let _ = self.round(mirror, now); // the next one may have more
        }
    }

    /// A round over one mirror. What is right of it stays, whatever stops it.
    pub(crate) fn round(&mut self, mirror: &str, now: Time) -> Step {
        let mirror = self.dir.join(mirror);
        if self.kept.is_none() {
            self.require(Check::KeptState, false)?;
        }
        if self.lacks(Check::KeptRoot) {
            self.kept().roots = vec![self.shipped.clone()];
        }
        // A next root that does not count leaves the one before, and is told at the end.
        let roots = self.walk_roots(&mirror);
        let came = self.repository(&mirror, now);
        if came.is_ok() || !self.lacks(Check::SuspensionsBeside) {
            self.suspensions(&mirror, now)?;
        }
        came.and(roots)
    }

    fn repository(&mut self, mirror: &Path, now: Time) -> Step {
        if self.lacks(Check::ClockCounted) {
            self.kept().latest = self.kept().latest.max(Some(now));
        }
        self.in_time(Role::Root, self.root(), now)?;
        let timestamp = self.metadata(mirror, Role::Timestamp, None, now)?;
        if self.lacks(Check::AllOrNothing) {
            let seen = number(&timestamp["version"])?;
            self.kept().versions.insert(Role::Timestamp, seen);
        }
        let listed = &timestamp["meta"]["snapshot.json"];
        let page = self.metadata(mirror, Role::Snapshot, Some(listed), now)?;
        let listed = &page["meta"]["targets.json"];
        let targets = self.metadata(mirror, Role::Targets, Some(listed), now)?;
        let installed = self.list(mirror, &targets)?;
        let kept = self.kept();
        for (role, file) in [
            (Role::Timestamp, timestamp),
            (Role::Snapshot, page),
            (Role::Targets, targets),
        ] {
            kept.versions.insert(role, number(&file["version"])?);
        }
        kept.installed = Some(installed);
        kept.latest = kept.latest.max(Some(now));
        Ok(())
    }

    /// The signed part of a file of metadata, which a page lists unless it is the timestamp.
    fn metadata(
        &self,
        mirror: &Path,
        role: Role,
        listed: Option<&Value>,
        now: Time,
    ) -> Step<Value> {
        let (said, most) = match listed {
            Some(listed) => (number(&listed["version"])?, number(&listed["length"])?),
            None => (1, TIMESTAMP_BYTES),
        };
        let bytes = read(&mirror.join(metadata_path(role, version(said))))?;
        self.require(Check::Length, bytes.len() as u64 <= most)?;
        let file = json(&bytes)?;
        let signed = &file["signed"];
        if let Some(listed) = listed {
            let is_it = bytes.len() as u64 == most
                && listed["hashes"]["sha256"] == Sha256::of(&bytes).to_string()
                && signed["version"] == said;
            self.require(Check::Match, is_it)?;
        }
        if signed["_type"] != role.name() {
            return Err(Check::Form);
        }
        self.enough(role, &file)?;
        let seen = self.kept.as_ref().and_then(|kept| kept.versions.get(&role));
        let is_newer = number(&signed["version"])? >= seen.copied().unwrap_or(0);
        self.require(Check::Rollback(role), is_newer)?;
        self.in_time(role, signed, now)?;
        Ok(signed.clone())
    }

    fn in_time(&self, role: Role, signed: &Value, now: Time) -> Step {
        let expires: Time = text(&signed["expires"])?.parse().map_err(|_| Check::Form)?;
        self.require(Check::Expiry(role), expires > now)?;
        let latest = self.kept.as_ref().and_then(|kept| kept.latest);
        self.require(Check::Clock, latest.is_none_or(|latest| expires > latest))
    }

    /// The newest list, compared with the one that is installed.
    fn list(&mut self, mirror: &Path, targets: &Value) -> Step<Installed> {
        let target = match self.lacks(Check::Listed) {
            true => whatever_lies_there(mirror).ok_or(Check::There)?,
            false => self.newest(targets)?,
        };
        let before = self.kept().installed.clone();
        if let Some(before) = &before {
            self.require(Check::ListRollback, target.number >= before.number)?;
            let is_same = Sha256::of(&before.bytes).to_string() == target.sha256;
            if is_same {
                return Ok(before.clone());
            }
            self.require(Check::SameNumber, target.number != before.number)?;
        }
        // In a folder of targets, digests stand before the last part of a name.
        let name = target.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let bytes = read(&mirror.join(format!("targets/{}.{name}", target.sha256)))?;
        self.require(Check::Length, bytes.len() as u64 <= target.length)?;
        let digest = Sha256::of(&bytes).to_string();
        self.require(Check::Digest, digest == target.sha256)?;
        let Ok(snapshot) = Snapshot::from_bytes(bytes.clone()) else {
            self.require(Check::Opened, false)?;
            let (number, logs, entries) = (target.number, Vec::new(), 0);
            return Ok(Installed {
                number,
                bytes,
                logs,
                entries,
            });
        };
        self.require(Check::NumberInName, snapshot.sequence() == target.number)?;
        let logs = snapshot.logs().to_vec();
        for log in before.iter().flat_map(|before| &before.logs) {
            self.goes_on(mirror, log, &logs)?;
        }
        Ok(Installed {
            number: target.number,
            bytes,
            logs,
            entries: snapshot.entries() as u64,
        })
    }

    fn newest(&self, targets: &Value) -> Step<Target> {
        let mut newest: Option<Target> = None;
        for (name, file) in targets["targets"].as_object().ok_or(Check::Form)? {
            self.require(Check::TargetNames, name.parse::<TargetName>().is_ok())?;
            let target = Target {
                name: name.clone(),
                number: number(&file["custom"]["to"])?,
                length: number(&file["length"])?,
                sha256: text(&file["hashes"]["sha256"])?,
            };
            let is_newer = newest.as_ref().is_none_or(|one| one.number < target.number);
            if file["custom"]["kind"] == "full" && is_newer {
                newest = Some(target);
            }
        }
        newest.ok_or(Check::Form)
    }

    /// What states have closed may be shorter, or another story: that is theirs to say.
    fn goes_on(&self, mirror: &Path, before: &Log, logs: &[Log]) -> Step {
        let name = |log: &Log| (log.authority.clone(), log.name, log.begins);
        let Some(log) = logs.iter().find(|log| name(log) == name(before)) else {
            return self.require(Check::LogGone, false);
        };
        if log.key.is_none() {
            return Ok(());
        }
        self.require(Check::LogShorter, log.size >= before.size)?;
        let is_same = log.size != before.size || log.root == before.root;
        self.require(Check::LogForked, is_same)?;
        let is_longer = log.size > before.size;
        let holds = !is_longer || proofs::is_shown(mirror, before, log);
        self.require(Check::LogShown, holds)
    }

    /// Whether this list is what is installed.
    pub(crate) fn has(&self, list: &Snapshot) -> bool {
        self.bytes() == Some(list.as_bytes())
    }

    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        Some(&self.kept.as_ref()?.installed.as_ref()?.bytes)
    }

    pub(crate) fn root_version(&self) -> u64 {
        number(&self.root()["version"]).unwrap()
    }

    fn root(&self) -> &Value {
        let kept = self.kept.as_ref();
        kept.and_then(|kept| kept.roots.last())
            .unwrap_or(&self.shipped)
    }

    fn kept(&mut self) -> &mut Kept {
        self.kept.get_or_insert_default()
    }

    fn lacks(&self, check: Check) -> bool {
        self.lacking.contains(&check)
    }

    fn require(&self, check: Check, holds: bool) -> Step {
        match holds || self.lacks(check) {
            true => Ok(()),
            false => Err(check),
        }
    }
}

/// The whole list with the highest number of a folder.
fn whatever_lies_there(mirror: &Path) -> Option<Target> {
    let files = fs::read_dir(mirror.join("targets")).ok()?;
    let targets = files.filter_map(|file| {
        let file = file.ok()?;
        let whole = file.file_name().into_string().ok()?;
        let (sha256, name) = whole.split_once('.')?;
        Some(Target {
            number: name
                .strip_prefix("full-")?
                .strip_suffix(".ijk")?
                .parse()
                .ok()?,
            length: file.metadata().ok()?.len(),
            name: name.to_owned(),
            sha256: sha256.to_owned(),
        })
    });
    targets.max_by_key(|target| target.number)
}

fn read(path: &Path) -> Step<Vec<u8>> {
    fs::read(path).map_err(|_| Check::There)
}

fn json(bytes: &[u8]) -> Step<Value> {
    serde_json::from_slice(bytes).map_err(|_| Check::Form)
}

fn number(value: &Value) -> Step<u64> {
    value.as_u64().ok_or(Check::Form)
}

fn text(value: &Value) -> Step<String> {
    value.as_str().map(str::to_owned).ok_or(Check::Form)
}

/// What is signed of a value: members in the order of their names, no white space.
pub(crate) fn canonical(value: &Value) -> Vec<u8> {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string().into_bytes()
}
