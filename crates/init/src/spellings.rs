//! Keys that are written in several ways: `Ann@example.com`, `ann@example.com `.

use accolade_engine::Type;

use crate::table::InferredColumn;

/// The share of customers that must be found only in lower case, for keys to be compared so.
const GAIN: f64 = 0.005;

/// Why the keys of customers are compared in lower case and without blanks around them; none if they are not. One of them
/// may be that of the table of customers.
pub(crate) fn folded_keys(keys: &[&InferredColumn], of_customers: Option<&InferredColumn>) -> Option<String> {
    if keys.iter().any(|key| key.ty != Type::Text || !key.can_be_text) {
        return None;
    }
    // Two customers must not become one.
    if of_customers.is_some_and(|key| !key.folded().is_unique()) {
        return None;
    }
    for key in keys {
        let (written, folded) = (key.values.distinct(), key.folded().distinct());
        if key.emails && folded < written {
            return Some(format!(
                "`{}` writes {} in {written} ways",
                key.header,
                crate::block::count(folded, "customer")
            ));
        }
        let Some(customers) = of_customers else { continue };
        let (before, after) = (key.values.share_in(&customers.values), key.folded().share_in(customers.folded()));
        if after > before + GAIN {
            let percent = |share: f64| format!("{}%", (100.0 * share).floor());
            let header = &customers.header;
            return Some(format!("{} are in `{header}` so, {} as they are written", percent(after), percent(before)));
        }
    }
    None
}
