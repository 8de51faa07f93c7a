//! What belongs to each hash of a snapshot, and the digests of files.

use crate::baseline::{FrameRole, Part, Profile, Shown};
use crate::hash::{Digest, DigestKind, Quality};
use crate::index::Shared;

use super::error::{Damage, damage};
use super::head::Kind;
use super::strings::{NONE, Strings, four};

/// Bytes of a row, and of a digest with what belongs to it.
pub(super) const ROW: usize = 20;
pub(super) const DIGEST: usize = 48;

/// Stands where no quality is known.
const NO_QUALITY: u8 = u8::MAX;

/// Profiles by their numbers.
const PROFILES: [Profile; 4] = [
    Profile::Full,
    Profile::Shrunk512,
    Profile::Windows,
    Profile::Unstated,
];

/// The number of a profile.
pub(super) fn profile_number(profile: Profile) -> u8 {
    let mut numbered = PROFILES.iter().zip(0..);
    let found = numbered.find(|(other, _)| **other == profile);
    found.map_or(u8::MAX, |(_, number)| number)
}

/// The profile of a number.
pub(super) fn profile_of(number: u8) -> Option<Profile> {
    PROFILES.get(usize::from(number)).copied()
}

/// What hashes are looked up among. Each is an index of its own, and its rows stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Wholes,
    Windows,
    Frames,
}

impl Table {
    /// All of them, in the order in which their rows stand.
    pub(super) const ALL: [Self; 3] = [Self::Wholes, Self::Windows, Self::Frames];

    /// What a row of it is of.
    fn of(self) -> &'static str {
        match self {
            Self::Wholes => "a whole picture",
            Self::Windows => "a window",
            Self::Frames => "a frame",
        }
    }
}

/// What belongs to a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The number of its entry.
    pub entry: usize,
    /// How it was made.
    pub profile: Profile,
    /// The quality of what was hashed, if known.
    pub quality: Option<Quality>,
    /// Which part of the picture was hashed, if it is a window.
    pub part: Option<Part>,
    /// When the frame that was hashed shows, if it is one of a video.
    pub shown: Option<Shown>,
    /// A label for people.
    pub label: Option<&'a str>,
}

/// A quality and a profile, as they are written.
pub(super) fn ends(quality: Option<Quality>, profile: Profile) -> [u8; 2] {
    let quality = quality.map_or(NO_QUALITY, Quality::get);
    [quality, profile_number(profile)]
}

/// A row as it stands in the file.
pub(super) struct Written {
    pub(super) entry: u32,
    pub(super) label: u32,
    pub(super) part: Option<Part>,
    pub(super) shown: Option<Shown>,
    pub(super) quality: Option<Quality>,
    pub(super) profile: Profile,
}

impl Written {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.entry.to_le_bytes());
        bytes.extend(self.label.to_le_bytes());
        if let Some(shown) = self.shown {
            bytes.extend(shown.at_ms().to_le_bytes());
            bytes.extend(shown.lasts_cs().to_le_bytes());
            bytes.extend([shown.role() as u8, 0]);
        } else {
            for side in self.part.map_or([0; 4], Part::sides) {
                bytes.extend(side.to_le_bytes());
            }
        }
        bytes.extend(ends(self.quality, self.profile));
        bytes.extend([0; 2]);
    }

    fn read(bytes: &[u8; ROW], table: Table) -> Result<Self, &'static str> {
        let two = |k: usize| u16::from_le_bytes([bytes[8 + 2 * k], bytes[9 + 2 * k]]);
        let (part, shown) = match (table, std::array::from_fn(two)) {
            (Table::Frames, _) => {
                let role = FrameRole::ALL.get(usize::from(bytes[14]));
                let role = role.ok_or("a role of 0 to 5")?;
                if bytes[15] != 0 {
                    return Err("a zero behind the role");
                }
                (None, Some(Shown::new(four(bytes, 8), two(2), *role)))
            }
            (_, [0, 0, 0, 0]) => (None, None),
            (_, sides) => {
                let part = Part::new(sides).map_err(|_| "a part of a picture")?;
                (Some(part), None)
            }
        };
        let quality = match bytes[16] {
            NO_QUALITY => None,
            quality => Some(Quality::new(quality).map_err(|_| "a quality of at most 100, or 255")?),
        };
        let profile = profile_of(bytes[17]).ok_or("a profile of 0 to 3")?;
        if part.is_some() != (profile == Profile::Windows) {
            return Err("a part where the profile is windows/1, and nowhere else");
        }
        if bytes[18..] != [0; 2] {
            return Err("two zeros");
        }
        Ok(Self {
            entry: four(bytes, 0),
            label: four(bytes, 4),
            part,
            shown,
            quality,
            profile,
        })
    }

    /// Checks what hangs on the table, on the row before, and on what else the file holds.
    fn check(
        &self,
        at: usize,
        table: Table,
        before: Option<&Self>,
        entries: usize,
        strings: &Strings,
    ) -> Result<(), Damage> {
        if table != Table::Frames && self.part.is_some() != (table == Table::Windows) {
            return Err(damage(Kind::Rows, at, table.of(), "the other"));
        }
        let first = before.map_or(0, |before| before.entry);
        if self.entry as usize >= entries || self.entry < first {
            let expected = format!("an entry from {first} to below {entries}");
            return Err(damage(Kind::Rows, at, expected, self.entry));
        }
        let of_entry = before.filter(|before| before.entry == self.entry);
        if let Some(before) = of_entry.filter(|before| self.shown < before.shown) {
            let after = before.shown.map_or(0, Shown::at_ms);
            let expected = format!("frames in the order of their times, behind one at {after} ms");
            return Err(damage(Kind::Rows, at + 8, expected, "an earlier one"));
        }
        if self.label != NONE && self.label as usize >= strings.len() {
            let expected = format!("a text below {}", strings.len());
            return Err(damage(Kind::Rows, at + 4, expected, self.label));
        }
        Ok(())
    }
}

/// Rows that were checked: those of whole pictures, then those of windows, then those of frames, in each the entries in order, and the frames of
/// each entry in the order of their times.
pub(super) struct Rows {
    bytes: Shared,
    /// Where the rows of each table end, in the order of [`Table::ALL`].
    ends: [usize; 3],
    /// How many state each quality, 0 to 100.
    qualities: [usize; 101],
    /// How the hashes were made, if all say the same.
    pub(super) profile: Profile,
}

impl Rows {
    pub(super) fn open(
        bytes: Shared,
        begin: usize,
        counts: [usize; 3],
        entries: usize,
        strings: &Strings,
    ) -> Result<Self, Damage> {
        let (rows, rest) = bytes.as_chunks::<ROW>();
        let all: usize = counts.iter().sum();
        if rows.len() != all || !rest.is_empty() {
            let expected = format!("{ROW} bytes for each of {all} hashes");
            return Err(damage(
                Kind::Rows,
                begin,
                expected,
                format!("{} bytes", bytes.len()),
            ));
        }
        let [wholes, windows, frames] = counts;
        let ends = [wholes, wholes + windows, wholes + windows + frames];
        let mut qualities = [0; 101];
        let mut has_profile = [false; PROFILES.len()];
        let mut begins = 0;
        for (table, end) in Table::ALL.into_iter().zip(ends) {
            let mut before: Option<Written> = None;
            for (bytes, number) in rows[begins..end].iter().zip(begins..) {
                let at = begin + ROW * number;
                let row = Written::read(bytes, table)
                    .map_err(|expected| damage(Kind::Rows, at, expected, "another row"))?;
                row.check(at, table, before.as_ref(), entries, strings)?;
                if let Some(quality) = row.quality {
                    qualities[usize::from(quality.get())] += 1;
                }
                has_profile[usize::from(profile_number(row.profile))] = true;
                before = Some(row);
            }
            begins = end;
        }
        let profiles = PROFILES.into_iter().zip(has_profile);
        let profiles = profiles.filter_map(|(profile, is_there)| is_there.then_some(profile));
        Ok(Self {
            bytes,
            ends,
            qualities,
            profile: Profile::common(profiles),
        })
    }

    /// How many state a quality below this one.
    pub(super) fn below(&self, quality: Quality) -> usize {
        self.qualities[..quality.get().into()].iter().sum()
    }

    pub(super) fn all(&self) -> &[[u8; ROW]] {
        self.bytes.as_chunks().0
    }

    /// All rows of a table.
    pub(super) fn table(&self, table: Table) -> &[[u8; ROW]] {
        let [wholes, windows, frames] = self.ends;
        let range = match table {
            Table::Wholes => 0..wholes,
            Table::Windows => wholes..windows,
            Table::Frames => windows..frames,
        };
        &self.all()[range]
    }

    /// A row of a table.
    ///
    /// # Panics
    /// Where the table has no such row.
    pub(super) fn row<'a>(&self, table: Table, number: usize, strings: &'a Strings) -> Row<'a> {
        let row = Written::read(&self.table(table)[number], table);
        let row = row.unwrap_or_else(|_| unreachable!("a row that was checked"));
        Row {
            entry: row.entry as usize,
            profile: row.profile,
            quality: row.quality,
            part: row.part,
            shown: row.shown,
            label: (row.label != NONE).then(|| strings.get(row.label)),
        }
    }

    /// The rows of an entry in a table.
    pub(super) fn of_entry(&self, table: Table, entry: usize) -> std::ops::Range<usize> {
        let table = self.table(table);
        let is_before = |limit: usize| move |row: &[u8; ROW]| (four(row, 0) as usize) < limit;
        table.partition_point(is_before(entry))..table.partition_point(is_before(entry + 1))
    }
}

/// A digest as it stands in the file.
pub(super) fn write_digest(digest: Digest, entry: u32, label: u32, bytes: &mut Vec<u8>) {
    let begin = bytes.len();
    bytes.extend(digest.as_bytes());
    bytes.resize(begin + 32, 0);
    bytes.extend(entry.to_le_bytes());
    bytes.extend(label.to_le_bytes());
    bytes.push(digest.kind() as u8);
    bytes.resize(begin + DIGEST, 0);
}

/// Digests that were checked: in order, so that one is found by halves.
pub(super) struct Digests(Shared);

impl Digests {
    pub(super) fn open(
        bytes: Shared,
        begin: usize,
        entries: usize,
        strings: &Strings,
    ) -> Result<Self, Damage> {
        let (rows, rest) = bytes.as_chunks::<DIGEST>();
        let wrong =
            |at: usize, expected: &str| damage(Kind::Digests, at, expected, "something else");
        if !rest.is_empty() {
            return Err(wrong(
                begin + DIGEST * rows.len(),
                "48 bytes for each digest",
            ));
        }
        let mut before = None;
        for (number, row) in rows.iter().enumerate() {
            let at = begin + DIGEST * number;
            let digest = digest(row).ok_or_else(|| wrong(at, "a digest, with zeros behind it"))?;
            let label = four(row, 36);
            let this = Some((digest, four(row, 32), label));
            if before >= this {
                return Err(wrong(at, "digests in order, each once for an entry"));
            }
            before = this;
            if four(row, 32) as usize >= entries {
                return Err(wrong(at + 32, "the number of an entry"));
            }
            if label != NONE && label as usize >= strings.len() {
                return Err(wrong(at + 36, "the number of a text"));
            }
        }
        Ok(Self(bytes))
    }

    fn rows(&self) -> &[[u8; DIGEST]] {
        self.0.as_chunks().0
    }

    pub(super) fn len(&self) -> usize {
        self.rows().len()
    }

    /// Whether there are any of an algorithm.
    pub(super) fn has(&self, kind: DigestKind) -> bool {
        let from = self
            .rows()
            .partition_point(|row| usize::from(row[40]) < kind as usize);
        self.rows()
            .get(from)
            .is_some_and(|row| usize::from(row[40]) == kind as usize)
    }

    /// All of them: the digest, the entry's number, the label.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Digest, usize, u32)> {
        let all = self.rows().iter();
        all.filter_map(|row| Some((digest(row)?, four(row, 32) as usize, four(row, 36))))
    }

    /// The entries that have this digest, and their labels.
    pub(super) fn find(&self, wanted: Digest) -> impl Iterator<Item = (usize, u32)> {
        let from = self
            .rows()
            .partition_point(|row| digest(row) < Some(wanted));
        let same = self.rows()[from..]
            .iter()
            .take_while(move |row| digest(row) == Some(wanted));
        same.map(|row| (four(row, 32) as usize, four(row, 36)))
    }
}

/// The digest at the beginning of a row; none where there is none of a known kind, or more than one and zeros.
fn digest(row: &[u8; DIGEST]) -> Option<Digest> {
    fn first<const N: usize>(row: &[u8; DIGEST]) -> Option<[u8; N]> {
        let (first, rest) = row[..32].split_first_chunk()?;
        rest.iter().all(|byte| *byte == 0).then_some(*first)
    }
    let digest = match row[40] {
        0 => Digest::Sha256(first(row)?),
        1 => Digest::Sha1(first(row)?),
        2 => Digest::Md5(first(row)?),
        _ => return None,
    };
    (row[41..] == [0; 7]).then_some(digest)
}
