//! One namespace for sources, periods, fields, rules and functions: a name means one thing.

use accolade_core::model::Source;
use accolade_parser::syntax::file::RuleFile;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use indexmap::IndexMap;
use indexmap::map::Entry;

use super::{Definition, aggregates, columns};
use crate::analysis::Plugins;

pub(super) fn collect<'a>(
    file: &'a RuleFile,
    sources: &[Source],
    plugins: &Plugins,
    out: &mut Diagnostics,
) -> IndexMap<String, Definition<'a>> {
    let mut names = IndexMap::new();
    let mut places: IndexMap<String, Span> = IndexMap::new();
    let mut define = |name: &str, span: Span, definition: Definition<'a>| {
        if let Some(what) = reserved(name, plugins) {
            out.push(
                Diagnostic::new(Code::E0302, format!("`{name}` is already {what}"))
                    .at(span)
                    .help("choose another name: a name means one thing in a rule file"),
            );
            return;
        }
        match places.entry(name.to_owned()) {
            Entry::Occupied(first) => out.push(
                Diagnostic::new(Code::E0302, format!("`{name}` is defined twice"))
                    .at(span)
                    .label(*first.get(), "first defined here")
                    .help("choose another name: sources, periods, fields and rules share one namespace"),
            ),
            Entry::Vacant(place) => {
                place.insert(span);
                names.insert(name.to_owned(), definition);
            }
        }
    };
    for (index, source) in sources.iter().enumerate() {
        define(&source.name, source.span, Definition::Source(index));
    }
    for period in file.periods.values() {
        define(&period.name.value, period.name.span, Definition::Period);
    }
    if let Some((_, customers)) = columns::customers(sources) {
        for (index, column) in customers.stored().iter().enumerate() {
            define(&column.name, column.span, Definition::Column(index));
        }
    }
    let profile = &file.profile;
    for section in [&profile.administrative, &profile.quantitative, &profile.qualitative] {
        for metric in section.values().filter(|m| !m.bare) {
            define(&metric.name.value, metric.name.span, Definition::Metric(metric));
        }
    }
    for function in file.functions.values() {
        define(&function.name.value, function.name.span, Definition::Function);
    }
    for rule in file.rules.values() {
        define(&rule.name.value, rule.name.span, Definition::Rule(rule));
    }
    for programme in file.programmes.values() {
        define(&programme.name.value, programme.name.span, Definition::Programme(programme));
    }
    // Measures and goals are not fields, but their names must be unique too.
    let figures = file.measures.values().map(|m| &m.name).chain(file.goals.values().map(|g| &g.name));
    for name in figures {
        match places.entry(name.value.clone()) {
            Entry::Occupied(first) => out.push(
                Diagnostic::new(Code::E0302, format!("`{}` is defined twice", name.value))
                    .at(name.span)
                    .label(*first.get(), "first defined here"),
            ),
            Entry::Vacant(place) => {
                place.insert(name.span);
            }
        }
    }
    names
}

fn reserved(name: &str, plugins: &Plugins) -> Option<&'static str> {
    if name == "as_of" {
        Some("the date of the run")
    } else if aggregates::function(name).is_some() {
        Some("an aggregate function")
    } else if plugins.functions().iter().any(|f| f.name == name) {
        Some("a function")
    } else {
        None
    }
}

/// Adds "did you mean" when one of the candidates is close.
pub fn with_suggestion(diagnostic: Diagnostic, name: &str, candidates: &[&str]) -> Diagnostic {
    diagnostic.suggest_or_else(name, candidates.iter().copied(), |diagnostic| {
        if candidates.is_empty() || candidates.len() > 12 {
            return diagnostic;
        }
        diagnostic.help(format!("the known names are {}", candidates.join(", ")))
    })
}
