//! Golden files: what is written today is what was written when people last read it.

use std::path::Path;

/// Compares with `testdata/review/report/{name}` byte by byte, or writes it where `IJKPUNT_GOLDEN=write`.
pub(super) fn compare(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/review/report");
    let file = folder.join(name);
    if std::env::var("IJKPUNT_GOLDEN").is_ok_and(|mode| mode == "write") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let golden = std::fs::read_to_string(&file)
        .unwrap_or_else(|_| panic!("no {name}: run with IJKPUNT_GOLDEN=write, and read it"));
    assert_eq!(
        text, golden,
        "{name} has changed: run with IJKPUNT_GOLDEN=write, and read the difference"
    );
}
