//! Segments by decision list: the first condition that holds names the segment.

use accolade_core::frame::{column, value_at};
use accolade_core::model::{SlotId, Value};
use accolade_core::show;
use accolade_core::sql::tree::SqlExpr;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::analysis::{Analyser, Key, RuleKind, Shape, WrittenLabel};
use accolade_rules::decision::{DecisionList, HitPolicy, ListSpec};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Derivation, Response};
use accolade_rules::present::SummaryTable;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    Calibration, ChangeableField, CompiledRule, Customers, Describe, DescribeContext, Explain, PreparedCutOffs,
    Present, Rate, RuleContext, RuleOutput, RuleResults, ToSql,
};
use accolade_rules::sql::{SqlLowering, SqlScope};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::labels;

const HITS: &[&str] = &["first", "unique"];

pub(super) static KIND: RuleKind = RuleKind {
    name: "segments",
    summary: "names a segment by the first condition that holds",
    keys: &[
        Key::required("segments", Shape::CONDITIONS, "name: condition, in order; the last may be `rest`")
            .with_entry("segment"),
        Key::optional(
            "hit",
            Shape::Word(HITS),
            "`first` (default): the first that holds wins; `unique`: no two may hold",
        ),
    ],
    labels: |parameters| WrittenLabel::below(parameters, "segments"),
    compile,
};

#[derive(Debug)]
struct Segments(DecisionList);

/// A rule that names a segment by a decision list.
pub(crate) fn segments_rule(list: DecisionList) -> Box<dyn CompiledRule> {
    Box::new(Segments(list))
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let hit = match parameters.optional("hit") {
        Some(node) => fields::choice(node, HITS, analyser.out)?.value,
        None => 0,
    };
    let mapping = fields::mapping(parameters.required("segments", analyser.out)?, analyser.out)?;
    let hit = if hit == 0 { HitPolicy::First } else { HitPolicy::Unique };
    let spec = ListSpec { what: "segment", hit, locals: None };
    Some(segments_rule(DecisionList::compile(mapping, &spec, analyser)?))
}

impl Rate for Segments {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![RuleOutput::label("segment", self.0.labels().to_vec(), true)]
    }

    fn calibrate(&self, _: &Customers, _: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Customers, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let chosen = match self.0.decide(batch) {
            Ok(chosen) => chosen,
            Err(overlap) => {
                let customer = value_at(column(batch.frame, 0)?, overlap.row);
                return Err(overlap_error(batch.context.rule, &customer, &overlap.labels.0, &overlap.labels.1));
            }
        };
        Ok(vec![labels::label_column(self.0.labels(), chosen.into_iter())])
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        _: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        match self.0.try_decide_row(record, context) {
            Ok(index) => Ok(vec![self.0.labels().value(index)]),
            Err((a, b)) => {
                let label = |i: usize| self.0.labels()[i].as_str();
                Err(overlap_error(context.rule, record.first().unwrap_or(&Value::Null), label(a), label(b)))
            }
        }
    }

    fn reads(&self) -> Vec<SlotId> {
        self.0.reads()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        Vec::new()
    }
}

impl Explain for Segments {
    fn branches(&self) -> Vec<Branch> {
        self.0.branches("segment")
    }

    fn explain(&self, record: &[Value], context: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let (reasons, chosen) = self.0.explain(record, context);
        let decided_by = chosen.map(|row| self.0.written(row).clone());
        Ok(Derivation { decided_by, reasons, reached: chosen.into_iter().collect() })
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.0.test_records()
    }

    fn response(&self, _: usize, _: &[SlotId], _: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        self.0.response(changeable)
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons: Vec<String> = (0..self.0.labels().len()).map(|row| self.0.written(row).text.clone()).collect();
        labels::reason_column(batch, slots[0], self.0.labels(), &reasons)
    }
}

impl Describe for Segments {
    fn describe(&self, _: &DescribeContext) -> Vec<Block> {
        vec![self.0.describe_hit_policy(), self.0.describe("segment")]
    }
}

impl ToSql for Segments {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        Ok(vec![self.0.as_sql(sql, SqlScope::Record)?])
    }
}

impl Present for Segments {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        vec![view.groups(self.0.labels())]
    }

    fn charts(&self, view: &RuleResults, _: &Customers, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(self.0.labels())]
    }
}

fn overlap_error(rule: &str, customer: &Value, a: &str, b: &str) -> Diagnostics {
    let message = format!("`{rule}`: both `{a}` and `{b}` hold for customer {}", show::quoted(customer));
    Diagnostics::from(
        Diagnostic::new(Code::E0713, message).help("make the conditions exclude each other, or write `hit: first`"),
    )
}
