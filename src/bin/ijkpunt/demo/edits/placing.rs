//! The picture as it is, as a part of a larger one.

use image::imageops::{self, FilterType, crop_imm, replace, thumbnail};
use image::{ImageResult, Rgb, RgbImage};

use super::super::brush::{Area, BLACK, WHITE, percent};
use super::super::encode::{jpeg, usual};
use super::super::scene::scene;
use super::super::variant::Variants;
use super::geometry::mirrored;

pub(super) const FRAMED: &Variants = &[
    ("framed.jpg", |image, _| usual(&framed(image, BLACK))),
    ("framed-white.jpg", |image, _| usual(&framed(image, WHITE))),
];

pub(super) const BARRED: &Variants = &[
    ("bars.jpg", |image, _| usual(&barred(image))),
    ("widescreen.jpg", |image, _| usual(&widescreen(image))),
    ("blurred-bars.jpg", |image, _| {
        usual(&with_blurred_bars(image))
    }),
];

pub(super) const MADE_MEME: &Variants = &[
    ("meme.jpg", |image, _| usual(&meme(image))),
    ("meme-black.jpg", |image, _| usual(&black_meme(image))),
];

pub(super) const POSTED: &Variants = &[
    ("post.jpg", |image, _| usual(&posted(image, &LIGHT))),
    ("post-dark.jpg", |image, _| usual(&posted(image, &DARK))),
];

pub(super) const COLLAGED: &Variants = &[("collage.jpg", |image, number| {
    usual(&collage(image, number))
})];

pub(super) const INSET: &Variants = &[("inset.jpg", |image, number| usual(&inset(image, number)))];

pub(super) const COMBINED: &Variants = &[
    ("combined.jpg", |image, _| combined(image, BLACK)),
    ("combined-white.jpg", |image, _| combined(image, WHITE)),
];

/// On a larger canvas, in its middle.
fn centred(mut canvas: RgbImage, image: &RgbImage) -> RgbImage {
    let margin = |outer: u32, inner: u32| i64::from((outer - inner) / 2);
    let left = margin(canvas.width(), image.width());
    let top = margin(canvas.height(), image.height());
    replace(&mut canvas, image, left, top);
    canvas
}

fn framed(image: &RgbImage, colour: Rgb<u8>) -> RgbImage {
    let wider = |side| side + 2 * percent(side, 12);
    let canvas = RgbImage::from_pixel(wider(image.width()), wider(image.height()), colour);
    centred(canvas, image)
}

fn combined(image: &RgbImage, frame: Rgb<u8>) -> ImageResult<Vec<u8>> {
    jpeg(&framed(&mirrored(image), frame), 40)
}

/// Black bars above and below, of 14 % of the height each.
fn barred(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let canvas = RgbImage::from_pixel(width, height + 2 * percent(height, 14), BLACK);
    centred(canvas, image)
}

/// Black bars at two sides, so that it is 16 to 9.
fn widescreen(image: &RgbImage) -> RgbImage {
    let (width, height) = sixteen_to_nine(image);
    centred(RgbImage::from_pixel(width, height, BLACK), image)
}

/// The same with bars that show the middle of the picture itself: shrunk to almost nothing, and enlarged, which blurs it.
fn with_blurred_bars(image: &RgbImage) -> RgbImage {
    let ((width, height), canvas) = (image.dimensions(), sixteen_to_nine(image));
    let part = |side: u32, inner: u32, outer: u32| (side * inner / outer.max(1)).max(1);
    let middle = (part(width, height, canvas.1), part(height, width, canvas.0));
    let (left, top) = ((width - middle.0) / 2, (height - middle.1) / 2);
    let middle = crop_imm(image, left, top, middle.0, middle.1).to_image();
    let little = thumbnail(&middle, (canvas.0 / 24).max(1), (canvas.1 / 24).max(1));
    centred(resized(&little, canvas), image)
}

/// The smallest canvas of this shape that holds the picture.
fn sixteen_to_nine(image: &RgbImage) -> (u32, u32) {
    let (width, height) = image.dimensions();
    (width.max(height * 16 / 9), height.max(width * 9 / 16))
}

/// A white bar above, with two lines of words.
fn meme(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let bar = percent(height, 24);
    let mut canvas = RgbImage::from_pixel(width, height + bar, WHITE);
    replace(&mut canvas, image, 0, bar.into());
    let area = Area {
        height: bar,
        ..Area::of(&canvas)
    };
    area.part([4, 8, 92, 84]).write(&mut canvas, 2, BLACK);
    canvas
}

/// Black bars above and below, each with a line of words.
fn black_meme(image: &RgbImage) -> RgbImage {
    let mut canvas = barred(image);
    let bar = percent(image.height(), 14);
    for top in [0, canvas.height() - bar] {
        let area = Area {
            top,
            height: bar,
            ..Area::of(&canvas)
        };
        area.part([6, 15, 88, 70]).write(&mut canvas, 1, WHITE);
    }
    canvas
}

/// The colours of an app.
struct Theme {
    page: Rgb<u8>,
    bar: Rgb<u8>,
    ink: Rgb<u8>,
}

const LIGHT: Theme = Theme {
    page: WHITE,
    bar: Rgb([29, 110, 200]),
    ink: Rgb([60, 64, 70]),
};

const DARK: Theme = Theme {
    page: Rgb([22, 24, 28]),
    bar: Rgb([40, 44, 52]),
    ink: Rgb([220, 222, 225]),
};

/// As on the screen of a phone: a bar, who posted it (a disc for a face, and a name), two lines, the picture, and what
/// one can do with it.
fn posted(image: &RgbImage, theme: &Theme) -> RgbImage {
    let (width, height) = image.dimensions();
    let (margin, above, below) = (percent(width, 4), percent(width, 32), percent(width, 12));
    let size = (width + 2 * margin, height + above + below);
    let mut page = RgbImage::from_pixel(size.0, size.1, theme.page);
    let head = Area {
        height: above,
        ..Area::of(&page)
    };
    head.part([0, 0, 100, 28]).fill(&mut page, theme.bar);
    head.part([4, 8, 30, 14]).write(&mut page, 1, WHITE);
    head.part([4, 36, 9, 28]).ellipse(&mut page, theme.bar);
    head.part([16, 40, 40, 20]).write(&mut page, 1, theme.ink);
    head.part([4, 68, 92, 30]).write(&mut page, 2, theme.ink);
    replace(&mut page, image, margin.into(), above.into());
    let foot = Area {
        top: above + height,
        height: below,
        ..head
    };
    for left in [4, 28, 52] {
        foot.part([left, 30, 4, 40]).ellipse(&mut page, theme.ink);
        foot.part([left + 6, 30, 10, 40])
            .write(&mut page, 1, theme.ink);
    }
    page
}

/// Two rows of two, each shrunk to half its sides, with a white gap between them.
fn collage(image: &RgbImage, number: usize) -> RgbImage {
    let tile = half(image);
    let gap = percent(image.width(), 2);
    let size = (2 * tile.0 + gap, 2 * tile.1 + gap);
    let mut sheet = RgbImage::from_pixel(size.0, size.1, WHITE);
    let (right, lower) = (i64::from(tile.0 + gap), i64::from(tile.1 + gap));
    let places = [(0, 0), (right, 0), (0, lower), (right, lower)];
    for (place, (left, top)) in places.into_iter().enumerate() {
        let shown = if place == number % 4 {
            resized(image, tile)
        } else {
            resized(&other(4 * number + place), tile)
        };
        replace(&mut sheet, &shown, left, top);
    }
    sheet
}

/// At half its width and height near a corner of another scene.
fn inset(image: &RgbImage, number: usize) -> RgbImage {
    let (width, height) = image.dimensions();
    let mut canvas = resized(&other(FIRST_BEHIND + number), (width, height));
    let small = half(image);
    let far = |side: u32, small: u32| side - small - side / 25;
    let (right, lower) = (far(width, small.0), far(height, small.1));
    let (left, upper) = (width / 25, height / 25);
    let corners = [(left, upper), (right, upper), (left, lower), (right, lower)];
    let (left, top) = corners[number % 4];
    replace(&mut canvas, &resized(image, small), left.into(), top.into());
    canvas
}

fn half(image: &RgbImage) -> (u32, u32) {
    (percent(image.width(), 50), percent(image.height(), 50))
}

fn resized(image: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    imageops::resize(image, width, height, FilterType::Triangle)
}

/// A scene that is not listed and not uploaded on its own.
fn other(number: usize) -> RgbImage {
    scene(FIRST_OTHER + number as u64)
}

/// The seed of the first such scene, far from those of the album.
const FIRST_OTHER: u64 = 2_000_000;

/// The number of the first one behind an inset.
const FIRST_BEHIND: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the picture stands in another one with its upper left corner here.
    fn stands_in(canvas: &RgbImage, image: &RgbImage, (left, top): (u32, u32)) -> bool {
        let (width, height) = image.dimensions();
        crop_imm(canvas, left, top, width, height).to_image() == *image
    }

    /// 512 x 384.
    fn four_to_three() -> RgbImage {
        let image = (0..)
            .map(scene)
            .find(|image| image.dimensions() == (512, 384));
        image.unwrap()
    }

    #[test]
    fn frames_and_bars_have_the_size_that_they_say() {
        let image = four_to_three();
        let black = framed(&image, BLACK);
        assert_eq!(black.dimensions(), (512 + 2 * 61, 384 + 2 * 46));
        assert!(stands_in(&black, &image, (61, 46)));
        let above_and_below = barred(&image);
        assert_eq!(above_and_below.dimensions(), (512, 384 + 2 * 53));
        assert!(stands_in(&above_and_below, &image, (0, 53)));
        for wide in [widescreen(&image), with_blurred_bars(&image)] {
            assert_eq!(wide.dimensions(), (682, 384));
            assert!(stands_in(&wide, &image, (85, 0)));
        }
    }

    #[test]
    fn blurred_bars_have_the_colours_of_the_picture_and_no_edges() {
        let image = four_to_three();
        let bars = with_blurred_bars(&image);
        let bar: Vec<_> = (0..384).map(|y| bars.get_pixel(40, y).0[1]).collect();
        let largest_step = bar.windows(2).map(|two| two[0].abs_diff(two[1])).max();
        assert!(largest_step.unwrap() < 20, "{largest_step:?}");
        let (least, most) = (bar.iter().min().unwrap(), bar.iter().max().unwrap());
        assert!(most - least > 15, "{least} to {most}");
    }

    #[test]
    fn memes_and_posts_hold_the_picture_between_what_they_add() {
        let image = four_to_three();
        assert!(stands_in(&meme(&image), &image, (0, 92)));
        assert_eq!(meme(&image).dimensions(), (512, 384 + 92));
        assert!(stands_in(&black_meme(&image), &image, (0, 53)));
        for theme in [LIGHT, DARK] {
            let page = posted(&image, &theme);
            assert!(stands_in(&page, &image, (20, 163)));
            let share = 512.0 * 384.0 / (f64::from(page.width()) * f64::from(page.height()));
            assert!((0.55..0.65).contains(&share), "{share}");
        }
    }

    #[test]
    fn collages_and_insets_show_a_quarter_of_the_area_and_something_else_beside_it() {
        let image = four_to_three();
        let small = resized(&image, (256, 192));
        let corners = [(0, 0), (266, 0), (0, 202), (266, 202)];
        for number in 0..4 {
            let sheet = collage(&image, number);
            assert_eq!(sheet.dimensions(), (522, 394));
            let shown = corners.map(|corner| stands_in(&sheet, &small, corner));
            assert_eq!(shown, std::array::from_fn(|place| place == number));
        }
        let corners = [(20, 15), (236, 15), (20, 177), (236, 177)];
        for number in 0..4 {
            let canvas = inset(&image, number);
            assert_eq!(canvas.dimensions(), image.dimensions());
            let shown = corners.map(|corner| stands_in(&canvas, &small, corner));
            assert_eq!(shown, std::array::from_fn(|place| place == number));
        }
    }
}
