//! Bytes as the lines of a merge file behind a genesis that everybody knows: whatever is taken is verified, is given on as the same bytes, and is
//! found again.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, process};

use ijkpunt::baseline::{Authority, Designation, Policy, Role, Text, Time};
use ijkpunt::limits::Limits;
use ijkpunt::register::Register;
use ijkpunt::sign::{Envelope, Founder, Founding, Genesis, Signer, SigningKey};

/// Longer inputs say no more.
const MOST_BYTES: usize = 64 << 10;

/// As much as a merge file may have.
pub fn run(bytes: &[u8]) {
    if bytes.len() > MOST_BYTES {
        return;
    }
    let first = format!("{}\n", genesis().to_json());
    let file = [first.as_bytes(), bytes].concat();
    let (one, other) = (Fresh::new(), Fresh::new());
    let (mut register, mut second) = (one.open(), other.open());
    let limits = Limits::default();
    let now = Time::MAX;
    let Ok(merged) = register.merge(&file[..], &limits, |_| ()) else {
        panic!("a line stops a merge");
    };
    assert!(register.verify(|_| ()).is_ok());
    assert!(register.states(now, 1, |_| ()).is_ok() && register.logs(now).is_ok());
    let forks = parsed(register.forks().ok());
    assert!(merged.forked.is_empty() || !forks.is_empty());
    let given = exported(&register);
    let Ok(again) = second.merge(&given[..], &limits, |_| ()) else {
        panic!("what was given is not taken");
    };
    assert_eq!(again.left_out, []);
    assert!(second.verify(|_| ()).is_ok());
    assert!(exported(&second) == given);
}

fn exported(register: &Register) -> Vec<u8> {
    let mut file = Vec::new();
    assert!(register.export(|_| true, &mut file).is_ok());
    file
}

/// Founded by the two authorities whose keys are known.
fn genesis() -> &'static Envelope {
    static GENESIS: OnceLock<Envelope> = OnceLock::new();
    GENESIS.get_or_init(|| {
        let keys = [1, 2].map(|number| SigningKey::from_seed(&[number; 32]));
        let states = ["XA", "XB"].map(|state| parsed(state.parse().ok()));
        let since = Time::MIN;
        let founder = |number: usize| Founder {
            authority: Authority {
                id: parsed(["xa-police", "xb-police"][number].parse().ok()),
                state: states[number],
                name: parsed(Text::new("police").ok()),
                roles: [Role::IssueOrders].into(),
            },
            key: keys[number].public_key(),
        };
        let designated = states.map(|state| Designation { state, since });
        let genesis = Genesis::new(Founding {
            name: parsed(Text::new("fuzz").ok()),
            at: since,
            needed_states: 2,
            policy: parsed(Policy::baseline(designated.to_vec()).ok()),
            founders: [0, 1].map(founder).into(),
        });
        let signers: [&dyn Signer; 2] = [&keys[0], &keys[1]];
        parsed(Envelope::of(&parsed(genesis.ok()), &signers).ok())
    })
}

fn parsed<T>(value: Option<T>) -> T {
    let Some(value) = value else {
        panic!("it should be there");
    };
    value
}

/// A copy of an empty register, where there is memory for files; removed at the end.
struct Fresh(PathBuf);

impl Fresh {
    fn new() -> Self {
        static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
        let empty = EMPTY.get_or_init(|| {
            let path = place();
            assert!(Register::create(&path, genesis()).is_ok());
            let bytes = parsed(fs::read(&path).ok());
            let _ = fs::remove_file(path);
            bytes
        });
        let path = place();
        parsed(fs::write(&path, empty).ok());
        Self(path)
    }

    fn open(&self) -> Register {
        parsed(Register::open(&self.0).ok())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn place() -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        env::temp_dir()
    };
    folder.join(format!("ijkpunt-merge-{}-{number}", process::id()))
}
