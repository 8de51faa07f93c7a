//! The made-up people.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ijkpunt::baseline::Text;
use ijkpunt::review::{Person, Policy, Reviews, Role};

use crate::Failure;

use super::Place;

/// Two who look, and one who enrolled them.
pub(super) struct Cast {
    pub(super) file: PathBuf,
    pub(super) one: Person,
    pub(super) two: Person,
    pub(super) lead: Person,
}

impl Cast {
    /// A new file of cases, with them in it.
    pub(super) fn enrol(place: &Place) -> Result<Self, Failure> {
        let file = place.dir.join("cases.ijkpunt");
        if file.exists() {
            fs::remove_file(&file)?;
        }
        let mut policy = Policy::new(Text::new("Voorbeeld")?);
        policy.tripwire.least_reviewed = 3; // as few copies as an item has here
        let mut reviews = Reviews::create(&file, &policy, &Text::new("lead-1")?, place.now)?;
        let lead = reviews.person("lead-1")?;
        let both = BTreeSet::from([Role::Reviewer, Role::Complaints]);
        let one = reviews.enrol(&lead, &Text::new("r-17")?, &both, place.now)?;
        let two = reviews.enrol(&lead, &Text::new("r-23")?, &both, place.now)?;
        Ok(Self {
            file,
            one,
            two,
            lead,
        })
    }
}
