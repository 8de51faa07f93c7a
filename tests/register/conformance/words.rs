//! Short words for writing the logs of the story.

use ijkpunt::baseline::*;
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use ijkpunt::sign::*;

use crate::author::Author;
use crate::history::{at, authority, entry, key};

const DAY_SECONDS: i64 = 86_400;

/// So many days after the founding.
pub(super) fn day(number: i64) -> Time {
    at(number * DAY_SECONDS)
}

pub(super) fn text<const MOST: usize>(words: &str) -> Text<MOST> {
    Text::new(words).unwrap()
}

pub(super) fn terrorist(kinds: &[TcoType]) -> Verdict {
    Verdict::Terrorist(kinds.try_into().unwrap())
}

/// A log, and the key that signs it at present.
#[derive(Clone)]
pub(super) struct Hand {
    pub(super) log: Author,
    pub(super) key: u8,
}

impl Hand {
    pub(super) fn open(number: u8, genesis: &Envelope, on: i64) -> Self {
        Self::opened(number, number, 0, genesis, on)
    }

    pub(super) fn opened(number: u8, key: u8, begins: u64, genesis: &Envelope, on: i64) -> Self {
        let log = Author::opened(number, key, begins, genesis, on * DAY_SECONDS);
        Self { log, key }
    }

    pub(super) fn by(&self) -> AuthorityId {
        authority(self.log.number).id
    }

    pub(super) fn state(&self) -> MemberState {
        authority(self.log.number).state
    }

    /// Lines of the log, by their indices.
    pub(super) fn lines(
        &self,
        of: impl std::slice::SliceIndex<[Vec<u8>], Output = [Vec<u8>]>,
    ) -> Vec<Vec<u8>> {
        self.log.lines[of].to_vec()
    }

    pub(super) fn say(&mut self, event: Event) {
        self.log.push(What::Event(event), &[self.key]);
    }

    pub(super) fn propose(&mut self, entry: &Entry) {
        let (sequence, entry) = (self.log.next(), entry.clone());
        self.say(Event::EntryCreated(Creation { sequence, entry }));
    }

    /// An assessment for the next place, to be changed or said.
    pub(super) fn word(&self, on: i64, entry: EntryId, verdict: Verdict) -> Assessment {
        Assessment {
            entry,
            authority: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            verdict,
            reasons: Reasons {
                short: text("as drawn"),
                long: None,
            },
            exempt_purpose_considered: true,
            method: Method::ViewedByTwo,
            viewed: Some(Commitment::to(b"a file")),
            based_on: None,
            made_at: day(on),
            valid_until: None,
        }
    }

    pub(super) fn assess(&mut self, on: i64, entry: EntryId, verdict: Verdict) {
        let word = self.word(on, entry, verdict);
        self.say(Event::Assessed(word));
    }

    pub(super) fn withdrawal(&self, on: i64, entry: EntryId, target: Target) -> Withdrawal {
        Withdrawal {
            entry,
            by: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            target,
            reason: WithdrawalReason::AssessmentRevoked,
            effective_at: day(on),
            reinstatement_required: true,
        }
    }

    pub(super) fn take_back(&mut self, on: i64, entry: EntryId, target: Target) {
        let withdrawal = self.withdrawal(on, entry, target);
        self.say(Event::Withdrawn(withdrawal));
    }

    /// Suspends an entry, and gives the place of that.
    pub(super) fn suspend(&mut self, on: i64, entry: EntryId) -> u64 {
        let sequence = self.log.next();
        self.say(Event::Suspended(Suspension {
            entry,
            by: self.by(),
            state: self.state(),
            sequence,
            reason: text("a complaint is being looked into"),
            at: day(on),
        }));
        sequence
    }

    pub(super) fn resume(&mut self, on: i64, entry: EntryId, lifts: u64) {
        self.say(Event::Resumed(Resumption {
            entry,
            by: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            lifts,
            at: day(on),
        }));
    }

    pub(super) fn end_of(
        &self,
        on: i64,
        instrument: InstrumentName,
        reason: EndReason,
    ) -> InstrumentEnd {
        InstrumentEnd {
            instrument,
            by: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            at: day(on),
            reason,
            reinstatement_required: true,
        }
    }

    pub(super) fn end(&mut self, on: i64, act: &LegalInstrument, reason: EndReason) {
        let end = self.end_of(on, act.name(), reason);
        self.say(Event::InstrumentEnded(end));
    }

    pub(super) fn feedback(&self, on: i64, entry: EntryId) -> Feedback {
        Feedback {
            entry,
            by: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            at: day(on),
            platform: text("a platform"),
            from: day(on - 2),
            until: day(on - 1),
            reviews: Reviews::new(215, 1, 210).unwrap(),
        }
    }

    pub(super) fn tell(&mut self, on: i64, entry: EntryId) {
        let feedback = self.feedback(on, entry);
        self.say(Event::Feedback(feedback));
    }

    pub(super) fn endorse(&mut self, on: i64, motion: &Motion) {
        let endorsement = Endorsement {
            by: self.by(),
            state: self.state(),
            sequence: self.log.next(),
            at: day(on),
            motion: motion.clone(),
        };
        self.log.push(What::Endorsed(endorsement), &[self.key]);
    }

    pub(super) fn rotate(&mut self, on: i64, to: u8) {
        self.log.rotate(self.key, to, on * DAY_SECONDS);
        self.key = to;
    }
}

/// An act of a state.
pub(super) fn order(state: MemberState, reference: &str, on: i64) -> LegalInstrument {
    LegalInstrument {
        kind: InstrumentKind::RemovalOrder,
        issued_by: state,
        reference: text(reference),
        issued_at: day(on),
        finality: Finality::Appealable,
        scrutiny: Scrutiny::Pending,
    }
}

/// An entry in which every field and every kind of hash is there. Its fingerprints are not in their order, so that its name shows whether they are
/// put into it.
pub(super) fn full_entry() -> Entry {
    let fingerprint = |code: Code, profile, part| Fingerprint {
        code,
        quality: Quality::new(90).ok(),
        profile,
        part,
        shown: None,
        label: None,
    };
    let digests = DigestKind::ALL.map(|kind| Fingerprint {
        quality: None,
        label: Some(text("the file")),
        ..fingerprint(kind.of(b"a drawn picture").into(), Profile::Unstated, None)
    });
    let window = Part::new([1250, 2500, 3750, 6000]).ok();
    let frame = |from, role| Fingerprint {
        shown: Some(Shown::new(from, 50, role)),
        ..fingerprint(Pdq::from_bytes([0xef; 32]).into(), Profile::Full, None)
    };
    let of_pictures = [
        fingerprint(Pdq::from_bytes([0xcd; 32]).into(), Profile::Windows, window),
        fingerprint(Pdq::from_bytes([0xab; 32]).into(), Profile::Full, None),
        frame(61_500, FrameRole::Core),
        frame(400, FrameRole::Intro),
    ];
    Entry {
        source: Some(Source {
            sha256: Commitment::to(b"a drawn picture"),
            size: 15,
            mime: text("image/png"),
        }),
        fingerprints: digests.into_iter().chain(of_pictures).collect(),
        producer: Some(text("list 1, group 2")),
        labels: ["flag", "a", "zebra"].map(text).into(),
        review_by: Some(day(365)),
        ..entry(0, "first drawing: äöü", day(2))
    }
}

/// Rules as they change: the fields that those of the founding leave at their simplest.
pub(super) fn changed_terms(states: &[(u8, i64)]) -> Terms {
    let designated = states.iter().map(|(number, since)| Designation {
        state: authority(*number).state,
        since: day(*since),
    });
    Terms {
        name: text("two thirds"),
        version: 2,
        rule: Rule::Fraction {
            numerator: 2,
            denominator: 3,
        },
        denominator: Denominator::Designated(designated.collect()),
        objection: Objection::Disputes,
        silence: Silence::TacitAfterDays(60),
        expiry_days: Some(400),
        grace_days: 30,
        types_must_overlap: true,
        counts_adopted: true,
    }
}

pub(super) fn name_of(number: u8) -> KeyId {
    key(number).public_key().id()
}
