//! PDQ the obvious way: whole planes, one filter after the other, phase by phase as the reference describes it.
//!
//! Slow (it strides down columns) and big (two planes of f32), kept for ever: every faster version is compared with it,
//! bit by bit, in tests, benches and fuzz targets. Not part of the public API.

use crate::picture::{Picture, Samples};

use super::{Buffer, Coefficients, Dihedral, Hasher, Pdq, Quality, TooSmall, Transform, dct_table};

/// The hash and the quality of a picture of at least 5 x 5 pixels.
#[must_use]
pub fn hash(picture: &Picture<'_>) -> (Pdq, Quality) {
    let buffer = buffer(picture);
    let pdq = form(&coefficients(&buffer), Dihedral::Original);
    (pdq, quality(&buffer))
}

/// Lets `hasher` hash a picture, and compares all that it did with what is done here, as bits: the 64 x 64 buffer, the
/// 256 coefficients, the eight hashes, the quality.
///
/// # Errors
/// [`TooSmall`], as [`Hasher::hash`].
///
/// # Panics
/// Where anything differs, naming it.
pub fn judge(hasher: &mut Hasher, picture: &Picture<'_>) -> Result<Transform, TooSmall> {
    let transform = hasher.hash(picture)?;
    let theirs = hasher.buffer(picture);
    let buffer = buffer(picture);
    same(&theirs, &buffer, |place| {
        format!("{hasher:?}, {picture:?}, sample {place}")
    });
    let coefficients = coefficients(&buffer);
    same(&transform.coefficients, &coefficients, |place| {
        format!("{hasher:?}, {picture:?}, coefficient {place}")
    });
    let hashes = Dihedral::ALL.map(|of| form(&coefficients, of));
    assert_eq!(transform.forms(), hashes, "{hasher:?}, {picture:?}");
    assert_eq!(transform.pdq(), hashes[0], "{hasher:?}, {picture:?}");
    let quality = quality(&buffer);
    assert_eq!(transform.quality(), quality, "{hasher:?}, {picture:?}");
    Ok(transform)
}

fn same<const N: usize>(theirs: &[[f32; N]], ours: &[[f32; N]], name: impl Fn(usize) -> String) {
    let pairs = theirs.as_flattened().iter().zip(ours.as_flattened());
    for (place, (theirs, ours)) in pairs.enumerate() {
        let same = theirs.to_bits() == ours.to_bits();
        assert!(same, "{}: {theirs} is not {ours}", name(place));
    }
}

/// The hash of a form, with its own median.
fn form(coefficients: &Coefficients, form: Dihedral) -> Pdq {
    let value = |row: usize, column: usize| {
        let (source_row, source_column, negated) = form.source(row, column);
        let value = coefficients[source_row][source_column];
        if negated { -value } else { value }
    };
    let mut sorted: Vec<f32> = (0..256).map(|k| value(k / 16, k % 16)).collect();
    sorted.sort_by(f32::total_cmp);
    Pdq::from_coefficients(|row, column| value(row, column) > sorted[127])
}

fn buffer(picture: &Picture<'_>) -> Buffer {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut plane = luma(picture);
    if (width, height) != (64, 64) {
        for _ in 0..2 {
            for y in 0..height {
                box_line(&mut plane, y * width, 1, width);
            }
            for x in 0..width {
                box_line(&mut plane, x, width, height);
            }
        }
    }
    let mut buffer = [[0.0; 64]; 64];
    for (i, row) in buffer.iter_mut().enumerate() {
        for (j, sample) in row.iter_mut().enumerate() {
            let y = ((2 * i + 1) * height) / 128;
            let x = ((2 * j + 1) * width) / 128;
            *sample = plane[y * width + x];
        }
    }
    buffer
}

fn luma(picture: &Picture<'_>) -> Vec<f32> {
    let mut plane = Vec::new();
    for row in picture.rows() {
        for pixel in row.chunks_exact(picture.samples().bytes()) {
            let [r, g, b] = match picture.samples() {
                Samples::Grey => [pixel[0]; 3],
                Samples::Rgb => [pixel[0], pixel[1], pixel[2]],
            }
            .map(f32::from);
            plane.push((0.299 * r + 0.587 * g) + 0.114 * b);
        }
    }
    plane
}

/// One box filter over the line of `length` samples that starts at `start` and goes on every `step`.
fn box_line(plane: &mut [f32], start: usize, step: usize, length: usize) {
    let line: Vec<f32> = (0..length).map(|i| plane[start + i * step]).collect();
    let window = length.div_ceil(128);
    let half = usize::midpoint(window, 2);
    let mut out = Vec::with_capacity(length);
    let (mut sum, mut count) = (0.0f32, 0.0f32);
    let (mut right, mut left) = (0, 0);
    for _ in 0..half - 1 {
        sum += line[right]; // phase 1: fill the first half
        count += 1.0;
        right += 1;
    }
    for _ in 0..window - half + 1 {
        sum += line[right]; // phase 2: fill the rest, writing
        count += 1.0;
        right += 1;
        out.push(sum / count);
    }
    for _ in 0..length - window {
        sum += line[right]; // phase 3: slide
        sum -= line[left];
        right += 1;
        left += 1;
        out.push(sum / count);
    }
    for _ in 0..half - 1 {
        sum -= line[left]; // phase 4: empty
        count -= 1.0;
        left += 1;
        out.push(sum / count);
    }
    for (i, sample) in out.into_iter().enumerate() {
        plane[start + i * step] = sample;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "truncation is what the algorithm asks for; a quality is at most 100"
)]
fn quality(buffer: &Buffer) -> Quality {
    let mut sum = 0i32;
    for i in 0..64 {
        for j in 0..64 {
            if i < 63 {
                sum += ((((buffer[i][j] - buffer[i + 1][j]) * 100.0) / 255.0) as i32).abs();
            }
            if j < 63 {
                sum += ((((buffer[i][j] - buffer[i][j + 1]) * 100.0) / 255.0) as i32).abs();
            }
        }
    }
    Quality::from_gradient_sum(sum as u32)
}

#[expect(
    clippy::needless_range_loop,
    reason = "indices as in the definition of a matrix product"
)]
fn coefficients(buffer: &Buffer) -> Coefficients {
    let d = |i: usize, j: usize| f32::from_bits(dct_table::DCT_BITS[i][j]);
    let mut t = [[0.0f32; 64]; 16];
    for i in 0..16 {
        for j in 0..64 {
            for k in 0..64 {
                t[i][j] += d(i, k) * buffer[k][j];
            }
        }
    }
    let mut b = [[0.0f32; 16]; 16];
    for i in 0..16 {
        for j in 0..16 {
            for k in 0..64 {
                b[i][j] += t[i][k] * d(j, k);
            }
        }
    }
    b
}
