//! Snapshots: making, opening, installing and following them, lookups in them, and what they weigh. One line each:
//! `ENTRIES/HASHES/WHAT`, the median in milliseconds where nothing else is said.
//!
//! Entries are a whole picture each, or one with 26 windows, and 23 states have said something of each. `cargo bench --bench snapshot`
//! takes a minute for 100,000 hashes, `IJKPUNT_LARGE=1m` makes it a million. Run as a test, few entries are made, and only sizes are judged.
//! Files are written into the folder for temporary ones, and read from memory, where the system keeps them.

#![expect(clippy::print_stdout, reason = "what it is for")]

mod content;
mod lookup;
mod resident;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use ijkpunt::baseline::EntryId;
use ijkpunt::limits::Limits;
use ijkpunt::snapshot::{Delta, Draft, Folder, Live, Section, Snapshot};

use content::{STATES, draft};

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(folder) = resident::is_told() {
        return resident::follow(&folder);
    }
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let hashes = match (is_bench, std::env::var("IJKPUNT_LARGE").as_deref()) {
        (false, _) => 2_000,
        (true, Ok("1m")) => 1_000_000,
        (true, _) => 100_000,
    };
    let rounds = if is_bench { 9 } else { 1 };
    let folder = std::env::temp_dir().join(format!("ijkpunt-bench-{}", std::process::id()));
    for windows in [0, 26] {
        fs::create_dir_all(&folder)?;
        let measured = measured(&folder, hashes / (1 + windows), windows, rounds);
        fs::remove_dir_all(&folder)?;
        measured?;
    }
    Ok(())
}

fn measured(
    folder: &Path,
    entries: usize,
    windows: usize,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let name = format!("{entries}/{}", entries * (1 + windows));
    let draft = draft(entries, windows, 1, 1)?;
    let begin = Instant::now();
    let bytes = draft.to_bytes()?;
    let made = milliseconds(begin);
    println!("{name}/make: {made:.0} ms, {} bytes", bytes.len());
    changed(&name, draft, &Snapshot::from_bytes(&*bytes)?, rounds.min(3))?;
    let path = folder.join("snapshot");
    fs::write(&path, &bytes)?;
    opened(&name, &path, &bytes, rounds)?;
    weighed(&name, &Snapshot::from_bytes(bytes)?);
    let installed = folder.join("installed");
    followed(&name, &path, &installed, rounds)?;
    resident::measured(&name, &installed, fs::metadata(&path)?.len())?;
    lookup::measured(&name, &path, &installed, rounds)?;
    lookup::swapped(&name, &folder.join("swapped"), windows, rounds > 1)
}

/// Opening it in three ways, which take turns.
fn opened(name: &str, path: &Path, bytes: &[u8], rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        let copy = bytes.to_vec();
        let begin = Instant::now();
        let read = Snapshot::read(path)?;
        times[0].push(milliseconds(begin));
        let begin = Instant::now();
        let opened = Snapshot::from_bytes(copy)?;
        times[1].push(milliseconds(begin));
        let begin = Instant::now();
        let mapped = map(path)?;
        times[2].push(milliseconds(begin));
        assert!([opened.id(), mapped.id()] == [read.id(); 2]);
    }
    for (what, times) in ["read", "open", "map"].into_iter().zip(times) {
        println!("{name}/{what}: {:.1} ms", median(times));
    }
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "this bench wrote the file itself, and nobody changes it"
)]
fn map(path: &Path) -> Result<Snapshot, Box<dyn Error>> {
    // SAFETY: the file lies in a folder of this process, is written once before this, and is never changed.
    Ok(unsafe { Snapshot::map(path, &Limits::default()) }?)
}

/// Installing it into a new folder, which waits for the disk, and following the folder.
fn followed(name: &str, path: &Path, dir: &Path, rounds: usize) -> Result<(), Box<dyn Error>> {
    let snapshot = Snapshot::read(path)?;
    let (mut installing, mut following) = (Vec::new(), Vec::new());
    for _ in 0..rounds.min(3) {
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        let begin = Instant::now();
        let installed = Folder::at(dir).install(&snapshot)?;
        installing.push(milliseconds(begin));
        assert!(installed.before.is_none());
    }
    drop(snapshot);
    for _ in 0..rounds {
        let begin = Instant::now();
        let live = Live::follow(dir)?;
        following.push(milliseconds(begin));
        assert!(live.trouble().is_none());
    }
    for (what, times) in [("install", installing), ("follow", following)] {
        println!("{name}/{what}: {:.1} ms", median(times));
    }
    Ok(())
}

fn milliseconds(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}

fn median(times: Vec<f64>) -> f64 {
    lookup::at(times, 0.5)
}

/// A delta that takes a hundred entries out again, and so, turned round, brings them.
fn changed(
    name: &str,
    mut draft: Draft,
    whole: &Snapshot,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let ids: Vec<EntryId> = draft.entries().map(|entry| entry.id).collect();
    let every = (ids.len() / CHANGED).max(1);
    let changed: Vec<_> = ids.into_iter().step_by(every).take(CHANGED).collect();
    for id in &changed {
        draft.remove(*id);
    }
    let without = Snapshot::from_bytes(draft.to_bytes()?)?;
    drop(draft);
    let delta = Delta::between(&without, whole)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let begin = Instant::now();
        let applied = delta.apply(&without)?;
        times.push(milliseconds(begin));
        assert!(applied == whole.as_bytes());
    }
    let (length, time) = (delta.to_bytes().len(), median(times));
    println!(
        "{name}/delta: {} entries in {length} bytes, applied in {time:.0} ms",
        changed.len()
    );
    Ok(())
}

/// Entries of a delta.
const CHANGED: usize = 100;

/// Sizes are the same on every machine.
fn weighed(name: &str, snapshot: &Snapshot) {
    let each =
        |section: Section, count: usize| snapshot.section_bytes(section) as f64 / count as f64;
    let record =
        each(Section::Records, snapshot.entries()) + each(Section::Offsets, snapshot.entries());
    let [wholes, windows] = [snapshot.wholes().len(), snapshot.windows().len()];
    let index = (snapshot.section_bytes(Section::Wholes) + snapshot.section_bytes(Section::Windows))
        as f64
        / (wholes + windows) as f64;
    let row = each(Section::Rows, wholes + windows);
    println!(
        "{name}/size: index {index:.1} and row {row:.1} bytes a hash, record {record:.1} bytes an entry with {STATES} verdicts"
    );
    // 200 was the goal; context and time of entry, which reviewers need, take 7 more.
    assert!(record <= 208.0, "{record} bytes an entry");
    assert!(
        wholes + windows < 20_000 || index <= 140.0,
        "{index} bytes a hash"
    );
}
