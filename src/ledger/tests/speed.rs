//! How fast it is; run by hand.

use std::fs;
use std::ops::ControlFlow;
use std::time::Instant;

use crate::ledger::{Kind, Ledger, NewRecord};

#[test]
#[ignore = "writes a gigabyte; for figures"]
fn figures_of_two_million_records() {
    let (topics, per_topic, streams) = (100_000_u64, 24_u64, 27_u64);
    let dir = std::env::temp_dir().join(format!("ijkpunt-ledger-speed-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join("ledger");
    let kind = Kind::new("speed").unwrap();
    let mut ledger = Ledger::create(&path, kind).unwrap();
    let begin = Instant::now();
    let (mut random, mut places) = (1_u64, vec![0; streams as usize]);
    let records = topics * per_topic;
    let (mut added, mut commits) = (0, 0);
    while added < records {
        let mut append = ledger.begin().unwrap();
        for _ in 0..5000.min(records - added) {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let (topic, stream) = ((random >> 33) % topics, (random >> 20) % streams);
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&topic.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
            let place = places[stream as usize];
            places[stream as usize] += 1;
            append
                .add(&NewRecord {
                    stream: [stream as u8; 32],
                    place,
                    topic: bytes,
                    body: &[7; 250],
                })
                .unwrap();
            added += 1;
        }
        append.commit().unwrap();
        commits += 1;
    }
    let took = begin.elapsed().as_secs_f64();
    let length = fs::metadata(&path).unwrap().len();
    println!(
        "{added} records in {commits} commits: {took:.1} s, {:.0} a second, {:.0} bytes a record",
        added as f64 / took,
        length as f64 / added as f64
    );
    drop(ledger);
    let ledger = Ledger::read(&path, kind).unwrap();
    for _ in 0..2 {
        let begin = Instant::now();
        let (mut count, mut bytes, mut groups, mut last) = (0_u64, 0, 0_u64, 0);
        let _ = ledger.of_topics(0..u64::MAX, |record| {
            count += 1;
            bytes += record.body.len();
            groups += u64::from(record.topic_number != last);
            last = record.topic_number;
            ControlFlow::<()>::Continue(())
        });
        println!(
            "by topic: {count} records, {groups} topics, {bytes} bytes: {:.2?}",
            begin.elapsed()
        );
    }
    let begin = Instant::now();
    let _ = ledger.records(1, |_| ControlFlow::<()>::Continue(()));
    println!("in order: {:.2?}", begin.elapsed());
    let begin = Instant::now();
    ledger.verify(|_, _| ()).unwrap();
    println!("verified: {:.2?}", begin.elapsed());
    fs::remove_dir_all(dir).unwrap();
}
