//! Survey measures: net promoter score, satisfaction and effort, from one answer of each customer.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::exact::{NumberColumn, Total, ratio};
use accolade_parser::Span;
use accolade_parser::expr::ast::Call;
use accolade_rules::analysis::{Analyser, Answers as Scale, MeasureFunction};
use accolade_rules::compile::arguments::{number, only};
use accolade_rules::measures::{Compiled, Figure, Fold, intervals};
use arrow::array::ArrayRef;

const TAKES: &str = "(TABLE.COLUMN in PERIOD) or (ANSWER)";

pub(super) const NPS: MeasureFunction = MeasureFunction {
    name: "nps",
    takes: TAKES,
    doc: "Net promoter score: 100 · (promoters − detractors) / answers, from −100 to 100, of each customer's latest answer from 0 to 10; 9 and 10 promote, 0 to 6 detract. No value without answers (Reichheld, 2003).",
    compile: |call, span, analyser| compile(Part::Nps, call, span, analyser),
};
pub(super) const CSAT: MeasureFunction = MeasureFunction {
    name: "csat",
    takes: TAKES,
    doc: "Customer satisfaction: the share of each customer's latest answer from 1 to 5 that is 4 or 5; no value without answers.",
    compile: |call, span, analyser| compile(Part::Csat, call, span, analyser),
};
pub(super) const CES: MeasureFunction = MeasureFunction {
    name: "ces",
    takes: TAKES,
    doc: "Customer effort score: the mean of each customer's latest answer from 1 to 7; no value without answers (Dixon, Freeman and Toman, 2010).",
    compile: |call, span, analyser| compile(Part::Ces, call, span, analyser),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Nps,
    Csat,
    Ces,
}

#[derive(Debug)]
struct Answers {
    part: Part,
    answer: TypedExpr,
}

fn compile(part: Part, call: &Call, span: Span, analyser: &mut Analyser) -> Option<Compiled> {
    let argument = only(call, span, analyser)?;
    let answer = number(call, argument, "last", analyser)?;
    let (low, high) = match part {
        Part::Nps => (0, 10),
        Part::Csat => (1, 5),
        Part::Ces => (1, 7),
    };
    analyser.answers(&answer, argument.span, Scale { low, high, what: &call.function.value })?;
    let fold = Box::new(Answers { part, answer });
    Some(match part {
        Part::Nps => Compiled { bounds: Some((-100, 100)), places: 1, ..Compiled::new(fold, Type::Number) },
        Part::Csat => Compiled::share(fold),
        Part::Ces => Compiled { bounds: Some((1, 7)), places: 2, ..Compiled::new(fold, Type::Number) },
    })
}

impl Fold for Answers {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.answer]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let Some(answers) = NumberColumn::of(&columns[0], Type::Integer) else { return Figure::default() };
        let given: Vec<i128> = rows.iter().filter_map(|row| answers.key(*row)).collect();
        let n = given.len() as u64;
        let among = |from: i128, to: i128| given.iter().filter(|a| (from..=to).contains(*a)).count() as u64;
        match self.part {
            Part::Nps => {
                let (promoters, detractors) = (among(9, 10), among(0, 6));
                let value = ratio(100 * (i128::from(promoters) - i128::from(detractors)), n);
                let interval = intervals::net_promoter(promoters, detractors, n);
                let note = (n > 0).then(|| {
                    let passives = n - promoters - detractors;
                    format!("promoters {promoters}, passives {passives}, detractors {detractors}")
                });
                Figure { interval, note, ..Figure::new(value, n) }
            }
            Part::Csat => Figure::share(among(4, 5), n),
            Part::Ces => Figure::new(Total::of(&answers, rows).mean(), n),
        }
    }
}
