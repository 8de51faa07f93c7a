//! Whether one side is a part of the other, or its negative: asked of a screener with a list of the one, where the two do not match as
//! wholes. So the answer is screening's own.

use ijkpunt::baseline::{List, NewRow};
use ijkpunt::limits::Limits;
use ijkpunt::screen::{Evidence, Gap};
use ijkpunt::{Policy, Screener, Screening, Surface};

use super::comparison::Rule;
use super::side::{Kind, Side};

/// What screening says of each side, had it a list of the other; none where there is nothing to ask.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) of_first: Option<Screening>,
    pub(super) of_second: Option<Screening>,
}

impl Parts {
    pub(super) fn new(first: &Side, second: &Side, rule: Rule, limits: &Limits) -> Self {
        Self {
            of_first: screen(first, second, rule, limits),
            of_second: screen(second, first, rule, limits),
        }
    }

    /// Where in the first the second was found.
    pub(super) fn first(&self) -> Option<&Evidence> {
        found(self.of_first.as_ref())
    }

    /// Where in the second the first was found.
    pub(super) fn second(&self) -> Option<&Evidence> {
        found(self.of_second.as_ref())
    }

    /// What of the first could not be looked at, and is not yet known of the whole.
    pub(super) fn gaps(&self, known: &[String]) -> Vec<String> {
        let gaps: &[Gap] = match &self.of_first {
            Some(Screening::Undecided(undecided)) => undecided.gaps(),
            _ => &[],
        };
        let of_detail = |gap: &&Gap| matches!(gap, Gap::TooLittleDetail { .. });
        let told = gaps.iter().filter(|gap| !of_detail(gap));
        let told = told.map(Gap::to_string);
        told.filter(|gap| !known.contains(gap)).collect()
    }
}

fn found(screening: Option<&Screening>) -> Option<&Evidence> {
    match screening {
        Some(Screening::Match(matched)) => matched.evidence().first(),
        _ => None,
    }
}

fn screen(upload: &Side, listed: &Side, rule: Rule, limits: &Limits) -> Option<Screening> {
    let rows = listed.rows(limits);
    let is_of_windows = listed.kind == Kind::Entry && rows.iter().any(NewRow::is_window);
    if listed.usable(rule.minimum_quality).next().is_none() && !is_of_windows {
        return None;
    }
    let policy = Policy::default()
        .radius(rule.radius)
        .minimum_quality(rule.minimum_quality);
    let screener = Screener::builder()
        .list_with("listed", List::from_rows(rows).ok()?, policy)
        .surface(Surface::Public)
        .limits(limits.clone());
    let screener = screener.build().ok()?;
    match upload.kind {
        Kind::File => Some(screener.screen(upload.bytes.as_deref()?)),
        Kind::Hash => Some(screener.screen_pdq(upload.hashed.first()?.pdq(), None)),
        Kind::Entry => None,
    }
}
