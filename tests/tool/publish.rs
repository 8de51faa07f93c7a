//! `ijkpunt authority publish` and `ijkpunt sync`: from three registers to a platform.

use super::authority::{PICTURE, Union};
use super::*;

/// Far enough that no test runs behind it.
const END: &str = "2099-01-01";

/// Runs `ijkpunt` in the folder.
fn ran(union: &Union, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(arguments)
        .current_dir(union.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A key for publishing, with a card or the public key.
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
    let union = Union::new("tool-publish");
    for (name, state) in [("pa", "XA"), ("pb", "XB"), ("pc", "XC")] {
        key(&union, name, Some(state));
    }
    let [page, clock] = ["page", "clock"].map(|name| key(&union, name, None));
    let picture = std::path::absolute(PICTURE).unwrap();
    let picture = picture.to_str().unwrap();
    union.says(
        "a",
        "2026-02-01",
        &["propose", picture, "--title", "a banner"],
    );
    union.sent("a", &["b", "c"]);
    let board = union.done(&["status", "-r", "a", "--entries", "--json"]);
    let board: Value = serde_json::from_str(&board).unwrap();
    let entry = board["entries"][0]["entry"].as_str().unwrap().to_owned();
    for by in ["a", "b", "c"] {
        let words = ["assess", &entry, "--terrorist", "A", "--reasons", "as seen"];
        let seen = ["--viewed", picture, "--by-two"];
        union.says(by, "2026-02-02", &[&words[..], &seen].concat());
    }
    for by in ["a", "b", "c"] {
        union.sent(by, &["a", "b", "c"]);
    }

    // Whose keys count. One state alone does not.
    let cards = ["pa.card", "pb.card", "pc.card"];
    let root = [
        &["publish", "root"],
        &cards[..],
        &["--needed", "2", "--until", END],
    ]
    .concat();
    let keys = ["--snapshot-key", &page, "--timestamp-key", &clock];
    let told = union.done(&[&root[..], &keys].concat());
    assert!(told.contains("root is signed by 2 of 3 states"), "{told}");
    for by in ["pa", "pb"] {
        let (key, out) = (format!("{by}.key"), format!("root-{by}.sig"));
        let sign = [
            "publish",
            "sign",
            "root-request.json",
            "-k",
            &key,
            "--passphrase",
            "pass",
        ];
        union.done(&[&sign[..], &["-o", &out]].concat());
    }
    let few = union.refused(&["publish", "add-root", "root-request.json", "root-pa.sig"]);
    assert!(few.contains("1 of 2 states have signed"), "{few}");
    let both = ["root-pa.sig", "root-pb.sig"];
    union.done(&[&["publish", "add-root", "root-request.json"], &both[..]].concat());

    // A release: shown, compared by two states, published.
    let at = ["--at", "2026-03-01"];
    union.done(&[&["publish", "release", "--until", END, "-r", "a"], &at[..]].concat());
    let plan = [
        "publish",
        "plan",
        "release.json",
        "-r",
        "a",
        "-o",
        "request.json",
    ];
    let told = union.done(&plan);
    assert!(told.contains("to be signed by 2 of XA, XB, XC"), "{told}");
    let sign = |by: &str, register: &str, more: &[&str]| {
        let (key, out) = (format!("{by}.key"), format!("{by}.sig"));
        let sign = ["publish", "sign", "request.json", "-o", &out, "-k", &key];
        let all = [&sign[..], &["--passphrase", "pass", "-r", register], more].concat();
        union.run(&all)
    };
    let release = ["--release", "release.json", "--repository", "repository"];
    let blind = sign("pb", "b", &[]);
    assert!(
        err(&blind).contains("name it with --release"),
        "{}",
        err(&blind)
    );
    for (by, register) in [("pb", "b"), ("pc", "c")] {
        let signed = out(&sign(by, register, &release));
        assert!(signed.contains("makes the same snapshot"), "{signed}");
    }
    let now = [
        "publish",
        "now",
        "release.json",
        "-r",
        "a",
        "--snapshot-key",
        "page.key",
    ];
    let more = [
        "--timestamp-key",
        "clock.key",
        "--passphrase",
        "pass",
        "--newest-until",
        END,
    ];
    let now = [&now[..], &more, &at].concat();
    let few = union.refused(&[&now[..], &["pb.sig"]].concat());
    assert!(few.contains("missing are XA, XC"), "{few}");
    let told = union.done(&[&now[..], &["pb.sig", "pc.sig"]].concat());
    assert!(told.contains("signed by XB, XC"), "{told}");
    union.done(&["publish", "suspensions", "-r", "b"]);

    // A platform.
    let root = "repository/metadata/1.root.json";
    let sync = [
        "sync",
        "--repo",
        "repository",
        "--dir",
        "client",
        "--root",
        root,
    ];
    let sync = [&sync[..], &["--register", &union.id]].concat();
    let came = ran(&union, &sync);
    assert_eq!(came.status.code(), Some(0), "{}", err(&came));
    assert!(
        out(&came).contains("installed snapshot 1"),
        "{}",
        out(&came)
    );
    let screen = ["screen", "--baseline", "client/baseline", picture];
    assert_eq!(ran(&union, &screen).status.code(), Some(1));

    // One state switches it off.
    union.says(
        "b",
        "2026-03-02",
        &["suspend", &entry, "--reason", "a complaint"],
    );
    let told = union.done(&["publish", "suspensions", "-r", "b"]);
    assert!(told.contains("1 entry off"), "{told}");
    let came = ran(&union, &[&sync[..], &["--json"]].concat());
    let came: Value = serde_json::from_str(&out(&came)).unwrap();
    assert_eq!((&came["off"], &came["newly_off"]), (&1.into(), &1.into()));
    assert_eq!(ran(&union, &screen).status.code(), Some(0));

    // Nobody can be reached: what is installed stays, and it is said.
    let away = [
        "sync", "--repo", "nowhere", "--dir", "client", "--root", root,
    ];
    let stale = ran(&union, &[&away[..], &["--register", &union.id]].concat());
    assert_eq!(stale.status.code(), Some(2));
    assert!(out(&stale).contains("STALE"), "{}", out(&stale));
    // Another register, or a root that is none, is no beginning.
    let wrong = [
        "sync",
        "--repo",
        "repository",
        "--dir",
        "other",
        "--root",
        "request.json",
    ];
    let wrong = ran(&union, &[&wrong[..], &["--register", &union.id]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("shipped with"), "{}", err(&wrong));
}

#[test]
fn a_release_that_leaves_something_out_is_signed_only_by_who_says_so() {
    let union = Union::new("tool-left-out");
    for (name, state) in [("pa", "XA"), ("pb", "XB")] {
        key(&union, name, Some(state));
    }
    let [page, clock] = ["page", "clock"].map(|name| key(&union, name, None));
    let root = [
        "publish", "root", "pa.card", "pb.card", "--needed", "2", "--until", END,
    ];
    let keys = ["--snapshot-key", &page, "--timestamp-key", &clock];
    union.done(&[&root[..], &keys].concat());
    for by in ["pa", "pb"] {
        let (key, out) = (format!("{by}.key"), format!("{by}.sig"));
        let sign = [
            "publish",
            "sign",
            "root-request.json",
            "-k",
            &key,
            "--passphrase",
            "pass",
        ];
        union.done(&[&sign[..], &["-o", &out]].concat());
    }
    union.done(&[
        "publish",
        "add-root",
        "root-request.json",
        "pa.sig",
        "pb.sig",
    ]);
    let at = ["--at", "2026-03-01"];
    union.done(&[&["publish", "release", "--until", END, "-r", "a"], &at[..]].concat());
    union.done(&[
        "publish",
        "plan",
        "release.json",
        "-r",
        "a",
        "-o",
        "request.json",
    ]);
    // XB has opened a log and said something in it, of which XA has not heard.
    let picture = std::path::absolute(PICTURE).unwrap();
    let picture = picture.to_str().unwrap();
    union.says(
        "b",
        "2026-02-01",
        &["propose", picture, "--title", "a banner"],
    );
    union.sent("a", &["b"]);
    let sign = [
        "publish",
        "sign",
        "request.json",
        "-k",
        "pb.key",
        "--passphrase",
        "pass",
    ];
    let with = [
        "-r",
        "b",
        "--release",
        "release.json",
        "--repository",
        "repository",
    ];
    let sign = [&sign[..], &with, &["-o", "release-b.sig"]].concat();
    let refused = union.refused(&sign);
    assert!(
        refused.contains("it leaves out 2 statements of xb-police (XB)"),
        "{refused}"
    );
    assert!(refused.contains("--anyway"), "{refused}");
    union.done(&[&sign[..], &["--anyway"]].concat());
}
