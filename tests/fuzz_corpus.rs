//! Every seed and every crash of the fuzz targets, replayed: what fuzzing has found once stays found.
//!
//! The targets are those of `fuzz/`, included and not copied. `fuzz/README.md` says how they are run.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use std::collections::BTreeSet;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "public in the fuzz package")]
mod bodies;

use bodies::TARGETS;

#[test]
#[cfg(feature = "authority")]
fn checkpoint_holds_on_every_seed_and_crash() {
    replay("checkpoint");
}

#[test]
#[cfg(feature = "authority")]
fn consistency_list_holds_on_every_seed_and_crash() {
    replay("consistency_list");
}

#[test]
fn decode_and_hash_holds_on_every_seed_and_crash() {
    replay("decode_and_hash");
}

#[test]
fn delta_holds_on_every_seed_and_crash() {
    replay("delta");
}

#[test]
fn enrol_holds_on_every_seed_and_crash() {
    replay("enrol");
}

#[test]
#[cfg(feature = "authority")]
fn envelope_holds_on_every_seed_and_crash() {
    replay("envelope");
}

#[test]
fn film_holds_on_every_seed_and_crash() {
    replay("film");
}

#[test]
#[cfg(all(feature = "video", unix))]
fn heif_holds_on_every_seed_and_crash() {
    replay("heif");
}

#[test]
fn hex_holds_on_every_seed_and_crash() {
    replay("hex");
}

#[test]
fn index_holds_on_every_seed_and_crash() {
    replay("index");
}

#[test]
fn list_holds_on_every_seed_and_crash() {
    replay("list");
}

#[test]
#[cfg(feature = "authority")]
fn merge_holds_on_every_seed_and_crash() {
    replay("merge");
}

#[test]
fn pixels_holds_on_every_seed_and_crash() {
    replay("pixels");
}

#[test]
#[cfg(feature = "review")]
fn platform_feedback_holds_on_every_seed_and_crash() {
    replay("platform_feedback");
}

#[test]
#[cfg(feature = "authority")]
fn proof_holds_on_every_seed_and_crash() {
    replay("proof");
}

#[test]
#[cfg(feature = "review")]
fn removal_order_holds_on_every_seed_and_crash() {
    replay("removal_order");
}

#[test]
#[cfg(feature = "review")]
fn review_export_holds_on_every_seed_and_crash() {
    replay("review_export");
}

#[test]
fn screen_holds_on_every_seed_and_crash() {
    replay("screen");
}

#[test]
fn snapshot_holds_on_every_seed_and_crash() {
    replay("snapshot");
}

#[test]
#[cfg(feature = "authority")]
fn statement_holds_on_every_seed_and_crash() {
    replay("statement");
}

#[test]
#[cfg(feature = "review")]
fn statement_of_reasons_holds_on_every_seed_and_crash() {
    replay("statement_of_reasons");
}

#[test]
#[cfg(feature = "authority")]
fn suspension_list_holds_on_every_seed_and_crash() {
    replay("suspension_list");
}

#[test]
fn suspensions_holds_on_every_seed_and_crash() {
    replay("suspensions");
}

#[test]
#[cfg(feature = "authority")]
fn tuf_holds_on_every_seed_and_crash() {
    replay("tuf");
}

#[test]
#[cfg(feature = "review")]
fn upload_holds_on_every_seed_and_crash() {
    replay("upload");
}

#[test]
fn views_holds_on_every_seed_and_crash() {
    replay("views");
}

#[test]
fn vpdq_holds_on_every_seed_and_crash() {
    replay("vpdq");
}

/// A target that is forgotten here, or a folder of seeds without a target, would be tested by nobody.
#[test]
fn every_target_is_a_file_with_seeds_and_is_replayed() {
    let mut listed: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    if cfg!(not(feature = "authority")) {
        // Those of a room that is not there are replayed where it is.
        let those = [
            "checkpoint",
            "consistency_list",
            "envelope",
            "merge",
            "proof",
            "statement",
            "suspension_list",
            "tuf",
        ];
        listed.extend(those.map(str::to_owned));
    }
    if cfg!(not(feature = "review")) {
        let those = [
            "platform_feedback",
            "removal_order",
            "review_export",
            "statement_of_reasons",
            "upload",
        ];
        listed.extend(those.map(str::to_owned));
    }
    if cfg!(not(all(feature = "video", unix))) {
        listed.insert("heif".to_owned());
    }
    let replayed = [
        "checkpoint",
        "consistency_list",
        "decode_and_hash",
        "delta",
        "enrol",
        "envelope",
        "film",
        "heif",
        "hex",
        "index",
        "list",
        "merge",
        "pixels",
        "platform_feedback",
        "proof",
        "removal_order",
        "review_export",
        "screen",
        "snapshot",
        "statement",
        "statement_of_reasons",
        "suspension_list",
        "suspensions",
        "tuf",
        "upload",
        "views",
        "vpdq",
    ]
    .map(str::to_owned);
    assert_eq!(listed, BTreeSet::from(replayed));
    assert_eq!(listed, names("fuzz_targets"));
    assert_eq!(listed, names("corpus"));
    assert!(names("crashes").is_subset(&listed));
}

/// A crash without the story of its cause teaches nobody.
#[test]
fn every_crash_has_its_story() {
    for (target, _) in TARGETS {
        for input in inputs("crashes", target) {
            let story = format!("{}.md", input.display());
            assert!(Path::new(&story).is_file(), "{story} is missing");
        }
    }
}

fn replay(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let seeds = inputs("corpus", target);
    assert!(!seeds.is_empty(), "{target} has no seeds");
    let mut failing: Vec<PathBuf> = seeds.into_iter().chain(inputs("crashes", target)).collect();
    failing.retain(|input| {
        let bytes = fs::read(input).unwrap();
        panic::catch_unwind(|| run(&bytes)).is_err()
    });
    assert!(failing.is_empty(), "{failing:#?}");
}

/// The inputs in a folder of a target, in the order of their names; none where there is no such folder.
fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(fuzz().join(kind).join(target)) else {
        return Vec::new();
    };
    let mut inputs: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.extension().is_none_or(|extension| extension != "md"));
    inputs.sort();
    inputs
}

/// What stands in a folder of `fuzz/`, without extensions; nothing where there is no such folder.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).into_iter().flatten();
    entries
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}
