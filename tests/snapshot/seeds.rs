//! The seeds of the fuzz targets are drawn here: where the format changes, they follow.

use std::fs;
use std::path::Path;

use ijkpunt::baseline::Text;
use ijkpunt::snapshot::{Delta, Draft, Snapshot, Suspensions, Switched};

use super::drawn::{draft, entry, list, time};

/// Set to write them instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

#[test]
fn the_seeds_of_the_fuzz_targets_are_those_that_are_drawn_here() {
    let empty = || Draft::new(1, time("2026-11-22T10:00:00Z"));
    let mut of_list = empty();
    of_list.list(&list(9)).unwrap();
    let mut of_one = empty();
    of_one.entry(entry(4, 0, 0)).unwrap();
    let drafts = [
        ("nothing", empty()),
        ("one", of_one),
        ("list", of_list),
        ("said", draft([5, 7])),
        ("windows", draft([3, 10, 14])),
        ("frames", draft([2, 8])),
    ];
    let base = Snapshot::from_bytes(empty().to_bytes().unwrap()).unwrap();
    for (name, draft) in drafts {
        let bytes = draft.to_bytes().unwrap();
        let snapshot = Snapshot::from_bytes(&*bytes).unwrap();
        let delta = Delta::between(&base, &snapshot).unwrap();
        compare_or_write("snapshot", name, &bytes);
        compare_or_write("delta", name, &delta.to_bytes());
    }
    let mut suspensions = Suspensions::default();
    compare_or_write("suspensions", "none", &suspensions.to_bytes());
    for (seed, by) in [(1, "platform"), (1, "breaker"), (2, "platform")] {
        let why = || Switched {
            at: time("2026-11-22T10:00:00Z"),
            reason: Text::new("wrong medium").unwrap(),
        };
        let (id, by) = (entry(seed, 0, 0).id, Text::new(by).unwrap());
        assert!(suspensions.suspend(id, &by, why()));
        assert!(seed == 1 || suspensions.resume(id, &Text::new("platform").unwrap(), why()));
    }
    compare_or_write("suspensions", "three", &suspensions.to_bytes());
}

fn compare_or_write(target: &str, name: &str, bytes: &[u8]) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folder = corpus.join(target);
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    } else if corpus.is_dir() {
        // A package without the folder has no fuzz targets.
        let is_same = fs::read(folder.join(name)).is_ok_and(|seed| seed == bytes);
        assert!(is_same, "{target}/{name}: run again with {WRITE}=1");
    }
}
