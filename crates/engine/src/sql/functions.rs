//! The functions of the expression language.

use accolade_parser::Diagnostics;

use super::lower::{Lowering, Scope, exact};
use super::numbers;
use accolade_core::model::types::MONEY_SCALE;
use accolade_core::model::{Type, TypedExpr};
use accolade_core::ops;
use accolade_core::sql::tree::{Chain, Expr, Op, SqlType};

/// Functions that are one of the databases'.
const PLAIN: &[(&str, Op)] = &[
    ("months", Op::WholeMonths),
    ("year_of", Op::Year),
    ("quarter_of", Op::Quarter),
    ("month_of", Op::Month),
    ("day_of", Op::Day),
    ("weekday_of", Op::Weekday),
    ("lower", Op::Lower),
    ("upper", Op::Upper),
    ("trim", Op::Trim),
    ("length", Op::Length),
    ("contains", Op::Contains),
    ("starts_with", Op::StartsWith),
    ("ends_with", Op::EndsWith),
];

/// Money as a number of the currency.
pub(super) fn number_of_money(value: Expr) -> Expr {
    let whole = numbers::whole(value, MONEY_SCALE).cast(SqlType::Double);
    Expr::apply(Op::DivideNumber, [whole, Expr::Float(10_000.0)])
}

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[TypedExpr],
        ty: Type,
        scope: Scope,
    ) -> Result<Expr, Diagnostics> {
        let mut operands = Vec::new();
        for argument in arguments {
            let lowered = self.lowered(argument, scope)?;
            operands.push(self.bind_in(scope, lowered));
        }
        // A function of a missing value is missing; operators are so by themselves.
        let missing: Vec<Expr> =
            arguments.iter().zip(&operands).filter(|(a, _)| a.nullable).map(|(_, o)| o.clone().is_null()).collect();
        let strict = |result: Expr| {
            let absent = SqlType::of(ty).unwrap_or(SqlType::Text);
            if missing.is_empty() {
                result
            } else {
                let present = missing.iter().cloned().map(|m| Expr::apply(Op::Not, [m])).collect();
                Expr::case(vec![(Expr::all(present), result)], Expr::Null(absent))
            }
        };
        let operand = |index: usize| operands.get(index).cloned().unwrap_or(Expr::Null(SqlType::Text));
        if let Some((_, op)) = PLAIN.iter().find(|(of, _)| *of == name) {
            return Ok(Expr::Apply(*op, operands));
        }
        let of = arguments.first().map_or(ty, |a| a.ty);
        Ok(match name {
            "days" | "days_between" => Expr::apply(Op::DaysBetween, [operand(1), operand(0)]),
            "years" => {
                let months = Expr::apply(Op::WholeMonths, [operand(0), operand(1)]).cast(SqlType::Whole);
                Expr::apply(Op::DivideWhole, [months, Expr::Whole(12)]).cast(SqlType::Integer)
            }
            "to_date" => operand(0).cast(SqlType::Date),
            "concat" => Expr::Chain(Chain::Concat, operands),
            "abs" if of == Type::Integer => {
                let negative = operand(0).compare(Op::Less, Expr::Whole(0));
                let turned = Expr::apply(Op::SubtractInteger, [exact(Expr::Whole(0), of), operand(0)]);
                Expr::Case(None, vec![(negative, turned)], Some(Box::new(operand(0))))
            }
            "abs" => Expr::apply(Op::Abs, [operand(0)]),
            "floor" | "ceil" if of == Type::Integer => operand(0),
            "floor" | "ceil" => {
                let op = if name == "floor" { Op::Floor } else { Op::Ceil };
                let whole = Expr::apply(op, [operand(0)]);
                if of == Type::Money {
                    whole.cast(SqlType::Money)
                } else {
                    // Zero has no sign.
                    Expr::Chain(Chain::Plus, vec![whole.cast(SqlType::Double), Expr::Float(0.0)])
                }
            }
            "round" => {
                let places = match operands.get(1) {
                    None => Some(0),
                    Some(Expr::Whole(places)) => i8::try_from((*places).clamp(-18, 18)).ok(),
                    Some(_) => None,
                };
                let Some(places) = places else {
                    return Err(self.refuse("`round` needs a fixed number of decimal places there"));
                };
                match of {
                    Type::Money if places >= MONEY_SCALE => operand(0),
                    Type::Money => numbers::round_even(operand(0).cast(SqlType::Money), places).cast(SqlType::Money),
                    _ => {
                        let rounded = numbers::round_even(numbers::decimal(operand(0)), places);
                        Expr::Chain(Chain::Plus, vec![rounded.cast(SqlType::Double), Expr::Float(0.0)])
                    }
                }
            }
            "least" => strict(Expr::Chain(Chain::Least, operands.clone())),
            "greatest" => strict(Expr::Chain(Chain::Greatest, operands.clone())),
            "clamp" => {
                let raised = Expr::Chain(Chain::Greatest, vec![operand(0), operand(1)]);
                strict(Expr::Chain(Chain::Least, vec![raised, operand(2)]))
            }
            "between" => strict(Expr::all(vec![
                operand(0).compare(Op::GreaterEqual, operand(1)),
                operand(0).compare(Op::LessEqual, operand(2)),
            ])),
            "sqrt" => {
                let defined = operand(0).compare(Op::GreaterEqual, Expr::Float(0.0));
                Expr::case(vec![(defined, Expr::apply(Op::Sqrt, [operand(0)]))], Expr::Null(SqlType::Double))
            }
            "to_number" => match of {
                Type::Money => number_of_money(operand(0)),
                Type::Score => operand(0).cast(SqlType::Double),
                _ => operand(0),
            },
            "to_money" => numbers::round_even(numbers::decimal(operand(0)), MONEY_SCALE).cast(SqlType::Money),
            "band" if of.is_float() => {
                let steps = operands.get(2..).unwrap_or_default().chunks(2);
                let mut points = operand(1);
                let mut cases = Vec::new();
                for step in steps {
                    let [edge, from_there] = step else { continue };
                    cases.push((operand(0).compare(Op::Less, edge.clone()), points));
                    points = from_there.clone();
                }
                strict(Expr::case(cases, points))
            }
            "clv" => {
                let [margin, retention, discount] = [operand(0), operand(1), operand(2)];
                let defined = Expr::all(vec![
                    retention.clone().compare(Op::GreaterEqual, Expr::Float(0.0)),
                    retention.clone().compare(Op::LessEqual, Expr::Float(1.0)),
                    discount.clone().compare(Op::GreaterEqual, Expr::Float(0.0)),
                ]);
                let retention = self.bind_in(scope, numbers::whole_number(retention));
                let discount = numbers::whole_number(discount);
                let numerator = numbers::times(numbers::whole(margin, MONEY_SCALE), retention.clone());
                let sum = Expr::Chain(Chain::Plus, vec![numbers::power(numbers::PLACES), discount]);
                let denominator = Expr::apply(Op::Minus, [sum, retention]);
                let value = numbers::money(numbers::half_even(numerator, denominator));
                Expr::case(vec![(defined, value)], Expr::Null(SqlType::Money))
            }
            "lifetime_value" => {
                let (Expr::Float(years), Expr::Float(margin)) = (operand(0), operand(2)) else {
                    return Err(self.refuse("`lifetime_value` needs a fixed number of years and a fixed margin there"));
                };
                let [(years, a), (margin, b)] = [years, margin].map(ops::shortest_decimal);
                let places = (-a - b).max(0);
                let raised = ops::power_of_ten((-a - b).min(0).unsigned_abs());
                let unit = ops::power_of_ten(places.unsigned_abs()).filter(|_| places <= 18);
                let part = years.checked_mul(margin).zip(raised).and_then(|(part, raised)| part.checked_mul(raised));
                let (Some(part), Some(unit)) = (part, unit) else {
                    return Err(self.refuse("`lifetime_value` has numbers of too many digits"));
                };
                let earned = numbers::times(numbers::whole(operand(1), MONEY_SCALE), Expr::Whole(part));
                let cost = numbers::times(numbers::whole(operand(3), MONEY_SCALE), Expr::Whole(unit));
                numbers::money(numbers::half_even(Expr::apply(Op::Minus, [earned, cost]), Expr::Whole(unit)))
            }
            "wallet_allocation" => {
                let (rank, brands) = (operand(0), operand(1));
                let defined = Expr::all(vec![
                    rank.clone().compare(Op::GreaterEqual, Expr::Whole(1)),
                    rank.clone().compare(Op::LessEqual, brands.clone()),
                ]);
                let brands = brands.cast(SqlType::Whole);
                let more = Expr::Chain(Chain::Plus, vec![brands.clone(), Expr::Whole(1)]);
                let above = numbers::times(Expr::Whole(2), Expr::apply(Op::Minus, [more.clone(), rank]));
                let share = numbers::share(above, numbers::times(more, brands));
                Expr::case(vec![(defined, share)], Expr::Null(SqlType::Double))
            }
            _ => {
                return Err(self.refuse(&format!(
                    "the function `{name}` has no counterpart that gives the same to the last digit"
                )));
            }
        })
    }
}
