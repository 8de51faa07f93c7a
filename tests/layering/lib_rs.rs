//! What `lib.rs` may hold: docs, attributes, the rooms, and `pub use` from them. The engine belongs in the rooms.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the items of Rust are many and will be more; what is not named here is refused"
)]

use syn::{
    Attribute, Item, ItemMod, ItemUse, Meta, Token, Type, UseTree, Visibility,
    punctuated::Punctuated, spanned::Spanned,
};

use crate::{offence::Offence, rules::Finding, table::is_room};

pub(crate) fn findings(file: &syn::File) -> Vec<Finding> {
    let items = file.items.iter().filter(|item| !is_for_doctests(item));
    let finding = |item| {
        let held = too_much(item)?;
        Some((item.span().start().line, Offence::InLib(held), head(item)))
    };
    items.filter_map(finding).collect()
}

/// The first line of an item behind its docs and attributes.
fn head(item: &Item) -> String {
    let text = item.span().source_text().unwrap_or_default();
    let mut lines = text.lines().map(str::trim);
    let head = lines.find(|line| !line.starts_with(['/', '#']));
    head.unwrap_or_default().to_owned()
}

/// In words, an item that does not belong in `lib.rs`.
fn too_much(item: &Item) -> Option<&'static str> {
    match item {
        Item::Mod(module) => wrong_module(module),
        Item::Use(import) => wrong_import(import),
        Item::Const(constant) if constant.ident == "_" && is_unit(&constant.ty) => None,
        Item::Const(_) | Item::Static(_) => Some("a constant"),
        Item::Fn(_) => Some("a function"),
        Item::Struct(_) | Item::Enum(_) | Item::Union(_) | Item::Type(_) => Some("a type"),
        Item::Trait(_) | Item::TraitAlias(_) => Some("a trait"),
        Item::Impl(_) => Some("an impl"),
        Item::Macro(_) => Some("a macro"),
        Item::ExternCrate(_) => Some("an extern crate"),
        _ => Some("an item of another kind"),
    }
}

fn wrong_module(module: &ItemMod) -> Option<&'static str> {
    if !is_room(&module.ident.to_string()) {
        Some("a module that is no listed room")
    } else if module.content.is_some() {
        Some("a room with a body")
    } else if module
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("macro_use"))
    {
        Some("a room whose macros leak into all others")
    } else {
        None
    }
}

fn wrong_import(import: &ItemUse) -> Option<&'static str> {
    if !matches!(import.vis, Visibility::Public(_)) {
        Some("a private import")
    } else if import.leading_colon.is_some() || !comes_from_a_room(&import.tree) {
        Some("a re-export from outside the rooms")
    } else {
        None
    }
}

fn comes_from_a_room(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) if path.ident == "crate" || path.ident == "self" => {
            comes_from_a_room(&path.tree)
        }
        UseTree::Path(path) => is_room(&path.ident.to_string()),
        UseTree::Group(group) => group.items.iter().all(comes_from_a_room),
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_for_doctests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Struct(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    let mut conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.any(|condition| {
        condition
            .parse_args()
            .is_ok_and(|meta| asks_for_doctest(&meta))
    })
}

/// `doctest`, or `all(..)` with it.
fn asks_for_doctest(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return condition.path().is_ident("doctest");
    };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    list.path.is_ident("all") && parts.is_ok_and(|parts| parts.iter().any(asks_for_doctest))
}
