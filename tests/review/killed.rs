//! A process that decides, and is killed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ijkpunt::Surface;
use ijkpunt::baseline::{EntryId, MediaKind, Text, Time};
use ijkpunt::review::{
    CaseId, EntryName, Found, Match, Outcome, Policy, Reviews, Role, Stage, Switch,
};
use ijkpunt::screen::MatchClass;
use ijkpunt::snapshot::{Suspender, Switched};

/// Names the folder to a started process. Without it, the function is called as a test and has nothing to do.
const DIR: &str = "IJKPUNT_REVIEW_CHILD";

/// How often one is killed; more by hand.
const ROUNDS: &str = "IJKPUNT_REVIEW_ROUNDS";

/// How many cases rest on one entry: as many as trip it.
const PER_ENTRY: u32 = 5;

/// A list that is a folder with a file for each entry that is off.
struct Off(PathBuf);

impl Switch for Off {
    fn switch_off(&self, entry: EntryId, _: &Suspender, _: &Switched) -> Result<(), String> {
        fs::write(self.0.join(entry.to_string()), "").map_err(|error| error.to_string())
    }

    fn switch_on(&self, entry: EntryId, _: &Suspender, _: &Switched) -> Result<(), String> {
        fs::remove_file(self.0.join(entry.to_string())).map_err(|error| error.to_string())
    }
}

fn now() -> Time {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn text<const MOST: usize>(text: &str) -> Text<MOST> {
    Text::new(text).unwrap()
}

/// The upload of a case: five come near to the same entry.
fn matched(number: u32) -> Match {
    let entry = EntryName::new("eu", &format!("{:064x}", (number - 1) / PER_ENTRY));
    let found = vec![Found::new(entry, MatchClass::NearDuplicate)];
    let subject = format!("upload-{number}");
    Match::new(&subject, Surface::Public, MediaKind::Image, now(), found).unwrap()
}

/// The frame of the test writes into the same line.
fn tell(what: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("\n@ {what}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Opens cases and decides all of them, of which each fifth trips an entry, until it is killed.
#[test]
#[ignore = "a process that another test starts, and kills"]
fn child() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    let mut reviews = Reviews::open(dir.join("reviews")).unwrap();
    reviews.switching("eu", Off(dir.join("off"))).unwrap();
    tell("begin");
    let waiting = reviews.open_list(1).unwrap().0;
    let mut number = waiting
        .first()
        .map_or(reviews.len().unwrap() + 1, |(id, _)| id.0);
    loop {
        if number > reviews.len().unwrap() {
            let opened = reviews.open_case(&matched(number), now()).unwrap();
            assert_eq!(opened.case(), CaseId(number));
            tell(&format!("opened {number}"));
        }
        let name = if number.is_multiple_of(2) {
            "ada"
        } else {
            "ben"
        };
        let decision = reviews.person(name).unwrap().finds(Outcome::WrongEntry);
        reviews.decide(CaseId(number), &decision, now()).unwrap();
        tell(&format!("decided {number}"));
        number += 1;
    }
}

/// Starts a process, kills it so many microseconds later, and gives what it told.
fn killed(dir: &Path, after: u64) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "killed::child",
        "--exact",
        "--nocapture",
        "--include-ignored",
    ]);
    let started = command.env(DIR, dir).stdout(Stdio::piped()).spawn();
    let mut child = started.unwrap();
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

/// A folder with a file of reviews, and one for what is off; gone when it is dropped.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("ijkpunt-reviews-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir); // of a process of the same number that was killed
        fs::create_dir_all(dir.join("off")).unwrap();
        let policy = Policy::new(text("Example"));
        let path = dir.join("reviews");
        let mut reviews = Reviews::create(path, &policy, &text("lead"), now()).unwrap();
        let lead = reviews.person("lead").unwrap();
        for name in ["ada", "ben"] {
            let roles = BTreeSet::from([Role::Reviewer]);
            reviews.enrol(&lead, &text(name), &roles, now()).unwrap();
        }
        Self(dir)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_was_decided_is_there_after_a_kill_and_what_tripped_is_off() {
    let place = Place::new();
    let rounds = std::env::var(ROUNDS).map_or(10, |rounds| rounds.parse().unwrap());
    let (mut decided, mut trips) = (0, 0);
    for round in 0..rounds {
        let told = killed(&place.0, 5000 + round * 77_773 % 300_000);
        let mut reviews = Reviews::open(place.0.join("reviews")).unwrap();
        reviews.verify(|_, _| ()).unwrap();
        let numbers = |what: &str| {
            let told = told.iter().filter_map(|line| line.strip_prefix(what));
            let all: Vec<u32> = told.map(|number| number.parse().unwrap()).collect();
            all
        };
        for number in numbers("opened ") {
            let story = reviews.story(CaseId(number)).unwrap();
            assert_eq!(story.subject, Some(format!("upload-{number}")));
        }
        for number in numbers("decided ") {
            let case = reviews.case(CaseId(number)).unwrap();
            assert_eq!(case.stage(), Stage::Decided, "{number}");
        }
        // At most the one that it was about to tell of.
        let mut all = 0;
        reviews
            .each(|_, case| {
                all += usize::from(!case.is_open());
                true
            })
            .unwrap();
        decided += numbers("decided ").len();
        assert!(all == decided || all == decided + 1, "{all} {decided}");
        decided = all;
        let off = place.0.join("off");
        // What would be lost had it been killed before it switched: now and then all of it.
        if round % 3 == 0 {
            fs::remove_dir_all(&off).unwrap();
            fs::create_dir_all(&off).unwrap();
        }
        reviews.switching("eu", Off(off.clone())).unwrap();
        let tripped: BTreeSet<String> = reviews
            .tripped()
            .map(|(entry, _)| entry.entry.to_string())
            .collect();
        let files: BTreeSet<String> = fs::read_dir(&off)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(files, tripped);
        // By its fifth case each entry is off, and not before.
        assert_eq!(tripped.len(), all / PER_ENTRY as usize);
        trips = tripped.len();
    }
    assert!(trips > 0, "killed too early: {decided}");
}
