//! Examples of each command, shown by its `--help` and manual page and run by the tests.

use std::fmt::Write;

use clap::Command;
use clap::builder::Styles;

/// The examples of a command. Files are those of a rule set: `rules.yaml`, its data, tests and cut-offs.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("init", &["accolade init orders.csv", "accolade init customers.csv orders.csv -o first.yaml --report"]),
    ("check", &["accolade check rules.yaml", "accolade check . --format json"]),
    (
        "run",
        &[
            "accolade run rules.yaml -o rated.xlsx --why",
            "accolade run rules.yaml --as-of 2025-12-31 -o crm.sqlite#rated --append",
        ],
    ),
    (
        "calibrate",
        &["accolade calibrate rules.yaml -o cutoffs.yaml", "accolade calibrate rules.yaml --as-of 2025-12-31"],
    ),
    (
        "sql",
        &[
            "accolade sql rules.yaml --dialect duckdb --cutoffs cutoffs.yaml",
            "accolade sql rules.yaml --dialect postgres --table orders=sales.orders --create-view crm.rated -o rated.sql",
        ],
    ),
    ("test", &["accolade test", "accolade test tests.yaml --coverage --min-coverage 90%"]),
    (
        "explain",
        &[
            "accolade explain rules.yaml W0008",
            "accolade explain rules.yaml W0008 W0056 --rule behaviour --format markdown",
        ],
    ),
    ("profile", &["accolade profile rules.yaml W0008", "accolade profile rules.yaml W0008 W0056 -o visits.html"]),
    (
        "report",
        &[
            "accolade report rules.yaml -o report.html --explain 10",
            "accolade report rules.yaml -o report.xlsx --old-as-of 2025-07-01",
        ],
    ),
    (
        "compare",
        &[
            "accolade compare rules.yaml --old-as-of 2025-07-01",
            "accolade compare rules.yaml new.yaml --fail-if-moved 5%",
        ],
    ),
    ("docs", &["accolade docs rules.yaml -o rules.md", "accolade docs rules.yaml --cutoffs cutoffs.yaml"]),
    ("fmt", &["accolade fmt", "accolade fmt --check rules.yaml tests.yaml"]),
    ("schema", &["accolade schema -o accolade.schema.json", "accolade schema --tests"]),
    ("functions", &["accolade functions", "accolade functions days"]),
    (
        "serve",
        &[
            "accolade serve rules.yaml --cutoffs cutoffs.yaml",
            "accolade serve rules.yaml --cutoffs cutoffs.yaml --as-of today --listen 0.0.0.0:8080 --token-file token.txt",
        ],
    ),
    ("scheduler", &["accolade scheduler", "accolade scheduler --listen 0.0.0.0:50050"]),
    ("executor", &["accolade executor", "accolade executor --scheduler df://10.0.0.1:50050 --threads 8"]),
    ("lsp", &["accolade lsp", "accolade lsp --verbose"]),
    ("explain-code", &["accolade explain-code E0703", "accolade explain-code W0712"]),
    ("completions", &["accolade completions bash", "accolade completions fish"]),
    ("man", &["accolade man run", "accolade man -o man"]),
];

/// Adds the examples to the help of each command.
pub(super) fn add_to(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (name, examples)| {
        command.mut_subcommand(*name, |command| command.after_help(section(examples)))
    })
}

fn section(examples: &[&str]) -> String {
    let styles = Styles::styled();
    let header = styles.get_header();
    examples.iter().fold(format!("{header}Examples:{header:#}"), |mut text, example| {
        let _ = write!(text, "\n  {example}");
        text
    })
}
