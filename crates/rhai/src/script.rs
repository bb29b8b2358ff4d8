//! Calling a compiled script.

use std::sync::Arc;

use accolade_engine::frame::{array_of, value_at};
use accolade_engine::plugins::{Gives, Lowering, Script, ScriptFailure, ScriptField, ScriptLimits, ScriptTask};
use accolade_engine::{Type, Value, show};
use accolade_parser::Span;
use arrow::array::{Array, ArrayRef};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Position, Scope};

use crate::host::lowercase;
use crate::place::Lines;
use crate::trace::{self, Trace};
use crate::{guard, tails, values};

/// Bytes of stack that the deepest script may take.
const STACK: usize = 16 << 20;

/// What is called.
#[derive(Debug)]
pub(crate) enum Entry {
    /// The whole text, its fields as variables.
    Text,
    /// A function; `with_text` if what stands outside of functions must run first.
    Function { name: String, with_text: bool },
}

pub(crate) struct RhaiScript {
    engine: Arc<Engine>,
    ast: AST,
    entry: Entry,
    fields: Vec<ScriptField>,
    gives: Gives,
    limits: ScriptLimits,
    /// The same, noting the end it reaches.
    marked: Option<AST>,
    guarded: bool,
    lines: Lines,
    trace: Option<Trace>,
}

impl std::fmt::Debug for RhaiScript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RhaiScript").field("entry", &self.entry).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl RhaiScript {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        engine: Arc<Engine>,
        ast: AST,
        marked: Option<AST>,
        entry: Entry,
        fields: Vec<ScriptField>,
        task: &ScriptTask,
        guarded: bool,
        lines: Lines,
        trace: Option<Trace>,
    ) -> RhaiScript {
        let (gives, limits) = (task.gives.clone(), task.limits.clone());
        RhaiScript { engine, ast, entry, fields, gives, limits, marked, guarded, lines, trace }
    }

    /// Runs the script, a scope of which is kept from call to call.
    fn run(&self, ast: &AST, scope: &mut Scope, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure> {
        let plain = |message: String| self.failure(message, None, record);
        let mut given = Vec::with_capacity(record.len());
        for (field, value) in self.fields.iter().zip(record) {
            if let Value::Rows(rows) = value {
                self.check_rows(field, rows.as_ref().len()).map_err(plain)?;
            }
            given.push(values::into_script(value).map_err(plain)?);
        }
        if self.guarded {
            guard::begin();
        }
        scope.clear();
        let result: Result<Dynamic, Box<EvalAltResult>> =
            trace::heard(self.trace.as_ref(), customer, || match &self.entry {
                Entry::Text => {
                    for (field, value) in self.fields.iter().zip(given) {
                        scope.push_constant_dynamic(field.name.as_str(), value);
                    }
                    self.engine.eval_ast_with_scope(scope, ast)
                }
                Entry::Function { name, with_text } => {
                    let options = CallFnOptions::new().eval_ast(*with_text).rewind_scope(true);
                    self.engine.call_fn_with_options(options, scope, ast, name, given)
                }
            });
        match result {
            Ok(result) => values::from_script(&result, &self.gives).map_err(plain),
            Err(error) => {
                let (message, position) = told(&error);
                Err(self.failure(message, self.lines.span(position), record))
            }
        }
    }

    fn check_rows(&self, field: &ScriptField, rows: usize) -> Result<(), String> {
        let most = self.limits.get("rows");
        if rows as u64 <= most {
            return Ok(());
        }
        Err(format!(
            "the customer has {rows} rows of `{}`, more than the {most} that a script may see; see `rows` of `script_limits`",
            field.name
        ))
    }

    fn failure(&self, message: String, at: Option<Span>, record: &[Value]) -> ScriptFailure {
        let read = self.fields.iter().zip(record).map(|(field, value)| (field.name.clone(), show::quoted(value)));
        ScriptFailure { message, at, read: read.collect() }
    }

    fn interpret(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: impl Iterator<Item = usize>,
    ) -> Result<Vec<Value>, (usize, ScriptFailure)> {
        let mut scope = Scope::new();
        let mut results = Vec::new();
        for row in rows {
            let record: Vec<Value> = columns.iter().map(|column| value_at(column, row)).collect();
            let customer = if self.trace.is_some() { value_at(customers, row) } else { Value::Null };
            let result = self.run(&self.ast, &mut scope, &customer, &record);
            results.push(result.map_err(|failure| (row, failure))?);
        }
        Ok(results)
    }

    fn gives_type(&self) -> Type {
        match &self.gives {
            Gives::Points => Type::Decimal,
            Gives::Value(returned) => returned.ty,
        }
    }
}

impl Script for RhaiScript {
    fn call(&self, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure> {
        stacker::maybe_grow(STACK / 2, STACK, || self.run(&self.ast, &mut Scope::new(), customer, record))
    }

    fn call_columns(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: usize,
    ) -> Result<ArrayRef, (usize, ScriptFailure)> {
        let results = stacker::maybe_grow(STACK / 2, STACK, || self.interpret(customers, columns, 0..rows))?;
        Ok(array_of(self.gives_type(), results.into_iter()))
    }

    fn returned_at(&self, customer: &Value, record: &[Value]) -> Option<Span> {
        let marked = self.marked.as_ref()?;
        let run = || self.run(marked, &mut Scope::new(), customer, record);
        let line = tails::reached(|| stacker::maybe_grow(STACK / 2, STACK, run))?;
        self.lines.line(line)
    }

    fn lowering(&self) -> Lowering<'_> {
        Lowering::Interpreted("", None)
    }
}

/// What an error says and where in the script it happened: inside functions, where the script calls them.
fn told(error: &EvalAltResult) -> (String, Position) {
    let place = error.position();
    let mut inner = error;
    let mut module = None;
    while let EvalAltResult::ErrorInFunctionCall(_, source, cause, _) | EvalAltResult::ErrorInModule(source, cause, _) =
        inner
    {
        if !source.is_empty() {
            module = Some((source.clone(), cause.position()));
        }
        inner = cause;
    }
    // Within the script's own text the innermost place says most.
    let position = if module.is_none() && !inner.position().is_none() { inner.position() } else { place };
    let mut bare = match inner {
        EvalAltResult::ErrorTerminated(why, _) => why.to_string(),
        other => {
            let text = other.to_string();
            let cut = text.rfind(" (line ").unwrap_or(text.len());
            lowercase(&text[..cut])
        }
    };
    if let Some((source, at)) = module {
        let line = at.line().map_or(String::new(), |line| format!(", line {line}"));
        bare = format!("{bare} (in module `{source}`{line})");
    }
    (bare, position)
}
