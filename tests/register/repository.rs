//! From registers to the folder that is handed out: states that check before they sign.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use ijkpunt::baseline::{Creation, Event};
use ijkpunt::limits::Limits;
use ijkpunt::publish::*;
use ijkpunt::register::Register;
use ijkpunt::sign::suspensions::Speaker;
use ijkpunt::sign::*;
use ijkpunt::snapshot::Snapshot;
use ijkpunt::tuf::{
    Request, Role, RootTerms, Route, SUSPENSION_LIST, Sha256, SignatureFile, StateTerms,
    TargetFile, TargetName, Targets,
};

use crate::author::Author;
use crate::history::*;
use crate::releases::*;

fn version(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

/// Two of the three states, by the keys of their logs' numbers and 50, as nobody signs two things with one key.
fn root_terms() -> RootTerms {
    let signer = |number: u8| (state(number), key(50 + number).public_key());
    let states = StateTerms {
        threshold: 2,
        keys: (0..3).map(signer).collect(),
    };
    RootTerms {
        version: version(1),
        expires: at(1_000_000),
        root: states.clone(),
        targets: states,
        snapshot: vec![key(100).public_key()],
        timestamp: vec![key(101).public_key()],
    }
}

fn founded(folder: &Folder) -> Repository {
    let mut repository = Repository::create(folder.path("public")).unwrap();
    let request = repository.propose_root(root_terms()).unwrap();
    let signatures = [0, 2].map(|number| request.sign(&key(50 + number), None).unwrap());
    repository.add_root(&request, &signatures).unwrap();
    repository
}

fn release(register: &Register, sequence: u64, seconds: i64) -> Release {
    let terms = Terms {
        sequence,
        at: at(seconds),
        valid_until: at(seconds + 86_400),
        least: Least::Baseline,
    };
    Release::new(register, terms).unwrap()
}

fn plan_terms(release: &Release) -> PlanTerms {
    PlanTerms {
        expires: release.valid_until,
        deltas: 3,
        wholes: 3,
        older_deltas: 8,
    }
}

/// What each of these states does with the file of a request.
fn checked(
    repository: &Repository,
    request: &[u8],
    release: &Release,
    register: &Register,
) -> Result<Checked, CheckError> {
    let before = repository.published().map(|published| &published.targets);
    Checked::new(request, release, register, before, 2, &Limits::default())
}

fn publish(repository: &mut Repository, plan: &Plan, signatures: &[SignatureFile], seconds: i64) {
    let (snapshot, timestamp) = (key(100), key(101));
    let publisher = Publisher {
        snapshot: Page {
            key: &snapshot,
            expires: at(seconds + 7 * 86_400),
        },
        timestamp: Page {
            key: &timestamp,
            expires: at(seconds + 3600),
        },
        now: at(seconds),
    };
    repository.publish(plan, signatures, &publisher).unwrap();
}

/// Signed by XB and XC.
fn publish_release(repository: &mut Repository, made: &Release, register: &Register, seconds: i64) {
    let snapshot = Snapshot::from_bytes(bytes(made, register, 1)).unwrap();
    let plan = repository.plan(&snapshot, plan_terms(made)).unwrap();
    let root = repository.root();
    let signatures = [1, 2].map(|number| plan.request().sign(&key(50 + number), root).unwrap());
    if repository.published().is_some() {
        let newest = repository.newest().unwrap();
        let grown = consistency_since(&newest, register, made).unwrap();
        repository.write_consistency(&grown).unwrap();
    }
    publish(repository, &plan, &signatures, seconds);
}

/// Proposed by one, and assessed by all.
fn more(registers: &mut [Register], numbers: std::ops::Range<u8>, seconds: i64) {
    let ids: Vec<_> = numbers
        .map(|number| {
            let picture = picture(0, number, seconds);
            crate::releases::propose(&mut registers[0], 0, picture)
        })
        .collect();
    tell_all(registers);
    for (number, register) in (0..).zip(&mut *registers) {
        ids.iter()
            .for_each(|id| assess(register, number, *id, seconds + 1));
    }
    tell_all(registers);
}

#[test]
fn what_states_say_reaches_platforms_when_two_of_three_have_made_the_same() {
    let folder = Folder::new("repository-walk");
    let (mut registers, _) = union(&folder);
    more(&mut registers, 10..50, 301);
    let mut repository = founded(&folder);
    let root = repository.root().unwrap().clone();
    let mut installed: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    for (sequence, seconds) in [(7, 400), (8, 500), (9, 600)] {
        let made = release(&registers[0], sequence, seconds);
        let snapshot = Snapshot::from_bytes(bytes(&made, &registers[0], 1)).unwrap();
        let plan = repository.plan(&snapshot, plan_terms(&made)).unwrap();
        let request = plan.request().to_json();
        let signatures = [1, 2].map(|number: u8| {
            let register = &registers[usize::from(number)];
            let checked = checked(&repository, &request, &made, register).unwrap();
            assert_eq!(checked.left_out(), []);
            assert_eq!(checked.unfindable().len(), 1);
            assert!(checked.snapshot() == snapshot.as_bytes());
            checked.sign(&key(50 + number), &root).unwrap()
        });
        publish(&mut repository, &plan, &signatures, seconds);
        let opened = Repository::open(repository.path()).unwrap();
        assert!(opened.newest().unwrap().as_bytes() == snapshot.as_bytes());
        let targets = &opened.published().unwrap().targets;
        for bytes in installed.values() {
            let route = targets.route(&Sha256::of(bytes));
            assert!(matches!(route, Route::Deltas(names) if names.len() == 1));
        }
        installed.insert(sequence, snapshot.as_bytes().to_vec());
        let first = u8::try_from(60 + 10 * (sequence - 7)).unwrap();
        more(&mut registers, first..first + 2, seconds + 10);
    }
}

#[test]
fn a_state_signs_nothing_but_what_it_has_made_itself() {
    let folder = Folder::new("repository-check");
    let (mut registers, [all, ..]) = union(&folder);
    let mut repository = founded(&folder);
    let made = release(&registers[0], 7, 400);
    let snapshot = Snapshot::from_bytes(bytes(&made, &registers[0], 1)).unwrap();
    let plan = repository.plan(&snapshot, plan_terms(&made)).unwrap();
    let request = plan.request().to_json();
    let check = |request: &[u8], made: &Release| {
        checked(&repository, request, made, &registers[1]).unwrap_err()
    };
    // Another number, another end, other content of the same length, another length.
    let mut other = made.clone();
    other.sequence = 8;
    assert!(matches!(
        check(&request, &other),
        CheckError::Number {
            expected: 8,
            found: 7
        }
    ));
    let mut other = made.clone();
    other.valid_until = at(400 + 86_399);
    assert!(matches!(
        check(&request, &other),
        CheckError::ValidUntil { .. }
    ));
    other.valid_until = at(400 + 86_401);
    assert!(matches!(check(&request, &other), CheckError::Digest { .. }));
    let mut other = made.clone();
    other.least = Least::National;
    assert!(matches!(check(&request, &other), CheckError::Length { .. }));
    // A file more.
    let listing = |name: TargetName| {
        let mut files = plan.targets().files().clone();
        let file = TargetFile {
            length: 9,
            sha256: Sha256::of(b"something"),
            leap: None,
        };
        files.insert(name, file);
        let targets = Targets::new(version(1), made.valid_until, files).unwrap();
        Request::new(targets).to_json()
    };
    let older = TargetName::full(3).unwrap();
    let refused = check(&listing(older), &made);
    assert!(matches!(refused, CheckError::Unknown(name) if name == older));
    // Something else than targets, and no request.
    let of_root = Request::new(ijkpunt::tuf::Root::new(root_terms()).unwrap()).to_json();
    assert!(matches!(
        check(&of_root, &made),
        CheckError::NotTargets(Role::Root)
    ));
    assert!(matches!(check(b"please", &made), CheckError::Request(_)));
    // A release that goes beyond what counts here, or leaves out a log's key.
    let mut silenced = made.clone();
    silenced.counting.logs[1].key = None;
    let refused = check(&request, &silenced);
    assert!(matches!(
        refused,
        CheckError::Release(ReleaseError::OtherLog(_))
    ));

    // What came later is told, and does not stop it.
    suspend(&mut registers[1], 1, all, 350);
    let checked = checked(&repository, &request, &made, &registers[1]).unwrap();
    assert_eq!(checked.left_out().len(), 1);
    assert_eq!(checked.left_out()[0].statements, 1);
    let root = repository.root().unwrap().clone();
    let signatures = [1, 2].map(|number| checked.sign(&key(50 + number), &root).unwrap());
    publish(&mut repository, &plan, &signatures, 400);

    // The same again is what was signed; an older version of a list is not.
    let before = repository.published().unwrap().targets.clone();
    let limits = Limits::default();
    let again = |request: &[u8], made: &Release| {
        Checked::new(request, made, &registers[1], Some(&before), 1, &limits)
    };
    again(&request, &made).unwrap();
    let renewed = repository.plan_renewal(at(500)).unwrap();
    again(&renewed.request().to_json(), &made).unwrap();
    let same_version = Targets::new(version(1), at(500), before.files().clone()).unwrap();
    let refused = again(&Request::new(same_version).to_json(), &made);
    assert!(matches!(refused, Err(CheckError::NotAbove)));
}

/// Signed by XB and XC, who sign what they are handed: what platforms then find to be the newest.
fn signed_unseen(repository: &mut Repository, plan: &Plan) -> Snapshot {
    let root = repository.root();
    let signatures = [1, 2].map(|number| plan.request().sign(&key(50 + number), root).unwrap());
    publish(repository, plan, &signatures, 400);
    let opened = Repository::open(repository.path()).unwrap();
    opened.newest().unwrap()
}

/// A platform cannot see it: the logs of which the snapshot says it was made are those that there are.
#[test]
fn a_snapshot_that_omits_an_entry_of_its_logs_is_not_signed() {
    let folder = Folder::new("repository-omits");
    let (registers, [all, ..]) = union(&folder);
    let mut repository = founded(&folder);
    let made = release(&registers[0], 7, 400);
    let whole = Snapshot::from_bytes(bytes(&made, &registers[0], 1)).unwrap();
    let mut draft = made.draft(&registers[0], 1).unwrap().draft;
    assert!(draft.remove(all));
    let omits = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();
    assert_eq!(omits.logs(), whole.logs());
    let plan = repository.plan(&omits, plan_terms(&made)).unwrap();
    let request = plan.request().to_json();
    for register in &registers {
        let refused = checked(&repository, &request, &made, register).unwrap_err();
        assert!(matches!(refused, CheckError::Length { .. }), "{refused}");
    }
    let newest = signed_unseen(&mut repository, &plan);
    assert!(whole.find(all).is_some() && newest.find(all).is_none());
}

/// A third state's key writes at 500 s what shall have been said at 300 s, so that a release of 400 s takes it in.
#[test]
fn a_back_dated_event_is_not_counted() {
    let folder = Folder::new("repository-back-dated");
    let genesis = genesis(3);
    let [mut first, mut second, mut third] =
        [0, 1, 2].map(|number| Author::new(number, &genesis, 10));
    let entry = picture(0, 1, 100);
    let (id, sequence) = (entry.id(), first.next());
    let creation = What::Event(Event::EntryCreated(Creation { sequence, entry }));
    first.push(creation, &[0]);
    first.assess(id, 200);
    second.assess(id, 200);
    let mut in_time = third.clone();
    in_time.assess(id, 300);
    third.propose("later", 500);
    third.assess(id, 300);
    let of = |name: &str, third: &Author| {
        let mut register = folder.register(name, &genesis);
        merge(&mut register, &first.file(&genesis));
        merge(&mut register, &second.file(&genesis));
        let merged = merge(&mut register, &third.file(&genesis));
        (register, merged.left_out)
    };
    let (register, left_out) = of("own", &third);
    assert!(
        matches!(
            left_out[..],
            [(
                _,
                ijkpunt::register::LeftOut::Refused(Refused::BackDated { .. })
            )]
        ),
        "{left_out:?}"
    );
    let made = release(&register, 7, 400);
    let right = Snapshot::from_bytes(bytes(&made, &register, 1)).unwrap();
    assert!(right.find(id).is_none());
    // What whoever goes by dates alone makes of it: as if it had been said in time.
    let (by_dates, left_out) = of("by-dates", &in_time);
    assert!(left_out.is_empty());
    let wished = release(&by_dates, 7, 400);
    let snapshot = Snapshot::from_bytes(bytes(&wished, &by_dates, 1)).unwrap();
    let mut repository = founded(&folder);
    let plan = repository.plan(&snapshot, plan_terms(&wished)).unwrap();
    let request = plan.request().to_json();
    for release in [&wished, &made] {
        checked(&repository, &request, release, &register).unwrap_err();
    }
    assert!(signed_unseen(&mut repository, &plan).find(id).is_some());
}

#[test]
fn a_list_of_suspensions_never_loses_what_is_not_settled() {
    let folder = Folder::new("repository-suspensions");
    let (mut registers, [all, two, one, ..]) = union(&folder);
    let mut repository = founded(&folder);
    let made = release(&registers[0], 7, 400);
    let speakers_of = |made: &Release| -> Vec<Speaker> {
        let logs = made.counting.logs.iter().zip(0..);
        let speaker = |(log, number): (&ijkpunt::register::CutLog, u8)| Speaker {
            log: log.log,
            authority: log.authority.clone(),
            state: log.state,
            roles: authority(number).roles,
            from: log.kept.until,
            key: log.key.unwrap(),
        };
        logs.map(speaker).collect()
    };
    let limits = Limits::default();
    let read = |register: &Register, made: &Release, kept: Option<&[u8]>| {
        let mut file = format!("ijkpunt suspension list 0 {}\n", register.id()).into_bytes();
        file.extend(exported(register));
        let files = [&file[..]].into_iter().chain(kept);
        let speakers = speakers_of(made);
        SuspensionList::read(register.id(), &speakers, files, &limits)
            .unwrap()
            .list
    };
    assert_eq!(repository.suspensions().unwrap(), None);
    publish_release(&mut repository, &made, &registers[0], 400);
    suspend(&mut registers[1], 1, all, 410);
    let first = read(&registers[1], &made, None);
    assert_eq!(first.len(), 1);
    repository.write_suspensions(&first).unwrap();
    let path = repository.path().join(SUSPENSION_LIST);
    assert!(std::fs::read(&path).unwrap() == first.to_bytes());
    // Of a register that has not heard of it.
    suspend(&mut registers[2], 2, two, 420);
    let second = read(&registers[2], &made, None);
    let refused = repository.write_suspensions(&second).unwrap_err();
    assert!(
        matches!(refused, RepositoryError::TakesAway(1)),
        "{refused}"
    );
    assert!(std::fs::read(&path).unwrap() == first.to_bytes());
    let kept = repository.suspensions().unwrap();
    let both = read(&registers[2], &made, kept.as_deref());
    assert_eq!(both.len(), 2);
    repository.write_suspensions(&both).unwrap();
    repository.write_suspensions(&both).unwrap();
    // The next release has looked at both, so that they may go.
    tell_all(&mut registers);
    let next = release(&registers[0], 8, 500);
    suspend(&mut registers[0], 0, one, 510);
    let settled = read(&registers[0], &next, None);
    assert_eq!(settled.len(), 1);
    // As long as platforms do not find that release, it settles nothing.
    let refused = repository.write_suspensions(&settled).unwrap_err();
    let is_told = matches!(refused, RepositoryError::OtherSpeakers { snapshot: 7, .. });
    assert!(is_told, "{refused}");
    assert!(std::fs::read(&path).unwrap() == both.to_bytes());
    publish_release(&mut repository, &next, &registers[0], 500);
    let refused = repository.write_suspensions(&both).unwrap_err();
    let is_told = matches!(refused, RepositoryError::OtherSpeakers { snapshot: 8, .. });
    assert!(is_told, "{refused}");
    repository.write_suspensions(&settled).unwrap();
    assert!(std::fs::read(&path).unwrap() == settled.to_bytes());
    // What is there and no such list is not written over.
    std::fs::write(&path, "something else\n").unwrap();
    let refused = repository.write_suspensions(&settled).unwrap_err();
    assert!(
        matches!(refused, RepositoryError::SuspensionFile { .. }),
        "{refused}"
    );
    assert!(std::fs::read(&path).unwrap() == b"something else\n");
}
