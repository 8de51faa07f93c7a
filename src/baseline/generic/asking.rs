//! How an entry is asked for.

use std::fmt;

use super::nearest;
use crate::hash::{Distance, Pdq, Radius};

/// How uploads are to be compared with an entry, by how near it is to a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asking {
    /// As the policy says: the entry is far from all templates.
    Normal,
    /// Within this radius, by whole frames and by parts of them.
    Reduced(Radius),
    /// Within this radius, by whole frames only. Uploads have many parts, and most parts of little content are harmless.
    WholeFrameOnly(Radius),
}

impl Asking {
    /// 12 bits: no radius is reduced below it. JPEG moves the hashes of drawn pictures this far now and then.
    pub const FLOOR: Radius = Radius::of(12);

    /// The radius to compare with where `asked` is what the policy says; never more.
    #[must_use]
    pub fn radius(self, asked: Radius) -> Radius {
        match self {
            Self::Normal => asked,
            Self::Reduced(most) | Self::WholeFrameOnly(most) => asked.min(most),
        }
    }

    /// Whether parts of an upload are compared with the entry, and a second look at what is just outside the radius is taken.
    #[must_use]
    pub fn admits_views(self) -> bool {
        !matches!(self, Self::WholeFrameOnly(_))
    }

    /// By the distance to the nearest template.
    pub(crate) fn at(distance: Distance) -> Self {
        // What is at most 31 bits from the template is at least this and a bit more from the entry.
        let safe = distance.bits().saturating_sub(REACH + 1);
        match Radius::new(safe) {
            Ok(radius) if radius < Self::FLOOR => Self::WholeFrameOnly(Self::FLOOR),
            Ok(radius) if radius < Radius::DEFAULT => Self::Reduced(radius),
            _ => Self::Normal,
        }
    }
}

/// How near pictures are that count as being like a template: the default radius, in bits.
const REACH: u16 = 31;

/// How to ask for an entry with this hash.
///
/// # Cost
/// That of [`nearest`].
#[must_use]
pub fn asking(code: Pdq) -> Asking {
    Asking::at(nearest(code).0)
}

/// Why an entry is not asked for normally, in words for whoever lists it. It shows no hash.
///
/// ```
/// use ijkpunt::baseline::generic::Warning;
/// use ijkpunt::hash::Pdq;
///
/// let blank_half = Pdq::from_bytes([0x55; 32]);
/// if let Some(warning) = Warning::of(blank_half) {
///     eprintln!("item-1: {warning}");
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    distance: Distance,
    family: &'static str,
    asking: Asking,
}

impl Warning {
    /// None where the hash is asked for normally.
    #[must_use]
    pub fn of(code: Pdq) -> Option<Self> {
        let (distance, family) = nearest(code);
        let asking = Asking::at(distance);
        (asking != Asking::Normal).then_some(Self {
            distance,
            family,
            asking,
        })
    }

    /// What is done about it.
    #[must_use]
    pub fn asking(&self) -> Asking {
        self.asking
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            distance,
            family,
            asking,
        } = self;
        let radius = asking.radius(Radius::DEFAULT);
        write!(
            f,
            "the hash is {distance} bits from that of a harmless picture, a plain {family}, and unrelated pictures may match it; \
             it is compared within {radius} bits"
        )?;
        if asking.admits_views() {
            f.write_str(" only")
        } else {
            f.write_str(" only, and never with parts of an upload; digests of the files tell more")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TEMPLATES;
    use super::super::tests::pdq;
    use super::*;

    #[test]
    fn the_radius_keeps_away_what_matches_a_template() {
        for bits in 0..=256 {
            let asking = Asking::at(Distance::of_bits(bits));
            let radius = asking.radius(Radius::DEFAULT).bits();
            match asking {
                Asking::Normal => assert!(bits >= 63 && radius == 31),
                Asking::Reduced(_) => assert!(radius + REACH < bits && radius < 31),
                Asking::WholeFrameOnly(most) => assert!(bits < 44 && most == Asking::FLOOR),
            }
        }
    }

    #[test]
    fn rules_change_at_44_and_63_bits() {
        let at = |bits| Asking::at(Distance::of_bits(bits));
        assert_eq!(at(43), Asking::WholeFrameOnly(Radius::of(12)));
        assert_eq!(at(44), Asking::Reduced(Radius::of(12)));
        assert_eq!(at(62), Asking::Reduced(Radius::of(30)));
        assert_eq!(at(63), Asking::Normal);
    }

    #[test]
    fn a_policy_that_asks_for_less_gets_less() {
        let (narrow, wide) = (Radius::of(5), Radius::of(48));
        let reduced = Asking::Reduced(Radius::of(20));
        assert_eq!(reduced.radius(narrow), narrow);
        assert_eq!(reduced.radius(wide), Radius::of(20));
        assert_eq!(Asking::Normal.radius(wide), wide);
    }

    #[test]
    fn every_template_its_forms_and_negatives_are_asked_by_whole_frames_only() {
        for (_, words) in &TEMPLATES {
            for form in crate::hash::Dihedral::ALL {
                let form = pdq(words).derived(form);
                for code in [form, form.negative()] {
                    assert_eq!(asking(code), Asking::WholeFrameOnly(Asking::FLOOR));
                }
            }
        }
    }

    #[test]
    fn a_warning_says_how_far_what_and_what_is_done() {
        let (family, words) = &TEMPLATES[0];
        let warning = Warning::of(pdq(words)).unwrap();
        let text = warning.to_string();
        assert!(text.starts_with("the hash is 0 bits from"), "{text}");
        assert!(
            text.contains(family) && text.contains("within 12 bits"),
            "{text}"
        );
        assert!(!text.contains(&pdq(words).to_string()));
        assert!(!warning.asking().admits_views());
    }
}
