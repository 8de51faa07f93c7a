//! Which of the statements about an entry count.

use std::collections::BTreeMap;

use crate::baseline::{Consensus, Creation, Event, InstrumentName, consensus};

use super::{Place, Standing, Void};

/// The acts that have lost their effect, of all logs, by their names.
#[derive(Debug, Clone, Default)]
pub struct Ended<'a>(BTreeMap<InstrumentName, Vec<&'a Event>>);

impl<'a> Ended<'a> {
    /// Of these events those that say so, and count.
    #[must_use]
    pub fn new(events: impl IntoIterator<Item = (Place, &'a Event)>, standing: &Standing) -> Self {
        let mut ended = Self::default();
        for (place, event) in in_order(events) {
            if let Event::InstrumentEnded(end) = event
                && end.at <= standing.at()
                && standing.event_counts(&place, event).is_ok()
            {
                let name = end.instrument.clone();
                ended.0.entry(name).or_default().push(event);
            }
        }
        ended
    }
}

/// What is said of one entry: what counts, and what does not.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Hearing<'a> {
    /// The proposal of the entry, if one that counts is there; of several the first.
    pub creation: Option<&'a Creation>,
    /// What counts: in the order of its time, that of one second in that of authority, log and place, however it was given; behind it the
    /// ends of acts on which it rests, act by act in the same order. Nothing where there is no proposal.
    pub counted: Vec<&'a Event>,
    /// What does not count, and why, in the order of its places.
    pub void: Vec<(Place, Void)>,
}

impl<'a> Hearing<'a> {
    /// Hears all events that are about one entry; what is later than the standing is left out, as if it were not there.
    ///
    /// # Cost
    /// Sorts the events.
    #[must_use]
    pub fn new(
        events: impl IntoIterator<Item = (Place, &'a Event)>,
        ended: &Ended<'a>,
        standing: &Standing,
    ) -> Self {
        let (mut creation, mut counted, mut void) = (None, Vec::new(), Vec::new());
        let events = in_order(events);
        let events = events.into_iter();
        for (place, event) in events.filter(|(_, event)| event.at() <= standing.at()) {
            match (standing.event_counts(&place, event), event) {
                (Err(why), _) => void.push((place, why)),
                (Ok(()), Event::EntryCreated(one)) => {
                    // All of one entry are of one authority, and a log that goes on from a closed one may repeat it: the first is it.
                    creation = creation.or(Some(one));
                    counted.push((place, event));
                }
                (Ok(()), _) => counted.push((place, event)),
            }
        }
        let Some(entry) = creation.map(|creation: &Creation| &creation.entry) else {
            let nothing = counted.iter().map(|(place, _)| (*place, Void::NoEntry));
            void.extend(nothing);
            void.sort_by_key(|(place, _)| *place);
            return Self {
                creation,
                counted: Vec::new(),
                void,
            };
        };
        counted.retain(|(place, event)| {
            let is_after = event.at() >= entry.created_at;
            if !is_after {
                void.push((*place, Void::BeforeEntry(entry.created_at)));
            }
            is_after
        });
        void.sort_by_key(|(place, _)| *place);
        let counted: Vec<&Event> = counted.into_iter().map(|(_, event)| event).collect();
        let rests_on = counted.iter().filter_map(|event| match event {
            Event::Assessed(assessment) => assessment.based_on.as_ref(),
            _ => None,
        });
        let names: std::collections::BTreeSet<_> = rests_on.map(|act| act.name()).collect();
        let ends = names.iter().filter_map(|name| ended.0.get(name)).flatten();
        let counted = counted.iter().chain(ends).copied().collect();
        Self {
            creation,
            counted,
            void,
        }
    }

    /// What the states say together at the time of the standing, by the policy that is in force; none where nobody has proposed the entry in a way that counts.
    #[must_use]
    pub fn consensus(&self, standing: &Standing) -> Option<Consensus> {
        let head = self.creation?.entry.head();
        let events = self.counted.iter().copied();
        Some(consensus(&head, events, standing.policy(), standing.at()))
    }
}

/// In the order of time, and those of one second in that of authority, log and place: as endorsements are taken.
fn in_order<'a>(events: impl IntoIterator<Item = (Place, &'a Event)>) -> Vec<(Place, &'a Event)> {
    let mut events: Vec<_> = events.into_iter().collect();
    events.sort_by(|(a, x), (b, y)| (x.at(), x.authority(), a).cmp(&(y.at(), y.authority(), b)));
    events
}
