//! Calls of functions as SQL; each function writes its own.

use accolade_core::model::{Function, FunctionSql, SqlCall, Type, TypedExpr};
use accolade_core::sql::tree::SqlExpr;
use accolade_parser::Diagnostics;

use super::lower::{SqlLowering, SqlScope};

impl SqlLowering<'_> {
    pub(super) fn call(
        &mut self,
        function: &Function,
        arguments: &[TypedExpr],
        returns: Type,
        scope: SqlScope,
    ) -> Result<SqlExpr, Diagnostics> {
        let mut operands = Vec::new();
        for argument in arguments {
            let lowered = self.lowered(argument, scope)?;
            operands.push(self.bind_in(scope, lowered));
        }
        let column = &mut |expr| self.bind_in(scope, expr);
        let mut call = SqlCall { function: function.name, arguments, operands, returns, column };
        let written = match function.sql {
            FunctionSql::None => Err(call.no_counterpart()),
            FunctionSql::Operator(op) => Ok(SqlExpr::Apply(op, call.operands)),
            FunctionSql::Call(write) => write(&mut call),
        };
        written.map_err(|why| self.refuse(&why))
    }
}
