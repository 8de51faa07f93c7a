//! Authorities that write their logs by hand: whatever they like, without a register that would refuse it.

use ijkpunt::baseline::*;
use ijkpunt::sign::tree::{Frontier, TreeHash};
use ijkpunt::sign::*;

use crate::history::*;

/// A log as it is written by hand.
#[derive(Clone)]
pub(crate) struct Author {
    pub(crate) number: u8,
    pub(crate) tree: Frontier,
    begins: u64,
    /// The lines of a merge file.
    pub(crate) lines: Vec<Vec<u8>>,
}

impl Author {
    /// Opens the log of an authority by the key of its number.
    pub(crate) fn new(number: u8, genesis: &Envelope, seconds: i64) -> Self {
        Self::opened(number, number, 0, genesis, seconds)
    }

    /// Opens a log in the name of an authority, by any key, at any place.
    pub(crate) fn opened(
        number: u8,
        by_key: u8,
        begins: u64,
        genesis: &Envelope,
        seconds: i64,
    ) -> Self {
        let mut author = Self {
            number,
            tree: Frontier::default(),
            begins,
            lines: Vec::new(),
        };
        let Authority { id, state, .. } = authority(number);
        let opening = Opening {
            register: Genesis::open(genesis).unwrap().id(),
            by: id,
            state,
            sequence: begins,
            at: at(seconds),
            key: key(by_key).public_key(),
        };
        author.push(What::Opened(opening), &[by_key]);
        author
    }

    pub(crate) fn next(&self) -> u64 {
        self.begins + self.tree.size()
    }

    /// Says something as the next statement of the log.
    pub(crate) fn push(&mut self, what: What, keys: &[u8]) -> Vec<u8> {
        let envelope = signed(self.tree.root(), what, keys);
        let leaf = TreeHash::leaf(&envelope.message());
        self.tree.append(leaf).unwrap();
        self.lines.push(line(&envelope));
        line(&envelope)
    }

    pub(crate) fn propose(&mut self, title: &str, seconds: i64) -> EntryId {
        let entry = entry(self.number, title, at(seconds));
        let id = entry.id();
        let sequence = self.next();
        let what = What::Event(Event::EntryCreated(Creation { sequence, entry }));
        self.push(what, &[self.number]);
        id
    }

    pub(crate) fn assess(&mut self, entry: EntryId, seconds: i64) -> Vec<u8> {
        let what = assessed(self.number, self.next(), entry, seconds);
        self.push(what, &[self.number])
    }

    pub(crate) fn rotate(&mut self, from: u8, to: u8, seconds: i64) -> Vec<u8> {
        let Authority { id, state, .. } = authority(self.number);
        let rotation = Rotation {
            by: id,
            state,
            sequence: self.next(),
            at: at(seconds),
            key: key(to).public_key(),
        };
        self.push(What::Rotated(rotation), &[from, to])
    }

    /// A checkpoint over the log as it is, as a line, and as a note.
    pub(crate) fn promise(&self, genesis: &Envelope, log: u8, by_key: u8) -> Vec<u8> {
        note_line(&self.note(genesis, log, by_key))
    }

    pub(crate) fn note(&self, genesis: &Envelope, log: u8, by_key: u8) -> SignedCheckpoint {
        promised(genesis, log, by_key, self.tree.size(), self.tree.root())
    }

    /// All of the log as a merge file.
    pub(crate) fn file(&self, genesis: &Envelope) -> Vec<u8> {
        file(genesis, &self.lines)
    }
}

pub(crate) fn promised(
    genesis: &Envelope,
    log: u8,
    by_key: u8,
    size: u64,
    root: TreeHash,
) -> SignedCheckpoint {
    let register = Genesis::open(genesis).unwrap().id();
    let log = key(log).public_key().id();
    let origin = format!("register/{register}/log/{log}").parse().unwrap();
    let checkpoint = Checkpoint { origin, size, root };
    SignedCheckpoint::sign(checkpoint, &key(by_key)).unwrap()
}

pub(crate) fn note_line(note: &SignedCheckpoint) -> Vec<u8> {
    let note = String::from_utf8(note.to_bytes()).unwrap();
    let line = serde_json::json!({ "checkpoint": note });
    format!("{line}\n").into_bytes()
}

pub(crate) fn signed(before: TreeHash, what: What, keys: &[u8]) -> Envelope {
    let keys: Vec<SigningKey> = keys.iter().map(|number| key(*number)).collect();
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| key as &dyn Signer).collect();
    Envelope::of(&Statement { before, what }, &signers).unwrap()
}

pub(crate) fn assessed(by: u8, sequence: u64, entry: EntryId, seconds: i64) -> What {
    let Authority { id, state, .. } = authority(by);
    What::Event(Event::Assessed(Assessment {
        entry,
        authority: id,
        state,
        sequence,
        verdict: Verdict::Terrorist(types()),
        reasons: Reasons {
            short: Text::new("as seen").unwrap(),
            long: None,
        },
        exempt_purpose_considered: true,
        method: Method::ViewedByTwo,
        viewed: Some(Commitment::to(b"a file")),
        based_on: None,
        made_at: at(seconds),
        valid_until: None,
    }))
}

pub(crate) fn line(envelope: &Envelope) -> Vec<u8> {
    format!("{}\n", envelope.to_json()).into_bytes()
}

/// A merge file of these lines.
pub(crate) fn file(genesis: &Envelope, lines: &[Vec<u8>]) -> Vec<u8> {
    [line(genesis), lines.concat()].concat()
}
