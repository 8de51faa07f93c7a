//! Publications that end at each of their steps.

use super::*;

/// Fails behind so many files; the one after them it writes by half, under the name that nobody reads.
#[derive(Debug)]
struct Failing(AtomicUsize);

impl Disk for Failing {
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        let left = self.0.load(Ordering::SeqCst);
        if left > 0 {
            self.0.store(left - 1, Ordering::SeqCst);
            return replace_file(path, bytes);
        }
        let mut half = path.as_os_str().to_owned();
        half.push(".new");
        fs::write(half, &bytes[..bytes.len() / 2]).unwrap();
        Err(FolderError::Io {
            path: path.to_owned(),
            doing: "writing it",
            source: io::Error::other("the power went"),
        })
    }

    fn sync_name(&self, _: &Path) -> Result<(), FolderError> {
        unreachable!("nobody makes a folder in a repository that is there")
    }
}

/// Remembers the folders whose names were brought to the disk; the one of this name cannot be.
#[derive(Debug, Default)]
struct Named {
    folders: Mutex<Vec<PathBuf>>,
    failing: Option<&'static str>,
}

impl Disk for Named {
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        replace_file(path, bytes)
    }

    fn sync_name(&self, path: &Path) -> Result<(), FolderError> {
        if self.failing.is_some_and(|name| path.ends_with(name)) {
            return Err(FolderError::Io {
                path: path.to_owned(),
                doing: "bringing it to the disk",
                source: io::Error::other("the power went"),
            });
        }
        self.folders.lock().unwrap().push(path.to_owned());
        sync_name(path)
    }
}

fn failing(dir: &Path, files: usize) -> Repository {
    let disk = Arc::new(Failing(files.into()));
    Repository::with(dir.to_owned(), &Limits::default(), disk).unwrap()
}

#[test]
fn an_interrupted_publication_leaves_the_old_one_whole_and_is_completed_by_doing_it_again() {
    // Two deltas, a whole, the list, the page: the timestamp comes sixth.
    const FILES: usize = 6;
    let expected = {
        let dir = Dir::new("uninterrupted");
        dir.with(&[41, 42, 43]);
        files(&dir.0)
    };
    for written in 0..FILES {
        let dir = Dir::new(&format!("interrupted-{written}"));
        dir.with(&[41, 42]);
        let before = files(&dir.0);
        let mut repository = failing(&dir.0, written);
        let refused = publish(&mut repository, 43).unwrap_err();
        assert!(matches!(refused, RepositoryError::Write(_)), "{refused}");
        // Nothing that was there has changed, and platforms find it.
        let after = files(&dir.0);
        assert!(
            before
                .iter()
                .all(|(name, old)| after.get(name) == Some(old))
        );
        assert_eq!(after.len(), before.len() + written + 1);
        assert!(fetched(&dir.0, None).1 == snapshot(42).as_bytes());
        assert!(fetched(&dir.0, Some(&snapshot(41))).1 == snapshot(42).as_bytes());
        let mut repository = Repository::open(&dir.0).unwrap();
        assert_eq!(repository.newest().unwrap().sequence(), 42);
        publish(&mut repository, 43).unwrap();
        assert!(fetched(&dir.0, Some(&snapshot(41))).1 == snapshot(43).as_bytes());
        repository.clean(1).unwrap();
        let after = files(&dir.0);
        assert!(
            expected.iter().all(|(name, file)| {
                after.get(name) == Some(file) || name.starts_with("metadata")
            })
        );
        assert!(
            !after
                .keys()
                .any(|name| name.to_string_lossy().ends_with(".new"))
        );
    }
    let dir = Dir::new("not-interrupted");
    dir.with(&[41, 42]);
    publish(&mut failing(&dir.0, FILES), 43).unwrap();
    assert_eq!(files(&dir.0), expected);
}

#[test]
fn the_names_of_new_folders_are_on_the_disk_that_of_the_metadata_last() {
    let dir = Dir::new("named");
    fs::create_dir(&dir.0).unwrap();
    let (office, inside) = (dir.0.join("office"), dir.0.join("office/repository"));
    let disk = Arc::new(Named::default());
    Repository::create_on(inside.clone(), disk.clone()).unwrap();
    let folders = disk.folders.lock().unwrap().clone();
    let [targets, metadata] = [inside.join("targets"), inside.join("metadata")];
    assert_eq!(folders, [office, inside, targets, metadata]);
    // What is not known to be on the disk is no repository yet.
    let failing = Some("targets");
    let disk = Arc::new(Named {
        failing,
        ..Named::default()
    });
    let other = dir.0.join("other");
    let refused = Repository::create_on(other.clone(), disk).unwrap_err();
    assert!(matches!(refused, RepositoryError::Write(_)), "{refused}");
    let refused = Repository::open(other).unwrap_err();
    let is_none = matches!(refused, RepositoryError::NotARepository { .. });
    assert!(is_none, "{refused}");
}

#[test]
fn an_interrupted_first_publication_is_none() {
    for written in 0..4 {
        let dir = Dir::new(&format!("interrupted-first-{written}"));
        dir.founded();
        publish(&mut failing(&dir.0, written), 41).unwrap_err();
        let mut repository = Repository::open(&dir.0).unwrap();
        assert_eq!(repository.published(), None);
        publish(&mut repository, 41).unwrap();
        assert!(fetched(&dir.0, None).1 == snapshot(41).as_bytes());
    }
}

#[test]
fn what_is_done_is_not_done_twice() {
    let dir = Dir::new("twice");
    let mut repository = dir.with(&[41]);
    let plan = repository.plan(&snapshot(42), terms()).unwrap();
    try_publish(&mut repository, &plan, &[1, 2]).unwrap();
    let before = files(&dir.0);
    // Whoever was interrupted behind the last step does not know that it was the last.
    try_publish(&mut repository, &plan, &[1, 2]).unwrap();
    assert_eq!(files(&dir.0), before);
}

#[test]
fn an_interrupted_root_is_added_again() {
    let dir = Dir::new("interrupted-root");
    let repository = dir.with(&[41]);
    let request = repository.propose_root(root_terms(2, &THREE)).unwrap();
    let signatures = signed(&repository, &request, &[2, 3]);
    let mut interrupted = failing(&dir.0, 0);
    interrupted.add_root(&request, &signatures).unwrap_err();
    let mut repository = Repository::open(&dir.0).unwrap();
    assert_eq!(repository.root().unwrap().version(), version(1));
    repository.add_root(&request, &signatures).unwrap();
    repository.add_root(&request, &signatures).unwrap();
    assert_eq!(repository.root().unwrap().version(), version(2));
}
