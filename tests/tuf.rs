//! From three states to files that a platform trusts, by the public interface; and the seeds of the fuzz target, which follow where a
//! format changes.
#![cfg(feature = "tuf")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::fs;
use std::num::NonZeroU64;
use std::path::Path;

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::sign::{Signer, SigningKey};
use ijkpunt::tuf::{
    Content, Leap, MetaFile, Request, Root, RootTerms, Route, Sha256, SignatureFile, Snapshot,
    StateTerms, TargetFile, TargetName, Targets, Timestamp, Trusted, assemble, verify_root,
    verify_root_chain, verify_snapshot, verify_targets, verify_timestamp,
};

/// Set to write the seeds instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

/// Keys that everybody knows.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn version(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

fn expires() -> Time {
    "2027-11-22T10:00:00Z".parse().unwrap()
}

/// Two of the states of these keys; key 1 is that of XA, and so on.
fn two_of(numbers: &[u8]) -> StateTerms {
    let letters = |number: u8| format!("X{}", char::from(b'A' + number - 1));
    let keys = numbers.iter().map(|number| {
        let state = letters(*number).parse().unwrap();
        (state, key(*number).public_key())
    });
    StateTerms {
        threshold: 2,
        keys: keys.collect(),
    }
}

fn root(number: u64, states: &[u8]) -> Root {
    let publisher = vec![key(100).public_key()];
    Root::new(RootTerms {
        version: version(number),
        expires: expires(),
        root: two_of(states),
        targets: two_of(states),
        snapshot: publisher.clone(),
        timestamp: publisher,
    })
    .unwrap()
}

/// Each signer gets the file, and sends one back.
fn signed(request: &Request, keys: &[u8], trusted: Option<&Trusted<Root>>) -> Vec<u8> {
    let limits = Limits::default();
    let answer = |number: &u8| {
        let received = Request::read(&request.to_json(), &limits).unwrap();
        let answer = received.sign(&key(*number), trusted).unwrap();
        SignatureFile::read(&answer.to_json(), &limits).unwrap()
    };
    let answers: Vec<_> = keys.iter().map(answer).collect();
    assemble(request, &answers, trusted).unwrap()
}

fn targets() -> Targets {
    let (old, new) = (Sha256::of(b"snapshot 41"), Sha256::of(b"snapshot 42"));
    let whole = TargetFile {
        length: 1000,
        sha256: new,
        leap: None,
    };
    let step = TargetFile {
        length: 100,
        sha256: Sha256::of(b"what changed"),
        leap: Some(Leap {
            from_sha256: old,
            sha256: new,
            length: 1000,
        }),
    };
    let files = [
        (TargetName::full(42).unwrap(), whole),
        (TargetName::delta(41, 42).unwrap(), step),
    ];
    Targets::new(version(7), expires(), files.into()).unwrap()
}

#[test]
fn what_two_states_sign_reaches_a_platform() {
    let limits = Limits::default();
    let first = Request::new(root(1, &[1, 2, 3]));
    let first_file = signed(&first, &[1, 2], None);
    let trusted = verify_root(&first_file, &limits).unwrap();

    let second = Request::new(root(2, &[2, 3, 4]));
    let changes = second.content().changes(first.content());
    assert!(changes.iter().any(|line| line.contains("for XD")));
    let second_file = signed(&second, &[2, 3], Some(&trusted));
    let trusted = verify_root_chain(&trusted, &second_file, &limits).unwrap();

    let list = Request::new(targets());
    let list_file = signed(&list, &[3, 4], Some(&trusted));
    let page = Request::new(Snapshot {
        version: version(8),
        expires: expires(),
        targets: MetaFile::of(version(7), &list_file),
    });
    let page_file = signed(&page, &[100], Some(&trusted));
    let newest = Request::new(Timestamp {
        version: version(9),
        expires: expires(),
        snapshot: MetaFile::of(version(8), &page_file),
    });
    let newest_file = signed(&newest, &[100], Some(&trusted));

    let newest = verify_timestamp(&trusted, &newest_file, &limits).unwrap();
    newest.snapshot.check(&page_file).unwrap();
    let page = verify_snapshot(&trusted, &page_file, &limits).unwrap();
    page.targets.check(&list_file).unwrap();
    let listed = verify_targets(&trusted, &list_file, &limits).unwrap();
    let delta = TargetName::delta(41, 42).unwrap();
    let installed = Sha256::of(b"snapshot 41");
    assert_eq!(listed.route(&installed), Route::Deltas(vec![delta]));

    if let Some(folder) = std::env::var_os("IJKPUNT_TUF_FILES") {
        let folder = Path::new(&folder);
        fs::create_dir_all(folder).unwrap();
        for (name, file) in [
            ("1.root.json", &first_file),
            ("2.root.json", &second_file),
            ("7.targets.json", &list_file),
            ("8.snapshot.json", &page_file),
            ("timestamp.json", &newest_file),
        ] {
            fs::write(folder.join(name), file).unwrap();
        }
    }
}

#[test]
fn the_seeds_of_the_fuzz_target_are_what_is_written() {
    let first = Request::new(root(1, &[1, 2, 3]));
    let file = signed(&first, &[1, 2], None);
    let trusted = verify_root(&file, &Limits::default()).unwrap();
    let list = Request::new(targets());
    let answer = list.sign(&key(1), Some(&trusted)).unwrap();
    compare("root.json", &file);
    compare("targets.json", &signed(&list, &[1, 3], Some(&trusted)));
    compare("request-root.json", &first.to_json());
    compare("request-targets.json", &list.to_json());
    let page = Snapshot {
        version: version(8),
        expires: expires(),
        targets: MetaFile::of(version(7), b"targets"),
    };
    compare(
        "request-snapshot.json",
        &Request::new(Content::from(page)).to_json(),
    );
    compare("signature.json", &answer.to_json());
}

fn compare(name: &str, bytes: &[u8]) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folder = corpus.join("tuf");
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    } else if corpus.is_dir() {
        // A package without the folder has no fuzz targets.
        let is_same = fs::read(folder.join(name)).is_ok_and(|seed| seed == bytes);
        assert!(is_same, "tuf/{name}: run again with {WRITE}=1");
    }
}
