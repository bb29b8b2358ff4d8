//! A report as a workbook: a sheet for goals, for each rule, for measures, programmes, what changed and warnings, and
//! one with every customer. Figures are numbers, so that formulas can use them.

mod figures;
mod sheet;

use std::io::{self, Write};

use accolade_engine::output::xlsx;
use accolade_engine::rules::present::chart::{Chart, HeatMap, Plot, Scatter};
use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::summary::RuleSummary;

use self::sheet::{SheetCell, SheetTable, WorkbookBuilder};
use crate::{Report, RunComparison};

/// Writes the workbook.
///
/// # Errors
/// Fails when there are more customers or longer texts than a sheet holds, or when the sink fails.
pub fn write(report: &Report, sink: &mut dyn Write) -> io::Result<()> {
    let mut sheets = WorkbookBuilder::new(&report.set).map_err(xlsx::error)?;
    let mut add = |name: &str, tables: &[SheetTable]| sheets.add(name, tables).map_err(xlsx::error);
    add("goals", &figures::goals(&report.outcome.goals))?;
    for shown in &report.rules {
        add(&shown.rule, &rule(shown))?;
    }
    add("measures", &figures::measures(&report.outcome.measures))?;
    add("programmes", &figures::programmes(&report.outcome.programmes))?;
    add("what changed", &report.comparison.as_ref().map(changes).unwrap_or_default())?;
    add("warnings", &warnings(report))?;
    let mut customers = report.outcome.results(&report.set);
    xlsx::write_results(sheets.empty("customers").map_err(xlsx::error)?, &mut customers)?;
    sink.write_all(&sheets.workbook.save_to_buffer().map_err(xlsx::error)?)
}

/// The tables of a rule, and the figures of its heat maps and scatter plots.
fn rule(shown: &RuleSummary) -> Vec<SheetTable> {
    let heat = |chart: &Chart| match &chart.plot {
        Plot::Heat(heat) => Some(heat_table(&chart.title, heat)),
        Plot::Scatter(scatter) => Some(scatter_table(&chart.title, scatter)),
        _ => None,
    };
    shown.sections.iter().map(SheetTable::of).chain(shown.charts.iter().filter_map(heat)).collect()
}

fn heat_table(title: &str, heat: &HeatMap) -> SheetTable {
    let columns = [format!("{} by {} and {}", heat.value, heat.row, heat.column)];
    let rows = heat.rows.iter().zip(&heat.cells).map(|(label, cells)| {
        let cells = cells.iter().map(|cell| cell.as_ref().map_or(SheetCell::Empty, SheetCell::of));
        [SheetCell::Text(label.clone())].into_iter().chain(cells).collect()
    });
    SheetTable {
        title: title.to_owned(),
        columns: columns.into_iter().chain(heat.columns.iter().cloned()).collect(),
        rows: rows.collect(),
    }
}

/// How many customers are in each cell of the two axes.
fn scatter_table(title: &str, scatter: &Scatter) -> SheetTable {
    let count = |row: usize, column: usize| {
        let here = scatter.points.iter().filter(|point| point.cell == (row, column));
        SheetCell::Count(here.map(|point| point.customers).sum())
    };
    let columns = scatter.x.labels.len();
    let rows = scatter.y.labels.iter().enumerate().map(|(row, label)| {
        std::iter::once(SheetCell::Text(label.clone())).chain((0..columns).map(|column| count(row, column))).collect()
    });
    SheetTable {
        title: title.to_owned(),
        columns: std::iter::once("customers".to_owned()).chain(scatter.x.labels.iter().cloned()).collect(),
        rows: rows.collect(),
    }
}

fn changes(compared: &RunComparison) -> Vec<SheetTable> {
    let changed = compared.comparison.changes.iter().map(|change| vec![SheetCell::Text(change.description.clone())]);
    let title = format!("changed since {}", compared.old);
    let first = SheetTable { title: title.clone(), columns: vec![title], rows: changed.collect() };
    let moved = compared.comparison.migrations.iter().filter(|migration| migration.moved > 0);
    let lost = compared.comparison.lost.iter();
    let lost: Vec<Vec<SheetCell>> =
        lost.map(|lost| vec![SheetCell::Text(format!("{} {}", lost.rule, lost.what))]).collect();
    let title = "lost rules".to_owned();
    let lost = (!lost.is_empty()).then(|| SheetTable { title: title.clone(), columns: vec![title], rows: lost });
    let figures = compared.comparison.figures();
    let figures: Vec<SheetTable> = figures.iter().map(SheetTable::of).collect();
    let before = std::iter::once(first).chain(lost).chain(figures);
    before.chain(moved.map(|migration| SheetTable::of(&crate::migration::table(migration)))).collect()
}

fn warnings(report: &Report) -> Vec<SheetTable> {
    let row = |finding: &crate::Finding| {
        [finding.code.clone(), finding.message.clone(), finding.help.join("; ")].map(Cell::Text).to_vec()
    };
    let rows: Vec<Vec<Cell>> = report.findings.iter().map(row).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = ["code", "warning", "what to do"].map(str::to_owned).to_vec();
    vec![SheetTable::of(&SummaryTable { title: "warnings".to_owned(), columns, rows })]
}
