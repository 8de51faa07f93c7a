//! A ledger beside a model of a vector and two maps.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{KIND, Place, Plain, all, collect, new};
use crate::ledger::chain::Chain;
use crate::ledger::{Head, Ledger, LedgerError, Reference};

#[derive(Debug, Clone)]
enum Step {
    Add {
        stream: u8,
        place: u64,
        topic: u8,
        length: usize,
    },
    Refer(u8),
    Keep(u8, u8),
    KeepNoMore(u8),
    Commit,
    RollBack,
    Reopen,
    Erase(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let length = prop_oneof![9 => 0..60_usize, 1 => 4000..9000_usize];
    prop_oneof![
        12 => (0..3_u8, 0..40_u64, 0..5_u8, length)
            .prop_map(|(stream, place, topic, length)| Step::Add { stream, place, topic, length }),
        3 => any::<u8>().prop_map(Step::Refer),
        3 => (0..4_u8, any::<u8>()).prop_map(|(key, value)| Step::Keep(key, value)),
        1 => (0..4_u8).prop_map(Step::KeepNoMore),
        3 => Just(Step::Commit),
        1 => Just(Step::RollBack),
        1 => Just(Step::Reopen),
        1 => (0..20_usize).prop_map(Step::Erase),
    ]
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    records: Vec<Plain>,
    references: Vec<(Reference, Option<String>)>,
    kept: HashMap<u8, u8>,
}

impl Model {
    fn head(&self) -> Head {
        let chain = self
            .records
            .last()
            .map_or(Chain::before_all(KIND), |last| last.1);
        Head {
            records: self.records.len() as u64,
            chain,
        }
    }

    /// False where the place is taken.
    fn add(&mut self, stream: u8, place: u64, topic: u8, body: &[u8]) -> bool {
        let head = self.head();
        let number = head.records + 1;
        let is_taken = self
            .records
            .iter()
            .any(|record| (record.2, record.3) == ([stream; 32], place));
        if !is_taken {
            let chain = head.chain.after(number, &new(stream, place, topic, body));
            let (stream, topic) = ([stream; 32], [topic; 32]);
            self.records
                .push((number, chain, stream, place, topic, body.to_vec()));
        }
        !is_taken
    }

    fn compare(&self, ledger: &Ledger) {
        assert_eq!(ledger.head().unwrap(), self.head());
        assert_eq!(all(ledger).unwrap(), self.records);
        let mut topics: Vec<[u8; 32]> = Vec::new();
        for record in &self.records {
            if !topics.contains(&record.4) {
                topics.push(record.4);
            }
        }
        let of = |which: &dyn Fn(&Plain) -> bool| -> Vec<Plain> {
            self.records
                .iter()
                .filter(|record| which(record))
                .cloned()
                .collect()
        };
        let mut by_topic = Vec::new();
        for topic in 0..5 {
            let right = of(&|record| record.4 == [topic; 32]);
            assert_eq!(
                collect(|visit| ledger.of_topic(&[topic; 32], visit)).unwrap(),
                right
            );
            let number = topics.iter().position(|known| *known == [topic; 32]);
            let number = number.map(|number| number as u64 + 1);
            assert_eq!(ledger.topic_number(&[topic; 32]).unwrap(), number);
        }
        assert_eq!(ledger.topics().unwrap(), topics.len() as u64);
        for topic in &topics {
            by_topic.extend(of(&|record| record.4 == *topic));
        }
        assert_eq!(
            collect(|visit| ledger.of_topics(0..u64::MAX, visit)).unwrap(),
            by_topic
        );
        let parts = [0..2, 2..4, 4..100]
            .map(|part| collect(|visit| ledger.of_topics(part, visit)).unwrap());
        assert_eq!(parts.concat(), by_topic);
        for stream in 0..3 {
            let mut right = of(&|record| record.2 == [stream; 32] && record.3 >= 7);
            right.sort_by_key(|record| record.3);
            assert_eq!(
                collect(|visit| ledger.of_stream(&[stream; 32], 7, visit)).unwrap(),
                right
            );
        }
        for number in 0..self.records.len() as u64 + 2 {
            let right = self
                .records
                .iter()
                .find(|record| record.0 == number)
                .cloned();
            assert_eq!(ledger.record(number, super::plain).unwrap(), right);
        }
        for (reference, text) in &self.references {
            assert_eq!(&ledger.reference(reference).unwrap(), text);
        }
        let kept = (0..4).filter_map(|key| Some((key, ledger.kept(&[key]).unwrap()?[0])));
        let kept: Vec<(u8, u8)> = kept.collect();
        let right: BTreeMap<u8, u8> = self.kept.clone().into_iter().collect();
        assert_eq!(kept, Vec::from_iter(right));
        let mut walked = Vec::new();
        let ended = ledger.each_kept(b"", |key, value| {
            walked.push((key[0], value[0]));
            ControlFlow::<()>::Continue(())
        });
        assert!(ended.unwrap().is_continue());
        assert_eq!(walked, kept);
        for (key, value) in kept {
            let one = |key: &[u8], value: &[u8]| ControlFlow::Break((key[0], value[0]));
            let found = ledger.each_kept(&[key], one).unwrap();
            assert_eq!(found, ControlFlow::Break((key, value)));
        }
        assert_eq!(ledger.verify(|_, _| ()).unwrap(), self.head());
    }
}

fn run(steps: &[Step]) {
    let place = Place::new();
    let mut ledger = place.create();
    let mut committed = Model::default();
    let mut heads = vec![committed.head()];
    let mut rest = steps;
    while !rest.is_empty() {
        match &rest[0] {
            Step::Reopen => {
                drop(ledger);
                ledger = place.open().unwrap();
            }
            Step::Erase(which) => {
                if let Some((reference, text)) = committed.references.get_mut(*which) {
                    assert_eq!(ledger.erase(reference).unwrap(), text.take().is_some());
                }
            }
            _ => {}
        }
        let mut model = committed.clone();
        let mut append = ledger.begin().unwrap();
        let mut is_committed = false;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            match step {
                Step::Add {
                    stream,
                    place,
                    topic,
                    length,
                } => {
                    let body = vec![*topic ^ *place as u8; *length];
                    let added = append.add(&new(*stream, *place, *topic, &body));
                    match model.add(*stream, *place, *topic, &body) {
                        true => assert_eq!(added.unwrap(), model.head().records),
                        false => assert!(matches!(added, Err(LedgerError::Taken { .. }))),
                    }
                }
                Step::Refer(text) => {
                    let text = text.to_string();
                    model
                        .references
                        .push((append.refer(&text).unwrap(), Some(text)));
                }
                Step::Keep(key, value) => {
                    append.keep(&[*key], &[*value]).unwrap();
                    model.kept.insert(*key, *value);
                }
                Step::KeepNoMore(key) => {
                    append.keep_no_more(&[*key]).unwrap();
                    model.kept.remove(key);
                }
                Step::Commit => {
                    model.compare(&append);
                    is_committed = true;
                    break;
                }
                Step::RollBack | Step::Reopen | Step::Erase(_) => break,
            }
        }
        if is_committed {
            assert_eq!(append.commit().unwrap(), model.head());
            committed = model;
            heads.push(committed.head());
        } else {
            drop(append);
        }
        committed.compare(&ledger);
        for head in &heads {
            assert!(ledger.holds(head).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_ledger_is_a_vector_of_records(steps in prop::collection::vec(step(), 1..60)) {
        run(&steps);
    }
}
