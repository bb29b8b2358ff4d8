//! Promoters, passives and detractors, by the answer to "how likely is it that you would recommend us?" from 0 to 10.
//!
//! Frederick F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003: 9 and 10 are
//! promoters, 7 and 8 passives, 0 to 6 detractors.

mod describe;
mod sql;

use std::sync::Arc;

use accolade_parser::Diagnostics;
use accolade_parser::syntax::file::Rule;
use arrow::array::ArrayRef;

use super::labels;
use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys};
use accolade_core::numbers::exact;
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Answers, Key, Kind, Shape, Sort};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Reason, Verdict, Written};
use accolade_rules::measures::intervals;
use accolade_rules::present::Section;
use accolade_rules::present::chart::{Chart, Gauge, Plot};
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

pub(super) static KIND: Kind = Kind {
    name: "nps",
    summary: "tells promoters, passives and detractors by an answer from 0 to 10",
    keys: &[
        Key::required(
            "answer",
            Shape::EXPRESSION,
            "a column of events, of which a customer's latest answer counts, or a whole number of the record",
        ),
        Key::optional("period", Shape::Name(Sort::Period), "the period in which the answer was given"),
    ],
    compile,
};

/// The categories, and for each its least answer and what it is for.
const CATEGORIES: [(&str, i128, &str); 3] =
    [("promoter", 9, "9..10"), ("passive", 7, "7..8"), ("detractor", 0, "0..6")];

/// The scale.
const ANSWERS: Answers = Answers { low: 0, high: 10, what: "nps" };

#[derive(Debug)]
struct Nps {
    answer: Field,
    domain: Domain,
    nullable: bool,
    labels: Labels,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let node = parameters.required("answer", analyser.out)?;
    let slot = analyser.answer(node, parameters.optional("period"), ANSWERS)?;
    Some(Box::new(Nps {
        answer: analyser.named(slot),
        domain: Domain::of(Type::Integer)?,
        nullable: analyser.slot(slot).nullable,
        labels: CATEGORIES.iter().map(|(label, ..)| (*label).to_owned()).collect(),
    }))
}

/// The index of an answer's category. A test can give an answer that no file could: it has none.
fn category(answer: Option<i128>) -> Option<usize> {
    let answer = answer.filter(|a| (i128::from(ANSWERS.low)..=i128::from(ANSWERS.high)).contains(a))?;
    CATEGORIES.iter().position(|(_, least, _)| answer >= *least)
}

impl CompiledRule for Nps {
    fn outputs(&self) -> Vec<Output> {
        vec![Output::label("category", self.labels.to_vec(), true), Output::new("score", Type::Integer)]
    }

    fn calibrate(&self, _: &Population, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let answers = column(batch.frame, self.answer.slot)?;
        let Some(keys) = Keys::of(answers) else { return Err(unfit(batch.context.rule, "need a whole number")) };
        let categories = labels::column(&self.labels, (0..batch.frame.rows).map(|row| category(keys.get(row))));
        Ok(vec![categories, Arc::clone(answers)])
    }

    fn rate_row(&self, record: &[Value], _: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let answer = record.get(self.answer.slot).cloned().unwrap_or(Value::Null);
        Ok(vec![self.labels.value(category(self.domain.key(&answer))), answer])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.answer.slot]
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }

    fn branches(&self) -> Vec<Branch> {
        let labels = self.labels.iter().map(|label| Branch::new("category", label.clone(), None));
        let none = self.nullable.then(|| Branch::new("missing value", "no answer", None));
        labels.chain(none).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        let missing = self.nullable.then_some(Value::Null);
        let answers = [0, 6, 7, 8, 9, 10].map(Value::Integer).into_iter().chain(missing);
        answers.map(|answer| vec![(self.answer.slot, answer)]).collect()
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let input = self.answer.of(record);
        let answer = self.domain.key(&input.value);
        let Some(chosen) = category(answer) else {
            let test = Written::nowhere(format!("an answer in {}..{}", ANSWERS.low, ANSWERS.high));
            let verdict = if answer.is_some() { Verdict::Fails } else { Verdict::Unknown };
            let reached = if self.nullable { vec![CATEGORIES.len()] } else { Vec::new() };
            let reasons = vec![Reason::new("category", vec![input], test, verdict)];
            return Ok(Derivation { decided_by: None, reasons, reached });
        };
        let stretch = |i: usize| Written::nowhere(CATEGORIES[i].2);
        let reason = |i: usize| {
            Reason::new(self.labels[i].clone(), vec![input.clone()], stretch(i), Verdict::known(i == chosen))
        };
        let reasons = (0..=chosen).map(reason).collect();
        Ok(Derivation { decided_by: Some(stretch(chosen)), reasons, reached: vec![chosen] })
    }

    fn course(&self, output: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        match output {
            0 => {
                let ends = [i128::from(ANSWERS.low), 7, 9, i128::from(ANSWERS.high) + 1];
                lever.reached(self.answer.slot, &ends)
            }
            _ => lever.course(self.answer.slot),
        }
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = CATEGORIES.iter().map(|(.., stretch)| format!("answer in {stretch}")).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn repeats(&self, output: usize) -> Option<SlotId> {
        (output == 1).then_some(self.answer.slot)
    }

    fn levers(&self) -> Vec<SlotId> {
        vec![self.answer.slot]
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
        let of = view.labels_of(view.slots[0], &self.labels);
        let counts: Vec<u64> =
            (0..self.labels.len()).map(|label| of.iter().filter(|own| **own == label).count() as u64).collect();
        let (promoters, detractors, n) = (counts[0], counts[2], counts.iter().sum());
        let score = exact::ratio(i128::from(promoters) - i128::from(detractors), n);
        let gauge = Gauge {
            name: "net promoter score".to_owned(),
            value: score.map(|score| exact::float(&score) * 100.0),
            interval: intervals::net_promoter(promoters, detractors, n),
            scale: (-100.0, 100.0),
            parts: self.labels.iter().cloned().zip(counts).collect(),
        };
        let note = format!("{n} of {} customers answered.", view.frame.rows);
        let title = "Net promoter score".to_owned();
        vec![Chart { title, note: Some(note), plot: Plot::Gauge(gauge), table: view.groups(&self.labels) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_category() {
        let expected = [(0..=6, "detractor"), (7..=8, "passive"), (9..=10, "promoter")];
        for (answers, label) in expected {
            for answer in answers {
                assert_eq!(category(Some(answer)).map(|i| CATEGORIES[i].0), Some(label), "{answer}");
            }
        }
        assert_eq!([None, Some(-1), Some(11)].map(category), [None; 3]);
    }
}
