//! What stands in the fields of orders and answers.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text of several lines and at most `MOST` characters: not empty, its only control character the line feed, and without the address of anything.
/// `Debug` tells its length alone.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose<const MOST: usize>(Box<str>);

impl<const MOST: usize> Prose<MOST> {
    /// Checks a text.
    ///
    /// # Errors
    /// [`FieldError`] says what is wrong with it, and never repeats it.
    pub fn new(text: impl Into<String>) -> Result<Self, FieldError> {
        let text = text.into();
        let length = text.chars().count();
        let is_bad = |one: char| one.is_control() && one != '\n';
        if !(1..=MOST).contains(&length) {
            Err(FieldError::Length { length, most: MOST })
        } else if text.chars().any(is_bad) {
            Err(FieldError::Control)
        } else if text.contains(SCHEME_END) {
            Err(FieldError::Address)
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

impl<const MOST: usize> TryFrom<String> for Prose<MOST> {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::new(text)
    }
}

impl<const MOST: usize> From<Prose<MOST>> for String {
    fn from(text: Prose<MOST>) -> Self {
        text.0.into()
    }
}

impl<const MOST: usize> fmt::Display for Prose<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MOST: usize> fmt::Debug for Prose<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prose({} characters)", self.0.chars().count())
    }
}

/// Where content is to be found (article 3(4)(c)): a URL of at most [`MOST_BYTES`](Self::MOST_BYTES) bytes, without spaces and control characters.
///
/// `Debug` shows nothing of it, and there is no `Display`: whoever writes it somewhere asks for it by [`as_str`](Self::as_str).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(Box<str>);

impl Address {
    /// The longest.
    pub const MOST_BYTES: usize = 2048;

    /// Checks the form, and not whether anything is there.
    ///
    /// # Errors
    /// [`FieldError::Length`] or [`FieldError::NoAddress`].
    pub fn new(url: impl Into<String>) -> Result<Self, FieldError> {
        let url = url.into();
        let (length, most) = (url.len(), Self::MOST_BYTES);
        if !(1..=most).contains(&length) {
            return Err(FieldError::Length { length, most });
        }
        let is_bad = |one: char| one.is_control() || one.is_whitespace();
        let has_both = url
            .split_once(SCHEME_END)
            .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
        if !has_both || url.chars().any(is_bad) {
            return Err(FieldError::NoAddress);
        }
        Ok(Self(url.into()))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Address {
    type Error = FieldError;

    fn try_from(url: String) -> Result<Self, FieldError> {
        Self::new(url)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0.into()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}

/// One to `MOST` of a kind, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<T>", into = "Vec<T>")]
#[serde(bound(serialize = "T: Clone + Serialize"))]
pub struct Several<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> TryFrom<Vec<T>> for Several<T, MOST> {
    type Error = FieldError;

    fn try_from(all: Vec<T>) -> Result<Self, FieldError> {
        match all.len() {
            count if (1..=MOST).contains(&count) => Ok(Self(all)),
            count => Err(FieldError::Count { count, most: MOST }),
        }
    }
}

impl<T, const MOST: usize> From<Several<T, MOST>> for Vec<T> {
    fn from(several: Several<T, MOST>) -> Self {
        several.0
    }
}

impl<T, const MOST: usize> Deref for Several<T, MOST> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// A language by its two letters of ISO 639-1: an order may be in any that the host has named (article 15(2)).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageCode([u8; 2]);

impl FromStr for LanguageCode {
    type Err = FieldError;

    fn from_str(code: &str) -> Result<Self, FieldError> {
        match code.as_bytes() {
            &[first @ b'a'..=b'z', second @ b'a'..=b'z'] => Ok(Self([first, second])),
            _ => Err(FieldError::Language),
        }
    }
}

impl TryFrom<String> for LanguageCode {
    type Error = FieldError;

    fn try_from(code: String) -> Result<Self, FieldError> {
        code.parse()
    }
}

impl From<LanguageCode> for String {
    fn from(code: LanguageCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.0.map(char::from);
        write!(f, "{first}{second}")
    }
}

impl fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not what stands in a field of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// Nothing, or too much.
    #[error("a length of {length}: write 1 to {most}")]
    Length {
        /// Characters found, in an address bytes.
        length: usize,
        /// The most that there may be.
        most: usize,
    },
    /// A tab, a carriage return or the like.
    #[error("a control character: write plain text, with line feeds alone")]
    Control,
    /// Something that looks like a URL.
    #[error("\"://\" makes an address: it belongs among the addresses of the order")]
    Address,
    /// No URL.
    #[error("no address: write a URL with its scheme, without spaces")]
    NoAddress,
    /// None, or too many.
    #[error("{count} of them: give 1 to {most}")]
    Count {
        /// How many.
        count: usize,
        /// The most that there may be.
        most: usize,
    },
    /// Not the code of a language.
    #[error("write the language as two letters of a to z, such as nl")]
    Language,
    /// Not a hash of its kind.
    #[error("write a hash in digits of 0 to 9 and a to f, as many as its kind has")]
    Hash,
    /// Nothing by which a medium could be found.
    #[error("no hash: give one at least, or leave the medium out")]
    NoHash,
    /// Addresses where there must be none.
    #[error("the order still has addresses: seal it before it is kept")]
    Unsealed,
}

/// What every URL has between its scheme and the rest.
const SCHEME_END: &str = "://";
