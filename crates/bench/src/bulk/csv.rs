//! Bulk tables as comma-separated text.

use std::io::Write;

use super::{CustomerRow, OrderRow, key};
use crate::Result;
use crate::calendar::{DAYS, FIRST_DAY, iso};

/// Writes the customers table.
pub fn customers(mut out: impl Write, rows: impl Iterator<Item = CustomerRow>) -> Result<()> {
    writeln!(out, "customer_id,city,sector,satisfaction,cooperation,potential_revenue")?;
    for row in rows {
        let satisfaction = row.satisfaction.map(|n| n.to_string()).unwrap_or_default();
        let (key, city, sector) = (key(row.index), row.city, row.sector);
        writeln!(out, "{key},{city},{sector},{satisfaction},{},{}", row.cooperation, row.potential_revenue)?;
    }
    Ok(out.flush()?)
}

/// Writes the orders table.
pub fn orders(mut out: impl Write, rows: impl Iterator<Item = OrderRow>) -> Result<()> {
    let dates: Vec<String> = (0..DAYS as i32).map(|day| iso(FIRST_DAY + day)).collect();
    writeln!(out, "order_id,customer_id,order_date,amount,margin")?;
    for row in rows {
        let date = &dates[(row.day - FIRST_DAY) as usize];
        writeln!(out, "{},{},{date},{},{}", row.id, key(row.customer), row.amount, row.margin)?;
    }
    Ok(out.flush()?)
}
