//! Which keys there can be at a place of a rule file or test file.

use lsp_types::CompletionItemKind;

use super::{Proposal, World};
use crate::server::documents::Sort;
use crate::server::names::{self, Named};

/// What can be a key.
pub(in crate::server) enum Place {
    /// The words of the language.
    Keys(Vec<Proposal>),
    /// Names or labels that are defined elsewhere.
    Names(Vec<Proposal>),
    /// The columns of the source's data.
    Columns,
}

type Table = &'static [(&'static str, &'static str)];

const FILE: Table = &[
    ("accolade", "the version of the language, `1`"),
    ("name", "what the rule set is called"),
    ("description", "what it is for"),
    ("currency", "an ISO 4217 code such as `EUR`"),
    ("as_of", "the date to rate at"),
    ("include", "other rule files whose entries come first"),
    ("override", "included entries that this file replaces, such as `rules.customer_class`"),
    ("sources", "tables of data: the customers and their events"),
    ("periods", "named spans of time"),
    ("profile", "the fields of a customer's record"),
    ("functions", "functions that scripts define"),
    ("script_limits", "how much scripts may use"),
    ("rules", "what customers are rated by"),
    ("measures", "figures of the whole customer base"),
    ("programmes", "efforts whose cost and effect are weighed"),
    ("goals", "a measure and its target"),
];

const SOURCE: Table = &[
    ("file", "where the data is, relative to the rule file"),
    ("key", "of the customers table: the column that identifies a customer"),
    ("customer", "of a table of events: the column that names the customer"),
    ("date", "of a table of events: the column that dates the event"),
    ("columns", "name: type of each column that is used"),
    ("format", "`csv`, `parquet` or `ndjson`, if the file's ending does not say it"),
    ("delimiter", "one character or `tab`; `,` if absent"),
    ("decimal", "`.` (default) or `,`"),
    ("date_order", "how dates are written: `year_first`, `day_first` or `month_first`"),
    ("quote", "`\"` if absent"),
    ("missing", "texts that stand for a missing value"),
    ("headers", "column: what the file calls it"),
];

const PROFILE: Table = &[
    ("administrative", "carried to the output: names, places, sectors"),
    ("quantitative", "figures computed from columns and events"),
    ("qualitative", "opinions and judgements"),
];

const FUNCTION: Table = &[
    ("script", "a file, or a block of the script itself"),
    ("arguments", "name: type, in order"),
    ("returns", "the type of the result"),
    ("description", "what it is for"),
];

const RULE: Table = &[("kind", "how the rule is computed"), ("description", "what it answers")];

const MEASURE: Table = &[("description", "what it answers"), ("measure", "a figure such as `sum(revenue) by city`")];

const PROGRAMME: Table = &[
    ("description", "what it is"),
    ("members", "a condition: who is in it"),
    ("control", "a condition: who could have been in it and is not"),
    ("period", "when it ran"),
    ("before", "the period it is compared with"),
    ("margin", "what an event brings, such as `orders.margin`"),
    ("cost", "`fixed`, `per_member` or both"),
    ("by", "fields whose values make segments"),
];

const COST: Table = &[("fixed", "an amount, whoever the members are"), ("per_member", "an amount for each member")];

const GOAL: Table = &[
    ("description", "what it is for"),
    ("measure", "what is measured"),
    ("target", "what it should be, such as `>= 90%`"),
    ("programme", "whose members the measure is taken of"),
];

const CRITERION: Table = &[
    ("weight", "its part of the score, such as `30%`"),
    ("value", "what is judged"),
    ("bands", "test: points"),
    ("linear", "the values with the least and the most points, such as `0..20_000`"),
    ("steps", "from this value on: points"),
    ("percentile", "`true`: points by rank among all customers"),
    ("script", "a script file or block that gives the points"),
    ("lower_is_better", "`true` turns the scale"),
    ("description", "what it judges"),
];

const AXIS: Table = &[
    ("value", "a number of each customer"),
    ("cuts", "where stretches meet, lowest first, or `[median]`"),
    ("labels", "one more than cuts, lowest first"),
    ("class", "a rule whose classes make the axis"),
];

const CELL: Table = &[("label", "the cell's label"), ("advice", "what to do with customers in it")];

const TESTS: Table = &[
    ("rules", "the rule file that is tested"),
    ("as_of", "the date the cases run at"),
    ("description", "what is tested"),
    ("defaults", "table: values for columns that a row does not give"),
    ("cutoffs", "cut-offs that are not computed, or their file"),
    ("cases", "name: what is given and what must come out"),
];

const CASE: Table = &[
    ("description", "what it shows"),
    ("as_of", "the date it runs at"),
    ("given", "rows by source; `profile` gives fields of the record"),
    ("table", "a CSV file of what is given and, as `expect.FIELD`, expected"),
    ("cutoffs", "cut-offs of this case, or `computed`"),
    ("before", "an older rule file to compare with"),
    ("expect", "what must come out"),
];

const EXPECT: Table = &[
    ("customers", "customer: field: value"),
    ("population", "comparisons over all customers"),
    ("measures", "measure: figure, or group: figure"),
    ("programmes", "programme: figure: value"),
    ("goals", "goal: `met`, `not met`, `no data` or a figure"),
    ("diagnostics", "codes of findings"),
];

fn table(table: Table) -> Place {
    Place::Keys(
        table.iter().map(|(key, doc)| Proposal::new(*key, CompletionItemKind::PROPERTY, "").doc(*doc)).collect(),
    )
}

/// The keys of the mapping at a path.
pub(in crate::server) fn keys_at(world: &World, path: &[&str]) -> Place {
    if world.sort == Sort::Tests {
        return of_tests(world, path);
    }
    match path {
        [] => table(FILE),
        ["sources", _] => table(SOURCE),
        ["sources", _, "columns"] => Place::Columns,
        ["profile"] => table(PROFILE),
        ["functions", _] => table(FUNCTION),
        ["measures", _] => table(MEASURE),
        ["programmes", _] => table(PROGRAMME),
        ["programmes", _, "cost"] => table(COST),
        ["goals", _] => table(GOAL),
        ["rules", rule] => of_rule(world, rule),
        ["rules", _, "criteria" | "quality" | "attention" | "information" | "involvement", _] => table(CRITERION),
        ["rules", rule, "quality" | "attention" | "information" | "involvement"]
            if kind_of(world, rule).is_some_and(|kind| kind == "loyalty") =>
        {
            table(CRITERION)
        }
        ["rules", _, "rows" | "columns"] => table(AXIS),
        ["rules", rule, "cells"] => Place::Names(axis(world, rule, "rows")),
        ["rules", rule, "cells", _] => Place::Names(axis(world, rule, "columns")),
        ["rules", _, "cells", _, _] => table(CELL),
        ["rules", _, _, "bands"] | ["rules", _, _, _, "bands"] => Place::Names(bands()),
        ["script_limits"] => {
            let limits = accolade_engine::plugins::LIMITS.iter();
            Place::Keys(limits.map(|(name, ..)| Proposal::new(*name, CompletionItemKind::PROPERTY, "")).collect())
        }
        _ => Place::Keys(Vec::new()),
    }
}

/// The kind's own keys, those that must be there first.
fn of_rule(world: &World, rule: &str) -> Place {
    let Place::Keys(mut proposals) = table(RULE) else { return Place::Keys(Vec::new()) };
    let kind = kind_of(world, rule);
    if let Some(kind) = world.plugins.kinds().iter().find(|k| Some(k.name) == kind.as_deref()) {
        let mut keys: Vec<_> = kind.keys.iter().collect();
        keys.sort_by_key(|key| !key.required);
        proposals.extend(keys.into_iter().map(|key| {
            let detail = if key.required { "required" } else { "" };
            Proposal::new(key.name, CompletionItemKind::PROPERTY, detail).doc(key.doc)
        }));
    }
    Place::Keys(proposals)
}

fn of_tests(world: &World, path: &[&str]) -> Place {
    let file = world.analysis.and_then(|a| a.compilation.as_ref()).and_then(|c| c.written.as_ref());
    let names = |wanted: fn(&Named) -> bool| {
        let all = file.into_iter().flat_map(names::all).filter(|(_, named)| wanted(named));
        all.map(|(name, _)| Proposal::new(name, CompletionItemKind::VARIABLE, "")).collect::<Vec<_>>()
    };
    match path {
        [] => table(TESTS),
        ["cases", _] => table(CASE),
        ["cases", _, "expect"] => table(EXPECT),
        ["cases", _, "given"] | ["defaults"] => {
            let mut tables = names(|named| matches!(named, Named::Source(_)));
            tables.push(Proposal::new("profile", CompletionItemKind::PROPERTY, "").doc("fields of the record"));
            Place::Names(tables)
        }
        ["cases", _, "given", "profile", ..] | ["defaults", "profile"] => {
            Place::Names(names(|named| matches!(named, Named::Field(_) | Named::Column(..))))
        }
        ["cases", _, "given", source, ..] | ["defaults", source] => {
            let columns = file.and_then(|file| file.sources.get(*source)).into_iter().flat_map(|s| s.columns.values());
            let propose = |c: &accolade_parser::syntax::file::Column| {
                Proposal::new(c.name.value.as_str(), CompletionItemKind::FIELD, c.kind.value.to_string())
            };
            Place::Names(columns.map(propose).collect())
        }
        ["cases", _, "expect", "customers", _] => Place::Names(super::expression::fields(world)),
        ["cases", _, "expect", "customers", _, "decided_by"] => {
            Place::Names(names(|named| matches!(named, Named::Rule(_))))
        }
        ["cases", _, "expect", "measures"] => Place::Names(names(|named| matches!(named, Named::Measure(_)))),
        ["cases", _, "expect", "programmes"] => Place::Names(names(|named| matches!(named, Named::Programme(_)))),
        ["cases", _, "expect", "goals"] => Place::Names(names(|named| matches!(named, Named::Goal(_)))),
        _ => Place::Keys(Vec::new()),
    }
}

/// The kind of a rule, read from the text around it.
pub(in crate::server) fn kind_of(world: &World, rule: &str) -> Option<String> {
    value_in(world.text, &["rules", rule, "kind"])
}

/// A value by its path, read from the text alone; the last key is on a line of its own or in a flow mapping.
pub(super) fn value_in(text: &str, path: &[&str]) -> Option<String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).peekable();
    let mut limit: Option<usize> = None;
    for (depth, key) in path.iter().enumerate() {
        let last = depth + 1 == path.len();
        loop {
            let line = lines.next()?;
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            if limit.is_some_and(|limit| indent <= limit) || depth == 0 && indent > 0 && limit.is_some() {
                return None;
            }
            let Some(rest) = trimmed.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) else { continue };
            let value = rest.trim();
            if last {
                return Some(plain(value));
            }
            limit = Some(indent);
            if let (Some(flow), true) = (value.strip_prefix('{'), depth + 2 == path.len()) {
                let wanted = format!("{}:", path[depth + 1]);
                let at = flow.find(&wanted)?;
                return Some(plain(flow[at + wanted.len()..].split([',', '}']).next().unwrap_or_default()));
            }
            break;
        }
    }
    None
}

/// A scalar without quotes and comment.
fn plain(value: &str) -> String {
    value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
}

/// The labels of an axis of a matrix.
fn axis(world: &World, rule: &str, axis: &str) -> Vec<Proposal> {
    let label = |label: &str| Proposal::new(label, CompletionItemKind::ENUM_MEMBER, "");
    if let Some(class) = value_in(world.text, &["rules", rule, axis, "class"]) {
        return super::expression::labels(world, &class).iter().map(|text| label(text)).collect();
    }
    let labels = world.text.lines().filter(|line| line.trim_start().starts_with(axis) || line.contains("labels:"));
    let listed = labels.filter_map(|line| line.split_once("labels:")?.1.trim().strip_prefix('[')?.split(']').next());
    listed.flat_map(|list| list.split(',')).map(|text| label(text.trim())).collect()
}

/// What every list of bands may have besides tests.
fn bands() -> Vec<Proposal> {
    let word = |word: &str, what: &str| Proposal::new(word, CompletionItemKind::KEYWORD, what);
    vec![word("rest", "all other values"), word("missing", "no value")]
}

/// What a kind asks for, as Markdown.
pub(in crate::server) fn kind_doc(kind: &accolade_engine::kinds::Kind) -> String {
    let key = |key: &accolade_engine::kinds::Key| {
        let required = if key.required { " (required)" } else { "" };
        format!("- `{}`{required}: {}\n", key.name, key.doc)
    };
    format!("**{}** {}\n\n{}", kind.name, kind.summary, kind.keys.iter().map(key).collect::<String>())
}
