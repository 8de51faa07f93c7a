//! Kinds of other rooms that are only written there, read by the names under which they are.

use serde::{Deserialize, Deserializer, de::Error};

use crate::screen::{MatchClass, Tier};
use crate::view::Kind;

pub(super) fn class<'de, D: Deserializer<'de>>(from: D) -> Result<MatchClass, D::Error> {
    let all = [
        MatchClass::ExactBytes,
        MatchClass::NearDuplicate,
        MatchClass::VideoSegment,
    ];
    let name = String::deserialize(from)?;
    let found = all.into_iter().find(|class| class.name() == name);
    found.ok_or_else(|| D::Error::custom("no such class of match"))
}

pub(super) fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
    let name = String::deserialize(from)?;
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| D::Error::custom("no such kind of view"))
}

pub(super) fn tier<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Tier>, D::Error> {
    match Option::<String>::deserialize(from)?.as_deref() {
        None => Ok(None),
        Some("A") => Ok(Some(Tier::A)),
        Some("B") => Ok(Some(Tier::B)),
        Some(_) => Err(D::Error::custom("no such tier")),
    }
}
