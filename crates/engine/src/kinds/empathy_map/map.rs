//! The map of each group: how many notes there are under each quadrant, and the latest of them.

use super::{EmpathyMap, QUADRANTS};
use crate::frame::value_at;
use crate::show;
use crate::summary::{Cell, Section, View};

/// How many notes of a quadrant are shown for each group.
const LATEST: usize = 2;

/// The notes of one group.
#[derive(Clone, Default)]
struct Group {
    /// Customers with notes.
    customers: u64,
    /// By quadrant, each note with its customer.
    notes: [Vec<(String, String)>; QUADRANTS.len()],
}

/// A table of counts and one of the latest notes; nothing where notes were not read.
pub(super) fn sections(map: &EmpathyMap, view: &View) -> Option<Vec<Section>> {
    let lists = map.notes.lists(view.frame.column(map.rows)?, view.rule).ok()?;
    let keys = view.frame.column(0)?;
    let (name, labels, of) = match &map.by {
        Some((field, labels)) => (field.name.clone(), labels.clone(), view.labels_of(field.slot, labels)),
        None => (String::new(), vec!["all".to_owned()], vec![0; view.frame.rows]),
    };
    // By label, and last those without one.
    let mut groups = vec![Group::default(); labels.len() + 1];
    for (row, label) in of.into_iter().enumerate() {
        let of = lists.of(row);
        groups[label].customers += u64::from(of.quadrants() > 0);
        for (all, own) in groups[label].notes.iter_mut().zip(of.notes) {
            all.extend(own.into_iter().map(|note| (note, show::value(&value_at(keys, row)))));
        }
    }
    let missing = "(none)".to_owned();
    let named = labels.iter().chain([&missing]).zip(&groups).enumerate();
    let shown: Vec<(&String, &Group)> =
        named.filter(|(i, (_, group))| *i < labels.len() || group.customers > 0).map(|(_, of)| of).collect();
    Some(vec![counts(view.rule, &name, &shown), latest(view.rule, &name, &shown)])
}

fn counts(rule: &str, name: &str, groups: &[(&String, &Group)]) -> Section {
    let heads = [name.to_owned(), "customers with notes".to_owned()].into_iter().chain(QUADRANTS.map(str::to_owned));
    let row = |(label, group): &(&String, &Group)| {
        let notes = group.notes.iter().map(|notes| Cell::Count(notes.len() as u64));
        [Cell::Text((*label).clone()), Cell::Count(group.customers)].into_iter().chain(notes).collect()
    };
    Section { title: rule.to_owned(), columns: heads.collect(), rows: groups.iter().map(row).collect() }
}

fn latest(rule: &str, name: &str, groups: &[(&String, &Group)]) -> Section {
    let mut rows = Vec::new();
    for (label, group) in groups {
        for (quadrant, notes) in QUADRANTS.iter().zip(&group.notes) {
            // A note begins with its date.
            let mut notes: Vec<&(String, String)> = notes.iter().collect();
            notes.sort_unstable_by(|a, b| b.cmp(a));
            rows.extend(notes.into_iter().take(LATEST).map(|(note, customer)| {
                [label.as_str(), quadrant, note, customer].map(|text| Cell::Text(text.to_owned())).to_vec()
            }));
        }
    }
    let columns = [name, "quadrant", "note", "customer"].map(str::to_owned).to_vec();
    Section { title: format!("{rule}: the latest notes"), columns, rows }
}
