//! The seeds of the fuzz targets `merge` and `proof`, which follow where a format changes.

use std::fs;
use std::path::Path;

use ijkpunt::baseline::*;
use ijkpunt::limits::Limits;
use ijkpunt::register::Register;
use ijkpunt::sign::*;

use crate::history::{Folder, entry, says};

/// Set to write the seeds instead of comparing.
const WRITE: &str = "IJKPUNT_WRITE_SEEDS";

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// That of the fuzz target.
fn genesis() -> Envelope {
    let founder = |number: u8, id: &str, state: &str| Founder {
        authority: Authority {
            id: id.parse().unwrap(),
            state: state.parse().unwrap(),
            name: Text::new("police").unwrap(),
            roles: [Role::IssueOrders].into(),
        },
        key: key(number).public_key(),
    };
    let since = Time::MIN;
    let designated = ["XA", "XB"].map(|state| Designation {
        state: state.parse().unwrap(),
        since,
    });
    let genesis = Genesis::new(Founding {
        name: Text::new("fuzz").unwrap(),
        at: since,
        needed_states: 2,
        policy: Policy::baseline(designated.to_vec()).unwrap(),
        founders: vec![founder(1, "xa-police", "XA"), founder(2, "xb-police", "XB")],
    });
    Envelope::of(&genesis.unwrap(), &[&key(1), &key(2)]).unwrap()
}

#[test]
fn the_seeds_of_merge_and_proof_are_those_that_are_drawn_here() {
    let folder = Folder::new("seeds");
    let mut register = folder.register("own", &genesis());
    let at = crate::history::at;
    register
        .open_log(
            &"xa-police".parse().unwrap(),
            "XA".parse().unwrap(),
            &key(1),
            at(1),
        )
        .unwrap();
    let first = entry(0, "first", at(2));
    let id = first.id();
    register
        .say(&key(1), at(2), |slot| {
            let (sequence, entry) = (slot.sequence, first);
            What::Event(Event::EntryCreated(Creation { sequence, entry }))
        })
        .unwrap();
    let copy = folder.path("copy");
    fs::copy(register.path(), &copy).unwrap();
    let mut other = Register::open(&copy).unwrap();
    register
        .say(&key(1), at(3), says(id, Verdict::Abstain))
        .unwrap();
    register.rotate(&key(1), &key(3), at(4)).unwrap();
    compare_or_write("honest", &register);
    register.promise(&key(3)).unwrap();
    compare_or_write("checkpoint", &register);
    other
        .say(
            &key(1),
            at(3),
            says(id, Verdict::Terrorist(TcoType::A.into())),
        )
        .unwrap();
    let file = crate::history::exported(&register);
    other.merge(&file[..], &Limits::default(), |_| ()).unwrap();
    compare_or_write("fork", &other);
    for (name, register) in [("one-log", &register), ("fork", &other)] {
        let proof = register.proof(id, at(9)).unwrap().unwrap();
        compare_or_write_bytes("proof", name, proof.to_json().as_bytes());
    }
}

fn compare_or_write(name: &str, register: &Register) {
    // The genesis is the target's own.
    let file = crate::history::exported(register);
    let first = file.iter().position(|byte| *byte == b'\n').unwrap();
    compare_or_write_bytes("merge", name, &file[first + 1..]);
}

fn compare_or_write_bytes(target: &str, name: &str, bytes: &[u8]) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folder = corpus.join(target);
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    } else if corpus.is_dir() {
        // A package without the folder has no fuzz targets.
        let is_same = fs::read(folder.join(name)).is_ok_and(|seed| seed == bytes);
        assert!(is_same, "{target}/{name}: run again with {WRITE}=1");
    }
}
