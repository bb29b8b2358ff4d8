//! Calls of functions in SQL.

use super::expr::TypedExpr;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType};
use crate::values::types::Type;

/// A call of a function in SQL.
#[derive(Clone, Copy, Debug)]
pub enum FunctionSql {
    /// None: databases do not give the same result to the last digit.
    None,
    /// An operator over the arguments in their order.
    Operator(SqlOp),
    /// An expression over the arguments, or the reason why this call has none.
    Call(fn(&mut SqlCall) -> Result<SqlExpr, String>),
}

/// A call that is turned into SQL.
pub struct SqlCall<'a> {
    /// The name of the function.
    pub function: &'a str,
    /// The arguments.
    pub arguments: &'a [TypedExpr],
    /// The arguments in SQL. Each is a literal or a column, so it may be used more than once.
    pub operands: Vec<SqlExpr>,
    /// The type of the result.
    pub returns: Type,
    /// Gives an expression a column of its own.
    pub column: &'a mut dyn FnMut(SqlExpr) -> SqlExpr,
}

impl std::fmt::Debug for SqlCall<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlCall").field("function", &self.function).field("operands", &self.operands).finish()
    }
}

impl SqlCall<'_> {
    /// The argument of this index.
    pub fn operand(&self, index: usize) -> SqlExpr {
        self.operands.get(index).cloned().unwrap_or(SqlExpr::Null(SqlType::Text))
    }

    /// The type of the first argument.
    pub fn first_type(&self) -> Type {
        self.arguments.first().map_or(self.returns, |argument| argument.ty)
    }

    /// An expression that is used more than once, as a column.
    pub fn bind(&mut self, expr: SqlExpr) -> SqlExpr {
        (self.column)(expr)
    }

    /// The result where no argument is missing, for functions of databases that ignore missing arguments.
    pub fn null_if_argument_missing(&self, result: SqlExpr) -> SqlExpr {
        let nullable = self.arguments.iter().zip(&self.operands).filter(|(argument, _)| argument.nullable);
        let present: Vec<SqlExpr> =
            nullable.map(|(_, operand)| SqlExpr::apply(SqlOp::Not, [operand.clone().is_null()])).collect();
        if present.is_empty() {
            return result;
        }
        SqlExpr::case(
            vec![(SqlExpr::all(present), result)],
            SqlExpr::Null(SqlType::of(self.returns).unwrap_or(SqlType::Text)),
        )
    }

    /// The reason why a call has no SQL, where databases do not give the same result to the last digit.
    pub fn no_counterpart(&self) -> String {
        format!("the function `{}` has no counterpart that gives the same to the last digit", self.function)
    }
}
