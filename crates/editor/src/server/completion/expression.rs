//! Completion of names, functions and labels within an expression.

use accolade_engine::RuleSet;
use accolade_engine::kinds::measures::FUNCTIONS as MEASURES;
use accolade_engine::rules::analysis::{AGGREGATES, signatures};
use accolade_parser::expr::token::{Token, TokenKind, tokens};
use lsp_types::CompletionItemKind as Kind;

use super::{Candidate, CompletionInput};
use crate::server::names;
use crate::server::names::NamedItem;

/// The keywords of expressions, with their meaning.
const KEYWORDS: &[(&str, &str)] = &[
    ("and", "both hold"),
    ("or", "at least one holds"),
    ("not", "does not hold"),
    ("in", "is one of a list or in a range; in a call, a period"),
    ("is missing", "has no value"),
    ("or else", "the value to take when one is missing"),
    ("if", "`if c then x else y`"),
    ("where", "in a call: the events that count"),
    ("as_of", "the date of the run"),
    ("true", ""),
    ("false", ""),
];

/// The proposals after `text`, the part of an expression before the cursor.
pub(super) fn expression_candidates(world: &CompletionInput, text: &str, measure: bool) -> Vec<Candidate> {
    if let Some(before) = in_quotes(text) {
        return compared_field(before).map_or_else(Vec::new, |field| {
            labels(world, &field)
                .into_iter()
                .map(|label| Candidate::new(label, Kind::ENUM_MEMBER, field.clone()))
                .collect()
        });
    }
    let word = names::word_at(text, text.len()).start;
    let before = &text[..word];
    if let Some(owner) = before.strip_suffix('.') {
        return parts(world, &owner[names::word_at(owner, owner.len())]);
    }
    let call = before.rfind('(').is_some_and(|open| !before[open..].contains(')'));
    let previous = before.split_whitespace().next_back().unwrap_or_default();
    if call && matches!(previous, "in" | "to") {
        return periods(world);
    }
    let mut proposals = if measure { measures() } else { Vec::new() };
    proposals.extend(fields(world).into_iter().filter(|p| !p.label.contains('.')));
    proposals.extend(sources(world));
    if measure {
        proposals.extend(named(world, |n| matches!(n, NamedItem::Measure(_) | NamedItem::Programme(_)), "measure"));
    }
    proposals.extend(functions(world));
    proposals.extend(KEYWORDS.iter().map(|(word, what)| Candidate::new(*word, Kind::KEYWORD, *what)));
    proposals
}

/// The proposals for an expression over the columns of a source's row.
pub(super) fn row_candidates(world: &CompletionInput, source: &str, text: &str) -> Vec<Candidate> {
    if let Some(before) = in_quotes(text) {
        let column = compared_field(before).and_then(|name| {
            let described = set(world)?.demand.sources.iter().find(|described| described.name == source)?;
            described.stored().iter().find(|column| column.name == name)?.allowed.clone()
        });
        let texts = column.unwrap_or_default().into_iter();
        return texts.map(|text| Candidate::new(text, Kind::ENUM_MEMBER, source)).collect();
    }
    let mut proposals = columns(world, source);
    proposals.extend(functions(world));
    proposals.extend(KEYWORDS.iter().map(|(word, what)| Candidate::new(*word, Kind::KEYWORD, *what)));
    proposals
}

/// The text before the quote that is open at its end, if one is.
fn in_quotes(text: &str) -> Option<&str> {
    let open = tokens(text).last().filter(|token| token.kind == TokenKind::OpenText);
    open.map(|open| &text[..open.start])
}

/// Whether a quote is open at the end of the text.
pub(super) fn is_in_quotes(text: &str) -> bool {
    in_quotes(text).is_some()
}

/// The field that a text is compared with, from what is before it: `x = `, `x != `, `x in ["a", `.
fn compared_field(before: &str) -> Option<String> {
    let mut left: Vec<Token> = tokens(before).collect();
    match left.iter().rposition(|token| matches!(token.text, "[" | "]")) {
        Some(open) if left[open].text == "[" => {
            left.truncate(open);
            left.pop_if(|word| word.text == "in")?;
            left.pop_if(|word| word.text == "not");
        }
        _ => {
            left.pop_if(|operator| matches!(operator.text, "=" | "!="))?;
        }
    }
    let end = left.last()?.range().end;
    let mut path = left.iter().rev().take_while(|token| token.kind == TokenKind::Word || token.text == ".");
    let start = path.try_fold(end, |start, token| (token.range().end == start).then_some(token.start).ok_or(start));
    let start = match start {
        Ok(start) | Err(start) => start,
    };
    (start < end).then(|| before[start..end].to_owned())
}

fn set<'a>(world: &CompletionInput<'a>) -> Option<&'a RuleSet> {
    world.analysis?.compilation.as_ref()?.set.as_ref()
}

/// The texts a field can have.
pub(super) fn labels(world: &CompletionInput, field: &str) -> Vec<String> {
    let slot = set(world).and_then(|set| {
        let slot = set.demand.slots.iter().find(|slot| slot.name == field)?;
        slot.labels.clone()
    });
    slot.unwrap_or_default()
}

/// Columns of a source, or outputs of a rule.
fn parts(world: &CompletionInput, owner: &str) -> Vec<Candidate> {
    if world.written().is_some_and(|file| file.sources.contains_key(owner)) {
        return columns(world, owner);
    }
    let prefix = format!("{owner}.");
    let all = fields(world).into_iter();
    let of_rule = all.filter_map(|p| Some(Candidate { label: p.label.strip_prefix(&prefix)?.to_owned(), ..p }));
    of_rule.collect()
}

/// Every field of the record, the parts of rules as `rule.part`.
pub(super) fn fields(world: &CompletionInput) -> Vec<Candidate> {
    let Some(set) = set(world) else {
        // A file that has had errors since it was opened still has names.
        return named(world, |n| matches!(n, NamedItem::Field(_) | NamedItem::Rule(_) | NamedItem::Column(..)), "");
    };
    let word = |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let slots = set.demand.slots.iter().filter(|slot| word(&slot.name));
    let mut proposals: Vec<Candidate> = slots
        .map(|slot| {
            let optional = if slot.nullable { "?" } else { "" };
            let doc = slot.labels.as_ref().map_or_else(String::new, |labels| labels.join(", "));
            Candidate::new(slot.name.as_str(), Kind::VARIABLE, format!("{}{optional}", slot.ty)).doc(doc)
        })
        .collect();
    // Columns that nothing reads yet have no slot.
    proposals.extend(named(world, |n| matches!(n, NamedItem::Column(..)), "column"));
    proposals
}

fn named(world: &CompletionInput, wanted: fn(&NamedItem) -> bool, what: &str) -> Vec<Candidate> {
    let all = world.written().into_iter().flat_map(names::all).filter(|(_, named)| wanted(named));
    all.map(|(name, _)| Candidate::new(name, Kind::VARIABLE, what)).collect()
}

/// The declared columns of a source.
pub(super) fn columns(world: &CompletionInput, source: &str) -> Vec<Candidate> {
    let source = world.written().and_then(|file| file.sources.get(source));
    let columns = source.into_iter().flat_map(|source| source.columns.values());
    columns.map(|c| Candidate::new(c.name.value.as_str(), Kind::FIELD, c.kind.value.to_string())).collect()
}

/// Entries with their sections, such as `rules.customer_class`.
pub(super) fn entries(world: &CompletionInput) -> Vec<Candidate> {
    let full = |(name, named): (&str, NamedItem)| {
        let section = match named {
            NamedItem::Source(_) => "sources",
            NamedItem::Period(_) => "periods",
            NamedItem::Field(_) => "profile",
            NamedItem::Function(_) => "functions",
            NamedItem::Rule(_) => "rules",
            NamedItem::Measure(_) => "measures",
            NamedItem::Programme(_) => "programmes",
            NamedItem::Goal(_) => "goals",
            NamedItem::Column(..) => return None,
        };
        Some(Candidate::new(format!("{section}.{name}"), Kind::VARIABLE, ""))
    };
    world.written().into_iter().flat_map(names::all).filter_map(full).collect()
}

pub(super) fn sources(world: &CompletionInput) -> Vec<Candidate> {
    named(world, |n| matches!(n, NamedItem::Source(_)), "source")
}

pub(super) fn periods(world: &CompletionInput) -> Vec<Candidate> {
    named(world, |n| matches!(n, NamedItem::Period(_)), "period")
}

pub(super) fn programmes(world: &CompletionInput) -> Vec<Candidate> {
    named(world, |n| matches!(n, NamedItem::Programme(_)), "programme")
}

/// Aggregates over events, functions of scripts, and functions of values.
fn functions(world: &CompletionInput) -> Vec<Candidate> {
    let scalar =
        world.plugins.functions().iter().map(|f| Candidate::new(f.name, Kind::FUNCTION, signatures(f)).doc(f.doc));
    let takes = "(TABLE.COLUMN in PERIOD where CONDITION)";
    let aggregates = AGGREGATES.iter().map(|(name, _, doc)| Candidate::new(*name, Kind::FUNCTION, takes).doc(*doc));
    let own = named(world, |n| matches!(n, NamedItem::Function(_)), "a script's function");
    let own = own.into_iter().map(|p| Candidate { kind: Kind::FUNCTION, ..p });
    aggregates.chain(own).chain(scalar).collect()
}

fn measures() -> Vec<Candidate> {
    MEASURES.iter().map(|m| Candidate::new(m.name, Kind::FUNCTION, m.takes).doc(m.doc)).collect()
}

/// What a script can read and call.
pub(super) fn in_script(world: &CompletionInput) -> Vec<Candidate> {
    let mut proposals: Vec<Candidate> = fields(world).into_iter().filter(|p| !p.label.contains('.')).collect();
    proposals.extend(sources(world));
    proposals.extend(functions(world));
    proposals
}
