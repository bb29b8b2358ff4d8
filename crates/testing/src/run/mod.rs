//! Running a suite.

mod checks;
mod data;
mod decided;
mod evaluate;
mod expected;
mod population;
mod prepared;

pub use self::evaluate::{CaseResult, Failure, run_case};
pub(crate) use self::data::fixed_value;
pub(crate) use self::expected::number_text;
pub use self::prepared::{Prepared, prepare};
