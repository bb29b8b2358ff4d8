//! Lowering: a script as an expression over whole columns.
//!
//! A script made of `let`, assignments, `if`, `switch`, `return`, operators and functions of the expression language
//! over single values is equivalent to one typed expression. Its operators are those of the expression language, on the
//! types that scripts compute with (integers, floats, decimals). The evaluation marks the rows in which an operator may
//! differ from the script's, and the interpreter runs those.

mod block;
mod branch;
mod expression;
mod missing;
mod narrow;
mod operator;
mod switch;
mod value;

use std::cell::Cell;
use std::sync::Arc;

use accolade_core::functions::Function;
use accolade_core::model::{Operation, Type, TypedExpr};
use accolade_core::script::{ScriptField, ScriptResult};
use rhai::{AST, Engine, Position};

use self::block::Variable;
use self::value::{LoweredValue, cast};

/// Why a script is not lowered, and the position of the cause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotLowered {
    pub(crate) reason: String,
    pub(crate) at: Position,
}

impl NotLowered {
    fn err<T>(reason: impl Into<String>, at: Position) -> Result<T, NotLowered> {
        Err(NotLowered { reason: reason.into(), at })
    }
}

type LoweringResult<T> = Result<T, NotLowered>;

/// The most nodes of a lowered expression.
const MOST_PARTS: usize = 5_000;

/// The most expressions and statements that are visited, each counted as often as it is reached.
const MOST_STEPS: usize = 20_000;

/// The context of a script that is being lowered.
struct Lowerer<'a> {
    engine: &'a Engine,
    text: &'a str,
    functions: &'a [Arc<Function>],
    /// Names of functions that the script itself defines.
    own: Vec<String>,
    gives: &'a ScriptResult,
    steps: Cell<usize>,
    deep: Cell<usize>,
}

impl Lowerer<'_> {
    /// Counts a visited node. The statements after a branch that returns are visited once for each branch.
    fn step(&self, at: Position) -> LoweringResult<()> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS { NotLowered::err("its expression would be too large", at) } else { Ok(()) }
    }
}

/// Lowers a script to an expression over `fields`, in their order.
///
/// `body` holds the statements as written, `whole` the functions that the script defines.
pub(crate) fn lower(
    engine: &Engine,
    text: &str,
    body: &AST,
    whole: &AST,
    fields: &[ScriptField],
    functions: &[Arc<Function>],
    gives: &ScriptResult,
) -> LoweringResult<TypedExpr> {
    let own = whole.iter_functions().map(|f| f.name.to_owned()).collect();
    let lowering = Lowerer { engine, text, functions, own, gives, steps: Cell::default(), deep: Cell::default() };
    let mut variables = Vec::new();
    let mut casts = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if field.ty == Type::Rows {
            return NotLowered::err(format!("it reads the rows of `{}`", field.name), Position::NONE);
        }
        let plain = TypedExpr::field(index, script_type(field.ty).unwrap_or(field.ty), field.nullable);
        // Money is a decimal in scripts: converted once, however often it is read.
        let read = if matches!(field.ty, Type::Money | Type::Score) {
            casts.push(cast(TypedExpr::field(index, field.ty, field.nullable), Type::Decimal));
            local(casts.len() - 1, Type::Decimal, field.nullable)
        } else {
            plain
        };
        variables.push(Variable { name: field.name.clone(), value: LoweredValue::of(read), is_field: true });
    }
    let result = lowering.block(body.statements(), variables, casts.len(), None)?;
    let lowered = casts.into_iter().rev().fold(result, |body, value| bind(value, body));
    let Some(lowered) = narrow::narrow_points(lowered) else {
        return NotLowered::err("its results are of different types", Position::NONE);
    };
    if lowered.size() > MOST_PARTS {
        return NotLowered::err("its expression would be too large", Position::NONE);
    }
    let nullable = missing::may_miss(&lowered, &mut Vec::new());
    Ok(TypedExpr { nullable, ..lowered })
}

/// The type of a field's value in a script, where it differs from the field's own.
fn script_type(ty: Type) -> Option<Type> {
    Some(match ty {
        Type::Percent => Type::Number,
        Type::Duration => Type::Integer,
        _ => return None,
    })
}

fn local(number: usize, ty: Type, nullable: bool) -> TypedExpr {
    TypedExpr { operation: Operation::Local(number), ty, nullable }
}

fn bind(value: TypedExpr, body: TypedExpr) -> TypedExpr {
    let (ty, nullable) = (body.ty, body.nullable);
    TypedExpr { operation: Operation::Let(Box::new(value), Box::new(body)), ty, nullable }
}
