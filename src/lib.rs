//! *IJkpunt* is Dutch for a reference point, a mark that others are measured by.
//!
//! This crate finds copies of known images among uploads: images that authorities have assessed as terrorist, kept in
//! lists of perceptual hashes. It computes PDQ hashes, bit-equal to the reference, and looks them up exactly. It knows
//! nothing but what is in the lists; it judges no new content, and removes none. A match is information for a person.
//! What could not be looked at is *undecided*, and never passes for "no match".
//!
//! # Screen an upload
//!
//! ```
//! use ijkpunt::{List, Screener, Screening, Surface};
//! # fn publish() {}
//! # fn queue_for_review(_: ijkpunt::screen::Matched) {}
//! # fn your_policy(_: ijkpunt::screen::UndecidedKind) {}
//! # let folder = std::env::temp_dir().join(format!("ijkpunt-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("own.csv");
//! # let hash = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
//! # std::fs::write(&path, format!("id,pdq\nitem-1,{hash}\n"))?;
//!
//! let screener = Screener::builder()
//!     .list("own", List::open(&path)?)    // any number of named lists, each with its own policy
//!     .surface(Surface::Public)           // private surfaces are refused here
//!     .build()?;
//!
//! let bytes = b"the bytes of an upload, whatever they are";
//! match screener.screen(bytes) {
//!     Screening::NoMatch(_) => publish(),                 // everything was looked at
//!     Screening::Match(m) => queue_for_review(m),         // information for a person
//!     Screening::Undecided(u) => your_policy(u.kind()),   // could not look, or not at all of it
//! }
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A pipeline with its own decoder enters at [`Screener::screen_picture`], one with its own hashes at
//! [`Screener::screen_pdq`]. How many disguises are looked up, such as frames and posts, is the screener's [`Effort`].
//!
//! # Rooms
//!
//! Each module takes one thing and gives another, and imports only from those above it: [`limits`], [`picture`],
//! [`media`] (bytes to pictures), [`hash`] (pictures to hashes), [`view`] (pictures to views of them), [`index`] (hashes to rows),
//! [`baseline`] (lists; what states say together), [`snapshot`] (a baseline as one file, installed and followed), [`screen`] (uploads to verdicts), `sign` (who said it: keys, signatures, trees of logs), `tuf` (what is handed out, signed by states together), `ledger` (records that stay: a chained file), `register` (what authorities have said, merged as sets), `publish` (from there to snapshots, and to the folder that is handed out), `sync` (from mirrors to what is installed), [`enrol`] (media to entries of a list), `review` (matches to what people decide). Longer texts stand in [`manual`].
//!
//! # Features
//!
//! | feature | default | what for |
//! |---|---|---|
//! | `image` | yes | decoders for JPEG, PNG, GIF, WebP, BMP, TIFF; without it, bytes are undecided |
//! | `video` | no | frames of videos, by an `ffmpeg` that is installed: `media::video`, on Unix |
//! | `cli` | no | the command-line tool `ijkpunt` |
//! | `sign` | no | keys, signed envelopes, thresholds of states, logs and proofs: the room `sign` |
//! | `tuf` | no | the metadata of a repository that several states sign: the room `tuf`; with it `sign` |
//! | `sync` | no | a platform's client: the newest snapshot and suspensions from mirrors, over folders and HTTP: the room `sync`; with it `tuf` |
//! | `authority` | no | registers of what authorities say, in chained files, and what is released of them: the rooms `ledger`, `register` and `publish`; with it `sign` and `tuf` |
//! | `review` | no | cases that people decide, in a chained file; remedies, orders, reports, the evidence page: the rooms `ledger` and `review`; with it `sign` |
//! | `tracing` | no | spans around uploads, frames and lookups |
//!
//! No feature changes a hash or a match.

pub mod baseline;
pub mod enrol;
pub mod hash;
pub mod index;
#[cfg(any(feature = "authority", feature = "review"))]
pub mod ledger;
pub mod limits;
pub mod manual;
pub mod media;
pub mod picture;
#[cfg(feature = "authority")]
pub mod publish;
#[cfg(feature = "authority")]
pub mod register;
#[cfg(feature = "review")]
pub mod review;
pub mod screen;
#[cfg(feature = "sign")]
pub mod sign;
pub mod snapshot;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(feature = "tuf")]
pub mod tuf;
pub mod view;

pub use baseline::{List, ListError};
pub use hash::{Dihedral, Distance, Hasher, Pdq, Quality, Radius};
pub use limits::Limits;
pub use picture::Picture;
pub use screen::{Effort, Policy, Screener, Screening, Surface};

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
