//! Words: capital letters on a grid of five by seven, at any size.

use image::{Rgb, RgbImage};

use crate::brush::Area;
use crate::dice::Dice;
use crate::drawing::px;

/// How letters are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) colour: Rgb<u8>,
    /// Around every letter, a tenth of its height wide.
    pub(crate) outline: Option<Rgb<u8>>,
}

impl Ink {
    pub(crate) fn plain(colour: Rgb<u8>) -> Self {
        let outline = None;
        Self { colour, outline }
    }
}

/// Fills a rectangle with so many lines of words, of which the last may be short. Lines start on the left.
pub(crate) fn write(canvas: &mut RgbImage, area: Area, lines: u32, ink: Ink, dice: &mut Dice) {
    write_lines(canvas, area, lines, ink, dice, false);
}

/// The same with every line in the middle, and full.
pub(crate) fn write_centred(
    canvas: &mut RgbImage,
    area: Area,
    lines: u32,
    ink: Ink,
    dice: &mut Dice,
) {
    write_lines(canvas, area, lines, ink, dice, true);
}

fn write_lines(
    canvas: &mut RgbImage,
    area: Area,
    lines: u32,
    ink: Ink,
    dice: &mut Dice,
    is_centred: bool,
) {
    let pitch = area.height as f32 / lines.max(1) as f32;
    let height = pitch * if lines > 1 { 0.68 } else { 0.8 };
    let unit = height / ROWS as f32;
    let mut next = dice.below(WORDS.len());
    for line in 0..lines {
        let is_short = !is_centred && line + 1 == lines && lines > 1;
        let part = if is_short {
            dice.between(0.35, 0.95)
        } else {
            1.0
        };
        let fits = px(area.width as f32 * part / (unit * PITCH as f32)) as usize;
        let text = words(&mut next, fits.max(3));
        let width = unit * (PITCH * text.len()) as f32;
        let spare = area.width as f32 - width;
        let left = area.left as f32 + if is_centred { spare / 2.0 } else { 0.0 };
        let top = area.top as f32 + pitch * line as f32 + (pitch - height) / 2.0;
        if let Some(colour) = ink.outline {
            let far = (unit * 0.6).max(0.7);
            for (across, down) in AROUND {
                let place = (left + across * far, top + down * far);
                draw(canvas, &text, place, unit, colour);
            }
        }
        draw(canvas, &text, (left, top), unit, ink.colour);
    }
}

const AROUND: [(f32, f32); 8] = [
    (-1.0, -1.0),
    (0.0, -1.0),
    (1.0, -1.0),
    (-1.0, 0.0),
    (1.0, 0.0),
    (-1.0, 1.0),
    (0.0, 1.0),
    (1.0, 1.0),
];

/// As many words as fit into so many letters; at least a part of one.
fn words(next: &mut usize, fits: usize) -> String {
    let mut text = String::new();
    loop {
        let word = WORDS[*next % WORDS.len()];
        let gap = usize::from(!text.is_empty());
        if text.len() + gap + word.len() > fits {
            break;
        }
        if gap == 1 {
            text.push(' ');
        }
        text.push_str(word);
        *next += 1;
    }
    if text.is_empty() {
        let word = WORDS[*next % WORDS.len()];
        text.push_str(word.get(..fits).unwrap_or(word));
        *next += 1;
    }
    text
}

/// A line of text from its upper left corner on. Every pixel is looked at in nine places, which makes edges smooth.
fn draw(canvas: &mut RgbImage, text: &str, (left, top): (f32, f32), unit: f32, colour: Rgb<u8>) {
    const PLACES: [f32; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];
    let right = left + unit * (PITCH * text.len()) as f32;
    let bottom = top + unit * ROWS as f32;
    for y in px(top - 0.5)..px(bottom + 1.0).min(canvas.height()) {
        for x in px(left - 0.5)..px(right + 1.0).min(canvas.width()) {
            let is_ink = |across: &f32, down: &f32| {
                let column = (x as f32 + across - left) / unit;
                let row = (y as f32 + down - top) / unit;
                is_set(text, column, row)
            };
            let places = PLACES
                .iter()
                .flat_map(|a| PLACES.iter().map(move |d| (a, d)));
            let covered = places.filter(|(a, d)| is_ink(a, d)).count() as f32 / 9.0;
            if covered > 0.0 {
                blend(canvas, (x, y), colour, covered);
            }
        }
    }
}

fn blend(canvas: &mut RgbImage, (x, y): (u32, u32), Rgb(colour): Rgb<u8>, part: f32) {
    let Rgb(pixel) = canvas.get_pixel_mut(x, y);
    for (sample, ink) in pixel.iter_mut().zip(colour) {
        let (from, to) = (f32::from(*sample), f32::from(ink));
        *sample = crate::scene::sample(from + (to - from) * part);
    }
}

/// Whether a line has ink at a place, which is given in units of its grid.
fn is_set(text: &str, column: f32, row: f32) -> bool {
    if column < 0.0 || row < 0.0 {
        return false;
    }
    let (column, row) = (px(column - 0.5) as usize, px(row - 0.5) as usize);
    let letter = text.as_bytes().get(column / PITCH);
    let glyph = letter.and_then(|letter| GLYPHS.get(usize::from(letter.wrapping_sub(b'A'))));
    let bits = glyph.and_then(|glyph| glyph.get(row)).copied();
    column % PITCH < 5 && bits.unwrap_or(0) >> (4 - column % PITCH) & 1 == 1
}

const ROWS: usize = 7;

/// Columns from one letter to the next.
const PITCH: usize = 6;

/// What is written, again and again.
const WORDS: [&str; 24] = [
    "SHARE", "THIS", "BEFORE", "IT", "IS", "TAKEN", "DOWN", "WE", "SAW", "WHAT", "HAPPENED",
    "TODAY", "AND", "NOBODY", "TALKS", "ABOUT", "IT", "LOOK", "AT", "THE", "PICTURE", "AGAIN",
    "MY", "FRIENDS",
];

/// A row of a letter is a byte, its lowest bit on the right.
const GLYPHS: [[u8; ROWS]; 26] = [
    [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
    [0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e],
    [0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e],
    [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e],
    [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
    [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10],
    [0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0f],
    [0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
    [0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e],
    [0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c],
    [0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11],
    [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
    [0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11],
    [0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11],
    [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
    [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
    [0x0e, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0d],
    [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11],
    [0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e],
    [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
    [0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
    [0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04],
    [0x11, 0x11, 0x11, 0x15, 0x15, 0x15, 0x0a],
    [0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11],
    [0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04],
    [0x1f, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1f],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brush::{BLACK, WHITE};

    #[test]
    fn a_letter_is_drawn_as_its_glyph() {
        let mut canvas = RgbImage::from_pixel(12, 14, WHITE);
        draw(&mut canvas, "T", (0.0, 0.0), 2.0, BLACK);
        let ink = |x, y| *canvas.get_pixel(x, y) == BLACK;
        assert!((0..10).all(|x| ink(x, 0) && ink(x, 1)));
        assert!((2..14).all(|y| ink(4, y) && ink(5, y) && !ink(3, y) && !ink(6, y)));
    }

    #[test]
    fn lines_stay_in_their_rectangle() {
        let mut canvas = RgbImage::from_pixel(200, 100, WHITE);
        let area = Area {
            left: 20,
            top: 30,
            width: 150,
            height: 40,
        };
        let mut dice = Dice::new(1);
        write(&mut canvas, area, 2, Ink::plain(BLACK), &mut dice);
        let inked = |x, y| *canvas.get_pixel(x, y) != WHITE;
        let places = (0..100).flat_map(|y| (0..200).map(move |x| (x, y)));
        let (within, without): (Vec<_>, Vec<_>) = places
            .filter(|&(x, y)| inked(x, y))
            .partition(|(x, y)| (20..172).contains(x) && (30..70).contains(y));
        assert!(within.len() > 600, "{}", within.len());
        assert!(without.is_empty());
    }

    #[test]
    fn as_many_words_are_taken_as_fit() {
        let mut next = 0;
        assert_eq!(words(&mut next, 12), "SHARE THIS");
        assert_eq!(words(&mut next, 4), "BEFO");
        assert_eq!(words(&mut next, 6), "IT IS");
    }
}
