//! Results as CSV: exact decimals, ISO dates, empty fields for missing values.

use std::io::{self, Write};

use accolade_core::frame::value_at;
use accolade_core::model::Value;
use accolade_core::show;

use super::formula::FormulaText;
use super::results::{Results, each_row};

pub(super) fn write(results: &mut dyn Results, formulas: FormulaText, sink: &mut dyn Write) -> io::Result<()> {
    // IO errors are passed on unchanged, so that the caller recognizes a closed pipe.
    records(results, formulas, sink).map_err(|error| match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn records(results: &mut dyn Results, formulas: FormulaText, sink: &mut dyn Write) -> ::csv::Result<()> {
    let mut writer = ::csv::Writer::from_writer(sink);
    for slot in results.slots() {
        writer.write_field(formulas.write(&slot.name).as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    each_row(results, |columns, row| -> ::csv::Result<()> {
        for column in columns {
            let value = value_at(column, row);
            let shown = show::value(&value);
            match value {
                Value::Text(_) => writer.write_field(formulas.write(&shown).as_bytes())?,
                _ => writer.write_field(&shown)?,
            }
        }
        writer.write_record(None::<&[u8]>)
    })?;
    writer.flush()?;
    Ok(())
}
