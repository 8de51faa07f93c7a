//! The seeds of the fuzz target are drawn here: where the format changes, they follow.

use std::fs;
use std::path::Path;

use ijkpunt::snapshot::Draft;

use super::drawn::{draft, entry, list, time};

/// Set to write them instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

#[test]
fn the_seeds_of_the_fuzz_target_are_those_that_are_drawn_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/snapshot");
    let empty = || Draft::new(1, time("2026-11-22T10:00:00Z"));
    let mut of_list = empty();
    of_list.list(&list(9)).unwrap();
    let mut of_one = empty();
    of_one.entry(entry(4, 0, 0)).unwrap();
    for (name, draft) in [
        ("nothing", empty()),
        ("one", of_one),
        ("list", of_list),
        ("said", draft([5, 7])),
        ("windows", draft([3, 10, 14])),
    ] {
        let bytes = draft.to_bytes().unwrap();
        let path = folder.join(name);
        if std::env::var_os(WRITE).is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(path, bytes).unwrap();
        } else if folder.is_dir() {
            // A package without the folder has no fuzz targets.
            assert!(
                fs::read(path).is_ok_and(|seed| seed == bytes),
                "{name}: run again with {WRITE}=1"
            );
        }
    }
}
