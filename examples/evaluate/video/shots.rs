//! What a shot shows: a drawn scene through a window that moves, with or without things that move before it.

use super::dice::Dice;
use super::film::RATE;
use super::scenes::{draw, to_byte, to_f32, to_index};

/// The size of a frame.
pub(crate) const WIDTH: usize = 480;
pub(crate) const HEIGHT: usize = 270;
pub(crate) const FRAME_BYTES: usize = 3 * WIDTH * HEIGHT;

/// The side of a scene, of which a window shows a part.
const SIDE: usize = 960;

/// A shot that can be drawn.
pub(super) struct Stage {
    scene: Vec<u8>,
    tint: Tint,
    /// Where the window is at the beginning and at the end.
    path: [Window; 2],
    /// How far it shakes, in pixels of the scene.
    shake: f32,
    /// Begins of the four swings that the shaking is made of.
    swings: [f32; 4],
    actors: Vec<Actor>,
    frames: u32,
}

/// Middle and width, in pixels of the scene.
type Window = [f32; 3];

type Tint = Vec<[u8; 3]>;

/// Something that moves over the scene.
struct Actor {
    texture: Vec<u8>,
    tint: Tint,
    /// In parts of the frame's width.
    radius: f32,
    squeeze: f32,
    /// Where it is in the middle of the shot, and how far it goes in a second, in parts of the frame.
    place: [f32; 2],
    speed: [f32; 2],
    /// A head sways and speaks; other things fly past.
    is_head: bool,
    phase: f32,
}

impl Stage {
    pub(super) fn new(dice: &mut Dice, frames: u32) -> Self {
        let mut scene = Vec::new();
        draw(dice, SIDE, &mut scene);
        let tint = tint(dice);
        let kind = dice.below(100);
        let (path, shake) = match kind {
            // A camera that pans or zooms, slowly or fast.
            0..50 => {
                let a_second = match dice.percent(40) {
                    true => dice.between(0.005, 0.02),
                    false => dice.between(0.02, 0.08),
                };
                (moved(dice, a_second * seconds(frames)), 0.0)
            }
            // A camera that is held by hand.
            50..68 => (moved(dice, 0.01 * seconds(frames)), dice.between(2.0, 9.0)),
            // A camera that stands.
            _ => (moved(dice, 0.0), 0.0),
        };
        let actors = match kind {
            // Somebody who speaks.
            68..84 => vec![Actor::head(dice)],
            // Things that move: now and then before a camera that moves, too.
            84..94 | 0..10 => (0..2 + dice.below(4)).map(|_| Actor::thing(dice)).collect(),
            // A title card, or nothing.
            _ => Vec::new(),
        };
        Self {
            scene,
            tint,
            path,
            shake,
            swings: std::array::from_fn(|_| dice.between(0.0, SWING)),
            actors,
            frames,
        }
    }

    pub(super) fn frames(&self) -> u32 {
        self.frames
    }

    /// Draws a frame; one behind the last goes on as the last did.
    pub(super) fn draw(&self, number: u32, frame: &mut [u8]) {
        let at = seconds(number);
        let done = at / seconds(self.frames);
        let [x, y, width] =
            std::array::from_fn(|i| self.path[0][i] + done * (self.path[1][i] - self.path[0][i]));
        let [a, b, c, d] = self.swings;
        let swing = |slow: f32, fast: f32| {
            self.shake * ((1.9 * at + slow).sin() + 0.5 * (7.3 * at + fast).sin())
        };
        let height = width * to_f32(HEIGHT) / to_f32(WIDTH);
        let most = to_f32(SIDE) - 2.0;
        let left = (x + swing(a, b) - width / 2.0).clamp(0.0, most - width);
        let top = (y + swing(c, d) - height / 2.0).clamp(0.0, most - height);
        let step = width / to_f32(WIDTH);
        let columns: Vec<(usize, u32)> = (0..WIDTH)
            .map(|x| parted(left + step * to_f32(x)))
            .collect();
        for (y, row) in frame.chunks_exact_mut(3 * WIDTH).enumerate() {
            let (above, down) = parted(top + step * to_f32(y));
            let (upper, lower) = self.scene[above * SIDE..][..2 * SIDE].split_at(SIDE);
            for (pixel, &(x, right)) in row.as_chunks_mut::<3>().0.iter_mut().zip(&columns) {
                let column =
                    |x: usize| u32::from(upper[x]) * (256 - down) + u32::from(lower[x]) * down;
                let sum = column(x) * (256 - right) + column(x + 1) * right;
                *pixel = self.tint[(sum >> 16) as usize & 255];
            }
        }
        let middle = at - seconds(self.frames) / 2.0;
        for actor in &self.actors {
            actor.draw(middle, frame);
        }
    }
}

impl Actor {
    fn head(dice: &mut Dice) -> Self {
        let place = [dice.between(0.35, 0.65), dice.between(0.45, 0.6)];
        let speed = [dice.between(0.005, 0.015), dice.between(0.002, 0.008)];
        let radius = dice.between(0.12, 0.2);
        Self::new(dice, radius, 1.3, place, speed, true)
    }

    fn thing(dice: &mut Dice) -> Self {
        let place = [dice.between(0.2, 0.8), dice.between(0.2, 0.8)];
        let speed = [dice.between(-0.2, 0.2), dice.between(-0.1, 0.1)];
        let (radius, squeeze) = (dice.between(0.04, 0.16), dice.between(0.5, 1.2));
        Self::new(dice, radius, squeeze, place, speed, false)
    }

    fn new(
        dice: &mut Dice,
        radius: f32,
        squeeze: f32,
        place: [f32; 2],
        speed: [f32; 2],
        is_head: bool,
    ) -> Self {
        let mut texture = Vec::new();
        draw(dice, TEXTURE, &mut texture);
        Self {
            texture,
            tint: tint(dice),
            radius,
            squeeze,
            place,
            speed,
            is_head,
            phase: dice.between(0.0, SWING),
        }
    }

    /// `at`: seconds from the middle of the shot.
    fn draw(&self, at: f32, frame: &mut [u8]) {
        let way = |i: usize| match self.is_head {
            true => self.speed[i] * (1.3 * at + self.phase + 2.0 * to_f32(i)).sin() * 2.0,
            false => self.speed[i] * at,
        };
        let (width, height) = (to_f32(WIDTH), to_f32(HEIGHT));
        let (x, y) = (
            (self.place[0] + way(0)) * width,
            (self.place[1] + way(1)) * height,
        );
        let across = self.radius * width;
        let down = across * self.squeeze;
        let open = match self.is_head {
            true => 0.02 + 0.08 * (9.0 * at + self.phase).sin().abs(),
            false => 0.0,
        };
        let rows = frame.chunks_exact_mut(3 * WIDTH).enumerate();
        let first = to_index((y - down).max(0.0));
        for (number, row) in rows.skip(first).take(to_index(2.0 * down) + 2) {
            let v = (to_f32(number) - y) / down;
            let half = across * (1.0 - v * v).max(0.0).sqrt();
            let columns = to_index((x - half).max(0.0))..to_index((x + half).max(0.0)).min(WIDTH);
            for column in columns {
                let u = (to_f32(column) - x) / across;
                let is_mouth = u.abs() < 0.35 && (v - 0.5).abs() < open;
                let texel = |part: f32| to_index((0.5 + 0.49 * part).max(0.0) * to_f32(TEXTURE));
                let grey =
                    self.texture[texel(v).min(TEXTURE - 1) * TEXTURE + texel(u).min(TEXTURE - 1)];
                let colour = if is_mouth {
                    [40, 15, 15]
                } else {
                    self.tint[usize::from(grey)]
                };
                row[3 * column..3 * column + 3].copy_from_slice(&colour);
            }
        }
    }
}

const TEXTURE: usize = 200;

/// Swings begin anywhere.
#[expect(
    clippy::approx_constant,
    reason = "as good as any, and films stay as they are"
)]
const SWING: f32 = 6.28;

fn seconds(frames: u32) -> f32 {
    to_f32(frames as usize) / to_f32(RATE as usize)
}

/// Where a window begins, and where it ends when it moves or grows by this part of itself.
fn moved(dice: &mut Dice, by: f32) -> [Window; 2] {
    let side = to_f32(SIDE);
    let width = side * dice.between(0.5, 0.9);
    let is_zoom = dice.percent(40);
    let far = match is_zoom {
        true => [0.0, 0.0, width * (1.0 - by.min(0.5))],
        false => {
            let (x, y) = (dice.between(-1.0, 1.0), dice.between(-0.6, 0.6));
            let long = (x * x + y * y).sqrt().max(0.05);
            [x / long * by * width, y / long * by * width, width]
        }
    };
    // Not beyond the scene, as far as that is possible.
    let room = |by: f32, size: f32| {
        let (low, high) = (size / 2.0 + (-by).max(0.0), side - size / 2.0 - by.max(0.0));
        if low < high {
            (low, high)
        } else {
            (side / 2.0, side / 2.0)
        }
    };
    let ((left, right), (top, bottom)) = (room(far[0], width), room(far[1], width * 0.57));
    let (x, y) = (dice.between(left, right), dice.between(top, bottom));
    let path = [[x, y, width], [x + far[0], y + far[1], far[2]]];
    match dice.percent(50) {
        true => path,
        false => [path[1], path[0]],
    }
}

/// Dark to light between two colours, so that brightness stays about what it was.
fn tint(dice: &mut Dice) -> Tint {
    let gain: [f32; 3] = std::array::from_fn(|_| dice.between(0.75, 1.1));
    let lift: [f32; 3] = std::array::from_fn(|_| dice.between(0.0, 25.0));
    let shade = |value: u8| std::array::from_fn(|i| to_byte(f32::from(value) * gain[i] + lift[i]));
    (0..=255).map(shade).collect()
}

/// Which pixel, and how far towards the next one, in parts of 256.
fn parted(place: f32) -> (usize, u32) {
    let whole = to_index(place);
    let part = to_index(256.0 * (place - to_f32(whole)));
    (whole.min(SIDE - 2), u32::try_from(part).unwrap_or(0))
}
