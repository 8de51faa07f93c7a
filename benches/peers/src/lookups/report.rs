//! Rows of the table, and the same as JSON lines, which `plot` reads again.

use serde::{Deserialize, Serialize};

use super::Turn;
use crate::clock::median;

/// One peer on one set of codes with one kind of queries. Microseconds are CPU time of one query: the median of a round's
/// queries, of which the median over rounds.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Row {
    pub bench: String,
    /// Listed codes.
    pub n: usize,
    pub set: String,
    /// "miss" or "hit".
    pub kind: String,
    /// Bits.
    pub radius: u16,
    pub peer: String,
    /// Which of our kernels.
    pub kernel: String,
    pub ours_us: f64,
    pub peer_us: f64,
    /// `peer_us / ours_us`: above 1 we are faster.
    pub ratio: f64,
    /// The least and the greatest ratio within a round.
    pub ratio_range: [f64; 2],
    /// The part of all rows within the radius that the peer finds; none where there are none. Ours is 1, or the run ends.
    pub recall: Option<f64>,
    /// Rows that the peer finds and that are not within the radius.
    pub extra: usize,
    pub ours_p99_us: Option<f64>,
    /// None where the peer had fewer than 100 queries.
    pub peer_p99_us: Option<f64>,
    pub rounds: usize,
    /// Of the peer in a round: the first ones of ours.
    pub queries: usize,
    pub ours_bytes_per_code: Option<f64>,
    pub peer_bytes_per_code: Option<f64>,
    /// CPU time of all threads.
    pub ours_build_s: f64,
    pub peer_build_s: f64,
    pub version: String,
}

impl Row {
    /// Of turns round by round.
    pub fn of_times(ours: &[Turn], theirs: &[Turn]) -> Self {
        let pairs = ours.iter().zip(theirs);
        let ratios: Vec<f64> = pairs.map(|(o, t)| t.median_us / o.median_us).collect();
        let medians = |turns: &[Turn]| {
            let each: Vec<f64> = turns.iter().map(|turn| turn.median_us).collect();
            median(&each)
        };
        let p99 = |turns: &[Turn]| {
            let each: Option<Vec<f64>> = turns.iter().map(|turn| turn.p99_us).collect();
            each.map(|each| rounded(median(&each)))
        };
        let (ours_us, peer_us) = (medians(ours), medians(theirs));
        Self {
            bench: "index".to_owned(),
            ours_us: rounded(ours_us),
            peer_us: rounded(peer_us),
            ratio: rounded(peer_us / ours_us),
            ratio_range: [
                rounded(ratios.iter().copied().fold(f64::INFINITY, f64::min)),
                rounded(ratios.iter().copied().fold(0.0, f64::max)),
            ],
            ours_p99_us: p99(ours),
            peer_p99_us: p99(theirs),
            rounds: ratios.len(),
            ..Self::default()
        }
    }
}

/// All rows, and below them what each peer is.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![format!(
        "{:>8} {:<9} {:<4} {:<15} {:<8} {:>9} {:>11} {:>9}  {:<19} {:>6} {:>5} {:>8} {:>9} {:>6}",
        "codes",
        "set",
        "kind",
        "peer",
        "kernel",
        "ours us",
        "peer us",
        "ratio",
        "within a round",
        "recall",
        "extra",
        "ours p99",
        "peer p99",
        "B/code"
    )];
    let or_dash = |value: Option<f64>, digits: usize| {
        value.map_or("-".to_owned(), |value| format!("{value:.digits$}"))
    };
    for row in rows {
        let [least, greatest] = row.ratio_range;
        lines.push(format!(
            "{:>8} {:<9} {:<4} {:<15} {:<8} {:>9.2} {:>11.1} {:>9.1}  {:<19} {:>6} {:>5} {:>8} {:>9} {:>6}",
            row.n,
            row.set,
            row.kind,
            row.peer,
            row.kernel,
            row.ours_us,
            row.peer_us,
            row.ratio,
            format!("{least:.1} - {greatest:.1}"),
            or_dash(row.recall, 4),
            row.extra,
            or_dash(row.ours_p99_us, 1),
            or_dash(row.peer_p99_us, 1),
            or_dash(row.peer_bytes_per_code, 0),
        ));
    }
    lines.push(String::new());
    let mut named = Vec::new();
    for row in rows {
        if !named.contains(&&row.peer) {
            named.push(&row.peer);
            lines.push(format!("{}: {}", row.peer, row.version));
        }
    }
    lines.push(
        "us: CPU time of one query, median; ratio: peer / ours, above 1 we are faster; B/code: the peer's memory"
            .to_owned(),
    );
    lines.join("\n")
}

/// A table a set as Markdown, for the manual: misses by the number of codes, and at the most codes p99, recall of hits and memory. By the first
/// of our kernels.
pub fn markdown(rows: &[Row]) -> String {
    let kernel = rows.first().map(|row| row.kernel.clone());
    let rows: Vec<&Row> = rows
        .iter()
        .filter(|row| Some(&row.kernel) == kernel.as_ref())
        .collect();
    let sets = distinct(rows.iter().map(|row| row.set.as_str()));
    let of_set = |set: &str| {
        let rows: Vec<&Row> = rows.iter().copied().filter(|row| row.set == set).collect();
        let mut sizes = distinct(rows.iter().map(|row| row.n));
        sizes.sort_unstable();
        let head = sizes.iter().map(|n| format!(" {n} |"));
        let mut lines = vec![format!(
            "| {set}, us a miss |{} p99 | recall of hits | bytes a code |",
            head.collect::<String>()
        )];
        lines.push("|---".repeat(sizes.len() + 4) + "|");
        lines.push(line(None, &sizes, &rows));
        for peer in distinct(rows.iter().map(|row| row.peer.as_str())) {
            lines.push(line(Some(peer), &sizes, &rows));
        }
        lines.join("\n") + "\n"
    };
    let tables: Vec<String> = sets.into_iter().map(of_set).collect();
    tables.join("\n")
}

/// A contestant's line; without a name, ours, of which everything was measured anew beside each peer.
fn line(peer: Option<&str>, sizes: &[usize], rows: &[&Row]) -> String {
    let medians = |n: usize, kind: &str, value: &dyn Fn(&Row) -> Option<f64>| {
        let cells = rows.iter().filter(|row| row.n == n && row.kind == kind);
        let cells = cells.filter(|row| peer.is_none_or(|peer| row.peer == peer));
        let values: Vec<f64> = cells.filter_map(|row| value(row)).collect();
        (!values.is_empty()).then(|| median(&values))
    };
    let of = |ours: fn(&Row) -> Option<f64>, theirs: fn(&Row) -> Option<f64>| {
        if peer.is_none() { ours } else { theirs }
    };
    let time = of(|row| Some(row.ours_us), |row| Some(row.peer_us));
    let p99 = of(|row| row.ours_p99_us, |row| row.peer_p99_us);
    let bytes = of(|row| row.ours_bytes_per_code, |row| row.peer_bytes_per_code);
    let recall = of(|_| Some(1.0), |row| row.recall);

    let mut line = format!("| {} |", peer.unwrap_or("ours"));
    for &n in sizes {
        let cell = medians(n, "miss", &time).map_or("-".to_owned(), |micros| {
            let ratio = medians(n, "miss", &|row| Some(row.ratio)).filter(|_| peer.is_some());
            let ratio = ratio.map(|ratio| format!(" (**{}**)", brief(ratio)));
            brief(micros) + &ratio.unwrap_or_default()
        });
        line += &format!(" {cell} |");
    }
    let most = sizes.last().copied().unwrap_or(0);
    let last = [
        medians(most, "miss", &p99).map(brief),
        medians(most, "hit", &recall).map(|recall| format!("{recall:.3}")),
        medians(most, "miss", &bytes).map(|bytes| format!("{bytes:.0}")),
    ];
    for cell in last {
        line += &format!(" {} |", cell.unwrap_or("-".to_owned()));
    }
    line
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// Three digits, or as many as stand before the point.
fn brief(value: f64) -> String {
    let digits = match value {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$}")
}

pub fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
