//! Compiling the programmes of a rule file.

use std::sync::Arc;

use accolade_core::model::{Operation, Type, TypedExpr, Value};
use accolade_core::numbers::exact::{Exact, from_mantissa, whole};
use accolade_parser::expr::ast::{Call, Expr};
use accolade_parser::syntax::file::ProgrammeDecl as Written;
use accolade_parser::{Code, Diagnostic, Name};
use accolade_rules::analysis::{Analyser, ProgrammeKind, Scope, aggregate_function};
use accolade_rules::compile::groupings;
use accolade_rules::decision::{DecisionList, HitPolicy, ListRow, ListSpec};
use accolade_rules::explain::SourceText as Place;
use accolade_rules::programmes::{GROUPS, KIND, Programme};
use accolade_rules::set::CompiledRule;

use crate::segments::segments_rule;

/// The kind of all programmes: how their membership and their figures are compiled.
pub static PROGRAMME: ProgrammeKind = ProgrammeKind {
    name: KIND,
    summary: "labels members, the control group and all others",
    membership: compile_membership,
    programme: compile_programme,
};

/// The rule that places each customer in a group of the programme.
fn compile_membership(written: &Written, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let named = [(GROUPS[0], Some(&written.members)), (GROUPS[1], written.control.as_ref())];
    let (mut rows, mut spans) = (Vec::new(), Vec::new());
    for (label, expr) in named.into_iter().filter_map(|(label, expr)| Some((label, expr?))) {
        let condition = analyser.condition(expr, Scope::Record)?;
        let fields = analyser.fields_of(&condition);
        let text = Place::at(expr.to_string(), expr.span);
        rows.push(ListRow { label: label.to_owned(), condition: Some(condition), written: text, fields });
        spans.push(expr.span);
    }
    let rest = Place::at("rest", written.name.span);
    rows.push(ListRow { label: GROUPS[2].to_owned(), condition: None, written: rest, fields: Vec::new() });
    spans.push(written.name.span);
    let spec = ListSpec { what: "group", hit: HitPolicy::Unique, locals: None };
    let list = DecisionList::checked(rows, &spans, written.name.span, &spec, analyser)?;
    Some(segments_rule(list))
}

/// The programme itself; `slot` is the field with a customer's group.
fn compile_programme(written: &Written, slot: usize, analyser: &mut Analyser) -> Option<Arc<Programme>> {
    let source = analyser.source_of(&written.margin, "margin");
    let by = groupings(&written.by, analyser);
    let fixed_cost = match &written.fixed_cost {
        Some(expr) => compile_fixed_cost(expr, analyser),
        None => Some(whole(0)),
    };
    let member_cost = written.member_cost.as_ref().map(|expr| {
        analyser.expression(expr, Scope::Record, Some(Type::Money)).filter(|typed| check_money(typed, expr, analyser))
    });
    let source = source?;
    let periods = [&written.before, &written.period].map(|name| analyser.dated_period(source, &name.value, name.span));
    periods[0].and(periods[1])?;
    let table = Name::new(analyser.source_name(source), written.margin.span);
    let events = Expr { kind: accolade_parser::expr::ast::ExprKind::Path(vec![table]), span: written.margin.span };
    let mut over = |function: &str, argument: &Expr, period: &Name| {
        let call = Call {
            function: Name::new(function.to_owned(), argument.span),
            arguments: vec![argument.clone()],
            period: Some(period.clone()),
            to: None,
            filter: None,
        };
        analyser.aggregate(aggregate_function(function)?, &call, argument.span, Scope::Record)
    };
    let margin = (over("sum", &written.margin, &written.period), over("sum", &written.margin, &written.before));
    let active = (over("count", &events, &written.before), over("count", &events, &written.period));
    let margin = (margin.0?, margin.1?);
    if !check_money(&margin.0, &written.margin, analyser) {
        return None;
    }
    let member_cost = match member_cost {
        Some(typed) => Some(typed?),
        None => None,
    };
    Some(Arc::new(Programme {
        name: written.name.value.clone(),
        description: written.description.as_ref().map(|d| d.value.clone()),
        slot,
        controlled: written.control.is_some(),
        group: TypedExpr::field(slot, Type::Text, true),
        margin,
        active: (active.0?, active.1?),
        fixed_cost: fixed_cost?,
        member_cost,
        by: by?,
    }))
}

fn check_money(typed: &TypedExpr, expr: &Expr, analyser: &mut Analyser) -> bool {
    if typed.ty != Type::Money {
        let what = accolade_core::literals::with_article(typed.ty);
        let diagnostic = Diagnostic::new(Code::E0406, format!("money is needed here, not {what}")).at(expr.span);
        analyser.out.push(diagnostic.help("name an amount, such as `orders.margin` or `orders.amount * 30%`"));
    }
    typed.ty == Type::Money
}

/// An amount that does not depend on the members.
fn compile_fixed_cost(expr: &Expr, analyser: &mut Analyser) -> Option<Exact> {
    let typed = analyser.expression(expr, Scope::Local(&[]), Some(Type::Money))?;
    match typed.operation {
        Operation::Literal(Value::Money(amount)) => Some(from_mantissa(amount, -4)),
        _ => {
            let diagnostic = Diagnostic::new(Code::E0406, "the fixed cost is an amount of money").at(expr.span);
            analyser.out.push(diagnostic.help(
                "write, for example, `fixed: 10_000`; a cost that depends on the member goes under `per_member`",
            ));
            None
        }
    }
}
