//! Notes under headings: an empathy map for each group.

use accolade_engine::rules::present::chart::{NoteGroup, NoteHeading, Notes};
use accolade_parser::count;

use super::escaped;

pub(super) fn notes(notes: &Notes) -> String {
    // Many groups make a long page, so only the first is open.
    let groups: String = notes.groups.iter().enumerate().map(|(i, of)| group(of, i == 0)).collect();
    format!("<div class=\"maps\">\n{groups}</div>\n")
}

fn group(group: &NoteGroup, open: bool) -> String {
    let open = if open { " open" } else { "" };
    let customers = count(group.customers, "customer");
    let headings: String = group.headings.iter().map(heading).collect();
    format!(
        "<details class=\"map\"{open}>\n<summary><h4>{} <small>{customers} with notes</small></h4></summary>\n\
         <div class=\"quadrants\">\n{headings}</div>\n</details>\n",
        escaped(&group.label)
    )
}

fn heading(heading: &NoteHeading) -> String {
    let note = |(note, customer): &(String, String)| {
        format!("<li>{} <small>{}</small></li>\n", escaped(note), escaped(customer))
    };
    let items: String = heading.latest.iter().map(note).collect();
    let more = heading.count.saturating_sub(heading.latest.len() as u64);
    let more = if more > 0 { format!("<p class=\"more\">and {more} more</p>\n") } else { String::new() };
    let items =
        if items.is_empty() { "<p class=\"more\">nothing</p>\n".to_owned() } else { format!("<ul>\n{items}</ul>\n") };
    format!("<div>\n<h5>{}</h5>\n{items}{more}</div>\n", escaped(heading.name))
}
