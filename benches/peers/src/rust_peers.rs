//! The peers of crates.io. Each is given pixels in the type that it asks for, before anything is timed.

use std::error::Error;

use img_hash::image as image_0_23;

use crate::contest::{Contestant, InProcess, Kinship};
use crate::pictures::Scene;

/// PDQ. `generate_pdq_full_size` hashes the pixels as they are; `generate_pdq` would shrink them to 512 x 512 first,
/// which is another profile with other hashes.
pub fn pdqhash(scene: &Scene) -> Result<Box<dyn Contestant>, Box<dyn Error>> {
    let picture = pdqhash::image::DynamicImage::ImageRgb8(rgb_0_23(scene)?);
    Ok(Box::new(InProcess {
        name: "pdqhash-crates",
        description: format!("{}, generate_pdq_full_size", locked("pdqhash")),
        kinship: Kinship::Same,
        run: move || Ok(pdqhash::generate_pdq_full_size(&picture).0.to_vec()),
    }))
}

/// What its documentation calls equivalent to pHash: DCT, then the mean; the default size of 64 bits.
pub fn image_hasher(scene: &Scene) -> Result<Box<dyn Contestant>, Box<dyn Error>> {
    let picture = image::RgbImage::from_raw(scene.width, scene.height, scene.rgb.clone())
        .ok_or("fewer pixels than width and height say")?;
    let hasher = image_hasher::HasherConfig::new()
        .hash_alg(image_hasher::HashAlg::Mean)
        .preproc_dct()
        .to_hasher();
    Ok(Box::new(InProcess {
        name: "image_hasher",
        description: format!("{}, {SETTING}", locked("image_hasher")),
        kinship: Kinship::Other,
        run: move || Ok(hasher.hash_image(&picture).as_bytes().to_vec()),
    }))
}

/// The predecessor of `image_hasher`, with the same setting.
pub fn img_hash(scene: &Scene) -> Result<Box<dyn Contestant>, Box<dyn Error>> {
    let picture = rgb_0_23(scene)?;
    let hasher = img_hash::HasherConfig::new()
        .hash_alg(img_hash::HashAlg::Mean)
        .preproc_dct()
        .to_hasher();
    Ok(Box::new(InProcess {
        name: "img_hash",
        description: format!("{}, {SETTING}", locked("img_hash")),
        kinship: Kinship::Other,
        run: move || Ok(hasher.hash_image(&picture).as_bytes().to_vec()),
    }))
}

fn rgb_0_23(scene: &Scene) -> Result<image_0_23::RgbImage, Box<dyn Error>> {
    let picture = image_0_23::RgbImage::from_raw(scene.width, scene.height, scene.rgb.clone());
    Ok(picture.ok_or("fewer pixels than width and height say")?)
}

/// Name and version, as the lock file has it.
pub fn locked(name: &str) -> String {
    let version = include_str!("../Cargo.lock")
        .split_once(&format!("name = \"{name}\"\nversion = \""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("of unknown version", |(version, _)| version);
    format!("{name} {version}")
}

const SETTING: &str = "DCT and mean, 8 x 8 (64 bits), Lanczos3";
