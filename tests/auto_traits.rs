//! Every public type may go to another thread, be shared, and survive a caught panic: this compiles, or it is not so.

use ijkpunt::{baseline, enrol, hash, index, limits, media, picture, screen, view};

const fn is_free<T: Send + Sync + std::panic::UnwindSafe>() {}

const _: () = {
    is_free::<baseline::Code>();
    is_free::<baseline::Entry>();
    is_free::<baseline::generic::Asking>();
    is_free::<baseline::generic::Warning>();
    is_free::<baseline::List>();
    is_free::<baseline::NewRow>();
    is_free::<baseline::Part>();
    is_free::<baseline::PartError>();
    is_free::<baseline::Place>();
    is_free::<baseline::Problem>();
    is_free::<baseline::Profile>();
    is_free::<baseline::Reading>();
    is_free::<baseline::Refused>();
    is_free::<baseline::Row>();
    is_free::<enrol::Enroller>();
    is_free::<enrol::Fingerprint>();
    is_free::<enrol::Known<'static>>();
    is_free::<enrol::Near<'static>>();
    is_free::<enrol::Proposal>();
    is_free::<enrol::Window>();
    is_free::<hash::Digest>();
    is_free::<hash::DigestKind>();
    is_free::<hash::Dihedral>();
    is_free::<hash::Distance>();
    is_free::<hash::Hasher>();
    is_free::<hash::HexError>();
    is_free::<hash::OutOfRange>();
    is_free::<hash::Pdq>();
    is_free::<hash::Quality>();
    is_free::<hash::Radius>();
    is_free::<hash::TooSmall>();
    is_free::<hash::Transform>();
    is_free::<index::Hit>();
    is_free::<index::Scan>();
    is_free::<limits::Exceeded>();
    is_free::<limits::Limits>();
    is_free::<limits::Resource>();
    is_free::<media::Background>();
    is_free::<media::Format>();
    is_free::<media::Frame>();
    is_free::<media::MediaError>();
    is_free::<picture::Picture<'static>>();
    is_free::<picture::PictureError>();
    is_free::<picture::Samples>();
    is_free::<screen::BuildError>();
    is_free::<screen::Builder>();
    is_free::<screen::Call<'static>>();
    is_free::<screen::Counts>();
    is_free::<screen::Effort>();
    is_free::<screen::Evidence>();
    is_free::<screen::FormOrigin>();
    is_free::<screen::Gap>();
    is_free::<screen::ListInfo>();
    is_free::<screen::MatchClass>();
    is_free::<screen::Matched>();
    is_free::<screen::NoMatch>();
    is_free::<screen::OwnList>();
    is_free::<screen::Policy>();
    is_free::<screen::Screener>();
    is_free::<screen::Screening>();
    is_free::<screen::Source>();
    is_free::<screen::Surface>();
    is_free::<screen::SystemClock>();
    is_free::<screen::Undecided>();
    is_free::<screen::UndecidedKind>();
    is_free::<view::Kind>();
    is_free::<view::Place>();
    is_free::<view::View>();
    is_free::<view::Viewer>();
};

/// Errors that hold an `io::Error`, and the iterator over frames, which holds a decoder, are not unwind safe.
const fn may_be_sent<T: Send>() {}

const _: () = may_be_sent::<baseline::ListError>();
