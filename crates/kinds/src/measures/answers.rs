//! Survey measures: net promoter score, satisfaction and effort, from one answer of each customer.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::exact::{NumberColumn, Total, ratio};
use accolade_parser::Span;
use accolade_parser::expr::ast::Call;
use accolade_rules::analysis::{Analyser, AnswerScale as Scale, MeasureFunction};
use accolade_rules::compile::arguments::{number, single_argument};
use accolade_rules::measures::{CompiledCall, Figure, Fold, intervals};
use arrow::array::ArrayRef;

const TAKES: &str = "(TABLE.COLUMN in PERIOD) or (ANSWER)";

pub(super) const NPS: MeasureFunction = MeasureFunction {
    name: "nps",
    takes: TAKES,
    doc: "Net promoter score: 100 · (promoters − detractors) / answers, from −100 to 100, of each customer's latest answer from 0 to 10; 9 and 10 promote, 0 to 6 detract. No value without answers (Reichheld, 2003).",
    compile: |call, span, analyser| compile(SurveyMetric::Nps, call, span, analyser),
};
pub(super) const CSAT: MeasureFunction = MeasureFunction {
    name: "csat",
    takes: TAKES,
    doc: "Customer satisfaction: the share of each customer's latest answer from 1 to 5 that is 4 or 5; no value without answers.",
    compile: |call, span, analyser| compile(SurveyMetric::Csat, call, span, analyser),
};
pub(super) const CES: MeasureFunction = MeasureFunction {
    name: "ces",
    takes: TAKES,
    doc: "Customer effort score: the mean of each customer's latest answer from 1 to 7; no value without answers (Dixon, Freeman and Toman, 2010).",
    compile: |call, span, analyser| compile(SurveyMetric::Ces, call, span, analyser),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SurveyMetric {
    Nps,
    Csat,
    Ces,
}

#[derive(Debug)]
struct SurveyFold {
    metric: SurveyMetric,
    answer: TypedExpr,
}

fn compile(part: SurveyMetric, call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let argument = single_argument(call, span, analyser)?;
    let answer = number(call, argument, "last", analyser)?;
    let (low, high) = match part {
        SurveyMetric::Nps => (0, 10),
        SurveyMetric::Csat => (1, 5),
        SurveyMetric::Ces => (1, 7),
    };
    analyser.answers(&answer, argument.span, Scale { low, high, what: &call.function.value })?;
    let fold = Box::new(SurveyFold { metric: part, answer });
    Some(match part {
        SurveyMetric::Nps => {
            CompiledCall { bounds: Some((-100, 100)), places: 1, ..CompiledCall::new(fold, Type::Number) }
        }
        SurveyMetric::Csat => CompiledCall::share(fold),
        SurveyMetric::Ces => CompiledCall { bounds: Some((1, 7)), places: 2, ..CompiledCall::new(fold, Type::Number) },
    })
}

impl Fold for SurveyFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.answer]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let Some(answers) = NumberColumn::of(&columns[0], Type::Integer) else { return Figure::default() };
        let given: Vec<i128> = rows.iter().filter_map(|row| answers.key(*row)).collect();
        let n = given.len() as u64;
        let among = |from: i128, to: i128| given.iter().filter(|a| (from..=to).contains(*a)).count() as u64;
        match self.metric {
            SurveyMetric::Nps => {
                let (promoters, detractors) = (among(9, 10), among(0, 6));
                let value = ratio(100 * (i128::from(promoters) - i128::from(detractors)), n);
                let interval = intervals::net_promoter(promoters, detractors, n);
                let note = (n > 0).then(|| {
                    let passives = n - promoters - detractors;
                    format!("promoters {promoters}, passives {passives}, detractors {detractors}")
                });
                Figure { interval, note, ..Figure::new(value, n) }
            }
            SurveyMetric::Csat => Figure::share(among(4, 5), n),
            SurveyMetric::Ces => Figure::new(Total::of(&answers, rows).mean(), n),
        }
    }
}
