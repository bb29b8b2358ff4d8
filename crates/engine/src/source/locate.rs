//! Finding what is wrong with a source, row by row, and keeping the rows that are right.

use std::collections::{BTreeMap, HashSet};

use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::array::BooleanArray;
use arrow::compute::filter_record_batch;
use arrow::record_batch::RecordBatch;

use super::convert::Problem;
use super::open::{Opened, Rows};
use super::reject::Reject;
use crate::frame::value_at;
use crate::model::Value;
use crate::show;

/// How many findings of one source are shown.
const SHOWN: usize = 20;

/// What a source's customer keys are checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    /// The customers table: every key once.
    Once,
    /// Events of these customers, as text.
    Among(&'a HashSet<String>),
    /// Events of any customers.
    Any,
}

/// A source after every row was looked at.
#[derive(Debug, Default)]
pub(crate) struct Sifted {
    /// The rows that can be used, as the file has them.
    pub(crate) usable: Vec<RecordBatch>,
    /// The rows that cannot, in file order.
    pub(crate) rejects: Vec<Reject>,
    /// What is wrong, at most [`SHOWN`] and one that counts the rest.
    pub(crate) findings: Diagnostics,
}

/// Looks at every row of a source, whose customer column is `key`; usable rows and rejects are kept if `keep`.
///
/// # Errors
/// What kept the file from being read.
pub(crate) fn sift(opened: &Opened, key: usize, known: Known, keep: bool) -> Result<Sifted, String> {
    let mut sifted = Sifted::default();
    let mut seen: HashSet<String> = HashSet::new();
    let mut found: Vec<(u64, Option<String>, Problem)> = Vec::new();
    let mut total = 0;
    for rows in opened.rows()? {
        let mut wrong: BTreeMap<usize, Vec<(String, Problem)>> = look(&rows, opened, key, known, &mut seen);
        if keep {
            let usable: BooleanArray = (0..rows.numbers.len()).map(|row| Some(!wrong.contains_key(&row))).collect();
            sifted.usable.extend(filter_record_batch(&rows.batch, &usable));
            for malformed in &rows.malformed {
                let (fields, reason) = (malformed.fields.clone(), malformed.message.clone());
                sifted.rejects.push(Reject { row: malformed.number, fields, reason });
            }
            for (row, problems) in &wrong {
                let reasons: Vec<String> =
                    problems.iter().map(|(column, p)| format!("{column}: {}", p.message)).collect();
                let (fields, reason) = (rows.fields[*row].clone(), reasons.join("; "));
                sifted.rejects.push(Reject { row: rows.numbers[*row], fields, reason });
            }
        }
        total += rows.malformed.len() + wrong.values().map(Vec::len).sum::<usize>();
        if found.len() < SHOWN {
            found.extend(
                rows.malformed
                    .into_iter()
                    .map(|m| (m.number, None, Problem { code: Code("E0708"), message: m.message, help: m.help })),
            );
            while let Some((row, problems)) = wrong.pop_first() {
                found.extend(problems.into_iter().map(|(column, problem)| (rows.numbers[row], Some(column), problem)));
            }
            found.sort_by_key(|(row, ..)| *row);
        }
    }
    sifted.rejects.sort_by_key(|reject| reject.row);
    let file = opened.path.display().to_string();
    for (row, column, problem) in found.into_iter().take(SHOWN) {
        let place = DataPlace { file: file.clone(), row: Some(row), column };
        let mut diagnostic = Diagnostic::new(problem.code, problem.message).in_data(place);
        diagnostic.help.extend(problem.help);
        sifted.findings.push(diagnostic);
    }
    if total > SHOWN {
        let message = format!("{} more problems in `{}`", total - SHOWN, opened.name);
        let place = DataPlace { file, row: None, column: None };
        sifted.findings.push(
            Diagnostic::new(Code("E0708"), message)
                .in_data(place)
                .help("`--bad-rows report` writes every such row to a file and goes on without it"),
        );
    }
    Ok(sifted)
}

/// Problems by row of the batch, each with its column.
fn look(
    rows: &Rows,
    opened: &Opened,
    key: usize,
    known: Known,
    seen: &mut HashSet<String>,
) -> BTreeMap<usize, Vec<(String, Problem)>> {
    let mut wrong: BTreeMap<usize, Vec<(String, Problem)>> = BTreeMap::new();
    if rows.numbers.is_empty() {
        return wrong;
    }
    let mut keys = None;
    for (index, (converter, raw)) in opened.converters.iter().zip(rows.batch.columns()).enumerate() {
        let (values, problems) = converter.convert(raw);
        for (row, problem) in problems {
            wrong.entry(row).or_default().push((converter.name().to_owned(), problem));
        }
        if index == key {
            keys = Some(values);
        }
    }
    let Some(keys) = keys else { return wrong };
    for row in 0..rows.numbers.len() {
        let value = value_at(&keys, row);
        if value.is_null() {
            continue;
        }
        let text = show::value(&value);
        let problem = match known {
            // A row that is rejected for another reason does not take its key.
            Known::Once if wrong.contains_key(&row) => None,
            Known::Once if !seen.insert(text) => Some(again(&value)),
            Known::Among(customers) if !customers.contains(&show::value(&value)) => Some(unknown(&value)),
            _ => None,
        };
        if let Some(problem) = problem {
            wrong.entry(row).or_default().push((opened.converters[key].name().to_owned(), problem));
        }
    }
    wrong
}

fn again(key: &Value) -> Problem {
    let message = format!("customer {} is in the file twice", show::quoted(key));
    Problem { code: Code("E0706"), message, help: Some("keep one row for each customer".to_owned()) }
}

fn unknown(key: &Value) -> Problem {
    let message = format!("customer {} is not in the customers table", show::quoted(key));
    Problem { code: Code("E0707"), message, help: Some("add the customer, or take the row out".to_owned()) }
}
