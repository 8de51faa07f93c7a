//! Entries so plain that harmless pictures match them, and how to ask for those.
//!
//! In: the hash of an entry, or of a window of one. Out: how near it is to one of 256 *templates*, which are hashes of harmless
//! pictures of little content, drawn by `examples/templates`: logos and letters on a plain page, flags, frames, gradients, spots
//! of light. By that an [`Asking`]: with which radius uploads are compared, and whether parts of them are too.
//!
//! The rule: an entry must not match what itself matches a template. What is within 31 bits of a template is more than `d - 32`
//! bits from an entry that is `d` bits from the template (triangle inequality). So an entry with a `d` of 44 to 62 is compared within
//! `d - 32` bits. One that is nearer is compared within [`Asking::FLOOR`], or its own copies would not be found, and with whole
//! frames only, since so large a radius does not keep away all that is like the template.
//!
//! What it does not do: the templates know few of all logos, and no screens of apps, so an entry that is asked for normally need
//! not be distinctive. The hash of a plain entry hardly tells its copies from pictures that are merely like it; such an entry is
//! better listed by the digests of its files.
//!
//! # What was measured
//! `cargo run --release --example templates -- measure`, on 2,633 sketches that no template was chosen from, each asked for with the
//! eight forms of all others:
//!
//! | family | sketches | reduced | whole frame only | matches at 31 | as asked | of them within the floor |
//! |---|---:|---:|---:|---:|---:|---:|
//! | logo | 1536 | 290 | 419 | 779 | 192 | 145 |
//! | flag | 267 | 52 | 55 | 159 | 65 | 59 |
//! | frame | 247 | 40 | 70 | 201 | 89 | 82 |
//! | gradient | 288 | 66 | 160 | 283 | 61 | 48 |
//! | spot of light | 295 | 22 | 41 | 92 | 26 | 24 |
//!
//! So 1,081 of 1,514 wrong matches go. Of 225 such entries that are not asked for normally, copies by JPEG at 85 are found in 92 % at
//! 31 and in 90 % as asked; by JPEG at 40 in 90 and 84 %; scaled to two thirds in 88 and 80 %; to three halves in 91 and 85 %. (Even
//! pictures have bits of chance, which is why 31 does not find all.)
//!
//! `IJKPUNT_CORPUS=DIR cargo test --release --test generic -- --nocapture`: of 119 photographs none is flagged (Wilson's 95 % interval: up to 3.1 %),
//! the nearest at 82 bits; of 14,718 parts of them, of quality 80 and more, 2 (up to 0.05 %, more as parts of one photograph are alike); of 1,450
//! hashes of the reference's tests 3, whose pictures are not known.
//!
//! That an entry has many near neighbours in its list was tried as a second sign and told nothing more: of 21 sketches that were
//! asked for normally and matched, it found 5 at most, and it flagged up to three in four hashes of the reference's tests.
//!
//! # Cost
//! About 28 us a code, without allocations, most of it the eight forms: `cargo bench --bench list generic`.

mod asking;
mod templates;

pub use asking::{Asking, Warning, asking};

use templates::TEMPLATES;

use crate::hash::{Dihedral, Distance, Pdq};

/// The distance to the nearest template, and what that shows, such as "logo". The code is turned and mirrored in eight ways, by
/// [`Pdq::derived`], and inverted.
///
/// # Cost
/// 2,048 distances, plainly one after the other: it is for entries, and for uploads that matched.
#[must_use]
pub fn nearest(code: Pdq) -> (Distance, &'static str) {
    let forms = Dihedral::ALL.map(|form| words(code.derived(form)));
    let gaps = TEMPLATES.iter().map(|(family, template)| {
        let to_forms = forms.iter().map(|form| gap(form, template));
        (to_forms.fold(u32::MAX, u32::min), *family)
    });
    let (bits, family) = gaps.min_by_key(|(bits, _)| *bits).unwrap_or((BITS, ""));
    #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
    let bits = bits as u16;
    (Distance::of_bits(bits), family)
}

const BITS: u32 = 256;

/// The bits in which two hashes differ, or one and the negative of the other.
fn gap(a: &[u128; 2], b: &[u128; 2]) -> u32 {
    let bits = (a[0] ^ b[0]).count_ones() + (a[1] ^ b[1]).count_ones();
    bits.min(BITS - bits)
}

fn words(code: Pdq) -> [u128; 2] {
    let bytes = code.to_bytes();
    let word = |from: usize| {
        let bytes = bytes[from..from + 16].iter();
        bytes.fold(0, |word, byte| word << 8 | u128::from(*byte))
    };
    [word(0), word(16)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(super) fn pdq([high, low]: &[u128; 2]) -> Pdq {
        format!("{high:032x}{low:032x}").parse().unwrap()
    }

    /// As the words of the documentation say it.
    fn plainly_nearest(code: Pdq) -> Distance {
        let templates = TEMPLATES.iter().map(|(_, words)| pdq(words));
        let gaps = templates.flat_map(|template| {
            Dihedral::ALL.map(|form| {
                let form = code.derived(form);
                form.distance(template)
                    .min(form.negative().distance(template))
            })
        });
        gaps.min().unwrap()
    }

    proptest! {
        #[test]
        fn the_scan_agrees_with_the_definition(
            template in 0..TEMPLATES.len(),
            flips in prop::collection::vec(0usize..256, 0..200),
        ) {
            let mut bytes = pdq(&TEMPLATES[template].1).to_bytes();
            for bit in flips {
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            let code = Pdq::from_bytes(bytes);
            prop_assert_eq!(nearest(code).0, plainly_nearest(code));
        }

        #[test]
        fn codes_of_chance_are_asked_normally(bytes: [u8; 32]) {
            prop_assert_eq!(asking(Pdq::from_bytes(bytes)), Asking::Normal);
        }
    }

    #[test]
    fn templates_are_few_and_none_matches_another() {
        assert!((5..=256).contains(&TEMPLATES.len()));
        for (place, (_, template)) in TEMPLATES.iter().enumerate() {
            let forms = Dihedral::ALL.map(|form| words(pdq(template).derived(form)));
            for (_, other) in &TEMPLATES[..place] {
                assert!(forms.iter().all(|form| gap(form, other) > 31));
            }
        }
    }

    #[test]
    fn words_hold_the_bytes_of_a_hash() {
        for (_, template) in &TEMPLATES {
            assert_eq!(words(pdq(template)), *template);
        }
    }
}
