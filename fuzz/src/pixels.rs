//! Pixels of any size and layout: every kernel does what the oracle does, bit by bit.

use ijkpunt::hash::{Hasher, Kernel, oracle};
use ijkpunt::picture::Picture;

/// The oracle takes planes of f32, and is slow.
const MOST_PIXELS: u32 = 20_000;

pub fn run(bytes: &[u8]) {
    let Some(picture) = picture(bytes, MOST_PIXELS) else {
        return;
    };
    for kernel in Kernel::ALL {
        let judged = oracle::judge(&mut Hasher::with_kernel(kernel), &picture);
        let is_small = picture.width().min(picture.height()) < 5;
        assert_eq!(judged.is_err(), is_small, "{picture:?}");
    }
}

/// A picture of at most so many pixels, from a head of six bytes (flags, width, height, padding), and pixels, which are repeated until
/// there are enough.
pub(crate) fn picture(bytes: &[u8], most_pixels: u32) -> Option<Picture<'static>> {
    let (&[flags, w0, w1, h0, h1, padding], seed) = bytes.split_first_chunk()?;
    let width = 1 + u32::from(u16::from_le_bytes([w0, w1])) % (most_pixels / 5);
    let height = 1 + u32::from(u16::from_le_bytes([h0, h1])) % (most_pixels / width);
    let is_grey = flags & 1 == 1;
    let samples = if is_grey { 1 } else { 3 };
    let stride = width as usize * samples + usize::from(padding);
    let pixels: Vec<u8> = (0..stride * height as usize)
        .map(|at| match seed {
            [] => 0,
            _ if flags & 2 == 2 => seed[at % seed.len()] ^ (at / seed.len()).to_le_bytes()[0],
            _ => seed[at % seed.len()],
        })
        .collect();
    let made = if is_grey {
        Picture::grey(width, height, stride, pixels)
    } else {
        Picture::rgb(width, height, stride, pixels)
    };
    let Ok(picture) = made else {
        panic!("{width} x {height} with a stride of {stride} is no picture: {made:?}");
    };
    Some(picture)
}
