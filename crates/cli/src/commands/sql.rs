//! `accolade sql`

use accolade_engine::rules::sql::SqlOptions;
use accolade_engine::rules::{sql, sql_statement};
use accolade_engine::{RuleSet, RunOptions};
use accolade_parser::did_you_mean;
use indexmap::IndexMap;

use super::write_text::write_text;
use crate::args::{SqlArgs, SqlDialect};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;

/// Writes a rule set as one SQL statement, which contains the cut-offs.
pub(crate) fn sql(arguments: &SqlArgs, extensions: &Extensions) -> Result<(), Failure> {
    let opened = CommandSession::new(extensions, &arguments.data, arguments.format)?;
    opened.protect_inputs(arguments.cutoffs.as_deref(), arguments.output.as_deref())?;
    let set = &opened.session.set;
    let tables = tables(set, &arguments.tables)?;
    let view = arguments.create_view.as_deref().map(parts).transpose()?;
    let (as_of, cut_offs) = match &arguments.cutoffs {
        Some(path) => {
            let saved = opened.session.matching_cut_offs(path).map_err(|error| opened.failure(error))?;
            let as_of = opened.session.as_of(arguments.data.as_of.as_deref());
            let as_of = as_of.map_err(|error| opened.failure(error))?;
            opened.show(&saved.younger_than(as_of).into_iter().collect())?;
            (as_of, saved.rules)
        }
        None => {
            let (_, outcome) = opened.run(None, RunOptions::default())?;
            opened.show(&outcome.findings)?;
            (outcome.as_of, outcome.cut_offs)
        }
    };
    let dialect = match arguments.dialect {
        SqlDialect::Duckdb => sql::Dialect::DuckDb,
        SqlDialect::Postgres => sql::Dialect::Postgres,
        SqlDialect::Spark => sql::Dialect::Spark,
    };
    let request = SqlOptions {
        dialect,
        as_of,
        cut_offs: &cut_offs,
        tables: &tables,
        view: view.as_deref(),
        leave_out: arguments.skip_unsupported,
    };
    let script = sql_statement::sql_statement(set, &request).map_err(|findings| opened.findings_failure(findings))?;
    opened.show(&script.findings)?;
    write_text(&script.text, arguments.output.as_deref(), &format!("SQL for {}", dialect.name()))
}

/// The tables that `--table` names, by source.
fn tables(set: &RuleSet, written: &[String]) -> Result<IndexMap<String, Vec<String>>, Failure> {
    let mut tables = IndexMap::new();
    for text in written {
        let Some((source, table)) = text.split_once('=') else {
            return Err(Failure::Message(format!("`--table {text}` is not `SOURCE=TABLE`")));
        };
        if !set.demand.sources.iter().any(|known| known.name == source) {
            let names = set.demand.sources.iter().map(|known| known.name.as_str());
            let hint = did_you_mean(source, names, "it has");
            return Err(Failure::Message(format!("the rule set has no source `{source}`; {hint}")));
        }
        if tables.insert(source.to_owned(), parts(table)?).is_some() {
            return Err(Failure::Message(format!("`--table` names the table of `{source}` twice")));
        }
    }
    Ok(tables)
}

/// The parts of a name such as `sales.orders`.
fn parts(name: &str) -> Result<Vec<String>, Failure> {
    let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
    if parts.iter().any(String::is_empty) {
        return Err(Failure::Message(format!("`{name}` is not the name of a table, such as `sales.orders`")));
    }
    Ok(parts)
}
