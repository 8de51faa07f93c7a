//! A person decides: matches become cases, cases decisions, and decisions what users, authorities and the public are told.

pub mod order;
pub mod page;
pub mod report;

mod breaker;
mod clock;
mod language;
mod share;

pub use breaker::{Trip, Tripwire};
pub use language::{Language, NoLanguage};
pub use share::Share;
