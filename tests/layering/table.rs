//! The table of the house: every room in order, and what it may import.
//!
//! This is the one place that decides. A new edge is added here first, in a commit of its own that says why.

/// The name by which the outside world calls this library.
pub(crate) const CRATE: &str = "ijkpunt";

/// Where this table stands, for the messages that send people here.
pub(crate) const TABLE: &str = "tests/layering/table.rs";

/// One room: its name and the rooms it may import.
pub(crate) type Room = (&'static str, &'static [&'static str]);

/// All rooms, floor by floor. A room may import only rooms that stand above it in this list.
#[rustfmt::skip]
pub(crate) const ROOMS: [Room; 19] = [
    // look
    ("limits",   &[]),
    ("picture",  &["limits"]),
    ("media",    &["limits", "picture"]),
    ("hash",     &["limits", "picture"]),
    ("view",     &["limits", "picture", "hash"]),
    // know
    ("index",    &["hash"]),
    ("baseline", &["limits", "hash"]),
    ("snapshot", &["limits", "hash", "index", "baseline"]),
    ("screen",   &["limits", "picture", "media", "hash", "view", "index", "baseline", "snapshot"]),
    // agree
    ("sign",     &["limits", "baseline"]),
    ("tuf",      &["limits", "baseline", "sign"]),
    ("ledger",   &["limits", "sign"]),
    ("enrol",    &["limits", "picture", "media", "hash", "view", "index", "baseline"]),
    ("register", &["limits", "baseline", "sign", "ledger"]),
    ("publish",  &["limits", "register", "snapshot", "baseline", "sign", "tuf"]),
    ("sync",     &["limits", "snapshot", "baseline", "sign", "tuf"]),
    // decide
    ("review",   &["limits", "hash", "view", "baseline", "snapshot", "screen", "sign", "ledger"]),
    ("interop",  &["limits", "hash", "baseline"]),
    ("manual",   &[]),
];

pub(crate) fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name)
}

/// Whether `from` may name things of `to`. A room may always name itself.
pub(crate) fn may_import(from: &str, to: &str) -> bool {
    from == to || imports_of(from).contains(&to)
}

fn imports_of(name: &str) -> &'static [&'static str] {
    let room = ROOMS.iter().find(|(room, _)| *room == name);
    room.map_or(&[], |(_, imports)| imports)
}

/// What is wrong with a table: a name twice, an unknown import, an import that does not stand above.
pub(crate) fn flaws(rooms: &[Room]) -> Vec<String> {
    let mut above: Vec<&str> = Vec::new();
    let mut flaws = Vec::new();
    for (room, imports) in rooms {
        if above.contains(room) {
            flaws.push(format!("{room} is listed twice"));
        }
        let unreachable = imports.iter().filter(|import| !above.contains(import));
        flaws
            .extend(unreachable.map(|import| format!("{room} imports {import}, no room above it")));
        above.push(room);
    }
    flaws
}
