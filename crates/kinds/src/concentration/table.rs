//! The summary of a concentration: the shares of the largest customers, and measures over all of them.

use accolade_core::model::Value;
use accolade_core::numbers::concentration;
use accolade_parser::expr;
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_rules::analysis::Analyser;
use accolade_rules::present::{Cell, SummaryTable};
use accolade_rules::thresholds::ranking::Ranking;
use num_rational::BigRational;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A number or share of the customers, the largest ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TopCustomers {
    /// The name in the summary, such as `top 20%`.
    pub(super) text: String,
    size: TopSize,
}

#[derive(Clone, Debug, PartialEq)]
enum TopSize {
    Customers(usize),
    Share(BigRational),
}

/// The percentages of customers that are always shown.
const SHARES: [u8; 6] = [1, 5, 10, 20, 50, 100];

impl TopCustomers {
    fn percent(percent: u8) -> TopCustomers {
        TopCustomers {
            text: format!("top {percent}%"),
            size: TopSize::Share(BigRational::new(percent.into(), 100.into())),
        }
    }

    /// The number of these customers among `n`.
    fn of(&self, n: usize) -> usize {
        match &self.size {
            TopSize::Customers(count) => (*count).min(n),
            TopSize::Share(share) => concentration::top_count(n, share),
        }
    }
}

/// Reads `top:`, a list of numbers and percentages of customers.
pub(super) fn parse_top(node: &Node, analyser: &mut Analyser) -> Option<Vec<TopCustomers>> {
    let items = &fields::sequence(node, analyser.out)?.items;
    let all: Vec<Option<TopCustomers>> = items.iter().map(|item| parse_top_item(item, analyser)).collect();
    all.into_iter().collect()
}

fn parse_top_item(node: &Node, analyser: &mut Analyser) -> Option<TopCustomers> {
    let scalar = fields::text(node, analyser.out)?;
    let number = expr::number(scalar, analyser.out)?;
    let text = format!("top {}", scalar.text.trim());
    if scalar.text.trim_end().ends_with('%') {
        if Decimal::ZERO < number.value && number.value <= Decimal::ONE {
            let unit = 10i128.checked_pow(number.value.scale())?;
            return Some(TopCustomers {
                text,
                size: TopSize::Share(BigRational::new(number.value.mantissa().into(), unit.into())),
            });
        }
        analyser.out_of_range(
            number.span,
            "a share of the customers is above 0% and at most 100%",
            "write it as `20%`",
        );
        return None;
    }
    let count = number.value.fract().is_zero().then(|| number.value.to_usize()).flatten().filter(|count| *count > 0);
    if count.is_none() {
        analyser.out_of_range(number.span, "a number of customers is whole and above zero", "write `10`, or `20%`");
    }
    Some(TopCustomers { text, size: TopSize::Customers(count?) })
}

/// The amount and share of the largest customers, fewest first.
pub(super) fn pareto(rule: &str, metric: &str, ranked: &Ranking, asked: &[TopCustomers]) -> SummaryTable {
    let amounts = ranked.amounts();
    let mut tops: Vec<TopCustomers> = SHARES.map(TopCustomers::percent).to_vec();
    tops.extend(
        asked.iter().filter(|top| tops.iter().all(|usual| usual.size != top.size)).cloned().collect::<Vec<_>>(),
    );
    tops.sort_by_key(|top| top.of(amounts.len()));
    let rows = tops.iter().map(|top| {
        let count = top.of(amounts.len());
        let amount: i128 = amounts.iter().take(count).sum();
        let share = concentration::top_share(&amounts, count).and_then(|share| concentration::float(&share));
        vec![
            Cell::Text(top.text.clone()),
            Cell::Count(u64::try_from(count).unwrap_or(u64::MAX)),
            Cell::Value(ranked.value(amount)),
            Cell::Share(share.unwrap_or(0.0)),
        ]
    });
    let columns = ["largest", "customers", metric, "share"].map(str::to_owned).to_vec();
    SummaryTable { title: format!("{rule}: the largest customers"), columns, rows: rows.collect() }
}

/// Measures of all customers with a positive metric.
pub(super) fn figures(rule: &str, ranked: &Ranking) -> SummaryTable {
    let amounts = ranked.amounts();
    let number = |value: Option<f64>| Cell::Value(value.map_or(Value::Null, Value::Number));
    let float = |fraction: Option<BigRational>| fraction.and_then(|f| concentration::float(&f));
    let hhi = concentration::hhi(&amounts);
    let points = float(hhi.clone()).map(|hhi| Value::Integer((hhi * 10_000.0).round() as i64));
    let figures = [
        ("customers", Cell::Count(u64::try_from(amounts.len()).unwrap_or(u64::MAX))),
        ("gini", number(float(concentration::gini(&amounts)))),
        ("gini, unbiased", number(float(concentration::gini_unbiased(&amounts)))),
        ("hhi", number(float(hhi.clone()))),
        ("hhi in points of 10,000", Cell::Value(points.unwrap_or(Value::Null))),
        ("as many equal customers", number(float(hhi.map(|hhi| hhi.recip())))),
        ("rosenbluth", number(float(concentration::rosenbluth(&amounts)))),
    ];
    let rows = figures.into_iter().map(|(name, cell)| vec![Cell::Text(name.to_owned()), cell]);
    let columns = ["figure", "value"].map(str::to_owned).to_vec();
    SummaryTable { title: format!("{rule}: concentration"), columns, rows: rows.collect() }
}
