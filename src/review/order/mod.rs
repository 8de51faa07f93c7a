//! Removal orders, and what a host answers: articles 3, 4 and 11(3) of Regulation (EU) 2021/784 and its annexes, as plain data.
//!
//! In: JSON that an authority or a host wrote, untrusted; and times. Out: a [`RemovalOrder`] (annex I), a [`Feedback`] (annex II) or an
//! [`Impossibility`] (annex III) with a form that people can read, in English or Dutch, as plain text or Markdown; and clocks: when the hour is over,
//! until when scrutiny can be asked for, when an order is final, until when its author is not told.
//!
//! - An order carries addresses of content, since nobody could execute it without them. What is kept is a [`SealedOrder`], which has none.
//! - Clocks are pure functions of times that are handed in. Where the law is silent they take the reading that is harder on whoever has to act, and
//!   say so.
//! - Nobody is refused an order for a slip in it: what goes beyond the law, such as a ban of ten weeks on telling, is cut to what the law allows
//!   when it is counted with, since an order that cannot be read would be an hour that is missed.
//!
//! The annexes are not at hand here, so the forms say in words of our own what stands in them, in their order, and are not the official templates.
//! A field marked \[check\] has a wording, or a place in the annex, that nobody has compared with the Official Journal yet; the ticks of article 2(7) do not
//! hang on it. Who signed an order is not known here: its electronic signature (article 3(4)(e)) is checked where it comes in.
//!
//! Cost: that of reading so much JSON.

mod answer;
mod clocks;
mod error;
mod field;
mod form;
mod media;
mod removal;

pub use answer::{Feedback, Ground, Impossibility, Measure, OrderName, Responder, Taken};
pub use clocks::{
    Appeal, Hindrance, Hour, Standing, Window, author_may_ask, authority_may_scrutinise,
    decision_on_request, due_at, finality, host_may_ask, hour, hour_after,
};
pub use error::OrderError;
pub use field::{Address, FieldError, LanguageCode, Prose, Several};
pub use form::Format;
pub use media::Media;
pub use removal::{
    Addressee, Addresses, Announcement, Issuer, IssuerKind, NonDisclosure, Prolongation, Redress,
    RemovalOrder, SealedOrder,
};

#[cfg(test)]
pub(super) mod tests;
