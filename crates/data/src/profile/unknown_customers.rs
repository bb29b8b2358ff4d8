//! Events of customers who are not in the customers table, where the rule file has them reported.

use accolade_core::frame::value_at;
use accolade_core::model::Source;
use accolade_core::{ops, show};
use accolade_parser::{Code, Diagnostic, count};
use arrow::array::{Array, ArrayRef};

use super::keys;

/// How many customers the warning names.
const NAMED: usize = 5;

/// The warning (W0720) of the customers of events who are not known. `keys` are those of the events, each once.
pub(super) fn check(source: &Source, keys: &ArrayRef, known: &ArrayRef) -> Option<Diagnostic> {
    let (rows, _) = keys::rows_of(keys, known);
    let mut unknown: Vec<_> = (0..keys.len()).filter(|row| rows.is_null(*row)).map(|row| value_at(keys, row)).collect();
    if unknown.is_empty() {
        return None;
    }
    unknown.sort_by(|a, b| ops::compare(a, b).unwrap_or(std::cmp::Ordering::Equal));
    let named: Vec<String> = unknown.iter().take(NAMED).map(show::quoted).collect();
    let more = if unknown.len() > NAMED { format!(" and {} more", unknown.len() - NAMED) } else { String::new() };
    let (name, customers) = (&source.name, count(unknown.len(), "customer"));
    let are = if unknown.len() == 1 { "is" } else { "are" };
    let message =
        format!("`{name}` has events of {customers} who {are} not in the customers table: {}{more}", named.join(", "));
    Some(Diagnostic::new(Code::W0720, message).help("these events do not count (`unknown: report`)"))
}
