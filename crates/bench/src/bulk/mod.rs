//! Large customers and orders tables, written as they are drawn.

mod csv;
mod customers;
mod orders;
mod parquet;
mod population;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use clap::ValueEnum;

use crate::Result;
pub use customers::Customer;
pub use orders::Order;
pub use population::Population;

/// The number of rows to write.
#[derive(Clone, Copy)]
pub struct Size {
    /// Number of customers.
    pub customers: u32,
    /// Number of orders.
    pub orders: u64,
}

/// The format of the files.
#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// Comma-separated text.
    Csv,
    /// Parquet: snappy, row groups of a million rows, money as decimal(18,2).
    Parquet,
}

/// Writes `customers` and `orders` to `dir`.
pub fn write(size: Size, format: Format, dir: &Path) -> Result<()> {
    let population = Population::draw(size)?;
    let customers = customers::draw(&population);
    let orders = orders::draw(&population);
    let create = |name: &str| Ok::<_, std::io::Error>(BufWriter::with_capacity(1 << 20, File::create(dir.join(name))?));
    match format {
        Format::Csv => {
            csv::customers(create("customers.csv")?, customers)?;
            csv::orders(create("orders.csv")?, orders)
        }
        Format::Parquet => {
            parquet::customers(create("customers.parquet")?, customers)?;
            parquet::orders(create("orders.parquet")?, orders)
        }
    }
}

/// The customer key of customer `index`.
pub fn key(index: u32) -> String {
    format!("C{:07}", index + 1)
}
