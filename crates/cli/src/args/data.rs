//! The data that a command reads.

use std::convert::Infallible;
use std::path::PathBuf;

use accolade_engine::profile::BATCH_SIZE;
use accolade_engine::show;
use bytesize::ByteSize;
use clap::{Args, ValueEnum};

use crate::today::today;

/// What a run reads.
#[derive(Clone, Debug, Args)]
pub(crate) struct DataArgs {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// The date to rate at, instead of the rule file's; `today` is the current day in UTC
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<String>,
    /// The data of a source, instead of the rule file's: a file, folder, pattern or URL; after `#` a sheet or table
    #[arg(long = "source", value_name = "NAME=PATH")]
    pub(crate) sources: Vec<String>,
    /// What to do with rows that cannot be used
    #[arg(long, value_enum, default_value_t)]
    pub(crate) bad_rows: BadRowsChoice,
    /// With `--bad-rows report`, the most rows of a source that may be rejected, such as 1%
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) max_bad: Option<f64>,
    /// Number of threads; all processors if absent
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The most memory to use, such as 2GiB; what does not fit goes to disk, or the run fails before it takes more
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_limit: Option<ByteSize>,
    /// Show what scripts print, each line with the customer's key; uses one thread
    #[arg(long)]
    pub(crate) trace_scripts: bool,
    /// Rows per batch
    #[arg(long, value_name = "N", default_value_t = BATCH_SIZE, hide = true)]
    pub(crate) batch_size: usize,
}

impl DataArgs {
    /// The arguments for a rule file on the data it names.
    pub(crate) fn of(rules: PathBuf) -> DataArgs {
        let (as_of, sources, bad_rows) = (None, Vec::new(), BadRowsChoice::Fail);
        let (threads, memory_limit, trace_scripts, batch_size) = (None, None, false, BATCH_SIZE);
        DataArgs { rules, as_of, sources, bad_rows, max_bad: None, threads, memory_limit, trace_scripts, batch_size }
    }
}

/// A date as written; `today` stands for the current day.
pub(super) fn day(text: &str) -> Result<String, Infallible> {
    Ok(if text == "today" { show::date(today()) } else { text.to_owned() })
}

/// A share such as `1%`.
fn share(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    match number.filter(|number| (0.0..=100.0).contains(number)) {
        Some(number) => Ok(number / 100.0),
        None => Err("write a share from 0% to 100%, such as `1%`".to_owned()),
    }
}

/// What to do with rows that cannot be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BadRowsChoice {
    /// Report them and stop
    #[default]
    Fail,
    /// Write them to SOURCE.RULES.DATE.rejected.csv and go on without them
    Report,
}
