use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::hash::Pdq;
use crate::limits::Limits;

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/review/page")
        .join(name)
}

fn lines() -> Vec<String> {
    let all = fs::read_to_string(beside("uploads.jsonl")).unwrap();
    all.lines().map(str::to_owned).collect()
}

fn uploads() -> Vec<Upload> {
    let read = |line: &String| Upload::read(line.as_bytes(), &Limits::default()).unwrap();
    lines().iter().map(read).collect()
}

fn now() -> Time {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn page_of(uploads: &[Upload], language: Language) -> String {
    let shown: Vec<Shown<'_>> = uploads.iter().map(Shown::new).collect();
    let mut out = Vec::new();
    write(&shown, language, now(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands between two marks, each time.
fn between<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    let parts = page.split(from).skip(1);
    parts.map(|part| part.split(to).next().unwrap()).collect()
}

#[test]
fn pages_are_those_that_were_looked_at() {
    for language in Language::ALL {
        let page = page_of(&uploads(), language);
        let golden = beside(&format!("{language}.html"));
        if std::env::var_os("IJKPUNT_GOLDEN").is_some_and(|value| value == "write") {
            fs::write(&golden, &page).unwrap();
        }
        assert!(
            fs::read_to_string(&golden).unwrap() == page,
            "{} is another: IJKPUNT_GOLDEN=write writes it anew, then look at it",
            golden.display()
        );
    }
}

#[test]
fn a_line_goes_round_and_the_tools_name_of_a_file_is_the_subject() {
    for line in lines() {
        let upload = Upload::read(line.as_bytes(), &Limits::default()).unwrap();
        let written = upload.to_json().unwrap();
        assert_eq!(
            Upload::read(written.as_bytes(), &Limits::default()),
            Ok(upload)
        );
        let renamed = line.replacen("\"file\"", "\"subject\"", 1);
        let (ours, theirs): (serde_json::Value, serde_json::Value) = (
            serde_json::from_str(&written).unwrap(),
            serde_json::from_str(&renamed).unwrap(),
        );
        assert_eq!(ours, theirs);
        let twice = line.replacen('{', "{\"subject\":\"x\",", 1);
        assert!(Upload::read(twice.as_bytes(), &Limits::default()).is_err());
    }
}

#[test]
fn a_line_that_was_cut_is_refused_and_one_that_was_changed_does_no_harm() {
    let limits = Limits::default();
    for line in lines() {
        for end in 0..line.len() {
            assert!(Upload::read(&line.as_bytes()[..end], &limits).is_err());
        }
        for place in 0..line.len() {
            for flip in [0x01, 0x20, 0x80] {
                let mut bytes = line.clone().into_bytes();
                bytes[place] ^= flip;
                let Ok(read) = Upload::read(&bytes, &limits) else {
                    continue;
                };
                // Whatever it says now is consistent, and can be written and drawn.
                read.to_json().unwrap();
                let mut out = Vec::new();
                let shown = [Shown::new(&read)];
                if place % 8 == 0 {
                    write(&shown, Language::Dutch, now(), &mut out).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_flipped_digit_of_a_hash_or_a_distance_is_noticed() {
    let line = &lines()[0];
    let read = |line: String| Upload::read(line.as_bytes(), &Limits::default());
    let hashes = uploads()[0].matches[0].hashes.unwrap();
    let other = hashes.upload.negative().to_string();
    let changed = line.replacen(&hashes.upload.to_string(), &other, 1);
    let apart = "the hashes are not as far apart as the distance says";
    assert_eq!(read(changed), Err(UploadError::Implausible(apart)));
    let changed = line.replacen("\"distance\":13,", "\"distance\":12,", 1);
    assert_eq!(read(changed), Err(UploadError::Implausible(apart)));
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let line = &lines()[0];
    for (from, to, why) in [
        (
            "\"verdict\":\"match\"",
            "\"verdict\":\"no_match\"",
            "verdict is not that",
        ),
        ("\"tier\":\"A\"", "\"tier\":\"B\"", "the tier"),
        ("\"value\":1.2e-09", "\"value\":4.0", "no rate"),
        ("[40,60,360,300]", "[361,60,360,300]", "no box"),
        ("[40,60,360,300]", "[40,60,360,30000000]", "no box"),
        ("[500,400]", "[0,400]", "no size"),
        (
            "[0.1,0.2,0.9,0.8]",
            "[0.1,0.2,1.9,0.8]",
            "the part of the entry",
        ),
        ("[-6.0,22.5]", "[-6.0,1e300]", "too far"),
        (
            "\"rotation_deg\":-3.1",
            "\"rotation_deg\":200",
            "half a turn",
        ),
        (
            "\"confirmed_distance\":52",
            "\"confirmed_distance\":257",
            "above 256",
        ),
        ("\"distance\":13", "\"distance\":null", "equal bytes"),
        ("\"name\":\"own\"", "\"name\":\"other\"", "not asked"),
        ("\"digest\":\"", "\"digest\":\"0", "hexadecimal"),
        (
            "\"file\":\"queue/2026-11/picture-0001.jpg\"",
            "\"file\":\"\"",
            "no name",
        ),
    ] {
        let changed = line.replacen(from, to, 1);
        assert_ne!(&changed, line, "{from}");
        let error = Upload::read(changed.as_bytes(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains(why), "{from}: {error}");
    }
    let video = &lines()[1];
    for (from, to, why) in [
        ("[4500,17000]", "[4500,1700]", "ends before"),
        ("\"speed\":1.256", "\"speed\":0", "no speed"),
        (
            "\"coverage_query\":0.208",
            "\"coverage_query\":1.1",
            "more than all",
        ),
        (
            "\"segments\":[{\"entry\":\"S",
            "\"segments\":[{\"entry\":\"s",
            "of no match",
        ),
    ] {
        let changed = video.replacen(from, to, 1);
        assert_ne!(&changed, video, "{from}");
        let error = Upload::read(changed.as_bytes(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains(why), "{from}: {error}");
    }
}

#[test]
fn unknown_fields_are_refused_without_repeating_the_line() {
    let line = lines()[0].replacen("\"class\"", "\"secret\":1,\"class\"", 1);
    let error = Upload::read(line.as_bytes(), &Limits::default()).unwrap_err();
    assert!(matches!(error, UploadError::Json { column: 1.., .. }));
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn a_line_at_the_limit_is_read_and_one_over_it_is_not() {
    let line = &lines()[3];
    let limits = Limits {
        record_bytes: line.len() as u64,
        ..Limits::default()
    };
    assert!(Upload::read(line.as_bytes(), &limits).is_ok());
    let longer = format!("{line}\n");
    assert!(matches!(
        Upload::read(longer.as_bytes(), &limits),
        Err(UploadError::Limit(_))
    ));
    assert!(Upload::read(longer.as_bytes(), &Limits::default()).is_ok());
}

#[test]
fn debug_shows_no_hash_and_without_hashes_there_is_none() {
    let upload = uploads().remove(0);
    let hashes = upload.matches[0].hashes.unwrap();
    let shown = format!("{upload:?} {:?}", Shown::new(&upload));
    for pdq in [hashes.upload, hashes.entry] {
        assert!(!shown.contains(&pdq.to_string()));
        assert!(!shown.contains(&format!("{:?}", pdq.to_bytes())));
    }
    let json = upload.without_hashes().to_json().unwrap();
    assert!(!json.contains("hashes") && !json.contains(&hashes.entry.to_string()));
}

#[test]
fn what_others_wrote_is_never_markup() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;\u{202e}\u{7}</style>";
    let mut all = uploads();
    for upload in &mut all {
        upload.subject = evil.into();
        upload.engine = evil.into();
        upload.reason = Some(evil.into());
        for list in &mut upload.lists {
            list.name = evil.into();
            list.stale = Some(evil.into());
            list.trouble = Some(evil.into());
        }
        for run in &mut upload.segments {
            (run.list, run.entry) = (evil.into(), evil.into());
        }
        for one in &mut upload.matches {
            (one.list, one.entry) = (evil.into(), evil.into());
            one.label = Some(evil.into());
            if let Some(basis) = &mut one.basis {
                basis.title = Some(evil.into());
            }
        }
    }
    for language in Language::ALL {
        let page = page_of(&all, language);
        assert!(page.matches("alert(1)").count() > 20, "it is shown as text");
        assert!(!page.contains("<img") && !page.contains('\u{202e}') && !page.contains('\u{7}'));
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert_eq!(page.matches("</style>").count(), 1);
    }
}

#[test]
fn nothing_is_asked_for_from_elsewhere_and_the_policy_forbids_it() {
    let picture = b"\x89PNG\r\n\x1a\nrest";
    let uploads = uploads();
    let shown = Shown::new(&uploads[0]).with_preview(picture, &Limits::default());
    for language in Language::ALL {
        let mut out = Vec::new();
        write(&[shown.clone().unwrap()], language, now(), &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("//\""));
        assert_eq!(between(&page, "src=\"", "\"").len(), 1);
        for source in between(&page, "src=\"", "\"") {
            assert!(source.starts_with("data:image/png;base64,"), "{source}");
        }
        for target in between(&page, "href=\"", "\"") {
            assert!(target.starts_with('#'), "{target}");
        }
        let outside = [
            "url(h",
            "@import",
            "<link",
            "<iframe",
            "<object",
            " style=",
            " onclick=",
        ];
        for word in outside {
            assert!(!page.contains(word), "{word}");
        }
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\"")[0];
        assert!(
            policy.starts_with("default-src &#39;none&#39;; style-src &#39;sha256-"),
            "{policy}"
        );
        assert!(
            policy.contains("img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;")
        );
        // Before anything that it has to hold for.
        let first = page.find("<style>").unwrap();
        assert!(page.find("Content-Security-Policy").unwrap() < first);
    }
}

#[test]
fn every_name_that_is_referred_to_exists_once() {
    for language in Language::ALL {
        let page = page_of(&uploads(), language);
        let names = between(&page, " id=\"", "\"");
        let known: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(known.len(), names.len(), "a name twice");
        let referred = [
            between(&page, "href=\"#", "\""),
            between(&page, "labelledby=\"", "\""),
        ];
        for name in referred
            .concat()
            .into_iter()
            .chain(between(&page, "url(#", ")"))
        {
            assert!(known.contains(name), "{name}");
        }
        assert!(known.contains("u1m3") && known.contains("u2m1") && known.contains("curve-part"));
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        assert!(!page.contains("tabindex=\"1") && page.contains("class=\"skip\""));
    }
}

#[test]
fn a_page_tells_what_is_missing() {
    let uploads = uploads();
    let missing = |upload: usize, of: usize| {
        let (upload, now) = (&uploads[upload], now());
        say::missing(Language::English, upload, &upload.matches[of], now).join("\n")
    };
    // Baseline, with all it needs: what is left is about the list.
    let all_there = missing(0, 0);
    assert_eq!(all_there.lines().count(), 1, "{all_there}");
    assert!(all_there.contains("may not be the newest"));
    let disputed = missing(0, 1);
    for why in [
        "do not all say",
        "not terrorist content",
        "depends on its context",
        "run out",
    ] {
        assert!(disputed.contains(why), "{why}: {disputed}");
    }
    assert!(missing(0, 2).contains("list of one's own"));
    let video = missing(1, 0);
    assert!(video.contains("Not all of the upload") && video.contains("did not come with"));
    let mut unconfirmed = uploads[0].matches[1].clone();
    unconfirmed.confirmed_distance = None;
    let told = say::missing(Language::English, &uploads[0], &unconfirmed, now());
    assert!(told.iter().any(|why| why.contains("No second look")));
}

#[test]
fn an_assessment_runs_out_at_its_moment() {
    let uploads = uploads();
    let until: Time = "2028-03-02T00:00:00Z".parse().unwrap();
    let before = Time::from_unix_seconds(until.unix_seconds() - 1).unwrap();
    for (now, is_over) in [(before, false), (until, true)] {
        let told = say::missing(Language::English, &uploads[0], &uploads[0].matches[0], now);
        assert_eq!(told.iter().any(|why| why.contains("run out")), is_over);
    }
}

#[test]
fn disguises_are_told_in_words() {
    let uploads = uploads();
    let why =
        |language, of: usize| say::why(language, &uploads[0], &uploads[0].matches[of]).join(" ");
    let turned = why(Language::English, 0);
    assert!(turned.contains("13 of 256 bits") && turned.contains("turned a quarter"));
    assert!(turned.contains("in a part of the picture"), "{turned}");
    let askew = why(Language::Dutch, 1);
    assert!(askew.contains("3,1 graden tegen de klok in"), "{askew}");
    assert!(askew.contains("zwakker") && askew.contains("tweede blik bevestigt"));
    assert!(why(Language::English, 2).contains("a negative"));
}

#[test]
fn the_text_to_copy_tells_neither_distance_nor_hash() {
    let page = page_of(&uploads(), Language::English);
    let texts = between(&page, "<output", "</output>");
    assert_eq!(texts.len(), 5);
    let hashes = uploads()[0].matches[0].hashes.unwrap();
    for text in texts {
        assert!(!text.contains(" bits") && !text.contains(&hashes.entry.to_string()));
    }
    // Nor does the page spell a hash anywhere.
    assert!(
        !page.contains(&hashes.entry.to_string()) && !page.contains(&hashes.upload.to_string())
    );
}

#[test]
fn a_page_with_fingerprints_says_how_sensitive_it_is() {
    let words = words::words(Language::English).sensitive;
    let with = uploads();
    assert!(page_of(&with, Language::English).contains(words));
    let without: Vec<Upload> = with.into_iter().map(Upload::without_hashes).collect();
    assert!(!page_of(&without, Language::English).contains(words));
}

#[test]
fn previews_are_pictures_within_the_limit() {
    let uploads = uploads();
    let limits = Limits {
        bytes: 16,
        ..Limits::default()
    };
    let take = |bytes: &'static [u8]| Shown::new(&uploads[0]).with_preview(bytes, &limits).err();
    assert_eq!(take(b"\x89PNG\r\n\x1a\n"), None);
    assert_eq!(take(b"\xff\xd8\xff\xe0 and 11 more"), None);
    assert_eq!(take(b"RIFF1234WEBPVP8 "), None);
    assert!(matches!(
        take(b"RIFF1234WEBPVP8 x"),
        Some(PreviewError::Limit(_))
    ));
    for other in [&b""[..], b"<svg", b"GIF89a", b"RIFF1234AVI ", b"\x89PNG"] {
        assert_eq!(take(other), Some(PreviewError::Format));
    }
}

#[test]
fn small_numbers_are_told_as_people_tell_them() {
    for (rate, english, dutch) in [
        (0.5, "one in 2 ", "één op 2 "),
        (1.2e-3, "one in 830 ", "één op 830 "),
        (1.2e-9, "one in 830 million ", "één op 830 miljoen "),
        (3.0e-10, "one in 3.3 billion ", "één op 3,3 miljard "),
        (1e-14, "one in 100 trillion ", "één op 100 biljoen "),
        (2e-21, "one in 5.0 × 10²⁰ ", "één op 5,0 × 10²⁰ "),
    ] {
        let told = say::chance(Language::English, rate, rate, rate);
        assert!(told.contains(english), "{told}");
        let told = say::chance(Language::Dutch, rate, rate, rate);
        assert!(told.contains(dutch), "{told}");
    }
    assert!(say::chance(Language::English, 0.0, 0.0, 0.0).contains("one in"));
}

#[test]
fn an_empty_page_is_one_and_equal_input_gives_equal_bytes() {
    assert!(page_of(&[], Language::English).contains("<main"));
    let pdq = Pdq::from_bytes([7; 32]);
    assert_eq!(draw::cells(draw::rows(pdq)), draw::cells(draw::rows(pdq)));
    assert_eq!(
        page_of(&uploads(), Language::Dutch),
        page_of(&uploads(), Language::Dutch)
    );
}
