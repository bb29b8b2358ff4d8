//! Pages about customers as text, Markdown, HTML and data.

pub(crate) mod data;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod text;

use accolade_engine::explain::{CustomerPage, PageChange, PageResult};
use accolade_engine::{Value, show};

use super::explanation::parts;

/// The heading of the results.
const RESULTS: &str = "Results";
/// The heading of the nearest changes.
const CHANGES: &str = "What would change it";
/// A result longer than this has its own line.
const SHORT: usize = 40;

/// `Deftige Otter Bouw BV (K0010)`, or the key alone.
fn title(page: &CustomerPage) -> String {
    let key = show::value(&page.customer);
    page.name.as_ref().map_or_else(|| key.clone(), |name| format!("{name} ({key})"))
}

/// The name of a section as a heading.
fn heading(section: &str) -> String {
    let mut letters = section.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn main(result: &PageResult) -> String {
    result.results.first().map_or_else(String::new, |main| parts::value(&main.value, main.ty))
}

/// The other results of a rule that have a value: the short ones on one line, each long one on its own; then the names of
/// those that are left out.
fn others(result: &PageResult) -> Vec<String> {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for part in result.results.iter().skip(1).filter(|part| part.value != Value::Null) {
        let name = part.name.rsplit('.').next().unwrap_or(&part.name);
        let value = parts::value(&part.value, part.ty);
        if value.chars().count() > SHORT || value.contains('\n') {
            long.push(format!("{name}: {value}"));
        } else {
            short.push(format!("{name} {value}"));
        }
    }
    let short = (!short.is_empty()).then(|| short.join(", "));
    short.into_iter().chain(long).chain(parts::left_out(&result.left_out)).collect()
}

/// `revenue + 8,132.95 (19,075.71 → 27,208.66) and …`
fn moves(change: &PageChange) -> String {
    change.moves.iter().map(parts::change).collect::<Vec<_>>().join(" and ")
}
