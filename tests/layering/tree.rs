//! The source tree: every `.rs` file in it, and whether every folder is a room.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    offence::{Offence, Violation},
    rules,
    table::is_room,
};

/// Everything wrong under the `src/` of the package at `root`.
pub(crate) fn violations(root: &Path) -> io::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for folder in entries(&root.join("src"))? {
        violations.extend(wrong_folder(root, &folder)?);
    }
    for file in rust_files(&root.join("src"))? {
        let text = fs::read_to_string(&file)?;
        violations.extend(rules::violations(&name_under(root, &file), &text));
    }
    Ok(violations)
}

/// What is wrong with a folder as a whole; that its files stand in an unlisted room, each of them says itself. A listed
/// room may be empty, as a switch of branches leaves it.
fn wrong_folder(root: &Path, folder: &Path) -> io::Result<Option<Violation>> {
    if !folder.is_dir() || folder.ends_with("bin") {
        return Ok(None);
    }
    let is_empty = rust_files(folder)?.is_empty();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let offence = match is_room(&name) {
        false if is_empty => Offence::UnlistedRoom(name.into_owned()),
        true if !is_empty && !folder.join("mod.rs").is_file() => Offence::NoFrontDoor,
        _ => return Ok(None),
    };
    let (file, seen) = (name_under(root, folder), name_under(root, folder));
    Ok(Some(Violation {
        file,
        line: 1,
        offence,
        seen,
    }))
}

/// All `.rs` files under `folder`, at any depth, in the order of their names.
pub(crate) fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            files.extend(rust_files(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// The path from `root` on, with `/` on every system.
fn name_under(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<_> = inner
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    names.join("/")
}
