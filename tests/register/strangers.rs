//! Logs of keys that nobody has admitted: anybody can make any number of them.
#![expect(clippy::print_stderr, reason = "what is measured is told")]

use std::time::Instant;

use ijkpunt::baseline::*;
use ijkpunt::register::Register;
use ijkpunt::sign::tree::{Frontier, TreeHash};
use ijkpunt::sign::*;

use crate::author::*;
use crate::history::*;

fn stranger(number: u32) -> SigningKey {
    let mut seed = [200; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    SigningKey::from_seed(&seed)
}

/// Openings of so many logs, all in the name of one authority.
pub(crate) fn junk(genesis: &Envelope, by: &Authority, count: u32) -> Vec<Vec<u8>> {
    let register = Genesis::open(genesis).unwrap().id();
    let opened = (0..count).map(|number| {
        let key = stranger(number);
        let opening = Opening {
            register,
            by: by.id.clone(),
            state: by.state,
            sequence: 0,
            at: at(5),
            key: key.public_key(),
        };
        let what = What::Opened(opening);
        let before = TreeHash::empty();
        line(&Envelope::of(&Statement { before, what }, &[&key]).unwrap())
    });
    opened.collect()
}

/// Two authorities and one that they admit, each with its log.
fn honest(folder: &Folder, genesis: &Envelope) -> (Vec<u8>, EntryId) {
    let mut register = folder.register("honest", genesis);
    for number in [0, 1, 3] {
        open(&mut register, number, 10);
    }
    let first = propose(&mut register, 0, "first", 100);
    endorse(&mut register, 0, &admission(3), 110);
    endorse(&mut register, 1, &admission(3), 111);
    assess(&mut register, 1, first, 120);
    assess(&mut register, 3, first, 130);
    (exported(&register), first)
}

#[test]
fn strangers_in_any_number_change_nothing_in_either_order() {
    let folder = Folder::new("strangers");
    let genesis = genesis(3);
    let (right, first) = honest(&folder, &genesis);
    // In the name of one who is admitted: they are looked at wherever its own log is.
    let junk = file(&genesis, &junk(&genesis, &authority(3), 700));
    let mut alone = folder.register("alone", &genesis);
    merge(&mut alone, &right);
    let mut ends = Vec::new();
    for (name, order) in [("before", [&junk, &right]), ("behind", [&right, &junk])] {
        let mut register = folder.register(name, &genesis);
        for file in order {
            assert_eq!(merge(&mut register, file).lines_left_out, 0, "{name}");
        }
        assert_eq!(derived(&register, 2), derived(&alone, 1));
        let (one, other) = [&register, &alone]
            .map(|register| register.account(first, now()).unwrap().unwrap().counted)
            .into();
        assert_eq!((one.len(), &one), (3, &other));
        assert_eq!(register.logs(now()).unwrap().len(), 703);
        assert_eq!(register.verify(|_| ()).unwrap().statements, 708);
        // Whoever is admitted goes on.
        let verdict = Verdict::Abstain;
        register
            .say(&key(3), at(200), says(first, verdict))
            .unwrap();
        register.rotate(&key(3), &key(30), at(201)).unwrap();
        propose_by(&mut register, 3, 30, "second", 202);
        register.promise(&key(30)).unwrap();
        register.verify(|_| ()).unwrap();
        ends.push(exported(&reopened(register.path())));
    }
    assert_eq!(ends[0], ends[1]);
}

fn propose_by(register: &mut Register, number: u8, by: u8, title: &str, seconds: i64) {
    let entry = entry(number, title, at(seconds));
    let said = register.say(&key(by), at(seconds), |slot| {
        let sequence = slot.sequence;
        What::Event(Event::EntryCreated(Creation { sequence, entry }))
    });
    said.unwrap();
}

#[test]
fn a_stranger_who_is_admitted_later_counts_without_being_merged_again() {
    let folder = Folder::new("admitted-later");
    let genesis = genesis(3);
    let (mut register, mut author) = (
        folder.register("own", &genesis),
        Author::new(3, &genesis, 10),
    );
    open(&mut register, 0, 10);
    open(&mut register, 1, 10);
    let entry = author.propose("first", 100);
    let lines = [junk(&genesis, &authority(3), 300), author.lines.clone()].concat();
    merge(&mut register, &file(&genesis, &lines));
    assert_eq!(consensus_of(&register, entry), None);
    endorse(&mut register, 0, &admission(3), 50);
    assert_eq!(consensus_of(&register, entry), None);
    endorse(&mut register, 1, &admission(3), 51);
    assert_eq!(
        consensus_of(&register, entry),
        Some(ConsensusState::Candidate)
    );
}

#[test]
fn more_logs_than_one_record_could_list_stop_no_merge() {
    let folder = Folder::new("many-logs");
    let genesis = genesis(3);
    let mut by = authority(9);
    by.id = "a".repeat(64).parse().unwrap();
    let mut register = folder.register("own", &genesis);
    let junk = junk(&genesis, &by, 10_500);
    assert_eq!(
        merge(&mut register, &file(&genesis, &junk)).lines_left_out,
        0
    );
    let (right, first) = honest(&folder, &genesis);
    assert_eq!(merge(&mut register, &right).lines_left_out, 0);
    assert!(consensus_of(&register, first).is_some());
}

fn median(mut once: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let begin = Instant::now();
            once();
            begin.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[4]
}

fn measured(what: &str, path: &std::path::Path, entry: EntryId) {
    let open = median(|| drop(reopened(path)));
    let both = median(|| {
        let account = reopened(path).account(entry, now()).unwrap();
        assert!(account.is_some());
    });
    eprintln!("{what}: open {open:.2} ms, open and account {both:.2} ms");
}

#[test]
#[ignore = "measures: run it with --nocapture"]
fn what_an_explanation_costs_beside_many_strangers_and_checkpoints() {
    let folder = Folder::new("measured");
    let genesis = genesis(3);
    let count = |name: &str, default: u32| {
        let asked = std::env::var(name).ok();
        asked.map_or(default, |asked| asked.parse().unwrap())
    };
    let (right, first) = honest(&folder, &genesis);
    let mut register = folder.register("own", &genesis);
    merge(&mut register, &right);
    measured("alone", register.path(), first);
    let logs = count("IJKPUNT_LOGS", 20_000);
    let junk = file(&genesis, &junk(&genesis, &authority(3), logs));
    let begin = Instant::now();
    merge(&mut register, &junk);
    eprintln!("merging {logs} strangers: {:?}", begin.elapsed());
    measured("with strangers", register.path(), first);
    let begin = Instant::now();
    propose(&mut register, 3, "more", 300);
    eprintln!("saying: {:?}", begin.elapsed());
    let begin = Instant::now();
    merge(&mut register, &junk);
    eprintln!("merging them again: {:?}", begin.elapsed());

    let mut register = folder.register("promised", &genesis);
    merge(&mut register, &right);
    let notes = count("IJKPUNT_NOTES", 3_000);
    let id = Genesis::open(&genesis).unwrap().id();
    let mut lines = Vec::new();
    for number in 40..63 {
        // Each with a statement a day, and a checkpoint behind it.
        let Authority { state, .. } = authority(3);
        let by: AuthorityId = format!("authority-{number}").parse().unwrap();
        let log = key(number).public_key().id();
        let origin: LogName = format!("register/{id}/log/{log}").parse().unwrap();
        let (mut tree, mut promised) = (Frontier::default(), Vec::new());
        for sequence in 0..u64::from(notes) {
            let what = if sequence == 0 {
                What::Opened(Opening {
                    register: id,
                    by: by.clone(),
                    state,
                    sequence,
                    at: at(10),
                    key: key(number).public_key(),
                })
            } else {
                let mut entry = entry(0, &format!("{number} {sequence}"), at(20));
                entry.created_by = by.clone();
                What::Event(Event::EntryCreated(Creation { sequence, entry }))
            };
            let before = tree.root();
            let envelope = Envelope::of(&Statement { before, what }, &[&key(number)]).unwrap();
            tree.append(TreeHash::leaf(&envelope.message())).unwrap();
            lines.push(line(&envelope));
            let checkpoint = Checkpoint {
                origin: origin.clone(),
                size: tree.size(),
                root: tree.root(),
            };
            promised.push(note_line(
                &SignedCheckpoint::sign(checkpoint, &key(number)).unwrap(),
            ));
        }
        lines.extend(promised);
    }
    let file = file(&genesis, &lines);
    let begin = Instant::now();
    let merged = merge(&mut register, &file);
    assert_eq!(
        (merged.lines_left_out, merged.checkpoints),
        (0, 23 * u64::from(notes))
    );
    eprintln!(
        "merging {} checkpoints and statements: {:?}",
        merged.checkpoints,
        begin.elapsed()
    );
    measured("with checkpoints", register.path(), first);
    let begin = Instant::now();
    merge(&mut register, &file);
    eprintln!("merging them again: {:?}", begin.elapsed());
    let begin = Instant::now();
    exported(&register);
    eprintln!("exporting: {:?}", begin.elapsed());
    let begin = Instant::now();
    register.verify(|_| ()).unwrap();
    eprintln!("verifying: {:?}", begin.elapsed());
}
