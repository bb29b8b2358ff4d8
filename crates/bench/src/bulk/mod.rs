//! Large customers and orders tables, written as they are drawn.

mod csv;
mod customers;
mod habits;
mod orders;
mod parquet;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use clap::ValueEnum;

use crate::Result;
pub use customers::CustomerRow;
pub use habits::BuyingHabits;
pub use orders::OrderRow;

/// The number of rows to write.
#[derive(Clone, Copy)]
pub struct BulkSize {
    /// Number of customers.
    pub customers: u32,
    /// Number of orders.
    pub orders: u64,
}

/// The format of the files.
#[derive(Clone, Copy, ValueEnum)]
pub enum BulkFormat {
    /// Comma-separated text.
    Csv,
    /// Parquet: snappy, row groups of a million rows, money as decimal(18,2).
    Parquet,
}

/// Writes `customers` and `orders` to `dir`.
pub fn write(size: BulkSize, format: BulkFormat, dir: &Path) -> Result<()> {
    let population = BuyingHabits::draw(size)?;
    let customers = customers::draw(&population);
    let orders = orders::draw(&population);
    let create = |name: &str| Ok::<_, std::io::Error>(BufWriter::with_capacity(1 << 20, File::create(dir.join(name))?));
    match format {
        BulkFormat::Csv => {
            csv::customers(create("customers.csv")?, customers)?;
            csv::orders(create("orders.csv")?, orders)
        }
        BulkFormat::Parquet => {
            parquet::customers(create("customers.parquet")?, customers)?;
            parquet::orders(create("orders.parquet")?, orders)
        }
    }
}

/// The customer key of customer `index`.
pub fn key(index: u32) -> String {
    format!("C{:07}", index + 1)
}
