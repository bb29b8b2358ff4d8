//! Files of rejected rows: their names, what was left out, and how much may be.

use std::path::{Path, PathBuf};

use accolade_core::model::Value;
use accolade_core::show;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

use crate::source::{ClassifiedRows, OpenedSource, REJECTS};

/// The file in `folder` that rejected rows of a source are written to, such as
/// `orders.key-accounts.2026-01-31.rejected.csv`. It is named by the rule set and the date of the run, so that the files of
/// one month are not replaced by the next.
pub fn rejects_path(folder: &Path, source: &str, rule_set: &str, as_of: i32) -> PathBuf {
    let words = rule_set.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: Vec<String> = words.map(str::to_lowercase).collect();
    let name = if name.is_empty() { String::new() } else { format!(".{}", name.join("-")) };
    folder.join(format!("{source}{name}.{}{REJECTS}", show::date(as_of)))
}

/// The sums of rejected amounts, as the end of a sentence's subject: ` (amount 1250.00)`.
pub(super) fn sums(rejected: &[(String, i128)]) -> String {
    let sum = |(column, sum): &(String, i128)| format!("{column} {}", show::value(&Value::Money(*sum)));
    let sums: Vec<String> = rejected.iter().map(sum).collect();
    if sums.is_empty() { String::new() } else { format!(" ({})", sums.join(", ")) }
}

/// Removes the file of an earlier run whose rows are all sound now. One that cannot be removed stays.
pub(super) fn remove_older(path: &Path) {
    if path.is_file() {
        let _ = std::fs::remove_file(path);
    }
}

/// Checks that not more than a share of the rows is rejected.
pub(super) fn check_share(opened: &OpenedSource, found: &ClassifiedRows, most: Option<f64>) -> Result<(), Diagnostics> {
    let all = found.usable.count_set_bits() as u64 + found.rejected;
    let share = found.rejected as f64 / all.max(1) as f64;
    match most.filter(|most| share > *most) {
        None => Ok(()),
        Some(most) => {
            let percent = |share: f64| format!("{}%", (share * 10_000.0).round() / 100.0);
            let (name, rejected) = (&opened.name, found.rejected);
            let message = format!("{rejected} of {all} rows of `{name}` are rejected, which is {}", percent(share));
            let place = DataPlace { file: opened.place.clone(), row: None, column: None };
            let diagnostic = Diagnostic::new(Code::E0718, message).in_data(place);
            Err(Diagnostics::from(diagnostic.help(format!("at most {} may be (`--max-bad`)", percent(most)))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_rule_set_and_date() {
        let path = |rule_set: &str| rejects_path(Path::new("d"), "orders", rule_set, 20_484);
        assert_eq!(path("Key accounts, 2026"), Path::new("d/orders.key-accounts-2026.2026-01-31.rejected.csv"));
        assert_eq!(path("../x"), Path::new("d/orders.x.2026-01-31.rejected.csv"));
        assert_eq!(path(""), Path::new("d/orders.2026-01-31.rejected.csv"));
    }
}
