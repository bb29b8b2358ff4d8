//! Explanations, descriptions and summaries; most are those of the rule of one region.

use accolade_core::model::{SlotId, Value};
use accolade_parser::Diagnostics;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation};
use accolade_rules::present::Section;
use accolade_rules::set::{About, Batch, Context, Describe, Explain, Lever, Present, ToSql, View};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use crate::Regional;
use crate::rate::{of_region, text};

impl Explain for Regional {
    fn branches(&self) -> Vec<Branch> {
        self.rule.branches()
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        self.rule.explain(record, context, &of_region(cut_offs, &self.region_of(record)))
    }

    fn course(&self, output: usize, slots: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        // Another region has other cut-offs.
        if lever.moves(self.region) {
            return None;
        }
        let region = text(&lever.value_of(self.region, lever.own_key().unwrap_or_default()));
        self.rule.course(output, slots, &of_region(cut_offs, &region), lever)
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let reasons = self.by_region(batch.frame, |region, frame| {
            let batch = Batch { frame, context: batch.context };
            Ok(vec![self.rule.why(&batch, slots, &of_region(cut_offs, region))?])
        })?;
        reasons.into_iter().next().ok_or_else(Diagnostics::new)
    }
}

impl Describe for Regional {
    fn describe(&self, about: &About) -> Vec<Block> {
        let each = Block::paragraph(format!("In each {} by itself:", about.field(self.region)));
        let rule = self.rule.describe(&About { cut_offs: None, ..*about });
        std::iter::once(each).chain(rule).collect()
    }
}

impl ToSql for Regional {}

impl Present for Regional {
    fn summarise(&self, view: &View) -> Vec<Section> {
        self.rule.summarise(view)
    }

    fn ranks_by(&self) -> Option<SlotId> {
        self.rule.ranks_by()
    }
}
