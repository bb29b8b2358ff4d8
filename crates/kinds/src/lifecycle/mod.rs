//! The lifecycle stage of a customer: whether it bought in a period, in the one before, and ever.
//!
//! If there is time between the two periods, an event in it is in neither. A customer that buys again is won back only
//! if it bought before both periods.

mod describe;
mod explain;
mod present;
mod rate;
mod sql;

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::period::resolve;
use accolade_core::model::{Period, Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Span};
use accolade_rules::analysis::{Analyser, Key, NameKind, RuleKind, Shape};
use accolade_rules::explain::Field;
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::labels::Labels;

use super::activity;
use super::activity::Activity;

pub(super) static KIND: RuleKind = RuleKind {
    name: "lifecycle",
    summary: "labels customers as new, active, won back, lapsed, inactive or prospect",
    keys: &[
        activity::TABLE_KEY,
        Key::required("before", Shape::Name(NameKind::Period), "the period to compare with"),
        Key::required("now", Shape::Name(NameKind::Period), "the period after it"),
        activity::CONDITION_KEY,
    ],
    labels: |_| Vec::new(),
    compile,
};

/// The test of a label: indices into [`Lifecycle::counts`], each with whether the count is above zero.
type StageTest = &'static [(usize, bool)];

const NOW: usize = 0;
const BEFORE: usize = 1;
const EARLIER: usize = 2;
const EVER: usize = 3;

/// The labels and their tests, of which exactly one holds for each customer.
const LABELS: [(&str, StageTest); 6] = [
    ("new", &[(NOW, true), (BEFORE, false), (EARLIER, false)]),
    ("active", &[(NOW, true), (BEFORE, true)]),
    ("won_back", &[(NOW, true), (BEFORE, false), (EARLIER, true)]),
    ("lapsed", &[(NOW, false), (BEFORE, true)]),
    ("inactive", &[(NOW, false), (BEFORE, false), (EVER, true)]),
    ("prospect", &[(NOW, false), (BEFORE, false), (EVER, false)]),
];

#[derive(Debug)]
struct Lifecycle {
    /// The numbers of events now, in the period before, earlier than that, and ever.
    counts: [Field; 4],
    /// The time of each count in words.
    count_times: [String; 4],
    labels: Labels,
    periods: Vec<Period>,
    /// Indices of the periods.
    before: usize,
    now: usize,
    /// The place of `now` in the rule file.
    span: Span,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let before = parameters.required("before", analyser.out);
    let now = parameters.required("now", analyser.out);
    let activity = Activity::compile(&parameters, KIND.name, analyser)?;
    let (before, now) = (period(before?, &activity, analyser), period(now?, &activity, analyser));
    let ((before, _), (now, span)) = (before?, now?);
    let names = [before, now].map(|index| analyser.period(index).name.clone());
    let [of_before, of_now] = &names;
    let counts = [
        activity.add_count(Some(AggregatePeriod::Whole(now)), &format!(" in {of_now}"), analyser),
        activity.add_count(Some(AggregatePeriod::Whole(before)), &format!(" in {of_before}"), analyser),
        activity.add_count(Some(AggregatePeriod::Before(before)), &format!(" before {of_before}"), analyser),
        activity.add_count(None, "", analyser),
    ];
    let words = [format!("in {of_now}"), format!("in {of_before}"), format!("before {of_before}"), "at all".to_owned()];
    let compiled = Lifecycle {
        counts: counts.map(|slot| analyser.field_of_slot(slot)),
        count_times: words,
        labels: LABELS.iter().map(|(label, _)| (*label).to_owned()).collect(),
        periods: analyser.periods().to_vec(),
        before,
        now,
        span,
    };
    // Periods that depend on the date of the run are checked again when it is known.
    if let Some(wrong) = analyser.declared_as_of().and_then(|as_of| compiled.out_of_order(as_of)) {
        analyser.out.push(wrong);
        return None;
    }
    Some(Box::new(compiled))
}

fn period(node: &Node, activity: &Activity, analyser: &mut Analyser) -> Option<(usize, Span)> {
    let name = fields::text(node, analyser.out)?;
    Some((analyser.dated_period(activity.source, name.text.trim(), name.span)?, name.span))
}

impl Lifecycle {
    fn stage_of(&self, record: &[Value]) -> usize {
        let domain = Domain::of(Type::Integer);
        let count = |i: usize| domain.and_then(|d| d.key(record.get(self.counts[i].slot)?));
        stage(|i| count(i).is_some_and(|n| n > 0))
    }

    /// The error for a period `now` that does not begin after the end of `before`.
    fn out_of_order(&self, as_of: i32) -> Option<Diagnostic> {
        let periods = resolve(&self.periods, as_of)?;
        let (before, now) = (periods[self.before].days, periods[self.now].days);
        if before.last < now.first {
            return None;
        }
        let [of_before, of_now] = [self.before, self.now].map(|index| self.periods[index].name.as_str());
        let message = format!("`{of_before}` does not end before `{of_now}` begins");
        let ends = [(of_before, before), (of_now, now)].map(|(name, days)| {
            format!("`{name}` is {} to {}", accolade_core::show::date(days.first), accolade_core::show::date(days.last))
        });
        Some(Diagnostic::new(Code::E0511, message).at(self.span).help(ends.join(", ")))
    }
}

/// The index of the label whose test holds; `any` returns whether a count is above zero.
fn stage(any: impl Fn(usize) -> bool) -> usize {
    let holds = |test: StageTest| test.iter().all(|(count, wanted)| any(*count) == *wanted);
    LABELS.iter().position(|(_, test)| holds(test)).unwrap_or(LABELS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_combination_just_one_test_holds() {
        for bits in 0..16u8 {
            let any = |i: usize| bits & (1 << i) != 0;
            let holds = |test: StageTest| test.iter().all(|(count, wanted)| any(*count) == *wanted);
            assert_eq!(LABELS.iter().filter(|(_, test)| holds(test)).count(), 1, "{bits:04b}");
        }
    }
}
