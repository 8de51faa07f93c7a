//! When a frame shows in its video, and what it belongs to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::spelling::serde_as_text;

/// When a frame of a video shows, and what it belongs to.
///
/// `Display` writes from when to when in milliseconds from the beginning of the video, as decimal numbers with a single space between
/// them, and behind them a [`FrameRole`] other than [`Core`](FrameRole::Core); `FromStr` reads exactly what `Display` writes. Order is
/// that of the times.
///
/// ```
/// use ijkpunt::baseline::{FrameRole, Shown};
///
/// let shown = Shown::new(61_500, 50, FrameRole::Core); // half a second, from 1:01.5 on
/// assert_eq!(shown.to_string(), "61500 62000");
/// assert_eq!("61500 62000".parse(), Ok(shown));
/// assert_eq!("0 4000 intro".parse(), Ok(Shown::new(0, 400, FrameRole::Intro)));
/// # Ok::<(), ijkpunt::baseline::ShownError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shown {
    at_ms: u32,
    lasts_cs: u16,
    role: FrameRole,
}

/// Hours of video are tens of thousands of frames.
const _: () = assert!(size_of::<Option<Shown>>() == 8);

impl Shown {
    /// From when it begins to show, in milliseconds from the beginning of the video, for how long it shows, in hundredths of a
    /// second, and what it belongs to.
    #[must_use]
    pub fn new(at_ms: u32, lasts_cs: u16, role: FrameRole) -> Self {
        Self {
            at_ms,
            lasts_cs,
            role,
        }
    }

    /// When it begins to show, in milliseconds from the beginning of the video: up to 49 days.
    #[must_use]
    pub fn at_ms(self) -> u32 {
        self.at_ms
    }

    /// For how long it shows, in hundredths of a second: up to 655 s.
    #[must_use]
    pub fn lasts_cs(self) -> u16 {
        self.lasts_cs
    }

    /// What it belongs to.
    #[must_use]
    pub fn role(self) -> FrameRole {
        self.role
    }

    /// When it ceases to show, in milliseconds; the last of 49 days where that is later.
    #[must_use]
    pub fn ends_ms(self) -> u32 {
        self.at_ms.saturating_add(10 * u32::from(self.lasts_cs))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = u64::from(self.at_ms);
        // Beyond what `ends_ms` can say, so that it is read back as it was.
        let to = from + 10 * u64::from(self.lasts_cs);
        write!(f, "{from} {to}")?;
        match self.role {
            FrameRole::Core => Ok(()),
            role => write!(f, " {role}"),
        }
    }
}

impl FromStr for Shown {
    type Err = ShownError;

    /// Reads two decimal numbers without signs or leading zeros, and a role that is not `core`, if there is one; single spaces between
    /// them, nothing before or after.
    fn from_str(text: &str) -> Result<Self, ShownError> {
        let mut words = text.split(' ');
        let mut time = || words.next().and_then(number).ok_or(ShownError::Form);
        let (from, to) = (time()?, time()?);
        let role = match (words.next(), words.next()) {
            (None, _) => FrameRole::Core,
            (Some(""), _) | (_, Some(_)) => return Err(ShownError::Form),
            (Some(role), None) => match role.parse() {
                Ok(FrameRole::Core) | Err(_) => return Err(ShownError::Role),
                Ok(role) => role,
            },
        };
        let at_ms = u32::try_from(from).map_err(|_| ShownError::Range)?;
        let lasts_ms = to.checked_sub(from).ok_or(ShownError::Backwards)?;
        let lasts_cs = u16::try_from(lasts_ms.div_ceil(10)).map_err(|_| ShownError::Long)?;
        match lasts_ms.is_multiple_of(10) {
            true => Ok(Self::new(at_ms, lasts_cs, role)),
            false => Err(ShownError::Step),
        }
    }
}

/// A number as `Display` would write it; one that is too large for the type is above all others.
fn number(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|c| c.is_ascii_digit());
    let is_short = !text.is_empty() && (text == "0" || !text.starts_with('0'));
    (is_number && is_short).then(|| text.parse().unwrap_or(u64::MAX))
}

impl From<Shown> for (u32, u16, FrameRole) {
    fn from(shown: Shown) -> Self {
        (shown.at_ms, shown.lasts_cs, shown.role)
    }
}

impl From<(u32, u16, FrameRole)> for Shown {
    fn from((at_ms, lasts_cs, role): (u32, u16, FrameRole)) -> Self {
        Self::new(at_ms, lasts_cs, role)
    }
}

serde_as_text!(Shown, (u32, u16, FrameRole));

/// What a frame of a video belongs to.
///
/// Only core frames count towards a match: logos, credits and the footage of others stand in many harmless videos. The others are kept so
/// that a person sees what was left out, and nobody has to enter them twice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrameRole {
    /// What the video was assessed for.
    #[default]
    Core,
    /// A logo, or an intro that several videos have.
    Intro,
    /// Credits.
    Credits,
    /// Black, or of one colour.
    Blank,
    /// News footage of others.
    News,
    /// Stock footage.
    Stock,
}

impl FrameRole {
    /// All of them, in the order of their numbers in files.
    pub const ALL: [Self; 6] = [
        Self::Core,
        Self::Intro,
        Self::Credits,
        Self::Blank,
        Self::News,
        Self::Stock,
    ];

    /// The name as it stands in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Intro => "intro",
            Self::Credits => "credits",
            Self::Blank => "blank",
            Self::News => "news",
            Self::Stock => "stock",
        }
    }
}

impl fmt::Display for FrameRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FrameRole {
    type Err = ShownError;

    /// Reads a name as `Display` writes it.
    fn from_str(name: &str) -> Result<Self, ShownError> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.name() == name).ok_or(ShownError::Role)
    }
}

/// The text does not say when a frame shows. It never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShownError {
    /// Not two numbers, and at most one word behind them.
    #[error(
        "two decimal numbers of milliseconds are expected, from when to when, and a role if it is not core, single spaces between them"
    )]
    Form,
    /// A frame that begins too late.
    #[error("it begins after 4294967295 ms, which is 49 days")]
    Range,
    /// A frame that ends before it begins.
    #[error("it ends before it begins")]
    Backwards,
    /// A frame that shows too long.
    #[error("it shows longer than 655350 ms: give it several rows, one behind the other")]
    Long,
    /// A length that cannot be written.
    #[error("the time between the two is not a multiple of 10 ms: round it")]
    Step,
    /// No role, or that of core frames, which is not written.
    #[error("the role is none of intro, credits, blank, news and stock; core frames have none")]
    Role,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_shown() -> impl Strategy<Value = Shown> {
        let at = prop_oneof![any::<u32>(), 0..20u32, u32::MAX - 20..=u32::MAX];
        let lasts = prop_oneof![any::<u16>(), 0..3u16, Just(u16::MAX)];
        (at, lasts, 0..FrameRole::ALL.len())
            .prop_map(|(at, lasts, role)| Shown::new(at, lasts, FrameRole::ALL[role]))
    }

    proptest! {
        #[test]
        fn what_is_shown_goes_round_as_text_json_and_bytes(shown in any_shown()) {
            prop_assert_eq!(shown.to_string().parse(), Ok(shown));
            let json = serde_json::to_string(&shown).unwrap();
            prop_assert_eq!(&json, &format!("\"{shown}\""));
            prop_assert_eq!(serde_json::from_str::<Shown>(&json).unwrap(), shown);
            let bytes = postcard::to_stdvec(&shown).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Shown>(&bytes).unwrap(), shown);
            let ends = u64::from(shown.at_ms()) + 10 * u64::from(shown.lasts_cs());
            prop_assert_eq!(u64::from(shown.ends_ms()), ends.min(u32::MAX.into()));
        }

        #[test]
        fn what_is_read_is_what_would_be_written(
            text in "[0-9 +-]{0,24}|[0-9]{1,10} [0-9]{1,11}|[1-9]{1,3}0 [1-9]{3,4}0( [a-z]{0,7}| core| intro| news)",
        ) {
            if let Ok(shown) = text.parse::<Shown>() {
                prop_assert_eq!(shown.to_string(), text);
            }
        }
    }

    #[test]
    fn bounds_hold_at_and_beyond() {
        let read = |text: &str| text.parse::<Shown>();
        let core = |at, lasts| Ok(Shown::new(at, lasts, FrameRole::Core));
        assert_eq!(read("0 0"), core(0, 0));
        assert_eq!(read("5 655355"), core(5, u16::MAX));
        assert_eq!(read("5 655356"), Err(ShownError::Long));
        assert_eq!(read("5 655365"), Err(ShownError::Long));
        assert_eq!(read("4294967295 4294967295"), core(u32::MAX, 0));
        assert_eq!(read("4294967295 4295622645"), core(u32::MAX, u16::MAX));
        assert_eq!(read("4294967296 4294967296"), Err(ShownError::Range));
        assert_eq!(read("20 10"), Err(ShownError::Backwards));
        assert_eq!(read("20 35"), Err(ShownError::Step));
        assert_eq!(read("0 99999999999999999999"), Err(ShownError::Long));
        let long = "99999999999999999999 99999999999999999999";
        assert_eq!(read(long), Err(ShownError::Range));
    }

    #[test]
    fn the_text_is_strict() {
        let read = |text: &str| text.parse::<Shown>();
        for text in [
            "",
            " ",
            "1",
            "0 10 ",
            " 0 10",
            "0  10",
            "0\t10",
            "0,10",
            "+0 10",
            "-0 10",
            "00 10",
            "0 010",
            "0 10.0",
            "0 1\u{660}",
            "0 10\n",
            "0 10 intro ",
            "0 10  intro",
            "0 10 intro news",
            "intro 0 10",
        ] {
            assert_eq!(read(text), Err(ShownError::Form), "{text:?}");
        }
        for text in ["0 10 core", "0 10 Intro", "0 10 advert", "0 10 20"] {
            assert_eq!(read(text), Err(ShownError::Role), "{text:?}");
        }
    }

    #[test]
    fn roles_have_one_name_each() {
        for (number, role) in FrameRole::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, number);
            assert_eq!(role.to_string().parse(), Ok(role));
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(json, format!("\"{role}\""));
        }
        assert_eq!(FrameRole::default(), FrameRole::Core);
        assert_eq!("other".parse::<FrameRole>(), Err(ShownError::Role));
    }

    #[test]
    fn order_is_that_of_times() {
        let shown = |at, lasts, role| Shown::new(at, lasts, FrameRole::ALL[role]);
        let sorted = [(0, 9, 5), (1, 0, 1), (1, 1, 0), (1, 1, 1), (2, 0, 0)];
        assert!(
            sorted
                .map(|(at, lasts, role)| shown(at, lasts, role))
                .is_sorted_by(|a, b| a < b)
        );
    }
}
