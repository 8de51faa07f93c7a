//! The rules for one source file, by the place where it stands.

use proc_macro2::TokenStream;

use crate::{
    lib_rs,
    offence::{Offence, Violation},
    pieces,
    sightings::{End, Sighting, What, sightings},
    table::{CRATE, is_room, may_import},
};

/// Everything that is wrong with `text` as the content of `file`, a path like `src/hash/pdq.rs`.
pub(crate) fn violations(file: &str, text: &str) -> Vec<Violation> {
    let found = misplaced(file).map_or_else(|| read(file, text), |finding| Ok(vec![finding]));
    let found = found.unwrap_or_else(|error| {
        vec![(
            error.span().start().line,
            Offence::NotRust,
            error.to_string(),
        )]
    });
    let violation = |(line, offence, seen)| Violation {
        file: file.to_owned(),
        line,
        offence,
        seen,
    };
    found.into_iter().map(violation).collect()
}

/// A line, what is wrong there, and the words that say so.
pub(crate) type Finding = (usize, Offence, String);

enum Place<'a> {
    Lib,
    Program,
    Room(&'a str),
    Unlisted(&'a str),
    Loose(&'a str),
}

impl<'a> Place<'a> {
    fn of(file: &'a str) -> Self {
        match module_names(file).split_once('/') {
            None if file == "src/lib.rs" => Self::Lib,
            None => Self::Loose(module_names(file)),
            Some(("bin", _)) => Self::Program,
            Some((room, _)) if is_room(room) => Self::Room(room),
            Some((folder, _)) => Self::Unlisted(folder),
        }
    }
}

fn misplaced(file: &str) -> Option<Finding> {
    let offence = match Place::of(file) {
        Place::Unlisted(name) => Offence::UnlistedRoom(name.to_owned()),
        Place::Loose(name) => Offence::LooseFile(name.to_owned()),
        Place::Lib | Place::Program | Place::Room(_) => return None,
    };
    Some((1, offence, file.to_owned()))
}

fn read(file: &str, text: &str) -> syn::Result<Vec<Finding>> {
    let parsed = syn::parse_file(text)?;
    let pieces = pieces::read(text.parse::<TokenStream>()?);
    let mut findings = Vec::new();
    if matches!(Place::of(file), Place::Lib) {
        findings.extend(lib_rs::findings(&parsed));
    }
    let seen = sightings(&pieces, module_path(file));
    findings.extend(
        seen.into_iter()
            .filter_map(|sighting| finding(&Place::of(file), &sighting)),
    );
    Ok(findings)
}

/// `src/hash/pdq.rs` is `hash::pdq`, `src/hash/mod.rs` is `hash`.
fn module_path(file: &str) -> Vec<String> {
    let mut path: Vec<String> = module_names(file).split('/').map(str::to_owned).collect();
    path.pop_if(|last| last == "mod");
    path
}

/// `src/hash/pdq.rs` without `src/` and `.rs`.
fn module_names(file: &str) -> &str {
    let inner = file.strip_prefix("src/").unwrap_or(file);
    inner.strip_suffix(".rs").unwrap_or(inner)
}

fn finding(place: &Place<'_>, sighting: &Sighting) -> Option<Finding> {
    let (offence, seen) = match (&sighting.what, place) {
        (What::PathAttribute, _) => (Offence::PathAttribute, "#[path = ..]".to_owned()),
        (What::Include, _) => (Offence::Include, "include!".to_owned()),
        (What::ExternCrateSelf, Place::Room(_)) => {
            (Offence::ExternCrateSelf, "extern crate self".to_owned())
        }
        (What::Path(segments, end), Place::Room(room)) => {
            let offence = in_a_room(room, &sighting.scope, segments, *end)?;
            (offence, segments.join("::"))
        }
        (What::Path(segments, _), Place::Program) => (in_a_program(segments)?, segments.join("::")),
        (What::ExternCrateSelf | What::Path(..), _) => return None,
    };
    Some((sighting.line, offence, seen))
}

fn in_a_room(room: &str, scope: &[String], segments: &[String], end: End) -> Option<Offence> {
    if segments.iter().any(|segment| segment == CRATE) {
        return Some(Offence::OwnName);
    }
    let Some(path) = from_the_root(scope, segments) else {
        // Only a macro variable in front makes a `super` in the middle legal.
        return segments
            .iter()
            .any(|segment| segment == "super")
            .then_some(Offence::UnreadablePath);
    };
    match path.first() {
        None => Some(of_the_root_itself(segments, end)),
        Some(to) if !is_room(to) => Some(detour(segments, to)),
        Some(to) if may_import(room, to) => None,
        Some(to) => Some(Offence::IllegalEdge {
            from: room.to_owned(),
            to: (*to).to_owned(),
        }),
    }
}

/// The same path counted from the crate root; nothing for a path that starts from a name in scope.
fn from_the_root<'a>(scope: &'a [String], segments: &'a [String]) -> Option<Vec<&'a str>> {
    let mut path: Vec<&str> = match segments.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => scope.iter().map(String::as_str).collect(),
        _ => return None,
    };
    for segment in segments {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => drop(path.pop()),
            name => path.push(name),
        }
    }
    Some(path)
}

fn of_the_root_itself(segments: &[String], end: End) -> Offence {
    match end {
        End::Glob => Offence::RootGlob,
        End::Open => Offence::UnreadablePath,
        End::Name if segments.last().is_some_and(|last| last == "self") => Offence::RootAsSelf,
        End::Name => Offence::RootAlias,
    }
}

fn detour(segments: &[String], name: &str) -> Offence {
    if segments.first().is_some_and(|head| head == "crate") {
        Offence::DetourOverRoot(name.to_owned())
    } else {
        Offence::DetourOverSuper(name.to_owned())
    }
}

/// A program sees the library from outside, so only what the library hides has to be refused here. Every path counts, not
/// only those that start with the library's name: a room may have been imported first.
fn in_a_program(segments: &[String]) -> Option<Offence> {
    if let Some(hook) = segments.iter().find(|segment| segment.starts_with("__")) {
        return Some(Offence::HiddenHook(hook.clone()));
    }
    let names_an_oracle = segments.len() > 1 && segments.iter().any(|segment| segment == "oracle");
    names_an_oracle.then_some(Offence::Oracle)
}
