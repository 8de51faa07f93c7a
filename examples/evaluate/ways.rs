//! Ways of asking whether a picture is known: which codes are kept of an entry, and which are looked up for an upload.
//!
//! The distance of an upload to an entry is the smallest between any code asked and any code stored.

use std::ops::RangeInclusive;

use ijkpunt::enrol::Enroller;
use ijkpunt::view::{View, Viewer};
use ijkpunt::{Effort, Hasher, Limits, List, Pdq, Picture, Screener, Screening, Surface};

use crate::Failure;
use crate::photos::{Album, picture_of};

/// A way of asking.
pub(crate) trait Way {
    /// What it is called in tables and figures.
    fn name(&self) -> &str;

    /// The codes that are stored for an entry.
    fn enrol(&mut self, picture: &Picture<'_>) -> Vec<Pdq>;

    /// The codes that are looked up for an upload; none of a picture that cannot be hashed.
    fn ask(&mut self, picture: &Picture<'_>) -> Vec<Pdq>;
}

/// All ways, in the order of the tables. Every thread makes its own.
pub(crate) fn all() -> Vec<Box<dyn Way>> {
    vec![
        Box::new(Plain::default()),
        Box::new(Eight::default()),
        Box::new(Views::default()),
        Box::new(Windows::of_size("large windows", 0.4..=1.0)),
        Box::new(Windows::of_size("small windows", 0.0..=0.4)),
    ]
}

/// One hash of the upload, one of the entry.
#[derive(Default)]
struct Plain(Hasher);

impl Way for Plain {
    fn name(&self) -> &str {
        "PDQ"
    }

    fn enrol(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        self.ask(picture)
    }

    fn ask(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let transform = self.0.hash(picture);
        transform.map_or(Vec::new(), |transform| vec![transform.pdq()])
    }
}

/// The eight turned and mirrored forms of the upload, one hash of the entry.
#[derive(Default)]
struct Eight(Hasher);

impl Way for Eight {
    fn name(&self) -> &str {
        "PDQ x8"
    }

    fn enrol(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let transform = self.0.hash(picture);
        transform.map_or(Vec::new(), |transform| vec![transform.pdq()])
    }

    fn ask(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let transform = self.0.hash(picture);
        transform.map_or(Vec::new(), |transform| transform.forms().to_vec())
    }
}

/// The views of the upload, one hash of the entry.
#[derive(Default)]
struct Views(Viewer);

impl Way for Views {
    fn name(&self) -> &str {
        "views"
    }

    fn enrol(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        Plain::default().ask(picture)
    }

    fn ask(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let views = self
            .0
            .views(picture, &Limits::default())
            .unwrap_or_default();
        let codes = views.iter().flat_map(|view| view.codes());
        codes.map(|(_, pdq)| pdq).collect()
    }
}

/// The windows of the upload, and those of the entry that are of a size: what a screener asks before any second look, which large ones
/// do not need.
struct Windows {
    name: &'static str,
    /// The longer side, in sides of the picture.
    sides: RangeInclusive<f32>,
    viewer: Viewer,
}

impl Windows {
    fn of_size(name: &'static str, sides: RangeInclusive<f32>) -> Self {
        Self {
            name,
            sides,
            viewer: Viewer::new(),
        }
    }
}

impl Way for Windows {
    fn name(&self) -> &str {
        self.name
    }

    fn enrol(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let [width, height] = [picture.width(), picture.height()].map(|side| side as f32);
        let windows = self.viewer.windows_to_keep(picture);
        let is_of_size = |view: &&View| {
            let [across, down] = view.place().size();
            self.sides.contains(&(across / width).max(down / height))
        };
        let kept = windows.iter().filter(is_of_size);
        kept.map(|it| it.transform().pdq()).collect()
    }

    fn ask(&mut self, picture: &Picture<'_>) -> Vec<Pdq> {
        let windows = self.viewer.windows_to_ask(picture);
        let codes = windows.iter().flat_map(|view| view.codes());
        codes.map(|(_, pdq)| pdq).collect()
    }
}

/// A screener, as a platform has it: what it calls a match, at the distance that it tells.
pub(crate) struct Screened {
    /// What it is called in tables and figures.
    pub(crate) name: &'static str,
    /// Codes stored, of all entries.
    pub(crate) stored: usize,
    screener: Screener,
}

/// All screeners, in the order of the tables.
pub(crate) fn screened(album: &Album) -> Result<Vec<Screened>, Failure> {
    let mut enroller = Enroller::new();
    let mut proposals = Vec::new();
    for (entry, photo) in album.known.iter().enumerate() {
        let proposal = enroller.propose_picture(&picture_of(&photo.image)?)?;
        proposals.push((entry.to_string(), proposal));
    }
    let all = || proposals.iter().map(|(id, proposal)| (id, proposal));
    let with_windows = List::from_proposals(all())?;
    let wholes = with_windows.to_rows().filter(|row| !row.is_window());
    let wholes = List::from_rows(wholes)?;
    let one = |name, list: List, effort| {
        let stored = list.rows().len();
        let screener = Screener::builder()
            .list("known", list)
            .surface(Surface::Public)
            .effort(effort)
            .build()?;
        Ok::<_, Failure>(Screened {
            name,
            stored,
            screener,
        })
    };
    Ok(vec![
        one("standard", wholes, Effort::Standard)?,
        one("standard, windows", with_windows.clone(), Effort::Standard)?,
        one("thorough, windows", with_windows, Effort::Thorough)?,
    ])
}

impl Screened {
    /// The entries that are found, and how near; none of what is undecided.
    pub(crate) fn ask(&self, picture: &Picture<'_>) -> Option<Vec<(usize, u16)>> {
        match self.screener.screen_picture(picture) {
            Screening::Undecided(_) => None,
            Screening::NoMatch(_) => Some(Vec::new()),
            Screening::Match(matched) => {
                let found = matched.evidence().iter();
                let each = found.filter_map(|found| {
                    let entry = found.entry.parse().ok()?;
                    Some((entry, found.distance?.bits()))
                });
                Some(each.collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use image::imageops::{flip_horizontal, rotate90};

    use super::*;
    use crate::scene::scene;

    /// How far a picture is from the scene that it was made of.
    fn nearest(way: &mut impl Way, upload: &RgbImage) -> u16 {
        let stored = way.enrol(&picture_of(&scene(1)).unwrap());
        let asked = way.ask(&picture_of(upload).unwrap());
        let pairs = asked
            .iter()
            .flat_map(|a| stored.iter().map(|b| a.distance(*b)));
        pairs.min().unwrap().bits()
    }

    #[test]
    fn eight_forms_find_what_is_turned_and_one_does_not() {
        let scene = scene(1);
        assert_eq!(nearest(&mut Plain::default(), &scene), 0);
        for turned in [flip_horizontal(&scene), rotate90(&scene)] {
            assert!(nearest(&mut Plain::default(), &turned) > 60);
            assert!(nearest(&mut Eight::default(), &turned) < 12);
        }
    }

    #[test]
    fn what_is_too_small_to_hash_asks_nothing() {
        let speck = RgbImage::new(3, 3);
        for mut way in all() {
            assert!(way.ask(&picture_of(&speck).unwrap()).is_empty());
        }
    }
}
