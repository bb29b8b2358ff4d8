//! Where a customer stands in its life with us: by whether it bought in a period, in the one before, and ever.
//!
//! An event between the two periods, where they do not touch, is in neither: only one before both makes a customer that
//! buys again one that was won back.

mod describe;
mod sql;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use arrow::array::ArrayRef;

use super::activity::Activity;
use super::{activity, labels};
use accolade_core::frame::column;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::period::resolve;
use accolade_core::model::{Period, SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys};
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Shape, Sort};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

pub(super) static KIND: Kind = Kind {
    name: "lifecycle",
    summary: "tells new, active, won back, lapsed and inactive customers and prospects",
    keys: &[
        activity::OF,
        Key::required("before", Shape::Name(Sort::Period), "the period to compare with"),
        Key::required("now", Shape::Name(Sort::Period), "the period after it"),
        activity::WHERE,
    ],
    compile,
};

/// Which counts a label looks at, by their place in [`Lifecycle::counts`], and whether there is any event.
type Test = &'static [(usize, bool)];

const NOW: usize = 0;
const BEFORE: usize = 1;
const EARLIER: usize = 2;
const EVER: usize = 3;

/// The labels; each customer has just one.
const LABELS: [(&str, Test); 6] = [
    ("new", &[(NOW, true), (BEFORE, false), (EARLIER, false)]),
    ("active", &[(NOW, true), (BEFORE, true)]),
    ("won_back", &[(NOW, true), (BEFORE, false), (EARLIER, true)]),
    ("lapsed", &[(NOW, false), (BEFORE, true)]),
    ("inactive", &[(NOW, false), (BEFORE, false), (EVER, true)]),
    ("prospect", &[(NOW, false), (BEFORE, false), (EVER, false)]),
];

#[derive(Debug)]
struct Lifecycle {
    /// The numbers of events now, in the period before, earlier than that, and at all.
    counts: [Field; 4],
    /// Each in words.
    words: [String; 4],
    labels: Labels,
    periods: Vec<Period>,
    /// Indices of the periods.
    before: usize,
    now: usize,
    /// Where the rule says which periods.
    span: Span,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let before = parameters.required("before", analyser.out);
    let now = parameters.required("now", analyser.out);
    let activity = Activity::compile(&parameters, KIND.name, analyser)?;
    let (before, now) = (period(before?, &activity, analyser), period(now?, &activity, analyser));
    let ((before, _), (now, span)) = (before?, now?);
    let names = [before, now].map(|index| analyser.period(index).name.clone());
    let [of_before, of_now] = &names;
    let counts = [
        activity.count(Some(AggregatePeriod::Whole(now)), &format!(" in {of_now}"), analyser),
        activity.count(Some(AggregatePeriod::Whole(before)), &format!(" in {of_before}"), analyser),
        activity.count(Some(AggregatePeriod::Until(before)), &format!(" before {of_before}"), analyser),
        activity.count(None, "", analyser),
    ];
    let words = [format!("in {of_now}"), format!("in {of_before}"), format!("before {of_before}"), "at all".to_owned()];
    let compiled = Lifecycle {
        counts: counts.map(|slot| analyser.named(slot)),
        words,
        labels: LABELS.iter().map(|(label, _)| (*label).to_owned()).collect(),
        periods: analyser.periods().to_vec(),
        before,
        now,
        span,
    };
    // Periods that hang on the date of the run are looked at again when it is known.
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

impl CompiledRule for Lifecycle {
    fn outputs(&self) -> Vec<Output> {
        vec![Output::label("stage", self.labels.to_vec(), false)]
    }

    fn calibrate(&self, population: &Population, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        match self.out_of_order(population.context.env.as_of) {
            Some(wrong) => Err(Diagnostics(vec![wrong])),
            None => Ok(Calibration::default()),
        }
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let mut counts = Vec::new();
        for field in &self.counts {
            let keys = Keys::of(column(batch.frame, field.slot)?);
            counts.push(keys.ok_or_else(|| unfit(batch.context.rule, "need counts"))?);
        }
        let stage = |row: usize| stage(|i| counts[i].get(row).is_some_and(|n| n > 0));
        Ok(vec![labels::column(&self.labels, (0..batch.frame.rows).map(|row| Some(stage(row))))])
    }

    fn rate_row(&self, record: &[Value], _: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        Ok(vec![self.labels.value(Some(self.of(record)))])
    }

    fn reads(&self) -> Vec<SlotId> {
        self.counts.iter().map(|field| field.slot).collect()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }

    fn branches(&self) -> Vec<Branch> {
        self.labels.iter().map(|label| Branch::new("stage", label.clone(), None)).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        // Now, before, earlier, at all.
        let cases = [[1, 0, 0, 1], [1, 1, 0, 2], [1, 0, 1, 2], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]];
        let row = |case: [i64; 4]| self.reads().into_iter().zip(case.map(Value::Integer)).collect();
        cases.into_iter().map(row).collect()
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let chosen = self.of(record);
        let reason = |i: usize| {
            let (label, test) = LABELS[i];
            let inputs = test.iter().map(|(count, _)| self.counts[*count].of(record)).collect();
            Reason::new(label, inputs, Written::nowhere(self.test(i)), Verdict::known(i == chosen))
        };
        let reasons = (0..=chosen).map(reason).collect();
        let decided_by = Some(Written::nowhere(self.test(chosen)));
        Ok(Derivation { decided_by, reasons, reached: vec![chosen] })
    }

    fn course(&self, _: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        let any = |field: &Field| lever.reached(field.slot, &[1]);
        self.counts.iter().try_fold(lever.constant(), |all, field| all.still(&any(field)?))
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = (0..LABELS.len()).map(|i| self.test(i)).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn levers(&self) -> Vec<SlotId> {
        self.reads()
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.groups(&self.labels)]
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}

impl Lifecycle {
    fn of(&self, record: &[Value]) -> usize {
        let domain = Domain::of(Type::Integer);
        let count = |i: usize| domain.and_then(|d| d.key(record.get(self.counts[i].slot)?));
        stage(|i| count(i).is_some_and(|n| n > 0))
    }

    /// What a label asks, in words.
    fn test(&self, label: usize) -> String {
        let part = |(count, any): &(usize, bool)| format!("{}{}", if *any { "" } else { "not " }, self.words[*count]);
        LABELS[label].1.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// The error of periods of which the second does not begin after the first has ended.
    fn out_of_order(&self, as_of: i32) -> Option<Diagnostic> {
        let days = resolve(&self.periods, as_of)?;
        let (before, now) = (days[self.before], days[self.now]);
        if before.last < now.first {
            return None;
        }
        let [of_before, of_now] = [self.before, self.now].map(|index| self.periods[index].name.as_str());
        let message = format!("`{of_before}` does not end before `{of_now}` begins");
        let ends = [(of_before, before), (of_now, now)].map(|(name, days)| {
            format!("`{name}` is {} to {}", accolade_core::show::date(days.first), accolade_core::show::date(days.last))
        });
        Some(Diagnostic::new(Code("E0511"), message).at(self.span).help(ends.join(", ")))
    }
}

/// The index of the one label whose test holds of whether there are events.
fn stage(any: impl Fn(usize) -> bool) -> usize {
    let holds = |test: Test| test.iter().all(|(count, wanted)| any(*count) == *wanted);
    LABELS.iter().position(|(_, test)| holds(test)).unwrap_or(LABELS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_combination_just_one_test_holds() {
        for bits in 0..16u8 {
            let any = |i: usize| bits & (1 << i) != 0;
            let holds = |test: Test| test.iter().all(|(count, wanted)| any(*count) == *wanted);
            assert_eq!(LABELS.iter().filter(|(_, test)| holds(test)).count(), 1, "{bits:04b}");
        }
    }
}
