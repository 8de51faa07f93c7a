//! The evidence page.

mod by_name;
mod read;
mod upload;

pub use read::UploadError;
pub use upload::{AskedList, Assessed, Hashes, Match, Outcome, Rate, Run, Standing, Upload};
