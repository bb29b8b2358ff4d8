//! Results as CSV: exact decimals, ISO dates, nothing for a missing value.

use std::io::{self, Write};

use arrow::array::ArrayRef;

use crate::frame::value_at;
use crate::model::Slot;
use crate::show;

pub(super) fn write(columns: &[(&Slot, &ArrayRef)], rows: usize, sink: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(sink);
    writer.write_record(columns.iter().map(|(slot, _)| &slot.name))?;
    for row in 0..rows {
        for (_, column) in columns {
            writer.write_field(show::value(&value_at(column, row)))?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}
