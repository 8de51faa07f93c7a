//! Processes that merge and say, and are killed.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use ijkpunt::register::Register;

use crate::author::*;
use crate::history::*;

/// Names the register to a started process. Without it, the function is called as a test and has nothing to do.
const REGISTER: &str = "IJKPUNT_REGISTER_CHILD";

/// The file that it merges; without it, it says something again and again.
const FILE: &str = "IJKPUNT_REGISTER_FILE";

/// How often one is killed; more by hand.
const ROUNDS: &str = "IJKPUNT_REGISTER_ROUNDS";

#[test]
#[ignore = "a process that another test starts, and kills"]
fn child() {
    let Some(path) = std::env::var_os(REGISTER) else {
        return;
    };
    let mut register = Register::open(path).unwrap();
    tell("begin");
    if let Some(file) = std::env::var_os(FILE) {
        let file = BufReader::new(std::fs::File::open(file).unwrap());
        let merged = register.merge(file, &Default::default(), |number| {
            tell(&format!("merged {number}"));
        });
        assert_eq!(merged.unwrap().left_out, []);
        tell("merged all");
    }
    for number in 0.. {
        let title = format!("{}-{number}", std::process::id());
        let entry = propose(&mut register, 0, &title, 5000);
        tell(&format!("said {entry}"));
    }
}

/// The frame of the test writes into the same line.
fn tell(what: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("\n@ {what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn start(path: &Path, file: Option<&Path>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "killed::child",
        "--exact",
        "--nocapture",
        "--include-ignored",
    ]);
    command.env(REGISTER, path);
    if let Some(file) = file {
        command.env(FILE, file);
    }
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// Starts a process, kills it so many microseconds later, and gives what it told.
fn killed(path: &Path, file: Option<&Path>, after: u64) -> Vec<String> {
    let mut child = start(path, file);
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert!(lines.any(|line| line == "@ begin"));
    thread::sleep(Duration::from_micros(after));
    child.kill().unwrap();
    child.wait().unwrap();
    let told = lines.filter_map(|line| line.strip_prefix("@ ").map(str::to_owned));
    told.collect()
}

fn rounds(usual: u64) -> u64 {
    std::env::var(ROUNDS).map_or(usual, |rounds| rounds.parse().unwrap())
}

#[test]
fn what_was_said_is_there_after_a_kill() {
    let folder = Folder::new("killed-saying");
    let mut register = folder.register("own", &genesis(3));
    let path = register.path().to_owned();
    open(&mut register, 0, 10);
    drop(register);
    let (mut said, mut before) = (0, 1);
    for round in 0..rounds(48) {
        let told = killed(&path, None, round * 7919 % 40_000);
        let register = Register::open(&path).unwrap();
        let found = register.verify(|_| ()).unwrap().statements;
        let states = register.states(now(), 1, |_| ()).unwrap();
        let told: Vec<_> = told
            .iter()
            .filter_map(|line| line.strip_prefix("said "))
            .collect();
        for entry in &told {
            assert!(states.contains_key(&entry.parse().unwrap()), "{entry}");
        }
        said += told.len() as u64;
        let one_more = before + told.len() as u64 + 1;
        assert!(
            found == one_more || found + 1 == one_more,
            "{found} {one_more}"
        );
        before = found;
    }
    assert!(said > 0, "killed too early");
}

#[test]
fn a_merge_that_was_killed_is_completed_by_the_same_file() {
    let folder = Folder::new("killed-merging");
    let genesis = genesis(3);
    // More than are added in one transaction.
    let mut author = Author::new(1, &genesis, 10);
    for number in 0..4600 {
        author.propose(&format!("{number}"), 100);
    }
    let file = folder.path("file");
    std::fs::write(&file, author.file(&genesis)).unwrap();
    let (mut halfway, mut none, mut all) = (0, 0, 0);
    for round in 0..rounds(12) {
        let path = folder.path(&format!("own-{round}"));
        let mut register = Register::create(&path, &genesis).unwrap();
        open(&mut register, 0, 10);
        drop(register);
        let told = killed(&path, Some(&file), round * 1_000_000 / rounds(12));
        let mut register = Register::open(&path).unwrap();
        let found = register.verify(|_| ()).unwrap().statements;
        let merged = |number: &str| told.iter().any(|line| line == &format!("merged {number}"));
        let least = match (merged("4097"), merged("all")) {
            (_, true) => 4602,
            (true, false) => 4097,
            (false, false) => 1,
        };
        assert!(found >= least, "{found} {told:?}");
        match found {
            1 => none += 1,
            4097 => halfway += 1,
            4602.. => all += 1,
            found => panic!("{found} are no whole transactions"),
        }
        if round % 5 == 0 {
            let again = merge(&mut register, &std::fs::read(&file).unwrap());
            assert_eq!(again.left_out, []);
            let one = &again.logs[&author_log()];
            assert_eq!(one.added + one.known, 4601);
            register.verify(|_| ()).unwrap();
            let mut own = Vec::new();
            let id = authority(1).id;
            register.export(|other| *other == id, &mut own).unwrap();
            assert!(own == std::fs::read(&file).unwrap());
        }
        std::fs::remove_file(&path).unwrap();
    }
    println!("{none} had nothing of it, {halfway} one transaction, {all} all");
}

fn author_log() -> ijkpunt::sign::KeyId {
    use ijkpunt::sign::Signer;
    key(1).public_key().id()
}
