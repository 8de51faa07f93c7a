//! `ijkpunt authority` as an analyst uses it.

use super::*;

pub(crate) const PICTURE: &str = "testdata/pictures/jpeg/baseline-444.jpg";
const OTHER: &str = "testdata/pictures/jpeg/baseline-420-97x61.jpg";

/// Three authorities, each with a key and a register of its own, in one folder.
pub(crate) struct Union {
    pub(crate) folder: Folder,
    pub(crate) id: String,
}

impl Union {
    /// Founded, and the logs opened.
    pub(crate) fn new(name: &str) -> Self {
        let union = Self::unfounded(name);
        union.done(&[
            "init",
            "draft",
            "a.card",
            "b.card",
            "c.card",
            "--name",
            "rehearsal",
            "--needed",
            "2",
            "--begins",
            "2026-01-01",
        ]);
        for by in ["a", "b", "c"] {
            union.signed(by, &["init", "sign", "genesis.json"]);
        }
        for by in ["a", "b", "c"] {
            let told = union.done(&["init", "create", "genesis.json", "-r", by]);
            assert!(
                told.contains("all of the designated states XA XB XC"),
                "{told}"
            );
            union.says(by, "2026-01-02", &["log", "open"]);
        }
        let genesis = union.done(&["export", "-r", "a", "--at", "2026-01-02"]);
        let json: Value = serde_json::from_str(genesis.lines().next().unwrap()).unwrap();
        assert!(json["payloadType"].as_str().unwrap().contains("genesis"));
        let board: Value =
            serde_json::from_str(&union.done(&["status", "-r", "a", "--json"])).unwrap();
        Self {
            id: board["register"].as_str().unwrap().to_owned(),
            ..union
        }
    }

    fn unfounded(name: &str) -> Self {
        let union = Self {
            folder: Folder::new(name),
            id: String::new(),
        };
        union.folder.put("pass", "correct horse\n");
        for (by, state) in [("a", "XA"), ("b", "XB"), ("c", "XC"), ("d", "XD")] {
            let (key, card, name) = (
                format!("{by}.key"),
                format!("{by}.card"),
                format!("x{by}-police"),
            );
            let told = union.done(&[
                "keygen",
                &key,
                "--passphrase",
                "pass",
                "--card",
                &card,
                "--id",
                &name,
                "--state",
                state,
                "--name",
                "Police",
                "--role",
                "issue-orders",
                "--role",
                "scrutinise",
                "--role",
                "oversee-measures",
            ]);
            assert!(told.contains("a new key, encrypted"), "{told}");
        }
        union
    }

    /// Runs `ijkpunt authority` in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
            .arg("authority")
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}{}",
            out(&output),
            err(&output)
        );
        out(&output)
    }

    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}{}",
            out(&output),
            err(&output)
        );
        out(&output) + &err(&output)
    }

    fn with_key<'a>(by: &'a str, key: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let key = ["-k", key, "--passphrase", "pass"];
        let register = if more.first() == Some(&"init") {
            vec![]
        } else {
            vec!["-r", by]
        };
        more.iter().copied().chain(register).chain(key).collect()
    }

    fn signed(&self, by: &str, more: &[&str]) -> String {
        let key = format!("{by}.key");
        self.done(&Self::with_key(by, &key, more))
    }

    /// Says something at a time.
    pub(crate) fn says(&self, by: &str, at: &str, more: &[&str]) -> String {
        let key = format!("{by}.key");
        let mut all = Self::with_key(by, &key, more);
        all.extend(["--at", at]);
        self.done(&all)
    }

    fn says_by(&self, by: &str, key: &str, at: &str, more: &[&str]) -> String {
        let mut all = Self::with_key(by, key, more);
        all.extend(["--at", at]);
        self.done(&all)
    }

    pub(crate) fn is_refused(&self, by: &str, at: &str, more: &[&str]) -> String {
        let key = format!("{by}.key");
        let mut all = Self::with_key(by, &key, more);
        all.extend(["--at", at]);
        self.refused(&all)
    }

    /// What one has goes to the others.
    pub(crate) fn sent(&self, by: &str, to: &[&str]) {
        let file = format!("{by}.jsonl");
        self.done(&["export", "-r", by, "--out", &file]);
        for other in to {
            self.done(&["merge", &file, "-r", other]);
        }
    }

    /// The first digits of the only entry.
    pub(crate) fn proposed(&self, by: &str, at: &str) -> String {
        let file = self.picture("banner.jpg", PICTURE);
        let told = self.says(by, at, &["propose", &file, "--title", "a banner", "--json"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        told["entry"].as_str().unwrap()[..12].to_owned()
    }

    fn picture(&self, name: &str, from: &str) -> String {
        self.folder.put(name, fs::read(from).unwrap())
    }

    fn assess(&self, by: &str, at: &str, entry: &str, verdict: &[&str]) -> String {
        let file = self.picture("banner.jpg", PICTURE);
        let mut all = vec!["assess", entry, "--reasons", "as seen", "--viewed", &file];
        all.extend(verdict);
        self.says(by, at, &all)
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(arguments)).unwrap()
    }
}

#[test]
fn a_register_is_founded_by_all_and_joined_by_its_id() {
    let union = Union::unfounded("authority-founded");
    let draft = [
        "init",
        "draft",
        "a.card",
        "b.card",
        "--name",
        "rehearsal",
        "--begins",
        "2026-01-01",
        "--needed",
    ];
    let alone = union.refused(&[&draft[..], &["1"]].concat());
    assert!(alone.contains("one state alone decides nothing"), "{alone}");
    union.done(&[&draft[..], &["2"]].concat());
    let again = union.refused(&[&draft[..], &["2"]].concat());
    assert!(
        again.contains("genesis.json"),
        "a draft overwrites nothing: {again}"
    );
    let create = ["init", "create", "genesis.json", "-r", "own"];
    assert!(union.refused(&create).contains("nobody has signed it"));
    let told = union.signed("a", &["init", "sign", "genesis.json"]);
    assert!(told.contains("Hand it on to xb-police"), "{told}");
    assert!(union.refused(&create).contains("not signed by xb-police"));
    let sign = |by| {
        let key = format!("{by}.key");
        union.refused(&Union::with_key(
            by,
            &key,
            &["init", "sign", "genesis.json"],
        ))
    };
    assert!(sign("a").contains("signed it already: hand it on to xb-police"));
    assert!(sign("c").contains("is no founder's here"));
    let told = union.signed("b", &["init", "sign", "genesis.json"]);
    assert!(told.contains("signed by all"), "{told}");
    assert!(sign("b").contains("all have signed it"));
    let told = union.done(&create);
    let id = told.split("the register ").nth(1).unwrap()[..64].to_owned();
    assert!(
        union.refused(&create).contains("own"),
        "nothing is overwritten"
    );
    union.done(&["export", "-r", "own", "--out", "own.jsonl"]);
    let other = "0".repeat(64);
    fn join(id: &str) -> [&str; 7] {
        ["init", "join", "own.jsonl", "--id", id, "-r", "joined"]
    }
    assert!(union.refused(&join(&other)).contains("and not of 000"));
    assert!(union.done(&join(&id)).contains(&id));
    assert!(
        union
            .done(&["log", "list", "-r", "joined"])
            .contains("No log is here yet")
    );
    let none = union.refused(&["status", "-r", "nothing"]);
    assert!(
        none.contains("there is no register: name it with --register"),
        "{none}"
    );
}

#[test]
fn keys_are_made_once_and_opened_by_their_passphrase_alone() {
    let union = Union::unfounded("authority-keys");
    let again = union.refused(&["keygen", "a.key", "--passphrase", "pass"]);
    assert!(again.contains("a.key is there already"), "{again}");
    // Told before anybody thinks of a passphrase, and before a key is made whose card could not be written.
    let unasked = union.refused(&["keygen", "a.key"]);
    assert!(unasked.contains("nothing is overwritten"), "{unasked}");
    let card = [
        "--card", "a.card", "--id", "xe", "--state", "XE", "--name", "Police",
    ];
    let made = [
        &["keygen", "e.key", "--passphrase", "pass"],
        &card[..],
        &["--role", "scrutinise"],
    ];
    let card = union.refused(&made.concat());
    assert!(card.contains("a.card is there already"), "{card}");
    assert!(!Path::new(&format!("{}/e.key", union.folder.path())).exists());
    let card = union.refused(&[
        "keygen",
        "e.key",
        "--passphrase",
        "pass",
        "--card",
        "e.card",
        "--id",
        "xe",
    ]);
    assert!(card.contains("--state"), "{card}");
    let none = union.refused(&["keygen", "e.key"]);
    assert!(none.contains("there is no passphrase"), "{none}");
    assert!(!Path::new(&format!("{}/e.key", union.folder.path())).exists());
    union.done(&[
        "init",
        "draft",
        "a.card",
        "b.card",
        "--name",
        "r",
        "--begins",
        "2026-01-01",
        "--needed",
        "2",
    ]);
    union.folder.put("wrong", "battery staple\n");
    let wrong = union.refused(&[
        "init",
        "sign",
        "genesis.json",
        "-k",
        "a.key",
        "--passphrase",
        "wrong",
    ]);
    assert!(
        wrong.contains("a.key") && !wrong.contains("battery"),
        "{wrong}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = fs::metadata(format!("{}/a.key", union.folder.path())).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_is_proposed_once_and_assessed_by_those_who_viewed_it() {
    let union = Union::new("authority-assessed");
    let entry = union.proposed("a", "2026-02-01");
    let again = union.picture("again.jpg", PICTURE);
    union.sent("a", &["b", "c"]);
    let told = union.is_refused("b", "2026-02-02", &["propose", &again, "--title", "again"]);
    assert!(
        told.contains(&entry) && told.contains("the very file") && told.contains("Not proposed"),
        "{told}"
    );
    let inbox = union.done(&["inbox", "--for", "XB", "-r", "b", "--at", "2026-02-02"]);
    assert!(
        inbox.contains(&entry) && inbox.contains("is missing"),
        "{inbox}"
    );
    assert!(
        union
            .done(&["inbox", "--for", "XD", "-r", "b", "--at", "2026-02-02"])
            .contains("Nothing waits")
    );
    let other = union.picture("other.jpg", OTHER);
    let check = union.refused(&["check", &entry, &other, "-r", "b", "--at", "2026-02-02"]);
    assert!(
        check.contains("something else than was proposed"),
        "{check}"
    );
    let check = union.done(&["check", &entry, &again, "-r", "b", "--at", "2026-02-02"]);
    assert!(check.contains("the very file"), "{check}");
    let assess = ["assess", &entry, "--terrorist", "A", "--reasons", "as seen"];
    let told = union.is_refused(
        "b",
        "2026-02-02",
        &[&assess[..], &["--viewed", &other]].concat(),
    );
    assert!(told.contains("View what was proposed"), "{told}");
    assert!(
        union
            .is_refused("b", "2026-02-02", &assess)
            .contains("--viewed")
    );
    let told = union.is_refused(
        "b",
        "2026-01-31",
        &[&assess[..], &["--viewed", &again]].concat(),
    );
    assert!(
        told.contains("error"),
        "before the entry there is none: {told}"
    );
    let told = union.assess(
        "b",
        "2026-02-02",
        &entry,
        &["--terrorist", "A,D", "--by-two"],
    );
    assert!(
        told.contains("terrorist, types A and D") && told.contains("It is now: national"),
        "{told}"
    );
    let told = union.is_refused(
        "b",
        "2026-02-02",
        &[&assess[..], &["--terrorist", "A,Q"]].concat(),
    );
    assert!(
        told.contains('Q') || told.contains("cannot be used multiple times"),
        "{told}"
    );
    // Who says nothing of it has not been told what others say.
    let board = union.done(&["status", "--for", "XC", "-r", "b", "--at", "2026-02-03"]);
    assert!(
        board.contains("not assessed by XC yet") && !board.contains("national"),
        "{board}"
    );
    let board = union.json(&[
        "status",
        "--for",
        "XC",
        "-r",
        "b",
        "--at",
        "2026-02-03",
        "--entries",
        "--json",
    ]);
    assert_eq!(
        (
            &board["entries"][0]["state"],
            &board["entries"][0]["sentence"]
        ),
        (&Value::Null, &Value::Null)
    );
    let board = union.json(&[
        "status",
        "--for",
        "XB",
        "-r",
        "b",
        "--at",
        "2026-02-03",
        "--json",
    ]);
    assert_eq!(
        (&board["states"]["national"], &board["waits_for"]["XA"]),
        (&1.into(), &1.into())
    );
    // Abstaining and adopting need no file.
    union.sent("b", &["a", "c"]);
    let told = union.says(
        "c",
        "2026-02-04",
        &[
            "assess",
            &entry,
            "--terrorist",
            "A",
            "--reasons",
            "as XB",
            "--adopt",
            "xb-police",
        ],
    );
    assert!(told.contains("missing: XA, XC (adopted only)"), "{told}");
    let told = union.says(
        "c",
        "2026-02-05",
        &["assess", &entry, "--abstain", "--reasons", "no comment"],
    );
    assert!(told.contains("XC (abstains)"), "{told}");
    union.assess("c", "2026-02-06", &entry, &["--terrorist", "A"]);
    let twice = union.is_refused(
        "c",
        "2026-02-06",
        &[
            "assess",
            &entry,
            "--terrorist",
            "A",
            "--reasons",
            "as seen",
            "--viewed",
            &again,
        ],
    );
    assert!(twice.contains("nothing to add"), "{twice}");
    union.sent("c", &["a"]);
    let told = union.assess(
        "a",
        "2026-02-07",
        &entry,
        &["--terrorist", "A", "--exempt-purpose-considered"],
    );
    assert!(told.contains("It is now: baseline"), "{told}");
}

#[test]
fn words_are_taken_back_and_entries_stopped_by_those_who_may() {
    let union = Union::new("authority-stopped");
    let entry = union.proposed("a", "2026-02-01");
    union.assess("a", "2026-02-02", &entry, &["--terrorist", "A"]);
    union.sent("a", &["b", "c"]);
    let told = union.says(
        "b",
        "2026-02-03",
        &["suspend", &entry, "--reason", "a complaint"],
    );
    assert!(told.contains("off for everybody"), "{told}");
    assert!(
        told.contains("shown once XB has assessed it") && !told.contains("terrorist"),
        "{told}"
    );
    let none = union.is_refused("c", "2026-02-03", &["resume", &entry]);
    assert!(
        none.contains("only who suspends an entry can resume it"),
        "{none}"
    );
    union.sent("b", &["a"]);
    let explained = union.done(&["explain", &entry, "-r", "a", "--at", "2026-02-04"]);
    assert!(
        explained.contains("suspended by xb-police (XB)"),
        "{explained}"
    );
    union.says("b", "2026-02-04", &["resume", &entry]);
    assert!(
        union
            .is_refused("b", "2026-02-04", &["resume", &entry])
            .contains("does not suspend")
    );
    let none = union.is_refused(
        "c",
        "2026-02-05",
        &["withdraw", &entry, "--reason", "over-broad"],
    );
    assert!(none.contains("has not assessed"), "{none}");
    let none = union.is_refused(
        "a",
        "2026-02-05",
        &["withdraw", &entry, "--reason", "whatever"],
    );
    assert!(none.contains("over-broad"), "the reasons are told: {none}");
    let told = union.says(
        "a",
        "2026-02-05",
        &["withdraw", &entry, "--reason", "over-broad"],
    );
    assert!(
        told.contains("withdraws its word on") && told.contains("XA (withdrawn)"),
        "{told}"
    );
    let told = union.says(
        "a",
        "2026-02-06",
        &[
            "withdraw",
            &entry,
            "--everything",
            "--reason",
            "wrong-media",
            "--reinstate",
        ],
    );
    assert!(
        told.contains("withdraws the entry") && told.contains("It is now: withdrawn"),
        "{told}"
    );
    let none = union.is_refused("a", "2026-02-07", &["suspend", "ffffff", "--reason", "x"]);
    assert!(none.contains("no entry begins with `ffffff`"), "{none}");
    assert!(
        union
            .is_refused("a", "2026-02-07", &["suspend", "f", "--reason", "x"])
            .contains("give 4 digits")
    );
}

#[test]
fn what_rests_on_an_order_falls_with_it_and_the_report_counts_that() {
    let union = Union::new("authority-orders");
    let entry = union.proposed("a", "2026-02-01");
    let order = [
        "--order",
        "R-17",
        "--issued-at",
        "2026-01-20",
        "--finality",
        "final",
    ];
    union.assess(
        "a",
        "2026-02-02",
        &entry,
        &[&["--terrorist", "A"], &order[..]].concat(),
    );
    union.sent("a", &["b"]);
    let file = union.picture("banner.jpg", PICTURE);
    let undated = union.is_refused(
        "b",
        "2026-02-03",
        &[
            "assess",
            &entry,
            "--terrorist",
            "A",
            "--reasons",
            "x",
            "--viewed",
            &file,
            "--order",
            "R-17",
            "--issued-by",
            "XA",
        ],
    );
    assert!(undated.contains("--issued-at"), "{undated}");
    let others = union.is_refused(
        "b",
        "2026-02-03",
        &[
            "end",
            "--order",
            "R-17",
            "--issued-by",
            "XA",
            "--reason",
            "annulled",
        ],
    );
    assert!(
        others.contains("scrutiny found an infringement"),
        "{others}"
    );
    assert!(
        union
            .is_refused("a", "2026-02-03", &["end", "--reason", "annulled"])
            .contains("say which act")
    );
    let told = union.says(
        "a",
        "2026-02-04",
        &[
            "end",
            "--order",
            "R-17",
            "--reason",
            "annulled",
            "--reinstate",
        ],
    );
    assert!(
        told.contains("it was annulled") && told.contains("national") && told.contains("candidate")
            || told.contains("under assessment"),
        "{told}"
    );
    let explained = union.done(&["explain", &entry, "-r", "a", "--at", "2026-02-05"]);
    assert!(explained.contains("which was annulled"), "{explained}");
    let feedback = [
        "feedback",
        &entry,
        "--platform",
        "Example",
        "--from",
        "2026-02-01",
        "--until",
        "2026-02-03",
        "--reviewed",
        "10",
        "--overturned",
    ];
    let told = union.says("a", "2026-02-05", &[&feedback[..], &["3"]].concat());
    assert!(told.contains("10 reviews of Example, 3 against"), "{told}");
    assert!(
        union
            .is_refused("a", "2026-02-05", &[&feedback[..], &["11"]].concat())
            .contains("error")
    );
    let report = [
        "report",
        "--for",
        "XA",
        "-r",
        "a",
        "--at",
        "2026-03-01",
        "--json",
        "--from",
        "2026-01-01",
        "--until",
    ];
    let counts = union.json(&[&report[..], &["2027-01-01"]].concat());
    assert_eq!(counts["entries_proposed"], 1);
    assert_eq!(counts["assessments"]["terrorist"], 1);
    assert_eq!(counts["acts_issued"]["removal order"], 1);
    assert_eq!(counts["removal_orders_final"], 1);
    assert_eq!(counts["acts_ended"]["removal order: it was annulled"], 1);
    assert_eq!(counts["feedback"]["reviewed"], 10);
    assert_eq!(counts["feedback"]["overturned"], 3);
    let none = union.json(&[&report[..], &["2026-01-02"]].concat());
    assert_eq!(
        (&none["entries_proposed"], &none["acts_issued"]),
        (&0.into(), &serde_json::json!({}))
    );
    assert!(
        union
            .refused(&[&report[..], &["2025-01-01"]].concat())
            .contains("ends before it begins")
    );
    let report = [
        "report",
        "--for",
        "XA",
        "-r",
        "a",
        "--at",
        "2026-03-01",
        "--from",
        "2026-01-01",
        "--until",
        "2027-01-01",
    ];
    assert!(
        union
            .done(&report)
            .contains("removal orders that are final")
    );
    let report = [
        "report",
        "--for",
        "XD",
        "-r",
        "a",
        "--from",
        "2026-01-01",
        "--until",
        "2027-01-01",
    ];
    assert!(union.refused(&report).contains("no authority of XD"));
}

#[test]
fn states_admit_close_logs_and_change_the_policy_together() {
    let union = Union::new("authority-motions");
    let told = union.says("a", "2026-02-01", &["admit", "d.card"]);
    assert!(
        told.contains("to admit xd-police (XD): signed by XA; waits for 1 more state"),
        "{told}"
    );
    let motion = told[..12].to_owned();
    union.sent("a", &["b"]);
    let inbox = union.done(&["inbox", "--for", "XB", "-r", "b", "--at", "2026-02-02"]);
    assert!(inbox.contains(&motion), "{inbox}");
    assert!(
        union
            .is_refused("b", "2026-02-02", &["endorse", "ffff"])
            .contains("no motion begins")
    );
    let told = union.says("b", "2026-02-02", &["endorse", &motion]);
    assert!(told.contains("in effect since 2026-02-02"), "{told}");
    assert!(
        union
            .is_refused("b", "2026-02-02", &["endorse", &motion])
            .contains("signed this before")
    );
    let motions = union.json(&["motions", "-r", "b", "--at", "2026-02-03", "--json"]);
    assert_eq!(motions["signed"].as_array().unwrap().len(), 2);
    // The one who was admitted joins by what it is sent, and is asked by no policy yet.
    union.done(&["export", "-r", "b", "--out", "b.jsonl"]);
    union.done(&["init", "join", "b.jsonl", "--id", &union.id, "-r", "d"]);
    assert!(
        union
            .is_refused("d", "2026-02-03", &["log", "open"])
            .contains("nobody has admitted the key")
    );
    union.done(&["merge", "b.jsonl", "-r", "d"]);
    assert!(
        union
            .says("d", "2026-02-03", &["log", "open"])
            .contains("xd-police (XD) is open")
    );
    let policy = union.folder.put(
        "policy.json",
        r#"{"name":"baseline","version":2,"rule":"all","denominator":{"explicit":["XA","XB","XC","XD"]},"objection":"blocks","silence":"none",
            "expiry_days":null,"grace_days":0,"types_must_overlap":true,"counts_adopted":false}"#,
    );
    union.says("b", "2026-02-04", &["adopt", &policy]);
    union.sent("d", &["b"]);
    union.sent("b", &["d"]);
    let adopted: Vec<Value> = union
        .done(&["motions", "-r", "d", "--at", "2026-02-05", "--json"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let waits = adopted
        .iter()
        .find(|one| one["outcome"].as_str().unwrap().contains("waits"))
        .unwrap();
    union.says(
        "d",
        "2026-02-05",
        &["endorse", &waits["motion"].as_str().unwrap()[..12]],
    );
    let board = union.done(&["status", "-r", "d", "--at", "2026-02-05"]);
    assert!(
        board.contains("baseline 2: all of the states XA XB XC XD"),
        "{board}"
    );
    // A key that was stolen: the log is closed, and goes on by another one.
    union.done(&[
        "keygen",
        "c2.key",
        "--passphrase",
        "pass",
        "--card",
        "c2.card",
        "--id",
        "xc-police",
        "--state",
        "XC",
        "--name",
        "Police",
        "--role",
        "issue-orders",
    ]);
    let wrong = union.is_refused(
        "b",
        "2026-02-06",
        &[
            "revoke",
            "xc-police",
            "--reason",
            "stolen",
            "--successor",
            "d.card",
        ],
    );
    assert!(wrong.contains("merge it first"), "{wrong}");
    union.sent("c", &["b"]);
    let wrong = union.is_refused(
        "b",
        "2026-02-06",
        &[
            "revoke",
            "xc-police",
            "--reason",
            "stolen",
            "--successor",
            "d.card",
        ],
    );
    assert!(wrong.contains("the card is of xd-police"), "{wrong}");
    let wrong = union.is_refused(
        "b",
        "2026-02-06",
        &["revoke", "xc-police", "--reason", "stolen", "--from", "7"],
    );
    assert!(wrong.contains("no such place or story"), "{wrong}");
    let told = union.says(
        "b",
        "2026-02-06",
        &[
            "revoke",
            "xc-police",
            "--reason",
            "stolen",
            "--successor",
            "c2.card",
        ],
    );
    let motion = told[..12].to_owned();
    union.sent("b", &["a"]);
    union.says("a", "2026-02-06", &["endorse", &motion]);
    union.sent("a", &["c"]);
    assert!(
        union
            .is_refused("c", "2026-02-07", &["admit", "a.card"])
            .contains("would not count")
    );
    let told = union.says_by("c", "c2.key", "2026-02-07", &["log", "open"]);
    assert!(told.contains("begins at 1"), "{told}");
}

#[test]
fn logs_are_listed_verified_and_go_on_by_another_key() {
    let union = Union::new("authority-logs");
    let entry = union.proposed("a", "2026-02-01");
    let note = union.says("a", "2026-02-02", &["log", "promise"]);
    assert!(
        note.contains(&union.id) && note.contains('\u{2014}'),
        "{note}"
    );
    union.done(&["keygen", "a2.key", "--passphrase", "pass"]);
    let told = union.says(
        "a",
        "2026-02-03",
        &[
            "log",
            "rotate",
            "--new-key",
            "a2.key",
            "--new-passphrase",
            "pass",
        ],
    );
    assert!(told.contains("From place 3 on"), "{told}");
    assert!(
        union
            .is_refused("a", "2026-02-04", &["suspend", &entry, "--reason", "x"])
            .contains("take the key that signs yours")
    );
    union.says_by(
        "a",
        "a2.key",
        "2026-02-04",
        &["suspend", &entry, "--reason", "x"],
    );
    let back = union.refused(&[
        "suspend",
        &entry,
        "--reason",
        "x",
        "-r",
        "a",
        "-k",
        "a2.key",
        "--passphrase",
        "pass",
        "--at",
        "2026-02-01",
    ]);
    assert!(back.contains("set the clock"), "{back}");
    let logs = union.json(&["log", "list", "-r", "a", "--at", "2026-02-05", "--json"]);
    assert_eq!(
        (&logs["authority"], &logs["ends"], &logs["void"]),
        (&"xa-police".into(), &4.into(), &Value::Null)
    );
    assert!(
        union
            .done(&["log", "verify", "-r", "a"])
            .contains("4 statements, each signed and in its place")
    );
    // One changed letter on the way: the line is left out, and told.
    union.done(&["export", "-r", "a", "--out", "a.jsonl"]);
    let path = format!("{}/a.jsonl", union.folder.path());
    let mut lines: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert_eq!(lines.len(), 1 + 4 + 1);
    let place = lines[4].find("\"sig\":\"").unwrap() + 12;
    let changed = if lines[4].as_bytes()[place] == b'A' {
        "B"
    } else {
        "A"
    };
    lines[4].replace_range(place..=place, changed);
    fs::write(&path, lines.join("\n")).unwrap();
    let told = union.refused(&["merge", "a.jsonl", "-r", "b"]);
    assert!(
        told.contains("line 5 left out") && told.contains("2 statements new")
            || told.contains("3 statements new"),
        "{told}"
    );
    let told = union.refused(&["merge", "a.jsonl", "-r", "c", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert!(told["lines_left_out"].as_u64().unwrap() >= 1, "{told}");
    assert!(
        union
            .refused(&["export", "-r", "b", "--of", "xz-police"])
            .contains("no log of xz-police")
    );
    let strange = union.folder.put("strange.jsonl", "{}\n");
    assert!(
        union
            .refused(&["merge", &strange, "-r", "b"])
            .contains("no merge file")
    );
}

#[test]
fn what_is_plain_or_cannot_be_looked_at_is_proposed_on_purpose_only() {
    let union = Union::new("authority-plain");
    let clip = union
        .folder
        .put("clip.mp4", b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2");
    let told = union.is_refused("a", "2026-02-01", &["propose", &clip, "--title", "a clip"]);
    assert!(
        told.contains("not all of it could be looked at") && told.contains("--anyway"),
        "{told}"
    );
    let told = union.says(
        "a",
        "2026-02-01",
        &["propose", &clip, "--title", "a clip", "--anyway", "--json"],
    );
    let told: Value = serde_json::from_str(&told).unwrap();
    let entry = told["entry"].as_str().unwrap()[..12].to_owned();
    let explained = union.json(&["explain", &entry, "-r", "a", "--at", "2026-02-01", "--json"]);
    assert_eq!(
        (
            &explained["proposal"]["media"],
            &explained["proposal"]["source"]["mime"]
        ),
        (&"video".into(), &"video/mp4".into())
    );
    assert!(
        union
            .done(&["check", &entry, &clip, "-r", "a", "--at", "2026-02-01"])
            .contains("the very file")
    );
    let other = union.picture("other.jpg", OTHER);
    let check = union.refused(&["check", &entry, &other, "-r", "a", "--at", "2026-02-01"]);
    assert!(check.contains("no hash of what it looks like"), "{check}");
    let empty = union.folder.put("empty.jpg", b"");
    assert!(
        union
            .is_refused("a", "2026-02-01", &["propose", &empty, "--title", "x"])
            .contains("it is empty")
    );
    let link = union.is_refused(
        "a",
        "2026-02-01",
        &["propose", &other, "--title", "see https://example.org"],
    );
    assert!(link.contains("address"), "{link}");
}

#[test]
fn an_explanation_is_checked_by_somebody_without_a_register() {
    let union = Union::new("authority-explained");
    let entry = union.proposed("a", "2026-02-01");
    union.assess("a", "2026-02-02", &entry, &["--terrorist", "A"]);
    let told = union.done(&[
        "explain",
        &entry,
        "-r",
        "a",
        "--at",
        "2026-02-03",
        "--proof",
        "proof.json",
    ]);
    let verify = format!("ijkpunt verify proof.json --register {}", union.id);
    assert!(told.contains(&verify), "{told}");
    for word in [
        "XB",
        "silent",
        "is missing",
        "supports",
        "2 statements that count",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let proof = format!("{}/proof.json", union.folder.path());
    let verified = ijkpunt(&["verify", &proof, "--register", &union.id]);
    assert_eq!(verified.status.code(), Some(0), "{}", err(&verified));
    assert!(out(&verified).contains("The proof holds"));
    // An earlier time tells what was there then.
    let early = union.refused(&["explain", &entry, "-r", "a", "--at", "2026-01-15"]);
    assert!(
        early.contains("nobody who counts has proposed it"),
        "{early}"
    );
}
