//! Pages as one self-contained HTML document, which prints one sheet for each customer.

use accolade_engine::Value;
use accolade_engine::explain::{CustomerPage, PageChange, PageResult};
use accolade_engine::rules::explain::FieldValue;
use accolade_report::html::{BASE_STYLE, escaped};

use super::super::explanation::{ExplanationHead, parts};
use super::{CHANGES, RESULTS, heading, main, moves, others, title};

const STYLE: &str = include_str!("page.css");

/// Every customer's page.
pub(crate) fn document(head: &ExplanationHead, pages: &[CustomerPage]) -> String {
    let names: Vec<String> = pages.iter().map(title).collect();
    let body: String = pages.iter().map(|page| customer(head, page)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{BASE_STYLE}{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(&names.join(", ")),
    )
}

fn customer(head: &ExplanationHead, page: &CustomerPage) -> String {
    let sections: String = page
        .sections
        .iter()
        .map(|section| {
            let rows: String = section.fields.iter().map(field).collect();
            part(&heading(section.name), &format!("<table>\n<tbody>\n{rows}</tbody>\n</table>"))
        })
        .collect();
    let mut out = format!(
        "<article>\n<header>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n{sections}",
        escaped(&title(page)),
        escaped(&head.line())
    );
    if !page.results.is_empty() {
        let rows: String = page.results.iter().map(result).collect();
        let columns = "<th scope=\"col\">rule</th><th scope=\"col\">result</th><th scope=\"col\">why</th>";
        let table = format!("<thead>\n<tr>{columns}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n");
        out += &part(RESULTS, &format!("<table class=\"results\">\n{table}</table>"));
    }
    if !page.changes.is_empty() {
        let items: String = page.changes.iter().map(change).collect();
        out += &part(CHANGES, &format!("<ul>\n{items}</ul>"));
    }
    out + "</article>\n"
}

fn part(heading: &str, content: &str) -> String {
    format!("<section>\n<h2>{}</h2>\n{content}\n</section>\n", escaped(heading))
}

fn field(field: &FieldValue) -> String {
    let name = escaped(&field.name);
    format!("<tr><th scope=\"row\">{name}</th>{}</tr>\n", cell(field, &parts::value(&field.value, field.ty)))
}

fn result(result: &PageResult) -> String {
    let small = |text: &String| format!("<small>{}</small>", escaped(text));
    let description: String = result.description.iter().map(small).collect();
    let others: String = others(result).iter().map(small).collect();
    let value = result.results.first().map_or_else(|| "<td></td>".to_owned(), |first| cell(first, &main(result)));
    let why = result.why.as_deref().map(escaped).unwrap_or_default();
    let rule = escaped(&result.rule);
    format!("<tr><th scope=\"row\">{rule}{description}</th>{value}<td>{why}{others}</td></tr>\n")
}

fn change(change: &PageChange) -> String {
    let [rule, label, moves] = [&change.rule, &change.label, &moves(change)].map(|text| escaped(text));
    format!("<li>{rule} <strong>{label}</strong>: {moves}</li>\n")
}

fn cell(of: &FieldValue, text: &str) -> String {
    let class = match of.value {
        Value::Null => " class=\"missing\"",
        Value::Text(_) | Value::Boolean(_) => "",
        _ => " class=\"number\"",
    };
    format!("<td{class}>{}</td>", escaped(text).replace('\n', "<br>"))
}
