//! The sections of a rule file and their keys.

use accolade_parser::syntax::key::{Key, NameKind, Notation, Shape};
use accolade_parser::syntax::{KEYS, RULE_KEYS};

use super::cell;

/// What a reader should know of a section besides its keys.
const NOTES: &[(&str, &str)] = &[
    ("include", "A path is relative to the file in which it stands. [Share definitions](../guides/share-definitions.md) shows how."),
    ("sources", "One table may have a `key`: the customers. The others are events, and have a `customer`. Columns that are not \
declared are not read. [Read data from elsewhere](../guides/read-data-from-elsewhere.md) has examples.

The type of a column is one of these; `?` after it means that a value may be missing, and a range or a list narrows it:
`integer? 1..5`, `text in [gold, silver]`.

| type | holds |
|---|---|
| `text` | text |
| `boolean` | true or false |
| `integer` | whole numbers |
| `number` | numbers with a fraction |
| `money` | amounts with four decimal places, exactly |
| `percent` | shares |
| `date`, `datetime` | days, and days with a time |"),
    ("periods", "`last 12 months` is [as_of + 1 day − 12 months, as_of + 1 day), so the last three months of 30 June begin on 1 April.

`12 months before year` ends where the period `year` begins. Its months are added to those of `year` and counted from the \
same day: with `half: last 6 months`, `6 months before half` is [as_of + 1 day − 12 months, as_of + 1 day − 6 months), \
and the two are the year at the end of any month.

`2025-01-01 .. 2025-12-31` is written out, ends included. A period before it is counted from its first day."),
    ("functions", "[Write a criterion](../guides/write-a-criterion.md) shows scripts."),
    ("rules", "[Rule kinds](kinds.md) has the keys of each kind."),
    ("measures", "[Measures](measures.md) has the functions. An entry is the measure itself, or has these keys."),
    ("programmes", "[The method](../methods/programmes.md) has the formulas."),
    ("goals", "[The method](../methods/goals-and-intervals.md) defines when a target is met."),
];

pub fn page() -> String {
    let mut page = "# The rule file

A rule file is YAML, version 1 of the language. The order of sections and of their entries is free; names may be used
before they are defined. Anchors, aliases and tags are not allowed, and a key that is not known is an error. An included
file may leave out sections that the including file has.
"
    .to_owned();
    page += &table(KEYS);
    for key in KEYS {
        let note = NOTES.iter().find(|(name, _)| *name == key.name).map(|(_, note)| *note);
        let keys = if key.name == "rules" { Some(RULE_KEYS) } else { entry_keys(&key.shape) };
        if note.is_none() && keys.is_none() {
            continue;
        }
        page += &format!("\n## `{}`\n\n{}.\n", key.name, sentence(key.doc));
        page += &note.map_or(String::new(), |note| format!("\n{note}\n"));
        page += &keys.map_or(String::new(), tables);
    }
    page
}

/// The table of keys, and those of keys within them.
pub fn tables(keys: &[Key]) -> String {
    let nested = keys.iter().filter_map(|key| Some((key, entry_keys(&key.shape)?)));
    let nested = nested.map(|(key, own)| format!("\n{} `{}`:\n{}", within(&key.shape), key.name, table(own)));
    std::iter::once(table(keys)).chain(nested).collect()
}

fn within(shape: &Shape) -> &'static str {
    if matches!(shape, Shape::MapByName(_) | Shape::MapByLabel(_) | Shape::List(_)) { "Each of" } else { "In" }
}

/// The keys of a section, or of each of its entries.
fn entry_keys(shape: &Shape) -> Option<&'static [Key]> {
    match shape {
        Shape::Keys(keys) => Some(keys),
        Shape::MapByName(of) | Shape::MapByLabel(of) | Shape::List(of) => entry_keys(of),
        Shape::Either(shapes) => shapes.iter().find_map(entry_keys),
        _ => None,
    }
}

/// Keys with what their values look like.
fn table(keys: &[Key]) -> String {
    let mut table = "\n| key | value | |\n|---|---|---|\n".to_owned();
    for key in keys {
        let needed = if key.required { "; required" } else { "" };
        table += &format!("| `{}` | {} | {}{needed} |\n", key.name, cell(&words(&key.shape)), cell(key.doc));
    }
    table
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A shape in words.
fn words(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::File => "file".to_owned(),
        Shape::Cell => "value as in the data".to_owned(),
        Shape::Currency => "code of a currency".to_owned(),
        Shape::TimeZone => "name of a time zone".to_owned(),
        Shape::Character => "one character".to_owned(),
        Shape::Boolean => "`true` or `false`".to_owned(),
        Shape::Integer => "whole number".to_owned(),
        Shape::Word(list) => list.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Shape::Name(sort) => sort_words(*sort).to_owned(),
        Shape::Notation(notation) => notation_words(*notation).to_owned(),
        Shape::List(of) => format!("list: {}", words(of)),
        Shape::Keys(_) => "keys".to_owned(),
        Shape::MapByName(of) => format!("name: {}", words(of)),
        Shape::MapByLabel(of) => format!("label: {}", words(of)),
        Shape::MapByNotation(key, of) => format!("{}: {}", notation_words(*key), words(of)),
        Shape::Rule => "rule".to_owned(),
        Shape::Either(shapes) => {
            let mut all: Vec<String> = shapes.iter().map(words).collect();
            all.dedup();
            all.join(", or ")
        }
        Shape::Any => "anything".to_owned(),
    }
}

fn sort_words(sort: NameKind) -> &'static str {
    match sort {
        NameKind::Column => "column",
        NameKind::Source => "source",
        NameKind::Period => "period",
        NameKind::Programme => "programme",
        NameKind::Entry => "entry, such as `rules.customer_class`",
        NameKind::Field => "field",
        NameKind::Kind => "[kind](kinds.md)",
        NameKind::Code => "[code](diagnostics.md)",
    }
}

fn notation_words(notation: Notation) -> &'static str {
    match notation {
        Notation::Expression => "[expression](grammar.md#expressions)",
        Notation::Measure => "[measure](grammar.md#measures-over-the-customer-base)",
        Notation::Pattern => "[pattern](grammar.md#patterns-the-test-of-one-value-as-in-a-band)",
        Notation::ClassCut => "[cut](grammar.md#classes-of-an-abc-analysis)",
        Notation::Bins => "[bins](grammar.md#bins-of-an-rfm-analysis)",
        Notation::Period => "[period](grammar.md#periods)",
        Notation::ColumnType => "[type](grammar.md#column-types)",
        Notation::Range => "[range](grammar.md#numbers-of-rules)",
        Notation::Number => "number",
        Notation::Share => "share",
        Notation::Date => "date",
    }
}
