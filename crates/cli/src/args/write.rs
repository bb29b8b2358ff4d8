//! The commands for writing and testing rule files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::OutputFormat;

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Data files, or folders of them: customers, orders, surveys, in any format that sources may have
    #[arg(required = true, value_name = "DATA")]
    pub(crate) files: Vec<PathBuf>,
    /// Write the rule file here; `rules.yaml` beside the first data file if absent, `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace a rule file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Rate the customers right away and show the summary
    #[arg(long)]
    pub(crate) run: bool,
    /// Write a report of the customers too: `report.html`, or the file after `=`
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "report.html")]
    pub(crate) report: Option<PathBuf>,
    /// Ask what is in doubt, the amount first, with the guesses as answers
    #[arg(short, long)]
    pub(crate) interactive: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Rule files, fragments that others include, and folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Test files, rule files, or folders that hold them; the current folder if absent
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Run again whenever a file changes
    #[arg(long, conflicts_with_all = ["update", "suggest", "mutate"])]
    pub(crate) watch: bool,
    /// Replace the expected values with the actual ones
    #[arg(long)]
    pub(crate) update: bool,
    /// Show which classes, bands, segments and grades no case reaches
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Fail if the cases reach less than this, such as `90%`
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) min_coverage: Option<f64>,
    /// Write cases for every threshold and condition, with the current results, for review
    #[arg(long, conflicts_with_all = ["update", "mutate"])]
    pub(crate) suggest: bool,
    /// Change each threshold, weight and comparison, and list the changes that no case notices
    #[arg(long, conflicts_with = "update")]
    pub(crate) mutate: bool,
    /// Write suggested cases here instead of to standard output
    #[arg(short, long, value_name = "FILE", requires = "suggest")]
    pub(crate) output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TestFormat,
}

/// How test results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For a reader
    #[default]
    Text,
    /// For a program
    Json,
    /// For a build server
    Junit,
}

/// `90%` or `0.9`
fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|p| p / 100.0),
        None => text.parse(),
    };
    share.ok().filter(|s| (0.0..=1.0).contains(s)).ok_or_else(|| "write a share such as `90%`".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// Rule files, test files and folders; `-` formats standard input
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; list the files that are not in canonical form, and fail if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The schema of test files
    #[arg(long)]
    pub(crate) tests: bool,
    /// Write the schema here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
