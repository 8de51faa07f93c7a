//! Longer texts: what words mean, how the parts fit together, what was decided and why.

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("decisions.md")]
pub mod decisions {}

#[doc = include_str!("evaluation.md")]
pub mod evaluation {}

#[doc = include_str!("glossary.md")]
pub mod glossary {}

#[doc = include_str!("peers.md")]
pub mod peers {}
