//! Numbers in text files, exactly.

/// How a file writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signs {
    /// Between whole part and fraction.
    pub(super) decimal: u8,
    /// Between groups of three digits, besides a space.
    pub(super) group: u8,
}

impl Signs {
    pub(super) fn new(decimal: char) -> Signs {
        if decimal == ',' { Signs { decimal: b',', group: b'.' } } else { Signs { decimal: b'.', group: b',' } }
    }
}

/// A decimal as its digits and the number of them behind the decimal sign.
///
/// Groups are allowed in the whole part only, and only of three digits each but the first.
pub(super) fn decimal(text: &str, signs: Signs) -> Option<(i128, u32)> {
    let bytes = text.as_bytes();
    if let Some(plain) = short(bytes, signs.decimal) {
        return Some(plain);
    }
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let (mut value, mut places, mut seen) = (0i128, 0u32, 0u32);
    let (mut in_fraction, mut grouped, mut since_group) = (false, false, 0u32);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if seen > 34 {
                    return None;
                }
                value = value * 10 + i128::from(byte - b'0');
                if in_fraction {
                    places += 1;
                } else {
                    since_group += 1;
                }
            }
            _ if *byte == signs.decimal && !in_fraction => {
                if grouped && since_group != 3 {
                    return None;
                }
                in_fraction = true;
            }
            _ if (*byte == signs.group || *byte == b' ') && !in_fraction => {
                let complete = if grouped { since_group == 3 } else { (1..=3).contains(&since_group) };
                if !complete {
                    return None;
                }
                (grouped, since_group) = (true, 0);
            }
            _ => return None,
        }
    }
    let complete = seen > 0 && (in_fraction || !grouped || since_group == 3) && (!in_fraction || places > 0);
    complete.then_some((if negative { -value } else { value }, places))
}

/// A decimal of few digits without groups, which is nearly every one, in 64-bit arithmetic.
fn short(bytes: &[u8], decimal: u8) -> Option<(i128, u32)> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.len() > 18 {
        return None;
    }
    let (mut value, mut point) = (0i64, None);
    for (i, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value * 10 + i64::from(digit);
        } else if *byte == decimal && point.is_none() && i > 0 {
            point = Some(i);
        } else {
            return None;
        }
    }
    let places = match point {
        Some(point) => digits.len() - point - 1,
        None => 0,
    };
    let complete = !digits.is_empty() && (point.is_none() || places > 0);
    complete.then(|| (i128::from(if negative { -value } else { value }), u32::try_from(places).unwrap_or(0)))
}

/// The largest amount of money that is read, in 0.0001: below 10^15.
const MOST_MONEY: i128 = 10_000_000_000_000_000_000;

/// Money in 0.0001, at most four decimals.
pub(super) fn money(text: &str, signs: Signs) -> Option<i128> {
    let (mut value, mut places) = decimal(text, signs)?;
    while places > 4 && value % 10 == 0 {
        value /= 10;
        places -= 1;
    }
    let missing = 4u32.checked_sub(places)?;
    value.checked_mul(10i128.pow(missing)).filter(|v| v.abs() < MOST_MONEY)
}

/// A whole number.
pub(super) fn integer(text: &str, signs: Signs) -> Option<i64> {
    match decimal(text, signs)? {
        (value, 0) => i64::try_from(value).ok(),
        _ => None,
    }
}

/// A finite float, the nearest to the decimal text.
pub(super) fn number(text: &str, signs: Signs) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let value = if plain && signs.decimal == b'.' {
        text.parse().ok()?
    } else {
        let (value, places) = decimal(text, signs)?;
        format!("{value}e-{places}").parse::<f64>().ok()?
    };
    value.is_finite().then_some(value + 0.0)
}

/// `30%` or `0.3` as a fraction.
pub(super) fn percent(text: &str, signs: Signs) -> Option<f64> {
    let Some(hundredths) = text.strip_suffix('%') else { return number(text, signs) };
    let (value, places) = decimal(hundredths.trim_end(), signs)?;
    format!("{value}e-{}", places + 2).parse::<f64>().ok().map(|v| v + 0.0)
}

/// What is likely wrong with a text that is no number.
pub(super) fn hint(text: &str, signs: Signs, whole: bool) -> Option<String> {
    let other = Signs::new(if signs.decimal == b',' { '.' } else { ',' });
    if text.contains(['€', '$', '£']) {
        return Some("take the currency sign out of the file; the rule set names its currency".to_owned());
    }
    if decimal(text, other).is_some() {
        let sign = char::from(other.decimal);
        return Some(format!("the decimal sign seems to be `{sign}`: add `decimal: \"{sign}\"` to the source"));
    }
    if whole && decimal(text, signs).is_some() {
        return Some("declare the column as `number` if it has decimals".to_owned());
    }
    match decimal(text, signs) {
        Some((_, places)) if places > 4 => {
            Some("money has at most four decimals; declare the column as `number` if it has more".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_exactly() {
        let point = Signs::new('.');
        let comma = Signs::new(',');
        for (text, signs, expected) in [
            ("1234.5", point, Some(12_345_000)),
            ("-12.30", point, Some(-123_000)),
            ("1,234.50", point, Some(12_345_000)),
            ("1.234,5", comma, Some(12_345_000)),
            ("1 234 567", point, Some(12_345_670_000)),
            ("0.1234", point, Some(1234)),
            ("0.12340", point, Some(1234)),
            ("0.12345", point, None),
            ("1,23", point, None),
            ("12,34,567", point, None),
            ("1234,567.0", point, None),
            ("1.", point, None),
            (".5", point, Some(5000)),
            ("", point, None),
            ("-", point, None),
            ("1e3", point, None),
            ("999999999999999.9999", point, Some(9_999_999_999_999_999_999)),
            ("1000000000000000", point, None),
        ] {
            assert_eq!(money(text, signs), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_the_nearest_floats() {
        let comma = Signs::new(',');
        assert_eq!(number("0,1", comma), Some(0.1));
        assert_eq!(number("-0", Signs::new('.')).map(f64::to_bits), Some(0.0f64.to_bits()));
        assert_eq!(number("NaN", Signs::new('.')), None);
        assert_eq!(number("inf", Signs::new('.')), None);
        assert_eq!(number("1e400", Signs::new('.')), None);
        assert_eq!(percent("30%", Signs::new('.')), Some(0.3));
        assert_eq!(percent("12,5 %", comma), Some(0.125));
        assert_eq!(percent("0.3", Signs::new('.')), Some(0.3));
        assert_eq!(integer("1.0", Signs::new('.')), None);
        assert_eq!(integer("9223372036854775808", Signs::new('.')), None);
    }
}
