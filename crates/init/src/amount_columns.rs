//! Which column holds the amount of a transaction, by its header, its values and the sums of its row.

use accolade_engine::Type;

use crate::groups::Groups;
use crate::header_words;
use crate::header_words::{match_rank, mentions};
use crate::sums::SumOf;
use crate::table::{InferredColumn, InferredTable};

/// What an amount is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoneyKind {
    /// What a customer pays; the rank of the word in the header that says so.
    Paid(usize),
    Price,
    Margin,
    Refund,
    Tax,
    Discount,
    Cost,
    Expected,
    Unknown,
}

impl MoneyKind {
    /// What an amount is of, as its header says; none for a column that holds no amounts.
    pub(crate) fn of(column: &InferredColumn) -> Option<MoneyKind> {
        let says = |subject| mentions(&column.header, subject);
        let kinds = [
            (header_words::REFUND, MoneyKind::Refund),
            (header_words::DISCOUNT, MoneyKind::Discount),
            (header_words::EXPECTED, MoneyKind::Expected),
            (header_words::MARGIN, MoneyKind::Margin),
            (header_words::PRICE, MoneyKind::Price),
            (header_words::OTHER_MONEY, MoneyKind::Cost),
        ];
        if column.ty != Type::Money {
            return None;
        }
        if says(header_words::TAX) && !says(header_words::WITH_OR_WITHOUT) {
            return Some(MoneyKind::Tax);
        }
        let other = kinds.into_iter().find(|(subject, _)| says(subject)).map(|(_, kind)| kind);
        let paid = || match_rank(&column.header, header_words::AMOUNT).map(MoneyKind::Paid);
        Some(other.or_else(paid).unwrap_or(MoneyKind::Unknown))
    }
}

/// A column that may hold the amount of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AmountColumn {
    pub(crate) column: usize,
    /// How much says so; the highest is the likeliest.
    pub(crate) score: i64,
    /// What the values say, beside the header.
    pub(crate) reason: Option<String>,
}

/// The columns that may hold what a customer pays, the likeliest first. `lines` says what the lines of an order share.
pub(crate) fn amount_columns(table: &InferredTable, lines: Option<&Groups>) -> Vec<AmountColumn> {
    let mut found: Vec<AmountColumn> = (0..table.columns.len()).filter_map(|i| scored(table, lines, i)).collect();
    found.sort_by_key(|amount| (-amount.score, amount.column));
    found
}

fn scored(table: &InferredTable, lines: Option<&Groups>, column: usize) -> Option<AmountColumn> {
    let by_header = match MoneyKind::of(&table.columns[column])? {
        MoneyKind::Paid(rank) => 100 - i64::try_from(rank.min(60)).unwrap_or(60),
        MoneyKind::Unknown => 0,
        _ => return None,
    };
    let of = &table.columns[column];
    let sum = table.sums.iter().find(|sum| sum.total == column && sum.minus.len() < 2);
    let without_tax = table.sums.iter().find(|sum| is_without_tax(table, sum, column));
    let name = |i: &usize| format!("`{}`", table.columns[*i].header);
    let (by_sum, reason) = match (sum, without_tax) {
        (_, Some(sum)) => (60, Some(format!("{} without tax", name(&sum.total)))),
        (Some(sum), None) => (40, Some(described(sum, &name))),
        (None, None) => (0, None),
    };
    // What is zero in most rows is not what customers pay, nor is what each line of an order repeats.
    let mostly_zero = of.filled == 0 || 2 * of.zero > of.filled;
    let repeated = lines.is_some_and(|lines| lines.repeats(column));
    let score = by_header + by_sum - if mostly_zero { 150 } else { 0 } - if repeated { 150 } else { 0 };
    Some(AmountColumn { column, score, reason })
}

/// Whether a column and a tax make up the total of `sum`, and nothing else does.
fn is_without_tax(table: &InferredTable, sum: &SumOf, column: usize) -> bool {
    let [a, b] = sum.parts.as_slice() else { return false };
    let other = if *a == column { *b } else { *a };
    let tax = |i: usize| MoneyKind::of(&table.columns[i]) == Some(MoneyKind::Tax);
    sum.minus.is_empty() && (*a == column || *b == column) && tax(other) && !tax(column)
}

fn described(sum: &SumOf, name: &dyn Fn(&usize) -> String) -> String {
    let list = |of: &[usize]| of.iter().map(name).collect::<Vec<_>>().join(" + ");
    let less = if sum.minus.is_empty() { String::new() } else { format!(" - {}", list(&sum.minus)) };
    format!("{}{less}", list(&sum.parts))
}
