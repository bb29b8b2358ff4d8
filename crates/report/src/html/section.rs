//! A table of a summary.

use accolade_engine::rules::present::cell::{is_numeric, text};
use accolade_engine::rules::present::{Cell, SummaryTable};

use super::escaped;

/// The table under its title.
pub(super) fn titled(section: &SummaryTable) -> String {
    format!("<h3>{}</h3>\n{}", escaped(&section.title), table(section, &section.title))
}

/// The table in a box that scrolls. `name` is its label for screen readers.
pub(super) fn table(section: &SummaryTable, name: &str) -> String {
    // Bars are for terminals; a page has charts.
    let bars: Vec<bool> = (0..section.columns.len())
        .map(|i| section.rows.iter().any(|row| matches!(row.get(i), Some(Cell::Bar(_)))))
        .collect();
    let kept = |i: &usize| !bars.get(*i).copied().unwrap_or(false);
    let numeric: Vec<bool> =
        (0..section.columns.len()).map(|i| section.rows.iter().any(|row| row.get(i).is_some_and(is_numeric))).collect();
    let class = |i: usize| if numeric.get(i).copied().unwrap_or(false) { " class=\"number\"" } else { "" };
    let heads: String = (0..section.columns.len())
        .filter(kept)
        .map(|i| match section.columns[i].as_str() {
            "" => "<td></td>".to_owned(),
            column => format!("<th scope=\"col\"{}>{}</th>", class(i), escaped(column)),
        })
        .collect();
    let row = |row: &Vec<Cell>| {
        let cell = |i: usize| {
            let text = escaped(&text(&row[i]));
            if i == 0 { format!("<th scope=\"row\">{text}</th>") } else { format!("<td{}>{text}</td>", class(i)) }
        };
        format!("<tr>{}</tr>\n", (0..row.len()).filter(kept).map(cell).collect::<String>())
    };
    let rows: String = section.rows.iter().map(row).collect();
    let name = escaped(name);
    format!(
        "<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">\n<table>\n<thead>\n<tr>{heads}</tr>\n\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}
