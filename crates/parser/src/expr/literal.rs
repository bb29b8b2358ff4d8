//! Literals: exact numbers, texts, dates, spans of time.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

use super::ast::{Literal, TimeUnit};
use super::grammar::{ParseNode, Rule};
use super::reader::{NodeReader, ReadResult, text};
use crate::code::Code;
use crate::span::Spanned;

impl NodeReader<'_> {
    /// Any literal without a sign.
    pub(super) fn literal(self, node: &ParseNode<'_>) -> ReadResult<Literal> {
        Ok(match node.as_rule() {
            Rule::number => Literal::Number(self.decimal(node)?),
            Rule::percent => Literal::Percent(self.fraction(node)?),
            Rule::duration => {
                let (amount, unit) = self.duration(node)?;
                Literal::Duration(amount, unit)
            }
            Rule::date => Literal::Date(self.day(node)?),
            Rule::datetime => Literal::DateTime(self.moment(node)?),
            Rule::text => Literal::Text(unescape(text(node))),
            Rule::boolean => Literal::Boolean(text(node) == "true"),
            _ => return Err(self.unexpected(node)),
        })
    }

    /// A literal that may have a sign.
    pub(super) fn value(self, node: &ParseNode<'_>) -> ReadResult<Spanned<Literal>> {
        let mut children = node.clone().into_inner();
        let mut first = self.next(&mut children, node)?;
        let negative = first.as_rule() == Rule::sign;
        if negative {
            first = self.next(&mut children, node)?;
        }
        let literal = self.literal(&first)?;
        let literal = match literal {
            Literal::Number(n) if negative => Literal::Number(negated(n)),
            Literal::Percent(n) if negative => Literal::Percent(negated(n)),
            Literal::Duration(amount, unit) if negative => Literal::Duration(-amount, unit),
            other => other,
        };
        Ok(Spanned::new(literal, self.span(node)))
    }

    /// A number or percentage that may have a sign, as a number.
    pub(super) fn signed_number(self, node: &ParseNode<'_>) -> ReadResult<Spanned<Decimal>> {
        match self.value(node)?.value {
            Literal::Number(n) | Literal::Percent(n) => Ok(Spanned::new(n, self.span(node))),
            _ => Err(self.unexpected(node)),
        }
    }

    /// A number without a sign.
    pub(super) fn decimal(self, node: &ParseNode<'_>) -> ReadResult<Decimal> {
        let digits = text(node).trim_end_matches('%').replace('_', "");
        Decimal::from_str_exact(&digits).map_err(|_| self.too_long(node))
    }

    /// A percentage as a fraction.
    pub(super) fn fraction(self, node: &ParseNode<'_>) -> ReadResult<Decimal> {
        let mut percent = self.decimal(node)?;
        let scale = percent.scale() + 2;
        percent.set_scale(scale).map_err(|_| self.too_long(node))?;
        Ok(percent)
    }

    fn too_long(self, node: &ParseNode<'_>) -> Box<crate::diagnostic::Diagnostic> {
        let message = format!("the number `{}` has too many digits", text(node));
        Box::new(self.error(Code::E0202, node, message).help("28 digits are kept exactly"))
    }

    /// A whole number that fits `T`.
    pub(super) fn whole<T: TryFrom<Decimal>>(self, node: &ParseNode<'_>) -> ReadResult<T> {
        let number = self.decimal(node)?;
        if !number.is_integer() {
            return Err(self.error(Code::E0202, node, format!("expected a whole number, found `{}`", text(node))));
        }
        T::try_from(number)
            .map_err(|_| self.error(Code::E0202, node, format!("the number `{}` is too large", text(node))))
    }

    /// `30 days`
    pub(super) fn duration(self, node: &ParseNode<'_>) -> ReadResult<(i64, TimeUnit)> {
        let mut children = node.clone().into_inner();
        let number = self.next(&mut children, node)?;
        let unit = match children.next().and_then(|unit| unit.into_inner().next()).map(|unit| unit.as_rule()) {
            Some(Rule::day) => TimeUnit::Day,
            Some(Rule::week) => TimeUnit::Week,
            Some(Rule::month) => TimeUnit::Month,
            Some(Rule::quarter) => TimeUnit::Quarter,
            Some(Rule::year) => TimeUnit::Year,
            _ => return Err(self.unexpected(node)),
        };
        let amount: i64 = self.whole(&number)?;
        if amount > max_amount(unit) {
            let message = format!("`{}` is too long", text(node));
            return Err(Box::new(self.error(Code::E0202, node, message).help("the longest duration is 10_000 years")));
        }
        Ok((amount, unit))
    }

    /// `2026-01-01`
    pub(super) fn day(self, node: &ParseNode<'_>) -> ReadResult<NaiveDate> {
        day(text(node)).map_err(|help| self.not_a_date(node, help))
    }

    fn moment(self, node: &ParseNode<'_>) -> ReadResult<NaiveDateTime> {
        let (date, time) = text(node).split_once('T').unwrap_or_default();
        let date = day(date).map_err(|help| self.not_a_date(node, help))?;
        let mut parts = time.split(':').map(|part| part.parse().ok());
        let (hour, minute) = (parts.next().flatten(), parts.next().flatten());
        let second = parts.next().unwrap_or(Some(0));
        hour.zip(minute)
            .zip(second)
            .and_then(|((hour, minute), second)| NaiveTime::from_hms_opt(hour, minute, second))
            .map(|time| date.and_time(time))
            .ok_or_else(|| self.not_a_date(node, "times run from `00:00:00` to `23:59:59`"))
    }

    fn not_a_date(self, node: &ParseNode<'_>, help: &str) -> Box<crate::diagnostic::Diagnostic> {
        let message = format!("`{}` is not a date", text(node));
        Box::new(self.error(Code::E0202, node, message).help(help))
    }
}

/// About ten thousand years: more than a calendar holds, so no date arithmetic can overflow unseen.
fn max_amount(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Day => 3_652_500,
        TimeUnit::Week => 521_780,
        TimeUnit::Month => 120_000,
        TimeUnit::Quarter => 40_000,
        TimeUnit::Year => 10_000,
    }
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return Err(FORM) };
    if month.len() != 2 || day.len() != 2 {
        return Err(FORM);
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(0);
    NaiveDate::from_ymd_opt(i32::try_from(number(year)).unwrap_or(0), number(month), number(day))
        .ok_or("there is no such day in the calendar")
}

const FORM: &str = "write four, two and two digits, as in `2026-01-09`; a subtraction has spaces around `-`";

/// The negative of a number. Zero gets no sign, which would be printed.
fn negated(n: Decimal) -> Decimal {
    if n.is_zero() { n } else { -n }
}

fn unescape(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => break,
            },
            other => other,
        });
    }
    out
}
