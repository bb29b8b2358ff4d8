//! The events that the kinds about buying behaviour count: those of one dated table that meet an optional condition.

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{Aggregate, AggregateFunction, SlotId, Type, TypedExpr};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::{Code, Diagnostic, Span};
use accolade_rules::analysis::{Analyser, Key, NameKind, Scope, Shape};

/// The key that names the table.
pub(super) const TABLE_KEY: Key = Key::optional(
    "of",
    Shape::Name(NameKind::Source),
    "the table of events; may be left out where only one has a date",
);

/// The key with the condition on the events that count.
pub(super) const CONDITION_KEY: Key =
    Key::optional("where", Shape::EXPRESSION, "the events that count, such as `orders.amount > 0`; all if absent");

/// The events that count.
#[derive(Debug)]
pub(super) struct Activity {
    /// Index of their source.
    pub(super) source: usize,
    table: String,
    filter: Option<(TypedExpr, String)>,
}

impl Activity {
    /// Compiles `of` and `where` of a rule of this kind.
    pub(super) fn compile(parameters: &Fields, kind: &str, analyser: &mut Analyser) -> Option<Activity> {
        let source = match parameters.optional(TABLE_KEY.name) {
            Some(node) => {
                let name = fields::text(node, analyser.out)?;
                dated_table(name.text.trim(), name.span, kind, analyser)?
            }
            None => only_table(parameters.span(), kind, analyser)?,
        };
        let filter = match parameters.optional(CONDITION_KEY.name) {
            Some(node) => {
                let expr = analyser.parse_expression(node)?;
                Some((analyser.condition(&expr, Scope::Events(source))?, expr.to_string()))
            }
            None => None,
        };
        Some(Activity { source, table: analyser.sources()[source].name.clone(), filter })
    }

    /// Adds the number of events in a period to the fields and returns its slot; `when` is the period in words.
    pub(super) fn add_count(&self, period: Option<AggregatePeriod>, when: &str, analyser: &mut Analyser) -> SlotId {
        let Activity { source, table, filter } = self;
        let (filter, condition) = match filter {
            Some((filter, text)) => (Some(filter.clone()), format!(" where {text}")),
            None => (None, String::new()),
        };
        let (function, argument, columns) = (AggregateFunction::Count, None, Vec::new());
        let ty = Type::Integer;
        let aggregate = Aggregate { source: *source, function, argument, period, filter, ty, columns };
        analyser.add_aggregate(format!("count({table}{when}{condition})"), false, aggregate)
    }
}

/// The index of the table with this name; `None` after a diagnostic unless it is a table with a date.
fn dated_table(name: &str, span: Span, kind: &str, analyser: &mut Analyser) -> Option<usize> {
    let sources = analyser.sources();
    let found = sources.iter().position(|s| s.name == name);
    let dated: Vec<String> = sources.iter().filter(|s| s.is_dated()).map(|s| s.name.clone()).collect();
    if let Some(source) = found.filter(|source| sources[*source].is_dated()) {
        analyser.add_reference(name, span);
        return Some(source);
    }
    let known = format!("tables with a date are: {}", dated.join(", "));
    let diagnostic = match found {
        None => {
            let diagnostic = Diagnostic::new(Code::E0301, format!("unknown source `{name}`")).at(span);
            diagnostic.suggest_or_else(name, dated.iter().map(String::as_str), |diagnostic| diagnostic.help(known))
        }
        Some(_) if dated.is_empty() => {
            let message = format!("`{kind}` needs a table of events with a date");
            Diagnostic::new(Code::E0405, message).at(span).help("add `date: COLUMN` to the source")
        }
        Some(source) => {
            let message = format!("`{kind}` needs a table of events with a date, and `{name}` has none");
            Diagnostic::new(Code::E0405, message).at(span).label(sources[source].span, "declared here").help(known)
        }
    };
    analyser.out.push(diagnostic);
    None
}

/// The index of the only table with a date; `None` after a diagnostic if none or several have one.
fn only_table(span: Span, kind: &str, analyser: &mut Analyser) -> Option<usize> {
    let dated: Vec<usize> = (0..analyser.sources().len()).filter(|i| analyser.sources()[*i].is_dated()).collect();
    if let [only] = dated.as_slice() {
        return Some(*only);
    }
    let names: Vec<&str> = dated.iter().map(|i| analyser.sources()[*i].name.as_str()).collect();
    let (message, help) = match names.first() {
        None => (format!("`{kind}` needs a table of events with a date"), "add `date: COLUMN` to a source".to_owned()),
        Some(first) => {
            (format!("`{kind}` needs `of`: {} all have a date", names.join(", ")), format!("add `of: {first}`"))
        }
    };
    analyser.out.push(Diagnostic::new(Code::E0405, message).at(span).help(help));
    None
}
