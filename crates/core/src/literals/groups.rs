//! Numbers such as `1.000`, which may be one thousand.

use accolade_parser::expr::ast::Literal;
use accolade_parser::{Code, Diagnostic, Span};

use crate::values::Type;

/// The warning (W0506) of a number with three decimals that are zero, after one to three digits.
pub(super) fn doubted(literal: &Literal, ty: Type, span: Span) -> Option<Diagnostic> {
    let Literal::Number(number) = literal else { return None };
    if !literal.may_be_thousands() || !ty.is_numeric() || ty == Type::Percent {
        return None;
    }
    let one = number.normalize();
    let thousand = format!("{one}_000");
    let message = format!("`{literal}` is {one}, since the point is the decimal sign");
    let diagnostic =
        Diagnostic::new(Code::W0506, message).at(span).help(format!("write `{thousand}` if thousands are meant"));
    Some(diagnostic.help(format!("write `{one}` if they are not")).fix(span, thousand))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[track_caller]
    fn check(number: &str, ty: Type, expected: Option<&str>) {
        let literal = Literal::Number(Decimal::from_str_exact(number).unwrap());
        let found = doubted(&literal, ty, Span::default()).and_then(|finding| finding.fix).map(|fix| fix.replacement);
        assert_eq!(found.as_deref(), expected, "{number}");
    }

    #[test]
    fn three_zeros_after_the_point_may_be_thousands() {
        for ty in [Type::Money, Type::Number, Type::Integer] {
            check("1.000", ty, Some("1_000"));
            check("-250.000", ty, Some("-250_000"));
        }
        for number in ["1.00", "1.0000", "1.500", "1000.000", "0.000", "1000"] {
            check(number, Type::Money, None);
        }
        check("1.000", Type::Percent, None);
    }
}
