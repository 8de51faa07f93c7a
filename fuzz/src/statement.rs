//! Bytes as an envelope of a statement or a genesis, compact and as JSON, and as a log that was kept: what is read is written as it was,
//! nobody's key verifies a statement but the one that it names itself, and a log that refuses stays as it is.

use ijkpunt::limits::Limits;
use ijkpunt::sign::{
    Claim, Envelope, GENESIS, Genesis, Log, Opening, PublicKey, Refused, STATEMENT, Said, Signed,
    Signer, SigningKey, Statement, What, from_compact, tree::TreeHash,
};

/// As much as an envelope may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(envelope) = Envelope::from_compact(STATEMENT, bytes, &limits) {
        assert_eq!(envelope.to_compact().as_deref(), Ok(bytes));
        let value = from_compact::<Statement>(bytes);
        let written = value
            .as_ref()
            .ok()
            .and_then(|value| Envelope::of(value, &[]).ok());
        if let Some(written) = written {
            assert_eq!(written.unverified_payload(), envelope.unverified_payload());
        }
        claim(&envelope, value.ok().as_ref());
    }
    if let Ok(envelope) = Envelope::from_json(bytes, &limits) {
        claim(&envelope, None);
        found(&envelope);
    }
    if let Ok(envelope) = Envelope::from_compact(GENESIS, bytes, &limits) {
        found(&envelope);
    }
    if let Ok(log) = Log::from_bytes(bytes) {
        assert_eq!(log.to_bytes(), bytes);
        let _ = (log.ends(), log.tree().root());
    }
}

fn found(envelope: &Envelope) {
    if let Ok(genesis) = Genesis::open(envelope) {
        let founders = &genesis.founding().founders;
        assert!(founders.len() >= 2 && genesis.keys().len() == founders.len());
        assert_eq!(
            Genesis::new(genesis.founding().clone()),
            Ok(genesis.into_inner())
        );
    }
}

fn claim(envelope: &Envelope, value: Option<&Statement>) {
    let Ok(claim) = Claim::read(envelope) else {
        return;
    };
    let statement = claim.unverified().clone();
    assert!(value.is_none_or(|value| *value == statement));
    let (named, leaf) = (claim.names_key(), claim.leaf());
    assert_eq!(leaf, TreeHash::leaf(&envelope.message()));
    if let Ok(signed) = claim.verify(|_| None) {
        let named: Option<PublicKey> = named;
        let keys: Vec<_> = signed.statement().keys().iter().copied().collect();
        assert_eq!(
            Some(keys.as_slice()),
            named.map(|key| [key.id()]).as_ref().map(|id| &id[..])
        );
        accept(&signed);
    }
    // Signed by a key that is known it may be taken by that key's log, or refused.
    let key = SigningKey::from_seed(&[9; 32]);
    let Ok(again) = Envelope::of(&statement, &[&key]) else {
        panic!("a statement that was read is written");
    };
    let Ok(signed) = Claim::read(&again).and_then(|claim| claim.verify(|_| Some(key.public_key())))
    else {
        return; // it names the key itself, which is another one of the same id: none
    };
    accept(&signed);
    accept_in_its_log(&statement, &key);
}

fn accept(signed: &Signed) {
    let statement = signed.statement();
    if let What::Opened(opening) = &statement.what {
        match Log::open(signed, opening.register) {
            Ok(log) => {
                assert_eq!(log.begins(), opening.sequence);
                go_on(log, signed);
            }
            Err(refused) => assert!(
                matches!(
                    refused,
                    Refused::Before | Refused::UnknownKey(_) | Refused::Full
                ),
                "{refused:?}"
            ),
        }
    }
}

/// A log of its own speaker that begins one place before it, and holds nothing else: it is taken there, if it says what a log takes.
fn accept_in_its_log(statement: &Statement, key: &SigningKey) {
    let (Some(state), Some(sequence)) = (statement.state(), statement.sequence().checked_sub(1))
    else {
        return;
    };
    let opening = Opening {
        register: ijkpunt::sign::GenesisId::from_bytes([0; 32]),
        by: statement.authority().clone(),
        state,
        sequence,
        at: statement.at(),
        key: key.public_key(),
    };
    let first = Statement {
        before: TreeHash::empty(),
        what: What::Opened(opening),
    };
    let Some(signed) = signed(&first, key) else {
        panic!("an opening that its key has signed");
    };
    let Ok(log) = Log::open(&signed, ijkpunt::sign::GenesisId::from_bytes([0; 32])) else {
        panic!("nothing stands before it");
    };
    let next = Statement {
        before: log.tree().root(),
        what: statement.what.clone(),
    };
    if let Some(signed) = self::signed(&next, key) {
        go_on(log, &signed);
    }
}

fn signed(statement: &Statement, key: &SigningKey) -> Option<Signed> {
    let envelope = Envelope::of(statement, &[key]).ok()?;
    let claim = Claim::read(&envelope).ok()?;
    claim.verify(|_| Some(key.public_key())).ok()
}

/// What is taken is not taken again, and what is refused changes nothing.
fn go_on(mut log: Log, signed: &Signed) {
    let (was, mut said) = (log.clone(), Said::default());
    match log.accept(signed, &said) {
        Ok(()) => {
            assert_eq!(log.ends(), was.ends() + 1);
            said.take(signed.statement());
            let is = log.clone();
            assert!(log.accept(signed, &said).is_err());
            assert_eq!(log, is);
        }
        Err(_) => assert_eq!(log, was),
    }
    let read = Log::from_bytes(&log.to_bytes());
    assert_eq!(read.as_ref(), Ok(&log));
}
