//! Stretches of an upload that run like stretches of a listed video: in words, and as JSON.

use ijkpunt::baseline::EntryId;
use ijkpunt::screen::Evidence;
use ijkpunt::screen::vote::Segment;
use serde::Serialize;

use crate::output::clock;

/// One stretch, as the JSON shows it.
#[derive(Serialize)]
pub(crate) struct Run<'a> {
    entry: &'a str,
    list: &'a str,
    /// Of an entry of a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_id: Option<EntryId>,
    query_ms: [u32; 2],
    entry_ms: [u32; 2],
    /// 1.0 is as fast as the entry, 2.0 twice as fast.
    speed: f64,
    mirrored: bool,
    frames: usize,
    /// How much of the upload it is, from 0 to 1.
    coverage_query: f64,
    coverage_entry: f64,
}

impl<'a> Run<'a> {
    /// Those of all that was found.
    pub(crate) fn all(evidence: &'a [Evidence]) -> Vec<Self> {
        let of = |found: &'a Evidence| {
            let segments = found.segments.iter();
            segments.map(|segment| Self::new(found, segment))
        };
        evidence.iter().flat_map(of).collect()
    }

    fn new(found: &'a Evidence, segment: &Segment) -> Self {
        Self {
            entry: &found.entry,
            list: &found.list,
            entry_id: found.entry_id,
            query_ms: segment.query_ms,
            entry_ms: segment.entry_ms,
            speed: f64::from(segment.speed_permille) / 1000.0,
            mirrored: segment.mirrored,
            frames: segment.frames,
            coverage_query: f64::from(segment.query_permille) / 1000.0,
            coverage_entry: f64::from(segment.entry_permille) / 1000.0,
        }
    }
}

/// `0:04.5-0:17.0 is its 0:09.0-0:25.0 (56 % of it, at 1.25 times its speed, mirrored)`
pub(crate) fn in_words(segment: &Segment) -> String {
    let [query, entry] = [segment.query_ms, segment.entry_ms].map(times);
    let mut words = vec![format!("{} of it", percent(segment.entry_permille))];
    words.extend(speed(segment).map(|speed| format!("at {speed} times its speed")));
    if segment.mirrored {
        words.push("mirrored".to_owned());
    }
    format!("{query} is its {entry} ({})", words.join(", "))
}

/// `0:04.5-0:17.0`
pub(crate) fn times([from, to]: [u32; 2]) -> String {
    format!("{}-{}", clock(from.into()), clock(to.into()))
}

/// How fast it runs; none where it is as fast as the entry, as near as that can be told.
pub(crate) fn speed(segment: &Segment) -> Option<String> {
    let is_other = segment.speed_permille.abs_diff(1000) > NOT_TOLD;
    let hundredths = (segment.speed_permille + 5) / 10;
    is_other.then(|| format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// To the nearest whole one; what is a little is not called nothing.
pub(crate) fn percent(permille: u16) -> String {
    match permille {
        1..=9 => "1 %".to_owned(),
        _ => format!("{} %", (permille + 5) / 10),
    }
}

/// A speed is measured by frames half a second apart: so much of it, in thousandths, may be chance.
const NOT_TOLD: u16 = 20;
