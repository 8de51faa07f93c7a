//! Codes, a query and a radius: the index finds what the scan finds, in every way; and any bytes as an index.

use std::ops::ControlFlow;

use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::{Index, Kernel, Scan, Tables};

/// A radius, a query of 32 bytes, how often each code is listed, and codes: 32 bytes each, of which half a byte says how
/// many of the first follow the query's. The rest is opened as an index.
pub fn run(bytes: &[u8]) {
    opened(bytes);
    let Some((&[radius, times], bytes)) = bytes.split_first_chunk() else {
        return;
    };
    let (codes, _) = bytes.as_chunks::<32>();
    let Some((query, codes)) = codes.split_first() else {
        return;
    };
    let Ok(radius) = Radius::new(u16::from(radius)) else {
        return;
    };
    let near = |code: &[u8; 32]| {
        let mut near = *code;
        let same = usize::from(code[31] % 33);
        near[..same].copy_from_slice(&query[..same]);
        Pdq::from_bytes(near)
    };
    // Each code many times, so that tables and crowds are met.
    let times = 1 + usize::from(times);
    let listed: Vec<Pdq> = codes
        .iter()
        .flat_map(|code| std::iter::repeat_n(near(code), times))
        .collect();
    let query = Pdq::from_bytes(*query);
    let scan: Scan = listed.iter().copied().collect();
    let expected = scan.search(query, radius);
    let index = Index::with_tables(listed.iter().copied(), true);
    assert!(
        index.search(query, radius) == expected,
        "not what the scan finds"
    );
    for kernel in Kernel::ALL {
        for tables in [
            Tables::Always,
            Tables::Never,
            Tables::Until(listed.len() / 2),
        ] {
            let mut hits = Vec::new();
            let (flow, _) = index.visit_by(kernel, tables, &[query], radius, |_, hit| {
                hits.push(hit);
                ControlFlow::<()>::Continue(())
            });
            hits.sort_by_key(|hit| (hit.distance, hit.row));
            assert!(
                flow.is_continue() && hits == expected,
                "{kernel:?} {tables:?}"
            );
        }
    }
}

fn opened(bytes: &[u8]) {
    if let Ok(index) = Index::from_bytes(bytes) {
        let query = Pdq::from_bytes([0x5a; 32]);
        let hits = index.search(query, Radius::DEFAULT);
        assert!(hits.iter().all(|hit| hit.row < index.len()));
    }
}
