//! Measures and goals of both sides, side by side.

use std::collections::HashSet;

use accolade_core::model::{Type, Value};
use accolade_core::numbers::exact::Exact;
use accolade_rules::measures::{Figure, group_text};
use accolade_rules::present::{Cell, SummaryTable};
use indexmap::IndexMap;

use super::Side;
use crate::summary::figures::{figure_cell, signed};

/// A measure or a goal on both sides, of everyone or of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedFigure {
    /// The name of the measure or the goal.
    pub name: String,
    /// The group, in words; empty for everyone.
    pub group: Vec<String>,
    /// The older side's figure; none where the side does not have it.
    pub old: Option<SideFigure>,
    /// The newer side's.
    pub new: Option<SideFigure>,
}

/// A figure of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct SideFigure {
    /// The figure; none without data.
    pub value: Option<Exact>,
    /// Its type.
    pub ty: Type,
    /// How many decimals of a number are shown.
    pub places: u32,
    /// The target of a goal as written, and whether it is met; none without data.
    pub target: Option<(String, Option<bool>)>,
}

/// A figure with its name and group.
type NamedFigure = (String, Vec<String>, SideFigure);

/// The measures of both sides.
pub(super) fn compared_measures(old: Side, new: Side) -> Vec<ComparedFigure> {
    let of = |(_, outcome): Side| -> Vec<NamedFigure> {
        let tables = outcome.measures.iter();
        let rows = tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        rows.map(|(table, row)| {
            let figure = side_figure(&row.figure, table.ty, table.places, None);
            (table.name.clone(), words(&row.group), figure)
        })
        .collect()
    };
    joined(of(old), of(new))
}

/// The goals of both sides.
pub(super) fn compared_goals(old: Side, new: Side) -> Vec<ComparedFigure> {
    let of = |(_, outcome): Side| -> Vec<NamedFigure> {
        let goals = outcome.goals.iter();
        let figure = goals.map(|goal| {
            let target = Some((goal.target.clone(), goal.met));
            (goal.name.clone(), Vec::new(), side_figure(&goal.figure, goal.ty, goal.places, target))
        });
        figure.collect()
    };
    joined(of(old), of(new))
}

fn words(group: &[Value]) -> Vec<String> {
    group.iter().map(group_text).collect()
}

fn side_figure(figure: &Figure, ty: Type, places: u32, target: Option<(String, Option<bool>)>) -> SideFigure {
    SideFigure { value: figure.value.clone(), ty, places, target }
}

/// The figures of the older side in their order, each with that of the newer one, then those that only the newer has.
fn joined(old: Vec<NamedFigure>, new: Vec<NamedFigure>) -> Vec<ComparedFigure> {
    let mut newer: IndexMap<(String, Vec<String>), SideFigure> =
        new.into_iter().map(|(name, group, figure)| ((name, group), figure)).collect();
    let mut all: Vec<ComparedFigure> = Vec::with_capacity(old.len().max(newer.len()));
    let mut both = HashSet::new();
    for (name, group, before) in old {
        let of = (name, group);
        let now = newer.get(&of).cloned();
        both.insert(of.clone());
        all.push(ComparedFigure { name: of.0, group: of.1, old: Some(before), new: now });
    }
    newer.retain(|of, _| !both.contains(of));
    let added = newer.into_iter();
    all.extend(added.map(|((name, group), now)| ComparedFigure { name, group, old: None, new: Some(now) }));
    all
}

impl ComparedFigure {
    /// The newer figure less the older one, where both are figures of one type.
    pub fn difference(&self) -> Option<Exact> {
        let (old, new) = (self.old.as_ref()?, self.new.as_ref()?);
        if old.ty != new.ty { None } else { Some(new.value.as_ref()? - old.value.as_ref()?) }
    }

    /// Its name; for a group the words of that, indented below it.
    fn title(&self) -> String {
        if self.group.is_empty() { self.name.clone() } else { format!("  {}", self.group.join(", ")) }
    }

    /// The figures of both sides and their difference.
    fn cells(&self) -> [Cell; 3] {
        let cell = |side: Option<&SideFigure>| match side {
            Some(figure) => figure_cell(figure.value.as_ref(), figure.ty, figure.places),
            None => Cell::Text("none".to_owned()),
        };
        let difference = self.difference().zip(self.new.as_ref());
        let difference = difference.map_or_else(String::new, |(value, of)| signed(&value, of.ty, of.places));
        [cell(self.old.as_ref()), cell(self.new.as_ref()), Cell::Text(difference)]
    }
}

/// The tables of measures and of goals that a comparison shows.
pub(super) fn tables(measures: &[ComparedFigure], goals: &[ComparedFigure]) -> Vec<SummaryTable> {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let measure = |figure: &ComparedFigure| [vec![Cell::Text(figure.title())], figure.cells().to_vec()].concat();
    let goal = |figure: &ComparedFigure| {
        let target = |side: Option<&SideFigure>| side.and_then(|figure| figure.target.clone());
        let (old, new) = (target(figure.old.as_ref()), target(figure.new.as_ref()));
        let verdict = |target: &Option<(String, Option<bool>)>| match target {
            Some((_, met)) => Cell::Verdict(*met),
            None => Cell::Text("none".to_owned()),
        };
        let targets = match (&old, &new) {
            (Some((old, _)), Some((new, _))) if old != new => format!("{old} → {new}"),
            (_, Some((target, _))) | (Some((target, _)), None) => target.clone(),
            (None, None) => String::new(),
        };
        let [before, now, difference] = figure.cells();
        let name = Cell::Text(figure.title());
        vec![name, before, now, difference, Cell::Text(targets), verdict(&old), verdict(&new)]
    };
    let measures = SummaryTable {
        title: "measures".to_owned(),
        columns: columns(&["measure", "before", "now", "difference"]),
        rows: measures.iter().map(measure).collect(),
    };
    let goals = SummaryTable {
        title: "goals".to_owned(),
        columns: columns(&["goal", "before", "now", "difference", "target", "was", "is"]),
        rows: goals.iter().map(goal).collect(),
    };
    [measures, goals].into_iter().filter(|table| !table.rows.is_empty()).collect()
}
