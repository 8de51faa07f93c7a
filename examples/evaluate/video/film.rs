//! Drawn films: shots of 2 to 8 seconds, cut or dissolved into each other, in which things move as they do in videos. The same number gives
//! the same film.

use std::io::Write;

use super::dice::Dice;
use super::shots::{FRAME_BYTES, Stage};
use crate::Failure;

/// Frames a second.
pub(crate) const RATE: u32 = 25;

/// How long a shot is that other films show as well, in frames: 2.5 s and a bit, which is cut off.
const STOCK_FRAMES: u32 = 64;

/// What is to be drawn.
#[derive(Debug, Clone)]
pub(crate) struct Film {
    pub(crate) name: String,
    seed: u64,
    shots: Vec<Shot>,
}

/// A stretch of a film without a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shot {
    /// The frame with which it begins.
    from: u32,
    frames: u32,
    /// For how many of them the shot before is still seen.
    dissolve: u32,
}

impl Film {
    /// A film of so many seconds. Its second shot is a stock shot where it has one.
    pub(crate) fn new(name: String, seed: u64, seconds: u32, has_stock: bool) -> Self {
        let mut dice = Dice::new(seed, 0);
        let (mut shots, mut from) = (Vec::new(), 0);
        while from < seconds * RATE {
            let is_stock = has_stock && shots.len() == 1;
            let follows_stock = has_stock && shots.len() == 2;
            let long = 2 * RATE + frames_below(&mut dice, 6 * RATE);
            let left = seconds * RATE - from;
            let frames = match long {
                _ if is_stock => STOCK_FRAMES,
                // A shot of less than two seconds at the end would be no shot.
                long if left < long + 2 * RATE => left,
                long => long,
            };
            let is_soft = dice.percent(25) && !is_stock && !follows_stock && from > 0;
            shots.push(Shot {
                from,
                frames: frames.min(left),
                dissolve: if is_soft { 15 } else { 0 },
            });
            from += frames.min(left);
        }
        Self { name, seed, shots }
    }

    pub(crate) fn frames(&self) -> u32 {
        self.shots.last().map_or(0, |shot| shot.from + shot.frames)
    }

    /// All that its frames follow from.
    pub(crate) fn recipe(&self) -> String {
        format!("{} {VERSION} {:?}", self.seed, self.shots)
    }

    /// Writes its frames, three bytes a pixel.
    pub(crate) fn draw(&self, out: &mut impl Write) -> Result<(), Failure> {
        let mut grain = Grain::new(self.seed);
        let (mut frame, mut mixed) = (vec![0; FRAME_BYTES], vec![0; FRAME_BYTES]);
        let mut before: Option<Stage> = None;
        for (shot, number) in self.shots.iter().zip(1..) {
            let stage = Stage::new(&mut Dice::new(self.seed, number), shot.frames);
            for place in 0..shot.frames {
                stage.draw(place, &mut frame);
                if let (Some(before), true) = (&before, place < shot.dissolve) {
                    before.draw(before.frames() + place, &mut mixed);
                    mix(&mut frame, &mixed, place, shot.dissolve);
                }
                grain.strew(&mut frame);
                out.write_all(&frame)?;
            }
            before = Some(stage);
        }
        Ok(())
    }
}

/// Changes whenever films are drawn otherwise.
const VERSION: u32 = 1;

/// When the stock shot of a film shows, in milliseconds.
pub(crate) fn stock_ms(film: &Film) -> Option<[u32; 2]> {
    let shot = film.shots.get(1)?;
    let from = shot.from * 1000 / RATE;
    (shot.frames == STOCK_FRAMES).then_some([from, from + 2500])
}

fn frames_below(dice: &mut Dice, end: u32) -> u32 {
    u32::try_from(dice.below(end as usize)).unwrap_or(0)
}

/// From `before` to `frame`, so far.
fn mix(frame: &mut [u8], before: &[u8], place: u32, of: u32) {
    let weight = 256 * (place + 1) / (of + 1);
    for (new, old) in frame.iter_mut().zip(before) {
        let sum = u32::from(*new) * weight + u32::from(*old) * (256 - weight);
        *new = u8::try_from(sum >> 8).unwrap_or(u8::MAX);
    }
}

/// Noise as film and small sensors have.
struct Grain {
    dice: Dice,
    table: Vec<i8>,
}

impl Grain {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, u64::MAX);
        let most = 2 + dice.below(5);
        let one = |dice: &mut Dice| {
            let value = dice.below(2 * most + 1);
            i8::try_from(value).unwrap_or(0) - i8::try_from(most).unwrap_or(0)
        };
        let table = (0..1 << 16).map(|_| one(&mut dice)).collect();
        Self { dice, table }
    }

    fn strew(&mut self, frame: &mut [u8]) {
        for part in frame.chunks_mut(1 << 11) {
            let begin = self.dice.below(self.table.len() - (1 << 11));
            // The same for all three colours of a pixel would be film; this is a sensor.
            for (value, grain) in part.iter_mut().zip(&self.table[begin..]) {
                *value = value.saturating_add_signed(*grain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_follow_each_other_and_fill_the_film() {
        for seed in 0..40 {
            let film = Film::new("film".into(), seed, 5 + 40 * u32::from(seed % 2 == 0), true);
            assert_eq!(film.frames() % RATE, 0);
            for pair in film.shots.windows(2) {
                assert_eq!(pair[0].from + pair[0].frames, pair[1].from);
            }
            assert!(film.shots.iter().all(|shot| shot.frames <= 10 * RATE));
        }
        let film = Film::new("film".into(), 4, 45, true);
        let [from, to] = stock_ms(&film).unwrap();
        assert_eq!((to - from, film.shots[2].dissolve), (2500, 0));
    }

    #[test]
    fn the_same_number_draws_the_same_frames() {
        let drawn = |seed| {
            let mut bytes = Vec::new();
            Film::new("film".into(), seed, 2, false)
                .draw(&mut bytes)
                .unwrap();
            bytes
        };
        assert_eq!(drawn(7).len(), FRAME_BYTES * 2 * RATE as usize);
        assert!(drawn(7) == drawn(7) && drawn(7) != drawn(8));
    }
}
