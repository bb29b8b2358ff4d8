//! What a file whose header does not fit probably is.

use accolade_parser::suggest;
use accolade_parser::syntax::file::Format;

use super::number::{Signs, decimal};
use super::time;

/// The help for a column that a file does not have.
pub(super) fn nearest(name: &str, header: &[String]) -> String {
    match suggest(name, header.iter().map(String::as_str)) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("the file has: {}", header.join(", ")),
    }
}

/// The delimiter a file seems to have, when its header is one column with another delimiter in it.
pub(super) fn other_delimiter(header: &[String], format: &Format) -> Option<&'static str> {
    let [only] = header else { return None };
    let current = format.delimiter.as_ref().map_or(',', |d| d.value);
    [(';', ";"), ('\t', "tab"), ('|', "|"), (',', ",")]
        .into_iter()
        .find(|(c, _)| *c != current && only.contains(*c))
        .map(|(_, name)| name)
}

/// Whether a first record looks like data: a field of it is empty, a number or a date.
pub(super) fn looks_like_data(header: &[String]) -> bool {
    let data = |field: &String| {
        field.is_empty() || decimal(field, Signs::new('.')).is_some() || time::datetime(field, None).is_some()
    };
    header.iter().any(data)
}
