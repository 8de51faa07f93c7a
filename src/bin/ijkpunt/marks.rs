//! What a person says of a video that is to be listed: which stretches are not its core, and how closely it is looked at.

use std::time::Duration;

use ijkpunt::baseline::FrameRole;
use ijkpunt::enrol::Proposal;

use crate::output::{clock, complain, count};
use crate::videos::Step;

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Marks {
    /// What a stretch of the video belongs to, if not to its core: intro, credits, blank, news or stock, with its times, such as
    /// intro=0-4.5 or news=1:02.5-1:30. Nothing is matched by it. May be given several times, with one video
    #[arg(long = "segment", value_name = "ROLE=FROM-TO", value_parser = stretch)]
    stretches: Vec<Stretch>,
    /// Seconds from frame to frame of videos, such as 2.5: by default 0.5, 1 after 10 minutes, 2 after an hour
    #[arg(long, value_name = "SECONDS", value_parser = step)]
    step: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    role: FrameRole,
    from: Duration,
    to: Duration,
}

impl Marks {
    pub(crate) fn step(&self) -> Step {
        Step(self.step)
    }

    /// Whether one video is meant, and not several.
    pub(crate) fn are_of_one(&self) -> bool {
        !self.stretches.is_empty()
    }

    /// Marks the frames; a stretch without any is told.
    pub(crate) fn apply(&self, name: &str, proposal: &mut Proposal) {
        for &Stretch { role, from, to } in &self.stretches {
            if proposal.set_role(role, from, to) == 0 {
                complain(&format_args!(
                    "{name}: no frame is kept from {} to {}: nothing is marked as {role}; \
                     `ijkpunt hash` tells the times of frames",
                    clock(ms(from)),
                    clock(ms(to)),
                ));
            }
        }
    }
}

pub(crate) const NOT_ONE: &str = "--segment says what is where in one video, and there is not exactly one: give that video alone, and the \
                                  others in another call";

/// `33 frames over 0:16.5: 17 kept, 2 dropped for too little detail, 14 merged with the one before; 4 of them not of its core`
pub(crate) fn summary(proposal: &Proposal) -> String {
    let (frames, counts) = (proposal.frames(), proposal.frame_counts());
    let kept = frames.len();
    let mut line = format!(
        "{} over {}: {kept} kept, {} dropped for too little detail, {} merged with the one before",
        count(counts.seen, "frame"),
        clock(frames.ends_ms().into()),
        counts.dropped,
        counts.merged,
    );
    let others = kept - proposal.core_frames();
    if others > 0 {
        line += &format!("; {others} of the kept not of its core");
    }
    line
}

/// What the person should know who lists a video with few frames.
pub(crate) fn warning(proposal: &Proposal) -> Option<String> {
    let distinct = proposal.distinct_frames();
    let frames = count(distinct as u64, "frame");
    match distinct {
        0..3 => Some(format!(
            "only {frames} of its core show something new, and 3 are needed: no stretch of it will be found; list its pictures as stills"
        )),
        3..5 => Some(format!(
            "only {frames} of its core show something new: a match rests on 3 of them, where it rests on 5 of other videos"
        )),
        _ => None,
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn step(text: &str) -> Result<Duration, String> {
    let step = time(text).ok_or("seconds are expected, such as 2 or 0.5")?;
    match step.is_zero() || step > Duration::from_secs(3600) {
        true => Err("more than 0 and at most 3600 seconds are possible".to_owned()),
        false => Ok(step),
    }
}

fn stretch(text: &str) -> Result<Stretch, String> {
    let form = "ROLE=FROM-TO is expected, such as intro=0-4.5 or news=1:02.5-1:30";
    let (role, times) = text.split_once('=').ok_or(form)?;
    let role = match role.parse() {
        Ok(FrameRole::Core) | Err(_) => {
            return Err(
                "the role is none of intro, credits, blank, news and stock; all else is core"
                    .to_owned(),
            );
        }
        Ok(role) => role,
    };
    let (from, to) = times.split_once('-').ok_or(form)?;
    let time = |text| time(text).ok_or(form);
    let (from, to) = (time(from)?, time(to)?);
    match from < to {
        true => Ok(Stretch { role, from, to }),
        false => Err("it ends before it begins".to_owned()),
    }
}

/// `12`, `12.5`, `1:02.5`, `1:02:03`: seconds, behind minutes, behind hours.
fn time(text: &str) -> Option<Duration> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !is_digits(part) || part.len() > 3 {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse::<u64>().ok()?;
    let mut seconds = 0u64;
    for (place, field) in whole.split(':').enumerate() {
        let number = Some(field).filter(|field| is_digits(field) && field.len() < 8);
        let number: u64 = number?.parse().ok()?;
        if place > 2 || (place > 0 && (number > 59 || field.len() != 2)) {
            return None;
        }
        seconds = seconds * 60 + number;
    }
    Some(Duration::from_millis(seconds * 1000 + thousandths))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let ms = |text| time(text).map(ms);
        assert_eq!(ms("12"), Some(12_000));
        assert_eq!(ms("12.5"), Some(12_500));
        assert_eq!(ms("0.025"), Some(25));
        assert_eq!(ms("75"), Some(75_000));
        assert_eq!(ms("1:02.5"), Some(62_500));
        assert_eq!(ms("1:02:03"), Some(3_723_000));
        for none in [
            "",
            ".",
            "1.",
            ".5",
            "1:2",
            "1:60",
            "1:00:00:00",
            "-1",
            "1,5",
            "1:",
            ":10",
            "1.5:00",
            "+1",
            "1.2345",
            "1:-2",
            "99999999",
        ] {
            assert_eq!(ms(none), None, "{none}");
        }
    }

    #[test]
    fn a_stretch_has_a_role_and_two_times() {
        let read = stretch("news=1:02.5-1:30").unwrap();
        assert_eq!(read.role, FrameRole::News);
        assert_eq!((ms(read.from), ms(read.to)), (62_500, 90_000));
        for (text, why) in [
            ("core=0-1", "none of intro"),
            ("advert=0-1", "none of intro"),
            ("intro", "ROLE=FROM-TO"),
            ("intro=5", "ROLE=FROM-TO"),
            ("intro=a-b", "ROLE=FROM-TO"),
            ("intro=5-5", "ends before"),
        ] {
            assert!(stretch(text).unwrap_err().contains(why), "{text}");
        }
        assert!(step("0").is_err() && step("3601").is_err() && step("2.5").is_ok());
    }
}
