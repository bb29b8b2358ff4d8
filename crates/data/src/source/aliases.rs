//! Customers who were merged: an old key stands for a new one, which may have been merged in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use accolade_core::eval::column;
use accolade_core::frame::value_at;
use accolade_core::model::{Type, Value};
use accolade_core::show;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringViewArray};
use arrow::datatypes::Int64Type;
use hashbrown::HashMap;

use super::classify_rows::{KeyCheck, MAX_FINDINGS, RowChecks, classify_rows};
use super::opened::OpenedSource;
use super::row_selection::{RawArrays, SelectedRows};

/// The key that stands for each old key, after all merges.
#[derive(Debug)]
pub struct Aliases {
    by_key: ByKey,
    /// Where each merge is written, by its old key.
    merges: BTreeMap<String, Merge>,
    /// The rows of the table that were used.
    pub rows: SelectedRows,
    /// The old keys of customers whose rows were left out.
    dropped: Mutex<BTreeSet<String>>,
}

/// The new keys by old ones.
#[derive(Debug)]
enum ByKey {
    Texts(HashMap<String, String>),
    Integers(HashMap<i64, i64>),
}

/// A merge as it is written: the new key, and the row.
#[derive(Debug)]
struct Merge {
    to: String,
    file: String,
    row: u64,
}

impl Aliases {
    /// Reads the table; `from` and `to` are the indices of its columns. `computed` gives a key as the key of the customers
    /// is computed.
    ///
    /// # Errors
    /// Fails with the findings of its rows, and with E0719 where a key stands for two others or for itself.
    pub fn read(
        opened: &Arc<OpenedSource>,
        (from, to): (usize, usize),
        computed: impl Fn(Value) -> Value,
    ) -> Result<Aliases, Diagnostics> {
        let unreadable = |why: String| {
            let place = DataPlace { file: opened.place.clone(), row: None, column: None };
            let message = format!("the file of `{}` cannot be read: {why}", opened.name);
            Diagnostics::from(Diagnostic::new(Code::E0701, message).in_data(place))
        };
        let checks = RowChecks { key: from, known: KeyCheck::Any, dated: None };
        let found = classify_rows(opened, checks, None).map_err(unreadable)?;
        if found.findings.has_errors() {
            return Err(found.findings);
        }
        let (mut merges, mut wrong): (BTreeMap<String, Merge>, Diagnostics) = Default::default();
        let mut counts = SelectedRows::default();
        for rows in opened.rows().map_err(unreadable)? {
            if let Some(why) = rows.failure {
                return Err(unreadable(why));
            }
            let raw = rows.declared(&opened.positions);
            let truth = opened.selection.truth(&RawArrays(&raw, rows.numbers.len()));
            let is_read = truth.as_ref().map(column::is_true);
            counts.read += rows.numbers.len() as u64;
            counts.undecided += truth.map_or(0, |truth| truth.null_count()) as u64;
            counts.left_out += is_read.as_ref().map_or(0, |is_read| is_read.len() - is_read.true_count()) as u64;
            let [old, new] = [from, to].map(|column| opened.converters[column].convert(&raw[column]).0);
            for row in (0..rows.numbers.len()).filter(|row| is_read.as_ref().is_none_or(|is_read| is_read.value(*row)))
            {
                let [old, to] = [&old, &new].map(|keys| show::value(&computed(value_at(keys, row))));
                let file = rows.file.as_ref().map_or_else(|| opened.place.clone(), |file| file.to_string());
                let merge = Merge { to, file, row: rows.numbers[row] };
                match merges.get(&old) {
                    Some(first) if first.to != merge.to => wrong.push(twice(&old, first, &merge)),
                    Some(_) => {}
                    None => drop(merges.insert(old, merge)),
                }
            }
        }
        let last = resolved(&merges, &mut wrong);
        if wrong.has_errors() {
            return Err(wrong);
        }
        let by_key = match opened.converters[from].ty() {
            Type::Integer => {
                let number = |text: &str| text.parse::<i64>().ok();
                ByKey::Integers(last.iter().filter_map(|(old, new)| Some((number(old)?, number(new)?))).collect())
            }
            _ => ByKey::Texts(last.into_iter().collect()),
        };
        Ok(Aliases { by_key, merges, rows: counts, dropped: Mutex::default() })
    }

    /// Notes customers whose rows are left out, since others stand for them.
    pub(super) fn drop_rows(&self, keys: &ArrayRef) {
        let keys = (0..keys.len()).map(|row| show::value(&value_at(keys, row)));
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
    }

    /// The findings of this code, of customers who were merged into one whom nobody knows.
    pub fn into_nobody(&self, code: Code, is_known: impl Fn(&Value) -> bool) -> Diagnostics {
        let dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |old: &String| {
            let merge = self.merges.get(old)?;
            let key = match &self.by_key {
                ByKey::Texts(_) => Value::text(old),
                ByKey::Integers(_) => Value::Integer(old.parse().ok()?),
            };
            let end = self.of(key);
            (!is_known(&end)).then(|| {
                let end = show::quoted(&end);
                let message = format!("customer \"{old}\" is merged into {end}, who is not in the customers table");
                let help = "add that customer, or take the row out";
                Diagnostic::new(code, message).in_data(place(merge)).help(help)
            })
        };
        dropped.iter().filter_map(of).take(MAX_FINDINGS).collect()
    }

    /// The keys with new ones for those that were merged.
    pub(super) fn applied(&self, keys: &ArrayRef) -> ArrayRef {
        if self.is_old(keys).is_none() {
            return Arc::clone(keys);
        }
        match &self.by_key {
            ByKey::Texts(to) => {
                let new = |key| to.get(key).map_or(key, String::as_str);
                Arc::new(keys.as_string_view().iter().map(|key| key.map(new)).collect::<StringViewArray>())
            }
            ByKey::Integers(to) => {
                let new = |key| to.get(&key).copied().unwrap_or(key);
                Arc::new(keys.as_primitive::<Int64Type>().iter().map(|key| key.map(new)).collect::<Int64Array>())
            }
        }
    }

    /// Which keys were merged into others; `None` if none was.
    pub(super) fn is_old(&self, keys: &ArrayRef) -> Option<BooleanArray> {
        let old: BooleanArray = match &self.by_key {
            ByKey::Texts(to) => {
                keys.as_string_view().iter().map(|key| Some(key.is_some_and(|key| to.contains_key(key)))).collect()
            }
            ByKey::Integers(to) => {
                let keys = keys.as_primitive::<Int64Type>().iter();
                keys.map(|key| Some(key.is_some_and(|key| to.contains_key(&key)))).collect()
            }
        };
        (old.true_count() > 0).then_some(old)
    }

    /// The key that stands for a key.
    pub(super) fn of(&self, key: Value) -> Value {
        match (&self.by_key, &key) {
            (ByKey::Texts(to), Value::Text(text)) => to.get(&**text).map_or(key, |new| Value::text(new)),
            (ByKey::Integers(to), Value::Integer(number)) => to.get(number).map_or(key, |new| Value::Integer(*new)),
            _ => key,
        }
    }
}

/// The last key of each chain of merges. A circle is reported once.
fn resolved(merges: &BTreeMap<String, Merge>, wrong: &mut Diagnostics) -> BTreeMap<String, String> {
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    let mut in_circles: Vec<&str> = Vec::new();
    for old in merges.keys() {
        let mut chain = vec![old.as_str()];
        let end = loop {
            let key = chain.last().copied().unwrap_or_default();
            match merges.get(key).map(|merge| merge.to.as_str()) {
                None => break Some(key.to_owned()),
                // The rest of the chain is known.
                Some(next) if last.contains_key(next) => break last.get(next).cloned(),
                Some(next) => match chain.iter().position(|known| *known == next) {
                    Some(start) => {
                        if !in_circles.contains(&next) {
                            in_circles.extend(&chain[start..]);
                            wrong.push(circle(&chain[start..], merges));
                        }
                        break None;
                    }
                    None if in_circles.contains(&next) => break None,
                    None => chain.push(next),
                },
            }
        };
        if let Some(end) = end {
            for key in chain.iter().filter(|key| **key != end) {
                last.insert((*key).to_owned(), end.clone());
            }
        }
    }
    last
}

fn place(merge: &Merge) -> DataPlace {
    DataPlace { file: merge.file.clone(), row: Some(merge.row), column: None }
}

fn twice(old: &str, first: &Merge, second: &Merge) -> Diagnostic {
    let message = format!("customer \"{old}\" is merged into \"{}\" and into \"{}\"", first.to, second.to);
    let help = format!("keep one of the two rows; the first is row {} of {}", first.row, first.file);
    Diagnostic::new(Code::E0719, message).in_data(place(second)).help(help)
}

fn circle(keys: &[&str], merges: &BTreeMap<String, Merge>) -> Diagnostic {
    let path: Vec<String> = keys.iter().chain(keys.first()).map(|key| format!("\"{key}\"")).collect();
    let rows: Vec<String> = keys.iter().filter_map(|key| merges.get(*key)).map(|merge| merge.row.to_string()).collect();
    let message = format!("customers are merged in a circle: {}", path.join(" → "));
    let diagnostic = Diagnostic::new(Code::E0719, message);
    let placed = match keys.first().and_then(|key| merges.get(*key)) {
        Some(merge) => diagnostic.in_data(place(merge)),
        None => diagnostic,
    };
    placed.help(format!("take one of the rows out: {}", rows.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(&str, &str)], expected: &[(&str, &str)], circles: &[&str]) {
        let merge =
            |(row, to): (usize, &str)| Merge { to: to.to_owned(), file: "m.csv".to_owned(), row: row as u64 + 2 };
        let merges = rows.iter().enumerate().map(|(row, (from, to))| ((*from).to_owned(), merge((row, to)))).collect();
        let mut wrong = Diagnostics::new();
        let last = resolved(&merges, &mut wrong);
        let last: Vec<(&str, &str)> = last.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        assert_eq!(last, expected);
        let told: Vec<&str> = wrong.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(told, circles);
    }

    #[test]
    fn chains_lead_to_their_end() {
        check(&[("a", "b"), ("b", "c"), ("d", "b")], &[("a", "c"), ("b", "c"), ("d", "c")], &[]);
        check(&[("z", "y"), ("y", "a")], &[("y", "a"), ("z", "a")], &[]);
    }

    #[test]
    fn circles_are_told_once() {
        check(&[("a", "a")], &[], &["customers are merged in a circle: \"a\" → \"a\""]);
        check(
            &[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("x", "y")],
            &[("x", "y")],
            &["customers are merged in a circle: \"a\" → \"b\" → \"c\" → \"a\""],
        );
        check(&[("d", "e"), ("e", "f"), ("f", "e")], &[], &["customers are merged in a circle: \"e\" → \"f\" → \"e\""]);
    }
}
