//! Files with some of their bytes taken away, exchanged, or added.

/// The first part, in per cent.
pub(super) fn kept(mut bytes: Vec<u8>, percent: usize) -> Vec<u8> {
    bytes.truncate(bytes.len() * percent / 100);
    bytes
}

/// With other bytes at a place, as far as the file goes.
pub(super) fn exchanged(mut bytes: Vec<u8>, at: usize, new: &[u8]) -> Vec<u8> {
    for (byte, new) in bytes.iter_mut().skip(at).zip(new) {
        *byte = *new;
    }
    bytes
}

/// Where these bytes stand first, or the end.
pub(super) fn place(bytes: &[u8], wanted: &[u8]) -> usize {
    let mut places = bytes.windows(wanted.len());
    places
        .position(|here| here == wanted)
        .unwrap_or(bytes.len())
}

/// With more behind its end.
pub(super) fn followed(mut bytes: Vec<u8>, by: &[u8]) -> Vec<u8> {
    bytes.extend(by);
    bytes
}

/// A segment of a JPEG.
pub(super) fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    [&[0xff, marker], &length.to_be_bytes()[..], content].concat()
}
