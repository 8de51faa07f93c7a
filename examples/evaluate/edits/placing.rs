//! The picture as it is, as a part of a larger one.

use image::imageops::fast_blur;
use image::{Rgb, RgbImage};
use serde::Deserialize;

use super::Means;
use crate::brush::{BLACK, WHITE};
use crate::drawing::{covering, fitting, paste, px, scaled};

/// What is around the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fill {
    #[default]
    Black,
    White,
    /// One of a few, by chance.
    Colour,
    /// A blurred copy of the picture, as videos have it.
    Blurred,
}

const COLOURS: [[u8; 3]; 6] = [
    [196, 30, 58],
    [24, 90, 190],
    [250, 204, 30],
    [34, 139, 80],
    [128, 128, 128],
    [236, 218, 190],
];

impl Fill {
    pub(super) fn canvas(
        self,
        image: &RgbImage,
        (width, height): (u32, u32),
        means: &mut Means<'_>,
    ) -> RgbImage {
        let solid = |colour| RgbImage::from_pixel(width, height, colour);
        match self {
            Self::Black => solid(BLACK),
            Self::White => solid(WHITE),
            Self::Colour => solid(Rgb(means.dice.pick(&COLOURS))),
            Self::Blurred => {
                let longer = width.max(height) as f32;
                fast_blur(&covering(image, (width, height)), longer * 0.03)
            }
        }
    }
}

/// Around the picture, equally wide on all sides.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Border {
    /// Of the longer side.
    percent: f32,
    fill: Fill,
}

impl Border {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let (width, height) = image.dimensions();
        let wide = px(width.max(height) as f32 * self.percent / 100.0).max(1);
        let size = (width + 2 * wide, height + 2 * wide);
        let mut canvas = self.fill.canvas(image, size, means);
        paste(&mut canvas, image, (wide, wide), 0);
        canvas
    }
}

/// Bars at two sides, so that it has another shape.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Letterbox {
    /// Width to height.
    shape: [u32; 2],
    fill: Fill,
}

impl Letterbox {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let (width, height) = image.dimensions();
        let [across, down] = self.shape.map(|side| side.max(1) as f32);
        let wider = px(height as f32 * across / down).max(width);
        let higher = px(width as f32 * down / across).max(height);
        let mut canvas = self.fill.canvas(image, (wider, higher), means);
        let place = ((wider - width) / 2, (higher - height) / 2);
        paste(&mut canvas, image, place, 0);
        canvas
    }
}

/// Picture in picture: on a photo that nobody knows, anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inset {
    /// Of the sides of the photo behind it, at most.
    percent: f32,
    /// A white frame around it, in pixels.
    #[serde(default)]
    frame_px: u32,
}

impl Inset {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let mut canvas = means.other();
        let (width, height) = canvas.dimensions();
        let most = |side: u32| side as f32 * self.percent / 100.0;
        let size = fitting(image, (most(width), most(height)));
        let (framed_width, framed_height) =
            (size.0 + 2 * self.frame_px, size.1 + 2 * self.frame_px);
        let mut framed = RgbImage::from_pixel(framed_width, framed_height, WHITE);
        let small = scaled(image, size);
        paste(&mut framed, &small, (self.frame_px, self.frame_px), 0);
        let left = means.up_to(width.saturating_sub(framed_width));
        let top = means.up_to(height.saturating_sub(framed_height));
        paste(&mut canvas, &framed, (left, top), 0);
        canvas
    }
}

/// Tiles, of which one is the picture, uncut, and the others are photos that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collage {
    layout: Layout,
    gap_px: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Layout {
    #[serde(rename = "2x1")]
    Beside,
    #[serde(rename = "1x2")]
    Above,
    #[serde(rename = "2x2")]
    Four,
    /// A large one, and two small ones on its right.
    #[serde(rename = "1+2")]
    OneAndTwo,
}

/// Left, top, width and height.
type Tile = [u32; 4];

impl Collage {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let (tiles, (width, height)) = self.tiles(image);
        let mut sheet = RgbImage::from_pixel(width, height, WHITE);
        let own = means.dice.below(tiles.len());
        for (place, [left, top, width, height]) in tiles.into_iter().enumerate() {
            let shown = if place == own {
                scaled(image, (width, height))
            } else {
                covering(&means.other(), (width, height))
            };
            paste(&mut sheet, &shown, (left, top), 0);
        }
        sheet
    }

    /// All have the shape of the picture, and the sheet is about as wide.
    fn tiles(self, image: &RgbImage) -> (Vec<Tile>, (u32, u32)) {
        let gap = self.gap_px;
        let part = |side: u32, parts: f32| px(side as f32 * parts).max(1);
        let (scale, small) = match self.layout {
            Layout::Beside | Layout::Four => (0.6, 0.6),
            Layout::Above => (0.8, 0.8),
            Layout::OneAndTwo => (0.8, 0.4),
        };
        let (width, height) = (part(image.width(), scale), part(image.height(), scale));
        let (right, lower) = (width + gap, height + gap);
        match self.layout {
            Layout::Beside => (
                vec![[0, 0, width, height], [right, 0, width, height]],
                (right + width, height),
            ),
            Layout::Above => (
                vec![[0, 0, width, height], [0, lower, width, height]],
                (width, lower + height),
            ),
            Layout::Four => (
                vec![
                    [0, 0, width, height],
                    [right, 0, width, height],
                    [0, lower, width, height],
                    [right, lower, width, height],
                ],
                (right + width, lower + height),
            ),
            Layout::OneAndTwo => {
                let (narrow, low) = (part(image.width(), small), (height - gap) / 2);
                let second = height - low;
                (
                    vec![
                        [0, 0, width, height],
                        [right, 0, narrow, low],
                        [right, second, narrow, low],
                    ],
                    (right + narrow, height),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image::imageops::crop_imm;

    use super::*;
    use crate::dice::Dice;
    use crate::scene::scene;

    fn means(others: &[RgbImage]) -> Means<'_> {
        let dice = Dice::new(5);
        Means { dice, others }
    }

    fn four_to_three() -> RgbImage {
        covering(&scene(1), (400, 300))
    }

    fn stands_in(canvas: &RgbImage, image: &RgbImage, (left, top): (u32, u32)) -> bool {
        let (width, height) = image.dimensions();
        crop_imm(canvas, left, top, width, height).to_image() == *image
    }

    #[test]
    fn borders_are_equally_wide_on_all_sides() {
        let image = four_to_three();
        for fill in [Fill::Black, Fill::White, Fill::Colour] {
            let border = Border {
                percent: 10.0,
                fill,
            };
            let framed = border.apply(&image, &mut means(&[]));
            assert_eq!(framed.dimensions(), (480, 380));
            assert!(stands_in(&framed, &image, (40, 40)));
        }
    }

    #[test]
    fn bars_give_the_shape_and_leave_the_picture_in_the_middle() {
        let image = four_to_three();
        for fill in [Fill::Black, Fill::Blurred] {
            let barred = |shape| Letterbox { shape, fill }.apply(&image, &mut means(&[]));
            let wide = barred([16, 9]);
            assert_eq!(wide.dimensions(), (533, 300));
            assert!(stands_in(&wide, &image, (66, 0)));
            let high = barred([9, 16]);
            assert_eq!(high.dimensions(), (400, 711));
            assert!(stands_in(&high, &image, (0, 205)));
        }
    }

    #[test]
    fn an_inset_has_its_size_and_stands_inside() {
        let (image, behind) = (four_to_three(), RgbImage::from_pixel(600, 300, BLACK));
        let inset = Inset {
            percent: 50.0,
            frame_px: 3,
        };
        let canvas = inset.apply(&image, &mut means(std::slice::from_ref(&behind)));
        assert_eq!(canvas.dimensions(), (600, 300));
        let changed = canvas.enumerate_pixels().zip(behind.pixels());
        let changed: Vec<_> = changed.filter(|((.., a), b)| a != b).collect();
        let left = changed.iter().map(|((x, ..), _)| *x).min().unwrap();
        let top = changed.iter().map(|((_, y, _), _)| *y).min().unwrap();
        assert!(stands_in(
            &canvas,
            &scaled(&image, (200, 150)),
            (left + 3, top + 3)
        ));
        assert!(left + 206 <= 600 && top + 156 <= 300);
    }

    #[test]
    fn a_collage_shows_the_picture_uncut_in_one_of_its_tiles() {
        let image = four_to_three();
        let sizes = [
            (Layout::Beside, (486, 180)),
            (Layout::Above, (320, 486)),
            (Layout::Four, (486, 366)),
            (Layout::OneAndTwo, (486, 240)),
        ];
        for (layout, size) in sizes {
            let collage = Collage { layout, gap_px: 6 };
            let sheet = collage.apply(&image, &mut means(&[scene(2)]));
            assert_eq!(sheet.dimensions(), size);
            let shows = |[left, top, width, height]: Tile| {
                stands_in(&sheet, &scaled(&image, (width, height)), (left, top))
            };
            let shown = collage
                .tiles(&image)
                .0
                .into_iter()
                .filter(|&tile| shows(tile));
            assert_eq!(shown.count(), 1);
        }
    }
}
