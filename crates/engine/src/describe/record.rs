//! The customer record: each field and how it is computed.

use std::sync::Arc;

use accolade_core::model::function::Function;
use accolade_core::model::{Operation, TypedExpr};
use accolade_parser::syntax::file::Metric;
use accolade_rules::describe::{Block, DescriptionPart, code, formula};
use accolade_rules::set::{RuleSet, Step};
use indexmap::IndexMap;

use super::sources::type_words;

/// The fields of the profile, by section.
pub(super) fn part(set: &RuleSet) -> DescriptionPart {
    let profile = &set.written.profile;
    let sections = [
        ("Administrative", &profile.administrative),
        ("Quantitative", &profile.quantitative),
        ("Qualitative", &profile.qualitative),
    ];
    let mut parts: Vec<DescriptionPart> =
        sections.into_iter().map(|(title, fields)| section(set, title, fields)).collect();
    parts.retain(|part| !part.is_empty());
    let functions = functions(set);
    if !functions.is_empty() {
        let rows = functions.iter().map(|function| vec![code(function.name), function.doc.to_owned()]);
        parts.push(DescriptionPart::new("Functions in the formulas", vec![Block::table(&["function", "gives"], rows)]));
    }
    DescriptionPart { title: "The customer record".to_owned(), blocks: Vec::new(), parts }
}

fn section(set: &RuleSet, title: &str, fields: &IndexMap<String, Metric>) -> DescriptionPart {
    if fields.is_empty() {
        return DescriptionPart::default();
    }
    let rows = fields.iter().map(|(name, metric)| {
        let slot = set.slot(name).map(|slot| &set.demand.slots[slot]);
        let mut what = slot.map_or_else(String::new, |slot| type_words(slot.ty).to_owned());
        if slot.is_some_and(|slot| slot.nullable) {
            what += ", may be missing";
        }
        let is_column = metric.bare || metric.expr.to_string() == *name;
        let words = if is_column { "as in the data".to_owned() } else { formula(&metric.expr) };
        let written = if is_column { String::new() } else { code(&metric.expr.to_string()) };
        vec![code(name), words, what, written]
    });
    DescriptionPart::new(title, vec![Block::table(&["field", "is", "holds", "as written"], rows)])
}

/// The functions of the expression language that fields are computed with, each once.
fn functions(set: &RuleSet) -> Vec<Arc<Function>> {
    let mut found = Vec::new();
    for step in &set.steps {
        if let Step::Metric { expr, .. } = step {
            collect(expr, &mut found);
        }
    }
    for argument in
        set.demand.aggregates.iter().flat_map(|aggregate| aggregate.argument.iter().chain(&aggregate.filter))
    {
        collect(argument, &mut found);
    }
    found
}

fn collect(expr: &TypedExpr, found: &mut Vec<Arc<Function>>) {
    if let Operation::Call(function, _) = &expr.operation
        && !found.iter().any(|known| known.name == function.name)
    {
        found.push(Arc::clone(function));
    }
    expr.operands().into_iter().for_each(|operand| collect(operand, found));
}
