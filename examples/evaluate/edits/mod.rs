//! How people change a picture before they upload it again: the table `edits.toml`, and what its words do.

mod covering;
mod geometry;
mod pages;
mod placing;
mod slanting;
mod tone;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageResult, RgbImage};
use serde::Deserialize;

use crate::Failure;
use crate::dice::Dice;
use crate::options::{Options, spaced};
use crate::photos::Photo;

/// Edits of one kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Family {
    pub(crate) name: String,
    /// For somebody who reads the table.
    pub(crate) words: String,
    pub(crate) settings: Vec<Setting>,
}

/// An edit of one strength: steps, one after the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setting {
    pub(crate) name: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    /// Encoded and decoded, of this quality.
    Jpeg(u8),
    Levels(tone::Levels),
    Sepia,
    Grey,
    /// The deviation in parts of a thousand of the longer side.
    Blur(f32),
    /// The deviation in levels.
    Noise(f32),
    Resize(geometry::Percent),
    CropCentred(f32),
    CropAnywhere(f32),
    Mirror,
    Flip,
    QuarterTurns(u8),
    Rotate(slanting::Rotation),
    Shear(slanting::Shear),
    Perspective(slanting::Perspective),
    Border(placing::Border),
    Letterbox(placing::Letterbox),
    Inset(placing::Inset),
    Collage(placing::Collage),
    Text(covering::Text),
    Logo(covering::Logo),
    Emoji(covering::Emoji),
    Meme(covering::Meme),
    Post(pages::Post),
}

/// What a step may use besides the picture.
struct Means<'a> {
    dice: Dice,
    /// Photos that nobody knows.
    others: &'a [RgbImage],
}

impl Means<'_> {
    /// A photo that nobody knows; of none, an empty page.
    fn other(&mut self) -> RgbImage {
        let place = self.dice.below(self.others.len());
        let page = || RgbImage::from_pixel(480, 320, crate::brush::WHITE);
        self.others.get(place).cloned().unwrap_or_else(page)
    }

    /// From 0 to `most`, inclusive.
    fn up_to(&mut self, most: u32) -> u32 {
        let end = usize::try_from(most).unwrap_or(0) + 1;
        u32::try_from(self.dice.below(end)).unwrap_or(0)
    }

    fn sign(&mut self) -> f64 {
        self.dice.pick(&[-1.0, 1.0])
    }
}

impl Setting {
    /// The file that is uploaded: edited, and encoded as JPEG of a quality from 60 to 92. Chance depends on the names of
    /// photo, family and setting only.
    pub(crate) fn upload(
        &self,
        photo: &Photo,
        family: &str,
        others: &[RgbImage],
    ) -> ImageResult<Vec<u8>> {
        let seed = seed(&[&photo.name, family, &self.name]);
        let dice = Dice::new(seed);
        let mut means = Means { dice, others };
        let quality = 60 + u8::try_from(means.dice.below(33)).unwrap_or(0);
        let mut image = photo.image.clone();
        for step in &self.steps {
            image = step.apply(&image, &mut means)?;
        }
        jpeg(&image, quality)
    }
}

impl Step {
    fn apply(self, image: &RgbImage, means: &mut Means<'_>) -> ImageResult<RgbImage> {
        Ok(match self {
            Self::Jpeg(quality) => tone::poorer(image, quality)?,
            Self::Levels(levels) => levels.apply(image),
            Self::Sepia => tone::sepia(image),
            Self::Grey => tone::grey(image),
            Self::Blur(per_mille) => tone::blurred(image, per_mille),
            Self::Noise(deviation) => tone::noisy(image, deviation, &mut means.dice),
            Self::Resize(percent) => geometry::resized(image, percent),
            Self::CropCentred(percent) => geometry::crop_centred(image, percent),
            Self::CropAnywhere(percent) => geometry::crop_anywhere(image, percent, means),
            Self::Mirror => geometry::mirrored(image),
            Self::Flip => geometry::flipped(image),
            Self::QuarterTurns(count) => geometry::turned(image, count),
            Self::Rotate(rotation) => rotation.apply(image, means),
            Self::Shear(shear) => shear.apply(image, means),
            Self::Perspective(perspective) => perspective.apply(image, means),
            Self::Border(border) => border.apply(image, means),
            Self::Letterbox(letterbox) => letterbox.apply(image, means),
            Self::Inset(inset) => inset.apply(image, means),
            Self::Collage(collage) => collage.apply(image, means),
            Self::Text(text) => text.apply(image, means),
            Self::Logo(logo) => logo.apply(image, means),
            Self::Emoji(emoji) => emoji.apply(image, means),
            Self::Meme(meme) => meme.apply(image, means),
            Self::Post(post) => post.apply(image, means),
        })
    }
}

fn jpeg(image: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image)?;
    Ok(bytes)
}

/// A number from words: FNV-1a, with an end after each word.
fn seed(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The table, or what of it is asked for.
pub(crate) fn families(options: &Options) -> Result<Vec<Family>, Failure> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        family: Vec<Family>,
    }
    let Table { family: mut all } = toml::from_str(include_str!("../edits.toml"))?;
    for name in &options.families {
        if !all.iter().any(|family| family.name == *name) {
            let known: Vec<&str> = all.iter().map(|family| family.name.as_str()).collect();
            return Err(format!("no family {name}; there are {}", known.join(", ")).into());
        }
    }
    let is_asked = |name: &String| options.families.is_empty() || options.families.contains(name);
    all.retain(|family| is_asked(&family.name));
    for family in &mut all {
        let settings = std::mem::take(&mut family.settings);
        family.settings = spaced(settings, options.settings_per_family);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::drawing::covering;
    use crate::photos::shown;
    use crate::scene::scene;

    #[test]
    fn every_family_has_settings_and_no_name_comes_twice() {
        let families = families(&Options::default()).unwrap();
        assert_eq!(families.len(), 22);
        let names: HashSet<&str> = families.iter().map(|family| &*family.name).collect();
        assert_eq!(names.len(), 22);
        for family in &families {
            let settings: HashSet<&str> = family.settings.iter().map(|it| &*it.name).collect();
            assert!(settings.len() >= 2, "{}", family.name);
            assert_eq!(settings.len(), family.settings.len(), "{}", family.name);
            assert!(family.settings.iter().all(|it| !it.steps.is_empty()));
        }
        let settings = families.iter().map(|family| family.settings.len());
        assert_eq!(settings.sum::<usize>(), 104);
    }

    #[test]
    fn every_edit_is_the_same_each_time_and_can_be_decoded() {
        let [photo, other] = [1, 2].map(|seed| covering(&scene(seed), (180, 120)));
        let (others, name) = ([other], "one".to_owned());
        let photo = Photo { name, image: photo };
        for family in families(&Options::default()).unwrap() {
            for setting in &family.settings {
                let make = || setting.upload(&photo, &family.name, &others).unwrap();
                let upload = make();
                assert!(upload == make(), "{} {}", family.name, setting.name);
                assert!(shown(&upload).is_some(), "{} {}", family.name, setting.name);
            }
        }
    }

    #[test]
    fn chance_differs_between_photos_and_settings() {
        let seeds = [
            seed(&["a", "b", "c"]),
            seed(&["a", "b", "d"]),
            seed(&["a", "bc", ""]),
            seed(&["ab", "", "c"]),
        ];
        assert_eq!(seeds.iter().collect::<HashSet<_>>().len(), 4);
    }

    #[test]
    fn families_can_be_chosen_and_unknown_ones_are_refused() {
        let options = |names: &[&str]| Options {
            families: names.iter().map(|&name| name.to_owned()).collect(),
            settings_per_family: 2,
            ..Options::default()
        };
        let chosen = families(&options(&["border", "blur"])).unwrap();
        let sizes: Vec<_> = chosen
            .iter()
            .map(|it| (&*it.name, it.settings.len()))
            .collect();
        assert_eq!(sizes, [("blur", 2), ("border", 2)]);
        assert!(families(&options(&["burn"])).is_err());
    }
}
