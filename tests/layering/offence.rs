//! What can be wrong with a source file, and what to do about it.

use std::fmt;

use crate::table::TABLE;

/// An offence at its place. It prints as one line for the author of the change.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) offence: Offence,
    /// The path or the construct as it stands in the source.
    pub(crate) seen: String,
}

#[derive(Debug)]
pub(crate) enum Offence {
    IllegalEdge { from: String, to: String },
    DetourOverRoot(String),
    DetourOverSuper(String),
    RootGlob,
    RootAlias,
    RootAsSelf,
    UnreadablePath,
    OwnName,
    ExternCrateSelf,
    PathAttribute,
    Include,
    UnlistedRoom(String),
    LooseFile(String),
    NoFrontDoor,
    InLib(&'static str),
    HiddenHook(String),
    Oracle,
    NotRust,
}

impl Violation {
    /// The offence and its line: the form in which fixtures expect it.
    pub(crate) fn brief(&self) -> String {
        format!("{} (line {})", self.offence, self.line)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            offence,
            seen,
        } = self;
        write!(
            f,
            "{file}:{line}: {offence}, in `{seen}`: {}",
            offence.advice()
        )
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalEdge { from, to } => write!(f, "illegal edge {from} -> {to}"),
            Self::DetourOverRoot(name) => write!(f, "detour over the root to {name}"),
            Self::DetourOverSuper(name) => write!(f, "detour over super to {name}"),
            Self::RootGlob => f.write_str("glob of the root"),
            Self::RootAlias => f.write_str("alias of the root"),
            Self::RootAsSelf => f.write_str("root taken as self"),
            Self::UnreadablePath => f.write_str("unreadable path from the root"),
            Self::OwnName => f.write_str("library calls itself by its outer name"),
            Self::ExternCrateSelf => f.write_str("extern crate self"),
            Self::PathAttribute => f.write_str("path attribute"),
            Self::Include => f.write_str("include"),
            Self::UnlistedRoom(name) => write!(f, "unlisted room {name}"),
            Self::LooseFile(name) => write!(f, "loose file {name}"),
            Self::NoFrontDoor => f.write_str("no front door"),
            Self::InLib(item) => write!(f, "lib.rs holds {item}"),
            Self::HiddenHook(name) => write!(f, "hidden hook {name}"),
            Self::Oracle => f.write_str("oracle in a program"),
            Self::NotRust => f.write_str("not Rust"),
        }
    }
}

impl Offence {
    fn advice(&self) -> String {
        match self {
            Self::IllegalEdge { from, to } => format!(
                "add {to} to the imports of {from} in {TABLE}, in a commit of its own that says why, or let the two meet in \
                 a type of a room that both may import"
            ),
            Self::DetourOverRoot(_) | Self::DetourOverSuper(_) => {
                "name the room that owns it: crate::<room>::.., so that the edge can be seen; what lib.rs re-exports is for \
                 users"
                    .to_owned()
            }
            Self::RootGlob | Self::RootAlias | Self::RootAsSelf => {
                "import from a room, never the crate root itself: under another name it hides every edge".to_owned()
            }
            Self::UnreadablePath => {
                "spell the room out behind crate::, a macro variable there hides the edge from this test".to_owned()
            }
            Self::OwnName | Self::ExternCrateSelf => "inside the library write crate::<room>::..".to_owned(),
            Self::PathAttribute | Self::Include => {
                "put the code where its module path says, and declare it with a plain mod".to_owned()
            }
            Self::UnlistedRoom(_) => {
                format!("give it a row in {TABLE}, in a commit of its own that says why, or move it into a listed room")
            }
            Self::LooseFile(_) => format!("a room is a folder with mod.rs, and has a row in {TABLE}"),
            Self::NoFrontDoor => "a room is a folder with mod.rs: write it, or remove the folder".to_owned(),
            Self::InLib(_) => {
                "lib.rs holds docs, `mod` of listed rooms, `pub use` from them, `const _: () = { .. }` and what is \
                 #[cfg(doctest)]; move the rest into a room"
                    .to_owned()
            }
            Self::HiddenHook(_) | Self::Oracle => {
                "a program uses the public API only; where that does not do, the library lacks an API".to_owned()
            }
            Self::NotRust => "this test must be able to read every source file".to_owned(),
        }
    }
}
