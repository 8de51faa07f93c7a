//! `ijkpunt demo --authorities`: a story that is told by what the library says.

use std::time::{Duration, Instant};

use super::*;

/// Runs it in a folder, and gives what it prints.
fn demo(dir: &str) -> String {
    let output = ijkpunt(&["demo", "--authorities", "--dir", dir]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    out(&output)
}

/// What stands in a step, its lines joined.
fn step(text: &str, number: usize) -> String {
    let begin = text
        .find(&format!("\n{:<4}", format!("{number}.")))
        .unwrap();
    let rest = &text[begin + 1..];
    let next = format!("\n{:<4}", format!("{}.", number + 1));
    let end = rest.find(&next).or_else(|| rest.find("\nWhat is in "));
    let words: Vec<&str> = rest[..end.unwrap()].split_whitespace().collect();
    words.join(" ")
}

/// What the library is expected to tell in each step, in this order.
const TOLD: [&[&str]; 19] = [
    &[
        "> demonstration of 2026-01-05T09:00:00Z: xa-police (XA)",
        "xb-prosecutor (XB)",
        "2 states admit",
    ],
    &[
        "> it would not count: its authority is not admitted",
        "> admit xe-police (XE): waits for more states to sign; signed by xb-police (XB), xb-prosecutor (XB)",
        "> admit xe-police (XE): in effect since 2026-01-05T10:10:00Z; signed by xa-police (XA)",
    ],
    &[
        "1 of the file's bytes, 1 of the whole picture, ",
        "> picture 1 is \"candidate\": 0 of 5 designated states say terrorist; missing: XA, XB, XC, XD, XE;",
        "> picture 1 is \"national\": 1 of 5",
        "> picture 1 is \"emerging, 2 of 5\"",
        "> picture 1 is \"emerging, 3 of 5\"",
        "> picture 1 is \"emerging, 4 of 5\"",
        "> picture 1 is \"baseline\": 5 of 5 designated states say terrorist, type A; no objection",
    ],
    &[
        "> media/copy-of-picture-1.jpg is near to entry ",
        " of 256 bits differ",
        "> a picture that nobody has proposed is near to no entry",
    ],
    &[
        "> picture 2 is \"emerging, 4 of 5\"",
        "> picture 2 is \"rejected\": 4 of 5 designated states say terrorist, type A; objection: XC",
        "> xc-police says \"not terrorist\": a newspaper shows it",
    ],
    &[
        "> picture 3 is \"baseline\"",
        "> picture 3 is \"emerging, 4 of 5\"",
        "missing: XB (divided)",
    ],
    &[
        "> picture 4 is \"baseline\"",
        "> picture 4 is \"emerging, 4 of 5\"",
        "XD's word rested on removal order 17/2026, which was annulled",
        "> fallen: ",
        "> to be put back what was removed for it: yes",
    ],
    &[
        "> picture 1 is \"suspended\": suspended by xe-police (XE).",
        "> picture 1 is \"baseline\"",
    ],
    &[
        "0 new, 1 left out > line 9 is left out: the signature does not fit",
        "0 new, 1 left out > line 9 is left out: signed by",
        "which is no key of this log",
        "0 new, 1 left out > line 9 is left out: dated 2026-01-0",
        "XA's register holds what it held before, to the byte.",
        "> picture 4 is \"baseline\"",
    ],
    &[
        "> picture 2 is \"baseline\"",
        "> picture 2 is \"emerging, 4 of 5\"",
        "> the log of xc-police tells two stories: 2 statements at place 6; 6 of 6 registers hold the proof",
        "> picture 2 is \"rejected\"",
        "> picture 2 is \"rejected\"",
        "in story 1 does not count: the log tells two stories",
        "in story 2 does not count: the log tells two stories",
    ],
    &[
        "> xa ",
        "> xb-prosecutor ",
        "> xe ",
        "> newcomer ",
        "They are equal to the byte.",
    ],
    &[
        "| The proof holds: ",
        "the entry is \"baseline\".",
        ": the one that was",
        "| exit code 0",
        "| error: proof-changed.json: a statement of ",
        "| exit code 2",
    ],
    &["> picture 3 is \"baseline\": 5 of 5"],
    &[
        "> root of version 1",
        "> root is signed by 3 of 5 states",
        "> targets is signed by 3 of 5 states",
    ],
    &[
        "> snapshot 1: 3 entries, ",
        "> 3 entries added: ",
        "> to be signed by 3 of XA, XB, XC, XD, XE, by root 1",
        "> XB makes the same snapshot of its own register, and signs",
        "> XD makes the same snapshot of its own register, and signs",
        "> targets, by root 1: 2 of 3 states have signed; missing are XA, XC, XE",
        "> XE makes the same snapshot of its own register, and signs",
        "> published full-0000000001.ijk, signed by XB, XD, XE",
    ],
    &[
        "> platform-1: installed snapshot 1: ",
        "> platform-2: installed snapshot 1: ",
        "> platform-1, media/copy-of-picture-1.jpg: MATCH: eu made-up picture 1, ",
        "baseline, type A, terrorist by XA, XB, XC, XD, XE",
        "> platform-2, media/copy-of-picture-1.jpg: MATCH: eu made-up picture 1, ",
        "> platform-1, media/picture-2.png: no match",
        "> platform-2, media/picture-2.png: no match",
    ],
    &[
        "> platform-1: off now: entry ",
        "by xe-police (XE): a complaint",
        "> platform-2: off now: entry ",
        "> platform-1, media/copy-of-picture-1.jpg: no match",
        "> platform-2, media/copy-of-picture-1.jpg: no match",
    ],
    &[
        "> picture 1 is \"withdrawn\": withdrawn by xa-police: complaint upheld.",
        "> published full-0000000002.ijk, signed by XA, XB, XE",
        "> platform-1: installed snapshot 2, before 1: ",
        "> platform-2: installed snapshot 2, before 1: ",
        "> platform-1, media/copy-of-picture-1.jpg: no match",
        "> platform-2, media/copy-of-picture-1.jpg: no match",
    ],
    &[
        "> platform-2: STALE: snapshot 2 is installed",
        "timestamp of version 1, and 2 was seen before",
        "> platform-2, media/copy-of-picture-1.jpg: no match (by a list that may not be the newest)",
    ],
];

#[test]
fn each_step_tells_what_the_library_says_and_the_next_run_says_the_same() {
    let folder = Folder::new("authorities");
    let dir = &*format!("{}/demo", folder.path());
    let begin = Instant::now();
    let text = demo(dir);
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(40), "{took:?}");
    for (number, told) in (1..).zip(TOLD) {
        let step = step(&text, number);
        let mut rest = &step[..];
        for part in told {
            let at = rest.find(part).unwrap_or_else(|| panic!("{part}: {step}"));
            rest = &rest[at + part.len()..];
        }
    }
    let (story, _) = text.split_once("\nWhat is in ").unwrap();
    let longest = story.lines().max_by_key(|line| line.chars().count());
    assert!(longest.unwrap().chars().count() <= 100, "{longest:?}");
    fs::write(format!("{dir}/notes.txt"), "mine").unwrap();
    assert_eq!(demo(dir), text);
    assert!(Path::new(dir).join("notes.txt").exists());
}

/// The commands that are printed at the end, without what the program is called here.
fn commands(text: &str) -> Vec<Vec<String>> {
    let (_, rest) = text.split_once("Go on yourself:").unwrap();
    let rest = rest.replace("\\\n", " ");
    let lines = rest.lines().map(str::trim);
    let commands = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let words = commands.map(|line| {
        let words = line.split_whitespace();
        let words =
            words.skip_while(|word| !["verify", "authority", "sync", "screen"].contains(word));
        words.map(str::to_owned).collect()
    });
    words.collect()
}

#[test]
fn the_commands_to_go_on_with_work_on_what_was_written() {
    let folder = Folder::new("authorities-next");
    let dir = &*format!("{}/demo", folder.path());
    let text = demo(dir);
    let commands = commands(&text);
    let [verify, status, explain, sync, screen] = &commands[..] else {
        panic!("{commands:?}");
    };
    let words: Vec<&str> = verify.iter().map(String::as_str).collect();
    let output = ijkpunt(&words);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let said = out(&output);
    assert!(said.contains("the entry is \"baseline\""), "{said}");
    assert!(said.contains("the one that was asked for"), "{said}");
    let entry = &explain[2];
    assert!(
        entry.len() == 12 && said.contains(&**entry),
        "{entry}: {said}"
    );
    for command in [status, explain] {
        let at = command
            .iter()
            .position(|word| word == "--register")
            .unwrap();
        ijkpunt::register::Register::read(&command[at + 1]).unwrap();
    }
    let words: Vec<&str> = sync.iter().map(String::as_str).collect();
    let output = ijkpunt(&words);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).contains("installed snapshot 2"),
        "{}",
        out(&output)
    );
    let words: Vec<&str> = screen.iter().map(String::as_str).collect();
    let output = ijkpunt(&words);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let matched = out(&output);
    let matched = matched
        .lines()
        .filter(|line| line.starts_with("MATCH"))
        .count();
    assert_eq!(matched, 2, "pictures 3 and 4 are listed");
    let changed = format!("{dir}/proof-changed.json");
    assert_eq!(ijkpunt(&["verify", &changed]).status.code(), Some(2));
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let folder = Folder::new("authorities-refused");
    let diary = folder.put("diary.txt", "mine");
    let output = ijkpunt(&["demo", "--authorities", "--dir", folder.path()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is left alone"), "{}", err(&output));
    assert_eq!(fs::read_to_string(diary).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // The platform's demo has a folder of its own.
    fs::remove_file(format!("{}/diary.txt", folder.path())).unwrap();
    folder.put(".ijkpunt-demo", "");
    let output = ijkpunt(&["demo", "--authorities", "--dir", folder.path()]);
    assert_eq!(output.status.code(), Some(2));
}
