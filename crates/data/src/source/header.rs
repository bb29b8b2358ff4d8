//! Diagnostics of data that cannot be opened or lacks the declared columns.

use std::io;
use std::path::Path;

use accolade_core::model::{Column, Source, TimeZone, Type};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::datatypes::DataType;

use super::cast;
use super::sniff::{looks_like_data, nearby, nearest, other_delimiter};

/// A place in the data before any row is read.
pub(super) fn place(file: &str, column: Option<&str>) -> DataPlace {
    DataPlace { file: file.to_owned(), row: None, column: column.map(str::to_owned) }
}

/// The diagnostic (E0701) of data that cannot be read, from a reason and an optional help.
pub(super) fn unreadable(source: &Source, file: &str, (why, help): (String, Option<String>)) -> Diagnostics {
    let what = if accolade_core::location::is_url(file) { "data" } else { "file" };
    let message = format!("the {what} of `{}` cannot be read: {why}", source.name);
    let help = help.unwrap_or_else(|| format!("name another file with `--source {}=PATH`", source.name));
    Diagnostics::from(Diagnostic::new(Code::E0701, message).in_data(place(file, None)).help(help))
}

/// The reason why a file cannot be opened, and a help that names similar files.
pub(super) fn unopened(path: &Path, error: &io::Error) -> (String, Option<String>) {
    let help = if error.kind() == io::ErrorKind::NotFound { nearby(path) } else { None };
    (accolade_core::files::io_error_reason(error), help)
}

/// A row of the data.
pub(super) fn at_row(file: &str, row: u64) -> DataPlace {
    DataPlace { row: Some(row), ..place(file, None) }
}

/// "`amount`", or "`amount`, `net` or `total`" for a column that may have several headers.
pub(super) fn any_of<'a>(headers: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = headers.map(|header| format!("`{header}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

/// The diagnostics of declared columns that the header lacks.
pub(super) fn missing(
    source: &Source,
    file: &str,
    header: &[String],
    positions: &[Option<usize>],
    text: bool,
) -> Diagnostics {
    let delimiter = if text { other_delimiter(header, &source.format) } else { None };
    if text && delimiter.is_none() && positions.iter().all(Option::is_none) && looks_like_data(header) {
        let first = DataPlace { row: Some(1), ..place(file, None) };
        let names: Vec<&str> = source.stored().iter().map(|c| source.format.header_of(&c.name)).collect();
        return Diagnostics::from(
            Diagnostic::new(Code::E0715, "the first line does not name the columns")
                .in_data(first)
                .label(source.span, "declared here")
                .help(format!("add a first line that names them: {}", names.join(", "))),
        );
    }
    if let Some(delimiter) = delimiter {
        // The wrong delimiter is why every column is missing.
        let (signs, written) = match delimiter {
            "tab" => ("tabs".to_owned(), "tab".to_owned()),
            sign => (format!("`{sign}`"), format!("\"{sign}\"")),
        };
        let known = source.format.delimiter.as_ref().map_or(',', |d| d.value).escape_default();
        let message = format!("the file has {signs} between its fields, not `{known}`");
        return Diagnostics::from(
            Diagnostic::new(Code::E0702, message)
                .in_data(DataPlace { row: Some(1), ..place(file, None) })
                .label(source.span, "declared here")
                .help(format!("add `delimiter: {written}` to the source")),
        );
    }
    let lacking = source.stored().iter().zip(positions).filter(|(_, position)| position.is_none());
    let diagnostic = |column: &Column| {
        let headers = source.format.headers_of(&column.name);
        Diagnostic::new(Code::E0702, format!("the file has no column {}", any_of(headers)))
            .in_data(place(file, Some(&column.name)))
            .label(column.span, "declared here")
            .help(nearest(source.format.header_of(&column.name), header))
    };
    lacking.map(|(column, _)| diagnostic(column)).collect()
}

/// The diagnostic of a column whose Parquet type cannot be converted (E0703) or not exactly (W0708).
pub(super) fn stored(column: &Column, stored: &DataType, zone: Option<TimeZone>, file: &str) -> Option<Diagnostic> {
    if !cast::can_cast(stored, column.ty) {
        let article = accolade_core::literals::with_article(column.ty);
        let message = match stored {
            DataType::Struct(_) | DataType::Map(..) | DataType::Union(..) => {
                "the column holds objects, not single values".to_owned()
            }
            stored if stored.is_nested() => "the column holds lists, not single values".to_owned(),
            _ => format!("the column is stored as {stored}, which cannot be converted to {article}"),
        };
        return Some(
            Diagnostic::new(Code::E0703, message)
                .in_data(place(file, Some(&column.name)))
                .label(column.span, "declared here"),
        );
    }
    if let (DataType::Timestamp(_, Some(_)), None) = (stored, zone) {
        let message = "the column holds instants, and in which day they fall depends on where";
        return Some(
            Diagnostic::new(Code::E0703, message)
                .in_data(place(file, Some(&column.name)))
                .label(column.span, "declared here")
                .help(
                    "add `time_zone: Europe/Amsterdam`, or the zone of the company, to the rule file or to the source",
                ),
        );
    }
    let float = matches!(stored, DataType::Float16 | DataType::Float32 | DataType::Float64);
    (float && column.ty == Type::Money).then(|| {
        let message = "money is stored as a float; each amount is rounded to four decimals";
        Diagnostic::new(Code::W0708, message)
            .in_data(place(file, Some(&column.name)))
            .help("write the file with a decimal column")
    })
}
