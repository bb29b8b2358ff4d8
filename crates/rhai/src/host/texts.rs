//! Texts of a script, and the variables they are compiled with.

use std::collections::BTreeSet;

use accolade_core::script::ScriptTask;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use rhai::{AST, Dynamic, Engine, Scope};

use crate::check::ScriptSummary;
use crate::compile_error::lowercase;
use crate::guard;
use crate::source_map::SourceMap;

/// The variables that a script reads for these fields: a part is read of its rule.
pub(super) fn variables_of(fields: &[String]) -> Vec<String> {
    let mut names: Vec<String> =
        fields.iter().map(|field| field.split_once('.').map_or(field.as_str(), |(rule, _)| rule).to_owned()).collect();
    let mut known = BTreeSet::new();
    names.retain(|name| known.insert(name.clone()));
    names
}

/// The text before a function, in which everything but the imports at the top is blank.
pub(super) fn only_imports(text: &str, ast: &AST, place: SourceMap) -> String {
    let blank = |part: &str| part.chars().map(|c| if c == '\n' { c } else { ' ' }).collect::<String>();
    let imports = ScriptSummary::of(&ast.clone_statements_only()).imports;
    let mut kept = String::new();
    let mut done = 0;
    for (_, at) in imports {
        let Some(start) = place.index(at).filter(|start| *start >= done) else { continue };
        let (Some(before), Some(import)) = (text.get(done..start), text.get(start..)) else { continue };
        // The path is a text, in which a semicolon may stand.
        let path = import.split('"').take(2).map(str::len).sum::<usize>() + 2;
        let Some(end) = import.get(path..).and_then(|rest| rest.find(';')) else { continue };
        kept += &blank(before);
        kept += &import[..=path + end];
        done = start + path + end + 1;
    }
    kept + blank(text.get(done..).unwrap_or("")).as_str()
}

/// The names of properties that values of the language have.
pub(super) fn getters(engine: &Engine) -> Vec<String> {
    let signatures = engine.gen_fn_signatures(true);
    let of = |signature: &String| Some(signature.strip_prefix("get$")?.split('(').next()?.trim().to_owned());
    signatures.iter().filter_map(of).collect()
}

/// The scope in which a script is compiled: fields as variables without a constant value.
pub(super) fn variables(names: &[String]) -> Scope<'static> {
    let mut scope = Scope::new();
    names.iter().for_each(|name| {
        scope.push_dynamic(name.as_str(), Dynamic::UNIT);
    });
    scope
}

/// The script compiled together with its modules.
pub(super) fn self_contained(
    engine: &Engine,
    names: &[String],
    task: &ScriptTask,
    text: &str,
    place: SourceMap,
) -> Result<AST, Diagnostics> {
    let scope = variables(if task.function.is_some() { &[] } else { names });
    // Modules are evaluated here.
    guard::begin(0);
    engine.compile_into_self_contained(&scope, text).map_err(|error| {
        let message = format!("the script has an error: {}", lowercase(&error.to_string()));
        Diagnostics::from(Diagnostic::new(Code::E0603, message).at(place.span(error.position())))
    })
}
