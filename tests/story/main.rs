//! The whole way of an entry: three states agree on a picture, publish it together, two platforms find a copy of it, one state switches it off, and its
//! words are taken back.
#![cfg(all(feature = "authority", feature = "sync", feature = "image"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at what it did not expect"
)]

#[path = "../register/history.rs"]
#[allow(dead_code, reason = "shared with other tests, which use the rest")]
mod history;

use std::num::NonZeroU64;
use std::path::PathBuf;

use ijkpunt::baseline::*;
use ijkpunt::enrol::Enroller;
use ijkpunt::limits::Limits;
use ijkpunt::publish::{
    Checked, Least, Page, PlanTerms, Publisher, Release, Repository, Terms, consistency_since,
    suspensions_since,
};
use ijkpunt::register::Register;
use ijkpunt::sign::{Signer, What};
use ijkpunt::snapshot::{Live, Snapshot};
use ijkpunt::sync::{Client, FolderTransport, Freshness, Settings};
use ijkpunt::tuf::{RootTerms, StateTerms};
use ijkpunt::{Screener, Screening, Surface};

use history::*;

const PICTURE: &str = "testdata/pictures/jpeg/baseline-444.jpg";
const OTHER: &str = "testdata/pictures/jpeg/baseline-420-97x61.jpg";

/// The first of the keys by which states sign what is published; those of their logs are others.
const PUBLISHING: u8 = 100;
const PAGES: u8 = 110;

/// Far enough that no test runs behind it.
fn end() -> Time {
    time("2099-01-01T00:00:00Z")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Three authorities with a register each, and what they publish.
struct Union {
    registers: Vec<Register>,
    repository: Repository,
    published: u64,
}

impl Union {
    fn new(folder: &Folder) -> Self {
        let genesis = genesis(3);
        let registers = (0..3).map(|number| folder.register(&format!("own-{number}"), &genesis));
        let mut registers: Vec<_> = registers.collect();
        for (number, register) in (0..).zip(&mut registers) {
            open(register, number, 10);
        }
        let mut repository = Repository::create(folder.path("repository")).unwrap();
        let keys = || (0..3).map(|number| (state(number), key(PUBLISHING + number).public_key()));
        let states = |threshold| StateTerms {
            threshold,
            keys: keys().collect(),
        };
        let request = repository.propose_root(RootTerms {
            version: NonZeroU64::MIN,
            expires: end(),
            root: states(2),
            targets: states(2),
            snapshot: vec![key(PAGES).public_key()],
            timestamp: vec![key(PAGES + 1).public_key()],
        });
        let request = request.unwrap();
        let signed = |number| request.sign(&key(PUBLISHING + number), None).unwrap();
        let counts = repository
            .add_root(&request, &[signed(0), signed(2)])
            .unwrap();
        assert_eq!(counts, [], "nothing is published that it could end");
        Self {
            registers,
            repository,
            published: 0,
        }
    }

    fn tell_all(&mut self) {
        let files: Vec<_> = self.registers.iter().map(exported).collect();
        for register in &mut self.registers {
            files.iter().for_each(|file| drop(merge(register, file)));
        }
    }

    fn say(
        &mut self,
        number: u8,
        seconds: i64,
        what: impl FnOnce(ijkpunt::register::Slot) -> Event,
    ) {
        let register = &mut self.registers[usize::from(number)];
        let said = register.say(&key(number), at(seconds), |slot| What::Event(what(slot)));
        said.unwrap();
        self.tell_all();
    }

    /// XA makes a release, XB and XC make its snapshot by their own registers before they sign.
    fn publish(&mut self, seconds: i64) {
        self.published += 1;
        let terms = Terms {
            sequence: self.published,
            at: at(seconds),
            valid_until: end(),
            least: Least::Baseline,
        };
        let release = Release::new(&self.registers[0], terms).unwrap();
        let bytes = release
            .draft(&self.registers[0], 2)
            .unwrap()
            .draft
            .to_bytes();
        let snapshot = Snapshot::from_bytes(bytes.unwrap()).unwrap();
        let terms = PlanTerms {
            expires: end(),
            deltas: 3,
            wholes: 3,
            older_deltas: 8,
        };
        let plan = self.repository.plan(&snapshot, terms).unwrap();
        let request = plan.request().to_json();
        let before = self.repository.published().map(|one| one.targets.clone());
        let signatures = [1_u8, 2].map(|number| {
            let register = &self.registers[usize::from(number)];
            let limits = Limits::default();
            let checked = Checked::new(&request, &release, register, before.as_ref(), 1, &limits);
            let checked = checked.unwrap();
            assert_eq!(checked.left_out(), []);
            let root = self.repository.root().unwrap();
            checked.sign(&key(PUBLISHING + number), root).unwrap()
        });
        if before.is_some() {
            let newest = self.repository.newest().unwrap();
            let grown = consistency_since(&newest, &self.registers[0], &release).unwrap();
            self.repository.write_consistency(&grown).unwrap();
        }
        let keys = [key(PAGES), key(PAGES + 1)];
        let page = |number: usize| Page {
            key: &keys[number],
            expires: end(),
        };
        let publisher = Publisher {
            snapshot: page(0),
            timestamp: page(1),
            now: at(seconds),
        };
        self.repository
            .publish(&plan, &signatures, &publisher)
            .unwrap();
    }

    /// Hands out what states have switched off since the last publication.
    fn hand_out_suspensions(&mut self) {
        let newest = self.repository.newest().unwrap();
        let list = suspensions_since(&newest, &self.registers[2], &Limits::default());
        self.repository.write_suspensions(&list.unwrap()).unwrap();
    }
}

/// A platform that follows a repository.
struct Platform {
    client: Client,
    live: Option<Live>,
}

impl Platform {
    fn new(folder: &Folder, name: &str, union: &Union) -> Self {
        let mirror = FolderTransport::at(union.repository.path());
        let root = std::fs::read(union.repository.path().join("metadata/1.root.json")).unwrap();
        let settings = Settings::new(union.registers[0].id());
        let client = Client::new(folder.path(name), vec![Box::new(mirror)], &root, settings);
        Self {
            client: client.unwrap(),
            live: None,
        }
    }

    /// Polls once, and says what became of an upload.
    fn polls(&mut self, seconds: i64, upload: &[u8]) -> Screening {
        let report = self.client.once(at(seconds)).unwrap();
        assert!(
            matches!(report.freshness, Freshness::Fresh { .. }),
            "{report:?}"
        );
        let live = self
            .live
            .get_or_insert_with(|| Live::follow(self.client.folder().path()).unwrap());
        live.refresh().unwrap();
        let screener = Screener::builder()
            .list("eu", live.clone())
            .surface(Surface::Public);
        screener.build().unwrap().screen(upload)
    }
}

fn picture() -> Entry {
    let proposal = Enroller::new().propose(&read(PICTURE), &Limits::default());
    let rows: Vec<NewRow> = proposal.rows("").collect();
    Entry {
        fingerprints: rows.iter().map(Fingerprint::from).collect(),
        ..entry(0, "a drawn picture", at(100))
    }
}

#[test]
fn from_three_signatures_to_two_platforms_and_back() {
    let folder = Folder::new("story");
    let mut union = Union::new(&folder);
    let entry = picture();
    let id = entry.id();
    union.say(0, 100, |slot| {
        let sequence = slot.sequence;
        Event::EntryCreated(Creation { sequence, entry })
    });
    for number in 0..3 {
        assess(&mut union.registers[usize::from(number)], number, id, 200);
        union.tell_all();
    }
    union.publish(300);
    union.hand_out_suspensions();
    let names = ["one", "other"];
    let mut platforms = names.map(|name| Platform::new(&folder, name, &union));
    for platform in &mut platforms {
        let Screening::Match(found) = platform.polls(310, &read(PICTURE)) else {
            panic!("it is listed");
        };
        assert_eq!(found.evidence()[0].entry_id, Some(id));
        let other = platform.polls(311, &read(OTHER));
        assert!(matches!(other, Screening::NoMatch(_)), "{other:?}");
    }
    // One state switches it off: at the next poll, without a publication.
    union.say(1, 400, |slot| {
        Event::Suspended(Suspension {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            reason: Text::new("a complaint is being looked into").unwrap(),
            at: slot.at,
        })
    });
    union.hand_out_suspensions();
    for platform in &mut platforms {
        let upload = platform.polls(410, &read(PICTURE));
        assert!(matches!(upload, Screening::NoMatch(_)), "{upload:?}");
    }
    // It takes that back, and only that.
    let suspended = union.registers[1].logs(now()).unwrap();
    let own = suspended
        .iter()
        .find(|log| log.log == key(1).public_key().id());
    let place = own.unwrap().ends - 1;
    union.say(1, 500, |slot| {
        Event::Resumed(Resumption {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            lifts: place,
            at: slot.at,
        })
    });
    union.hand_out_suspensions();
    for platform in &mut platforms {
        let upload = platform.polls(510, &read(PICTURE));
        assert!(matches!(upload, Screening::Match(_)), "{upload:?}");
    }
    // A complaint is upheld: the authority withdraws its entry, and the next snapshot has it no more.
    union.say(0, 600, |slot| {
        Event::Withdrawn(Withdrawal {
            entry: id,
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            target: Target::Whole,
            reason: WithdrawalReason::ComplaintUpheld,
            effective_at: slot.at,
            reinstatement_required: true,
        })
    });
    union.publish(610);
    for platform in &mut platforms {
        let upload = platform.polls(620, &read(PICTURE));
        assert!(matches!(upload, Screening::NoMatch(_)), "{upload:?}");
        let report = platform.client.once(at(630)).unwrap();
        assert_eq!((report.installed.sequence, report.update), (2, None));
    }
}
