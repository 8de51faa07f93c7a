//! The clocks of an order, as pure functions of times that are handed in.
//!
//! Hours count from the second of the event, and days are 24 of them. Regulation (EEC, Euratom) No 1182/71 counts whole hours after that of the event
//! and lets some periods run on to a working day \[check\]: that is later, so who keeps to these clocks keeps to the law. Where a period protects
//! somebody, as that for an author's request does, nobody should be turned away by them alone.

use crate::baseline::{Finality, Time};

use super::NonDisclosure;

const HOUR: i64 = 3600;
/// Article 3(3).
const EXECUTED_SECONDS: i64 = HOUR;
/// Article 3(2).
pub(super) const ANNOUNCED_SECONDS: i64 = 12 * HOUR;
/// Article 4(4), first subparagraph.
const ASKED_SECONDS: i64 = 48 * HOUR;
/// Article 4(3), and 4(4), second subparagraph.
const SCRUTINISED_SECONDS: i64 = 72 * HOUR;
/// Article 11(3): six weeks.
const UNTOLD_SECONDS: i64 = 42 * 24 * HOUR;

/// What stood in the way of an order, as annex III told it (article 3(7) and (8)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hindrance {
    /// When the authority was told of it.
    pub told_at: Time,
    /// When it ceased, or the clarification that was asked for was received. None: not yet.
    pub ended_at: Option<Time>,
}

/// When the hour that began at this moment is over (article 3(3)).
#[must_use]
pub fn hour_after(from: Time) -> Time {
    later(from, EXECUTED_SECONDS)
}

/// When an order is to be executed, as known at `now`: an hour after receipt (article 3(3)), or after the last hindrance ended (article 3(7) and (8));
/// none while one goes on.
///
/// That a first order is announced 12 hours before (article 3(2)) binds the authority and moves nothing here. A hindrance that was told of when the hour
/// was over does not count: whoever is late stays late \[check\]. A measure at that second is in time.
#[must_use]
pub fn due_at(received_at: Time, hindrances: &[Hindrance], now: Time) -> Option<Time> {
    let told = hindrances.iter().filter(|one| one.told_at <= now);
    let mut told: Vec<&Hindrance> = told.collect();
    told.sort_by_key(|one| one.told_at);
    let mut due_at = hour_after(received_at);
    for hindrance in told {
        if hindrance.told_at > due_at {
            break;
        }
        let ended_at = hindrance.ended_at.filter(|&ended_at| ended_at <= now)?;
        due_at = due_at.max(hour_after(ended_at));
    }
    Some(due_at)
}

/// How an order's hour stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hour {
    /// It is to be executed by then.
    Running {
        /// The last second.
        due_at: Time,
    },
    /// A hindrance goes on: the hour begins anew when it has ended.
    Suspended,
    /// It was executed in time.
    Met,
    /// It was executed late.
    Late {
        /// When it was due.
        due_at: Time,
    },
    /// It is not executed, and the hour is over.
    Overdue {
        /// When it was due.
        due_at: Time,
    },
}

/// How the hour of an order stands at `now`, that was executed at `done_at` if it was: see [`due_at`].
#[must_use]
pub fn hour(received_at: Time, hindrances: &[Hindrance], done_at: Option<Time>, now: Time) -> Hour {
    if let Some(done_at) = done_at.filter(|&done_at| done_at <= now) {
        return match due_at(received_at, hindrances, done_at) {
            Some(due_at) if due_at < done_at => Hour::Late { due_at },
            _ => Hour::Met,
        };
    }
    match due_at(received_at, hindrances, now) {
        None => Hour::Suspended,
        Some(due_at) if due_at < now => Hour::Overdue { due_at },
        Some(due_at) => Hour::Running { due_at },
    }
}

/// A time in which something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first second.
    pub from: Time,
    /// The last second.
    pub until: Time,
}

impl Window {
    /// Whether it may be done at `now`.
    #[must_use]
    pub fn is_open(self, now: Time) -> bool {
        (self.from..=self.until).contains(&now)
    }

    fn of(from: Time, seconds: i64) -> Self {
        Self {
            from,
            until: later(from, seconds),
        }
    }
}

/// When a host may ask the authority of its state to scrutinise an order of another state: 48 hours from receipt (article 4(4)).
#[must_use]
pub fn host_may_ask(received_at: Time) -> Window {
    Window::of(received_at, ASKED_SECONDS)
}

/// When the author may: 48 hours from when they were told of the reasons or given a copy (articles 4(4) and 11(2)).
#[must_use]
pub fn author_may_ask(informed_at: Time) -> Window {
    Window::of(informed_at, ASKED_SECONDS)
}

/// When the authority of the host's state may scrutinise of its own accord, and has to decide: 72 hours from the copy (article 4(3)).
#[must_use]
pub fn authority_may_scrutinise(copy_received_at: Time) -> Window {
    Window::of(copy_received_at, SCRUTINISED_SECONDS)
}

/// When it has to decide on a request: 72 hours from receiving it (article 4(4)).
#[must_use]
pub fn decision_on_request(request_received_at: Time) -> Window {
    Window::of(request_received_at, SCRUTINISED_SECONDS)
}

/// What came of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Appeal {
    /// None was lodged.
    NotLodged,
    /// It is under way since then.
    Lodged(Time),
    /// The order was confirmed then.
    Confirmed(Time),
    /// The order was annulled then: an [`InstrumentEnd`](crate::baseline::InstrumentEnd) says so to others.
    Annulled(Time),
}

/// Whether an order can still be appealed against (article 3(9)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// An appeal can be lodged until then.
    Open(Time),
    /// An appeal is under way.
    Appealed,
    /// It is final, since then.
    Final(Time),
    /// It has no effect, since then.
    Annulled(Time),
    /// Nobody knows the deadline.
    Unknown,
}

impl Standing {
    /// In the words of those who rest on it; none where nobody can.
    #[must_use]
    pub fn finality(self) -> Option<Finality> {
        match self {
            Self::Open(_) | Self::Appealed => Some(Finality::Appealable),
            Self::Final(_) => Some(Finality::Final),
            Self::Unknown => Some(Finality::Unknown),
            Self::Annulled(_) => None,
        }
    }
}

/// Whether an order is final at `now`: when the deadline is over without an appeal, or when it was confirmed (article 3(9)). `until` is the last second
/// for an appeal, by national law. An appeal that came late still counts as one, until it was decided on \[check\].
#[must_use]
pub fn finality(until: Option<Time>, appeal: Appeal, now: Time) -> Standing {
    match (appeal, until) {
        (Appeal::Confirmed(at), _) if at <= now => Standing::Final(at),
        (Appeal::Annulled(at), _) if at <= now => Standing::Annulled(at),
        (Appeal::Lodged(at), _) if at <= now => Standing::Appealed,
        // An outcome to come means that an appeal is under way.
        (Appeal::Confirmed(_) | Appeal::Annulled(_), _) => Standing::Appealed,
        (_, None) => Standing::Unknown,
        (_, Some(until)) if now <= until => Standing::Open(until),
        (_, Some(until)) => Standing::Final(until),
    }
}

impl NonDisclosure {
    /// The first second in which the author may be told, as known at `now`: six weeks after the decision at the latest, and six more if it was prolonged
    /// before these were over (article 11(3)). What was ordered for longer ends then, too.
    #[must_use]
    pub fn ends_at(&self, now: Time) -> Time {
        let first = self.until.min(later(self.decided_at, UNTOLD_SECONDS));
        let prolonged = self.prolonged.as_ref();
        let prolonged = prolonged.filter(|more| more.decided_at <= now.min(first));
        prolonged.map_or(first, |more| {
            more.until.min(later(first, UNTOLD_SECONDS)).max(first)
        })
    }

    /// Whether the author must not be told at `now`.
    #[must_use]
    pub fn binds(&self, now: Time) -> bool {
        self.decided_at <= now && now < self.ends_at(now)
    }
}

/// So many seconds later, or the last time of all.
pub(super) fn later(time: Time, seconds: i64) -> Time {
    Time::from_unix_seconds(time.unix_seconds().saturating_add(seconds)).unwrap_or(Time::MAX)
}
