//! The table that executors read, for plans.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::expressions::col;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;

use crate::leaf::PartsExec;
use crate::task_request::TaskRequest;

/// The table of the rows of an order.
#[derive(Debug)]
pub(crate) struct TaskTable {
    pub(crate) order: Arc<TaskRequest>,
    pub(crate) schema: SchemaRef,
}

#[async_trait::async_trait]
impl TableProvider for TaskTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let parts = Arc::new(PartsExec::all(Arc::clone(&self.order))?);
        let Some(projection) = projection else { return Ok(parts) };
        let kept = projection.iter().map(|i| {
            let name = self.schema.field(*i).name();
            Ok((col(name, &self.schema)?, name.clone()))
        });
        Ok(Arc::new(ProjectionExec::try_new(kept.collect::<Result<Vec<_>>>()?, parts)?))
    }
}
