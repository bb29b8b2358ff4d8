//! The commands that rate customers, or prepare for it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DataArgs, OutputFormat};

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the results here: .csv, .parquet, .ndjson, .json, .xlsx, a table such as `crm.sqlite#rated` or
    /// `postgres://user@host/db#rated`; `-` writes CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Keep the results of earlier dates: the output is a table, or a folder of Parquet files such as `history/`, in
    /// which the results of this date replace those of the same date, and `as_of` is the date
    #[arg(long, requires = "output")]
    pub(crate) append: bool,
    /// Write an apostrophe before text in CSV that a spreadsheet would take for a formula
    #[arg(long, requires = "output")]
    pub(crate) guard_formulas: bool,
    /// Show only this part of the summary: a rule, measure or programme, `measures`, `goals` or `top`; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "output")]
    pub(crate) show: Vec<String>,
    /// Exit with 3 unless every goal is met; the results are written all the same
    #[arg(long)]
    pub(crate) enforce: bool,
    /// Add a column `RULE.why` for each rule to the results
    #[arg(long)]
    pub(crate) why: bool,
    /// Read and group files on the executors of this scheduler; the results are the same
    #[arg(long, value_name = "df://HOST:PORT", conflicts_with = "trace_scripts")]
    pub(crate) cluster: Option<String>,
    /// A folder that all machines of the cluster share; with it, executors also rate rules with scripts
    #[arg(long, value_name = "FOLDER", requires = "cluster")]
    pub(crate) shared: Option<PathBuf>,
    /// Output format of the summary and of diagnostics
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Write the cut-offs here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format of diagnostics
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The database it is for
    #[arg(long, value_enum)]
    pub(crate) dialect: SqlDialect,
    /// Write these cut-offs into it, instead of those computed from the data here
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// The table of a source that is not named like it, such as `orders=sales.orders`; may be repeated
    #[arg(long = "table", value_name = "SOURCE=TABLE")]
    pub(crate) tables: Vec<String>,
    /// Create a view of this name from the statement
    #[arg(long, value_name = "NAME")]
    pub(crate) create_view: Option<String>,
    /// Leave out rules that cannot be written as SQL, and what reads them, with a warning
    #[arg(long)]
    pub(crate) skip_unsupported: bool,
    /// Write the statement here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format of diagnostics
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// The database that SQL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlDialect {
    /// DuckDB
    Duckdb,
    /// PostgreSQL
    Postgres,
    /// Spark, and Databricks
    Spark,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// The cut-offs to rate with
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) cutoffs: PathBuf,
    /// The date to rate at, instead of the rule file's; `today` is the day of each request, in UTC
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Only this rule and what it reads, so that a record needs fewer fields; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// Where to listen; port 0 is any that is free. An address that others can reach needs a token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The file with the token that every request must send; the variable ACCOLADE_TOKEN if absent
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A name or address, besides this machine's, that requests without a token may be sent to; may be repeated
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) allow_host: Vec<String>,
    /// The most connections at the same time; more wait
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_connections: u32,
    /// The most bytes of a request's body
    #[arg(long, value_name = "BYTES", default_value_t = 1_048_576)]
    pub(crate) max_body: usize,
    /// The most requests at the same time; more are refused with 503
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = above_zero)]
    pub(crate) max_concurrency: usize,
    /// The most records of a batch
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) max_batch: usize,
    /// Seconds a request may take to arrive, and then to be answered; a connection idle for as long is closed
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Seconds that running requests may take once the service is stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
    /// Seconds between checks for changed files, which are reloaded; with 0 only the signal HUP reloads them
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    pub(crate) look_every: u64,
}

/// The name or address of a host, without a scheme and a port.
fn host(text: &str) -> Result<String, String> {
    let address = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    match address.parse::<std::net::IpAddr>() {
        Ok(_) => Ok(address.to_owned()),
        Err(_) if !text.is_empty() && is_name(text) => Ok(text.to_owned()),
        Err(_) => Err("write a name or an address without a port, such as `crm.example`".to_owned()),
    }
}

/// A number above zero.
fn above_zero(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|n| (1..=1_000_000).contains(n))
        .ok_or_else(|| "write a number from 1 to 1000000".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct SchedulerArgs {
    /// The address to listen on; whoever can reach it can read what the executors can read
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:50050")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct ExecutorArgs {
    /// The scheduler it works for
    #[arg(long, value_name = "df://HOST:PORT", default_value = "df://127.0.0.1:50050")]
    pub(crate) scheduler: String,
    /// The address from which runs and other executors fetch its results; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// The number of tasks at the same time; one for each processor if absent
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Keep its results in this folder; a temporary folder if absent
    #[arg(long, value_name = "FOLDER")]
    pub(crate) work_dir: Option<PathBuf>,
}
