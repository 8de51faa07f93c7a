//! Lists read whole: `list/read/100k/KIND`, of PDQ hashes only, and of PDQ, SHA-256 and MD5 in turn, two rows an entry.
//! And `generic/asking`: how an entry is to be asked for.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ijkpunt::List;
use ijkpunt::baseline::generic::{Asking, asking};
use ijkpunt::hash::{DigestKind, Pdq};

const ROWS: u32 = 100_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("list/read/100k");
    group.throughput(Throughput::Elements(ROWS.into()));
    for (name, kinds) in [("pdq", 1), ("mixed", 3)] {
        let csv = csv(kinds);
        let read = |csv: &str| List::from_bytes(csv.as_bytes());
        match read(&csv) {
            Ok(list) => assert_eq!((list.rows().len(), list.reading().refused()), (100_000, 0)),
            Err(error) => panic!("{error}"),
        }
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&csv))));
    }
    group.finish();
    let far = Pdq::from_bytes(*b"any text of thirty-two letters..");
    assert_eq!(asking(far), Asking::Normal);
    criterion.bench_function("generic/asking", |bencher| {
        bencher.iter(|| asking(black_box(far)));
    });
    criterion.final_summary();
}

fn csv(kinds: u32) -> String {
    let mut csv = String::from("id,pdq,sha256,md5\n");
    for row in 0..ROWS {
        let entry = row / 2;
        // A PDQ hash has the length of a SHA-256; any bits will do.
        let sha256 = DigestKind::Sha256.of(&row.to_le_bytes());
        let _ = match row % kinds {
            0 => writeln!(csv, "item-{entry},{sha256},,"),
            1 => writeln!(csv, "item-{entry},,{sha256},"),
            _ => {
                let md5 = DigestKind::Md5.of(&row.to_le_bytes());
                writeln!(csv, "item-{entry},,,{md5}")
            }
        };
    }
    csv
}
