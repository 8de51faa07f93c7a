//! Snapshots, and what states say of their entries.

use ijkpunt::baseline::{
    Authority, EntryId, Event, MediaKind, Profile, Resumption, Role as Task, Suspension, Text,
};
use ijkpunt::hash::DigestKind;
use ijkpunt::sign::tree::{OutOfTree, TreeHash, consistency_proof, root_of};
use ijkpunt::sign::{ConsistencyList, Envelope, Signer, Statement, What};
use ijkpunt::snapshot::{Draft, Log, NewEntry, Print, Snapshot};

use super::world::{REGISTER, key, now};

pub(crate) fn id(number: u8) -> EntryId {
    EntryId::from_bytes([number; 32])
}

/// The log of XA's or XB's authority: number 1 or 2.
pub(crate) fn log(number: u8, size: u64, story: &str) -> Log {
    let key = key(number).public_key();
    Log {
        authority: authority(number).id,
        name: key.id().to_bytes(),
        begins: 0,
        size,
        root: root_of(&events(story, size)).to_bytes(),
        key: Some(key.to_bytes()),
    }
}

/// The stories that logs tell here. Not even their first events are the same.
const STORIES: [&str; 2] = ["one", "another"];

/// The leaves of a log that has told so much of a story.
fn events(story: &str, size: u64) -> Vec<TreeHash> {
    let leaf = |place| TreeHash::leaf(format!("{story}, {place}").as_bytes());
    (0..size).map(leaf).collect()
}

/// Adds that the log of this number has told more of a story.
pub(crate) fn grow(list: &mut ConsistencyList, number: u8, story: &str, from: u64, to: u64) {
    let leaves = events(story, to);
    let node = |level: u32, index: u64| {
        let begin = (index << level) as usize;
        Ok::<_, OutOfTree>(root_of(&leaves[begin..begin + (1 << level)]))
    };
    let proof = consistency_proof(from, to, node).unwrap();
    let head = |size: u64| (size, root_of(&leaves[..size as usize]));
    let name = key(number).public_key().id();
    list.insert(name, head(from), head(to), proof).unwrap();
}

/// What an honest publisher hands out with a snapshot: each log goes on from whatever it was before, in the story that it tells.
pub(crate) fn grown(snapshot: &Snapshot) -> ConsistencyList {
    let mut list = ConsistencyList::default();
    for one in snapshot.logs() {
        for (number, story) in [1, 2]
            .map(|number| STORIES.map(|story| (number, story)))
            .concat()
        {
            let is_it = |log: Log| (log.name, log.root) == (one.name, one.root);
            if is_it(log(number, one.size, story)) {
                for from in 1..one.size {
                    grow(&mut list, number, story, from, one.size);
                }
            }
        }
    }
    list
}

fn authority(number: u8) -> Authority {
    let letter = char::from(b'a' + number - 1);
    Authority {
        id: format!("x{letter}-office").parse().unwrap(),
        state: format!("X{}", letter.to_ascii_uppercase()).parse().unwrap(),
        name: Text::new("an office").unwrap(),
        roles: [Task::OverseeMeasures].into(),
    }
}

/// Of 200 entries and some more.
pub(crate) fn snapshot(sequence: u64, more: u8, logs: &[Log]) -> Snapshot {
    let mut draft = Draft::new(sequence, now());
    draft.authority(authority(1)).authority(authority(2));
    for log in logs {
        draft.log(log.clone());
    }
    for number in 0..200 + more {
        let print = Print {
            code: DigestKind::Sha256.of(&[number]).into(),
            quality: None,
            profile: Profile::Full,
            part: None,
            shown: None,
            label: None,
        };
        let entry = NewEntry {
            id: id(number),
            media: MediaKind::Image,
            title: format!("item {number}"),
            source: None,
            context: None,
            created_at: None,
            prints: vec![print],
            state: None,
            types: None,
            said: Vec::new(),
        };
        draft.entry(entry).unwrap();
    }
    Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap()
}

pub(crate) fn usual(sequence: u64) -> Snapshot {
    let logs = [log(1, 10 + sequence, "one"), log(2, 10 + sequence, "one")];
    snapshot(sequence, sequence as u8, &logs)
}

/// What a state says: the events of `number` are signed by its key.
pub(crate) fn suspend(number: u8, sequence: u64, entry: EntryId) -> Statement {
    let Authority { id: by, state, .. } = authority(number);
    let reason = Text::new("too broad").unwrap();
    statement(Event::Suspended(Suspension {
        entry,
        by,
        state,
        sequence,
        reason,
        at: now(),
    }))
}

pub(crate) fn resume(number: u8, sequence: u64, entry: EntryId, lifts: u64) -> Statement {
    let Authority { id: by, state, .. } = authority(number);
    statement(Event::Resumed(Resumption {
        entry,
        by,
        state,
        sequence,
        lifts,
        at: now(),
    }))
}

fn statement(event: Event) -> Statement {
    Statement {
        before: TreeHash::leaf(b"before"),
        what: What::Event(event),
    }
}

pub(crate) fn list(lines: &[(Statement, u8)]) -> Vec<u8> {
    let mut text = format!("ijkpunt suspension list 0 {REGISTER}\n");
    for (statement, number) in lines {
        text += &Envelope::of(statement, &[&key(*number)]).unwrap().to_json();
        text.push('\n');
    }
    text.into()
}
