//! Bytes as each kind of metadata, as a request and as the file of a signature: nothing that these keys did not sign is trusted, and what is
//! read is written as it was read.

use ijkpunt::limits::Limits;
use ijkpunt::sign::{Signer, SigningKey};
use ijkpunt::tuf::{
    Content, Request, SignatureFile, assemble, verify_root, verify_snapshot, verify_targets,
    verify_timestamp,
};

/// As much as a request or a file may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(root) = verify_root(bytes, &limits) {
        assert!(root.states().len() >= 2);
        assert_eq!(verify_root(root.file(), &limits).as_ref(), Ok(&root));
        // A root is none of the others, whoever signed it.
        assert!(verify_targets(&root, bytes, &limits).is_err());
        assert!(verify_snapshot(&root, bytes, &limits).is_err());
        assert!(verify_timestamp(&root, bytes, &limits).is_err());
    }
    if let Ok(file) = SignatureFile::read(bytes, &limits) {
        assert_eq!(SignatureFile::read(&file.to_json(), &limits), Ok(file));
    }
    let Ok(request) = Request::read(bytes, &limits) else {
        return;
    };
    let mut wide = limits.clone();
    wide.request_bytes *= 2; // what is written for people has more white space than what was read
    let again = Request::read(&request.to_json(), &wide);
    assert_eq!(again.as_ref(), Ok(&request));
    assert!(request.content().changes(request.content()).is_empty());
    // Without a trusted root nobody signs anything but the first one, and nobody alone.
    let key = SigningKey::from_seed(&[1; 32]);
    if let Ok(file) = request.sign(&key, None) {
        let Content::Root(root) = request.content() else {
            panic!("only a root is signed without another");
        };
        assert!(
            root.key_id(file.role(), &key.public_key())
                .is_some_and(|id| id == file.key())
        );
        assert!(assemble(&request, &[file], None).is_err());
    }
}
