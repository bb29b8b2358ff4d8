//! Runs the cases of a suite.

mod checks;
mod data;
mod decision;
mod evaluate;
mod expected;
mod figures;
mod hint;
mod population;
mod prepared;
mod tables;

pub(crate) use self::evaluate::rate_case;
pub use self::evaluate::{CaseResult, ExpectationFailure, run_case};
pub(crate) use self::expected::number_text;
pub use self::prepared::{PreparedSuite, prepare};
