//! The role of each column of a plan.

use std::fmt;

use accolade_engine::Type;

use crate::amount_columns::MoneyKind;
use crate::exclusions::is_status;
use crate::plan::Plan;
use crate::roles::FileRole;
use crate::subjects::{Amount, ColumnRef};
use crate::table::InferredColumn;

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnRole {
    /// Identifies the customer in the table of customers.
    Key,
    /// Names the customer of an event.
    Customer,
    /// Dates the event.
    Date,
    /// Numbers a transaction of several rows.
    OrderNumber,
    /// What the customer pays, or a factor of it.
    Amount,
    /// Another amount that the customer may pay.
    OtherAmount,
    /// The price of one piece.
    Price,
    /// What is earned on it.
    Margin,
    /// What was paid back, or is not paid yet.
    Refund,
    /// A tax.
    Tax,
    /// What was taken off.
    Discount,
    /// A cost, a fee, a balance.
    Cost,
    /// An amount that nobody has paid yet.
    Expected,
    /// Says what the row is.
    Status,
    /// An answer or a judgement on a scale.
    Answer,
    /// Another date.
    OtherDate,
    /// Anything else.
    Other,
}

impl ColumnRole {
    /// A comment for the column, where its name and type do not say as much.
    pub(crate) fn comment(self) -> Option<&'static str> {
        Some(match self {
            ColumnRole::Refund => "a guess: paid back or not paid yet",
            ColumnRole::Tax => "a guess: a tax",
            ColumnRole::Discount => "a guess: a discount",
            ColumnRole::Cost => "a guess: a cost, a fee or a balance",
            ColumnRole::Expected => "a guess: expected, not paid",
            _ => return None,
        })
    }
}

impl fmt::Display for ColumnRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ColumnRole::Key => "key",
            ColumnRole::Customer => "customer",
            ColumnRole::Date => "date",
            ColumnRole::OrderNumber => "order number",
            ColumnRole::Amount => "amount",
            ColumnRole::OtherAmount => "other amount",
            ColumnRole::Price => "price",
            ColumnRole::Margin => "margin",
            ColumnRole::Refund => "refund",
            ColumnRole::Tax => "tax",
            ColumnRole::Discount => "discount",
            ColumnRole::Cost => "cost",
            ColumnRole::Expected => "expected",
            ColumnRole::Status => "status",
            ColumnRole::Answer => "answer",
            ColumnRole::OtherDate => "other date",
            ColumnRole::Other => "other",
        })
    }
}

impl Plan {
    /// The role of each column of a table.
    pub fn column_roles(&self, table: usize) -> Vec<ColumnRole> {
        let columns = self.tables[table].columns.iter().enumerate();
        columns.map(|(i, column)| self.chosen_role(table, i).unwrap_or_else(|| by_itself(column))).collect()
    }

    /// The role that the plan has chosen a column for.
    fn chosen_role(&self, table: usize, column: usize) -> Option<ColumnRole> {
        let subjects = &self.subjects;
        let place = ColumnRef { table, column };
        match &self.roles[table] {
            FileRole::Customers { key } if *key == column => return Some(ColumnRole::Key),
            FileRole::Events { customer, .. } if *customer == column => return Some(ColumnRole::Customer),
            FileRole::Events { date, .. } if *date == Some(column) => return Some(ColumnRole::Date),
            _ => {}
        }
        if subjects.orders == Some(table) {
            let is_amount = match subjects.amount {
                Some(Amount::Column(amount)) => amount == column,
                Some(Amount::Product { quantity, price }) => quantity == column || price == column,
                None => false,
            };
            if is_amount {
                return Some(ColumnRole::Amount);
            }
            if subjects.order_id == Some(column) {
                return Some(ColumnRole::OrderNumber);
            }
        }
        let answers = [subjects.satisfaction, subjects.recommend, subjects.effort];
        let judged = answers.iter().flatten().chain(&subjects.judgements).any(|answer| *answer == place);
        judged.then_some(ColumnRole::Answer)
    }
}

/// The role of a column by its header and values.
fn by_itself(column: &InferredColumn) -> ColumnRole {
    match MoneyKind::of(column) {
        Some(MoneyKind::Paid(_) | MoneyKind::Unknown) => ColumnRole::OtherAmount,
        Some(MoneyKind::Price) => ColumnRole::Price,
        Some(MoneyKind::Margin) => ColumnRole::Margin,
        Some(MoneyKind::Refund) => ColumnRole::Refund,
        Some(MoneyKind::Tax) => ColumnRole::Tax,
        Some(MoneyKind::Discount) => ColumnRole::Discount,
        Some(MoneyKind::Cost) => ColumnRole::Cost,
        Some(MoneyKind::Expected) => ColumnRole::Expected,
        None if column.is_date() => ColumnRole::OtherDate,
        None if column.ty == Type::Text && is_status(column) => ColumnRole::Status,
        None => ColumnRole::Other,
    }
}
