//! Which of the statements about an entry count.

use std::collections::BTreeMap;

use crate::baseline::{Consensus, Creation, Event, InstrumentName, Time, consensus};

use super::{Place, Standing, Void};

/// The acts that have lost their effect, of all logs, by their names.
#[derive(Debug, Clone, Default)]
pub struct Ended<'a>(BTreeMap<InstrumentName, Vec<&'a Event>>);

impl<'a> Ended<'a> {
    /// Of these events those that say so, and count.
    #[must_use]
    pub fn new(events: impl IntoIterator<Item = (Place, &'a Event)>, standing: &Standing) -> Self {
        let mut ended = Self::default();
        for (place, event) in events {
            if let Event::InstrumentEnded(end) = event
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
    /// The proposal of the entry, if one that counts is there.
    pub creation: Option<&'a Creation>,
    /// What counts, in the order in which it was given, with the ends of acts on which it rests. Nothing where there is no proposal.
    pub counted: Vec<&'a Event>,
    /// What does not count, and why.
    pub void: Vec<(Place, Void)>,
}

impl<'a> Hearing<'a> {
    /// Hears all events that are about one entry.
    ///
    /// # Cost
    /// Linear in the events.
    #[must_use]
    pub fn new(
        events: impl IntoIterator<Item = (Place, &'a Event)>,
        ended: &Ended<'a>,
        standing: &Standing,
    ) -> Self {
        let (mut creation, mut counted, mut void) = (None, Vec::new(), Vec::new());
        for (place, event) in events {
            match (standing.event_counts(&place, event), event) {
                (Err(why), _) => void.push((place, why)),
                (Ok(()), Event::EntryCreated(one)) => {
                    // Those of one log are of one authority; two can stand only in two of its stories, of which one counts.
                    creation = Some(one);
                    counted.push((place, event));
                }
                (Ok(()), _) => counted.push((place, event)),
            }
        }
        let Some(entry) = creation.map(|creation: &Creation| &creation.entry) else {
            let nothing = counted.iter().map(|(place, _)| (*place, Void::NoEntry));
            void.extend(nothing);
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

    /// What the states say together, by the policy that is in force; none where nobody has proposed the entry in a way that counts.
    #[must_use]
    pub fn consensus(&self, standing: &Standing, now: Time) -> Option<Consensus> {
        let head = self.creation?.entry.head();
        let events = self.counted.iter().copied();
        Some(consensus(&head, events, standing.policy(), now))
    }
}
