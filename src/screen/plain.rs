//! How plain the entries are that were hit, and the parts of uploads that hit them.

use crate::baseline::generic::{Asking, asking, nearest};
use crate::hash::{Distance, Pdq, Radius};
use crate::index::Hit;

use super::built::Known;
use super::query::Query;

/// For each query of a batch, how near it is to a template, once it has hit something.
pub(super) struct Plain(Vec<Option<Distance>>);

impl Plain {
    pub(super) fn new(queries: usize) -> Self {
        Self(vec![None; queries])
    }

    /// Whether a hit of this hash counts at this radius. Where both are whole pictures, as the entry is to be asked for; else as the plainer of the two
    /// parts says, since plain parts mean nothing.
    pub(super) fn asks(
        &mut self,
        number: usize,
        query: &Query,
        hit: &Hit,
        row: &Known<'_>,
        pdq: impl FnOnce() -> Pdq,
        radius: Radius,
    ) -> bool {
        let of_query = *self.0[number].get_or_insert_with(|| nearest(query.pdq).0);
        // Nobody is nearer to a template than the difference: most rows need no look of their own.
        let least = of_query.bits().saturating_sub(hit.distance.bits());
        let of_row = match Asking::at(Distance::of_bits(least)) {
            Asking::Normal => Asking::Normal,
            _ => asking(pdq()),
        };
        if query.is_whole() && row.part.is_none() {
            return of_row.radius(radius).covers(hit.distance);
        }
        [of_row, Asking::at(of_query)]
            .iter()
            .all(|it| it.admits_views() && it.radius(radius).covers(hit.distance))
    }
}
