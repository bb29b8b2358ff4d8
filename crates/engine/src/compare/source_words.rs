//! What a source declares, as a text in which every key that can change a result has a place.

use accolade_parser::Name;
use accolade_parser::syntax::file::{CellRange, FormatOptions, RuleFile, SourceDecl, UnknownCustomers};

/// The columns of a source, followed by its other keys. Where its data is does not count.
pub(super) fn words(file: &RuleFile, source: &SourceDecl) -> String {
    let columns: Vec<String> =
        source.columns.values().map(|column| format!("{}: {}", column.name.value, column.kind.value)).collect();
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.value.clone());
    let names = |names: &[Name]| {
        let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let unknown = source.unknown.as_ref().map(|unknown| match unknown.value {
        UnknownCustomers::Fail => "fail",
        UnknownCustomers::Ignore => "ignore",
        UnknownCustomers::Report => "report",
    });
    let aliases = source.aliases.as_ref().map(|aliases| format!("{} to {}", aliases.from.value, aliases.to.value));
    let zone = source.format.time_zone.as_ref().or(file.time_zone.as_ref());
    let mut keys = vec![
        ("key", source.key.as_ref().map(ToString::to_string)),
        ("customer", source.customer.as_ref().map(ToString::to_string)),
        ("aliases", aliases),
        ("date", text(&source.date)),
        ("time_zone", zone.map(|zone| zone.value.clone())),
        ("unknown", unknown.map(str::to_owned)),
        ("unique", names(&source.unique)),
        ("where", source.filter.as_ref().map(ToString::to_string)),
        ("sheet", text(&source.sheet)),
        ("table", text(&source.table)),
        ("query", text(&source.query)),
        ("missing", names(&source.format.missing)),
    ];
    keys.extend(format(&source.format));
    let keys: Vec<String> = keys.into_iter().filter_map(|(key, value)| Some(format!("{key} {}", value?))).collect();
    format!("{} ({})", columns.join(", "), keys.join(", "))
}

/// The keys of a file's format, which change how values are read.
fn format(format: &FormatOptions) -> Vec<(&'static str, Option<String>)> {
    let words: Vec<String> = format.values.iter().map(|word| format!("{}: {}", word.text.value, word.value)).collect();
    let headers: Vec<String> = format
        .headers
        .iter()
        .map(|(column, _)| format!("{column}: {}", format.headers_of(column).collect::<Vec<_>>().join(" or ")))
        .collect();
    let list = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
    vec![
        ("format", format.format.as_ref().map(|format| format.value.clone())),
        ("delimiter", format.delimiter.as_ref().map(|sign| sign.value.to_string())),
        ("decimal", format.decimal.as_ref().map(|sign| sign.value.to_string())),
        ("quote", format.quote.as_ref().map(|sign| sign.value.to_string())),
        ("date_order", format.date_order.as_ref().map(|order| order.value.name().to_owned())),
        ("encoding", format.encoding.as_ref().map(|encoding| encoding.value.name().to_owned())),
        ("header_row", format.header_row.as_ref().map(|row| row.value.to_string())),
        ("skip", format.skip.as_ref().map(|skip| skip.value.to_string())),
        ("range", format.range.as_ref().map(|range| range_words(range.value))),
        ("values", list(words)),
        ("headers", list(headers)),
    ]
}

fn range_words(CellRange { left, right, top, bottom }: CellRange) -> String {
    let bottom = bottom.map_or_else(String::new, |bottom| (bottom + 1).to_string());
    format!("rows {}..{bottom} of columns {}..{}", top + 1, left + 1, right + 1)
}
