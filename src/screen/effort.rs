//! How hard a screener looks.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many disguises of an upload are looked up. More effort finds more copies and costs more; it changes no hash, and what less
/// effort finds, more finds too.
///
/// Each level is what [`Screening::NoMatch`](super::Screening::NoMatch) promises was looked at.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effort {
    /// Every frame as a whole, turned and mirrored: copies that were re-encoded, resized or recoloured. Eight lookups a frame and
    /// list, microseconds beside decoding.
    Plain,
    /// The same; then, in the lists where that finds nothing, its negative, and its views: copies in frames, bars, posts, collages
    /// and other pictures, and slightly cropped or turned ones; and of entries that have windows, parts of all sizes, also where the rest
    /// is covered. A picture that matches as a whole costs what it costs with [`Plain`](Self::Plain); others 1 to 4 ms more, 13 at 12
    /// megapixels, and up to 240 lookups a frame and list; with windows a millisecond more, and lookups among more codes. A small
    /// window needs a second one of its entry in its place; that is looked for at the 8 nearest entries of each, 256 in all.
    #[default]
    Standard,
    /// The same; then, in the lists where that finds nothing, everything up to 48 bits away, more windows and all views, of which only
    /// those are matches that a second look confirms: another window of the entry is where the first says that it lies. For entries
    /// with windows. Lookups that wide take ten times as long, and there are up to 600 a frame and list: 20 ms among a million codes.
    Thorough,
}

impl Effort {
    /// All of them, from the least.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Standard, Self::Thorough];

    /// The name used on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Standard => "standard",
            Self::Thorough => "thorough",
        }
    }
}

impl fmt::Display for Effort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_efforts_are_in_order() {
        for effort in Effort::ALL {
            let json = serde_json::to_string(&effort).unwrap();
            assert_eq!(json, format!("\"{effort}\""));
            assert_eq!(serde_json::from_str::<Effort>(&json).unwrap(), effort);
        }
        assert!(Effort::ALL.is_sorted());
    }
}
