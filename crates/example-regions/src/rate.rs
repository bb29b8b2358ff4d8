//! Rating: each region is rated by itself, and the results are merged in the order of all customers.

use std::collections::{BTreeMap, HashMap};

use accolade_core::frame::{Frame, column, value_at};
use accolade_core::model::{SlotId, Value};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::{concat, take};
use arrow::error::ArrowError;

use crate::RegionalRule;

impl Rate for RegionalRule {
    fn outputs(&self) -> Vec<RuleOutput> {
        self.rule.outputs()
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        let ranks = self.map_regions(population.frame, |region, frame| {
            let own = self.rule.calibrate(&Customers { frame, context: population.context }, out)?;
            cut_offs.0.extend(own.cut_offs.0.into_iter().map(|(list, edges)| (format!("{region}/{list}"), edges)));
            Ok(own.population)
        })?;
        Ok(Calibration { cut_offs, population: ranks })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        self.map_regions(batch.frame, |region, frame| {
            self.rule.rate(&Customers { frame, context: batch.context }, &region_cut_offs(cut_offs, region))
        })
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        let mut prepared: HashMap<String, PreparedCutOffs> = HashMap::new();
        for (region, _) in cut_offs.0.keys().filter_map(|list| list.rsplit_once('/')) {
            if !prepared.contains_key(region) {
                prepared.insert(region.to_owned(), self.rule.prepare(&region_cut_offs(cut_offs, region), name)?);
            }
        }
        Ok(PreparedCutOffs::of(prepared))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let region = self.region_of(record);
        let regions = prepared.made::<HashMap<String, PreparedCutOffs>>(context.rule)?;
        let own = regions.get(&region).ok_or_else(|| unfit(context.rule, &format!("have no region `{region}`")))?;
        self.rule.rate_row(record, context, own)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.rule.reads().into_iter().chain([self.region]).collect()
    }
}

impl RegionalRule {
    /// The region of a record.
    pub(crate) fn region_of(&self, record: &[Value]) -> String {
        record.get(self.region).map_or_else(|| region_name(&Value::Null), region_name)
    }

    /// Calls `work` with the customers of each region and merges the columns it returns, in the order of all customers.
    pub(crate) fn map_regions(
        &self,
        frame: &Frame,
        mut work: impl FnMut(&str, &Frame) -> Result<Vec<ArrayRef>, Diagnostics>,
    ) -> Result<Vec<ArrayRef>, Diagnostics> {
        let regions = column(frame, self.region)?;
        let mut rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for row in 0..frame.rows {
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            rows.entry(region_name(&value_at(regions, row))).or_default().push(number);
        }
        if rows.is_empty() {
            return work(&region_name(&Value::Null), frame);
        }
        let (mut pieces, mut places) = (Vec::new(), vec![0u32; frame.rows]);
        let numbered = rows.values().flatten().zip(0u32..);
        numbered.for_each(|(row, place)| places[*row as usize] = place);
        for (region, rows) in rows {
            pieces.push(work(&region, &take_rows(frame, &UInt32Array::from(rows)).map_err(internal_error)?)?);
        }
        let places = UInt32Array::from(places);
        let whole = |output: usize| {
            let parts: Vec<&dyn Array> = pieces.iter().map(|piece| piece[output].as_ref()).collect();
            take(&concat(&parts)?, &places, None)
        };
        let outputs = pieces.first().map_or(0, Vec::len);
        (0..outputs).map(|output| whole(output).map_err(internal_error)).collect()
    }
}

/// The cut-offs of one region, under the names that the rule of the region gives them.
pub(crate) fn region_cut_offs(cut_offs: &CutOffs, region: &str) -> CutOffs {
    let own = |list: &String| list.strip_prefix(region)?.strip_prefix('/').map(str::to_owned);
    CutOffs(cut_offs.0.iter().filter_map(|(list, edges)| Some((own(list)?, edges.clone()))).collect())
}

/// A region as text; customers without one are a region of their own.
pub(crate) fn region_name(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        _ => "(none)".to_owned(),
    }
}

/// The frame with these rows only.
fn take_rows(frame: &Frame, rows: &UInt32Array) -> Result<Frame, ArrowError> {
    let some = |column: &Option<ArrayRef>| column.as_ref().map(|column| take(column, rows, None)).transpose();
    Ok(Frame { rows: rows.len(), columns: frame.columns.iter().map(some).collect::<Result<_, _>>()? })
}

fn internal_error(error: ArrowError) -> Diagnostics {
    Diagnostics::from(Diagnostic::new(Code::E0716, format!("internal error: {error}")))
}
