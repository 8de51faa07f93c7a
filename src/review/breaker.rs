//! To be written.
/// To be written.
#[derive(Debug)]
pub struct Trip;
/// To be written.
#[derive(Debug)]
pub struct Tripwire;
