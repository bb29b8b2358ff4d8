//! Measures, programmes and goals as tables for a reader.

use accolade_core::model::Type;
use accolade_core::numbers::exact::{Exact, float, rounded};
use accolade_core::numbers::places::telling_places;
use accolade_rules::goals::GoalResult;
use accolade_rules::measures::intervals::ConfidenceInterval;
use accolade_rules::measures::{Figure, MeasureTable, group_text};
use accolade_rules::present::{Cell, SummaryTable, cell};
use accolade_rules::programmes::{ProgrammeEffect, ProgrammeResult, ProgrammeResultRow};

/// The tables of a run's measures: one for all that have no groups, and one for each that has.
pub fn measures(tables: &[MeasureTable]) -> Vec<SummaryTable> {
    let (whole, grouped): (Vec<&MeasureTable>, Vec<&MeasureTable>) =
        tables.iter().partition(|table| table.by.is_empty());
    let mut sections = Vec::new();
    if !whole.is_empty() {
        let rows = whole.iter().filter_map(|table| {
            let figure = &table.rows.first()?.figure;
            Some([vec![Cell::Text(table.name.clone())], figure_cells(figure, table.ty, table.places)].concat())
        });
        let columns = ["measure", "figure", "95% interval", "of", ""].map(str::to_owned).to_vec();
        sections.push(SummaryTable { title: "measures".to_owned(), columns, rows: rows.collect() });
    }
    sections.extend(grouped.into_iter().map(by_group));
    sections
}

pub(super) fn by_group(table: &MeasureTable) -> SummaryTable {
    let head = ["customers", table.name.as_str(), "95% interval", "of", ""].map(str::to_owned);
    let rows = table.rows.iter().map(|row| {
        let mut cells = group_cells(&row.group, table.by.len());
        cells.push(Cell::Count(row.customers));
        cells.extend(figure_cells(&row.figure, table.ty, table.places));
        cells
    });
    SummaryTable {
        title: format!("{} by {}", table.name, table.by.join(", ")),
        columns: table.by.iter().cloned().chain(head).collect(),
        rows: rows.collect(),
    }
}

/// A group's labels in as many cells as there are levels.
fn group_cells(group: &[accolade_core::model::value::Value], levels: usize) -> Vec<Cell> {
    let total = group.is_empty().then(|| Cell::Text("total".to_owned()));
    let labels = group.iter().map(|label| Cell::Text(group_text(label)));
    let empty = std::iter::repeat(Cell::Text(String::new()));
    total.into_iter().chain(labels).chain(empty).take(levels).collect()
}

fn figure_cells(figure: &Figure, ty: Type, places: u32) -> Vec<Cell> {
    let of = match figure.hits {
        Some(hits) => format!("{hits} of {}", figure.n),
        None => figure.n.to_string(),
    };
    vec![
        figure_cell(figure.value.as_ref(), ty, places),
        Cell::Text(interval(figure.interval, ty, places)),
        Cell::Text(of),
        Cell::Text(figure.note.clone().unwrap_or_default()),
    ]
}

pub(crate) fn figure_cell(value: Option<&Exact>, ty: Type, places: u32) -> Cell {
    cell_beside(value, ty, places, &[])
}

/// A figure with as many decimals as show on which side of each end of its target it lies.
fn cell_beside(value: Option<&Exact>, ty: Type, places: u32, ends: &[Exact]) -> Cell {
    match value {
        Some(value) => cell::figure(value, ty, places, ends),
        None => Cell::Text("no data".to_owned()),
    }
}

/// An interval as `65.1% to 71.3%`; empty if there is none.
pub fn interval(interval: Option<ConfidenceInterval>, ty: Type, places: u32) -> String {
    let percent = if ty == Type::Percent { "%" } else { "" };
    let end = |value: f64| end(value, ty, places);
    interval.map_or_else(String::new, |(low, high)| format!("{}{percent} to {}{percent}", end(low), end(high)))
}

/// The end of an interval as a number, shares in hundredths; never `-0.0`.
fn end(value: f64, ty: Type, places: u32) -> String {
    let text = match ty {
        Type::Percent => format!("{:.1}", value * 100.0),
        Type::Money => format!("{value:.2}"),
        _ => format!("{value:.*}", places as usize),
    };
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|b| matches!(b, b'0' | b'.')) => zero.to_owned(),
        _ => text,
    }
}

/// The table of goals: a row for each, with rows for its groups and its control group below it.
pub fn goals(standings: &[GoalResult]) -> Option<SummaryTable> {
    let columns = ["goal", "result", "actual", "target", "distance", "95% interval", "of", ""];
    let mut rows = Vec::new();
    for standing in standings {
        let GoalResult { ty, places, figure, .. } = standing;
        let goal = (standing.name.clone(), standing.met, standing.distance.as_ref());
        rows.push(goal_row(goal, figure, (*ty, *places), &standing.target));
        for group in &standing.groups {
            let labels: Vec<String> = group.row.group.iter().map(group_text).collect();
            let indent = "  ".repeat(labels.len());
            let name = format!("{indent}{}", labels.last().map_or("", String::as_str));
            let goal = (name, group.met, group.distance.as_ref());
            rows.push(goal_row(goal, &group.row.figure, (*ty, *places), ""));
        }
        if let Some(control) = &standing.control {
            let mut cells = vec![Cell::Text("  control group".to_owned()), Cell::Text(String::new())];
            let [value, _, of, _] = <[Cell; 4]>::try_from(figure_cells(&control.figure, *ty, *places)).ok()?;
            let note = control.uplift.as_ref().map_or_else(String::new, |uplift| {
                format!("members {}", with_range(uplift, control.interval, *ty, *places))
            });
            cells.extend([value, Cell::Text(String::new()), Cell::Text(String::new())]);
            cells.extend([Cell::Text(interval(control.figure.interval, *ty, *places)), of, Cell::Text(note)]);
            rows.push(cells);
        }
    }
    let columns = columns.map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| SummaryTable { title: "goals".to_owned(), columns, rows })
}

fn goal_row(
    (name, met, distance): (String, Option<bool>, Option<&Exact>),
    figure: &Figure,
    (ty, places): (Type, u32),
    target: &str,
) -> Vec<Cell> {
    let mut cells = figure_cells(figure, ty, places);
    let after: Vec<Cell> = cells.drain(1..).collect();
    let actual = figure.value.as_ref().map_or(Cell::Text(String::new()), |value| {
        // One of them is the end of the target that is nearest.
        let ends = distance.map_or(Vec::new(), |distance| vec![value + distance, value - distance]);
        cell_beside(Some(value), ty, places, &ends)
    });
    let distance = distance.map_or_else(String::new, |distance| signed(distance, ty, places));
    let head = vec![Cell::Text(name), Cell::Verdict(met)];
    [head, vec![actual, Cell::Text(target.to_owned()), Cell::Text(distance)], after].concat()
}

/// A difference with its sign: `+4.1 points`, `-12.00`.
pub fn signed(difference: &Exact, ty: Type, places: u32) -> String {
    let telling = |difference: &Exact, least: u32| rounded(difference, telling_places(difference, least, &[]));
    let text = match ty {
        Type::Percent => telling(&(difference * accolade_core::numbers::exact::whole(100)), 1),
        Type::Money => telling(difference, 2),
        Type::Integer => telling(difference, 0),
        _ => telling(difference, places),
    };
    let sign = if text.starts_with('-') { "" } else { "+" };
    format!("{sign}{text}{}", if ty == Type::Percent { " points" } else { "" })
}

/// A difference with its sign and, where there is one, its interval.
fn with_range(difference: &Exact, range: Option<ConfidenceInterval>, ty: Type, places: u32) -> String {
    let end = |value: f64| end(value, ty, places);
    let range = range.map_or_else(String::new, |(low, high)| format!(" ({} to {})", end(low), end(high)));
    format!("{}{range}", signed(difference, ty, places))
}

/// A table for each programme with its effects.
pub fn programmes(outcomes: &[ProgrammeResult]) -> Vec<SummaryTable> {
    outcomes.iter().map(programme).collect()
}

fn programme(outcome: &ProgrammeResult) -> SummaryTable {
    let controlled = outcome.rows.first().is_some_and(|row| row.effect.controls.is_some());
    let mut columns: Vec<String> = outcome.by.clone();
    columns.push("members".to_owned());
    columns.extend(controlled.then(|| "control".to_owned()));
    columns.extend(["cost", "incremental margin", "return", "uplift a member"].map(str::to_owned));
    columns.extend(controlled.then(|| "95% interval".to_owned()));
    columns.push("kept".to_owned());
    columns.extend(controlled.then(|| "kept of control".to_owned()));
    columns.extend(controlled.then(|| "more kept".to_owned()));
    columns.push("break-even".to_owned());
    let row = |row: &ProgrammeResultRow| {
        let mut cells = group_cells(&row.group, outcome.by.len());
        cells.extend(effect_cells(&row.effect, controlled));
        cells
    };
    SummaryTable { title: format!("programme {}", outcome.name), columns, rows: outcome.rows.iter().map(row).collect() }
}

fn effect_cells(effect: &ProgrammeEffect, controlled: bool) -> Vec<Cell> {
    let money = |value: Option<&Exact>| figure_cell(value, Type::Money, 2);
    let share = |figure: Option<&Figure>| figure_cell(figure.and_then(|f| f.value.as_ref()), Type::Percent, 1);
    let mut cells = vec![Cell::Count(effect.members)];
    cells.extend(effect.controls.map(Cell::Count));
    cells.extend([
        money(Some(&effect.cost)),
        money(effect.incremental.as_ref()),
        figure_cell(effect.return_on_cost.as_ref(), Type::Percent, 1),
        Cell::Text(effect.uplift.as_ref().map_or_else(String::new, |uplift| signed(uplift, Type::Money, 2))),
    ]);
    if controlled {
        cells.push(Cell::Text(interval(effect.uplift_interval, Type::Money, 2)));
    }
    cells.push(share(Some(&effect.kept.members)));
    if controlled {
        cells.push(share(effect.kept.control.as_ref()));
        let difference = effect.kept.difference.as_ref();
        cells.push(Cell::Text(
            difference.map_or_else(String::new, |d| with_range(d, effect.kept.interval, Type::Percent, 1)),
        ));
    }
    cells.push(match effect.break_even {
        Some(kept) => Cell::Count(kept),
        None => Cell::Text("no data".to_owned()),
    });
    cells
}

/// The float nearest to a figure, for output that programs read.
pub fn number(value: Option<&Exact>) -> Option<f64> {
    value.map(float).filter(|v| v.is_finite())
}
