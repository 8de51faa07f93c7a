//! Short texts that people write into entries and assessments.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text of at most `MOST` characters: not empty, without control characters, and without the address of anything.
///
/// Entries and assessments travel to every platform, so what could lead to the material, or break a terminal or a table,
/// is refused when it is read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MOST: usize>(Box<str>);

impl<const MOST: usize> Text<MOST> {
    /// Checks a text.
    ///
    /// # Errors
    /// [`TextError`] says what is wrong with it, and never repeats it.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        let length = text.chars().count();
        if length == 0 || length > MOST {
            Err(TextError::Length { length, most: MOST })
        } else if text.chars().any(char::is_control) {
            Err(TextError::Control)
        } else if text.contains("://") {
            Err(TextError::Address)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> TryFrom<String> for Text<MOST> {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<const MOST: usize> From<Text<MOST>> for String {
    fn from(text: Text<MOST>) -> Self {
        text.0.into()
    }
}

impl<const MOST: usize> fmt::Display for Text<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MOST: usize> fmt::Debug for Text<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Not a text of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing, or too much.
    #[error("{length} characters: write 1 to {most}")]
    Length {
        /// Characters found.
        length: usize,
        /// The most that there may be.
        most: usize,
    },
    /// A line break, a tab or the like.
    #[error("a control character: write one line of plain text")]
    Control,
    /// Something that looks like a URL.
    #[error("\"://\" makes an address: leave addresses out, and name what is meant")]
    Address,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_held_to_their_bounds() {
        assert!(Text::<3>::new("äöü").is_ok());
        let length = |length| Err(TextError::Length { length, most: 3 });
        assert_eq!(Text::<3>::new(""), length(0));
        assert_eq!(Text::<3>::new("äöüß"), length(4));
        assert_eq!(Text::<9>::new("a\nb"), Err(TextError::Control));
        assert_eq!(Text::<9>::new("x://y"), Err(TextError::Address));
        assert!(serde_json::from_str::<Text<3>>("\"abcd\"").is_err());
    }
}
