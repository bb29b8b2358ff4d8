//! Tables of a summary.

use accolade_core::model::{Type, Value};
use accolade_core::numbers::exact::Exact;

/// One table of a summary.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryTable {
    /// What it shows.
    pub title: String,
    /// Its column headings.
    pub columns: Vec<String>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl SummaryTable {
    /// Whether it belongs to the rule, measure or programme `name`, or to `measures`, `goals` or `top`.
    pub fn is_of(&self, name: &str) -> bool {
        match self.title.strip_prefix("programme ").unwrap_or(&self.title).strip_prefix(name) {
            Some(rest) => {
                rest.is_empty()
                    || rest.starts_with(": ")
                    || rest.starts_with(" by ")
                    || name == "top" && rest.starts_with(' ')
            }
            None => false,
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A count.
    Count(u64),
    /// A value of the record.
    Value(Value),
    /// A figure of the customer base, its type, and how many decimals of a number are shown.
    Figure(Exact, Type, u32),
    /// A share of a whole, 1 being all of it.
    Share(f64),
    /// A share of the longest bar.
    Bar(f64),
    /// Whether a goal is met; none without data.
    Verdict(Option<bool>),
}
