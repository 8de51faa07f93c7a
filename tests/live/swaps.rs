//! Lookups while snapshots are swapped.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ijkpunt::baseline::EntryId;
use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::snapshot::{Draft, Edition, Id, Live, Snapshot};

use super::drawn::{Random, apart, away, by, draft, entry, id, opened, pdq, why};
use super::often;
use super::place::Place;

const SWAPS: u64 = 200;

const GENERAL: usize = 96;

/// Lookups that a thread counts at once.
const BATCH: u64 = 50;

/// The hashes of an entry in snapshot `k`: of the first hundred the same in all, of the next hundred others each time, and of the rest
/// the same for as long as they are in. One in eight has a second hash, near to that of another entry.
fn codes(seed: u64, k: u64) -> Vec<Pdq> {
    let drawn = |seed: u64| match (100..200).contains(&seed) {
        true => pdq(seed + (k << 32)),
        false => pdq(seed),
    };
    let near = seed.is_multiple_of(8).then(|| {
        let bits = seed / 8 % 12;
        away(drawn(seed ^ 1), bits, &mut Random(seed))
    });
    [drawn(seed)].into_iter().chain(near).collect()
}

/// The entries that snapshot `k` has: two hundred that stay, and a hundred of which ten are others in the next one.
fn seeds(k: u64) -> impl Iterator<Item = u64> {
    (0..200).chain(200 + 10 * k..300 + 10 * k)
}

fn drawn(k: u64) -> Draft {
    draft(k + 1, seeds(k).map(|seed| entry(seed, codes(seed, k))))
}

/// Near to hashes of all kinds, some just within the radius and some just out of it, and one in eight far from all; then for each snapshot
/// one that finds something in this alone.
fn queries() -> Vec<Pdq> {
    let mut random = Random(17);
    let query = |q: u64| {
        let k = random.below(SWAPS);
        let seed = match q % 8 {
            0 => return pdq(u64::MAX - q),
            1 | 2 => random.below(100),
            3 => 100 + random.below(100),
            4 | 5 => switchable(k / 24)[random.below(3) as usize],
            _ => 200 + random.below(10 * SWAPS),
        };
        let bits = random.below(36);
        away(codes(seed, k)[0], bits, &mut random)
    };
    let general: Vec<Pdq> = (0..GENERAL as u64).map(query).collect();
    let own = (0..=SWAPS).map(|k| away(codes(150, k)[0], k % 31, &mut random));
    general.into_iter().chain(own).collect()
}

/// What is right for an edition: for each query the entries within the radius, and which sets of entries may be off.
struct Right {
    number: u64,
    found: Vec<Vec<EntryId>>,
    off: Vec<BTreeSet<EntryId>>,
}

/// By looking at every hash.
fn scanned(k: u64, queries: &[Pdq]) -> Vec<Vec<EntryId>> {
    let all: Vec<(EntryId, Pdq)> = seeds(k)
        .flat_map(|seed| codes(seed, k).into_iter().map(move |code| (id(seed), code)))
        .collect();
    let most = u32::from(Radius::DEFAULT.bits());
    let near = |query: &Pdq| {
        let near = all.iter().filter(|(_, code)| apart(*query, *code) <= most);
        let near: BTreeSet<EntryId> = near.map(|(id, _)| *id).collect();
        near.into_iter().collect()
    };
    queries.iter().map(near).collect()
}

/// What is switched off (true) or on after the installation of `k`, if something is.
fn switched(k: u64) -> Option<(bool, EntryId)> {
    let place = (k / 4).checked_sub(1).filter(|_| k.is_multiple_of(4))?;
    Some((place % 6 < 3, id(switchable(place / 6)[place as usize % 3])))
}

/// One that stays, one whose hashes change, and one that is gone while it is off.
fn switchable(round: u64) -> [u64; 3] {
    [3, 104, 200 + 10 * (24 * round + 12) + 85]
}

/// Looks once in an edition, and judges the answer by its own snapshot and its own suspensions.
fn look(edition: &Edition, right: &Right, queries: &[Pdq], q: usize) -> usize {
    let snapshot = edition.snapshot();
    let entry_of = |row: usize| snapshot.whole(row).entry;
    let hits = snapshot.wholes().search(queries[q], Radius::DEFAULT);
    let mut numbers: Vec<usize> = hits.iter().map(|hit| entry_of(hit.row)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let ids = numbers
        .iter()
        .map(|number| snapshot.entry_id(*number).unwrap());
    assert!(ids.eq(right.found[q].iter().copied()));
    // With what is off left out, as a screener asks.
    let is_on = |row: usize| !edition.off().contains(&entry_of(row));
    let on = snapshot
        .wholes()
        .search_where(queries[q], Radius::DEFAULT, is_on);
    let on: HashSet<EntryId> = on
        .iter()
        .map(|hit| snapshot.entry_id(entry_of(hit.row)).unwrap())
        .collect();
    let off: BTreeSet<EntryId> = edition.suspensions().iter().map(|(id, ..)| id).collect();
    assert!(right.off.contains(&off));
    let (off, expected): (Vec<_>, Vec<_>) = right.found[q].iter().partition(|id| off.contains(id));
    assert!(on == expected.into_iter().collect());
    off.len()
}

#[test]
fn swapping_snapshots_under_lookups_loses_and_mixes_nothing() {
    let begin = Instant::now();
    let queries = queries();
    let snapshots: Vec<Snapshot> = (0..=SWAPS).map(|k| opened(&drawn(k))).collect();
    let mut off = BTreeSet::new();
    let rights = (0..=SWAPS).map(|number| {
        let mut sets = vec![off.clone()];
        match switched(number) {
            Some((true, entry)) => assert!(off.insert(entry)),
            Some((false, entry)) => assert!(off.remove(&entry)),
            None => {}
        }
        sets.push(off.clone());
        let found = scanned(number, &queries);
        let own = (0..=SWAPS).zip(&found[GENERAL..]);
        let own: Vec<u64> = own
            .filter_map(|(k, f)| (!f.is_empty()).then_some(k))
            .collect();
        assert_eq!(own, [number]);
        let right = Right {
            number,
            found,
            off: sets,
        };
        (snapshots[number as usize].id(), right)
    });
    let rights: HashMap<Id, Right> = rights.collect();
    let hits: usize = rights.values().flat_map(|r| &r.found).map(Vec::len).sum();
    assert!(hits > 20 * SWAPS as usize, "{hits}");
    let place = Place::new("swaps");
    let folder = place.folder();
    folder.install(&snapshots[0]).unwrap();
    let live = Live::follow(place.path()).unwrap();
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (seen, hidden) = (Mutex::new(HashSet::new()), AtomicU64::new(0));
    let looker = |thread: u64| {
        let mut random = Random(thread);
        let (mut newest, mut saw, mut off) = (0, HashSet::new(), 0);
        let mut held = live.current();
        // Also when an assertion has failed, so that the one who installs does not wait for ever.
        let _ended = OnEnd(&stop);
        while !stop.load(Ordering::Relaxed) {
            for n in 0..BATCH {
                let edition = live.current();
                let right = &rights[&edition.snapshot().id()];
                assert!(right.number >= newest, "an older one came back");
                newest = right.number;
                saw.insert(right.number);
                // One edition is kept over many swaps, as a long upload would.
                let edition = if n == 0 { &held } else { &edition };
                let right = &rights[&edition.snapshot().id()];
                let q = match random.below(4) {
                    // What this one finds alone, or the one before or after it.
                    0 => {
                        GENERAL + (right.number + random.below(3)).clamp(1, SWAPS + 1) as usize - 1
                    }
                    _ => random.below(GENERAL as u64) as usize,
                };
                off += look(edition, right, &queries, q) as u64;
            }
            if random.below(200) == 0 {
                held = live.current();
            }
            done.fetch_add(BATCH, Ordering::Relaxed);
        }
        seen.lock().unwrap().extend(saw);
        hidden.fetch_add(off, Ordering::Relaxed);
    };
    let share = often(1_000_000, 10_000_000).div_ceil(SWAPS + 1);
    // Every thread gets around to each edition.
    let share = share.max(4 * BATCH * threads as u64);
    let lookups_go_on = || {
        let enough = done.load(Ordering::Relaxed) + share;
        while done.load(Ordering::Relaxed) < enough && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_micros(200));
        }
    };
    let mut switches = 0;
    std::thread::scope(|scope| {
        for thread in 0..threads as u64 {
            let looker = &looker;
            scope.spawn(move || looker(thread));
        }
        let _ended = OnEnd(&stop);
        lookups_go_on();
        for k in 1..=SWAPS {
            let snapshot = &snapshots[k as usize];
            let installed = folder.install(snapshot).unwrap();
            assert_eq!(installed.before, Some(snapshots[k as usize - 1].id()));
            live.refresh().unwrap();
            assert_eq!(live.current().snapshot().id(), snapshot.id());
            if let Some((to_off, entry)) = switched(k) {
                let changed = match to_off {
                    true => live.suspend(entry, &by("platform"), why()),
                    false => live.resume(entry, &by("platform"), why()),
                };
                assert!(changed.unwrap());
                switches += 1;
            }
            lookups_go_on();
        }
    });
    let (done, seen) = (done.into_inner(), seen.into_inner().unwrap().len() as u64);
    println!(
        "{done} lookups by {threads} threads, {SWAPS} swaps, {switches} suspended or resumed; {seen} snapshots seen of {}; \
         {} answers hidden as off; {:.1?}",
        SWAPS + 1,
        hidden.into_inner(),
        begin.elapsed()
    );
    assert_eq!(seen, SWAPS + 1);
}

/// Tells all to stop when it is dropped.
struct OnEnd<'a>(&'a AtomicBool);

impl Drop for OnEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
