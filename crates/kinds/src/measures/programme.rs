//! Measures of the effect of a programme.

use std::sync::Arc;

use accolade_core::model::{Type, TypedExpr};
use accolade_parser::Span;
use accolade_parser::expr::ast::{Call, ExprKind};
use accolade_rules::analysis::{Analyser, MeasureFunction};
use accolade_rules::compile::arguments::{no_period, only, refuse};
use accolade_rules::measures::{Compiled, Figure, Fold};
use accolade_rules::programmes::Programme;
use arrow::array::ArrayRef;

pub(super) const RETURN_ON: MeasureFunction = MeasureFunction {
    name: "return_on",
    takes: "(PROGRAMME)",
    doc: "(incremental margin − cost) / cost of a programme; no value without a cost, or where a control group is named and nobody is in it.",
    compile: |call, span, analyser| {
        let programme = programme(call, span, analyser)?;
        Some(Compiled::new(Box::new(Effect { programme, part: Part::Return }), Type::Percent))
    },
};
pub(super) const UPLIFT: MeasureFunction = MeasureFunction {
    name: "uplift",
    takes: "(PROGRAMME)",
    doc: "How much more margin a member of a programme brought than before it, less the same of the control group where there is one; an amount for each member.",
    compile: |call, span, analyser| {
        let programme = programme(call, span, analyser)?;
        Some(Compiled::new(Box::new(Effect { programme, part: Part::Uplift }), Type::Money))
    },
};

#[derive(Clone, Copy, Debug)]
enum Part {
    Return,
    Uplift,
}

#[derive(Debug)]
struct Effect {
    programme: Arc<Programme>,
    part: Part,
}

fn programme(call: &Call, span: Span, analyser: &mut Analyser) -> Option<Arc<Programme>> {
    no_period(call, analyser)?;
    let ExprKind::Path(path) = &only(call, span, analyser)?.kind else {
        return refuse(call, span, "needs the name of a programme", analyser);
    };
    let [name] = path.as_slice() else { return refuse(call, span, "needs the name of a programme", analyser) };
    analyser.programme_named(&name.value, name.span)
}

impl Fold for Effect {
    fn reads(&self) -> Vec<&TypedExpr> {
        self.programme.reads()
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let effect = self.programme.effect(columns, rows, self.programme.everyone(columns));
        let n = effect.members;
        match self.part {
            Part::Return => Figure::new(effect.returned, n),
            Part::Uplift => Figure { interval: effect.uplift_interval, ..Figure::new(effect.uplift, n) },
        }
    }
}
