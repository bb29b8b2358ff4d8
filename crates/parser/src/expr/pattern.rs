//! Patterns, bins, periods, measures and column types.

use super::ast::{BaseType, BinRule, BinaryOp, Bins, ColumnType, Literal, MeasureSpec, Pattern, PeriodSpec};
use super::grammar::{ParseNode, Rule};
use super::reader::{NodeReader, ReadResult, text};
use super::tree::comparator;
use crate::code::Code;
use crate::span::Spanned;
use crate::suggest::suggest;

/// The types a column can have, by name.
pub(super) const BASE_TYPES: &[(&str, BaseType)] = &[
    ("text", BaseType::Text),
    ("boolean", BaseType::Boolean),
    ("integer", BaseType::Integer),
    ("number", BaseType::Number),
    ("money", BaseType::Money),
    ("percent", BaseType::Percent),
    ("date", BaseType::Date),
    ("datetime", BaseType::DateTime),
];

impl NodeReader<'_> {
    /// `pattern` and the tests of a class.
    pub(super) fn pattern(self, node: &ParseNode<'_>) -> ReadResult<Pattern> {
        let inner = self.next(&mut node.clone().into_inner(), node)?;
        let mut parts = inner.clone().into_inner();
        Ok(match inner.as_rule() {
            Rule::kw_missing => Pattern::Missing,
            Rule::kw_rest => Pattern::Rest,
            Rule::value | Rule::bare_text => Pattern::Compare(BinaryOp::Equal, self.member(&inner)?),
            Rule::comparison => {
                let op = self.next(&mut parts, &inner)?;
                let op = comparator(op.as_rule()).ok_or_else(|| self.unexpected(&op))?;
                Pattern::Compare(op, self.value(&self.next(&mut parts, &inner)?)?)
            }
            Rule::value_range => {
                let low = self.value(&self.next(&mut parts, &inner)?)?;
                let closed = self.next(&mut parts, &inner)?.as_rule() == Rule::closed;
                let high = self.value(&self.next(&mut parts, &inner)?)?;
                Pattern::Range { low, high, closed }
            }
            Rule::one_of => Pattern::OneOf(self.members(&inner)?),
            _ => return Err(self.unexpected(&inner)),
        })
    }

    /// `in [a, "b"]`
    fn members(self, node: &ParseNode<'_>) -> ReadResult<Vec<Spanned<Literal>>> {
        let members = node.clone().into_inner().filter(|p| matches!(p.as_rule(), Rule::value | Rule::bare_text));
        members.map(|member| self.member(&member)).collect()
    }

    fn member(self, node: &ParseNode<'_>) -> ReadResult<Spanned<Literal>> {
        match node.as_rule() {
            Rule::bare_text => Ok(Spanned::new(Literal::Text(text(node).to_owned()), self.span(node))),
            _ => self.value(node),
        }
    }

    /// `5 by value nested`
    pub(super) fn bins(self, node: &ParseNode<'_>) -> ReadResult<Bins> {
        let mut parts = node.clone().into_inner();
        let count = self.whole(&self.next(&mut parts, node)?)?;
        let mut bins = Bins { count, by: BinRule::Value, nested: false };
        for part in parts {
            match part.as_rule() {
                Rule::by_rank => bins.by = BinRule::Rank,
                Rule::by_r_package => bins.by = BinRule::RPackage,
                Rule::nested => bins.nested = true,
                _ => {}
            }
        }
        Ok(bins)
    }

    /// `last 12 months`, `12 months before year`, `2025-01-01 .. 2025-12-31`
    pub(super) fn period(self, node: &ParseNode<'_>) -> ReadResult<PeriodSpec> {
        let form = self.next(&mut node.clone().into_inner(), node)?;
        let mut parts = form.clone().into_inner();
        let first = self.next(&mut parts, &form)?;
        let second = self.next(&mut parts, &form)?;
        if form.as_rule() == Rule::date_period {
            let third = self.next(&mut parts, &form)?;
            let (from, to) = (self.day(&first)?, self.day(&third)?);
            let closed = second.as_rule() == Rule::closed;
            if to < from || (to == from && !closed) {
                let error = self.error(Code::E0202, &form, "the period ends before it begins");
                return Err(Box::new(error.help("write the earlier date first")));
            }
            return Ok(PeriodSpec::Between { from, to, closed });
        }
        let last = form.as_rule() == Rule::last_period;
        let length = if last { second } else { first };
        let (amount, unit) = self.duration(&length)?;
        if amount == 0 {
            return Err(self.error(Code::E0202, &length, "a period has a length of at least one"));
        }
        if last {
            return Ok(PeriodSpec::Last(amount, unit));
        }
        let name = self.next(&mut parts, &form)?;
        Ok(PeriodSpec::Before(amount, unit, self.name(&name)))
    }

    /// `sum(revenue) by customer_class, city`
    pub(super) fn measure(self, node: &ParseNode<'_>) -> ReadResult<MeasureSpec> {
        let mut parts = node.clone().into_inner();
        let expr = self.expression(&self.next(&mut parts, node)?)?.expr;
        let mut by = Vec::new();
        for part in parts.filter(|part| part.as_rule() == Rule::path) {
            let names = part.clone().into_inner().filter(|name| name.as_rule() == Rule::identifier);
            by.push(Spanned::new(names.map(|name| self.name(&name)).collect(), self.span(&part)));
        }
        Ok(MeasureSpec { expr, by })
    }

    /// `integer? 1..5`, `text in [gold, silver]`
    pub(super) fn column_type(self, node: &ParseNode<'_>) -> ReadResult<ColumnType> {
        let mut parts = node.clone().into_inner();
        let name = self.next(&mut parts, node)?;
        let Some((_, base)) = BASE_TYPES.iter().find(|(word, _)| *word == text(&name)) else {
            return Err(self.unknown_type(&name));
        };
        let mut column = ColumnType { base: *base, nullable: false, range: None, allowed: None };
        for part in parts {
            match part.as_rule() {
                Rule::nullable => column.nullable = true,
                Rule::one_of => column.allowed = Some(self.members(&part)?),
                _ => {
                    let mut ends = part.clone().into_inner().filter(|end| end.as_rule() == Rule::value);
                    let mut end = || self.value(&ends.next().ok_or_else(|| self.unexpected(&part))?);
                    column.range = Some((end()?, end()?));
                }
            }
        }
        Ok(column)
    }

    fn unknown_type(self, name: &ParseNode<'_>) -> Box<crate::diagnostic::Diagnostic> {
        let error = self.error(Code::E0106, name, format!("unknown column type `{}`", text(name)));
        // Names of the types in other languages.
        let known = match text(name).to_lowercase().as_str() {
            "string" | "str" | "varchar" | "char" => Some("text"),
            "int" | "bigint" | "long" => Some("integer"),
            "float" | "double" | "real" => Some("number"),
            "decimal" | "currency" | "numeric" => Some("money"),
            "bool" => Some("boolean"),
            "timestamp" => Some("datetime"),
            _ => suggest(text(name), BASE_TYPES.iter().map(|(word, _)| *word)),
        };
        Box::new(match known {
            Some(known) => error.did_you_mean(self.span(name), text(name), known),
            None => error.help(
                "the types are `text`, `boolean`, `integer`, `number`, `money`, `percent`, `date` and `datetime`",
            ),
        })
    }
}
