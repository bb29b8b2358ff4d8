//! Measures, programmes and goals as numbers, each end of an interval in a cell of its own.

use accolade_engine::rules::goals::GoalResult;
use accolade_engine::rules::measures::{Figure, MeasureTable as Measured, group_text};
use accolade_engine::rules::present::cell;
use accolade_engine::rules::programmes::{ProgrammeResult, ProgrammeResultRow};
use accolade_engine::{Type, Value};

use super::sheet::{SheetCell, SheetTable};

/// One table of all measures, with the figure of everyone and of each group.
pub(super) fn measures(tables: &[Measured]) -> Vec<SheetTable> {
    let rows = tables.iter().flat_map(|table| {
        table.rows.iter().map(|row| {
            let of = [table.name.clone(), group(&table.by, &row.group)].map(text);
            [of.to_vec(), vec![SheetCell::Count(row.customers)], figure(&row.figure, table.ty)].concat()
        })
    });
    table_unless_empty(
        "measures",
        &["measure", "group", "customers", "figure", "95% from", "95% to", "of", "remark"],
        rows.collect(),
    )
}

/// One table with every goal, its groups and its control group.
pub(super) fn goals(standings: &[GoalResult]) -> Vec<SheetTable> {
    let mut rows = Vec::new();
    for goal in standings {
        let mut add = |of: String, met: Option<Option<bool>>, distance: SheetCell, figures: Vec<SheetCell>| {
            let result = met.map_or("", cell::verdict);
            let head = [goal.name.clone(), of, result.to_owned(), goal.target.clone()].map(text);
            rows.push([head.to_vec(), vec![distance], figures].concat());
        };
        let distance = |distance: Option<_>| SheetCell::figure(distance, goal.ty);
        add("everyone".to_owned(), Some(goal.met), distance(goal.distance.as_ref()), figure(&goal.figure, goal.ty));
        for part in &goal.groups {
            let of = group(&goal.by, &part.row.group);
            add(of, Some(part.met), distance(part.distance.as_ref()), figure(&part.row.figure, goal.ty));
        }
        if let Some(control) = &goal.control {
            add("control group".to_owned(), None, SheetCell::Empty, figure(&control.figure, goal.ty));
        }
    }
    let columns = ["goal", "group", "result", "target", "distance", "figure", "95% from", "95% to", "of", "remark"];
    table_unless_empty("goals", &columns, rows)
}

/// One table of the outcomes of all programmes, in total and by segment.
pub(super) fn programmes(outcomes: &[ProgrammeResult]) -> Vec<SheetTable> {
    let Some(effect) = outcomes.iter().flat_map(|outcome| &outcome.rows).next() else { return Vec::new() };
    let mut columns = vec!["programme".to_owned(), "segment".to_owned()];
    columns.extend(effect.effect.figures().into_iter().map(|(name, ..)| name.replace('_', " ")));
    columns.extend(
        ["uplift", "kept difference"].iter().flat_map(|of| ["from", "to"].map(|end| format!("{of}, 95% {end}"))),
    );
    let row = |outcome: &ProgrammeResult, row: &ProgrammeResultRow| {
        let effect = &row.effect;
        let figures = effect.figures().into_iter().map(|(_, ty, value)| SheetCell::figure(value.as_ref(), ty));
        let intervals = [(effect.uplift_interval, Type::Money), (effect.kept.interval, Type::Percent)];
        let ends = intervals.into_iter().flat_map(|(interval, ty)| ends(interval, ty));
        let head = [outcome.name.clone(), group(&outcome.by, &row.group)].map(text);
        head.into_iter().chain(figures).chain(ends).collect()
    };
    let rows = outcomes.iter().flat_map(|outcome| outcome.rows.iter().map(|of| row(outcome, of)));
    vec![SheetTable { title: "programmes".to_owned(), columns, rows: rows.collect() }]
}

fn table_unless_empty(title: &str, columns: &[&str], rows: Vec<Vec<SheetCell>>) -> Vec<SheetTable> {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    if rows.is_empty() { Vec::new() } else { vec![SheetTable { title: title.to_owned(), columns, rows }] }
}

/// The cells of a figure: value, interval, number of customers and remark.
fn figure(figure: &Figure, ty: Type) -> Vec<SheetCell> {
    let [low, high] = ends(figure.interval, ty);
    let note = figure.note.clone().map_or(SheetCell::Empty, SheetCell::Text);
    vec![SheetCell::figure(figure.value.as_ref(), ty), low, high, SheetCell::Count(figure.n), note]
}

fn ends(interval: Option<(f64, f64)>, ty: Type) -> [SheetCell; 2] {
    [interval.map(|(low, _)| low), interval.map(|(_, high)| high)].map(|end| SheetCell::end(end, ty))
}

/// `customer_class A`; `everyone` for the group of all.
fn group(by: &[String], values: &[Value]) -> String {
    let parts: Vec<String> =
        by.iter().zip(values).map(|(field, value)| format!("{field} {}", group_text(value))).collect();
    if parts.is_empty() { "everyone".to_owned() } else { parts.join(", ") }
}

fn text(text: String) -> SheetCell {
    if text.is_empty() { SheetCell::Empty } else { SheetCell::Text(text) }
}
