//! Tokens in a form that slice patterns can read: `::` is one piece, and every word knows its line.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};

pub(crate) enum Piece {
    Word(Word),
    /// `::`
    Join,
    Sign(char),
    /// The content of a string literal.
    Text(Word),
    Group(Delimiter, Vec<Piece>),
}

/// An identifier or keyword without its `r#`, or a string.
pub(crate) struct Word {
    pub(crate) name: String,
    pub(crate) line: usize,
}

pub(crate) fn read(tokens: TokenStream) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let joined = is_colon(&token) && tokens.next_if(is_colon).is_some();
        pieces.push(if joined { Piece::Join } else { piece(token) });
    }
    pieces
}

fn piece(token: TokenTree) -> Piece {
    match token {
        TokenTree::Ident(ident) => {
            let line = ident.span().start().line;
            let written = ident.to_string();
            let name = written.strip_prefix("r#").unwrap_or(&written).to_owned();
            Piece::Word(Word { name, line })
        }
        TokenTree::Punct(punct) => Piece::Sign(punct.as_char()),
        TokenTree::Literal(literal) => text(literal),
        TokenTree::Group(group) => Piece::Group(group.delimiter(), read(group.stream())),
    }
}

fn text(literal: Literal) -> Piece {
    let line = literal.span().start().line;
    let syn::Lit::Str(text) = syn::Lit::new(literal) else {
        return Piece::Sign('0');
    };
    let name = text.value();
    Piece::Text(Word { name, line })
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}
