//! The paved path: uploads against lists, by the verdicts that it may give.

#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

mod plain;
mod snapshots;
mod videos;
mod views;
mod windows;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use ijkpunt::baseline::NewRow;
use ijkpunt::hash::{DigestKind, Hasher, Pdq, Transform};
use ijkpunt::media;
use ijkpunt::screen::{
    BuildError, Call, Clock, Evidence, FormOrigin, MatchClass, OwnList, UndecidedKind,
};
use ijkpunt::{
    Dihedral, Effort, Limits, List, Picture, Policy, Quality, Radius, Screener, Screening, Surface,
};

fn bytes_of(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    fs::read(folder.join(name)).unwrap()
}

fn transform_of(name: &str) -> Transform {
    let bytes = bytes_of(name);
    let limits = Limits::default();
    let frame = media::frames(&bytes, &limits).next().unwrap().unwrap();
    Hasher::new().hash(frame.picture()).unwrap()
}

const SCENE: &str = "png/scene-320x240.png";
const OTHER: &str = "png/scene-513x300.png";

/// `pdq` with the first `count` bits flipped.
fn away(pdq: Pdq, count: usize) -> Pdq {
    let mut bytes = pdq.to_bytes();
    for bit in 0..count {
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
    }
    Pdq::from_bytes(bytes)
}

fn list(rows: &[(&str, Pdq)]) -> List {
    let rows: String = rows
        .iter()
        .map(|(id, pdq)| format!("{id},{pdq}\n"))
        .collect();
    List::from_bytes(format!("id,pdq\n{rows}").as_bytes()).unwrap()
}

fn screener(list: List) -> Screener {
    let builder = Screener::builder().list("test", list);
    builder.surface(Surface::Public).build().unwrap()
}

fn evidence(screening: Screening) -> Vec<Evidence> {
    match screening {
        Screening::Match(matched) => matched.evidence().to_vec(),
        other => panic!("{other:?}"),
    }
}

fn bits(evidence: &Evidence) -> u16 {
    evidence.distance.unwrap().bits()
}

#[test]
fn the_radius_of_the_list_decides_and_is_inclusive() {
    let pdq = transform_of(SCENE).pdq();
    for (bits, matches) in [(0, true), (30, true), (31, true), (32, false), (100, false)] {
        let screener = screener(list(&[("item", away(pdq, bits))]));
        let screening = screener.screen(&bytes_of(SCENE));
        assert_eq!(matches!(screening, Screening::Match(_)), matches, "{bits}");
        assert_eq!(
            matches!(screening, Screening::NoMatch(_)),
            !matches,
            "{bits}"
        );
    }
}

#[test]
fn lists_have_their_own_radius_and_evidence_names_its_list() {
    let pdq = transform_of(SCENE).pdq();
    let wide = Policy::default().radius(Radius::new(40).unwrap());
    let screener = Screener::builder()
        .list("narrow", list(&[("a", away(pdq, 36))]))
        .list_with(
            "wide",
            list(&[("b", away(pdq, 36)), ("c", away(pdq, 8))]),
            wide,
        )
        .surface(Surface::Public)
        .build()
        .unwrap();
    let found = evidence(screener.screen(&bytes_of(SCENE)));
    let found: Vec<_> = found
        .iter()
        .map(|e| (&*e.list, &*e.entry, bits(e)))
        .collect();
    assert_eq!(found, [("wide", "c", 8), ("wide", "b", 36)]);
}

#[test]
fn an_entry_with_many_rows_is_found_once_by_its_nearest() {
    let pdq = transform_of(SCENE).pdq();
    let rows = [
        ("item", away(pdq, 20)),
        ("item", away(pdq, 4)),
        ("item", away(pdq, 12)),
    ];
    let found = evidence(screener(list(&rows)).screen(&bytes_of(SCENE)));
    assert_eq!(found.len(), 1);
    assert_eq!(bits(&found[0]), 4);
}

#[test]
fn turned_and_mirrored_copies_are_found_and_named() {
    let transform = transform_of(SCENE);
    for form in Dihedral::ALL {
        let screener = screener(list(&[("item", transform.form(form))]));
        let found = evidence(screener.screen(&bytes_of(SCENE)));
        assert_eq!((found[0].dihedral, bits(&found[0])), (form, 0));
        assert_eq!(found[0].form_origin, FormOrigin::Picture);
    }
}

#[test]
fn a_picture_from_ones_own_decoder_gives_the_same_as_its_bytes() {
    let bytes = bytes_of(SCENE);
    let limits = Limits::default();
    let frame = media::frames(&bytes, &limits).next().unwrap().unwrap();
    let screener = screener(list(&[("item", transform_of(SCENE).pdq())]));
    let by_picture = evidence(screener.screen_picture(frame.picture()));
    assert_eq!(by_picture, evidence(screener.screen(&bytes)));
    let tiny = Picture::grey(4, 4, 4, vec![0; 16]).unwrap();
    let Screening::Undecided(undecided) = screener.screen_picture(&tiny) else {
        panic!("too small");
    };
    assert_eq!(undecided.kind(), UndecidedKind::TooSmall);
}

#[test]
fn a_bare_hash_gets_derived_forms_that_say_so() {
    let transform = transform_of(SCENE);
    let known = screener(list(&[("item", transform.form(Dihedral::FlipY))]));
    let found = evidence(known.screen_pdq(transform.pdq(), None));
    assert_eq!(found[0].dihedral, Dihedral::FlipY);
    assert_eq!(found[0].form_origin, FormOrigin::DerivedFromHash);
    assert_eq!(found[0].upload_quality, None);
    let known = screener(list(&[("item", transform.pdq())]));
    let found = evidence(known.screen_pdq(transform.pdq(), None));
    assert_eq!(found[0].form_origin, FormOrigin::Picture);
}

#[test]
fn a_bare_hash_of_low_quality_is_undecided_and_one_of_enough_is_not() {
    let screener = screener(list(&[("item", transform_of(OTHER).pdq())]));
    let screen = |quality| {
        let quality = Some(Quality::new(quality).unwrap());
        screener.screen_pdq(transform_of(SCENE).pdq(), quality)
    };
    let Screening::Undecided(undecided) = screen(49) else {
        panic!("quality 49");
    };
    assert_eq!(undecided.kind(), UndecidedKind::TooLittleDetail);
    assert!(matches!(screen(50), Screening::NoMatch(_)));
}

#[test]
fn a_list_that_no_frame_is_good_enough_for_makes_it_undecided() {
    let strict = Policy::default().minimum_quality(Quality::new(80).unwrap());
    let nothing = || list(&[("item", transform_of(OTHER).pdq())]);
    let screener = Screener::builder()
        .list("lenient", nothing())
        .list_with("strict", nothing(), strict)
        .effort(Effort::Plain)
        .surface(Surface::Public)
        .build()
        .unwrap();
    let Screening::Undecided(undecided) = screener.screen(&bytes_of("png/quality-70.png")) else {
        panic!("quality 70");
    };
    assert_eq!(
        undecided.reason(),
        "too little detail (quality 70, list strict asks for 80)"
    );
}

#[test]
fn rows_below_the_minimum_quality_are_left_out_and_counted() {
    let pdq = transform_of(SCENE).pdq();
    let text =
        format!("id,pdq,quality\nlow,{pdq},49\nenough,{pdq},50\nunstated,{pdq},\nbroken,xyz,\n");
    let screener = screener(List::from_bytes(text.as_bytes()).unwrap());
    let found = evidence(screener.screen(&bytes_of(SCENE)));
    let found: Vec<_> = found.iter().map(|e| &*e.entry).collect();
    assert_eq!(found, ["enough", "unstated"]);
    let info = &screener.lists()[0];
    assert_eq!(
        (
            info.entries,
            info.rows,
            info.low_quality_rows,
            info.refused_rows
        ),
        (3, 2, 1, 1)
    );
}

#[test]
fn surfaces_that_are_not_public_are_refused_and_so_is_silence_about_it() {
    let build = |surface: Option<Surface>| {
        let builder = Screener::builder().list("test", list(&[]));
        match surface {
            Some(surface) => builder.surface(surface).build(),
            None => builder.build(),
        }
        .map(|_| ())
    };
    assert_eq!(build(Some(Surface::Public)), Ok(()));
    assert_eq!(build(None), Err(BuildError::NoSurface));
    for surface in [Surface::ClosedGroup, Surface::Private] {
        assert_eq!(build(Some(surface)), Err(BuildError::NotPublic { surface }));
    }
}

#[test]
fn no_list_and_two_lists_of_one_name_are_refused() {
    let public = || Screener::builder().surface(Surface::Public);
    assert_eq!(public().build().map(|_| ()), Err(BuildError::NoList));
    let twice = public().list("a", list(&[])).list("a", list(&[]));
    assert!(matches!(twice.build(), Err(BuildError::NameTwice { .. })));
}

#[test]
fn the_clock_tells_when_it_was_screened() {
    #[derive(Debug)]
    struct Fixed;
    impl Clock for Fixed {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
        }
    }
    let builder = Screener::builder().list("test", list(&[])).clock(Fixed);
    let screener = builder.surface(Surface::Public).build().unwrap();
    assert_eq!(screener.screen(&bytes_of(SCENE)).at(), Fixed.now());
    assert_eq!(screener.screen(b"nothing").at(), Fixed.now());
}

#[test]
fn limits_of_the_screener_make_undecided_what_they_cut() {
    let mut limits = Limits::default();
    limits.pixels = 320 * 240 - 1;
    let builder = Screener::builder().list("test", list(&[])).limits(limits);
    let screener = builder.surface(Surface::Public).build().unwrap();
    let Screening::Undecided(undecided) = screener.screen(&bytes_of(SCENE)) else {
        panic!("over the limit");
    };
    assert_eq!(undecided.kind(), UndecidedKind::Limit);
    assert_eq!(
        undecided.reason(),
        "limit: 76800 pixels, at most 76799 allowed"
    );
}

#[test]
fn frames_beyond_the_limit_make_it_undecided_unless_an_earlier_one_matches() {
    let name = "gif/animated-partial.gif";
    let mut limits = Limits::default();
    limits.frames = 2;
    let screen = |list: List| {
        let builder = Screener::builder()
            .list("test", list)
            .limits(limits.clone());
        builder
            .surface(Surface::Public)
            .build()
            .unwrap()
            .screen(&bytes_of(name))
    };
    let Screening::Undecided(undecided) = screen(list(&[])) else {
        panic!("frames were cut");
    };
    assert_eq!(undecided.kind(), UndecidedKind::Limit);
    let Screening::Match(matched) = screen(list(&[("item", transform_of(name).pdq())])) else {
        panic!("frame 0 matches");
    };
    assert_eq!(matched.gaps().len(), 1);
}

#[test]
fn threads_share_a_screener_and_agree() {
    let names = [
        SCENE,
        OTHER,
        "png/flat-160x120.png",
        "jpeg/baseline-420.jpg",
        "gif/animated-repeated.gif",
    ];
    let screener = screener(list(&[("item", transform_of(SCENE).pdq())]));
    let verdicts = || names.map(|name| screener.screen(&bytes_of(name)).name());
    let expected = verdicts();
    assert_eq!(
        expected,
        ["match", "no_match", "undecided", "no_match", "no_match"]
    );
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).for_each(|_| assert_eq!(verdicts(), expected)));
        }
    });
}

#[test]
fn debug_of_a_screener_and_a_verdict_shows_no_hash() {
    let pdq = transform_of(SCENE).pdq();
    let screener = screener(list(&[("item", pdq)]));
    let shown = format!("{screener:?} {:?}", screener.screen(&bytes_of(SCENE)));
    assert!(!shown.contains(&pdq.to_string()[..8]), "{shown}");
}

#[test]
fn the_hashes_are_what_the_distance_is_between_and_debug_shows_neither() {
    let transform = transform_of(SCENE);
    let row = away(transform.form(Dihedral::Rot90), 9);
    let found = evidence(screener(list(&[("item", row)])).screen(&bytes_of(SCENE)));
    let (upload, entry) = found[0].hashes().unwrap();
    assert_eq!((upload, entry), (transform.form(found[0].dihedral), row));
    assert_eq!(Some(upload.distance(entry)), found[0].distance);
    assert_eq!(found[0].frame_size, Some([320, 240]));
    let shown = format!("{found:?}");
    assert!(!shown.contains(&upload.to_string()) && !shown.contains(&entry.to_string()));
    assert!(
        !shown.contains(&format!("{:?}", upload.to_bytes())),
        "{shown}"
    );
}

#[test]
fn exact_bytes_are_found_by_any_digest_without_a_distance() {
    let bytes = bytes_of(SCENE);
    for kind in DigestKind::ALL {
        let list = List::from_rows([NewRow::new("item", kind.of(&bytes))]).unwrap();
        let found = evidence(screener(list).screen(&bytes));
        assert_eq!(
            (found[0].class, found[0].distance),
            (MatchClass::ExactBytes, None)
        );
    }
}

#[test]
fn exact_bytes_come_before_near_duplicates_and_an_entry_is_found_once() {
    let (bytes, pdq) = (bytes_of(SCENE), transform_of(SCENE).pdq());
    let rows = [
        NewRow::new("near", pdq),
        NewRow::new("both", pdq),
        NewRow::new("both", DigestKind::Sha1.of(&bytes)),
    ];
    let found = evidence(screener(List::from_rows(rows).unwrap()).screen(&bytes));
    let found: Vec<_> = found.iter().map(|e| (&*e.entry, e.class)).collect();
    assert_eq!(
        found,
        [
            ("both", MatchClass::ExactBytes),
            ("near", MatchClass::NearDuplicate)
        ]
    );
}

#[test]
fn exact_bytes_are_found_where_nothing_can_be_decoded() {
    let bytes = b"no picture at all, and still the very file";
    let list = List::from_rows([NewRow::new("item", DigestKind::Md5.of(bytes))]).unwrap();
    let Screening::Match(matched) = screener(list).screen(bytes) else {
        panic!("the bytes are listed");
    };
    assert_eq!(matched.gaps().len(), 1);
}

#[test]
fn a_list_of_digests_asks_no_quality_of_frames() {
    let list = List::from_rows([NewRow::new("item", DigestKind::Md5.of(b"x"))]).unwrap();
    let verdict = screener(list).screen(&bytes_of("png/flat-160x120.png"));
    assert!(matches!(verdict, Screening::NoMatch(_)), "{verdict:?}");
}

#[test]
fn a_deadline_and_a_cancelled_call_are_gaps() {
    let screener = screener(list(&[("item", transform_of(OTHER).pdq())]));
    let kind = |call| match screener.screen_call(&bytes_of(SCENE), call) {
        Screening::Undecided(undecided) => Some(undecided.kind()),
        _ => None,
    };
    let (yes, no) = (AtomicBool::new(true), AtomicBool::new(false));
    let later = Instant::now() + Duration::from_secs(60);
    assert_eq!(kind(Call::new()), None);
    assert_eq!(kind(Call::new().deadline(later).cancelled_by(&no)), None);
    assert_eq!(
        kind(Call::new().deadline(Instant::now())),
        Some(UndecidedKind::Deadline)
    );
    assert_eq!(
        kind(Call::new().cancelled_by(&yes)),
        Some(UndecidedKind::Cancelled)
    );
}

#[test]
fn a_call_that_ended_keeps_what_it_found() {
    let bytes = bytes_of(SCENE);
    let list = List::from_rows([NewRow::new("item", DigestKind::Md5.of(&bytes))]).unwrap();
    let call = Call::new().deadline(Instant::now());
    let Screening::Match(matched) = screener(list).screen_call(&bytes, call) else {
        panic!("digests are looked up first");
    };
    assert_eq!(matched.gaps().len(), 1);
}

#[test]
fn counters_add_up() {
    let screener = screener(list(&[("item", transform_of(SCENE).pdq())]));
    for name in [
        SCENE,
        OTHER,
        OTHER,
        "png/flat-160x120.png",
        "gif/animated-repeated.gif",
    ] {
        let _ = screener.screen(&bytes_of(name));
    }
    let _ = screener.screen(b"no picture");
    let counts = screener.counts();
    assert_eq!((counts.matched, counts.no_match), (1, 3));
    let undecided: Vec<_> = counts.undecided.iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(
        undecided,
        [
            &(UndecidedKind::NotAnImage, 1),
            &(UndecidedKind::TooLittleDetail, 1)
        ]
    );
    // Of the five frames that are not flat, one matches as a whole; the others are asked as negatives and by their views too.
    assert_eq!(counts.frames, 6);
    assert!(counts.views > 4 * 20, "{counts:?}");
    let of_views = counts.lookups - (5 * 8 + 4 * 8);
    assert!((counts.views..=4 * 224).contains(&of_views), "{counts:?}");
}

fn own(rows: &[(&str, Pdq)]) -> (OwnList, Screener) {
    let own = OwnList::new(list(rows));
    let builder = Screener::builder().list("own", own.clone());
    (own, builder.surface(Surface::Public).build().unwrap())
}

#[test]
fn an_own_list_can_be_added_to_and_replaced_while_it_is_asked() {
    let pdq = transform_of(SCENE).pdq();
    let (own, screener) = own(&[]);
    let screen = || screener.screen(&bytes_of(SCENE));
    assert!(matches!(screen(), Screening::NoMatch(_)));
    own.add([NewRow::new("decision", pdq)]).unwrap();
    let first = screen();
    assert_eq!(first.lists()[0].version, screener.lists()[0].version);
    assert_eq!(&*evidence(first)[0].entry, "decision");
    own.replace(list(&[("another", transform_of(OTHER).pdq())]));
    assert!(matches!(screen(), Screening::NoMatch(_)));
}

#[test]
fn an_entry_that_is_switched_off_stays_off_over_changes_until_it_is_switched_on() {
    let pdq = transform_of(SCENE).pdq();
    let (own, screener) = own(&[("wrong", pdq), ("right", away(pdq, 8))]);
    let found = || -> Vec<String> {
        let found = evidence(screener.screen(&bytes_of(SCENE)));
        found.iter().map(|e| e.entry.to_string()).collect()
    };
    assert_eq!(found(), ["wrong", "right"]);
    assert!(own.switch_off("wrong"));
    assert!(!own.switch_off("not there"));
    assert_eq!(found(), ["right"]);
    assert_eq!(screener.lists()[0].switched_off, 1);
    own.add([NewRow::new("wrong", away(pdq, 2))]).unwrap();
    assert_eq!(found(), ["right"]);
    own.replace(list(&[("wrong", pdq), ("right", pdq)]));
    assert_eq!(found(), ["right"]);
    assert!(own.switch_on("wrong"));
    assert_eq!(found(), ["wrong", "right"]);
}

#[test]
fn a_file_that_cannot_be_read_again_leaves_the_version_that_was_there() {
    let path = std::env::temp_dir().join(format!("ijkpunt-own-{}.csv", std::process::id()));
    let pdq = transform_of(SCENE).pdq();
    fs::write(&path, format!("id,pdq\none,{pdq}\n")).unwrap();
    let own = OwnList::open(&path).unwrap();
    let builder = Screener::builder().list("own", own.clone());
    let screener = builder.surface(Surface::Public).build().unwrap();
    fs::write(&path, "this is no list").unwrap();
    assert!(own.reload().is_err());
    assert_eq!(
        &*evidence(screener.screen(&bytes_of(SCENE)))[0].entry,
        "one"
    );
    fs::write(&path, format!("id,pdq\ntwo,{pdq}\n")).unwrap();
    own.reload().unwrap();
    assert_eq!(
        &*evidence(screener.screen(&bytes_of(SCENE)))[0].entry,
        "two"
    );
    fs::remove_file(&path).unwrap();
}

/// Version `v` of the list holds entries `v-0` to `v-9`, all of them near the query. Whatever is found under load must be
/// one version whole: ten entries of one `v`, and never an older one than the thread has seen.
#[test]
fn swapping_under_load_loses_and_mixes_nothing() {
    let pdq = transform_of(SCENE).pdq();
    let version = |v: u64| {
        let rows = (0..10).map(|i| NewRow::new(format!("{v}-{i}"), away(pdq, i)));
        List::from_rows(rows).unwrap()
    };
    let own = OwnList::new(version(0));
    let builder = Screener::builder().list("own", own.clone());
    let screener = builder.surface(Surface::Public).build().unwrap();
    let (stop, screened) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut newest = 0;
                while !stop.load(Ordering::Relaxed) {
                    let found = evidence(screener.screen_pdq(pdq, None));
                    let versions: Vec<u64> = found
                        .iter()
                        .map(|e| e.entry.split('-').next().unwrap().parse().unwrap())
                        .collect();
                    assert_eq!(versions, [versions[0]; 10]);
                    assert!(versions[0] >= newest);
                    newest = versions[0];
                    screened.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for v in 1..=300 {
            own.replace(version(v));
            std::thread::sleep(Duration::from_micros(300));
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(screened.load(Ordering::Relaxed) > 300);
    assert!(
        evidence(screener.screen_pdq(pdq, None))[0]
            .entry
            .starts_with("300-")
    );
}
