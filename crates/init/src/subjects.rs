//! The subjects of columns: amounts, answers, transactions.

use accolade_engine::Type;

use crate::header_words;
use crate::header_words::{WordList, match_rank, mentions};
use crate::roles::FileRole;
use crate::table::{InferredColumn, InferredTable};

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnRef {
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
    /// The next likeliest column for the amount.
    pub other_amount: Option<usize>,
    /// The column with the margin of a transaction.
    pub margin: Option<usize>,
    /// The column with the number of a transaction, if one transaction can have several rows.
    pub order_id: Option<usize>,
    /// Satisfaction of customers.
    pub satisfaction: Option<ColumnRef>,
    /// Likelihood to recommend, from 0 to 10.
    pub recommend: Option<ColumnRef>,
    /// Customer effort, from 1 to 7.
    pub effort: Option<ColumnRef>,
    /// Other ratings of customers on a scale.
    pub judgements: Vec<ColumnRef>,
    /// The most a customer could spend.
    pub potential: Option<ColumnRef>,
}

/// Finds the subjects in the columns of files with these roles.
pub(crate) fn subjects(tables: &[InferredTable], roles: &[FileRole]) -> Subjects {
    let orders = orders(tables, roles);
    let mut found = Subjects { orders, ..Subjects::default() };
    if let Some(index) = orders {
        find_order_columns(&tables[index], &roles[index], &mut found);
    }
    let used = |i: usize| !matches!(roles[i], FileRole::Unused(_));
    let places = |subject: WordList, fits: fn(&InferredColumn) -> bool| {
        let all = tables.iter().enumerate().filter(|(i, _)| used(*i)).flat_map(move |(table, t)| {
            let says = move |(column, c): (usize, &InferredColumn)| {
                match_rank(&c.header, subject).filter(|_| fits(c)).map(|rank| (rank, ColumnRef { table, column }))
            };
            t.columns.iter().enumerate().filter_map(says).collect::<Vec<_>>()
        });
        all.min_by_key(|(rank, _)| *rank).map(|(_, place)| place)
    };
    let scaled = |c: &InferredColumn| c.range.is_some();
    found.satisfaction = places(header_words::SATISFACTION, scaled);
    found.recommend = places(header_words::RECOMMEND, |c| c.range == Some((0, 10)));
    found.effort = places(header_words::EFFORT, |c| c.range == Some((1, 7)));
    if let Some((table, FileRole::Customers { key })) =
        roles.iter().enumerate().find(|(_, r)| matches!(r, FileRole::Customers { .. }))
    {
        let columns = tables[table].columns.iter().enumerate().filter(|(i, _)| i != key);
        let judgement = |c: &InferredColumn| scaled(c) && mentions(&c.header, header_words::JUDGEMENT);
        let judgements = columns.clone().filter(|(_, c)| judgement(c)).map(|(column, _)| ColumnRef { table, column });
        found.judgements = judgements.collect();
        let potential = columns.filter_map(|(i, c)| {
            (c.ty == Type::Money)
                .then(|| match_rank(&c.header, header_words::POTENTIAL))
                .flatten()
                .map(|rank| (rank, i))
        });
        found.potential = potential.min().map(|(_, column)| ColumnRef { table, column });
    }
    found
}

/// The table of transactions: events with amounts; of several, dated ones and those with a likely name come first.
fn orders(tables: &[InferredTable], roles: &[FileRole]) -> Option<usize> {
    let candidates = (0..tables.len()).filter(|i| matches!(roles[*i], FileRole::Events { .. }));
    let rank = |index: usize| {
        let table = &tables[index];
        let named = match_rank(&table.name, header_words::SALES).unwrap_or(header_words::SALES.len());
        let dated = matches!(roles[index], FileRole::Events { date: Some(_), .. });
        let amount = amount(table, &roles[index]).map(|(_, rank)| rank);
        amount.map(|rank| (!dated, named, rank, index))
    };
    candidates.filter_map(rank).min().map(|(.., index)| index)
}

fn find_order_columns(table: &InferredTable, role: &FileRole, found: &mut Subjects) {
    let FileRole::Events { customer, .. } = role else { return };
    found.amount = amount(table, role).map(|(amount, _)| amount);
    let mut others = amounts(table).into_iter().map(|(_, column)| column);
    found.other_amount = others.find(|column| found.amount != Some(Amount::Column(*column)));
    let money = |c: &InferredColumn| c.ty == Type::Money;
    found.margin = first(table, header_words::MARGIN, money);
    found.order_id = table.columns.iter().enumerate().position(|(i, c)| {
        let number =
            matches!(c.ty, Type::Text | Type::Integer) && !c.nullable && mentions(&c.header, header_words::ORDER);
        i != *customer && number && !c.is_date() && mentions(&c.header, header_words::ID) && !c.values.is_unique()
    });
}

/// The columns that may hold the amount of a transaction by their names, each after its rank, the likeliest first.
fn amounts(table: &InferredTable) -> Vec<(usize, usize)> {
    let plain = |c: &InferredColumn| {
        let with_tax = mentions(&c.header, header_words::WITH_OR_WITHOUT);
        let is_tax = !with_tax && mentions(&c.header, header_words::TAX);
        let subjects = [header_words::MARGIN, header_words::REFUND, header_words::PRICE, header_words::OTHER_MONEY];
        c.ty == Type::Money && !is_tax && !subjects.iter().any(|subject| mentions(&c.header, subject))
    };
    let named = table.columns.iter().enumerate().filter(|(_, c)| plain(c));
    let mut ranked: Vec<(usize, usize)> =
        named.filter_map(|(i, c)| match_rank(&c.header, header_words::AMOUNT).map(|rank| (rank, i))).collect();
    ranked.sort_unstable();
    ranked
}

/// The amount of a transaction, and the rank of the guess; a lower rank is more certain.
fn amount(table: &InferredTable, role: &FileRole) -> Option<(Amount, usize)> {
    let FileRole::Events { customer, .. } = role else { return None };
    if let Some((rank, i)) = amounts(table).first() {
        return Some((Amount::Column(*i), *rank));
    }
    let quantity = first(table, header_words::QUANTITY, |c| matches!(c.ty, Type::Integer | Type::Number));
    let price = first(table, header_words::PRICE, |c| c.ty == Type::Money);
    if let (Some(quantity), Some(price)) = (quantity, price) {
        return Some((Amount::Product { quantity, price }, 50));
    }
    let last_resort = |c: &InferredColumn| {
        c.ty == Type::Money
            && !mentions(&c.header, header_words::MARGIN)
            && !mentions(&c.header, header_words::OTHER_MONEY)
            && !mentions(&c.header, header_words::TAX)
            && !mentions(&c.header, header_words::REFUND)
    };
    let any = table.columns.iter().enumerate().position(|(i, c)| i != *customer && last_resort(c));
    any.map(|i| (Amount::Column(i), 100))
}

/// The fitting column whose name matches the likeliest word of the subject.
fn first(table: &InferredTable, subject: WordList, fits: impl Fn(&InferredColumn) -> bool) -> Option<usize> {
    let ranked = table.columns.iter().enumerate().filter(|(_, c)| fits(c));
    ranked.filter_map(|(i, c)| match_rank(&c.header, subject).map(|rank| (rank, i))).min().map(|(_, i)| i)
}
