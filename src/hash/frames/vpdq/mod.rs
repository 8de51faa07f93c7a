//! vPDQ: the text in which others keep the hashes of a video's frames, and their rule for a match.
//!
//! In: lines `frame,quality,hash,seconds`, such as `4,100,a52d26bd...,0.133`: the frame's number, its quality from 0 to 100, 64 hexadecimal
//! digits, and its time with three decimals. Out: [`Frame`]s, in the order of the lines, and [`Shares`] of frames that two videos have in
//! common. A vPDQ file holds every frame, those of little detail among them; a [`Keeper`](super::Keeper) makes
//! [`FrameHashes`](super::FrameHashes) of them.

mod shares;

use std::fmt::{self, Write as _};

use crate::hash::{HexError, Pdq, Quality};
use crate::limits::{Exceeded, Limits, Resource};

pub use shares::{Share, Shares, shares};

/// A line of a vPDQ file, which is what `Display` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Its number in the video, counted from 0.
    pub frame: u32,
    /// Its quality.
    pub quality: Quality,
    /// Its hash.
    pub pdq: Pdq,
    /// When it begins to show, in milliseconds.
    pub at_ms: u32,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, thousandths) = (self.at_ms / 1000, self.at_ms % 1000);
        let (frame, quality, pdq) = (self.frame, self.quality, self.pdq);
        write!(f, "{frame},{quality},{pdq},{seconds}.{thousandths:03}")
    }
}

/// Reads the frames of a vPDQ file, in the order of its lines, which may end like those of Windows. Blank lines are passed over.
///
/// ```
/// use ijkpunt::Limits;
/// use ijkpunt::hash::frames::vpdq;
///
/// let text = b"4,100,a52d26bd6d38d3491a79f80f0ff2c1936fa6083dfb4983d8a4b36db40034de54,0.133\n";
/// let frames = vpdq::read(text, &Limits::default())?;
/// assert_eq!((frames[0].frame, frames[0].at_ms), (4, 133));
/// assert_eq!(vpdq::write(&frames).as_bytes(), text);
/// # Ok::<(), vpdq::ReadError>(())
/// ```
///
/// # Errors
/// [`ReadError`] at the first line that is no frame, or above a limit: those of lists ([`Limits::list_bytes`], [`Limits::list_rows`],
/// [`Limits::line_bytes`]). Half a video is not handed out: what is missing would be taken for not there.
pub fn read(text: &[u8], limits: &Limits) -> Result<Vec<Frame>, ReadError> {
    limits.check(Resource::ListBytes, text.len() as u64)?;
    let mut frames = Vec::new();
    for (number, line) in (1..).zip(text.split(|&c| c == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        limits.check(Resource::LineBytes, line.len() as u64)?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        limits.check(Resource::ListRows, frames.len() as u64 + 1)?;
        let frame = frame(line).map_err(|problem| ReadError::Line {
            line: number,
            problem,
        })?;
        frames.push(frame);
    }
    Ok(frames)
}

/// The frames as a vPDQ file: a line each, in their order.
#[must_use]
pub fn write(frames: &[Frame]) -> String {
    let mut text = String::with_capacity(frames.len() * 80);
    for frame in frames {
        // Writing to memory does not fail.
        let _ = writeln!(text, "{frame}");
    }
    text
}

fn frame(line: &[u8]) -> Result<Frame, Problem> {
    let got = 1 + line.iter().filter(|&&c| c == b',').count();
    let mut fields = line.splitn(4, |&c| c == b',');
    let (Some(frame), Some(quality), Some(hex), Some(time), 4) = (
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
        got,
    ) else {
        return Err(Problem::Fields { got });
    };
    Ok(Frame {
        frame: number(frame).ok_or(Problem::Frame)?,
        quality: self::quality(quality).ok_or(Problem::Quality)?,
        pdq: Pdq::from_hex(hex)?,
        at_ms: milliseconds(time).ok_or(Problem::Time)?,
    })
}

fn quality(field: &[u8]) -> Option<Quality> {
    let number = u16::try_from(number(field)?).ok()?;
    Quality::try_from(number).ok()
}

/// Seconds with exactly three decimals: what is written is what was read.
fn milliseconds(field: &[u8]) -> Option<u32> {
    let point = field.len().checked_sub(4)?;
    let (seconds, [b'.', thousandths @ ..]) = field.split_at(point) else {
        return None;
    };
    let seconds = number(seconds)?.checked_mul(1000)?;
    seconds.checked_add(number(thousandths)?)
}

/// Decimal digits and nothing else.
fn number(field: &[u8]) -> Option<u32> {
    if field.is_empty() {
        return None;
    }
    field.iter().try_fold(0u32, |number, &c| {
        let digit = char::from(c).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// A vPDQ file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A limit was reached.
    #[error("the vPDQ file is refused, {0}")]
    Limit(#[from] Exceeded),
    /// A line is no frame.
    #[error("line {line}: {problem}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// Why.
        problem: Problem,
    },
}

/// Why a line is no frame of vPDQ. It never repeats the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Too few fields or too many.
    #[error("{got} fields, 4 expected: frame, quality, hash, seconds")]
    Fields {
        /// Fields found.
        got: usize,
    },
    /// The first field is no number of a frame.
    #[error("the frame's number is not a whole number below 2^32")]
    Frame,
    /// The second field is no quality.
    #[error("the quality is not a whole number from 0 to 100")]
    Quality,
    /// The third field is no hash.
    #[error("the hash is not one of PDQ: {0}")]
    Hash(#[from] HexError),
    /// The fourth field is no time.
    #[error("the time is not one in seconds with three decimals, below 2^32 milliseconds")]
    Time,
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const LINE: &str =
        "4,100,a52d26bd6d38d3491a79f80f0ff2c1936fa6083dfb4983d8a4b36db40034de54,0.133";

    fn problem(line: &str) -> Problem {
        let text = format!("{LINE}\n\n{line}\n{LINE}\n");
        match read(text.as_bytes(), &Limits::default()) {
            Err(ReadError::Line { line: 3, problem }) => problem,
            other => panic!("{other:?}"),
        }
    }

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let frame = (any::<u32>(), 0..=100u8, any::<[u8; 32]>(), any::<u32>());
        let frame = frame.prop_map(|(frame, quality, bytes, at_ms)| Frame {
            frame,
            quality: Quality::new(quality).unwrap(),
            pdq: Pdq::from_bytes(bytes),
            at_ms,
        });
        vec(frame, 0..5)
    }

    proptest! {
        #[test]
        fn frames_go_round(frames in frames()) {
            let text = write(&frames);
            prop_assert_eq!(read(text.as_bytes(), &Limits::default()), Ok(frames));
        }

        #[test]
        fn no_text_makes_it_panic_and_what_is_read_goes_round(text in "[0-9a,.\r\n-]{0,200}") {
            if let Ok(frames) = read(text.as_bytes(), &Limits::default()) {
                prop_assert_eq!(read(write(&frames).as_bytes(), &Limits::default()), Ok(frames));
            }
        }
    }

    #[test]
    fn a_line_may_end_like_those_of_windows_or_not_at_all() {
        for text in [
            LINE.to_owned(),
            format!("{LINE}\r\n"),
            format!("\n{LINE}\n \n"),
        ] {
            let frames = read(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(write(&frames), format!("{LINE}\n"));
        }
        assert_eq!(read(b"", &Limits::default()), Ok(Vec::new()));
    }

    #[test]
    fn an_error_names_the_line_and_the_field() {
        let hex = &LINE[6..70];
        assert_eq!(problem("4,100"), Problem::Fields { got: 2 });
        assert_eq!(problem(&format!("{LINE},5")), Problem::Fields { got: 5 });
        for frame in ["", "-1", "+1", " 1", "1.0", "4294967296"] {
            assert_eq!(problem(&format!("{frame},100,{hex},0.133")), Problem::Frame);
        }
        for quality in ["", "101", "-0", "5x", "70000"] {
            assert_eq!(
                problem(&format!("4,{quality},{hex},0.133")),
                Problem::Quality
            );
        }
        for time in [
            "",
            "1",
            ".133",
            "0.13",
            "0.1333",
            "0,133",
            "1e3.000",
            "4294967.296",
        ] {
            let line = format!("4,100,{hex},{time}");
            assert!(
                matches!(problem(&line), Problem::Time | Problem::Fields { got: 5 }),
                "{time}"
            );
        }
        let hash = problem(&format!("4,100,{},0.133", &hex[1..]));
        assert!(matches!(
            hash,
            Problem::Hash(HexError::Length { got: 63, .. })
        ));
    }

    #[test]
    fn an_error_does_not_repeat_the_line() {
        let text = format!("{LINE}\n4,100,secret,0.133");
        let error = read(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: the hash is not one of PDQ: character 1 is not a hexadecimal digit"
        );
    }

    #[test]
    fn bytes_lines_and_frames_are_limited() {
        type Change = fn(&mut Limits, u64);
        let text = format!("{LINE}\n{LINE}\n");
        let within = |change: Change, to: usize| {
            let mut limits = Limits::default();
            change(&mut limits, to as u64);
            read(text.as_bytes(), &limits)
        };
        let limits: [(Change, Resource, usize); 3] = [
            (
                |limits, to| limits.list_bytes = to,
                Resource::ListBytes,
                text.len(),
            ),
            (
                |limits, to| limits.line_bytes = to,
                Resource::LineBytes,
                LINE.len(),
            ),
            (|limits, to| limits.list_rows = to, Resource::ListRows, 2),
        ];
        for (change, resource, asked) in limits {
            assert!(within(change, asked + 1).is_ok());
            assert!(within(change, asked).is_ok());
            let Err(ReadError::Limit(exceeded)) = within(change, asked - 1) else {
                panic!("{resource} is not limited");
            };
            assert_eq!((exceeded.what, exceeded.asked), (resource, asked as u64));
        }
    }
}
