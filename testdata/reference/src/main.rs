//! Prints `hex,quality` for each PPM (P6, 8 bit) named on the command line, by crates.io `pdqhash` 0.1.1 at full size.
//!
//! `generate_pdq_full_size` hashes the pixels as they are: the step to 512 x 512 exists only in `generate_pdq`. The
//! crate's quality is a fraction of 1 and sums gradients without truncating them, so it is not the reference's number.
//! The crate filters 64 x 64 pictures too, where the reference's plain hash copies them.

use std::{env, error::Error, fs, process::ExitCode};

use pdqhash::image::{DynamicImage, ImageBuffer, Rgb};

fn main() -> ExitCode {
    for path in env::args().skip(1) {
        match line(&path) {
            Ok(line) => println!("{line}"),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn line(path: &str) -> Result<String, Box<dyn Error>> {
    let (hash, quality) = pdqhash::generate_pdq_full_size(&picture(&fs::read(path)?)?);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{hex},{quality}"))
}

/// `P6 <width> <height> 255`, one white space, then RGB bytes. No comments: only make.py writes these files.
fn picture(ppm: &[u8]) -> Result<DynamicImage, Box<dyn Error>> {
    let mut fields = ppm.splitn(5, u8::is_ascii_whitespace);
    let mut field = || fields.next().ok_or("header cut short");
    if field()? != b"P6" {
        return Err("not a P6 file".into());
    }
    let width = number(field()?)?;
    let height = number(field()?)?;
    if number(field()?)? != 255 {
        return Err("not 8 bit".into());
    }
    let rgb = field()?.to_vec();
    if rgb.len() as u64 != u64::from(width) * u64::from(height) * 3 {
        return Err(format!("{} bytes for {width} x {height} pixels", rgb.len()).into());
    }
    let buffer =
        ImageBuffer::<Rgb<u8>, _>::from_raw(width, height, rgb).ok_or("buffer too small")?;
    Ok(DynamicImage::ImageRgb8(buffer))
}

fn number(field: &[u8]) -> Result<u32, Box<dyn Error>> {
    Ok(std::str::from_utf8(field)?.parse()?)
}
