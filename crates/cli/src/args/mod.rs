//! The command line's grammar.

mod compare;
mod customers;
mod data;
mod examples;
mod look;
mod rate;
mod write;

use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::compare::CompareArgs;
pub(crate) use self::customers::Customers;
pub(crate) use self::data::{BadRowsChoice, DataArgs};
pub(crate) use self::look::{
    DocsArgs, EXPLAINED, ExplainArgs, ExplanationFormat, FunctionsArgs, PageFormat, ProfileArgs, ReportArgs,
};
pub(crate) use self::rate::{CalibrateArgs, ExecutorArgs, RunArgs, SchedulerArgs, ServeArgs, SqlArgs, SqlDialect};
pub(crate) use self::write::{CheckArgs, FmtArgs, InitArgs, SchemaArgs, TestArgs, TestFormat};

/// Customer rating as code.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) verbosity: Verbosity,
}

impl Arguments {
    /// The grammar, with examples in the help of each command.
    pub(crate) fn grammar() -> clap::Command {
        examples::add_to(Arguments::command())
    }

    /// The arguments of the process; one that is not valid ends it with a message.
    pub(crate) fn of_process(grammar: clap::Command) -> Arguments {
        let matches = grammar.get_matches();
        Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// What is printed besides results.
#[derive(Debug, Args)]
pub(crate) struct Verbosity {
    /// Show neither progress nor notes of written files; warnings and errors stay
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Report sources, cut-offs, threads, timings, and how scripts are run
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first rule file from data files, with cut-offs from the data
    Init(InitArgs),
    /// Check rule files: names, types, gaps, overlaps, weights
    Check(CheckArgs),
    /// Rate every customer
    Run(RunArgs),
    /// Compute cut-offs and keep them for review and reuse
    Calibrate(CalibrateArgs),
    /// Write the profile and the rating as SQL, for a warehouse that has the data
    Sql(SqlArgs),
    /// Test rule sets against given data and expected results
    Test(TestArgs),
    /// Explain the results of customers, and what would change them
    Explain(ExplainArgs),
    /// Write a page about customers, to print before a visit
    Profile(ProfileArgs),
    /// Write a report of all results: classes, segments, ratings, goals, and every customer
    Report(ReportArgs),
    /// Show who moves between classes from one rule file, date or set of data to another, and why
    Compare(CompareArgs),
    /// Describe a rule set in words, as Markdown
    Docs(DocsArgs),
    /// Write rule files and test files in their canonical form
    Fmt(FmtArgs),
    /// Write a JSON Schema of rule files, for editors that know YAML
    Schema(SchemaArgs),
    /// List the functions of the expression language
    Functions(FunctionsArgs),
    /// Rate single customers over HTTP, with saved cut-offs
    Serve(ServeArgs),
    /// Run the scheduler of a cluster
    Scheduler(SchedulerArgs),
    /// Run an executor of a cluster
    Executor(ExecutorArgs),
    /// Run the language server for editors: diagnostics, completion and more
    Lsp,
    /// Explain a diagnostic code
    ExplainCode {
        /// A code such as E0501
        code: String,
    },
    /// Print the completion script of a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page of accolade or of a command, or write all of them
    Man(ManArgs),
}

/// How output is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For a reader.
    #[default]
    Text,
    /// For a program.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command, such as `run`; accolade itself if absent
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands to this folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) output: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::grammar().debug_assert();
    }
}
