//! Charts of measures and goals.

use accolade_core::model::Type;
use accolade_core::numbers::exact::{Exact, float};
use accolade_rules::measures::intervals::ConfidenceInterval;
use accolade_rules::measures::{Figure, MeasureTable, group_text};
use accolade_rules::present::cell;
use accolade_rules::present::chart::{Chart, FigureBar, Plot};
use accolade_rules::set::{RuleSet, capitalised};

use super::figures::{by_group, figure_cell, goals};
use crate::run::Outcome;

/// Each goal against its target, if there are goals.
pub fn goals_chart(set: &RuleSet, outcome: &Outcome) -> Option<Chart> {
    let bars = set.goals.iter().zip(&outcome.goals).map(|(goal, standing)| {
        let percent = standing.ty == Type::Percent;
        let ends = goal.target.bounds().map(|end| end.map(|end| drawn(end, percent)));
        FigureBar {
            target: Some((standing.target.clone(), ends)),
            met: standing.met,
            ..bar(standing.name.clone(), &standing.figure, standing.ty, standing.places)
        }
    });
    let plot = Plot::Figures(bars.collect());
    let note = Some("The dot is the figure, the line its 95% interval, the shaded stretch the target.".to_owned());
    Some(Chart { title: "Goals and their targets".to_owned(), note, plot, table: goals(&outcome.goals)? })
}

/// A chart for each measure with groups, which shows the groups and the total.
pub fn measure_charts(tables: &[MeasureTable]) -> Vec<Chart> {
    tables.iter().filter(|table| !table.by.is_empty()).map(measure).collect()
}

fn measure(table: &MeasureTable) -> Chart {
    let bars = table.rows.iter().map(|row| {
        let label = match row.group.as_slice() {
            [] => "total".to_owned(),
            labels => labels.iter().map(group_text).collect::<Vec<_>>().join(" · "),
        };
        bar(label, &row.figure, table.ty, table.places)
    });
    let title = capitalised(&format!("{} by {}", table.name, table.by.join(", ")));
    Chart { title, note: table.description.clone(), plot: Plot::Figures(bars.collect()), table: by_group(table) }
}

fn bar(label: String, figure: &Figure, ty: Type, places: u32) -> FigureBar {
    let percent = ty == Type::Percent;
    let value = figure.value.as_ref();
    let interval = |(low, high): ConfidenceInterval| if percent { (low * 100.0, high * 100.0) } else { (low, high) };
    FigureBar {
        label,
        value: value.map(|value| (drawn(value, percent), cell::text(&figure_cell(Some(value), ty, places)))),
        interval: figure.interval.map(interval),
        target: None,
        met: None,
        percent,
    }
}

fn drawn(number: &Exact, percent: bool) -> f64 {
    if percent { float(number) * 100.0 } else { float(number) }
}
