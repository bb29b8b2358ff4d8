//! Explanations, descriptions and summaries; most are those of the rule of one region.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Derivation, Response};
use accolade_rules::present::SummaryTable;
use accolade_rules::set::{
    ChangeableField, Customers, Describe, DescribeContext, Explain, Present, RuleContext, RuleResults, ToSql,
};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use crate::RegionalRule;
use crate::rate::{region_cut_offs, region_name};

impl Explain for RegionalRule {
    fn branches(&self) -> Vec<Branch> {
        self.rule.branches()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        self.rule.explain(record, context, &region_cut_offs(cut_offs, &self.region_of(record)))
    }

    fn response(
        &self,
        output: usize,
        slots: &[SlotId],
        cut_offs: &CutOffs,
        changeable: &ChangeableField,
    ) -> Option<Response> {
        // Another region has other cut-offs.
        if changeable.affects(self.region) {
            return None;
        }
        let region = region_name(&changeable.value_of(self.region, changeable.current_key().unwrap_or_default()));
        self.rule.response(output, slots, &region_cut_offs(cut_offs, &region), changeable)
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons = self.map_regions(batch.frame, |region, frame| {
            let batch = Customers { frame, context: batch.context };
            Ok(vec![self.rule.reasons(&batch, slots, &region_cut_offs(cut_offs, region))?])
        })?;
        reasons.into_iter().next().ok_or_else(Diagnostics::new)
    }
}

impl Describe for RegionalRule {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let each = Block::paragraph(format!("In each {} by itself:", about.field(self.region)));
        let rule = self.rule.describe(&DescribeContext { cut_offs: None, ..*about });
        std::iter::once(each).chain(rule).collect()
    }
}

impl ToSql for RegionalRule {}

impl Present for RegionalRule {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        self.rule.summarise(view)
    }

    fn ranks_by(&self) -> Option<SlotId> {
        self.rule.ranks_by()
    }
}
