//! Customers by the values of one or two fields.

use std::cmp::Ordering;
use std::collections::HashMap;

use accolade_core::frame::{Frame, column, value_at};
use accolade_core::model::Value;
use accolade_core::{ops, show};
use accolade_parser::Diagnostics;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};

use crate::explain::Field;

/// A field whose values make groups.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The field.
    pub field: Field,
    /// Its values in order, where they are known.
    pub labels: Option<Vec<String>>,
}

/// A group: its values from the outermost field inwards, and its customers.
type GroupRows = (Vec<Value>, Vec<usize>);

/// A value of a grouping field for a reader.
pub fn group_text(value: &Value) -> String {
    if value.is_null() { "(none)".to_owned() } else { show::value(value) }
}

/// Everyone in `rows`, then each group of the first field followed by its groups of the second.
pub fn groups(frame: &Frame, by: &[Grouping], rows: Vec<usize>) -> Result<Vec<GroupRows>, Diagnostics> {
    let mut all = vec![(Vec::new(), rows)];
    descend(frame, by, 0, &mut all)?;
    Ok(all)
}

fn descend(frame: &Frame, by: &[Grouping], parent: usize, all: &mut Vec<GroupRows>) -> Result<(), Diagnostics> {
    let Some((grouping, inner)) = by.split_first() else { return Ok(()) };
    let column = column(frame, grouping.field.slot)?;
    let mut found: HashMap<GroupKey, GroupRows> = HashMap::new();
    for row in all[parent].1.iter().copied() {
        let group = found.entry(key(column, row)).or_insert_with(|| {
            let labels = all[parent].0.iter().cloned().chain([value_at(column, row)]).collect();
            (labels, Vec::new())
        });
        group.1.push(row);
    }
    let mut found: Vec<GroupRows> = found.into_values().collect();
    found.sort_by(|a, b| order(grouping, a.0.last(), b.0.last()));
    for group in found {
        all.push(group);
        descend(frame, inner, all.len() - 1, all)?;
    }
    Ok(())
}

/// A value that makes a group.
#[derive(PartialEq, Eq, Hash)]
enum GroupKey<'a> {
    Missing,
    Text(&'a str),
    Number(i64),
}

fn key(column: &ArrayRef, row: usize) -> GroupKey<'_> {
    match column.data_type() {
        _ if column.is_null(row) => GroupKey::Missing,
        DataType::Utf8View => GroupKey::Text(column.as_string_view().value(row)),
        DataType::Boolean => GroupKey::Number(i64::from(column.as_boolean().value(row))),
        _ => GroupKey::Number(column.as_primitive::<Int64Type>().value(row)),
    }
}

/// Known labels in their order, other values by size, a missing one last.
fn order(grouping: &Grouping, a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let place = |value: Option<&Value>| match value {
        None | Some(Value::Null) => usize::MAX,
        Some(Value::Text(text)) => {
            let known = grouping.labels.iter().flatten().position(|label| **label == **text);
            known.unwrap_or(usize::MAX - 1)
        }
        Some(_) => 0,
    };
    let by_value = || a.zip(b).and_then(|(a, b)| ops::compare(a, b)).unwrap_or(Ordering::Equal);
    place(a).cmp(&place(b)).then_with(by_value)
}
