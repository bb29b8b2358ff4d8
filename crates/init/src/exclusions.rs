//! Rows of a table of transactions that are no sales: cancelled, tests, quotations, totals below the data.

use accolade_engine::Type;

use crate::groups::Groups;
use crate::header_words::mentions;
use crate::roles::FileRole;
use crate::status_words;
use crate::subjects::order_lines;
use crate::table::{InferredColumn, InferredTable};

/// A condition that keeps the sales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exclusion {
    /// The condition on the columns of the source.
    pub(crate) condition: String,
    /// What it leaves out.
    pub(crate) reason: String,
}

/// The conditions that a table of events needs, each with its reason.
pub(crate) fn exclusions(table: &InferredTable, role: &FileRole) -> Vec<Exclusion> {
    let FileRole::Events { customer, date } = role else { return Vec::new() };
    let below = below_the_data(table, *customer, *date);
    let named = below.as_ref().is_some_and(|below| below.condition == is_filled(&table.columns[*customer]));
    let lines = order_lines(table, role);
    let of_columns = (0..table.columns.len()).filter_map(|i| of_column(&table.columns[i], rest(lines, i)));
    let nobody = nobody(&table.columns[*customer]).filter(|_| !named);
    below.into_iter().chain(nobody).chain(of_columns).collect()
}

/// The condition that leaves out rows of nobody.
fn nobody(customer: &InferredColumn) -> Option<Exclusion> {
    let reason = format!("rows without `{}` are of nobody, such as guests", customer.header);
    customer.nullable.then(|| Exclusion { condition: is_filled(customer), reason })
}

/// The condition that a column has a value.
pub(crate) fn is_filled(column: &InferredColumn) -> String {
    format!("{} is not missing", column.name)
}

/// The condition that leaves out the rows below the data.
fn below_the_data(table: &InferredTable, customer: usize, date: Option<usize>) -> Option<Exclusion> {
    let footer = table.footer.as_ref()?;
    let what = if footer.is_total { "the total" } else { "a remark" };
    let reason = format!("row {} is {what} below the data", footer.first);
    let empty = [Some(customer), date].into_iter().flatten().find(|i| footer.empty[*i]);
    let condition = match empty {
        Some(column) => is_filled(&table.columns[column]),
        None => format!("{} != {}", table.columns[customer].name, quoted(footer.texts[customer].trim())),
    };
    Some(Exclusion { condition, reason })
}

/// What rows are in which a column is empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfilled {
    /// Rows like the others.
    Kept,
    /// The rows of an order below its first, which has what is of the order.
    BelowFirst,
}

fn rest(lines: Option<&Groups>, column: usize) -> Unfilled {
    if lines.is_some_and(|lines| lines.has_once(column)) { Unfilled::BelowFirst } else { Unfilled::Kept }
}

fn of_column(column: &InferredColumn, unfilled: Unfilled) -> Option<Exclusion> {
    let marks = mentions(&column.header, status_words::NO_SALE_MARK);
    let reason = |what: &str| format!("`{}` {what}", column.header);
    match column.ty {
        Type::Boolean if marks => Some(Exclusion {
            condition: known(column, unfilled, &format!("not {}", column.name)),
            reason: reason("marks what is no sale"),
        }),
        _ if marks && column.is_date() && column.nullable => Some(Exclusion {
            condition: format!("{} is missing", column.name),
            reason: reason("dates what is no sale"),
        }),
        Type::Text if is_status(column) => of_status(column, unfilled),
        _ => None,
    }
}

/// A condition on a column, true or false in every row: a condition on a missing value is neither.
fn known(column: &InferredColumn, unfilled: Unfilled, condition: &str) -> String {
    match unfilled {
        _ if !column.nullable => condition.to_owned(),
        Unfilled::Kept => format!("({} is missing or {condition})", column.name),
        Unfilled::BelowFirst => format!("{} and {condition}", is_filled(column)),
    }
}

/// Whether a column says what a row is: by its header, or since some rows are cancelled.
pub(crate) fn is_status(column: &InferredColumn) -> bool {
    let few = column.few.iter().count();
    let short = column.few.iter().all(|(text, _)| text.len() <= 32);
    let cancels = || column.few.iter().any(|(text, _)| mentions(text, status_words::NO_SALE_MARK));
    few > 0 && short && column.filled >= few as u64 && (mentions(&column.header, status_words::STATUS) || cancels())
}

fn of_status(column: &InferredColumn, unfilled: Unfilled) -> Option<Exclusion> {
    let with = |subject| {
        let says = move |text: &str| mentions(text, subject) && !mentions(text, status_words::PARTLY);
        column.few.iter().filter(move |(text, _)| says(text)).collect::<Vec<_>>()
    };
    let shown = |texts: &[(&str, u64)]| {
        texts.iter().map(|(text, count)| format!("{text} ({count})")).collect::<Vec<_>>().join(", ")
    };
    let list = |texts: &[(&str, u64)]| texts.iter().map(|(text, _)| quoted(text)).collect::<Vec<_>>().join(", ");
    let (won, lost) = (with(status_words::WON), with(status_words::NO_SALE));
    if !won.is_empty() {
        let condition = format!("{} in [{}]", column.name, list(&won));
        let condition = if column.nullable { format!("{} and {condition}", is_filled(column)) } else { condition };
        return Some(Exclusion {
            condition,
            reason: format!("`{}` says what was won: {}", column.header, shown(&won)),
        });
    }
    // If nothing else is left, the words mean something else here.
    if lost.is_empty() || lost.len() == column.few.iter().count() {
        return None;
    }
    let condition = known(column, unfilled, &format!("{} not in [{}]", column.name, list(&lost)));
    Some(Exclusion { condition, reason: format!("`{}` has rows that are no sales: {}", column.header, shown(&lost)) })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
