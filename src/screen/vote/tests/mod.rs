//! Hits that were made up, judged by eye and by the oracle.

mod drawn;
mod oracle;
mod planted;
mod real;
mod rule;

use super::*;
use timeline::Moment;

/// A video that shows each of these contents for so many milliseconds.
fn showing(contents: impl IntoIterator<Item = usize>, step_ms: u32) -> Timeline {
    let moments = contents.into_iter().zip(0..).map(|(content, n)| Moment {
        at_ms: n * step_ms,
        ends_ms: (n + 1) * step_ms,
        content,
    });
    Timeline::from_moments(moments.collect())
}

/// A video that shows something new with each frame.
fn video(frames: usize, step_ms: u32) -> Timeline {
    showing(0..frames, step_ms)
}

fn hit(query: usize, entry: usize, bits: u16) -> Hit {
    Hit {
        query,
        entry,
        distance: Distance::of_bits(bits),
        mirrored: false,
    }
}

/// When a frame of a video begins.
fn at_ms(timeline: &Timeline, frame: usize) -> f64 {
    timeline.frame(frame).unwrap().at_ms.into()
}

/// What an upload shows of an entry: which of its frames, how fast, and from when on.
#[derive(Debug, Clone)]
struct Copied {
    queries: std::ops::Range<usize>,
    speed: f64,
    from_ms: f64,
}

impl Copied {
    fn new(queries: std::ops::Range<usize>, speed: f64, from_ms: f64) -> Self {
        Self {
            queries,
            speed,
            from_ms,
        }
    }

    fn entry_ms(&self, query: &Timeline, frame: usize) -> f64 {
        self.from_ms + self.speed * (at_ms(query, frame) - at_ms(query, self.queries.start))
    }

    /// Of each frame of the upload, the nearest of the entry is 4 bits away, those beside it 20 and 26.
    fn hits(&self, query: &Timeline, entry: &Timeline) -> Vec<Hit> {
        let mut hits = Vec::new();
        for frame in self.queries.clone() {
            let off_ms = |n: &usize| (at_ms(entry, *n) - self.entry_ms(query, frame)).abs();
            let mut near: Vec<usize> = (0..entry.len()).filter(|n| off_ms(n) <= 700.0).collect();
            near.sort_by(|a, b| off_ms(a).total_cmp(&off_ms(b)));
            let bits = [4, 20, 26];
            hits.extend(near.iter().zip(bits).map(|(&n, bits)| hit(frame, n, bits)));
        }
        hits
    }

    /// Panics unless a segment is this, but for a second at its ends.
    fn assert_is(&self, found: &Segment, query: &Timeline) {
        let ends = [self.queries.start, self.queries.end - 1];
        for (end, frame) in ends.into_iter().enumerate() {
            let off = (f64::from(found.query_ms[end]) - at_ms(query, frame)).abs();
            assert!(off <= 1001.0, "{found:?} is not {self:?}");
            let off = (f64::from(found.entry_ms[end]) - self.entry_ms(query, frame)).abs();
            assert!(off <= 1501.0, "{found:?} is not {self:?}");
        }
        let speed = f64::from(found.speed_permille) / 1000.0;
        assert!(
            (speed / self.speed - 1.0).abs() <= 0.1,
            "{found:?} is not {self:?}"
        );
    }
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most
    }

    /// So many hits that mean nothing.
    fn hits(&mut self, count: usize, query: &Timeline, entry: &Timeline) -> Vec<Hit> {
        let one = |chance: &mut Self| {
            let (query, entry) = (chance.below(query.len()), chance.below(entry.len()));
            hit(query, entry, 31 - chance.below(8) as u16)
        };
        (0..count).map(|_| one(self)).collect()
    }
}
