//! Calling a compiled script.

use std::cell::Cell;
use std::sync::Arc;

use accolade_engine::frame::{array_of, value_at};
use accolade_engine::functions::Function;
use accolade_engine::plugins::{Gives, Lowering, Script, ScriptFailure, ScriptField, ScriptLimits, ScriptTask};
use accolade_engine::{Type, Value, show};
use accolade_parser::Span;
use arrow::array::{Array, ArrayRef};
use rhai::debugger::DebuggerCommand;
use rhai::{AST, ASTNode, CallFnOptions, Dynamic, Engine, EvalAltResult, Position, Scope, Stmt};

use crate::host::lowercase;
use crate::place::Lines;
use crate::trace::{self, Trace};
use crate::{engine, guard, values};

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
    functions: Vec<&'static Function>,
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
        entry: Entry,
        fields: Vec<ScriptField>,
        task: &ScriptTask,
        guarded: bool,
        lines: Lines,
        trace: Option<Trace>,
    ) -> RhaiScript {
        let (gives, limits, functions) = (task.gives.clone(), task.limits.clone(), task.functions.to_vec());
        RhaiScript { engine, ast, entry, fields, gives, limits, functions, guarded, lines, trace }
    }

    /// Runs the script on an engine, a scope of which is kept from call to call.
    fn run(
        &self,
        engine: &Engine,
        scope: &mut Scope,
        customer: &Value,
        record: &[Value],
    ) -> Result<Value, ScriptFailure> {
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
                    engine.eval_ast_with_scope(scope, &self.ast)
                }
                Entry::Function { name, with_text } => {
                    let options = CallFnOptions::new().eval_ast(*with_text).rewind_scope(true);
                    engine.call_fn_with_options(options, scope, &self.ast, name, given)
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
            let result = self.run(&self.engine, &mut scope, &customer, &record);
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
        stacker::maybe_grow(STACK / 2, STACK, || self.run(&self.engine, &mut Scope::new(), customer, record))
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
        let mut engine = engine::engine(&self.limits, &self.functions, true);
        follow(&mut engine);
        LAST.set(Last::default());
        stacker::maybe_grow(STACK / 2, STACK, || self.run(&engine, &mut Scope::new(), customer, record)).ok()?;
        self.lines.span(LAST.get().at)
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

#[derive(Clone, Copy, Default)]
struct Last {
    at: Position,
    in_switch: bool,
}

thread_local! {
    /// The last statement that ran at the top of the script.
    static LAST: Cell<Last> = const { Cell::new(Last { at: Position::NONE, in_switch: false }) };
}

/// Has an engine note which statement runs.
fn follow(engine: &mut Engine) {
    #[allow(deprecated)] // Not deprecated, says its message, but apt to change.
    engine.register_debugger(
        |_, debugger| debugger,
        |context, _, node, _, position| {
            if context.call_level() <= 1 {
                match node {
                    ASTNode::Stmt(Stmt::Switch(..)) => LAST.set(Last { at: position, in_switch: true }),
                    ASTNode::Stmt(_) => LAST.set(Last { at: position, in_switch: false }),
                    ASTNode::Expr(_) if LAST.get().in_switch => LAST.set(Last { at: position, in_switch: true }),
                    _ => {}
                }
            }
            Ok(DebuggerCommand::StepInto)
        },
    );
}
