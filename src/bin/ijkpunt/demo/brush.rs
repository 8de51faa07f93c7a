//! Drawing: rectangles, ellipses, and blocks that stand for letters.

use image::{Rgb, RgbImage};

pub(super) const WHITE: Rgb<u8> = Rgb([255; 3]);
pub(super) const BLACK: Rgb<u8> = Rgb([16; 3]);
pub(super) const RED: Rgb<u8> = Rgb([200, 30, 40]);

/// A rectangle, in pixels. What of it lies outside a picture is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Area {
    /// All of a picture.
    pub(super) fn of(image: &RgbImage) -> Self {
        let (width, height) = image.dimensions();
        Self {
            left: 0,
            top: 0,
            width,
            height,
        }
    }

    /// A rectangle inside: its left and top, its width and height, all in per cent.
    pub(super) fn part(self, [left, top, width, height]: [u32; 4]) -> Self {
        Self {
            left: self.left + self.width * left / 100,
            top: self.top + self.height * top / 100,
            width: percent(self.width, width),
            height: percent(self.height, height),
        }
    }

    pub(super) fn fill(self, image: &mut RgbImage, colour: Rgb<u8>) {
        self.fill_where(image, colour, |_, _| true);
    }

    /// The ellipse that touches all four sides.
    pub(super) fn ellipse(self, image: &mut RgbImage, colour: Rgb<u8>) {
        let from_centre = |place: u32, side: u32| (place as f32 + 0.5) * 2.0 / side as f32 - 1.0;
        self.fill_where(image, colour, |x, y| {
            let (u, v) = (from_centre(x, self.width), from_centre(y, self.height));
            u * u + v * v < 1.0
        });
    }

    /// Lines of something like words, a block for every letter: a font would not change what a hash of the whole
    /// picture sees.
    pub(super) fn write(self, image: &mut RgbImage, lines: u32, colour: Rgb<u8>) {
        let line = (self.height / lines).max(1);
        let (width, height) = ((line / 3).max(1), (line / 2).max(1));
        let lefts =
            || (self.left..self.left + self.width).step_by((width + width / 2 + 1) as usize);
        let tops = (self.top + line / 4..).step_by(line as usize);
        let places = tops
            .take(lines as usize)
            .flat_map(|top| lefts().map(move |left| (left, top)));
        for ((left, top), letter) in places.zip(WORDS.bytes().cycle()) {
            if letter != b' ' {
                let block = Self {
                    left,
                    top,
                    width,
                    height,
                };
                block.fill(image, colour);
            }
        }
    }

    /// Fills the pixels that are chosen by their place in the rectangle.
    fn fill_where(self, image: &mut RgbImage, colour: Rgb<u8>, is_in: impl Fn(u32, u32) -> bool) {
        let inside = |from: u32, side: u32, end: u32| 0..side.min(end.saturating_sub(from));
        for y in inside(self.top, self.height, image.height()) {
            for x in inside(self.left, self.width, image.width()) {
                if is_in(x, y) {
                    image.put_pixel(self.left + x, self.top + y, colour);
                }
            }
        }
    }
}

/// White, of the size of a picture.
pub(super) fn blank(image: &RgbImage) -> RgbImage {
    RgbImage::from_pixel(image.width(), image.height(), WHITE)
}

/// So many per cent of a side, and at least a pixel.
pub(super) fn percent(side: u32, percent: u32) -> u32 {
    (side * percent / 100).max(1)
}

/// What is written, again and again.
const WORDS: &str = "share this before it is taken down ";

#[cfg(test)]
mod tests {
    use super::*;

    fn black(image: &RgbImage) -> usize {
        image.pixels().filter(|pixel| **pixel == BLACK).count()
    }

    #[test]
    fn what_lies_outside_is_not_drawn() {
        let mut image = blank(&RgbImage::new(100, 50));
        let area = Area {
            left: 90,
            top: 40,
            width: 30,
            height: 30,
        };
        area.fill(&mut image, BLACK);
        assert_eq!(black(&image), 10 * 10);
    }

    #[test]
    fn an_ellipse_takes_its_share_of_the_rectangle() {
        let mut image = blank(&RgbImage::new(300, 200));
        Area::of(&image)
            .part([25, 25, 50, 50])
            .ellipse(&mut image, BLACK);
        let share = black(&image) as f32 / (150.0 * 100.0);
        assert!((0.775..0.795).contains(&share), "{share}"); // a quarter of pi
    }

    #[test]
    fn words_stay_in_their_lines_and_have_gaps() {
        let mut image = blank(&RgbImage::new(400, 100));
        Area::of(&image)
            .part([0, 20, 100, 60])
            .write(&mut image, 2, BLACK);
        let in_row = |y| {
            (0..400)
                .filter(|&x| *image.get_pixel(x, y) == BLACK)
                .count()
        };
        let rows: Vec<u32> = (0..100).filter(|&y| in_row(y) > 0).collect();
        assert_eq!(rows, (27..42).chain(57..72).collect::<Vec<_>>());
        assert!((150..300).contains(&in_row(30)), "{}", in_row(30));
    }
}
