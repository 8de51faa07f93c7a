//! Files that somebody uploads by accident or on purpose: most of them nobody can call "no match".

mod bombs;
mod bytes;
mod damaged;
mod empty;
mod followed;
mod odd;
mod unopened;

use super::variant::Variants;

pub(super) use damaged::BROKEN_OFF;

/// A family of files that are awkward in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Looks suspicious, and is whole.
    Odd,
    /// The rest is missing, and the file says so.
    Cut,
    /// Something is missing or wrong, and the file pretends that nothing is.
    Damaged,
    /// No picture, or none that is decoded.
    Unopened,
    /// A picture with something behind its end that shows more, or may.
    Followed,
    /// It would cost more than the limits allow.
    Bombs,
    /// A picture that no hash can stand for.
    Empty,
}

impl Family {
    pub(super) const ALL: [Self; 7] = [
        Self::Odd,
        Self::Cut,
        Self::Damaged,
        Self::Unopened,
        Self::Followed,
        Self::Bombs,
        Self::Empty,
    ];

    /// Whether all that its files show can be looked at.
    pub(super) fn is_whole(self) -> bool {
        self == Self::Odd
    }

    /// What they are, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Odd => "odd but whole: notes, zeros, alpha",
            Self::Cut => "cut short: JPEG, PNG, GIF, WebP, TIFF",
            Self::Damaged => "damaged: garbage, false ends, loops",
            Self::Unopened => "not read: text, PDF, HEIC, ZIP, video",
            Self::Followed => "a ZIP, video, picture behind the end",
            Self::Bombs => "bombs: huge sizes, frames, pages",
            Self::Empty => "nothing to see: blank, clear, 1 x 1",
        }
    }

    /// Its members. Those that need a picture are made from one that is not listed.
    pub(super) fn variants(self) -> &'static Variants {
        match self {
            Self::Odd => odd::ODD,
            Self::Cut => damaged::CUT,
            Self::Damaged => damaged::DAMAGED,
            Self::Unopened => unopened::UNOPENED,
            Self::Followed => followed::FOLLOWED,
            Self::Bombs => bombs::BOMBS,
            Self::Empty => empty::EMPTY,
        }
    }
}

#[cfg(test)]
mod tests {
    use ijkpunt::hash::DigestKind;
    use ijkpunt::screen::UndecidedKind;
    use ijkpunt::{List, Screener, Screening, Surface};
    use image::imageops::thumbnail;

    use super::*;
    use crate::demo::scene::scene;

    /// One that knows nothing that is asked here.
    fn screener() -> Screener {
        // No pattern: those of stripes have hashes as regular as they are.
        let csv = format!("id,pdq\nnothing,{}\n", DigestKind::Sha256.of(b"nothing"));
        let builder = Screener::builder().list("demo", List::from_bytes(csv.as_bytes()).unwrap());
        builder.surface(Surface::Public).build().unwrap()
    }

    /// What may be said about a family; nothing where all can be looked at.
    fn reasons(family: Family) -> &'static [UndecidedKind] {
        use UndecidedKind::*;
        match family {
            Family::Odd => &[],
            Family::Cut => &[Truncated],
            Family::Damaged => &[Truncated, Malformed],
            Family::Unopened => &[NotAnImage, Unsupported],
            Family::Followed => &[Unsupported],
            Family::Bombs => &[Limit],
            Family::Empty => &[TooSmall, TooLittleDetail],
        }
    }

    #[test]
    fn awkward_files_are_undecided_for_the_right_reason_whatever_they_are_made_of() {
        let screener = screener();
        for (width, height) in [(64, 64), (64, 1000), (1024, 70), (200, 150)] {
            let image = thumbnail(&scene(9), width, height);
            for family in Family::ALL {
                for (name, make) in family.variants() {
                    let verdict = screener.screen(&make(&image, 3).unwrap());
                    let is_right = match &verdict {
                        Screening::Undecided(why) => reasons(family).contains(&why.kind()),
                        Screening::NoMatch(_) => family.is_whole(),
                        Screening::Match(_) => false,
                    };
                    assert!(is_right, "{name} of {width} x {height}: {verdict:?}");
                }
            }
        }
    }

    #[test]
    fn a_bomb_is_small() {
        let image = scene(9);
        for (name, make) in [Family::Bombs, Family::Unopened]
            .into_iter()
            .flat_map(Family::variants)
        {
            let bytes = make(&image, 3).unwrap().len();
            assert!(bytes < 600_000, "{name}: {bytes} bytes");
        }
    }
}
