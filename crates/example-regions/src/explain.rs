//! Explanations, descriptions and summaries; most are those of the rule of one region.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Response, Derivation};
use accolade_rules::present::SummaryTable;
use accolade_rules::set::{DescribeContext, Batch, RuleContext, Describe, Explain, ChangeableField, Present, ToSql, RuleResults};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use crate::Regional;
use crate::rate::{of_region, text};

impl Explain for Regional {
    fn branches(&self) -> Vec<Branch> {
        self.rule.branches()
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        self.rule.explain(record, context, &of_region(cut_offs, &self.region_of(record)))
    }

    fn response(&self, output: usize, slots: &[SlotId], cut_offs: &CutOffs, lever: &ChangeableField) -> Option<Response> {
        // Another region has other cut-offs.
        if lever.affects(self.region) {
            return None;
        }
        let region = text(&lever.value_of(self.region, lever.current_key().unwrap_or_default()));
        self.rule.response(output, slots, &of_region(cut_offs, &region), lever)
    }

    fn reasons(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons = self.by_region(batch.frame, |region, frame| {
            let batch = Batch { frame, context: batch.context };
            Ok(vec![self.rule.reasons(&batch, slots, &of_region(cut_offs, region))?])
        })?;
        reasons.into_iter().next().ok_or_else(Diagnostics::new)
    }
}

impl Describe for Regional {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let each = Block::paragraph(format!("In each {} by itself:", about.field(self.region)));
        let rule = self.rule.describe(&DescribeContext { cut_offs: None, ..*about });
        std::iter::once(each).chain(rule).collect()
    }
}

impl ToSql for Regional {}

impl Present for Regional {
    fn summarise(&self, view: &RuleResults) -> Vec<SummaryTable> {
        self.rule.summarise(view)
    }

    fn ranks_by(&self) -> Option<SlotId> {
        self.rule.ranks_by()
    }
}
