//! Locating the problems of a source, row by row.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use accolade_core::frame::value_at;
use accolade_core::model::{Type, Value};
use accolade_core::ops::day_of;
use accolade_core::show;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, count};
use arrow::array::{ArrayRef, BooleanBufferBuilder};
use arrow::buffer::BooleanBuffer;

use super::convert::{Converter, ValueProblem};
use super::opened::OpenedSource;
use super::reject::{RejectedRow, RejectsWriter};
use super::row_selection::RawArrays;
use super::rows::RowBatch;
use super::same_fault::FilesWithProblems;
use super::unknown_key::unknown;

/// The most findings that are shown for one source.
pub(super) const MAX_FINDINGS: usize = 20;

/// The most of them that are alike: with the same code and column, or with the same message about whole rows.
const ALIKE: usize = 3;

/// What a source's customer keys are checked against.
#[derive(Clone, Copy)]
pub enum KeyCheck<'a> {
    /// Each key occurs once, in the customers table.
    Unique,
    /// Each key is one of these, in events of known customers.
    OneOf(&'a dyn KnownKeys),
    /// Any key is valid, in events without a customers table.
    Any,
}

/// The keys of the customers table.
pub trait KnownKeys {
    /// Whether a key is one of them.
    fn has(&self, key: &Value) -> bool;

    /// One of them that differs from this text by case or blanks only.
    fn alike(&self, key: &str) -> Option<&str>;
}

/// The result of checking every row of a source.
#[derive(Debug)]
pub struct ClassifiedRows {
    /// For each row that is not malformed, whether it can be used.
    pub usable: BooleanBuffer,
    /// The number of rows that cannot be used, including malformed ones.
    pub rejected: u64,
    /// The sum of the readable amounts in rows that cannot be used, by column.
    pub rejected_sums: Vec<(String, i128)>,
    /// The problems: a limited number, and one finding that counts the rest.
    pub findings: Diagnostics,
}

/// What the rows of a source are checked for, besides the types of their columns.
#[derive(Clone, Copy)]
pub struct RowChecks<'a> {
    /// The index of the customer column.
    pub key: usize,
    /// What the customers are checked against.
    pub known: KeyCheck<'a>,
    /// The index of the date column, and the date of the run. Later events may be of unknown customers, and there twice.
    pub dated: Option<(usize, i32)>,
}

/// Checks every row of a source, and writes those that cannot be used to `rejects`.
///
/// # Errors
/// Fails when the data cannot be read or the rejects cannot be written. The error is the reason.
pub fn classify_rows(
    opened: &Arc<OpenedSource>,
    checks: RowChecks,
    mut rejects: Option<RejectsWriter>,
) -> Result<ClassifiedRows, String> {
    let mut usable = BooleanBufferBuilder::new(0);
    let mut rejected = 0;
    let mut keys = FirstOccurrences::new();
    let mut uniques = FirstOccurrences::new();
    let mut shown: Vec<Diagnostic> = Vec::new();
    let mut alike: HashMap<(Code, String), usize> = HashMap::new();
    let mut total = 0;
    let mut files = FilesWithProblems::default();
    let mut sums = vec![0i128; opened.converters.len()];
    for rows in opened.rows()? {
        if let Some(why) = rows.failure {
            return Err(format!("{}: {why}", opened.place));
        }
        let (wrong, columns) = look(&rows, opened, checks, (&mut keys, &mut uniques));
        for ((converter, values), sum) in opened.converters.iter().zip(&columns).zip(&mut sums) {
            if converter.ty() == Type::Money {
                *sum += wrong.keys().filter_map(|row| money_at(values, *row)).sum::<i128>();
            }
        }
        (0..rows.numbers.len()).for_each(|row| usable.append(!wrong.contains_key(&row)));
        for bad in in_order(&rows, wrong) {
            rejected += 1;
            total += bad.problems.len();
            rows.file.iter().for_each(|file| files.add(file));
            if let Some(rejects) = &mut rejects {
                rejects.add(&bad.reject(&rows)).map_err(|e| e.to_string())?;
            }
            for (column, problem) in bad.problems {
                let seen =
                    alike.entry((problem.code, column.clone().unwrap_or_else(|| problem.message.clone()))).or_insert(0);
                *seen += 1;
                if *seen > ALIKE || shown.len() == MAX_FINDINGS {
                    continue;
                }
                let file = rows.file.as_ref().map_or_else(|| opened.place.clone(), |file| file.to_string());
                let place = DataPlace { file, row: Some(bad.number), column };
                let mut diagnostic = Diagnostic::new(problem.code, problem.message).in_data(place);
                diagnostic.help.extend(problem.help);
                shown.push(diagnostic);
            }
        }
    }
    if let Some(rejects) = &mut rejects {
        rejects.finish().map_err(|e| e.to_string())?;
    }
    if let Some(more) = total.checked_sub(shown.len()).filter(|more| *more > 0)
        && let Some(code) = shown.last().map(|d| d.code)
    {
        let message = format!("{} in `{}`", count(more, "more problem"), opened.name) + &files.list();
        let place = DataPlace { file: opened.place.clone(), row: None, column: None };
        let help = "`--bad-rows report` writes every such row to a file and goes on without it";
        shown.push(Diagnostic::new(code, message).in_data(place).help(help));
    }
    let of_money = |(converter, sum): (&Converter, i128)| (sum != 0).then(|| (converter.name().to_owned(), sum));
    let rejected_sums = opened.converters.iter().zip(sums).filter_map(of_money).collect();
    Ok(ClassifiedRows { usable: usable.finish(), rejected, rejected_sums, findings: Diagnostics::from(shown) })
}

/// A row that cannot be used.
struct BadRow {
    number: u64,
    /// Its index in the batch, or its fields if it is malformed.
    content: Result<usize, Vec<String>>,
    problems: Vec<(Option<String>, ValueProblem)>,
}

impl BadRow {
    fn reject(&self, rows: &RowBatch) -> RejectedRow {
        let reason = |(column, problem): &(Option<String>, ValueProblem)| match column {
            Some(column) => format!("{column}: {}", problem.message),
            None => problem.message.clone(),
        };
        let reasons: Vec<String> = self.problems.iter().map(reason).collect();
        let fields = match &self.content {
            Ok(row) => rows.fields(*row),
            Err(fields) => fields.clone(),
        };
        let row = match &rows.file {
            Some(file) => format!("{file}:{}", self.number),
            None => self.number.to_string(),
        };
        RejectedRow { row, fields, reason: reasons.join("; ") }
    }
}

/// Problems by row of the batch, each with its column.
type ProblemsByRow = BTreeMap<usize, Vec<(Option<String>, ValueProblem)>>;

fn in_order(rows: &RowBatch, wrong: ProblemsByRow) -> Vec<BadRow> {
    let mut bad: Vec<BadRow> = wrong
        .into_iter()
        .map(|(row, problems)| BadRow { number: rows.numbers[row], content: Ok(row), problems })
        .collect();
    bad.extend(rows.malformed.iter().map(|m| {
        let problem = ValueProblem { code: Code::E0708, message: m.message.clone(), help: m.help.clone() };
        BadRow { number: m.number, content: Err(m.fields.clone()), problems: vec![(None, problem)] }
    }));
    bad.sort_by_key(|bad| bad.number);
    bad
}

/// The file and row in which each key, or each combination of unique values, occurs first.
type FirstOccurrences = HashMap<String, (Option<Arc<str>>, u64)>;

fn look(
    rows: &RowBatch,
    opened: &OpenedSource,
    checks: RowChecks,
    (keys, uniques): (&mut FirstOccurrences, &mut FirstOccurrences),
) -> (ProblemsByRow, Vec<ArrayRef>) {
    let RowChecks { key, known, dated } = checks;
    let mut wrong = ProblemsByRow::new();
    let raw = rows.declared(&opened.positions);
    let is_read = opened.selection.mask(&RawArrays(&raw, rows.numbers.len()));
    let left_out = |row: usize| is_read.as_ref().is_some_and(|is_read| !is_read.value(row));
    let mut columns = Vec::with_capacity(raw.len() + 1);
    for (index, (converter, raw)) in opened.converters.iter().zip(&raw).enumerate() {
        let (values, mut problems) = converter.convert_with_problems(raw);
        for unusable in rows.unusable.iter().filter(|u| u.column == opened.positions[index]) {
            // The null in its place is not another problem.
            problems.retain(|(row, _)| *row != unusable.row);
            problems.push((unusable.row, unusable.problem.clone()));
        }
        // In a row that is left out only what the condition reads must be readable.
        let is_needed = opened.selection.reads(index);
        let counts = |row: usize, problem: &ValueProblem| !left_out(row) || problem.code == Code::E0703 && is_needed;
        for (row, problem) in problems.into_iter().filter(|(row, problem)| counts(*row, problem)) {
            wrong.entry(row).or_default().push((Some(converter.name().to_owned()), problem));
        }
        columns.push(values);
    }
    let computed = opened.selection.keys(&columns, rows.numbers.len());
    let is_computed = computed.is_some();
    columns.extend(computed);
    let Some(customers) = columns.get(key) else { return (wrong, columns) };
    let name = opened.converters.get(key).map(|converter| converter.name().to_owned());
    for row in (0..rows.numbers.len()).filter(|row| !left_out(*row)) {
        let Some(value) = opened.selection.key_after_merges(value_at(customers, row)) else { continue };
        if value.is_null() {
            if is_computed && !wrong.contains_key(&row) {
                wrong.entry(row).or_default().push((None, without_key()));
            }
            continue;
        }
        let problem = match known {
            // A row that is rejected for another reason does not claim its key.
            KeyCheck::Unique if wrong.contains_key(&row) => None,
            KeyCheck::Unique => {
                let here = (rows.file.clone(), rows.numbers[row]);
                let first = keys.entry(show::value(&value)).or_insert_with(|| here.clone());
                (*first != here).then(|| again(&value, first))
            }
            KeyCheck::OneOf(_) if dated.is_some_and(|dated| is_later(&columns, row, dated)) => None,
            KeyCheck::OneOf(keys) => (!keys.has(&value)).then(|| unknown(&value, keys, name.as_deref())),
            KeyCheck::Any => None,
        };
        if let Some(problem) = problem {
            wrong.entry(row).or_default().push((name.clone(), problem));
        }
    }
    if let Some(unique) = &opened.selection.unique {
        for row in (0..rows.numbers.len()).filter(|row| !left_out(*row)) {
            let values: Vec<Value> = unique.columns().iter().map(|column| value_at(&columns[*column], row)).collect();
            // A row that is rejected for another reason does not count as the first, and one after the date of the run
            // does not count at all.
            let is_later = dated.is_some_and(|dated| is_later(&columns, row, dated));
            if is_later || wrong.contains_key(&row) || values.iter().any(Value::is_null) {
                continue;
            }
            let here = (rows.file.clone(), rows.numbers[row]);
            let text = values.iter().map(show::quoted).collect::<Vec<_>>().join(", ");
            let first = uniques.entry(text).or_insert_with(|| here.clone());
            if *first != here {
                let names: Vec<&str> =
                    unique.columns().iter().filter_map(|c| Some(opened.converters.get(*c)?.name())).collect();
                wrong.entry(row).or_default().push((Some(names.join(", ")), repeated(&values, first)));
            }
        }
    }
    (wrong, columns)
}

fn money_at(values: &ArrayRef, row: usize) -> Option<i128> {
    match value_at(values, row) {
        Value::Money(amount) => Some(amount),
        _ => None,
    }
}

/// Whether an event is dated after a day.
pub(super) fn is_later(columns: &[ArrayRef], row: usize, (column, day): (usize, i32)) -> bool {
    match value_at(&columns[column], row) {
        Value::Date(date) => date > day,
        Value::DateTime(micros) => day_of(micros) > day,
        _ => false,
    }
}

/// The problem of a row whose values in the columns of `unique` are those of an earlier one.
fn repeated(values: &[Value], (file, row): &(Option<Arc<str>>, u64)) -> ValueProblem {
    let shown: Vec<String> = values.iter().map(show::quoted).collect();
    let of = file.as_ref().map_or(String::new(), |file| format!(" of {file}"));
    let message = format!("{} is there already, in row {row}{of}", shown.join(", "));
    let help = "no two rows may share it (`unique`); was a file sent twice?".to_owned();
    ValueProblem { code: Code::E0717, message, help: Some(help) }
}

fn without_key() -> ValueProblem {
    let help = "fill in what it is computed from, or leave such rows out with `where`".to_owned();
    ValueProblem { code: Code::E0705, message: "the customer's key is missing".to_owned(), help: Some(help) }
}

fn again(key: &Value, (file, row): &(Option<Arc<str>>, u64)) -> ValueProblem {
    let message = format!("customer {} is in the file twice", show::quoted(key));
    let of = file.as_ref().map_or(String::new(), |file| format!(" of {file}"));
    let help = format!("keep one row for each customer; the first is row {row}{of}");
    ValueProblem { code: Code::E0706, message, help: Some(help) }
}
