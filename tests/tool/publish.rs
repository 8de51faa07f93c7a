//! `ijkpunt authority publish` and `ijkpunt sync`: from three registers to a platform.

use super::authority::{PICTURE, Union};
use super::*;

/// Far enough that no test runs behind it.
const END: &str = "2099-01-01";

/// Three states with registers, with keys for publishing (`pa`, `pb`, `pc`), and a publisher.
struct Publishers {
    union: Union,
    /// The publisher's public keys.
    page: String,
    clock: String,
}

impl Publishers {
    fn new(name: &str) -> Self {
        let union = Union::new(name);
        for (name, state) in [("pa", "XA"), ("pb", "XB"), ("pc", "XC")] {
            key(&union, name, Some(state));
        }
        let [page, clock] = ["page", "clock"].map(|name| key(&union, name, None));
        Self { union, page, clock }
    }

    /// Runs `ijkpunt authority` with the words of a line.
    fn done(&self, line: &str) -> String {
        self.union
            .done(&line.split_whitespace().collect::<Vec<_>>())
    }

    fn refused(&self, line: &str) -> String {
        let words: Vec<_> = line.split_whitespace().collect();
        self.union.refused(&words)
    }

    /// Asks for a root of these cards, and has it signed; gives what is said when it is added.
    fn root(&self, number: u32, cards: &str, signers: &[&str]) -> String {
        let (page, clock) = (&self.page, &self.clock);
        let told = self.done(&format!(
            "publish root {cards} --needed 2 --until {END} --snapshot-key {page} --timestamp-key {clock} -o root-{number}.json"
        ));
        assert!(told.contains("root is signed by 2 of 3 states"), "{told}");
        let known = if number == 1 {
            ""
        } else {
            "--repository repository"
        };
        for by in signers {
            self.done(&format!(
                "publish sign root-{number}.json -k {by}.key --passphrase pass -o root-{number}-{by}.sig {known}"
            ));
        }
        let signatures = signatures(&format!("root-{number}"), signers);
        self.done(&format!("publish add-root root-{number}.json {signatures}"))
    }

    /// A release of XA's register.
    fn release(&self, number: u32, at: &str) {
        self.done(&format!(
            "publish release --until {END} -r a --at {at} -o release-{number}.json"
        ));
    }

    /// A plan of it; gives what is said of it.
    fn plan(&self, number: u32, request: &str) -> String {
        self.done(&format!(
            "publish plan release-{number}.json -r a -o {request}.json"
        ))
    }

    /// The request, signed by a state that has a register, if it makes the same of it.
    fn sign(&self, number: u32, request: &str, by: &str, register: &str, more: &str) -> Output {
        let line = format!(
            "publish sign {request}.json --release release-{number}.json --repository repository \
             -r {register} -k {by}.key --passphrase pass -o {request}-{by}.sig {more}"
        );
        self.union.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// The command that publishes it.
    fn now(&self, number: u32, at: &str, signatures: &str) -> String {
        format!(
            "publish now release-{number}.json {signatures} -r a --at {at} --passphrase pass \
             --snapshot-key page.key --timestamp-key clock.key --newest-until {END}"
        )
    }

    /// A round of a platform.
    fn sync(&self, repository: &str, more: &str) -> Output {
        let id = &self.union.id;
        let line = format!(
            "sync --repo {repository} --dir client --root repository/metadata/1.root.json --register {id} {more}"
        );
        ran(&self.union, &line.split_whitespace().collect::<Vec<_>>())
    }

    /// What a platform says of the picture: 1 is a match, 0 none.
    fn screened(&self) -> Option<i32> {
        let screen = ["screen", "--baseline", "client/baseline", &picture()];
        ran(&self.union, &screen).status.code()
    }

    /// XA proposes the picture, and all three say that it is terrorist.
    fn agree(&self) -> String {
        let (union, picture) = (&self.union, picture());
        let propose = ["propose", &picture, "--title", "a banner"];
        union.says("a", "2026-02-01", &propose);
        union.sent("a", &["b", "c"]);
        let board = self.done("status -r a --entries --json");
        let board: Value = serde_json::from_str(&board).unwrap();
        let entry = board["entries"][0]["entry"].as_str().unwrap().to_owned();
        for by in ["a", "b", "c"] {
            let words = ["assess", &entry, "--terrorist", "A", "--reasons", "as seen"];
            let seen = ["--viewed", &picture, "--by-two"];
            union.says(by, "2026-02-02", &[&words[..], &seen].concat());
        }
        for by in ["a", "b", "c"] {
            union.sent(by, &["a", "b", "c"]);
        }
        entry
    }
}

/// The files of these signers.
fn signatures(of: &str, by: &[&str]) -> String {
    let names: Vec<String> = by.iter().map(|by| format!("{of}-{by}.sig")).collect();
    names.join(" ")
}

fn picture() -> String {
    let path = std::path::absolute(PICTURE).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Runs `ijkpunt` in the folder.
fn ran(union: &Union, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(arguments)
        .current_dir(union.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A key for publishing, with a card where it is a state's; gives the public key.
fn key(union: &Union, name: &str, state: Option<&str>) -> String {
    let (file, card) = (format!("{name}.key"), format!("{name}.card"));
    let mut arguments = vec!["keygen", &file, "--passphrase", "pass"];
    if let Some(state) = state {
        arguments.extend(["--card", &card, "--id", name, "--state", state]);
        arguments.extend(["--name", "Police", "--role", "issue-orders"]);
    }
    let told = union.done(&arguments);
    let public = told.split("public key ").nth(1).unwrap();
    public.split(',').next().unwrap().to_owned()
}

#[test]
fn what_states_agree_on_reaches_a_platform_and_one_state_switches_it_off() {
    let all = Publishers::new("tool-publish");
    let entry = all.agree();

    // Whose keys count. One state alone does not.
    let told = all.root(1, "pa.card pb.card pc.card", &["pa", "pb"]);
    assert!(told.contains("root 1 counts, signed by XA, XB"), "{told}");
    all.done(&format!(
        "publish root pa.card pb.card pc.card --needed 2 --until {END} --snapshot-key {} --timestamp-key {} -o next.json",
        all.page, all.clock
    ));
    all.done(
        "publish sign next.json -k pa.key --passphrase pass -o next-pa.sig --repository repository",
    );
    let few = all.refused("publish add-root next.json next-pa.sig");
    assert!(few.contains("1 of 2 states have signed"), "{few}");

    // A release: shown, compared by two states, published.
    all.release(1, "2026-03-01");
    let told = all.plan(1, "request");
    assert!(told.contains("to be signed by 2 of XA, XB, XC"), "{told}");
    assert!(told.contains("snapshot 1: 1 entry, "), "{told}");
    let blind = all.refused("publish sign request.json -k pb.key --passphrase pass -o b.sig -r b");
    assert!(blind.contains("name it with --release"), "{blind}");
    for (by, register) in [("pb", "b"), ("pc", "c")] {
        let signed = out(&all.sign(1, "request", by, register, ""));
        assert!(signed.contains("makes the same snapshot"), "{signed}");
    }
    let few = all.refused(&all.now(1, "2026-03-01", "request-pb.sig"));
    assert!(few.contains("missing are XA, XC"), "{few}");
    let told = all.done(&all.now(1, "2026-03-01", "request-pb.sig request-pc.sig"));
    assert!(told.contains("signed by XB, XC"), "{told}");
    assert!(told.contains("0 entries off"), "{told}");
    let told = all.done("publish check");
    assert!(told.contains("1 file, each as it was signed"), "{told}");

    // A platform.
    let came = all.sync("repository", "");
    assert_eq!(came.status.code(), Some(0), "{}", err(&came));
    assert!(
        out(&came).contains("installed snapshot 1"),
        "{}",
        out(&came)
    );
    assert_eq!(all.screened(), Some(1));

    // One state switches it off.
    let suspend = ["suspend", &entry, "--reason", "a complaint"];
    all.union.says("b", "2026-03-02", &suspend);
    let told = all.done("publish suspensions -r b");
    assert!(told.contains("1 entry off"), "{told}");
    let came = out(&all.sync("repository", "--json"));
    let came: Value = serde_json::from_str(&came).unwrap();
    assert_eq!((&came["off"], &came["newly_off"]), (&1.into(), &1.into()));
    assert_eq!(all.screened(), Some(0));

    // Nobody can be reached: what is installed stays, and every answer says so.
    let stale = all.sync("nowhere", "");
    assert_eq!(stale.status.code(), Some(2));
    assert!(out(&stale).contains("STALE"), "{}", out(&stale));
    let screen = [
        "screen",
        "--json",
        "--baseline",
        "client/baseline",
        &picture(),
    ];
    let line: Value = serde_json::from_str(&out(&ran(&all.union, &screen))).unwrap();
    let why = line["lists"][0]["stale"].as_str().unwrap();
    assert!(why.contains("nowhere"), "{why}");
    // Another root is no beginning.
    fs::copy(
        format!("{}/request.json", all.union.folder.path()),
        format!("{}/wrong.json", all.union.folder.path()),
    )
    .unwrap();
    let id = &all.union.id;
    let wrong = format!("sync --repo repository --dir other --root wrong.json --register {id}");
    let wrong = ran(&all.union, &wrong.split(' ').collect::<Vec<_>>());
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("shipped with"), "{}", err(&wrong));
}

#[test]
fn a_release_that_leaves_something_out_is_signed_only_by_who_says_so() {
    let all = Publishers::new("tool-left-out");
    all.root(1, "pa.card pb.card pc.card", &["pa", "pb"]);
    all.release(1, "2026-03-01");
    all.plan(1, "request");
    // XB has opened a log and said something in it, of which XA has not heard.
    let propose = ["propose", &picture(), "--title", "a banner"];
    all.union.says("b", "2026-02-01", &propose);
    all.union.sent("a", &["b"]);
    let refused = all.sign(1, "request", "pb", "b", "");
    assert_eq!(refused.status.code(), Some(2));
    let refused = err(&refused);
    assert!(
        refused.contains("it leaves out 2 statements of xb-police (XB)"),
        "{refused}"
    );
    assert!(refused.contains("--anyway"), "{refused}");
    let signed = all.sign(1, "request", "pb", "b", "--anyway");
    assert_eq!(signed.status.code(), Some(0), "{}", err(&signed));
}

#[test]
fn a_key_is_replaced_and_what_is_published_is_signed_anew() {
    let all = Publishers::new("tool-rotation");
    all.agree();
    all.root(1, "pa.card pb.card pc.card", &["pa", "pb"]);
    all.release(1, "2026-03-01");
    all.plan(1, "request");
    for (by, register) in [("pb", "b"), ("pc", "c")] {
        all.sign(1, "request", by, register, "");
    }
    all.done(&all.now(1, "2026-03-01", "request-pb.sig request-pc.sig"));
    assert_eq!(all.sync("repository", "").status.code(), Some(0));

    // XC's key was stolen: another one from now on. Of those who have signed the list, one is left.
    key(&all.union, "pc2", Some("XC"));
    let told = all.root(2, "pa.card pb.card pc2.card", &["pa", "pb"]);
    assert!(told.contains("root 2 counts"), "{told}");
    let said = "by the new root, targets counts no more until it is signed anew";
    assert!(told.contains(said), "{told}");
    let checked = all.union.run(&["publish", "check"]);
    assert!(
        err(&checked).contains("targets counts no more"),
        "{}",
        err(&checked)
    );
    let stale = all.sync("repository", "");
    assert_eq!(stale.status.code(), Some(2), "{}", out(&stale));
    assert_eq!(all.screened(), Some(1), "the last good list is there");

    // The same release again: nothing changes but who signs, and the old key counts no more.
    let told = all.plan(1, "again");
    assert!(told.contains("targets of version 2"), "{told}");
    assert!(told.contains("0 entries added"), "{told}");
    let old = all.sign(1, "again", "pc", "c", "");
    assert_eq!(old.status.code(), Some(2), "{}", out(&old));
    for (by, register) in [("pb", "b"), ("pc2", "c")] {
        let signed = all.sign(1, "again", by, register, "");
        assert_eq!(signed.status.code(), Some(0), "{}", err(&signed));
    }
    let told = all.done(&all.now(1, "2026-03-02", "again-pb.sig again-pc2.sig"));
    assert!(told.contains("signed by XB, XC"), "{told}");
    let fresh = all.sync("repository", "");
    assert_eq!(fresh.status.code(), Some(0), "{}", out(&fresh));

    // It is still the newest; what belongs together, too, by its own key.
    let at = "--newest-until 2098-01-01 --at 2026-03-03 --passphrase pass";
    all.done(&format!("publish refresh -k clock.key {at}"));
    all.done(&format!(
        "publish refresh -k clock.key {at} --snapshot-key page.key --until 2098-06-01"
    ));
    let wrong = all.refused(&format!("publish refresh -k page.key {at}"));
    assert!(wrong.contains("timestamp"), "{wrong}");
    let told = out(&all.sync("repository", ""));
    assert!(told.contains("2098-01-01"), "{told}");
    // What the first publication alone had goes.
    let told = all.done("publish clean --keep 1");
    assert!(told.contains("removed"), "{told}");
    let fresh = all.sync("repository", "");
    assert_eq!(fresh.status.code(), Some(0), "{}", out(&fresh));
}
