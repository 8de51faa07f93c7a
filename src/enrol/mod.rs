//! What is to be listed: media to proposals, which an authority assesses and a list is made of.
//!
//! In: bytes, untrusted, or a [`Picture`](crate::picture::Picture). Out: a [`Proposal`]: the digest of the bytes, and for every distinct frame its PDQ, its quality
//! and its windows, or of a video its frames with their times; never the media. Whatever could not be looked at is told with it. [`Known`] says which entries of a list a
//! proposal is near to, so that nobody assesses the same picture twice.
//!
//! ```
//! use ijkpunt::baseline::List;
//! use ijkpunt::enrol::{Enroller, Known};
//! use ijkpunt::picture::Picture;
//!
//! let pixels: Vec<u8> = (0..300 * 200u32).map(|i| ((i % 300 / 9 * 31) ^ (i / 300 / 7 * 57)) as u8).collect();
//! let proposal = Enroller::new().propose_picture(&Picture::grey(300, 200, 300, &pixels)?)?;
//! let list = List::from_proposals([("item-1", &proposal)])?;
//! assert_eq!(Known::new(&list).near(&proposal)[0].entry, "item-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod known;
mod proposal;
mod video;

pub use known::{Known, Near};
pub use proposal::{Enroller, Fingerprint, Proposal, Window};
pub use video::Filming;
