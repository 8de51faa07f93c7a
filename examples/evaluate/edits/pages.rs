//! Screenshots: a post of a social network that shows the picture, on a phone or in a window on a desk.

use image::{Rgb, RgbImage};
use serde::Deserialize;

use super::Means;
use crate::brush::Area;
use crate::drawing::{covering, fitting, inside, paste, px, ring, rounded, scaled, strip};
use crate::letters::{Ink, write};

/// A screenshot of a post.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    screen: Screen,
    theme: Theme,
    /// Between the picture and what is beside it, in per cent of the screen's width. A picture with a margin has round
    /// corners.
    #[serde(default)]
    margin: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Screen {
    Phone,
    Desktop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Theme {
    Light,
    Dark,
}

struct Colours {
    page: Rgb<u8>,
    /// Boxes, and what separates posts.
    faint: Rgb<u8>,
    ink: Rgb<u8>,
    /// Words of less weight.
    soft: Rgb<u8>,
    accent: Rgb<u8>,
}

const LIGHT: Colours = Colours {
    page: Rgb([255, 255, 255]),
    faint: Rgb([232, 235, 238]),
    ink: Rgb([20, 23, 26]),
    soft: Rgb([110, 118, 128]),
    accent: Rgb([29, 130, 220]),
};

const DARK: Colours = Colours {
    page: Rgb([21, 24, 29]),
    faint: Rgb([44, 48, 56]),
    ink: Rgb([230, 232, 235]),
    soft: Rgb([134, 140, 150]),
    accent: Rgb([70, 150, 230]),
};

impl Post {
    pub(super) fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> RgbImage {
        let colours = match self.theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        };
        let (width, height) = match self.screen {
            Screen::Phone => {
                let width = means.dice.between(500.0, 600.0);
                (width, width * means.dice.between(1.8, 2.15))
            }
            Screen::Desktop => {
                let width = means.dice.between(960.0, 1180.0);
                (width, width * means.dice.between(0.58, 0.66))
            }
        };
        let canvas = RgbImage::from_pixel(px(width), px(height), colours.page);
        let mut page = Page {
            all: Area::of(&canvas),
            canvas,
            colours,
        };
        match self.screen {
            Screen::Phone => page.phone(image, self.margin, means),
            Screen::Desktop => page.desktop(image, self.margin, means),
        }
        page.canvas
    }
}

/// A screen that is being drawn.
struct Page {
    canvas: RgbImage,
    all: Area,
    colours: &'static Colours,
}

impl Page {
    /// The clock, the name of the app, one post after the other, and where else one could go.
    fn phone(&mut self, image: &RgbImage, margin: f32, means: &mut Means<'_>) {
        let unit = self.all.width as f32 / 100.0;
        let status = strip(self.all, 0, px(unit * 6.0));
        self.words(
            inside(status, [0.04, 0.3, 0.14, 0.5]),
            self.colours.ink,
            means,
        );
        for (left, width) in [(0.8, 0.035), (0.85, 0.035), (0.9, 0.06)] {
            let area = inside(status, [left, 0.34, width, 0.4]);
            area.fill(&mut self.canvas, self.colours.ink);
        }
        let bar = strip(self.all, status.height, px(unit * 11.0));
        self.words(
            inside(bar, [0.04, 0.28, 0.34, 0.44]),
            self.colours.ink,
            means,
        );
        for left in [0.76, 0.88] {
            let area = inside(bar, [left, 0.25, 0.06, 0.5]);
            ring(&mut self.canvas, area, self.colours.ink, self.colours.page);
        }
        let mut top = bar.top + bar.height;
        self.line(top);
        let column = strip(self.all, top, self.all.height - top);
        top = self.post(image, column, margin, means);
        while top < self.all.height {
            // The post below, as far as the screen goes.
            self.line(top);
            let column = strip(self.all, top, self.all.height - top);
            top = self.post(&means.other(), column, margin, means);
        }
        let foot = px(unit * 12.0);
        let foot = strip(self.all, self.all.height - foot, foot);
        foot.fill(&mut self.canvas, self.colours.page);
        self.line(foot.top);
        for place in 0..5u8 {
            let left = 0.07 + 0.19 * f32::from(place);
            let area = inside(foot, [left, 0.26, 0.07, 0.5]);
            ring(&mut self.canvas, area, self.colours.ink, self.colours.page);
        }
    }

    /// Where one could go, the post, and what else there is.
    fn desktop(&mut self, image: &RgbImage, margin: f32, means: &mut Means<'_>) {
        let side = inside(self.all, [0.03, 0.03, 0.2, 0.9]);
        let logo = inside(side, [0.0, 0.0, 0.2, 0.07]);
        rounded(&mut self.canvas, logo, logo.height / 3, self.colours.accent);
        for place in 0..7u8 {
            let top = 0.12 + 0.09 * f32::from(place);
            let icon = inside(side, [0.0, top, 0.13, 0.045]);
            ring(&mut self.canvas, icon, self.colours.ink, self.colours.page);
            let wide = means.dice.between(0.3, 0.6);
            let name = inside(side, [0.2, top + 0.005, wide, 0.032]);
            self.words(name, self.colours.ink, means);
        }
        let button = inside(side, [0.0, 0.78, 0.8, 0.09]);
        rounded(
            &mut self.canvas,
            button,
            button.height / 2,
            self.colours.accent,
        );
        let column = inside(self.all, [0.26, 0.0, 0.42, 1.0]);
        let mut top = 0;
        for shown in [image, &means.other()] {
            if top < self.all.height {
                let below = strip(column, top, self.all.height - top);
                top = self.post(shown, below, margin, means);
                let across = strip(column, top, px(1.0));
                across.fill(&mut self.canvas, self.colours.faint);
            }
        }
        for left in [0.258, 0.682] {
            let upright = inside(self.all, [left, 0.0, 0.0015, 1.0]);
            upright.fill(&mut self.canvas, self.colours.faint);
        }
        let search = inside(self.all, [0.71, 0.03, 0.25, 0.07]);
        rounded(
            &mut self.canvas,
            search,
            search.height / 2,
            self.colours.faint,
        );
        for (top, lines) in [(0.14, 8u8), (0.62, 5)] {
            let height = 0.05 * f32::from(lines);
            let card = inside(self.all, [0.71, top, 0.25, height + 0.04]);
            let radius = card.width / 16;
            rounded(&mut self.canvas, card, radius, self.colours.faint);
            let words = inside(card, [0.06, 0.06, 0.86, 0.88]);
            let ink = Ink::plain(self.colours.soft);
            write(&mut self.canvas, words, lines.into(), ink, &mut means.dice);
        }
    }

    /// Who says it, what they say, the picture, and what others think of it. Tells where it ends.
    fn post(&mut self, image: &RgbImage, column: Area, margin: f32, means: &mut Means<'_>) -> u32 {
        let unit = column.width as f32 / 100.0;
        let head = strip(column, px(unit * 2.5), px(unit * 11.0));
        let face = inside(head, [0.03, 0.0, 0.11, 1.0]);
        let skin = covering(&means.other(), (face.width, face.width));
        paste(
            &mut self.canvas,
            &skin,
            (face.left, face.top),
            face.width / 2,
        );
        let (name, when) = (
            means.dice.between(0.2, 0.45),
            means.dice.between(0.15, 0.35),
        );
        self.words(
            inside(head, [0.17, 0.1, name, 0.34]),
            self.colours.ink,
            means,
        );
        self.words(
            inside(head, [0.17, 0.6, when, 0.28]),
            self.colours.soft,
            means,
        );
        let mut top = head.top - column.top + head.height + px(unit * 2.0);
        let lines = means.up_to(3);
        if lines > 0 {
            let said = strip(column, top, px(unit * 5.2) * lines);
            let ink = Ink::plain(self.colours.ink);
            let words = inside(said, [0.03, 0.0, 0.94, 1.0]);
            write(&mut self.canvas, words, lines, ink, &mut means.dice);
            top += said.height + px(unit * 2.0);
        }
        top += self.picture(image, strip(column, top, 0), margin);
        self.reactions(strip(column, top, px(unit * 11.0)), means);
        column.top + top + px(unit * 12.0)
    }

    /// As wide as the column, and not higher than fits; tells how high.
    fn picture(&mut self, image: &RgbImage, below: Area, margin: f32) -> u32 {
        let beside = self.all.width as f32 * margin / 100.0;
        let wide = below.width as f32 - 2.0 * beside;
        let size = fitting(image, (wide, self.all.height as f32 * 0.66));
        let left = below.left + (below.width - size.0.min(below.width)) / 2;
        let radius = if margin > 0.0 { below.width / 36 } else { 0 };
        paste(
            &mut self.canvas,
            &scaled(image, size),
            (left, below.top),
            radius,
        );
        size.1
    }

    fn reactions(&mut self, row: Area, means: &mut Means<'_>) {
        for left in [0.03, 0.28, 0.53] {
            let icon = inside(row, [left, 0.22, 0.055, 0.5]);
            ring(&mut self.canvas, icon, self.colours.soft, self.colours.page);
            let many = means.dice.between(0.06, 0.12);
            let count = inside(row, [left + 0.075, 0.32, many, 0.3]);
            self.words(count, self.colours.soft, means);
        }
    }

    /// One line of words.
    fn words(&mut self, area: Area, colour: Rgb<u8>, means: &mut Means<'_>) {
        write(
            &mut self.canvas,
            area,
            1,
            Ink::plain(colour),
            &mut means.dice,
        );
    }

    /// Across the page.
    fn line(&mut self, top: u32) {
        let height = px(self.all.width as f32 / 300.0).max(1);
        strip(self.all, top, height).fill(&mut self.canvas, self.colours.faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brush::RED;
    use crate::dice::Dice;

    /// The smallest rectangle around what is red.
    fn red(canvas: &RgbImage) -> (u32, u32) {
        let places = || {
            canvas
                .enumerate_pixels()
                .filter(|(.., pixel)| **pixel == RED)
        };
        let across = places().map(|(x, ..)| x);
        let down = places().map(|(_, y, _)| y);
        let reach = |values: Vec<u32>| values.iter().max().unwrap() - values.iter().min().unwrap();
        (reach(across.collect()) + 1, reach(down.collect()) + 1)
    }

    #[test]
    fn a_post_shows_the_whole_picture_in_its_shape() {
        let shapes = [(480, 320), (320, 480)].map(|(w, h)| RgbImage::from_pixel(w, h, RED));
        for (screen, portrait) in [(Screen::Phone, true), (Screen::Desktop, false)] {
            for image in &shapes {
                let post = Post {
                    screen,
                    theme: Theme::Light,
                    margin: 2.0,
                };
                let mut means = Means {
                    dice: Dice::new(2),
                    others: &[],
                };
                let canvas = post.apply(image, &mut means);
                assert_eq!(canvas.height() > canvas.width(), portrait);
                let (width, height) = red(&canvas);
                let shape = width as f32 / height as f32;
                let expected = image.width() as f32 / image.height() as f32;
                assert!((shape / expected - 1.0).abs() < 0.02, "{width} {height}");
                assert!(width * height > canvas.width() * canvas.height() / 9);
            }
        }
    }
}
