//! `accolade functions`

use std::io::Write;

use accolade_engine::analyse::{AGGREGATES, describe};
use accolade_engine::functions::Function;
use accolade_parser::suggest;
use serde_json::json;

use crate::args::{Functions, Output};
use crate::exit::Failure;
use crate::input;

/// Lists the functions, with signatures, meaning and examples.
pub(crate) fn functions(arguments: &Functions) -> Result<(), Failure> {
    let plugins = input::plugins();
    let wanted = |name: &str| arguments.name.as_deref().is_none_or(|n| n == name);
    let functions: Vec<&Function> = plugins.functions().iter().copied().filter(|f| wanted(f.name)).collect();
    let aggregates: Vec<_> = AGGREGATES.iter().filter(|(name, ..)| wanted(name)).collect();
    if let (Some(name), true) = (&arguments.name, functions.is_empty() && aggregates.is_empty()) {
        let known = plugins.functions().iter().map(|f| f.name).chain(AGGREGATES.iter().map(|(n, ..)| *n));
        let hint = suggest(name, known).map_or(String::new(), |s| format!("; did you mean `{s}`?"));
        return Err(Failure::Io(format!("there is no function `{name}`{hint}")));
    }
    let mut out = anstream::stdout();
    if arguments.format == Output::Json {
        let list: Vec<_> = functions
            .iter()
            .map(|f| {
                let examples: Vec<_> = f.examples.iter().map(|(e, r)| json!({"expression": e, "result": r})).collect();
                json!({"name": f.name, "takes": describe(f), "doc": f.doc, "examples": examples})
            })
            .collect();
        let totals: Vec<_> = aggregates.iter().map(|(name, _, doc)| json!({"name": name, "doc": doc})).collect();
        let document = json!({"version": 1, "functions": list, "aggregates": totals});
        writeln!(out, "{document:#}")?;
        return Ok(());
    }
    for function in functions {
        writeln!(out, "{} {}\n    {}", function.name, describe(function), function.doc)?;
        for (expression, result) in function.examples {
            writeln!(out, "    {expression} = {result}")?;
        }
    }
    for (name, _, doc) in aggregates {
        writeln!(out, "{name}(TABLE.COLUMN in PERIOD where CONDITION)\n    {doc}")?;
    }
    Ok(())
}
