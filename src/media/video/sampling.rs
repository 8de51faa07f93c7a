//! Which frames of a video are looked at.

use std::fmt::Write as _;
use std::time::Duration;

/// The plan by which frames are picked: key frames, and between them at least one frame each step.
///
/// By default the step is half a second in the first 10 minutes, 1 s up to an hour, and 2 s beyond:
///
/// - The shortest copy that is worth finding, some 4 s, has 8 frames where most uploads are short enough to afford it, and
///   2 to 4 and its key frames in the rest of a film, which would cost hours otherwise.
/// - The step follows from the place in the video and not from its length: a length is what a header claims, and who wrote that
///   might want less to be looked at. It is never longer than by length.
/// - Key frames show what is new: encoders put them where the picture cuts. They are taken at least a quarter of a step behind
///   the frame before, so that a codec in which every frame is one does not make this "all frames".
/// - Clocks may lie too: a frame that goes back in time is taken, and one after 120 frames a second of the step (60 in half a
///   second), whatever their times are. No more than 120 frames a second are skipped by claims.
///
/// Steps are counted from the start of the video, and not from the frame before: of copies at other rates the same moments are looked at. A frame is the
/// first one at or behind a step, and a quarter of a step behind the one before, so that gaps are shorter than the step and the duration of one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampling {
    /// Until when, and the step until then; in order.
    before: Vec<(Duration, Duration)>,
    /// The step after that.
    step: Duration,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            before: vec![
                (Duration::from_secs(600), Duration::from_millis(500)),
                (Duration::from_secs(3600), Duration::from_secs(1)),
            ],
            step: Duration::from_secs(2),
        }
    }
}

impl Sampling {
    /// The same step everywhere, in whole milliseconds: at least 10 ms, at most an hour.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ijkpunt::media::video::Sampling;
    ///
    /// let plan = Sampling::every(Duration::from_secs(1));
    /// assert_eq!(plan.step_at(Duration::from_secs(7000)), Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn every(step: Duration) -> Self {
        let step = step.clamp(Duration::from_millis(10), Duration::from_secs(3600));
        Self {
            before: Vec::new(),
            step,
        }
    }

    /// How far the frame after one at `at` is away, at most and but for the duration of one frame.
    #[must_use]
    pub fn step_at(&self, at: Duration) -> Duration {
        let stage = self.before.iter().find(|(until, _)| at < *until);
        stage.map_or(self.step, |(_, step)| *step)
    }

    /// The filter `select` of ffmpeg that picks these frames, for `-vf`: for whoever decodes elsewhere by ffmpeg. Commas inside are escaped, since they end a
    /// filter.
    #[must_use]
    pub fn filter(&self) -> String {
        let mut step = String::new();
        for (until, step_until) in &self.before {
            let _ = write!(
                step,
                "if(lt(t,{}),{},",
                seconds(*until),
                seconds(*step_until)
            );
        }
        step += &seconds(self.step);
        step.extend(self.before.iter().map(|_| ')'));
        // `prev_selected_n` begins as 0 and `prev_selected_t` as not a number, with which no comparison is true.
        let rules = [
            format!("st(0,{step})*0"),
            "eq(n,0)".to_owned(),
            "key*gte(t-prev_selected_t,ld(0)/4)".to_owned(),
            "gt(floor(t/ld(0)),floor(prev_selected_t/ld(0)))*gte(t-prev_selected_t,ld(0)/4)"
                .to_owned(),
            "lt(t,prev_selected_t)".to_owned(),
            format!("gte(n-prev_selected_n,ld(0)*{FRAMES_A_SECOND})"),
        ];
        format!("select='{}'", rules.join("+").replace(',', "\\,"))
    }
}

/// Frames a second of the step that may be skipped, whatever their times say.
const FRAMES_A_SECOND: u32 = 120;

fn seconds(time: Duration) -> String {
    format!("{}.{:03}", time.as_secs(), time.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_grows_with_the_place_in_the_video() {
        let plan = Sampling::default();
        let step = |ms| plan.step_at(Duration::from_millis(ms)).as_millis();
        assert_eq!(
            [0, 599_999, 600_000, 3_599_999, 3_600_000].map(step),
            [500, 500, 1000, 1000, 2000]
        );
    }

    #[test]
    fn a_step_of_nothing_or_of_ever_is_brought_back() {
        let step = |asked| Sampling::every(asked).step_at(Duration::ZERO);
        assert_eq!(step(Duration::ZERO), Duration::from_millis(10));
        assert_eq!(step(Duration::MAX), Duration::from_secs(3600));
    }

    #[test]
    fn the_filter_is_one_filter() {
        assert_eq!(
            Sampling::default().filter(),
            "select='st(0\\,if(lt(t\\,600.000)\\,0.500\\,if(lt(t\\,3600.000)\\,1.000\\,2.000)))*0+eq(n\\,0)\
             +key*gte(t-prev_selected_t\\,ld(0)/4)\
             +gt(floor(t/ld(0))\\,floor(prev_selected_t/ld(0)))*gte(t-prev_selected_t\\,ld(0)/4)+lt(t\\,prev_selected_t)\
             +gte(n-prev_selected_n\\,ld(0)*120)'"
        );
        let every = Sampling::every(Duration::from_millis(40)).filter();
        assert!(
            every.starts_with("select='st(0\\,0.040)*0+eq(n\\,0)+"),
            "{every}"
        );
    }
}
