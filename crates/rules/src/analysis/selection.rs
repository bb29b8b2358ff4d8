//! The expressions of a source: the condition that its rows meet, and the key that is computed from their columns.

use accolade_core::model::{Column, Type, TypedExpr, Value};
use accolade_parser::Span;
use accolade_parser::expr::ast::Expr;
use accolade_parser::syntax::file::KeyDecl;

use super::expr::Scope;
use super::{Analyser, aggregates};

/// The place of a computed key among the columns, until its expression is analysed.
pub(super) fn uncomputed(span: Span) -> Column {
    Column {
        name: String::new(),
        ty: Type::Text,
        nullable: true,
        range: None,
        allowed: None,
        narrowing_reason: None,
        computed: Some(TypedExpr::literal(Value::Null, Type::Text)),
        span,
    }
}

impl<'a> Analyser<'a> {
    /// Analyses the expressions of every source.
    pub(super) fn source_expressions(&mut self) {
        let file: &'a _ = self.file;
        for index in 0..self.sources.len() {
            let Some(written) = file.sources.get(&self.sources[index].name) else { continue };
            if let Some(filter) = &written.filter {
                self.sources[index].filter = self.condition(filter, Scope::Row(index));
            }
            if let Some(KeyDecl::Computed(expr)) = written.key.as_ref().or(written.customer.as_ref())
                && let Some(typed) = self.expression(expr, Scope::Row(index), None)
                && let name = self.key_name(expr)
                && let Some(column) = self.sources[index].columns.last_mut()
            {
                (column.name, column.ty, column.nullable) = (name, typed.ty, typed.nullable);
                column.computed = Some(typed);
            }
        }
    }

    /// The name of a computed key: that of the only column it is made of, else a name that nothing else has.
    fn key_name(&self, expr: &Expr) -> String {
        let mut columns: Vec<String> = Vec::new();
        aggregates::paths(expr, true, &mut |path| {
            // A column may be named with its table.
            columns.extend(path.last().map(|name| name.value.clone()).filter(|name| name != "as_of"));
        });
        columns.sort();
        columns.dedup();
        match &columns[..] {
            [only] => only.clone(),
            _ if self.names.contains_key("customer") => "customer_key".to_owned(),
            _ => "customer".to_owned(),
        }
    }
}
