//! The iterator over an upload's frames: limits of count and time, panics caught.

use std::time::{Duration, Instant};

use crate::limits::{Exceeded, Limits, Resource};

use super::MediaError;
use super::frame::{Background, Frame, Source};
use super::sniff::{Format, Kind};

/// The frames of an upload, and every reason why some could not be given. Made by [`frames`](super::frames).
pub struct Frames<'a> {
    state: State<'a>,
    limits: &'a Limits,
    started: Option<Instant>,
    /// Frames given; on black and on white is one.
    given: u64,
    last_number: Option<u32>,
}

enum State<'a> {
    Unopened(&'a [u8]),
    Open(Source<'a>),
    Done,
}

impl<'a> Frames<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self {
            state: State::Unopened(bytes),
            limits,
            started: None,
            given: 0,
            last_number: None,
        }
    }

    /// The time that has passed, where it is above the limit.
    fn overtime(&self) -> Result<(), Exceeded> {
        let passed = self.started.map_or(Duration::ZERO, |start| start.elapsed());
        let milliseconds = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        self.limits.check(Resource::Milliseconds, milliseconds)
    }

    fn step(&mut self) -> Option<Result<Frame, MediaError>> {
        if let State::Unopened(bytes) = self.state {
            self.state = State::Done; // a panic while opening leaves it so
            self.started = Some(Instant::now());
            match open(bytes, self.limits) {
                Ok(source) => self.state = State::Open(source),
                Err(error) => return Some(Err(error)),
            }
        }
        loop {
            let in_time = self.overtime();
            let State::Open(source) = &mut self.state else {
                return None;
            };
            if let (Err(exceeded), 1..) = (in_time, self.given) {
                self.state = State::Done;
                return Some(Err(exceeded.into()));
            }
            let (format, kept_bytes) = (source.format, source.kept_bytes);
            let step = guarded(format, || source.steps.next());
            let mut frame = match step {
                Ok(Some(Ok(Some(frame)))) => frame,
                Ok(Some(Ok(None))) => continue,
                Ok(Some(Err(error))) | Err(error) => {
                    self.state = State::Done;
                    return Some(Err(error));
                }
                Ok(None) => {
                    self.state = State::Done;
                    return (self.given == 0).then(|| Err(nothing_in(format)));
                }
            };
            frame.held_bytes = frame.held_bytes.saturating_add(kept_bytes);
            let on_black_too =
                frame.background == Background::White && self.last_number == Some(frame.number);
            if on_black_too {
                return Some(Ok(frame));
            }
            self.last_number = Some(frame.number);
            self.given += 1;
            if let Err(exceeded) = self.limits.check(Resource::Frames, self.given) {
                self.state = State::Done;
                return Some(Err(exceeded.into()));
            }
            return Some(Ok(frame));
        }
    }
}

impl Iterator for Frames<'_> {
    type Item = Result<Frame, MediaError>;

    /// The next distinct frame, or the reason why there is none; after a reason, nothing follows.
    fn next(&mut self) -> Option<Self::Item> {
        self.step()
    }
}

/// Shows how far it has come.
impl std::fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frames({} given)", self.given)
    }
}

fn open<'a>(bytes: &'a [u8], limits: &'a Limits) -> Result<Source<'a>, MediaError> {
    limits.check(Resource::Bytes, bytes.len() as u64)?;
    let format = Format::sniff(bytes).ok_or(MediaError::NotAnImage)?;
    if format.kind() != Kind::Decoded {
        let feature = None;
        return Err(MediaError::Unsupported { format, feature });
    }
    if bytes.len() < SHORTEST_BYTES {
        return Err(MediaError::NotAnImage);
    }
    guarded(format, || decoder(format, bytes, limits))?
}

/// A file that ends well and shows nothing: a reason is owed all the same.
fn nothing_in(format: Format) -> MediaError {
    let detail = "no frame".to_owned();
    MediaError::Malformed { format, detail }
}

/// A file of fewer bytes holds no header of any format that is decoded: a magic number alone is no picture.
const SHORTEST_BYTES: usize = 24;

#[cfg(feature = "image")]
fn decoder<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &'a Limits,
) -> Result<Source<'a>, MediaError> {
    super::decode::open(format, bytes, limits)
}

#[cfg(not(feature = "image"))]
fn decoder<'a>(format: Format, _: &'a [u8], _: &'a Limits) -> Result<Source<'a>, MediaError> {
    Err(MediaError::NoDecoder { format })
}

/// Runs a decoder; its panic becomes an error. Whatever it had in hand is dropped with the state, never used again.
fn guarded<T>(format: Format, run: impl FnOnce() -> T) -> Result<T, MediaError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
        .map_err(|_| MediaError::DecoderFault { format })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::frame::Step;
    use crate::picture::Picture;

    fn frame(number: u32, shade: u8) -> Step {
        Ok(Some(Frame {
            picture: Picture::grey(5, 5, 5, vec![shade; 25]).unwrap(),
            number,
            time: None,
            partial: false,
            background: Background::Black,
            held_bytes: 25,
        }))
    }

    fn over<'a>(limits: &'a Limits, steps: impl Iterator<Item = Step> + 'a) -> Frames<'a> {
        let mut all = Frames::new(&[], limits);
        all.started = Some(Instant::now());
        all.state = State::Open(Source {
            format: Format::Gif,
            kept_bytes: 1000,
            steps: Box::new(steps),
        });
        all
    }

    #[test]
    fn a_panic_in_a_decoder_is_an_error_and_the_end() {
        let limits = Limits::default();
        let frames = (0..3u8).map(|i| {
            if i == 1 {
                panic!("on purpose")
            } else {
                frame(0, i)
            }
        });
        let all: Vec<_> = over(&limits, frames).collect();
        assert_eq!(all.len(), 2);
        assert!(all[0].is_ok());
        let format = Format::Gif;
        assert_eq!(
            all[1].clone().unwrap_err(),
            MediaError::DecoderFault { format }
        );
    }

    #[test]
    fn a_file_without_a_frame_is_malformed_and_not_silent() {
        let limits = Limits::default();
        let all: Vec<_> = over(&limits, std::iter::empty()).collect();
        assert!(matches!(&all[..], [Err(MediaError::Malformed { .. })]));
    }

    #[test]
    fn distinct_frames_are_counted_against_the_limit() {
        let limits = Limits {
            frames: 3,
            ..Limits::default()
        };
        let count = |distinct: u8| {
            let limits = limits.clone();
            let frames = (0..distinct).flat_map(|shade| [frame(0, shade), Ok(None)]);
            let all: Vec<_> = over(&limits, frames).collect();
            (all.len(), all.iter().filter(|item| item.is_err()).count())
        };
        assert_eq!(
            [count(2), count(3), count(4), count(9)],
            [(2, 0), (3, 0), (4, 1), (4, 1)]
        );
    }

    #[test]
    fn what_the_decoder_keeps_is_held_while_a_frame_is_looked_at() {
        let limits = Limits::default();
        let frames = over(&limits, (0..2).map(|shade| frame(0, shade)));
        let held: Vec<u64> = frames.flatten().map(|frame| frame.held_bytes()).collect();
        assert_eq!(held, [1025, 1025]);
    }

    #[test]
    fn a_frame_on_black_and_on_white_is_one_frame() {
        let limits = Limits {
            frames: 2,
            ..Limits::default()
        };
        let on = |number: u32, shade, background| -> Step {
            let frame = frame(number, shade)?;
            Ok(frame.map(|frame| Frame {
                background,
                ..frame
            }))
        };
        let pairs = [
            on(0, 1, Background::Black),
            on(0, 2, Background::White),
            on(1, 1, Background::Black),
            on(1, 3, Background::White),
            on(2, 4, Background::Black),
        ];
        let given: Vec<_> = over(&limits, pairs.into_iter()).collect();
        let numbers: Vec<_> = given.iter().flatten().map(Frame::number).collect();
        assert_eq!(numbers, [0, 0, 1, 1]);
        assert!(matches!(given.last(), Some(Err(MediaError::Limit(_)))));
    }

    #[test]
    fn time_is_looked_at_between_frames() {
        let limits = Limits {
            time: Duration::from_millis(5),
            ..Limits::default()
        };
        let frames = (0..200).map(|shade| {
            std::thread::sleep(Duration::from_millis(2));
            frame(0, shade)
        });
        let all: Vec<_> = over(&limits, frames).collect();
        assert!(all.len() < 20, "{}", all.len());
        let Some(Err(MediaError::Limit(exceeded))) = all.last() else {
            panic!("no limit");
        };
        assert_eq!(exceeded.what, Resource::Milliseconds);
    }
}
