use crate::sign::{SignError, Signature};

use super::*;

fn answers(request: &Request, keys: &[u8], trusted: Option<&Trusted<Root>>) -> Vec<SignatureFile> {
    let answer = |number: &u8| request.sign(&key(*number), trusted).unwrap();
    keys.iter().map(answer).collect()
}

#[test]
fn a_request_and_its_answers_go_through_files() {
    let root = first();
    let request = Request::new(targets());
    let read = Request::read(&request.to_json(), &limits()).unwrap();
    assert_eq!(read, request);
    let files: Vec<_> = answers(&read, &[1, 2], Some(&root))
        .iter()
        .map(|file| SignatureFile::read(&file.to_json(), &limits()).unwrap())
        .collect();
    let bytes = assemble(&request, &files, Some(&root)).unwrap();
    let trusted = verify_targets(&root, &bytes, &limits()).unwrap();
    assert_eq!(*trusted, targets());
    assert_eq!(trusted.states().len(), 2);
    assert_eq!(trusted.file(), bytes);
}

#[test]
fn a_request_says_in_words_what_it_asks() {
    let said = Request::new(targets()).to_string();
    let full = sha("full 42");
    for part in [
        "targets of version 7".to_owned(),
        "counts until 2027-11-22T10:00:00Z".to_owned(),
        format!("file full-0000000042.ijk: 1000 bytes, sha256 {full}"),
        format!(
            "leads from sha256 {} to 1000 bytes, sha256 {full}",
            sha("full 41")
        ),
    ] {
        assert!(said.contains(&part), "{part} is not in {said}");
    }
    let said = Request::new(Root::new(terms()).unwrap()).to_string();
    for part in [
        "root of version 1".to_owned(),
        "root is signed by 2 of 3 states".to_owned(),
        format!("targets is signed for XB by the key {}", public(2)),
        format!(
            "timestamp is signed for the publisher by the key {}",
            public(100)
        ),
    ] {
        assert!(said.contains(&part), "{part} is not in {said}");
    }
}

#[test]
fn changes_are_what_differs_and_nothing_else() {
    let mut next = terms();
    next.version = version(2);
    next.root.keys[2] = (state("XD"), public(4));
    let (old, new) = (first().into_inner().into(), Root::new(next).unwrap());
    let changes = Content::from(new).changes(&old);
    assert_eq!(
        changes,
        [
            "no longer: root of version 1".to_owned(),
            format!("no longer: root is signed for XC by the key {}", public(3)),
            "new: root of version 2".to_owned(),
            format!("new: root is signed for XD by the key {}", public(4)),
        ]
    );
    assert!(old.changes(&old).is_empty());
}

#[test]
fn a_request_whose_words_are_not_those_of_its_content_is_refused() {
    let request = Request::new(targets());
    let file = value(&request.to_json());
    for (path, to) in [
        ("/says/0", json!("nothing of importance")),
        ("/says", json!([])),
        ("/version", json!(8)),
        ("/expires", json!("2027-11-22T10:00:01Z")),
        ("/signed/version", json!(8)),
        (
            "/signed/targets/full-0000000042.ijk/hashes/sha256",
            json!("00".repeat(32)),
        ),
    ] {
        let mut file = file.clone();
        *file.pointer_mut(path).unwrap() = to;
        let error = Request::read(&json::written(file), &limits()).unwrap_err();
        let contradicts = MetadataError::from(TargetsError::Contradiction(42));
        let is_it = error == SigningError::Misleading || error == contradicts.into();
        assert!(is_it, "{path}: {error}");
    }
    let mut more = file.clone();
    more["note"] = json!("urgent");
    let error = Request::read(&json::written(more), &limits());
    assert_eq!(error, Err(SigningError::Misleading));
    for (member, to) in [
        ("what", json!("a poem")),
        ("v", json!(2)),
        ("role", json!("mirrors")),
    ] {
        let mut file = file.clone();
        file[member] = to;
        let error = Request::read(&json::written(file), &limits());
        assert_eq!(error, Err(SigningError::NoRequest));
    }
}

#[test]
fn who_does_not_sign_the_role_is_refused_at_once() {
    let root = first();
    let request = Request::new(targets());
    for number in [4, 100] {
        let error = request.sign(&key(number), Some(&root)).unwrap_err();
        let (role, key) = (Role::Targets, public(number));
        assert_eq!(error, SigningError::NotASigner { role, key });
    }
    let error = request.sign(&key(1), None).unwrap_err();
    assert_eq!(error, SigningError::NoTrustedRoot);
}

/// A token that signs something else.
struct Broken;

impl Signer for Broken {
    fn public_key(&self) -> PublicKey {
        public(1)
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
        key(1).sign(b"another text")
    }
}

#[test]
fn a_token_that_has_gone_wrong_is_found_by_who_holds_it() {
    let error = Request::new(targets()).sign(&Broken, Some(&first()));
    assert_eq!(error, Err(SigningError::BadSigner(public(1))));
}

#[test]
fn too_few_states_are_told_who_is_missing() {
    let root = first();
    let request = Request::new(targets());
    let error = assemble(&request, &answers(&request, &[2], Some(&root)), Some(&root));
    let expected = MetadataError::TooFew {
        role: Role::Targets,
        root: version(1),
        needed: 2,
        signed: [nth(2)].into(),
        missing: [nth(1), nth(3)].into(),
    };
    assert_eq!(
        expected.to_string(),
        "targets, by root 1: 1 of 2 states have signed; missing are XA, XC"
    );
    assert_eq!(error, Err(expected.into()));
    assert!(assemble(&request, &[], Some(&root)).is_err());
}

#[test]
fn what_is_not_a_good_signature_of_this_is_refused_by_name() {
    let root = first();
    let request = Request::new(targets());
    let good = answers(&request, &[1, 2], Some(&root));
    let with = |change: &dyn Fn(&mut SignatureFile)| {
        let mut files = good.clone();
        change(&mut files[1]);
        assemble(&request, &files, Some(&root)).unwrap_err()
    };
    let of_another = |file: SignatureFile| SigningError::OfAnother {
        key: file.key,
        role: file.role,
        version: file.version,
    };
    let mut other = good[1];
    other.version = version(8);
    assert_eq!(with(&|file| file.version = version(8)), of_another(other));
    let mut other = good[1];
    other.role = Role::Root;
    assert_eq!(with(&|file| file.role = Role::Root), of_another(other));
    assert_eq!(
        with(&|file| file.sha256 = sha("another")),
        of_another(good[1])
    );
    let stranger = sha("a stranger");
    assert_eq!(
        with(&|file| file.key = stranger),
        SigningError::Stranger(stranger)
    );
    assert_eq!(
        with(&|file| file.signature = good[0].signature),
        SigningError::BadSignature(good[1].key)
    );
    assert_eq!(
        with(&|file| *file = good[0]),
        SigningError::Repeated(good[0].key)
    );
    let publisher: Sha256 = id(100, None).parse().unwrap();
    assert_eq!(
        with(&|file| file.key = publisher),
        SigningError::Stranger(publisher)
    );
}

#[test]
fn the_order_of_answers_makes_no_difference() {
    let root = first();
    let request = Request::new(targets());
    let mut files = answers(&request, &[1, 2, 3], Some(&root));
    let bytes = assemble(&request, &files, Some(&root)).unwrap();
    for _ in 0..3 {
        files.rotate_left(1);
        assert_eq!(assemble(&request, &files, Some(&root)).unwrap(), bytes);
    }
}

#[test]
fn a_new_root_needs_the_old_states_and_the_new() {
    let first = first();
    let mut next = terms();
    next.version = version(2);
    next.root = StateTerms {
        threshold: 2,
        keys: [3, 4, 5].map(|one| (nth(one), public(one))).into(),
    };
    let next = Root::new(next).unwrap();
    for (keys, missing_by) in [
        (&[1_u8, 2][..], Some(2)),
        (&[4, 5], Some(1)),
        (&[1, 3], Some(2)),
        (&[3, 4], Some(1)),
        (&[1, 3, 4], None),
        (&[1, 2, 4, 5], None),
    ] {
        match (signed(next.clone(), keys, Some(&first)), missing_by) {
            (Ok(bytes), None) => {
                let trusted = verify_root_chain(&first, &bytes, &limits()).unwrap();
                assert_eq!(*trusted, next);
            }
            (Err(SigningError::Metadata(MetadataError::TooFew { root, .. })), Some(by)) => {
                assert_eq!(root, version(by));
            }
            (other, _) => panic!("{keys:?}: {other:?}"),
        }
    }
}

#[test]
fn only_the_next_root_is_signed_and_only_the_first_without_another() {
    let first = first();
    for number in [1, 3] {
        let mut terms = terms();
        terms.version = version(number);
        let request = Request::new(Root::new(terms).unwrap());
        let error = request.sign(&key(1), Some(&first)).unwrap_err();
        let not_next = TermsError::NotNext {
            trusted: version(1),
            version: version(number),
        };
        assert_eq!(error, MetadataError::Terms(not_next).into());
    }
    let mut terms = terms();
    terms.version = version(2);
    let request = Request::new(Root::new(terms).unwrap());
    assert_eq!(
        request.sign(&key(1), None),
        Err(SigningError::NoTrustedRoot)
    );
}

#[test]
fn a_key_does_not_move_from_one_state_to_another() {
    let mut next = terms();
    next.version = version(2);
    for keys in [&mut next.root.keys, &mut next.targets.keys] {
        keys[0].0 = state("XZ");
    }
    let error = signed(Root::new(next).unwrap(), &[2, 3], Some(&first())).unwrap_err();
    let moved = MetadataError::Terms(TermsError::Shared(public(1)));
    assert_eq!(error, moved.into());
}
