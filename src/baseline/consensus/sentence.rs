//! An explanation in a sentence or two, for people.

use std::fmt;

use super::Fallen;
use super::explanation::{Explanation, Withdrawer};
use super::voices::{Effect, Membership, Position, Voice};
use crate::baseline::{EndReason, Verdict};

impl fmt::Display for Explanation {
    /// Such as `18 of 23 designated states say terrorist, types A and D; missing: XB, XC (expired); no objection`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_stop(f)?;
        self.write_support(f)?;
        write_list(f, "consent by silence", self.states(Effect::Consents))?;
        write_list(f, "other types only", self.states(Effect::OtherTypes))?;
        write_list(f, "missing", self.missing().map(Unheard))?;
        write_list(f, "not asked", self.outside().map(Unheard))?;
        let joining = self
            .voices
            .iter()
            .filter_map(|voice| match voice.membership {
                Membership::Joins(at) => Some(format!("{} on {at}", Unheard(voice))),
                Membership::Asked | Membership::Outside => None,
            });
        write_list(f, "joining", joining)?;
        let conflicts = self.conflicts.iter();
        let conflicts = conflicts.map(|one| format!("{} at {}", one.authority, one.sequence));
        write_list(f, "two words at one place", conflicts)?;
        self.write_fallen(f)?;
        if self.states(Effect::Objects).next().is_none() {
            return f.write_str("; no objection");
        }
        write_list(f, "objection", self.states(Effect::Objects))
    }
}

impl Explanation {
    /// Those who said something, and are not asked.
    fn outside(&self) -> impl Iterator<Item = &Voice> {
        let outside = |voice: &&Voice| voice.membership == Membership::Outside;
        self.voices.iter().filter(outside)
    }

    fn write_stop(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Withdrawer { authority, reason }) = &self.withdrawn {
            write!(f, "withdrawn by {authority}: {reason}. ")?;
        } else if let [first, others @ ..] = self.suspended_by.as_slice() {
            write!(f, "suspended by {} ({})", first.authority, first.state)?;
            for one in others {
                write!(f, ", {} ({})", one.authority, one.state)?;
            }
            f.write_str(". ")?;
        }
        Ok(())
    }

    fn write_fallen(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Two authorities of a state may rest on one act: they stand side by side, and the state is named once.
        let mut words: Vec<String> = self.fallen.iter().map(fall).collect();
        words.dedup();
        words.iter().try_for_each(|word| write!(f, "; {word}"))
    }

    fn write_support(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (k, n, asked) = (self.k, self.n, self.asked);
        let states = if n == 1 { "state" } else { "states" };
        let say = if k == 1 { "says" } else { "say" };
        write!(f, "{k} of {n} {asked} {states} {say} terrorist")?;
        match self.types {
            Some(types) if types.iter().count() == 1 => write!(f, ", type {types}"),
            Some(types) => write!(f, ", types {types}"),
            None if k > 1 => f.write_str(", no common type"),
            None => Ok(()),
        }
    }
}

fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    for (place, item) in items.enumerate() {
        match place {
            0 => write!(f, "; {name}: {item}")?,
            _ => write!(f, ", {item}")?,
        }
    }
    Ok(())
}

/// A state whose word does nothing, with what it says if it is not silent.
struct Unheard<'a>(&'a Voice);

impl fmt::Display for Unheard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.state;
        match self.0.position {
            Position::Silent => write!(f, "{state}"),
            Position::Terrorist(_) => write!(f, "{state} (terrorist)"),
            Position::TerroristOnlyInContext(_) => write!(f, "{state} (only in context)"),
            other => write!(f, "{state} ({other})"),
        }
    }
}

/// As people read it: `terrorist, types A and D`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terrorist(types) => return Verdict::Terrorist(*types).fmt(f),
            Self::TerroristOnlyInContext(types) => {
                return Verdict::TerroristOnlyInContext(*types).fmt(f);
            }
            Self::NotTerrorist => "not terrorist",
            Self::InsufficientInformation => "insufficient information",
            Self::Divided => "divided",
            Self::Abstains => "abstains",
            Self::Conflict => "conflict",
            Self::AdoptedOnly => "adopted only",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Silent => "silent",
        })
    }
}

/// Such as `XA's word rested on removal order R-17, which was annulled`.
fn fall(one: &Fallen) -> String {
    let (state, name) = (one.state, &one.instrument);
    let act = if state == name.issued_by {
        format!("{} {}", name.kind, name.reference)
    } else {
        name.to_string()
    };
    let end = match one.reason {
        EndReason::Annulled => "which was annulled".to_owned(),
        EndReason::ScrutinyInfringement => {
            format!("in which {}'s scrutiny found an infringement", one.ended_in)
        }
        EndReason::Revoked => "which was revoked".to_owned(),
        EndReason::CourtOrder => "which has no effect any more by order of a court".to_owned(),
    };
    format!("{state}'s word rested on {act}, {end}")
}
