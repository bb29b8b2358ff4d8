//! XYZ analysis: how regular a customer's demand is, by its coefficient of variation per month.
//!
//! The coefficient is the sample standard deviation (n − 1) of the sums of each month of the period, months
//! without events included as zero, divided by the absolute mean.

mod describe;
mod explain;
mod present;
mod rate;
mod sql;

use accolade_core::model::{Aggregate, AggregateFunction, SlotId, Type};
use accolade_core::numbers::domain::{Domain, float_key, key_float};
use accolade_core::numbers::interval::KeyInterval;
use accolade_parser::expr::ast::ExprKind;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::analysis::{
    Analyser, Key, NameKind, RuleKind, Scope, Shape, Slices, WrittenLabel, aggregate_function,
};
use accolade_rules::decision::labelled_ranges::LabelledRanges;
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::labels::Labels;

use crate::unclassed;

const LENGTHS: &[&str] = &["month", "quarter"];

pub(super) static KIND: RuleKind = RuleKind {
    name: "xyz",
    summary: "classes customers by how regular their demand is",
    keys: &[
        Key::required(
            "value",
            Shape::EXPRESSION,
            "what is summed per month: `orders.amount`, `sum(…)` or `count(orders)`",
        ),
        Key::required("period", Shape::Name(NameKind::Period), "a period of whole months"),
        Key::optional("per", Shape::Word(LENGTHS), "`month` (default) or `quarter`"),
        Key::required("classes", Shape::PATTERNS, "label: stretch of the coefficient, such as `<= 50%`; or `rest`")
            .with_entry("class"),
        Key::optional("none", Shape::Text, "label where the mean is zero; `none` if absent"),
    ],
    labels: |parameters| [WrittenLabel::below(parameters, "classes"), WrittenLabel::at(parameters, "none")].concat(),
    compile,
};

#[derive(Debug)]
struct Xyz {
    /// One sum per month.
    period_sums: Vec<SlotId>,
    slices: Slices,
    domain: Domain,
    classes: LabelledRanges,
    /// The classes' labels and, last, the label of customers without a coefficient.
    labels: Labels,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let value = parameters.required("value", analyser.out);
    let period_node = parameters.required("period", analyser.out);
    let classes_node = parameters.required("classes", analyser.out);
    let months = match parameters.optional("per") {
        Some(node) => [1, 3][fields::choice(node, LENGTHS, analyser.out)?.value],
        None => 1,
    };
    let none = unclassed::label(&parameters, analyser);
    let mapping = fields::mapping(classes_node?, analyser.out)?;
    let range = KeyInterval { low: 0, high: i128::MAX };
    let classes =
        LabelledRanges::compile(mapping, Domain::Float(Type::Percent), range, "class", "coefficient", analyser);
    let expr = analyser.parse_expression(value?)?;
    let (function, argument, filter) = match &expr.kind {
        ExprKind::Call(call) => {
            let function = aggregate_function(&call.function.value);
            let (Some(function @ (AggregateFunction::Sum | AggregateFunction::Count)), [argument], None) =
                (function, call.arguments.as_slice(), &call.period)
            else {
                let message = "only `sum(…)` or `count(…)` without `in` can be spread over months";
                analyser
                    .out
                    .push(Diagnostic::new(Code::E0402, message).at(expr.span).help("the period is given by `period:`"));
                return None;
            };
            (function, argument, call.filter.as_deref())
        }
        _ => (AggregateFunction::Sum, &expr, None),
    };
    let source = analyser.source_of(argument, "xyz")?;
    let slices = analyser.slices(source, period_node?, months, 2..=1200)?;
    let typed = match &argument.kind {
        ExprKind::Path(path) if path.len() == 1 && function == AggregateFunction::Count => {
            analyser.add_reference(&path[0].value, path[0].span);
            None
        }
        _ => Some(analyser.expression(argument, Scope::Events(source), None)?),
    };
    let filter = match filter {
        Some(filter) => Some(analyser.condition(filter, Scope::Events(source))?),
        None => None,
    };
    let ty = match (function, &typed) {
        (AggregateFunction::Count, _) => Type::Integer,
        (_, Some(typed)) if matches!(typed.ty, Type::Integer | Type::Money | Type::Number) => typed.ty,
        _ => {
            analyser.out.push(Diagnostic::new(Code::E0402, "only amounts and numbers can be summed").at(argument.span));
            return None;
        }
    };
    let slots = (0..slices.count)
        .map(|index| {
            let period = Some(slices.period(index));
            let (argument, filter) = (typed.clone(), filter.clone());
            let aggregate = Aggregate { source, function, argument, period, filter, ty, columns: Vec::new() };
            analyser.add_aggregate(format!("{expr} in {}", slices.name(index)), false, aggregate)
        })
        .collect();
    let classes = classes?;
    let labels = unclassed::labels(&classes, none?, "coefficient of variation", analyser)?;
    Some(Box::new(Xyz { period_sums: slots, slices, domain: Domain::of(ty)?, classes, labels }))
}

impl Xyz {
    /// The sums of the months that have begun.
    fn begun(&self, as_of: i32) -> Result<&[SlotId], Diagnostics> {
        Ok(&self.period_sums[..self.slices.begun(as_of)?.len()])
    }

    fn class(&self, variation: Option<f64>) -> usize {
        variation.and_then(|v| self.classes.of(float_key(v))).unwrap_or(self.labels.len() - 1)
    }

    /// The coefficient of variation; none where the mean is zero, a sum is missing, or fewer than two months have begun.
    fn variation(&self, keys: impl Iterator<Item = Option<i128>>) -> Option<f64> {
        let mut months = Vec::with_capacity(self.period_sums.len());
        for key in keys {
            months.push(key?);
        }
        if months.len() < 2 {
            return None;
        }
        match self.domain {
            Domain::Exact { .. } => exact_variation(&months),
            Domain::Float(_) => {
                let values: Vec<f64> = months.into_iter().map(key_float).collect();
                let n = values.len() as f64;
                let mean = values.iter().sum::<f64>() / n;
                let squares = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
                let variation = (squares / (n - 1.0)).sqrt() / mean.abs();
                variation.is_finite().then_some(variation + 0.0)
            }
        }
    }
}

/// √(n(nΣx² − (Σx)²) / (n − 1)) / |Σx|, with the fraction under the root exact and in lowest terms, so that a
/// coefficient of exactly one half is one half.
fn exact_variation(values: &[i128]) -> Option<f64> {
    let n = i128::try_from(values.len()).ok()?;
    let sum: i128 = values.iter().sum();
    if sum == 0 {
        return None;
    }
    let squares = values.iter().try_fold(0i128, |all, v| all.checked_add(v.checked_mul(*v)?));
    let fraction = squares.and_then(|squares| {
        let numerator = n.checked_mul(n.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?)?;
        let denominator = sum.checked_mul(sum)?.checked_mul(n - 1)?;
        Some((numerator, denominator))
    });
    let Some((numerator, denominator)) = fraction else {
        // Sums beyond 10¹⁷ overflow the exact arithmetic; floats are precise enough for them.
        let (n, sum) = (n as f64, sum as f64);
        let mean = sum / n;
        let squares = values.iter().map(|v| (*v as f64 - mean) * (*v as f64 - mean)).sum::<f64>();
        return Some((squares / (n - 1.0)).sqrt() / mean.abs() + 0.0);
    };
    let common = gcd(numerator, denominator).max(1);
    Some(((numerator / common) as f64 / (denominator / common) as f64).sqrt() + 0.0)
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coefficient_is_that_of_the_sample() {
        // Mean 2, deviations ±1: variance (1 + 1) / 1 = 2.
        assert_eq!(exact_variation(&[1, 3]), Some(2f64.sqrt() / 2.0));
        assert_eq!(exact_variation(&[5, 5, 5]), Some(0.0));
        assert_eq!(exact_variation(&[1, -1]), None);
        // Variance 4, mean 4.
        assert_eq!(exact_variation(&[2, 4, 6]), Some(0.5));
    }
}
