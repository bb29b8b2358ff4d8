//! Arguments of measure functions: periods, tables of events, values of customers.

use accolade_core::literals;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{Aggregate, AggregateFunction, Type, TypedExpr};
use accolade_core::numbers::domain::Domain;
use accolade_parser::expr::ast::{Call, Expr, ExprKind};
use accolade_parser::{Code, Diagnostic, Name, Span};

use crate::analysis::{Analyser, Scope, aggregate_function};

/// The one argument of a call.
pub fn single_argument<'c>(call: &'c Call, span: Span, analyser: &mut Analyser) -> Option<&'c Expr> {
    match call.arguments.as_slice() {
        [one] => Some(one),
        _ => report_call(call, span, "takes one argument", analyser),
    }
}

/// Reports a call that does not fit its function.
pub fn report_call<T>(call: &Call, span: Span, what: &str, analyser: &mut Analyser) -> Option<T> {
    let name = &call.function.value;
    let takes = analyser.plugins.measures().iter().find(|f| f.name == name).map_or("", |f| f.takes);
    let diagnostic = Diagnostic::new(Code::E0402, format!("`{name}` {what}")).at(span);
    analyser.out.push(diagnostic.help(format!("write `{name}{takes}`")));
    None
}

/// Reports `to` in a call that takes one period at most.
pub fn one_period(call: &Call, analyser: &mut Analyser) -> Option<()> {
    match &call.to {
        None => Some(()),
        Some(to) => report_call(call, to.span, "takes no second period", analyser),
    }
}

/// Reports `in` and `to` in a call that takes no period.
pub fn no_period(call: &Call, analyser: &mut Analyser) -> Option<()> {
    match call.period.as_ref().or(call.to.as_ref()) {
        None => Some(()),
        Some(period) => report_call(call, period.span, "takes a period only for a column of events", analyser),
    }
}

/// The table of events and the two periods of `orders in p to q`, or of `p to q` where one table has dates.
pub fn two_periods(call: &Call, span: Span, analyser: &mut Analyser) -> Option<(usize, Name, Name)> {
    let (table, from) = match (call.arguments.as_slice(), &call.period) {
        ([Expr { kind: ExprKind::Path(path), .. }], Some(from)) if path.len() == 1 => (path.first(), from),
        ([Expr { kind: ExprKind::Path(path), .. }], None) if path.len() == 1 => (None, &path[0]),
        _ => return report_call(call, span, "compares two periods", analyser),
    };
    let Some(to) = &call.to else { return report_call(call, span, "compares two periods", analyser) };
    let source = match table {
        Some(table) => analyser.dated_events(table)?,
        None => analyser.only_dated_events(call.function.span, &format!("`{}`", call.function.value))?,
    };
    Some((source, from.clone(), to.clone()))
}

/// The number of a customer's events in a table within a period.
pub fn events_in(source: usize, period: AggregatePeriod, label: String, analyser: &mut Analyser) -> TypedExpr {
    let aggregate = Aggregate {
        source,
        function: AggregateFunction::Count,
        argument: None,
        period: Some(period),
        filter: None,
        ty: Type::Integer,
        columns: Vec::new(),
    };
    TypedExpr::field(analyser.add_aggregate(label, false, aggregate), Type::Integer, false)
}

/// The aggregate `function` for each customer, if the argument is a column of events; `Some(None)` for any other
/// argument.
pub fn per_customer(
    call: &Call,
    argument: &Expr,
    function: &str,
    period: Option<&Name>,
    analyser: &mut Analyser,
) -> Option<Option<TypedExpr>> {
    if analyser.events_in(argument).is_none() {
        return Some(None);
    }
    let name = Name::new(function.to_owned(), call.function.span);
    let function = aggregate_function(function)?;
    let call =
        Call { function: name, arguments: vec![argument.clone()], period: period.cloned(), to: None, filter: None };
    analyser.aggregate(function, &call, argument.span, Scope::Record).map(Some)
}

/// A number for each customer: an expression over the record, or the aggregate `function` of a column of events.
pub fn number(call: &Call, argument: &Expr, function: &str, analyser: &mut Analyser) -> Option<TypedExpr> {
    one_period(call, analyser)?;
    let typed = match per_customer(call, argument, function, call.period.as_ref(), analyser)? {
        Some(typed) => typed,
        None => {
            no_period(call, analyser)?;
            analyser.expression(argument, Scope::Record, None)?
        }
    };
    if Domain::of(typed.ty).is_none() {
        let message =
            format!("`{}` needs an amount or a number, not {}", call.function.value, literals::with_article(typed.ty));
        analyser.out.push(Diagnostic::new(Code::E0406, message).at(argument.span));
        return None;
    }
    Some(typed)
}
