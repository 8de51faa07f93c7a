//! Videos, handed in frame by frame: what runs like an entry is found, with its stretch, and what shares single frames is not.

use ijkpunt::baseline::{FrameRole, Shown};
use ijkpunt::enrol::Enroller;
use ijkpunt::hash::frames::FrameHash;
use ijkpunt::screen::VideoScreening;

use super::*;

const SIDES: [usize; 2] = [160, 120];

/// A film of shots: in each the camera moves over a picture of discs.
struct Film {
    shots: Vec<Shot>,
}

#[derive(Clone)]
struct Shot {
    ground: Vec<u8>,
    ms: u32,
    steps: [usize; 2],
}

const GROUND: [usize; 2] = [400, 300];

impl Shot {
    /// Discs over each other, few large and many small.
    fn new(seed: u64, ms: u32) -> Self {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut dice = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from((state >> 20) % below).unwrap()
        };
        let [width, height] = GROUND;
        let mut ground = vec![128u8; width * height];
        for _ in 0..300 {
            let (x, y, shade) = (dice(400), dice(300), u8::try_from(dice(256)).unwrap());
            let radius = 4 + dice(8) * dice(8);
            for row in y.saturating_sub(radius)..(y + radius).min(height) {
                for column in x.saturating_sub(radius)..(x + radius).min(width) {
                    if row.abs_diff(y).pow(2) + column.abs_diff(x).pow(2) < radius * radius {
                        ground[width * row + column] = shade;
                    }
                }
            }
        }
        let steps = [1 + dice(2), 1 + dice(2)];
        Self { ground, ms, steps }
    }

    /// What it shows so many milliseconds after its beginning.
    fn at(&self, ms: u32) -> Vec<u8> {
        let [width, height] = SIDES;
        let ms = usize::try_from(ms).unwrap();
        let [left, top] = [0, 1].map(|axis| {
            let room = GROUND[axis] - SIDES[axis];
            // There and back again.
            let along = ms * self.steps[axis] / 40 % (2 * room);
            along.min(2 * room - along)
        });
        let rows = top..top + height;
        rows.flat_map(|row| self.ground[GROUND[0] * row + left..][..width].to_vec())
            .collect()
    }
}

impl Film {
    fn new(seed: u64, shots: &[u32]) -> Self {
        let shot = |(number, &ms): (u64, &u32)| Shot::new(100 * seed + number, ms);
        Self {
            shots: (0..).zip(shots).map(shot).collect(),
        }
    }

    fn ms(&self) -> u32 {
        self.shots.iter().map(|shot| shot.ms).sum()
    }

    fn at(&self, mut ms: u32) -> Vec<u8> {
        for shot in &self.shots {
            if ms < shot.ms {
                return shot.at(ms);
            }
            ms -= shot.ms;
        }
        self.shots.last().unwrap().at(ms)
    }

    /// Twice a second, from `from_ms` on, for `ms`.
    fn frames(&self, from_ms: u32, ms: u32) -> Vec<(u32, Vec<u8>)> {
        let times = (0..ms).step_by(500);
        times.map(|at| (at, self.at(from_ms + at))).collect()
    }

    fn rows(&self, id: &str) -> Vec<NewRow> {
        self.rows_with(id, |_| FrameRole::Core)
    }

    fn rows_with(&self, id: &str, role: impl Fn(u32) -> FrameRole) -> Vec<NewRow> {
        let mut enroller = Enroller::new();
        let mut video = enroller.video();
        for (at, pixels) in self.frames(0, self.ms()) {
            video.push(&picture(&pixels), Duration::from_millis(at.into()));
        }
        let proposal = video.finish(None);
        let row = |frame: &FrameHash| {
            let shown = Shown::new(frame.at_ms, frame.lasts_cs, role(frame.at_ms));
            let row = NewRow::new(id, frame.pdq).quality(frame.quality);
            row.shown(shown)
        };
        proposal.frames().as_slice().iter().map(row).collect()
    }
}

fn picture(pixels: &[u8]) -> Picture<'_> {
    let [width, height] = SIDES;
    Picture::grey(160, 120, width, &pixels[..width * height]).unwrap()
}

fn push(video: &mut VideoScreening<'_>, frames: &[(u32, Vec<u8>)]) {
    for (at, pixels) in frames {
        assert!(video.push(&picture(pixels), Duration::from_millis((*at).into())));
    }
}

fn screened(screener: &Screener, frames: &[(u32, Vec<u8>)]) -> Screening {
    let mut video = screener.video(Call::new());
    push(&mut video, frames);
    video.finish()
}

fn shots() -> Film {
    Film::new(1, &[4000, 6000, 3000, 7000])
}

fn known() -> Screener {
    let rows = shots().rows("film").into_iter();
    let others =
        (2..6).flat_map(|seed| Film::new(seed, &[5000, 5000]).rows(&format!("other {seed}")));
    screener(List::from_rows(rows.chain(others)).unwrap())
}

#[test]
fn a_stretch_of_an_entry_is_found_with_its_times() {
    let found = evidence(screened(&known(), &shots().frames(5000, 9000)));
    let [film] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(
        (&*film.entry, film.class),
        ("film", MatchClass::VideoSegment)
    );
    let [segment] = &film.segments[..] else {
        panic!("{film:?}");
    };
    assert_eq!(
        (segment.query_ms, segment.entry_ms),
        ([0, 9000], [5000, 14_000])
    );
    assert_eq!((segment.speed_permille, segment.mirrored), (1000, false));
    assert_eq!(
        (segment.query_permille, segment.entry_permille),
        (1000, 450)
    );
    assert_eq!(film.distance, Some(segment.best_distance));
}

#[test]
fn a_stretch_amid_something_else_is_found_where_it_is() {
    let mut upload = Film::new(9, &[7000, 8000]).frames(0, 15_000);
    let later = shots().frames(9000, 6000);
    upload.extend(later.into_iter().map(|(at, pixels)| (15_000 + at, pixels)));
    let behind = Film::new(10, &[9000]).frames(0, 9000);
    upload.extend(behind.into_iter().map(|(at, pixels)| (21_000 + at, pixels)));
    let found = evidence(screened(&known(), &upload));
    let segment = found[0].segments[0];
    assert_eq!(
        (segment.query_ms, segment.entry_ms),
        ([15_000, 21_000], [9000, 15_000])
    );
    assert_eq!(
        found[0].frame_time.map(|at| at.as_secs() / 6),
        Some(2),
        "within it"
    );
}

#[test]
fn a_mirrored_and_a_faster_copy_are_told_as_such() {
    let mirrored = |(at, pixels): (u32, Vec<u8>)| {
        let rows = pixels.chunks(SIDES[0]);
        (at, rows.flat_map(|row| row.iter().rev().copied()).collect())
    };
    let upload: Vec<_> = shots()
        .frames(0, 20_000)
        .into_iter()
        .map(mirrored)
        .collect();
    let found = evidence(screened(&known(), &upload));
    assert!(found[0].segments[0].mirrored);
    assert_eq!(found[0].dihedral, Dihedral::FlipY);

    let faster = (0..16_000)
        .step_by(500)
        .map(|at| (at, shots().at(at * 5 / 4)));
    let found = evidence(screened(&known(), &faster.collect::<Vec<_>>()));
    let speed = found[0].segments[0].speed_permille;
    assert!(speed.abs_diff(1250) < 30, "{speed}");
}

#[test]
fn a_shot_of_two_seconds_is_no_match_and_neither_are_frames_without_their_order() {
    let mut upload = Film::new(9, &[7000]).frames(0, 7000);
    let shot = shots().frames(4500, 2000);
    upload.extend(shot.into_iter().map(|(at, pixels)| (7000 + at, pixels)));
    upload.extend(
        Film::new(10, &[3000])
            .frames(0, 3000)
            .into_iter()
            .map(|(at, pixels)| (9000 + at, pixels)),
    );
    assert!(matches!(screened(&known(), &upload), Screening::NoMatch(_)));

    // Every frame of the entry is there, none in its place.
    let mut frames = shots().frames(0, 20_000);
    let order = |k: usize| k * 17 % 40;
    let pixels: Vec<Vec<u8>> = (0..40).map(|k| frames[order(k)].1.clone()).collect();
    for ((_, one), other) in frames.iter_mut().zip(pixels) {
        *one = other;
    }
    assert!(matches!(screened(&known(), &frames), Screening::NoMatch(_)));
}

#[test]
fn only_the_core_of_an_entry_counts() {
    let with = |role| {
        let role_at = |at| match at < 10_000 {
            true => role,
            false => FrameRole::Core,
        };
        let rows = shots().rows_with("film", role_at);
        screener(List::from_rows(rows).unwrap())
    };
    let upload = shots().frames(0, 10_000);
    assert!(matches!(
        screened(&with(FrameRole::Core), &upload),
        Screening::Match(_)
    ));
    for role in FrameRole::ALL
        .into_iter()
        .filter(|role| *role != FrameRole::Core)
    {
        assert!(
            matches!(screened(&with(role), &upload), Screening::NoMatch(_)),
            "{role}"
        );
    }
    // And of the whole, what is core is found.
    let found = evidence(screened(
        &with(FrameRole::Intro),
        &shots().frames(0, 20_000),
    ));
    assert_eq!(found[0].segments[0].entry_ms, [10_000, 20_000]);
    assert_eq!(found[0].segments[0].entry_permille, 1000);
}

#[test]
fn frames_are_compared_with_pictures_too_and_stills_with_pictures_alone() {
    let still = shots().at(7000);
    let pdq = Hasher::new().hash(&picture(&still)).unwrap().pdq();
    let mut rows = shots().rows("film");
    let of_film = screener(List::from_rows(rows.clone()).unwrap());
    assert!(matches!(
        of_film.screen_picture(&picture(&still)),
        Screening::NoMatch(_)
    ));

    rows.push(NewRow::new("still", pdq));
    let of_both = screener(List::from_rows(rows).unwrap());
    let found = evidence(screened(&of_both, &shots().frames(5000, 6000)));
    let mut names: Vec<&str> = found.iter().map(|it| &*it.entry).collect();
    names.sort_unstable();
    assert_eq!(names, ["film", "still"]);
    let still = found.iter().find(|it| &*it.entry == "still").unwrap();
    assert_eq!(
        (still.class, still.frame, still.frame_time),
        (MatchClass::NearDuplicate, 4, Some(Duration::from_secs(2)))
    );
    assert!(still.segments.is_empty());
}

#[test]
fn an_inset_is_found_by_its_place() {
    let (other, film) = (Film::new(20, &[9000, 11_000]), shots());
    let inset = (0..20_000).step_by(500).map(|at| {
        let mut ground = Shot::new(77, 1).ground[..320 * 240].to_vec();
        for (row, pixels) in other.at(at).chunks(160).enumerate() {
            ground[320 * row..][..160].copy_from_slice(pixels);
        }
        for (row, pixels) in film.at(at).chunks(160).enumerate() {
            ground[320 * (row + 100) + 140..][..160].copy_from_slice(pixels);
        }
        (at, ground)
    });
    let screener = known();
    let mut video = screener.video(Call::new());
    for (at, pixels) in inset {
        let picture = Picture::grey(320, 240, 320, &pixels).unwrap();
        assert!(video.push(&picture, Duration::from_millis(at.into())));
    }
    let found = evidence(video.finish());
    assert_eq!(&*found[0].entry, "film");
    let bounds = found[0].place.unwrap().bounds();
    let near = |a: f32, b: f32| (a - b).abs() < 6.0;
    assert!(
        near(bounds[0], 140.0) && near(bounds[1], 100.0),
        "{bounds:?}"
    );
    let entry: u32 = found[0]
        .segments
        .iter()
        .map(|it| it.entry_ms[1] - it.entry_ms[0])
        .sum();
    assert!(entry >= 15_000, "{entry}");
}

#[test]
fn what_broke_off_is_undecided_unless_it_matched_before() {
    let known = known();
    let mut video = known.video(Call::new());
    push(&mut video, &Film::new(30, &[5000]).frames(0, 5000));
    video.broke_off("the second half is encrypted");
    let Screening::Undecided(undecided) = video.finish() else {
        panic!("decided");
    };
    assert_eq!(undecided.kind(), UndecidedKind::Truncated);
    assert!(undecided.reason().contains("the second half is encrypted"));

    let mut video = known.video(Call::new());
    push(&mut video, &shots().frames(0, 6000));
    video.broke_off("no more");
    let Screening::Match(matched) = video.finish() else {
        panic!("no match");
    };
    assert_eq!(matched.gaps().len(), 1);
}

#[test]
fn a_video_without_frames_is_undecided_and_so_is_one_of_flat_frames() {
    let known = known();
    let nothing = known.video(Call::new()).finish();
    assert!(matches!(nothing, Screening::Undecided(_)), "{nothing:?}");
    let grey: Vec<_> = (0..10).map(|k| (500 * k, vec![99u8; 160 * 120])).collect();
    let Screening::Undecided(undecided) = screened(&known, &grey) else {
        panic!("decided");
    };
    assert_eq!(undecided.kind(), UndecidedKind::TooLittleDetail);
    // Beside frames with detail, flat ones are no gap.
    let mut upload = Film::new(30, &[5000]).frames(0, 5000);
    upload.extend(grey.into_iter().map(|(at, pixels)| (5000 + at, pixels)));
    assert!(matches!(screened(&known, &upload), Screening::NoMatch(_)));
}

#[test]
fn a_call_that_ends_takes_no_more_frames_and_tells_how_far_it_came() {
    let (known, flag) = (known(), AtomicBool::new(false));
    let told = AtomicU64::new(0);
    let tell = |at: Duration| told.store(u64::try_from(at.as_millis()).unwrap(), Ordering::Relaxed);
    let mut video = known.video(Call::new().cancelled_by(&flag).progress(&tell));
    push(&mut video, &Film::new(30, &[5000]).frames(0, 5000));
    assert_eq!(told.load(Ordering::Relaxed), 4500);
    flag.store(true, Ordering::Relaxed);
    assert!(!video.push(&picture(&shots().at(0)), Duration::from_secs(5)));
    let Screening::Undecided(undecided) = video.finish() else {
        panic!("decided");
    };
    assert_eq!(undecided.kind(), UndecidedKind::Cancelled);
}

#[test]
fn times_that_go_back_stand_still() {
    let mut upload = shots().frames(0, 20_000);
    let screener = known();
    for (at, _) in upload.iter_mut().rev().take(10) {
        *at = 3000;
    }
    let found = evidence(screened(&screener, &upload));
    assert_eq!(found[0].segments[0].entry_ms[0], 0);
}

#[test]
fn what_stands_still_costs_a_hash_a_frame() {
    let known = known();
    let still: Vec<_> = (0..600).map(|k| (100 * k, shots().at(0))).collect();
    assert!(matches!(screened(&known, &still), Screening::NoMatch(_)));
    let counts = known.counts();
    assert_eq!(counts.frames, 600);
    // Of one frame a second, 24 forms; and the views of six.
    assert!(counts.lookups < 60 * 24 + 7 * 600, "{counts:?}");
}
