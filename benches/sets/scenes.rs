//! Drawn scenes: square grey pictures in which a picture's statistics are, not its meaning. Sizes are fractions of the side, so that
//! every side shows the same.

use super::dice::Dice;

/// Draws the scene that `dice` stand for over `pixels`, `side` rows of `side` pixels.
pub(crate) fn draw(dice: &mut Dice, side: usize, pixels: &mut Vec<u8>) {
    pixels.clear();
    pixels.resize(side * side, 0);
    let mut canvas = Canvas { side, pixels };
    match dice.below(4) {
        0 | 1 => leaves(dice, &mut canvas),
        2 => page(dice, &mut canvas),
        _ => shapes(dice, &mut canvas),
    }
}

struct Canvas<'a> {
    side: usize,
    pixels: &'a mut [u8],
}

impl Canvas<'_> {
    /// Pixels of so great a part of the side.
    fn px(&self, part: f32) -> f32 {
        part * to_f32(self.side)
    }

    /// The pixels of a row from `left` to `right`, as far as they are in the picture.
    fn span(&mut self, row: usize, left: f32, right: f32) -> &mut [u8] {
        let within = |place: f32| to_index(place.max(0.0)).min(self.side);
        let (left, right) = (within(left), within(right));
        &mut self.pixels[row * self.side + left..row * self.side + right.max(left)]
    }

    fn rows(&self, top: f32, bottom: f32) -> std::ops::Range<usize> {
        let within = |place: f32| to_index(place.max(0.0)).min(self.side);
        within(top)..within(bottom)
    }

    fn rectangle(&mut self, [left, top, right, bottom]: [f32; 4], shade: u8) {
        for row in self.rows(top, bottom) {
            self.span(row, left, right).fill(shade);
        }
    }

    fn ellipse(&mut self, (x, y): (f32, f32), radius: f32, squeeze: f32, shade: u8) {
        let height = radius * squeeze;
        for row in self.rows(y - height, y + height + 1.0) {
            let up = (to_f32(row) + 0.5 - y) / height;
            let half = radius * (1.0 - up * up).max(0.0).sqrt();
            self.span(row, x - half + 0.5, x + half + 0.5).fill(shade);
        }
    }

    /// From `from` on the left or top to `to` across the side, turned by `slope`.
    fn gradient(&mut self, from: f32, to: f32, slope: (f32, f32)) {
        let step = (to - from) / to_f32(self.side);
        for (y, row) in self.pixels.chunks_exact_mut(self.side).enumerate() {
            let begin = from + step * slope.1 * to_f32(y);
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = to_byte(begin + step * slope.0 * to_f32(x));
            }
        }
    }

    /// Light that falls off across the picture, on what is drawn already.
    fn light(&mut self, from: f32, to: f32) {
        let step = (to - from) / to_f32(self.side);
        for (y, row) in self.pixels.chunks_exact_mut(self.side).enumerate() {
            let light = from + step * to_f32(y);
            for pixel in row {
                *pixel = to_byte(f32::from(*pixel) * light);
            }
        }
    }
}

/// Disks over each other. The density of radii falls with their cube, as that of things in photographs does.
fn leaves(dice: &mut Dice, canvas: &mut Canvas<'_>) {
    let backdrop = dice.between(20.0, 235.0);
    canvas.gradient(backdrop, dice.between(20.0, 235.0), (0.0, 1.0));
    let (least, most) = (0.03f32, dice.between(0.25, 0.6));
    let contrast = dice.between(0.6, 1.0);
    for _ in 0..60 + dice.below(100) {
        let spread = 1.0 - (least / most).powi(2);
        let radius = canvas.px(least / (1.0 - spread * dice.unit()).sqrt());
        let place = (canvas.px(dice.unit()), canvas.px(dice.unit()));
        let shade = to_byte(128.0 + contrast * dice.between(-120.0, 120.0));
        let squeeze = if dice.percent(50) {
            1.0
        } else {
            dice.between(0.5, 1.0)
        };
        canvas.ellipse(place, radius, squeeze, shade);
    }
    canvas.light(dice.between(0.6, 1.1), dice.between(0.6, 1.1));
}

/// Lines of words between margins, in one column or two, under a headline, with or without a picture.
fn page(dice: &mut Dice, canvas: &mut Canvas<'_>) {
    let (mut paper, mut ink) = (dice.between(190.0, 250.0), dice.between(5.0, 90.0));
    if dice.percent(20) {
        std::mem::swap(&mut paper, &mut ink);
    }
    canvas.pixels.fill(to_byte(paper));
    let margin = canvas.px(dice.between(0.03, 0.12));
    let (end, columns) = (canvas.px(1.0) - margin, 1 + dice.below(2));
    let mut top = margin + canvas.px(dice.between(0.0, 0.1));
    if dice.percent(60) {
        let height = canvas.px(dice.between(0.05, 0.14));
        let right = margin + (end - margin) * dice.between(0.4, 1.0);
        words(
            dice,
            canvas,
            [margin, top, right, top + height],
            (paper, ink),
        );
        top += 1.6 * height;
    }
    let pitch = canvas.px(dice.between(0.045, 0.11));
    let width = (end - margin) / if columns == 2 { 2.0 } else { 1.0 };
    for column in 0..columns {
        let left = margin + width * to_f32(column);
        let right = left + width - if columns == 2 { pitch } else { 0.0 };
        let mut y = top;
        while y + pitch < end {
            let short = if dice.percent(18) {
                dice.between(0.2, 0.9)
            } else {
                1.0
            };
            let line = [left, y, left + (right - left) * short, y + 0.6 * pitch];
            words(dice, canvas, line, (paper, ink));
            y += if dice.percent(10) { 2.0 * pitch } else { pitch };
        }
    }
    if dice.percent(35) {
        let (x, y) = (
            canvas.px(dice.between(0.1, 0.6)),
            canvas.px(dice.between(0.2, 0.6)),
        );
        let size = canvas.px(dice.between(0.2, 0.45));
        let frame = [x, y, x + size, y + size * dice.between(0.6, 1.2)];
        canvas.rectangle(frame, to_byte(dice.between(40.0, 200.0)));
        for _ in 0..4 {
            let place = (x + size * dice.unit(), y + size * dice.between(0.1, 0.6));
            let shade = to_byte(dice.between(10.0, 240.0));
            canvas.ellipse(place, size * dice.between(0.05, 0.2), 1.0, shade);
        }
    }
}

/// One line of words, whose letters are too small to be read.
fn words(dice: &mut Dice, canvas: &mut Canvas<'_>, line: [f32; 4], (paper, ink): (f32, f32)) {
    let [left, top, right, bottom] = line;
    let letter = 0.6 * (bottom - top);
    let mut x = left;
    while x < right {
        let end = (x + letter * dice.between(1.5, 9.0)).min(right);
        let shade = to_byte(paper + (ink - paper) * dice.between(0.55, 1.0));
        canvas.rectangle([x, top, end, bottom.max(top + 1.0)], shade);
        x = end + letter.max(1.0);
    }
}

/// A gradient, and large shapes on it: what posters, screens and skies have.
fn shapes(dice: &mut Dice, canvas: &mut Canvas<'_>) {
    let (from, to) = (dice.between(0.0, 255.0), dice.between(0.0, 255.0));
    let slope = (dice.between(-0.7, 1.0), dice.between(-0.7, 1.0));
    canvas.gradient(from, to, slope);
    for _ in 0..5 + dice.below(18) {
        let (x, y) = (
            canvas.px(dice.between(-0.1, 0.9)),
            canvas.px(dice.between(-0.1, 0.9)),
        );
        let (width, height) = (dice.between(0.03, 0.45), dice.between(0.03, 0.45));
        let (width, height) = (canvas.px(width), canvas.px(height));
        let shade = to_byte(dice.between(0.0, 255.0));
        if dice.percent(60) {
            canvas.rectangle([x, y, x + width, y + height], shade);
        } else {
            canvas.ellipse((x, y), 0.6 * width, height / width, shade);
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "places in a picture, far below 2^24"
)]
pub(super) fn to_f32(place: usize) -> f32 {
    place as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places in a picture, made at least 0 by those who call"
)]
pub(super) fn to_index(place: f32) -> usize {
    place as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
pub(super) fn to_byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
