//! A scalar function of the expression language, with all of its properties.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::function_sql::FunctionSql;
use super::trend::FunctionTrend;
use crate::numbers::fraction::Fraction;
use crate::ops::{EvalResult, Fault};
use crate::sql::fraction::SqlFraction;
use crate::sql::tree::SqlExpr;
use crate::values::types::Type;
use crate::values::value::Value;

/// A scalar function.
///
/// Nothing outside its own file matches on its name: whatever a part of the engine asks of a function is a field here.
/// The texts of a function made at run time are leaked once (`String::leak`).
#[derive(Clone)]
pub struct Function {
    /// Its name in expressions.
    pub name: &'static str,
    /// The types of its arguments and result; the first signature that fits is used.
    pub signatures: &'static [Signature],
    /// One or two sentences: meaning, units, edge cases.
    pub doc: &'static str,
    /// Expressions and their results, run as tests.
    pub examples: &'static [(&'static str, &'static str)],
    /// The computation of a result.
    pub kernel: Kernel,
    /// A call in SQL.
    pub sql: FunctionSql,
    /// How the result moves with the arguments, for the nearest change.
    pub trend: FunctionTrend,
    /// Calls in scripts.
    pub scripts: ScriptCalls,
    /// Whether a call may be missing although no argument is.
    pub missing: MissingResult,
    /// The words for a call with two arguments: "`words` from a to b". Without them its name stands for it.
    pub phrase: Option<&'static str>,
}

/// One way to call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Types of the arguments.
    pub arguments: &'static [Type],
    /// Whether the last argument may be repeated.
    pub variadic: bool,
    /// Type of the result.
    pub returns: Type,
}

/// The result for one row. No argument is missing.
pub type RowKernel = fn(&[Value]) -> EvalResult<Value>;

/// A [`RowKernel`] with state of its own.
pub type ClosureKernel = dyn Fn(&[Value]) -> EvalResult<Value> + Send + Sync;

/// The results for whole columns of one length, or `None` for columns it does not take, which are then computed row by
/// row. A result is null where an argument is, and where a fault is reported with its row.
pub type ColumnKernel = fn(&[ArrayRef], &mut dyn FnMut(usize, Fault)) -> Option<ArrayRef>;

/// The computation of a function's result.
#[derive(Clone)]
pub enum Kernel {
    /// Row by row.
    Row(RowKernel),
    /// Row by row for a single record, by whole columns otherwise. Both give the same.
    Columns(RowKernel, ColumnKernel),
    /// Row by row, with state of its own: a kernel made at run time.
    Closure(Arc<ClosureKernel>),
    /// Row by row for values, and by fractions for numbers that are computed in the same expression. Both give the same.
    Fractions(RowKernel, FractionKernel),
}

/// The result for one row of exact numbers.
#[derive(Clone, Copy)]
pub enum FractionKernel {
    /// A number.
    Number {
        /// The number.
        apply: fn(&[Fraction]) -> EvalResult<Fraction>,
        /// Whether the type of the result may have to round what it is given.
        rounds: bool,
        /// The number in SQL, or the reason why this call has none.
        sql: fn(Vec<SqlFraction>) -> Result<SqlFraction, String>,
    },
    /// True or false.
    Truth {
        /// The truth.
        test: fn(&[Fraction]) -> bool,
        /// The truth in SQL, or the reason why this call has none.
        sql: fn(Vec<SqlFraction>) -> Result<SqlExpr, String>,
    },
}

/// How scripts may call a function.
#[derive(Clone, Copy, Debug)]
pub struct ScriptCalls {
    /// Whether a script that calls it may be evaluated by columns.
    pub lowering: CallLowering,
    /// The property of a date by which scripts call it: `year` for `year_of`, as in `day.year`.
    pub property: Option<&'static str>,
}

/// Whether the result of a call may be missing although no argument is.
#[derive(Clone, Copy, Debug)]
pub enum MissingResult {
    /// Never, unless it is too large for its type.
    Never,
    /// Where the function is undefined, which is a fault: the value is missing in an expression, and a script ends. Says
    /// whether a call with these literals may be; `None` stands for an argument that is no literal.
    Undefined(fn(&[Option<&Value>]) -> bool),
    /// With some numbers of arguments, without a fault.
    ByArguments(fn(usize) -> bool),
}

impl MissingResult {
    /// Whether a call in an expression may be missing. `literals` holds the value of each argument that is a literal.
    pub fn in_expressions(self, literals: &[Option<&Value>]) -> bool {
        match self {
            MissingResult::Never => false,
            MissingResult::Undefined(may_be) => may_be(literals),
            MissingResult::ByArguments(may_be) => may_be(literals.len()),
        }
    }

    /// Whether a call in a script with this number of arguments may be missing.
    pub fn in_scripts(self, arguments: usize) -> bool {
        match self {
            MissingResult::Never | MissingResult::Undefined(_) => false,
            MissingResult::ByArguments(may_be) => may_be(arguments),
        }
    }
}

/// Whether a script that calls a function may be evaluated by columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallLowering {
    /// Never: the interpreter has limits of its own for it.
    Never,
    /// With arguments of the types of a signature. Of other types the script language may have a function of that name.
    Exactly,
    /// With arguments of the types of a signature, or that widen to them.
    Widened,
}

impl ScriptCalls {
    /// Any call is left to the interpreter.
    pub const INTERPRETED: ScriptCalls = ScriptCalls { lowering: CallLowering::Never, property: None };
    /// Calls with the types of a signature are lowered.
    pub const EXACT: ScriptCalls = ScriptCalls { lowering: CallLowering::Exactly, property: None };
    /// Calls that widen to a signature are lowered too.
    pub const WIDENED: ScriptCalls = ScriptCalls { lowering: CallLowering::Widened, property: None };

    /// As [`EXACT`](Self::EXACT), for the property of a date.
    pub const fn property(name: &'static str) -> ScriptCalls {
        ScriptCalls { property: Some(name), ..ScriptCalls::EXACT }
    }
}

impl Signature {
    /// A signature with a fixed number of arguments.
    pub const fn fixed(arguments: &'static [Type], returns: Type) -> Signature {
        Signature { arguments, variadic: false, returns }
    }

    /// A signature whose last argument may be repeated.
    pub const fn variadic(arguments: &'static [Type], returns: Type) -> Signature {
        Signature { arguments, variadic: true, returns }
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// The result of a call; missing when an argument is.
    ///
    /// # Errors
    /// The fault of the kernel.
    pub fn apply(&self, arguments: &[Value]) -> EvalResult<Value> {
        if arguments.iter().any(Value::is_null) {
            return Ok(Value::Null);
        }
        match &self.kernel {
            Kernel::Row(kernel) | Kernel::Columns(kernel, _) | Kernel::Fractions(kernel, _) => kernel(arguments),
            Kernel::Closure(kernel) => kernel(arguments),
        }
    }

    /// The results of calls over whole columns; `None` where they are to be computed row by row.
    pub fn apply_columns(&self, arguments: &[ArrayRef], fault: &mut dyn FnMut(usize, Fault)) -> Option<ArrayRef> {
        match self.kernel {
            Kernel::Columns(_, kernel) => kernel(arguments, fault),
            Kernel::Row(_) | Kernel::Closure(_) | Kernel::Fractions(..) => None,
        }
    }
}
