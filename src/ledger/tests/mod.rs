//! Each refusal has a test that fails without it; `model` compares with a few lines that are obviously right.
#![expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small, or are cut on purpose"
)]

mod damaged;
mod files;
mod model;
mod personal;
mod refused;
mod speed;
mod triggers;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;

use super::{Chain, Kind, Ledger, LedgerError, NewRecord};

pub(super) const KIND: Kind = match Kind::new("test") {
    Ok(kind) => kind,
    Err(_) => panic!(),
};

/// A folder of a test's own, gone when it is dropped.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ijkpunt-ledger-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path); // of a process of the same number that was killed
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.0
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.join("ledger")
    }

    pub(super) fn create(&self) -> Ledger {
        Ledger::create(self.path(), KIND).unwrap()
    }

    pub(super) fn open(&self) -> Result<Ledger, LedgerError> {
        Ledger::open(self.path(), KIND)
    }

    /// Another program that has the file.
    pub(super) fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A record that can be compared.
pub(super) type Plain = (u64, Chain, [u8; 32], u64, [u8; 32], Vec<u8>);

pub(super) fn new(stream: u8, place: u64, topic: u8, body: &[u8]) -> NewRecord<'_> {
    let (stream, topic) = ([stream; 32], [topic; 32]);
    NewRecord {
        stream,
        place,
        topic,
        body,
    }
}

pub(super) fn plain(record: super::Record<'_>) -> Plain {
    let (number, chain, body) = (record.number, record.chain, record.body.to_vec());
    (
        number,
        chain,
        record.stream,
        record.place,
        record.topic,
        body,
    )
}

/// All that a walk visits.
pub(super) fn collect(
    walk: impl FnOnce(
        &mut dyn FnMut(super::Record<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, LedgerError>,
) -> Result<Vec<Plain>, LedgerError> {
    let mut all = Vec::new();
    let _ = walk(&mut |record| {
        all.push(plain(record));
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

pub(super) fn all(ledger: &Ledger) -> Result<Vec<Plain>, LedgerError> {
    collect(|visit| ledger.records(1, visit))
}

/// Five records of two streams about two topics, two references and two kept values.
pub(super) fn filled(place: &Place) -> (Ledger, [super::Reference; 2]) {
    let mut ledger = place.create();
    let mut append = ledger.begin().unwrap();
    let references = ["officer one", "officer two"].map(|text| append.refer(text).unwrap());
    for (number, (stream, place, topic)) in [(1, 0, 8), (2, 0, 9), (1, 1, 9), (1, 2, 8), (2, 7, 8)]
        .into_iter()
        .enumerate()
    {
        let body = [number as u8; 20];
        append.add(&new(stream, place, topic, &body)).unwrap();
    }
    append.keep(b"one", b"1").unwrap();
    append.keep(b"two", b"2").unwrap();
    append.commit().unwrap();
    (ledger, references)
}
