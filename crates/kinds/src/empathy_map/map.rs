//! The map of each group: the number of notes under each quadrant, and the latest of them.

use accolade_core::frame::value_at;
use accolade_core::show;
use accolade_rules::present::chart::{Chart, NoteGroup, NoteHeading, Notes, Plot};
use accolade_rules::present::{Cell, SummaryTable};
use accolade_rules::set::RuleResults;

use super::{EmpathyMap, QUADRANTS};

/// How many notes of a quadrant the table shows for each group.
const TABLE_NOTES: usize = 2;
/// How many notes of a quadrant the chart shows for each group.
const CHART_NOTES: usize = 3;

/// The notes of one group.
#[derive(Clone, Default)]
struct GroupNotes {
    /// Customers with notes.
    customers: u64,
    /// By quadrant, each note with its customer.
    notes: [Vec<(String, String)>; QUADRANTS.len()],
}

/// A table of counts and one of the latest notes; `None` if the notes were not read.
pub(super) fn sections(map: &EmpathyMap, view: &RuleResults) -> Option<Vec<SummaryTable>> {
    let (name, groups) = groups(map, view)?;
    Some(vec![counts(view.rule, &name, &groups), latest(view.rule, &name, &groups)])
}

/// The latest notes of each group under their quadrants.
pub(super) fn chart(map: &EmpathyMap, view: &RuleResults) -> Option<Chart> {
    let (name, groups) = groups(map, view)?;
    let heading = |(name, notes): (&&'static str, &Vec<(String, String)>)| NoteHeading {
        name,
        count: notes.len() as u64,
        latest: newest(notes, CHART_NOTES).cloned().collect(),
    };
    let with_notes = groups.iter().filter(|(_, group)| group.customers > 0);
    let drawn = with_notes.map(|(label, group)| NoteGroup {
        label: label.clone(),
        customers: group.customers,
        headings: QUADRANTS.iter().zip(&group.notes).map(heading).collect(),
    });
    let plot = Plot::Notes(Notes { groups: drawn.collect() });
    let title = "What customers see, say, do, hear, think and feel".to_owned();
    Some(Chart { title, note: None, plot, table: counts(view.rule, &name, &groups) })
}

/// The name of the field that groups customers, and the groups in the order of its labels.
fn groups(map: &EmpathyMap, view: &RuleResults) -> Option<(String, Vec<(String, GroupNotes)>)> {
    let lists = map.layout.lists(view.frame.column(map.rows)?, view.rule).ok()?;
    let keys = view.frame.column(0)?;
    let (name, labels, of) = match &map.by {
        Some((field, labels)) => (field.name.clone(), labels.clone(), view.labels_of(field.slot, labels)),
        None => (String::new(), vec!["all".to_owned()], vec![0; view.frame.rows]),
    };
    // A group for each label, and the last one for customers without a label.
    let mut groups = vec![GroupNotes::default(); labels.len() + 1];
    for (row, label) in of.into_iter().enumerate() {
        let of = lists.notes_of(row);
        groups[label].customers += u64::from(of.quadrants() > 0);
        for (all, own) in groups[label].notes.iter_mut().zip(of.notes) {
            all.extend(own.into_iter().map(|note| (note, show::value(&value_at(keys, row)))));
        }
    }
    let known = labels.len();
    let named = labels.into_iter().chain(["(none)".to_owned()]).zip(groups).enumerate();
    let shown = named.filter(|(i, (_, group))| *i < known || group.customers > 0).map(|(_, of)| of);
    Some((name, shown.collect()))
}

/// The latest notes, newest first. A note begins with its date, so notes in the order of their texts are by date.
fn newest(notes: &[(String, String)], count: usize) -> impl Iterator<Item = &(String, String)> {
    let mut notes: Vec<&(String, String)> = notes.iter().collect();
    notes.sort_unstable_by(|a, b| b.cmp(a));
    notes.into_iter().take(count)
}

fn counts(rule: &str, name: &str, groups: &[(String, GroupNotes)]) -> SummaryTable {
    let heads = [name.to_owned(), "customers with notes".to_owned()].into_iter().chain(QUADRANTS.map(str::to_owned));
    let row = |(label, group): &(String, GroupNotes)| {
        let notes = group.notes.iter().map(|notes| Cell::Count(notes.len() as u64));
        [Cell::Text(label.clone()), Cell::Count(group.customers)].into_iter().chain(notes).collect()
    };
    SummaryTable { title: rule.to_owned(), columns: heads.collect(), rows: groups.iter().map(row).collect() }
}

fn latest(rule: &str, name: &str, groups: &[(String, GroupNotes)]) -> SummaryTable {
    let mut rows = Vec::new();
    for (label, group) in groups {
        for (quadrant, notes) in QUADRANTS.iter().zip(&group.notes) {
            rows.extend(newest(notes, TABLE_NOTES).map(|(note, customer)| {
                [label.as_str(), quadrant, note, customer].map(|text| Cell::Text(text.to_owned())).to_vec()
            }));
        }
    }
    let columns = [name, "quadrant", "note", "customer"].map(str::to_owned).to_vec();
    SummaryTable { title: format!("{rule}: the latest notes"), columns, rows }
}
