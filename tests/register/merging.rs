//! Merging is set union: any order of files leads to the same.

use ijkpunt::baseline::*;
use ijkpunt::limits::Limits;
use ijkpunt::register::{LeftOut, RegisterError};
use ijkpunt::sign::{Envelope, Refused, Void};

use crate::history::*;

/// Three founders and one who is admitted; two entries, one of them in the baseline.
fn told(folder: &Folder) -> (Vec<Vec<u8>>, [EntryId; 2]) {
    let genesis = genesis(3);
    let mut registers: Vec<_> = (0..4)
        .map(|number| folder.register(&format!("own-{number}"), &genesis))
        .collect();
    for (number, register) in (0..).zip(&mut registers) {
        open(register, number, 10 + i64::from(number));
    }
    let first = propose(&mut registers[0], 0, "first", 100);
    let second = propose(&mut registers[1], 1, "second", 101);
    let files: Vec<_> = registers.iter().map(exported).collect();
    for register in &mut registers {
        for file in &files {
            assert_eq!(merge(register, file).lines_left_out, 0);
        }
    }
    for number in 0..3 {
        assess(&mut registers[usize::from(number)], number, first, 200);
    }
    endorse(&mut registers[0], 0, &admission(3), 300);
    endorse(&mut registers[2], 2, &admission(3), 301);
    let files: Vec<_> = registers.iter().map(exported).collect();
    for file in &files {
        merge(&mut registers[3], file);
    }
    assess(&mut registers[3], 3, second, 400);
    for (number, register) in (0..).zip(&mut registers) {
        register.promise(&key(number)).unwrap();
    }
    // Each gives its own log and nothing else.
    let mut files = Vec::new();
    for (number, register) in (0..).zip(&registers) {
        let mut file = Vec::new();
        register
            .export(|id| *id == authority(number).id, &mut file)
            .unwrap();
        files.push(file);
    }
    (files, [first, second])
}

#[test]
fn a_genesis_is_kept_alike_however_its_signatures_came() {
    let folder = Folder::new("signatures");
    let (files, [first, _]) = told(&folder);
    let as_listed = genesis(3);
    let mut json: serde_json::Value = serde_json::from_str(&as_listed.to_json()).unwrap();
    json["signatures"].as_array_mut().unwrap().reverse();
    let mut turned = Envelope::from_json(json.to_string().as_bytes(), &Limits::default()).unwrap();
    turned.add(&key(77)).unwrap();
    assert_ne!(turned.signatures(), as_listed.signatures());
    let mut seen = Vec::new();
    for (name, genesis) in [("listed", as_listed), ("turned", turned)] {
        let mut register = folder.register(name, &genesis);
        for file in files.iter().chain(&files) {
            merge(&mut register, file);
        }
        let proof = register.proof(first, now()).unwrap().unwrap();
        seen.push((exported(&register), proof.to_json()));
    }
    assert!(seen[0] == seen[1], "bytes differ");
}

#[test]
fn every_order_of_merges_leads_to_the_same() {
    let folder = Folder::new("orders");
    let (files, [first, second]) = told(&folder);
    let mut seen: Option<(String, Vec<u8>)> = None;
    for (number, order) in orders(files.len()).into_iter().enumerate() {
        let mut register = folder.register(&format!("merged-{number}"), &genesis(3));
        for file in &order {
            let merged = merge(&mut register, &files[*file]);
            assert_eq!(merged.left_out, [], "{order:?}");
        }
        // Again, nothing is new.
        let again = merge(&mut register, &files[order[0]]);
        assert!(
            again
                .logs
                .values()
                .all(|log| log.added == 0 && log.known > 0)
        );
        assert_eq!(
            consensus_of(&register, first),
            Some(ConsensusState::Baseline)
        );
        assert_eq!(
            consensus_of(&register, second),
            Some(ConsensusState::UnderAssessment)
        );
        let all = (derived(&register, 1), exported(&register));
        assert_eq!(derived(&register, 4), all.0);
        let verified = register.verify(|_| ()).unwrap();
        assert_eq!(verified.statements, 12);
        assert_eq!(seen.get_or_insert(all.clone()), &all, "{order:?}");
        let register = reopened(register.path());
        assert_eq!(exported(&register), all.1);
    }
}

fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(n - 1);
    let insert = |order: &Vec<usize>, place: usize| {
        let mut order = order.clone();
        order.insert(place, n - 1);
        order
    };
    shorter
        .iter()
        .flat_map(|order| (0..n).map(move |place| insert(order, place)))
        .collect()
}

#[test]
fn what_would_not_count_is_not_said() {
    let folder = Folder::new("not-said");
    let mut register = folder.register("own", &genesis(2));
    open(&mut register, 0, 10);
    open(&mut register, 4, 11);
    let first = propose(&mut register, 0, "first", 100);
    let verdict = Verdict::Terrorist(types());
    let by_stranger = register
        .say(&key(4), at(200), says(first, verdict))
        .unwrap_err();
    assert!(
        matches!(by_stranger, RegisterError::Void(Void::NotAdmitted)),
        "{by_stranger}"
    );
    let of_nothing = entry(1, "nobody's", at(1)).id();
    let of_nothing = register
        .say(&key(0), at(200), says(of_nothing, verdict))
        .unwrap_err();
    assert!(
        matches!(of_nothing, RegisterError::Void(Void::NoEntry)),
        "{of_nothing}"
    );
    let early = register
        .say(&key(0), at(99), says(first, verdict))
        .unwrap_err();
    assert!(matches!(early, RegisterError::Clock { .. }), "{early}");
    register
        .say(&key(0), at(200), says(first, verdict))
        .unwrap();
    let again = register
        .say(&key(0), at(201), says(first, verdict))
        .unwrap_err();
    assert!(
        matches!(again, RegisterError::Refused(Refused::Again(_))),
        "{again}"
    );
}

#[test]
fn a_file_of_another_register_is_refused() {
    let folder = Folder::new("other");
    let mut own = folder.register("own", &genesis(2));
    let other = folder.register("other", &genesis(3));
    let file = exported(&other);
    let refused = own
        .merge(&file[..], &Default::default(), |_| ())
        .unwrap_err();
    assert!(
        matches!(refused, RegisterError::OtherRegister { .. }),
        "{refused}"
    );
    let refused = own
        .merge(&b"x"[..], &Default::default(), |_| ())
        .unwrap_err();
    assert!(
        matches!(refused, RegisterError::NoMergeFile(_)),
        "{refused}"
    );
}

#[test]
fn what_is_cut_out_of_a_log_cuts_off_the_rest_and_is_told() {
    let folder = Folder::new("cut");
    let (files, _) = told(&folder);
    let mut lines: Vec<&[u8]> = files[0].split_inclusive(|byte| *byte == b'\n').collect();
    lines.remove(2);
    let mut register = folder.register("merged", &genesis(3));
    let merged = merge(&mut register, &lines.concat());
    let [
        (3, LeftOut::Refused(Refused::Sequence { next: 1, found: 2 })),
        ..,
    ] = merged.left_out[..]
    else {
        panic!("{:?}", merged.left_out);
    };
    let all = merge(&mut register, &files[0]);
    assert_eq!(all.lines_left_out, 0);
}

#[test]
fn entries_are_found_by_the_first_digits_of_their_names() {
    let folder = Folder::new("named");
    let mut register = folder.register("own", &genesis(2));
    open(&mut register, 0, 10);
    let ids: Vec<EntryId> = (0..40)
        .map(|number| propose(&mut register, 0, &format!("entry {number}"), 20 + number))
        .collect();
    let named = |digits: &str| register.entries_named(digits, 100).unwrap();
    for id in &ids {
        let name = id.to_string();
        for length in [0, 1, 2, 12, 63, 64] {
            let digits = &name[..length];
            let mut expected = ids.clone();
            expected.retain(|id| id.to_string().starts_with(digits));
            expected.sort();
            assert_eq!(named(digits), expected, "{digits}");
            assert_eq!(named(&digits.to_uppercase()), expected, "{digits}");
        }
        assert!(named(&format!("{name}0")).is_empty());
    }
    assert_eq!(register.entries_named("", 3).unwrap().len(), 3);
    for nothing in ["g", "0g", "\u{20ac}", "00000000", "02020202"] {
        assert!(named(nothing).is_empty(), "{nothing}");
    }
}
