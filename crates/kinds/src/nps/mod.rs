//! Promoters, passives and detractors, by the answer to "how likely is it that you would recommend us?" from 0 to 10.
//!
//! Frederick F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003: 9 and 10 are
//! promoters, 7 and 8 passives, 0 to 6 detractors.

mod describe;
mod explain;
mod present;
mod rate;
mod sql;

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_parser::syntax::file::RuleDecl;
use accolade_rules::analysis::{Analyser, AnswerScale, Key, NameKind, RuleKind, Shape};
use accolade_rules::explain::Field;
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::labels::Labels;

pub(super) static KIND: RuleKind = RuleKind {
    name: "nps",
    summary: "labels promoters, passives and detractors by an answer from 0 to 10",
    keys: &[
        Key::required(
            "answer",
            Shape::EXPRESSION,
            "a column of events, of which a customer's latest answer counts, or a whole number of the record",
        ),
        Key::optional("period", Shape::Name(NameKind::Period), "the period in which the answer was given"),
    ],
    labels: |_| Vec::new(),
    compile,
};

/// The categories, each with its least answer and its stretch of answers.
const CATEGORIES: [(&str, i128, &str); 3] =
    [("promoter", 9, "9..10"), ("passive", 7, "7..8"), ("detractor", 0, "0..6")];

/// The scale of answers.
const ANSWERS: AnswerScale = AnswerScale { low: 0, high: 10, what: "nps" };

#[derive(Debug)]
struct Nps {
    answer: Field,
    domain: Domain,
    nullable: bool,
    labels: Labels,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let node = parameters.required("answer", analyser.out)?;
    let slot = analyser.answer(node, parameters.optional("period"), ANSWERS)?;
    Some(Box::new(Nps {
        answer: analyser.field_of_slot(slot),
        domain: Domain::of(Type::Integer)?,
        nullable: analyser.slot(slot).nullable,
        labels: CATEGORIES.iter().map(|(label, ..)| (*label).to_owned()).collect(),
    }))
}

/// The index of an answer's category; `None` for an answer off the scale, which only a test file can contain.
fn category(answer: Option<i128>) -> Option<usize> {
    let answer = answer.filter(|a| (i128::from(ANSWERS.low)..=i128::from(ANSWERS.high)).contains(a))?;
    CATEGORIES.iter().position(|(_, least, _)| answer >= *least)
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
