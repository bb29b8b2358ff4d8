//! The rows below the data: a total, or a remark.

use std::collections::VecDeque;

use accolade_engine::source::texts;

use crate::header_words;
use crate::header_words::mentions;
use crate::tally::{ColumnCounts, SIGNS, in_units};

/// The most rows of a footer.
const MOST: usize = 3;

/// The rows below the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    /// The number of its first row, as the file counts them.
    pub(crate) first: u64,
    /// How many rows it has.
    pub(crate) rows: u64,
    /// Whether a row of it is the total of the others.
    pub(crate) is_total: bool,
    /// For each column, whether it is empty in all of these rows.
    pub(crate) empty: Vec<bool>,
    /// The texts of its first row.
    pub(crate) texts: Vec<String>,
}

/// The last rows of a file, held back until it is known what they are.
#[derive(Debug, Default)]
pub(crate) struct LastRows {
    held: VecDeque<(u64, Vec<String>)>,
    /// The row that was returned last, whose memory the next one takes.
    free: Vec<String>,
}

impl LastRows {
    /// Takes the next row, and returns the one that is no longer among the last.
    pub(crate) fn push(&mut self, number: u64, row: &[String]) -> Option<&[String]> {
        let mut kept = std::mem::take(&mut self.free);
        kept.resize_with(row.len(), String::new);
        kept.clone_from_slice(row);
        self.held.push_back((number, kept));
        if self.held.len() <= MOST {
            return None;
        }
        (_, self.free) = self.held.pop_front()?;
        Some(&self.free)
    }

    /// Divides the last rows into rows of data and a footer. `counts` are of the `rows` before them.
    pub(crate) fn divide(self, counts: &[ColumnCounts], rows: u64) -> (Vec<Vec<String>>, Option<Footer>) {
        let held: Vec<(u64, Vec<String>)> = self.held.into();
        let data = |rows: &[(u64, Vec<String>)]| rows.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>();
        for begin in 0..held.len() {
            // What is no footer belongs to the data, also for the sums.
            let (above, below) = held.split_at(begin);
            let mut all: Vec<ColumnCounts> = counts.to_vec();
            for (_, row) in above {
                all.iter_mut().zip(row).for_each(|(count, text)| count.add(text));
            }
            let before = rows + begin as u64;
            let kinds: Vec<RowKind> = below.iter().map(|(_, row)| kind(row, &all, before)).collect();
            if before < 2 || kinds.contains(&RowKind::Data) {
                continue;
            }
            let empty = (0..counts.len()).map(|i| below.iter().all(|(_, row)| is_blank(&row[i]))).collect();
            let footer = Footer {
                first: below[0].0,
                rows: below.len() as u64,
                is_total: kinds.contains(&RowKind::Total),
                empty,
                texts: below[0].1.clone(),
            };
            return (data(above), Some(footer));
        }
        (data(&held), None)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Data,
    Total,
    Remark,
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// What a row below `rows` others is.
fn kind(row: &[String], counts: &[ColumnCounts], rows: u64) -> RowKind {
    let filled = row.iter().filter(|text| !is_blank(text)).count();
    let usual = counts.iter().map(|count| count.texts + count.marked).sum::<u64>() / rows.max(1);
    let gap = row.iter().zip(counts).any(|(text, count)| is_blank(text) && count.empty == 0 && count.texts > 0);
    if !gap {
        return RowKind::Data;
    }
    let names_total = row.iter().any(|text| text.len() < 30 && mentions(text, header_words::GRAND_TOTAL));
    let adds_up = row.iter().zip(counts).any(|(text, count)| is_sum(text, count));
    if adds_up || (names_total && 2 * filled as u64 <= usual) {
        return RowKind::Total;
    }
    if filled <= 1 && usual >= 3 { RowKind::Remark } else { RowKind::Data }
}

/// Whether a text is the sum of a column of amounts.
fn is_sum(text: &str, count: &ColumnCounts) -> bool {
    let text = text.trim();
    SIGNS.iter().zip(&count.numbers).any(|(sign, numbers)| {
        let amount = texts::amount(text, *sign, texts::currency_of(text)).map(in_units);
        numbers.count >= 2 && 10 * numbers.count >= 9 * count.texts && numbers.sum != 0 && amount == Some(numbers.sum)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks how many of the rows are data and whether the others are a total.
    #[track_caller]
    fn check(rows: &[&str], data: usize, total: Option<bool>) {
        let mut last = LastRows::default();
        let (mut counts, mut count) = (vec![ColumnCounts::default(); 3], 0);
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.split('|').map(str::to_owned).collect();
            if let Some(row) = last.push(number as u64 + 2, &cells) {
                count += 1;
                counts.iter_mut().zip(row).for_each(|(count, text)| count.add(text));
            }
        }
        let (rest, footer) = last.divide(&counts, count);
        assert_eq!((count as usize + rest.len(), footer.map(|footer| footer.is_total)), (data, total), "{rows:?}");
    }

    #[test]
    fn the_total_below_the_rows_is_no_row() {
        check(&["A|2025-01-01|5", "B|2025-01-02|7", "C|2025-01-03|1", "||13"], 3, Some(true));
        check(&["A|2025-01-01|5,50", "B|2025-01-02|7", "C|2025-01-03|1", "Totaal||13,50"], 3, Some(true));
        check(&["A|2025-01-01|5", "B|2025-01-02|7", "C|2025-01-03|1", "||13", "printed 2025||"], 3, Some(true));
        check(&["A|2025-01-01|5", "B|2025-01-02|7", "C|2025-01-03|1", "source: ERP||"], 3, Some(false));
        check(&["A|2025-01-01|5", "B|2025-01-02|7", "C|2025-01-03|12"], 3, None);
        check(&["A|2025-01-01|5", "B|2025-01-02|7", "C||1"], 3, None);
        check(&["A|2025-01-01|5", "A|2025-01-02|"], 2, None);
    }
}
