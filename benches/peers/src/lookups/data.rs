//! Codes, queries, and what is to be found: by the scan, once.

use std::error::Error;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::Scan;

use crate::sets;

/// Which codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    Uniform,
    Realistic,
}

impl Set {
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Realistic];

    pub fn named(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|set| set.name() == text);
        known.ok_or(format!("no set: {text}; uniform or realistic"))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Realistic => "realistic",
        }
    }

    fn codes(self, count: usize) -> Vec<Pdq> {
        match self {
            Self::Uniform => sets::uniform(count, LISTED),
            Self::Realistic => sets::realistic(count, LISTED),
        }
    }

    fn strangers(self, count: usize) -> Vec<Pdq> {
        match self {
            Self::Uniform => sets::uniform(count, STRANGERS),
            Self::Realistic => sets::strangers(count, STRANGERS),
        }
    }
}

/// Which queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing listed is near.
    Miss,
    /// A listed code with some bits flipped.
    Hit,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Miss, Self::Hit];

    pub fn name(self) -> &'static str {
        match self {
            Self::Miss => "miss",
            Self::Hit => "hit",
        }
    }
}

/// What is measured with: the same for everyone.
pub struct Data {
    pub set: Set,
    pub codes: Vec<Pdq>,
    pub radius: Radius,
    /// The codes in a file, 32 bytes each.
    pub file: PathBuf,
    misses: Queries,
    hits: Queries,
}

struct Queries {
    codes: Vec<Pdq>,
    file: PathBuf,
    /// The rows within the radius of each, ascending.
    truth: Vec<Vec<u32>>,
}

impl Data {
    /// Makes the set, or reads it where an earlier run has left it in the folder `scratch`.
    pub fn load(
        set: Set,
        count: usize,
        queries: usize,
        radius: Radius,
        scratch: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let name = format!("{}-{count}-{LISTED}-v{}.codes", set.name(), sets::VERSION);
        let file = scratch.join(name);
        let codes = match read(&file) {
            Some(codes) if codes.len() == count => codes,
            _ => {
                eprintln!("{}: making {count} codes", set.name());
                let codes = set.codes(count);
                write(&file, &codes)?;
                codes
            }
        };
        let scan: Scan = codes.iter().copied().collect();
        let of_kind = |kind: Kind, codes: Vec<Pdq>| {
            let mut found: Vec<_> = codes
                .iter()
                .copied()
                .zip(truth(&scan, &codes, radius))
                .collect();
            // What is near a listed code all the same is no miss.
            found.retain(|(_, rows)| kind == Kind::Hit || rows.is_empty());
            let (codes, truth): (Vec<Pdq>, Vec<_>) = found.into_iter().unzip();
            let file = scratch.join(format!("{}-{}.codes", std::process::id(), kind.name()));
            write(&file, &codes)?;
            Ok::<_, Box<dyn Error>>(Queries { codes, file, truth })
        };
        let flipped = sets::flipped(&codes, queries, radius.bits(), FLIPPED);
        Ok(Self {
            set,
            misses: of_kind(Kind::Miss, set.strangers(queries))?,
            hits: of_kind(Kind::Hit, flipped)?,
            codes,
            radius,
            file,
        })
    }

    pub fn queries(&self, kind: Kind) -> &[Pdq] {
        &self.of(kind).codes
    }

    /// The same in a file.
    pub fn query_file(&self, kind: Kind) -> &Path {
        &self.of(kind).file
    }

    fn of(&self, kind: Kind) -> &Queries {
        match kind {
            Kind::Miss => &self.misses,
            Kind::Hit => &self.hits,
        }
    }

    pub fn described(&self) -> String {
        let near: usize = self.hits.truth.iter().map(Vec::len).sum();
        format!(
            "{} {}: {} misses; {} hits with {near} rows within {}",
            self.codes.len(),
            self.set.name(),
            self.misses.codes.len(),
            self.hits.codes.len(),
            self.radius,
        )
    }

    /// Compares what was found for the first queries of a kind with what is there.
    pub fn judge(&self, kind: Kind, found: &[Vec<u32>]) -> Found {
        let mut judged = Found {
            right: 0,
            there: 0,
            extra: 0,
        };
        for (found, truth) in found.iter().zip(&self.of(kind).truth) {
            let mut found = found.clone();
            found.sort_unstable();
            let all = found.len();
            found.dedup(); // a row that is found twice is extra once
            let right = found.iter().filter(|row| truth.binary_search(row).is_ok());
            let right = right.count();
            judged.right += right;
            judged.there += truth.len();
            judged.extra += all - right;
        }
        judged
    }

    /// Of so many bytes, those that each code takes.
    #[expect(clippy::cast_precision_loss, reason = "for a table")]
    pub fn each(&self, bytes: Option<usize>) -> Option<f64> {
        bytes.map(|bytes| (bytes as f64 / self.codes.len() as f64).round())
    }
}

/// Queries go; codes stay for the next run.
impl Drop for Data {
    fn drop(&mut self) {
        for queries in [&self.misses, &self.hits] {
            let _ = fs::remove_file(&queries.file);
        }
    }
}

/// Rows found, over all queries.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Found, and within the radius.
    pub right: usize,
    /// Within the radius.
    pub there: usize,
    /// Found, and not within the radius or found before.
    pub extra: usize,
}

impl Found {
    pub fn is_exact(&self) -> bool {
        self.right == self.there && self.extra == 0
    }

    /// None where nothing is there to be found.
    #[expect(clippy::cast_precision_loss, reason = "for a table")]
    pub fn recall(&self) -> Option<f64> {
        (self.there > 0).then(|| self.right as f64 / self.there as f64)
    }
}

/// The rows within the radius of each query, by the scan, on all cores.
fn truth(scan: &Scan, queries: &[Pdq], radius: Radius) -> Vec<Vec<u32>> {
    let rows = |&query: &Pdq| {
        let hits = scan.search(query, radius);
        let mut rows: Vec<u32> = hits.iter().map(|hit| row(hit.row)).collect();
        rows.sort_unstable();
        rows
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = queries.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let running: Vec<_> = queries
            .chunks(share)
            .map(|queries| scope.spawn(move || queries.iter().map(rows).collect::<Vec<_>>()))
            .collect();
        let done = running.into_iter().map(|thread| {
            let rows = thread.join();
            rows.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        done.flatten().collect()
    })
}

/// Rows are below 2^32 in all that is compared here.
pub fn row(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn read(file: &Path) -> Option<Vec<Pdq>> {
    let bytes = fs::read(file).ok()?;
    let (codes, rest) = bytes.as_chunks();
    let codes = codes.iter().map(|&code| Pdq::from_bytes(code)).collect();
    rest.is_empty().then_some(codes)
}

/// Under another name first, so that a run that ends early leaves no half of a file.
fn write(file: &Path, codes: &[Pdq]) -> Result<(), Box<dyn Error>> {
    let named = |error| format!("{}: {error}", file.display());
    let bytes: Vec<u8> = codes.iter().flat_map(|code| code.to_bytes()).collect();
    let part = file.with_extension("part");
    fs::write(&part, bytes).map_err(named)?;
    Ok(fs::rename(&part, file).map_err(named)?)
}

const LISTED: u64 = 1;
const STRANGERS: u64 = 2;
const FLIPPED: u64 = 3;

#[cfg(test)]
mod tests {
    use ijkpunt::index::Index;

    use super::*;

    fn near(index: &Index<'_>, code: Pdq) -> usize {
        index.search(code, Radius::DEFAULT).len()
    }

    #[test]
    fn uniform_codes_have_128_ones_and_are_strangers() {
        let codes = sets::uniform(2000, 1);
        for code in &codes {
            let ones: u32 = code.to_bytes().iter().map(|byte| byte.count_ones()).sum();
            assert_eq!(ones, 128);
        }
        let index = codes.iter().copied().collect();
        assert!(codes.iter().all(|&code| near(&index, code) == 1));
    }

    #[test]
    fn realistic_codes_are_the_same_by_any_number_of_threads_and_begin_larger_sets() {
        let by = |threads, count| NonZero::new(threads).map(|by| sets::realistic_by(by, count, 7));
        let (one, three, more) = (by(1, 500), by(3, 500), by(2, 1000));
        assert_eq!(one, three);
        assert_eq!(one.as_deref(), more.as_ref().map(|more| &more[..500]));
        assert_ne!(one, Some(sets::realistic(500, 8)));
    }

    #[test]
    fn realistic_codes_come_in_families_and_strangers_do_not() {
        let codes = sets::realistic(2000, 1);
        let index = codes.iter().copied().collect();
        let related = codes.iter().filter(|&&code| near(&index, code) > 1).count();
        assert!((600..1400).contains(&related), "{related} of 2000");
        let strangers = sets::strangers(200, 2);
        assert!(strangers.iter().all(|&code| near(&index, code) == 0));
    }

    #[test]
    fn flipped_codes_are_at_every_distance_up_to_the_most() {
        let listed = sets::uniform(100, 1);
        let mut seen = [false; 32];
        for code in sets::flipped(&listed, 2000, 31, 3) {
            let nearest = listed
                .iter()
                .map(|listed| listed.distance(code).bits())
                .min();
            seen[usize::from(nearest.unwrap_or(0))] = true;
        }
        assert_eq!(seen, [true; 32]);
        assert!(sets::flipped(&[], 5, 31, 3).is_empty());
    }

    #[test]
    fn what_is_missed_extra_or_found_twice_is_counted() -> Result<(), Box<dyn Error>> {
        let scratch = std::env::temp_dir().join(format!("{}-data", std::process::id()));
        fs::create_dir_all(&scratch)?;
        let data = Data::load(Set::Realistic, 500, 100, Radius::DEFAULT, &scratch)?;
        let again = Data::load(Set::Realistic, 500, 100, Radius::DEFAULT, &scratch)?;
        assert!(data.codes == again.codes, "a kept set is read again");
        drop(again);

        let truth = data.hits.truth.clone();
        assert!(data.judge(Kind::Hit, &truth).is_exact());
        assert_eq!(data.judge(Kind::Hit, &truth).recall(), Some(1.0));
        let nothing = vec![Vec::new(); truth.len()];
        assert_eq!(data.judge(Kind::Hit, &nothing).recall(), Some(0.0));
        assert_eq!(data.judge(Kind::Miss, &nothing).recall(), None);
        let twice: Vec<_> = truth.iter().map(|rows| rows.repeat(2)).collect();
        let twice = data.judge(Kind::Hit, &twice);
        assert_eq!((twice.recall(), twice.extra), (Some(1.0), twice.there));
        drop(data);
        Ok(fs::remove_dir_all(&scratch)?)
    }
}
