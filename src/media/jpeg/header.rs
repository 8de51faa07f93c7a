//! The markers of a JPEG, walked without decoding: what it will cost, and whether it comes to its end.

/// What the markers say, up to the end of the first picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: Vec<Sampling>,
    pub(super) coding: Coding,
    pub(super) scans: u64,
    /// Components that the first scan holds.
    pub(super) in_first_scan: usize,
    /// The transform byte of Adobe's segment.
    pub(super) adobe: Option<u8>,
    /// Where the end marker stands, if it was met.
    pub(super) end: Option<usize>,
}

/// The sampling factors of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sampling {
    pub(super) id: u8,
    pub(super) horizontal: u8,
    pub(super) vertical: u8,
}

/// How coefficients are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Huffman,
    Progressive,
    Arithmetic,
    Lossless,
}

impl Header {
    /// None where the bytes end before a whole frame header.
    pub(super) fn walk(bytes: &[u8]) -> Option<Self> {
        let mut header: Option<Self> = None;
        let mut adobe = None;
        let (mut scans, mut in_first_scan, mut end) = (0, 0, None);
        let mut at = 0;
        while let Some((marker, after)) = next_marker(bytes, at) {
            at = after;
            if marker == END {
                end = Some(after - 2);
                break;
            }
            if STANDALONE.contains(&marker) {
                continue;
            }
            let Some(segment) = segment(bytes, at) else {
                break;
            };
            at += 2 + segment.len();
            match marker {
                SCAN => {
                    if scans == 0 {
                        in_first_scan = segment.first().copied().unwrap_or(0).into();
                    }
                    scans += 1;
                }
                ADOBE if segment.starts_with(b"Adobe") => adobe = segment.get(11).copied(),
                0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && header.is_none() => {
                    header = Self::from_frame(coding(marker), segment);
                }
                _ => {}
            }
        }
        header.map(|header| Self {
            scans,
            in_first_scan,
            adobe,
            end,
            ..header
        })
    }

    fn from_frame(coding: Coding, segment: &[u8]) -> Option<Self> {
        let (fixed, components) = segment.split_at_checked(6)?;
        let components = components
            .chunks_exact(3)
            .take(fixed[5].into())
            .map(|component| Sampling {
                id: component[0],
                horizontal: component[1] >> 4,
                vertical: component[1] & 15,
            })
            .collect();
        Some(Self {
            height: u16::from_be_bytes([fixed[1], fixed[2]]),
            width: u16::from_be_bytes([fixed[3], fixed[4]]),
            components,
            coding,
            scans: 0,
            in_first_scan: 0,
            adobe: None,
            end: None,
        })
    }

    /// Four components of which three are a YCbCr form of inverted CMY.
    pub(super) fn is_ycck(&self) -> bool {
        self.components.len() == 4 && self.adobe == Some(2)
    }

    /// Whether ones put before the end marker tell if data is missing.
    pub(super) fn needs_padding(&self) -> bool {
        let all_at_once = self.scans == 1 && self.in_first_scan == self.components.len();
        self.coding == Coding::Huffman && all_at_once
    }

    /// The largest sampling factors, horizontal and vertical.
    pub(super) fn most_sampled(&self) -> (u64, u64) {
        let most = |factor: fn(&Sampling) -> u8| {
            let most = self.components.iter().map(factor).max();
            u64::from(most.unwrap_or(1).max(1))
        };
        (most(|c| c.horizontal), most(|c| c.vertical))
    }

    /// How many minimum coded units lie side by side, and one above the other, where components are interleaved.
    pub(super) fn units(&self) -> (u64, u64) {
        let (horizontal, vertical) = self.most_sampled();
        (
            u64::from(self.width).div_ceil(8 * horizontal),
            u64::from(self.height).div_ceil(8 * vertical),
        )
    }

    /// Memory that decoding takes beside the pixels: every coefficient where there are several scans, else a band.
    pub(super) fn decoder_bytes(&self) -> u64 {
        let (across, down) = self.units();
        let blocks: u64 = self
            .components
            .iter()
            .map(|c| across * down * u64::from(c.horizontal) * u64::from(c.vertical))
            .sum();
        let coefficients = match (self.coding, self.scans) {
            (Coding::Huffman, 0..=1) => 0,
            _ => blocks * 64 * 2,
        };
        let band = (u64::from(self.width) + 64) * 2 * 8 * 4 * (self.components.len() as u64 + 2);
        coefficients + band
    }
}

/// The next marker at or after `at`, and where its segment begins. Bytes that are no marker are passed over.
pub(super) fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xff => at += 1, // a stuffed byte of a scan, or a fill byte
            marker => return Some((marker, at + 2)),
        }
    }
}

/// The content of the segment at `at`, without its length.
pub(super) fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = bytes.get(at..at + 2)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    bytes.get(at + 2..at + length.max(2))
}

fn coding(frame_marker: u8) -> Coding {
    match frame_marker {
        0xc0 | 0xc1 => Coding::Huffman,
        0xc2 => Coding::Progressive,
        0xc9 | 0xca => Coding::Arithmetic,
        _ => Coding::Lossless,
    }
}

const END: u8 = 0xd9;
pub(super) const SCAN: u8 = 0xda;
const ADOBE: u8 = 0xee;
/// Markers without a segment: restarts, start of image, and one for temporary use.
pub(super) const STANDALONE: [u8; 10] =
    [0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A frame of 3 components, 4:2:0, 100 x 80.
    const FRAME: [u8; 19] = [
        0xff, 0xc2, 0, 17, 8, 0, 80, 0, 100, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
    ];
    const SCAN_HEADER: [u8; 10] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];

    fn file(scans: usize, end: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        bytes.extend(FRAME);
        for _ in 0..scans {
            bytes.extend(SCAN_HEADER);
            // Data with a stuffed byte, a restart marker and a fill byte.
            bytes.extend([1, 2, 0xff, 0, 0xd9, 0xff, 0xd0, 7, 0xff]);
        }
        bytes.extend(end);
        bytes
    }

    #[test]
    fn scans_are_counted_and_the_end_is_seen() {
        let header = Header::walk(&file(12, &[0xff, 0xd9])).unwrap();
        assert_eq!((header.width, header.height), (100, 80));
        assert_eq!((header.scans, header.end), (12, Some(file(12, &[]).len())));
        assert_eq!(header.coding, Coding::Progressive);
        let cut = Header::walk(&file(3, &[])).unwrap();
        assert_eq!((cut.scans, cut.end), (3, None));
    }

    #[test]
    fn what_follows_the_end_is_not_counted() {
        let mut bytes = file(2, &[0xff, 0xd9]);
        bytes.extend(file(50, &[0xff, 0xd9]));
        assert_eq!(Header::walk(&bytes).unwrap().scans, 2);
    }

    #[test]
    fn an_end_inside_a_segment_is_none() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xd9];
        bytes.extend(&file(1, &[])[2..]);
        let header = Header::walk(&bytes).unwrap();
        assert_eq!((header.scans, header.end), (1, None));
    }

    #[test]
    fn coefficients_cost_memory_where_there_are_several_scans() {
        let progressive = Header::walk(&file(1, &[])).unwrap();
        // 7 x 5 units of 16 x 16 pixels, 4 + 1 + 1 blocks each.
        let coefficients = 7 * 5 * 6 * 64 * 2;
        let baseline = Header {
            coding: Coding::Huffman,
            ..progressive.clone()
        };
        assert_eq!(
            progressive.decoder_bytes() - baseline.decoder_bytes(),
            coefficients
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, cut in 0usize..120) {
            let _ = Header::walk(&bytes);
            let mut cut_file = file(3, &[0xff, 0xd9]);
            cut_file.truncate(cut);
            cut_file.extend(bytes);
            let _ = Header::walk(&cut_file);
        }
    }
}
