//! Lists: both forms, every mistake placed and counted, nothing dropped in silence, hostile files refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

use std::fmt::Write;
use std::fs;

use ijkpunt::baseline::{Code, List, ListError, NewRow, Profile, Reading};
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use ijkpunt::limits::{Limits, Resource};
use proptest::prelude::*;

#[path = "list/frames.rs"]
mod frames;
#[path = "list/windows.rs"]
mod windows;

const A: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
const B: &str = "30A10EFD71C83F429013D48D0FFFFC52E34E0E17ADA952A9D29685211EA9E5AF";

fn read(text: &str) -> List {
    List::from_bytes(text.as_bytes()).unwrap()
}

fn refused(text: &str) -> Vec<String> {
    let list = read(text);
    let first = list.reading().first_refused();
    assert_eq!(first.len() as u64, list.reading().refused());
    first.iter().map(ToString::to_string).collect()
}

fn ids(list: &List) -> Vec<&str> {
    list.entries().iter().map(|entry| entry.id()).collect()
}

#[test]
fn a_header_names_the_columns_in_any_order_and_case() {
    let list = read(&format!(
        "Label,other,PDQ,id,quality\nfirst,x,{A},one,100\n,,{B},two,\n"
    ));
    assert_eq!(ids(&list), ["one", "two"]);
    let [first, second] = list.rows() else {
        panic!("{list:?}");
    };
    assert_eq!(first.pdq().unwrap().to_string(), A);
    assert_eq!(
        (first.label(), first.quality().unwrap().get()),
        (Some("first"), 100)
    );
    assert_eq!((second.label(), second.quality()), (None, None));
    assert_eq!(second.pdq().unwrap().to_string(), B.to_lowercase());
    assert_eq!(list.profile(), Profile::Unstated);
}

#[test]
fn a_bare_list_is_one_hash_a_line_and_rows_are_named_after_lines() {
    let list = read(&format!("# a comment\n\n{A}\r\n  {B}  \r\n{A}"));
    assert_eq!(ids(&list), ["line-3", "line-4", "line-5"]);
    assert_eq!(list.reading().accepted(), 3);
}

#[test]
fn one_id_may_have_many_rows() {
    let list = read(&format!("id,pdq\none,{A}\ntwo,{B}\none,{B}\n"));
    assert_eq!(ids(&list), ["one", "two"]);
    let entries: Vec<_> = list.rows().iter().map(|row| row.entry()).collect();
    assert_eq!(entries, [0, 1, 0]);
}

#[test]
fn a_row_without_an_id_is_named_after_its_line_and_never_after_its_hash() {
    let list = read(&format!("id,pdq\n,{A}\n\"\",{B}\n"));
    assert_eq!(ids(&list), ["line-2", "line-3"]);
}

#[test]
fn every_mistake_is_placed_and_explained_and_the_rest_is_read() {
    let text = format!(
        "id,pdq,quality,profile\n\
         good,{A},100,pdq/full\n\
         short,{},100,\n\
         letter,{},100,\n\
         many,{A},101,\n\
         word,{A},high,\n\
         profile,{A},90,pdq/hd\n\
         fields,{A}\n\
         \"open,{A},90,\n\
         in\"side,{A},90,\n\
         good again,{B},90,pdq/full\n",
        &A[..63],
        A.replace('f', "x"),
    );
    assert_eq!(
        refused(&text),
        [
            "line 3, column 2: not a PDQ hash: 63 hexadecimal digits, 64 expected",
            "line 4, column 2: not a PDQ hash: character 1 is not a hexadecimal digit",
            "line 5, column 3: quality 101 is above 100",
            "line 6, column 3: quality is not a whole number from 0 to 100",
            "line 7, column 4: unknown profile; known are pdq/full, pdq/512, windows/1 and pdq/unstated",
            "line 8: 2 fields, the header has 4",
            "line 9, column 1: quotes are not closed, or stand inside a field",
            "line 10, column 1: quotes are not closed, or stand inside a field",
        ]
    );
    let list = read(&text);
    assert_eq!(ids(&list), ["good", "good again"]);
    assert_eq!(list.profile(), Profile::Full);
}

#[test]
fn a_stray_quote_swallows_no_row_but_its_own() {
    let list = read(&format!("id,pdq\n\"a,{A}\nb,{B}\nc,{A}\n"));
    assert_eq!(ids(&list), ["b", "c"]);
    assert_eq!(list.reading().refused(), 1);
}

#[test]
fn all_mistakes_are_counted_and_the_first_are_kept() {
    let mut text = format!("id,pdq\ngood,{A}\n");
    for i in 0..100 {
        writeln!(text, "{i},no hash").unwrap();
    }
    let list = read(&text);
    assert_eq!(list.reading().refused(), 100);
    assert_eq!(list.reading().first_refused().len(), Reading::KEPT);
}

#[test]
fn bytes_that_are_not_utf8_and_control_characters_are_refused_in_their_row() {
    let mut bytes = format!("id,pdq\nok,{A}\n").into_bytes();
    bytes.extend(b"\xff\xfe,");
    bytes.extend(A.as_bytes());
    bytes.extend(b"\nbell\x07,");
    bytes.extend(A.as_bytes());
    let list = List::from_bytes(&bytes).unwrap();
    let problems: Vec<_> = list
        .reading()
        .first_refused()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "line 3, column 1: not UTF-8",
            "line 4, column 1: an id has 1 to 4096 bytes and no control characters"
        ]
    );
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(read(&format!("\u{feff}id,pdq\none,{A}\n")).rows().len(), 1);
    assert_eq!(read(&format!("\u{feff}{A}\n")).rows().len(), 1);
}

#[test]
fn a_profile_that_differs_from_row_to_row_is_unstated() {
    let list = read(&format!("pdq,profile\n{A},pdq/full\n{B},pdq/512\n"));
    assert_eq!(list.profile(), Profile::Unstated);
    let list = read(&format!("pdq,profile\n{A},pdq/512\n{B},pdq/512\n"));
    assert_eq!(list.profile(), Profile::Shrunk512);
}

#[test]
fn a_file_that_is_no_list_is_an_error_that_says_what_is_expected() {
    let error = |text: &str| List::from_bytes(text.as_bytes()).unwrap_err().to_string();
    assert!(error("").contains("empty"));
    assert!(error("\n# only a comment\n").contains("empty"));
    assert!(error("id,hash\n1,2\n").contains("line 1 is neither a CSV header with a column `pdq`"));
    assert!(error(&format!("# note\n{}\n", &A[1..])).contains("line 2 is neither"));
    assert!(error("pdq,id,PDQ\n").contains("`pdq` twice"));
    assert!(error("id,pdq\n1,2\n3,4\n").contains("none of the list's 2 rows is understood"));
}

#[test]
fn a_list_of_a_header_only_is_empty_and_allowed() {
    let list = read("id,pdq\n");
    assert!(list.entries().is_empty() && list.rows().is_empty());
}

#[test]
fn the_digest_is_the_sha256_of_the_bytes() {
    // printf 'id,pdq\n' | sha256sum
    assert_eq!(
        read("id,pdq\n").digest().to_string(),
        "12a093ce787373cd5f9292e777bdab90d2a250665c8641ec1dacac07e79485be"
    );
}

#[test]
fn limits_hold_at_one_under_at_and_one_over() {
    let text = format!("id,pdq\none,{A}\ntwo,{B}\n");
    let longest = text.lines().map(str::len).max().unwrap() as u64;
    let check = |set: fn(&mut Limits, u64), limit: u64, what: Resource| {
        for (allowed, ok) in [(limit + 1, true), (limit, true), (limit - 1, false)] {
            let mut limits = Limits::default();
            set(&mut limits, allowed);
            match List::read(text.as_bytes(), &limits) {
                Ok(list) => assert!(ok && list.rows().len() == 2),
                Err(ListError::Limit(exceeded)) => assert!(!ok && exceeded.what == what),
                Err(other) => panic!("{other}"),
            }
        }
    };
    check(
        |l, n| l.list_bytes = n,
        text.len() as u64,
        Resource::ListBytes,
    );
    check(|l, n| l.list_rows = n, 2, Resource::ListRows);
    check(|l, n| l.line_bytes = n, longest, Resource::LineBytes);
}

#[test]
fn a_file_without_line_ends_is_refused_before_it_fills_memory() {
    struct Endless;
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'a');
            Ok(buffer.len())
        }
    }
    let error = List::read(std::io::BufReader::new(Endless), &Limits::default()).unwrap_err();
    assert!(
        matches!(error, ListError::Limit(e) if e.what == Resource::LineBytes),
        "{error}"
    );
}

#[test]
fn a_folder_or_a_missing_file_is_an_error() {
    assert!(matches!(List::open("."), Err(ListError::Io(_))));
    assert!(matches!(List::open("no such file"), Err(ListError::Io(_))));
}

#[test]
fn opening_reads_what_the_file_holds() {
    let path = std::env::temp_dir().join(format!("ijkpunt-list-{}.csv", std::process::id()));
    fs::write(&path, format!("id,pdq\none,{A}\n")).unwrap();
    let list = List::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(ids(&list), ["one"]);
}

#[test]
fn debug_and_errors_repeat_no_hash_and_no_id() {
    let list = read(&format!("id,pdq\nsecret,{A}\nother,{}zz\n", &A[..62]));
    let shown = format!("{list:?} {:?} {:?}", list.rows(), list.reading());
    assert!(!shown.contains(&A[..8]), "{shown}");
    assert!(!format!("{list:?}").contains("secret"));
}

#[test]
fn every_truncation_and_every_flipped_byte_reads_or_is_refused_and_counts_add_up() {
    let good = format!("id,pdq,quality,label\none,{A},100,\"a \"\"b\"\"\"\ntwo,{B},50,\r\n# end\n");
    let check = |bytes: &[u8]| {
        if let Ok(list) = List::from_bytes(bytes) {
            assert_eq!(list.reading().accepted(), list.rows().len() as u64);
            assert!(
                list.rows()
                    .iter()
                    .all(|row| row.entry() < list.entries().len())
            );
        }
    };
    for length in 0..good.len() {
        check(&good.as_bytes()[..length]);
    }
    for place in 0..good.len() {
        for mask in [0x01, 0x20, 0x80, 0xff] {
            let mut bytes = good.clone().into_bytes();
            bytes[place] ^= mask;
            check(&bytes);
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(codes in prop::collection::vec((any::<[u8; 32]>(), "[a-z ,\"#]{1,12}", 0u8..=100), 1..40)) {
        let mut text = String::from("id,pdq,quality\n");
        for (code, id, quality) in &codes {
            let quoted = id.replace('"', "\"\"");
            writeln!(text, "\"{quoted}\",{},{quality}", Pdq::from_bytes(*code)).unwrap();
        }
        let list = read(&text);
        prop_assert_eq!(list.reading().refused(), 0);
        prop_assert_eq!(list.rows().len(), codes.len());
        for (row, (code, id, quality)) in list.rows().iter().zip(&codes) {
            prop_assert_eq!(row.pdq(), Some(Pdq::from_bytes(*code)));
            prop_assert_eq!(row.quality().unwrap().get(), *quality);
            if !id.trim().is_empty() {
                prop_assert_eq!(list.entries()[row.entry()].id(), id.trim());
            }
        }
    }
}

#[test]
fn a_row_may_fill_several_hash_columns_and_must_fill_one() {
    let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
    let md5 = "900150983CD24FB0D6963F7D28E17F72";
    let text = format!("id,pdq,md5,sha1\nboth,{A},{md5},\none,,,{sha1}\nnone,,,\nbad,,{sha1},\n");
    let list = read(&text);
    let rows: Vec<_> = list
        .rows()
        .iter()
        .map(|row| (row.entry(), row.code()))
        .collect();
    let digest = |kind: DigestKind| Code::Digest(kind.of(b"abc"));
    assert_eq!(rows[0], (0, Code::Pdq(A.parse().unwrap())));
    assert_eq!(
        rows[1..],
        [(0, digest(DigestKind::Md5)), (1, digest(DigestKind::Sha1))]
    );
    assert_eq!(
        refused(&text),
        [
            "line 4: no hash in this row",
            "line 5, column 3: not an MD5 digest: 40 hexadecimal digits, 32 expected"
        ]
    );
}

#[test]
fn a_bare_list_tells_kinds_by_their_lengths() {
    let list = read(&format!(
        "{A}\na9993e364706816aba3e25717850c26c9cd0d89d\n900150983cd24fb0d6963f7d28e17f72\n"
    ));
    let codes: Vec<_> = list.rows().iter().map(|row| row.code()).collect();
    assert!(matches!(codes[0], Code::Pdq(_)));
    assert_eq!(codes[1], Code::Digest(DigestKind::Sha1.of(b"abc")));
    assert_eq!(codes[2], Code::Digest(DigestKind::Md5.of(b"abc")));
}

#[test]
fn the_export_of_python_threatexchange_is_read_and_what_is_not_is_counted() {
    let text = format!(
        "signal_type,signal_str,collab,category,tags\n\
         pdq,{A},Sample Signals,positive class,a b\n\
         video_md5,900150983cd24fb0d6963f7d28e17f72,Sample Signals,,\n\
         vpdq,\"[\"\"1\"\"]\",Sample Signals,,\n\
         url,https://example.org,,,\n"
    );
    let list = read(&text);
    assert_eq!(ids(&list), ["line-2", "line-3"]);
    assert_eq!(
        list.rows()[0].label(),
        Some("Sample Signals / positive class / a b")
    );
    assert_eq!(
        list.rows()[1].code(),
        Code::Digest(DigestKind::Md5.of(b"abc"))
    );
    assert_eq!(
        refused(&text),
        [
            "line 4, column 1: signal type is not read; pdq, md5, sha1 and sha256 are",
            "line 5, column 1: signal type is not read; pdq, md5, sha1 and sha256 are"
        ]
    );
}

#[test]
fn a_list_of_rows_that_was_saved_and_read_again_is_the_same() {
    let rows = [
        NewRow::new("one", A.parse::<Pdq>().unwrap()).quality(Quality::new(77).unwrap()),
        NewRow::new("#two, \"quoted\"", DigestKind::Sha256.of(b"x")).label("a, b"),
        NewRow::new("one", B.parse::<Pdq>().unwrap()).profile(Profile::Shrunk512),
        NewRow::new("three", DigestKind::Sha1.of(b"x")),
        NewRow::new("three", DigestKind::Md5.of(b"x")),
    ];
    let list = List::from_rows(rows).unwrap();
    let mut saved = Vec::new();
    list.write_csv(&mut saved).unwrap();
    let again = List::from_bytes(&saved).unwrap();
    assert_eq!(again.reading().refused(), 0, "{:?}", again.reading());
    assert_eq!(again.rows(), list.rows());
    assert_eq!(again.entries(), list.entries());
    assert_eq!(again.digest(), list.digest());
    assert_eq!(again.profile(), Profile::Unstated);
    let once_more = List::from_rows(again.to_rows()).unwrap();
    assert_eq!(once_more.digest(), list.digest());
}

#[test]
fn rows_in_memory_need_an_id_that_a_file_can_hold() {
    for id in ["", "a\nb", &"x".repeat(5000)] {
        let row = NewRow::new(id, A.parse::<Pdq>().unwrap());
        let error = List::from_rows([row]).unwrap_err();
        assert!(matches!(error, ListError::Row { number: 0, .. }), "{error}");
    }
}

#[test]
fn a_list_of_a_hundred_thousand_mixed_rows_is_read_whole() {
    let mut text = String::from("id,pdq,sha256,md5,quality\n");
    for i in 0..100_000u32 {
        let bytes = i.to_le_bytes();
        let (pdq, sha256) = (A, DigestKind::Sha256.of(&bytes));
        match i % 3 {
            0 => writeln!(text, "item-{},{pdq},,,90", i / 2),
            1 => writeln!(text, "item-{},,{sha256},,", i / 2),
            _ => writeln!(text, "item-{},,,{},", i / 2, DigestKind::Md5.of(&bytes)),
        }
        .unwrap();
    }
    let list = read(&text);
    assert_eq!((list.rows().len(), list.entries().len()), (100_000, 50_000));
    assert_eq!(list.reading().refused(), 0);
}
