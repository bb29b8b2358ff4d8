//! The commands that explain and compare results.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::data::day;
use super::{Customers, DataArgs, OutputFormat};

#[derive(Debug, Args)]
#[command(override_usage = "accolade explain [OPTIONS] <FILE> <KEY>...")]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) of: Customers,
    /// Only this rule; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ExplanationFormat,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplanationFormat {
    /// For a terminal
    #[default]
    Text,
    /// For a program
    Json,
    /// For a document
    Markdown,
    /// For a program or a reader
    Yaml,
}

#[derive(Debug, Args)]
#[command(override_usage = "accolade profile [OPTIONS] <FILE> <KEY>...")]
pub(crate) struct ProfileArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) of: Customers,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the pages here: .txt, .md, .html or .json; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format; that of the file's extension if absent, else text
    #[arg(long, value_enum)]
    pub(crate) format: Option<PageFormat>,
}

/// How a page about a customer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For a terminal
    #[default]
    Text,
    /// For a document
    Markdown,
    /// For a browser and a printer
    Html,
    /// For a program
    Json,
}

/// How many customers a page explains in full.
pub(crate) const EXPLAINED: usize = 100;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Write the report here; the extension sets the format: .html, .xlsx or .md
    #[arg(short, long, value_name = "FILE", required = true)]
    pub(crate) output: PathBuf,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// In a page, compute what would change the results of this many customers, the best first; for all others it shows
    /// the results and the reasons. It takes longest where rules have scripts with loops; 0 is fastest
    #[arg(long, value_name = "N", default_value_t = EXPLAINED)]
    pub(crate) explain: usize,
    /// Show who moved between classes since this older rule file
    #[arg(long, value_name = "FILE")]
    pub(crate) compare_to: Option<PathBuf>,
    /// Show who moved between classes since this revision of the rule file in Git, such as `main`
    #[arg(long, value_name = "REVISION")]
    pub(crate) old_rev: Option<String>,
    /// Show who moved between classes since this date; `today` is the current day in UTC
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) old_as_of: Option<String>,
    /// Show who moved between classes since these cut-offs; without it, the older side uses those of `--cutoffs`
    #[arg(long, value_name = "FILE")]
    pub(crate) old_cutoffs: Option<PathBuf>,
    /// Show who moved between classes since the data in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) old_data: Option<PathBuf>,
    /// Show who moved between classes since this file of a source
    #[arg(long = "old-source", value_name = "NAME=PATH")]
    pub(crate) old_sources: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DocsArgs {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// Show the values at which classes begin, from these cut-offs
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the document here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct FunctionsArgs {
    /// Only this function
    pub(crate) name: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
