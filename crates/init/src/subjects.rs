//! The subjects of columns: amounts, answers, transactions.

use accolade_engine::Type;

use crate::roles::Role;
use crate::table::{Column, Table};
use crate::words;
use crate::words::{Words, place, says};

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the table.
    pub table: usize,
    /// The index of the column.
    pub column: usize,
}

/// The amount of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// The value of a column.
    Column(usize),
    /// A quantity times a price.
    Product {
        /// The number of pieces.
        quantity: usize,
        /// The price of one.
        price: usize,
    },
}

/// The columns and tables found for each subject.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// The table of transactions.
    pub orders: Option<usize>,
    /// The amount of a transaction.
    pub amount: Option<Amount>,
    /// The column with the margin of a transaction.
    pub margin: Option<usize>,
    /// The column with the number of a transaction, if one transaction can have several rows.
    pub order_id: Option<usize>,
    /// Satisfaction of customers.
    pub satisfaction: Option<Place>,
    /// Likelihood to recommend, from 0 to 10.
    pub recommend: Option<Place>,
    /// Customer effort, from 1 to 7.
    pub effort: Option<Place>,
    /// Other ratings of customers on a scale.
    pub judgements: Vec<Place>,
    /// The most a customer could spend.
    pub potential: Option<Place>,
}

/// Finds the subjects in the columns of files with these roles.
pub(crate) fn subjects(tables: &[Table], roles: &[Role]) -> Subjects {
    let orders = orders(tables, roles);
    let mut found = Subjects { orders, ..Subjects::default() };
    if let Some(index) = orders {
        of_orders(&tables[index], &roles[index], &mut found);
    }
    let used = |i: usize| !matches!(roles[i], Role::Unused(_));
    let places = |subject: Words, fits: fn(&Column) -> bool| {
        let all = tables.iter().enumerate().filter(|(i, _)| used(*i)).flat_map(move |(table, t)| {
            let says = move |(column, c): (usize, &Column)| {
                place(&c.header, subject).filter(|_| fits(c)).map(|rank| (rank, Place { table, column }))
            };
            t.columns.iter().enumerate().filter_map(says).collect::<Vec<_>>()
        });
        all.min_by_key(|(rank, _)| *rank).map(|(_, place)| place)
    };
    let scaled = |c: &Column| c.range.is_some();
    found.satisfaction = places(words::SATISFACTION, scaled);
    found.recommend = places(words::RECOMMEND, |c| c.range == Some((0, 10)));
    found.effort = places(words::EFFORT, |c| c.range == Some((1, 7)));
    if let Some((table, Role::Customers { key })) =
        roles.iter().enumerate().find(|(_, r)| matches!(r, Role::Customers { .. }))
    {
        let columns = tables[table].columns.iter().enumerate().filter(|(i, _)| i != key);
        let judgement = |c: &Column| scaled(c) && says(&c.header, words::JUDGEMENT);
        let judgements = columns.clone().filter(|(_, c)| judgement(c)).map(|(column, _)| Place { table, column });
        found.judgements = judgements.collect();
        let potential = columns.filter_map(|(i, c)| {
            (c.ty == Type::Money).then(|| place(&c.header, words::POTENTIAL)).flatten().map(|rank| (rank, i))
        });
        found.potential = potential.min().map(|(_, column)| Place { table, column });
    }
    found
}

/// The table of transactions: events with amounts; of several, dated ones and those with a likely name come first.
fn orders(tables: &[Table], roles: &[Role]) -> Option<usize> {
    let candidates = (0..tables.len()).filter(|i| matches!(roles[*i], Role::Events { .. }));
    let rank = |index: usize| {
        let table = &tables[index];
        let named = place(&table.name, words::SALES).unwrap_or(words::SALES.len());
        let dated = matches!(roles[index], Role::Events { date: Some(_), .. });
        let amount = amount(table, &roles[index]).map(|(_, rank)| rank);
        amount.map(|rank| (!dated, named, rank, index))
    };
    candidates.filter_map(rank).min().map(|(.., index)| index)
}

fn of_orders(table: &Table, role: &Role, found: &mut Subjects) {
    let Role::Events { customer, .. } = role else { return };
    found.amount = amount(table, role).map(|(amount, _)| amount);
    let money = |c: &Column| c.ty == Type::Money;
    found.margin = first(table, words::MARGIN, money);
    found.order_id = table.columns.iter().enumerate().position(|(i, c)| {
        let number = matches!(c.ty, Type::Text | Type::Integer) && !c.nullable && says(&c.header, words::ORDER);
        i != *customer && number && !c.is_date() && says(&c.header, words::ID) && !c.values.is_unique()
    });
}

/// The amount of a transaction, and the rank of the guess; a lower rank is more certain.
fn amount(table: &Table, role: &Role) -> Option<(Amount, usize)> {
    let Role::Events { customer, .. } = role else { return None };
    let subjects = [words::MARGIN, words::OTHER_MONEY, words::PRICE];
    let plain = |c: &Column| c.ty == Type::Money && !subjects.iter().any(|subject| says(&c.header, subject));
    let named = table.columns.iter().enumerate().filter(|(_, c)| plain(c));
    let named = named.filter_map(|(i, c)| place(&c.header, words::AMOUNT).map(|rank| (rank, i))).min();
    if let Some((rank, i)) = named {
        return Some((Amount::Column(i), rank));
    }
    let quantity = first(table, words::QUANTITY, |c| matches!(c.ty, Type::Integer | Type::Number));
    let price = first(table, words::PRICE, |c| c.ty == Type::Money);
    if let (Some(quantity), Some(price)) = (quantity, price) {
        return Some((Amount::Product { quantity, price }, 50));
    }
    let last_resort =
        |c: &Column| c.ty == Type::Money && !says(&c.header, words::MARGIN) && !says(&c.header, words::OTHER_MONEY);
    let any = table.columns.iter().enumerate().position(|(i, c)| i != *customer && last_resort(c));
    any.map(|i| (Amount::Column(i), 100))
}

/// The fitting column whose name matches the likeliest word of the subject.
fn first(table: &Table, subject: Words, fits: impl Fn(&Column) -> bool) -> Option<usize> {
    let ranked = table.columns.iter().enumerate().filter(|(_, c)| fits(c));
    ranked.filter_map(|(i, c)| place(&c.header, subject).map(|rank| (rank, i))).min().map(|(_, i)| i)
}
