//! `accolade functions`

use std::io::Write;
use std::sync::Arc;

use accolade_engine::functions::Function;
use accolade_engine::kinds::measures::FUNCTIONS as MEASURES;
use accolade_engine::rules::analysis::{AGGREGATES, signatures};
use accolade_parser::suggest;
use serde_json::json;

use crate::args::{FunctionsArgs, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::terminal;

/// Lists the functions, aggregates and measures, with signatures, meaning and examples.
pub(crate) fn functions(arguments: &FunctionsArgs, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let wanted = |name: &str| arguments.name.as_deref().is_none_or(|n| n == name);
    let functions: Vec<&Function> = plugins.functions().iter().map(Arc::as_ref).filter(|f| wanted(f.name)).collect();
    let aggregates: Vec<_> = AGGREGATES.iter().filter(|(name, ..)| wanted(name)).collect();
    let measures: Vec<_> = MEASURES.iter().filter(|measure| wanted(measure.name)).collect();
    let nothing = functions.is_empty() && aggregates.is_empty() && measures.is_empty();
    if let (Some(name), true) = (&arguments.name, nothing) {
        let known = plugins.functions().iter().map(|f| f.name).chain(AGGREGATES.iter().map(|(n, ..)| *n));
        let known = known.chain(MEASURES.iter().map(|measure| measure.name));
        let hint = suggest(name, known).map_or(String::new(), |s| format!("; did you mean `{s}`?"));
        return Err(Failure::Message(format!("there is no function `{name}`{hint}")));
    }
    let mut out = terminal::stdout();
    if arguments.format == OutputFormat::Json {
        let list: Vec<_> = functions
            .iter()
            .map(|f| {
                let examples: Vec<_> = f.examples.iter().map(|(e, r)| json!({"expression": e, "result": r})).collect();
                json!({"name": f.name, "takes": signatures(f), "doc": f.doc, "examples": examples})
            })
            .collect();
        let totals: Vec<_> = aggregates.iter().map(|(name, _, doc)| json!({"name": name, "doc": doc})).collect();
        let figures: Vec<_> =
            measures.iter().map(|m| json!({"name": m.name, "takes": m.takes, "doc": m.doc})).collect();
        let document = json!({"version": 1, "functions": list, "aggregates": totals, "measures": figures});
        writeln!(out, "{document:#}")?;
        return Ok(());
    }
    for function in functions {
        writeln!(out, "{} {}\n    {}", function.name, signatures(function), function.doc)?;
        for (expression, result) in function.examples {
            writeln!(out, "    {expression} = {result}")?;
        }
    }
    for (name, _, doc) in aggregates {
        writeln!(out, "{name}(TABLE.COLUMN in PERIOD where CONDITION)\n    {doc}")?;
    }
    for measure in measures {
        writeln!(out, "measure {}{}\n    {}", measure.name, measure.takes, measure.doc)?;
    }
    Ok(())
}
