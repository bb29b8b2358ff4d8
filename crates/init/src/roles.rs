//! The roles of data files: which holds the customers, and which hold events of theirs.

use accolade_engine::Type;

use crate::customer_column::customer_columns;
use crate::header_words;
use crate::header_words::{is_id, mentions};
use crate::sketch::Sketch;
use crate::table::{InferredColumn, InferredTable};

/// The role of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRole {
    /// One row for each customer.
    Customers {
        /// The column that identifies the customer.
        key: usize,
    },
    /// Any number of rows for each customer.
    Events {
        /// The column that names the customer.
        customer: usize,
        /// The column that dates the event.
        date: Option<usize>,
    },
    /// Not used, and why.
    Unused(String),
}

/// The role of each file.
pub(crate) fn roles(tables: &[InferredTable]) -> Vec<FileRole> {
    let customers = customers(tables);
    let key = customers.map(|(table, key)| &tables[table].columns[key]);
    // Without a customers table the name of the customer column decides.
    let names: Vec<Option<usize>> = tables
        .iter()
        .map(|table| if table.rows > 0 { customer_columns(table).first().copied() } else { None })
        .collect();
    let role = |(index, table): (usize, &InferredTable)| {
        if let Some((_, key)) = customers.filter(|(i, _)| *i == index) {
            return FileRole::Customers { key };
        }
        if table.rows == 0 && customers.is_none() && tables.len() > 1 {
            return FileRole::Unused("it has no rows".to_owned());
        }
        event_role(table, key, names[index].or_else(|| (tables.len() == 1).then(|| most_repeated(table)).flatten()))
    };
    tables.iter().enumerate().map(role).collect()
}

/// The role of a table of events: its customers refer to `key`, or without one they are in the column `named`.
pub(crate) fn event_role(table: &InferredTable, key: Option<&InferredColumn>, named: Option<usize>) -> FileRole {
    let customer = match key {
        Some(key) => reference(table, key),
        None => named,
    };
    match customer {
        Some(customer) => FileRole::Events { customer, date: date_columns(table, customer).first().copied() },
        None => FileRole::Unused("no column of it names the customer".to_owned()),
    }
}

/// The customers table and its key.
fn customers(tables: &[InferredTable]) -> Option<(usize, usize)> {
    let mut best: Option<(u32, usize, usize)> = None;
    for (i, table) in tables.iter().enumerate() {
        let mut keys: Vec<usize> = (0..table.columns.len()).filter(|c| table.columns[*c].is_key()).collect();
        // Of columns with equal scores the first wins.
        keys.reverse();
        for key in keys {
            let score = key_score(tables, i, key);
            if score >= 4 && best.is_none_or(|(most, table, _)| score > most || (score == most && table == i)) {
                best = Some((score, i, key));
            }
        }
    }
    best.map(|(_, table, key)| (table, key))
}

/// How likely a column of unique values is the key of the customers; from 4 up it may be.
fn key_score(tables: &[InferredTable], index: usize, key: usize) -> u32 {
    let (table, column) = (&tables[index], &tables[index].columns[key]);
    let named = mentions(&column.header, header_words::CUSTOMER);
    let mut score = 0;
    score += u32::from(named) * 3;
    score += u32::from(is_id(&column.header));
    let people = names_people(&table.name);
    score += u32::from(people) * 3;
    score += u32::from(column.emails);
    let refers = |other: &InferredTable| reference(other, column).is_some();
    let others = tables.iter().enumerate().filter(|(i, other)| *i != index && refers(other)).count();
    // What another table refers to says more than a header.
    score += u32::from(others > 0) * 4;
    // A table of transactions has a date and a unique number too, which other tables may refer to.
    let dated = table.columns.iter().any(|column| column.is_date() && !column.nullable);
    if dated && !named && !people {
        return 0;
    }
    // A table with one order for each customer is still a table of orders.
    let amounts = table.columns.iter().any(|c| c.ty == Type::Money && mentions(&c.header, header_words::AMOUNT));
    if dated && amounts && others == 0 && !people {
        return 0;
    }
    if dated
        && table.columns.iter().any(|c| mentions(&c.header, header_words::ORDER) && is_id(&c.header))
        && others == 0
    {
        return 0;
    }
    score
}

/// Whether a table holds customers by its name.
fn names_people(name: &str) -> bool {
    mentions(name, header_words::CUSTOMER) || mentions(name, header_words::PEOPLE)
}

/// The column of `table` that refers to `key`.
fn reference(table: &InferredTable, key: &InferredColumn) -> Option<usize> {
    let score = |column: &InferredColumn| {
        let named = column.header.eq_ignore_ascii_case(&key.header);
        let alike = named || mentions(&column.header, header_words::CUSTOMER);
        let shared = share(&column.values, &key.values).max(share(column.folded(), key.folded()));
        let fits = matches!(column.ty, Type::Text | Type::Integer);
        (fits && (shared >= 0.5 || (alike && (shared > 0.0 || table.rows == 0))))
            .then_some(u64::from(named) * 400 + u64::from(alike) * 200 + (shared * 100.0) as u64)
    };
    let scored = table.columns.iter().enumerate().filter_map(|(i, column)| Some((score(column)?, i)));
    scored
        .filter(|(score, _)| *score >= 200 || distinct_enough(key))
        .max_by_key(|(score, i)| (*score, usize::MAX - i))
        .map(|(_, i)| i)
}

/// Whether shared values show a reference: few values, or numbers, are shared by chance.
fn distinct_enough(key: &InferredColumn) -> bool {
    key.ty == Type::Text && key.values.distinct() > 10
}

fn share(values: &Sketch, of: &Sketch) -> f64 {
    values.share_in(of)
}

/// The column of repeated texts with the most distinct values.
fn most_repeated(table: &InferredTable) -> Option<usize> {
    let candidates = table.columns.iter().enumerate().filter(|(_, column)| {
        column.ty == Type::Text && !column.nullable && !column.is_key() && column.values.distinct() > 1
    });
    candidates.max_by_key(|(i, column)| (column.values.distinct(), usize::MAX - i)).map(|(i, _)| i)
}

/// The columns that may date the events, the likeliest first: not the date of something later, without gaps, and not
/// only the day on which the row was made.
pub(crate) fn date_columns(table: &InferredTable, customer: usize) -> Vec<usize> {
    let dates = table.columns.iter().enumerate().filter(|(i, column)| *i != customer && column.is_date());
    let mut ranked: Vec<_> = dates
        .map(|(i, c)| {
            let (later, made) =
                (mentions(&c.header, header_words::LATER_DATE), mentions(&c.header, header_words::MADE_DATE));
            (later, c.nullable, made, i)
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., i)| i).collect()
}
