//! `ijkpunt baseline install`, `suspend` and `resume`, and screening against a folder.

use super::*;

const HASHES: [&str; 2] = ["f8f8f0cee0f4a84f", "06370a22038f63f0"];

/// A folder with a snapshot of a list of so many rows, which is not installed yet.
fn snapshot(folder: &Folder, name: &str, sequence: &str, rows: usize) -> String {
    let row = |k: usize| format!("item-{},{}\n", k / 2, HASHES[k % 2].repeat(4));
    let rows: String = (0..rows).map(row).collect();
    let csv = folder.put("list.csv", format!("id,pdq\n{rows}"));
    let path = format!("{}/{name}", folder.path());
    let output = ijkpunt(&[
        "baseline",
        "build",
        "-o",
        &path,
        "--sequence",
        sequence,
        &csv,
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    path
}

/// What a command says, whichever way; it has to end as expected.
fn said(code: i32, arguments: &[&str]) -> String {
    let output = ijkpunt(arguments);
    let said = out(&output) + &err(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

fn says(code: i32, arguments: &[&str], expected: &str) {
    let said = said(code, arguments);
    assert!(said.contains(expected), "{arguments:?}: {said}");
}

#[test]
fn what_is_installed_is_screened_against_and_what_is_off_stays_off() {
    let folder = Folder::new("folder-life");
    let dir = &*format!("{}/installed", folder.path());
    let [one, two] = [("one", "1", 1), ("two", "2", 3)]
        .map(|(name, sequence, rows)| snapshot(&folder, name, sequence, rows));
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures/png");
    let picture = picture.join("scene-320x240.png");
    let hash = out(&ijkpunt(&["hash", "--json", picture.to_str().unwrap()]));
    let hash: Value = serde_json::from_str(hash.lines().next().unwrap()).unwrap();
    let hash = hash["frames"][0]["pdq"]
        .as_str()
        .or(hash["pdq"].as_str())
        .unwrap();
    let csv = folder.put("scene.csv", format!("id,pdq\nscene,{hash}\n"));
    let three = format!("{}/three", folder.path());
    said(
        0,
        &["baseline", "build", "-o", &three, "--sequence", "3", &csv],
    );

    says(2, &["screen", "--baseline", dir, &csv], "No such file");
    fs::create_dir(dir).unwrap();
    says(
        2,
        &["screen", "--baseline", dir, &csv],
        "ijkpunt baseline install",
    );
    says(
        0,
        &["baseline", "install", &one, "--dir", dir],
        "number 1, 1 entry",
    );
    says(
        0,
        &["baseline", "install", &two, "--dir", dir],
        "number 2, 2 entries",
    );
    says(
        2,
        &["baseline", "install", &one, "--dir", dir],
        "older than the installed one",
    );
    says(0, &["baseline", "install", &two, "--dir", dir], "number 2");
    let picture = picture.to_str().unwrap();
    said(0, &["screen", "--baseline", dir, picture]);
    said(0, &["baseline", "install", &three, "--dir", dir]);
    says(1, &["screen", "--baseline", dir, picture], "MATCH");

    let off = ["--dir", dir, "--reason", "wrong medium"];
    let switch = |word: &'static str, entry: &'static str, more: &[&'static str]| {
        let mut arguments = vec!["baseline", word, entry];
        arguments.extend(more);
        arguments
    };
    let run = |code, arguments: Vec<&str>, expected: &str| {
        says(code, &[&arguments[..], &off].concat(), expected);
    };
    run(
        0,
        switch("suspend", "scene", &[]),
        "is off now, by platform",
    );
    run(0, switch("suspend", "scene", &[]), "was off already");
    run(
        0,
        switch("suspend", "scene", &["--by", "breaker"]),
        "is off now, by breaker",
    );
    says(
        0,
        &["screen", "--baseline", dir, picture],
        "1 entry switched off",
    );
    run(0, switch("resume", "scene", &[]), "still off, by breaker");
    said(0, &["screen", "--baseline", dir, picture]);
    let info = said(0, &["baseline", "info", dir]);
    assert!(info.contains("(scene), by breaker at "), "{info}");
    assert!(info.contains("on again"), "{info}");
    let json: Value = serde_json::from_str(&said(0, &["baseline", "info", "--json", dir])).unwrap();
    assert_eq!(json["suspensions"][0]["reason"], "wrong medium");
    assert_eq!(json["suspensions"][0]["off"], true);
    run(
        0,
        switch("resume", "scene", &["--by", "breaker"]),
        "is on again",
    );
    run(
        0,
        switch("resume", "scene", &["--by", "breaker"]),
        "was not off",
    );
    let screened = out(&ijkpunt(&["screen", "--json", "--baseline", dir, picture]));
    let json: Value = serde_json::from_str(&screened).unwrap();
    assert_eq!(json["verdict"], "match");
    assert_eq!(json["lists"][0]["sequence"], 3);
    assert!(json["lists"][0].get("switched_off").is_none());
    run(
        2,
        switch("suspend", "nothing", &[]),
        "no entry has the id or the title nothing",
    );
    let unknown = "00".repeat(32);
    let suspended = [&["baseline", "suspend", &unknown][..], &off].concat();
    says(0, &suspended, "should one come with it");
}

#[test]
fn a_changed_entry_of_a_list_stays_off_and_a_delta_installs_like_a_snapshot() {
    let folder = Folder::new("folder-delta");
    let dir = &*format!("{}/installed", folder.path());
    let one = snapshot(&folder, "one", "1", 1);
    let two = snapshot(&folder, "two", "2", 2);
    let delta = &*format!("{}/delta", folder.path());
    says(
        0,
        &["baseline", "delta", &one, &two, "-o", delta],
        "bytes, from snapshot",
    );
    says(
        2,
        &["baseline", "install", delta, "--dir", dir],
        "nothing is installed here",
    );
    said(0, &["baseline", "install", &one, "--dir", dir]);
    let off = ["item-0", "--dir", dir, "--reason", "wrong medium"];
    said(0, &[&["baseline", "suspend"][..], &off].concat());
    let said = said(0, &["baseline", "install", delta, "--dir", dir]);
    assert!(
        said.contains("number 2") && said.contains("1 entry switched off"),
        "{said}"
    );
    assert!(
        said.contains("still off, though its hashes have changed"),
        "{said}"
    );
    let snapshots = fs::read_dir(format!("{dir}/snapshots")).unwrap();
    let installed: Vec<_> = snapshots.map(|file| file.unwrap().path()).collect();
    assert_eq!(installed.len(), 1);
    assert!(fs::read(&installed[0]).unwrap() == fs::read(&two).unwrap());
    // A folder stands for what is installed in it.
    says(0, &["baseline", "audit", dir], "all ");
    says(0, &["baseline", "diff", dir, &two], "0 entries changed");
    says(
        2,
        &["baseline", "install", "list.csv", "--dir", dir],
        "list.csv: ",
    );
}
