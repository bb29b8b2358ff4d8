//! Cells of a summary as text.

use accolade_core::model::types::{MONEY_SCALE, SCORE_SCALE};
use accolade_core::model::{Type, Value};
use accolade_core::numbers::exact::{Exact, float, rounded, whole};
use accolade_core::numbers::places::{score, telling_places};
use accolade_core::show;

use num_traits::Signed;

use super::summary_table::Cell;

const BAR: usize = 24;

/// A cell for a reader: money in whole units with grouping, shares in percent, scores with two decimals.
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure, ty, places) => match ty {
            Type::Percent => format!("{}%", rounded(&(figure * whole(100)), *places)),
            _ => grouped_decimal(&rounded(figure, *places)),
        },
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Share(share) => format!("{:.1}%", share * 100.0),
        Cell::Bar(share) => {
            // A share above zero shows at least one character.
            let length = (share * BAR as f64).round() as usize;
            "#".repeat(if *share > 0.0 { length.max(1) } else { 0 })
        }
        Cell::Verdict(met) => verdict(*met).to_owned(),
        Cell::Value(Value::Money(money)) => grouped(&whole_units(*money).to_string()),
        Cell::Value(Value::Integer(integer)) => grouped(&integer.to_string()),
        Cell::Value(Value::Score(value)) => score(*value, &[]),
        Cell::Value(Value::Number(number)) => format!("{number:.3}"),
        Cell::Value(value) => show::value(value),
    }
}

/// A figure with as many decimals as tell it from `others`, and at least as many as its type has: a share has one, a
/// small amount with cents two, a number `places`.
pub fn figure(figure: &Exact, ty: Type, places: u32, others: &[Exact]) -> Cell {
    let hundred = whole(100);
    let places = match ty {
        Type::Percent => {
            let others: Vec<Exact> = others.iter().map(|other| other * &hundred).collect();
            telling_places(&(figure * &hundred), 1, &others)
        }
        Type::Money => {
            telling_places(figure, if figure.abs() < hundred && !figure.is_integer() { 2 } else { 0 }, others)
        }
        Type::Integer => telling_places(figure, 0, others),
        _ => telling_places(figure, places, others),
    };
    Cell::Figure(figure.clone(), ty, places)
}

/// Whether a goal is met, in words.
pub fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "no data",
    }
}

/// Whether a cell is aligned to the right.
pub fn is_numeric(cell: &Cell) -> bool {
    match cell {
        Cell::Text(_) | Cell::Bar(_) | Cell::Verdict(_) => false,
        Cell::Count(_) | Cell::Share(_) | Cell::Figure(..) => true,
        Cell::Value(value) => matches!(value, Value::Integer(_) | Value::Number(_) | Value::Money(_) | Value::Score(_)),
    }
}

/// A cell as a number to draw, shares in percent; none for text and missing values.
pub fn number(cell: &Cell) -> Option<f64> {
    let number = match cell {
        Cell::Text(_) | Cell::Verdict(_) => return None,
        Cell::Count(count) => *count as f64,
        Cell::Share(share) => share * 100.0,
        Cell::Bar(share) => *share,
        Cell::Figure(figure, Type::Percent, _) => float(figure) * 100.0,
        Cell::Figure(figure, ..) => float(figure),
        Cell::Value(value) => drawn(value)?,
    };
    number.is_finite().then_some(number)
}

/// A value as a number to draw, amounts in units of the currency.
pub fn drawn(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(v) => Some(*v as f64),
        Value::Number(v) => Some(*v),
        Value::Money(v) => Some(*v as f64 / 10f64.powi(MONEY_SCALE.into())),
        Value::Score(v) => Some(*v as f64 / 10f64.powi(SCORE_SCALE.into())),
        _ => None,
    }
}

/// A decimal with thousands separators.
pub fn grouped_decimal(decimal: &str) -> String {
    match decimal.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
        None => grouped(decimal),
    }
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Money in 0.0001, rounded to whole units of the currency.
pub fn whole_units(money: i128) -> i128 {
    accolade_core::ops::divide_half_even(money, 10i128.pow(u32::from(MONEY_SCALE.unsigned_abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded_half_to_even() {
        assert_eq!(text(&Cell::Value(Value::Money(-12_345_675_000))), "-1,234,568");
        assert_eq!(text(&Cell::Count(1000)), "1,000");
        assert_eq!(text(&Cell::Value(Value::Score(7_995_000_000_000_000_000))), "7.995");
        assert_eq!(text(&Cell::Value(Value::Score(7_905_000_000_000_000_000))), "7.90");
        assert_eq!(text(&Cell::Share(0.0666)), "6.7%");
        assert_eq!(text(&Cell::Bar(0.001)), "#");
    }
}
