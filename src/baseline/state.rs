//! Member states.

use std::fmt;
use std::str::FromStr;

use super::spelling::serde_as_text;

/// A state, by its two letters of ISO 3166-1 alpha-2, such as `XA`.
///
/// Only the form is checked: which states are there is for a [`Policy`](super::Policy) to say. `XA` to `XZ` belong to nobody;
/// examples and tests use them. Serde gives the text, to binary formats the two bytes.
///
/// ```
/// use ijkpunt::baseline::MemberState;
///
/// let state: MemberState = "XA".parse()?;
/// assert_eq!(state.to_string(), "XA");
/// assert!("xa".parse::<MemberState>().is_err());
/// # Ok::<(), ijkpunt::baseline::StateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberState([u8; 2]);

impl TryFrom<[u8; 2]> for MemberState {
    type Error = StateError;

    fn try_from(letters: [u8; 2]) -> Result<Self, StateError> {
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(StateError)
        }
    }
}

impl From<MemberState> for [u8; 2] {
    fn from(state: MemberState) -> Self {
        state.0
    }
}

impl FromStr for MemberState {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        let letters: [u8; 2] = text.as_bytes().try_into().map_err(|_| StateError)?;
        Self::try_from(letters)
    }
}

impl fmt::Display for MemberState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.0.map(char::from);
        write!(f, "{first}{second}")
    }
}

impl fmt::Debug for MemberState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(MemberState, [u8; 2]);

/// Not the code of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the state as two capital letters of ISO 3166-1 alpha-2, such as XA")]
pub struct StateError;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn two_capitals_are_a_state_and_nothing_else(text in "[A-Z]{2}|[ -~]{0,3}|\\PC{1,2}") {
            let is_state = text.len() == 2 && text.bytes().all(|c| c.is_ascii_uppercase());
            let read = text.parse::<MemberState>();
            prop_assert_eq!(read.is_ok(), is_state);
            if let Ok(state) = read {
                prop_assert_eq!(state.to_string(), text.clone());
                prop_assert_eq!(serde_json::to_string(&state).unwrap(), format!("{text:?}"));
                let bytes = postcard::to_stdvec(&state).unwrap();
                prop_assert_eq!(&bytes, text.as_bytes());
                prop_assert_eq!(postcard::from_bytes::<MemberState>(&bytes).unwrap(), state);
            }
        }
    }

    #[test]
    fn bytes_and_json_that_are_no_state_are_refused() {
        assert!(postcard::from_bytes::<MemberState>(b"xa").is_err());
        let error = serde_json::from_str::<MemberState>("\"xa\"").unwrap_err();
        assert!(error.to_string().contains("two capital letters"), "{error}");
    }
}
