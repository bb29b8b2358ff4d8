//! The first half of a run: the steps, measures and goals that need all customers.

use accolade_core::eval::{Env, Faults, report_faults};
use accolade_core::frame::Frame;
use accolade_core::model::{Operation, SlotId, TypedExpr};
use accolade_core::parallel;
use accolade_core::progress::{Progress, ProgressEvent};
use accolade_data::profile;
use accolade_data::profile::memory::{Memory, Reservation};
use accolade_data::profile::{ClusterFailure, CustomerBase, memory};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{Calibration, Customers, RuleContext, RuleSet, Step, UnknownCounts, report_unknown};
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::ranking::RankedCustomer;
use arrow::array::ArrayRef;
use indexmap::IndexMap;

use super::added::Added;
use super::calibrated::{CalibratedRun, PendingStep, StepFindings};
use super::{Outcome, Overrides, RatingCluster, RatingTask, SavedCutOffs, piece, schedule, slots_read};

/// The bytes a customer takes while a rule is calibrated: its place in an order, its rank and two shares.
const SORTING: usize = size_of::<RankedCustomer>() + size_of::<i64>() + 2 * size_of::<f64>();

/// The settings of a run besides its rules and columns.
#[derive(Clone, Copy)]
pub(super) struct RunSettings<'a> {
    pub cluster: Option<&'a dyn RatingCluster>,
    pub as_of: i32,
    pub threads: usize,
    pub saved: Option<&'a SavedCutOffs>,
    pub fixed: &'a Overrides,
}

/// The progress through the steps: the columns filled so far, and for each step its findings and cut-offs.
struct RunState<'s> {
    set: &'s RuleSet,
    frame: Frame,
    step_findings: Vec<StepFindings>,
    cut_offs: Vec<CutOffs>,
    /// The slots that calibrations have filled.
    of_population: Vec<SlotId>,
}

/// A calibration and its findings, or the errors that prevented it.
type CalibrationResult = Result<(Calibration, Diagnostics), Diagnostics>;

impl<'a> RunSettings<'a> {
    /// Calibrates all steps, and fills the columns that calibrations, measures, programmes and goals read. Other steps
    /// are left pending.
    ///
    /// # Errors
    /// Fails with E0710 when the cut-offs are of another rule set, and when a measure, programme or goal cannot be
    /// computed.
    pub(super) fn calibrate<'s>(
        self,
        set: &'s RuleSet,
        added: Added,
        base: CustomerBase,
        observer: &Progress,
    ) -> Result<CalibratedRun<'s>, Diagnostics> {
        let RunSettings { as_of, threads, saved, fixed, .. } = self;
        if let Some(saved) = saved {
            saved.check_rule_set(set)?;
        }
        let mut frame = Frame::new(base.rows, added.width(set));
        for (slot, values) in base.columns {
            frame.columns[slot] = Some(fixed.apply(slot, added.slot(set, slot).ty, values));
        }
        let mut findings = base.findings;
        findings.extend(saved.and_then(|saved| saved.younger_than(as_of)));
        if base.rows == 0 {
            findings.push(Diagnostic::new(Code::W0710, "there are no customers in the data"));
        }
        let mut held = base.reservations;
        let waits = schedule::deferrable(set, |step| fixed.is_empty() && self.cluster_for(step, &frame).is_none());
        held.reservations.push(self.room(set, &waits, &held.memory, base.rows)?);
        let begin = |index: usize| {
            let name = set.steps[index].name(set);
            observer.emit(ProgressEvent::Step { work: "calibrating", name, done: index, of: set.steps.len() });
        };
        let step_findings = set.steps.iter().map(|_| StepFindings::default()).collect();
        let cut_offs = vec![CutOffs::default(); set.steps.len()];
        let mut state = RunState { set, frame, step_findings, cut_offs, of_population: Vec::new() };
        for index in (0..set.steps.len()).filter(|index| !waits[*index]) {
            if state.frame.has(&slots_read(&set.steps[index])) {
                begin(index);
                self.step(index, &mut state);
            }
        }
        let left: Vec<usize> = (0..set.steps.len()).filter(|index| waits[*index]).collect();
        let calibrations = parallel::map_indexed(left.len(), threads, |i| {
            begin(left[i]);
            self.calibration(set, left[i], &state.frame)
        })?;
        let open = self.open(left.into_iter().zip(calibrations), &mut state);
        let RunState { frame, step_findings, cut_offs, of_population, .. } = state;
        // Measures, programmes and goals that read a failed rule are left out.
        let mut after = Diagnostics::new();
        let measures = set.measures.iter().filter(|measure| frame.has(&measure.reads()));
        let everyone = || (0..frame.rows).collect::<Vec<_>>();
        let measures = measures.map(|m| m.table(&frame, as_of, everyone(), &mut after)).collect::<Result<_, _>>()?;
        let programmes = set.programmes.iter().filter(|programme| frame.has(&programme.slots()));
        let programmes = programmes.map(|p| p.evaluate(&frame, as_of, &mut after)).collect::<Result<_, _>>()?;
        let goals = set.goals.iter().filter(|goal| frame.has(&goal.reads()));
        let goals = goals.map(|goal| goal.evaluate(&frame, as_of, &mut after)).collect::<Result<_, _>>()?;
        let named = set.steps.iter().zip(cut_offs).filter(|(_, used)| !used.0.is_empty());
        let cut_offs: IndexMap<String, CutOffs> = named.map(|(step, used)| (step.name(set).to_owned(), used)).collect();
        let (read, failures) = (base.source_counts, Diagnostics::new());
        let outcome = Outcome {
            as_of,
            frame,
            cut_offs,
            cut_offs_origin: saved.and_then(SavedCutOffs::origin),
            of_population,
            measures,
            programmes,
            goals,
            findings,
            read,
            failures,
            added,
        };
        let observer = observer.clone();
        Ok(CalibratedRun { set, threads, observer, held, outcome, step_findings, pending: open, after, given: 0 })
    }

    /// Reserves memory for the results that do not wait, and checks that the values sorted meanwhile fit too.
    fn room(self, set: &RuleSet, waits: &[bool], memory: &Memory, rows: usize) -> Result<Reservation, Diagnostics> {
        let results = memory.reserve("the results that calibration needs");
        let at_once = set.steps.iter().zip(waits).filter(|(_, waits)| !**waits).map(|(step, _)| step);
        results.grow_or_report(rows * at_once.map(|step| width(set, step.fills())).sum::<usize>())?;
        memory.reserve("the values to sort").grow_or_report(rows * SORTING * self.threads)?;
        Ok(results)
    }

    /// The pending steps, without those that failed or read a failed step.
    fn open(
        self,
        calibrations: impl Iterator<Item = (usize, CalibrationResult)>,
        state: &mut RunState,
    ) -> Vec<PendingStep> {
        let set = state.set;
        let mut open = Vec::new();
        let mut filled: Vec<bool> = state.frame.columns.iter().map(Option::is_some).collect();
        for (index, calibration) in calibrations {
            let step = &set.steps[index];
            if !slots_read(step).iter().all(|slot| filled[*slot]) {
                continue;
            }
            match calibration {
                Err(failed) => state.step_findings[index].failures = failed,
                Ok((calibration, findings)) => {
                    state.step_findings[index].findings = findings;
                    step.fills().iter().for_each(|slot| filled[*slot] = true);
                    let (own, of_population) = split(step.fills(), &calibration);
                    state.of_population.extend(of_population);
                    self.fill(state, of_population, calibration.population);
                    state.cut_offs[index] = calibration.cut_offs;
                    open.push(PendingStep::new(index, own.to_vec()));
                }
            }
        }
        open
    }

    /// Runs a step for all customers and keeps its cut-offs or failures.
    fn step(self, index: usize, state: &mut RunState) {
        match self.outputs(index, state) {
            Ok(used) => state.cut_offs[index] = used,
            Err(failed) => state.step_findings[index].failures = failed,
        }
    }

    /// Fills the outputs of a step and returns the cut-offs it used.
    fn outputs(self, index: usize, state: &mut RunState) -> Result<CutOffs, Diagnostics> {
        let set = state.set;
        let step = &set.steps[index];
        // A metric that only names a field shares its column.
        if let Step::Metric { slot, expr: TypedExpr { operation: Operation::Field(field), .. }, .. } = step {
            let shared = state.frame.columns[*field].clone();
            self.fill(state, &[*slot], shared.into_iter().collect());
            return Ok(CutOffs::default());
        }
        let (calibration, findings) = self.calibration(set, index, &state.frame)?;
        state.step_findings[index].findings = findings;
        let (faults, unknown) = (Faults::default(), UnknownCounts::default());
        let env = Env { as_of: self.as_of, faults: &faults };
        let context = RuleContext { rule: step.name(set), env, unknown: &unknown };
        let (own, of_population) = split(step.fills(), &calibration);
        let values = self.everyone(index, state, context, &calibration.cut_offs, own)?;
        faults.check()?;
        self.fill(state, own, values);
        state.of_population.extend(of_population);
        self.fill(state, of_population, calibration.population);
        let step_findings = &mut state.step_findings[index].findings;
        report_faults(step.name(set), &faults, step_findings);
        report_unknown(step.name(set), &unknown, step_findings);
        Ok(calibration.cut_offs)
    }

    /// The calibration of a step on all customers and its findings; empty for a metric.
    fn calibration(self, set: &RuleSet, index: usize, frame: &Frame) -> CalibrationResult {
        let Step::Rule { rule, name, .. } = &set.steps[index] else { return Ok(Default::default()) };
        if !frame.has(&rule.calibrates_by()) {
            // It reads a rule that failed, so it is not rated either.
            return Ok(Default::default());
        }
        // Faults and unknown conditions are counted once, when rating; the counts of the calibration are dropped.
        let (faults, unknown) = (Faults::default(), UnknownCounts::default());
        let context = RuleContext { rule: name, env: Env { as_of: self.as_of, faults: &faults }, unknown: &unknown };
        let mut findings = Diagnostics::new();
        let mut calibration = rule.calibrate(&Customers { frame, context }, &mut findings)?;
        if let Some(saved) = self.saved {
            calibration.cut_offs = saved.of(name, &calibration.cut_offs)?;
        }
        Ok((calibration, findings))
    }

    /// The outputs of a step for all customers, rated on the cluster if it runs the step's scripts, else here.
    fn everyone(
        self,
        index: usize,
        state: &RunState,
        context: RuleContext,
        cut_offs: &CutOffs,
        outputs: &[SlotId],
    ) -> Result<Vec<ArrayRef>, Diagnostics> {
        let (step, frame) = (&state.set.steps[index], &state.frame);
        if let Some(cluster) = self.cluster_for(step, frame) {
            match cluster.rate(&RatingTask { step: index, frame, cut_offs, outputs }) {
                Ok((values, counted)) => {
                    counted.add_to(context);
                    return Ok(values);
                }
                Err(ClusterFailure::Cluster(why)) => return Err(profile::cluster_failed(&why)),
                // A script failed. It fails here too, with a finding that has its place.
                Err(ClusterFailure::Data(_)) => {}
            }
        }
        // Only the columns that the step reads are cut into pieces, and the key: a script that fails names the
        // customer.
        let own = frame.select(slots_read(step).into_iter().chain([0]));
        parallel::map_pieces(&own, self.threads, |frame| piece::rate(step, frame, context, cut_offs))
    }

    /// Fills slots, except where values are fixed.
    fn fill(self, state: &mut RunState, slots: &[SlotId], values: Vec<ArrayRef>) {
        for (slot, values) in slots.iter().zip(values) {
            state.frame.columns[*slot] = Some(self.fixed.apply(*slot, state.set.demand.slots[*slot].ty, values));
        }
    }

    /// The cluster, if it is to rate this step.
    fn cluster_for(self, step: &Step, frame: &Frame) -> Option<&'a dyn RatingCluster> {
        let cluster = self.cluster.filter(|cluster| cluster.takes_pieces() && frame.rows > 0)?;
        piece::runs_scripts(step).then_some(cluster)
    }
}

/// The bytes of a customer's values in these slots.
pub(super) fn width(set: &RuleSet, slots: &[SlotId]) -> usize {
    slots.iter().map(|slot| memory::bytes_per_row(set.demand.slots[*slot].ty)).sum()
}

/// A step's row-wise outputs, and those its calibration fills.
fn split<'s>(slots: &'s [SlotId], calibration: &Calibration) -> (&'s [SlotId], &'s [SlotId]) {
    slots.split_at(slots.len().saturating_sub(calibration.population.len()))
}
