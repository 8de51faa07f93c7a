//! Fields are held to their bounds.

use super::*;

#[test]
fn texts_are_held_to_their_bounds() {
    assert!(Prose::<4>::new("ä\nöü").is_ok());
    let length = |length| Err(FieldError::Length { length, most: 4 });
    assert_eq!(Prose::<4>::new("äöü"), Ok(prose("äöü")));
    assert_eq!(Prose::<4>::new(""), length(0));
    assert_eq!(Prose::<4>::new("äöüßa"), length(5));
    for control in ["a\tb", "a\r\n", "a\u{1b}[", "a\u{85}"] {
        assert_eq!(Prose::<4>::new(control), Err(FieldError::Control));
    }
    assert_eq!(Prose::<9>::new("x://y"), Err(FieldError::Address));
    assert!(serde_json::from_str::<Prose<3>>("\"abcd\"").is_err());
}

#[test]
fn addresses_are_held_to_their_bounds() {
    let of = |length: usize| {
        let start = "https://host.example/";
        Address::new(format!("{start}{}", "a".repeat(length - start.len())))
    };
    assert!(of(Address::MOST_BYTES - 1).is_ok() && of(Address::MOST_BYTES).is_ok());
    let most = Address::MOST_BYTES;
    let length = most + 1;
    assert_eq!(of(length), Err(FieldError::Length { length, most }));
    for none in [
        "host.example",
        "://x",
        "https://",
        "https://a b",
        "https://a\n",
    ] {
        assert_eq!(Address::new(none), Err(FieldError::NoAddress), "{none}");
    }
}

#[test]
fn there_is_one_at_least_and_no_more_than_the_most() {
    for (count, is_fine) in [(0, false), (1, true), (2, true), (3, true), (4, false)] {
        let all = Several::<u8, 3>::try_from(vec![7; count]);
        assert_eq!(all.is_ok(), is_fine, "{count}");
        let json = serde_json::to_string(&vec![7; count]).unwrap();
        let read = serde_json::from_str::<Several<u8, 3>>(&json);
        assert_eq!(read.ok(), all.ok(), "{count}");
    }
}

#[test]
fn a_language_is_two_small_letters() {
    assert_eq!("nl".parse::<LanguageCode>().unwrap().to_string(), "nl");
    for none in ["", "n", "NL", "nld", "n1", "ñ"] {
        assert_eq!(none.parse::<LanguageCode>(), Err(FieldError::Language));
    }
}

#[test]
fn a_medium_has_a_hash_in_one_spelling() {
    let none = Media::new(MediaKind::Image, None, None, None);
    assert_eq!(none, Err(FieldError::NoHash));
    assert!(serde_json::from_str::<Media>(r#"{"kind":"image"}"#).is_err());
    let digits = |digit: &str, count| {
        let hash = digit.repeat(count);
        serde_json::from_str::<Media>(&format!(r#"{{"kind":"image","md5":"{hash}"}}"#)).is_ok()
    };
    assert!(digits("a", 32));
    assert!(!digits("A", 32) && !digits("a", 31) && !digits("a", 33) && !digits("g", 32));
    let media = Media::new(MediaKind::Image, None, Some([1; 32]), Some([2; 16])).unwrap();
    assert_eq!((media.digests().count(), media.pdq()), (2, None));
}
