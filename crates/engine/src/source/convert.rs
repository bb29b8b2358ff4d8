//! From a raw column to its declared type, with every value that cannot be used.

use std::sync::Arc;

use accolade_parser::syntax::file::Format;
use accolade_parser::{Code, suggest};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Decimal128Array, Float64Array, PrimitiveBuilder, StringViewArray,
    new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};

use super::number::{self, Signs};
use super::time;
use crate::eval::ops;
use crate::frame::value_at;
use crate::model::types::MONEY_SCALE;
use crate::model::{Column, Type, Value};
use crate::show;

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Converts one column.
#[derive(Clone, Debug)]
pub(crate) struct Converter {
    name: String,
    ty: Type,
    required: bool,
    range: Option<(Value, Value)>,
    signs: Signs,
    missing: Vec<String>,
}

/// A converted column and its unusable values, by row.
pub(crate) type Conversion = (ArrayRef, Vec<(usize, Problem)>);

impl Converter {
    /// The converter of a declared column; `required` also where the declaration does not ask for it (keys).
    pub(crate) fn new(column: &Column, format: &Format, required: bool) -> Converter {
        Converter {
            name: column.name.clone(),
            ty: column.ty,
            required: required || !column.nullable,
            range: column.range.clone(),
            signs: Signs::new(format.decimal.as_ref().map_or('.', |d| d.value)),
            missing: format.missing.iter().map(|m| m.value.clone()).collect(),
        }
    }

    /// The column's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Converts a raw column.
    pub(crate) fn convert(&self, raw: &ArrayRef) -> Conversion {
        let (values, texts) = match raw.data_type() {
            DataType::Utf8View => (self.parse(raw.as_string_view()), Some(Arc::clone(raw))),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Dictionary(..) => {
                let texts = safe_cast(raw, &DataType::Utf8View);
                (self.parse(texts.as_string_view()), Some(texts))
            }
            _ => (self.cast(raw), None),
        };
        let problems = self.problems(raw, texts.as_ref(), &values);
        (values, problems)
    }

    fn problems(&self, raw: &ArrayRef, texts: Option<&ArrayRef>, values: &ArrayRef) -> Vec<(usize, Problem)> {
        let mut problems = Vec::new();
        if values.null_count() > 0 {
            for row in (0..values.len()).filter(|row| values.is_null(*row)) {
                let text = match texts {
                    Some(texts) => {
                        texts.as_string_view().is_valid(row).then(|| texts.as_string_view().value(row).to_owned())
                    }
                    None => raw
                        .is_valid(row)
                        .then(|| arrow::util::display::array_value_to_string(raw, row).unwrap_or_default()),
                };
                match text.filter(|t| !self.is_missing(t)) {
                    Some(text) => problems.push((row, self.unreadable(&text))),
                    None if self.required => problems.push((row, self.absent())),
                    None => {}
                }
            }
        }
        if let Some((low, high)) = &self.range {
            for row in (0..values.len()).filter(|row| values.is_valid(*row)) {
                let value = value_at(values, row);
                let below = ops::compare(&value, low).is_some_and(std::cmp::Ordering::is_lt);
                if below || ops::compare(&value, high).is_some_and(std::cmp::Ordering::is_gt) {
                    let message =
                        format!("{} is outside {}..{}", show::value(&value), show::value(low), show::value(high));
                    problems.push((row, Problem { code: Code("E0704"), message, help: None }));
                }
            }
        }
        problems
    }

    fn unreadable(&self, text: &str) -> Problem {
        let text = text.trim();
        let help = match self.ty {
            Type::Money | Type::Number | Type::Percent => number::hint(text, self.signs, false),
            Type::Integer => number::hint(text, self.signs, true),
            Type::Date | Type::DateTime => time::hint(text),
            Type::Boolean => Some("write `true` or `false`".to_owned()),
            _ => None,
        };
        // `NA` and the like are how many programs write a missing value.
        let marker = ["na", "n/a", "null", "none", "nan", "-", "?"].contains(&text.to_lowercase().as_str());
        let help = if marker {
            Some(format!("if it stands for a missing value, add `missing: [\"{text}\"]` to the source"))
        } else {
            help
        };
        let shown: String = text.chars().take(40).collect();
        let article = crate::analyse::literals::article(self.ty);
        Problem { code: Code("E0703"), message: format!("`{shown}` is not {article}"), help }
    }

    fn absent(&self) -> Problem {
        let help = Some(format!("fill it in, or declare the column as `{}?` if it may be missing", self.ty));
        Problem { code: Code("E0705"), message: "the value is missing".to_owned(), help }
    }

    fn is_missing(&self, text: &str) -> bool {
        let trimmed = text.trim();
        trimmed.is_empty() || self.missing.iter().any(|m| m == trimmed)
    }

    fn parse(&self, raw: &StringViewArray) -> ArrayRef {
        let signs = self.signs;
        match self.ty {
            Type::Text => self.texts(raw),
            Type::Money => {
                let column = self.each::<Decimal128Type>(raw, |t| number::money(t, signs));
                Arc::new(column.as_primitive::<Decimal128Type>().clone().with_data_type(Type::Money.arrow()))
            }
            Type::Integer => self.each::<Int64Type>(raw, |t| number::integer(t, signs)),
            Type::Number => self.each::<Float64Type>(raw, |t| number::number(t, signs)),
            Type::Percent => self.each::<Float64Type>(raw, |t| number::percent(t, signs)),
            Type::Date => self.each::<Date32Type>(raw, time::date),
            Type::DateTime => self.each::<TimestampMicrosecondType>(raw, time::datetime),
            Type::Boolean => {
                let mut builder = BooleanBuilder::with_capacity(raw.len());
                raw.iter().for_each(|t| builder.append_option(t.and_then(|t| boolean(t.trim()))));
                Arc::new(builder.finish())
            }
            Type::Score | Type::Duration => new_null_array(&self.ty.arrow(), raw.len()),
        }
    }

    fn each<T: ArrowPrimitiveType>(
        &self,
        raw: &StringViewArray,
        parse: impl Fn(&str) -> Option<T::Native>,
    ) -> ArrayRef {
        let mut builder = PrimitiveBuilder::<T>::with_capacity(raw.len());
        for text in raw {
            builder.append_option(text.and_then(|text| {
                let text = text.trim_ascii();
                // A text that stands for missing may look like a value, as `-1` does.
                if !self.missing.is_empty() && self.is_missing(text) { None } else { parse(text) }
            }));
        }
        Arc::new(builder.finish())
    }

    fn texts(&self, raw: &StringViewArray) -> ArrayRef {
        let any_missing = raw.iter().flatten().any(|t| t.is_empty() || !self.missing.is_empty() && self.is_missing(t));
        if !any_missing {
            return Arc::new(raw.clone());
        }
        let is_missing = |t: &&str| t.is_empty() || !self.missing.is_empty() && self.is_missing(t);
        Arc::new(raw.iter().map(|t| t.filter(|t| !is_missing(t))).collect::<StringViewArray>())
    }

    fn cast(&self, raw: &ArrayRef) -> ArrayRef {
        match (self.ty, raw.data_type()) {
            (Type::Money, DataType::Float16 | DataType::Float32 | DataType::Float64) => {
                let floats = safe_cast(raw, &DataType::Float64);
                let money = floats
                    .as_primitive::<Float64Type>()
                    .iter()
                    .map(|v| v.filter(|v| v.is_finite()).and_then(|v| ops::number_to_money(v).ok()));
                Arc::new(money.collect::<Decimal128Array>().with_data_type(Type::Money.arrow()))
            }
            (Type::Money, DataType::Decimal128(_, scale)) if *scale > MONEY_SCALE => {
                let divisor = 10i128.pow(u32::from((scale - MONEY_SCALE).unsigned_abs()));
                let exact = |v: i128| (v % divisor == 0).then_some(v / divisor);
                let money = raw.as_primitive::<Decimal128Type>().iter().map(|v| v.and_then(exact));
                Arc::new(money.collect::<Decimal128Array>().with_data_type(Type::Money.arrow()))
            }
            (Type::Money, t) if t.is_integer() || t.is_decimal() => safe_cast(raw, &Type::Money.arrow()),
            (Type::Integer, t) if t.is_integer() => safe_cast(raw, &DataType::Int64),
            (Type::Number | Type::Percent, t) if t.is_numeric() => {
                let floats = safe_cast(raw, &DataType::Float64);
                let finite =
                    floats.as_primitive::<Float64Type>().iter().map(|v| v.filter(|v| v.is_finite()).map(|v| v + 0.0));
                Arc::new(finite.collect::<Float64Array>())
            }
            (Type::Date, DataType::Date32 | DataType::Date64) => safe_cast(raw, &DataType::Date32),
            (Type::Date, DataType::Timestamp(..)) => {
                let micros = safe_cast(raw, &Type::DateTime.arrow());
                let midnight = |v: &i64| v.rem_euclid(ops::MICROS_PER_DAY) == 0;
                let days = micros
                    .as_primitive::<TimestampMicrosecondType>()
                    .iter()
                    .map(|v| v.filter(midnight).map(ops::day_of));
                Arc::new(days.collect::<arrow::array::Date32Array>())
            }
            (Type::DateTime, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) => {
                safe_cast(raw, &Type::DateTime.arrow())
            }
            (Type::Boolean, DataType::Boolean) => Arc::clone(raw),
            (Type::Text, t) if t.is_integer() => safe_cast(raw, &DataType::Utf8View),
            _ => new_null_array(&self.ty.arrow(), raw.len()),
        }
    }
}

/// A cast that gives null where a value does not fit.
fn safe_cast(raw: &ArrayRef, to: &DataType) -> ArrayRef {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    cast_with_options(raw, to, &options).unwrap_or_else(|_| new_null_array(to, raw.len()))
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// The help for a column that a file does not have.
pub(super) fn nearest(name: &str, header: &[String]) -> String {
    match suggest(name, header.iter().map(String::as_str)) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("the file has: {}", header.join(", ")),
    }
}
