//! Running a suite.

mod checks;
mod data;
mod decided;
mod evaluate;
mod expected;
mod population;
mod prepared;

pub(crate) use self::evaluate::outcome;
pub use self::evaluate::{CaseResult, Failure, run_case};
pub(crate) use self::expected::number_text;
pub use self::prepared::{Prepared, prepare};
