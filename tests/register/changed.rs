//! Files that somebody has changed behind the register's back.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ijkpunt::ledger::{Kind, Ledger, NewRecord};
use ijkpunt::register::Register;
use ijkpunt::sign::Signer;
use ijkpunt::sign::tree::TreeHash;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::author::*;
use crate::history::*;

/// A record, and what is kept.
#[derive(Clone)]
struct Lying {
    stream: [u8; 32],
    place: u64,
    topic: [u8; 32],
    body: Vec<u8>,
}

type Kept = Vec<(Vec<u8>, Vec<u8>)>;

/// A register with two logs, one of 300 statements; and the file of an hour before.
fn filled(folder: &Folder) -> [PathBuf; 2] {
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    let mut first = Author::new(0, &genesis, 10);
    let entry = first.propose("first", 100);
    let mut second = Author::new(1, &genesis, 11);
    second.assess(entry, 200);
    for number in 0..298 {
        first.propose(&format!("more {number}"), 300);
    }
    let note = first.promise(&genesis, 0, 0);
    let before = first.lines[..290].to_vec();
    merge(&mut register, &file(&genesis, &before));
    let earlier = folder.path("earlier");
    std::fs::copy(register.path(), &earlier).unwrap();
    let lines = [first.lines.clone(), second.lines.clone(), vec![note]].concat();
    assert_eq!(merge(&mut register, &file(&genesis, &lines)).left_out, []);
    register.verify(|_| ()).unwrap();
    [register.path().to_owned(), earlier]
}

fn kept(path: &Path) -> Kept {
    let raw = Connection::open(path).unwrap();
    let mut kept = raw.prepare("SELECT key, value FROM kept").unwrap();
    let rows = kept.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Keeps another value, with its digest.
fn keep(path: &Path, key: &[u8], value: &[u8]) {
    let mut hash = Sha256::new_with_prefix(b"ijkpunt ledger/1 kept\n");
    hash.update((key.len() as u64).to_le_bytes());
    hash.update(key);
    hash.update(value);
    let digest: [u8; 32] = hash.finalize().into();
    let raw = Connection::open(path).unwrap();
    let sql = "UPDATE kept SET value = ?2, digest = ?3 WHERE key = ?1";
    assert_eq!(raw.execute(sql, params![key, value, digest]).unwrap(), 1);
}

/// The first page of a list.
fn page(name: &[u8]) -> Vec<u8> {
    [name, b" page ", &[0; 8]].concat()
}

/// Whether saying more notices it; verifying has to.
fn noticed(path: &Path) -> bool {
    // A copy, which is thrown away: what is said would stay.
    let copy = path.with_extension("copy");
    std::fs::copy(path, &copy).unwrap();
    let mut register = match Register::open(&copy) {
        Ok(register) => register,
        Err(_) => return true,
    };
    assert!(register.verify(|_| ()).is_err(), "verify does not notice");
    let entry = entry(0, "next", at(900));
    let said = register.say(&key(0), at(900), |slot| {
        let sequence = slot.sequence;
        let creation = ijkpunt::baseline::Creation { sequence, entry };
        ijkpunt::sign::What::Event(ijkpunt::baseline::Event::EntryCreated(creation))
    });
    // Whatever is derived is derived without a panic.
    let _ = register.states(now(), 2, |_| ());
    let _ = (register.logs(now()), register.forks());
    let _ = register.export(|_| true, &mut Vec::new());
    said.is_err()
}

#[test]
fn an_older_end_of_a_log_or_that_of_another_is_noticed_by_saying_more() {
    let folder = Folder::new("older-end");
    let [path, earlier] = filled(&folder);
    let end = [b"end ".as_slice(), &key(0).public_key().id().to_bytes()].concat();
    let other = [b"end ".as_slice(), &key(1).public_key().id().to_bytes()].concat();
    let value = |kept: &Kept, key: &[u8]| {
        let found = kept.iter().find(|(name, _)| name == key);
        found.unwrap().1.clone()
    };
    let right = value(&kept(&path), &end);
    for wrong in [
        value(&kept(&earlier), &end),
        value(&kept(&path), &other),
        Vec::new(),
        right[1..].to_vec(),
    ] {
        keep(&path, &end, &wrong);
        assert!(Register::open(&path).unwrap().logs(now()).is_err());
        assert!(noticed(&path));
    }
    keep(&path, &end, &right);
    Register::open(&path).unwrap().verify(|_| ()).unwrap();
}

#[test]
fn a_changed_tile_is_noticed_by_verify() {
    let folder = Folder::new("tile");
    let [path, _] = filled(&folder);
    let tiles: Kept = kept(&path)
        .into_iter()
        .filter(|(key, _)| key.starts_with(b"tile "))
        .collect();
    // A full one, the one above it, the one beside it, and that of the other log.
    assert_eq!(tiles.len(), 4);
    for (key, right) in tiles {
        for at in [0, right.len() - 1] {
            let mut wrong = right.clone();
            wrong[at] ^= 1;
            keep(&path, &key, &wrong);
            noticed(&path);
        }
        keep(&path, &key, &right[1..]);
        noticed(&path);
        keep(&path, &key, &right);
    }
    Register::open(&path).unwrap().verify(|_| ()).unwrap();
}

#[test]
fn a_changed_list_of_lines_is_noticed_by_verify() {
    let folder = Folder::new("lines");
    let [path, earlier] = filled(&folder);
    let page = page(b"lines");
    let value = |path: &Path| {
        let kept = kept(path);
        kept.into_iter().find(|(key, _)| key == &page).unwrap().1
    };
    let right = value(&path);
    let mut other_begin = right.clone();
    // The number of lines, the log, and its line, parent and first place.
    other_begin[1 + 32 + 2] = 1;
    let mut other_parent = right.clone();
    other_parent[1 + 32 + 1] = 1;
    let mut other_line = right.clone();
    other_line[1 + 32] = 1;
    for wrong in [
        value(&earlier),
        vec![0],
        Vec::new(),
        vec![9; 9],
        other_begin,
        other_parent,
        other_line,
    ] {
        keep(&path, &page, &wrong);
        noticed(&path);
    }
    keep(&path, &page, &right);
    Register::open(&path).unwrap().verify(|_| ()).unwrap();
}

/// Keeps values that are as long as the right one, under the same key, and others; verifying has to notice each.
fn each_change_is_noticed(path: &Path, key: &[u8], others: &[Vec<u8>]) {
    let right = kept(path)
        .into_iter()
        .find(|(name, _)| name == key)
        .unwrap()
        .1;
    let flipped = (0..right.len()).map(|at| {
        let mut wrong = right.clone();
        wrong[at] ^= 1;
        wrong
    });
    for wrong in flipped.chain(others.iter().cloned()) {
        if wrong != right {
            keep(path, key, &wrong);
            let register = Register::open(path).unwrap();
            assert!(register.verify(|_| ()).is_err(), "{key:?} {wrong:?}");
            let _ = register.forks();
        }
    }
    keep(path, key, &right);
    Register::open(path).unwrap().verify(|_| ()).unwrap();
}

#[test]
fn what_is_remembered_of_checkpoints_and_keys_is_noticed_by_verify() {
    let folder = Folder::new("remembered");
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    let (mut author, mut other) = (Author::new(0, &genesis, 10), Author::new(1, &genesis, 10));
    author.propose("first", 100);
    author.propose("second", 101);
    other.rotate(1, 20, 100);
    let root = |byte| TreeHash::leaf(&[byte]);
    let notes = [
        author.note(&genesis, 0, 0),
        promised(&genesis, 0, 0, 2, root(1)),
        promised(&genesis, 0, 0, 3, root(2)),
        promised(&genesis, 0, 0, 9, root(3)),
    ];
    // A second story, which is listed last.
    let mut again = Author::new(1, &genesis, 10);
    again.propose("other", 100);
    let mut lines = [author.lines.clone(), other.lines.clone(), again.lines].concat();
    lines.extend(notes.iter().map(note_line));
    assert_eq!(merge(&mut register, &file(&genesis, &lines)).left_out, []);
    let (path, id) = (register.path().to_owned(), key(0).public_key().id());
    drop(register);
    let log = id.to_bytes();
    let listed = page(&[b"unsettled ".as_slice(), &log].concat());
    each_change_is_noticed(&path, &listed, &[vec![0], Vec::new(), vec![9; 40]]);
    let count = [b"checkpoints ".as_slice(), &log].concat();
    each_change_is_noticed(&path, &count, &[Vec::new(), vec![0; 8]]);
    let names: Vec<Vec<u8>> = kept(&path).into_iter().map(|(name, _)| name).collect();
    let with = |start: &[u8]| -> Vec<Vec<u8>> {
        let names = names.iter().filter(|name| name.starts_with(start));
        names.cloned().collect()
    };
    assert_eq!(with(b"checkpoint ").len(), 4);
    for name in with(b"checkpoint ") {
        each_change_is_noticed(&path, &name, &[Vec::new(), vec![0; 9]]);
    }
    // Where the log is contradicted stands in the list of logs, and in its first line only.
    let listed = kept(&path);
    let (_, lines) = listed
        .iter()
        .find(|(name, _)| *name == page(b"lines"))
        .unwrap();
    let mut of_second = lines.clone();
    assert_eq!(of_second.pop(), Some(0));
    of_second.extend([1, 2]);
    each_change_is_noticed(&path, &page(b"lines"), &[of_second]);
    let keys = with(b"key ");
    assert_eq!(keys.len(), 3);
    let values: Vec<Vec<u8>> = kept(&path)
        .into_iter()
        .filter(|(name, _)| keys.contains(name))
        .map(|(_, value)| value)
        .collect();
    let other_log: Vec<Vec<u8>> = values
        .iter()
        .flat_map(|one| {
            values
                .iter()
                .map(|other| [&one[..32], &other[32..]].concat())
        })
        .collect();
    for name in keys {
        let right = kept(&path)
            .into_iter()
            .find(|(other, _)| *other == name)
            .unwrap()
            .1;
        // The key of the one, with a log that does not have it.
        let wrong = other_log.iter().filter(|wrong| wrong[..32] == right[..32]);
        let wrong: Vec<Vec<u8>> = wrong.cloned().collect();
        each_change_is_noticed(&path, &name, &wrong);
        let copy = folder.path("copy");
        std::fs::copy(&path, &copy).unwrap();
        let raw = Connection::open(&copy).unwrap();
        raw.execute("DELETE FROM kept WHERE key = ?1", [&name])
            .unwrap();
        assert!(Register::open(&copy).unwrap().verify(|_| ()).is_err());
    }
}

#[test]
fn a_page_that_is_missing_or_too_long_is_no_shorter_list() {
    let folder = Folder::new("pages");
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    let by = authority(9);
    let lines = crate::strangers::junk(&genesis, &by, 300);
    merge(&mut register, &file(&genesis, &lines));
    let path = register.path().to_owned();
    drop(register);
    assert_eq!(reopened(&path).logs(now()).unwrap().len(), 300);
    let [first, second] = [0, 1].map(|number| {
        let name = [b"lines page ".as_slice(), &u64::to_be_bytes(number)].concat();
        let kept = kept(&path);
        kept.into_iter().find(|(key, _)| *key == name).unwrap()
    });
    let more = [&first.1[..], &[0]].concat();
    // All of them in the first page, with the number that this has.
    let all = [&[0xac, 2], &first.1[2..], &second.1[1..]].concat();
    for wrong in [more, all] {
        keep(&path, &first.0, &wrong);
        assert!(reopened(&path).standing(now()).is_err());
    }
    keep(&path, &first.0, &first.1);
    assert!(reopened(&path).standing(now()).is_ok());
    let raw = Connection::open(&path).unwrap();
    raw.execute("DELETE FROM kept WHERE key = ?1", [&second.0])
        .unwrap();
    assert!(reopened(&path).standing(now()).is_err());
}

#[test]
fn a_changed_body_is_noticed_with_the_triggers_put_back() {
    let folder = Folder::new("body");
    let [path, _] = filled(&folder);
    let raw = Connection::open(&path).unwrap();
    let sql: String = raw
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'records_stay'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    raw.execute_batch(&format!(
        "DROP TRIGGER records_stay; \
         UPDATE records SET body = (SELECT body FROM records WHERE number = 7) WHERE number = 6; {sql}"
    ))
    .unwrap();
    drop(raw);
    noticed(&path);
}

/// Writes all of the file anew with other records, and a chain that fits them.
fn rebuilt(path: &Path, to: &Path, change: impl FnOnce(&mut Vec<Lying>)) {
    let kind = Kind::new("register").unwrap();
    let mut records = Vec::new();
    let ledger = Ledger::read(path, kind).unwrap();
    let _ = ledger.records(1, |record| {
        records.push(Lying {
            stream: record.stream,
            place: record.place,
            topic: record.topic,
            body: record.body.to_vec(),
        });
        ControlFlow::<()>::Continue(())
    });
    change(&mut records);
    let _ = std::fs::remove_file(to);
    let mut ledger = Ledger::create(to, kind).unwrap();
    let mut append = ledger.begin().unwrap();
    for record in &records {
        append
            .add(&NewRecord {
                stream: record.stream,
                place: record.place,
                topic: record.topic,
                body: &record.body,
            })
            .unwrap();
    }
    for (key, value) in kept(path) {
        append.keep(&key, &value).unwrap();
    }
    append.commit().unwrap();
}

#[test]
fn a_file_with_a_chain_of_its_own_is_noticed_by_what_was_signed() {
    let folder = Folder::new("rebuilt");
    let [path, _] = filled(&folder);
    let to = folder.path("rebuilt");
    rebuilt(&path, &to, |_| ());
    Register::open(&to).unwrap().verify(|_| ()).unwrap();
    let changes: [fn(&mut Vec<Lying>); 8] = [
        // Left out: the last of a log, one in its middle, an opening.
        |records| {
            records.remove(300);
        },
        |records| {
            records.remove(100);
        },
        |records| {
            records.remove(1);
        },
        // About another entry, so that it is not found.
        |records| records[300].topic = [9; 32],
        // A byte of what is said, of a signature, of a promise.
        |records| *records[50].body.last_mut().unwrap() ^= 1,
        |records| records[50].body[40] ^= 1,
        |records| {
            let body = &mut records[303].body;
            let at = body.len() - 9;
            body[at] = if body[at] == b'A' { b'B' } else { b'A' };
        },
        // In nobody's log.
        |records| {
            let mut more = records[50].clone();
            more.stream = [8; 32];
            records.push(more);
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        rebuilt(&path, &to, change);
        let register = Register::open(&to).unwrap();
        assert!(register.verify(|_| ()).is_err(), "{number}");
        drop(register);
        noticed(&to);
    }
}
