//! `ijkpunt baseline`, and screening against what it makes.

use super::*;

const CREATED: &str = "2026-11-22T10:00:00Z";

fn picture(name: &str) -> Vec<u8> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures/png");
    fs::read(pictures.join(name)).unwrap()
}

/// A folder with two pictures, and a list with an entry of its own.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("items/a.png", picture("scene-320x240.png"));
    folder.put("items/b.png", picture("scene-513x300.png"));
    let hash = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    folder.put("own.csv", format!("id,pdq,label\nitem-1,{hash},front\n"));
    folder
}

/// Builds a snapshot of some of it.
fn built(folder: &Folder, name: &str, of: &[&str], more: &[&str]) -> (String, Output) {
    let path = format!("{}/{name}", folder.path());
    let of: Vec<String> = of
        .iter()
        .map(|it| format!("{}/{it}", folder.path()))
        .collect();
    let mut arguments = vec!["baseline", "build", "-o", &path, "--created-at", CREATED];
    arguments.extend(more);
    arguments.extend(of.iter().map(String::as_str));
    let output = ijkpunt(&arguments);
    (path, output)
}

#[test]
fn a_snapshot_of_lists_and_pictures_finds_copies_and_says_what_it_is() {
    let folder = folder("baseline-build");
    let (path, output) = built(&folder, "one", &["own.csv", "items"], &["--sequence", "4"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).contains("3 entries, 3 hashes, "),
        "{}",
        out(&output)
    );
    let id = out(&output)
        .lines()
        .last()
        .unwrap()
        .replace("snapshot ", "");

    // The same again, in another order, is the same file.
    let (again, _) = built(
        &folder,
        "again",
        &["items", "own.csv"],
        &["--sequence", "4"],
    );
    assert!(fs::read(&path).unwrap() == fs::read(again).unwrap());

    let info = ijkpunt(&["baseline", "info", &path]);
    let expected = [
        &id,
        "sequence    4",
        CREATED,
        "without end",
        "a list of one's own",
        "entries     3",
    ];
    for expected in expected {
        assert!(out(&info).contains(expected), "{expected}: {}", out(&info));
    }
    let json: Value =
        serde_json::from_str(&out(&ijkpunt(&["baseline", "info", "--json", &path]))).unwrap();
    assert_eq!(
        (&json["id"], &json["wholes"], &json["policy"]),
        (&id.as_str().into(), &3.into(), &Value::Null)
    );
    assert_eq!(json["sections"].as_array().unwrap().len(), 10);

    let item = image::load_from_memory(&picture("scene-320x240.png")).unwrap();
    let crop = format!("{}/crop.png", folder.path());
    item.crop_imm(64, 48, 192, 144).save(&crop).unwrap();
    let found = ijkpunt(&["screen", "--json", "--baseline", &path, &crop]);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    let json: Value = serde_json::from_str(&out(&found)).unwrap();
    let title = format!("{}/items/a.png", folder.path());
    assert_eq!(json["matches"][0]["entry"], title);
    assert_eq!(json["matches"][0]["entry_id"].as_str().unwrap().len(), 64);
    assert_eq!(
        (&json["lists"][0]["snapshot"], &json["lists"][0]["sequence"]),
        (&id.as_str().into(), &4.into())
    );
    let other = folder.put("other.png", picture("scene-97x61.png"));
    assert_eq!(
        ijkpunt(&["screen", "--baseline", &path, &other])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn a_snapshot_goes_out_as_a_list_that_finds_the_same() {
    let folder = folder("baseline-export");
    let (path, _) = built(&folder, "one", &["own.csv", "items"], &[]);
    let exported = ijkpunt(&["baseline", "export", &path]);
    assert_eq!(exported.status.code(), Some(0), "{}", err(&exported));
    folder.put("exported.csv", &exported.stdout);
    let (again, _) = built(&folder, "again", &["exported.csv"], &[]);
    assert!(fs::read(&path).unwrap() == fs::read(again).unwrap());
}

#[test]
fn two_snapshots_are_compared_entry_by_entry() {
    let folder = folder("baseline-diff");
    let (list, _) = built(&folder, "list", &["own.csv"], &[]);
    let (all, _) = built(&folder, "all", &["own.csv", "items"], &["--sequence", "2"]);
    let same = ijkpunt(&["baseline", "diff", &all, &all]);
    assert_eq!((same.status.code(), &*out(&same)), (Some(0), ""));
    let diff = ijkpunt(&["baseline", "diff", &list, &all]);
    assert_eq!(diff.status.code(), Some(1));
    assert_eq!(
        out(&diff)
            .lines()
            .filter(|line| line.starts_with("+ "))
            .count(),
        2
    );
    assert_eq!(
        err(&diff),
        "2 entries added, 0 entries gone, 0 entries changed\n"
    );
    let back = ijkpunt(&["baseline", "diff", &all, &list]);
    assert_eq!(out(&back), out(&diff).replace("+ ", "- "));
}

#[test]
fn an_audit_passes_and_a_damaged_file_is_refused_everywhere() {
    let folder = folder("baseline-audit");
    let (path, _) = built(&folder, "one", &["items"], &[]);
    let audit = ijkpunt(&["baseline", "audit", &path]);
    assert_eq!(audit.status.code(), Some(0), "{}", err(&audit));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = folder.put("damaged", bytes);
    for command in [
        &["baseline", "audit"][..],
        &["baseline", "info"],
        &["baseline", "export"],
    ] {
        let output = ijkpunt(&[command, &[&damaged]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(
            err(&output).contains("the snapshot is damaged or cut off"),
            "{}",
            err(&output)
        );
    }
    let screened = ijkpunt(&["screen", "--baseline", &damaged, &path]);
    assert_eq!(screened.status.code(), Some(2), "{}", err(&screened));
}

#[test]
fn a_snapshot_that_is_out_of_date_leaves_no_match_undecided() {
    let folder = folder("baseline-expired");
    let (path, output) = built(
        &folder,
        "one",
        &["items"],
        &["--valid-until", "2026-11-22T10:00:01Z"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let other = folder.put("other.png", picture("scene-97x61.png"));
    let undecided = ijkpunt(&["screen", "--baseline", &path, &other]);
    assert_eq!(undecided.status.code(), Some(2));
    assert!(
        out(&undecided).contains("was valid until 2026-11-22T10:00:01Z"),
        "{}",
        out(&undecided)
    );
    assert!(
        err(&undecided).contains("may have been withdrawn"),
        "{}",
        err(&undecided)
    );
    let known = format!("{}/items/a.png", folder.path());
    assert_eq!(
        ijkpunt(&["screen", "--baseline", &path, &known])
            .status
            .code(),
        Some(1)
    );
    let (_, output) = built(&folder, "two", &["items"], &["--valid-until", CREATED]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("is not after"), "{}", err(&output));
}

#[test]
fn what_was_not_understood_is_told_and_nothing_is_no_snapshot() {
    let folder = folder("baseline-refused");
    let hash = "0123456789abcdef".repeat(4);
    folder.put("half.csv", format!("id,pdq\na,{hash}\nb,no hash\n"));
    let (_, output) = built(&folder, "half", &["half.csv"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("1 row not understood"),
        "{}",
        err(&output)
    );
    folder.put("empty/readme.md", "no picture");
    let (path, output) = built(&folder, "none", &["empty"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!Path::new(&path).exists());
}
