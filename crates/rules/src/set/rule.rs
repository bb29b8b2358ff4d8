//! A checked rule: what its kind makes of it, and what it is handed.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use accolade_core::eval::Env;
use accolade_core::frame::{Frame, value_at};
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::sql::tree::Expr;
use accolade_core::{script, show};
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use arrow::array::ArrayRef;

use super::prepared::Prepared;
use crate::describe::Block;
use crate::explain::{Branch, Course, Derivation};
use crate::present::Section;
use crate::present::chart::Chart;
use crate::set::{About, Lever, View};
use crate::sql::Lowering;
use crate::thresholds::cutoffs::CutOffs;

/// One result of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name behind the rule's; the first output is also the rule's own value.
    pub part: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub nullable: bool,
    /// The texts it can hold, if they are known.
    pub labels: Option<Vec<String>>,
}

impl Output {
    /// An output that may be missing.
    pub fn new(part: &'static str, ty: Type) -> Output {
        Output { part, ty, nullable: true, labels: None }
    }

    /// A text output that holds one of `labels`.
    pub fn label(part: &'static str, labels: Vec<String>, nullable: bool) -> Output {
        Output { part, ty: Type::Text, nullable, labels: Some(labels) }
    }
}

/// A checked rule.
///
/// Its outputs come in two parts: first those that [`rate`](Self::rate) gives, which depend on the record and the
/// cut-offs alone, then those that [`calibrate`](Self::calibrate) gives, which need the whole population (ranks).
pub trait CompiledRule: std::fmt::Debug + Send + Sync {
    /// What it gives; the first is its main result.
    fn outputs(&self) -> Vec<Output>;

    /// The cut-offs of a population, and its outputs that need the population.
    ///
    /// # Errors
    /// Data on which the rule cannot be computed.
    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics>;

    /// The row-wise outputs for a batch.
    ///
    /// # Errors
    /// Cut-offs that do not fit, or data on which the rule cannot be computed.
    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics>;

    /// What it makes of cut-offs once, for all the single records that it rates; `name` is its own.
    ///
    /// # Errors
    /// Cut-offs that do not fit.
    fn prepare(&self, _cut_offs: &CutOffs, _name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::nothing())
    }

    /// The row-wise outputs for one record, equal to those of a batch, with cut-offs it has [prepared](Self::prepare).
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics>;

    /// The fields it reads.
    fn reads(&self) -> Vec<SlotId>;

    /// Those of the fields it reads that [`calibrate`](Self::calibrate) reads.
    fn calibrates_by(&self) -> Vec<SlotId> {
        self.reads()
    }

    /// The ways in which it can decide.
    fn branches(&self) -> Vec<Branch>;

    /// How it comes to the results of one record.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics>;

    /// Records worth a test, as values of some of the fields it reads: those that show what each condition does.
    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        Vec::new()
    }

    /// Whole customer bases worth a test, each customer as values of some of the fields it reads: those that stand at
    /// thresholds which only show in a population, such as a share of a total.
    fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        Vec::new()
    }

    /// How the output of this index follows a lever that it depends on, `slots` being those of all outputs; `None`
    /// where that cannot be said.
    fn course(&self, output: usize, slots: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course>;

    /// In a few words, why each record of a batch has its result; the batch holds the rule's own results too.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    fn why(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics>;

    /// The scripts it runs: for each what it is for, where that is written, and how it is run.
    fn scripts(&self) -> Vec<(String, Span, script::Lowering<'_>)> {
        Vec::new()
    }

    /// The metric it ranks customers by, if it is the sort of rule that does.
    fn ranks_by(&self) -> Option<SlotId> {
        None
    }

    /// The field whose value the output of this index repeats, if it does.
    fn repeats(&self, _output: usize) -> Option<SlotId> {
        None
    }

    /// The aggregates over events it reads that it makes sense to think of as different, whether or not a metric of the
    /// rule file names them.
    fn levers(&self) -> Vec<SlotId> {
        Vec::new()
    }

    /// What it says, for those who do not read rule files; a kind that does not tell shows its parameters as written.
    fn words(&self, about: &About) -> Vec<Block> {
        about.parameters()
    }

    /// Its outputs as SQL, in the order of `outputs`; a kind that does not tell cannot be run in a database.
    ///
    /// # Errors
    /// What has no SQL, or cut-offs that do not fit.
    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        Err(sql.refuse("its kind has no SQL"))
    }

    /// What a reader of a run's summary wants to see of it.
    fn summarise(&self, view: &View) -> Vec<Section>;

    /// What of it is better seen than read; the batch is all customers.
    fn charts(&self, _view: &View, _batch: &Batch, _cut_offs: &CutOffs) -> Vec<Chart> {
        Vec::new()
    }
}

/// What calibration gives.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// The cut-offs.
    pub cut_offs: CutOffs,
    /// The outputs that need the population, in the order of `outputs`.
    pub population: Vec<ArrayRef>,
}

/// What a rule knows besides the records.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The rule's name.
    pub rule: &'a str,
    /// The date of the run and where faults are counted.
    pub env: Env<'a>,
    /// Where conditions that were neither true nor false are counted.
    pub unknown: &'a Unknown,
}

/// Every customer, sorted by key.
#[derive(Clone, Copy, Debug)]
pub struct Population<'a> {
    /// The columns computed so far.
    pub frame: &'a Frame,
    /// The rule's surroundings.
    pub context: Context<'a>,
}

/// Some customers.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The columns computed so far.
    pub frame: &'a Frame,
    /// The rule's surroundings.
    pub context: Context<'a>,
}

/// Counts, by the label of a condition, of records for which it was neither true nor false.
#[derive(Debug, Default)]
pub struct Unknown {
    counts: Mutex<BTreeMap<String, u64>>,
    /// Whether there are any, told without waiting for anybody.
    any: AtomicBool,
}

impl Unknown {
    /// Counts `n` more for `label`.
    pub fn add(&self, label: &str, n: u64) {
        if n > 0
            && let Ok(mut counts) = self.counts.lock()
        {
            self.any.store(true, Ordering::Release);
            *counts.entry(label.to_owned()).or_default() += n;
        }
    }

    /// Whether anything was counted.
    pub fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Starts again from zero.
    pub fn reset(&self) {
        if let Ok(mut counts) = self.counts.lock() {
            self.any.store(false, Ordering::Release);
            counts.clear();
        }
    }

    /// The counts so far.
    pub fn counts(&self) -> Vec<(String, u64)> {
        self.counts.lock().map(|counts| counts.iter().map(|(k, v)| (k.clone(), *v)).collect()).unwrap_or_default()
    }
}

/// Some customers by name, the first three and how many more, from the column of keys.
pub fn named(customers: &ArrayRef, rows: &[usize]) -> String {
    let named: Vec<String> = rows.iter().take(3).map(|row| show::quoted(&value_at(customers, *row))).collect();
    let more = if rows.len() > 3 { format!(" and {} more", rows.len() - 3) } else { String::new() };
    named.join(", ") + &more
}

/// The diagnostic for cut-offs that lack what a rule needs.
pub fn unfit(rule: &str, what: &str) -> Diagnostics {
    let message = format!("the cut-offs of `{rule}` {what}");
    Diagnostics(vec![
        Diagnostic::new(Code::E0710, message).help("calibrate again: `accolade calibrate RULES -o cutoffs.yaml`"),
    ])
}

/// Warns of conditions of the rule `name` that were neither true nor false.
pub fn report_unknown(name: &str, unknown: &Unknown, findings: &mut Diagnostics) {
    for (label, count) in unknown.counts() {
        let (customers, them) =
            if count == 1 { ("customer".to_owned(), "it") } else { ("customers".to_owned(), "them") };
        let message = format!(
            "`{name}`: the condition of `{label}` is neither true nor false for {count} {customers}; a value it needs is missing, so the row was passed over for {them}"
        );
        findings.push(
            Diagnostic::new(Code::W0702, message).help("say what a missing value means with `is missing` or `or else`"),
        );
    }
}
