//! Bytes as a list of states' suspensions, whole and behind a good first line: what is taken is written and read as the same, and another copy of it adds
//! and lifts nothing.

use ijkpunt::baseline::{Event, Role, Time};
use ijkpunt::limits::Limits;
use ijkpunt::sign::suspensions::{Accepted, Bound, Speaker};
use ijkpunt::sign::{GenesisId, Signer, SigningKey, SuspensionList, What};

/// Longer inputs say no more.
const MOST_BYTES: usize = 64 << 10;

/// As much as a list may have.
pub fn run(bytes: &[u8]) {
    if bytes.len() > MOST_BYTES {
        return;
    }
    let first = format!("ijkpunt suspension list 0 {}\n", register());
    let behind = [first.as_bytes(), bytes].concat();
    let [_, list] = [bytes, &behind].map(|file| {
        let list = read(&[file]);
        hold(file, &list);
        list
    });
    let half = behind.len() / 2;
    let (cut, limits) = (read(&[&behind[..half]]), Limits::default());
    let mut both = list.clone();
    assert_eq!(both.union(&cut, &limits), Ok(()));
    assert!(both == list && read(&[&behind[..half], &behind]) == list);
}

/// What holds for what was read of a file.
fn hold(file: &[u8], list: &SuspensionList) {
    let written = list.to_bytes();
    assert!(read(&[&written]) == *list && read(&[&written, file]) == *list);
    assert!(read(&[file, &written]).to_bytes() == written);
    let off = list.off();
    for one in &off {
        let is_it = |what: &What| match what {
            What::Event(Event::Suspended(it)) => {
                (it.entry, it.sequence, &it.by) == (one.entry, one.sequence, &one.authority)
            }
            _ => false,
        };
        assert!(list.statements().any(|statement| is_it(&statement.what)));
    }
    for fork in list.forks() {
        assert!(fork.proof[0] != fork.proof[1]);
    }
    let bound = Bound {
        least: 1,
        ..Bound::default()
    };
    let bounded = bound.apply(list, 0, &Accepted::default(), Time::MAX);
    assert_eq!(bounded.off.len() + bounded.held.len(), off.len());
    let again = bound.apply(list, 0, &bounded.accepted, Time::MAX);
    assert!(again.newly.is_empty() && again.off == bounded.off);
}

fn read(files: &[&[u8]]) -> SuspensionList {
    let limits = Limits::default();
    let read = SuspensionList::read(register(), &speakers(), files.iter().copied(), &limits);
    let Ok(read) = read else {
        panic!("two speakers, of two authorities");
    };
    assert_eq!(read.files.len(), files.len());
    read.list
}

fn register() -> GenesisId {
    GenesisId::from_bytes([7; 32])
}

/// Two logs whose keys everybody knows.
fn speakers() -> [Speaker; 2] {
    [(1, "xa-police", "XA"), (2, "xb-police", "XB")].map(|(number, authority, state)| {
        let key = SigningKey::from_seed(&[number; 32]).public_key();
        let (Ok(authority), Ok(state)) = (authority.parse(), state.parse()) else {
            panic!("the name of an authority, and of a state");
        };
        Speaker {
            log: key.id(),
            authority,
            state,
            roles: [Role::IssueOrders].into(),
            from: 1,
            key,
        }
    })
}
