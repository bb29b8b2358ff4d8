//! Events of customers that are not in their table.

use accolade_core::model::Value;
use accolade_core::show;
use accolade_parser::Code;

use super::classify_rows::KnownKeys;
use super::convert::ValueProblem;

/// The problem of a key that no customer has; `column` holds it unless it is computed.
pub(super) fn unknown(key: &Value, keys: &dyn KnownKeys, column: Option<&str>) -> ValueProblem {
    let text = show::value(key);
    let (message, help) = match keys.alike(&text) {
        Some(known) => spelt_otherwise(key, known, column),
        None => (
            format!("customer {} is not in the customers table", show::quoted(key)),
            "add the customer, or take the row out".to_owned(),
        ),
    };
    ValueProblem { code: Code::E0707, message, help: Some(help) }
}

/// The message and the help for a key that differs from a known one by case or blanks only.
fn spelt_otherwise(key: &Value, known: &str, column: Option<&str>) -> (String, String) {
    let text = show::value(key);
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let difference = match (plain(&text) == plain(known), text.to_lowercase() == known.to_lowercase()) {
        (true, _) => "blanks",
        (false, true) => "case",
        (false, false) => "case or blanks",
    };
    let argument = column.unwrap_or("\u{2026}");
    let (function, of): (String, fn(&str) -> String) = match difference {
        "blanks" => (format!("trim({argument})"), |text| text.trim().to_owned()),
        "case" => (format!("lower({argument})"), str::to_lowercase),
        _ => (format!("lower(trim({argument}))"), |text| text.trim().to_lowercase()),
    };
    let message = format!(
        "customer {} differs from customer {} by {difference} only",
        show::quoted(key),
        show::quoted(&Value::text(known))
    );
    let help = if column.is_none() && of(&text) == of(known) {
        format!("let the expressions of both keys give the same, as with `{function}`")
    } else if of(&text) == known {
        format!("write `customer: {function}` in the source")
    } else if of(&text) == of(known) {
        format!("write `customer: {function}` in the source, and the same of the `key` of the customers")
    } else {
        "write the key alike in both files".to_owned()
    };
    (message, help)
}
