//! Whether the first DC scans of a progressive JPEG hold a code for every block.
//!
//! Only the codes are walked, nothing is kept: about a code a block, a few per cent of what decoding costs. The steps
//! are those of ITU-T T.81, annex F.2.2 (Huffman decoding) and G.1.2.1 (first DC scan).

use super::header::{Header, SCAN, STANDALONE, Sampling, next_marker, segment};

/// True where every first DC scan is complete, and there is one at all.
pub(super) fn are_complete(bytes: &[u8], header: &Header) -> bool {
    walk(bytes, header).unwrap_or(false)
}

fn walk(bytes: &[u8], header: &Header) -> Option<bool> {
    let mut tables: [Option<Table>; 4] = [None, None, None, None];
    let mut restart_interval = 0;
    let mut seen = false;
    let mut at = 0;
    while let Some((marker, after)) = next_marker(bytes, at) {
        at = after;
        if marker == END {
            break;
        }
        if STANDALONE.contains(&marker) {
            continue;
        }
        let data = segment(bytes, at)?;
        at += 2 + data.len();
        match marker {
            TABLES => Table::read_all(data, &mut tables)?,
            RESTART_INTERVAL => {
                restart_interval = u64::from(u16::from_be_bytes(*data.first_chunk()?));
            }
            SCAN => {
                let scan = Scan::read(data, header)?;
                if scan.is_first_of_dc {
                    seen = true;
                    scan.walk(&mut Bits::new(&bytes[at..]), &tables, restart_interval)?;
                }
            }
            _ => {}
        }
    }
    Some(seen)
}

/// The components of a scan, each with the number of its blocks in a unit and of its table.
struct Scan {
    is_first_of_dc: bool,
    units: u64,
    components: Vec<(u64, usize)>,
}

impl Scan {
    fn read(data: &[u8], header: &Header) -> Option<Self> {
        let (&count, rest) = data.split_first()?;
        let (named, parameters) = rest.split_at_checked(2 * usize::from(count))?;
        let mut components = Vec::new();
        for pair in named.chunks_exact(2) {
            let component = header.components.iter().find(|c| c.id == pair[0])?;
            components.push((component, usize::from(pair[1] >> 4) & 3));
        }
        let units = match &components[..] {
            [(component, _)] => blocks_alone(component, header),
            _ => header.units().0 * header.units().1,
        };
        let alone = components.len() == 1;
        let blocks = |c: &Sampling| match alone {
            true => 1,
            false => u64::from(c.horizontal) * u64::from(c.vertical),
        };
        Some(Self {
            is_first_of_dc: parameters.first()? == &0 && parameters.get(2)? >> 4 == 0,
            units,
            components: components
                .iter()
                .map(|(c, table)| (blocks(c), *table))
                .collect(),
        })
    }

    /// None where the data ends, or holds what is no code, before the last block.
    fn walk(&self, bits: &mut Bits<'_>, tables: &[Option<Table>; 4], interval: u64) -> Option<()> {
        for unit in 0..self.units {
            if interval > 0 && unit > 0 && unit % interval == 0 {
                bits.restart()?;
            }
            for &(blocks, table) in &self.components {
                let table = tables[table].as_ref()?;
                for _ in 0..blocks {
                    let size = table.decode(bits)?;
                    bits.skip(size)?;
                }
            }
        }
        Some(())
    }
}

/// The blocks of a component that has a scan to itself: those that hold a sample, without the padding of units.
fn blocks_alone(component: &Sampling, header: &Header) -> u64 {
    let (most_h, most_v) = header.most_sampled();
    let side = |pixels: u16, factor: u8, most: u64| {
        (u64::from(pixels) * u64::from(factor))
            .div_ceil(most)
            .div_ceil(8)
    };
    side(header.width, component.horizontal, most_h)
        * side(header.height, component.vertical, most_v)
}

/// A Huffman table: for each length the first code, where its symbols begin, and how many there are.
struct Table {
    lengths: [(u32, usize, u32); 16],
    symbols: Vec<u8>,
}

impl Table {
    /// Takes the DC tables of a segment into their places.
    fn read_all(mut data: &[u8], tables: &mut [Option<Self>; 4]) -> Option<()> {
        while let Some((&class_and_place, rest)) = data.split_first() {
            let (counts, rest) = rest.split_at_checked(16)?;
            let all: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(all)?;
            if class_and_place >> 4 == 0 {
                tables[usize::from(class_and_place & 3)] = Some(Self::new(counts, symbols));
            }
            data = rest;
        }
        Some(())
    }

    fn new(counts: &[u8], symbols: &[u8]) -> Self {
        let mut lengths = [(0, 0, 0); 16];
        let (mut code, mut start) = (0u32, 0);
        for (length, &count) in lengths.iter_mut().zip(counts) {
            *length = (code, start, u32::from(count));
            code = (code + u32::from(count)) << 1;
            start += usize::from(count);
        }
        Self {
            lengths,
            symbols: symbols.to_vec(),
        }
    }

    fn decode(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let mut code = 0;
        for &(first, start, count) in &self.lengths {
            code = code << 1 | bits.next()?;
            if code >= first && code - first < count {
                return self.symbols.get(start + (code - first) as usize).copied();
            }
        }
        None
    }
}

/// The bits of entropy-coded data, up to the next marker.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    byte: u8,
    left: u8,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            byte: 0,
            left: 0,
        }
    }

    fn next(&mut self) -> Option<u32> {
        if self.left == 0 {
            self.byte = *self.bytes.get(self.at)?;
            self.at += 1;
            if self.byte == 0xff {
                if self.bytes.get(self.at) != Some(&0) {
                    self.at -= 1;
                    return None; // a marker
                }
                self.at += 1;
            }
            self.left = 8;
        }
        self.left -= 1;
        Some(u32::from(self.byte >> self.left & 1))
    }

    fn skip(&mut self, count: u8) -> Option<()> {
        (0..count).try_for_each(|_| self.next().map(|_| ()))
    }

    /// Goes behind the restart marker that must follow, over fill bytes.
    fn restart(&mut self) -> Option<()> {
        self.left = 0;
        let (marker, after) = next_marker(self.bytes, self.at)?;
        if !(0xd0..=0xd7).contains(&marker) {
            return None;
        }
        self.at = after;
        Some(())
    }
}

const TABLES: u8 = 0xc4;
const RESTART_INTERVAL: u8 = 0xdd;
const END: u8 = 0xd9;
