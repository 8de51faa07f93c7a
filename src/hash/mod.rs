//! Pixels to hashes: PDQ, its quality, its eight dihedral forms, and the distance between two hashes.
//!
//! In: a [`Picture`](crate::picture::Picture). Out: a [`Transform`], from which [`Pdq`], [`Quality`] and all eight
//! [`Dihedral`] forms are read. The arithmetic is our own, without I/O and without a dependency that touches a pixel:
//! same pixels, same hash, with every feature, on every CPU, with any number of threads.
//!
//! The profile is [`PROFILE`]: PDQ of the full-size picture, bit-equal to the C++ reference of
//! facebook/ThreatExchange (x86-64, no contraction), with one documented departure: grey pixels are hashed as
//! R = G = B, where the reference takes a single channel as luma and differs for 35 of 256 values.
//!
//! Of a video, [`frames`] keeps the hashes with their times, and reads those of vPDQ.
//!
//! Cost: one pass over the pixels, by AVX-512, AVX2, NEON or plain Rust, whichever the CPU has; memory for a window of
//! rows, about `4 * width * (height / 128 + 2)` bytes, reused by a [`Hasher`].

mod code;
mod digest;
mod dihedral;
mod distance;
pub mod frames;
mod pdq;

pub use code::{HexError, Pdq};
#[cfg(all(feature = "video", unix))]
pub(crate) use digest::Digesting;
pub use digest::{Digest, DigestKind};
pub use dihedral::Dihedral;
pub use distance::{Distance, OutOfRange, Quality, Radius};
#[doc(hidden)]
pub use pdq::Kernel;
pub(crate) use pdq::{Axis, Grid, LONGEST_SIDE, Plane};
pub use pdq::{Hasher, MIN_SIDE_PX, TooSmall, Transform, oracle};

/// The name of the profile that this crate computes: PDQ of the full-size picture.
///
/// Other implementations shrink to 512 x 512 first and get hashes 0 to 10 bits away; a list says which it holds.
pub const PROFILE: &str = "pdq/full";
