//! Bytes of an upload to frames, frames to hashes: the fast hash is the oracle's, and what is missing is said.

use std::time::Duration;

use ijkpunt::hash::{Hasher, MIN_SIDE_PX, oracle};
use ijkpunt::limits::Limits;
use ijkpunt::media::{self, Frames, MediaError};
use ijkpunt::picture::Picture;

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    let limits = super::upload_limits();
    let mut frames = media::frames(bytes, &limits);
    let mut hasher = Hasher::new();
    let mut places = Vec::new();
    let mut partial = false;
    let error = loop {
        match frames.next() {
            Some(Ok(frame)) => {
                places.push((frame.number(), frame.time()));
                partial |= frame.is_partial();
                assert_hash(&mut hasher, frame.picture(), &limits);
            }
            Some(Err(error)) => break Some(error),
            None => break None,
        }
    };
    assert_end(&mut frames);
    assert_in_order(&places, &limits);
    let silent = error.is_none();
    assert!(
        !silent || !partial,
        "a partial frame, and no error says why"
    );
    assert!(
        !silent || !places.is_empty(),
        "no frame, and no error says why"
    );
    if let Some(error) = error {
        assert_harmless(&error);
    }
}

/// A frame comes up to four times: on two backgrounds, and where it is damaged without its lower part too.
fn assert_in_order(places: &[(u32, Option<Duration>)], limits: &Limits) {
    assert!(
        places.is_sorted_by_key(|(number, _)| number),
        "frames out of order"
    );
    assert!(
        places.is_sorted_by_key(|(_, time)| time),
        "frames out of time"
    );
    let mut frames = 0;
    for same in places.chunk_by(|a, b| a.0 == b.0) {
        assert!(same.len() <= 4, "a frame {} times", same.len());
        assert!(
            same.iter().all(|place| place.1 == same[0].1),
            "one frame at two times"
        );
        frames += 1;
    }
    assert!(frames <= limits.frames, "{frames} frames");
}

/// The oracle takes planes of f32, so only small pictures are compared; windows of 1 to 3 pixels and more are among
/// them, since narrow ones are long.
fn assert_hash(hasher: &mut Hasher, picture: &Picture<'_>, limits: &Limits) {
    let (width, height) = (picture.width(), picture.height());
    let pixels = u64::from(width) * u64::from(height);
    assert!(pixels <= limits.pixels, "{picture:?} is above the limit");
    let transform = if pixels < 40_000 {
        oracle::judge(hasher, picture)
    } else {
        hasher.hash(picture)
    };
    let is_too_small = width.min(height) < MIN_SIDE_PX;
    assert!(
        transform.is_err() == is_too_small,
        "{picture:?} has no hash, or one too many"
    );
}

fn assert_end(frames: &mut Frames<'_>) {
    assert!(frames.next().is_none(), "something follows the end");
    assert!(frames.next().is_none(), "something follows the end");
}

/// An error ends up in logs and terminals.
fn assert_harmless(error: &MediaError) {
    let text = error.to_string();
    assert!(text.len() < 250, "{} bytes of message", text.len());
    assert!(
        !text.contains(|c: char| c.is_control()),
        "a control character in {text:?}"
    );
}
