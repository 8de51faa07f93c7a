//! Snapshots: making, opening and checking them, and what they weigh. One line each: `ENTRIES/HASHES/WHAT`, the median in milliseconds.
//!
//! Entries are a whole picture each, or one with 26 windows, and 23 states have said something of each. `cargo bench --bench snapshot`
//! takes a minute for 100,000 hashes, `IJKPUNT_LARGE=1m` makes it a million. Run as a test, few entries are made, and only sizes are judged.

#![expect(clippy::print_stdout, reason = "what it is for")]

use std::error::Error;
use std::fs;
use std::time::Instant;

use ijkpunt::baseline::{
    Authority, Commitment, EntryId, MediaKind, Method, Part, Profile, Source, TcoType, TcoTypes,
    Text, Time, Verdict,
};
use ijkpunt::hash::{Pdq, Quality};
use ijkpunt::snapshot::{Delta, Draft, NewEntry, Print, Said, Section, Snapshot};

const STATES: u8 = 23;

fn main() -> Result<(), Box<dyn Error>> {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let hashes = match (is_bench, std::env::var("IJKPUNT_LARGE").as_deref()) {
        (false, _) => 2_000,
        (true, Ok("1m")) => 1_000_000,
        (true, _) => 100_000,
    };
    let rounds = if is_bench { 9 } else { 1 };
    for windows in [0, 26] {
        measured(hashes / (1 + windows), windows, rounds)?;
    }
    Ok(())
}

fn measured(entries: usize, windows: usize, rounds: usize) -> Result<(), Box<dyn Error>> {
    let name = format!("{entries}/{}", entries * (1 + windows));
    let draft = draft(entries, windows)?;
    let begin = Instant::now();
    let bytes = draft.to_bytes()?;
    let made = begin.elapsed().as_secs_f64() * 1e3;
    println!("{name}/make: {made:.0} ms, {} bytes", bytes.len());
    changed(&name, draft, &Snapshot::from_bytes(&*bytes)?, rounds.min(3))?;
    let folder = std::env::temp_dir().join(format!("ijkpunt-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let path = folder.join("snapshot");
    fs::write(&path, &bytes)?;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        let begin = Instant::now();
        let read = Snapshot::read(&path)?;
        times[0].push(begin.elapsed().as_secs_f64() * 1e3);
        assert_eq!(read.entries(), entries);
        drop(read);
        let copy = bytes.clone();
        let begin = Instant::now();
        let opened = Snapshot::from_bytes(copy)?;
        times[1].push(begin.elapsed().as_secs_f64() * 1e3);
        assert_eq!(opened.entries(), entries);
    }
    fs::remove_dir_all(&folder)?;
    for (what, mut times) in ["read", "open"].into_iter().zip(times) {
        times.sort_by(f64::total_cmp);
        println!("{name}/{what}: {:.1} ms", times[times.len() / 2]);
    }
    weighed(&name, &Snapshot::from_bytes(bytes)?);
    Ok(())
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
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        assert!(applied == whole.as_bytes());
    }
    times.sort_by(f64::total_cmp);
    let (length, time) = (delta.to_bytes().len(), times[times.len() / 2]);
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
    assert!(record <= 200.0, "{record} bytes an entry");
    assert!(
        wholes + windows < 20_000 || index <= 140.0,
        "{index} bytes a hash"
    );
}

fn draft(entries: usize, windows: usize) -> Result<Draft, Box<dyn Error>> {
    let mut state = 1u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut z = state ^ state >> 31;
        z = z.wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 29
    };
    let mut code = || Pdq::from_bytes(std::array::from_fn(|_| next().to_le_bytes()[4]));
    let created_at: Time = "2026-11-22T10:00:00Z".parse()?;
    let mut draft = Draft::new(1, created_at);
    for number in 0..STATES {
        draft.authority(Authority {
            id: format!("office-{number}").parse()?,
            state: [b'X', b'A' + number].try_into()?,
            name: Text::new("An office")?,
            roles: [].into(),
        });
    }
    for number in 0..entries {
        let print = |code: Pdq, part: Option<Part>| Print {
            code: code.into(),
            quality: Quality::new(100).ok(),
            profile: part.map_or(Profile::Full, |_| Profile::Windows),
            part,
            label: None,
        };
        let mut prints = vec![print(code(), None)];
        for window in 0..u16::try_from(windows)? {
            prints.push(print(
                code(),
                Part::new([window, 0, window + 3000, 4000]).ok(),
            ));
        }
        let id = *code().to_bytes().first_chunk().unwrap_or(&[0; 32]);
        let said = (0..STATES).map(|state| {
            // Within a week or two of one another, as states answer, and some for five years only.
            let day = i64::try_from(number % 1000)? + 17 * i64::from(state) % 14;
            let made_at =
                Time::from_unix_seconds(1_700_000_000 + 86_400 * day + i64::from(state) * 997)?;
            Ok(Said {
                authority: format!("office-{state}").parse()?,
                verdict: Verdict::Terrorist(TcoTypes::from(TcoType::ALL[number % 5])),
                method: Method::ViewedByTwo,
                made_at,
                valid_until: made_at.plus_days(1826).filter(|_| state % 2 == 0),
            })
        });
        draft.entry(NewEntry {
            id: EntryId::from_bytes(id),
            media: MediaKind::Image,
            title: format!("item {number}"),
            source: Some(Source {
                sha256: Commitment::from_bytes(id),
                size: 100_000,
                mime: Text::new("image/jpeg")?,
            }),
            prints,
            state: None,
            types: Some(TcoTypes::from(TcoType::A)),
            said: said.collect::<Result<_, Box<dyn Error>>>()?,
        })?;
    }
    Ok(draft)
}
