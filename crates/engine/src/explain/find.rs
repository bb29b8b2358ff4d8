//! The customer that somebody means: by its key, its key as people write it, or its name.

use accolade_core::frame::value_at;
use accolade_core::model::{SlotId, Type};
use accolade_core::show;
use accolade_parser::suggest;
use accolade_rules::set::RuleSet;
use arrow::array::Array;

use crate::run::Outcome;

/// How many customers an error lists.
const LISTED: usize = 5;

/// A column of texts to search, and the test that the text of the customer passes.
type Way<'a> = (&'a [String], &'a dyn Fn(&str) -> bool);

/// The row of the customer that `asked` means.
///
/// That is the customer with this key; otherwise the only one whose key differs in leading zeros or the case of
/// letters; otherwise the only one with this name, or with a name that contains the text.
///
/// # Errors
/// Fails with a message if the text means no customer or several.
pub fn find_customer(set: &RuleSet, outcome: &Outcome, asked: &str) -> Result<usize, String> {
    // An exact key, the usual case, needs no copy of all keys and names.
    if let Some(row) = shown(outcome, 0).position(|key| key == asked) {
        return Ok(row);
    }
    let (keys, names) = (texts(outcome, 0), name_slot(set).map(|slot| texts(outcome, slot)).unwrap_or_default());
    let plain = |text: &str| {
        let lower = text.trim().to_lowercase();
        let digits = lower.trim_start_matches('0');
        if digits.is_empty() { lower } else { digits.to_owned() }
    };
    let (wanted, lower) = (plain(asked), asked.trim().to_lowercase());
    let matching = |texts: &[String], matches: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..texts.len()).filter(|row| matches(&texts[*row])).collect()
    };
    let ways: [Way; 3] = [
        (&keys, &|key| plain(key) == wanted),
        (&names, &|name| name.trim().to_lowercase() == lower),
        (&names, &|name| !lower.is_empty() && name.to_lowercase().contains(&lower)),
    ];
    for (texts, matches) in ways {
        match matching(texts, matches).as_slice() {
            [] => {}
            [row] => return Ok(*row),
            rows => return Err(several(asked, rows, &keys, &names)),
        }
    }
    let near = suggest(asked, keys.iter().map(String::as_str)).or_else(|| near_name(&lower, &names));
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("there is no customer `{asked}` in the data{near}"))
}

fn several(asked: &str, rows: &[usize], keys: &[String], names: &[String]) -> String {
    let one = |row: &usize| match names.get(*row).filter(|name| !name.is_empty()) {
        Some(name) => format!("{} ({name})", keys[*row]),
        None => keys[*row].clone(),
    };
    let listed: Vec<String> = rows.iter().take(LISTED).map(one).collect();
    let more = rows.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("`{asked}` could be {} customers: {}{more}", rows.len(), listed.join(", "))
}

/// The name that the text is nearest to, by all of its letters or by the first word of the name.
fn near_name<'a>(lower: &str, names: &'a [String]) -> Option<&'a str> {
    let whole = suggest(lower, names.iter().map(String::as_str));
    whole.or_else(|| {
        let first = |name: &'a String| name.split_whitespace().next();
        let word = suggest(lower, names.iter().filter_map(first))?;
        names.iter().find(|name| first(name) == Some(word)).map(String::as_str)
    })
}

/// The values of a column as they are shown.
fn shown(outcome: &Outcome, slot: SlotId) -> impl Iterator<Item = String> {
    let column = outcome.frame.column(slot);
    column.into_iter().flat_map(|column| (0..column.len()).map(|row| show::value(&value_at(column, row))))
}

fn texts(outcome: &Outcome, slot: SlotId) -> Vec<String> {
    shown(outcome, slot).collect()
}

/// The field of the profile that tells what a customer is called.
pub(super) fn name_slot(set: &RuleSet) -> Option<SlotId> {
    let is_name = |slot: &&SlotId| {
        let field = &set.demand.slots[**slot];
        **slot != 0 && field.ty == Type::Text && is_a_name(&field.name)
    };
    set.profile.administrative.iter().find(is_name).copied()
}

/// Whether a field of this name tells what a customer is called.
pub(super) fn is_a_name(field: &str) -> bool {
    let says_so = |word: &str| matches!(word, "name" | "naam" | "nom" | "company" | "companyname");
    field.to_lowercase().split('_').any(says_so)
}
