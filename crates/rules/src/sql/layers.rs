//! A chain of queries, each adding columns that later ones may read.

use accolade_core::sql::tree::SqlExpr;

use super::dialect::Dialect;
use super::names::UniqueNames;
use super::spelling;

/// Columns that one query adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// The comments written above the query.
    pub(crate) comments: Vec<String>,
    pub(crate) columns: Vec<(String, SqlExpr)>,
}

/// A chain of queries over one base query.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    dialect: Dialect,
    pub(crate) names: UniqueNames,
    pub(crate) layers: Vec<Layer>,
}

impl Layers {
    pub(crate) fn new(dialect: Dialect) -> Layers {
        Layers { dialect, names: UniqueNames::new(dialect.longest_name()), layers: Vec::new() }
    }

    /// Begins a new query; a last query without columns is reused.
    pub(crate) fn begin(&mut self, comment: String) {
        match self.layers.last_mut() {
            Some(last) if last.columns.is_empty() => last.comments = vec![comment],
            _ => self.layers.push(Layer { comments: vec![comment], columns: Vec::new() }),
        }
    }

    /// Binds an expression to a column of this name, made unique, and returns the column.
    pub(crate) fn bind(&mut self, name: &str, expr: SqlExpr) -> SqlExpr {
        let settled = self.settle(expr, name);
        self.add(name, settled)
    }

    fn add(&mut self, name: &str, expr: SqlExpr) -> SqlExpr {
        if matches!(expr, SqlExpr::Column(_)) {
            return expr;
        }
        let known = self.layers.iter().flat_map(|layer| &layer.columns).find(|(_, known)| *known == expr);
        if let Some((name, _)) = known {
            return SqlExpr::Column(name.clone());
        }
        let mut reads_last = false;
        if let Some(last) = self.layers.last() {
            expr.for_each_column(&mut |column| reads_last |= last.columns.iter().any(|(name, _)| name == column));
        }
        if reads_last || self.layers.is_empty() {
            self.layers.push(Layer::default());
        }
        let name = self.names.unique(name);
        if let Some(last) = self.layers.last_mut() {
            last.columns.push((name.clone(), expr));
        }
        SqlExpr::Column(name)
    }

    /// The expression with every operand that would be written twice bound to a column.
    pub(crate) fn settle(&mut self, expr: SqlExpr, name: &str) -> SqlExpr {
        let settled = expr.map(&mut |operand| self.settle(operand, name));
        let SqlExpr::Apply(op, operands) = settled else { return settled };
        let mut plain = Vec::with_capacity(operands.len());
        for (index, operand) in operands.into_iter().enumerate() {
            let twice = !operand.is_plain() && spelling::repeats(op, self.dialect, index);
            plain.push(if twice { self.add(&format!("{name}, part"), operand) } else { operand });
        }
        SqlExpr::Apply(op, plain)
    }
}
