//! `accolade sql`

use accolade_engine::sql::{self, Request};
use accolade_engine::{RuleSet, run};
use accolade_parser::suggest;
use indexmap::IndexMap;

use super::deliver::deliver;
use crate::args::{Dialect, Sql};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::render::diagnostics;
use crate::talk;

/// Writes a rule set as one statement, the cut-offs in it.
pub(crate) fn sql(arguments: &Sql, extensions: &Extensions) -> Result<(), Failure> {
    let (set, files) = input::rule_set(extensions, &arguments.data, arguments.format)?;
    let failed = |findings| Failure::Data(Box::new(files.clone()), findings, arguments.format);
    let tables = tables(&set, &arguments.tables)?;
    let view = arguments.create_view.as_deref().map(parts).transpose()?;
    let (as_of, cut_offs) = match &arguments.cutoffs {
        Some(path) => {
            let saved = input::cut_offs(path, &failed)?;
            saved.check_rule_set(&set).map_err(&failed)?;
            (input::date(&set, &arguments.data).map_err(&failed)?, saved.rules)
        }
        None => {
            let inputs = input::inputs(&set, &files, &arguments.data).map_err(&failed)?;
            let outcome = run(&set, &inputs, None).map_err(&failed)?;
            talk::cut_offs(&outcome, None);
            diagnostics::show(&files, &outcome.findings, arguments.format)?;
            (outcome.as_of, outcome.cut_offs)
        }
    };
    let dialect = match arguments.dialect {
        Dialect::Duckdb => sql::Dialect::DuckDb,
        Dialect::Postgres => sql::Dialect::Postgres,
        Dialect::Spark => sql::Dialect::Spark,
    };
    let request = Request {
        dialect,
        as_of,
        cut_offs: &cut_offs,
        tables: &tables,
        view: view.as_deref(),
        leave_out: arguments.skip_unsupported,
    };
    let script = sql::script(&set, &request).map_err(&failed)?;
    diagnostics::show(&files, &script.findings, arguments.format)?;
    deliver(&script.text, arguments.output.as_deref(), &format!("SQL for {}", dialect.name()))
}

/// The tables by source.
fn tables(set: &RuleSet, written: &[String]) -> Result<IndexMap<String, Vec<String>>, Failure> {
    let mut tables = IndexMap::new();
    for text in written {
        let Some((source, table)) = text.split_once('=') else {
            return Err(Failure::Io(format!("`--table {text}` is not `SOURCE=TABLE`")));
        };
        if !set.sources.iter().any(|known| known.name == source) {
            let names = || set.sources.iter().map(|known| known.name.as_str());
            let hint = match suggest(source, names()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
            };
            return Err(Failure::Io(format!("the rule set has no source `{source}`; {hint}")));
        }
        tables.insert(source.to_owned(), parts(table)?);
    }
    Ok(tables)
}

/// The parts of a name such as `sales.orders`.
fn parts(name: &str) -> Result<Vec<String>, Failure> {
    let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
    if parts.iter().any(String::is_empty) {
        return Err(Failure::Io(format!("`{name}` is not the name of a table, such as `sales.orders`")));
    }
    Ok(parts)
}
