//! Ledgers, and processes that add to them at once and are killed.
#![cfg(all(feature = "authority", unix))]
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect; its numbers are small"
)]

use std::fs;
use std::io::{BufRead, BufReader, Write, stdout};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use ijkpunt::ledger::{Head, Kind, Ledger, LedgerError, NewRecord};

/// Names the ledger to a started process. Without it, the function is called as a test and has nothing to do.
const LEDGER: &str = "IJKPUNT_LEDGER_CHILD";

/// How many commits a process makes; without it, it never ends.
const COMMITS: &str = "IJKPUNT_LEDGER_COMMITS";

/// The stream of a process.
const STREAM: &str = "IJKPUNT_LEDGER_STREAM";

/// How often one is killed; more by hand.
const ROUNDS: &str = "IJKPUNT_LEDGER_ROUNDS";

fn kind() -> Kind {
    Kind::new("killed").unwrap()
}

fn path(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("ijkpunt-ledger-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir.join("ledger")
}

/// Bodies of 3 bytes to 6 pages.
fn body(number: u64) -> Vec<u8> {
    let length = if number.is_multiple_of(17) {
        24_000
    } else {
        3 + number % 500
    };
    vec![number as u8; length as usize]
}

/// Adds to the ledger by transactions of 1 to 40 records, and tells each head before it adds to the next.
#[test]
#[ignore = "a process that another test starts, and kills"]
fn child() {
    let Some(path) = std::env::var_os(LEDGER) else {
        return;
    };
    let commits = std::env::var(COMMITS).map_or(u64::MAX, |commits| commits.parse().unwrap());
    let stream: u8 = std::env::var(STREAM).unwrap().parse().unwrap();
    let mut ledger = Ledger::open(path, kind()).unwrap();
    let mut place = 0;
    let _ = ledger.of_stream(&[stream; 32], 0, |record| {
        place = record.place + 1;
        ControlFlow::<()>::Continue(())
    });
    tell("begin");
    for commit in 0..commits {
        let mut append = match ledger.begin() {
            Err(LedgerError::Busy { .. }) => continue,
            append => append.unwrap(),
        };
        let records = 1 + (commit * 7 + place) % 40;
        for _ in 0..records {
            let body = body(place);
            let topic = [(place % 11) as u8; 32];
            append
                .add(&NewRecord {
                    stream: [stream; 32],
                    place,
                    topic,
                    body: &body,
                })
                .unwrap();
            append.refer("somebody").unwrap();
            place += 1;
        }
        let records = append.head().unwrap().records;
        append.keep(b"records", &records.to_le_bytes()).unwrap();
        let head = append.commit().unwrap();
        tell(&format!("{} {}", head.records, head.chain));
    }
}

/// The frame of the test writes into the same line.
fn tell(what: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("\n@ {what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn start(path: &Path, stream: u8, commits: Option<u64>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["child", "--exact", "--nocapture", "--include-ignored"]);
    command.env(LEDGER, path).env(STREAM, stream.to_string());
    if let Some(commits) = commits {
        command.env(COMMITS, commits.to_string());
    }
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// Every commit that was told is there, and of the next one all or nothing.
#[test]
fn a_process_that_is_killed_leaves_what_it_committed_and_nothing_else() {
    let rounds = std::env::var(ROUNDS).map_or(100, |rounds| rounds.parse().unwrap());
    let path = path("killed");
    drop(Ledger::create(&path, kind()).unwrap());
    let (mut after, mut with_journal, mut head) = (0, 0, None::<Head>);
    for round in 0..rounds {
        let mut child = start(&path, 1, None);
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        assert!(lines.any(|line| line == "@ begin"));
        thread::sleep(Duration::from_micros(round * 7919 % 25_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let told = lines.filter(|line| line.starts_with("@ ")).last();
        with_journal += u64::from(path.with_file_name("ledger-journal").exists());
        // Who comes next may be a reader.
        let ledger = match round % 2 {
            0 => Ledger::open(&path, kind()).unwrap(),
            _ => Ledger::read(&path, kind()).unwrap(),
        };
        let found = ledger.verify(|_, _| ()).unwrap();
        let kept = ledger.kept(b"records").unwrap().unwrap_or(vec![0; 8]);
        assert_eq!(
            kept,
            found.records.to_le_bytes(),
            "all or nothing of a transaction"
        );
        match told {
            Some(told) => {
                let (records, chain) = told[2..].split_once(' ').unwrap();
                let records: u64 = records.parse().unwrap();
                let at = ledger
                    .record(records, |record| record.chain.to_string())
                    .unwrap();
                assert_eq!(at.as_deref(), Some(chain), "what was told is there");
                after += u64::from(found.records > records);
                assert!(
                    found.records <= records + 40,
                    "no more than one transaction"
                );
            }
            None => assert!(found.records <= head.map_or(0, |head| head.records) + 40),
        }
        assert!(head.is_none_or(|head| ledger.holds(&head).unwrap()));
        let mut places = 0;
        let _ = ledger.of_stream(&[1; 32], 0, |record| {
            assert!(record.place == places && record.body == body(places));
            places += 1;
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(places, found.records);
        head = Some(found);
        drop(ledger);
        if found.records > 3000 {
            // Small again, so that looking at everything stays fast.
            fs::remove_file(&path).unwrap();
            drop(Ledger::create(&path, kind()).unwrap());
            head = None;
        }
    }
    println!(
        "{rounds} kills: {with_journal} left a journal, {after} were told of less than is there"
    );
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[test]
fn two_processes_that_add_at_once_leave_no_gap() {
    let path = path("two");
    drop(Ledger::create(&path, kind()).unwrap());
    let mut children = [1, 2].map(|stream| start(&path, stream, Some(40)));
    let reader = Ledger::read(&path, kind()).unwrap();
    let mut head = reader.head().unwrap();
    for child in &mut children {
        // What it tells has to be read, or it waits.
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines
            .map_while(Result::ok)
            .filter(|line| line.starts_with("@ "))
        {
            assert!(reader.holds(&head).unwrap(), "{line}");
            head = reader.head().unwrap();
        }
        assert!(child.wait().unwrap().success());
    }
    let found = reader.verify(|_, _| ()).unwrap();
    let mut records = 0;
    for stream in [1, 2] {
        let mut places = 0;
        let _ = reader.of_stream(&[stream; 32], 0, |record| {
            assert!(record.place == places && record.body == body(places));
            places += 1;
            ControlFlow::<()>::Continue(())
        });
        assert!(places >= 40);
        records += places;
    }
    assert_eq!(records, found.records);
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}
