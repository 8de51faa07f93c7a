//! The latest word of each authority, and what it is worth: rules 2 to 8.

use std::collections::BTreeMap;

use super::Facts;
use crate::baseline::{Assessment, AuthorityId, Method, Target, Terms, Time};

/// What an authority's latest word is worth, in the order in which they speak for a state without a live one (rule 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    Live,
    Conflict,
    AdoptedOnly,
    Expired,
    Withdrawn,
}

/// Of each authority the assessments of the highest sequence: one, or several that differ (rule 2).
pub(super) fn latest<'a>(
    assessments: &[&'a Assessment],
) -> BTreeMap<&'a AuthorityId, Vec<&'a Assessment>> {
    let mut latest: BTreeMap<&AuthorityId, Vec<&Assessment>> = BTreeMap::new();
    for &one in assessments {
        let of_authority = latest.entry(&one.authority).or_default();
        match of_authority.first().map(|other| other.sequence) {
            Some(highest) if highest > one.sequence => {}
            Some(highest) if highest == one.sequence => {
                if !of_authority.contains(&one) {
                    of_authority.push(one);
                }
            }
            Some(_) | None => *of_authority = vec![one],
        }
    }
    latest
}

/// Rules 3 to 8.
pub(super) fn worth(latest: &[&Assessment], facts: &Facts<'_>, terms: &Terms, now: Time) -> Worth {
    let is_gone = |one: &Assessment| is_withdrawn(one, facts) || facts.ends.under(one).is_some();
    if latest.iter().any(|one| is_gone(one)) {
        Worth::Withdrawn
    } else if latest.len() > 1 {
        Worth::Conflict
    } else if latest.iter().any(|one| is_expired(one, terms, now)) {
        Worth::Expired
    } else if !terms.counts_adopted && latest.iter().any(|one| is_adopted(one)) {
        Worth::AdoptedOnly
    } else {
        Worth::Live
    }
}

fn is_withdrawn(one: &Assessment, facts: &Facts<'_>) -> bool {
    let own = facts.withdrawals.iter().filter(|w| w.by == one.authority);
    own.into_iter().any(|withdrawal| match &withdrawal.target {
        Target::Whole => one.sequence < withdrawal.sequence,
        Target::Assessment {
            authority,
            sequence,
        } => *authority == one.authority && *sequence == one.sequence,
    })
}

fn is_expired(one: &Assessment, terms: &Terms, now: Time) -> bool {
    let by_policy = terms
        .expiry_days
        .and_then(|days| one.made_at.plus_days(days));
    [one.valid_until, by_policy]
        .into_iter()
        .flatten()
        .any(|until| until <= now)
}

fn is_adopted(one: &Assessment) -> bool {
    matches!(one.method, Method::Adopted { .. })
}
