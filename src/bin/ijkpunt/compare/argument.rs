//! What an argument names: an entry by its full name, else a file, else a hash, else an entry by its id alone.
//!
//! An id may look like a file or like a hash (`ijkpunt enrol` takes files' paths for ids), so the order is fixed,
//! and whoever is passed over is named on standard error.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::Code;
use ijkpunt::hash::{DigestKind, HexError, Pdq};

use crate::Failure;
use crate::files::Input;
use crate::output::{complain, printable};

use super::baselines::{Baseline, Baselines, Found};
use super::near;

/// Something to compare.
pub(super) enum Argument<'a> {
    File(Input),
    Hash(Pdq),
    Entry(Found<'a>),
}

impl Argument<'_> {
    /// The algorithms of an entry's digests, in which files have to be digested to be compared with it.
    pub(super) fn digest_kinds(&self) -> Vec<DigestKind> {
        let Self::Entry(entry) = self else {
            return Vec::new();
        };
        let is_used = |&kind: &DigestKind| {
            let mut rows = entry.rows();
            rows.any(|row| matches!(row.code(), Code::Digest(digest) if digest.kind() == kind))
        };
        DigestKind::ALL.into_iter().filter(is_used).collect()
    }
}

/// What both arguments name. Entries come second, as in screening: an upload is turned and mirrored, an entry is not.
pub(super) fn both<'a>(
    first: &OsStr,
    second: &OsStr,
    lists: &'a Baselines,
) -> Result<[Argument<'a>; 2], Failure> {
    let arguments = [upload(first, lists)?, upload_or_entry(second, lists)?];
    match &arguments {
        [Argument::File(Input::Stdin), Argument::File(Input::Stdin)] => {
            Err("standard input can be read only once: give a file for one of the two".into())
        }
        _ => Ok(arguments),
    }
}

fn upload<'a>(text: &OsStr, lists: &'a Baselines) -> Result<Argument<'a>, Failure> {
    let word = text.to_str().unwrap_or_default();
    let no_hash = match file_or_hash(text)? {
        Ok(argument) => return Ok(argument),
        Err(no_hash) => no_hash,
    };
    let mut entries = lists
        .by_full_name(word)
        .into_iter()
        .chain(lists.by_id(word));
    Err(match entries.next() {
        Some(entry) => entry_first(entry),
        None => unknown(text, no_hash, lists),
    }
    .into())
}

fn upload_or_entry<'a>(text: &OsStr, lists: &'a Baselines) -> Result<Argument<'a>, Failure> {
    let word = text.to_str().unwrap_or_default();
    if let Some(entry) = lists.by_full_name(word) {
        return Ok(Argument::Entry(entry));
    }
    match (file_or_hash(text)?, &lists.by_id(word)[..]) {
        (Ok(argument), passed_over) => {
            note(&argument, passed_over);
            Ok(argument)
        }
        (Err(_), [entry]) => Ok(Argument::Entry(*entry)),
        (Err(no_hash), []) => Err(unknown(text, no_hash, lists).into()),
        (Err(_), several) => Err(ambiguous(text, several).into()),
    }
}

/// A file, else a hash, else why it is no hash.
fn file_or_hash<'a>(text: &OsStr) -> Result<Result<Argument<'a>, HexError>, String> {
    if let Some(file) = file(text)? {
        return Ok(Ok(Argument::File(file)));
    }
    let hash = Pdq::from_hex(text.as_encoded_bytes());
    Ok(hash.map(Argument::Hash))
}

/// The file of this name, or standard input.
fn file(text: &OsStr) -> Result<Option<Input>, String> {
    let path = Path::new(text);
    if text == "-" {
        return Ok(Some(Input::Stdin));
    }
    if path.is_dir() {
        let path = printable(&path.display().to_string());
        return Err(format!(
            "{path} is a folder: compare takes two single files (`ijkpunt screen` takes folders)"
        ));
    }
    // Where it cannot be told, there is something; reading it says why.
    let exists = path.try_exists().unwrap_or(true) && !text.is_empty();
    Ok(exists.then(|| Input::File(PathBuf::from(path))))
}

/// Tells which entries could have been meant too.
fn note(taken: &Argument<'_>, passed_over: &[Found<'_>]) {
    if passed_over.is_empty() {
        return;
    }
    let noun = match taken {
        Argument::File(_) => "file",
        Argument::Hash(_) => "hash",
        Argument::Entry(_) => "entry",
    };
    let names = full_names(passed_over);
    complain(&format_args!(
        "note: the {noun} is compared; the entry of the same id is {names}"
    ));
}

fn entry_first(entry: Found<'_>) -> String {
    let name = printable(&entry.full_name());
    format!("{name} is an entry: give it second, after the file or hash that it is compared with")
}

fn ambiguous(text: &OsStr, several: &[Found<'_>]) -> String {
    let shown = shown(text);
    let names = full_names(several);
    format!("`{shown}` is an entry of several lists: write {names}")
}

fn full_names(entries: &[Found<'_>]) -> String {
    let names: Vec<String> = entries
        .iter()
        .map(|entry| printable(&entry.full_name()))
        .collect();
    names.join(" or ")
}

/// Why a text is neither file nor hash nor entry, and what could be meant.
fn unknown(text: &OsStr, no_hash: HexError, lists: &Baselines) -> String {
    let shown = &shown(text);
    let mut lines = vec![
        format!("`{shown}` names nothing to compare"),
        "no file: there is none of this name".to_owned(),
        format!("no hash: {}", why_no_hash(no_hash)),
    ];
    if lists.iter().len() == 0 {
        lines.push("no entry: no list is given; add --baseline [NAME=]LIST".to_owned());
    }
    let owners = lists.iter().filter(|list| list.own_part(shown).is_some());
    let named = owners.count() > 0;
    for list in lists.iter() {
        let own_part = list.own_part(shown);
        if own_part.is_some() || !named {
            lines.push(no_entry(own_part.unwrap_or(shown), list));
        }
    }
    lines.join("\n  ")
}

fn why_no_hash(error: HexError) -> String {
    match error {
        HexError::Length { .. } => error.to_string(),
        _ => format!("{error}, a PDQ hash has 64"),
    }
}

fn shown(text: &OsStr) -> String {
    printable(&text.to_string_lossy())
}

fn no_entry(id: &str, list: &Baseline) -> String {
    let near = near::ids(id, list.ids());
    let first: Vec<&str> = list.ids().take(3).collect();
    let some = match (near.is_empty(), first.is_empty()) {
        (false, _) => format!("near it are {}; ", quoted(&near)),
        (true, false) => format!("its first ids are {}; ", quoted(&first)),
        (true, true) => String::new(),
    };
    let (name, all) = (printable(&list.name), list.where_ids_stand());
    format!("no entry of list {name}: {some}all are {all}")
}

fn quoted(ids: &[&str]) -> String {
    let quote = |id: &&str| format!("`{}`", printable(id));
    ids.iter().map(quote).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

    fn lists() -> Baselines {
        let of = |name, ids: &[&str]| {
            let rows: String = ids.iter().map(|id| format!("{id},{HASH}\n")).collect();
            Baseline::of(name, &format!("id,pdq\n{rows}"))
        };
        Baselines::of([
            of("eu", &["item-1", "item-2", "Cargo.toml", &"0".repeat(64)]),
            of("own", &["item-2", "bridge"]),
        ])
    }

    fn kind(text: &str) -> String {
        match upload_or_entry(text.as_ref(), &lists()) {
            Ok(Argument::File(file)) => format!("file {}", file.name()),
            Ok(Argument::Hash(_)) => "hash".to_owned(),
            Ok(Argument::Entry(entry)) => entry.full_name(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn full_names_come_before_files_before_hashes_before_ids() {
        assert_eq!(kind("Cargo.toml"), "file Cargo.toml");
        assert_eq!(kind("eu:Cargo.toml"), "eu:Cargo.toml");
        assert_eq!(kind(&"0".repeat(64)), "hash");
        assert_eq!(kind("-"), "file -");
        assert_eq!(kind(&HASH.to_uppercase()), "hash");
        assert_eq!(kind("bridge"), "own:bridge");
    }

    #[test]
    fn an_id_in_two_lists_needs_the_name_of_one() {
        assert_eq!(
            kind("item-2"),
            "error: `item-2` is an entry of several lists: write eu:item-2 or own:item-2"
        );
        assert_eq!(kind("own:item-2"), "own:item-2");
    }

    #[test]
    fn what_names_nothing_is_told_why_and_what_is_near() {
        let error = kind("brigde");
        assert!(error.contains("no file: there is none"), "{error}");
        assert!(error.contains("character 2 is not a hex"), "{error}");
        assert!(error.contains("list own: near it are `bridge`"), "{error}");
        assert!(error.contains("eu: its first ids are `item-1`"), "{error}");
        let error = kind("eu:item-11");
        assert!(error.contains("list eu: near it are `item-1`"), "{error}");
        assert!(!error.contains("list own"), "{error}");
        assert!(!error.contains(HASH), "{error}");
        let error = kind(&"0".repeat(63));
        assert!(error.contains("63 hexadecimal digits"), "{error}");
        assert!(!error.contains(&"0".repeat(64)), "{error}");
    }

    #[test]
    fn a_folder_an_entry_first_and_standard_input_twice_are_refused() {
        assert!(kind("src").contains("is a folder"));
        let lists = lists();
        let refused = |first: &str, second: &str| {
            let refused = both(first.as_ref(), second.as_ref(), &lists);
            refused.err().unwrap().to_string()
        };
        assert!(refused("bridge", HASH).contains("own:bridge is an entry: give it second"));
        assert!(refused("-", "-").contains("only once"));
        assert!(refused("", HASH).contains("no file"));
    }
}
