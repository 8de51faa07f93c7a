//! Twenty ways in which people change a picture before they upload it again, from harmless to disguising.

mod covering;
mod geometry;
mod packaging;
mod placing;
mod tone;

use super::effort::Effort;
use super::variant::Variants;

/// A way in which a copy was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Poorer,
    Resized,
    Recoloured,
    Turned,
    Hidden,
    SeeThrough,
    Inverted,
    Tilted,
    Framed,
    Barred,
    MadeMeme,
    Posted,
    Collaged,
    Inset,
    Combined,
    Slanted,
    Captioned,
    Covered,
    Cropped,
    CroppedAside,
}

impl Edit {
    /// Those that take little effort to find come first.
    pub(super) const ALL: [Self; 20] = [
        Self::Poorer,
        Self::Resized,
        Self::Recoloured,
        Self::Turned,
        Self::Hidden,
        Self::SeeThrough,
        Self::Inverted,
        Self::Tilted,
        Self::Framed,
        Self::Barred,
        Self::MadeMeme,
        Self::Posted,
        Self::Collaged,
        Self::Inset,
        Self::Combined,
        Self::Slanted,
        Self::Captioned,
        Self::Covered,
        Self::Cropped,
        Self::CroppedAside,
    ];

    /// What was done, for somebody who reads the table.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Poorer => "a much poorer JPEG, noisy, or blurred",
            Self::Resized => "shrunk to half the size, or stretched",
            Self::Recoloured => "other colours, sepia, black and white",
            Self::Turned => "mirrored, or turned by a quarter",
            Self::Hidden => "behind a blank frame: GIF, APNG, TIFF",
            Self::SeeThrough => "a PNG that is partly transparent",
            Self::Inverted => "a negative: all colours inverted",
            Self::Tilted => "turned by 5 degrees, corners filled",
            Self::Framed => "framed by a border of 12 %",
            Self::Barred => "between bars, black or blurred",
            Self::MadeMeme => "with the caption bars of a meme",
            Self::Posted => "a screenshot of a post that shows it",
            Self::Collaged => "one of four in a collage",
            Self::Inset => "at half size inside another picture",
            Self::Combined => "mirrored, framed, and a poorer JPEG",
            Self::Captioned => "caption, logo, or faint watermark",
            Self::Covered => "sticker or text over 15 % of the area",
            Self::Cropped => "cropped to the middle 80 %",
            Self::CroppedAside => "cropped off-centre, 30 % of it gone",
            Self::Slanted => "seen at an angle, or sheared",
        }
    }

    /// What should find it, as measured on photographs and on these scenes.
    pub(super) fn effort(self) -> Effort {
        match self {
            Self::Poorer
            | Self::Resized
            | Self::Recoloured
            | Self::Turned
            | Self::Hidden
            | Self::SeeThrough => Effort::Plain,
            Self::Inverted
            | Self::Tilted
            | Self::Framed
            | Self::Barred
            | Self::MadeMeme
            | Self::Posted
            | Self::Collaged
            | Self::Inset
            | Self::Combined
            | Self::Slanted => Effort::Standard,
            Self::Captioned | Self::Covered | Self::Cropped | Self::CroppedAside => Effort::Windows,
        }
    }

    /// The ways in which it is done.
    pub(super) fn variants(self) -> &'static Variants {
        match self {
            Self::Poorer => tone::POORER,
            Self::Resized => geometry::RESIZED,
            Self::Recoloured => tone::RECOLOURED,
            Self::Turned => geometry::TURNED,
            Self::Hidden => packaging::HIDDEN,
            Self::SeeThrough => packaging::SEE_THROUGH,
            Self::Inverted => tone::INVERTED,
            Self::Tilted => geometry::TILTED,
            Self::Framed => placing::FRAMED,
            Self::Barred => placing::BARRED,
            Self::MadeMeme => placing::MADE_MEME,
            Self::Posted => placing::POSTED,
            Self::Collaged => placing::COLLAGED,
            Self::Inset => placing::INSET,
            Self::Combined => placing::COMBINED,
            Self::Captioned => covering::CAPTIONED,
            Self::Covered => covering::COVERED,
            Self::Cropped => geometry::CROPPED,
            Self::CroppedAside => geometry::CROPPED_ASIDE,
            Self::Slanted => geometry::SLANTED,
        }
    }
}
