//! Generates data: the shipped samples and the bulk tables of the comparison. The same seed gives the same bytes.
#![allow(clippy::print_stderr)]

mod bulk;
mod calendar;
mod money;
mod permutation;
mod rng;
mod sample;

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The result of every fallible step.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Generates the sample data of the shipped rule sets and the bulk data of the comparison.
#[derive(Parser)]
#[command(name = "accolade-bench")]
struct Arguments {
    /// What to generate.
    #[command(subcommand)]
    command: Command,
}

/// What can be made.
#[derive(Subcommand)]
enum Command {
    /// Write the tables of a shipped rule set.
    Sample {
        /// Which rule set.
        set: sample::SampleSet,
        /// The folder to write to; created if absent.
        dir: PathBuf,
    },
    /// Write large customers and orders tables.
    Bulk {
        /// How many customers.
        #[arg(long, default_value_t = 1_000_000)]
        customers: u32,
        /// How many orders.
        #[arg(long, default_value_t = 10_000_000)]
        orders: u64,
        /// The file format.
        #[arg(long, default_value = "csv")]
        format: bulk::BulkFormat,
        /// The folder to write to; created if absent.
        dir: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Sample { set, dir } => {
            std::fs::create_dir_all(&dir)?;
            sample::write(set, &dir)?;
            eprintln!("sample data written to {}", dir.display());
        }
        Command::Bulk { customers, orders, format, dir } => {
            std::fs::create_dir_all(&dir)?;
            bulk::write(bulk::BulkSize { customers, orders }, format, &dir)?;
            eprintln!("{customers} customers and {orders} orders written to {}", dir.display());
        }
    }
    Ok(())
}
