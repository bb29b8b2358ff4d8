//! Amounts as people write them: `€ 1.500,-`, `(1,500.00)`, `1 250,00 EUR`.

use super::number::NumberSigns;

/// Currencies with their signs, the most usual first. A sign that several currencies share stands for each of them.
const SIGNS: &[Currency] = &[
    ("EUR", &["€"]),
    ("USD", &["US$", "$"]),
    ("GBP", &["£"]),
    ("JPY", &["JP¥", "¥", "￥"]),
    ("SEK", &["kr"]),
    ("AUD", &["A$", "$"]),
    ("BRL", &["R$"]),
    ("CAD", &["C$", "CA$", "$"]),
    ("CHF", &["Fr.", "SFr."]),
    ("CNY", &["CN¥", "¥"]),
    ("CZK", &["Kč"]),
    ("DKK", &["kr.", "kr"]),
    ("HKD", &["HK$", "$"]),
    ("HUF", &["Ft"]),
    ("ILS", &["₪"]),
    ("INR", &["₹", "Rs."]),
    ("KRW", &["₩"]),
    ("MXN", &["MX$", "$"]),
    ("NGN", &["₦"]),
    ("NOK", &["kr"]),
    ("NZD", &["NZ$", "$"]),
    ("PHP", &["₱"]),
    ("PLN", &["zł"]),
    ("RON", &["lei"]),
    ("SGD", &["S$", "$"]),
    ("THB", &["฿"]),
    ("TRY", &["₺", "TL"]),
    ("UAH", &["₴"]),
    ("VND", &["₫"]),
    ("ZAR", &["R"]),
];

/// A code, and the signs that stand for it.
type Currency<'c> = (&'c str, &'c [&'c str]);

/// The code of the currency whose code or sign stands beside an amount, the most usual one where several share it.
pub(super) fn currency_of(text: &str) -> Option<&'static str> {
    // Most texts have no amount in them, and a code such as `R1001` is none.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Brackets and a minus sign stand outside the currency.
    let inside = text.trim_matches(|c| is_blank(c) || matches!(c, '(' | ')' | '-' | '+' | '\u{2212}'));
    let letters = inside.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters > 4 || letters == inside.bytes().filter(|byte| !byte.is_ascii_digit()).count() && letters > 0 {
        return None;
    }
    // Neither codes nor signs have digits.
    if inside.starts_with(|c: char| c.is_ascii_digit()) && inside.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_amount = |currency: &&Currency| {
        let number = beside(inside, **currency);
        number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '(')))
    };
    SIGNS.iter().find(is_amount).map(|(code, _)| *code)
}

/// A blank, as spreadsheets of several countries write one between groups of digits.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}')
}

/// A text as `parse` reads it, or its plain number.
pub(super) fn read<T>(
    text: &str,
    signs: NumberSigns,
    currency: Option<&str>,
    parse: fn(&str, NumberSigns) -> Option<T>,
) -> Option<T> {
    parse(text, signs).or_else(|| parse(&plain(text, signs, currency)?, signs))
}

/// The plain number of an amount in the given currency, if there is one: without the currency, brackets for a negative
/// amount, and a dash for no cents; blanks of all kinds as one. What is left may still be no number.
pub(super) fn plain(text: &str, signs: NumberSigns, currency: Option<&str>) -> Option<String> {
    let mut rest = text.trim_matches(is_blank);
    let (mut negatives, mut signs_seen) = (0, 0);
    if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (negatives, signs_seen) = (1, 1);
        rest = inside.trim_matches(is_blank);
    }
    // The minus sign stands before the currency or between it and the number.
    for step in 0..2 {
        if let Some(after) = rest.strip_prefix(['-', '\u{2212}']) {
            negatives += 1;
            signs_seen += 1;
            rest = after.trim_start_matches(is_blank);
        } else if let Some(after) = rest.strip_prefix('+') {
            signs_seen += 1;
            rest = after;
        }
        if step == 0 {
            let known = |code| SIGNS.iter().find(|(known, _)| *known == code).copied().unwrap_or((code, &[]));
            rest = currency.and_then(|code| beside(rest, known(code))).unwrap_or(rest);
        }
    }
    if signs_seen > 1 || rest.starts_with(['-', '+']) {
        return None;
    }
    let cents = ["--", "-", "\u{2013}", "\u{2014}"];
    let decimal = char::from(signs.decimal);
    let whole = cents.iter().find_map(|dash| rest.strip_suffix(dash)?.strip_suffix(decimal));
    let number = whole.unwrap_or(rest).chars().map(|c| match c {
        c if is_blank(c) => ' ',
        '\u{2019}' => '\'',
        c => c,
    });
    Some((0..negatives).map(|_| '-').chain(number).collect())
}

/// What stands beside a currency, before or after it.
fn beside<'t>(text: &'t str, (code, signs): Currency) -> Option<&'t str> {
    let before = |word: &str| {
        let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
        Some(text[head.len()..].trim_start_matches(is_blank))
    };
    let after = |word: &str| {
        let at = text.len().checked_sub(word.len())?;
        let tail = text.get(at..).filter(|tail| tail.eq_ignore_ascii_case(word))?;
        Some(text[..text.len() - tail.len()].trim_end_matches(is_blank))
    };
    std::iter::once(code).chain(signs.iter().copied()).find_map(|word| before(word).or_else(|| after(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::number::money;

    #[track_caller]
    fn check(text: &str, decimal: char, currency: &str, expected: Option<i128>) {
        let signs = NumberSigns::new(decimal);
        let found = plain(text, signs, Some(currency)).and_then(|plain| money(&plain, signs));
        assert_eq!(found, expected.map(|cents| cents * 100), "{text}");
    }

    #[test]
    fn a_currency_stands_before_or_after() {
        for text in
            ["€1.500,25", "€ 1.500,25", "1.500,25 €", "1.500,25€", "EUR 1.500,25", "1.500,25 eur", "€\u{a0}1.500,25"]
        {
            check(text, ',', "EUR", Some(150_025));
        }
        for text in ["-€ 5", "€ -5", "€-5", "- 5 €", "(€ 5)", "\u{2212}5 €", "€ (5)"] {
            let expected = if text == "€ (5)" { None } else { Some(-500) };
            check(text, ',', "EUR", expected);
        }
        check("US$ 1,500.25", '.', "USD", Some(150_025));
        check("Fr. 1'500.25", '.', "CHF", Some(150_025));
        check("1\u{2019}500.25 CHF", '.', "CHF", Some(150_025));
        check("$ 5", '.', "EUR", None);
        check("€", ',', "EUR", None);
        for text in ["(-5)", "(+7)", "+-5", "-+5", "++5", "--5"] {
            check(text, '.', "EUR", None);
        }
    }

    #[test]
    fn a_dash_stands_for_no_cents() {
        check("1.500,-", ',', "EUR", Some(150_000));
        check("€ 1.500,--", ',', "EUR", Some(150_000));
        check("1.500,\u{2013}", ',', "EUR", Some(150_000));
        check("1.500,00-", ',', "EUR", None);
        check("1.500-", ',', "EUR", None);
    }

    #[test]
    fn groups_are_divided_by_any_blank_or_apostrophe() {
        for blank in [" ", "\u{a0}", "\u{202f}"] {
            check(&format!("1{blank}250,00"), ',', "EUR", Some(125_000));
            check(&format!("2{blank}000{blank}000,50"), ',', "EUR", Some(200_000_050));
            check(&format!("1{blank}25,00"), ',', "EUR", None);
        }
        check("1'250.00", '.', "EUR", Some(125_000));
        check("1'250 000", '.', "EUR", None);
    }

    #[test]
    fn the_currency_of_an_amount_is_known() {
        for (text, expected) in [
            ("€ 5", Some("EUR")),
            ("5 USD", Some("USD")),
            ("$5", Some("USD")),
            ("5", None),
            ("5 kr", Some("SEK")),
            ("R1001", None),
            ("TL100", None),
            ("kr12", None),
            ("12R", None),
            ("kr. 5", Some("DKK")),
            ("a 5 b", None),
            ("(€ 5)", Some("EUR")),
            ("-$5", Some("USD")),
        ] {
            assert_eq!(currency_of(text), expected, "{text}");
        }
    }
}
