//! Bytes as a statement of reasons: what is read is written so that it is read as the same, and what is refused is refused for a reason.

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::report::statement::{Broken, Statement, batches};

/// As much as a record may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let dated = Statement::read(bytes, Some(Time::MIN), &limits);
    let read = match Statement::read(bytes, None, &limits) {
        Ok(read) => read,
        Err(broken) => {
            assert!(!broken.is_empty() && broken.iter().all(|rule| !rule.to_string().is_empty()));
            assert!(dated.is_err());
            return;
        }
    };
    // A date is one rule more.
    match dated {
        Ok(dated) => assert_eq!(dated, read),
        Err(broken) => assert!(matches!(broken[..], [Broken::AppliedInFuture])),
    }
    let Ok(written) = serde_json::to_vec(&read) else {
        panic!("texts and lists of texts are JSON");
    };
    let mut wide = limits.clone();
    wide.record_bytes *= 6; // an escape in a string can be longer than what it stands for
    assert_eq!(Statement::read(&written, None, &wide).as_ref(), Ok(&read));
    let two = [read.clone(), read];
    assert!(batches(&two).is_err());
    assert!(batches(&two[..1]).is_ok_and(|mut batches| batches.next().is_some()));
}
