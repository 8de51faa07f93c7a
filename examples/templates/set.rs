//! Sketches of every family, and those among them that stand for the others.

use std::ops::Range;

use ijkpunt::hash::{Dihedral, Hasher, Pdq, Quality};
use ijkpunt::picture::Picture;
use image::RgbImage;

use crate::Failure;
use crate::dice::Dice;
use crate::{flags, frames, logos, shades};

/// What a family draws in one round; sizes, places and colours are chance.
type Draw = fn(&mut Dice) -> Vec<RgbImage>;

/// Those in which pictures of different content match each other. Title cards, documents, forms, chats, posts, contacts, splash
/// screens, tables, charts, boards and codes of modules were tried: of 2074 such pictures 24 matched another, and templates of
/// their own kept hardly any of them apart.
pub(crate) const FAMILIES: [(&str, Draw); 5] = [
    ("logo", logos::logos),
    ("flag", flags::flags),
    ("frame", frames::frames),
    ("gradient", shades::gradients),
    ("spot of light", shades::spots),
];

/// A sketch that has enough detail for a hash.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    pub(crate) family: &'static str,
    pub(crate) image: RgbImage,
    pub(crate) code: Pdq,
}

pub(crate) fn sketches(rounds: Range<u64>) -> Result<Vec<Sketch>, Failure> {
    let mut hasher = Hasher::new();
    let mut all = Vec::new();
    for round in rounds {
        for (number, (family, draw)) in (0..).zip(FAMILIES) {
            for image in draw(&mut Dice::new(1000 * round + number)) {
                let (code, quality) = hash(&mut hasher, &image)?;
                if quality >= Quality::DEFAULT_MINIMUM {
                    all.push(Sketch {
                        family,
                        image,
                        code,
                    });
                }
            }
        }
    }
    Ok(all)
}

pub(crate) fn hash(hasher: &mut Hasher, image: &RgbImage) -> Result<(Pdq, Quality), Failure> {
    let (width, height) = image.dimensions();
    let pixels = image.as_raw().as_slice();
    let transform = hasher.hash(&Picture::rgb(width, height, 3 * width as usize, pixels)?)?;
    Ok((transform.pdq(), transform.quality()))
}

/// The least distance between a code in its eight forms, or a negative of them, and another.
pub(crate) fn gap(forms: &[Pdq; 8], other: Pdq) -> u16 {
    let gaps = forms.iter().map(|form| form.distance(other).bits());
    gaps.map(|bits| bits.min(256 - bits)).min().unwrap_or(256)
}

pub(crate) fn forms(code: Pdq) -> [Pdq; 8] {
    Dihedral::ALL.map(|form| code.derived(form))
}

/// The places of those that stand for most others, by greedy choice: first `EACH` of every family, then any. A sketch
/// stands for what it matches, and one that is stood for is not chosen, so no two match each other.
pub(crate) fn chosen(all: &[Sketch]) -> Vec<usize> {
    let mut choice = Choice::of(all);
    for (family, _) in FAMILIES {
        choice.take(EACH, |place| all[place].family == family);
    }
    choice.take(MOST - choice.chosen.len(), |_| true);
    choice.chosen
}

const EACH: usize = 8;
const MOST: usize = 256;

struct Choice {
    /// For each sketch, those that it matches; itself among them.
    near: Vec<Vec<usize>>,
    is_covered: Vec<bool>,
    chosen: Vec<usize>,
}

impl Choice {
    fn of(all: &[Sketch]) -> Self {
        let mut near: Vec<_> = (0..all.len()).map(|place| vec![place]).collect();
        for (place, sketch) in all.iter().enumerate() {
            let forms = forms(sketch.code);
            for before in 0..place {
                if gap(&forms, all[before].code) <= 31 {
                    near[place].push(before);
                    near[before].push(place);
                }
            }
        }
        Self {
            near,
            is_covered: vec![false; all.len()],
            chosen: Vec::new(),
        }
    }

    /// Chooses `most` of those that `may` be chosen, or as many as there are.
    fn take(&mut self, most: usize, may: impl Fn(usize) -> bool) {
        for _ in 0..most {
            let open = (0..self.near.len()).filter(|&place| !self.is_covered[place] && may(place));
            // Of equal ones the first.
            let Some(best) = open.rev().max_by_key(|&place| self.gain(place)) else {
                return;
            };
            for &place in &self.near[best] {
                self.is_covered[place] = true;
            }
            self.chosen.push(best);
        }
    }

    /// How many more sketches would be stood for.
    fn gain(&self, place: usize) -> usize {
        let open = self.near[place]
            .iter()
            .filter(|&&near| !self.is_covered[near]);
        open.count()
    }
}
