//! Hits that are drawn, judged by the oracle.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// An upload, an entry, and hits of one or two copies between them and of chance.
type World = (Timeline, Timeline, Vec<Hit>);

const FRAMES: usize = 32;

fn copies() -> impl Strategy<Value = Copied> {
    let speed = prop_oneof![
        Just(0.5),
        Just(0.8),
        Just(1.0),
        Just(1.0),
        Just(1.25),
        Just(2.0)
    ];
    (0..FRAMES - 8, 6..24usize, speed, 0..10_000u32).prop_map(|(first, frames, speed, from_ms)| {
        let last = (first + frames).min(FRAMES);
        Copied::new(first..last, speed, f64::from(from_ms))
    })
}

/// Contents that come back now and then.
fn timelines() -> impl Strategy<Value = Timeline> {
    let contents = vec(
        prop_oneof![3 => Just(None), 1 => (0..FRAMES).prop_map(Some)],
        FRAMES,
    );
    contents.prop_map(|contents| {
        let mut next = 0;
        let numbers = contents.into_iter().map(|back| match back {
            Some(back) if back < next => back,
            _ => {
                next += 1;
                next - 1
            }
        });
        showing(numbers.collect::<Vec<_>>(), 500)
    })
}

fn worlds() -> impl Strategy<Value = World> {
    let noise = vec((0..FRAMES, 0..FRAMES, 0..31u16, any::<bool>()), 0..20);
    (timelines(), timelines(), vec(copies(), 0..3), noise).prop_map(
        |(query, entry, copies, noise)| {
            let mut hits: Vec<Hit> = copies
                .iter()
                .flat_map(|copied| copied.hits(&query, &entry))
                .collect();
            hits.extend(noise.into_iter().map(|(query, entry, bits, mirrored)| Hit {
                mirrored,
                ..hit(query, entry, bits)
            }));
            (query, entry, hits)
        },
    )
}

/// How much of a stretch of the upload lies in a segment.
fn shared(stretch: &oracle::Stretch, segment: &Segment) -> f64 {
    let [from, to] = segment.query_ms.map(f64::from);
    let both = to.min(stretch.query_ms[1]) - from.max(stretch.query_ms[0]);
    both.max(0.0) / (stretch.query_ms[1] - stretch.query_ms[0])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_strongest_segment_is_as_strong_as_that_of_the_oracle((query, entry, hits) in worlds()) {
        let found = segments(&hits, &query, &entry).unwrap();
        let expected = oracle::segments(&hits, &query, &entry);
        // Of each frame that is new, as far as a segment tells.
        let strength = |segment: &Segment| {
            segment.distinct as u64 * 64u64.saturating_sub(segment.mean_distance.bits().into()).pow(2)
        };
        let strongest = found.iter().map(strength).max().unwrap_or(0);
        let best = expected.iter().map(|stretch| stretch.strength).max().unwrap_or(0);
        let distinct = found.iter().map(|segment| segment.distinct).max().unwrap_or(0);
        let as_many = expected.iter().max_by_key(|stretch| stretch.strength).map_or(0, |stretch| stretch.distinct);
        prop_assert!(2 * strongest >= best || distinct >= as_many, "{} of {}", strongest, best);
    }

    #[test]
    fn what_the_oracle_finds_with_eight_distinct_frames_is_found((query, entry, hits) in worlds()) {
        let found = segments(&hits, &query, &entry).unwrap();
        for stretch in oracle::segments(&hits, &query, &entry) {
            let shared: f64 = found.iter().map(|segment| shared(&stretch, segment)).sum();
            let is_found = stretch.distinct < 8 || shared >= 0.3;
            prop_assert!(is_found, "{stretch:?} is not in {found:?}");
        }
    }

    #[test]
    fn the_order_of_hits_says_nothing((query, entry, hits) in worlds(), seed: u64) {
        let mut other = hits.clone();
        let mut chance = Chance(seed);
        for n in (1..other.len()).rev() {
            other.swap(n, chance.below(n + 1));
        }
        prop_assert_eq!(segments(&other, &query, &entry), segments(&hits, &query, &entry));
    }

    #[test]
    fn a_segment_holds_what_it_says((query, entry, hits) in worlds()) {
        for segment in segments(&hits, &query, &entry).unwrap() {
            prop_assert!(3 <= segment.distinct && segment.distinct <= segment.frames);
            prop_assert!((480..=2080).contains(&segment.speed_permille));
            prop_assert!(segment.best_distance <= segment.mean_distance);
            let is_in = |hit: &&Hit| {
                let is_between = |timeline: &Timeline, frame, [from, to]: [u32; 2]| {
                    (from..=to).contains(&timeline.frame(frame).unwrap().at_ms)
                };
                is_between(&query, hit.query, segment.query_ms)
                    && is_between(&entry, hit.entry, segment.entry_ms)
                    && hit.mirrored == segment.mirrored
            };
            let inside: std::collections::HashSet<usize> = hits.iter().filter(is_in).map(|hit| hit.query).collect();
            prop_assert!(inside.len() >= segment.frames);
        }
    }

    #[test]
    fn no_times_and_no_hits_make_it_panic(
        times in vec((any::<u32>(), any::<u16>(), 0..6usize), 1..12),
        hits in vec((0..12usize, 0..12usize, 0..256u16, any::<bool>()), 0..60),
    ) {
        let mut moments: Vec<Moment> = times.iter().map(|&(at_ms, lasts, content)| Moment {
            at_ms,
            ends_ms: at_ms.saturating_add(lasts.into()),
            content,
        }).collect();
        moments.sort_by_key(|moment| moment.at_ms);
        let timeline = Timeline::from_moments(moments);
        let hits: Vec<Hit> = hits.into_iter().map(|(query, entry, bits, mirrored)| Hit {
            mirrored,
            ..hit(query % timeline.len(), entry % timeline.len(), bits)
        }).collect();
        prop_assert!(segments(&hits, &timeline, &timeline).unwrap().len() <= 16);
    }
}
