//! The same segments the obvious way: every two hits are a line.

use crate::screen::vote::{Hit, Timeline};

/// A stretch that the oracle found.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    pub(super) distinct: usize,
    pub(super) strength: u64,
    pub(super) mirrored: bool,
    pub(super) query_ms: [f64; 2],
}

/// Time of a hit's frames, in the upload and in the entry.
fn at(hit: &Hit, query: &Timeline, entry: &Timeline) -> (f64, f64) {
    let at = |timeline: &Timeline, frame| f64::from(timeline.frame(frame).unwrap().at_ms);
    (at(query, hit.query), at(entry, hit.entry))
}

/// Every line through two hits, its best stretch, and of these the best one, whose hits are taken away; again, until none has three
/// distinct frames.
pub(super) fn segments(hits: &[Hit], query: &Timeline, entry: &Timeline) -> Vec<Stretch> {
    let mut left = nearest(hits);
    let mut found = Vec::new();
    while found.len() < 16 {
        let Some((line, best)) = best(&left, query, entry).filter(|best| best.1.distinct >= 3)
        else {
            break;
        };
        let near = on(&left, &line, &best, 350.0, query, entry);
        let beside = on(&left, &line, &best, 1500.0, query, entry);
        left.retain(|hit| {
            !near
                .iter()
                .any(|near| near.query == hit.query && near.mirrored == best.mirrored)
                && !beside.contains(hit)
        });
        found.push(best);
    }
    found.sort_by(|a, b| a.query_ms[0].total_cmp(&b.query_ms[0]));
    found
}

/// Of each frame of the upload, the eight nearest hits.
fn nearest(hits: &[Hit]) -> Vec<Hit> {
    let mut left = hits.to_vec();
    left.sort_by_key(|hit| (hit.query, hit.mirrored, hit.entry, hit.distance));
    left.dedup_by_key(|hit| (hit.query, hit.mirrored, hit.entry));
    let is_among_eight = |hit: &Hit| {
        let key = |hit: &Hit| (hit.distance, hit.entry, hit.mirrored);
        let nearer = left
            .iter()
            .filter(|other| other.query == hit.query && key(other) < key(hit));
        nearer.count() < 8
    };
    left.iter()
        .filter(|hit| is_among_eight(hit))
        .copied()
        .collect()
}

/// `entry = speed * query + offset`.
type Line = (f64, f64);

fn best(hits: &[Hit], query: &Timeline, entry: &Timeline) -> Option<(Line, Stretch)> {
    let mut best: Option<(Line, Stretch)> = None;
    for a in hits {
        for b in hits.iter().filter(|b| b.mirrored == a.mirrored) {
            let ((a_query, a_entry), (b_query, b_entry)) =
                (at(a, query, entry), at(b, query, entry));
            let speed = (b_entry - a_entry) / (b_query - a_query);
            if b_query <= a_query || !(0.48..=2.08).contains(&speed) {
                continue;
            }
            let line = (speed, a_entry - speed * a_query);
            let same: Vec<Hit> = hits
                .iter()
                .filter(|hit| hit.mirrored == a.mirrored)
                .copied()
                .collect();
            for stretch in stretches(&same, &line, query, entry) {
                let weight = |of: &Stretch| (of.distinct >= 3, of.strength);
                if best
                    .as_ref()
                    .is_none_or(|best| weight(&stretch) > weight(&best.1))
                {
                    best = Some((line, stretch));
                }
            }
        }
    }
    best
}

fn off(hit: &Hit, line: &Line, query: &Timeline, entry: &Timeline) -> f64 {
    let (query_ms, entry_ms) = at(hit, query, entry);
    (entry_ms - line.0 * query_ms - line.1).abs()
}

/// The hits within 350 ms of a line, cut at gaps, one to one.
fn stretches(hits: &[Hit], line: &Line, query: &Timeline, entry: &Timeline) -> Vec<Stretch> {
    let mut near: Vec<Hit> = hits
        .iter()
        .filter(|hit| off(hit, line, query, entry) <= 350.0)
        .copied()
        .collect();
    near.sort_by_key(|hit| (hit.query, hit.entry));
    let pieces = near.chunk_by(|a, b| at(b, query, entry).0 - at(a, query, entry).0 <= 4000.0);
    pieces
        .map(|piece| {
            let piece = without_lone_ends(piece, query, entry);
            let mut order = piece.to_vec();
            let key = |hit: &Hit| (hit.distance, off(hit, line, query, entry));
            order.sort_by(|a, b| key(a).partial_cmp(&key(b)).unwrap());
            let mut hits: Vec<Hit> = Vec::new();
            for hit in order {
                if hits
                    .iter()
                    .all(|taken| taken.query != hit.query && taken.entry != hit.entry)
                {
                    hits.push(hit);
                }
            }
            let ends = |hit: Option<&Hit>| at(hit.unwrap(), query, entry).0;
            Stretch {
                distinct: distinct(&hits, query, entry),
                strength: strength(&hits, query, entry),
                mirrored: piece[0].mirrored,
                query_ms: [ends(piece.first()), ends(piece.last())],
            }
        })
        .collect()
}

fn distinct(hits: &[Hit], query: &Timeline, entry: &Timeline) -> usize {
    let count = |contents: Vec<usize>| {
        let first = |n: &usize| !contents[..*n].contains(&contents[*n]);
        (0..contents.len()).filter(first).count()
    };
    let of = |timeline: &Timeline, frame| timeline.frame(frame).unwrap().content;
    let queries = hits.iter().map(|hit| of(query, hit.query)).collect();
    let entries = hits.iter().map(|hit| of(entry, hit.entry)).collect();
    count(queries).min(count(entries))
}

/// Takes hits away from both ends that are more than two seconds from the next.
fn without_lone_ends<'a>(hits: &'a [Hit], query: &Timeline, entry: &Timeline) -> &'a [Hit] {
    let is_far =
        |n: usize| at(&hits[n], query, entry).0 - at(&hits[n - 1], query, entry).0 > 2000.0;
    let first = (1..hits.len())
        .find(|&n| !is_far(n))
        .map_or(hits.len() - 1, |n| n - 1);
    let last = (1..hits.len()).rev().find(|&n| !is_far(n)).unwrap_or(first);
    &hits[first..=last]
}

/// The nearest hit of each content, on the side where that is less; hits come the nearest first.
fn strength(hits: &[Hit], query: &Timeline, entry: &Timeline) -> u64 {
    let side = |content: &dyn Fn(&Hit) -> usize| -> u64 {
        let is_first = |n: &usize| {
            hits[..*n]
                .iter()
                .all(|hit| content(hit) != content(&hits[*n]))
        };
        let firsts = (0..hits.len()).filter(is_first);
        firsts
            .map(|n| 64u64.saturating_sub(hits[n].distance.bits().into()).pow(2))
            .sum()
    };
    let of = |timeline: &Timeline, frame| timeline.frame(frame).unwrap().content;
    side(&|hit| of(query, hit.query)).min(side(&|hit| of(entry, hit.entry)))
}

/// The hits beside a stretch's line, while it lasts.
fn on(
    hits: &[Hit],
    line: &Line,
    stretch: &Stretch,
    within_ms: f64,
    query: &Timeline,
    entry: &Timeline,
) -> Vec<Hit> {
    let [from, to] = stretch.query_ms;
    let is_on = |hit: &&Hit| {
        let query_ms = at(hit, query, entry).0;
        from <= query_ms && query_ms <= to && off(hit, line, query, entry) <= within_ms
    };
    hits.iter().filter(is_on).copied().collect()
}
