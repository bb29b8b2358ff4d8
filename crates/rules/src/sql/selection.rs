//! The rows of a source that are read, and a key that is computed from their columns.

use accolade_core::model::{SourceRole, Type};
use accolade_core::sql::tree::SqlExpr;
use accolade_parser::Diagnostics;

use super::aggregates::EventQuery;
use super::lower::{SqlLowering, SqlScope};

/// What selects the rows of a source.
#[derive(Clone, Debug)]
pub(crate) struct SourceSelection {
    /// The columns that the condition and the key read, and those computed from them.
    pub(crate) query: EventQuery,
    pub(crate) condition: Option<SqlExpr>,
    pub(crate) key: Option<SqlExpr>,
}

impl SqlLowering<'_> {
    /// Writes the condition and the computed key of every source that has one.
    ///
    /// # Errors
    /// Fails with E0901 when one has no SQL: without it the statement would read other rows.
    pub(crate) fn select_rows(&mut self) -> Result<(), Diagnostics> {
        for (index, source) in self.demand.sources.iter().enumerate() {
            self.step = (format!("{}.aliases", source.name), Some(source.span));
            if matches!(source.role, SourceRole::Aliases { .. }) {
                return Err(self.refuse("a chain of merges has no end that a query knows"));
            }
            self.step = (format!("{}.time_zone", source.name), Some(source.span));
            let has_times = source.stored().iter().any(|column| matches!(column.ty, Type::Date | Type::DateTime));
            if source.time_zone.is_some() && has_times {
                return Err(self.refuse("a database converts instants to the time zone of its session"));
            }
            if source.filter.is_none() && source.computed_key().is_none() {
                continue;
            }
            let query = EventQuery::new(source, self.dialect);
            self.selections[index] = Some(SourceSelection { query, condition: None, key: None });
            let scope = SqlScope::Row(index);
            self.step = (format!("{}.where", source.name), Some(source.span));
            let condition = source.filter.as_ref().map(|filter| self.lowered(filter, scope)).transpose()?;
            self.step.0 = format!("{}.key", source.name);
            let key = source.computed_key().map(|key| self.lowered(key, scope)).transpose()?;
            if let Some(selection) = &mut self.selections[index] {
                (selection.condition, selection.key) = (condition, key);
            }
        }
        Ok(())
    }
}
