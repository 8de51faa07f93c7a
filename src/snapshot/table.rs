//! Reading the head of a snapshot: everything is checked, in the order of FORMAT.md.

use std::ops::Range;

use blake3::hazmat::{self, ChainingValue, HasherExt, Mode};

use crate::baseline::{PolicyId, Time};
use crate::index::parallel;

use super::error::{Damage, OpenError, damage};
use super::head::{ALIGNED, About, BEGIN, EACH, Head, Kind, MAGIC, NEVER, PROFILES};
use super::{Id, VERSION};

/// More sections than this no version will have.
const MOST_SECTIONS: usize = 64;

/// Reads numbers one after the other; bytes that are not there are zeros, since the length was checked.
struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let taken = self
            .bytes
            .get(self.at..)
            .and_then(|rest| rest.first_chunk());
        self.at += N;
        taken.copied().unwrap_or([0; N])
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }

    fn time(&mut self) -> Result<Time, Damage> {
        let at = self.at;
        let seconds = i64::from_le_bytes(self.take());
        let expected = "seconds of a year from 0 to 9999";
        Time::from_unix_seconds(seconds).map_err(|_| damage(None, at, expected, seconds))
    }

    /// Bytes that nothing is said in.
    fn zeros<const N: usize>(&mut self) -> Result<(), Damage> {
        let at = self.at;
        match self.take::<N>().iter().position(|byte| *byte != 0) {
            None => Ok(()),
            Some(k) => Err(damage(None, at + k, 0, self.bytes[at + k])),
        }
    }
}

/// Reads the head and checks all of it, in the order of FORMAT.md; and that sections hold what their digests say.
pub(super) fn read(bytes: &[u8]) -> Result<Head, OpenError> {
    if !bytes.starts_with(&MAGIC) {
        return Err(OpenError::NotASnapshot);
    }
    let mut numbers = Numbers { bytes, at: 8 };
    let version = numbers.u32();
    if bytes.len() >= 12 && version != VERSION {
        return Err(OpenError::Version { found: version });
    }
    if bytes.len() < BEGIN {
        return Err(damage(
            None,
            bytes.len(),
            "128 bytes of a head",
            "the end of the file",
        )
        .into());
    }
    let count = numbers.u32() as usize;
    let unknown = numbers.u64();
    if unknown != 0 {
        return Err(OpenError::Features { unknown });
    }
    let length = numbers.u64();
    if length != bytes.len() as u64 {
        let found = format!("{} bytes of file", bytes.len());
        return Err(damage(None, 24, format!("{length} bytes, as the head says"), found).into());
    }
    let sequence = numbers.u64();
    let created_at = numbers.time()?;
    let valid_until = match numbers
        .bytes
        .get(numbers.at..)
        .and_then(|rest| rest.first_chunk())
    {
        Some(&NEVER) => {
            numbers.at += 8;
            None
        }
        _ => Some(numbers.time()?),
    };
    numbers.zeros::<8>()?;
    let policy = Some(numbers.take::<32>()).filter(|id| *id != [0; 32]);
    for profile in PROFILES {
        let at = numbers.at;
        let found = numbers.take::<16>();
        let mut expected = [0; 16];
        expected[..profile.len()].copy_from_slice(profile.as_bytes());
        if found != expected {
            let found = String::from_utf8_lossy(&found).into_owned();
            return Err(damage(
                None,
                at,
                format!("the profile {profile}"),
                format!("{found:?}"),
            )
            .into());
        }
    }
    if !(Kind::ALL.len()..=MOST_SECTIONS).contains(&count) {
        let expected = format!("{} to {MOST_SECTIONS} sections", Kind::ALL.len());
        return Err(damage(None, 12, expected, count).into());
    }
    let id_at = BEGIN + EACH * count;
    let begin = (id_at + 32).next_multiple_of(ALIGNED);
    if bytes.len() < begin {
        return Err(damage(
            None,
            bytes.len(),
            format!("{begin} bytes of a head"),
            "the end of the file",
        )
        .into());
    }
    let id = Id::of(&bytes[..id_at]);
    let stated = Numbers { bytes, at: id_at }.take();
    if id.to_bytes() != stated {
        let found = Id::from_bytes(stated);
        return Err(damage(
            None,
            id_at,
            format!("the digest {id} of what stands before"),
            found,
        )
        .into());
    }
    let sections = sections(bytes, count, begin, numbers)?;
    Ok(Head {
        about: About {
            sequence,
            created_at,
            valid_until,
            policy: policy.map(PolicyId::from_bytes),
        },
        id,
        sections,
    })
}

/// The id that stands in a head, which was not checked.
pub(super) fn id(bytes: &[u8]) -> Option<Id> {
    let sections = bytes.get(12..)?.first_chunk()?;
    let at = BEGIN + EACH * u32::from_le_bytes(*sections) as usize;
    Some(Id::from_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Reads the table of sections: each begins where the one before ends, and what lies between is 0.
fn sections(
    bytes: &[u8],
    count: usize,
    begin: usize,
    mut numbers: Numbers<'_>,
) -> Result<[Range<usize>; Kind::ALL.len()], Damage> {
    let mut known = [const { 0..0 }; Kind::ALL.len()];
    let mut digests = Vec::new();
    let mut before = 0;
    // What stands behind the digest of the head.
    let mut end = BEGIN + EACH * count + 32;
    let mut next = begin;
    for section in 0..count {
        let at = numbers.at;
        let number = numbers.u32();
        let kind = Kind::ALL.get(section).copied();
        // Later versions may have more, which are left alone where no feature asks for them.
        let is_expected = kind.map_or(number > before, |kind| number == kind.number());
        if !is_expected {
            let expected = kind.map_or("a higher number".to_owned(), |kind| {
                kind.number().to_string()
            });
            return Err(damage(None, at, format!("section {expected}"), number));
        }
        before = number;
        numbers.zeros::<4>()?;
        let place = numbers.u64();
        zeros(bytes, end..next)?;
        if place != next as u64 {
            return Err(damage(None, at + 8, format!("a section at {next}"), place));
        }
        let length = numbers.u64();
        numbers.zeros::<8>()?;
        let left = bytes.len() - next;
        let fits = usize::try_from(length)
            .ok()
            .filter(|length| *length <= left);
        let Some(range) = fits.map(|length| next..next + length) else {
            let expected = format!("at most {left} bytes");
            return Err(damage(kind, at + 16, expected, length));
        };
        end = range.end;
        next = end.next_multiple_of(ALIGNED);
        if next > bytes.len() {
            return Err(damage(
                kind,
                end,
                "zeros up to a multiple of 64",
                "the end of the file",
            ));
        }
        digests.push((kind, range.clone(), at + 32, numbers.take::<32>()));
        if let Some(kind) = kind {
            known[kind as usize] = range;
        }
    }
    zeros(bytes, end..next)?;
    if next != bytes.len() {
        return Err(damage(None, next, "the end of the file", "more bytes"));
    }
    check_digests(bytes, digests)?;
    Ok(known)
}

/// What is said nothing in is 0.
fn zeros(bytes: &[u8], range: Range<usize>) -> Result<(), Damage> {
    let other = bytes[range.clone()].iter().position(|byte| *byte != 0);
    match other.map(|k| range.start + k) {
        None => Ok(()),
        Some(at) => Err(damage(None, at, 0, bytes[at])),
    }
}

/// A section, where it lies, and where its digest stands, and which.
type Stated = (Option<Kind>, Range<usize>, usize, [u8; 32]);

/// Sections hold what their digests say. They are looked at side by side, since much of the time to open a snapshot goes here.
fn check_digests(bytes: &[u8], stated: Vec<Stated>) -> Result<(), Damage> {
    let digests = digests(stated.iter().map(|(_, range, ..)| &bytes[range.clone()]));
    for ((kind, _, at, stated), found) in stated.into_iter().zip(digests) {
        let stated = Id::from_bytes(stated);
        let found = Id::from_bytes(found);
        if found != stated {
            let name = kind.map_or("of a later version", Kind::name);
            let expected = format!("the digest {found} of section {name}");
            return Err(damage(kind, at, expected, stated));
        }
    }
    Ok(())
}

/// So many bytes are digested at a time: 1024 and a power of 2, as BLAKE3's tree is cut.
const PIECE: usize = 4 << 20;

/// The BLAKE3 digests of sections. A section can be longer than all others together, so that pieces are what is dealt out.
pub(super) fn digests<'a>(sections: impl Iterator<Item = &'a [u8]>) -> Vec<[u8; 32]> {
    digests_by(sections, PIECE)
}

fn digests_by<'a>(sections: impl Iterator<Item = &'a [u8]>, piece: usize) -> Vec<[u8; 32]> {
    let (mut pieces, mut counts, mut length) = (Vec::new(), Vec::new(), 0);
    for section in sections {
        let before = pieces.len();
        let is_whole = section.len() <= piece;
        let begins = (0..).step_by(piece);
        pieces.extend(
            section
                .chunks(piece)
                .zip(begins)
                .map(|(bytes, at)| (bytes, at, is_whole)),
        );
        if section.is_empty() {
            pieces.push((section, 0, true));
        }
        counts.push(pieces.len() - before);
        length += section.len();
    }
    let digested = parallel(length, pieces, |(bytes, at, is_whole)| {
        let mut hasher = blake3::Hasher::new();
        if is_whole {
            return *hasher.update(bytes).finalize().as_bytes();
        }
        hasher
            .set_input_offset(at)
            .update(bytes)
            .finalize_non_root()
    });
    let mut rest = &digested[..];
    let of_section = |count| {
        let (pieces, behind) = rest.split_at(count);
        rest = behind;
        match halves(pieces) {
            None => pieces[0],
            Some(halves) => {
                let [left, right] = halves.map(merged);
                *hazmat::merge_subtrees_root(&left, &right, Mode::Hash).as_bytes()
            }
        }
    };
    counts.into_iter().map(of_section).collect()
}

/// The value of a part of BLAKE3's tree.
fn merged(pieces: &[ChainingValue]) -> ChainingValue {
    match halves(pieces) {
        None => pieces[0],
        Some(halves) => {
            let [left, right] = halves.map(merged);
            hazmat::merge_subtrees_non_root(&left, &right, Mode::Hash)
        }
    }
}

/// What stands below a node: on the left as many as a power of 2 can be, and at least one on the right. None where there is one only.
fn halves(pieces: &[ChainingValue]) -> Option<[&[ChainingValue]; 2]> {
    let left = pieces.len().next_power_of_two() / 2;
    (pieces.len() > 1).then(|| pieces.split_at(left).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_by_pieces_are_those_of_the_whole() {
        let bytes: Vec<u8> = (0..40_000usize)
            .map(|k| (k * k / 7).to_le_bytes()[0])
            .collect();
        for piece in [1024, 2048, 4096] {
            let lengths = (0..10).flat_map(|k| [0, 1, 1023, 1024].map(|more| k * 4096 / 2 + more));
            let sections: Vec<_> = lengths.map(|length| &bytes[..length]).collect();
            let found = digests_by(sections.iter().copied(), piece);
            let whole = sections
                .iter()
                .map(|section| *blake3::hash(section).as_bytes());
            assert_eq!(found, whole.collect::<Vec<_>>(), "{piece}");
        }
    }
}
