//! The script host: compiling scripts.

mod texts;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use accolade_core::functions::Function;
use accolade_core::script::{
    AvailableInput, Script, ScriptField, ScriptFunction, ScriptHost, ScriptLimits, ScriptTask, ScriptText, UsedInput,
    UsedProperty,
};
use accolade_parser::{Code, Diagnostic, Diagnostics, count};
use rhai::{AST, Engine, ParseError};

use self::texts::{getters, only_imports, self_contained, variables, variables_of};
use crate::check::ScriptSummary;
use crate::compile_error::diagnostic;
use crate::memo::Memo;
use crate::modules::LoadedModules;
use crate::parts::PartVariables;
use crate::script::{EntryPoint, InstrumentedScript, RhaiScript, SHALLOW};
use crate::source_map::{LineSpans, SourceMap};
use crate::trace::Trace;
use crate::{engine, lower, parts, return_types};

/// The key of an engine: its limits, the addresses of its functions, and its use.
type EngineKey = (ScriptLimits, Vec<usize>, EngineKind);

/// An engine and its functions, kept so that no other function gets their addresses.
type CachedEngine = (Arc<Engine>, Vec<Arc<Function>>, Vec<Arc<ScriptFunction>>);

/// The engines made so far. Making one takes longer than compiling a script, and tests compile rule sets many times.
static ENGINES: LazyLock<Mutex<HashMap<EngineKey, CachedEngine>>> = LazyLock::new(Mutex::default);

/// The most engines that are kept.
const MOST_ENGINES: usize = 64;

/// What an engine is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum EngineKind {
    /// Lowered scripts, which have no loops and no functions of their own.
    Plain,
    /// Scripts whose time and memory must be limited.
    Guarded,
}

/// The engine for a task.
fn engine_for(task: &ScriptTask, wanted: EngineKind) -> Arc<Engine> {
    let own = task.functions.iter().map(|f| Arc::as_ptr(f).addr());
    let functions = own.chain(task.called.iter().map(|f| Arc::as_ptr(f).addr())).collect();
    let make = || Arc::new(engine::engine(task.limits, task.functions, task.called, wanted == EngineKind::Guarded));
    let Ok(mut engines) = ENGINES.lock() else { return make() };
    if engines.len() >= MOST_ENGINES {
        engines.clear();
    }
    let held = || (make(), task.functions.to_vec(), task.called.to_vec());
    let (engine, ..) = engines.entry((task.limits.clone(), functions, wanted)).or_insert_with(held);
    Arc::clone(engine)
}

/// Compiles and runs Rhai scripts.
#[derive(Default)]
pub struct RhaiHost {
    trace: Option<Trace>,
    interpreting: bool,
}

impl std::fmt::Debug for RhaiHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RhaiHost").finish_non_exhaustive()
    }
}

impl RhaiHost {
    /// A host that passes what scripts `print` and `debug` to `trace`.
    pub fn with_trace(trace: Trace) -> RhaiHost {
        RhaiHost { trace: Some(trace), ..RhaiHost::default() }
    }

    /// A host that interprets every script, for comparison with one that lowers scripts to columns.
    pub fn without_lowering() -> RhaiHost {
        RhaiHost { interpreting: true, ..RhaiHost::default() }
    }

    /// Compiles the text with `names` as variables and makes the checks that need no types.
    fn parse(&self, task: &ScriptTask, names: &[String]) -> Result<(Arc<Engine>, AST, ScriptSummary), Diagnostics> {
        let engine = engine_for(task, EngineKind::Guarded);
        let place = SourceMap(task.text);
        let given: &[String] = if task.function.is_some() { &[] } else { names };
        let failed = |error: ParseError| Diagnostics::from(diagnostic(place, &error, given));
        let ast = engine.compile_with_scope(&variables(given), task.text.text).map_err(failed)?;
        let contents = ScriptSummary::of(&ast);
        let mut out = Diagnostics::new();
        contents.unknown_functions(&engine, &ast, task.declared, place, &mut out);
        contents.too_large(place, &mut out);
        contents.changed(given, place, &mut out);
        contents.captured(names, place, &mut out);
        if out.has_errors() {
            return Err(out);
        }
        Ok((engine, ast, contents))
    }
}

impl ScriptHost for RhaiHost {
    fn used_inputs(&self, task: &ScriptTask, names: &[AvailableInput]) -> Result<Vec<UsedInput>, Diagnostics> {
        let all: Vec<String> = names.iter().map(|n| n.name.clone()).collect();
        let (engine, _, contents) = self.parse(task, &all)?;
        let mut out = Diagnostics::new();
        contents.unknown_columns(names, SourceMap(task.text), &mut out);
        if out.has_errors() {
            return Err(out);
        }
        // A name of the script hides a field. Where the script has both, it does not compile without the field.
        let compiles_without = |name: &str| {
            let others: Vec<String> = all.iter().filter(|other| *other != name).cloned().collect();
            engine.compile_with_scope(&variables(&others), task.text.text).is_ok()
        };
        let read = names.iter().filter(|n| {
            contents.variables.contains_key(&n.name) && !(contents.declares(&n.name) && compiles_without(&n.name))
        });
        let properties = contents.property_reads().next().is_some();
        let getters = if properties { getters(&engine) } else { Vec::new() };
        let of = |readable: &AvailableInput| {
            let named = |column: &&String| contents.properties.as_ref().is_none_or(|p| p.contains(*column));
            let columns = readable.columns.iter().flatten().filter(named).cloned().collect();
            let properties = contents.property_reads().filter(|read| read.variable == readable.name);
            let properties = properties.map(|read| UsedProperty {
                name: read.property.clone(),
                span: SourceMap(task.text).span(read.at),
                known: getters.contains(&read.property),
            });
            let uses = contents.variables.get(&readable.name).copied().unwrap_or(0);
            UsedInput { name: readable.name.clone(), columns, uses, properties: properties.collect() }
        };
        Ok(read.map(of).collect())
    }

    fn called_functions(&self, task: &ScriptTask, names: &[AvailableInput]) -> Result<Vec<String>, Diagnostics> {
        if task.declared.is_empty() {
            return Ok(Vec::new());
        }
        let all: Vec<String> = names.iter().map(|n| n.name.clone()).collect();
        let (engine, ast, contents) = self.parse(task, &all)?;
        let mut out = Diagnostics::new();
        let modules = LoadedModules::read(&engine, &contents, task, &mut out);
        if out.has_errors() {
            return Err(out);
        }
        let own: Vec<&str> = ast.iter_functions().map(|f| f.name).collect();
        let called = |name: &str| contents.called().any(|c| c == name) && !own.contains(&name);
        let declared = task.declared.iter().map(|(name, _)| name);
        Ok(declared.filter(|name| called(name) || modules.called.contains(*name)).cloned().collect())
    }

    fn compile(&self, task: &ScriptTask, fields: &[ScriptField]) -> Result<Box<dyn Script>, Diagnostics> {
        let written: Vec<String> = fields.iter().map(|f| f.name.clone()).collect();
        let read = variables_of(&written);
        let (_, _, contents) = self.parse(task, &read)?;
        let place = SourceMap(task.text);
        let PartVariables { text, names } = parts::as_variables(&contents, fields, place)?;
        let inputs: Vec<ScriptField> = fields
            .iter()
            .zip(&names)
            .map(|(field, name)| ScriptField { name: name.clone(), ..field.clone() })
            .collect();
        let task = &ScriptTask { text: ScriptText { text: &text, ..task.text }, ..*task };
        let (engine, ast, contents) = self.parse(task, &names)?;
        let mut out = Diagnostics::new();
        let loaded = LoadedModules::read(&engine, &contents, task, &mut out);
        let body = match task.function {
            None => Ok(ast.clone()),
            Some(name) => self.body(task, &ast, name, &inputs),
        };
        let body = match body {
            Ok(body) => body,
            Err(findings) => {
                out.extend(findings);
                return Err(out);
            }
        };
        let tails = return_types::return_sites(body.statements());
        return_types::check_return_types(&tails, task.result, place, &mut out);
        if out.has_errors() {
            return Err(out);
        }
        drop(engine);
        let unfolded = engine_for(task, EngineKind::Plain);
        let text = task.text.text;
        let lowered = if self.interpreting {
            Err(lower::NotLowered { reason: "scripts are interpreted".to_owned(), at: rhai::Position::NONE })
        } else {
            lower::lower(&unfolded, text, &body, &ast, &inputs, task.functions, task.result)
        };
        let marked = return_types::instrument(task.text.text, &tails, place);
        let (ast, instrumented): (AST, InstrumentedScript) = if contents.imports.is_empty() {
            let given = if task.function.is_some() { Vec::new() } else { names.clone() };
            let guarded = engine_for(task, EngineKind::Guarded);
            let compile = move || guarded.compile_with_scope(&variables(&given), marked).ok();
            (ast, LazyLock::new(Box::new(compile)))
        } else {
            let mut importing = engine::engine(task.limits, task.functions, task.called, true);
            loaded.resolved_by(&mut importing);
            let ast = self_contained(&importing, &names, task, task.text.text, place)?;
            let marked = self_contained(&importing, &names, task, &marked, place).ok();
            (ast, LazyLock::new(Box::new(move || marked)))
        };
        // A lowered script does a little for each of its operators, and ends.
        let guarded = contents.repeats || lowered.is_err();
        let engine = engine_for(task, if guarded { EngineKind::Guarded } else { EngineKind::Plain });
        let entry = match task.function {
            None => EntryPoint::Text,
            // The function must see the imports at the top of the text.
            Some(name) => EntryPoint::Function { name: name.to_owned(), with_text: !ast.statements().is_empty() },
        };
        Ok(Box::new(RhaiScript {
            engine,
            ast,
            instrumented,
            shallow: lowered.as_ref().is_ok_and(|expr| !expr.is_deeper_than(SHALLOW)),
            lowered,
            entry,
            fields: fields.to_vec(),
            variables: names,
            gives: task.result.clone(),
            limits: task.limits.clone(),
            guarded,
            lines: LineSpans::of(task.text),
            trace: self.trace.clone(),
            memo: Memo::default(),
        }))
    }

    fn canonical_text(&self, text: &str) -> String {
        // A text that cannot be read again, such as one with an error, stays as it is written.
        Engine::new_raw().compact_script(text).unwrap_or_else(|_| text.to_owned())
    }
}

impl RhaiHost {
    /// The body of a function compiled as a text of its own, every character at its original position.
    fn body(&self, task: &ScriptTask, ast: &AST, name: &str, fields: &[ScriptField]) -> Result<AST, Diagnostics> {
        let place = SourceMap(task.text);
        let missing = || {
            let parameters: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
            let arguments = count(fields.len(), "argument");
            let message = format!("the script defines no function `{name}` of {arguments}");
            let help = format!("add `fn {name}({}) {{ … }}`", parameters.join(", "));
            Diagnostics::from(Diagnostic::new(Code::E0603, message).at(place.span(rhai::Position::NONE)).help(help))
        };
        let function = ast.iter_fn_def().find(|f| f.name == name && f.params.len() == fields.len());
        let function = function.ok_or_else(missing)?;
        let differs = function.params.iter().zip(fields).find(|(own, field)| own.as_str() != field.name);
        if let Some((own, field)) = differs {
            let message = format!("the argument `{own}` of `{name}` is declared as `{}`", field.name);
            let at = place.span(function.body.start_position());
            return Err(Diagnostics::from(
                Diagnostic::new(Code::E0603, message).at(at).help("name the arguments alike, in the same order"),
            ));
        }
        let (start, end) = (place.index(function.body.start_position()), place.index(function.body.end_position()));
        let text = task.text.text;
        let (start, end) = (start.unwrap_or(0), end.map_or(text.len(), |end| end + 1));
        let before = only_imports(text.get(..start).unwrap_or(""), ast, place);
        let body = format!("{before}{}", text.get(start..end).unwrap_or(""));
        let names: Vec<String> = fields.iter().map(|f| f.name.clone()).collect();
        self.as_written(task, &body, &names)
    }

    fn as_written(&self, task: &ScriptTask, text: &str, names: &[String]) -> Result<AST, Diagnostics> {
        let failed = |error: ParseError| Diagnostics::from(diagnostic(SourceMap(task.text), &error, names));
        engine_for(task, EngineKind::Plain).compile_with_scope(&variables(names), text).map_err(failed)
    }
}

#[cfg(test)]
mod tests;
