//! Bytes as a file of suspensions: read, they are written as they were; lifting all of them leaves nothing off.

use ijkpunt::limits::Limits;
use ijkpunt::snapshot::Suspensions;

/// As much as a file may have.
pub fn run(bytes: &[u8]) {
    let Ok(read) = Suspensions::from_bytes(bytes, &Limits::default()) else {
        return;
    };
    assert_eq!(read.to_bytes(), bytes);
    let mut lifted = read.clone();
    for (entry, by, why) in read.iter() {
        assert!(read.is_off(entry, by) && read.of(entry).any(|(other, _)| other == by));
        assert!(lifted.resume(entry, by, why.clone()));
        assert!(!lifted.resume(entry, by, why.clone()));
    }
    assert!(lifted.is_empty());
    assert_eq!(
        lifted.lifted().count(),
        read.iter().count() + read.lifted().count()
    );
    let again = Suspensions::from_bytes(&lifted.to_bytes(), &Limits::default());
    assert_eq!(again.as_ref(), Ok(&lifted));
}
