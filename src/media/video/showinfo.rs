//! What the filter `showinfo` says of each frame, in ffmpeg's log.
//!
//! Other lines of the log repeat what stands in the file (tags, side data, complaints), so a line counts only behind a name
//! that was drawn for this run. A line behind that name which is not understood is never passed over: with it, what is written
//! and what is said of it would no longer be known to agree.

use std::time::Duration;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A second has `denominator / numerator` units from here on; frames are counted from 0 again.
    Clock {
        numerator: u64,
        denominator: u64,
    },
    Frame(FrameLine),
    /// Of the filter, and not as it is known to write.
    Strange,
    /// Of something else.
    Other,
}

/// A frame that is about to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameLine {
    /// From 0, since the last [`Line::Clock`].
    pub(super) number: u64,
    /// In units of the clock; none where the file has no time for it.
    pub(super) time: Option<i64>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) is_key: bool,
}

/// Reads one line without its end, for a filter called `name`.
pub(super) fn read(line: &[u8], name: &str) -> Line {
    let Some(rest) = of_filter(line, name) else {
        return Line::Other;
    };
    if rest.starts_with("n:") {
        frame(rest).map_or(Line::Strange, Line::Frame)
    } else if let Some(clock) = rest.strip_prefix("config in time_base: ") {
        self::clock(clock).unwrap_or(Line::Strange)
    } else {
        Line::Other
    }
}

/// `[NAME @ 0xHEX] [info] ` and the rest, in ASCII.
fn of_filter<'a>(line: &'a [u8], name: &str) -> Option<&'a str> {
    let line = line.strip_prefix(b"[")?.strip_prefix(name.as_bytes())?;
    let line = str::from_utf8(line).ok().filter(|line| line.is_ascii())?;
    let (address, rest) = line.strip_prefix(" @ 0x")?.split_once("] [info] ")?;
    address
        .bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then_some(rest)
}

/// `1/15360, frame_rate: 30/1`
fn clock(rest: &str) -> Option<Line> {
    let (base, _) = rest.split_once(", frame_rate: ")?;
    let (numerator, denominator) = base.split_once('/')?;
    let (numerator, denominator) = (
        u64::from(positive(numerator)?),
        u64::from(positive(denominator)?),
    );
    Some(Line::Clock {
        numerator,
        denominator,
    })
}

/// `n:   0 pts:  30720 pts_time:2       pos:   258217 fmt:rgb24 sar:1/1 s:1280x720 i:P iskey:1 type:I`
fn frame(rest: &str) -> Option<FrameLine> {
    let fields = Fields::read(rest)?;
    if fields.one("fmt")? != "rgb24" {
        return None;
    }
    let (width, height) = fields.one("s")?.split_once('x')?;
    let time = match fields.one("pts")? {
        "NOPTS" => None,
        pts => Some(whole(pts)?),
    };
    Some(FrameLine {
        number: u64::try_from(whole(fields.one("n")?)?).ok()?,
        time,
        width: positive(width)?,
        height: positive(height)?,
        is_key: match fields.one("iskey")? {
            "0" => false,
            "1" => true,
            _ => return None,
        },
    })
}

/// `key:value` and `key:   value`, as they stand.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn read(rest: &'a str) -> Option<Self> {
        let mut words = rest.split_ascii_whitespace();
        let mut fields = Vec::new();
        while let Some(word) = words.next() {
            if fields.len() == MAX_FIELDS {
                return None;
            }
            let (key, value) = word.split_once(':')?;
            let value = if value.is_empty() {
                words.next()?
            } else {
                value
            };
            fields.push((key, value));
        }
        Some(Self(fields))
    }

    /// The value of a key that stands there once.
    fn one(&self, key: &str) -> Option<&'a str> {
        let mut values = self.0.iter().filter(|(k, _)| *k == key);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(*value)
    }
}

/// Digits, behind a minus sign or none.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if is_whole { text.parse().ok() } else { None }
}

fn positive(text: &str) -> Option<u32> {
    u32::try_from(whole(text)?)
        .ok()
        .filter(|&number| number > 0)
}

/// A time of a clock; what lies before the start counts as the start.
pub(super) fn time(units: i64, numerator: u64, denominator: u64) -> Duration {
    let units = u128::from(u64::try_from(units).unwrap_or(0));
    let nanoseconds =
        units * u128::from(numerator) * 1_000_000_000 / u128::from(denominator.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// Versions differ in what they add; none writes twice as many.
const MAX_FIELDS: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "showinfo@c0ffee";

    fn said(rest: &str) -> Line {
        read(
            format!("[{NAME} @ 0x562b433a2800] [info] {rest}").as_bytes(),
            NAME,
        )
    }

    fn a_frame(number: u64, time: Option<i64>, width: u32, height: u32, is_key: bool) -> Line {
        Line::Frame(FrameLine {
            number,
            time,
            width,
            height,
            is_key,
        })
    }

    #[test]
    fn the_lines_of_several_versions_are_read() {
        let five = "n:   0 pts:  30720 pts_time:2       pos:   258217 fmt:rgb24 sar:1/1 s:1280x720 i:P iskey:1 type:I ";
        assert_eq!(said(five), a_frame(0, Some(30720), 1280, 720, true));
        let seven = "n:  12 pts:     -5 pts_time:-0.2    duration:    512 duration_time:0.04    fmt:rgb24 cl:unspecified sar:0/1 s:480x720 i:P iskey:0 type:B ";
        assert_eq!(said(seven), a_frame(12, Some(-5), 480, 720, false));
        let timeless = "n:12345 pts:  NOPTS pts_time:NOPTS   pos:       -1 fmt:rgb24 sar:1/1 s:2x2 i:P iskey:0 type:P ";
        assert_eq!(said(timeless), a_frame(12345, None, 2, 2, false));
        let clock = "config in time_base: 1/15360, frame_rate: 30/1";
        assert_eq!(
            said(clock),
            Line::Clock {
                numerator: 1,
                denominator: 15360
            }
        );
    }

    #[test]
    fn other_lines_of_the_filter_and_lines_of_others_say_nothing() {
        for rest in [
            "color_range:pc color_space:gbr",
            "config out time_base: 0/0, frame_rate: 0/0",
            "  side data - User Data Unregistered: n:   0",
            "User Data=n:0",
        ] {
            assert_eq!(said(rest), Line::Other, "{rest}");
        }
        let frame = "n:   0 pts:      0 pts_time:0 fmt:rgb24 s:2x2 iskey:1";
        for line in [
            format!("    title           : [{NAME} @ 0x1] [info] {frame}"),
            format!("[showinfo@other @ 0x1] [info] {frame}"),
            format!("[Parsed_showinfo_2 @ 0x1] [info] {frame}"),
            format!("[{NAME} @ 0x1g] [info] {frame}"),
            format!("[{NAME} @ 0x1] [error] {frame}"),
            frame.to_owned(),
            String::new(),
        ] {
            assert_eq!(read(line.as_bytes(), NAME), Line::Other, "{line}");
        }
    }

    #[test]
    fn what_is_not_written_as_ever_is_strange_and_not_passed_over() {
        for rest in [
            "n:",
            "n:   0",
            "n:   0 pts:0 fmt:yuv420p s:2x2 iskey:1",
            "n:   0 pts:0 fmt:rgb24 s:0x2 iskey:1",
            "n:   0 pts:0 fmt:rgb24 s:2x2x2 iskey:1",
            "n:   0 pts:0 fmt:rgb24 s:99999999999x2 iskey:1",
            "n:   0 pts:0 fmt:rgb24 s:2x2 s:4x4 iskey:1",
            "n:   0 pts:0 fmt:rgb24 s:2x2 iskey:2",
            "n:  -1 pts:0 fmt:rgb24 s:2x2 iskey:1",
            "n:   0 pts:1.5 fmt:rgb24 s:2x2 iskey:1",
            "n:   0 pts:+1 fmt:rgb24 s:2x2 iskey:1",
            "config in time_base: 0/1, frame_rate: 1/1",
            "config in time_base: 1/0, frame_rate: 1/1",
        ] {
            assert_eq!(said(rest), Line::Strange, "{rest}");
        }
    }

    #[test]
    fn times_are_exact_and_begin_at_nothing() {
        assert_eq!(
            time(15360 * 7200 + 512, 1, 15360),
            Duration::new(7200, 33_333_333)
        );
        assert_eq!(time(-512, 1, 15360), Duration::ZERO);
        assert_eq!(
            time(i64::MAX, u64::from(u32::MAX), 1),
            Duration::from_nanos(u64::MAX)
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            number in 0u64..1 << 40,
            pts in any::<i64>(),
            width in 1u32..1 << 31,
            height in 1u32..1 << 31,
            is_key: bool,
        ) {
            let line = format!(
                "n:{number:4} pts:{pts:7} pts_time:{:<7} pos:{:9} fmt:rgb24 sar:1/1 s:{width}x{height} i:P iskey:{} type:P ",
                pts / 25, 7, u8::from(is_key),
            );
            prop_assert_eq!(said(&line), a_frame(number, Some(pts), width, height, is_key));
        }

        #[test]
        fn no_junk_is_taken_for_a_frame(
            junk in proptest::collection::vec(any::<u8>(), 0..200),
            of_filter: bool,
        ) {
            let mut line = if of_filter { format!("[{NAME} @ 0x1] [info] ").into_bytes() } else { Vec::new() };
            line.extend(junk);
            let said = read(&line, NAME);
            prop_assert!(matches!(said, Line::Strange | Line::Other));
        }

        #[test]
        fn a_changed_line_is_read_as_split_by_hand_or_is_strange(at in 0usize..90, byte in 32u8..127) {
            let mut rest = *b"n:   3 pts:     77 pts_time:3.08    pos:        7 fmt:rgb24 sar:1/1 s:64x48 i:P iskey:1 type:P ";
            rest[at] = byte;
            let rest = str::from_utf8(&rest).unwrap();
            if let Line::Frame(frame) = said(rest) {
                // By columns, not by words.
                let by_hand = |from: &str, to: &str| {
                    let text = rest.split(from).nth(1).unwrap();
                    text.split(to).next().unwrap().trim().to_owned()
                };
                prop_assert_eq!(frame.number, by_hand("n:", " pts:").parse::<u64>().unwrap());
                let size = rest.split(" s:").nth(1).unwrap().trim_start();
                let (width, height) = size.split(' ').next().unwrap().split_once('x').unwrap();
                prop_assert_eq!(frame.width, width.parse::<u32>().unwrap());
                prop_assert_eq!(frame.height, height.parse::<u32>().unwrap());
            }
        }
    }
}
