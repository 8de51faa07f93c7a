//! What is done to a clip, as arguments for ffmpeg, and where each moment of it is afterwards.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::film::RATE;
use crate::Failure;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    edit: Vec<Edit>,
}

/// A row of `edits.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    pub(crate) name: String,
    pub(crate) words: String,
    parts: Option<Vec<[f64; 2]>>,
    excerpt_s: Option<f64>,
    speed: Option<f64>,
    #[serde(default)]
    pub(crate) mirrored: bool,
    picture: Option<String>,
    pub(crate) carrier: Option<Side>,
    #[serde(default)]
    encode: Vec<String>,
}

/// Where another video is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    Around,
    Behind,
}

/// Another video, or a part of it, with which a clip is put together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Carrier<'a> {
    pub(crate) path: &'a Path,
    /// What is taken of it, and where in it the clip is put in, all in milliseconds.
    pub(crate) from_ms: u32,
    pub(crate) clip_at_ms: u32,
    pub(crate) ends_ms: u32,
}

/// What is known of a clip before it is edited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clip<'a> {
    pub(crate) path: &'a Path,
    pub(crate) size: [u32; 2],
}

/// What an upload shows when, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Stretch {
    pub(crate) query_ms: [u32; 2],
    pub(crate) entry_ms: [u32; 2],
    pub(crate) mirrored: bool,
}

/// All edits, or those that are named.
pub(crate) fn edits(names: &[String]) -> Result<Vec<Edit>, Failure> {
    let table: Table = toml::from_str(include_str!("edits.toml"))?;
    let mut edits = table.edit;
    if let Some(name) = names
        .iter()
        .find(|name| !edits.iter().any(|edit| edit.name == **name))
    {
        return Err(format!("{name}: no such edit").into());
    }
    edits.retain(|edit| names.is_empty() || names.contains(&edit.name));
    Ok(edits)
}

/// A shot that two videos share, between other things, as fast as it was or slower: not an edit of the film that it is from.
pub(crate) fn stock(speed: f64) -> Edit {
    Edit {
        name: format!("stock shot x {speed}"),
        words: "2.5 s that another video shows as well".to_owned(),
        parts: None,
        excerpt_s: None,
        speed: Some(speed),
        mirrored: false,
        picture: None,
        carrier: Some(Side::Around),
        encode: Vec::new(),
    }
}

impl Edit {
    /// Which parts of a clip are taken, in order, in milliseconds.
    pub(crate) fn cuts(&self, clip_ms: u32) -> Vec<[u32; 2]> {
        if let Some(seconds) = self.excerpt_s {
            let long = ms(seconds).min(clip_ms);
            let from = (clip_ms - long) / 2;
            return vec![[from, from + long]];
        }
        let share = |share: f64| ms(share * f64::from(clip_ms) / 1000.0).min(clip_ms);
        let parts = self.parts.as_deref().unwrap_or(&[[0.0, 1.0]]);
        parts.iter().map(|part| part.map(share)).collect()
    }

    /// What the upload shows of the clip, when these parts of it are taken.
    pub(crate) fn truth(&self, cuts: &[[u32; 2]], carrier: Option<Carrier<'_>>) -> Vec<Stretch> {
        let mut at = match (self.carrier, carrier) {
            (Some(Side::Around), Some(carrier)) => carrier.clip_at_ms - carrier.from_ms,
            _ => 0,
        };
        let mut stretches = Vec::new();
        for &[from, to] in cuts {
            let ends = at + self.after(to - from);
            stretches.push(Stretch {
                query_ms: [at, ends],
                entry_ms: [from, to],
                mirrored: self.mirrored,
            });
            at = ends;
        }
        stretches
    }

    /// What ffmpeg has to do, but for the name of the upload.
    pub(crate) fn arguments(
        &self,
        clip: Clip<'_>,
        cuts: &[[u32; 2]],
        carrier: Option<Carrier<'_>>,
    ) -> Vec<String> {
        let mut arguments = vec!["-i".to_owned(), clip.path.display().to_string()];
        if let Some(carrier) = carrier {
            if self.carrier == Some(Side::Behind) {
                // The clip may be longer.
                arguments.extend(["-stream_loop", "-1"].map(str::to_owned));
            }
            arguments.extend(["-i".to_owned(), carrier.path.display().to_string()]);
        }
        let graph = self.graph(clip.size, cuts, carrier);
        arguments.extend(["-filter_complex".to_owned(), graph]);
        let encoder = "-map [out] -an -c:v libx264 -preset superfast -pix_fmt yuv420p -threads 1";
        arguments.extend(encoder.split(' ').map(str::to_owned));
        arguments.extend(self.encode.iter().cloned());
        arguments
    }

    fn graph(&self, size: [u32; 2], cuts: &[[u32; 2]], carrier: Option<Carrier<'_>>) -> String {
        // H.264 in 4:2:0 has even sides.
        let [width, height] = size.map(|side| (side & !1).to_string());
        let same = format!("scale={width}:{height},setsar=1,format=yuv420p");
        let named = |name: &str| {
            (0..cuts.len())
                .map(|i| format!("[{name}{i}]"))
                .collect::<String>()
        };
        let mut graph = format!("[0:v]{same},split={}{};", cuts.len(), named("in"));
        for (number, cut) in cuts.iter().enumerate() {
            graph += &format!("[in{number}]{}[part{number}];", part(*cut));
        }
        let picture = self.picture.as_deref().unwrap_or("null");
        let picture = picture.replace("{w}", &width).replace("{h}", &height);
        graph += &format!(
            "{}concat=n={},setpts=PTS/{},fps={RATE},",
            named("part"),
            cuts.len(),
            self.speed()
        );
        if cuts.iter().any(|[from, _]| *from > 0) {
            // The last frame would stand for as long as it was to the first cut.
            let all = cuts.iter().map(|[from, to]| to - from).sum();
            graph += &format!("trim=end={},", seconds(self.after(all)));
        }
        graph += &picture;
        let Some(carrier) = carrier else {
            return graph + "[out]";
        };
        match self.carrier {
            Some(Side::Around) => {
                let [before, behind] = [
                    [carrier.from_ms, carrier.clip_at_ms],
                    [carrier.clip_at_ms, carrier.ends_ms],
                ]
                .map(part);
                graph
                    + &format!(
                        ",{same}[clip];[1:v]{same},fps={RATE},split[one][two];[one]{before}[before];[two]{behind}[behind];\
                     [before][clip][behind]concat=n=3[out]"
                    )
            }
            _ => {
                graph
                    + &format!(
                        "[clip];[1:v]{same},fps={RATE}[back];[back][clip]overlay=(W-w)*0.7:(H-h)*0.3:shortest=1[out]"
                    )
            }
        }
    }

    /// How long so many milliseconds of the clip take in the upload.
    fn after(&self, clip_ms: u32) -> u32 {
        ms(f64::from(clip_ms) / 1000.0 / self.speed())
    }

    fn speed(&self) -> f64 {
        self.speed.unwrap_or(1.0)
    }
}

fn part([from, to]: [u32; 2]) -> String {
    let (from, to) = (seconds(from), seconds(to));
    format!("trim=start={from}:end={to},setpts=PTS-STARTPTS")
}

fn seconds(ms: u32) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "some hours, not negative"
)]
fn ms(seconds: f64) -> u32 {
    (seconds * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(name: &str) -> Edit {
        edits(&[name.to_owned()]).unwrap().remove(0)
    }

    fn times(edit: &Edit, clip_ms: u32, carrier: Option<Carrier<'_>>) -> Vec<[u32; 4]> {
        let cuts = edit.cuts(clip_ms);
        let stretches = edit.truth(&cuts, carrier).into_iter();
        let times = stretches.map(|it| (it.query_ms, it.entry_ms));
        times.map(|([a, b], [c, d])| [a, b, c, d]).collect()
    }

    #[test]
    fn there_are_nineteen_edits_and_others_are_refused() {
        assert_eq!(edits(&[]).unwrap().len(), 19);
        assert!(edits(&["polish".to_owned()]).is_err());
    }

    #[test]
    fn the_truth_follows_cuts_speed_and_carrier() {
        assert_eq!(times(&edit("trim"), 10_000, None), [[0, 6000, 2000, 8000]]);
        assert_eq!(times(&edit("faster"), 10_000, None), [[0, 8000, 0, 10_000]]);
        assert_eq!(
            times(&edit("splice"), 10_000, None),
            [
                [0, 4000, 6000, 10_000],
                [4000, 6500, 0, 2500],
                [6500, 10_000, 2500, 6000]
            ]
        );
        let carrier = Carrier {
            path: Path::new("carrier.mp4"),
            from_ms: 5000,
            clip_at_ms: 35_000,
            ends_ms: 65_000,
        };
        assert_eq!(
            times(&edit("embed-4s"), 10_000, Some(carrier)),
            [[30_000, 34_000, 3000, 7000]]
        );
        assert_eq!(
            times(&edit("embed-8s"), 5000, Some(carrier)),
            [[30_000, 35_000, 0, 5000]]
        );
        assert_eq!(
            times(&edit("inset"), 5000, Some(carrier)),
            [[0, 5000, 0, 5000]]
        );
        assert_eq!(
            times(&stock(0.8), 2500, Some(carrier)),
            [[30_000, 33_125, 0, 2500]]
        );
    }

    #[test]
    fn a_graph_names_its_output_once_and_no_placeholder_is_left() {
        let carrier = Carrier {
            path: Path::new("carrier.mp4"),
            from_ms: 0,
            clip_at_ms: 35_000,
            ends_ms: 65_000,
        };
        for edit in edits(&[]).unwrap() {
            let carrier = edit.carrier.map(|_| carrier);
            let graph = edit.graph([481, 270], &edit.cuts(9000), carrier);
            assert_eq!(graph.matches("[out]").count(), 1, "{graph}");
            assert!(
                !graph.contains('{') && graph.contains("scale=480:270"),
                "{graph}"
            );
        }
    }
}
