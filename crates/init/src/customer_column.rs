//! Which column of a table of events names the customer, by its header and by its values.

use crate::header_words;
use crate::header_words::{is_id, mentions};
use crate::table::{InferredColumn, InferredTable};

/// The columns that may name the customer, the likeliest first.
pub(crate) fn customer_columns(table: &InferredTable) -> Vec<usize> {
    let scored = |(i, column): (usize, &InferredColumn)| {
        let score = score(table, column)?;
        (score > 0).then_some((-score, i))
    };
    let mut found: Vec<(i64, usize)> = table.columns.iter().enumerate().filter_map(scored).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, i)| i).collect()
}

/// How much says that a column names the customer; none if nothing does.
fn score(table: &InferredTable, column: &InferredColumn) -> Option<i64> {
    let says = |subject| mentions(&column.header, subject);
    let (named, email) = (says(header_words::CUSTOMER), column.emails);
    if !column.can_name() || column.filled == 0 || !(named || email) {
        return None;
    }
    let (rows, distinct) = (table.rows.max(1), column.values.distinct().max(1));
    let share = |count: u64| i64::try_from(100 * count / rows).unwrap_or(100);
    let evidence: [(bool, i64); 9] = [
        (named, 80),
        (is_id(&column.header), 40),
        (email, 30),
        // Names are written in several ways, and shared.
        (says(header_words::NAME), -60),
        (says(header_words::PROPERTY), -100),
        (says(header_words::ORDER), -80),
        // Many rows for each of a few values are a kind of customer.
        (distinct <= 12 && rows >= 12 * distinct, -100),
        // Where zero stands in many rows, it names nobody.
        (20 * column.zero > column.filled && distinct > 1, -120),
        (rows >= 5 && column.values.is_unique(), -30),
    ];
    let sum: i64 = evidence.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum();
    // Gaps count, the more the larger they are.
    Some(sum + 30 * share(column.filled) / 100 - if 20 * column.filled < 19 * rows { 40 } else { 0 })
}
