//! Exact parsing of numbers in text files.

use accolade_core::ops;

use super::amount;

/// The signs in the numbers of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberSigns {
    /// Between whole part and fraction.
    pub(super) decimal: u8,
    /// Between groups of digits, besides a blank and an apostrophe.
    pub(super) group: u8,
}

impl NumberSigns {
    pub(super) fn new(decimal: char) -> NumberSigns {
        if decimal == ',' {
            NumberSigns { decimal: b',', group: b'.' }
        } else {
            NumberSigns { decimal: b'.', group: b',' }
        }
    }
}

/// Calls `each` with the digits of a number and `.` for its decimal sign; returns false if the number is malformed.
///
/// Groups are allowed in the whole part only and are all separated by the same sign. Each has three digits, except for
/// the first, which may have fewer; or two, as in India, except for the first and the last, which has three.
fn walk(digits: &[u8], signs: NumberSigns, mut each: impl FnMut(u8)) -> bool {
    let (mut whole, mut fraction) = (0u32, None);
    let (mut group, mut since_group, mut first_group, mut in_twos) = (None, 0u32, 0u32, None);
    for byte in digits {
        match (byte, &mut fraction) {
            (b'0'..=b'9', Some(places)) => *places += 1,
            (b'0'..=b'9', None) => {
                whole += 1;
                since_group += 1;
            }
            (byte, None) if *byte == signs.decimal => {
                fraction = Some(0u32);
                each(b'.');
                continue;
            }
            (byte, None) if *byte == signs.group || matches!(byte, b' ' | b'\'') => {
                let complete = match (group, in_twos) {
                    // `0,500` is no group.
                    (None, _) => {
                        first_group = since_group;
                        (1..=3).contains(&since_group) && digits[0] != b'0'
                    }
                    (Some(_), Some(true)) => since_group == 2,
                    (Some(_), Some(false)) => since_group == 3,
                    (Some(sign), None) => {
                        in_twos = Some(since_group == 2);
                        since_group == 3 || since_group == 2 && sign == b',' && first_group < 3
                    }
                };
                if !complete || *group.get_or_insert(*byte) != *byte {
                    return false;
                }
                since_group = 0;
                continue;
            }
            _ => return false,
        }
        each(*byte);
    }
    (group.is_none() || since_group == 3) && fraction.map_or(whole > 0, |places| places > 0)
}

/// Whether there is a minus sign, and what follows the sign.
fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// A decimal as its digits and the number of its decimal places; at most 34 digits.
pub(super) fn decimal(text: &str, signs: NumberSigns) -> Option<(i128, u32)> {
    let (negative, digits) = sign(text.as_bytes());
    let (mut value, mut places, mut seen, mut in_fraction) = (0i128, 0u32, 0u32, false);
    let sound = walk(digits, signs, |byte| {
        if byte == b'.' {
            in_fraction = true;
            return;
        }
        places += u32::from(in_fraction);
        // Leading zeros are not counted.
        seen += u32::from(seen > 0 || byte != b'0');
        if seen <= 34 {
            value = value * 10 + i128::from(byte - b'0');
        }
    });
    (sound && seen <= 34).then_some((if negative { -value } else { value }, places))
}

/// The exclusive limit of amounts: 10^15, in units of 0.0001.
pub(super) const MONEY_LIMIT: i128 = 10_000_000_000_000_000_000;

/// Money in units of 0.0001; at most four decimal places.
pub(super) fn money(text: &str, signs: NumberSigns) -> Option<i128> {
    if let Some(value) = short_money(text, signs) {
        return Some(value);
    }
    let (mut value, mut places) = decimal(text, signs)?;
    while places > 4 && value % 10 == 0 {
        value /= 10;
        places -= 1;
    }
    let missing = 4u32.checked_sub(places)?;
    value.checked_mul(10i128.pow(missing)).filter(|v| v.abs() < MONEY_LIMIT)
}

/// The common case, in 64-bit arithmetic: at most 14 characters, no groups, at most four decimal places.
fn short_money(text: &str, signs: NumberSigns) -> Option<i128> {
    const SCALE: [u64; 5] = [10_000, 1_000, 100, 10, 1];
    let (negative, digits) = sign(text.as_bytes());
    if digits.len() > 14 {
        return None;
    }
    let whole = digits.iter().position(|b| *b == signs.decimal).unwrap_or(digits.len());
    let places = (digits.len() - whole).saturating_sub(1);
    // A trailing decimal sign and an empty text are left to `decimal`.
    if digits.len() - whole == 1 || digits.is_empty() || places > 4 {
        return None;
    }
    let mut value = 0u64;
    for (i, byte) in digits.iter().enumerate() {
        if i != whole {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value * 10 + u64::from(digit);
        }
    }
    let value = i128::from(value * SCALE[places]);
    Some(if negative { -value } else { value })
}

/// An amount that another program has computed with floats, such as `107.60000000000001`: within 10⁻⁹ of four decimal
/// places, and rounded to them.
pub(super) fn computed_money(text: &str, signs: NumberSigns) -> Option<i128> {
    let (value, places) = decimal(text, signs)?;
    let cut = ops::power_of_ten(places.checked_sub(4).filter(|cut| *cut > 0)?)?;
    let rounded = ops::divide_half_even(value, cut);
    let off = (value - rounded.checked_mul(cut)?).unsigned_abs();
    // In units of 10^-places, 10⁻⁹ is 10^(places − 9).
    let near = ops::power_of_ten(places.checked_sub(9)?)?;
    (off < near.unsigned_abs() && rounded.abs() < MONEY_LIMIT).then_some(rounded)
}

/// A whole number, also with decimals that are zero.
pub(super) fn integer(text: &str, signs: NumberSigns) -> Option<i64> {
    let (negative, digits) = sign(text.as_bytes());
    if (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        let value = digits.iter().fold(0i64, |value, digit| value * 10 + i64::from(digit - b'0'));
        return Some(if negative { -value } else { value });
    }
    let (value, places) = decimal(text, signs)?;
    let unit = ops::power_of_ten(places)?;
    // `1.000` may be one thousand, with the other sign between groups.
    if places == 3 && value.abs() < 1_000_000 {
        return None;
    }
    if value % unit == 0 { i64::try_from(value / unit).ok() } else { None }
}

/// A finite float, the nearest to the decimal text.
pub(super) fn number(text: &str, signs: NumberSigns) -> Option<f64> {
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    if signs.decimal == b'.' && text.bytes().all(plain) {
        return finite(text);
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    shifted(mantissa, signs, exponent)
}

/// `30%` or `0.3` as a fraction.
pub(super) fn percent(text: &str, signs: NumberSigns) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(hundredths) => shifted(hundredths.trim_ascii_end(), signs, "e-2"),
        None => number(text, signs),
    }
}

/// The float nearest to a mantissa with an exponent. It is parsed from one text, so that it is rounded once.
fn shifted(mantissa: &str, signs: NumberSigns, exponent: &str) -> Option<f64> {
    let (negative, digits) = sign(mantissa.as_bytes());
    let mut plain = String::with_capacity(mantissa.len() + exponent.len());
    if negative {
        plain.push('-');
    }
    if !walk(digits, signs, |byte| plain.push(char::from(byte))) {
        return None;
    }
    plain.push_str(exponent);
    finite(&plain)
}

fn finite(text: &str) -> Option<f64> {
    // Adding zero turns -0.0 into 0.0.
    text.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v + 0.0)
}

/// A guess at what is wrong with a text that is not a number.
pub(super) fn hint(text: &str, signs: NumberSigns, whole: bool, currency: Option<&str>) -> Option<String> {
    let other = NumberSigns::new(if signs.decimal == b',' { '.' } else { ',' });
    let is_amount =
        |code: &&str| amount::plain(text, signs, Some(code)).is_some_and(|plain| decimal(&plain, signs).is_some());
    if let Some(own) = amount::currency_of(text).filter(is_amount) {
        return Some(match currency {
            None => format!("if amounts are in {own}, add `currency: {own}` to the rule file"),
            Some(set) if set == own => "declare the column as `money`".to_owned(),
            Some(set) => format!("the amount is in {own}, and the amounts of the rule set are in {set}"),
        });
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
        let point = NumberSigns::new('.');
        let comma = NumberSigns::new(',');
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
            ("12,34,567", point, Some(12_345_670_000)),
            ("12,34,567.5", point, Some(12_345_675_000)),
            ("1,23,45,678", point, Some(123_456_780_000)),
            ("123,45,678", point, None),
            ("12 34 567", point, None),
            ("0,500", point, None),
            ("0.500", comma, None),
            ("0,50", comma, Some(5_000)),
            ("12,34,56", point, None),
            ("12,345,67", point, None),
            ("12,34,5678", point, None),
            ("1,234,56,789", point, None),
            ("1'234'567.5", point, Some(12_345_675_000)),
            ("1234,567.0", point, None),
            ("1.", point, None),
            (".5", point, Some(5000)),
            ("", point, None),
            ("-", point, None),
            ("1e3", point, None),
            ("999999999999999.9999", point, Some(9_999_999_999_999_999_999)),
            ("1000000000000000", point, None),
            ("-999,999,999,999,999.9999", point, Some(-9_999_999_999_999_999_999)),
            ("00000000000000000000000000000000000000012", point, Some(120_000)),
            ("1,234 567", point, None),
            ("1,234,567", point, Some(12_345_670_000)),
            ("1 234.5678000000000", point, Some(12_345_678)),
            ("1_000", point, None),
            ("--1", point, None),
            ("1-", point, None),
            ("1,,234", point, None),
            (",234", point, None),
            ("1,234,", point, None),
            ("1.2.3", point, None),
            ("1.2,345", point, None),
            ("12345678901234", point, Some(123_456_789_012_340_000)),
            ("-0", point, Some(0)),
            ("é", point, None),
        ] {
            assert_eq!(money(text, signs), expected, "{text}");
        }
    }

    #[test]
    fn amounts_that_were_computed_with_floats_are_rounded() {
        let check = |text: &str, expected: Option<i128>| {
            assert_eq!(computed_money(text, NumberSigns::new('.')), expected, "{text}");
        };
        check("107.60000000000001", Some(1_076_000));
        check("19.990000000000002", Some(199_900));
        check("-0.30000000000000004", Some(-3_000));
        check("99.99999999999999", Some(1_000_000));
        check("1.00005", None);
        check("0.333333333333", None);
        check("1.000100001", None);
        check("1.0001000000001", Some(10_001));
    }

    #[test]
    fn numbers_are_the_nearest_floats() {
        let comma = NumberSigns::new(',');
        assert_eq!(number("0,1", comma), Some(0.1));
        assert_eq!(number("-0", NumberSigns::new('.')).map(f64::to_bits), Some(0.0f64.to_bits()));
        assert_eq!(number("NaN", NumberSigns::new('.')), None);
        assert_eq!(number("inf", NumberSigns::new('.')), None);
        assert_eq!(number("1e400", NumberSigns::new('.')), None);
        assert_eq!(percent("30%", NumberSigns::new('.')), Some(0.3));
        assert_eq!(percent("12,5 %", comma), Some(0.125));
        assert_eq!(percent("0.3", NumberSigns::new('.')), Some(0.3));
        assert_eq!(percent("3e1%", NumberSigns::new('.')), None);
        assert_eq!(percent("%", NumberSigns::new('.')), None);
        assert_eq!(number("1.234,5e-3", comma), Some(1.2345));
        assert_eq!(number("1e", comma), None);
        assert_eq!(number("0,1234567890123456789012345678901234567890", comma), Some(0.123_456_789_012_345_68));
        assert_eq!(number("1,234.5", NumberSigns::new('.')), Some(1234.5));
        assert_eq!(integer("-9223372036854775808", NumberSigns::new('.')), Some(i64::MIN));
        assert_eq!(integer("1,000", NumberSigns::new('.')), Some(1000));
        assert_eq!(integer("", NumberSigns::new('.')), None);
        assert_eq!(integer("+7", NumberSigns::new('.')), Some(7));
        assert_eq!(integer("1.0", NumberSigns::new('.')), Some(1));
        assert_eq!(integer("-1,200.00", NumberSigns::new('.')), Some(-1200));
        assert_eq!(integer("1.5", NumberSigns::new('.')), None);
        assert_eq!(integer("1.000", NumberSigns::new('.')), None);
        assert_eq!(integer("1250.000", NumberSigns::new('.')), Some(1250));
        assert_eq!(integer("9223372036854775808", NumberSigns::new('.')), None);
    }
}
