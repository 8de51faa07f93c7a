//! Rows of the table, and the same as JSON lines.

use serde::Serialize;

use crate::clock::median;

/// One peer at one size. Milliseconds are CPU time, medians of the rounds.
#[derive(Serialize)]
pub struct Row {
    pub bench: &'static str,
    pub size: String,
    pub peer: String,
    /// Which of our kernels.
    pub kernel: &'static str,
    pub ours_ms: f64,
    pub peer_ms: f64,
    /// `peer_ms / ours_ms`: above 1 we are faster.
    pub ratio: f64,
    /// The least and the greatest ratio within a round.
    pub ratio_range: [f64; 2],
    pub rounds: usize,
    /// Bits between the peer's hash and ours; none for another algorithm.
    pub distance_bits: Option<u32>,
    pub version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours_decode_ms: Option<f64>,
    /// The part of our time that is hashing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours_hash_share: Option<f64>,
}

impl Row {
    /// Of the milliseconds that both took, round by round.
    pub fn of(
        bench: &'static str,
        size: &str,
        peer: &str,
        kernel: &'static str,
        ours: &[f64],
        theirs: &[f64],
    ) -> Self {
        let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(o, t)| t / o).collect();
        let (ours_ms, peer_ms) = (median(ours), median(theirs));
        Self {
            bench,
            size: size.to_owned(),
            peer: peer.to_owned(),
            kernel,
            ours_ms: rounded(ours_ms),
            peer_ms: rounded(peer_ms),
            ratio: rounded(peer_ms / ours_ms),
            ratio_range: [
                rounded(ratios.iter().copied().fold(f64::INFINITY, f64::min)),
                rounded(ratios.iter().copied().fold(0.0, f64::max)),
            ],
            rounds: ratios.len(),
            distance_bits: None,
            version: String::new(),
            ours_decode_ms: None,
            ours_hash_share: None,
        }
    }
}

/// All rows, and below them what each peer is.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![format!(
        "{:<10} {:<20} {:<9} {:>9} {:>9} {:>7}  {:<15} {}",
        "size", "peer", "kernel", "ours ms", "peer ms", "ratio", "within a round", "its hash"
    )];
    for row in rows {
        let [least, greatest] = row.ratio_range;
        let hash = match row.distance_bits {
            Some(0) => "ours".to_owned(),
            Some(bits) => format!("{bits} bits from ours"),
            None => "another kind".to_owned(),
        };
        lines.push(format!(
            "{:<10} {:<20} {:<9} {:>9.3} {:>9.3} {:>7.2}  {:<15} {hash}",
            row.size,
            row.peer,
            row.kernel,
            row.ours_ms,
            row.peer_ms,
            row.ratio,
            format!("{least:.2} - {greatest:.2}"),
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
    lines
        .push("ms: CPU time of one hash, median; ratio: peer / ours, above 1 we are faster".into());
    lines.join("\n")
}

pub fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
