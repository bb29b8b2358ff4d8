//! The second half of a run: customers are rated all at once, or piece by piece while they are written.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_core::eval::{Env, Faults, report_faults};
use accolade_core::frame::Frame;
use accolade_core::model::{Slot, SlotId};
use accolade_core::parallel;
use accolade_core::progress::{Progress, ProgressEvent};
use accolade_data::output::Results;
use accolade_data::profile::Reservations;
use accolade_parser::Diagnostics;
use accolade_rules::set::{RuleContext, RuleSet, UnknownCounts, report_unknown};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::calibrate::width;
use super::{Outcome, piece, slots_read};

/// A run whose cut-offs are known.
///
/// As [`Results`] it rates customers while they are written, so the results are never in memory as a whole.
#[derive(Debug)]
pub struct CalibratedRun<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) threads: usize,
    pub(super) observer: Progress,
    pub(super) held: Reservations,
    /// The outcome so far. Columns of pending steps are missing; findings are kept by step.
    pub(super) outcome: Outcome,
    /// The findings and failures of each step.
    pub(super) step_findings: Vec<StepFindings>,
    /// The pending steps, in order.
    pub(super) pending: Vec<PendingStep>,
    /// Findings about measures, programmes and goals.
    pub(super) after: Diagnostics,
    /// The number of customers that [`Results::next`] has returned.
    pub(super) given: usize,
}

/// The findings and failures of a step.
#[derive(Debug, Default)]
pub(super) struct StepFindings {
    pub findings: Diagnostics,
    pub failures: Diagnostics,
}

/// A step that has yet to run, and the counts of its faults and unknown conditions.
#[derive(Debug)]
pub(super) struct PendingStep {
    step: usize,
    /// The outputs that calibration did not fill.
    outputs: Vec<SlotId>,
    faults: Faults,
    unknown: UnknownCounts,
}

impl PendingStep {
    pub(super) fn new(step: usize, outputs: Vec<SlotId>) -> PendingStep {
        PendingStep { step, outputs, faults: Faults::default(), unknown: UnknownCounts::default() }
    }

    /// Reports what was counted.
    fn report_counts(&self, set: &RuleSet, findings: &mut Diagnostics) {
        let name = set.steps[self.step].name(set);
        report_faults(name, &self.faults, findings);
        report_unknown(name, &self.unknown, findings);
    }
}

/// A piece of the customers, rated, and the failures by step.
struct RatedPiece {
    frame: Frame,
    failures: Vec<(usize, Diagnostics)>,
}

impl CalibratedRun<'_> {
    /// The outcome so far. Columns of pending steps are missing, and findings are incomplete.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whether a step has failed. The outcome of [`finish`](Self::finish) holds the failures.
    pub fn has_failed(&self) -> bool {
        self.step_findings.iter().any(|of_step| !of_step.failures.is_empty())
            || self.pending.iter().any(|open| open.faults.check().is_err())
    }

    /// All warnings. They are complete once every customer has been rated.
    pub fn findings(&self) -> Diagnostics {
        let mut findings = self.outcome.findings.clone();
        let mut open = self.pending.iter().peekable();
        for (step, of_step) in self.step_findings.iter().enumerate() {
            findings.extend(of_step.findings.iter().cloned());
            if let Some(open) = open.next_if(|open| open.step == step) {
                open.report_counts(self.set, &mut findings);
            }
        }
        findings.extend(self.after.iter().cloned());
        findings
    }

    /// Rates all customers, also those already returned, and returns the complete outcome.
    pub fn finish(mut self) -> Outcome {
        let observer = self.observer.clone();
        let _working = observer.finish_on_drop();
        for open in &mut self.pending {
            *open = PendingStep::new(open.step, std::mem::take(&mut open.outputs));
        }
        match self.everyone() {
            Ok(pieces) => self.fill(pieces),
            Err(failed) => self.outcome.failures = failed,
        }
        self.outcome.findings = self.findings();
        self.outcome.failures.extend(self.step_findings.into_iter().flat_map(|of_step| of_step.failures));
        self.outcome
    }

    /// Joins the columns of the pieces. Steps without results are no longer pending, so their counts are not reported.
    fn fill(&mut self, mut pieces: Vec<RatedPiece>) {
        let Outcome { frame, added, .. } = &mut self.outcome;
        self.pending.retain(|open| {
            if !frame.has(&slots_read(&self.set.steps[open.step])) {
                return false;
            }
            // Of several customers that cannot be rated the first is reported, whichever piece finished first.
            let failed = pieces.iter().flat_map(|piece| &piece.failures).find(|(step, _)| *step == open.step);
            let computed = match failed {
                Some((_, failed)) => Err(failed.clone()),
                None => open.faults.check(),
            };
            let joined = computed.and_then(|()| join(&mut pieces, &open.outputs, frame));
            let is_filled = joined.is_ok();
            self.step_findings[open.step].failures = joined.err().unwrap_or_default();
            is_filled
        });
        for (step, slot) in &added.reasons {
            if frame.has(self.set.steps[*step].fills())
                && let Err(failed) = join(&mut pieces, &[*slot], frame)
            {
                self.step_findings[*step].failures = failed;
            }
        }
    }

    /// Runs the pending steps for all customers, after reserving memory for their outputs.
    fn everyone(&mut self) -> Result<Vec<RatedPiece>, Diagnostics> {
        let rows = self.outcome.frame.rows;
        let share = self.held.memory.reserve("the results of all customers");
        share.grow_or_report(rows * self.pending.iter().map(|open| width(self.set, &open.outputs)).sum::<usize>())?;
        self.held.reservations.push(share);
        self.rate(0, rows)
    }

    /// Runs the pending steps for `rows` customers from `offset` on.
    fn rate(&self, offset: usize, rows: usize) -> Result<Vec<RatedPiece>, Diagnostics> {
        let pieces = parallel::pieces_of(rows);
        let (done, of) = (AtomicUsize::new(offset), self.outcome.frame.rows);
        parallel::map_indexed(pieces.len(), self.threads, |i| {
            let (at, rows) = pieces[i];
            let mut piece = RatedPiece { frame: self.outcome.frame.slice(offset + at, rows), failures: Vec::new() };
            for open in &self.pending {
                let (name, done) = (self.set.steps[open.step].name(self.set), done.load(Ordering::Relaxed));
                self.observer.emit(ProgressEvent::Step { work: "rating", name, done, of });
                if let Err(failed) = self.run_step(open, &mut piece.frame) {
                    piece.failures.push((open.step, failed));
                }
            }
            for (step, slot) in &self.outcome.added.reasons {
                match self.reason(*step, &piece.frame) {
                    Ok(reasons) => piece.frame.columns[*slot] = reasons,
                    Err(failed) => piece.failures.push((*step, failed)),
                }
            }
            done.fetch_add(rows, Ordering::Relaxed);
            piece
        })
    }

    /// Runs a step, unless it reads one that failed.
    fn run_step(&self, open: &PendingStep, frame: &mut Frame) -> Result<(), Diagnostics> {
        let step = &self.set.steps[open.step];
        if !frame.has(&slots_read(step)) {
            return Ok(());
        }
        let env = Env { as_of: self.outcome.as_of, faults: &open.faults };
        let context = RuleContext { rule: step.name(self.set), env, unknown: &open.unknown };
        let values = piece::rate(step, frame, context, self.cut_offs(open.step))?;
        for (slot, values) in open.outputs.iter().zip(values) {
            frame.columns[*slot] = Some(values);
        }
        Ok(())
    }

    fn reason(&self, step: usize, frame: &Frame) -> Result<Option<ArrayRef>, Diagnostics> {
        let of = &self.set.steps[step];
        if !frame.has(of.fills()) {
            return Ok(None);
        }
        piece::short_reasons(of, frame, self.outcome.as_of, self.cut_offs(step))
    }

    fn cut_offs(&self, step: usize) -> &CutOffs {
        self.outcome.cut_offs_of(self.set.steps[step].name(self.set))
    }
}

/// Joins the columns of the pieces. The parts of a column are freed once it is joined.
fn join(pieces: &mut [RatedPiece], slots: &[SlotId], frame: &mut Frame) -> Result<(), Diagnostics> {
    for slot in slots {
        let parts: Vec<ArrayRef> = pieces.iter_mut().filter_map(|piece| piece.frame.columns[*slot].take()).collect();
        frame.columns[*slot] = Some(parallel::concat_columns(parts.iter())?);
    }
    Ok(())
}

impl Results for CalibratedRun<'_> {
    fn slots(&self) -> Vec<Slot> {
        self.outcome.output(self.set).into_iter().map(|slot| self.outcome.slot(self.set, slot).clone()).collect()
    }

    fn rows(&self) -> usize {
        self.outcome.frame.rows
    }

    fn next(&mut self, most: usize) -> io::Result<Vec<Vec<ArrayRef>>> {
        let rows = most.min(self.rows() - self.given);
        if rows == 0 {
            return Ok(Vec::new());
        }
        let pieces = self.rate(self.given, rows).map_err(|_| io::Error::other("a thread stopped"))?;
        self.given += rows;
        let output = self.outcome.output(self.set);
        let mut given = Vec::with_capacity(pieces.len());
        for piece in pieces {
            for (step, failed) in piece.failures {
                self.step_findings[step].failures = failed;
            }
            let columns = output.iter().map(|slot| piece.frame.column(*slot).cloned());
            given.extend(columns.collect::<Option<Vec<_>>>());
        }
        if self.has_failed() {
            return Err(io::Error::other("a customer cannot be rated"));
        }
        self.observer.emit(ProgressEvent::Step {
            work: "writing",
            name: "customers",
            done: self.given,
            of: self.rows(),
        });
        Ok(given)
    }
}
