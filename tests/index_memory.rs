//! What an index takes: while it is built, when it is there, and for a search.

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

use ijkpunt::hash::{Pdq, Radius};
use ijkpunt::index::{Hit, Index, Kernel, Tables};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What `work` holds at most beside what was there, and what its value is. Memory is measured for the whole process, in which
/// the test harness does something now and then: what is too much must be so each time.
fn measured<T>(times: usize, mut work: impl FnMut() -> T) -> Option<(usize, T)> {
    let once = |_| {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let value = work();
        (MEMORY.peak_usage() - before, value)
    };
    (0..times).map(once).min_by_key(|&(peak, _)| peak)
}

/// Random codes, the same in every run (`SplitMix64`).
fn codes(count: usize) -> impl ExactSizeIterator<Item = Pdq> {
    let mut state = 0u64;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_be_bytes()
    };
    (0..count).map(move |_| {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&next());
        }
        Pdq::from_bytes(bytes)
    })
}

/// One test, so that no other allocates meanwhile.
#[test]
fn an_index_takes_140_bytes_a_code_and_twice_that_to_build_and_a_search_its_hits() {
    // The caller's codes need not all be there at once; how many come is known, or not.
    for (count, is_known) in [
        (20_000, true),
        (20_000, false),
        (200_000, true),
        (200_000, false),
        (1_000_000, true),
    ] {
        let built = if is_known {
            measured(1, || codes(count).collect::<Index<'_>>())
        } else {
            measured(1, || codes(count).filter(|_| black_box(true)).collect())
        };
        let Some((peak, index)) = built else {
            unreachable!("measured once")
        };
        let bytes = index.as_bytes().len();
        // On Linux, the index has pages of its own, which the allocator does not know of.
        let peak = if peak < bytes { peak + bytes } else { peak };
        println!("{count} codes: {bytes} bytes, at most {peak}");
        assert!(
            peak >= bytes + 32 * count,
            "{peak} bytes do not hold the index and its codes"
        );
        assert!(
            10 * peak <= 22 * bytes,
            "{count} codes: {peak} bytes for {bytes}"
        );
        if count == 1_000_000 {
            assert!(bytes <= 140 * count, "{bytes} bytes");
        }
        if count == 20_000 && is_known {
            searches_take_their_hits_only(&index);
        }
    }
}

fn searches_take_their_hits_only(index: &Index<'_>) {
    let queries: Vec<Pdq> = codes(50).collect();
    let radii = [0, 31, 40, 64, 100].map(Radius::new).into_iter().flatten();
    for radius in radii {
        for kernel in Kernel::ALL {
            for tables in [Tables::Best, Tables::Always, Tables::Never] {
                let visits = measured(5, || {
                    let mut hits = 0;
                    for &query in queries.iter().take(3) {
                        let _ = index.visit_by(kernel, tables, &[query], radius, |_, hit| {
                            hits += usize::from(hit.row < index.len());
                            ControlFlow::<Infallible>::Continue(())
                        });
                    }
                    hits
                });
                assert!(
                    visits.is_some_and(|(peak, hits)| peak == 0 && hits >= 3),
                    "{radius}, {kernel:?}, {tables:?}: {visits:?}"
                );
            }
        }
        let peak = measured(5, || {
            for &query in &queries {
                black_box((index.nearest(query, radius), index.any(query, radius)));
            }
        });
        assert_eq!(peak, Some((0, ())));
        for &query in &queries {
            let searched = measured(5, || index.search(query, radius));
            // A list grows to twice what it holds, from four, and for a moment stands beside the one before.
            let most = |hits: usize| 3 * hits.max(4) * size_of::<Hit>();
            assert!(
                searched.is_some_and(|(peak, hits)| !hits.is_empty() && peak <= most(hits.len())),
                "{radius}"
            );
        }
    }
    let far = Pdq::from_bytes([0x5a; 32]);
    let nothing = measured(5, || index.search(far, Radius::DEFAULT));
    assert_eq!(nothing, Some((0, Vec::new())));
}
