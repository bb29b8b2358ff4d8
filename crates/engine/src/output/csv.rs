//! Results as CSV: exact decimals, ISO dates, nothing for a missing value.

use std::io::{self, Write};

use arrow::array::ArrayRef;

use crate::frame::value_at;
use crate::model::Slot;
use crate::show;

pub(super) fn write(columns: &[(&Slot, &ArrayRef)], rows: usize, sink: &mut dyn Write) -> io::Result<()> {
    // A closed pipe must still look like one to the caller.
    records(columns, rows, sink).map_err(|error| match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn records(columns: &[(&Slot, &ArrayRef)], rows: usize, sink: &mut dyn Write) -> ::csv::Result<()> {
    let mut writer = ::csv::Writer::from_writer(sink);
    writer.write_record(columns.iter().map(|(slot, _)| &slot.name))?;
    for row in 0..rows {
        for (_, column) in columns {
            writer.write_field(show::value(&value_at(column, row)))?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()?;
    Ok(())
}
