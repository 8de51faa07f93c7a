//! What is hashed: a scene drawn here, or a photograph brought to size. And raw RGB in a file, for the workers.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;

/// Decoded RGB, 8 bits, rows without padding.
pub struct Scene {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Scene {
    /// Of `photo`, cropped to the shape and resized; else drawn.
    pub fn of(photo: Option<&Path>, width: u32, height: u32) -> Result<Self, Box<dyn Error>> {
        let rgb = match photo {
            Some(path) => resized(path, width, height)?,
            None => drawn(width, height),
        };
        Ok(Self { width, height, rgb })
    }
}

/// The pixels of a scene in a file that goes when this does.
pub struct Raw {
    pub width: u32,
    pub height: u32,
    pub path: PathBuf,
}

impl Raw {
    pub fn write(scene: &Scene, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let (width, height) = (scene.width, scene.height);
        let name = format!("{}-{width}x{height}.rgb", std::process::id());
        let path = folder.join(name);
        fs::write(&path, &scene.rgb).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self {
            width,
            height,
            path,
        })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn resized(path: &Path, width: u32, height: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let named = |error: &dyn Error| format!("{}: {error}", path.display());
    let photo = image::ImageReader::open(path)
        .map_err(|error| named(&error))?
        .with_guessed_format()
        .map_err(|error| named(&error))?
        .decode()
        .map_err(|error| named(&error))?;
    Ok(photo
        .resize_to_fill(width, height, FilterType::CatmullRom)
        .into_rgb8()
        .into_raw())
}

/// Disks of all sizes that cover each other, under a texture of many wavelengths: edges at every scale and a spectrum
/// that falls with frequency, as in photographs. Only operations that IEEE 754 rounds in one way: the same bytes everywhere.
/// One scene for all sizes, with more detail in the larger ones.
fn drawn(width: u32, height: u32) -> Vec<u8> {
    let (columns, rows) = (width as usize, height as usize);
    let mut rgb = vec![128; 3 * columns * rows];
    let side = columns.max(rows);
    let mut dice = Dice(1);
    for _ in 0..DISKS {
        disk(&mut dice, &mut rgb, columns, side);
    }
    let octaves = octaves(side);
    let mut texture = vec![0.0; columns];
    for (y, row) in rgb.chunks_exact_mut(3 * columns).enumerate() {
        texture.fill(0.0);
        for octave in &octaves {
            octave.add_to_row(y, &mut texture);
        }
        for (pixel, &shade) in row.chunks_exact_mut(3).zip(&texture) {
            for sample in pixel {
                *sample = to_byte(f32::from(*sample) + shade);
            }
        }
    }
    rgb
}

/// Numbers without structure, the same in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to less than 1.
    fn roll(&mut self) -> f32 {
        self.0 = mixed(self.0);
        unit(self.0)
    }
}

/// Places are fractions of the longer side, so that every size shows the same.
fn disk(dice: &mut Dice, rgb: &mut [u8], columns: usize, side: usize) {
    let side = to_f32(side);
    let (x, y) = (dice.roll() * side, dice.roll() * side);
    // Few large ones and many small ones: the density falls with the cube of the radius.
    let large = 1.0 - 0.998 * dice.roll();
    let radius = side * 0.008 / large.sqrt();
    // Greyish, as most of what is photographed: the three samples share most of their value.
    let shade = 45.0 + 165.0 * dice.roll();
    let colour = [(); 3].map(|()| to_byte(shade + 60.0 * (dice.roll() - 0.5)));
    let rows = rgb.len() / (3 * columns);
    let within = |from: f32, end: usize| to_index(from.max(0.0)).min(end);
    for row in within(y - radius, rows)..within(y + radius, rows) {
        let dy = to_f32(row) - y;
        let half = (radius * radius - dy * dy).max(0.0).sqrt();
        let (left, right) = (within(x - half, columns), within(x + half, columns));
        for pixel in
            rgb[3 * (row * columns + left)..3 * (row * columns + right)].chunks_exact_mut(3)
        {
            pixel.copy_from_slice(&colour);
        }
    }
}

/// Smooth noise of one wavelength.
struct Octave {
    seed: u64,
    wavelength_px: f32,
    amplitude: f32,
}

/// From a quarter of the side down to 2 pixels, where it stands for the noise of a sensor.
fn octaves(side: usize) -> Vec<Octave> {
    let mut octaves = Vec::new();
    let (mut wavelength_px, mut amplitude) = (to_f32(side) / 4.0, 32.0);
    while wavelength_px >= 1.5 {
        octaves.push(Octave {
            seed: mixed(octaves.len() as u64 + 1),
            wavelength_px,
            amplitude,
        });
        wavelength_px /= 2.0;
        amplitude *= FALL;
    }
    octaves
}

impl Octave {
    fn add_to_row(&self, y: usize, row: &mut [f32]) {
        let v = to_f32(y) / self.wavelength_px;
        let (above, down) = (to_index(v), smooth(v.fract()));
        let at = |column: usize| {
            let value = |row: usize| {
                let place = self.seed ^ (column as u64) ^ ((row as u64) << 32);
                2.0 * unit(mixed(place)) - 1.0
            };
            value(above) + (value(above + 1) - value(above)) * down
        };
        let mut column = 0;
        let (mut left, mut right) = (at(0), at(1));
        for (x, sample) in row.iter_mut().enumerate() {
            let u = to_f32(x) / self.wavelength_px;
            if to_index(u) != column {
                column = to_index(u);
                (left, right) = (at(column), at(column + 1));
            }
            *sample += self.amplitude * (left + (right - left) * smooth(u.fract()));
        }
    }
}

fn smooth(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// The finaliser of `SplitMix64`.
fn mixed(place: u64) -> u64 {
    let mut z = place.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[expect(clippy::cast_precision_loss, reason = "24 bits fit an f32")]
fn unit(bits: u64) -> f32 {
    (bits >> 40) as f32 / 16_777_216.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "places in a picture, far below 2^24"
)]
fn to_f32(place: usize) -> f32 {
    place as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places in a picture, made at least 0 by those who call"
)]
fn to_index(place: f32) -> usize {
    place as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn to_byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}

const DISKS: usize = 3000;

/// By how much the texture's amplitude falls from one wavelength to half of it.
const FALL: f32 = 0.84;
