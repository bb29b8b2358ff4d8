//! The command that compares two runs.

use std::path::PathBuf;

use bytesize::ByteSize;
use clap::Args;
use rust_decimal::Decimal;

use super::data::day;
use super::{BadRowsChoice, OutputFormat};

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The older rule file
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer rule file; the same one if absent
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<PathBuf>,
    /// Take the older rule file, its includes and its scripts from this revision in Git, such as `origin/main`
    #[arg(long, value_name = "REVISION")]
    pub(crate) old_rev: Option<String>,
    /// The date to rate at, instead of the rule file's; `today` is the current day in UTC
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<String>,
    /// The date to rate the older side at, if it is another
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) old_as_of: Option<String>,
    /// The folder of the data files, instead of the rule file's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// The folder of the older side's data files, if it is another
    #[arg(long, value_name = "FOLDER")]
    pub(crate) old_data: Option<PathBuf>,
    /// The file of a source, instead of the rule file's
    #[arg(long = "source", value_name = "NAME=PATH")]
    pub(crate) sources: Vec<String>,
    /// The file of a source of the older side, if it is another
    #[arg(long = "old-source", value_name = "NAME=PATH")]
    pub(crate) old_sources: Vec<String>,
    /// Use these cut-offs on both sides instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Use these cut-offs on the older side; without `--cutoffs`, those of the newer side are computed
    #[arg(long, value_name = "FILE")]
    pub(crate) old_cutoffs: Option<PathBuf>,
    /// What to do with rows that cannot be used; those of the older side are written to the folder `old`
    #[arg(long, value_enum, default_value_t)]
    pub(crate) bad_rows: BadRowsChoice,
    /// Number of threads; all processors if absent
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The most memory that the run of a side may use, such as 2GiB
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_limit: Option<ByteSize>,
    /// Fail if a rule is lost, or if a greater share of the customers moves between classes of a rule, such as `5%`
    #[arg(long, value_name = "SHARE", value_parser = decimal_share)]
    pub(crate) fail_if_moved: Option<Decimal>,
    /// Write everyone who moved here, as CSV
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write an apostrophe before text in CSV that a spreadsheet would take for a formula
    #[arg(long, requires = "output")]
    pub(crate) guard_formulas: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `5%` or `0.05`, exactly.
fn decimal_share(text: &str) -> Result<Decimal, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<Decimal>().map(|p| p / Decimal::ONE_HUNDRED),
        None => text.parse(),
    };
    share.ok().filter(|s| *s >= Decimal::ZERO).ok_or_else(|| "write a share such as `5%`".to_owned())
}
