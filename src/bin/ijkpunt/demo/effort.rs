//! How hard one has to look to find a copy.

/// The least effort that should find copies of a kind. The last is planned, and until then what it should find is mostly missed, and
/// called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// The picture as a whole, in its eight turned and mirrored forms.
    Plain,
    /// Its negative and its views too: what is framed, posted, tilted or inverted is looked up on its own.
    Standard,
    /// More views, windows stored with the entries, and local features.
    Thorough,
}

impl Effort {
    /// The word for it, in the table and in what explains it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Standard => "standard",
            Self::Thorough => "thorough",
        }
    }

    /// Whether this version has it.
    pub(super) fn exists(self) -> bool {
        self != Self::Thorough
    }
}
