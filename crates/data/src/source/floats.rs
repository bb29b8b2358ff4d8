//! Formatting floats of typed cells as the text that a column is parsed from.

use accolade_core::model::Type;

/// The shortest decimal of a float, with the decimal sign that the source declares.
///
/// Money is rounded to 15 digits, as spreadsheets show it: 0.30000000000000004 becomes 0.3.
pub(super) fn text(value: f64, ty: Type, decimal: char) -> String {
    let shortest = (value + 0.0).to_string();
    let text = match format!("{value:.14e}").parse::<f64>() {
        Ok(rounded) if ty == Type::Money && shortest.len() > 16 => rounded.to_string(),
        _ => shortest,
    };
    if ty.is_numeric() && decimal != '.' { text.replace('.', &decimal.to_string()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_the_decimals_they_show() {
        for (value, ty, expected) in [
            (19.99, Type::Money, "19.99"),
            (0.1 + 0.2, Type::Money, "0.3"),
            (0.1 + 0.2, Type::Number, "0.30000000000000004"),
            (-1.1 * 3.0, Type::Money, "-3.3"),
            (42.0, Type::Integer, "42"),
            (-0.0, Type::Money, "0"),
            (42.0, Type::Text, "42"),
            (1e15, Type::Text, "1000000000000000"),
        ] {
            assert_eq!(text(value, ty, '.'), expected);
        }
        assert_eq!(text(1.5, Type::Money, ','), "1,5");
        assert_eq!(text(1.5, Type::Text, ','), "1.5");
    }
}
