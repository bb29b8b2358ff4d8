//! What is printed parses to what was printed.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::expr::ast::*;
use crate::expr::{expression_text, pattern_text, strip_spans};
use crate::span::{Name, Span, Spanned};

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn name() -> impl Strategy<Value = Name> {
    prop::sample::select(vec!["a", "revenue", "days", "top", "_x1", "Größe", "order", "inn", "customers"])
        .prop_map(|name| spanned(name.to_owned()))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (0..i64::MAX, 0..12u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn unit() -> impl Strategy<Value = TimeUnit> {
    prop::sample::select(vec![TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Quarter, TimeUnit::Year])
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0..3_600_000u64).prop_map(|days| NaiveDate::from_ymd_opt(1, 1, 1).unwrap() + Days::new(days))
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        decimal().prop_map(Literal::Number),
        decimal().prop_map(|n| Literal::Percent(n / Decimal::ONE_HUNDRED)),
        "[^\r]*".prop_map(Literal::Text),
        any::<bool>().prop_map(Literal::Boolean),
        date().prop_map(Literal::Date),
        (date(), 0..86_400u32).prop_map(|(date, second)| {
            let time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap();
            Literal::DateTime(date.and_time(time))
        }),
        (0..10_000i64, unit()).prop_map(|(amount, unit)| Literal::Duration(amount, unit)),
    ]
}

fn signed_literal() -> impl Strategy<Value = Spanned<Literal>> {
    (literal(), any::<bool>()).prop_map(|(literal, negative)| {
        spanned(match literal {
            Literal::Number(n) if negative && !n.is_zero() => Literal::Number(-n),
            Literal::Percent(n) if negative && !n.is_zero() => Literal::Percent(-n),
            Literal::Duration(n, unit) if negative => Literal::Duration(-n, unit),
            other => other,
        })
    })
}

fn path() -> impl Strategy<Value = Expr> {
    prop::collection::vec(name(), 1..3).prop_map(|names| expr(ExprKind::Path(names)))
}

fn operator() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    prop::sample::select(vec![
        Add,
        Subtract,
        Multiply,
        Divide,
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        And,
        Or,
    ])
}

fn call(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let arguments = prop::collection::vec(inner.clone(), 0..3);
    let option = || prop::option::of(name());
    (name(), arguments, option(), option(), prop::option::of(inner)).prop_map(
        |(function, mut arguments, period, to, filter)| {
            // `to` needs a period before it, and nothing stands without an argument.
            if to.is_some() && period.is_none() {
                arguments.push(expr(ExprKind::Path(vec![function.clone()])));
            }
            let bare = arguments.is_empty();
            let (period, to, filter) = if bare { (None, None, None) } else { (period, to, filter) };
            expr(ExprKind::Call(Call { function, arguments, period, to, filter: filter.map(Box::new) }))
        },
    )
}

fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![path(), literal().prop_map(|literal| expr(ExprKind::Literal(literal)))];
    leaf.prop_recursive(6, 48, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            (any::<bool>(), boxed.clone()).prop_map(|(not, operand)| {
                expr(ExprKind::Unary(if not { UnaryOp::Not } else { UnaryOp::Negate }, operand))
            }),
            (operator(), boxed.clone(), boxed.clone()).prop_map(|(op, a, b)| expr(ExprKind::Binary(op, a, b))),
            (boxed.clone(), boxed.clone()).prop_map(|(a, b)| expr(ExprKind::OrElse(a, b))),
            (boxed.clone(), prop::collection::vec(inner.clone(), 0..3), any::<bool>())
                .prop_map(|(value, list, negated)| expr(ExprKind::InList { value, list, negated })),
            (boxed.clone(), boxed.clone(), boxed.clone(), any::<bool>(), any::<bool>()).prop_map(
                |(value, low, high, closed, negated)| expr(ExprKind::InRange { value, low, high, closed, negated })
            ),
            (boxed.clone(), any::<bool>()).prop_map(|(value, negated)| expr(ExprKind::IsMissing { value, negated })),
            (boxed.clone(), boxed.clone(), boxed).prop_map(|(condition, then, otherwise)| expr(ExprKind::If {
                condition,
                then,
                otherwise
            })),
            call(inner.boxed()),
        ]
    })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    use BinaryOp::*;
    let comparison = prop::sample::select(vec![Less, LessEqual, Greater, GreaterEqual, Equal]);
    prop_oneof![
        (comparison, signed_literal()).prop_map(|(op, literal)| Pattern::Compare(op, literal)),
        (signed_literal(), signed_literal(), any::<bool>()).prop_map(|(low, high, closed)| Pattern::Range {
            low,
            high,
            closed
        }),
        prop::collection::vec(signed_literal(), 1..4).prop_map(Pattern::OneOf),
        Just(Pattern::Missing),
        Just(Pattern::Rest),
    ]
}

fn column_type() -> impl Strategy<Value = ColumnType> {
    use BaseType::*;
    let base = prop::sample::select(vec![Text, Boolean, Integer, Number, Money, Percent, Date, DateTime]);
    let range = prop::option::of((signed_literal(), signed_literal()));
    let allowed = prop::option::of(prop::collection::vec(signed_literal(), 1..4));
    (base, any::<bool>(), range, allowed).prop_map(|(base, nullable, range, allowed)| {
        // A type has one of the two.
        let range = range.filter(|_| allowed.is_none());
        ColumnType { base, nullable, range, allowed }
    })
}

fn strip_pattern(pattern: &mut Pattern) {
    let strip = |literal: &mut Spanned<Literal>| literal.span = Span::default();
    match pattern {
        Pattern::Compare(_, literal) => strip(literal),
        Pattern::Range { low, high, .. } => {
            strip(low);
            strip(high);
        }
        Pattern::OneOf(members) => members.iter_mut().for_each(strip),
        Pattern::Missing | Pattern::Rest => {}
    }
}

proptest! {
    #[test]
    fn expressions(tree in expression()) {
        let text = tree.to_string();
        let mut parsed = expression_text(&text).map_err(|out| TestCaseError::fail(format!("{text}: {out:?}")))?;
        strip_spans(&mut parsed);
        prop_assert_eq!(parsed, tree, "{}", text);
    }

    #[test]
    fn patterns(pattern in pattern()) {
        let text = pattern.to_string();
        let parsed = pattern_text(&text).map_err(|out| TestCaseError::fail(format!("{text}: {out:?}")))?;
        let mut parsed = parsed.value;
        strip_pattern(&mut parsed);
        prop_assert_eq!(parsed, pattern, "{}", text);
    }

    #[test]
    fn column_types(column in column_type()) {
        let text = column.to_string();
        let mut out = crate::diagnostic::Diagnostics::new();
        let parsed = crate::expr::column_type(&crate::testing::scalar(&text), &mut out);
        let mut parsed = parsed.ok_or_else(|| TestCaseError::fail(format!("{text}: {out:?}")))?.value;
        let range = parsed.range.iter_mut().flat_map(|(low, high)| [low, high]);
        range.chain(parsed.allowed.iter_mut().flatten()).for_each(|literal| literal.span = Span::default());
        prop_assert_eq!(parsed, column, "{}", text);
    }
}
