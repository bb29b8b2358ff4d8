//! The subjects of columns: amounts, answers, transactions.

use accolade_engine::Type;

use crate::amount_columns::amount_columns;
use crate::groups::Groups;
use crate::header_words;
use crate::header_words::{WordList, is_id, match_rank, mentions};
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
    let FileRole::Events { customer, date } = role else { return };
    found.order_id = order_number(table, *customer, *date);
    found.amount = amount(table, role).map(|(amount, _)| amount);
    let others = amount_columns(table, order_lines(table, role));
    let mut others = others.iter().filter(|other| other.score >= 0).map(|other| other.column);
    found.other_amount = others.find(|column| found.amount != Some(Amount::Column(*column)));
    let money = |c: &InferredColumn| c.ty == Type::Money;
    found.margin = first(table, header_words::MARGIN, money);
}

/// The column with the number of a transaction that has several rows: it decides the customer and the date, and its
/// header says so or the rows share what only the first of them has.
fn order_number(table: &InferredTable, customer: usize, date: Option<usize>) -> Option<usize> {
    let named = |i: usize| mentions(&table.columns[i].header, header_words::ORDER);
    let numbered = |i: usize| named(i) && is_id(&table.columns[i].header);
    let of_orders = |groups: &&Groups| {
        let column = &table.columns[groups.by];
        let once = (0..table.columns.len()).filter(|i| groups.has_once(*i)).count();
        groups.by != customer
            && !column.emails
            && groups.decides(customer)
            && date.is_none_or(|date| groups.decides(date))
            && (numbered(groups.by)
                || (once >= 3 && column.values.distinct() > table.columns[customer].values.distinct()))
    };
    let grouped = table.groups.iter().filter(of_orders).map(|groups| groups.by);
    // Columns with too few values to be looked at in groups have their header alone.
    let unknown = |i: usize| !table.groups.iter().any(|groups| groups.by == i);
    let by_header = (0..table.columns.len()).filter(|i| {
        let column = &table.columns[*i];
        *i != customer
            && numbered(*i)
            && unknown(*i)
            && column.can_name()
            && !column.nullable
            && !column.values.is_unique()
    });
    grouped.chain(by_header).min_by_key(|i| (!numbered(*i), !named(*i), *i))
}

/// What the lines of an order share, if the rows of a table are such lines.
pub(crate) fn order_lines<'a>(table: &'a InferredTable, role: &FileRole) -> Option<&'a Groups> {
    let FileRole::Events { customer, date } = role else { return None };
    let number = order_number(table, *customer, *date)?;
    table.groups.iter().find(|groups| groups.by == number)
}

/// The amount of a transaction, and the rank of the guess; a lower rank is more certain.
fn amount(table: &InferredTable, role: &FileRole) -> Option<(Amount, i64)> {
    let FileRole::Events { .. } = role else { return None };
    let amounts = amount_columns(table, order_lines(table, role));
    let best = amounts.first();
    if let Some(best) = best.filter(|best| best.score > 0) {
        return Some((Amount::Column(best.column), -best.score));
    }
    let quantity = first(table, header_words::QUANTITY, |c| matches!(c.ty, Type::Integer | Type::Number));
    let price = first(table, header_words::PRICE, |c| c.ty == Type::Money);
    if let (Some(quantity), Some(price)) = (quantity, price) {
        return Some((Amount::Product { quantity, price }, 50));
    }
    let price = price.map(|column| (Amount::Column(column), 100));
    best.map(|best| (Amount::Column(best.column), 100)).or(price)
}

/// The fitting column whose name matches the likeliest word of the subject.
fn first(table: &InferredTable, subject: WordList, fits: impl Fn(&InferredColumn) -> bool) -> Option<usize> {
    let ranked = table.columns.iter().enumerate().filter(|(_, c)| fits(c));
    ranked.filter_map(|(i, c)| match_rank(&c.header, subject).map(|rank| (rank, i))).min().map(|(_, i)| i)
}
