//! How plain the entries are that were hit, and the parts of uploads that hit them.

use crate::baseline::Row;
use crate::baseline::generic::{Asking, asking, nearest};
use crate::hash::Distance;
use crate::index::Hit;

use super::query::Query;

/// For each query of a batch, how near it is to a template, once it has hit something.
pub(super) struct Plain(Vec<Option<Distance>>);

impl Plain {
    pub(super) fn new(queries: usize) -> Self {
        Self(vec![None; queries])
    }

    /// How a row is to be asked for by a query that hit it: as the plainer of the two says, where the query is a part of an upload, whose
    /// plain parts mean nothing; and as the row says, where it is a whole frame.
    pub(super) fn asking(&mut self, number: usize, query: &Query, hit: &Hit, row: &Row) -> Asking {
        let of_query = *self.0[number].get_or_insert_with(|| nearest(query.pdq).0);
        // Nobody is nearer to a template than the difference: most rows need no look of their own.
        let least = of_query.bits().saturating_sub(hit.distance.bits());
        let of_row = match Asking::at(Distance::of_bits(least)) {
            Asking::Normal => Asking::Normal,
            _ => row.pdq().map_or(Asking::Normal, asking),
        };
        match (query.is_whole(), of_row, Asking::at(of_query)) {
            (true, of_row, _) | (false, of_row, Asking::Normal) => of_row,
            (false, of_row, of_query) if !of_row.admits_views() || !of_query.admits_views() => {
                Asking::WholeFrameOnly(Asking::FLOOR)
            }
            (false, Asking::Reduced(a), Asking::Reduced(b)) => Asking::Reduced(a.min(b)),
            (false, _, of_query) => of_query,
        }
    }
}
