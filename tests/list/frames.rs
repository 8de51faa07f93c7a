//! Rows of frames of videos: hashes of whole frames, each with the time at which it shows.

use ijkpunt::baseline::{FrameRole, List, ListError, NewRow, Part, Profile, Shown};
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use proptest::prelude::*;

use super::{A, B, ids, read, refused};

fn pdq(hex: &str) -> Pdq {
    hex.parse().unwrap()
}

fn shown(text: &str) -> Shown {
    text.parse().unwrap()
}

fn saved(list: &List) -> String {
    let mut bytes = Vec::new();
    list.write_csv(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

const OF_WINDOW: &str = "a row is a frame or a window: with a time, in the column `shown`, it has no part and not the profile windows/1";
const OF_DIGEST: &str = "the time of a frame, in the column `shown`, needs a PDQ hash";

#[test]
fn a_row_of_a_frame_has_a_time_and_belongs_to_its_entry() {
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    let list = read(&format!(
        "id,shown,pdq,md5,profile,quality\n\
         video,500 1000,{A},{md5},,90\n\
         still,,{A},,pdq/full,\n\
         video,\" 0 500 intro \",{B},,pdq/512,\n\
         video,,{B},,pdq/full,\n"
    ));
    assert_eq!(list.reading().refused(), 0, "{:?}", list.reading());
    assert_eq!(ids(&list), ["video", "still"]);
    let rows: Vec<_> = list
        .rows()
        .iter()
        .map(|row| (row.entry(), row.pdq(), row.profile(), row.shown()))
        .collect();
    let (first, second) = (shown("500 1000"), shown("0 500 intro"));
    assert_eq!(
        rows,
        [
            (0, Some(pdq(A)), Profile::Unstated, Some(first)),
            (0, None, Profile::Unstated, None), // the digest is that of the file
            (1, Some(pdq(A)), Profile::Full, None),
            (0, Some(pdq(B)), Profile::Shrunk512, Some(second)),
            (0, Some(pdq(B)), Profile::Full, None),
        ]
    );
    assert_eq!((list.frames(), list.windows()), (2, 0));
    assert_eq!(second.role(), FrameRole::Intro);
}

#[test]
fn every_row_that_is_half_a_frame_is_placed_and_explained() {
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    let no_time = |why: &str| format!("not the time of a frame: {why}");
    let form = no_time(
        "two decimal numbers of milliseconds are expected, from when to when, and a role if it is not core, \
         single spaces between them",
    );
    let expected = [
        OF_WINDOW.to_owned(),
        OF_WINDOW.to_owned(),
        OF_WINDOW.to_owned(),
        OF_DIGEST.to_owned(),
        OF_DIGEST.to_owned(),
        form.clone(),
        form,
        no_time("it ends before it begins"),
        no_time("the time between the two is not a multiple of 10 ms: round it"),
        no_time("it shows longer than 655350 ms: give it several rows, one behind the other"),
        no_time("the role is none of intro, credits, blank, news and stock; core frames have none"),
        no_time("it begins after 4294967295 ms, which is 49 days"),
    ];
    let expected: Vec<String> = (3..)
        .zip(expected)
        .map(|(line, problem)| format!("line {line}, column 6: {problem}"))
        .collect();
    assert_eq!(
        refused(&format!(
            "id,pdq,md5,profile,part,shown\n\
             good,{A},,,,0 10\n\
             both,{A},,windows/1,0 0 5000 5000,0 10\n\
             profile,{A},,windows/1,,0 10\n\
             part,{A},,,0 0 5000 5000,0 10\n\
             digest,,{md5},,,0 10\n\
             digest,,{md5},windows/1,0 0 5000 5000,0 10\n\
             one,{A},,,,10\n\
             spaces,{A},,,,0  10\n\
             back,{A},,,,20 10\n\
             odd,{A},,,,0 15\n\
             long,{A},,,,0 655360\n\
             role,{A},,,,0 10 core\n\
             late,{A},,,,4294967296 4294967296\n"
        )),
        expected
    );
    let twice = List::from_bytes(b"shown,pdq,SHOWN\n").unwrap_err();
    assert_eq!(
        twice.to_string(),
        "line 1: the header names the column `shown` twice"
    );
}

#[test]
fn rows_in_memory_that_are_half_a_frame_are_refused() {
    let problem = |row: NewRow| match List::from_rows([NewRow::new("good", pdq(A)), row]) {
        Err(ListError::Row { number: 1, problem }) => problem.to_string(),
        other => panic!("{other:?}"),
    };
    let part = Part::new([0, 0, 5000, 5000]).unwrap();
    let frame = || NewRow::new("one", pdq(A)).shown(shown("0 10"));
    let digest = NewRow::new("one", DigestKind::Md5.of(b"x"));
    assert_eq!(problem(digest.shown(shown("0 10"))), OF_DIGEST);
    for row in [
        frame().window(part),
        frame().profile(Profile::Windows),
        frame().window(part).profile(Profile::Full),
    ] {
        assert_eq!(problem(row), OF_WINDOW);
    }
}

#[test]
fn a_list_without_frames_keeps_its_bytes_and_one_with_frames_gets_a_column() {
    let whole = || NewRow::new("one", pdq(A)).label("a");
    let frame = || NewRow::new("one", pdq(B)).shown(shown("500 1000 credits"));
    let part: Part = "1250 2500 3750 6000".parse().unwrap();
    let window = NewRow::new("one", pdq(A)).window(part);
    let b = B.to_ascii_lowercase();
    assert_eq!(
        saved(&List::from_rows([whole()]).unwrap()),
        format!("id,pdq,sha256,sha1,md5,quality,label,profile\none,{A},,,,,a,pdq/full\n")
    );
    assert_eq!(
        saved(&List::from_rows([whole(), frame()]).unwrap()),
        format!(
            "id,pdq,sha256,sha1,md5,quality,label,profile,shown\n\
             one,{A},,,,,a,pdq/full,\n\
             one,{b},,,,,,pdq/full,500 1000 credits\n"
        )
    );
    assert_eq!(
        saved(&List::from_rows([frame(), window, whole()]).unwrap()),
        format!(
            "id,pdq,sha256,sha1,md5,quality,label,profile,part,shown\n\
             one,{b},,,,,,pdq/full,,500 1000 credits\n\
             one,{A},,,,,,windows/1,1250 2500 3750 6000,\n\
             one,{A},,,,,a,pdq/full,,\n"
        )
    );
}

#[test]
fn debug_tells_how_many_frames_and_nothing_else_of_them() {
    let list = read(&format!("pdq,shown\n{A},61500 62000\n"));
    let told = format!("{list:?}");
    assert!(
        told.contains("frames: 1") && !told.contains("615"),
        "{told}"
    );
}

fn any_row() -> impl Strategy<Value = NewRow> {
    let row = ("[a-d]", any::<[u8; 32]>()).prop_map(|(id, bits)| (id, Pdq::from_bytes(bits)));
    let time = (any::<u32>(), any::<u16>(), 0..FrameRole::ALL.len());
    prop_oneof![
        (row.clone(), time, 0u8..=100).prop_map(|((id, pdq), (at, lasts, role), quality)| {
            let shown = Shown::new(at, lasts, FrameRole::ALL[role]);
            let row = NewRow::new(id, pdq).shown(shown);
            row.quality(Quality::new(quality).unwrap())
        }),
        row.clone().prop_map(|(id, pdq)| NewRow::new(id, pdq)),
        row.clone()
            .prop_map(|(id, pdq)| NewRow::new(id, pdq).window(Part::new([1, 2, 3, 4]).unwrap())),
        row.prop_map(|(id, pdq)| NewRow::new(id, DigestKind::Sha1.of(&pdq.to_bytes()))),
    ]
}

proptest! {
    #[test]
    fn a_list_of_rows_and_frames_that_was_saved_and_read_again_is_the_same(
        rows in prop::collection::vec(any_row(), 1..20),
    ) {
        let list = List::from_rows(rows).unwrap();
        let again = List::from_bytes(saved(&list).as_bytes()).unwrap();
        prop_assert_eq!(again.reading(), list.reading());
        prop_assert_eq!(again.rows(), list.rows());
        prop_assert_eq!(again.entries(), list.entries());
        prop_assert_eq!(again.digest(), list.digest());
        prop_assert_eq!((again.frames(), again.windows()), (list.frames(), list.windows()));
        let once_more = List::from_rows(again.to_rows()).unwrap();
        prop_assert_eq!(once_more.digest(), list.digest());
        prop_assert_eq!(once_more.rows(), list.rows());
    }
}
