//! Results as CSV: exact decimals, ISO dates, empty fields for missing values.

use std::io::{self, Write};

use accolade_core::frame::value_at;
use accolade_core::show;

use super::results::{Results, each_row};

pub(super) fn write(results: &mut dyn Results, sink: &mut dyn Write) -> io::Result<()> {
    // IO errors are passed on unchanged, so that the caller recognizes a closed pipe.
    records(results, sink).map_err(|error| match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn records(results: &mut dyn Results, sink: &mut dyn Write) -> ::csv::Result<()> {
    let mut writer = ::csv::Writer::from_writer(sink);
    writer.write_record(results.slots().iter().map(|slot| &slot.name))?;
    each_row(results, |columns, row| -> ::csv::Result<()> {
        for column in columns {
            writer.write_field(show::value(&value_at(column, row)))?;
        }
        writer.write_record(None::<&[u8]>)
    })?;
    writer.flush()?;
    Ok(())
}
