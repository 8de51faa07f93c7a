//! What a source file says: every path in it, with the module it stands in, and the few words that go around paths.
//!
//! The tokens are read, not the syntax tree: a path then looks the same in a `use`, an expression, a type, a pattern, an
//! attribute, the arguments of a macro and the body of a `macro_rules!`. The caller has made sure that the file parses.

use proc_macro2::Delimiter::{Brace, Bracket, Parenthesis};

use crate::pieces::{
    self,
    Piece::{self, Group, Join, Sign, Text, Word},
};

/// Something seen on a line, inside the module `scope` (counted from the crate root).
pub(crate) struct Sighting {
    pub(crate) line: usize,
    pub(crate) scope: Vec<String>,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// A path, or one leaf of a `use` tree with its whole prefix.
    Path(Vec<String>, End),
    /// `#[path = ".."]`, also behind `cfg_attr`.
    PathAttribute,
    /// `include!`, or an import of it under whatever name.
    Include,
    /// `extern crate self`
    ExternCrateSelf,
}

/// How a path ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Name,
    /// `::*`
    Glob,
    /// `::` and then something that is no name: generics, or a variable of a macro.
    Open,
}

pub(crate) fn sightings(pieces: &[Piece], scope: Vec<String>) -> Vec<Sighting> {
    let mut reader = Reader {
        scope,
        seen: Vec::new(),
    };
    reader.read(pieces);
    reader.seen
}

struct Reader {
    scope: Vec<String>,
    seen: Vec<Sighting>,
}

/// A path as far as it has been read.
#[derive(Clone)]
struct Trail {
    segments: Vec<String>,
    line: usize,
}

impl Reader {
    fn read(&mut self, mut rest: &[Piece]) {
        while !rest.is_empty() {
            rest = self.step(rest);
        }
    }

    fn step<'a>(&mut self, rest: &'a [Piece]) -> &'a [Piece] {
        match rest {
            [Sign('#'), Group(Bracket, body), rest @ ..]
            | [Sign('#'), Sign('!'), Group(Bracket, body), rest @ ..] => {
                self.attribute(body);
                rest
            }
            [Word(word), rest @ ..] => self.word(word, rest),
            [Group(_, body), rest @ ..] => {
                self.read(body);
                rest
            }
            [_, rest @ ..] => rest,
            [] => rest,
        }
    }

    fn word<'a>(&mut self, word: &pieces::Word, rest: &'a [Piece]) -> &'a [Piece] {
        match (word.name.as_str(), rest) {
            (
                "mod",
                [Word(name), Group(Brace, body), rest @ ..]
                | [Sign('$'), Word(name), Group(Brace, body), rest @ ..],
            ) => {
                self.module(&name.name, body);
                rest
            }
            // A visibility names only what encloses it; the compiler sees to that.
            ("pub", [Group(Parenthesis, body), rest @ ..]) if is_visibility(body) => rest,
            ("extern", [Word(krate), rest @ ..]) if krate.name == "crate" => {
                if rest.first().is_some_and(|piece| is_word(piece, "self")) {
                    self.saw(krate.line, What::ExternCrateSelf);
                }
                rest
            }
            // The key in `#[serde(crate = "..")]` and its like.
            ("crate", [Sign('='), rest @ ..]) => rest,
            (name, rest) => {
                let segments = vec![name.to_owned()];
                self.after_word(
                    Trail {
                        segments,
                        line: word.line,
                    },
                    rest,
                )
            }
        }
    }

    fn module(&mut self, name: &str, body: &[Piece]) {
        self.scope.push(name.to_owned());
        self.read(body);
        self.scope.pop();
    }

    fn after_word<'a>(&mut self, trail: Trail, rest: &'a [Piece]) -> &'a [Piece] {
        match rest {
            [Join, rest @ ..] => self.after_join(trail, rest),
            [Sign('!'), Group(..), ..] if trail.ends_in("include") => {
                self.saw(trail.line, What::Include);
                rest
            }
            _ => {
                self.end(trail, End::Name);
                rest
            }
        }
    }

    fn after_join<'a>(&mut self, mut trail: Trail, rest: &'a [Piece]) -> &'a [Piece] {
        match rest {
            [Word(word), rest @ ..] => {
                trail.segments.push(word.name.clone());
                trail.line = word.line;
                self.after_word(trail, rest)
            }
            [Group(Brace, body), rest @ ..] => {
                for branch in body
                    .split(|piece| matches!(piece, Sign(',')))
                    .filter(|branch| !branch.is_empty())
                {
                    self.after_join(trail.clone(), branch);
                }
                rest
            }
            [Sign('*'), rest @ ..] => {
                self.end(trail, End::Glob);
                rest
            }
            _ => {
                self.end(trail, End::Open);
                rest
            }
        }
    }

    fn end(&mut self, trail: Trail, end: End) {
        let from_std = trail
            .segments
            .first()
            .is_some_and(|head| head == "std" || head == "core");
        let what = if from_std && trail.ends_in("include") {
            What::Include
        } else {
            What::Path(trail.segments, end)
        };
        self.saw(trail.line, what);
    }

    fn attribute(&mut self, body: &[Piece]) {
        if let Some(line) = path_attribute(body) {
            self.saw(line, What::PathAttribute);
        }
        if !body.first().is_some_and(|piece| is_word(piece, "doc")) {
            self.read(body);
            self.quoted(body);
        }
    }

    /// Paths that an attribute holds as a string: `#[serde(with = "crate::hash::hex")]`.
    fn quoted(&mut self, body: &[Piece]) {
        for piece in body {
            match piece {
                Text(text) => self.quoted_path(text),
                Group(_, body) => self.quoted(body),
                Word(_) | Join | Sign(_) => {}
            }
        }
    }

    fn quoted_path(&mut self, text: &pieces::Word) {
        let Ok(path) = syn::parse_str::<syn::Path>(&text.name) else {
            return;
        };
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.saw(text.line, What::Path(segments, End::Name));
        }
    }

    fn saw(&mut self, line: usize, what: What) {
        self.seen.push(Sighting {
            line,
            scope: self.scope.clone(),
            what,
        });
    }
}

impl Trail {
    fn ends_in(&self, name: &str) -> bool {
        self.segments.last().is_some_and(|last| last == name)
    }
}

/// The line of a `path = ".."` in the body of an attribute, behind any number of `cfg_attr`s.
fn path_attribute(body: &[Piece]) -> Option<usize> {
    match body {
        [Word(word), Sign('='), ..] if word.name == "path" => Some(word.line),
        [Word(word), Group(_, body)] if word.name == "cfg_attr" => body
            .split(|piece| matches!(piece, Sign(',')))
            .find_map(path_attribute),
        _ => None,
    }
}

fn is_visibility(body: &[Piece]) -> bool {
    matches!(body, [Word(_)]) || body.first().is_some_and(|piece| is_word(piece, "in"))
}

fn is_word(piece: &Piece, name: &str) -> bool {
    matches!(piece, Word(word) if word.name == name)
}
