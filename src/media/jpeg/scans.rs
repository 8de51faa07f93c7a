//! Whether the scans of a JPEG hold a code for every block.
//!
//! Only the codes are walked, nothing is kept. Of a progressive file the first DC scans: about a code a block, a few per
//! cent of what decoding costs. Of a sequential one every scan. The steps are those of ITU-T T.81, annex F.2.2 (Huffman
//! decoding) and G.1.2.1 (first DC scan).

use super::header::{Coding, Header, SCAN, STANDALONE, Sampling, next_marker, segment};

/// True where every scan that is walked is complete, and every component has one.
pub(super) fn are_complete(bytes: &[u8], header: &Header) -> bool {
    are_complete_with(&[], bytes, header)
}

/// The same for a file whose tables may stand in another one, as in a TIFF.
pub(super) fn are_complete_with(tables: &[u8], bytes: &[u8], header: &Header) -> bool {
    let mut walk = Walk::default();
    walk.file(tables, header).is_some()
        && walk.file(bytes, header).is_some()
        && header.components.iter().all(|c| walk.met.contains(&c.id))
}

/// What the markers before a scan have set.
#[derive(Default)]
struct Walk {
    tables: Tables,
    restart_interval: u64,
    /// Components that a complete scan was met of.
    met: Vec<u8>,
}

impl Walk {
    /// None where a segment or a scan is not whole.
    fn file(&mut self, bytes: &[u8], header: &Header) -> Option<()> {
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
                TABLES => self.tables.read(data)?,
                RESTART_INTERVAL => {
                    self.restart_interval = u64::from(u16::from_be_bytes(*data.first_chunk()?));
                }
                SCAN => self.scan(&Scan::read(data, header)?, &bytes[at..])?,
                _ => {}
            }
        }
        Some(())
    }

    fn scan(&mut self, scan: &Scan, data: &[u8]) -> Option<()> {
        if scan.blocks == Blocks::Refined {
            return Some(());
        }
        scan.walk(&mut Bits::new(data), &self.tables, self.restart_interval)?;
        self.met.extend(scan.components.iter().map(|c| c.id));
        Some(())
    }
}

/// What a scan holds of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    /// All of it.
    Whole,
    /// The first bits of its mean.
    Mean,
    /// What refines it.
    Refined,
}

struct Scan {
    blocks: Blocks,
    units: u64,
    components: Vec<Component>,
}

struct Component {
    id: u8,
    /// Blocks in a unit.
    blocks: u64,
    /// Which tables its codes are of.
    mean: usize,
    rest: usize,
}

impl Scan {
    fn read(data: &[u8], header: &Header) -> Option<Self> {
        let (&count, rest) = data.split_first()?;
        let (named, parameters) = rest.split_at_checked(2 * usize::from(count))?;
        let alone = count == 1;
        let mut units = header.units().0 * header.units().1;
        let mut components = Vec::new();
        for pair in named.chunks_exact(2) {
            let sampling = header.components.iter().find(|c| c.id == pair[0])?;
            if alone {
                units = blocks_alone(sampling, header);
            }
            let in_unit = u64::from(sampling.horizontal) * u64::from(sampling.vertical);
            components.push(Component {
                id: sampling.id,
                blocks: if alone { 1 } else { in_unit },
                mean: usize::from(pair[1] >> 4) & 3,
                rest: usize::from(pair[1]) & 3,
            });
        }
        let first_of_mean = parameters.first()? == &0 && parameters.get(2)? >> 4 == 0;
        Some(Self {
            blocks: match header.coding {
                Coding::Progressive if first_of_mean => Blocks::Mean,
                Coding::Progressive => Blocks::Refined,
                _ => Blocks::Whole,
            },
            units,
            components,
        })
    }

    /// None where the data ends, or holds what is no code, before the last block.
    fn walk(&self, bits: &mut Bits<'_>, tables: &Tables, interval: u64) -> Option<()> {
        for unit in 0..self.units {
            if interval > 0 && unit > 0 && unit % interval == 0 {
                bits.restart()?;
            }
            for component in &self.components {
                let mean = tables.mean[component.mean].as_ref()?;
                for _ in 0..component.blocks {
                    let size = mean.decode(bits)?;
                    bits.skip(size)?;
                    if self.blocks == Blocks::Whole {
                        tables.rest[component.rest].as_ref()?.walk_rest(bits)?;
                    }
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

/// The Huffman tables: those of a block's mean (DC), and those of the rest of it (AC).
#[derive(Default)]
struct Tables {
    mean: [Option<Table>; 4],
    rest: [Option<Table>; 4],
}

impl Tables {
    /// Takes those of a segment into their places.
    fn read(&mut self, mut data: &[u8]) -> Option<()> {
        while let Some((&class_and_place, rest)) = data.split_first() {
            let (counts, rest) = rest.split_at_checked(16)?;
            let all: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(all)?;
            let class = match class_and_place >> 4 {
                0 => &mut self.mean,
                _ => &mut self.rest,
            };
            class[usize::from(class_and_place & 3)] = Some(Table::new(counts, symbols));
            data = rest;
        }
        Some(())
    }
}

/// A Huffman table: for each length the first code, where its symbols begin, and how many there are.
struct Table {
    lengths: [(u32, usize, u32); 16],
    symbols: Vec<u8>,
}

impl Table {
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

    /// Goes over the 63 numbers of a block behind its mean: of each that is not 0, how many that are stand before it.
    fn walk_rest(&self, bits: &mut Bits<'_>) -> Option<()> {
        let mut place = 1;
        while place < 64 {
            let code = self.decode(bits)?;
            let (zeros, size) = (code >> 4, code & 15);
            if size == 0 && zeros < 15 {
                return Some(()); // the rest is 0
            }
            place += zeros + 1;
            bits.skip(size)?;
        }
        (place == 64).then_some(())
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
