//! Calling a compiled script.

use std::sync::{Arc, LazyLock};

use accolade_core::eval::{column, row};
use accolade_core::frame::value_at;
use accolade_core::model::{TypedExpr, Value};
use accolade_core::script::{Script, ScriptExecution, ScriptFailure, ScriptField, ScriptLimits, ScriptResult};
use accolade_core::show;
use accolade_parser::Span;
use arrow::array::{Array, ArrayRef};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope};

use crate::lower::NotLowered;
use crate::memo::Memo;
use crate::runtime_error::describe;
use crate::source_map::LineSpans;
use crate::trace::Trace;
use crate::values::ScriptColumn;
use crate::{guard, return_types, trace, values};

/// Stack size in bytes for evaluating a script, however deeply it nests.
const STACK: usize = 64 << 20;

/// The deepest expression that is evaluated without growing the stack.
pub(crate) const SHALLOW: usize = 100;

/// What a call runs.
#[derive(Debug)]
pub(crate) enum EntryPoint {
    /// The whole text, its fields as variables.
    Text,
    /// A function; `with_text` if the statements outside of functions must run first.
    Function { name: String, with_text: bool },
}

/// Why a script failed, and where.
struct RunError {
    message: String,
    at: Option<Span>,
}

impl RunError {
    fn plain(message: String) -> RunError {
        RunError { message, at: None }
    }
}

/// The same script with a mark at each end, to find the one it reaches. It is compiled when that is first asked.
pub(crate) type InstrumentedScript = LazyLock<Option<AST>, Box<dyn FnOnce() -> Option<AST> + Send + Sync>>;

/// A compiled script.
pub(crate) struct RhaiScript {
    pub(crate) engine: Arc<Engine>,
    pub(crate) ast: AST,
    pub(crate) instrumented: InstrumentedScript,
    /// The script as an expression over its fields, or why it is not lowered.
    pub(crate) lowered: Result<TypedExpr, NotLowered>,
    /// Whether the lowered expression can be evaluated without growing the stack.
    pub(crate) shallow: bool,
    pub(crate) entry: EntryPoint,
    pub(crate) fields: Vec<ScriptField>,
    /// The names of the variables that hold them.
    pub(crate) variables: Vec<String>,
    pub(crate) gives: ScriptResult,
    pub(crate) limits: ScriptLimits,
    /// Whether the engine limits the time and memory of each call.
    pub(crate) guarded: bool,
    pub(crate) lines: LineSpans,
    pub(crate) trace: Option<Trace>,
    pub(crate) memo: Memo,
}

impl std::fmt::Debug for RhaiScript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RhaiScript").field("entry", &self.entry).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl RhaiScript {
    /// Runs the script. `given` returns the value of each field; `scope` is reused from call to call.
    fn run(
        &self,
        ast: &AST,
        scope: &mut Scope,
        customer: &Value,
        given: impl Fn(usize) -> Result<Dynamic, String>,
    ) -> Result<Value, RunError> {
        scope.clear();
        let mut arguments = Vec::new();
        for (index, variable) in self.variables.iter().enumerate() {
            let value = given(index).map_err(RunError::plain)?;
            match self.entry {
                EntryPoint::Text => {
                    scope.push_constant_dynamic(variable.as_str(), value);
                }
                EntryPoint::Function { .. } => arguments.push(value),
            }
        }
        if self.guarded {
            guard::begin(scope.len());
        }
        let result: Result<Dynamic, Box<EvalAltResult>> =
            trace::with_trace(self.trace.as_ref(), customer, || match &self.entry {
                EntryPoint::Text => self.engine.eval_ast_with_scope(scope, ast),
                EntryPoint::Function { name, with_text } => {
                    let options = CallFnOptions::new().eval_ast(*with_text).rewind_scope(true);
                    self.engine.call_fn_with_options(options, scope, ast, name, arguments)
                }
            });
        let result = if self.guarded { result.and_then(|value| guard::end().map(|()| value)) } else { result };
        match result {
            Ok(result) => values::from_script(&result, &self.gives).map_err(RunError::plain),
            Err(error) => {
                let (message, position) = describe(&error);
                Err(RunError { message, at: self.lines.span(position) })
            }
        }
    }

    /// Runs the script on one record, growing the stack if needed.
    fn run_record(&self, ast: &AST, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure> {
        let given = |index: usize| self.field_value(index, &record[index]);
        let run = || self.run(ast, &mut Scope::new(), customer, given);
        stacker::maybe_grow(STACK / 2, STACK, run).map_err(|failed| self.failure(failed, record))
    }

    /// A field's value as the script reads it. Fails when the value has more rows than a script may read.
    fn field_value(&self, index: usize, value: &Value) -> Result<Dynamic, String> {
        if let Value::Rows(rows) = value {
            self.check_rows(&self.fields[index], rows.as_ref().len())?;
        }
        values::into_script(value)
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

    fn failure(&self, RunError { message, at }: RunError, record: &[Value]) -> ScriptFailure {
        let read = self.fields.iter().zip(record).map(|(field, value)| (field.name.clone(), show::quoted(value)));
        ScriptFailure { message, at, inputs: read.collect() }
    }

    fn interpret(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: impl Iterator<Item = usize>,
    ) -> Result<Vec<Value>, (usize, ScriptFailure)> {
        let cells: Vec<ScriptColumn> = columns.iter().map(ScriptColumn::of).collect();
        let one = |row: usize, scope: &mut Scope| {
            let given = |index: usize| cells[index].get(row).or_else(|other| self.field_value(index, &other));
            let customer = if self.trace.is_some() { value_at(customers, row) } else { Value::Null };
            self.run(&self.ast, scope, &customer, given)
        };
        let mut scope = Scope::new();
        let mut results = Vec::with_capacity(rows.size_hint().0);
        for row in rows {
            results.push(one(row, &mut scope).map_err(|failed| {
                let record: Vec<Value> = columns.iter().map(|column| value_at(column, row)).collect();
                (row, self.failure(failed, &record))
            })?);
        }
        Ok(results)
    }

    /// Evaluates whole columns; the interpreter runs the rows in which the two may differ.
    fn call_lowered(
        &self,
        lowered: &TypedExpr,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: usize,
    ) -> Result<ArrayRef, (usize, ScriptFailure)> {
        let fields: Vec<Option<ArrayRef>> = columns.iter().map(|column| Some(Arc::clone(column))).collect();
        let evaluate = || column::evaluate_lowered(lowered, &fields, rows, 0);
        let (results, suspect) = stacker::maybe_grow(STACK / 2, STACK, evaluate);
        let must_have = matches!(&self.gives, ScriptResult::Value(returned) if !returned.nullable);
        let suspects: Vec<usize> =
            (0..rows).filter(|row| suspect[*row] || must_have && results.is_null(*row)).collect();
        if suspects.is_empty() {
            return Ok(results);
        }
        let asked = || self.interpret(customers, columns, suspects.iter().copied());
        let mut answers = stacker::maybe_grow(STACK / 2, STACK, asked)?.into_iter();
        let mut next = suspects.iter().peekable();
        let values = (0..rows).map(|row| match next.next_if(|suspect| **suspect == row) {
            Some(_) => answers.next().unwrap_or(Value::Null),
            None => value_at(&results, row),
        });
        Ok(values::column(values.collect(), &self.gives))
    }
}

impl RhaiScript {
    /// The lowered result for one record, or `None` where the interpreter has to run.
    fn lowered_row(&self, record: &[Value]) -> Option<Value> {
        let lowered = self.lowered.as_ref().ok().filter(|_| self.shallow)?;
        let result = row::evaluate_lowered(lowered, record, 0)?;
        match &self.gives {
            ScriptResult::Points => Some(values::exact_points(result)),
            ScriptResult::Value(returned) => (returned.nullable || !result.is_null()).then_some(result),
        }
    }
}

impl Script for RhaiScript {
    fn call(&self, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure> {
        if let Some(result) = self.lowered_row(record) {
            return Ok(result);
        }
        // A cached result would skip what the script prints.
        if self.trace.is_none()
            && let Some(known) = self.memo.find(record)
        {
            return Ok(known);
        }
        let result = self.run_record(&self.ast, customer, record)?;
        let result = if matches!(self.gives, ScriptResult::Points) { values::to_decimal(result) } else { result };
        self.memo.keep(record, &result);
        Ok(result)
    }

    fn call_columns(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: usize,
    ) -> Result<ArrayRef, (usize, ScriptFailure)> {
        if let Ok(lowered) = &self.lowered {
            return self.call_lowered(lowered, customers, columns, rows);
        }
        let results = stacker::maybe_grow(STACK / 2, STACK, || self.interpret(customers, columns, 0..rows))?;
        Ok(values::column(results, &self.gives))
    }

    fn returned_at(&self, customer: &Value, record: &[Value]) -> Option<Span> {
        let marked = self.instrumented.as_ref()?;
        let line = return_types::line_reached(|| self.run_record(marked, customer, record))?;
        self.lines.line(line)
    }

    fn execution(&self) -> ScriptExecution<'_> {
        match &self.lowered {
            Ok(lowered) => ScriptExecution::Columns(lowered),
            Err(why) => ScriptExecution::Interpreted(&why.reason, self.lines.span(why.at)),
        }
    }
}
