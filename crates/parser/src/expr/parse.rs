//! The entry points: from a YAML scalar to an expression or one of the small notations.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::ast::{Bins, ClassCut, ColumnType, Expr, MeasureSpec, Pattern, PeriodSpec};
use super::grammar::{ParseNode, Rule};
use super::reader::{NodeReader, ReadResult};
use super::{depth, error, fast_path, grammar};
use crate::diagnostic::Diagnostics;
use crate::span::{SourceId, Span, Spanned};
use crate::yaml::node::{Scalar, Style};

/// `revenue / order_count`, `sum(orders.amount in year)`, …
pub fn expression(scalar: &Scalar, out: &mut Diagnostics) -> Option<Expr> {
    if let Some(path) = fast_path::path(scalar) {
        return Some(path);
    }
    let parsed = read(Rule::expression_entry, scalar, out, |reader, node| reader.expression(node));
    parsed.map(|tree| tree.value.expr)
}

/// `< 1_000`, `1_000 ..< 10_000`, `in ["a", "b"]`, `"gold"`, `gold`, `missing`, `rest`
pub fn pattern(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<Pattern>> {
    fast_path::pattern(scalar).or_else(|| read(Rule::pattern_entry, scalar, out, NodeReader::pattern))
}

/// `top 80% of revenue`, `next 100 customers`, `>= 100_000`, `rest`
pub fn class_cut(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<ClassCut>> {
    read(Rule::class_cut_entry, scalar, out, NodeReader::class_cut)
}

/// `5 by value`, `4 by rank nested`
pub fn bins(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<Bins>> {
    read(Rule::bins_entry, scalar, out, NodeReader::bins)
}

/// `retention(orders in year_before to year)`, `sum(revenue) by customer_class, city`
pub fn measure(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<MeasureSpec>> {
    read(Rule::measure_entry, scalar, out, NodeReader::measure)
}

/// `last 12 months`, `12 months before year`, `2025-01-01 .. 2025-12-31`
pub fn period(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<PeriodSpec>> {
    read(Rule::period_entry, scalar, out, NodeReader::period)
}

/// `text`, `integer? 1..5`, `text in [gold, silver]`
pub fn column_type(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<ColumnType>> {
    read(Rule::column_type_entry, scalar, out, NodeReader::column_type)
}

/// `0..10`, `0%..100%`: both ends, percentages as fractions. Which one is larger is not checked.
pub fn range(scalar: &Scalar, out: &mut Diagnostics) -> Option<(Spanned<Decimal>, Spanned<Decimal>)> {
    let ends = read(Rule::range_entry, scalar, out, |reader, node| {
        let mut parts = node.clone().into_inner();
        let low = reader.signed_number(&reader.next(&mut parts, node)?)?;
        reader.next(&mut parts, node)?;
        let high = reader.signed_number(&reader.next(&mut parts, node)?)?;
        Ok((low, high))
    });
    ends.map(|ends| ends.value)
}

/// `10_000`, `-2.5`, `30%` (as 0.3)
pub fn number(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<Decimal>> {
    if let Some(number) = fast_path::number(&scalar.text).or_else(|| fast_path::share(&scalar.text)) {
        return Some(fast_path::with_scalar_span(scalar, number));
    }
    read(Rule::number_entry, scalar, out, |reader, node| reader.signed_number(node).map(|n| n.value))
}

/// `30%`, as 0.3; a number without a percent sign is an error.
pub fn share(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<Decimal>> {
    if let Some(share) = fast_path::share(&scalar.text) {
        return Some(fast_path::with_scalar_span(scalar, share));
    }
    read(Rule::share_entry, scalar, out, NodeReader::fraction)
}

/// `2026-01-01`
pub fn date(scalar: &Scalar, out: &mut Diagnostics) -> Option<Spanned<NaiveDate>> {
    read(Rule::date_entry, scalar, out, NodeReader::day)
}

/// An expression outside a file. Places are offsets into `text`.
pub fn expression_text(text: &str) -> Result<Expr, Diagnostics> {
    parse_standalone(text, expression)
}

/// A pattern outside a file. Places are offsets into `text`.
pub fn pattern_text(text: &str) -> Result<Spanned<Pattern>, Diagnostics> {
    parse_standalone(text, pattern)
}

fn parse_standalone<T>(text: &str, parse: fn(&Scalar, &mut Diagnostics) -> Option<T>) -> Result<T, Diagnostics> {
    let mut out = Diagnostics::new();
    parse(&scalar_of(text), &mut out).ok_or(out)
}

fn scalar_of(text: &str) -> Scalar {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    Scalar {
        text: text.to_owned(),
        style: Style::Plain,
        span: Span { source: SourceId(0), start: 0, end: length },
        offsets: (0..=length).collect(),
    }
}

fn read<'a, T>(
    entry: Rule,
    scalar: &'a Scalar,
    out: &mut Diagnostics,
    reading: impl Fn(NodeReader<'a>, &ParseNode<'_>) -> ReadResult<T>,
) -> Option<Spanned<T>> {
    let outcome = parsed(entry, scalar, reading);
    outcome.map_err(|diagnostic| out.push(*diagnostic)).ok()
}

fn parsed<'a, T>(
    entry: Rule,
    scalar: &'a Scalar,
    reading: impl Fn(NodeReader<'a>, &ParseNode<'_>) -> ReadResult<T>,
) -> ReadResult<Spanned<T>> {
    if let Some((place, limit)) = depth::too_deep(&scalar.text) {
        return Err(Box::new(depth::error(scalar.place(place), limit)));
    }
    let reader = NodeReader { scalar };
    let node = grammar::parse(entry, &scalar.text).map_err(|e| Box::new(error::syntax(scalar, entry, &e)))?;
    let node = node.ok_or_else(|| Box::new(error::empty(scalar, entry)))?;
    Ok(Spanned::new(reading(reader, &node)?, reader.span(&node)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXTS: &[&str] = &[
        "a",
        "a.b",
        "a.b.c",
        "_x9",
        "order",
        "true",
        "rest",
        "a.or",
        "a..b",
        ".a",
        "a.",
        "a b",
        "a. b",
        "1a",
        "é",
        "a.é",
        "10",
        "0",
        "007",
        "1.5",
        "1.50",
        "1.",
        ".5",
        "1_000",
        "1__0",
        "_1",
        "1_",
        "1_0.2_5",
        "1_.5",
        "< 5",
        "<5",
        " < 5",
        "< 5 ",
        "<  1_000.50",
        "<= 5%",
        "> 5",
        ">= -5",
        "= 5",
        "== 5",
        "!= 5",
        "< <5",
        "> a",
        "0..10",
        "0 .. 10",
        "0 ..< 0.10",
        "0 ..<10",
        "0 ..<= 10",
        "0..",
        "..5",
        "1...2",
        "1.5..2.5",
        "1 ..\t2",
        "10% ..< 20%",
        "5 days",
        "missing",
        "rest ",
        "gold",
        "79228162514264337593543950336 ..< 5",
        "1 ..\n2",
        "\u{a0}5",
        "1_000..2_000",
        "10..20%",
        "< 1..5",
        "2026-01-01",
        "1.2..3.4.5",
        "-1",
        "30%",
        "1.50%",
        "%",
        "1 %",
        "30%%",
        "79228162514264337593543950335",
        "79228162514264337593543950336",
        "0.0000000000000000000000000001",
        "0.0000000000000000000000000001%",
        "0.00000000000000000000000000001",
        "",
    ];

    #[test]
    fn what_is_plain_is_read_as_the_grammar_reads_it() {
        let mut plain_ones = 0;
        for text in TEXTS {
            let scalar = scalar_of(text);
            if let Some(path) = fast_path::path(&scalar) {
                let read = parsed(Rule::expression_entry, &scalar, |reader, node| reader.expression(node));
                assert_eq!(path, read.unwrap().value.expr, "{text}");
                plain_ones += 1;
            }
            if let Some(number) = fast_path::number(text).or_else(|| fast_path::share(text)) {
                let read = |reader: NodeReader<'_>, node: &ParseNode<'_>| reader.signed_number(node).map(|n| n.value);
                let read = parsed(Rule::number_entry, &scalar, read).unwrap();
                assert_eq!(fast_path::with_scalar_span(&scalar, number), read, "{text}");
                assert_eq!(number.scale(), read.value.scale(), "{text}");
                plain_ones += 1;
            }
            if let Some(pattern) = fast_path::pattern(&scalar) {
                assert_eq!(pattern, parsed(Rule::pattern_entry, &scalar, NodeReader::pattern).unwrap(), "{text}");
                plain_ones += 1;
            }
        }
        assert_eq!(plain_ones, 45);
    }

    proptest! {
        #[test]
        fn patterns_of_any_pieces_are_read_as_the_grammar_reads_them(
            pieces in prop::collection::vec(prop::sample::select(&["1", "20", "_", ".", "..", "<", "=", ">", "%", "-", " ", "\t", "\n"]), 1..8),
        ) {
            let scalar = scalar_of(&pieces.concat());
            if let Some(pattern) = fast_path::pattern(&scalar) {
                prop_assert_eq!(Ok(pattern), parsed(Rule::pattern_entry, &scalar, NodeReader::pattern));
            }
        }
    }
}
