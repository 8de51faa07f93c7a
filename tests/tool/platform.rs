//! What a platform signed of its reviews, as an analyst takes it in.

use ijkpunt::baseline::{EntryId, Reviews, Text};
use ijkpunt::sign::{
    FeedbackReason, FoundIn, PlatformCounts, PlatformFeedback, Signer, SigningKey,
};

use super::authority::Union;
use super::*;

const NOW: &str = "2026-02-05";

/// The file of a platform about this entry, and its key beside it.
fn platform_tells(union: &Union, entry: EntryId, seed: u8) {
    let key = SigningKey::from_seed(&[seed; 32]);
    let told = PlatformFeedback::new(PlatformCounts {
        platform: Text::new("Example").unwrap(),
        entry,
        found_in: Some((FoundIn::from_bytes([0xab; 32]), 41)),
        from: "2026-02-01T00:00:00Z".parse().unwrap(),
        until: "2026-02-03T00:00:00Z".parse().unwrap(),
        reviews: Reviews::new(10, 2, 1).unwrap(),
        reason: FeedbackReason::Tripped,
    });
    let json = told.unwrap().sign(&key).unwrap().to_json();
    union.folder.put("told.json", json);
    let public = format!("{}\n", key.public_key());
    union.folder.put(&format!("{seed}.pub"), public);
}

#[test]
fn what_a_platform_signed_is_shown_and_entered_and_what_it_did_not_is_refused() {
    let union = Union::new("platform-signed");
    let short = union.proposed("a", "2026-01-05");
    let entries = union.json(&["status", "-r", "a", "--entries", "--json", "--at", NOW]);
    let name = entries["entries"][0]["entry"].as_str().unwrap();
    let entry: EntryId = name.parse().unwrap();
    platform_tells(&union, entry, 8);
    platform_tells(&union, entry, 7);
    let signed = ["feedback", "--signed", "told.json", "--platform-key"];
    let with = |more: &[&'static str]| [&signed[..], more].concat();

    let refused = union.is_refused("a", NOW, &with(&["8.pub"]));
    assert!(
        refused.contains("is not the one that was given"),
        "{refused}"
    );
    let refused = union.is_refused("a", NOW, &with(&["7.pub", "--reviewed", "9"]));
    assert!(refused.contains("cannot be used with"), "{refused}");
    let refused = union.is_refused("a", NOW, &with(&["7.pub", "0000"]));
    assert!(refused.contains("no entry begins with"), "{refused}");
    let refused = union.is_refused("a", NOW, &["feedback", "--signed", "told.json"]);
    assert!(refused.contains("--platform-key"), "{refused}");
    let refused = union.is_refused("a", NOW, &["feedback", &short]);
    assert!(refused.contains("--reviewed"), "{refused}");
    let file = fs::read_to_string(union.folder.0.join("told.json")).unwrap();
    union
        .folder
        .put("told.json", file.replacen("\"sig\":\"", "\"sig\":\"A", 1));
    union.is_refused("a", NOW, &with(&["7.pub"]));
    union.folder.put("told.json", format!("{file}\n"));

    let told = union.says("a", NOW, &with(&["7.pub"]));
    assert!(told.contains("signed by the key"), "{told}");
    assert!(told.contains("since its breaker tripped"), "{told}");
    assert!(
        told.contains("found by snapshot 41, abababababab"),
        "{told}"
    );
    assert!(
        told.contains("10 reviewed, 2 overturned, 1 complaints upheld"),
        "{told}"
    );
    assert!(told.contains("10 reviews of Example, 3 against"), "{told}");
    union.says("a", NOW, &[&signed[..], &["7.pub", &short]].concat());

    let counts = union.json(&[
        "report",
        "--for",
        "XA",
        "-r",
        "a",
        "--at",
        "2026-03-01",
        "--json",
        "--from",
        "2026-01-01",
        "--until",
        "2027-01-01",
    ]);
    // Entered twice, refused six times.
    assert_eq!(counts["feedback"]["reports"], 2);
    assert_eq!(counts["feedback"]["complaints_upheld"], 2);

    platform_tells(&union, EntryId::from_bytes([3; 32]), 7);
    let refused = union.is_refused("a", NOW, &with(&["7.pub"]));
    assert!(refused.contains("no entry begins with `0303"), "{refused}");
}
