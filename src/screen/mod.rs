//! The paved path: an upload in, a [`Screening`] out.
//!
//! In: bytes, a file, a [`Picture`](crate::picture::Picture), the frames of a video, or a bare [`Pdq`](crate::hash::Pdq). Out: a verdict with its
//! evidence, a value and never a `Result` that could be dropped. The invariant that everything here serves:
//! [`Screening::NoMatch`] means that everything that was promised was looked at, against every list. Whatever was not
//! is a [`Gap`], and a gap makes the verdict [`Screening::Undecided`], unless something matched.
//!
//! | a gap | no gap |
//! |---|---|
//! | bytes that did not decode | thumbnails |
//! | a frame that a limit cut, or its views | a flat or tiny frame beside a usable one |
//! | an unopened video or archive, a format that is not decoded | frames equal to one that was looked at |
//! | no frame whose hash a list can use, and no view of one | views that [`Limits::views`](crate::limits::Limits::views) leaves out |
//! | a deadline that passed, a call that was cancelled | negatives, views and windows, where the whole frame was found |
//! | a snapshot that is out of date | entries that are switched off |
//! | a video that breaks off, or that nobody was told to open | second looks beyond those that an [`Effort`] promises |
//! | | frames of a video between the samples of its plan, and their views beyond one frame a shot |
//!
//! **Videos** go frame by frame. Each frame is compared with the pictures of the lists, as a frame of an animation is, and with the frames of their videos. There a
//! near frame alone is no match, since other people's films share shots and title cards: an upload matches where it runs like an entry, as [`vote`] finds, for
//! three seconds or most of what there is of it. [`Evidence::segments`](Evidence) says from when to when. Animations go the same way. A still is
//! compared with pictures only: a screenshot of a listed video matches where the authority listed it as a picture, too. Views are looked for
//! once a shot, and where a copy was found in one, its place is looked at in the frames that follow: what disguises a video disguises all of it.
//!
//! A match informs a person; nothing is removed here, and nothing is judged. A [`Screener`] is built once and shared:
//! it is `Send + Sync` and waits for no lock. A [`List`](crate::baseline::List) never changes; an [`OwnList`] and a
//! [`Live`](crate::snapshot::Live) snapshot do, and each upload is screened on one version of them. How many disguises are looked up is the screener's [`Effort`]. Cost of one call: decoding,
//! one hash a frame, eight lookups a frame and list, and a digest of the bytes for each algorithm that a list uses; where a list finds
//! nothing, at [`Effort::Standard`], the views of each frame and at most 240 lookups, and where the list has windows, second looks at what they hit;
//! see `media`, `hash` and `view` for memory, of which a screener keeps up to 9 MiB for each call at a time, but not for more calls than the CPU has
//! threads: taking it anew was a sixth of what an upload costs that is looked at in every way, measured once by hand.

mod built;
mod call;
mod chance;
mod clock;
mod counts;
mod effort;
mod evidence;
mod film;
mod lists;
mod own_list;
mod plain;
mod query;
mod run;
mod screener;
mod second;
mod verdict;
mod version;
mod video;
mod viewers;
pub mod vote;

pub use call::Call;
pub use chance::{FalseRate, Tier};
pub use clock::{Clock, SystemClock};
pub use counts::Counts;
pub use effort::Effort;
pub use evidence::{Assessed, Basis, Evidence, FormOrigin, MatchClass};
pub use lists::{ListInfo, ListVersion, Policy, Source};
pub use own_list::OwnList;
pub use screener::{BuildError, Builder, Screener, Surface};
pub use verdict::{Gap, Matched, NoMatch, Screening, Undecided, UndecidedKind};
pub use video::VideoScreening;
