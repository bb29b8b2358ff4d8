//! XYZ analysis: how regular a customer's demand is, by its coefficient of variation per month.
//!
//! The coefficient is the sample standard deviation (n − 1) of the sums of each month of the period, months
//! without events included as zero, divided by the absolute mean.

mod describe;
mod sql;

use std::sync::Arc;

use accolade_parser::expr::ast::ExprKind;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{ArrayRef, Float64Array};

use super::labels;
use accolade_core::frame::column;
use accolade_core::model::{Aggregate, AggregateFunction, SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys, float_key, key_float};
use accolade_core::numbers::interval::Interval;
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Scope, Shape, Sort, aggregate_function};
use accolade_rules::decision::stretches::Stretches;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Input, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

const LENGTHS: &[&str] = &["month", "quarter"];

pub(super) static KIND: Kind = Kind {
    name: "xyz",
    summary: "classes customers by how regular their demand is",
    keys: &[
        Key::required(
            "value",
            Shape::EXPRESSION,
            "what is summed per month: `orders.amount`, `sum(…)` or `count(orders)`",
        ),
        Key::required("period", Shape::Name(Sort::Period), "a period of whole months"),
        Key::optional("per", Shape::Word(LENGTHS), "`month` (default) or `quarter`"),
        Key::required("classes", Shape::PATTERNS, "label: stretch of the coefficient, such as `<= 50%`; or `rest`"),
        Key::optional("none", Shape::Text, "label where the mean is zero; `none` if absent"),
    ],
    compile,
};

#[derive(Debug)]
struct Xyz {
    /// One sum per month.
    months: Vec<SlotId>,
    domain: Domain,
    classes: Stretches,
    /// The classes' labels and, last, the label without a coefficient.
    labels: Labels,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let value = parameters.required("value", analyser.out);
    let period_node = parameters.required("period", analyser.out);
    let classes_node = parameters.required("classes", analyser.out);
    let months = match parameters.optional("per") {
        Some(node) => [1, 3][fields::choice(node, LENGTHS, analyser.out)?.value],
        None => 1,
    };
    let none = match parameters.optional("none") {
        Some(node) => fields::text(node, analyser.out)?.text.clone(),
        None => "none".to_owned(),
    };
    let mapping = fields::mapping(classes_node?, analyser.out)?;
    let range = Interval { low: 0, high: i128::MAX };
    let classes = Stretches::compile(mapping, Domain::Float(Type::Percent), range, "class", "coefficient", analyser);
    let expr = analyser.parse_expression(value?)?;
    let (function, argument, filter) = match &expr.kind {
        ExprKind::Call(call) => {
            let function = aggregate_function(&call.function.value);
            let (Some(function @ (AggregateFunction::Sum | AggregateFunction::Count)), [argument], None) =
                (function, call.arguments.as_slice(), &call.period)
            else {
                let message = "only `sum(…)` or `count(…)` without `in` can be spread over months";
                analyser.out.push(
                    Diagnostic::new(Code("E0402"), message).at(expr.span).help("the period is given by `period:`"),
                );
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
            analyser.used(&path[0].value, path[0].span);
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
            analyser
                .out
                .push(Diagnostic::new(Code("E0402"), "only amounts and numbers can be summed").at(argument.span));
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
    let mut labels = classes.labels.clone();
    labels.push(none);
    Some(Box::new(Xyz { months: slots, domain: Domain::of(ty)?, classes, labels }))
}

impl CompiledRule for Xyz {
    fn outputs(&self) -> Vec<Output> {
        vec![Output::label("class", self.labels.to_vec(), false), Output::new("variation", Type::Percent)]
    }

    fn calibrate(&self, _: &Population, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let columns: Vec<&ArrayRef> =
            self.months.iter().map(|slot| column(batch.frame, *slot)).collect::<Result<_, _>>()?;
        let keys: Option<Vec<Keys>> = columns.into_iter().map(Keys::of).collect();
        let Some(keys) = keys else { return Err(unfit(batch.context.rule, "need a numeric value")) };
        let variations: Vec<Option<f64>> =
            (0..batch.frame.rows).map(|row| self.variation(keys.iter().map(|k| k.get(row)))).collect();
        let classes = labels::column(&self.labels, variations.iter().map(|v| Some(self.class(*v))));
        Ok(vec![classes, Arc::new(Float64Array::from(variations))])
    }

    fn rate_row(&self, record: &[Value], _: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let variation =
            self.variation(self.months.iter().map(|slot| record.get(*slot).and_then(|v| self.domain.key(v))));
        Ok(vec![self.labels.value(Some(self.class(variation))), variation.map_or(Value::Null, Value::Number)])
    }

    fn reads(&self) -> Vec<SlotId> {
        self.months.clone()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }

    fn branches(&self) -> Vec<Branch> {
        let mut branches = self.classes.branches("class");
        branches.push(Branch::new("class", self.labels.last().cloned().unwrap_or_default(), None));
        branches
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        let steady = 100
            * match self.domain {
                Domain::Exact { scale, .. } => 10i128.pow(u32::from(scale.unsigned_abs())),
                Domain::Float(_) => return Vec::new(),
            };
        let row = |keys: Vec<i128>| self.months.iter().zip(keys).map(|(s, key)| (*s, self.domain.value(key))).collect();
        let months = |first: i128| -> Vec<i128> {
            std::iter::once(first).chain(self.months.iter().skip(1).map(|_| steady)).collect()
        };
        let mut rows: Vec<Vec<(SlotId, Value)>> = vec![row(vec![0; self.months.len()])];
        for boundary in self.classes.boundaries() {
            // The more the first month stands out, the less regular is the demand.
            let varies = |first: i128| exact(&months(first)).is_some_and(|v| float_key(v) >= boundary);
            let (mut below, mut above) = (steady, steady * 1_000_000);
            if varies(below) || !varies(above) {
                continue;
            }
            while below + 1 < above {
                let middle = below + (above - below) / 2;
                if varies(middle) { above = middle } else { below = middle }
            }
            rows.extend([row(months(below)), row(months(above))]);
            // Just at the boundary or one step before it, as `<` and `<=` differ there.
            for key in [boundary - 1, boundary] {
                rows.extend(
                    pattern(self.months.len(), key_float(key))
                        .map(|p| row(p.into_iter().map(|v| v * steady).collect())),
                );
            }
        }
        rows
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let months = self.months.iter().map(|slot| record.get(*slot).and_then(|v| self.domain.key(v)));
        let variation = self.variation(months);
        let class = self.class(variation);
        let value = variation.map_or(Value::Null, Value::Number);
        let input = Input { name: "variation".to_owned(), ty: Type::Percent, value };
        Ok(match variation {
            Some(variation) => Derivation {
                decided_by: Some(self.classes.written(class)),
                reasons: self.classes.explain(&input, float_key(variation)),
                reached: vec![class],
            },
            None => {
                let test = Written::nowhere("the mean is zero");
                let reason = Reason::new(self.labels[class].clone(), vec![input], test.clone(), Verdict::Holds);
                Derivation { decided_by: Some(test), reasons: vec![reason], reached: vec![class] }
            }
        })
    }

    fn course(&self, _: usize, _: &[SlotId], _: &CutOffs, _: &Lever) -> Option<Course> {
        // One month among many has no single direction in which the variation goes.
        None
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let written = (0..self.classes.labels.len()).map(|i| format!("variation {}", self.classes.written(i).text));
        let reasons: Vec<String> = written.chain(["the mean is zero".to_owned()]).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.groups(&self.labels)]
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}

impl Xyz {
    fn class(&self, variation: Option<f64>) -> usize {
        variation.and_then(|v| self.classes.of(float_key(v))).unwrap_or(self.labels.len() - 1)
    }

    fn variation(&self, keys: impl Iterator<Item = Option<i128>>) -> Option<f64> {
        let mut months = Vec::with_capacity(self.months.len());
        for key in keys {
            months.push(key?);
        }
        match self.domain {
            Domain::Exact { .. } => exact(&months),
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
fn exact(values: &[i128]) -> Option<f64> {
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
        // Sums beyond 10¹⁷: floats are as exact as anybody needs.
        let (n, sum) = (n as f64, sum as f64);
        let mean = sum / n;
        let squares = values.iter().map(|v| (*v as f64 - mean) * (*v as f64 - mean)).sum::<f64>();
        return Some((squares / (n - 1.0)).sqrt() / mean.abs() + 0.0);
    };
    let common = gcd(numerator, denominator).max(1);
    Some(((numerator / common) as f64 / (denominator / common) as f64).sqrt() + 0.0)
}

/// Whole amounts of some months whose coefficient of variation is just this, if small ones do it: a mean of m and
/// deviations that add up to zero and whose squares add up to (n − 1)(cm)².
fn pattern(months: usize, coefficient: f64) -> Option<Vec<i128>> {
    let n = i128::try_from(months).ok()?;
    (2..=12).find_map(|mean: i128| {
        let squares = (n - 1) as f64 * (coefficient * mean as f64) * (coefficient * mean as f64);
        let whole = squares.round();
        if (squares - whole).abs() > 1e-9 || !(1.0..=1e6).contains(&whole) {
            return None;
        }
        let mut deviations = Vec::new();
        let mut steps = 20_000;
        deviate(&mut deviations, mean, months, (0, whole as i128), &mut steps).then_some(())?;
        deviations.resize(months, 0);
        let values: Vec<i128> = deviations.iter().map(|d| d + mean).collect();
        // The float nearest to the coefficient is what is compared.
        (exact(&values) == Some(coefficient)).then_some(values)
    })
}

/// Finds deviations, greatest first, with a sum and a sum of squares to go.
fn deviate(found: &mut Vec<i128>, mean: i128, months: usize, (sum, squares): (i128, i128), steps: &mut u32) -> bool {
    if squares == 0 {
        return sum == 0;
    }
    if found.len() == months || *steps == 0 {
        return false;
    }
    *steps -= 1;
    let most = found.last().copied().unwrap_or(squares);
    for next in (-mean..=most.min(squares.isqrt())).rev().filter(|d| *d != 0 && d * d <= squares) {
        found.push(next);
        if deviate(found, mean, months, (sum + next, squares - next * next), steps) {
            return true;
        }
        found.pop();
    }
    false
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
        assert_eq!(exact(&[1, 3]), Some(2f64.sqrt() / 2.0));
        assert_eq!(exact(&[5, 5, 5]), Some(0.0));
        assert_eq!(exact(&[1, -1]), None);
        // Variance 4, mean 4.
        assert_eq!(exact(&[2, 4, 6]), Some(0.5));
    }
}
