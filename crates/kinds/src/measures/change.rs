//! Measures of the change of an amount between two periods, and the share of wallet of the customer base.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::exact::{NumberColumn, Total, whole};
use accolade_parser::expr::ast::Call;
use accolade_parser::{Code, Diagnostic, Span};
use accolade_rules::analysis::{Analyser, MeasureFunction, Scope};
use accolade_rules::compile::arguments::{no_period, per_customer, report_call};
use accolade_rules::measures::{CompiledCall, Figure, Fold};
use arrow::array::ArrayRef;

const TAKES: &str = "(TABLE.COLUMN in PERIOD to PERIOD)";

pub(super) const GROWTH: MeasureFunction = MeasureFunction {
    name: "growth",
    takes: TAKES,
    doc: "(Σ in the second period − Σ in the first) / Σ in the first; no value unless the first is above zero.",
    compile: |call, span, analyser| compile(true, call, span, analyser),
};
pub(super) const EXTRA: MeasureFunction = MeasureFunction {
    name: "extra",
    takes: TAKES,
    doc: "Σ in the second period − Σ in the first: extra purchase volume, in the column's unit.",
    compile: |call, span, analyser| compile(false, call, span, analyser),
};
pub(super) const SHARE_OF_WALLET: MeasureFunction = MeasureFunction {
    name: "share_of_wallet",
    takes: "(OWN, SPEND)",
    doc: "Σ own sales / Σ what customers spend on the category, over customers whose spending is known and above zero; no value without any.",
    compile: compile_wallet,
};

#[derive(Debug)]
struct ChangeFold {
    before: TypedExpr,
    after: TypedExpr,
    relative: bool,
}

fn compile(relative: bool, call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let (argument, from, to) = match (call.arguments.as_slice(), &call.period, &call.to) {
        ([argument], Some(from), Some(to)) => (argument, from, to),
        _ => return report_call(call, span, "compares a column in two periods", analyser),
    };
    let before = per_customer(call, argument, "sum", Some(from), analyser)?;
    let after = per_customer(call, argument, "sum", Some(to), analyser)?;
    let (Some(before), Some(after)) = (before, after) else {
        return report_call(call, argument.span, "needs a column of events", analyser);
    };
    let ty = if relative { Type::Percent } else { before.ty };
    Some(CompiledCall::new(Box::new(ChangeFold { before, after, relative }), ty))
}

impl Fold for ChangeFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.before, &self.after]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let sum = |i: usize| {
            NumberColumn::of(&columns[i], self.before.ty).map_or_else(|| whole(0), |n| Total::of(&n, rows).sum())
        };
        let (before, after) = (sum(0), sum(1));
        let n = rows.len() as u64;
        if !self.relative {
            return Figure::new(Some(after - before), n);
        }
        Figure::new((before > whole(0)).then(|| (after - &before) / before), n)
    }
}

#[derive(Debug)]
struct WalletFold {
    own: TypedExpr,
    spend: TypedExpr,
}

fn compile_wallet(call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let [own, spend] = call.arguments.as_slice() else {
        return report_call(call, span, "takes two arguments", analyser);
    };
    no_period(call, analyser)?;
    let mut typed = |expr| analyser.expression(expr, Scope::Record, None);
    let (own_typed, spend_typed) = (typed(own), typed(spend));
    let (own_typed, spend_typed) = (own_typed?, spend_typed?);
    if own_typed.ty != spend_typed.ty || Domain::of(own_typed.ty).is_none() {
        let message =
            format!("own sales and spending are amounts of one type, not {} and {}", own_typed.ty, spend_typed.ty);
        analyser.out.push(
            Diagnostic::new(Code::E0401, message)
                .label(own.span.to(spend.span), "")
                .label(own.span, format!("this is {}", own_typed.ty))
                .label(spend.span, format!("this is {}", spend_typed.ty)),
        );
        return None;
    }
    Some(CompiledCall::new(Box::new(WalletFold { own: own_typed, spend: spend_typed }), Type::Percent))
}

impl Fold for WalletFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.own, &self.spend]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let numbers = |i: usize| NumberColumn::of(&columns[i], self.own.ty);
        let (Some(own), Some(spend)) = (numbers(0), numbers(1)) else { return Figure::default() };
        let (mut ours, mut all) = (Total::default(), Total::default());
        let mut over = 0u64;
        for row in rows.iter().copied() {
            if let (Some(part), Some(whole)) = (own.get(row), spend.get(row))
                && whole.0 > 0
            {
                ours.add(part);
                all.add(whole);
                over += u64::from(own.key(row) > spend.key(row));
            }
        }
        let note = match over {
            0 => None,
            1 => Some("1 customer buys more from us than its recorded spend".to_owned()),
            n => Some(format!("{n} customers buy more from us than their recorded spend")),
        };
        let spent = all.sum();
        let value = (spent > whole(0)).then(|| ours.sum() / spent);
        Figure { note, ..Figure::new(value, all.count) }
    }
}
