//! Two sides, the nearest pair of their hashes, and what screening would say.
//!
//! The rule is that of `ijkpunt::screen`, whose verdicts `tests/tool/compare.rs` holds it against: hashes below the minimum
//! quality do not count, any form within the radius is a match, so is the very file of a digest, and where nothing
//! matches a gap makes it undecided. Where the two do not match as wholes, a screener is asked whether the second is a part of the
//! first ([`Parts`]), and its verdict stands. Two departures, in which nothing was compared: where the *second* side has only
//! hashes of low quality, screening leaves them out of its list, and where an entry has only digests, it finds no bare
//! hash; screening says "no match" of both, here they are undecided.

use ijkpunt::Screening;
use ijkpunt::hash::{Dihedral, Distance, Quality, Radius};
use serde::Serialize;

use super::parts::Parts;
use super::side::{Exact, Hashed, Kind, Position, Side};

/// What counts as a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) radius: Radius,
    pub(super) minimum_quality: Quality,
}

/// What screening would say of the first side, had it a list of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    Match,
    NoMatch,
    Undecided,
}

/// Two sides, compared.
pub(super) struct Comparison<'a> {
    pub(super) a: &'a Side,
    pub(super) b: &'a Side,
    pub(super) rule: Rule,
    /// None where a side has no hash.
    pub(super) nearest: Option<Nearest<'a>>,
    /// The row of the second side that has a digest of the first: it is the very file, however near the pictures are.
    pub(super) exact: Option<&'a Exact>,
    /// Empty until asked, and where they match as wholes.
    pub(super) parts: Parts,
    pub(super) verdict: Verdict,
}

/// The pair of hashes that is nearest in some form of the first.
pub(super) struct Nearest<'a> {
    pub(super) a: &'a Hashed,
    pub(super) b: &'a Hashed,
    pub(super) form: Dihedral,
    pub(super) distance: Distance,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(a: &'a Side, b: &'a Side, rule: Rule) -> Self {
        let minimum = rule.minimum_quality;
        let usable = nearest(a.usable(minimum), &b.usable(minimum));
        let exact = very_file(a, b);
        let all_seen = a.gaps.is_empty() && b.gaps.is_empty();
        let verdict = match &usable {
            _ if exact.is_some() => Verdict::Match,
            Some(found) if rule.radius.covers(found.distance) => Verdict::Match,
            Some(_) if all_seen => Verdict::NoMatch,
            None if all_seen && b.has_only_digests() && a.kind == Kind::File => Verdict::NoMatch,
            Some(_) | None => Verdict::Undecided,
        };
        // What does not count is still worth a look.
        let nearest = usable.or_else(|| nearest(a.hashed.iter(), &b.hashed.iter()));
        Self {
            a,
            b,
            rule,
            nearest,
            exact,
            parts: Parts::default(),
            verdict,
        }
    }

    /// With what screening says of their parts.
    pub(super) fn with_parts(self, parts: Parts) -> Self {
        let verdict = match &parts.of_first {
            Some(Screening::Match(_)) => Verdict::Match,
            Some(Screening::NoMatch(_)) => Verdict::NoMatch,
            Some(Screening::Undecided(_)) => Verdict::Undecided,
            None => self.verdict,
        };
        Self {
            parts,
            verdict,
            ..self
        }
    }

    /// Whether they match as they are: nothing else needs to be asked then.
    pub(super) fn match_as_wholes(&self) -> bool {
        self.verdict == Verdict::Match && self.parts.first().is_none()
    }

    /// What of a side could not be looked at.
    pub(super) fn gaps(&self, side: &Side) -> Vec<String> {
        let mut gaps = side.gaps.clone();
        if side.position == Position::First {
            gaps.extend(self.parts.gaps(&side.gaps));
        }
        gaps
    }

    /// The best quality of a side that has none which counts, where quality matters.
    pub(super) fn lacks_detail(&self, side: &Side) -> Option<Quality> {
        // Of a first side that was decided by its parts, the whole does not matter.
        let by_parts = self.parts.of_first.is_some() && self.verdict != Verdict::Undecided;
        if self.b.has_only_digests() || (by_parts && side.position == Position::First) {
            return None;
        }
        side.lacks_detail(self.rule.minimum_quality)
    }

    /// Whether there is nothing in which the two could be compared.
    pub(super) fn is_hash_beside_digests(&self) -> bool {
        self.a.kind == Kind::Hash && self.b.has_only_digests()
    }

    /// Everything that could not be looked at or says too little, in short.
    pub(super) fn reasons(&self) -> Vec<String> {
        let minimum = self.rule.minimum_quality;
        let mut reasons = Vec::new();
        for side in [self.a, self.b] {
            let position = side.position.name();
            let gaps = self.gaps(side);
            reasons.extend(gaps.iter().map(|gap| format!("{position}: {gap}")));
            if let Some(quality) = self.lacks_detail(side) {
                reasons.push(format!(
                    "{position}: too little detail (quality {quality}, {minimum} is asked for)"
                ));
            }
        }
        if self.is_hash_beside_digests() {
            reasons.push(
                "second: digests only, which no hash of a picture can be compared with".to_owned(),
            );
        }
        reasons
    }
}

impl Nearest<'_> {
    /// The distances of all eight forms, in the order of [`Dihedral::ALL`].
    pub(super) fn distances(&self) -> [Distance; 8] {
        self.a.forms().map(|form| form.distance(self.b.pdq()))
    }

    /// Whether unrelated pictures are as far apart.
    ///
    /// Measured on 119 photographs of BSDS500, 14042 ordered pairs: 116 on average, two thirds from 112 to 122, and two
    /// (one pair, either way round) below 90. As they are 128, two thirds from 120 to 136, none below 100.
    pub(super) fn could_be_chance(&self) -> bool {
        let seldom = match self.form {
            Dihedral::Original => 99,
            _ => 90,
        };
        self.distance.bits() > seldom
    }
}

fn very_file<'a>(a: &Side, b: &'a Side) -> Option<&'a Exact> {
    let is_of_a = |row: &&Exact| a.digests.iter().any(|own| own.digest == row.digest);
    b.digests.iter().find(is_of_a)
}

/// The nearest pair. Of equally near ones the first: lower frame, earlier form, earlier row, as screening has it.
fn nearest<'a>(
    a: impl Iterator<Item = &'a Hashed>,
    b: &(impl Iterator<Item = &'a Hashed> + Clone),
) -> Option<Nearest<'a>> {
    let pairs = a.flat_map(|a| {
        let b = b.clone();
        let forms = Dihedral::ALL.into_iter().zip(a.forms());
        forms.flat_map(move |(form, pdq)| {
            b.clone().map(move |b| Nearest {
                a,
                b,
                form,
                distance: pdq.distance(b.pdq()),
            })
        })
    });
    pairs.min_by_key(|pair| pair.distance) // the first of several
}

#[cfg(test)]
mod tests {
    use ijkpunt::hash::Pdq;
    use proptest::prelude::*;

    use super::*;
    use crate::compare::side::Kind;

    const RULE: Rule = Rule {
        radius: Radius::DEFAULT,
        minimum_quality: Quality::DEFAULT_MINIMUM,
    };

    fn side(position: Position, hashes: &[([u8; 32], Option<u8>)]) -> Side {
        let hashed = hashes
            .iter()
            .map(|&(bytes, quality)| Hashed::of(bytes, quality));
        Side::of(position, Kind::Entry, hashed.collect())
    }

    fn sides(a: &[([u8; 32], Option<u8>)], b: &[([u8; 32], Option<u8>)]) -> (Side, Side) {
        (side(Position::First, a), side(Position::Second, b))
    }

    /// A hash that no turning or mirroring brings near to one of few bits.
    fn with_bits(bits: usize) -> [u8; 32] {
        std::array::from_fn(|i| if i < bits / 8 { 0xff } else { 0 })
    }

    proptest! {
        #[test]
        fn bare_hashes_are_as_far_apart_from_either_side(a: [u8; 32], b: [u8; 32]) {
            let (one, other) = sides(&[(a, None)], &[(b, None)]);
            let there = Comparison::new(&one, &other, RULE).nearest.unwrap();
            let back = Comparison::new(&other, &one, RULE).nearest.unwrap();
            prop_assert_eq!(there.distance, back.distance);
            prop_assert_eq!(there.distance, there.distances().into_iter().min().unwrap());
        }

        #[test]
        fn every_form_of_a_hash_is_found(a: [u8; 32], number in 0usize..8) {
            let form = Dihedral::ALL[number];
            let b = Pdq::from_bytes(a).derived(form).to_bytes();
            let (one, other) = sides(&[(a, None)], &[(b, None)]);
            let found = Comparison::new(&one, &other, RULE).nearest.unwrap();
            prop_assert_eq!((found.form, found.distance.bits()), (form, 0));
        }
    }

    #[test]
    fn the_radius_decides_between_match_and_no_match() {
        let (a, b) = sides(&[([0; 32], None)], &[(with_bits(32), None)]);
        let at = |bits| {
            let radius = Radius::new(bits).unwrap();
            Comparison::new(&a, &b, Rule { radius, ..RULE }).verdict
        };
        let distance = Comparison::new(&a, &b, RULE)
            .nearest
            .unwrap()
            .distance
            .bits();
        assert_eq!(at(distance - 1), Verdict::NoMatch);
        assert_eq!(at(distance), Verdict::Match);
    }

    #[test]
    fn what_has_too_little_detail_never_matches_and_is_not_called_no_match() {
        let (low, good) = ([([7; 32], Some(49))], [([7; 32], Some(50))]);
        for (a, b) in [(&low, &good), (&good, &low), (&low, &low)] {
            let (a, b) = sides(a, b);
            let comparison = Comparison::new(&a, &b, RULE);
            assert_eq!(comparison.verdict, Verdict::Undecided);
            assert_eq!(comparison.nearest.as_ref().unwrap().distance.bits(), 0);
            assert!(comparison.reasons()[0].contains("quality 49, 50 is asked for"));
        }
        let (a, b) = sides(&good, &good);
        assert_eq!(Comparison::new(&a, &b, RULE).verdict, Verdict::Match);
    }

    #[test]
    fn a_hash_that_counts_is_preferred_to_a_nearer_one_that_does_not() {
        let rows = [
            ([0; 32], Some(3)),
            (with_bits(64), Some(90)),
            (with_bits(64), None),
        ];
        let (a, b) = sides(&[([0; 32], None)], &rows);
        let comparison = Comparison::new(&a, &b, RULE);
        assert_eq!(comparison.verdict, Verdict::NoMatch);
        let quality = comparison.nearest.unwrap().b.quality;
        assert_eq!(quality.map(Quality::get), Some(90), "the first of two");
    }

    #[test]
    fn a_gap_makes_no_match_undecided_and_leaves_a_match() {
        let (mut a, far) = sides(&[([0; 32], None)], &[(with_bits(128), None)]);
        a.gaps.push("truncated".to_owned());
        let comparison = Comparison::new(&a, &far, RULE);
        assert_eq!(comparison.verdict, Verdict::Undecided);
        assert_eq!(comparison.reasons(), ["first: truncated"]);
        let near = side(Position::Second, &[([0; 32], None)]);
        assert_eq!(Comparison::new(&a, &near, RULE).verdict, Verdict::Match);
    }

    #[test]
    fn without_a_hash_it_is_undecided() {
        let (a, b) = sides(&[], &[([0; 32], None)]);
        let comparison = Comparison::new(&a, &b, RULE);
        assert_eq!(comparison.verdict, Verdict::Undecided);
        assert!(comparison.nearest.is_none());
    }
}
