//! Small histories: an authority that says one thing after another, each signed and put into its log.

use std::collections::BTreeMap;

use crate::baseline::{
    Assessment, Commitment, ContextDependence, Creation, EndReason, Entry, EntryId, Event,
    Feedback, InstrumentEnd, InstrumentKind, InstrumentName, LegalInstrument, MediaKind, Method,
    Reasons, Resumption, Reviews, Suspension, Target, TcoTypes, Verdict, Withdrawal,
    WithdrawalReason,
};
use crate::baseline::{Finality, Scrutiny};
use crate::sign::{
    Admission, Claim, Endorsement, Envelope, GenesisId, KeyId, Log, Motion, Opening, Refused,
    Rotation, Said, Signed, Statement, Topic, What,
};

use super::*;

/// A key of 1 to 9, by its name.
pub(super) fn known(id: &KeyId) -> Option<PublicKey> {
    let mut keys = (1..10).map(|number| key(number).public_key());
    keys.find(|key| key.id() == *id)
}

pub(super) fn envelope(statement: &Statement, keys: &[u8]) -> Envelope {
    let mut envelope = Envelope::of(statement, &[]).unwrap();
    for number in keys {
        envelope.add(&key(*number)).unwrap();
    }
    envelope
}

pub(super) fn signed(statement: &Statement, keys: &[u8]) -> Result<Signed, Refused> {
    Claim::read(&envelope(statement, keys))?.verify(known)
}

/// The first statement of the log of a, by key 1.
pub(super) fn opening(register: GenesisId) -> Statement {
    Statement {
        before: crate::sign::tree::TreeHash::empty(),
        what: What::Opened(Opening {
            register,
            by: "a".parse().unwrap(),
            state: "XA".parse().unwrap(),
            sequence: 0,
            at: now(),
            key: key(1).public_key(),
        }),
    }
}

/// The log of a, with all that it says, and the present key.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) log: Log,
    pub(super) said: BTreeMap<Topic, Said>,
    pub(super) number: u8,
    by: AuthorityId,
    state: MemberState,
}

impl Desk {
    /// With its opening alone.
    pub(super) fn new() -> Self {
        Self::from(0)
    }

    /// The same, of a log that begins where another one was closed.
    pub(super) fn from(sequence: u64) -> Self {
        let register = genesis().id();
        let mut first = opening(register);
        if let What::Opened(opening) = &mut first.what {
            opening.sequence = sequence;
        }
        let signed = signed(&first, &[1]).unwrap();
        Self {
            log: Log::open(&signed, register).unwrap(),
            said: BTreeMap::new(),
            number: 1,
            by: "a".parse().unwrap(),
            state: "XA".parse().unwrap(),
        }
    }

    pub(super) fn statement(&self, what: What) -> Statement {
        let before = self.log.tree().root();
        Statement { before, what }
    }

    /// Takes a statement, or refuses it and stays as it is.
    pub(super) fn accept(&mut self, statement: &Statement, keys: &[u8]) -> Result<(), Refused> {
        let (signed, was) = (signed(statement, keys)?, self.log.clone());
        let said = self.said.entry(statement.topic()).or_default();
        let taken = self.log.accept(&signed, said);
        if taken.is_ok() {
            said.take(statement);
            assert_eq!(self.log.ends(), was.ends() + 1);
        } else {
            assert_eq!(self.log, was);
        }
        taken
    }

    /// Says something by the present key.
    pub(super) fn say(&mut self, what: What) -> Result<(), Refused> {
        let statement = self.statement(what);
        self.accept(&statement, &[self.number])
    }

    pub(super) fn tell(&mut self, event: Event) -> Result<(), Refused> {
        self.say(What::Event(event))
    }

    pub(super) fn rotation(&self, number: u8) -> What {
        What::Rotated(Rotation {
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            at: now(),
            key: key(number).public_key(),
        })
    }

    pub(super) fn rotate(&mut self, number: u8) -> Result<(), Refused> {
        let statement = self.statement(self.rotation(number));
        self.accept(&statement, &[self.number, number])?;
        self.number = number;
        Ok(())
    }

    pub(super) fn endorsement(&self, motion: Motion) -> Endorsement {
        Endorsement {
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            at: now(),
            motion,
        }
    }

    pub(super) fn creation(&self) -> Event {
        Event::EntryCreated(Creation {
            sequence: self.log.ends(),
            entry: entry("a"),
        })
    }

    pub(super) fn assessment(&self) -> Assessment {
        Assessment {
            entry: entry("a").id(),
            authority: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            verdict: Verdict::Terrorist(TcoTypes::from_bits(1).unwrap()),
            reasons: Reasons {
                short: Text::new("it incites").unwrap(),
                long: None,
            },
            exempt_purpose_considered: true,
            method: Method::ViewedByTwo,
            viewed: Some(Commitment::to(b"a file")),
            based_on: None,
            made_at: now(),
            valid_until: None,
        }
    }

    pub(super) fn withdrawal(&self, target: Target) -> Withdrawal {
        Withdrawal {
            entry: entry("a").id(),
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            target,
            reason: WithdrawalReason::WrongMedia,
            effective_at: now(),
            reinstatement_required: false,
        }
    }

    pub(super) fn suspension(&self) -> Suspension {
        Suspension {
            entry: entry("a").id(),
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            reason: Text::new("too broad").unwrap(),
            at: now(),
        }
    }

    pub(super) fn resumption(&self, lifts: u64) -> Resumption {
        Resumption {
            entry: entry("a").id(),
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            lifts,
            at: now(),
        }
    }

    pub(super) fn end(&self, reason: EndReason) -> InstrumentEnd {
        InstrumentEnd {
            instrument: order().name(),
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            at: now(),
            reason,
            reinstatement_required: false,
        }
    }

    pub(super) fn feedback(&self) -> Feedback {
        Feedback {
            entry: entry("a").id(),
            by: self.by.clone(),
            state: self.state,
            sequence: self.log.ends(),
            at: now(),
            platform: Text::new("host").unwrap(),
            from: time("2026-11-01T00:00:00Z"),
            until: time("2026-11-02T00:00:00Z"),
            reviews: Reviews::new(3, 1, 0).unwrap(),
        }
    }
}

pub(super) fn at_place(authority: &str, sequence: u64) -> Target {
    let authority = authority.parse().unwrap();
    Target::Assessment {
        authority,
        sequence,
    }
}

/// An entry that an authority proposes.
pub(super) fn entry(by: &str) -> Entry {
    Entry {
        media: MediaKind::Image,
        source: None,
        fingerprints: Vec::new(),
        title: Text::new("a flag").unwrap(),
        producer: None,
        labels: [].into(),
        context: ContextDependence::Unknown,
        created_by: by.parse().unwrap(),
        created_at: now(),
        review_by: None,
    }
}

pub(super) fn other_entry() -> EntryId {
    entry("b").id()
}

/// A removal order of XA.
pub(super) fn order() -> LegalInstrument {
    LegalInstrument {
        kind: InstrumentKind::RemovalOrder,
        issued_by: "XA".parse().unwrap(),
        reference: Text::new("R-17").unwrap(),
        issued_at: now(),
        finality: Finality::Final,
        scrutiny: Scrutiny::Pending,
    }
}

/// The same of another state.
pub(super) fn order_of(state: &str) -> InstrumentName {
    let mut order = order();
    order.issued_by = state.parse().unwrap();
    order.name()
}

pub(super) fn admission(id: &str, state: &str, number: u8) -> Motion {
    Motion::Admit(Admission {
        authority: authority(id, state, &[Role::IssueOrders]),
        key: key(number).public_key(),
    })
}
