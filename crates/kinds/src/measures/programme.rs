//! Measures of the effect of a programme.

use std::sync::Arc;

use accolade_core::model::{Type, TypedExpr};
use accolade_parser::Span;
use accolade_parser::expr::ast::{Call, ExprKind};
use accolade_rules::analysis::{Analyser, MeasureFunction};
use accolade_rules::compile::arguments::{no_period, report_call, single_argument};
use accolade_rules::measures::{CompiledCall, Figure, Fold};
use accolade_rules::programmes::Programme;
use arrow::array::ArrayRef;

pub(super) const RETURN_ON: MeasureFunction = MeasureFunction {
    name: "return_on",
    takes: "(PROGRAMME)",
    doc: "(incremental margin − cost) / cost of a programme; no value without a cost, or where a control group is named and nobody is in it.",
    compile: |call, span, analyser| {
        let programme = named_programme(call, span, analyser)?;
        Some(CompiledCall::new(Box::new(ProgrammeFold { programme, metric: ProgrammeMetric::Return }), Type::Percent))
    },
};
pub(super) const UPLIFT: MeasureFunction = MeasureFunction {
    name: "uplift",
    takes: "(PROGRAMME)",
    doc: "How much more margin a member of a programme brought than before it, less the same of the control group where there is one; an amount for each member.",
    compile: |call, span, analyser| {
        let programme = named_programme(call, span, analyser)?;
        Some(CompiledCall::new(Box::new(ProgrammeFold { programme, metric: ProgrammeMetric::Uplift }), Type::Money))
    },
};

#[derive(Clone, Copy, Debug)]
enum ProgrammeMetric {
    Return,
    Uplift,
}

#[derive(Debug)]
struct ProgrammeFold {
    programme: Arc<Programme>,
    metric: ProgrammeMetric,
}

fn named_programme(call: &Call, span: Span, analyser: &mut Analyser) -> Option<Arc<Programme>> {
    no_period(call, analyser)?;
    let ExprKind::Path(path) = &single_argument(call, span, analyser)?.kind else {
        return report_call(call, span, "needs the name of a programme", analyser);
    };
    let [name] = path.as_slice() else { return report_call(call, span, "needs the name of a programme", analyser) };
    analyser.programme_named(&name.value, name.span)
}

impl Fold for ProgrammeFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        self.programme.reads()
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let effect = self.programme.effect(columns, rows, self.programme.member_count(columns));
        let n = effect.members;
        match self.metric {
            ProgrammeMetric::Return => Figure::new(effect.return_on_cost, n),
            ProgrammeMetric::Uplift => Figure { interval: effect.uplift_interval, ..Figure::new(effect.uplift, n) },
        }
    }
}
