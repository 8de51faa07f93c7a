//! PNG by its chunks: files taken apart and put together otherwise, animations, and data that inflates.

/// A chunk: its kind and its data.
pub(crate) type Chunk = ([u8; 4], Vec<u8>);

pub(crate) fn file(chunks: &[Chunk]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        file.extend((data.len() as u32).to_be_bytes());
        let start = file.len();
        file.extend(kind);
        file.extend(data);
        file.extend(crc(&file[start..]).to_be_bytes());
    }
    file
}

pub(crate) fn chunks(file: &[u8]) -> Vec<Chunk> {
    let mut rest = &file[8..];
    let mut chunks = Vec::new();
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        chunks.push((rest[4..8].try_into().unwrap(), rest[8..8 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    chunks
}

pub(crate) fn header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, colour, 0, 0, 0]);
    header
}

pub(crate) fn animation_control(frames: u32) -> Chunk {
    (*b"acTL", [frames.to_be_bytes(), [0; 4]].concat())
}

/// A frame over the whole canvas of 100 ms, which clears the canvas when it is over.
pub(crate) fn frame_control(sequence: u32, width: u32, height: u32) -> Chunk {
    let numbers = [sequence, width, height, 0, 0];
    let mut data: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
    data.extend([0, 1, 0, 10, 1, 0]);
    (*b"fcTL", data)
}

pub(crate) fn frame_data(sequence: u32, idat: &[u8]) -> Chunk {
    (*b"fdAT", [&sequence.to_be_bytes()[..], idat].concat())
}

/// Data in stored blocks of zlib.
pub(crate) fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = data.chunks(0xffff).collect();
    for (i, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(i + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// `runs` times 258 zeros and one more, in zlib: 13 bits a run.
pub(crate) fn zeros(runs: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false]; // the last block, fixed codes
    let code = |value: u32, length: u32| (0..length).rev().map(move |i| value >> i & 1 == 1);
    bits.extend(code(0b0011_0000, 8)); // a literal 0
    for _ in 0..runs {
        bits.extend(code(0b1100_0101, 8)); // a length of 258
        bits.extend(code(0, 5)); // at a distance of 1
    }
    bits.extend(code(0, 7)); // the end
    let mut out = vec![0x78, 0x01];
    let byte = |eight: &[bool]| (0..eight.len()).fold(0u8, |b, i| b | u8::from(eight[i]) << i);
    out.extend(bits.chunks(8).map(byte));
    let sum = ((runs * 258 + 1) % 65_521) as u32;
    out.extend((sum << 16 | 1).to_be_bytes());
    out
}

/// The checksum of PNG, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}
