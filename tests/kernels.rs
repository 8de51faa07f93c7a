//! Every kernel against the oracle, bit by bit: the 64 x 64 buffer, the 256 coefficients, the eight hashes, the quality.
//!
//! The oracle runs the definition over whole planes (`hash::oracle`). A kernel that this CPU lacks is said to be skipped.
//! With `IJKPUNT_CORPUS` set, all pictures below it are compared too.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at what it did not expect, and say what it did"
)]

use ijkpunt::hash::{Hasher, Kernel, oracle};
use ijkpunt::picture::Picture;
use proptest::prelude::*;

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
enum Content {
    /// Each byte of its own.
    Noise,
    Flat,
    /// From one corner to the other.
    Gradient,
    /// Black and white in turns: the greatest sums that are taken away again.
    Checkers,
    /// White pixels far apart on black: sums that should come back to zero, and do so nearly.
    Dots,
    /// Blobs and edges, as photos have them.
    Scene,
}

impl Content {
    const ALL: [Self; 6] = [
        Self::Noise,
        Self::Flat,
        Self::Gradient,
        Self::Checkers,
        Self::Dots,
        Self::Scene,
    ];

    fn at(self, x: usize, y: usize, channel: usize, seed: u64) -> u8 {
        let place = (x as u64) << 40 ^ (y as u64) << 8 ^ channel as u64 ^ seed << 20;
        let byte = match self {
            Self::Noise => mixed(place),
            Self::Flat => mixed(seed ^ channel as u64),
            Self::Gradient => (x as u64 * (1 + channel as u64) + y as u64 + seed) / 3,
            Self::Checkers => 255 * ((x as u64 ^ y as u64 ^ seed) & 1),
            Self::Dots if mixed(place) & 0xff == 0 => 255,
            Self::Dots => 0,
            Self::Scene => {
                let blob = x * x / 97 + y * (y + 31 * channel) / 61;
                let edge = if (x + 2 * y) % 300 < 150 { 90 } else { 0 };
                (blob as u64 / 4 % 128) + edge + mixed(place) % 16
            }
        };
        byte.to_le_bytes()[0]
    }
}

/// Splitmix64.
fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A picture with `padding` bytes behind each row, which are 255, so that a kernel that reads them is found out.
fn picture(
    (width, height): (u32, u32),
    channels: usize,
    padding: usize,
    content: Content,
    seed: u64,
) -> Picture<'static> {
    let (columns, rows) = (width as usize, height as usize);
    let stride = columns * channels + padding;
    let mut pixels = vec![255; stride * rows];
    for (y, row) in pixels.chunks_exact_mut(stride).enumerate() {
        for (at, byte) in row[..columns * channels].iter_mut().enumerate() {
            *byte = content.at(at / channels, y, at % channels, seed);
        }
    }
    match channels {
        1 => Picture::grey(width, height, stride, pixels),
        _ => Picture::rgb(width, height, stride, pixels),
    }
    .unwrap()
}

/// Those of this CPU. Kept from picture to picture, as workers do.
fn hashers() -> Vec<Hasher> {
    let (here, missing): (Vec<Kernel>, _) = Kernel::ALL.into_iter().partition(|k| k.is_supported());
    if !missing.is_empty() {
        eprintln!("skipped, since this CPU has them not: {missing:?}");
    }
    here.into_iter().map(Hasher::with_kernel).collect()
}

fn judge(hashers: &mut [Hasher], picture: &Picture<'_>) {
    for hasher in hashers {
        oracle::judge(hasher, picture).unwrap();
    }
}

/// Every residue that the window formula and the tiles of 16 know, in both directions.
#[test]
fn every_side_from_5_to_700_gives_the_bits_of_the_oracle() {
    let mut hashers = hashers();
    for side in 5..=700u32 {
        let number = side as usize;
        let content = Content::ALL[number % 6];
        let across = 5 + side * 7 % 150;
        let (channels, padding) = if side / 6 % 2 == 0 {
            (3, number % 5)
        } else {
            (1, number % 3)
        };
        judge(
            &mut hashers,
            &picture((side, across), channels, padding, content, 1),
        );
        judge(
            &mut hashers,
            &picture((across, side), 4 - channels, padding, content, 2),
        );
    }
}

/// Small ones are all of edges.
#[test]
fn every_size_from_5_to_24_gives_the_bits_of_the_oracle() {
    let mut hashers = hashers();
    for width in 5..=24 {
        for height in 5..=24 {
            let content = Content::ALL[(width + height) as usize % 6];
            judge(&mut hashers, &picture((width, height), 3, 1, content, 3));
        }
    }
}

/// Very long ones have wide windows along one side only; beyond 131,072 pixels a window has more than 1024.
#[test]
fn extreme_shapes_give_the_bits_of_the_oracle() {
    let mut hashers = hashers();
    let sides = [20_000, 4_097, 6_001, 131_072, 131_073, 140_001];
    for (long, short) in sides.into_iter().zip([5, 9, 7, 5, 6, 5]) {
        for content in [Content::Noise, Content::Checkers] {
            judge(&mut hashers, &picture((long, short), 1, 0, content, 4));
            judge(&mut hashers, &picture((short, long), 3, 2, content, 5));
        }
    }
}

#[test]
fn the_usual_sizes_of_cameras_and_screens_give_the_bits_of_the_oracle() {
    let mut hashers = hashers();
    for (width, height) in [
        (64, 64),
        (512, 512),
        (1280, 720),
        (1920, 1080),
        (4000, 3000),
    ] {
        judge(
            &mut hashers,
            &picture((width, height), 3, 0, Content::Scene, 6),
        );
    }
}

/// The 64 x 64 picture is its own buffer.
#[test]
fn every_content_at_64_by_64_gives_the_bits_of_the_oracle() {
    let mut hashers = hashers();
    for content in Content::ALL {
        judge(&mut hashers, &picture((64, 64), 3, 0, content, 7));
        judge(&mut hashers, &picture((64, 64), 1, 5, content, 8));
    }
}

#[test]
fn a_kernel_of_another_cpu_is_replaced_by_the_portable_one() {
    let picture = picture((99, 66), 3, 0, Content::Noise, 9);
    for kernel in Kernel::ALL {
        oracle::judge(&mut Hasher::with_kernel(kernel), &picture).unwrap();
    }
    assert!(Kernel::best().is_supported() && Kernel::Portable.is_supported());
}

#[cfg(feature = "image")]
#[test]
fn natural_pictures_give_the_bits_of_the_oracle() {
    use std::path::{Path, PathBuf};

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    let mut paths = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures"),
        &mut paths,
    );
    if let Some(corpus) = std::env::var_os("IJKPUNT_CORPUS") {
        for folder in ["pdq", "photos"] {
            files(&Path::new(&corpus).join(folder), &mut paths);
        }
    }
    let (mut hashers, mut judged) = (hashers(), 0);
    let limits = ijkpunt::Limits::default();
    for path in paths {
        let bytes = std::fs::read(path).unwrap();
        for frame in ijkpunt::media::frames(&bytes, &limits).flatten() {
            let picture = frame.picture();
            if picture.width().min(picture.height()) >= 5 {
                judge(&mut hashers, picture);
                judged += 1;
            }
        }
    }
    eprintln!("{judged} frames");
    assert!(judged > 80);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_picture_gives_the_bits_of_the_oracle(
        width in 5u32..=700, height in 5u32..=700, padding in 0usize..70, seed in 0u64..1000, grey: bool, content in 0usize..6
    ) {
        let channels = if grey { 1 } else { 3 };
        let picture = picture((width, height), channels, padding, Content::ALL[content], seed);
        judge(&mut hashers(), &picture);
    }
}
