//! Answers to a question: whole numbers on a scale, to which the columns they are from are restricted.

use accolade_core::literals;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{
    Aggregate, AggregateFunction, Operation, Origin, SlotId, SourceRole, Type, TypedExpr, Value,
};
use accolade_parser::expr::ast::{Expr, ExprKind};
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Span};

use super::expr::Scope;
use super::{Analyser, Definition};
use crate::set::Step;

/// The scale of the answers to a question.
#[derive(Clone, Copy, Debug)]
pub struct AnswerScale<'a> {
    /// The least answer.
    pub low: i64,
    /// The greatest answer.
    pub high: i64,
    /// The rule kind that needs them, for messages.
    pub what: &'a str,
}

impl AnswerScale<'_> {
    fn why(self) -> String {
        format!("`{}` needs answers from {} to {}", self.what, self.low, self.high)
    }
}

impl Analyser<'_> {
    /// Makes sure that an integer expression over the record is an answer, by restricting the columns it takes its
    /// value from. `None` after a diagnostic if the expression does more than choose a value.
    pub fn answers(&mut self, expr: &TypedExpr, span: Span, answers: AnswerScale) -> Option<()> {
        if expr.ty != Type::Integer {
            let message = format!("{}, not {}", answers.why(), literals::with_article(expr.ty));
            let help = "declare the column as `integer`";
            self.out.push(Diagnostic::new(Code::E0406, message).at(span).help(help));
            return None;
        }
        let found = match &expr.operation {
            Operation::Field(slot) => return self.answer_of_slot(*slot, span, answers),
            Operation::Literal(Value::Integer(answer)) => (answers.low..=answers.high).contains(answer).then_some(()),
            Operation::Literal(Value::Null) => Some(()),
            Operation::If(_, a, b) | Operation::OrElse(a, b) => {
                let both = (self.answers(a, span, answers), self.answers(b, span, answers));
                both.0?;
                return both.1;
            }
            _ => None,
        };
        found.or_else(|| self.no_answer(span, answers))
    }

    fn answer_of_slot(&mut self, slot: SlotId, span: Span, answers: AnswerScale) -> Option<()> {
        if let Some((source, column)) = self.column_of(slot) {
            return self.narrow_range(source, column, (answers.low, answers.high), span, &answers.why());
        }
        let Origin::Step(step) = self.slot(slot).origin else { return self.no_answer(span, answers) };
        match &self.steps[step] {
            Step::Metric { expr, .. } => {
                let expr = expr.clone();
                self.answers(&expr, span, answers)
            }
            Step::Rule { rule, slots, .. } => {
                let output = slots.iter().position(|s| *s == slot);
                match output.and_then(|output| rule.repeated_field(output)) {
                    Some(field) => self.answer_of_slot(field, span, answers),
                    None => self.no_answer(span, answers),
                }
            }
        }
    }

    fn no_answer(&mut self, span: Span, answers: AnswerScale) -> Option<()> {
        self.out.push(
            Diagnostic::new(Code::E0508, answers.why())
                .at(span)
                .help("name a column, so that its values are checked when they are read"),
        );
        None
    }

    /// The field of an answer: for a column of events the customer's latest value (in the period, if one is named),
    /// otherwise an expression over the record.
    pub fn answer(&mut self, node: &Node, period: Option<&Node>, answers: AnswerScale) -> Option<SlotId> {
        let expr = self.parse_expression(node)?;
        let typed = match self.event_column(&expr) {
            Some((source, column)) => self.latest(source, column, period, &expr)?,
            None => {
                if let Some(period) = period {
                    self.needless_period(&expr, period);
                    return None;
                }
                self.expression(&expr, Scope::Record, None)?
            }
        };
        self.answers(&typed, expr.span, answers)?;
        Some(self.operand_slot(&expr, typed))
    }

    /// The column of an event table that an expression names.
    pub fn event_column(&self, expr: &Expr) -> Option<(usize, usize)> {
        let ExprKind::Path(path) = &expr.kind else { return None };
        let [table, column] = path.as_slice() else { return None };
        let Some(Definition::Source(source)) = self.names.get(&table.value).copied() else { return None };
        let described = &self.sources[source];
        let events = matches!(described.role, SourceRole::Events { .. });
        let column = described.columns.iter().position(|c| c.name == column.value)?;
        events.then_some((source, column))
    }

    fn latest(&mut self, source: usize, column: usize, period: Option<&Node>, expr: &Expr) -> Option<TypedExpr> {
        let ty = self.sources[source].columns[column].ty;
        let function = AggregateFunction::Last;
        let argument = self.expression(expr, Scope::Events(source), None)?;
        let (mut label, mut within) = (format!("last({expr})"), None);
        self.result_type(function, "last", Some(&argument), source, expr.span)?;
        if let Some(node) = period {
            let named = fields::text(node, self.out)?;
            let name = named.text.trim();
            within = Some(AggregatePeriod::Whole(self.dated_period(source, name, named.span)?));
            label = format!("last({expr} in {name})");
        }
        let aggregate = Aggregate {
            source,
            function,
            argument: Some(argument),
            period: within,
            filter: None,
            ty,
            columns: Vec::new(),
        };
        let slot = self.add_aggregate(label, true, aggregate);
        Some(TypedExpr::field(slot, ty, true))
    }

    fn needless_period(&mut self, expr: &Expr, period: &Node) {
        let message = format!("`period` needs a column of events, and `{expr}` is not one");
        let help = "leave it out, or name a column of events, such as `surveys.recommend`";
        self.out.push(Diagnostic::new(Code::E0106, message).at(period.span()).help(help));
    }
}
