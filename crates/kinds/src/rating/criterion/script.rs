//! A criterion whose points come from a script.

use accolade_core::decimal;
use accolade_core::frame::{column, value_at};
use accolade_core::model::script::{ScriptExecution, ScriptFailure};
use accolade_core::model::{Type, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_core::script::ScriptResult;
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Diagnostics, Name, Span};
use accolade_rules::analysis::{Analyser, RecordScript};
use accolade_rules::explain::{Field, Response, SourceText};
use accolade_rules::set::{ChangeableField, Customers, RuleContext};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;

use super::super::points::{Ramp, Scale, decimal_points};

#[derive(Debug)]
pub(super) struct CriterionScript {
    name: Name,
    compiled: RecordScript,
    fields: Vec<Field>,
    /// The name of the script file, or the text that stands for a script in the rule file.
    pub(super) written: SourceText,
}

/// Reads `script:`.
pub(super) fn compile_script(node: &Node, name: &Name, analyser: &mut Analyser) -> Option<CriterionScript> {
    let scalar = fields::text(node, analyser.out)?;
    let source = analyser.script_source(scalar)?;
    let compiled = analyser.record_script(&source, &ScriptResult::Points)?;
    let fields = compiled.reads.iter().map(|slot| analyser.field_of_slot(*slot)).collect();
    Some(CriterionScript { name: name.clone(), compiled, fields, written: source.written })
}

impl CriterionScript {
    /// The fields it reads.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// How it is run.
    pub(super) fn lowering(&self) -> ScriptExecution<'_> {
        self.compiled.script.execution()
    }

    /// Whether it may give no points.
    pub(super) fn nullable(&self) -> bool {
        match self.lowering() {
            ScriptExecution::Columns(expr) => expr.nullable,
            ScriptExecution::Interpreted(..) => true,
        }
    }

    pub(super) fn points(&self, batch: &Customers, scale: Scale) -> Result<Vec<Option<i64>>, Diagnostics> {
        let columns: Vec<ArrayRef> =
            self.compiled.reads.iter().map(|slot| column(batch.frame, *slot).cloned()).collect::<Result<_, _>>()?;
        let customers = column(batch.frame, 0)?;
        match self.compiled.script.call_columns(customers, &columns, batch.frame.rows) {
            Ok(values) => Ok(points_of(&values, scale)),
            Err((row, failure)) => Err(self.failed(&batch.context, &value_at(customers, row), &failure)),
        }
    }

    pub(super) fn points_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        scale: Scale,
    ) -> Result<Option<i64>, Diagnostics> {
        let customer = record.first().unwrap_or(&Value::Null);
        match self.compiled.script.call(customer, &self.values(record)) {
            Ok(Value::Decimal(points)) => Ok(Some(decimal_points(points, scale))),
            Ok(_) => Ok(None),
            Err(failure) => Err(self.failed(context, customer, &failure)),
        }
    }

    /// Where the script returned.
    pub(super) fn returned_at(&self, record: &[Value]) -> Option<Span> {
        self.compiled.script.returned_at(record.first().unwrap_or(&Value::Null), &self.values(record))
    }

    /// How its points respond to a changed field; `None` if that is not known.
    pub(super) fn response(&self, changeable: &ChangeableField) -> Option<Response> {
        if let ScriptExecution::Columns(expr) = self.lowering() {
            let over_slots = expr.inline_lets(&self.compiled.reads);
            if let Some(response) = over_slots.and_then(|expr| changeable.response_of(&expr)) {
                return Some(response);
            }
        }
        let fields = self.fields.iter().map(|f| changeable.response(f.slot));
        fields.into_iter().try_fold(changeable.constant(), |all, one| all.both_constant(&one?))
    }

    fn values(&self, record: &[Value]) -> Vec<Value> {
        let value = |slot: &usize| record.get(*slot).cloned().unwrap_or(Value::Null);
        self.compiled.reads.iter().map(value).collect()
    }

    fn failed(&self, context: &RuleContext, customer: &Value, failure: &ScriptFailure) -> Diagnostics {
        let what = format!("`{}`: the script of `{}`", context.rule, self.name.value);
        Diagnostics::from(failure.diagnostic(&what, customer, self.name.span, "this criterion"))
    }
}

/// A script's numbers as points, kept on the scale.
fn points_of(values: &ArrayRef, scale: Scale) -> Vec<Option<i64>> {
    let rows = 0..values.len();
    if let Some(decimals) = values.as_fixed_size_binary_opt() {
        let points = |row| decimals.is_valid(row).then(|| decimal_points(decimal::value(decimals, row), scale));
        return rows.map(points).collect();
    }
    let ty = if values.data_type() == &DataType::Int64 { Type::Integer } else { Type::Number };
    let (Some(keys), Some(domain)) = (KeyColumn::of(values), Domain::of(ty)) else { return vec![None; values.len()] };
    rows.map(|row| keys.get(row).map(|key| Ramp::Direct.points(key, domain, scale))).collect()
}
