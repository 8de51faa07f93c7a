//! What is known: lists of hashes of assessed items, and what authorities say of them.
//!
//! In: the bytes of a list, untrusted. Out: a [`List`] of entries and their rows, with a [`Reading`] that counts and
//! places every row that was not understood; no row is dropped in silence. A row knows its entry, an optional quality
//! and label; what is searched is decided by `screen`.
//!
//! Three forms are read, told apart by their first line:
//!
//! - CSV with a header: at least one of the columns `pdq`, `sha256`, `sha1` and `md5`, and optionally `id`, `quality`,
//!   `label`, `profile`, `part`, `shown`; other columns are left alone. A row may fill several of the hash columns. One id may have
//!   many rows. A row without an id is named after its line, never after its hash.
//! - the export of python-threatexchange: `signal_type`, `signal_str`, and optionally `collab`, `category`, `tags`, which
//!   become the label. Signal types `pdq`, `md5`, `video_md5`, `photo_md5`, `sha1`, `sha256` and `video_sha256` are read;
//!   others, vPDQ among them, are counted as not understood.
//! - bare: one hash a line; its length tells PDQ (64 digits) from SHA-1 (40) and MD5 (32).
//!
//! Hexadecimal digits of either case; UTF-8, with or without a byte order mark; lines end in LF or CRLF; blank lines and
//! lines that begin with `#` are passed over. A field in double quotes ends on its line: a reader that lets it go on
//! would let one stray quote swallow every row after it.
//!
//! A row of the profile `windows/1` is a *window*: its `pdq` is that of a part of the picture, and its `part` says which, such
//! as `1250 2500 3750 6000` (a [`Part`]). The profile needs the part, and the part both others;
//! digests in the row are those of the whole file.
//!
//! A row whose `shown` is filled is a *frame* of a video: its `pdq` is that of a whole frame, and `shown` says from when to when it shows, in
//! milliseconds, and what it belongs to where that is not the core of the video, such as `61500 62000` or `0 4000 intro` (a [`Shown`]). It needs a
//! `pdq`, and a row is a window or a frame, never both; digests in the row are those of the whole file here, too.
//!
//! Cost: one pass, about 110 bytes of memory a row (72 are the row, the rest its entry), nothing that grows with the length
//! of a line beyond the limit.
//!
//! Where such a list comes from, when authorities make it together, is data here, too: an [`Entry`], what each
//! [`Authority`] says of it as [`Event`]s of its log, the [`Policy`] by which that counts, and [`consensus()`], a pure
//! function of these and a [`Time`] that is handed in. Nothing here signs, stores or reads a clock. All of it goes
//! through serde and is checked when it is read; what is not known is refused by name.

mod assembly;
mod assessment;
mod authority;
mod columns;
pub mod consensus;
mod entry;
mod event;
mod feedback;
mod fingerprint;
pub mod generic;
mod instrument;
mod line;
mod list;
mod part;
mod policy;
mod reader;
mod reading;
mod row;
mod shown;
mod spelling;
mod state;
mod tco;
mod text;
mod time;

pub use assessment::{
    Assessment, Method, Reasons, Resumption, Suspension, Target, Verdict, Withdrawal,
    WithdrawalReason,
};
pub use authority::{Authority, AuthorityId, AuthorityIdError, Role};
pub use consensus::{Consensus, ConsensusState, Explanation, consensus, live_assessments};
pub use entry::{Commitment, ContextDependence, Entry, EntryHead, EntryId, MediaKind, Source};
pub use event::{Creation, Event};
pub use feedback::{Feedback, Reviews, ReviewsError};
pub use fingerprint::Fingerprint;
pub use instrument::{
    EndReason, Finality, InstrumentEnd, InstrumentKind, InstrumentName, LegalInstrument, Scrutiny,
};
pub use list::{List, ListError};
pub use part::{Part, PartError};
pub use policy::{
    Denominator, Designation, Objection, Policy, PolicyError, PolicyId, Rule, Silence, Terms,
};
pub use reading::{Place, Problem, Reading, Refused};
pub use row::{Code, ListEntry, NewRow, Profile, Row};
pub use shown::{FrameRole, Shown, ShownError};
#[cfg(feature = "sign")]
pub(crate) use spelling::{bytes_32, serde_as_text};
pub use state::{MemberState, StateError};
pub use tco::{TcoType, TcoTypes, TcoTypesError};
pub use text::{Text, TextError};
pub use time::{Time, TimeError};
