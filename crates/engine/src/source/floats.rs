//! Numbers of files with typed cells, as the text that a column reads.

use accolade_core::model::Type;

/// A float by its shortest decimal, with the decimal sign that the source declares for numbers in its texts.
///
/// An amount has no more than 15 digits, which is what spreadsheets hold: what was computed as 0.30000000000000004 is
/// the 0.3 that they show.
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
