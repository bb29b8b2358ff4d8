//! Tests of the bulk tables at a small size.

use std::collections::HashMap;

use super::*;
use crate::calendar::{DAYS, FIRST_DAY};

const SIZE: BulkSize = BulkSize { customers: 5_000, orders: 50_000 };

fn all() -> Result<(Vec<CustomerRow>, Vec<OrderRow>)> {
    let population = BuyingHabits::draw(SIZE)?;
    Ok((customers::draw(&population).collect(), orders::draw(&population).collect()))
}

fn files(format: BulkFormat) -> Result<Vec<u8>> {
    let population = BuyingHabits::draw(SIZE)?;
    let mut bytes = Vec::new();
    let mut orders_bytes = Vec::new();
    match format {
        BulkFormat::Csv => {
            csv::customers(&mut bytes, customers::draw(&population))?;
            csv::orders(&mut orders_bytes, orders::draw(&population))?;
        }
        BulkFormat::Parquet => {
            parquet::customers(&mut bytes, customers::draw(&population))?;
            parquet::orders(&mut orders_bytes, orders::draw(&population))?;
        }
    }
    bytes.append(&mut orders_bytes);
    Ok(bytes)
}

#[test]
fn the_same_bytes_every_time() -> Result<()> {
    assert!(files(BulkFormat::Csv)? == files(BulkFormat::Csv)?);
    assert!(files(BulkFormat::Parquet)? == files(BulkFormat::Parquet)?);
    Ok(())
}

#[test]
fn the_text_of_the_first_rows_is_fixed() -> Result<()> {
    let text = String::from_utf8(files(BulkFormat::Csv)?)?;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        &lines[..2],
        ["customer_id,city,sector,satisfaction,cooperation,potential_revenue", "C0000001,Utrecht,retail,3,4,3886.01"]
    );
    assert_eq!(
        &lines[5_001..5_003],
        ["order_id,customer_id,order_date,amount,margin", "1,C0001228,2023-01-01,356.38,65.00"]
    );
    Ok(())
}

#[test]
fn a_fifth_of_the_customers_has_about_four_fifths_of_the_revenue() -> Result<()> {
    let (customers, orders) = all()?;
    let mut revenue = vec![0; customers.len()];
    orders.iter().for_each(|order| revenue[order.customer as usize] += order.amount.0);
    revenue.sort_unstable_by(|a, b| b.cmp(a));
    let top: i64 = revenue[..customers.len() / 5].iter().sum();
    let share = top as f64 / revenue.iter().sum::<i64>() as f64;
    assert!((0.77..0.83).contains(&share), "{share}");
    Ok(())
}

#[test]
fn eight_percent_has_no_orders_and_the_rest_has() -> Result<()> {
    let (customers, orders) = all()?;
    let mut counts: HashMap<u32, u32> = HashMap::new();
    orders.iter().for_each(|order| *counts.entry(order.customer).or_default() += 1);
    assert_eq!((customers.len(), orders.len(), counts.len()), (5_000, 50_000, 4_600));
    Ok(())
}

#[test]
fn two_percent_is_returned() -> Result<()> {
    let (_, orders) = all()?;
    let returns = orders.iter().filter(|order| order.amount.0 < 0).count();
    assert!((900..1_100).contains(&returns), "{returns}");
    assert!(orders.iter().all(|order| order.amount.0 != 0));
    Ok(())
}

#[test]
fn orders_run_over_three_years_by_date() -> Result<()> {
    let (_, orders) = all()?;
    assert!(orders.is_sorted_by_key(|order| order.day));
    let ends = (orders.first().map(|o| o.day), orders.last().map(|o| o.day));
    assert_eq!(ends, (Some(FIRST_DAY), Some(FIRST_DAY + DAYS as i32 - 1)));
    Ok(())
}

#[test]
fn fewer_orders_than_buyers_is_refused() {
    assert!(BuyingHabits::draw(BulkSize { customers: 100, orders: 91 }).is_err());
}
