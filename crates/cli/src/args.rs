//! The command line's grammar.

use std::net::SocketAddr;
use std::path::PathBuf;

use accolade_engine::profile::BATCH_SIZE;
use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use rust_decimal::Decimal;

/// Customer rating as code.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) loudness: Loudness,
}

/// How much is said besides results.
#[derive(Debug, Args)]
pub(crate) struct Loudness {
    /// Show no progress and no notes of what was written; warnings and errors stay
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Tell what was read from where, with which cut-offs and threads, and how long it took; how scripts are run
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first rule file from data files, with cut-offs from the data
    Init(Init),
    /// Check rule files: names, types, gaps, overlaps, weights
    Check(Check),
    /// Rate every customer
    Run(Run),
    /// Compute cut-offs and keep them for review and reuse
    Calibrate(Calibrate),
    /// Write the profile and the rating as SQL, for a warehouse that has the data
    Sql(Sql),
    /// Test rule sets against given data and expected results
    Test(Test),
    /// Say why customers have their results, and what would change them
    Explain(Explain),
    /// Write a page about customers, to print before a visit
    Profile(Profile),
    /// Write a report of all results: classes, segments, ratings, goals, and every customer
    Report(Report),
    /// Show who moves between classes from one rule file, date or set of data to another, and why
    Compare(Compare),
    /// Describe a rule set in words, as Markdown
    Docs(Docs),
    /// Write rule files and test files in their canonical form
    Fmt(Fmt),
    /// Write a JSON Schema of rule files, for editors that know YAML
    Schema(Schema),
    /// List the functions of the expression language
    Functions(Functions),
    /// Rate single customers over HTTP, with saved cut-offs
    Serve(Serve),
    /// Give tasks of runs to executors, for work on several machines
    Scheduler(Scheduler),
    /// Do tasks of runs for a scheduler
    Executor(Executor),
    /// Serve an editor: diagnostics, completion and more over the language server protocol
    Lsp,
    /// Explain a diagnostic code
    ExplainCode {
        /// A code such as E0501
        code: String,
    },
    /// Print a script with which a shell completes commands and flags
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page of accolade or of a command, or write all of them
    Man(Manual),
}

/// How output is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For a reader.
    #[default]
    Text,
    /// For a program.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Data files: customers, orders, surveys; `.csv`, `.parquet` or `.ndjson`
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
    /// Ask, with the guesses as answers: what each file is, its columns, the date, which rules
    #[arg(short, long)]
    pub(crate) interactive: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Rule files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Output,
}

/// What a run reads.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// The date to rate at, instead of the rule file's
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// The data of a source, instead of the rule file's: a file, folder, pattern or URL; behind `#` a sheet or table
    #[arg(long = "source", value_name = "NAME=PATH")]
    pub(crate) sources: Vec<String>,
    /// What to do with rows that cannot be used
    #[arg(long, value_enum, default_value_t)]
    pub(crate) bad_rows: BadRows,
    /// Number of threads; all processors if absent
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The memory to take at most, such as 2GiB; what does not fit is put on disk, or refused before it is made
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_limit: Option<ByteSize>,
    /// Show what scripts print, each line with the customer's key; uses one thread
    #[arg(long)]
    pub(crate) trace_scripts: bool,
    /// Rows per batch
    #[arg(long, value_name = "N", default_value_t = BATCH_SIZE, hide = true)]
    pub(crate) batch_size: usize,
}

impl Data {
    /// A rule file on the data it names.
    pub(crate) fn of(rules: PathBuf) -> Data {
        let (as_of, sources, bad_rows) = (None, Vec::new(), BadRows::Fail);
        let (threads, memory_limit, trace_scripts, batch_size) = (None, None, false, BATCH_SIZE);
        Data { rules, as_of, sources, bad_rows, threads, memory_limit, trace_scripts, batch_size }
    }
}

/// What to do with rows that cannot be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BadRows {
    /// Report them and stop
    #[default]
    Fail,
    /// Write them to SOURCE.rejected.csv and go on without them
    Report,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the results here: .csv, .parquet, .ndjson, .json, .xlsx, a table such as `crm.sqlite#rated` or
    /// `postgres://user@host/db#rated`; `-` writes CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show only this part of the summary: a rule, measure or programme, `measures`, `goals` or `top`; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "output")]
    pub(crate) show: Vec<String>,
    /// Exit with 1 unless every goal is met
    #[arg(long)]
    pub(crate) enforce: bool,
    /// Add a column `RULE.why` for each rule to the results
    #[arg(long)]
    pub(crate) why: bool,
    /// Let the executors of this scheduler read and group what is in files; the results are the same
    #[arg(long, value_name = "df://HOST:PORT", conflicts_with = "trace_scripts")]
    pub(crate) cluster: Option<String>,
    /// With a cluster, a folder that all its machines see: rules with scripts are rated by executors too
    #[arg(long, value_name = "FOLDER", requires = "cluster")]
    pub(crate) shared: Option<PathBuf>,
    /// Output format of the summary and of diagnostics
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Scheduler {
    /// Where it listens; whoever reaches it can read what the executors can
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:50050")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct Executor {
    /// The scheduler it works for
    #[arg(long, value_name = "df://HOST:PORT", default_value = "df://127.0.0.1:50050")]
    pub(crate) scheduler: String,
    /// Where what it has finished is fetched, by runs and by other executors; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// How many tasks it does at the same time; as many as processors if absent
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Keep what it has finished here; a folder that goes with it if absent
    #[arg(long, value_name = "FOLDER")]
    pub(crate) work_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) data: Data,
    /// The key of a customer; may be repeated
    #[arg(long = "customer", value_name = "KEY", required = true)]
    pub(crate) customers: Vec<String>,
    /// Only this rule; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Page,
}

/// How a page about a customer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
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

#[derive(Debug, Args)]
pub(crate) struct Profile {
    #[command(flatten)]
    pub(crate) data: Data,
    /// The keys of the customers
    #[arg(value_name = "KEY", required = true)]
    pub(crate) customers: Vec<String>,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the pages here: .txt, .md, .html or .json; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format; text, or what the file's ending says, if absent
    #[arg(long, value_enum)]
    pub(crate) format: Option<Sheet>,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Write the report here; its ending says how: .html, .xlsx or .md
    #[arg(short, long, value_name = "FILE", required = true)]
    pub(crate) output: PathBuf,
    /// Use these cut-offs instead of computing them
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// In a page, work out what would change the results of this many customers, the best first; of all others it shows
    /// the results and the reasons. It takes longest where rules have scripts with loops; 0 is fastest
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) explain: usize,
    /// Show who moved between classes since this older rule file
    #[arg(long, value_name = "FILE")]
    pub(crate) compare_to: Option<PathBuf>,
    /// Show who moved between classes since this date
    #[arg(long, value_name = "DATE")]
    pub(crate) old_as_of: Option<String>,
    /// Show who moved between classes since the data in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) old_data: Option<PathBuf>,
    /// Show who moved between classes since this file of a source
    #[arg(long = "old-source", value_name = "NAME=PATH")]
    pub(crate) old_sources: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The older rule file
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer rule file; the same one if absent
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<PathBuf>,
    /// The date to rate at, instead of the rule file's
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// The date to rate the older side at, if it is another
    #[arg(long, value_name = "DATE")]
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
    /// Fail if a greater share of the customers moves between classes of a rule, such as `5%`
    #[arg(long, value_name = "SHARE", value_parser = decimal_share)]
    pub(crate) fail_if_moved: Option<Decimal>,
    /// Write everyone who moved here, as CSV
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Output,
}

/// `5%` or `0.05`, exactly.
fn decimal_share(text: &str) -> Result<Decimal, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<Decimal>().map(|p| p / Decimal::ONE_HUNDRED),
        None => text.parse(),
    };
    share.ok().filter(|s| *s >= Decimal::ZERO).ok_or_else(|| "write a share such as `5%`".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Test files, rule files, or folders that hold them; the current folder if absent
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Run again whenever a file changes
    #[arg(long, conflicts_with_all = ["update", "suggest", "mutate"])]
    pub(crate) watch: bool,
    /// Write what came out into the expectations
    #[arg(long)]
    pub(crate) update: bool,
    /// Show which classes, bands, segments and grades no case reaches
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Fail if less than this is reached, such as `90%`
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) min_coverage: Option<f64>,
    /// Write cases at every threshold and for every condition, with what the rules give now, for review
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

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
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
pub(crate) struct Calibrate {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Write the cut-offs here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Output format of diagnostics
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Output,
}

/// The database that SQL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// DuckDB
    Duckdb,
    /// PostgreSQL
    Postgres,
    /// Spark, and Databricks
    Spark,
}

#[derive(Debug, Args)]
pub(crate) struct Sql {
    #[command(flatten)]
    pub(crate) data: Data,
    /// The database it is for
    #[arg(long, value_enum)]
    pub(crate) dialect: Dialect,
    /// Write these cut-offs into it, instead of those computed from the data here
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// The table of a source that is not named like it, such as `orders=sales.orders`; may be repeated
    #[arg(long = "table", value_name = "SOURCE=TABLE")]
    pub(crate) tables: Vec<String>,
    /// Make a view of this name of it
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
    pub(crate) format: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// The cut-offs to rate with
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) cutoffs: PathBuf,
    /// The date to rate at, instead of the rule file's; `today` is the day of each request, in UTC
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Only this rule and what it reads, so that a record needs to tell less; may be repeated
    #[arg(long = "rule", value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// Where to listen; port 0 is any that is free. An address that others can reach needs a token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The file of the token that every request must bring; the variable ACCOLADE_TOKEN holds it if absent
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Bytes of a request's body
    #[arg(long, value_name = "BYTES", default_value_t = 1_048_576)]
    pub(crate) max_body: usize,
    /// Requests at work at a time; more are turned away with 503
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = above_zero)]
    pub(crate) max_concurrency: usize,
    /// Records of a batch
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) max_batch: usize,
    /// Seconds a request may take to arrive, and then to be answered
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Seconds that requests under way may take once the service is told to end
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
    /// Seconds between looks at the files, whose changes are taken; with 0 only the signal HUP makes it look
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    pub(crate) look_every: u64,
}

/// A number above zero.
fn above_zero(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|n| (1..=1_000_000).contains(n))
        .ok_or_else(|| "write a number from 1 to 1000000".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Manual {
    /// The command, such as `run`; accolade itself if absent
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands to this folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Rule files, test files and folders; `-` formats standard input
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; list the files that are not in canonical form, and fail if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The schema of test files
    #[arg(long)]
    pub(crate) tests: bool,
    /// Write the schema here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// The rule file
    #[arg(value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// Say at which values classes begin by these cut-offs
    #[arg(long, value_name = "FILE")]
    pub(crate) cutoffs: Option<PathBuf>,
    /// Write the document here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Functions {
    /// Only this function
    pub(crate) name: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Output,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
