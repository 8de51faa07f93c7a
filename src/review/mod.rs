//! A person decides: matches become cases, cases decisions, and decisions what users, authorities and the public are told.
//!
//! In: [`Match`]es of a screener, removal [`order`]s, complaints, and what [`Person`]s find. Out: what is [due](Reviews::due), who is to be told what, what is to
//! be put back, entries that are switched off, [`report`]s, and the [`page`] that people decide by.
//!
//! What always holds:
//! - **No program decides.** A [`Decision`] is made by a [`Person`], and a person comes out of [`Reviews::person`] only. A match opens a case, and nothing else.
//! - **Content is taken down only for what a person found terrorist**, or for an order that a person carried out. A hold is the platform's opt-in, and ends by itself.
//! - **Every record stays**, chained ([`ledger`](crate::ledger)); what concerns persons lies beside and can be [erased](Reviews::erase). No media, no addresses.
//! - Nobody decides twice on one thing, or on a complaint against themselves; nobody switches an entry off alone.
//!
//! | stage | what it waits for |
//! |---|---|
//! | `waiting`, `second`, `divided`, `reopened` | [`Reviews::decide`] |
//! | `complaint` | [`Reviews::uphold`] or [`Reviews::reject`], by somebody else |
//! | `order` | [`Reviews::order_done`] or [`Reviews::order_refused`], within the hour |
//! | `refused` | [`Reviews::order_cleared`] or [`Reviews::order_ended`] |
//! | `decided` | nothing; a complaint, a lost entry, or a supervisor may open it again |
//!
//! Cost: pages of cases lie beside the chain, so opening a file reads nothing of them, and what goes over all cases decodes them. Of a million cases, half
//! of them decided (`IJKPUNT_CASES=1000000 cargo bench --bench review --features review`):
//!
//! | what | takes |
//! |---|---|
//! | opening the file and listing 100 of 500,000 open cases | 0.5 s |
//! | what is due, counts of a year, figures of the means | 0.4 to 0.5 s each |
//! | a decision, on the disk | 1.5 ms; 99 of 100 within 4 ms |
//! | statements of reasons | 15 µs each |
//! | finding cases by upload or entry: the first case, decision or question of a connection | 1.1 s once |
//! | verifying everything | 20 s |
//! | on the disk | 790 bytes a case |

pub mod clock;
pub mod order;
pub mod page;
pub mod report;

mod breaker;
mod case;
mod deciding;
mod derive;
mod due;
mod error;
mod event;
mod export;
mod figures;
mod fold;
mod grounds;
mod house;
mod language;
mod opening;
mod ordering;
mod outcome;
mod people;
mod policy;
mod remedy;
mod reviews;
mod rows;
mod sample;
mod share;
mod showing;
mod switch;
mod tally;
mod telling;

#[cfg(test)]
mod tests;

pub use breaker::{Trip, Tripwire};
pub use case::{Case, CaseId, Complaint, Decided, Finding, Hold, Order, Origin, Proceeding};
pub use deciding::{Decision, Outcomes};
pub use due::{Due, Duty};
pub use error::ReviewError;
pub use event::{EntryName, Reopening, Version};
pub use export::{ExportError, verify_export};
pub use figures::Traffic;
pub use fold::Misfit;
pub use grounds::{Loss, OrderEnd, OrderGround, Proceedings, PutBack, Stage, Tell};
pub use house::{Draw, Lost};
pub use language::{Language, NoLanguage};
pub use opening::{Found, Match, Opening, PublicView};
pub use outcome::{Action, ExemptPurpose, Outcome};
pub use people::{NoRole, Person, Pseudonym, Role};
pub use policy::{Policy, Second};
pub use remedy::{Affected, Complained};
pub use reviews::Reviews;
pub use sample::Sampler;
pub use share::Share;
pub use showing::{Step, Story};
pub use switch::Switch;
pub use telling::Statements;
