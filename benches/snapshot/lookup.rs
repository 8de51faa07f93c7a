//! Lookups in a snapshot, one at a time at radius 31: read, mapped, and followed; and while others are installed.

use std::error::Error;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::snapshot::{Folder, Live, Snapshot};

use crate::content::{codes, draft};
use crate::map;

/// What was read lies in large pages, where the system has them; what is mapped, in pages of 4 KiB.
pub(crate) fn measured(
    name: &str,
    path: &Path,
    installed: &Path,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let (read, mapped, live) = (Snapshot::read(path)?, map(path)?, Live::follow(installed)?);
    let mut next = codes(2);
    let queries: Vec<Pdq> = (0..1 + rounds * 250).map(|_| next()).collect();
    let ways: [(&str, &dyn Fn(Pdq) -> usize); 3] = [
        ("read", &|code| hits(&read, code)),
        ("map", &|code| hits(&mapped, code)),
        ("live", &|code| hits(live.current().snapshot(), code)),
    ];
    let mut medians = [const { Vec::new() }; 3];
    for round in 0..rounds {
        for turn in 0..ways.len() {
            let way = (round + turn) % ways.len();
            let mut times = Vec::with_capacity(queries.len());
            for &code in &queries {
                let begin = Instant::now();
                let found = ways[way].1(code);
                times.push(microseconds(begin));
                assert_eq!(found, 0, "a code that was drawn anew");
            }
            medians[way].push(at(times, 0.5));
        }
    }
    for ((way, _), medians) in ways.into_iter().zip(medians) {
        println!("{name}/lookup-{way}: {:.2} us", at(medians, 0.5));
    }
    Ok(())
}

/// Two lists of other codes take turns in a folder that is followed, as fast as they can be installed: what lookups take meanwhile, and before.
/// Snapshots are made beforehand, so that what is measured is the installing.
pub(crate) fn swapped(
    name: &str,
    dir: &Path,
    windows: usize,
    is_bench: bool,
) -> Result<(), Box<dyn Error>> {
    let (hashes, snapshots) = if is_bench { (10_000, 100) } else { (1_000, 4) };
    let mut made = Vec::new();
    for sequence in 0..snapshots {
        let draft = draft(hashes / (1 + windows), windows, 11 + sequence % 2, sequence)?;
        made.push(Snapshot::from_bytes(draft.to_bytes()?)?);
    }
    let mut made = made.into_iter();
    let (Some(first), Some(second)) = (made.next(), made.as_slice().first()) else {
        return Ok(());
    };
    let folder = Folder::at(dir);
    folder.install(&first)?;
    let live = Live::follow(dir)?;
    let codes = first.wholes().codes().zip(second.wholes().codes());
    let codes: Vec<_> = codes
        .flat_map(|(even, odd)| [(even, 0), (odd, 1)])
        .collect();
    let mut next = codes.iter().cycle();
    let mut looked_up = |times: &mut Vec<f64>| {
        let Some(&(code, list)) = next.next() else {
            return;
        };
        let begin = Instant::now();
        let edition = live.current();
        let found = hits(edition.snapshot(), code);
        times.push(microseconds(begin));
        let is_listed = edition.snapshot().sequence() % 2 == list;
        assert_eq!(found, usize::from(is_listed), "of one list or the other");
    };
    let (mut alone, mut meanwhile) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while alone.len() < codes.len() || (is_bench && begin.elapsed() < ALONE) {
        looked_up(&mut alone);
    }
    let begin = Instant::now();
    let swaps = thread::scope(|scope| -> Result<usize, Box<dyn Error>> {
        let swapping = scope.spawn(|| {
            let mut swaps = 0;
            for snapshot in made {
                folder
                    .install(&snapshot)
                    .map_err(|error| error.to_string())?;
                live.refresh().map_err(|error| error.to_string())?;
                swaps += 1;
            }
            Ok::<usize, String>(swaps)
        });
        while !swapping.is_finished() {
            looked_up(&mut meanwhile);
        }
        Ok(swapping.join().map_err(|_| "swapping panicked")??)
    })?;
    let seconds = begin.elapsed().as_secs_f64();
    let told = |times: Vec<f64>| {
        let (p99, longest) = (at(times.clone(), 0.99), at(times.clone(), 1.0));
        format!(
            "{:.2} us, p99 {p99:.2} us, longest {longest:.0} us",
            at(times, 0.5)
        )
    };
    println!("{name}/lookup-still: {}, of {hashes} hashes", told(alone));
    println!(
        "{name}/lookup-swapped: {}, while {swaps} snapshots were installed in {seconds:.1} s",
        told(meanwhile)
    );
    Ok(())
}

const ALONE: Duration = Duration::from_secs(2);

/// How many hashes are near, as an upload asks: among the whole ones and among windows.
fn hits(snapshot: &Snapshot, code: Pdq) -> usize {
    let [wholes, windows] = [snapshot.wholes(), snapshot.windows()];
    [wholes, windows]
        .map(|index| index.search(code, Radius::DEFAULT).len())
        .iter()
        .sum()
}

fn microseconds(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e6
}

/// The one of some times below which there is this part of them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
pub(crate) fn at(mut times: Vec<f64>, part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = (times.len() as f64 * part) as usize;
    let place = place.min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default()
}
