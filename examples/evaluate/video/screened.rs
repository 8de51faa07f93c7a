//! The library as a platform uses it: a list of all references, and files to screen.

use ijkpunt::baseline::{FrameRole, List, NewRow, Shown};
use ijkpunt::media::video::Ffmpeg;
use ijkpunt::screen::Call;
use ijkpunt::{Screener, Screening, Surface};

use super::matchers::{Answer, Found, Matcher, cuts, density};
use super::samples::Seen;
use crate::Failure;

pub(super) struct Screened<'a> {
    references: &'a [Seen],
    screener: Screener,
}

impl<'a> Screened<'a> {
    pub(super) fn new(references: &'a [Seen]) -> Result<Self, Failure> {
        let rows = references.iter().enumerate().flat_map(|(number, seen)| {
            seen.kept.as_slice().iter().map(move |frame| {
                let shown = Shown::new(frame.at_ms, frame.lasts_cs, FrameRole::Core);
                let row = NewRow::new(number.to_string(), frame.pdq);
                row.quality(frame.quality).shown(shown)
            })
        });
        let screener = Screener::builder()
            .list("references", List::from_rows(rows)?)
            .surface(Surface::Public)
            .videos(Ffmpeg::find()?)
            .build()?;
        Ok(Self {
            references,
            screener,
        })
    }
}

impl Matcher for Screened<'_> {
    fn name(&self) -> String {
        "screened".to_owned()
    }

    fn ask(&self, upload: &Seen) -> Result<Vec<Answer>, Failure> {
        let mut answers = vec![Answer::default(); self.references.len()];
        match self.screener.screen_file(&upload.path, Call::new()) {
            Screening::Match(matched) => {
                for evidence in matched.evidence() {
                    let reference: usize = evidence.entry.parse()?;
                    let segments = evidence.segments.iter().map(|segment| Found {
                        segment: *segment,
                        is_enough: true,
                        density_permille: [
                            density(segment.frames, segment.query_ms, upload),
                            density(
                                segment.frames,
                                segment.entry_ms,
                                &self.references[reference],
                            ),
                        ],
                        cuts: cuts(segment, &self.references[reference]),
                    });
                    answers[reference].segments = segments.collect();
                    answers[reference].is_match = true;
                }
            }
            Screening::NoMatch(_) => {}
            Screening::Undecided(undecided) => {
                let path = upload.path.display();
                return Err(format!("{path}: {}", undecided.reason()).into());
            }
        }
        Ok(answers)
    }
}
