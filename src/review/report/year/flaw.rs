//! Counts of a year that do not add up.

use super::{Basis, Reinstated, Year};
use crate::baseline::TcoType;

/// Why the counts of a year cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// A year before the Regulation applied, or after all.
    #[error("the year is {0}: write one from 2022 to 9999")]
    Year(u16),
    /// Parts that are not their whole.
    #[error("{part} add up to {sum}, and {whole} is {count}: count again")]
    Sum {
        /// The parts.
        part: &'static str,
        /// What they add up to.
        sum: u64,
        /// The whole.
        whole: &'static str,
        /// What it is said to be.
        count: u64,
    },
    /// More of a type than there are items.
    #[error("{of} of type {kind}, of {items} items: count again")]
    Type {
        /// The type.
        kind: TcoType,
        /// How many are said to be of it.
        of: u64,
        /// How many there are.
        items: u64,
    },
    /// Items without a type: all terrorist content has one.
    #[error("{items} items have {types} types together: give each at least one")]
    Untyped {
        /// How many items there are.
        items: u64,
        /// How many types all of them have.
        types: u64,
    },
    /// A median of nothing, or none of something.
    #[error("median_hours must be there exactly where a complaint was decided")]
    Median,
    /// Items removed by orders none of which was carried out.
    #[error("items were removed by orders, and no order was carried out: count again")]
    NoOrder,
    /// More put back after complaints than were upheld.
    #[error("items were put back after complaints, and no complaint was upheld: count again")]
    NoComplaint,
}

impl Year {
    /// What does not add up; none if all does.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !(2022..=9999).contains(&self.year) {
            flaws.push(Flaw::Year(self.year));
        }
        flaws.extend(self.sums());
        flaws.extend(self.type_flaws());
        let complaints = &self.complaints;
        let is_decided = complaints.upheld > 0 || complaints.rejected > 0;
        if is_decided != complaints.median_hours.is_some() {
            flaws.push(Flaw::Median);
        }
        let by_order = self.removed.get(&Basis::Order);
        if by_order.is_some_and(|items| items.items > 0) && self.orders.carried_out == 0 {
            flaws.push(Flaw::NoOrder);
        }
        let after_complaint = self.reinstated.get(&Reinstated::Complaint);
        if after_complaint.is_some_and(|&items| items > 0) && complaints.upheld == 0 {
            flaws.push(Flaw::NoComplaint);
        }
        flaws
    }

    fn sums(&self) -> impl Iterator<Item = Flaw> {
        let (orders, complaints) = (&self.orders, &self.complaints);
        let refused = total(orders.refused.values().copied());
        let mut sums = vec![
            (
                "orders carried out, refused and pending",
                total([orders.carried_out, refused, orders.pending]),
                "orders received",
                orders.received,
            ),
            (
                "complaints upheld, rejected and pending",
                total([complaints.upheld, complaints.rejected, complaints.pending]),
                "complaints of before and of the year",
                total([complaints.pending_before, complaints.received]),
            ),
        ];
        sums.extend(self.proceedings.values().map(|proceedings| {
            let outcomes = total(proceedings.outcomes.values().copied());
            (
                "outcomes",
                outcomes,
                "proceedings brought",
                proceedings.brought,
            )
        }));
        let unequal = sums.into_iter().filter(|(_, sum, _, count)| sum != count);
        unequal.map(|(part, sum, whole, count)| Flaw::Sum {
            part,
            sum,
            whole,
            count,
        })
    }

    fn type_flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for removed in self.removed.values() {
            let items = removed.items;
            let over = removed.types.iter().filter(|&(_, &of)| of > items);
            flaws.extend(over.map(|(&kind, &of)| Flaw::Type { kind, of, items }));
            let types = total(removed.types.values().copied());
            if types < items {
                flaws.push(Flaw::Untyped { items, types });
            }
        }
        flaws
    }
}

/// The sum; the most there is where it would be more, which no honest count is.
pub(super) fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}
