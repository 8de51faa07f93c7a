//! Every photo in every setting, asked in every way, against all entries.
//!
//! Lookups compare every code asked with every code stored: slower than an index, and obviously right.

use std::thread;

use ijkpunt::Pdq;
use rustix::time::{ClockId, clock_gettime};

use crate::Failure;
use crate::edits::Family;
use crate::photos::{Album, picture_of, shown};
use crate::tally::{Histogram, Tally};
use crate::ways::{self, Screened, Way};

/// What was counted in one way.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) way: String,
    /// Codes stored, of all entries.
    pub(crate) stored: usize,
    /// For each family, its settings.
    pub(crate) families: Vec<Vec<Tally>>,
    /// For each known photo, from every code asked for its copies to every code of wrong entries.
    pub(crate) wrong_by_photo: Vec<Histogram>,
}

impl Measured {
    /// Of all settings of a family.
    pub(crate) fn family(&self, family: usize) -> Tally {
        Tally::sum(self.families.get(family).into_iter().flatten())
    }

    /// Of all settings of all families.
    pub(crate) fn all(&self) -> Tally {
        Tally::sum(self.families.iter().flatten())
    }

    /// The mean over families of their recall.
    pub(crate) fn macro_recall(&self, radius: u16) -> f64 {
        let recalls = (0..self.families.len()).map(|family| self.family(family).recall(radius));
        recalls.sum::<f64>() / self.families.len().max(1) as f64
    }
}

/// Tries everything, on so many threads. Which of them does what changes no number but the times.
pub(crate) fn measure(
    album: &Album,
    families: &[Family],
    threads: usize,
) -> Result<Vec<Measured>, Failure> {
    let mut ways = ways::all();
    let enrolled = enrol(album, &mut ways)?;
    let screened = ways::screened(album)?;
    let one = |way: &str, stored| Measured {
        way: way.to_owned(),
        stored,
        families: blank(families),
        wrong_by_photo: vec![Histogram::default(); album.known.len()],
    };
    let by_codes = ways.iter().zip(&enrolled).map(|(way, stored)| {
        let codes = stored.iter().map(Vec::len).sum();
        one(way.name(), codes)
    });
    let mut measured: Vec<Measured> = by_codes.collect();
    measured.extend(screened.iter().map(|way| one(way.name, way.stored)));
    let threads = threads.clamp(1, album.known.len().max(1));
    let parts: Vec<Result<Vec<Counts>, Failure>> = thread::scope(|scope| {
        let part = |first| {
            let (enrolled, screened) = (&enrolled, &screened);
            scope.spawn(move || every(album, families, enrolled, screened, (first, threads)))
        };
        let started: Vec<_> = (0..threads).map(part).collect();
        let gone = |_| Err("a thread has panicked".into());
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(gone);
        started.into_iter().map(join).collect()
    });
    for part in parts {
        for (measured, counts) in measured.iter_mut().zip(part?) {
            let into = measured.families.iter_mut().flatten();
            for (into, more) in into.zip(counts.families.iter().flatten()) {
                into.merge(more);
            }
            for (photo, wrong) in counts.wrong_by_photo {
                measured.wrong_by_photo[photo].merge(&wrong);
            }
        }
    }
    Ok(measured)
}

/// What one thread counted in one way.
#[derive(Default)]
struct Counts {
    families: Vec<Vec<Tally>>,
    wrong_by_photo: Vec<(usize, Histogram)>,
}

/// By family and setting.
fn blank(families: &[Family]) -> Vec<Vec<Tally>> {
    let settings = |family: &Family| vec![Tally::default(); family.settings.len()];
    families.iter().map(settings).collect()
}

/// A code in words that are fast to compare.
type Words = [u64; 4];

/// By way and entry: its codes.
type Enrolled = Vec<Vec<Vec<Words>>>;

fn enrol(album: &Album, ways: &mut [Box<dyn Way>]) -> Result<Enrolled, Failure> {
    let mut all = Vec::new();
    for way in ways {
        let mut entries = Vec::new();
        for photo in &album.known {
            let codes = way.enrol(&picture_of(&photo.image)?);
            entries.push(codes.into_iter().map(words).collect());
        }
        all.push(entries);
    }
    Ok(all)
}

/// Every `step`th photo from `first` on.
fn every(
    album: &Album,
    families: &[Family],
    enrolled: &Enrolled,
    screened: &[Screened],
    (first, step): (usize, usize),
) -> Result<Vec<Counts>, Failure> {
    let mut ways = ways::all();
    let blank = || Counts {
        families: blank(families),
        wrong_by_photo: Vec::new(),
    };
    let mut counts: Vec<Counts> = (0..ways.len() + screened.len()).map(|_| blank()).collect();
    for (own, photo) in album.known.iter().enumerate().skip(first).step_by(step) {
        for counts in &mut counts {
            counts.wrong_by_photo.push((own, Histogram::default()));
        }
        for (f, family) in families.iter().enumerate() {
            for (s, setting) in family.settings.iter().enumerate() {
                let upload = setting.upload(photo, &family.name, &album.others)?;
                let picture = shown(&upload);
                for ((way, entries), counts) in ways.iter_mut().zip(enrolled).zip(&mut counts) {
                    let start = cpu_ns();
                    let asked = picture.as_ref().map_or(Vec::new(), |it| way.ask(it));
                    let tally = &mut counts.families[f][s];
                    tally.cpu_ns += cpu_ns().saturating_sub(start);
                    let asked: Vec<Words> = asked.into_iter().map(words).collect();
                    let of_photo = counts.wrong_by_photo.last_mut();
                    if let Some((_, wrong)) = of_photo {
                        look_up(&asked, entries, own, tally, wrong);
                    }
                }
                for (way, counts) in screened.iter().zip(&mut counts[enrolled.len()..]) {
                    let start = cpu_ns();
                    let found = picture.as_ref().and_then(|it| way.ask(it));
                    let tally = &mut counts.families[f][s];
                    tally.cpu_ns += cpu_ns().saturating_sub(start);
                    take(found, own, tally);
                }
            }
        }
    }
    Ok(counts)
}

/// What a screener found of an upload: entries with their distances; none where it is undecided.
fn take(found: Option<Vec<(usize, u16)>>, own: usize, tally: &mut Tally) {
    tally.uploads += 1;
    let Some(found) = found else {
        tally.undecided += 1;
        return;
    };
    let mut nearest_wrong: Option<u16> = None;
    for (entry, distance) in found {
        if entry == own {
            tally.right.add(distance);
        } else {
            tally.wrong_pairs.add(distance);
            nearest_wrong = Some(nearest_wrong.map_or(distance, |least| least.min(distance)));
        }
    }
    if let Some(nearest) = nearest_wrong {
        tally.nearest_wrong.add(nearest);
    }
}

/// Looks codes up among all entries, one of which is the right one.
fn look_up(
    asked: &[Words],
    entries: &[Vec<Words>],
    own: usize,
    tally: &mut Tally,
    lookups: &mut Histogram,
) {
    tally.uploads += 1;
    if asked.is_empty() {
        tally.undecided += 1;
        return;
    }
    let mut nearest_wrong: Option<u16> = None;
    for (entry, stored) in entries.iter().enumerate() {
        if entry == own {
            if let Some(nearest) = nearest(asked, stored, |_| {}) {
                tally.right.add(nearest);
            }
            continue;
        }
        if let Some(nearest) = nearest(asked, stored, |distance| lookups.add(distance)) {
            tally.wrong_pairs.add(nearest);
            nearest_wrong = Some(nearest_wrong.map_or(nearest, |least| least.min(nearest)));
        }
    }
    if let Some(nearest) = nearest_wrong {
        tally.nearest_wrong.add(nearest);
    }
}

/// The smallest distance between any two; every one is told.
fn nearest(asked: &[Words], stored: &[Words], mut told: impl FnMut(u16)) -> Option<u16> {
    let mut least = None;
    for code in asked {
        for other in stored {
            let distance = distance(code, other);
            told(distance);
            least = Some(least.map_or(distance, |least: u16| least.min(distance)));
        }
    }
    least
}

fn distance(a: &Words, b: &Words) -> u16 {
    let differing: u32 = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum();
    #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
    let bits = differing as u16;
    bits
}

fn words(pdq: Pdq) -> Words {
    let bytes = pdq.to_bytes();
    let mut words = [0; 4];
    for (word, eight) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_be_bytes(*eight);
    }
    words
}

/// CPU time of this thread.
pub(crate) fn cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let part = |value: i64| u64::try_from(value).unwrap_or(0);
    part(now.tv_sec) * 1_000_000_000 + part(now.tv_nsec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn code(bits: u32) -> Words {
        words(Pdq::from_bytes(std::array::from_fn(|place| {
            let from = u32::try_from(place).unwrap() * 8;
            let set = bits.saturating_sub(from).min(8);
            u8::try_from((1u32 << set) - 1).unwrap()
        })))
    }

    #[test]
    fn distances_in_words_are_those_of_the_library() {
        let a = Pdq::from_bytes(std::array::from_fn(|i| u8::try_from(i * 7).unwrap()));
        let b = Pdq::from_bytes(std::array::from_fn(|i| u8::try_from(i * 5 + 3).unwrap()));
        assert_eq!(distance(&words(a), &words(b)), a.distance(b).bits());
        assert_eq!(distance(&code(0), &code(256)), 256);
    }

    #[test]
    fn the_right_entry_and_wrong_ones_are_counted_apart() {
        let entries = [vec![code(0), code(9)], vec![code(40)], vec![code(100)]];
        let (mut tally, mut lookups) = (Tally::default(), Histogram::default());
        look_up(&[code(10), code(50)], &entries, 0, &mut tally, &mut lookups);
        look_up(&[], &entries, 0, &mut tally, &mut lookups);
        assert_eq!((tally.uploads, tally.undecided), (2, 1));
        assert_eq!(tally.right.seen().collect::<Vec<_>>(), [(1, 1)]);
        assert_eq!(tally.nearest_wrong.seen().collect::<Vec<_>>(), [(10, 1)]);
        let pairs: Vec<_> = tally.wrong_pairs.seen().collect();
        assert_eq!(pairs, [(10, 1), (50, 1)]);
        let lookups: Vec<_> = lookups.seen().collect();
        assert_eq!(lookups, [(10, 1), (30, 1), (50, 1), (90, 1)]);
    }

    #[test]
    fn the_number_of_threads_changes_no_count() {
        let options = Options {
            limit: 3,
            families: ["mirror", "inset"].map(str::to_owned).to_vec(),
            settings_per_family: 1,
            ..Options::default()
        };
        let album = Album::open(&options).unwrap();
        let families = crate::edits::families(&options).unwrap();
        let counted = |threads| {
            let measured = measure(&album, &families, threads).unwrap();
            let all = measured.iter().map(Measured::all);
            let all = all.map(|all| (all.right, all.wrong_pairs));
            let wrong = measured.iter().map(|it| it.wrong_by_photo.clone());
            all.zip(wrong).collect::<Vec<_>>()
        };
        assert_eq!(counted(1), counted(3));
        let measured = measure(&album, &families, 2).unwrap();
        assert_eq!(measured[0].family(0).right.within(31), 0);
        assert_eq!(measured[1].family(0).right.within(31), 3);
    }
}
