//! Names of the files that are handed out.

use std::fmt;
use std::str::FromStr;

/// Ten digits: Unix seconds, which are numbers of snapshots by default, until the year 2286.
const DIGITS: usize = 10;
const HIGHEST: u64 = 9_999_999_999;

/// The name of a target: `full-0000000042.ijk` for a whole snapshot, `delta-0000000041-0000000042.ijd` for what changed from one to a
/// later one. There are no others, so a name can be no path.
///
/// ```
/// use ijkpunt::tuf::TargetName;
///
/// let name = TargetName::delta(41, 42)?;
/// assert_eq!(name.to_string(), "delta-0000000041-0000000042.ijd");
/// assert!("delta-41-42.ijd".parse::<TargetName>().is_err());
/// # Ok::<(), ijkpunt::tuf::TargetNameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetName {
    to: u64,
    from: Option<u64>,
}

impl TargetName {
    /// A whole snapshot, by its number.
    ///
    /// # Errors
    /// [`TargetNameError::Range`] for a number of more than ten digits.
    pub fn full(number: u64) -> Result<Self, TargetNameError> {
        Self::new(None, number)
    }

    /// What changed from one snapshot to another, by their numbers.
    ///
    /// # Errors
    /// [`TargetNameError`]: a number of more than ten digits, or a delta that does not lead to a higher one.
    pub fn delta(from: u64, to: u64) -> Result<Self, TargetNameError> {
        Self::new(Some(from), to)
    }

    fn new(from: Option<u64>, to: u64) -> Result<Self, TargetNameError> {
        if to > HIGHEST {
            Err(TargetNameError::Range)
        } else if from.is_some_and(|from| from >= to) {
            Err(TargetNameError::Order)
        } else {
            Ok(Self { to, from })
        }
    }

    /// The number of the snapshot that the file holds or leads to.
    #[must_use]
    pub fn to(self) -> u64 {
        self.to
    }

    /// The number of the snapshot that a delta starts from; none for a whole snapshot.
    #[must_use]
    pub fn from(self) -> Option<u64> {
        self.from
    }
}

impl FromStr for TargetName {
    type Err = TargetNameError;

    fn from_str(text: &str) -> Result<Self, TargetNameError> {
        let name = if let Some(rest) = text.strip_prefix("full-") {
            let to = rest.strip_suffix(".ijk").ok_or(TargetNameError::Form)?;
            Self::full(number(to)?)?
        } else {
            let rest = text.strip_prefix("delta-");
            let rest = rest.and_then(|rest| rest.strip_suffix(".ijd"));
            let numbers = rest.and_then(|rest| rest.split_once('-'));
            let (from, to) = numbers.ok_or(TargetNameError::Form)?;
            Self::delta(number(from)?, number(to)?)?
        };
        Ok(name)
    }
}

fn number(digits: &str) -> Result<u64, TargetNameError> {
    // `parse` takes a sign, too.
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TargetNameError::Form);
    }
    digits.parse().map_err(|_| TargetNameError::Form)
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, from } = self;
        match from {
            None => write!(f, "full-{to:0DIGITS$}.ijk"),
            Some(from) => write!(f, "delta-{from:0DIGITS$}-{to:0DIGITS$}.ijd"),
        }
    }
}

impl fmt::Debug for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not the name of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetNameError {
    /// Another form.
    #[error(
        "write full-0000000042.ijk or delta-0000000041-0000000042.ijd, numbers in ten digits, and nothing else"
    )]
    Form,
    /// A number that has no name.
    #[error("the number of a snapshot has ten digits at most")]
    Range,
    /// A delta that leads back, or nowhere.
    #[error("a delta leads to a higher number than it starts from")]
    Order,
}
