//! A small union of states with made-up codes, whose authorities keep registers in a folder of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::*;
use ijkpunt::limits::Limits;
use ijkpunt::register::{Case, Cut, Merged, Register};
use ijkpunt::sign::*;

/// Keys that everybody knows.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// So many seconds after the founding.
pub(crate) fn at(seconds: i64) -> Time {
    Time::from_unix_seconds(time("2026-01-01T00:00:00Z").unix_seconds() + seconds).unwrap()
}

pub(crate) fn now() -> Time {
    time("2026-11-22T10:00:00Z")
}

pub(crate) fn state(number: u8) -> MemberState {
    format!("X{}", char::from(b'A' + number)).parse().unwrap()
}

/// The authority of a state; its key is that of its number.
pub(crate) fn authority(number: u8) -> Authority {
    Authority {
        id: format!("x{}-police", char::from(b'a' + number))
            .parse()
            .unwrap(),
        state: state(number),
        name: Text::new(format!("Police of X{}", char::from(b'A' + number))).unwrap(),
        roles: [Role::IssueOrders, Role::Scrutinise, Role::OverseeMeasures].into(),
    }
}

/// Founded by the first so many states, of which two decide.
pub(crate) fn genesis(founders: u8) -> Envelope {
    let designated = (0..founders).map(|number| Designation {
        state: state(number),
        since: at(0),
    });
    let founder = |number| Founder {
        authority: authority(number),
        key: key(number).public_key(),
    };
    let founding = Founding {
        name: Text::new("rehearsal").unwrap(),
        at: at(0),
        needed_states: 2,
        policy: Policy::baseline(designated.collect()).unwrap(),
        founders: (0..founders).map(founder).collect(),
    };
    let genesis = Genesis::new(founding).unwrap();
    let keys: Vec<SigningKey> = (0..founders).map(key).collect();
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| key as &dyn Signer).collect();
    Envelope::of(&genesis, &signers).unwrap()
}

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("ijkpunt-register-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn register(&self, name: &str, genesis: &Envelope) -> Register {
        Register::create(self.path(name), genesis).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn types() -> TcoTypes {
    TcoTypes::from(TcoType::A)
}

/// An entry of an authority.
pub(crate) fn entry(by: u8, title: &str, created_at: Time) -> Entry {
    Entry {
        media: MediaKind::Image,
        source: None,
        fingerprints: Vec::new(),
        title: Text::new(title).unwrap(),
        producer: None,
        labels: [].into(),
        context: ContextDependence::Independent,
        created_by: authority(by).id,
        created_at,
        review_by: None,
    }
}

pub(crate) fn open(register: &mut Register, number: u8, seconds: i64) {
    let Authority { id, state, .. } = authority(number);
    register
        .open_log(&id, state, &key(number), at(seconds))
        .unwrap();
}

pub(crate) fn propose(register: &mut Register, number: u8, title: &str, seconds: i64) -> EntryId {
    let entry = entry(number, title, at(seconds));
    let id = entry.id();
    let place = register.say(&key(number), at(seconds), |slot| {
        What::Event(Event::EntryCreated(Creation {
            sequence: slot.sequence,
            entry,
        }))
    });
    place.unwrap();
    id
}

pub(crate) fn says(
    entry: EntryId,
    verdict: Verdict,
) -> impl FnOnce(ijkpunt::register::Slot) -> What {
    move |slot| {
        What::Event(Event::Assessed(Assessment {
            entry,
            authority: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            verdict,
            reasons: Reasons {
                short: Text::new("as seen").unwrap(),
                long: None,
            },
            exempt_purpose_considered: true,
            method: Method::ViewedByTwo,
            viewed: Some(Commitment::to(b"a file")),
            based_on: None,
            made_at: slot.at,
            valid_until: None,
        }))
    }
}

pub(crate) fn assess(register: &mut Register, number: u8, entry: EntryId, seconds: i64) {
    let verdict = Verdict::Terrorist(types());
    register
        .say(&key(number), at(seconds), says(entry, verdict))
        .unwrap();
}

pub(crate) fn endorse(register: &mut Register, number: u8, motion: &Motion, seconds: i64) {
    let motion = motion.clone();
    let endorsed = register.say(&key(number), at(seconds), |slot| {
        What::Endorsed(Endorsement {
            by: slot.by,
            state: slot.state,
            sequence: slot.sequence,
            at: slot.at,
            motion,
        })
    });
    endorsed.unwrap();
}

pub(crate) fn admission(number: u8) -> Motion {
    Motion::Admit(Admission {
        authority: authority(number),
        key: key(number).public_key(),
    })
}

/// All that a register holds, as a merge file.
pub(crate) fn exported(register: &Register) -> Vec<u8> {
    let mut file = Vec::new();
    register.export(|_| true, &mut file).unwrap();
    file
}

pub(crate) fn merge(register: &mut Register, file: &[u8]) -> Merged {
    register.merge(file, &Limits::default(), |_| ()).unwrap()
}

/// All that follows from a register, in words.
pub(crate) fn derived(register: &Register, threads: usize) -> String {
    let standing = register.standing(now()).unwrap();
    let members: Vec<_> = standing.members().values().collect();
    let motions: Vec<_> = standing.motions().iter().collect();
    let states = states_of(register, now(), threads);
    format!("{states:#?}\n{members:#?}\n{motions:#?}")
}

/// The states of all entries, in words.
pub(crate) fn states_of(
    register: &Register,
    now: Time,
    threads: usize,
) -> BTreeMap<EntryId, String> {
    register.states(now, threads, in_words).unwrap()
}

/// Those that follow from a part of a register.
pub(crate) fn states_of_cut(cut: &Cut<'_>) -> BTreeMap<EntryId, String> {
    cut.states(2, in_words).unwrap()
}

fn in_words(case: &Case<'_>) -> String {
    let consensus = serde_json::to_string(case.consensus).unwrap();
    format!("{}: {consensus}", case.entry.title)
}

pub(crate) fn consensus_of(register: &Register, entry: EntryId) -> Option<ConsensusState> {
    let account = register.account(entry, now()).unwrap()?;
    Some(account.consensus.state)
}

pub(crate) fn reopened(path: &Path) -> Register {
    Register::open(path).unwrap()
}
