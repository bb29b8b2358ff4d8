//! Notes in a record: a list of events for each customer, by date and then by text.

use accolade_core::frame::value_at;
use accolade_core::model::Value;
use accolade_core::{ops, show};
use accolade_parser::Diagnostics;
use accolade_rules::set::unfit;
use arrow::array::{Array, ArrayRef, AsArray, ListArray, StringViewArray, StructArray};
use arrow::datatypes::DataType;

use super::QUADRANTS;

/// The separator between two notes.
const SEPARATOR: &str = " | ";

/// The columns of a note event: the date, if it has one, then the quadrant and the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoteLayout {
    pub(super) dated: bool,
}

/// The notes of one customer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CustomerNotes {
    /// By quadrant, each with its date.
    pub(super) notes: [Vec<String>; QUADRANTS.len()],
    /// Notes without a quadrant or a text.
    pub(super) incomplete: usize,
}

impl CustomerNotes {
    /// How many of the quadrants have a note.
    pub(super) fn quadrants(&self) -> i64 {
        self.notes.iter().map(|notes| i64::from(!notes.is_empty())).sum()
    }

    /// The notes of a quadrant as one text; `None` if there are none.
    pub(super) fn text(&self, quadrant: usize) -> Option<String> {
        let notes = &self.notes[quadrant];
        (!notes.is_empty()).then(|| notes.join(SEPARATOR))
    }
}

/// The notes of many customers.
#[derive(Debug)]
pub(super) struct NoteLists<'a> {
    lists: &'a ListArray,
    columns: NoteColumns<'a>,
}

#[derive(Clone, Copy, Debug)]
struct NoteColumns<'a> {
    dates: Option<&'a ArrayRef>,
    quadrants: &'a StringViewArray,
    texts: &'a StringViewArray,
}

impl NoteLayout {
    /// The notes in a column.
    ///
    /// # Errors
    /// Fails with E0710 if the column does not hold notes.
    pub(super) fn lists<'a>(self, column: &'a ArrayRef, rule: &str) -> Result<NoteLists<'a>, Diagnostics> {
        let lists = column.as_list_opt::<i32>();
        let found = lists.and_then(|lists| {
            let columns = self.columns(lists.values().as_struct_opt()?)?;
            Some(NoteLists { lists, columns })
        });
        found.ok_or_else(|| unfit(rule, "need notes"))
    }

    /// The notes of one customer; `None` if the events are not notes.
    pub(super) fn of_rows(self, rows: &StructArray) -> Option<CustomerNotes> {
        Some(collect(self.columns(rows)?, 0..rows.len()))
    }

    fn columns(self, rows: &StructArray) -> Option<NoteColumns<'_>> {
        let (dates, rest) = rows.columns().split_at_checked(usize::from(self.dated))?;
        let [quadrants, texts] = rest else { return None };
        Some(NoteColumns {
            dates: dates.first(),
            quadrants: quadrants.as_string_view_opt()?,
            texts: texts.as_string_view_opt()?,
        })
    }
}

impl NoteLists<'_> {
    /// The notes of one customer.
    pub(super) fn notes_of(&self, row: usize) -> CustomerNotes {
        if self.lists.is_null(row) {
            return CustomerNotes::default();
        }
        let end = |at: usize| usize::try_from(self.lists.value_offsets()[at]).unwrap_or(0);
        collect(self.columns, end(row)..end(row + 1))
    }
}

fn collect(columns: NoteColumns, rows: std::ops::Range<usize>) -> CustomerNotes {
    let mut of = CustomerNotes::default();
    for row in rows {
        let known = columns.quadrants.is_valid(row) && columns.texts.is_valid(row);
        let quadrant = known.then(|| QUADRANTS.iter().position(|q| *q == columns.quadrants.value(row))).flatten();
        let Some(quadrant) = quadrant else {
            of.incomplete += 1;
            continue;
        };
        let text = columns.texts.value(row);
        of.notes[quadrant].push(match columns.dates.and_then(|dates| day(dates, row)) {
            Some(day) => format!("{day}: {text}"),
            None => text.to_owned(),
        });
    }
    of
}

/// The day of a date or of a point in time.
fn day(dates: &ArrayRef, row: usize) -> Option<String> {
    match (value_at(dates, row), dates.data_type()) {
        (Value::Date(day), _) => Some(show::date(day)),
        (Value::DateTime(micros), DataType::Timestamp(..)) => Some(show::date(ops::day_of(micros))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Date32Array, TimestampMicrosecondArray};
    use arrow::buffer::{NullBuffer, OffsetBuffer};
    use arrow::datatypes::Field;

    use super::*;

    const QUADRANT: [Option<&str>; 5] = [Some("feels"), Some("says"), None, Some("says"), Some("sees")];
    const TEXT: [Option<&str>; 5] =
        [Some("calm"), Some("hello, a text that is not inlined"), Some("?"), Some("bye"), None];

    /// Customers with 2, 0, 2 and 1 notes, and one whose list is missing.
    fn column(dates: Option<ArrayRef>) -> ArrayRef {
        let texts =
            |texts: &[Option<&str>]| -> ArrayRef { Arc::new(StringViewArray::from_iter(texts.iter().copied())) };
        let columns = dates.into_iter().map(|d| ("day", d));
        let columns = columns.chain([("quadrant", texts(&QUADRANT)), ("text", texts(&TEXT))]);
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
            columns.map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array)).unzip();
        let events = StructArray::try_new(fields.into(), arrays, None).unwrap();
        let item = Arc::new(Field::new("item", events.data_type().clone(), true));
        let missing = NullBuffer::from(vec![true, true, true, true, false]);
        let offsets = OffsetBuffer::from_lengths([2, 0, 2, 1, 0]);
        Arc::new(ListArray::try_new(item, offsets, Arc::new(events), Some(missing)).unwrap())
    }

    fn texts(notes: NoteLayout, column: &ArrayRef) -> Vec<Vec<String>> {
        let lists = notes.lists(column, "map").unwrap();
        let all: Vec<CustomerNotes> = (0..column.len()).map(|row| lists.notes_of(row)).collect();
        // One record gives what the column does.
        for (row, of) in all.iter().enumerate() {
            match value_at(column, row) {
                Value::Rows(rows) => assert_eq!(notes.of_rows(&rows).as_ref(), Some(of), "row {row}"),
                _ => assert_eq!(of, &CustomerNotes::default(), "row {row}"),
            }
        }
        all.iter().map(|of| (0..QUADRANTS.len()).filter_map(|q| of.text(q)).collect()).collect()
    }

    #[test]
    fn a_column_and_a_record_give_the_same() {
        let undated = NoteLayout { dated: false };
        let none: Vec<String> = Vec::new();
        let long = "hello, a text that is not inlined";
        let expected =
            [vec![long.to_owned(), "calm".to_owned()], none.clone(), vec!["bye".to_owned()], none.clone(), none];
        let all = column(None);
        assert_eq!(texts(undated, &all), expected);
        // A slice of the column has other offsets.
        assert_eq!(texts(undated, &all.slice(1, 3)), expected[1..4]);
        let incomplete = undated.lists(&all, "map").map(|lists| [0, 2, 3].map(|row| lists.notes_of(row).incomplete));
        assert_eq!(incomplete.unwrap(), [0, 1, 1]);
    }

    #[test]
    fn notes_have_their_day() {
        let dated = NoteLayout { dated: true };
        let days: ArrayRef = Arc::new(Date32Array::from(vec![0, 1, 2, 3, 4]));
        assert_eq!(texts(dated, &column(Some(days)))[2], ["1970-01-04: bye"]);
        let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![-1, 1, 2, 3 * 86_400_000_000 - 1, 4]));
        let texts = texts(dated, &column(Some(times)));
        assert_eq!(texts[0], ["1970-01-01: hello, a text that is not inlined", "1969-12-31: calm"]);
        assert_eq!(texts[2], ["1970-01-03: bye"]);
    }

    #[test]
    fn other_columns_are_no_notes() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![0]));
        assert!(NoteLayout { dated: false }.lists(&days, "map").is_err());
        assert!(NoteLayout { dated: true }.lists(&column(None), "map").is_err());
    }
}
