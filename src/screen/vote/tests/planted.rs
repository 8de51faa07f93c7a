//! Copies that were planted are found as what they are.

use super::*;

/// The segments that are enough for a match.
fn matches(hits: &[Hit], query: &Timeline, entry: &Timeline) -> Vec<Segment> {
    let mut found = segments(hits, query, entry).unwrap();
    found.retain(|segment| is_match(segment, entry));
    found
}

#[test]
fn a_copy_is_found_at_every_speed() {
    let (query, entry) = (video(100, 500), video(240, 500));
    for speed in [0.5, 0.8, 0.96, 1.0, 1.02, 1.25, 2.0] {
        let copied = Copied::new(10..70, speed, 20_000.0);
        let found = segments(&copied.hits(&query, &entry), &query, &entry).unwrap();
        let [segment] = found.as_slice() else {
            panic!("{speed}: {found:?}");
        };
        copied.assert_is(segment, &query);
        let permille = (speed * 1000.0) as i32;
        let off = i32::from(segment.speed_permille) - permille;
        assert!(25 * off.abs() <= permille, "{speed}: {segment:?}");
        assert!(is_match(segment, &entry));
    }
}

#[test]
fn a_segment_says_what_speaks_for_it() {
    let (query, entry) = (video(40, 500), video(20, 500));
    let hits: Vec<Hit> = (0..10).map(|n| hit(20 + n, 5 + n, 2 * n as u16)).collect();
    let found = segments(&hits, &query, &entry).unwrap();
    let expected = Segment {
        query_ms: [10_000, 15_000],
        entry_ms: [2500, 7500],
        span_ms: 4500,
        speed_permille: 1000,
        mirrored: false,
        frames: 10,
        density_permille: 1000,
        distinct: 10,
        best_distance: Distance::of_bits(0),
        mean_distance: Distance::of_bits(9),
        query_permille: 250,
        entry_permille: 500,
    };
    assert_eq!(found, [expected]);
}

#[test]
fn a_copy_of_an_hour_is_one_segment() {
    let (query, entry) = (video(7200, 500), video(7500, 500));
    for speed in [1.0, 1.021] {
        let copied = Copied::new(100..6900, speed, 1000.0);
        let found = segments(&copied.hits(&query, &entry), &query, &entry).unwrap();
        let [segment] = found.as_slice() else {
            panic!("{speed}: {} segments", found.len());
        };
        copied.assert_is(segment, &query);
    }
}

#[test]
fn two_pieces_of_an_entry_are_two_segments_in_any_order() {
    let (query, entry) = (video(120, 500), video(200, 500));
    for (first, second) in [
        (10_000.0, 60_000.0),
        (60_000.0, 10_000.0),
        (10_000.0, 25_000.0),
    ] {
        let pieces = [
            Copied::new(10..30, 1.0, first),
            Copied::new(30..50, 1.0, second),
        ];
        let hits: Vec<Hit> = pieces
            .iter()
            .flat_map(|piece| piece.hits(&query, &entry))
            .collect();
        let found = segments(&hits, &query, &entry).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        for (piece, segment) in pieces.iter().zip(&found) {
            piece.assert_is(segment, &query);
        }
    }
}

#[test]
fn two_stretches_that_alternate_are_both_found() {
    let (query, entry) = (video(64, 500), video(200, 500));
    let one = |n: usize| Copied::new(4 * n..4 * n + 4, 1.0, 5000.0 + 2000.0 * n as f64);
    let other = |n: usize| Copied::new(4 * n..4 * n + 4, 1.0, 50_000.0 + 2000.0 * n as f64);
    let hits: Vec<Hit> = (0..16)
        .map(|n| if n % 2 == 0 { one(n) } else { other(n) })
        .flat_map(|piece| piece.hits(&query, &entry))
        .collect();
    let found = matches(&hits, &query, &entry);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|segment| segment.frames == 32));
}

#[test]
fn a_gap_of_more_than_four_seconds_ends_a_segment() {
    let (query, entry) = (video(60, 500), video(60, 500));
    let with_gap = |frames: usize| {
        let hits = (0..40).filter(|n| !(20..20 + frames).contains(n));
        let hits: Vec<Hit> = hits.map(|n| hit(n, n, 4)).collect();
        segments(&hits, &query, &entry).unwrap().len()
    };
    assert_eq!((with_gap(7), with_gap(8)), (1, 2));
}

#[test]
fn five_times_as_many_hits_by_chance_hide_no_copy_and_look_like_none() {
    let (query, entry) = (video(120, 500), video(240, 500));
    for seed in 0..20 {
        let speed = [0.5, 0.8, 1.0, 1.25, 2.0][seed as usize % 5];
        let copied = Copied::new(40..80, speed, 30_000.0);
        let mut hits = Chance(seed).hits(5 * 40, &query, &entry);
        hits.extend(copied.hits(&query, &entry));
        let mut found = segments(&hits, &query, &entry).unwrap();
        found.sort_by_key(|segment| segment.distinct);
        let strongest = found.pop().unwrap();
        copied.assert_is(&strongest, &query);
        assert!(is_match(&strongest, &entry));
        assert!(strongest.distinct >= 18, "seed {seed}: {strongest:?}");
        assert!(
            found.iter().all(|other| other.distinct <= 6),
            "seed {seed}: {found:?}"
        );
    }
}

#[test]
fn still_pictures_make_no_segment() {
    let still = showing(std::iter::repeat_n(0, 120), 1000);
    let every: Vec<Hit> = (0..120)
        .flat_map(|query| (0..120).map(move |entry| hit(query, entry, 3)))
        .collect();
    assert_eq!(segments(&every, &still, &still), Ok(Vec::new()));
    // The upload moves and the entry does not, or the other way round.
    let moving = video(120, 1000);
    assert_eq!(segments(&every, &moving, &still), Ok(Vec::new()));
    assert_eq!(segments(&every, &still, &moving), Ok(Vec::new()));
}

#[test]
fn a_copy_is_found_beside_a_still_picture() {
    // Twelve frames that move, then twenty that stand still and are all near to each other.
    let contents = || (0..32).map(|n: usize| n.min(12));
    let (query, entry) = (showing(contents(), 500), showing(contents(), 500));
    let mut hits = Copied::new(0..12, 1.0, 0.0).hits(&query, &entry);
    hits.extend((12..32).flat_map(|query| (12..32).map(move |entry| hit(query, entry, 2))));
    let found = matches(&hits, &query, &entry);
    let [segment] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((segment.query_ms[0], segment.entry_ms[0]), (0, 0));
    assert!(segment.distinct >= 12);
}

#[test]
fn a_shot_that_two_films_share_is_a_segment_and_no_match() {
    let (query, entry) = (video(100, 500), video(60, 500));
    for speed in [1.0, 0.5] {
        // 2.5 s of the entry, slowed down to 5 s.
        let frames = (5.0 / speed) as usize + 1;
        let copied = Copied::new(20..20 + frames, speed, 10_000.0);
        let mut hits = copied.hits(&query, &entry);
        hits.retain(|hit| (20..=25).contains(&hit.entry));
        let found = segments(&hits, &query, &entry).unwrap();
        let [segment] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(segment.span_ms, 2500);
        assert!(segment.distinct >= 5);
        assert!(!is_match(segment, &entry));
    }
}

#[test]
fn mirrored_hits_are_a_segment_of_their_own() {
    let (query, entry) = (video(40, 500), video(40, 500));
    let mut hits: Vec<Hit> = (0..30).map(|n| hit(n, n, 4)).collect();
    hits[10..20].iter_mut().for_each(|hit| hit.mirrored = true);
    let found = segments(&hits, &query, &entry).unwrap();
    let mirrored: Vec<(bool, usize)> = found.iter().map(|s| (s.mirrored, s.frames)).collect();
    assert_eq!(mirrored, [(false, 10), (true, 10), (false, 10)]);
}

#[test]
fn a_symmetrical_film_is_found_once() {
    let (query, entry) = (video(40, 500), video(40, 500));
    let mut hits: Vec<Hit> = (0..30).map(|n| hit(n, n, 4)).collect();
    hits.extend((0..30).map(|n| Hit {
        mirrored: true,
        ..hit(n, n, 9)
    }));
    let found = segments(&hits, &query, &entry).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].mirrored, found[0].frames), (false, 30));
}

#[test]
fn a_piece_that_is_shown_twice_is_two_segments() {
    let (query, entry) = (video(40, 500), video(60, 500));
    let hits: Vec<Hit> = (0..40).map(|n| hit(n, 10 + n % 20, 4)).collect();
    let found = segments(&hits, &query, &entry).unwrap();
    let times: Vec<_> = found.iter().map(|s| (s.query_ms[0], s.entry_ms)).collect();
    assert_eq!(times, [(0, [5000, 15_000]), (10_000, [5000, 15_000])]);
}

#[test]
fn a_hit_of_a_frame_that_is_not_there_is_an_error() {
    let (query, entry) = (video(4, 500), video(3, 500));
    assert!(segments(&[hit(3, 2, 0)], &query, &entry).is_ok());
    let of = |hit| segments(&[hit], &query, &entry).unwrap_err().to_string();
    assert_eq!(
        of(hit(4, 2, 0)),
        "a hit names frame 4 of the upload, which has 4"
    );
    assert_eq!(
        of(hit(3, 3, 0)),
        "a hit names frame 3 of the entry, which has 3"
    );
}

/// However many hits there are, and whatever they are: at most 3,000 looks at each of 8 hits a frame.
#[test]
fn work_is_linear_in_the_frames_of_the_upload() {
    let looks = |hits: &[Hit], query: &Timeline, entry: &Timeline| {
        Board::new(hits, query, entry).unwrap().segments().1
    };
    let mut a_frame = Vec::new();
    for frames in [500, 1000, 2000] {
        let (query, entry) = (video(frames, 500), video(frames, 500));
        // Each frame is near to the hundred after it.
        let alike =
            |query| (0..100).map(move |n| hit(query, (query + n) % frames, (n % 31) as u16));
        let alike: Vec<Hit> = (0..frames).flat_map(alike).collect();
        let noise = Chance(7).hits(50 * frames, &query, &entry);
        let copied = Copied::new(0..frames, 1.0, 0.0).hits(&query, &entry);
        let each = [alike, noise, copied].map(|hits| looks(&hits, &query, &entry) / frames as u64);
        println!("{frames} frames: {each:?} looks a frame");
        assert!(each.iter().all(|looks| *looks <= 8 * 3000));
        a_frame.push(each);
    }
    for (less, more) in a_frame[1].iter().zip(a_frame[2]) {
        assert!(more <= 2 * less, "{a_frame:?}");
    }
}
