//! An entry has one id, and everything in it counts.

use proptest::prelude::*;

use crate::hash::{Pdq, Quality};

use super::*;
use crate::baseline::{FrameRole, Part, Profile, Shown};

fn fingerprint(fill: u8) -> Fingerprint {
    Fingerprint {
        code: Pdq::from_bytes([fill; 32]).into(),
        quality: Quality::new(90).ok(),
        profile: Profile::Full,
        part: None,
        shown: None,
        label: None,
    }
}

fn entry() -> Entry {
    let window = Fingerprint {
        profile: Profile::Windows,
        part: Part::new([1250, 2500, 3750, 6000]).ok(),
        ..fingerprint(0xcd)
    };
    Entry {
        media: MediaKind::Image,
        source: Some(Source {
            sha256: Commitment::to(b"a drawn picture"),
            size: 15,
            mime: Text::new("image/png").unwrap(),
        }),
        fingerprints: vec![window, fingerprint(0xab)],
        title: Text::new("A drawn picture").unwrap(),
        producer: None,
        labels: BTreeSet::from([Text::new("flag").unwrap()]),
        context: ContextDependence::Independent,
        created_by: "xa-first".parse().unwrap(),
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        review_by: None,
    }
}

#[test]
fn the_id_of_one_entry_is_pinned() {
    let pinned = "42a3ddc6442ff1864ad9aafbfb302c35aaee579c0addcc546012df5ea9a25faa";
    assert_eq!(entry().id().to_string(), pinned);
    assert_eq!(pinned.parse(), Ok(entry().id()));
}

proptest! {
    #[test]
    fn order_and_repetition_of_fingerprints_do_not_matter(
        fills in prop::collection::vec(any::<u8>(), 0..6).prop_flat_map(|fills| {
            let twice = [fills.clone(), fills.clone()].concat();
            (Just(fills), Just(twice).prop_shuffle())
        })
    ) {
        let of = |fills: &[u8]| Entry {
            fingerprints: fills.iter().map(|&fill| fingerprint(fill)).collect(),
            ..entry()
        };
        prop_assert_eq!(of(&fills.0).id(), of(&fills.1).id());
    }
}

#[test]
fn everything_else_changes_the_id() {
    let changes: [fn(&mut Entry); 11] = [
        |entry| entry.media = MediaKind::Video,
        |entry| entry.source = None,
        |entry| entry.fingerprints[0].quality = None,
        |entry| entry.fingerprints[1].shown = Some(Shown::new(0, 0, FrameRole::Core)),
        |entry| entry.title = Text::new("Another").unwrap(),
        |entry| entry.producer = Text::new("list 1, group 2").ok(),
        |entry| entry.labels.clear(),
        |entry| entry.context = ContextDependence::Unknown,
        |entry| entry.created_by = "xb-first".parse().unwrap(),
        |entry| entry.created_at = "2026-01-01T00:00:01Z".parse().unwrap(),
        |entry| entry.review_by = Some(entry.created_at),
    ];
    let mut ids = BTreeSet::from([entry().id()]);
    for change in changes {
        let mut changed = entry();
        change(&mut changed);
        assert!(ids.insert(changed.id()), "{changed:?}");
    }
}

#[test]
fn an_entry_goes_round_and_debug_shows_no_code() {
    let json = serde_json::to_string(&entry()).unwrap();
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry());
    let bytes = postcard::to_stdvec(&entry()).unwrap();
    assert_eq!(postcard::from_bytes::<Entry>(&bytes).unwrap(), entry());
    let shown = format!("{:?} {:?}", entry(), entry().source);
    let digest = Commitment::to(b"a drawn picture").to_string();
    assert!(
        !shown.contains("abab") && !shown.contains("cdcd"),
        "{shown}"
    );
    assert!(!shown.contains(&digest[..8]), "{shown}");
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let json = serde_json::to_string(&entry()).unwrap();
    for (old, new) in [
        ("\"image\"", "\"hologram\""),
        ("\"labels\"", "\"thumbnail\""),
    ] {
        let error = serde_json::from_str::<Entry>(&json.replace(old, new)).unwrap_err();
        let named = new.trim_matches('"');
        assert!(error.to_string().contains(&format!("`{named}`")), "{error}");
    }
}
