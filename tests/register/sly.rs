//! Merge files that are made to leave something behind, to stop a merge, or to make two registers hold different things.

use std::io::{BufReader, Read};

use ijkpunt::baseline::*;
use ijkpunt::limits::{Limits, Resource};
use ijkpunt::register::{LeftOut, Register, RegisterError};
use ijkpunt::sign::Refused;
use ijkpunt::sign::*;

use crate::author::*;
use crate::history::*;

/// Takes in two files in both orders, and gives both registers, which have to hold the same.
fn both_orders(folder: &Folder, files: [&[u8]; 2]) -> [Register; 2] {
    let registers = [("here", [0, 1]), ("there", [1, 0])].map(|(name, order)| {
        let mut register = folder.register(name, &genesis(3));
        for file in order {
            merge(&mut register, files[file]);
        }
        register.verify(|_| ()).unwrap();
        reopened(register.path())
    });
    assert_eq!(exported(&registers[0]), exported(&registers[1]));
    assert_eq!(derived(&registers[0], 1), derived(&registers[1], 1));
    let entries = registers[0].states(now(), 1, |case| case.id).unwrap();
    for entry in entries.into_values() {
        let counted = registers.each_ref().map(|register| {
            let account = register.account(entry, now()).unwrap();
            account.unwrap().counted
        });
        assert_eq!(counted[0], counted[1]);
    }
    let forks = registers.each_ref().map(|register| register.forks());
    let places = forks.map(|forks| forks.unwrap().iter().map(|one| one.at).collect::<Vec<_>>());
    assert_eq!(places[0], places[1]);
    registers
}

#[test]
fn a_second_story_that_its_log_refuses_leaves_nothing() {
    let folder = Folder::new("refused-story");
    let genesis = genesis(3);
    let mut author = Author::new(7, &genesis, 100);
    let early = entry(7, "early", at(50));
    let (sequence, entry) = (author.next(), early);
    let back_dated = What::Event(Event::EntryCreated(Creation { sequence, entry }));
    let back_dated = signed(author.tree.root(), back_dated, &[7]);
    author.propose("first", 100);
    let mut register = folder.register("own", &genesis);
    merge(&mut register, &author.file(&genesis));
    let before = exported(&register);
    for _ in 0..2 {
        let merged = merge(&mut register, &file(&genesis, &[line(&back_dated)]));
        assert!(
            matches!(
                merged.left_out[..],
                [(2, LeftOut::Refused(Refused::BackDated { .. }))]
            ),
            "{merged:?}"
        );
        assert_eq!(merged.forked, []);
        assert_eq!(register.forks().unwrap(), []);
        register.verify(|_| ()).unwrap();
    }
    assert_eq!(exported(&register), before);
}

#[test]
fn a_key_that_opens_its_log_twice_tells_two_stories_from_there() {
    let folder = Folder::new("opened-twice");
    let genesis = genesis(3);
    let stories = [10, 20].map(|seconds| {
        let mut author = Author::new(1, &genesis, seconds);
        let entry = author.propose("first", 100);
        author.assess(entry, 100 + seconds);
        author
    });
    let files = stories.each_ref().map(|story| story.file(&genesis));
    let registers = both_orders(&folder, [&files[0], &files[1]]);
    for register in &registers {
        assert_eq!(register.forks().unwrap()[0].at, 0);
        let logs = register.logs(now()).unwrap();
        assert_eq!(logs[0].void, Some(Void::Forked(0)));
    }
    // States keep one of them.
    let [mut register, mut other] = registers;
    let motion = Motion::Revoke(Revocation {
        authority: authority(1).id,
        log: key(1).public_key().id(),
        keeps: Kept {
            until: 3,
            root: stories[0].tree.root(),
        },
        successor: None,
        reason: Text::new("the key was copied").unwrap(),
    });
    for number in [0, 2] {
        open(&mut register, number, 500);
        endorse(&mut register, number, &motion, 501);
    }
    merge(&mut other, &exported(&register));
    let entry = entry(1, "first", at(100)).id();
    for register in [&register, &other] {
        assert_eq!(
            consensus_of(register, entry),
            Some(ConsensusState::National)
        );
    }
    assert_eq!(derived(&register, 1), derived(&other, 2));
}

#[test]
fn a_key_that_opens_its_log_for_another_or_elsewhere_loses_it_in_every_order() {
    let genesis = genesis(3);
    let mut right = Author::new(1, &genesis, 10);
    let entry = right.propose("first", 100);
    right.assess(entry, 200);
    for (case, (number, begins)) in [(0, 0), (1, 1), (1, 3), (1, 40)].into_iter().enumerate() {
        let folder = Folder::new(&format!("opened-elsewhere-{case}"));
        let mut other = Author::opened(number, 1, begins, &genesis, 20);
        other.propose("other", 300);
        let last = other.lines.len() - 1;
        if number == 0 {
            // Signed by the key of the log.
            let mut again = Author::opened(0, 1, 0, &genesis, 20);
            let entry = crate::history::entry(0, "other", at(300));
            let what = What::Event(Event::EntryCreated(Creation { sequence: 1, entry }));
            again.push(what, &[1]);
            other = again;
        }
        assert_eq!(other.lines.len(), last + 1);
        let files = [right.file(&genesis), other.file(&genesis)];
        let registers = both_orders(&folder, [&files[0], &files[1]]);
        for register in &registers {
            assert_eq!(consensus_of(register, entry), None);
            assert_eq!(register.forks().unwrap().len(), 1);
            assert_eq!(register.verify(|_| ()).unwrap().statements, 5);
        }
    }
}

#[test]
fn a_log_that_begins_behind_the_last_place_stops_no_merge() {
    let folder = Folder::new("far");
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    let honest = Author::new(0, &genesis, 10);
    for (by_key, begins) in [(60, u64::MAX), (61, i64::MAX as u64), (62, (1 << 62) + 1)] {
        let far = Author::opened(7, by_key, begins, &genesis, 10);
        let lines = [far.lines.clone(), honest.lines.clone()].concat();
        let merged = merge(&mut register, &file(&genesis, &lines));
        assert_eq!(merged.left_out, [(2, LeftOut::Refused(Refused::Full))]);
    }
    let far = Author::opened(7, 63, 1 << 62, &genesis, 10);
    assert_eq!(merge(&mut register, &far.file(&genesis)).left_out, []);
    assert_eq!(register.verify(|_| ()).unwrap().statements, 2);
}

#[test]
fn checkpoints_are_kept_in_every_order_of_files() {
    let folder = Folder::new("promises");
    let genesis = genesis(3);
    let mut author = Author::new(1, &genesis, 10);
    let early = author.promise(&genesis, 1, 1);
    author.propose("first", 100);
    let late = author.promise(&genesis, 1, 1);
    let files = [early, late].map(|note| {
        let lines = [author.lines.clone(), vec![note]].concat();
        file(&genesis, &lines)
    });
    both_orders(&folder, [&files[0], &files[1]]);
}

#[test]
fn signatures_of_others_beside_a_checkpoint_are_not_kept() {
    let folder = Folder::new("witnessed");
    let genesis = genesis(3);
    let author = Author::new(1, &genesis, 10);
    let plain = author.note(&genesis, 1, 1);
    let mut more = plain.clone();
    more.add(&"witness".parse().unwrap(), &key(50)).unwrap();
    let origin = plain.unverified().origin.clone();
    more.add(&origin, &key(51)).unwrap();
    let files = [plain, more].map(|note| {
        let lines = [author.lines.clone(), vec![note_line(&note)]].concat();
        file(&genesis, &lines)
    });
    both_orders(&folder, [&files[0], &files[1]]);
}

#[test]
fn the_signatures_of_a_new_key_are_kept_in_one_order() {
    let folder = Folder::new("swapped");
    let genesis = genesis(3);
    let mut author = Author::new(1, &genesis, 10);
    author.rotate(1, 20, 100);
    let mut json: serde_json::Value = serde_json::from_slice(&author.lines[1]).unwrap();
    json["signatures"].as_array_mut().unwrap().reverse();
    let mut swapped = author.clone();
    swapped.lines[1] = format!("{json}\n").into_bytes();
    let files = [author.file(&genesis), swapped.file(&genesis)];
    both_orders(&folder, [&files[0], &files[1]]);
}

#[test]
fn a_checkpoint_by_a_retired_key_is_no_proof_whenever_it_comes() {
    let folder = Folder::new("retired-note");
    let genesis = genesis(3);
    let mut author = Author::new(1, &genesis, 10);
    let short = author.lines.clone();
    author.rotate(1, 20, 100);
    let entry = entry(1, "first", at(200));
    let what = What::Event(Event::EntryCreated(Creation { sequence: 2, entry }));
    author.push(what, &[20]);
    // By the old key: over three statements, of which it has signed one.
    let stolen = promised(&genesis, 1, 1, 3, tree::TreeHash::leaf(b"x"));
    let early = file(&genesis, &[short, vec![note_line(&stolen)]].concat());
    let whole = author.file(&genesis);
    let registers = both_orders(&folder, [&early, &whole]);
    for mut register in registers {
        assert_eq!(register.forks().unwrap(), []);
        assert_eq!(register.logs(now()).unwrap()[0].forked_at, None);
        let again = merge(&mut register, &file(&genesis, &[note_line(&stolen)]));
        assert_eq!(again.left_out, [(2, LeftOut::NotSigned)]);
        // That of the new key is taken, though one of the old key says the same.
        let same = promised(&genesis, 1, 20, 3, tree::TreeHash::leaf(b"x"));
        let again = merge(&mut register, &file(&genesis, &[note_line(&same)]));
        assert_eq!((again.checkpoints, again.forked.len()), (1, 1));
        assert_eq!(register.forks().unwrap().len(), 1);
        let given = exported(&register);
        let lines = given.split(|byte| *byte == b'\n');
        let notes = lines.filter(|line| line.starts_with(b"{\"checkpoint\":"));
        assert_eq!(notes.count(), 1, "that of the old key is not given on");
        register.verify(|_| ()).unwrap();
    }
}

#[test]
fn a_checkpoint_of_no_log_or_of_another_register_is_left_out() {
    let folder = Folder::new("no-log");
    let own = genesis(3);
    let author = Author::new(1, &own, 10);
    let mut register = folder.register("own", &own);
    let note = author.promise(&own, 1, 1);
    let merged = merge(&mut register, &file(&own, std::slice::from_ref(&note)));
    assert_eq!(merged.left_out, [(2, LeftOut::NoLog)]);
    let other = author.promise(&genesis(2), 1, 1);
    let by_other = author.promise(&own, 1, 2);
    let lines = [author.lines.clone(), vec![other, by_other]].concat();
    let merged = merge(&mut register, &file(&own, &lines));
    assert_eq!(
        merged.left_out,
        [(3, LeftOut::NoLog), (4, LeftOut::NotSigned)]
    );
}

#[test]
fn who_was_overtaken_says_nothing_rather_than_a_second_story() {
    let folder = Folder::new("overtaken");
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    open(&mut register, 0, 10);
    let mut other = reopened(register.path());
    let late = register.say(&key(0), at(100), |slot| {
        propose(&mut other, 0, "faster", 100);
        let entry = entry(0, "slower", at(100));
        What::Event(Event::EntryCreated(Creation {
            sequence: slot.sequence,
            entry,
        }))
    });
    assert!(matches!(late, Err(RegisterError::Overtaken)), "{late:?}");
    assert_eq!(register.forks().unwrap(), []);
    propose(&mut register, 0, "slower", 100);
    assert_eq!(register.verify(|_| ()).unwrap().statements, 3);
}

#[test]
fn a_file_of_blank_and_endless_lines_is_read_to_its_end() {
    let folder = Folder::new("blank");
    let genesis = genesis(3);
    let author = Author::new(1, &genesis, 10);
    let mut register = folder.register("own", &genesis);
    let blank = vec![b'\n'; 1_000_000];
    let lines = [vec![blank], author.lines.clone()].concat();
    let merged = merge(&mut register, &file(&genesis, &lines));
    assert_eq!((merged.lines_left_out, merged.logs.len()), (0, 1));
    // Spaces without an end of line, 200 MB of them, are not kept in memory.
    let endless = std::io::repeat(b' ').take(200 << 20);
    let file = file(&genesis, &[]);
    let reader = BufReader::new(file.chain(endless).chain(&author.lines[0][..]));
    let merged = register.merge(reader, &Limits::default(), |_| ()).unwrap();
    assert_eq!(merged.lines_left_out, 1);
    let (2, LeftOut::Envelope(EnvelopeError::Limit(limit))) = &merged.left_out[0] else {
        panic!("{merged:?}");
    };
    assert_eq!(limit.what, Resource::EnvelopeBytes);
}

#[test]
fn the_limits_hold_one_under_at_and_one_over() {
    let folder = Folder::new("limits");
    let genesis = genesis(3);
    let author = Author::new(1, &genesis, 10);
    let mut limits = Limits::default();
    limits.envelope_bytes = line(&genesis).len() as u64;
    let length = usize::try_from(limits.envelope_bytes).unwrap();
    for (more, is_taken) in [(0, true), (1, true), (2, false), (500, false)] {
        let mut register = folder.register(&format!("bytes-{more}"), &genesis);
        // White space behind the value, up to the limit.
        let mut long = author.lines[0].trim_ascii().to_vec();
        long.resize(length - 1 + more, b' ');
        long.push(b'\n');
        let lines = [vec![long], author.lines.clone()].concat();
        let merged = register
            .merge(&file(&genesis, &lines)[..], &limits, |_| ())
            .unwrap();
        assert_eq!(merged.lines_left_out, u64::from(!is_taken), "{more}");
        assert_eq!(merged.logs.len(), 1, "what stands behind is read");
    }
    limits.envelope_bytes -= 2;
    let mut register = folder.register("genesis", &genesis);
    let refused = register.merge(&line(&genesis)[..], &limits, |_| ());
    assert!(matches!(
        refused,
        Err(RegisterError::NoMergeFile(EnvelopeError::Limit(_)))
    ));
    let mut limits = Limits::default();
    limits.signatures = 3;
    let signers: Vec<SigningKey> = (1..5).map(key).collect();
    let signers: Vec<&dyn Signer> = signers.iter().map(|key| key as &dyn Signer).collect();
    let envelope = Envelope::sign("text/plain", Vec::new(), &signers).unwrap();
    let merged = register
        .merge(&file(&genesis, &[line(&envelope)])[..], &limits, |_| ())
        .unwrap();
    let (2, LeftOut::Envelope(EnvelopeError::Limit(limit))) = &merged.left_out[0] else {
        panic!("{merged:?}");
    };
    assert_eq!(limit.what, Resource::Signatures);
}

#[test]
fn what_could_not_be_read_back_is_not_taken_by_wider_limits() {
    let folder = Folder::new("wide");
    let genesis = genesis(3);
    let mut limits = Limits::default();
    limits.envelope_bytes *= 4;
    let mut long = Author::new(1, &genesis, 10).lines[0].trim_ascii().to_vec();
    long.resize(2 << 20, b' ');
    long.push(b'\n');
    let mut register = folder.register("own", &genesis);
    let merged = register.merge(&file(&genesis, &[long])[..], &limits, |_| ());
    assert_eq!(merged.unwrap().lines_left_out, 1);
}

#[test]
fn what_counts_is_told_in_the_order_of_its_time_whichever_file_came_first() {
    let folder = Folder::new("counted");
    let genesis = genesis(3);
    let mut first = Author::new(0, &genesis, 10);
    let entry = first.propose("first", 100);
    first.assess(entry, 300);
    let mut second = Author::new(1, &genesis, 11);
    second.assess(entry, 200);
    let files = [first.file(&genesis), second.file(&genesis)];
    let [register, _] = both_orders(&folder, [&files[0], &files[1]]);
    let counted = register.account(entry, now()).unwrap().unwrap().counted;
    assert_eq!(
        counted.iter().map(Event::at).collect::<Vec<_>>(),
        [at(100), at(200), at(300)]
    );
}
