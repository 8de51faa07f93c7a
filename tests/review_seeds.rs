//! The seeds of the fuzz targets `platform_feedback`, `removal_order`, `review_export`, `statement_of_reasons` and `upload`, which follow where a
//! format changes. All is made up: `XA` and `XB` are nobody's states, and `.example` nobody's domain.

#![cfg(feature = "review")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{EntryId, MediaKind, Reviews as Counted, TcoType, Text, Time};
use ijkpunt::hash::Pdq;
use ijkpunt::limits::Limits;
use ijkpunt::review::order::*;
use ijkpunt::review::page::Upload;
use ijkpunt::review::report::Country;
use ijkpunt::review::report::statement::{
    ContentType, Decision, Detection, Facts, SourceOf, Statement, Visibility,
};
use ijkpunt::review::{
    Action, EntryName, Found, Match, Opening, Outcome, Policy, Reviews, verify_export,
};
use ijkpunt::screen::{MatchClass, Surface};
use ijkpunt::sign::{FeedbackReason, FoundIn, PlatformCounts, PlatformFeedback, SigningKey};

/// Set to write the seeds instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

#[test]
fn the_seeds_of_removal_orders_and_their_answers_are_those_that_are_made_here() {
    compare_or_write("removal_order", "order", order().to_json().as_bytes());
    let sealed = order().sealed().to_json();
    compare_or_write("removal_order", "sealed", sealed.as_bytes());
    let feedback = feedback().to_json();
    compare_or_write("removal_order", "feedback", feedback.as_bytes());
    let impossibility = impossibility().to_json();
    compare_or_write("removal_order", "impossibility", impossibility.as_bytes());
}

#[test]
fn the_seeds_of_statements_of_reasons_are_those_that_are_made_here() {
    let removed = facts();
    let mut disabled = facts();
    disabled.visibility = [Visibility::Disabled, Visibility::Other("Not found".into())].into();
    disabled.content = [ContentType::Other("Subtitles".into())].into();
    disabled.end_date = Some(time("2027-11-22T10:00:00Z"));
    disabled.scope = Country::all().take(1).collect();
    disabled.content_language = Some("NL".to_owned());
    for (name, facts) in [("removed", removed), ("disabled", disabled)] {
        let statement = Statement::new(facts).unwrap();
        let json = serde_json::to_vec(&statement).unwrap();
        compare_or_write("statement_of_reasons", name, &json);
    }
}

#[test]
fn the_seeds_of_uploads_are_those_of_the_page() {
    let lines = root().join("testdata/review/page/uploads.jsonl");
    let lines = fs::read_to_string(lines).unwrap();
    let names = ["picture", "video", "exact", "undecided"];
    assert_eq!(lines.lines().count(), names.len());
    for (name, line) in names.into_iter().zip(lines.lines()) {
        let upload = Upload::read(line.as_bytes(), &Limits::default()).unwrap();
        let written = upload.to_json().unwrap();
        compare_or_write("upload", name, written.as_bytes());
    }
}

#[test]
fn the_seeds_of_platform_feedback_are_those_that_are_made_here() {
    let key = SigningKey::from_seed(&[1; 32]); // that of the fuzz target
    let mut counts = PlatformCounts {
        platform: Text::new("Example").unwrap(),
        entry: EntryId::from_bytes([7; 32]),
        found_in: Some((FoundIn::from_bytes([9; 32]), 41)),
        from: time("2024-02-28T00:00:00Z"),
        until: time("2024-02-29T00:00:00Z"),
        reviews: Counted::new(10, 4, 1).unwrap(),
        reason: FeedbackReason::Tripped,
    };
    let tripped = PlatformFeedback::new(counts.clone()).unwrap();
    counts.found_in = None;
    counts.reason = FeedbackReason::Periodic;
    let periodic = PlatformFeedback::new(counts).unwrap();
    for (name, told) in [("tripped", tripped), ("periodic", periodic)] {
        let envelope = told.sign(&key).unwrap();
        compare_or_write("platform_feedback", name, envelope.to_json().as_bytes());
        let name = format!("{name}-payload");
        compare_or_write("platform_feedback", &name, envelope.unverified_payload());
    }
}

/// Each file of cases has keys of its own, drawn at random, so the bytes are others each time: that the seeds still hold is what can be asked.
#[test]
fn the_seeds_of_exports_are_still_verified() {
    let folder = corpus("review_export");
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        for (name, export) in exports() {
            fs::write(folder.join(name), export).unwrap();
        }
    } else if !folder.parent().unwrap().is_dir() {
        return; // a package without fuzz targets
    }
    for (name, records) in [("begun", 1), ("decided", 6)] {
        let seed = fs::read(folder.join(name)).unwrap();
        let head = verify_export(&seed[..], &Limits::default())
            .unwrap_or_else(|error| panic!("{name}: {error}; run again with {WRITE}=1"));
        assert!(head.records >= records, "{name}: {} records", head.records);
    }
}

/// A file that has only begun, and one with a match that was decided on, a complaint, and an order that was carried out.
fn exports() -> [(&'static str, Vec<u8>); 2] {
    let folder = std::env::temp_dir().join(format!("ijkpunt-review-seeds-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let at = |minute: u8| time(&format!("2026-11-22T10:{minute:02}:00Z"));
    let first = Text::new("r1").unwrap();
    let policy = Policy::new(Text::new("Example").unwrap());
    let path = folder.join("cases");
    let mut reviews = Reviews::create(&path, &policy, &first, at(0)).unwrap();
    let begun = exported(&reviews);
    let person = reviews.person("r1").unwrap();
    let found = vec![Found::new(
        EntryName::new("eu", "entry-1"),
        MatchClass::NearDuplicate,
    )];
    let found = Match::new("up-1", Surface::Public, MediaKind::Image, at(1), found).unwrap();
    let Opening::Opened(case) = reviews.open_case(&found, at(2)).unwrap() else {
        panic!("the first of its subject");
    };
    let decision = person
        .finds(Outcome::ConfirmedTerrorist(TcoType::A.into()))
        .and(Action::Remove);
    reviews.decide(case, &decision, at(3)).unwrap();
    reviews.complain(case, Some("why?"), at(4), at(4)).unwrap();
    let sealed = order().sealed();
    let order = reviews
        .receive_order("up-2", MediaKind::Video, &sealed, at(5), &person, at(5))
        .unwrap();
    reviews
        .order_done(order, &person, Action::Remove, at(6))
        .unwrap();
    let decided = exported(&reviews);
    drop(reviews);
    fs::remove_dir_all(&folder).unwrap();
    [("begun", begun), ("decided", decided)]
}

fn exported(reviews: &Reviews) -> Vec<u8> {
    let mut out = Vec::new();
    reviews.export(&mut out).unwrap().unwrap();
    out
}

fn facts() -> Facts {
    Facts {
        puid: "sor-2026-000017".to_owned(),
        visibility: [Visibility::Removed].into(),
        types: TcoType::A.into(),
        explanation: "The video calls for attacks and praises one.".to_owned(),
        facts: "Found by comparison; a person watched it and decided.".to_owned(),
        content: [ContentType::Video].into(),
        content_date: time("2026-11-20T10:00:00Z"),
        application_date: time("2026-11-22T10:00:00Z"),
        end_date: None,
        scope: Country::all().collect(),
        content_language: None,
        detection: Detection::Automated,
        decision: Decision::ByPerson,
        source: SourceOf::OwnInitiative,
        now: None,
    }
}

fn order() -> RemovalOrder {
    let urls = [
        "https://host.example/watch?v=1&t=2",
        "https://host.example/a",
    ];
    let urls = urls.map(|url| Address::new(url).unwrap()).to_vec();
    let (pdq, sha256) = (Pdq::from_bytes([0xab; 32]), [0xcd; 32]);
    let media = Media::new(MediaKind::Video, Some(pdq), Some(sha256), None);
    RemovalOrder {
        issued_by: Issuer {
            name: text("Authority of XA"),
            state: "XA".parse().unwrap(),
            kind: IssuerKind::Other,
            contact: text("orders desk"),
        },
        reference: text("R-17/2024"),
        issued_at: time("2024-02-28T23:30:00Z"),
        addressee: Addressee {
            host: text("Example Hosting"),
            representative: Some(text("Example Representatives")),
            state: "XB".parse().unwrap(),
            contact_point: None,
        },
        language: "nl".parse().unwrap(),
        addresses: Addresses::Listed(urls.try_into().unwrap()),
        whereabouts: Some(prose("From minute 2 on.")),
        types: [TcoType::A, TcoType::D].try_into().unwrap(),
        reasons: prose("It praises an attack.\n\n- And *names* <it>."),
        non_disclosure: Some(NonDisclosure {
            reason: text("an investigation is under way"),
            decided_at: time("2024-01-31T12:00:00Z"),
            until: time("2024-03-13T12:00:00Z"),
            prolonged: Some(Prolongation {
                decided_at: time("2024-03-01T00:00:00Z"),
                until: time("2024-04-24T12:00:00Z"),
            }),
        }),
        copy_to: Some(text("Authority of XB")),
        announcement: Announcement::At(time("2024-02-28T11:30:00Z")),
        redress: Redress {
            body: text("Court of XA"),
            procedure: prose("In writing."),
            deadline: text("six weeks from receipt"),
            until: Some(time("2024-04-11T00:00:00Z")),
        },
        media: Some(vec![media.unwrap()].try_into().unwrap()),
    }
}

fn responder() -> Responder {
    Responder {
        host: text("Example Hosting"),
        representative: None,
        state: "XB".parse().unwrap(),
        by: text("reviewer 4"),
        contact: Some(text("the contact point of article 15")),
    }
}

fn feedback() -> Feedback {
    let taken = |item: u32, measure, at| Taken {
        item: item.try_into().unwrap(),
        measure,
        at: time(at),
    };
    let taken = vec![
        taken(2, Measure::AccessDisabled, "2024-02-29T00:10:00Z"),
        taken(1, Measure::Removed, "2024-02-28T23:55:00Z"),
    ];
    Feedback {
        order: order().name(),
        own_reference: Some(text("T-4")),
        received_at: time("2024-02-28T23:31:00Z"),
        taken: taken.try_into().unwrap(),
        responder: responder(),
        written_at: time("2024-02-29T00:12:00Z"),
    }
}

fn impossibility() -> Impossibility {
    Impossibility {
        order: order().name(),
        own_reference: None,
        received_at: time("2024-02-28T23:31:00Z"),
        ground: Ground::InsufficientInformation {
            explanation: prose("The second address is cut off."),
            needed: prose("The whole address."),
        },
        responder: responder(),
        written_at: time("2024-02-28T23:50:00Z"),
    }
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn text<const MOST: usize>(text: &str) -> Text<MOST> {
    Text::new(text).unwrap()
}

fn prose<const MOST: usize>(text: &str) -> Prose<MOST> {
    Prose::new(text).unwrap()
}

fn compare_or_write(target: &str, name: &str, bytes: &[u8]) {
    let folder = corpus(target);
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    } else if folder.parent().unwrap().is_dir() {
        // A package without the folder has no fuzz targets.
        let is_same = fs::read(folder.join(name)).is_ok_and(|seed| seed == bytes);
        assert!(is_same, "{target}/{name}: run again with {WRITE}=1");
    }
}

fn corpus(target: &str) -> PathBuf {
    root().join("fuzz/corpus").join(target)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
