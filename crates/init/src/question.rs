//! What is in doubt about a plan, as questions with the guess as the answer.

use crate::amount_columns::amount_columns;
use crate::customer_column::customer_columns;
use crate::header_words;
use crate::header_words::mentions;
use crate::plan::Plan;
use crate::roles::{FileRole, date_columns};
use crate::subjects::{Amount, order_lines};

/// A guess that may be wrong; columns are indices in the table, the likeliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What the customer pays, of these columns.
    Amount {
        /// The table of transactions.
        table: usize,
        /// The columns that may hold it.
        columns: Vec<usize>,
    },
    /// What a file is.
    File {
        /// The table.
        table: usize,
    },
    /// Which column names the customer.
    Customer {
        /// The table.
        table: usize,
        /// The columns that may.
        columns: Vec<usize>,
    },
    /// Which column dates the event.
    Date {
        /// The table.
        table: usize,
        /// The columns that may.
        columns: Vec<usize>,
    },
    /// The date to rate at.
    AsOf {
        /// Why it is in doubt.
        reason: String,
    },
}

impl Plan {
    /// What is in doubt, the amount first.
    pub fn questions(&self) -> Vec<Question> {
        let mut found: Vec<Question> = self.amount_in_doubt().into_iter().collect();
        for (index, role) in self.roles.iter().enumerate() {
            match role {
                FileRole::Unused(_) if self.tables[index].rows > 0 => found.push(Question::File { table: index }),
                FileRole::Events { customer, date } => {
                    found.extend(self.customer_in_doubt(index, *customer));
                    found.extend(date.and_then(|_| self.date_in_doubt(index, *customer)));
                }
                _ => {}
            }
        }
        let not_there = || (!self.as_of_from_data).then(|| "no file says when its rows happened".to_owned());
        found.extend(self.as_of_doubt().or_else(not_there).map(|reason| Question::AsOf { reason }));
        found
    }

    fn amount_in_doubt(&self) -> Option<Question> {
        let table = self.subjects.orders?;
        let Some(Amount::Column(chosen)) = self.subjects.amount else { return None };
        let lines = order_lines(&self.tables[table], &self.roles[table]);
        let likely = amount_columns(&self.tables[table], lines);
        let others = likely.iter().filter(|amount| amount.score > 0 && amount.column != chosen);
        let columns: Vec<usize> = std::iter::once(chosen).chain(others.map(|amount| amount.column)).collect();
        (columns.len() > 1).then_some(Question::Amount { table, columns })
    }

    /// Without a table of customers that its column refers to, another column may name the customer; one that no header
    /// names was chosen by its values alone.
    fn customer_in_doubt(&self, table: usize, chosen: usize) -> Option<Question> {
        if self.customers().is_some() {
            return None;
        }
        let of = &self.tables[table];
        let likely = customer_columns(of);
        let named = likely.contains(&chosen);
        let by_values = (0..of.columns.len()).filter(|i| !named && of.columns[*i].can_name());
        let others = likely.into_iter().chain(by_values).filter(|i| *i != chosen);
        let columns: Vec<usize> = std::iter::once(chosen).chain(others).collect();
        (columns.len() > 1).then_some(Question::Customer { table, columns })
    }

    /// The date of something later is no rival.
    fn date_in_doubt(&self, table: usize, customer: usize) -> Option<Question> {
        let of = &self.tables[table];
        let later = |i: usize| mentions(&of.columns[i].header, header_words::LATER_DATE);
        let likely = date_columns(of, customer);
        let first = likely.first().copied()?;
        let columns: Vec<usize> = likely.into_iter().filter(|i| later(*i) == later(first)).collect();
        (columns.len() > 1).then_some(Question::Date { table, columns })
    }
}
