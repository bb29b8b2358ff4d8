//! Runs the cases of a suite.

mod checks;
mod data;
mod decided;
mod evaluate;
mod expected;
mod figures;
mod hint;
mod population;
mod prepared;
mod tables;

pub(crate) use self::evaluate::outcome;
pub use self::evaluate::{CaseResult, Failure, run_case};
pub(crate) use self::expected::number_text;
pub use self::prepared::{Prepared, prepare};
