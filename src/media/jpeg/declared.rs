//! The pictures that a JPEG says stand behind it: by its index of several pictures (CIPA DC-007, "MPF"), or by the XMP
//! of a gain map.

use super::super::tiff::ifd::Directories;
use super::header::{SCAN, STANDALONE, next_marker, segment};

/// Where the declared pictures begin; none for one that is declared without a place.
pub(in super::super) fn declared_pictures(bytes: &[u8]) -> Vec<Option<usize>> {
    let mut declared = Vec::new();
    let mut at = 0;
    while let Some((marker, after)) = next_marker(bytes, at) {
        at = after;
        if STANDALONE.contains(&marker) {
            continue;
        }
        let Some(content) = segment(bytes, at) else {
            break;
        };
        match marker {
            SCAN => break,
            0xe1 if is_gain_map(content) && declared.is_empty() => declared.push(None),
            0xe2 if content.starts_with(b"MPF\0") => declared = index(&content[4..], at + 6),
            _ => {}
        }
        at += 2 + content.len();
    }
    declared
}

/// XMP that names a gain map (Ultra HDR).
fn is_gain_map(content: &[u8]) -> bool {
    let names = |word: &[u8]| content.windows(word.len()).any(|w| w == word);
    content.starts_with(b"http://ns.adobe.com/xap/1.0/\0")
        && (names(b"GainMap") || names(b"hdrgm:Version"))
}

/// The entries of an index, whose offsets count from its own header at `base`; the first is the main picture.
fn index(content: &[u8], base: usize) -> Vec<Option<usize>> {
    let entries = || {
        let directories = Directories::open(content)?;
        let directory = directories.at(directories.first())?;
        directory.bytes(MP_ENTRY)
    };
    let entries = entries().unwrap_or(&[]);
    let big = content.starts_with(b"MM");
    entries
        .chunks_exact(16)
        .filter_map(|entry| {
            let four = [entry[8], entry[9], entry[10], entry[11]];
            let offset = if big {
                u32::from_be_bytes(four)
            } else {
                u32::from_le_bytes(four)
            };
            (offset != 0).then_some(Some(base + usize::try_from(offset).ok()?))
        })
        .take(MOST)
        .collect()
}

const MP_ENTRY: u16 = 0xb002;
/// More views than any camera takes.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn with_segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, marker];
        bytes.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        bytes.extend(content);
        bytes
    }

    #[test]
    fn an_index_tells_where_pictures_begin() {
        let mut content =
            b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x02\0\x07\0\0\0\x20\0\0\0\x1a\0\0\0\0".to_vec();
        content.extend([0; 16]); // the main picture
        content.extend([0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 1, 0, 0, 0, 0, 0]);
        let bytes = with_segment(0xe2, &content);
        // The header stands behind the start of image, the marker, the length and the name.
        assert_eq!(declared_pictures(&bytes), [Some(2 + 2 + 2 + 4 + 256)]);
        for cut in 0..bytes.len() {
            assert!(declared_pictures(&bytes[..cut]).is_empty(), "{cut}");
        }
    }

    #[test]
    fn a_gain_map_is_declared_by_xmp() {
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<rdf Item:Semantic='GainMap'/>";
        assert_eq!(declared_pictures(&with_segment(0xe1, xmp)), [None]);
        assert!(declared_pictures(&with_segment(0xe1, b"GainMap")).is_empty());
    }
}
