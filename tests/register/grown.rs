//! That logs hold what they held: from one release to the next, by a register, and the file that shows it to platforms.

use ijkpunt::baseline::{Authority, Creation, Event, Text};
use ijkpunt::limits::Limits;
use ijkpunt::publish::{
    GrownError, Least, Release, Repository, RepositoryError, Terms, consistency_since,
};
use ijkpunt::register::Register;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::{ConsistencyList, Endorsement, Kept, KeyId, Motion, Revocation, Signer, What};
use ijkpunt::snapshot::Snapshot;
use ijkpunt::tuf::CONSISTENCY_LIST;

use crate::author::{Author, assessed};
use crate::history::{Folder, at, authority, entry as entry_of, genesis, key, merge};
use crate::releases::bytes;

fn release(register: &Register, sequence: u64, seconds: i64) -> Release {
    let terms = Terms {
        sequence,
        at: at(seconds),
        valid_until: at(seconds + 86_400),
        least: Least::National,
    };
    Release::new(register, terms).unwrap()
}

fn snapshot(register: &Register, release: &Release) -> Snapshot {
    Snapshot::from_bytes(bytes(release, register, 1)).unwrap()
}

/// A log's size and root in a snapshot.
fn head(snapshot: &Snapshot, number: u8) -> (u64, TreeHash) {
    let name = name(number).to_bytes();
    let log = snapshot.logs().iter().find(|log| log.name == name).unwrap();
    (log.size, TreeHash::from_bytes(log.root))
}

fn name(number: u8) -> KeyId {
    key(number).public_key().id()
}

/// Four releases of one register: a log rotates its key, one says little, and one is closed at the end, before what was published of it.
struct History {
    register: Register,
    releases: Vec<Release>,
    snapshots: Vec<Snapshot>,
}

impl History {
    fn new(folder: &Folder) -> Self {
        let genesis = genesis(3);
        let mut register = folder.register("grown", &genesis);
        let mut authors = [0, 1, 2].map(|number| Author::new(number, &genesis, 10));
        let short = authors[2].clone();
        let (mut releases, mut snapshots) = (Vec::new(), Vec::new());
        let mut release_all = |authors: &[Author; 3], sequence, seconds| {
            for author in authors {
                let merged = merge(&mut register, &author.file(&genesis));
                assert!(merged.left_out.is_empty(), "{:?}", merged.left_out);
            }
            let made = release(&register, sequence, seconds);
            snapshots.push(snapshot(&register, &made));
            releases.push(made);
        };
        let entry = authors[0].propose("first", 100);
        authors[2].propose("third", 101);
        authors[2].assess(entry, 200);
        release_all(&authors, 7, 400);
        authors[0].rotate(0, 20, 410);
        let place = authors[0].next();
        authors[0].push(assessed(0, place, entry, 420), &[20]);
        authors[1].assess(entry, 421);
        release_all(&authors, 8, 500);
        let creation = Creation {
            sequence: authors[0].next(),
            entry: entry_of(0, "later", at(510)),
        };
        authors[0].push(What::Event(Event::EntryCreated(creation)), &[20]);
        release_all(&authors, 9, 600);
        let closed = Motion::Revoke(Revocation {
            authority: authority(2).id,
            log: name(2),
            keeps: Kept {
                until: short.next(),
                root: short.tree.root(),
            },
            successor: None,
            reason: Text::new("a stolen key").unwrap(),
        });
        for (number, by_key) in [(0_u8, 20), (1, 1)] {
            let author = &mut authors[usize::from(number)];
            let Authority { id, state, .. } = authority(number);
            let endorsed = Endorsement {
                by: id,
                state,
                sequence: author.next(),
                at: at(610),
                motion: closed.clone(),
            };
            author.push(What::Endorsed(endorsed), &[by_key]);
        }
        release_all(&authors, 10, 700);
        Self {
            register,
            releases,
            snapshots,
        }
    }

    /// From each snapshot to the next.
    fn steps(&self) -> Vec<ConsistencyList> {
        let pairs = self.snapshots.iter().zip(&self.releases[1..]);
        let steps = pairs.map(|(newest, next)| consistency_since(newest, &self.register, next));
        steps.map(Result::unwrap).collect()
    }
}

#[test]
fn each_log_that_grows_is_shown_and_a_closed_one_is_not() {
    let folder = Folder::new("grown-logs");
    let history = History::new(&folder);
    let snapshots = &history.snapshots;
    let sizes = |number| snapshots.iter().map(move |one| head(one, number).0);
    assert_eq!(sizes(0).collect::<Vec<_>>(), [2, 4, 5, 6]);
    assert_eq!(sizes(1).collect::<Vec<_>>(), [1, 2, 2, 3]);
    assert_eq!(sizes(2).collect::<Vec<_>>(), [3, 3, 3, 1]);
    let steps = history.steps();
    let lines: Vec<_> = steps.iter().map(ConsistencyList::len).collect();
    assert_eq!(lines, [2, 1, 2], "one for each log that has grown");
    let mut all = ConsistencyList::default();
    for (step, pair) in steps.into_iter().zip(snapshots.windows(2)) {
        for number in [0, 1] {
            let (from, to) = (head(&pair[0], number), head(&pair[1], number));
            assert!(step.shows(name(number), from, to));
        }
        all.union(step);
    }
    // Along the chain, from any of them to any later one.
    for (place, old) in snapshots.iter().enumerate() {
        for new in &snapshots[place..] {
            for number in [0, 1] {
                assert!(all.shows(name(number), head(old, number), head(new, number)));
            }
        }
    }
    assert!(!all.shows(name(2), head(&snapshots[0], 2), head(&snapshots[3], 2)));
}

#[test]
fn a_release_with_another_story_gets_no_list() {
    let folder = Folder::new("grown-forked");
    let genesis = genesis(3);
    let mut first = Author::new(0, &genesis, 10);
    let entry = first.propose("first", 100);
    let mut other = first.clone();
    first.assess(entry, 200);
    other.propose("second", 201);
    other.assess(entry, 202);
    let [one, another] = [("one", &first), ("another", &other)].map(|(name, author)| {
        let mut register = folder.register(name, &genesis);
        merge(&mut register, &author.file(&genesis));
        register
    });
    let newest = snapshot(&one, &release(&one, 7, 400));
    let mut next = release(&another, 8, 500);
    let refused = consistency_since(&newest, &another, &next).unwrap_err();
    assert!(matches!(refused, GrownError::OtherStory(log) if log == name(0)));
    // Which story is kept of a closed log, states say.
    next.counting.logs[0].key = None;
    let list = consistency_since(&newest, &another, &next).unwrap();
    assert!(list.is_empty());
}

#[test]
fn a_list_of_proofs_only_grows_and_is_within_limits() {
    let folder = Folder::new("grown-list");
    let history = History::new(&folder);
    let steps = history.steps();
    let mut repository = Repository::create(folder.path("public")).unwrap();
    let path = repository.path().join(CONSISTENCY_LIST);
    assert!(repository.consistency().unwrap().is_empty());
    let mut all = ConsistencyList::default();
    for step in &steps {
        all.union(step.clone());
        for _ in 0..2 {
            repository.write_consistency(step).unwrap();
            assert!(std::fs::read(&path).unwrap() == all.to_bytes());
        }
        assert_eq!(repository.consistency().unwrap(), all);
    }
    // Where there is no room, the oldest goes and the newest stays.
    let mut limits = Limits::default();
    limits.consistency_list_lines = 1 + all.len() as u64;
    let mut narrow = Repository::open_within(repository.path(), &limits).unwrap();
    let leaf = |place: u8| TreeHash::leaf(&[place]);
    let mut more = ConsistencyList::default();
    let both = TreeHash::node(leaf(0), leaf(1));
    more.insert(name(9), (1, leaf(0)), (2, both), vec![leaf(1)])
        .unwrap();
    narrow.write_consistency(&more).unwrap();
    let kept = narrow.consistency().unwrap();
    assert_eq!(kept.len(), all.len());
    assert!(kept.shows(name(9), (1, leaf(0)), (2, both)));
    let [oldest, .., before, last] = &history.snapshots[..] else {
        panic!("four of them");
    };
    assert!(kept.shows(name(0), head(before, 0), head(last, 0)));
    assert!(!kept.shows(name(0), head(oldest, 0), head(last, 0)));
    // What is there and no such list is not written over.
    std::fs::write(&path, "something else\n").unwrap();
    let refused = repository.write_consistency(&all).unwrap_err();
    assert!(
        matches!(refused, RepositoryError::ConsistencyFile { .. }),
        "{refused}"
    );
    assert!(std::fs::read(&path).unwrap() == b"something else\n");
}
