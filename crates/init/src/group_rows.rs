//! Rows that share a number, such as the lines of an order: which columns are of the order, and which of the line.

use std::collections::HashMap;

use accolade_engine::source::DataFile;
use accolade_parser::Diagnostics;

use crate::groups::Groups;
use crate::header_words;
use crate::header_words::mentions;
use crate::sketch::hash_of;
use crate::table::InferredColumn;

/// The most columns that are looked at.
const COLUMNS: usize = 6;

/// The most groups of a column that are looked at.
const GROUPS: usize = 500;

#[derive(Clone, Default)]
struct Cell {
    first: Option<u64>,
    filled: u64,
    varies: bool,
}

struct Group {
    rows: u64,
    cells: Vec<Cell>,
}

/// Reads the file once more for the columns that may number groups of rows.
///
/// # Errors
/// Fails when the file cannot be read.
pub(crate) fn groups(file: &DataFile, columns: &[InferredColumn], rows: u64) -> Result<Vec<Groups>, Diagnostics> {
    let may = |column: &InferredColumn| {
        let distinct = column.values.distinct();
        column.can_name() && !column.nullable && distinct > 1 && distinct < rows && distinct * 20 >= rows
    };
    let mut by: Vec<usize> = (0..columns.len()).filter(|i| may(&columns[*i])).collect();
    by.sort_by_key(|i| !mentions(&columns[*i].header, header_words::ORDER));
    by.truncate(COLUMNS);
    if by.is_empty() {
        return Ok(Vec::new());
    }
    let limits: Vec<u64> = by.iter().map(|i| columns[*i].values.least(GROUPS)).collect();
    let mut found: Vec<HashMap<u64, Group>> = by.iter().map(|_| HashMap::new()).collect();
    file.rows(|_, texts| {
        let mut hashes: Option<Vec<Option<u64>>> = None;
        for ((column, limit), groups) in by.iter().zip(&limits).zip(&mut found) {
            let hash = hash_of(&texts[*column]);
            if texts[*column].trim().is_empty() || hash > *limit {
                continue;
            }
            let hashes = hashes.get_or_insert_with(|| {
                texts.iter().map(|text| (!text.trim().is_empty()).then(|| hash_of(text))).collect()
            });
            let new = || Group { rows: 0, cells: vec![Cell::default(); columns.len()] };
            let group = groups.entry(hash).or_insert_with(new);
            group.rows += 1;
            group.cells.iter_mut().zip(hashes).for_each(|(cell, hash)| cell.add(*hash));
        }
    })?;
    let counted = |(by, groups): (&usize, &HashMap<u64, Group>)| {
        let several: Vec<&Group> = groups.values().filter(|group| group.rows > 1).collect();
        let count = |is: &dyn Fn(&Cell) -> bool| -> Vec<u64> {
            let of = |i: usize| several.iter().filter(|group| is(&group.cells[i])).count() as u64;
            (0..columns.len()).map(of).collect()
        };
        let (constant, once) = (count(&|cell| !cell.varies), count(&|cell| cell.filled == 1));
        Groups { by: *by, several: several.len() as u64, constant, once }
    };
    Ok(by.iter().zip(&found).map(counted).collect())
}

impl Cell {
    fn add(&mut self, hash: Option<u64>) {
        let Some(hash) = hash else { return };
        self.filled += 1;
        self.varies |= self.first.is_some_and(|first| first != hash);
        self.first.get_or_insert(hash);
    }
}
