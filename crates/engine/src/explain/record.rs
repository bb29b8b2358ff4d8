//! Why a record from outside has its results.

use accolade_parser::Diagnostics;

use super::{Explanation, Usage, explain};
use crate::rater::{Rated, Rater, Record};

impl Rater {
    /// Why a record has its results, and what would change them; only `rules` if any are named.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    pub fn explain(&self, record: &Record, rules: &[String]) -> Result<Explanation, Diagnostics> {
        self.explain_rated(&self.rate(record)?, rules)
    }

    /// As [`explain`](Self::explain), for a record that this rater has rated.
    ///
    /// # Errors
    /// Never fails for what this rater gave.
    pub fn explain_rated(&self, rated: &Rated, rules: &[String]) -> Result<Explanation, Diagnostics> {
        let in_force: Vec<String> = self.rules().filter(|rule| rules.is_empty() || rules.contains(rule)).collect();
        explain(&self.rows(), &Usage::default(), &rated.values, &in_force)
    }
}
