//! What a platform has decided about how its people decide.

use serde::{Deserialize, Serialize};

use crate::baseline::Text;

use super::breaker::Tripwire;

/// How reviews go on a platform. It stands in the records, with each change of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The platform's name, as uploaders and authorities know it.
    pub platform: Text<120>,
    /// Which findings need a second person who finds the same.
    pub second: Second,
    /// For how many hours at most an upload is held until somebody has looked; none where nothing is held, which is the default. A hold is released when its time is over,
    /// whether somebody looked or not.
    pub hold_hours: Option<u32>,
    /// Within how many hours matches should be looked at; none where nothing is said. No law says.
    pub review_hours: Option<u32>,
    /// Whether screening is a specific measure that a competent authority asked for (article 5 TCO): then it is not voluntary in a statement of reasons.
    pub is_specific_measure: bool,
    /// When an entry is switched off here.
    pub tripwire: Tripwire,
}

impl Policy {
    /// The defaults: one person decides, nothing is held, screening is voluntary.
    #[must_use]
    pub fn new(platform: Text<120>) -> Self {
        Self {
            platform,
            second: Second::default(),
            hold_hours: None,
            review_hours: None,
            is_specific_measure: false,
            tripwire: Tripwire::default(),
        }
    }

    /// The first thing in it that cannot be, in words; none where all is fine.
    pub(super) fn flaw(&self) -> Option<&'static str> {
        let is_long = |hours: Option<u32>| hours.is_some_and(|hours| hours > MOST_HOURS);
        if self.hold_hours == Some(0) || self.review_hours == Some(0) {
            return Some("hours are 1 or more: leave the limit out where there is none");
        }
        if is_long(self.hold_hours) || is_long(self.review_hours) {
            return Some(
                "hours are 720 at most, which is a month: a hold without an end is a removal",
            );
        }
        self.tripwire.flaw()
    }
}

/// Which findings need a second person who finds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Second {
    /// None: one person decides.
    #[default]
    Never,
    /// Those after which something is taken down.
    Removals,
    /// All.
    Always,
}

impl Second {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Removals, Self::Always];

    /// The name used in JSON and by the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Removals => "removals",
            Self::Always => "always",
        }
    }
}

const MOST_HOURS: u32 = 720;
