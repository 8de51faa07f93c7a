//! Something is laid over the picture, or written beside it.

use image::{Rgb, RgbImage};
use serde::Deserialize;

use super::Means;
use crate::brush::{Area, BLACK, RED, WHITE};
use crate::drawing::{inside, px, rounded, strip};
use crate::letters::{Ink, write, write_centred};

/// Words over the picture, on a rectangle of so many per cent of the area that is as wide as the picture, nearly.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    percent: f32,
    lines: u32,
    on: Paper,
}

/// What words stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Paper {
    /// The picture: the letters have an outline.
    Nothing,
    Black,
    White,
}

impl Text {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let mut changed = image.clone();
        let area = self.area(Area::of(image), means);
        let ink = match self.on {
            Paper::Nothing => Ink {
                colour: WHITE,
                outline: Some(BLACK),
            },
            Paper::Black => {
                area.fill(&mut changed, BLACK);
                Ink::plain(WHITE)
            }
            Paper::White => {
                area.fill(&mut changed, WHITE);
                Ink::plain(BLACK)
            }
        };
        let words = inside(area, [0.02, 0.04, 0.96, 0.92]);
        write_centred(&mut changed, words, self.lines, ink, &mut means.dice);
        changed
    }

    fn area(self, all: Area, means: &mut Means<'_>) -> Area {
        const WIDTH: f32 = 0.94;
        let height = (self.percent / 100.0 / WIDTH).min(1.0);
        let left = means.dice.between(0.0, 1.0 - WIDTH);
        let top = means.dice.between(0.0, 1.0 - height);
        inside(all, [left, top, WIDTH, height])
    }
}

/// A sign in a square with round corners, anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Logo {
    /// Of the area.
    percent: f32,
    /// Below 1, the picture is seen through it.
    #[serde(default = "one")]
    opacity: f32,
}

fn one() -> f32 {
    1.0
}

impl Logo {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let mut changed = image.clone();
        let square = anywhere(image, self.percent, means);
        let colour = Rgb(means.dice.pick(&LOGOS));
        let radius = px(square.width as f32 * 0.12);
        rounded(&mut changed, square, radius, colour);
        inside(square, [0.14, 0.08, 0.72, 0.72]).ellipse(&mut changed, WHITE);
        inside(square, [0.28, 0.2, 0.34, 0.34]).ellipse(&mut changed, colour);
        inside(square, [0.46, 0.38, 0.3, 0.3]).ellipse(&mut changed, BLACK);
        let name = inside(square, [0.1, 0.82, 0.84, 0.12]);
        write(&mut changed, name, 1, Ink::plain(WHITE), &mut means.dice);
        seen_through(changed, image, self.opacity)
    }
}

/// Beside white and black.
const LOGOS: [[u8; 3]; 4] = [[200, 30, 40], [20, 70, 160], [20, 120, 60], [40, 40, 46]];

fn seen_through(mut above: RgbImage, below: &RgbImage, opacity: f32) -> RgbImage {
    for (sample, under) in above.iter_mut().zip(below.iter()) {
        let (ink, under) = (f32::from(*sample), f32::from(*under));
        *sample = crate::scene::sample(under + (ink - under) * opacity);
    }
    above
}

/// Faces, anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Emoji {
    /// Of the area, all together.
    percent: f32,
    count: u8,
}

impl Emoji {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        /// Of the square around a disc, the disc has this part.
        const DISC: f32 = std::f32::consts::FRAC_PI_4;
        let mut changed = image.clone();
        for _ in 0..self.count {
            let percent = self.percent / f32::from(self.count) / DISC;
            draw_face(&mut changed, anywhere(image, percent, means));
        }
        changed
    }
}

fn draw_face(canvas: &mut RgbImage, face: Area) {
    let brown = Rgb([92, 56, 16]);
    face.ellipse(canvas, Rgb([222, 150, 20]));
    for (part, colour) in [
        ([0.02, 0.02, 0.96, 0.96], Rgb([255, 204, 51])),
        ([0.25, 0.26, 0.14, 0.22], brown),
        ([0.61, 0.26, 0.14, 0.22], brown),
        ([0.25, 0.58, 0.5, 0.26], brown),
        ([0.34, 0.7, 0.32, 0.13], RED),
    ] {
        inside(face, part).ellipse(canvas, colour);
    }
}

/// A square of so many per cent of the picture's area, as far as it fits.
fn anywhere(image: &RgbImage, percent: f32, means: &mut Means<'_>) -> Area {
    let (width, height) = image.dimensions();
    let side = px((width as f32 * height as f32 * percent / 100.0).sqrt());
    let side = side.clamp(1, width.min(height));
    Area {
        left: means.up_to(width - side),
        top: means.up_to(height - side),
        width: side,
        height: side,
    }
}

/// A caption as memes have it: bars of so many per cent of the picture's height, with words on them.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meme {
    percent: f32,
    lines: u32,
    bars: Bars,
    paper: Bar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bars {
    Top,
    Bottom,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bar {
    Black,
    White,
}

impl Meme {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let (width, height) = image.dimensions();
        let bar = px(height as f32 * self.percent / 100.0).max(1);
        let above = if self.bars == Bars::Bottom { 0 } else { bar };
        let below = if self.bars == Bars::Top { 0 } else { bar };
        let (paper, ink) = match self.paper {
            Bar::Black => (BLACK, WHITE),
            Bar::White => (WHITE, BLACK),
        };
        let mut canvas = RgbImage::from_pixel(width, above + height + below, paper);
        crate::drawing::paste(&mut canvas, image, (0, above), 0);
        for (top, high) in [(0, above), (above + height, below)] {
            if high > 0 {
                let area = inside(strip(Area::of(&canvas), top, high), [0.03, 0.1, 0.94, 0.8]);
                write_centred(
                    &mut canvas,
                    area,
                    self.lines,
                    Ink::plain(ink),
                    &mut means.dice,
                );
            }
        }
        canvas
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    /// Which part of a picture is not as it was.
    fn covered(change: impl Fn(&RgbImage, &mut Means<'_>) -> RgbImage, seed: u64) -> f32 {
        let image = RgbImage::from_pixel(480, 320, Rgb([90, 120, 90]));
        let mut means = Means {
            dice: Dice::new(seed),
            others: &[],
        };
        let changed = change(&image, &mut means);
        let differing = image.pixels().zip(changed.pixels()).filter(|(a, b)| a != b);
        differing.count() as f32 / image.pixels().len() as f32
    }

    #[test]
    fn logos_and_faces_cover_what_they_say_wherever_they_are() {
        for seed in 0..10 {
            for opacity in [1.0, 0.3] {
                let percent = 10.0;
                let logo = Logo { percent, opacity };
                let share = covered(|image, means| logo.apply(image, means), seed);
                assert!((0.09..0.101).contains(&share), "{share}");
            }
            for (count, least) in [(1, 0.195), (5, 0.1)] {
                let percent = 20.0;
                let emoji = Emoji { percent, count };
                let share = covered(|image, means| emoji.apply(image, means), seed);
                assert!((least..0.205).contains(&share), "{share}");
            }
        }
    }

    #[test]
    fn text_on_paper_covers_its_rectangle_and_bare_text_less() {
        let text = |on| Text {
            percent: 20.0,
            lines: 2,
            on,
        };
        let paper = covered(|image, means| text(Paper::White).apply(image, means), 1);
        assert!((0.195..0.205).contains(&paper), "{paper}");
        let bare = covered(|image, means| text(Paper::Nothing).apply(image, means), 1);
        assert!((0.08..0.18).contains(&bare), "{bare}");
    }

    #[test]
    fn the_bars_of_a_meme_stand_beside_the_picture() {
        let image = RgbImage::from_pixel(400, 300, RED);
        let mut means = Means {
            dice: Dice::new(1),
            others: &[],
        };
        for (bars, height, top) in [
            (Bars::Top, 360, 60),
            (Bars::Bottom, 360, 0),
            (Bars::Both, 420, 60),
        ] {
            let meme = Meme {
                percent: 20.0,
                lines: 1,
                bars,
                paper: Bar::White,
            };
            let canvas = meme.apply(&image, &mut means);
            assert_eq!(canvas.dimensions(), (400, height));
            let red = |y| (0..400).all(|x| *canvas.get_pixel(x, y) == RED);
            assert_eq!((0..height).filter(|&y| red(y)).count(), 300);
            assert!(red(top) && red(top + 299));
        }
    }
}
