//! Histories: the results of one run after the other, each under its date. A run replaces the results of its own date
//! and nothing else; a new field becomes a new column.

mod columns;
mod dated;
mod parquet;
mod postgres;
mod sqlite;

use std::{fmt, io};

use accolade_core::model::{Origin, Slot};
use accolade_parser::{Code, Diagnostic};

use self::dated::DatedResults;
use super::{ResultTarget, Results};

/// The column of the date of the run. Rule files reserve the name, so no metric and no rule has it.
pub const DATE_COLUMN: &str = "as_of";

/// Why results are not added to a history, which is then unchanged.
#[derive(Debug)]
pub enum AppendError {
    /// The history does not take results of these rules.
    Refused(Box<Diagnostic>),
    /// The results cannot give their rows, or the target cannot be written.
    Io(io::Error),
}

impl From<io::Error> for AppendError {
    fn from(error: io::Error) -> Self {
        AppendError::Io(error)
    }
}

impl From<Diagnostic> for AppendError {
    fn from(finding: Diagnostic) -> Self {
        AppendError::Refused(Box::new(finding))
    }
}

/// Adds the results of a run at `as_of` to a history, in place of those of the same date. Returns the names of the
/// columns that are new in it.
///
/// # Errors
/// Fails with E0720 when the target is no history of these customers, and with E0721 when a field has another type in
/// it.
pub fn append(
    rule_set: &str,
    results: &mut dyn Results,
    target: &ResultTarget,
    as_of: i32,
) -> Result<Vec<String>, AppendError> {
    let slots = results.slots();
    if let Some(taken) = slots.iter().find(|slot| slot.name.eq_ignore_ascii_case(DATE_COLUMN)) {
        let help = format!("`{DATE_COLUMN}` is the date of each run in a history; give the column another name");
        return Err(no_history(target, &format!("the results have a column `{}`", taken.name), help).into());
    }
    let key = slots.iter().find(|slot| slot.origin == Origin::Key).map_or(String::new(), |slot| slot.name.clone());
    let history = History { target, as_of, key: &key };
    match target {
        ResultTarget::Partitions(_) => parquet::append(results, &history),
        ResultTarget::Sqlite(path, _) => {
            sqlite::append(&mut DatedResults::new(results, as_of), path, &target.table(rule_set), &history)
        }
        ResultTarget::Postgres(server, _) => {
            postgres::append(&mut DatedResults::new(results, as_of), server, &target.table(rule_set), &history)
        }
        ResultTarget::File(..) => Err(io::Error::other("a file holds the results of one run").into()),
    }
}

/// A history to add to.
#[derive(Clone, Copy, Debug)]
struct History<'a> {
    target: &'a ResultTarget,
    /// The date of the run, in days since 1970-01-01.
    as_of: i32,
    /// The column of the customer's key.
    key: &'a str,
}

impl History<'_> {
    /// The finding that a table has other keys than a history of these customers.
    fn other_keys(&self, why: &str) -> Diagnostic {
        no_history(self.target, why, "name another one, which is then made".to_owned())
    }
}

/// The finding that a field has another type than its column at a place.
fn other_type(slot: &Slot, place: impl fmt::Display, existing: &str, wanted: &str) -> Diagnostic {
    let message = format!("`{}` is {existing} in `{place}`, and {wanted} by these rules", slot.name);
    Diagnostic::new(Code::E0721, message)
        .help("rename the field, so that it gets a column of its own, or begin another history")
}

fn no_history(target: &ResultTarget, why: &str, help: String) -> Diagnostic {
    Diagnostic::new(Code::E0720, format!("`{target}` cannot be appended to: {why}")).help(help)
}
