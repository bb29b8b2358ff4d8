//! Descriptions of names, as Markdown.

use accolade_engine::model::period::resolve;
use accolade_engine::rules::analysis::ReferenceTarget;
use accolade_engine::rules::set::Step;
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::{RuleSet, show};
use accolade_parser::syntax::file::{RuleDecl, RuleFile, SourceDecl};
use accolade_parser::yaml::node::Node;

use crate::server::main_loop::LanguageServer;
use crate::server::names;
use crate::server::names::NamedItem;
use crate::server::project::Analysis;

/// The description of a target, if it is defined.
pub(super) fn target(server: &LanguageServer, analysis: &Analysis, target: &ReferenceTarget) -> Option<String> {
    let compilation = analysis.compilation.as_ref()?;
    let file = compilation.written.as_ref()?;
    // Types and dates come from the last analysis without errors.
    let good = server.project.last_good(&analysis.root)?;
    let set = good.compilation.as_ref().and_then(|compilation| compilation.set.as_ref());
    match target {
        ReferenceTarget::Name(name) => named(server, analysis, file, set, name),
        ReferenceTarget::Column(source, column) => {
            let NamedItem::Column(source, column) = names::column(file, source, column)? else { return None };
            let (table, column_name) = (&source.name.value, &column.name.value);
            Some(format!("column `{table}.{column_name}`: {}", column.kind.value))
        }
        ReferenceTarget::Label(field, label) => label_of(server, analysis, file, field, label),
    }
}

fn named(
    server: &LanguageServer,
    analysis: &Analysis,
    file: &RuleFile,
    set: Option<&RuleSet>,
    name: &str,
) -> Option<String> {
    let described = |text: &Option<accolade_parser::Name>| match text {
        Some(text) => format!("\n\n{}", text.value),
        None => String::new(),
    };
    Some(match names::find(file, name)? {
        NamedItem::Source(source) => source_of(source),
        NamedItem::Period(period) => {
            let days = set.and_then(|set| {
                let index = set.demand.periods.iter().position(|p| p.name == name)?;
                let range = resolve(&set.demand.periods, set.as_of?)?.get(index)?.days;
                Some(format!("\n\n{} to {}", show::date(range.first), show::date(range.last)))
            });
            format!("period `{name}`: {}{}", period.spec.value, days.unwrap_or_default())
        }
        NamedItem::Column(source, column) => format!("column `{}.{name}`: {}", source.name.value, column.kind.value),
        NamedItem::Field(metric) => {
            format!("field `{name}`{}\n\n```accolade\n{}\n```", type_of(set, name), metric.expr)
        }
        NamedItem::Function(function) => {
            let arguments = function.arguments.values().map(|a| format!("{}: {}", a.name.value, a.kind.value));
            let arguments = arguments.collect::<Vec<_>>().join(", ");
            format!("function `{name}({arguments})`: {}", function.returns.value)
        }
        NamedItem::Rule(rule) => {
            let kind = server.options.plugins.kinds().iter().find(|k| k.name == rule.kind.value);
            let summary = kind.map_or("", |kind| kind.summary);
            let cut_offs = server.cut_offs.of(&analysis.root).and_then(|known| {
                let cut_offs = known.rules.get(name)?;
                Some(format!("\n\ncut-offs of {}:\n{}", known.origin, list(cut_offs)))
            });
            let (outputs, cut_offs) = (outputs(set, name), cut_offs.unwrap_or_default());
            format!(
                "rule `{name}` of kind {}: {summary}{}{outputs}{cut_offs}",
                rule.kind.value,
                described(&rule.description)
            )
        }
        NamedItem::Measure(measure) => {
            format!(
                "measure `{name}`{}\n\n```accolade\n{}\n```",
                described(&measure.description),
                measure.measure.value
            )
        }
        NamedItem::Programme(programme) => {
            format!("programme `{name}`{}\n\nmembers: `{}`", described(&programme.description), programme.members)
        }
        NamedItem::Goal(goal) => {
            let (measure, target) = (&goal.measure.value, &goal.target.value);
            format!("goal `{name}`{}\n\n```accolade\n{measure} {target}\n```", described(&goal.description))
        }
    })
}

fn source_of(source: &SourceDecl) -> String {
    let what = if source.key.is_some() { "the customers" } else { "events" };
    let file = source.file.as_ref().map_or_else(String::new, |file| format!(" from `{}`", file.value));
    let columns = source.columns.values().map(|c| format!("- `{}`: {}\n", c.name.value, c.kind.value));
    format!("source `{}`: {what}{file}\n\n{}", source.name.value, columns.collect::<String>())
}

fn type_of(set: Option<&RuleSet>, name: &str) -> String {
    let slot = set.and_then(|set| set.demand.slots.iter().find(|slot| slot.name == name));
    slot.map_or_else(String::new, |slot| {
        let optional = if slot.nullable { ", may be missing" } else { "" };
        let labels = slot.labels.as_ref().map_or_else(String::new, |labels| format!(", one of {}", labels.join(", ")));
        format!(": {}{optional}{labels}", slot.ty)
    })
}

/// The outputs of a rule, with their types.
fn outputs(set: Option<&RuleSet>, name: &str) -> String {
    let Some(set) = set else { return String::new() };
    let slots = set.steps.iter().find_map(|step| match step {
        Step::Rule { name: rule, slots, .. } if rule == name => Some(slots),
        _ => None,
    });
    let line = |slot: &usize| {
        let name = &set.demand.slots[*slot].name;
        format!("- `{name}`{}\n", type_of(Some(set), name))
    };
    format!("\n\n{}", slots.into_iter().flatten().map(line).collect::<String>())
}

fn list(cut_offs: &CutOffs) -> String {
    let line = |name: &String| format!("- {name}: {}\n", edges(cut_offs, name));
    cut_offs.0.keys().map(line).collect()
}

fn edges(cut_offs: &CutOffs, name: &str) -> String {
    cut_offs.get(name).iter().map(|edge| edge.bound().to_string()).collect::<Vec<_>>().join(", ")
}

/// The text that a rule defines a label of a field by.
fn label_definition(server: &LanguageServer, rule: Option<&RuleDecl>, field: &str, label: &str) -> Option<String> {
    let rule = rule?;
    let kind = server.options.plugins.kinds().iter().find(|kind| kind.name == rule.kind.value)?;
    let mut labels = (kind.labels)(&rule.parameters).into_iter();
    let known = labels.find(|known| known.label.text == label && known.field(&rule.name.value) == field)?;
    if let Some(Node::Scalar(text)) = known.value { Some(text.text.clone()) } else { None }
}

/// The description of a label: its definition, and the value at which it begins.
fn label_of(server: &LanguageServer, analysis: &Analysis, file: &RuleFile, field: &str, label: &str) -> Option<String> {
    let rule = field.split('.').next().unwrap_or(field);
    let mut text = format!("`{label}` of `{field}`");
    if let Some(says) = label_definition(server, file.rules.get(rule), field, label) {
        text += &format!(": {says}");
    }
    if let Some(known) = server.cut_offs.of(&analysis.root)
        && let Some(cut_offs) = known.rules.get(rule).filter(|cut_offs| !cut_offs.get(label).is_empty())
    {
        text += &format!("\n\nbegins at {}, from {}", edges(cut_offs, label), known.origin);
    }
    Some(text)
}
