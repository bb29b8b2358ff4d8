//! Converting a raw column to its declared type.

use std::sync::Arc;

use accolade_core::frame::value_at;
use accolade_core::model::{Column, TimeZone, Type};
use accolade_parser::Code;
use accolade_parser::syntax::file::{BooleanWord, FormatOptions};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, PrimitiveBuilder, StringViewArray, StringViewBuilder, new_null_array,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use arrow::util::display::array_value_to_string;

use super::column_marks::SourceMarks;
use super::limits::ColumnLimits;
use super::number::NumberSigns;
use super::time::TimeForm;
use super::{amount, cast, magnitude, number, time};

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueProblem {
    pub code: Code,
    pub message: String,
    pub help: Option<String>,
}

/// Converts one column.
#[derive(Clone, Debug)]
pub struct Converter {
    name: String,
    ty: Type,
    required: bool,
    /// Whether it is a key or a date, which no declaration makes optional.
    is_key_or_date: bool,
    limits: ColumnLimits,
    signs: NumberSigns,
    times: TimeForm,
    missing: Vec<String>,
    words: Vec<BooleanWord>,
    /// The code of the currency of amounts.
    currency: Option<String>,
    marks: Arc<SourceMarks>,
    /// The index of the column in the marks.
    index: usize,
}

impl Converter {
    /// The converter of a declared column. With `required`, values may not be missing even where the declaration allows
    /// it, as in keys and dates. An amount that is rounded marks the column of this index.
    pub(super) fn new(
        column: &Column,
        (format, zone): (&FormatOptions, Option<TimeZone>),
        required: bool,
        (marks, index): (&Arc<SourceMarks>, usize),
    ) -> Converter {
        Converter {
            name: column.name.clone(),
            ty: column.ty,
            required: required || !column.nullable,
            is_key_or_date: required,
            limits: ColumnLimits::new(column),
            signs: NumberSigns::new(format.decimal.as_ref().map_or('.', |d| d.value)),
            times: TimeForm { order: format.date_order.as_ref().map(|o| o.value), zone },
            missing: format.missing.iter().map(|m| m.value.clone()).collect(),
            words: format.values.clone(),
            currency: format.currency.as_ref().map(|currency| currency.value.clone()),
            marks: Arc::clone(marks),
            index,
        }
    }

    fn money(&self, text: &str) -> Option<i128> {
        let currency = self.currency.as_deref();
        amount::read(text, self.signs, currency, number::money).or_else(|| {
            let rounded = amount::read(text, self.signs, currency, number::computed_money)?;
            self.marks.rounded.mark(self.index);
            Some(rounded)
        })
    }

    /// A number of a type that has no currency.
    fn number<T>(&self, text: &str, parse: fn(&str, NumberSigns) -> Option<T>) -> Option<T> {
        amount::read(text, self.signs, None, parse)
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type it converts to.
    pub(super) fn ty(&self) -> Type {
        self.ty
    }

    /// The values of a raw column, and whether every one of them can be used.
    pub fn convert(&self, raw: &ArrayRef) -> (ArrayRef, bool) {
        let raw = cast::plain(raw);
        let values = self.values(&raw);
        let sound = self.is_sound(&values, |row| self.is_missing(&raw, row));
        (values, sound)
    }

    /// Like [`convert`](Self::convert), for texts by row.
    pub(super) fn convert_texts<'a>(&self, rows: usize, text: impl Fn(usize) -> &'a str) -> (ArrayRef, bool) {
        let values = match self.ty {
            Type::Text => {
                let mut builder = StringViewBuilder::with_capacity(rows);
                let value = |row| Some(text(row)).filter(|text| !self.stands_for_missing(text));
                (0..rows).for_each(|row| builder.append_option(value(row)));
                Arc::new(builder.finish())
            }
            _ => self.parsed((0..rows).map(|row| Some(text(row)))),
        };
        let sound = self.is_sound(&values, |row| self.stands_for_missing(text(row)));
        (values, sound)
    }

    /// Whether every value can be used. `missing` returns whether a row has no value in the file either.
    fn is_sound(&self, values: &ArrayRef, missing: impl Fn(usize) -> bool) -> bool {
        let lacking = values.null_count() > 0
            && (self.required || (0..values.len()).any(|row| values.is_null(row) && !missing(row)));
        !lacking && self.limits.outside(values).is_none_or(|outside| outside.true_count() == 0)
    }

    /// Like [`convert`](Self::convert), with the problem of each row that has one.
    pub fn convert_with_problems(&self, raw: &ArrayRef) -> (ArrayRef, Vec<(usize, ValueProblem)>) {
        let raw = cast::plain(raw);
        let values = self.values(&raw);
        let outside = self.limits.outside(&values);
        let problem = |row: usize| {
            if values.is_valid(row) {
                let out = outside.as_ref().is_some_and(|o| o.is_valid(row) && o.value(row));
                return out.then(|| self.limits.problem(&value_at(&values, row)));
            }
            if !self.is_missing(&raw, row) {
                return Some(self.unreadable(&array_value_to_string(&raw, row).unwrap_or_default()));
            }
            self.required.then(|| self.absent())
        };
        let problems = (0..values.len()).filter_map(|row| Some((row, problem(row)?))).collect();
        (values, problems)
    }

    /// Whether a raw value stands for a missing one.
    fn is_missing(&self, raw: &ArrayRef, row: usize) -> bool {
        match raw.data_type() {
            DataType::Null => true,
            DataType::Utf8View => raw.is_null(row) || self.stands_for_missing(raw.as_string_view().value(row)),
            _ => raw.is_null(row),
        }
    }

    /// Whether a text stands for a missing value. Spaces around it count in columns of text only.
    fn stands_for_missing(&self, text: &str) -> bool {
        let text = if self.ty == Type::Text { text } else { text.trim_matches(amount::is_blank) };
        text.is_empty() || self.missing.iter().any(|m| m == text)
    }

    fn values(&self, raw: &ArrayRef) -> ArrayRef {
        match (raw.data_type(), self.ty) {
            (DataType::Utf8View, Type::Text) => self.texts(raw.as_string_view()),
            (DataType::Utf8View, _) => self.parsed(raw.as_string_view().iter()),
            _ => cast::cast(raw, self.ty, self.times.zone),
        }
    }

    /// Parses texts as values of the column's type.
    fn parsed<'a>(&self, texts: impl ExactSizeIterator<Item = Option<&'a str>>) -> ArrayRef {
        let times = self.times;
        match self.ty {
            Type::Money => {
                let column = self.each::<Decimal128Type>(texts, |t| self.money(t));
                Arc::new(column.with_data_type(Type::Money.arrow()))
            }
            Type::Integer => Arc::new(self.each::<Int64Type>(texts, |t| self.number(t, number::integer))),
            Type::Number => Arc::new(self.each::<Float64Type>(texts, |t| self.number(t, number::number))),
            Type::Percent => Arc::new(self.each::<Float64Type>(texts, |t| self.number(t, number::percent))),
            Type::Date => Arc::new(self.each::<Date32Type>(texts, |t| time::date(t, times))),
            Type::DateTime => Arc::new(self.each::<TimestampMicrosecondType>(texts, |t| time::datetime(t, times))),
            Type::Boolean => {
                let mut builder = BooleanBuilder::with_capacity(texts.len());
                let value = |t: &str| if self.stands_for_missing(t) { None } else { boolean(t, &self.words) };
                texts.for_each(|t| builder.append_option(t.and_then(value)));
                Arc::new(builder.finish())
            }
            Type::Text | Type::Score | Type::Duration | Type::Decimal | Type::Rows => {
                new_null_array(&self.ty.arrow(), texts.len())
            }
        }
    }

    fn each<'a, T: ArrowPrimitiveType>(
        &self,
        texts: impl ExactSizeIterator<Item = Option<&'a str>>,
        parse: impl Fn(&str) -> Option<T::Native>,
    ) -> arrow::array::PrimitiveArray<T> {
        let mut builder = PrimitiveBuilder::<T>::with_capacity(texts.len());
        for text in texts {
            builder.append_option(text.and_then(|text| {
                // A marker of missing values may look like a value, as `-1` does.
                if !self.missing.is_empty() && self.stands_for_missing(text) {
                    return None;
                }
                // An empty text is no number in any notation.
                Some(text.trim_ascii()).filter(|text| !text.is_empty()).and_then(&parse)
            }));
        }
        builder.finish()
    }

    fn texts(&self, raw: &StringViewArray) -> ArrayRef {
        if raw.iter().flatten().all(|text| !self.stands_for_missing(text)) {
            return Arc::new(raw.clone());
        }
        Arc::new(raw.iter().map(|text| text.filter(|t| !self.stands_for_missing(t))).collect::<StringViewArray>())
    }

    fn unreadable(&self, text: &str) -> ValueProblem {
        let text = text.trim();
        let marker = is_missing_marker(text);
        let beyond = magnitude::beyond(text, self.ty, self.signs, self.currency.as_deref());
        let help = match self.ty {
            _ if beyond.is_some() => beyond,
            _ if marker => Some(format!("if it stands for a missing value, add `missing: [\"{text}\"]` to the source")),
            Type::Money | Type::Number | Type::Percent => {
                number::hint(text, self.signs, false, self.currency.as_deref())
            }
            Type::Integer => number::hint(text, self.signs, true, self.currency.as_deref()),
            Type::Date | Type::DateTime => time::hint(text, self.times),
            Type::Boolean => Some(format!(
                "write `true` or `false`, or say what it means: `values: {{\"{}\": true}}` in the source",
                excerpt(text).escape_default()
            )),
            _ => None,
        };
        let article = accolade_core::literals::with_article(self.ty);
        ValueProblem { code: Code::E0703, message: format!("`{}` is not {article}", excerpt(text)), help }
    }

    fn absent(&self) -> ValueProblem {
        let help = if self.is_key_or_date {
            format!("fill it in, or leave such rows out with `where: {} is not missing` in the source", self.name)
        } else {
            format!("fill it in, or declare the column as `{}?` if it may be missing", self.ty)
        };
        ValueProblem { code: Code::E0705, message: "the value is missing".to_owned(), help: Some(help) }
    }
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Whether a text is a common marker of a missing value, such as `N/A`.
pub(super) fn is_missing_marker(text: &str) -> bool {
    ["na", "n/a", "null", "none", "nan", "-", "?"].contains(&text.to_lowercase().as_str())
}

/// Words for true, in English, Dutch, German and French.
const YES: &[&str] = &["true", "yes", "y", "1", "ja", "j", "waar", "wahr", "oui", "o", "vrai"];
/// Words for false.
const NO: &[&str] = &["false", "no", "n", "0", "nee", "nein", "onwaar", "falsch", "non", "faux"];

/// What a text means as true or false, by these words and then by those that every source knows.
pub(super) fn boolean(text: &str, words: &[BooleanWord]) -> Option<bool> {
    let text = text.trim_matches(amount::is_blank);
    if let Some(word) = words.iter().find(|word| word.is(text)) {
        return Some(word.value);
    }
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    match text {
        _ if YES.iter().any(is) => Some(true),
        _ if NO.iter().any(is) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::StringViewArray;

    use super::*;
    use accolade_core::model::Value;

    fn converter(ty: Type, required: bool, range: Option<(Value, Value)>) -> Converter {
        limited(ty, required, range, None)
    }

    fn limited(ty: Type, required: bool, range: Option<(Value, Value)>, allowed: Option<Vec<String>>) -> Converter {
        let span = accolade_parser::Span::default();
        let column = Column {
            name: "c".to_owned(),
            ty,
            nullable: !required,
            range,
            allowed,
            narrowing_reason: None,
            computed: None,
            span,
        };
        let converter =
            Converter::new(&column, (&FormatOptions::default(), None), required, (&Arc::new(SourceMarks::new(1)), 0));
        Converter { missing: vec!["-1".to_owned(), "no".to_owned()], ..converter }
    }

    fn codes(converter: &Converter, texts: &[&str]) -> Vec<(usize, &'static str)> {
        let raw: ArrayRef = Arc::new(StringViewArray::from_iter_values(texts));
        let (values, problems) = converter.convert_with_problems(&raw);
        // Both paths give the same values and agree on whether there is a problem.
        assert_eq!(converter.convert(&raw).0.as_ref(), values.as_ref());
        assert_eq!(converter.convert(&raw).1, problems.is_empty());
        problems.into_iter().map(|(row, problem)| (row, problem.code.id())).collect()
    }

    #[test]
    fn what_stands_for_missing_is_no_value() {
        for ty in [Type::Integer, Type::Money, Type::Number, Type::Boolean, Type::Date] {
            assert_eq!(codes(&converter(ty, false, None), &["", " ", "-1", " no "]), [], "{ty}");
            assert_eq!(codes(&converter(ty, true, None), &["", "-1"]), [(0, "E0705"), (1, "E0705")], "{ty}");
        }
        // Text is taken as it is.
        assert_eq!(codes(&converter(Type::Text, true, None), &[" ", "-1", " -1", ""]), [(1, "E0705"), (3, "E0705")]);
    }

    #[test]
    fn ranges_are_closed() {
        let range = Some((Value::Integer(1), Value::Integer(5)));
        let found = codes(&converter(Type::Integer, false, range), &["0", "1", "5", "6", "", "x"]);
        assert_eq!(found, [(0, "E0704"), (3, "E0704"), (5, "E0703")]);
        let range = Some((Value::Money(10_000), Value::Money(20_000)));
        assert_eq!(
            codes(&converter(Type::Money, false, range), &["0.9999", "1", "2.0001"]),
            [(0, "E0704"), (2, "E0704")]
        );
    }

    #[test]
    fn texts_are_those_listed() {
        let allowed = Some(vec!["gold".to_owned(), "silver".to_owned(), "a text that is not inlined".to_owned()]);
        let converter = limited(Type::Text, true, None, allowed);
        let found = codes(&converter, &["gold", "Gold", "silver ", "no", "a text that is not inlined", "golf"]);
        assert_eq!(found, [(1, "E0704"), (2, "E0704"), (3, "E0705"), (5, "E0704")]);
        let raw: ArrayRef = Arc::new(StringViewArray::from_iter_values(["golf", "iron"]));
        let helps: Vec<Option<String>> =
            converter.convert_with_problems(&raw).1.into_iter().map(|(_, p)| p.help).collect();
        let known = "the values are `gold`, `silver` and `a text that is not inlined`";
        assert_eq!(helps, [Some(format!("did you mean `gold`? {known}")), Some(known.to_owned())]);
    }

    #[test]
    fn a_message_is_one_short_line() {
        let raw: ArrayRef = Arc::new(StringViewArray::from_iter_values(["a\nb\u{1b}[31m".repeat(50)]));
        let (_, problems) = converter(Type::Integer, false, None).convert_with_problems(&raw);
        assert!(problems[0].1.message.chars().all(|c| !c.is_control()) && problems[0].1.message.len() < 80);
    }
}
