use proptest::prelude::*;

use super::*;
use crate::limits::{Limits, Resource};
use crate::sign::spelling::{base64, from_base64};
use crate::sign::tree::{ProofError, TreeHash, root_of};
use crate::sign::{
    BadSignature, Checkpoint, CheckpointError, Fork, Inconsistent, LogName, LogNameError,
    SignedCheckpoint, Unrelated, Verified, consistent, fork,
};

const LOG: &str = "example.org/log";

fn name(text: &str) -> LogName {
    text.parse().unwrap()
}

fn leaf(number: u8) -> TreeHash {
    TreeHash::leaf(&[number])
}

fn checkpoint(size: u8) -> Checkpoint {
    let leaves: Vec<_> = (0..size).map(leaf).collect();
    Checkpoint {
        origin: name(LOG),
        size: size.into(),
        root: root_of(&leaves),
    }
}

fn signed(checkpoint: Checkpoint) -> SignedCheckpoint {
    SignedCheckpoint::sign(checkpoint, &key(1)).unwrap()
}

fn verified(checkpoint: Checkpoint) -> Verified<Checkpoint> {
    let origin = checkpoint.origin.clone();
    signed(checkpoint)
        .verify(&origin, &key(1).public_key())
        .unwrap()
}

fn read(note: &str) -> Result<SignedCheckpoint, CheckpointError> {
    SignedCheckpoint::from_bytes(note.as_bytes(), &Limits::default())
}

fn note(signed: &SignedCheckpoint) -> String {
    String::from_utf8(signed.to_bytes()).unwrap()
}

/// The key of Go's checksum database, whose short name everybody knows.
#[test]
fn the_short_name_of_a_known_key_is_as_known() {
    let bytes = from_base64("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").unwrap();
    let (kind, bytes) = bytes.split_first().unwrap();
    assert_eq!(*kind, 1);
    let known = PublicKey::from_bytes(bytes.try_into().unwrap()).unwrap();
    let hash = crate::sign::checkpoint::key_hash(&name("sum.golang.org"), known);
    assert_eq!(hash, [0x03, 0x3d, 0xe0, 0xae]);
}

#[test]
fn a_note_is_written_in_one_way() {
    let signed = signed(checkpoint(0));
    let note = note(&signed);
    let (text, line) = note.split_once("\n\n").unwrap();
    assert_eq!(
        text,
        "example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    );
    let line = line.strip_prefix("\u{2014} example.org/log ").unwrap();
    let bytes = from_base64(line.strip_suffix('\n').unwrap()).unwrap();
    assert_eq!(bytes.len(), 4 + 64);
    let signature = Signature::from_bytes(bytes[4..].try_into().unwrap());
    let message = format!("{text}\n");
    assert_eq!(
        key(1).public_key().verify(message.as_bytes(), &signature),
        Ok(())
    );
    assert_eq!(read(&note), Ok(signed));
}

#[test]
fn damaged_notes_are_refused_or_others() {
    let mut two = signed(checkpoint(9));
    two.add(&name("witness"), &key(2)).unwrap();
    let bytes = two.to_bytes();
    let end_of_first = bytes.len() - 1 - note(&two).lines().last().unwrap().len();
    let read = |bytes: &[u8]| SignedCheckpoint::from_bytes(bytes, &Limits::default());
    // Cut behind the first signature it is whole: who has signed is not signed.
    assert_eq!(
        read(&bytes[..end_of_first])
            .unwrap()
            .unverified_names()
            .count(),
        1
    );
    hold_damaged(&bytes[..end_of_first], read, SignedCheckpoint::to_bytes);
    for place in 0..bytes.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= mask;
            let Ok(other) = read(&changed) else { continue };
            assert_eq!(other.to_bytes(), changed, "byte {place}");
            let log = other.verify(&name(LOG), &key(1).public_key());
            let witness = other.verify(&name("witness"), &key(2).public_key());
            assert!(log.is_err() || witness.is_err(), "byte {place}");
        }
    }
}

#[test]
fn other_spellings_are_refused() {
    let right = note(&signed(checkpoint(9)));
    let (text, line) = right.split_once("\n\n").unwrap();
    let root = base64(&checkpoint(9).root.to_bytes());
    let changed = |old: &str, new: &str| right.replacen(old, new, 1);
    for wrong in [
        changed("\n9\n", "\n09\n"),
        changed("\n9\n", "\n+9\n"),
        changed("\n9\n", "\n-9\n"),
        changed("\n9\n", "\n18446744073709551616\n"),
        changed("\n9\n", "\n\n"),
        changed(&root, root.trim_end_matches('=')),
        changed(&root, &base64(&[0; 31])),
        changed(&root, &base64(&[0; 33])),
        changed(&root, &format!("{root}\nextension")),
        changed("\n", "\r\n"),
        changed("example.org/log\n", "example.org log\n"),
        changed("example.org/log\n", "\n"),
        changed("\u{2014} ", "- "),
        changed("\u{2014} ", ""),
        changed("\u{2014} example.org/log", "\u{2014} a+b"),
        changed("\u{2014} example.org/log ", "\u{2014} "),
        right.trim_end().to_owned(),
        format!("{right}\n"),
        format!("{right}behind"),
        format!("\n{right}"),
        format!("{text}\n"),
        format!("{text}\n\n"),
        format!("{text}\n{line}"),
        format!("{text}\n\n\u{2014} a AQI=\n"),
        String::new(),
    ] {
        assert_eq!(read(&wrong), Err(CheckpointError::Form), "{wrong}");
    }
    let latin = SignedCheckpoint::from_bytes(&[0xe4, b'\n'], &Limits::default());
    assert_eq!(latin, Err(CheckpointError::Form));
}

/// Witnesses of C2SP sign with a time, which is longer; such a line is kept.
#[test]
fn signatures_of_other_kinds_are_kept_and_not_believed() {
    let mut text = note(&signed(checkpoint(9)));
    let hash = crate::sign::checkpoint::key_hash(&name("witness"), key(2).public_key());
    let other = base64(&[hash.as_slice(), &[7; 72]].concat());
    text += &format!("\u{2014} witness {other}\n");
    let read = read(&text).unwrap();
    assert_eq!(note(&read), text);
    assert!(read.verify(&name(LOG), &key(1).public_key()).is_ok());
    let witness = read.verify(&name("witness"), &key(2).public_key());
    assert_eq!(witness, Err(BadSignature));
}

#[test]
fn a_checkpoint_is_verified_by_its_key_and_name_only() {
    let signed = signed(checkpoint(9));
    let public = key(1).public_key();
    let verified = signed.verify(&name(LOG), &public).unwrap();
    assert_eq!(*verified, checkpoint(9));
    assert_eq!(verified.keys().iter().collect::<Vec<_>>(), [&public.id()]);
    assert!(verified.authorities().is_empty() && verified.states().is_empty());
    assert_eq!(signed.verify(&name("other"), &public), Err(BadSignature));
    assert_eq!(
        signed.verify(&name(LOG), &key(2).public_key()),
        Err(BadSignature)
    );
    let larger = note(&signed).replace("\n9\n", "\n10\n");
    assert_eq!(
        read(&larger).unwrap().verify(&name(LOG), &public),
        Err(BadSignature)
    );
}

#[test]
fn nobody_signs_a_note_twice() {
    let mut two = signed(checkpoint(9));
    two.add(&name(LOG), &key(2)).unwrap();
    two.add(&name("witness"), &key(1)).unwrap();
    let refused = Err(CheckpointError::Repeated(name(LOG)));
    assert_eq!(two.add(&name(LOG), &key(1)), refused);
    let text = note(&two);
    let first = text.lines().nth(4).unwrap();
    assert_eq!(read(&format!("{text}{first}\n")).map(|_| ()), refused);
}

#[test]
fn a_signer_that_fails_or_lies_signs_no_note() {
    let mut signed = SignedCheckpoint::sign(checkpoint(9), &key(3)).unwrap();
    let before = signed.clone();
    let refused = signed.add(&name(LOG), &Absent);
    assert_eq!(refused, Err(CheckpointError::Sign(absent())));
    let refused = signed.add(&name(LOG), &Liar);
    assert_eq!(
        refused,
        Err(CheckpointError::BadSigner(key(1).public_key().id()))
    );
    assert_eq!(signed, before);
}

#[test]
fn limits_hold_at_and_beyond() {
    let mut two = signed(checkpoint(9));
    two.add(&name("witness"), &key(2)).unwrap();
    let bytes = two.to_bytes();
    let mut limits = Limits::default();
    (limits.envelope_bytes, limits.signatures) = (bytes.len() as u64, 2);
    let read = |limits: &Limits| SignedCheckpoint::from_bytes(&bytes, limits);
    assert_eq!(read(&limits), Ok(two));
    limits.envelope_bytes -= 1;
    let beyond =
        |what| move |error| matches!(error, CheckpointError::Limit(limit) if limit.what == what);
    assert!(read(&limits).is_err_and(beyond(Resource::EnvelopeBytes)));
    (limits.envelope_bytes, limits.signatures) = (bytes.len() as u64, 1);
    assert!(read(&limits).is_err_and(beyond(Resource::Signatures)));
}

#[test]
fn two_roots_of_one_size_are_a_fork() {
    let (a, mut other) = (verified(checkpoint(9)), checkpoint(9));
    other.root = leaf(0);
    let b = verified(other);
    let roots = [a.root, b.root];
    assert_eq!(fork(&a, &b), Ok(Some(Fork { size: 9, roots })));
    assert_eq!(
        consistent(&a, &b, &[]),
        Err(Inconsistent::Fork(Fork { size: 9, roots }))
    );
    assert_eq!(fork(&a, &a), Ok(None));
    assert_eq!(fork(&a, &verified(checkpoint(8))), Ok(None));
    assert_eq!(consistent(&a, &a, &[]), Ok(()));
}

#[test]
fn a_log_that_grew_is_consistent_and_another_is_not() {
    let (older, newer) = (verified(checkpoint(2)), verified(checkpoint(3)));
    let proof = [leaf(2)];
    assert_eq!(consistent(&older, &newer, &proof), Ok(()));
    let refused = |older, newer, proof: &[TreeHash]| consistent(older, newer, proof).unwrap_err();
    assert_eq!(
        refused(&older, &newer, &[leaf(1)]),
        Inconsistent::Proof(ProofError::Root)
    );
    assert_eq!(
        refused(&older, &newer, &[]),
        Inconsistent::Proof(ProofError::Length)
    );
    let shrunk = refused(&newer, &older, &proof);
    assert!(matches!(
        shrunk,
        Inconsistent::Proof(ProofError::OutOfTree(_))
    ));
    let mut rewritten = checkpoint(3);
    rewritten.root = root_of(&[leaf(7), leaf(1), leaf(2)]);
    let rewritten = verified(rewritten);
    assert_eq!(
        refused(&older, &rewritten, &proof),
        Inconsistent::Proof(ProofError::Root)
    );
}

#[test]
fn checkpoints_of_two_logs_or_keys_say_nothing_of_each_other() {
    let mut other = checkpoint(9);
    other.origin = name("other");
    other.root = leaf(0);
    let a = verified(checkpoint(9));
    assert_eq!(fork(&a, &verified(other.clone())), Err(Unrelated::Origin));
    assert_eq!(
        consistent(&a, &verified(other), &[]),
        Err(Inconsistent::Unrelated(Unrelated::Origin))
    );
    let by_another = SignedCheckpoint::sign(checkpoint(9), &key(2)).unwrap();
    let by_another = by_another.verify(&name(LOG), &key(2).public_key()).unwrap();
    assert_eq!(fork(&a, &by_another), Err(Unrelated::Key));
}

#[test]
fn a_name_is_a_word_without_plus() {
    let longest = "a".repeat(255);
    for right in ["a", "example.org/log-2026", &longest] {
        assert_eq!(name(right).as_str(), right);
    }
    for wrong in ["", "a b", "a+b", "\u{e4}", "a\n", &"a".repeat(256)] {
        assert_eq!(wrong.parse::<LogName>(), Err(LogNameError), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_checkpoint_goes_round(origin in "[!-*,-~]{1,30}", size: u64, root: [u8; 32]) {
        let checkpoint = Checkpoint { origin: name(&origin), size, root: root.into() };
        let signed = signed(checkpoint.clone());
        let read = SignedCheckpoint::from_bytes(&signed.to_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(&read, &signed);
        prop_assert_eq!(read.unverified(), &checkpoint);
        let verified = read.verify(&checkpoint.origin, &key(1).public_key()).unwrap();
        prop_assert_eq!(verified.into_inner(), checkpoint);
    }
}
