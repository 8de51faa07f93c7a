//! The directories of a TIFF, read in place: what a page will cost, before anything is allocated for it.
//!
//! TIFF 6.0, section 2, and BigTIFF. Nothing is copied; a field that points outside the file is as if it were not there.

/// A TIFF whose header is understood.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Directories<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// BigTIFF: offsets and counts of 8 bytes.
    wide: bool,
}

/// One directory.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Directory<'a> {
    file: Directories<'a>,
    /// Where the first field stands, and how many there are.
    fields: usize,
    count: usize,
}

impl<'a> Directories<'a> {
    pub(in super::super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let file = Self {
            bytes,
            big_endian: bytes.starts_with(b"MM"),
            wide: false,
        };
        let wide = match file.unsigned(2, 2)? {
            42 => false,
            43 => true,
            _ => return None,
        };
        Some(Self { wide, ..file })
    }

    /// Where the first directory stands; 0 if nowhere.
    pub(in super::super) fn first(&self) -> u64 {
        let (at, width) = if self.wide { (8, 8) } else { (4, 4) };
        self.unsigned(at, width).unwrap_or(0)
    }

    /// The directory at this place. One that does not lie inside the file is none; neither is one of so many fields
    /// that reading it would be the attack.
    pub(in super::super) fn at(&self, at: u64) -> Option<Directory<'a>> {
        let at = usize::try_from(at).ok()?;
        let count_bytes = if self.wide { 8 } else { 2 };
        let count = self.unsigned(at, count_bytes)?;
        let count = usize::try_from(count).ok().filter(|&n| n <= MOST_FIELDS)?;
        let directory = Directory {
            file: *self,
            fields: at + count_bytes,
            count,
        };
        let end = directory.fields + count * directory.field_bytes();
        (at > 0 && end <= self.bytes.len()).then_some(directory)
    }

    /// The header that a file has whose first directory is at `first`, and which is like this one otherwise.
    pub(super) fn header(&self, first: u64) -> Vec<u8> {
        let start = if self.wide { 8 } else { 4 };
        let mut header = self.bytes.get(..start).unwrap_or(&[]).to_vec();
        let little = first.to_le_bytes();
        let offset = if self.wide { &little[..] } else { &little[..4] };
        match self.big_endian {
            true => header.extend(offset.iter().rev()),
            false => header.extend(offset),
        }
        header
    }

    /// A short number, in the bytes that a file of this order has for it.
    pub(super) fn short(&self, value: u16) -> [u8; 2] {
        match self.big_endian {
            true => value.to_be_bytes(),
            false => value.to_le_bytes(),
        }
    }

    fn unsigned(&self, at: usize, width: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(width)?)?;
        Some(fold(bytes, self.big_endian))
    }
}

impl<'a> Directory<'a> {
    /// Where the next directory of the chain stands; 0 at the end.
    pub(super) fn next(&self) -> Option<u64> {
        self.file.unsigned(self.link(), self.offset_bytes())
    }

    /// The link, as it would be written at the end of the chain.
    pub(super) fn no_link(&self) -> (usize, Vec<u8>) {
        (self.link(), vec![0; self.offset_bytes()])
    }

    fn link(&self) -> usize {
        self.fields + self.count * self.field_bytes()
    }

    /// Where the field of this tag stands, and where its value.
    pub(super) fn place(&self, tag: u16) -> Option<(usize, usize)> {
        let places = (0..self.count).map(|i| self.fields + i * self.field_bytes());
        let mut found = places.filter(|&at| self.file.unsigned(at, 2) == Some(u64::from(tag)));
        let field = found.next()?;
        Some((field, field + 4 + self.offset_bytes()))
    }

    /// The value's bytes.
    pub(in super::super) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let (field, value) = self.place(tag)?;
        let width = width(self.file.unsigned(field + 2, 2)?)?;
        let count = self.file.unsigned(field + 4, self.offset_bytes())?;
        let length = usize::try_from(count).ok()?.checked_mul(width)?;
        let at = if length <= self.offset_bytes() {
            value
        } else {
            usize::try_from(self.file.unsigned(value, self.offset_bytes())?).ok()?
        };
        self.file.bytes.get(at..at.checked_add(length)?)
    }

    /// The value as whole numbers.
    pub(super) fn numbers(&self, tag: u16) -> impl ExactSizeIterator<Item = u64> + 'a {
        let read = || {
            let (field, _) = self.place(tag)?;
            let width = width(self.file.unsigned(field + 2, 2)?)?;
            Some((width, self.bytes(tag)?))
        };
        let (width, bytes) = read().unwrap_or((1, &[]));
        let big_endian = self.file.big_endian;
        bytes
            .chunks_exact(width)
            .map(move |number| fold(number, big_endian))
    }

    /// Where the last byte stands that this directory or a field of it points at, and one more, and how many fields and
    /// parts were looked at. `data` names the fields that hold places and those that hold the lengths there.
    pub(super) fn extent(&self, data: &[(u16, u16)]) -> (usize, usize) {
        let mut end = self.link() + self.offset_bytes();
        let mut work = self.count;
        for i in 0..self.count {
            let field = self.fields + i * self.field_bytes();
            end = self.value_end(field).unwrap_or(0).max(end);
        }
        for &(places, lengths) in data {
            let parts = self.numbers(places).zip(self.numbers(lengths));
            for (place, length) in parts {
                work += 1;
                let part = usize::try_from(place.saturating_add(length));
                end = part.unwrap_or(usize::MAX).max(end);
            }
        }
        (end, work)
    }

    /// Where the value of the field at this place ends, if it stands elsewhere.
    fn value_end(&self, field: usize) -> Option<usize> {
        let width = any_width(self.file.unsigned(field + 2, 2)?)?;
        let count = self.file.unsigned(field + 4, self.offset_bytes())?;
        let length = usize::try_from(count).ok()?.checked_mul(width)?;
        let value = field + 4 + self.offset_bytes();
        let place = self.file.unsigned(value, self.offset_bytes())?;
        let elsewhere = length > self.offset_bytes();
        elsewhere
            .then(|| usize::try_from(place).ok()?.checked_add(length))
            .flatten()
    }

    /// The value's first number.
    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag).next()
    }

    fn field_bytes(&self) -> usize {
        4 + 2 * self.offset_bytes()
    }

    fn offset_bytes(&self) -> usize {
        if self.file.wide { 8 } else { 4 }
    }
}

fn fold(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |sum, &byte: &u8| (sum << 8) | u64::from(byte);
    match big_endian {
        true => bytes.iter().fold(0, add),
        false => bytes.iter().rev().fold(0, add),
    }
}

/// Bytes of a value's type: the whole numbers, signed or not, and places of directories.
fn width(kind: u64) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 13 => Some(4),
        16..=18 => Some(8),
        _ => None,
    }
}

/// The same of every type, fractions and floating point too.
fn any_width(kind: u64) -> Option<usize> {
    match kind {
        11 => Some(4),
        5 | 10 | 12 => Some(8),
        kind => width(kind),
    }
}

/// Real directories have some tens of fields.
const MOST_FIELDS: usize = 4096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LITTLE: &[u8] = b"II*\0\x08\0\0\0\x02\0\x00\x01\x03\0\x01\0\0\0\x05\0\0\0\x02\x01\x03\0\x03\0\0\0\x26\0\0\0\x09\0\0\0\x08\0\x08\0\x08\0";

    #[test]
    fn numbers_are_read_in_place_and_from_elsewhere() {
        let file = Directories::open(LITTLE).unwrap();
        let directory = file.at(file.first()).unwrap();
        assert_eq!(directory.number(256), Some(5));
        assert_eq!(directory.numbers(258).collect::<Vec<_>>(), [8, 8, 8]);
        assert_eq!(directory.number(257), None);
        assert_eq!(directory.next(), Some(9));
        assert_eq!(file.header(0x0102), b"II*\0\x02\x01\0\0");
    }

    #[test]
    fn what_points_outside_is_not_there() {
        let cut = &LITTLE[..LITTLE.len() - 1];
        let file = Directories::open(cut).unwrap();
        let directory = file.at(file.first()).unwrap();
        assert_eq!(directory.number(258), None);
        assert!(file.at(37).is_none() && file.at(u64::MAX).is_none() && file.at(0).is_none());
        assert!(Directories::open(b"II").is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut bytes: Vec<u8>, at: u64, wide: bool, tag: u16) {
            let magic: &[u8] = if wide { b"MM\0+" } else { b"II*\0" };
            bytes.splice(0..0, magic.iter().copied());
            let file = Directories::open(&bytes).unwrap();
            for at in [at, at % 64, file.first()] {
                if let Some(directory) = file.at(at) {
                    let _ = (directory.next(), directory.bytes(tag), directory.number(256));
                }
            }
        }
    }
}
