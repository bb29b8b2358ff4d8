//! One page about a customer: the profile by section, every rule's result, and what would change it.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Diagnostics;
use accolade_rules::explain::LabelOrder;
use accolade_rules::set::{RowRater, Step};

use super::nearest::{FieldChange, NearestChange, Reach, label_slot};
use super::{FieldValue, RuleExplanation, Usage, explain, find, input, reason};
use crate::run::Outcome;

/// A customer at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerPage {
    /// The customer's key.
    pub customer: Value,
    /// The customer's name, if the profile has one.
    pub name: Option<String>,
    /// The sections of the profile that have fields.
    pub sections: Vec<PageSection>,
    /// The rules, in the order of the file.
    pub results: Vec<PageResult>,
    /// For each rule that has one, the nearest change to another label, a better label if one can be reached.
    pub changes: Vec<PageChange>,
}

/// A section of the profile.
#[derive(Clone, Debug, PartialEq)]
pub struct PageSection {
    /// The key of the section in a rule file.
    pub name: &'static str,
    /// Its fields.
    pub fields: Vec<FieldValue>,
}

/// A rule's results for the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct PageResult {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its description.
    pub description: Option<String>,
    /// Its results, the main one first.
    pub results: Vec<FieldValue>,
    /// The names of results that are left out because they need all customers.
    pub left_out: Vec<String>,
    /// The short reason for them.
    pub why: Option<String>,
}

/// A change that gives a rule another label.
#[derive(Clone, Debug, PartialEq)]
pub struct PageChange {
    /// The rule's name.
    pub rule: String,
    /// The label it would have.
    pub label: String,
    /// The changes of fields, all of them needed together.
    pub moves: Vec<FieldChange>,
}

/// The page of the customer at `row` of a run, with the rater of that run. The results in `left_out` are named without
/// their value.
///
/// # Errors
/// Never fails for a customer that has been rated.
pub fn page(rater: &RowRater, outcome: &Outcome, row: usize, left_out: &[SlotId]) -> Result<CustomerPage, Diagnostics> {
    let set = rater.set();
    let record = outcome.frame.record(row);
    let explanation = explain(rater, &Usage::default(), &record, &[], left_out)?;
    let (mut results, mut changes) = (Vec::new(), Vec::new());
    for fact in explanation.rules {
        let is_its = |step: &&Step| matches!(step, Step::Rule { name, .. } if *name == fact.rule.text);
        let Some(step @ Step::Rule { description, rule: compiled, .. }) = set.steps.iter().find(is_its) else {
            continue;
        };
        if let Some(slot) = label_slot(set, step) {
            let labels = set.demand.slots[slot].labels.as_deref().unwrap_or_default();
            changes.extend(change(&fact, &record[slot], labels, compiled.label_order()));
        }
        let why = match reason(set, step, outcome, row)? {
            Value::Text(why) if !why.is_empty() => Some(why.to_string()),
            _ => None,
        };
        let RuleExplanation { rule, kind, results: parts, left_out, .. } = fact;
        let description = description.clone();
        results.push(PageResult { rule: rule.text, kind, description, results: parts, left_out, why });
    }
    let fields = |slots: &[SlotId]| -> Vec<FieldValue> {
        slots.iter().filter(|slot| **slot != 0).map(|slot| input(set, &record, *slot)).collect()
    };
    let mut sections = vec![
        PageSection { name: "administrative", fields: fields(&set.profile.administrative) },
        PageSection { name: "quantitative", fields: fields(&set.profile.quantitative) },
        PageSection { name: "qualitative", fields: fields(&set.profile.qualitative) },
    ];
    let name =
        sections[0].fields.iter().find(|field| is_a_name(field)).map(|field| accolade_core::show::value(&field.value));
    sections.retain(|section| !section.fields.is_empty());
    Ok(CustomerPage { customer: explanation.customer, name, sections, results, changes })
}

/// Whether a field holds what the customer is called.
fn is_a_name(field: &FieldValue) -> bool {
    let given = matches!(&field.value, Value::Text(text) if !text.trim().is_empty());
    given && field.ty == Type::Text && find::is_a_name(&field.name)
}

/// The nearest change of a rule: to the next better label that can be reached, else to the first that can.
fn change(fact: &RuleExplanation, own: &Value, labels: &[String], order: LabelOrder) -> Option<PageChange> {
    let own = labels.iter().position(|label| Value::text(label) == *own);
    let place = |nearest: &NearestChange| labels.iter().position(|label| *label == nearest.label);
    let steps_up = |nearest: &NearestChange| {
        let (own, other) = (own?, place(nearest)?);
        let (from, to) = match order {
            LabelOrder::BestFirst => (own, other),
            LabelOrder::Grid => (other, own),
        };
        from.checked_sub(to).filter(|steps| *steps > 0)
    };
    let reachable = fact.nearest.iter().filter_map(|nearest| {
        let moves: Vec<FieldChange> = match &nearest.reach {
            Reach::Alone(moves) => moves.iter().take(1).cloned().collect(),
            Reach::Together(moves) => moves.clone(),
            Reach::NotFound | Reach::NoField => return None,
        };
        // In a grid, a cell that a change of one field reaches is nearer, whatever its place.
        let far = order == LabelOrder::Grid && moves.len() > 1;
        let (worse, steps) = steps_up(nearest).map_or((true, 0), |steps| (false, steps));
        // A change to zero, such as a customer who stops buying, is no advice for a visit and comes last.
        let stops = moves.iter().any(to_nothing);
        let rank = (stops, worse, far && !worse, steps);
        Some((rank, PageChange { rule: fact.rule.text.clone(), label: nearest.label.clone(), moves }))
    });
    reachable.min_by_key(|(rank, _)| *rank).map(|(_, change)| change)
}

/// Whether a quantity would have to go to zero.
fn to_nothing(change: &FieldChange) -> bool {
    matches!(change.to, Value::Money(0) | Value::Integer(0)) && change.from != change.to
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_rules::explain::{Derivation, SourceText};

    /// A field that goes to `to`.
    fn by(field: usize, to: i64) -> FieldChange {
        let (from, to) = (Value::Integer(7), Value::Integer(to));
        FieldChange { field: format!("f{field}"), slot: field, ty: Type::Integer, from, to }
    }

    fn fact(nearest: &[(&str, usize)]) -> RuleExplanation {
        let nearest = nearest.iter().map(|(label, moves)| NearestChange {
            label: (*label).to_owned(),
            reach: match *moves {
                0 => Reach::NotFound,
                1 => Reach::Alone(vec![by(1, 8), by(2, 8)]),
                STOPS => Reach::Alone(vec![by(1, 0)]),
                moves => Reach::Together((0..moves).map(|field| by(field, 8)).collect()),
            },
            not_followed: Vec::new(),
        });
        let (rule, derivation) = (SourceText::without_span("rule"), Derivation::default());
        let (results, left_out) = (Vec::new(), Vec::new());
        RuleExplanation { rule, kind: "kind", results, left_out, derivation, nearest: nearest.collect() }
    }

    /// A label that is reached when a field goes to zero.
    const STOPS: usize = 9;

    /// Labels are A to D; `own` is the customer's, each other has the number of fields that must change (0: no way).
    fn check(order: LabelOrder, own: &str, nearest: &[(&str, usize)], expected: Option<(&str, usize)>) {
        let labels = ["A", "B", "C", "D"].map(str::to_owned);
        let change = change(&fact(nearest), &Value::text(own), &labels, order);
        let found = change.as_ref().map(|change| (change.label.as_str(), change.moves.len()));
        assert_eq!(found, expected, "{order:?} {own} {nearest:?}");
    }

    #[test]
    fn the_next_better_label_that_can_be_reached_is_the_nearest() {
        check(LabelOrder::BestFirst, "C", &[("A", 1), ("B", 1), ("D", 1)], Some(("B", 1)));
        check(LabelOrder::BestFirst, "C", &[("A", 1), ("B", 0), ("D", 1)], Some(("A", 1)));
        check(LabelOrder::BestFirst, "A", &[("B", 1), ("C", 1), ("D", 1)], Some(("B", 1)));
        check(LabelOrder::BestFirst, "B", &[("A", 2), ("C", 1), ("D", 1)], Some(("A", 2)));
        check(LabelOrder::BestFirst, "B", &[("A", 0), ("C", 0), ("D", 0)], None);
        check(LabelOrder::BestFirst, "not a label", &[("A", 0), ("B", 3), ("C", 1), ("D", 0)], Some(("B", 3)));
    }

    #[test]
    fn to_stop_buying_is_the_last_thing_to_tell() {
        check(LabelOrder::BestFirst, "B", &[("A", STOPS), ("C", 1), ("D", 1)], Some(("C", 1)));
        check(LabelOrder::BestFirst, "B", &[("A", STOPS), ("C", 0), ("D", 0)], Some(("A", 1)));
        check(LabelOrder::BestFirst, "C", &[("A", 2), ("B", STOPS), ("D", 1)], Some(("A", 2)));
    }

    #[test]
    fn a_grid_goes_from_low_to_high() {
        check(LabelOrder::Grid, "B", &[("A", 1), ("C", 2), ("D", 1)], Some(("D", 1)));
        check(LabelOrder::Grid, "B", &[("A", 1), ("C", 2), ("D", 2)], Some(("C", 2)));
        check(LabelOrder::Grid, "D", &[("A", 0), ("B", 1), ("C", 1)], Some(("B", 1)));
    }

    #[test]
    fn a_name_is_a_text_field_that_says_so() {
        let check = |name: &str, value: Value, expected: bool| {
            let ty = if matches!(value, Value::Integer(_)) { Type::Integer } else { Type::Text };
            assert_eq!(is_a_name(&FieldValue { name: name.to_owned(), ty, value }), expected, "{name}");
        };
        check("name", Value::text("Jansen"), true);
        check("company_name", Value::text("Jansen"), true);
        check("Naam", Value::text("Jansen"), true);
        check("city", Value::text("Gent"), false);
        check("nameplate", Value::text("x"), false);
        check("name", Value::text(" "), false);
        check("name", Value::Null, false);
        check("name", Value::Integer(3), false);
    }
}
