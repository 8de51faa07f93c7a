//! What a log takes: the rules that a statement has to meet in the log of its own authority. What depends on other logs is the
//! business of [`Standing`](super::Standing).

use std::collections::BTreeSet;

use crate::baseline::{AuthorityId, Event, MemberState, Method, Target, Time, Verdict, Withdrawal};

use super::said::Said;
use super::tree::{Frontier, FrontierDamaged, TreeHash};
use super::{
    Envelope, GenesisId, KeyId, OpenError, PublicKey, Rotation, Signature, Statement, Verified,
    What,
};

/// A statement as an envelope claims it: read, and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    statement: Statement,
    message: Vec<u8>,
    signatures: Vec<(KeyId, Signature)>,
}

impl Claim {
    /// Reads the statement of an envelope.
    ///
    /// # Errors
    /// [`Refused`]: not a statement, not as this version writes it, no signature, or more than are asked for: one statement has one envelope.
    pub fn read(envelope: &Envelope) -> Result<Self, Refused> {
        let statement: Statement = envelope.unverified()?;
        let asked_for = match &statement.what {
            What::Rotated(_) => 2,
            What::Opened(_) | What::Endorsed(_) | What::Event(_) => 1,
        };
        match envelope.signatures().len() {
            0 => return Err(Refused::Unsigned),
            found if found > asked_for => return Err(Refused::MoreSignatures),
            _ => {}
        }
        Ok(Self {
            statement,
            message: envelope.message(),
            signatures: envelope.signatures().to_vec(),
        })
    }

    /// What is claimed to be said.
    #[must_use]
    pub fn unverified(&self) -> &Statement {
        &self.statement
    }

    /// The key that it names itself: that of a log that is opened, or one that is changed to.
    #[must_use]
    pub fn names_key(&self) -> Option<PublicKey> {
        match &self.statement.what {
            What::Opened(opening) => Some(opening.key),
            What::Rotated(rotation) => Some(rotation.key),
            What::Endorsed(_) | What::Event(_) => None,
        }
    }

    /// Its hash in the tree of a log.
    #[must_use]
    pub fn leaf(&self) -> TreeHash {
        TreeHash::leaf(&self.message)
    }

    /// Verifies every signature, by the key that it names itself and by those that `key` knows. Whether they are its log's at that place is what
    /// [`Log::accept`] asks, so that more may be known here.
    ///
    /// # Errors
    /// [`Refused`]: a key that is not known, or a signature that is not good.
    ///
    /// # Cost
    /// A verification for each signature, some 50 microseconds; it needs no other statement, so many can be verified at once.
    pub fn verify(self, key: impl Fn(&KeyId) -> Option<PublicKey>) -> Result<Signed, Refused> {
        let leaf = self.leaf();
        let named = self.names_key().map(|key| (key.id(), key));
        let mut signed = BTreeSet::new();
        for (id, signature) in &self.signatures {
            let named = named.and_then(|(name, key)| (name == *id).then_some(key));
            let key = named.or_else(|| key(id)).ok_or(Refused::UnknownKey(*id))?;
            key.verify(&self.message, signature)
                .map_err(|_| Refused::BadSignature(*id))?;
            signed.insert(*id);
        }
        let authorities = BTreeSet::from([self.statement.authority().clone()]);
        let states = self.statement.state().into_iter().collect();
        Ok(Signed {
            statement: Verified::new(self.statement, signed, authorities, states),
            leaf,
        })
    }
}

/// A statement whose signatures are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    statement: Verified<Statement>,
    leaf: TreeHash,
}

impl Signed {
    /// What was signed, and by which keys.
    #[must_use]
    pub fn statement(&self) -> &Verified<Statement> {
        &self.statement
    }

    /// Its hash in the tree of the log: of the message that was signed, so that another signature of the same message is the same leaf.
    #[must_use]
    pub fn leaf(&self) -> TreeHash {
        self.leaf
    }

    /// The statement alone.
    #[must_use]
    pub fn into_statement(self) -> Statement {
        self.statement.into_inner()
    }
}

/// The end of a log: what the next statement has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    name: KeyId,
    authority: AuthorityId,
    state: MemberState,
    begins: u64,
    tree: Frontier,
    key: PublicKey,
    retired: BTreeSet<KeyId>,
    last: Time,
}

impl Log {
    /// A log that begins with this statement.
    ///
    /// # Errors
    /// [`Refused`]: another statement than the opening of a log of this register, or one that another key has signed.
    pub fn open(opening: &Signed, register: GenesisId) -> Result<Self, Refused> {
        let What::Opened(first) = &opening.statement.what else {
            return Err(Refused::NotOpened);
        };
        if first.register != register {
            return Err(Refused::OtherRegister(first.register));
        }
        let name = first.key.id();
        if !opening.statement.keys().contains(&name) {
            return Err(Refused::UnknownKey(name));
        }
        let mut log = Self {
            name,
            authority: first.by.clone(),
            state: first.state,
            begins: first.sequence,
            tree: Frontier::default(),
            key: first.key,
            retired: BTreeSet::new(),
            last: first.at,
        };
        if opening.statement.before != log.tree.root() {
            return Err(Refused::Before);
        }
        log.grow(opening)?;
        Ok(log)
    }

    /// Takes the next statement, or refuses it and stays as it is. `said` is what this log says of its [topic](Statement::topic) so far.
    ///
    /// # Errors
    /// [`Refused`] says why, and what to do.
    ///
    /// # Cost
    /// Some hashes; the signatures were verified before.
    pub fn accept(&mut self, signed: &Signed, said: &Said) -> Result<(), Refused> {
        let statement = &*signed.statement;
        if *statement.authority() != self.authority
            || statement.state().is_some_and(|state| state != self.state)
        {
            return Err(Refused::Speaker {
                authority: self.authority.clone(),
                state: self.state,
            });
        }
        check_keys(&signed.statement, self.key.id(), &self.retired)?;
        let next = self.ends();
        if statement.sequence() != next {
            let found = statement.sequence();
            return Err(Refused::Sequence { next, found });
        }
        if statement.before != self.tree.root() {
            return Err(Refused::Before);
        }
        if statement.at() < self.last {
            let (at, last) = (statement.at(), self.last);
            return Err(Refused::BackDated { at, last });
        }
        check_what(statement, &self.authority)?;
        said.check(statement, self.begins)?;
        self.grow(signed)?;
        if let What::Rotated(Rotation { key, .. }) = &statement.what {
            self.retired.insert(self.key.id());
            self.key = *key;
        }
        Ok(())
    }

    fn grow(&mut self, signed: &Signed) -> Result<(), Refused> {
        // The place behind it has to be a number, too: at the last one a second statement would stand where the first does.
        let ends = self.ends().checked_add(1);
        ends.ok_or(Refused::Full)?;
        self.tree.append(signed.leaf).map_err(|_| Refused::Full)?;
        self.last = signed.statement.at();
        Ok(())
    }

    /// As it is kept, so that the log need not be read again. Whoever can change these bytes can change the log's end: compare the root with what
    /// its last statement was signed with.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let tree = self.tree.to_bytes();
        let Self {
            name,
            authority,
            state,
            begins,
            tree: _,
            key,
            retired,
            last,
        } = self;
        let kept = (name, authority, state, begins, tree, key, retired, last);
        let Ok(bytes) = postcard::to_stdvec(&kept) else {
            unreachable!("values that have postcard bytes");
        };
        bytes
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// [`FrontierDamaged`] for anything but what [`Log::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierDamaged> {
        let read: Result<(_, _, _, _, Vec<u8>, _, _, _), _> = postcard::from_bytes(bytes);
        let (name, authority, state, begins, tree, key, retired, last) =
            read.map_err(|_| FrontierDamaged)?;
        let tree = Frontier::from_bytes(&tree)?;
        let log = Self {
            name,
            authority,
            state,
            begins,
            tree,
            key,
            retired,
            last,
        };
        if log.to_bytes() == bytes {
            Ok(log)
        } else {
            Err(FrontierDamaged)
        }
    }

    /// Its name: that of its first key.
    #[must_use]
    pub fn name(&self) -> KeyId {
        self.name
    }

    /// Whose it is.
    #[must_use]
    pub fn authority(&self) -> &AuthorityId {
        &self.authority
    }

    /// The state that its authority speaks for.
    #[must_use]
    pub fn state(&self) -> MemberState {
        self.state
    }

    /// The place of its first statement.
    #[must_use]
    pub fn begins(&self) -> u64 {
        self.begins
    }

    /// The place that the next statement will have.
    #[must_use]
    pub fn ends(&self) -> u64 {
        self.begins.saturating_add(self.tree.size())
    }

    /// The tree over its statements.
    #[must_use]
    pub fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// The key that signs the next statement.
    #[must_use]
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// The time of its last statement, before which the next one may not be.
    #[must_use]
    pub fn last(&self) -> Time {
        self.last
    }
}

/// What a statement may say in the log of this authority, whatever was said before.
pub(super) fn check_what(statement: &Statement, speaker: &AuthorityId) -> Result<(), Refused> {
    let of_another = |authority: &AuthorityId| authority != speaker;
    match &statement.what {
        What::Opened(_) => Err(Refused::Again("a log is opened once: go on with it")),
        What::Event(Event::Withdrawn(Withdrawal {
            target: Target::Assessment { authority, .. },
            ..
        })) if of_another(authority) => Err(Refused::OthersWord(authority.clone())),
        What::Event(Event::Assessed(assessment)) => {
            match (&assessment.method, &assessment.viewed) {
                (Method::Adopted { from }, _) if !of_another(from) => {
                    Err(Refused::AdoptedFromItself)
                }
                (Method::Adopted { .. }, Some(_)) => Err(Refused::AdoptedAndViewed),
                (Method::ViewedByOne | Method::ViewedByTwo, None)
                    if assessment.verdict != Verdict::Abstain =>
                {
                    Err(Refused::NotViewed)
                }
                _ => Ok(()),
            }
        }
        What::Event(Event::Feedback(told)) if told.until <= told.from => Err(Refused::NoTime),
        What::Event(Event::InstrumentEnded(end)) if !end.counts() => {
            Err(Refused::OthersAct(end.instrument.issued_by))
        }
        _ => Ok(()),
    }
}

/// Whether a statement is signed by the present key of its log, and where that is changed by the next one, too.
pub(super) fn check_keys(
    signed: &Verified<Statement>,
    present: KeyId,
    retired: &BTreeSet<KeyId>,
) -> Result<(), Refused> {
    let keys = signed.keys();
    if let Some(retired) = keys.iter().find(|key| retired.contains(key)) {
        return Err(Refused::Retired(*retired));
    }
    let mut others = keys.iter().filter(|key| **key != present);
    match (&signed.what, keys.contains(&present)) {
        (What::Rotated(rotation), true) if rotation.key.id() == present => {
            Err(Refused::Again("the key is the present one: take another"))
        }
        (What::Rotated(rotation), true) => match others.next() {
            Some(other) if *other == rotation.key.id() => Ok(()),
            _ => Err(Refused::NewKeyUnproven),
        },
        (_, true) => Ok(()),
        (_, false) => Err(others
            .next()
            .map_or(Refused::Unsigned, |other| Refused::UnknownKey(*other))),
    }
}

/// A statement that its log does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Not a statement that this version reads.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// No signature.
    #[error("unsigned: ask its authority to sign it")]
    Unsigned,
    /// Signed by a key that is not of this log.
    #[error(
        "signed by {0}, which is no key of this log: ask its authority which key it signs with"
    )]
    UnknownKey(KeyId),
    /// Signed by a key that another one has taken the place of.
    #[error("signed by {0}, a key that was retired: sign with the present one")]
    Retired(KeyId),
    /// The signature does not fit.
    #[error("the signature does not fit {0} and the statement: it was changed, ask for it again")]
    BadSignature(KeyId),
    /// More signatures than are asked for.
    #[error("more signatures than are asked for: leave out all but that of the log's present key")]
    MoreSignatures,
    /// A new key has not signed.
    #[error("the new key has not signed the change: sign with both")]
    NewKeyUnproven,
    /// The first statement is not an opening.
    #[error("the log does not begin with its opening: ask for the whole log")]
    NotOpened,
    /// The log is part of another register.
    #[error("of the register {0}: merge it into that one")]
    OtherRegister(GenesisId),
    /// It speaks for somebody else.
    #[error("it speaks for somebody else than {authority} of {state}, whose log this is")]
    Speaker {
        /// Whose log it is.
        authority: AuthorityId,
        /// For which state.
        state: MemberState,
    },
    /// Another place than the next.
    #[error("place {found} where {next} is the next: {}", if found < next { "that place is taken" } else { "import what stands between" })]
    Sequence {
        /// The next place.
        next: u64,
        /// The place that it claims.
        found: u64,
    },
    /// It does not follow on what the log holds.
    #[error("made for another log, or for other statements before it: it cannot be moved")]
    Before,
    /// Earlier than what stands before it.
    #[error("dated {at}, before the log's last statement of {last}: check the clock")]
    BackDated {
        /// Its time.
        at: Time,
        /// That of the statement before it.
        last: Time,
    },
    /// It says what was said.
    #[error("{0}")]
    Again(&'static str),
    /// It takes back, or lifts, something that is not there.
    #[error("{0}")]
    NoSuchThing(&'static str),
    /// It takes back what another authority said.
    #[error("it takes back a word of {0}, which only {0} can")]
    OthersWord(AuthorityId),
    /// It ends the act of another state, for another reason than scrutiny.
    #[error(
        "it ends an act of {0}, which another state can only where it is a removal order in which scrutiny found an infringement"
    )]
    OthersAct(MemberState),
    /// A period that ends before it begins.
    #[error(
        "the period of the reviews ends before it begins: give its first second, and the first one behind it"
    )]
    NoTime,
    /// It adopts its own word.
    #[error("adopted from its own authority: say how it was viewed")]
    AdoptedFromItself,
    /// It says that it was viewed, and not what.
    #[error("it says that somebody viewed it, and not which file: give the file's SHA-256")]
    NotViewed,
    /// It says that nobody viewed it, and names a file.
    #[error("adopted, so nobody viewed it, and yet it names the file: leave one of the two out")]
    AdoptedAndViewed,
    /// No log can have so many statements.
    #[error("the log is full: open another one")]
    Full,
}
