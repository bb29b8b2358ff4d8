//! The chart of a matrix: points between cuts if both axes are values, coloured cells if one is a class.

use std::collections::BTreeMap;

use accolade_core::frame::value_at;
use accolade_core::model::{SlotId, Type};
use accolade_core::show;
use accolade_rules::present::chart::{Axis, Chart, HeatMap, Plot, Point, Scatter};
use accolade_rules::present::{Cell, cell};
use accolade_rules::set::{RuleResults, capitalised};
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Matrix;

/// The greatest number of points that are drawn one by one; with more, near points are merged.
const MOST_POINTS: usize = 2_000;
/// The number of steps that an axis is divided into to merge points.
const STEPS: f64 = 60.0;

pub(super) fn chart(matrix: &Matrix, view: &RuleResults, cut_offs: &CutOffs) -> Chart {
    let label = |row: usize, column: usize| matrix.labels[matrix.cells[row][column]].as_str();
    let table = view.grid(&matrix.rows.labels, &matrix.columns.labels, label);
    let names: Vec<Vec<String>> = (0..matrix.rows.labels.len())
        .map(|row| (0..matrix.columns.labels.len()).map(|column| label(row, column).to_owned()).collect())
        .collect();
    let axes = matrix.rows.chart_axis(cut_offs).zip(matrix.columns.chart_axis(cut_offs));
    let name = |slot: SlotId| view.set.demand.slots[slot].name.clone();
    let (row, column) = (name(matrix.rows.slot()), name(matrix.columns.slot()));
    let title = capitalised(&format!("{row} and {column}"));
    let plot = match axes {
        Some((y, x)) => Plot::Scatter(Scatter { points: points(matrix, view, [&x, &y]), x, y, names }),
        None => {
            let of_row = view.labels_of(view.slots[1], &matrix.rows.labels);
            let of_column = view.labels_of(view.slots[2], &matrix.columns.labels);
            let mut counts = vec![vec![0u64; matrix.columns.labels.len() + 1]; matrix.rows.labels.len() + 1];
            of_row.iter().zip(&of_column).for_each(|(row, column)| counts[*row][*column] += 1);
            let cell = |count: &u64| Some(Cell::Count(*count));
            let known = |row: &Vec<u64>| row.iter().take(matrix.columns.labels.len()).map(cell).collect();
            Plot::Heat(HeatMap {
                row,
                column,
                value: "customers".to_owned(),
                rows: matrix.rows.labels.to_vec(),
                columns: matrix.columns.labels.to_vec(),
                cells: counts.iter().take(matrix.rows.labels.len()).map(known).collect(),
                names: Some(names),
            })
        }
    };
    Chart { title, note: None, plot, table }
}

/// The points of the customers who have both values.
fn points(matrix: &Matrix, view: &RuleResults, axes: [&Axis; 2]) -> Vec<Point> {
    let slots = [matrix.columns.slot(), matrix.rows.slot()];
    let columns = slots.map(|slot| view.frame.column(slot));
    let ([Some(across), Some(up)], Some(keys)) = (columns, view.frame.column(0)) else { return Vec::new() };
    let percent = slots.map(|slot| view.set.demand.slots[slot].ty == Type::Percent);
    let number = |value, percent| cell::drawn(&value).map(|v: f64| if percent { v * 100.0 } else { v });
    let place = |row: usize| {
        let x = number(value_at(across, row), percent[0])?;
        let y = number(value_at(up, row), percent[1])?;
        Some((row, x, y))
    };
    let all: Vec<(usize, f64, f64)> = (0..view.frame.rows).filter_map(place).collect();
    let near = if distinct(&all) > MOST_POINTS { [step(&all, |p| p.1), step(&all, |p| p.2)] } else { [0.0; 2] };
    let index = |axis: &Axis, value: f64| axis.cuts.partition_point(|cut| *cut <= value);
    let mut points: BTreeMap<(i64, i64, (usize, usize)), Point> = BTreeMap::new();
    for (row, x, y) in all {
        let cell = (index(axes[1], y), index(axes[0], x));
        let (across, x) = snap(x, near[0]);
        let (up, y) = snap(y, near[1]);
        let first = || Point { x, y, customers: 0, customer: show::value(&value_at(keys, row)), cell };
        points.entry((across, up, cell)).or_insert_with(first).customers += 1;
    }
    points.into_values().collect()
}

fn distinct(all: &[(usize, f64, f64)]) -> usize {
    all.iter().map(|(_, x, y)| (x.to_bits(), y.to_bits())).collect::<std::collections::HashSet<_>>().len()
}

fn step(all: &[(usize, f64, f64)], of: impl Fn(&(usize, f64, f64)) -> f64) -> f64 {
    let (low, high) = all.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    (high - low) / STEPS
}

/// The index of the step that a value is in, to group and sort by, and the middle of the step. A step of zero keeps the
/// value as it is.
fn snap(value: f64, step: f64) -> (i64, f64) {
    if step <= 0.0 {
        // Millionths are finer than what is drawn.
        return ((value * 1e6).round() as i64, value);
    }
    let index = (value / step).floor();
    (index as i64, (index + 0.5) * step)
}
