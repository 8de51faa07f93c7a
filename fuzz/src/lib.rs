//! What the fuzz targets do with an input. `tests/fuzz_corpus.rs` of the main package includes this file and replays
//! every seed and every crash, so that plain `cargo test` guards what fuzzing has found.

#[cfg(feature = "authority")]
pub mod checkpoint;
#[cfg(feature = "authority")]
pub mod consistency_list;
pub mod decode_and_hash;
pub mod delta;
pub mod enrol;
#[cfg(feature = "authority")]
pub mod envelope;
pub mod film;
#[cfg(all(feature = "video", unix))]
pub mod heif;
pub mod hex;
pub mod index;
pub mod list;
#[cfg(feature = "authority")]
pub mod merge;
pub mod pixels;
#[cfg(feature = "review")]
pub mod platform_feedback;
#[cfg(feature = "authority")]
pub mod proof;
#[cfg(feature = "review")]
pub mod removal_order;
#[cfg(feature = "review")]
pub mod review_export;
pub mod screen;
pub mod snapshot;
#[cfg(feature = "authority")]
pub mod statement;
#[cfg(feature = "review")]
pub mod statement_of_reasons;
#[cfg(feature = "authority")]
pub mod suspension_list;
pub mod suspensions;
#[cfg(feature = "authority")]
pub mod tuf;
#[cfg(feature = "review")]
pub mod upload;
pub mod views;
pub mod vpdq;

use std::time::Duration;

use ijkpunt::limits::Limits;

/// A target's name, and what it does with an input: panics where something is not as promised.
pub type Target = (&'static str, fn(&[u8]));

/// Every target; some of them only with the features `authority`, `review` and `video`.
pub const TARGETS: &[Target] = &[
    #[cfg(feature = "authority")]
    ("checkpoint", checkpoint::run),
    #[cfg(feature = "authority")]
    ("consistency_list", consistency_list::run),
    ("decode_and_hash", decode_and_hash::run),
    ("delta", delta::run),
    ("enrol", enrol::run),
    #[cfg(feature = "authority")]
    ("envelope", envelope::run),
    ("film", film::run),
    #[cfg(all(feature = "video", unix))]
    ("heif", heif::run),
    ("hex", hex::run),
    ("index", index::run),
    ("list", list::run),
    #[cfg(feature = "authority")]
    ("merge", merge::run),
    ("pixels", pixels::run),
    #[cfg(feature = "review")]
    ("platform_feedback", platform_feedback::run),
    #[cfg(feature = "authority")]
    ("proof", proof::run),
    #[cfg(feature = "review")]
    ("removal_order", removal_order::run),
    #[cfg(feature = "review")]
    ("review_export", review_export::run),
    ("screen", screen::run),
    ("snapshot", snapshot::run),
    #[cfg(feature = "authority")]
    ("statement", statement::run),
    #[cfg(feature = "review")]
    ("statement_of_reasons", statement_of_reasons::run),
    #[cfg(feature = "authority")]
    ("suspension_list", suspension_list::run),
    ("suspensions", suspensions::run),
    #[cfg(feature = "authority")]
    ("tuf", tuf::run),
    #[cfg(feature = "review")]
    ("upload", upload::run),
    ("views", views::run),
    ("vpdq", vpdq::run),
];

/// Small limits for uploads, so that one input takes milliseconds and limits are met often.
fn upload_limits() -> Limits {
    let mut limits = Limits::default();
    limits.pixels = 4 << 20;
    limits.memory_bytes = 64 << 20;
    limits.frames = 16;
    limits.scans = 20;
    limits.scan_pixels = 16 << 20;
    limits.time = Duration::from_millis(200);
    limits
}
