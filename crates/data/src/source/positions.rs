//! Finding the declared columns in a header.

use accolade_core::model::{Column, Source};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

/// The position of each declared column; `None` for one that the header lacks.
///
/// # Errors
/// Fails with E0715 for each column that the header names twice, by the same name or by two of its names.
pub(super) fn of_columns(
    source: &Source,
    header: &[String],
    place: &DataPlace,
) -> Result<Vec<Option<usize>>, Diagnostics> {
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut position = |column: &Column| {
        let headers = source.format.headers_of(&column.name);
        let mut found = header.iter().enumerate().filter(|(_, name)| headers.clone().any(|known| known == *name));
        let first = found.next()?;
        if let Some((_, second)) = found.next() {
            let (message, help) = if first.1 == second {
                (format!("the header names `{second}` twice"), "give every column its own name")
            } else {
                let message =
                    format!("the header names `{}` and `{second}`, which are both `{}`", first.1, column.name);
                (message, "take one of the two out of the file, or out of `headers:`")
            };
            // Two columns of the rule file may have the same header.
            if findings.iter().all(|finding| finding.message != message) {
                findings.push(Diagnostic::new(Code::E0715, message).in_data(place.clone()).help(help));
            }
        }
        Some(first.0)
    };
    let positions = source.stored().iter().map(&mut position).collect();
    if findings.is_empty() { Ok(positions) } else { Err(findings.into()) }
}
