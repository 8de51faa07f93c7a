//! What platforms find.

use super::*;

#[test]
fn a_newcomer_gets_the_newest_whole_and_others_the_deltas_that_lead_there() {
    let dir = Dir::new("walk");
    dir.with(&[41, 42, 43, 44]);
    let newest = snapshot(44);
    let (route, bytes) = fetched(&dir.0, None);
    assert!(matches!(route, Route::Full(name) if name.to() == 44));
    assert!(bytes == newest.as_bytes());
    // From the newest two straight; from the oldest by way of one of these.
    for (from, steps) in [(43, 1), (42, 1), (41, 2)] {
        let (route, bytes) = fetched(&dir.0, Some(&snapshot(from)));
        let Route::Deltas(names) = route else {
            panic!("{route:?}");
        };
        assert_eq!(names.len(), steps, "from {from}");
        assert!(bytes == newest.as_bytes(), "from {from}");
    }
    let (route, _) = fetched(&dir.0, Some(&newest));
    assert_eq!(route, Route::Current);
    // One of which no list has ever spoken.
    let (route, _) = fetched(&dir.0, Some(&snapshot(40)));
    assert!(matches!(route, Route::Full(_)));
}

#[test]
fn what_is_opened_is_what_was_published() {
    let dir = Dir::new("reopened");
    let written = dir.with(&[41, 42]);
    let read = Repository::open(&dir.0).unwrap();
    assert_eq!(read.published(), written.published());
    assert_eq!(read.root(), written.root());
    let published = read.published().unwrap();
    let versions = (
        published.targets.version(),
        published.snapshot.version(),
        published.timestamp.version(),
    );
    assert_eq!(versions, (version(2), version(2), version(2)));
    assert_eq!(*published.targets.states(), [state(1), state(3)].into());
    assert_eq!(published.not_by_newest_root, []);
    assert!(read.newest().unwrap().as_bytes() == snapshot(42).as_bytes());
    read.audit().unwrap();
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let [a, b] = ["same-a", "same-b"].map(Dir::new);
    let repositories = [&a, &b].map(|dir| dir.with(&[41, 42]));
    assert_eq!(files(&a.0), files(&b.0));
    let plans = repositories
        .each_ref()
        .map(|one| one.plan(&snapshot(43), terms()).unwrap());
    assert_eq!(plans[0], plans[1]);
    assert_eq!(
        plans[0].request().to_json(),
        plans[1].request().to_json(),
        "signatures for one fit the other"
    );
    assert_eq!(plans[0].to_string(), plans[1].to_string());
    assert_eq!(files(&a.0), files(&b.0), "planning writes nothing");
}

#[test]
fn a_plan_says_what_changes_who_signs_and_what_is_fetched() {
    let dir = Dir::new("words");
    let repository = dir.with(&[41, 42]);
    let plan = repository.plan(&snapshot(43), terms()).unwrap();
    let changes = plan.changes();
    let counts = [&changes.added, &changes.removed, &changes.changed].map(Vec::len);
    assert_eq!(counts, [1, 1, 0]);
    let (old, new) = (snapshot(42), snapshot(43));
    assert!(new.find(changes.added[0]).is_some() && old.find(changes.added[0]).is_none());
    assert!(old.find(changes.removed[0]).is_some() && new.find(changes.removed[0]).is_none());
    let words = plan.to_string();
    let bytes = |from| match plan.targets().route(&Sha256::of(snapshot(from).as_bytes())) {
        Route::Deltas(names) => names
            .iter()
            .map(|name| plan.targets().files()[name].length)
            .sum::<u64>(),
        route => panic!("{route:?}"),
    };
    for line in [
        "targets of version 3, until 2027-11-22T10:00:00Z".to_owned(),
        format!(
            "snapshot 43: 300 entries, {} bytes, valid until 2027-11-22T10:00:00Z",
            new.as_bytes().len()
        ),
        format!("1 entry added: {}", changes.added[0]),
        format!("1 entry removed: {}", changes.removed[0]),
        "0 entries changed".to_owned(),
        "to be signed by 2 of XA, XB, XC, by root 1".to_owned(),
        format!("a newcomer fetches {} bytes", new.as_bytes().len()),
        format!("who has snapshot 41 fetches 1 delta, {} bytes", bytes(41)),
        format!("who has snapshot 42 fetches 1 delta, {} bytes", bytes(42)),
    ] {
        assert!(words.lines().any(|one| one == line), "{line}\n---\n{words}");
    }
    let first = Dir::new("words-first");
    let plan = first.founded().plan(&snapshot(43), terms()).unwrap();
    let words = plan.to_string();
    assert!(words.contains("300 entries added: "), "{words}");
    assert!(words.contains(" and 280 more\n"), "{words}");
}

#[test]
fn an_entry_with_another_title_is_a_changed_one() {
    let draft = |comment: &str| {
        let mut draft = snapshot(41).to_draft().unwrap();
        let mut entry = draft.entries().next().unwrap().clone();
        entry.title = comment.to_owned();
        assert!(draft.remove(entry.id));
        draft.entry(entry).unwrap();
        let mut next = Draft::new(42, now());
        for entry in draft.entries() {
            next.entry(entry.clone()).unwrap();
        }
        Snapshot::from_bytes(next.to_bytes().unwrap()).unwrap()
    };
    let dir = Dir::new("changed");
    let repository = dir.with(&[41]);
    let plan = repository.plan(&draft("another"), terms()).unwrap();
    let changes = plan.changes();
    let counts = [&changes.added, &changes.removed, &changes.changed].map(Vec::len);
    assert_eq!(counts, [0, 0, 1]);
}

#[test]
fn what_ends_is_signed_anew_without_new_content() {
    let dir = Dir::new("refresh");
    let mut repository = dir.with(&[41]);
    let (snapshot_key, clock) = (key(PAGE), key(CLOCK));
    let before = files(&dir.0);
    let later_page = Page {
        key: &clock,
        expires: time("2026-12-06T10:00:00Z"),
    };
    let published = repository.refresh_timestamp(later_page, now()).unwrap();
    assert_eq!(published.timestamp.version(), version(2));
    assert_eq!(published.timestamp.expires(), later_page.expires);
    let after = files(&dir.0);
    let differ: Vec<_> = after
        .iter()
        .filter(|(name, bytes)| before.get(*name) != Some(bytes))
        .collect();
    assert_eq!(differ.len(), 1);
    let by = publisher(&snapshot_key, &clock);
    let published = repository.refresh_snapshot(&by).unwrap();
    let versions = (published.snapshot.version(), published.timestamp.version());
    assert_eq!(versions, (version(2), version(3)));
    // The list of files, by states.
    let until = time("2027-06-01T00:00:00Z");
    let plan = repository.plan_renewal(until).unwrap();
    assert_eq!(plan.files().count(), 0);
    try_publish(&mut repository, &plan, &[2, 3]).unwrap();
    let published = repository.published().unwrap();
    assert_eq!(published.targets.expires(), until);
    assert_eq!(published.targets.version(), version(2));
    assert!(fetched(&dir.0, None).1 == snapshot(41).as_bytes());
}

#[test]
fn only_what_no_kept_list_names_is_removed() {
    let dir = Dir::new("clean");
    let mut repository = dir.with(&[41, 42, 43, 44, 45]);
    fs::write(dir.0.join("targets/README"), "of somebody").unwrap();
    fs::write(dir.0.join("metadata/9.targets.json.new"), "half").unwrap();
    let names = |version| {
        let bytes = fs::read(dir.0.join(metadata_path(Role::Targets, version))).unwrap();
        let root = Repository::open(&dir.0).unwrap().root().unwrap().clone();
        let targets = verify_targets(&root, &bytes, &Limits::default()).unwrap();
        let files = targets.files().iter();
        let paths = files.map(|(name, file)| dir.0.join(target_path(name, &file.sha256)));
        paths.collect::<std::collections::BTreeSet<_>>()
    };
    let (newest, previous, older) = (names(version(5)), names(version(4)), names(version(3)));
    let gone = repository.clean(0).unwrap();
    assert!(newest.iter().chain(&previous).all(|path| path.exists()));
    let mut only_older = older
        .iter()
        .filter(|path| !newest.contains(*path) && !previous.contains(*path));
    assert!(only_older.clone().count() > 0 && only_older.all(|path| gone.contains(path)));
    assert!(gone.contains(&dir.0.join("metadata/3.targets.json")));
    assert!(gone.contains(&dir.0.join("metadata/3.snapshot.json")));
    assert!(gone.contains(&dir.0.join("metadata/9.targets.json.new")));
    for stays in [
        "targets/README",
        "metadata/1.root.json",
        "metadata/4.targets.json",
        "metadata/4.snapshot.json",
        "metadata/timestamp.json",
    ] {
        assert!(dir.0.join(stays).exists(), "{stays}");
    }
    assert_eq!(repository.clean(1).unwrap(), Vec::<PathBuf>::new());
    for from in [43, 44] {
        assert!(fetched(&dir.0, Some(&snapshot(from))).1 == snapshot(45).as_bytes());
    }
    Repository::open(&dir.0).unwrap().audit().unwrap();
    publish(&mut repository, 46).unwrap();
}
