//! Why a part of a picture is a view.

use std::fmt;

use serde::Serialize;

use crate::hash::Dihedral;

/// Why a part of a picture is a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// The picture as it is.
    Full,
    /// What stands between calm margins: in a frame, a post, a page.
    Block,
    /// What has four straight edges: a picture in a picture, one of a collage.
    Rectangle,
    /// More than the picture: reflected at its edges, since it may be the middle of another.
    Uncropped,
    /// A half or a quarter.
    Tile,
    /// What stands askew on one colour.
    Quad,
    /// Turned by a small angle.
    Rotated,
    /// Sheared back.
    Sheared,
    /// A square around a point that is found again in copies.
    Window,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Full,
        Self::Block,
        Self::Rectangle,
        Self::Uncropped,
        Self::Tile,
        Self::Quad,
        Self::Rotated,
        Self::Sheared,
        Self::Window,
    ];

    /// The name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Block => "block",
            Self::Rectangle => "rectangle",
            Self::Uncropped => "uncropped",
            Self::Tile => "tile",
            Self::Quad => "quad",
            Self::Rotated => "rotated",
            Self::Sheared => "sheared",
            Self::Window => "window",
        }
    }

    /// The forms that are worth a lookup: all eight where somebody placed a picture, which may be mirrored or turned; one of what is
    /// looked at in every picture; and of windows the mirrored one too, for what is cropped is mirrored more often than turned.
    pub(crate) fn forms(self) -> &'static [Dihedral] {
        match self {
            Self::Full | Self::Block | Self::Rectangle | Self::Quad => &Dihedral::ALL,
            Self::Uncropped | Self::Tile | Self::Rotated | Self::Sheared => &Dihedral::ALL[..1],
            Self::Window => MIRRORED,
        }
    }
}

/// As it is, and with left and right exchanged.
pub(super) const MIRRORED: &[Dihedral] = &[Dihedral::Original, Dihedral::FlipY];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_no_two_are_alike() {
        let mut names = Vec::new();
        for kind in Kind::ALL {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
            names.push(json);
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
