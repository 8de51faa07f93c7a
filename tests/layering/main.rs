//! Rooms import only what the table of the house allows.
//!
//! The table stands in `table.rs`; `rules.rs` says what a source file may hold, by its place: a room, `lib.rs` or a program
//! under `src/bin/`. Detours that would hide an edge (a re-export at the crate root, another name for the root, a file
//! pulled in from elsewhere) are refused, and each refusal is proved by a file in `fixtures/`.
//!
//! What is read are paths. Three things therefore stay unseen: a type that reaches a room through a value or a method of a
//! third room without being named, a name that an allowed room re-exports from a room beyond, and what a macro from another
//! crate writes. A `super` in a `macro_rules!` body is counted from where it is written, not from where the macro is used.

mod fixture;
mod lib_rs;
mod offence;
mod pieces;
mod rules;
mod sightings;
mod table;
mod tree;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use offence::Violation;
use table::ROOMS;

#[test]
fn every_room_imports_only_rooms_above_it() {
    assert_eq!(table::flaws(&ROOMS), Vec::<String>::new());
}

#[test]
fn a_cycle_an_unknown_name_and_a_name_twice_are_flaws_of_a_table() {
    let rooms: [table::Room; 3] = [
        ("hash", &["view"]),
        ("view", &["hash", "attic"]),
        ("hash", &[]),
    ];
    let expected = [
        "hash imports view, no room above it",
        "view imports attic, no room above it",
        "hash is listed twice",
    ];
    assert_eq!(table::flaws(&rooms), expected);
}

#[test]
fn the_sources_keep_to_the_table() -> io::Result<()> {
    let violations = tree::violations(package())?;
    assert!(violations.is_empty(), "\n{}\n", lines(&violations));
    assert!(
        package().join("src/lib.rs").is_file(),
        "the sources are not where this test looks"
    );
    Ok(())
}

#[test]
fn every_fixture_draws_exactly_the_violations_it_names() -> io::Result<()> {
    let fixtures = tree::rust_files(&package().join("tests/layering/fixtures"))?;
    let mut failures = Vec::new();
    for path in &fixtures {
        failures.extend(fixture::check(&path.to_string_lossy(), &fs::read_to_string(path)?).err());
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
    assert!(!fixtures.is_empty(), "there are no fixtures");
    Ok(())
}

#[test]
fn a_fixture_that_expects_nothing_in_words_is_refused() {
    for text in [
        "",
        "use crate::limits::Limits;",
        "//@ src/hash/pdq.rs",
        "// @ src/hash/pdq.rs -> none",
    ] {
        assert!(fixture::check("silent.rs", text).is_err(), "{text}");
    }
}

#[test]
fn a_fixture_that_expects_too_much_or_too_little_is_refused() {
    let offence = "\nuse crate::media::Still;";
    for expectation in [
        "none",
        "illegal edge hash -> media (line 2); include (line 3)",
        "include (line 2)",
    ] {
        let text = format!("//@ src/hash/pdq.rs -> {expectation}{offence}");
        assert!(fixture::check("wrong.rs", &text).is_err(), "{text}");
    }
}

#[test]
fn a_folder_must_be_a_listed_room_with_a_front_door() -> io::Result<()> {
    let files = [
        "lib.rs",
        "limits.rs",
        "attic/mod.rs",
        "hash/pdq.rs",
        "media/mod.rs",
    ];
    let root = tree_of("doors", &files)?;
    for empty in ["bin", "cellar", "screen"] {
        fs::create_dir_all(root.join("src").join(empty))?;
    }
    let found: Vec<String> = tree::violations(&root)?
        .iter()
        .map(|found| format!("{}: {}", found.file, found.offence))
        .collect();
    let expected = [
        "src/cellar: unlisted room cellar",
        "src/hash: no front door",
        "src/attic/mod.rs: unlisted room attic",
        "src/limits.rs: loose file limits",
    ];
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn a_message_names_the_file_the_line_the_edge_and_the_way_out() {
    let violations = rules::violations("src/hash/pdq.rs", "\nuse crate::media::Still;\n");
    let message = lines(&violations);
    for part in [
        "src/hash/pdq.rs:2:",
        "hash -> media",
        "crate::media::Still",
        table::TABLE,
        "commit of its own",
    ] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    assert!(
        package().join(table::TABLE).is_file(),
        "the table is not where the messages say"
    );
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A package folder with these empty files under its `src/`.
fn tree_of(name: &str, files: &[&str]) -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("layering")
        .join(name);
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    for file in files.iter().map(|file| root.join("src").join(file)) {
        fs::create_dir_all(file.parent().unwrap_or(&root))?;
        fs::write(file, "//! Empty.\n")?;
    }
    Ok(root)
}

fn lines(violations: &[Violation]) -> String {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
