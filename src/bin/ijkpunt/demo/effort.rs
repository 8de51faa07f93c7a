//! How hard one has to look to find a copy.

/// What should find copies of a kind, the cheapest that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// The picture as a whole, in its eight turned and mirrored forms.
    Plain,
    /// Its negative and its views too: what is framed, posted, tilted or inverted is looked up on its own.
    Standard,
    /// The same, in a list that has windows of its items.
    Windows,
}

impl Effort {
    /// The word for it in what explains the table.
    #[cfg(test)]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Standard => "standard",
            Self::Windows => "windows",
        }
    }

    /// What the copies have in common that it finds.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Plain => "copies, for effort plain",
            Self::Standard => "copies, for effort standard",
            Self::Windows => "copies, for standard with windows",
        }
    }
}
