//! Merged cells of a sheet. A text or date over several rows is the value of each of them. A number is not: an amount over
//! three lines is paid once.

use calamine::{Cell, Data, Dimensions};

/// Gives the rows below a merged cell its value. `cells` are sorted by place; only rows that have cells get one, so that
/// the memory of a sheet stays that of its cells.
pub(super) fn fill(cells: &mut Vec<Cell<Data>>, merged: &[Dimensions]) {
    let mut filled: Vec<Cell<Data>> = Vec::new();
    for area in merged.iter().filter(|area| area.end.0 > area.start.0) {
        let column = area.start.1;
        let Ok(at) = cells.binary_search_by_key(&area.start, Cell::get_position) else { continue };
        let value = cells[at].get_value();
        if matches!(value, Data::Int(_) | Data::Float(_)) {
            continue;
        }
        let first = cells.partition_point(|cell| cell.get_position().0 <= area.start.0);
        let below = cells[first..].iter().take_while(|cell| cell.get_position().0 <= area.end.0);
        let mut rows: Vec<u32> = below.map(|cell| cell.get_position().0).collect();
        rows.dedup();
        let is_free = |row: &u32| cells.binary_search_by_key(&(*row, column), Cell::get_position).is_err();
        filled.extend(rows.into_iter().filter(is_free).map(|row| Cell::new((row, column), value.clone())));
    }
    cells.append(&mut filled);
    cells.sort_by_key(Cell::get_position);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_over_several_rows_is_the_value_of_each() {
        let cell = |row, column, text: &str| Cell::new((row, column), Data::String(text.to_owned()));
        let mut cells = vec![
            cell(0, 0, "title"),
            cell(1, 0, "A"),
            cell(1, 1, "1"),
            cell(2, 1, "2"),
            cell(4, 1, "3"),
            cell(5, 1, "4"),
        ];
        fill(&mut cells, &[Dimensions::new((0, 0), (0, 4)), Dimensions::new((1, 0), (4, 0))]);
        let shown: Vec<(u32, u32, String)> = cells
            .iter()
            .map(|cell| (cell.get_position().0, cell.get_position().1, cell.get_value().to_string()))
            .collect();
        let of_column =
            |column| shown.iter().filter(move |(_, c, _)| *c == column).map(|(row, _, text)| (*row, text.as_str()));
        // The third row has no cells, and stays without.
        assert_eq!(of_column(0).collect::<Vec<_>>(), [(0, "title"), (1, "A"), (2, "A"), (4, "A")]);
        assert_eq!(of_column(1).count(), 4);
    }
}
