//! A file of which a few bytes read differently, without a copy of it: for decoders that have to see one page of many,
//! or another size.

use std::io::{self, Read, Seek, SeekFrom};

/// The file as a stream.
#[derive(Debug)]
pub(super) struct Patched<'a> {
    bytes: &'a [u8],
    /// What is read instead, and where.
    instead: Vec<(usize, Vec<u8>)>,
    at: usize,
}

impl<'a> Patched<'a> {
    pub(super) fn new(bytes: &'a [u8], instead: Vec<(usize, Vec<u8>)>) -> Self {
        Self {
            bytes,
            instead,
            at: 0,
        }
    }
}

impl Read for Patched<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        for (start, bytes) in &self.instead {
            for (place, &byte) in (*start..).zip(bytes) {
                if let Some(read) = place.checked_sub(self.at).filter(|&i| i < count) {
                    out[read] = byte;
                }
            }
        }
        self.at += count;
        Ok(count)
    }
}

impl Seek for Patched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut cursor = io::Cursor::new(self.bytes);
        cursor.set_position(self.at as u64);
        let at = cursor.seek(to)?;
        self.at = usize::try_from(at).unwrap_or(usize::MAX);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_read_so_in_every_piece() {
        let instead = vec![(2, b"xy".to_vec()), (7, b"zz".to_vec())];
        for piece in 1..10 {
            let mut file = Patched::new(b"abcdefgh", instead.clone());
            let mut all: Vec<u8> = Vec::new();
            let mut part = vec![0; piece];
            loop {
                match file.read(&mut part).unwrap() {
                    0 => break,
                    n => all.extend(&part[..n]),
                }
            }
            assert_eq!(all, b"abxyefgz", "{piece}");
        }
        let mut file = Patched::new(b"abcdefgh", instead);
        file.seek(SeekFrom::Start(3)).unwrap();
        let mut two = [0; 2];
        file.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"ye");
    }
}
