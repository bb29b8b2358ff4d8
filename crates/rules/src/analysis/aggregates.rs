//! Aggregates over event tables.

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{Aggregate, AggregateFunction, Origin, Slot, SlotId, SourceRole, Type, TypedExpr};
use accolade_parser::expr::ast::{Call, Expr, ExprKind};
use accolade_parser::{Code, Diagnostic, Span};

use super::expr::Scope;
use super::names::with_suggestion;
use super::{Analyser, Definition};

/// The aggregate functions: name, function, meaning.
pub const AGGREGATES: &[(&str, AggregateFunction, &str)] = &[
    ("count", AggregateFunction::Count, "The number of events, or of values that are not missing; 0 without any."),
    ("count_distinct", AggregateFunction::CountDistinct, "The number of different values; 0 without any."),
    ("sum", AggregateFunction::Sum, "The sum, exact in any order of events; 0 without any."),
    ("mean", AggregateFunction::Mean, "The arithmetic mean; missing without any."),
    ("min", AggregateFunction::Min, "The least value; missing without any."),
    ("max", AggregateFunction::Max, "The greatest value; missing without any."),
    ("first", AggregateFunction::First, "The value of the earliest event, the least where several share the date."),
    ("last", AggregateFunction::Last, "The value of the latest event, the greatest where several share the date."),
];

/// The aggregate function of this name.
pub fn function(name: &str) -> Option<AggregateFunction> {
    AGGREGATES.iter().find(|(n, ..)| *n == name).map(|(_, f, _)| *f)
}

impl Analyser<'_> {
    /// Checks the call of an aggregate; `None` after at least one diagnostic.
    pub fn aggregate(
        &mut self,
        function: AggregateFunction,
        call: &Call,
        span: Span,
        scope: Scope,
    ) -> Option<TypedExpr> {
        let name = &call.function.value;
        if !matches!(scope, Scope::Record) {
            self.out.push(
                Diagnostic::new(Code::E0405, format!("the aggregate `{name}` cannot be used here"))
                    .at(span)
                    .help("define it as a metric under `profile` and use the metric"),
            );
            return None;
        }
        let [argument] = call.arguments.as_slice() else {
            let help = match function {
                AggregateFunction::Min => "for the least of several values of one customer use `least(a, b)`",
                AggregateFunction::Max => "for the greatest of several values of one customer use `greatest(a, b)`",
                _ => "write `sum(orders.amount)` or `count(orders)`",
            };
            self.out.push(
                Diagnostic::new(Code::E0402, format!("the aggregate `{name}` takes one argument")).at(span).help(help),
            );
            return None;
        };
        if let Some(to) = &call.to {
            self.out.push(
                Diagnostic::new(Code::E0402, format!("`{name}` takes no `to`"))
                    .at(to.span)
                    .help("give one period with `in`"),
            );
            return None;
        }
        let source = self.source_of(argument, name)?;
        let typed = match &argument.kind {
            ExprKind::Path(path) if path.len() == 1 => {
                self.add_reference(&path[0].value, path[0].span);
                None
            }
            _ => Some(self.expression(argument, Scope::Events(source), None)?),
        };
        let period = match &call.period {
            Some(period) => Some(AggregatePeriod::Whole(self.dated_period(source, &period.value, period.span)?)),
            None => None,
        };
        let filter = match &call.filter {
            Some(filter) => Some(self.condition(filter, Scope::Events(source))?),
            None => None,
        };
        let (ty, nullable) = self.result_type(function, name, typed.as_ref(), source, argument.span)?;
        let label = Expr { kind: ExprKind::Call(call.clone()), span }.to_string();
        let aggregate = Aggregate { source, function, argument: typed, period, filter, ty, columns: Vec::new() };
        let slot = self.add_aggregate(label, nullable, aggregate);
        Some(TypedExpr::field(slot, ty, nullable))
    }

    /// The slot of a customer's events themselves, with these columns of an event table, in a period if one is given.
    pub fn rows_of(&mut self, source: usize, columns: Vec<usize>, period: Option<AggregatePeriod>) -> SlotId {
        let table = &self.sources[source].name;
        let name = match period {
            Some(AggregatePeriod::Whole(period)) => format!("{table} in {}", self.periods[period].name),
            _ => table.clone(),
        };
        let (function, ty) = (AggregateFunction::Rows, Type::Rows);
        let aggregate = Aggregate { source, function, argument: None, period, filter: None, ty, columns };
        self.add_aggregate(name, false, aggregate)
    }

    /// The slot of an aggregate; equal aggregates share one.
    pub fn add_aggregate(&mut self, label: String, nullable: bool, aggregate: Aggregate) -> SlotId {
        // The debug form names every part and holds no spans, so equal aggregates have equal keys.
        let key = format!("{aggregate:?}");
        if let Some(slot) = self.aggregate_slots.get(&key) {
            return *slot;
        }
        let origin = Origin::Aggregate(self.aggregates.len());
        let picked = aggregate.picked_column().map(|column| &self.sources[aggregate.source].columns[column]);
        let labels = picked.and_then(|column| column.allowed.clone());
        let slot = self.add_slot(Slot { name: label, ty: aggregate.ty, nullable, labels, origin });
        self.aggregates.push(aggregate);
        self.aggregate_slots.insert(key, slot);
        slot
    }

    /// The index of a period that selects events of a source, which must have a date.
    pub fn dated_period(&mut self, source: usize, name: &str, span: Span) -> Option<usize> {
        let Some(index) = self.periods.iter().position(|p| p.name == name) else {
            let known: Vec<&str> = self.periods.iter().map(|p| p.name.as_str()).collect();
            let diagnostic = Diagnostic::new(Code::E0304, format!("unknown period `{name}`")).at(span);
            self.out.push(with_suggestion(diagnostic, name, &known));
            return None;
        };
        self.add_reference(name, span);
        let table = &self.sources[source];
        if matches!(table.role, SourceRole::Events { date: None, .. }) {
            self.out.push(
                Diagnostic::new(Code::E0102, format!("`{}` has no date, so its rows are in no period", table.name))
                    .at(span)
                    .label(table.span, "declared here")
                    .help("add `date: COLUMN` to the source"),
            );
            return None;
        }
        Some(index)
    }

    /// The period of this index.
    pub fn period(&self, index: usize) -> &accolade_core::model::Period {
        &self.periods[index]
    }

    /// Every period.
    pub fn periods(&self) -> &[accolade_core::model::Period] {
        &self.periods
    }

    /// The event source that an aggregate's argument names.
    pub fn source_of(&mut self, argument: &Expr, name: &str) -> Option<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut visit = |path: &[accolade_parser::Name]| {
            if let Some(Definition::Source(index)) = path.first().and_then(|n| self.names.get(&n.value)).copied()
                && !found.contains(&index)
            {
                found.push(index);
            }
        };
        paths(argument, true, &mut visit);
        let events = |index: &usize| matches!(self.sources[*index].role, SourceRole::Events { .. });
        match found.as_slice() {
            [one] if events(one) => return Some(*one),
            [] | [_] => {
                // A misspelt table is reported as such.
                if let ExprKind::Path(path) = &argument.kind
                    && let Some(first) = path.first()
                    && !self.names.contains_key(&first.value)
                {
                    let tables: Vec<&str> = self.sources.iter().map(|s| s.name.as_str()).collect();
                    let diagnostic =
                        Diagnostic::new(Code::E0301, format!("unknown source `{}`", first.value)).at(first.span);
                    self.out.push(with_suggestion(diagnostic, &first.value, &tables));
                    return None;
                }
                self.out.push(
                    Diagnostic::new(Code::E0405, format!("`{name}` needs a column of an event table"))
                        .at(argument.span)
                        .help("an aggregate goes over events, as in `sum(orders.amount in year)`"),
                );
            }
            _ => self.out.push(
                Diagnostic::new(Code::E0405, format!("`{name}` goes over one table, not several"))
                    .at(argument.span)
                    .help("compute one metric per table and combine the metrics"),
            ),
        }
        None
    }

    pub(super) fn result_type(
        &mut self,
        function: AggregateFunction,
        name: &str,
        argument: Option<&TypedExpr>,
        source: usize,
        span: Span,
    ) -> Option<(Type, bool)> {
        use AggregateFunction::{Count, CountDistinct, First, Last, Max, Mean, Min, Sum};
        let Some(argument) = argument else {
            if function == Count {
                return Some((Type::Integer, false));
            }
            let table = &self.sources[source];
            let column = table.columns.iter().find(|c| c.ty.is_numeric()).map_or("…", |c| &c.name);
            let help = format!("name a column, such as `{name}({}.{column})`", table.name);
            self.out.push(
                Diagnostic::new(Code::E0402, format!("`{name}` needs a column, not a whole table")).at(span).help(help),
            );
            return None;
        };
        let ty = argument.ty;
        let result = match function {
            Count | CountDistinct => Some((Type::Integer, false)),
            Sum if matches!(ty, Type::Integer | Type::Money | Type::Number) => Some((ty, false)),
            Sum if ty == Type::Percent => Some((Type::Number, false)),
            Mean if ty == Type::Money => Some((Type::Money, true)),
            Mean if ty == Type::Percent => Some((Type::Percent, true)),
            Mean if matches!(ty, Type::Integer | Type::Number) => Some((Type::Number, true)),
            Min | Max if ty != Type::Boolean => Some((ty, true)),
            First | Last => {
                let table = &self.sources[source];
                if matches!(table.role, SourceRole::Events { date: None, .. }) {
                    let diagnostic = Diagnostic::new(
                        Code::E0102,
                        format!("`{}` has no date, so none of its rows is the {name}", table.name),
                    );
                    self.out.push(
                        diagnostic.at(span).label(table.span, "declared here").help("add `date: COLUMN` to the source"),
                    );
                    return None;
                }
                Some((ty, true))
            }
            _ => None,
        };
        if result.is_none() {
            self.out.push(
                Diagnostic::new(
                    Code::E0402,
                    format!("`{name}` does not take {}", accolade_core::literals::with_article(ty)),
                )
                .at(span),
            );
        }
        result
    }
}

/// Calls `visit` with every path in `expr`, and if `within` also with those in its aggregates.
pub(super) fn paths(expr: &Expr, within: bool, visit: &mut impl FnMut(&[accolade_parser::Name])) {
    let mut all = |operands: &[&Expr]| operands.iter().for_each(|e| paths(e, within, visit));
    match &expr.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Path(path) => visit(path),
        ExprKind::Unary(_, a) | ExprKind::IsMissing { value: a, .. } => all(&[a]),
        ExprKind::Binary(_, a, b) | ExprKind::OrElse(a, b) => all(&[a, b]),
        ExprKind::InList { value, list, .. } => {
            all(&[value]);
            list.iter().for_each(|e| all(&[e]));
        }
        ExprKind::InRange { value, low, high, .. } => all(&[value, low, high]),
        ExprKind::If { condition, then, otherwise } => all(&[condition, then, otherwise]),
        ExprKind::Call(call) if !within && function(&call.function.value).is_some() => {}
        ExprKind::Call(call) => call.arguments.iter().for_each(|e| all(&[e])),
    }
}
