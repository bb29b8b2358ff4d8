//! What the data of a source must be like, besides the types of its columns.

use accolade_parser::syntax::file::{UnknownCustomers, Within};

/// The checks of a source.
#[derive(Clone, Debug, Default)]
pub struct SourceChecks {
    /// Indices of columns whose values no two rows share.
    pub unique: Vec<usize>,
    /// What to do with events of customers who are not in the customers table.
    pub unknown: UnknownCustomers,
    /// How long before the date of the run its newest event may be.
    pub newest: Option<Within>,
    /// How many rows are read.
    pub rows: Option<ExpectedRows>,
}

/// A range of the number of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedRows {
    /// As it is written, such as `>= 3_000`.
    pub text: String,
    /// The least number.
    pub least: u64,
    /// The greatest number.
    pub most: u64,
}
