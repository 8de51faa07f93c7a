//! Checkpoints: what is remembered of them is what comparing all of them anew comes to.

use std::collections::BTreeSet;

use ijkpunt::baseline::*;
use ijkpunt::register::{Evidence, Register};
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::*;
use proptest::prelude::*;

use crate::author::*;
use crate::history::*;
use crate::model::Model;

/// The checkpoints that a register gives on, and those that it holds against their logs.
fn promised_by(register: &Register) -> [BTreeSet<Vec<u8>>; 2] {
    let file = exported(register);
    let lines = file.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| line.starts_with(b"{\"checkpoint\":"));
    let notes: Vec<Vec<u8>> = lines
        .map(|line| {
            let line: serde_json::Value = serde_json::from_slice(line).unwrap();
            line["checkpoint"].as_str().unwrap().as_bytes().to_vec()
        })
        .collect();
    let forks = register.forks().unwrap().into_iter();
    let contradict = forks.filter_map(|fork| match fork.evidence {
        Evidence::Checkpoint(note, _) => Some(note.to_bytes()),
        Evidence::Statements(_) => None,
    });
    let contradict: Vec<Vec<u8>> = contradict.collect();
    let sets = [
        notes.iter().cloned().collect(),
        contradict.iter().cloned().collect(),
    ];
    assert_eq!(
        sets.each_ref().map(BTreeSet::len),
        [notes.len(), contradict.len()]
    );
    sets
}

/// What a checkpoint says, without who has signed it.
fn said(note: &[u8]) -> String {
    let note = str::from_utf8(note).unwrap();
    note.split_once("\n\n").unwrap().0.to_owned()
}

fn check(register: &Register, model: &Model) {
    assert_eq!(promised_by(register), model.promised());
    assert_eq!(derived(register, 1), model.derived(now()));
    register.verify(|_| ()).unwrap();
}

/// A story as it was told up to each place, and the key that signs there.
type Told = Vec<(Author, u8)>;

/// Goes on from the last place; the key is changed at one of them.
fn go_on(mut told: Told, story: u8, rotates: usize) -> Told {
    while told.len() < LENGTH {
        let (mut author, mut by) = told.last().unwrap().clone();
        if told.len() == rotates {
            let next = 20 + 10 * story + by % 10;
            author.rotate(by, next, 100);
            by = next;
        } else {
            let (sequence, title) = (author.next(), format!("{story} {}", author.next()));
            let entry = entry(1, &title, at(200));
            let what = What::Event(Event::EntryCreated(Creation { sequence, entry }));
            author.push(what, &[by]);
        }
        told.push((author, by));
    }
    told
}

/// Statements of each story.
const LENGTH: usize = 5;

/// One log in three stories, of which the second parts from the first, and the third from the second.
fn stories(genesis: &Envelope, parts: [usize; 2], rotates: [usize; 3]) -> [Told; 3] {
    let opened = vec![(Author::new(1, genesis, 10), 1)];
    let first = go_on(opened, 0, rotates[0]);
    let second = go_on(first[..parts[0]].to_vec(), 1, rotates[1]);
    let third = go_on(second[..parts[1]].to_vec(), 2, rotates[2]);
    [first, second, third]
}

/// A line of a file: a statement of a story, or a checkpoint over what a story says, or over something else.
#[derive(Debug, Clone)]
enum Given {
    Statement(usize),
    Note { of: usize, size: usize, by: usize },
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        3 => (0..3_usize).prop_map(Given::Statement),
        4 => (0..4_usize, 0..LENGTH + 3, 0..4_usize)
            .prop_map(|(of, size, by)| Given::Note { of, size, by }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn checkpoints_are_judged_as_if_all_were_compared_anew(
        parts in [1..LENGTH, 1..LENGTH],
        rotates in [1..LENGTH + 2, 1..LENGTH + 2, 1..LENGTH + 2],
        files in prop::collection::vec(prop::collection::vec(given(), 1..9), 1..9),
    ) {
        let folder = Folder::new("judged");
        let genesis = genesis(3);
        let stories = stories(&genesis, parts, rotates);
        let mut ends = [0; 3];
        let mut register = folder.register("own", &genesis);
        let mut model = Model::new(&genesis);
        let mut all = Vec::new();
        for given in files {
            let mut lines = Vec::new();
            for one in given {
                match one {
                    Given::Statement(story) => {
                        let told = &stories[story].last().unwrap().0.lines;
                        lines.extend(told.get(ends[story]).cloned());
                        ends[story] += 1;
                    }
                    Given::Note { of, size, by } => {
                        let told = stories.get(of).and_then(|told| told.get(size.wrapping_sub(1)));
                        let root = told.map_or(TreeHash::leaf(&[7]), |(author, _)| author.tree.root());
                        let by = stories.get(by).and_then(|told| told.get(size.wrapping_sub(1)));
                        let by = by.map_or(1, |(_, by)| *by);
                        lines.push(note_line(&promised(&genesis, 1, by, size as u64, root)));
                    }
                }
            }
            let file = file(&genesis, &lines);
            let left_out = merge(&mut register, &file).lines_left_out;
            prop_assert_eq!(Some(left_out), model.merge(&file));
            check(&register, &model);
            all.push(file);
        }
        // In another order, until nothing is new, both come to the same.
        let mut other = folder.register("other", &genesis);
        for register in [&mut other, &mut register] {
            let mut before = Vec::new();
            while exported(register) != before {
                before = exported(register);
                for file in all.iter().rev() {
                    merge(register, file);
                }
            }
            register.verify(|_| ()).unwrap();
        }
        // Beyond the end, two stories can have signed one checkpoint by two keys: what it says is the same.
        let said = |register| promised_by(register).map(|notes| notes.iter().map(|note| said(note)).collect::<BTreeSet<_>>());
        prop_assert_eq!(said(&other), said(&register));
        prop_assert_eq!(derived(&other, 1), derived(&register, 1));
    }
}

#[test]
fn many_checkpoints_that_contradict_are_kept_and_told_whatever_their_number() {
    let folder = Folder::new("many-notes");
    let genesis = genesis(3);
    let mut register = folder.register("own", &genesis);
    let mut author = Author::new(1, &genesis, 10);
    author.propose("first", 100);
    // More than two pages; some lie beyond the end.
    let root = |number: u64| TreeHash::leaf(&number.to_be_bytes());
    let notes =
        (0..600).map(|number| note_line(&promised(&genesis, 1, 1, 2 + number % 2, root(number))));
    let lines: Vec<Vec<u8>> = author.lines.iter().cloned().chain(notes).collect();
    let merged = merge(&mut register, &file(&genesis, &lines));
    assert_eq!((merged.lines_left_out, merged.checkpoints), (0, 600));
    assert_eq!(merged.forked.len(), 300);
    assert_eq!(register.forks().unwrap().len(), 300);
    register.verify(|_| ()).unwrap();
    assert_eq!(merge(&mut register, &file(&genesis, &lines)).checkpoints, 0);
    author.propose("second", 200);
    merge(&mut register, &author.file(&genesis));
    assert_eq!(register.forks().unwrap().len(), 600);
    assert_eq!(register.logs(now()).unwrap()[0].forked_at, Some(2));
    register.verify(|_| ()).unwrap();
}
