//! This crate, by its public interface.

use std::error::Error;

use ijkpunt::hash::{Hasher, Kernel, PROFILE};
use ijkpunt::limits::Limits;
use ijkpunt::media;
use ijkpunt::picture::Picture;

use crate::contest::{Contestant, InProcess, Kinship};
use crate::pictures::Scene;

/// Decoded RGB to hash. The picture borrows the pixels; the hasher keeps its buffers, as it does in a service.
pub fn hash(scene: &Scene, kernel: Kernel) -> Result<Box<dyn Contestant + '_>, Box<dyn Error>> {
    let stride = 3 * scene.width as usize;
    let picture = Picture::rgb(scene.width, scene.height, stride, &scene.rgb[..])?;
    let mut hasher = Hasher::with_kernel(kernel);
    Ok(contestant(kernel.name(), Kinship::Same, move || {
        Ok(hasher.hash(&picture)?.pdq().to_bytes().to_vec())
    }))
}

/// A file's bytes to hash.
pub fn decode_and_hash(file: &[u8]) -> Box<dyn Contestant + '_> {
    let (limits, mut hasher) = (Limits::default(), Hasher::new());
    contestant("ours", Kinship::Same, move || {
        let mut hash = Vec::new();
        for frame in media::frames(file, &limits) {
            hash = hasher.hash(frame?.picture())?.pdq().to_bytes().to_vec();
        }
        Ok(hash)
    })
}

/// The same without the hash, to tell what of it is decoding. Answers the number of frames.
pub fn decode(file: &[u8]) -> Box<dyn Contestant + '_> {
    let limits = Limits::default();
    contestant("ours, decoding only", Kinship::Other, move || {
        let mut frames = 0;
        for frame in media::frames(file, &limits) {
            frame?;
            frames += 1;
        }
        Ok(vec![frames])
    })
}

fn contestant<'a>(
    name: &'static str,
    kinship: Kinship,
    run: impl FnMut() -> Result<Vec<u8>, Box<dyn Error>> + 'a,
) -> Box<dyn Contestant + 'a> {
    Box::new(InProcess {
        name,
        description: format!("ijkpunt of this checkout, profile {PROFILE}, release build"),
        kinship,
        run,
    })
}
