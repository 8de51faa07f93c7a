//! Bytes as the proof of an entry's state: read, it comes back from what it is written as, and what holds is what it claims.

use ijkpunt::limits::Limits;
use ijkpunt::sign::Proof;

/// As much as a proof may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(read) = Proof::from_json(bytes, &limits) else {
        return;
    };
    let mut wide = limits;
    wide.proof_bytes *= 8; // an escape can be shorter than what it is written as
    let again = Proof::from_json(read.to_json().as_bytes(), &wide);
    assert_eq!(again.as_ref(), Ok(&read));
    if let Ok(proven) = read.verify() {
        assert_eq!(proven.consensus.state, read.state);
        assert_eq!(proven.entry.id(), read.entry);
        assert_eq!(proven.heads.len(), read.logs.len());
    }
}
