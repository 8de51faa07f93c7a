//! PDQ the obvious way: whole planes, one filter after the other, phase by phase as the reference describes it.
//!
//! Slow (it strides down columns) and big (two planes of f32), kept for ever: every faster version is compared with it,
//! bit by bit, in tests, benches and fuzz targets. Not part of the public API.

use crate::picture::{Picture, Samples};

use super::{Buffer, Coefficients, Pdq, Quality, dct_table};

/// The hash and the quality of a picture of at least 5 x 5 pixels.
#[must_use]
pub fn hash(picture: &Picture<'_>) -> (Pdq, Quality) {
    let buffer = buffer(picture);
    let coefficients = coefficients(&buffer);
    let mut sorted = coefficients.concat();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[127];
    let pdq = Pdq::from_coefficients(|row, column| coefficients[row][column] > median);
    (pdq, quality(&buffer))
}

pub(super) fn buffer(picture: &Picture<'_>) -> Buffer {
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
pub(super) fn coefficients(buffer: &Buffer) -> Coefficients {
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
