//! Contestants, the check of their answers, and rounds in which all take turns.

use std::error::Error;
use std::hint::black_box;

use crate::clock;

/// One implementation with its input loaded: all that is left to do is what is timed.
pub trait Contestant {
    /// As in `--peers` and in the output.
    fn name(&self) -> &str;

    /// Versions, flags and settings, for the reader of the table.
    fn description(&self) -> &str;

    /// What its answer is to ours.
    fn kinship(&self) -> Kinship;

    /// Does the work `times` times.
    fn go(&mut self, times: u32) -> Result<Answer, Box<dyn Error>>;
}

/// How a contestant's hash relates to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinship {
    /// The same algorithm on the same pixels: every bit must be equal.
    Same,
    /// The same algorithm with other rounding, of luma or of a JPEG decoder: a few bits.
    Near,
    /// Another algorithm, or no hash: only the time can be compared.
    Other,
}

/// What `times` runs took together, and what they answered.
pub struct Answer {
    pub cpu_nanoseconds: u64,
    pub hash: String,
}

impl Answer {
    fn milliseconds_each(&self, times: u32) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "2^53 nanoseconds are a hundred days"
        )]
        let total = self.cpu_nanoseconds as f64;
        total / f64::from(times) / 1e6
    }
}

/// A contestant that is a function in this process.
pub struct InProcess<F> {
    pub name: &'static str,
    pub description: String,
    pub kinship: Kinship,
    /// Gives the bytes of the hash.
    pub run: F,
}

impl<F: FnMut() -> Result<Vec<u8>, Box<dyn Error>>> Contestant for InProcess<F> {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> &str {
        &self.description
    }

    fn kinship(&self) -> Kinship {
        self.kinship
    }

    fn go(&mut self, times: u32) -> Result<Answer, Box<dyn Error>> {
        let mut hash = Vec::new();
        let begin = clock::cpu_nanoseconds();
        for _ in 0..times {
            hash = black_box((self.run)()?);
        }
        let end = clock::cpu_nanoseconds();
        Ok(Answer {
            cpu_nanoseconds: end - begin,
            hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// Runs each contestant once and compares its hash with that of the first, which is ours. Gives the bits between them,
/// none where they cannot be compared.
pub fn check(
    contestants: &mut [Box<dyn Contestant + '_>],
) -> Result<Vec<Option<u32>>, Box<dyn Error>> {
    let mut ours = None;
    let mut distances = Vec::new();
    for contestant in contestants {
        let hash = contestant.go(1)?.hash;
        let reference = ours.get_or_insert_with(|| hash.clone());
        let allowed = match contestant.kinship() {
            Kinship::Same => 0,
            Kinship::Near => NEAR_BITS,
            Kinship::Other => {
                distances.push(None);
                continue;
            }
        };
        let bits = distance(reference, &hash)?;
        if bits > allowed {
            let name = contestant.name();
            return Err(format!(
                "{name} answers {hash}, we {reference}: {bits} bits apart, at most {allowed} expected; nothing was timed"
            )
            .into());
        }
        distances.push(Some(bits));
    }
    Ok(distances)
}

/// Milliseconds of CPU each, by contestant and round. In a round every contestant has one turn, so that what slows the
/// machine down slows all of them; who begins changes, so that nobody always finds the same caches.
pub fn rounds(
    contestants: &mut [Box<dyn Contestant + '_>],
    rounds: usize,
) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let mut times = Vec::new();
    for contestant in &mut *contestants {
        let once = contestant.go(1)?.milliseconds_each(1);
        times.push(times_for(once));
    }
    let mut milliseconds = vec![Vec::new(); contestants.len()];
    for round in 0..rounds {
        for turn in 0..contestants.len() {
            let who = (round + turn) % contestants.len();
            let answer = contestants[who].go(times[who])?;
            milliseconds[who].push(answer.milliseconds_each(times[who]));
        }
    }
    Ok(milliseconds)
}

/// How often to repeat in a turn what takes `once` milliseconds: long enough for the clock, and for a worker to wake up.
fn times_for(once: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1..=500 before"
    )]
    let times = (TURN_MS / once).ceil().clamp(1.0, 500.0) as u32;
    times
}

/// The bits in which two hexadecimal texts of equal length differ.
fn distance(one: &str, other: &str) -> Result<u32, Box<dyn Error>> {
    if one.len() != other.len() {
        return Err(format!("a hash of {} digits, {} expected", other.len(), one.len()).into());
    }
    let digit = |c: char| {
        c.to_digit(16)
            .ok_or_else(|| format!("no hexadecimal hash: {other}"))
    };
    let mut bits = 0;
    for (a, b) in one.chars().zip(other.chars()) {
        bits += (digit(a)? ^ digit(b)?).count_ones();
    }
    Ok(bits)
}

/// The distance that the reference allows between the same file through two decoders.
const NEAR_BITS: u32 = 10;

const TURN_MS: f64 = 60.0;
