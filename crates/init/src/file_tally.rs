//! The rows of a file, counted and sampled.

use accolade_engine::Type;
use accolade_engine::source::{DataColumn, DataFile, texts};
use accolade_parser::Diagnostics;

use crate::amount_columns::MoneyKind;
use crate::footer::{Footer, LastRows};
use crate::row_sample::RowSample;
use crate::sketch::Sketch;
use crate::sums::{SumOf, sums};
use crate::table::InferredColumn;
use crate::tally::{ColumnCounts, SIGNS, in_units};

/// The rows of a file, counted.
pub(crate) struct FileTally {
    pub(crate) rows: u64,
    pub(crate) tallies: Vec<ColumnCounts>,
    pub(crate) sample: RowSample,
    pub(crate) footer: Option<Footer>,
}

impl FileTally {
    /// Reads a file.
    ///
    /// # Errors
    /// Fails when a record cannot be parsed.
    pub(crate) fn of(file: &DataFile) -> Result<FileTally, Diagnostics> {
        let of =
            |column: &DataColumn| ColumnCounts { stored_instants: column.zone.is_some(), ..ColumnCounts::default() };
        let tallies = file.columns.iter().map(of).collect();
        let mut counted = FileTally { rows: 0, tallies, sample: RowSample::default(), footer: None };
        let mut last = LastRows::default();
        file.rows(|number, texts| {
            if let Some(row) = last.push(number, texts) {
                counted.add(row);
            }
        })?;
        let (rows, footer) = last.divide(&counted.tallies, counted.rows);
        rows.iter().for_each(|row| counted.add(row));
        for tally in &mut counted.tallies {
            tally.values = std::mem::take(&mut tally.values).finish();
            tally.folded = tally.folded.take().map(Sketch::finish);
        }
        Ok(FileTally { footer, ..counted })
    }

    fn add(&mut self, row: &[String]) {
        self.rows += 1;
        self.tallies.iter_mut().zip(row).for_each(|(tally, text)| tally.add(text));
        self.sample.add(row);
    }
}

/// The amounts that are others together, as a sample of the rows shows.
pub(crate) fn amount_sums(columns: &[InferredColumn], sample: &RowSample, sign: usize) -> Vec<SumOf> {
    let money = |column: &InferredColumn| matches!(column.ty, Type::Money | Type::Number);
    let amounts: Vec<usize> = (0..columns.len()).filter(|i| money(&columns[*i])).collect();
    let amount = |text: &str| amount_of(text, SIGNS[sign]);
    let rows: Vec<Vec<Option<i128>>> =
        sample.iter().map(|row| amounts.iter().map(|i| amount(&row[*i])).collect()).collect();
    let taken_off = |i: &usize| matches!(MoneyKind::of(&columns[*i]), Some(MoneyKind::Discount | MoneyKind::Refund));
    let taken_off: Vec<bool> = amounts.iter().map(taken_off).collect();
    sums(&amounts, &taken_off, &rows)
}

/// The amount of a text in 0.0001.
pub(crate) fn amount_of(text: &str, sign: char) -> Option<i128> {
    let text = text.trim();
    texts::amount(text, sign, texts::currency_of(text)).map(in_units)
}

/// The median of the amounts of a column that are not zero, without their signs, in 0.0001.
pub(crate) fn median(column: usize, sample: &RowSample, sign: usize) -> i128 {
    let amounts = sample.iter().filter_map(|row| amount_of(&row[column], SIGNS[sign]));
    let mut sizes: Vec<i128> = amounts.map(i128::abs).filter(|size| *size > 0).collect();
    sizes.sort_unstable();
    sizes.get(sizes.len() / 2).copied().unwrap_or(0)
}
