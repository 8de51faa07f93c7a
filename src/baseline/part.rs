//! The place of a window in its picture.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

/// A part of a picture: its left, top, right and bottom sides in ten-thousandths of the picture's width and height, counted
/// from the upper left corner. It is never empty.
///
/// `Display` writes the four in this order as decimal numbers with single spaces between them; `FromStr` reads exactly what
/// `Display` writes.
///
/// ```
/// use ijkpunt::baseline::Part;
///
/// let part = Part::new([1250, 2500, 3750, 6000])?; // of a picture 800 pixels wide, the columns 100 to 300
/// assert_eq!(part.to_string(), "1250 2500 3750 6000");
/// assert_eq!("1250 2500 3750 6000".parse(), Ok(part));
/// # Ok::<(), ijkpunt::baseline::PartError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    left: u16,
    top: u16,
    // What is right of something is not 0. So rows without a part need no room to say so.
    right: NonZeroU16,
    bottom: NonZeroU16,
}

/// The whole width or height of a picture.
const WHOLE: u16 = 10_000;

impl Part {
    /// From left, top, right and bottom, in ten-thousandths of the picture's width and height.
    ///
    /// # Errors
    /// [`PartError`]: a side is above 10000, left is not less than right, or top not less than bottom.
    pub fn new([left, top, right, bottom]: [u16; 4]) -> Result<Self, PartError> {
        if [left, top, right, bottom].iter().any(|&side| side > WHOLE) {
            return Err(PartError::Range);
        }
        match (NonZeroU16::new(right), NonZeroU16::new(bottom)) {
            (Some(right), Some(bottom)) if left < right.get() && top < bottom.get() => Ok(Self {
                left,
                top,
                right,
                bottom,
            }),
            _ => Err(PartError::Empty),
        }
    }

    /// Left, top, right and bottom, in ten-thousandths of the picture's width and height.
    #[must_use]
    pub fn sides(self) -> [u16; 4] {
        [self.left, self.top, self.right.get(), self.bottom.get()]
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [left, top, right, bottom] = self.sides();
        write!(f, "{left} {top} {right} {bottom}")
    }
}

impl FromStr for Part {
    type Err = PartError;

    /// Reads four decimal numbers without signs or leading zeros, single spaces between them, nothing before or after.
    fn from_str(text: &str) -> Result<Self, PartError> {
        let mut numbers = text.split(' ');
        let mut sides = [0; 4];
        for side in &mut sides {
            *side = numbers.next().and_then(number).ok_or(PartError::Form)?;
        }
        match numbers.next() {
            None => Self::new(sides),
            Some(_) => Err(PartError::Form),
        }
    }
}

/// A number as `Display` would write it; one that is too large for the type is above the whole, too.
fn number(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|c| c.is_ascii_digit());
    let is_short = !text.is_empty() && (text == "0" || !text.starts_with('0'));
    (is_number && is_short).then(|| text.parse().unwrap_or(u16::MAX))
}

/// The numbers or the text are no part of a picture. It never repeats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// Not four numbers.
    #[error("four decimal numbers are expected, single spaces between them")]
    Form,
    /// A side outside the picture.
    #[error("a side is above 10000")]
    Range,
    /// Nothing lies between the sides.
    #[error("left is not less than right, or top not less than bottom")]
    Empty,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sides of parts, and of what is nearly one.
    fn sides() -> impl Strategy<Value = [u16; 4]> {
        let side = prop_oneof![0..=WHOLE + 2, 0..4u16, WHOLE - 2..=WHOLE + 2];
        [side.clone(), side.clone(), side.clone(), side]
    }

    proptest! {
        #[test]
        fn parts_go_round_and_all_else_is_refused(sides in sides()) {
            let [left, top, right, bottom] = sides;
            let text = format!("{left} {top} {right} {bottom}");
            let is_part = left < right && top < bottom && right <= WHOLE && bottom <= WHOLE;
            prop_assert_eq!(Part::new(sides).is_ok(), is_part);
            prop_assert_eq!(text.parse::<Part>(), Part::new(sides));
            if let Ok(part) = Part::new(sides) {
                prop_assert_eq!(part.sides(), sides);
                prop_assert_eq!(part.to_string(), text);
            }
        }

        #[test]
        fn what_is_read_is_what_would_be_written(text in "[0-9 +-]{0,24}|([0-9]{1,6} ?){3,5}") {
            if let Ok(part) = text.parse::<Part>() {
                prop_assert_eq!(part.to_string(), text);
            }
        }
    }

    #[test]
    fn bounds_hold_at_and_beyond() {
        assert!(Part::new([0, 0, WHOLE, WHOLE]).is_ok());
        assert!(Part::new([9_999, 9_999, WHOLE, WHOLE]).is_ok());
        assert_eq!(Part::new([0, 0, WHOLE + 1, 1]), Err(PartError::Range));
        assert_eq!(Part::new([u16::MAX, 0, 1, 1]), Err(PartError::Range));
        assert_eq!(Part::new([0, 0, 0, 0]), Err(PartError::Empty));
        assert_eq!(Part::new([5, 0, 5, 1]), Err(PartError::Empty));
        assert_eq!(Part::new([0, 6, 5, 5]), Err(PartError::Empty));
    }

    #[test]
    fn the_text_is_strict() {
        let read = |text: &str| text.parse::<Part>();
        assert_eq!(read("0 0 10000 10000"), Part::new([0, 0, 10_000, 10_000]));
        for text in [
            "",
            " ",
            "1 2 3",
            "1 2 3 4 5",
            "1 2 3 4 ",
            " 1 2 3 4",
            "1  2 3 4",
            "1\t2 3 4",
            "1,2,3,4",
            "+1 2 3 4",
            "-1 2 3 4",
            "01 2 3 4",
            "1 2 3 4.0",
            "1 2 3 \u{664}",
            "1 2 3 4\n",
        ] {
            assert_eq!(read(text), Err(PartError::Form), "{text:?}");
        }
        assert_eq!(read("0 0 65536 1"), Err(PartError::Range));
        assert_eq!(read("0 0 1 99999999999999999999"), Err(PartError::Range));
        assert_eq!(read("3 2 1 4"), Err(PartError::Empty));
    }

    #[test]
    fn no_part_takes_no_more_room_than_a_part() {
        assert_eq!(size_of::<Option<Part>>(), 8);
        assert!(size_of::<crate::baseline::Row>() <= 72);
    }
}
