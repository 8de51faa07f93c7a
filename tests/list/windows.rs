//! Rows of windows: hashes of parts of a picture, each with the place of its part.

use ijkpunt::baseline::{Code, List, ListError, NewRow, Part, Profile};
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use proptest::prelude::*;

use super::{A, B, ids, read, refused};

fn pdq(hex: &str) -> Pdq {
    hex.parse().unwrap()
}

fn part(text: &str) -> Part {
    text.parse().unwrap()
}

fn saved(list: &List) -> Vec<u8> {
    let mut bytes = Vec::new();
    list.write_csv(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_row_of_a_window_has_a_part_and_belongs_to_its_entry() {
    let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
    let list = read(&format!(
        "part,id,pdq,profile,quality,sha1\n\
         ,one,{A},pdq/full,100,\n\
         1250 2500 3750 6000,one,{B},windows/1,81,{sha1}\n\
         \" 0 0 10000 1 \",two,{A},windows/1,,\n"
    ));
    assert_eq!(list.reading().refused(), 0, "{:?}", list.reading());
    assert_eq!(ids(&list), ["one", "two"]);
    let rows: Vec<_> = list
        .rows()
        .iter()
        .map(|row| (row.entry(), row.pdq(), row.profile(), row.part()))
        .collect();
    let window = |text| (Profile::Windows, Some(part(text)));
    let [whole, first, second] = [
        (Profile::Full, None),
        window("1250 2500 3750 6000"),
        window("0 0 10000 1"),
    ];
    assert_eq!(
        rows,
        [
            (0, Some(pdq(A)), whole.0, whole.1),
            (0, Some(pdq(B)), first.0, first.1),
            (0, None, Profile::Unstated, None), // the digest is that of the file
            (1, Some(pdq(A)), second.0, second.1),
        ]
    );
    assert_eq!(list.windows(), 2);
    assert_eq!(list.profile(), Profile::Full);
}

#[test]
fn every_row_that_is_half_a_window_is_placed_and_explained() {
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    assert_eq!(
        refused(&format!(
            "id,pdq,md5,profile,part\n\
             good,{A},,windows/1,0 0 5000 5000\n\
             no part,{A},,windows/1,\n\
             no part,,{md5},windows/1,\n\
             no profile,{A},,,0 0 5000 5000\n\
             another,{A},,pdq/full,0 0 5000 5000\n\
             unstated,{A},,pdq/unstated,0 0 5000 5000\n\
             digest,,{md5},windows/1,0 0 5000 5000\n\
             digest,,{md5},,0 0 5000 5000\n\
             three,{A},,windows/1,0 0 5000\n\
             spaces,{A},,windows/1,0  0 5000 5000\n\
             signs,{A},,windows/1,+0 0 5000 5000\n\
             outside,{A},,windows/1,0 0 10001 5000\n\
             empty,{A},,windows/1,5000 0 5000 5000\n\
             later,{A},,windows/2,0 0 5000 5000\n\
             none,,,windows/1,0 0 5000 5000\n"
        )),
        [
            "line 3, column 5: the profile windows/1 needs a part, in the column `part`",
            "line 4, column 5: the profile windows/1 needs a part, in the column `part`",
            "line 5, column 5: a part, in the column `part`, needs the profile windows/1",
            "line 6, column 5: a part, in the column `part`, needs the profile windows/1",
            "line 7, column 5: a part, in the column `part`, needs the profile windows/1",
            "line 8, column 5: a part, in the column `part`, needs a PDQ hash",
            "line 9, column 5: a part, in the column `part`, needs a PDQ hash",
            "line 10, column 5: not a part: four decimal numbers are expected, single spaces between them",
            "line 11, column 5: not a part: four decimal numbers are expected, single spaces between them",
            "line 12, column 5: not a part: four decimal numbers are expected, single spaces between them",
            "line 13, column 5: not a part: a side is above 10000",
            "line 14, column 5: not a part: left is not less than right, or top not less than bottom",
            "line 15, column 4: unknown profile; known are pdq/full, pdq/512, windows/1 and pdq/unstated",
            "line 16: no hash in this row",
        ]
    );
    assert_eq!(
        refused(&format!("pdq,profile\n{A},\n{A},windows/1\n")),
        ["line 3, column 2: the profile windows/1 needs a part, in the column `part`"]
    );
    assert_eq!(
        refused(&format!("pdq,part\n{A},\n{A},0 0 1 1\n")),
        ["line 3, column 2: a part, in the column `part`, needs the profile windows/1"]
    );
    let twice = List::from_bytes(b"part,pdq,PART\n").unwrap_err();
    assert_eq!(
        twice.to_string(),
        "line 1: the header names the column `part` twice"
    );
}

#[test]
fn a_part_that_is_not_utf8_is_refused_in_its_row() {
    let mut bytes = format!("pdq,profile,part\n{A},,\n{A},windows/1,").into_bytes();
    bytes.extend(b"0 0 1 \xff\n");
    let list = List::from_bytes(&bytes).unwrap();
    let first = list.reading().first_refused();
    assert_eq!(first[0].to_string(), "line 3, column 3: not UTF-8");
}

#[test]
fn rows_in_memory_that_are_half_a_window_are_refused() {
    let whole = part("0 0 10000 10000");
    let problem = |row: NewRow| match List::from_rows([NewRow::new("good", pdq(A)), row]) {
        Err(ListError::Row { number: 1, problem }) => problem.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        problem(NewRow::new("one", DigestKind::Md5.of(b"x")).window(whole)),
        "a part, in the column `part`, needs a PDQ hash"
    );
    assert_eq!(
        problem(
            NewRow::new("one", pdq(A))
                .window(whole)
                .profile(Profile::Full)
        ),
        "a part, in the column `part`, needs the profile windows/1"
    );
    for code in [Code::Pdq(pdq(A)), Code::Digest(DigestKind::Md5.of(b"x"))] {
        assert_eq!(
            problem(NewRow::new("one", code).profile(Profile::Windows)),
            "the profile windows/1 needs a part, in the column `part`"
        );
    }
}

#[test]
fn windows_do_not_count_for_the_profile_unless_there_is_nothing_else() {
    let window = || NewRow::new("one", pdq(B)).window(part("1 2 3 4"));
    let whole = |profile| NewRow::new("one", pdq(A)).profile(profile);
    let digest = || NewRow::new("one", DigestKind::Sha1.of(b"x"));
    let profile = |rows: Vec<NewRow>| List::from_rows(rows).unwrap().profile();
    let [full, shrunk] = [Profile::Full, Profile::Shrunk512];
    assert_eq!(profile(vec![window(), whole(full), window()]), full);
    assert_eq!(profile(vec![whole(shrunk), window()]), shrunk);
    assert_eq!(
        profile(vec![whole(full), window(), whole(shrunk)]),
        Profile::Unstated
    );
    assert_eq!(
        profile(vec![window(), whole(Profile::Unstated)]),
        Profile::Unstated
    );
    assert_eq!(profile(vec![digest(), window()]), Profile::Windows);
    assert_eq!(profile(vec![digest()]), Profile::Unstated);
}

#[test]
fn a_list_without_windows_keeps_its_bytes_and_one_with_windows_gets_a_column() {
    let whole = || NewRow::new("one", pdq(A)).label("a");
    let window = NewRow::new("one", pdq(A)).window(part("1250 2500 3750 6000"));
    let without = List::from_rows([whole()]).unwrap();
    assert_eq!(
        String::from_utf8(saved(&without)).unwrap(),
        format!("id,pdq,sha256,sha1,md5,quality,label,profile\none,{A},,,,,a,pdq/full\n")
    );
    let with = List::from_rows([whole(), window]).unwrap();
    assert_eq!(
        String::from_utf8(saved(&with)).unwrap(),
        format!(
            "id,pdq,sha256,sha1,md5,quality,label,profile,part\n\
             one,{A},,,,,a,pdq/full,\n\
             one,{A},,,,,,windows/1,1250 2500 3750 6000\n"
        )
    );
    let first = List::from_rows(with.to_rows().take(1)).unwrap();
    assert_eq!(first.digest(), without.digest());
}

#[test]
fn debug_tells_how_many_windows_and_nothing_else_of_them() {
    let list = read(&format!("pdq,profile,part\n{A},windows/1,1250 2 3750 6\n"));
    let shown = format!("{list:?}");
    assert!(
        shown.contains("windows: 1") && !shown.contains("1250"),
        "{shown}"
    );
}

#[test]
fn every_truncation_and_every_flipped_byte_of_a_list_with_windows_is_accounted_for() {
    let good = format!(
        "id,pdq,profile,part,sha1\n\
         one,{A},pdq/full,,\n\
         one,{B},windows/1,1250 2500 3750 6000,\r\n\
         two,{A},windows/1,\"0 0 10000 10000\",\n# end\n"
    );
    let check = |bytes: &[u8]| {
        let is_passed_over = |line: &&[u8]| line.starts_with(b"#") || line.trim_ascii().is_empty();
        let lines = bytes.split(|&c| c == b'\n').filter(|l| !is_passed_over(l));
        let rows = lines.skip(1).count() as u64;
        match List::from_bytes(bytes) {
            Ok(list) => {
                let reading = list.reading();
                assert_eq!(reading.accepted() + reading.refused(), rows);
                let windows = list.rows().iter().filter(|row| row.part().is_some());
                assert_eq!(windows.count(), list.windows());
                for row in list.rows() {
                    let is_window = row.profile() == Profile::Windows;
                    assert_eq!(row.part().is_some(), is_window);
                    assert!(row.pdq().is_some() || !is_window);
                }
                let again = List::from_bytes(&saved(&list)).unwrap();
                assert_eq!(
                    (again.rows(), again.windows()),
                    (list.rows(), list.windows())
                );
            }
            Err(ListError::NothingUnderstood { refused, .. }) => assert_eq!(refused, rows),
            Err(_) => {}
        }
    };
    for length in 0..=good.len() {
        check(&good.as_bytes()[..length]);
    }
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            check(&bytes);
        }
        let mut bytes = good.clone().into_bytes();
        bytes[place] ^= 0xff;
        check(&bytes);
    }
}

prop_compose! {
    fn any_part()(left in 0..10_000u16, top in 0..10_000u16)(
        right in left + 1..=10_000, bottom in top + 1..=10_000, left in Just(left), top in Just(top),
    ) -> Part {
        Part::new([left, top, right, bottom]).unwrap()
    }
}

fn any_row() -> impl Strategy<Value = NewRow> {
    let row = ("[a-d]", any::<[u8; 32]>()).prop_map(|(id, bits)| (id, Pdq::from_bytes(bits)));
    prop_oneof![
        (row.clone(), any_part(), 0u8..=100).prop_map(|((id, pdq), part, quality)| {
            let quality = Quality::new(quality).unwrap();
            NewRow::new(id, pdq).window(part).quality(quality)
        }),
        row.clone().prop_map(|(id, pdq)| NewRow::new(id, pdq)),
        row.prop_map(|(id, pdq)| NewRow::new(id, DigestKind::Sha1.of(&pdq.to_bytes()))),
    ]
}

proptest! {
    #[test]
    fn a_list_of_rows_and_windows_that_was_saved_and_read_again_is_the_same(
        rows in prop::collection::vec(any_row(), 1..20),
    ) {
        let list = List::from_rows(rows).unwrap();
        let again = List::from_bytes(&saved(&list)).unwrap();
        prop_assert_eq!(again.reading(), list.reading());
        prop_assert_eq!(again.rows(), list.rows());
        prop_assert_eq!(again.entries(), list.entries());
        prop_assert_eq!(again.digest(), list.digest());
        prop_assert_eq!((again.profile(), again.windows()), (list.profile(), list.windows()));
        let once_more = List::from_rows(again.to_rows()).unwrap();
        prop_assert_eq!(once_more.digest(), list.digest());
        prop_assert_eq!(once_more.rows(), list.rows());
    }
}
