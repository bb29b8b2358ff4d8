//! The first half of a run: whatever needs all customers.

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;
use indexmap::IndexMap;

use super::calibrated::{Calibrated, Open, Told};
use super::{Fixed, Outcome, SavedCutOffs, parallel, piece, reads, report_faults, report_unknown, waiting};
use crate::eval::{Env, Faults};
use crate::frame::Frame;
use crate::kinds::{Calibration, Context, Population, Unknown};
use crate::measure::cutoffs::CutOffs;
use crate::model::{Operation, RuleSet, SlotId, Step, TypedExpr};
use crate::profile::{self, Base, Cluster, Failure, Work, memory};
use crate::progress::{Event, Observer};

/// The bytes a customer takes while a rule is calibrated: a value and its place, twice.
const SORTING: usize = 2 * (size_of::<i128>() + size_of::<u64>());

/// What rating needs besides the rules and the columns.
#[derive(Clone, Copy)]
pub(super) struct Rating<'a> {
    pub cluster: Option<&'a dyn Cluster>,
    pub as_of: i32,
    pub threads: usize,
    pub saved: Option<&'a SavedCutOffs>,
    pub fixed: &'a Fixed,
}

impl<'a> Rating<'a> {
    /// Fills what needs the population, and what cannot wait.
    ///
    /// # Errors
    /// Cut-offs of another rule set, or measures that cannot be taken.
    pub(super) fn calibrate<'s>(
        self,
        set: &'s RuleSet,
        base: Base,
        observer: &Observer,
    ) -> Result<Calibrated<'s>, Diagnostics> {
        let Rating { as_of, threads, saved, fixed, .. } = self;
        if let Some(saved) = saved {
            saved.check_rule_set(set)?;
        }
        let mut frame = Frame::new(base.rows, set.slots.len());
        for (slot, values) in base.columns {
            frame.columns[slot] = Some(fixed.apply(slot, set.slots[slot].ty, values));
        }
        let mut findings = base.findings;
        if base.rows == 0 {
            findings.push(Diagnostic::new(Code("W0710"), "there are no customers in the data"));
        }
        let mut held = base.held;
        let mut told: Vec<Told> = set.steps.iter().map(|_| Told::default()).collect();
        let mut cut_offs = vec![CutOffs::default(); set.steps.len()];
        let begin = |index: usize| {
            let name = set.steps[index].name(set);
            observer.tell(Event::Step { work: "calibrating", name, done: index, of: set.steps.len() });
        };
        let waits = waiting::waiting(set, |step| fixed.is_empty() && self.elsewhere(step, &frame).is_none());
        let rated = held.memory.share("the results that all customers are compared by");
        let compared = set.steps.iter().zip(&waits).filter(|(_, waits)| !**waits).map(|(step, _)| step);
        rated.must_grow(base.rows * compared.map(|step| width(set, step.fills())).sum::<usize>())?;
        held.shares.push(rated);
        let sorting = held.memory.share("the values that are sorted");
        sorting.must_grow(base.rows * SORTING * threads)?;
        for (index, step) in set.steps.iter().enumerate().filter(|(index, _)| !waits[*index]) {
            if frame.has(&reads(step)) {
                begin(index);
                match self.step(set, index, &mut frame, &mut told[index].findings) {
                    Ok(used) => cut_offs[index] = used,
                    Err(failed) => told[index].failures = failed,
                }
            }
        }
        let left: Vec<usize> = (0..set.steps.len()).filter(|index| waits[*index]).collect();
        let calibrations = parallel::each(left.len(), threads, |i| {
            begin(left[i]);
            self.calibration(set, left[i], &frame)
        })?;
        let mut open = Vec::new();
        let mut filled: Vec<bool> = frame.columns.iter().map(Option::is_some).collect();
        for (index, calibration) in left.into_iter().zip(calibrations) {
            let step = &set.steps[index];
            if !reads(step).iter().all(|slot| filled[*slot]) {
                continue;
            }
            match calibration {
                Err(failed) => told[index].failures = failed,
                Ok((calibration, findings)) => {
                    told[index].findings = findings;
                    step.fills().iter().for_each(|slot| filled[*slot] = true);
                    let (own, of_population) = split(step.fills(), &calibration);
                    fill(&mut frame, set, fixed, of_population, calibration.population);
                    cut_offs[index] = calibration.cut_offs;
                    open.push(Open::new(index, own.to_vec()));
                }
            }
        }
        // What a rule that failed would have given is not measured.
        let mut after = Diagnostics::new();
        let measures = set.measures.iter().filter(|measure| frame.has(&measure.reads()));
        let everyone = || (0..frame.rows).collect::<Vec<_>>();
        let measures = measures.map(|m| m.table(&frame, as_of, everyone(), &mut after)).collect::<Result<_, _>>()?;
        let programmes = set.programmes.iter().filter(|programme| frame.has(&programme.slots()));
        let programmes = programmes.map(|p| p.measure(&frame, as_of, &mut after)).collect::<Result<_, _>>()?;
        let goals = set.goals.iter().filter(|goal| frame.has(&goal.reads()));
        let goals = goals.map(|goal| goal.measure(&frame, as_of, &mut after)).collect::<Result<_, _>>()?;
        let named = set.steps.iter().zip(cut_offs).filter(|(_, used)| !used.0.is_empty());
        let cut_offs: IndexMap<String, CutOffs> = named.map(|(step, used)| (step.name(set).to_owned(), used)).collect();
        let (read, failures) = (base.read, Diagnostics::new());
        let outcome = Outcome { as_of, frame, cut_offs, measures, programmes, goals, findings, read, failures };
        let observer = observer.clone();
        Ok(Calibrated { set, threads, observer, held, outcome, told, open, reasons: Vec::new(), after, given: 0 })
    }

    /// A step for everyone at once; gives the cut-offs it used.
    fn step(
        self,
        set: &RuleSet,
        index: usize,
        frame: &mut Frame,
        findings: &mut Diagnostics,
    ) -> Result<CutOffs, Diagnostics> {
        let step = &set.steps[index];
        // A metric that only names a field shares its column.
        if let Step::Metric { slot, expr: TypedExpr { operation: Operation::Field(field), .. }, .. } = step {
            let shared = frame.columns[*field].clone();
            fill(frame, set, self.fixed, &[*slot], shared.into_iter().collect());
            return Ok(CutOffs::default());
        }
        let (calibration, found) = self.calibration(set, index, frame)?;
        findings.0.extend(found.0);
        let (faults, unknown) = (Faults::default(), Unknown::default());
        let env = Env { as_of: self.as_of, faults: &faults };
        let context = Context { rule: step.name(set), env, unknown: &unknown };
        let (own, of_population) = split(step.fills(), &calibration);
        let values = self.everyone(step, index, frame, context, &calibration.cut_offs, own)?;
        faults.check()?;
        fill(frame, set, self.fixed, own, values);
        fill(frame, set, self.fixed, of_population, calibration.population);
        report_faults(step.name(set), &faults, findings);
        report_unknown(step.name(set), &unknown, findings);
        Ok(calibration.cut_offs)
    }

    /// What a step needs to know of the population, and what is said of it; a metric needs nothing.
    fn calibration(
        self,
        set: &RuleSet,
        index: usize,
        frame: &Frame,
    ) -> Result<(Calibration, Diagnostics), Diagnostics> {
        let Step::Rule { rule, name, .. } = &set.steps[index] else { return Ok(Default::default()) };
        if !frame.has(&rule.calibrates_by()) {
            // A rule before it failed; so it is not rated either.
            return Ok(Default::default());
        }
        // What calibration finds out about the population's conditions is counted once, when rating.
        let (faults, unknown) = (Faults::default(), Unknown::default());
        let context = Context { rule: name, env: Env { as_of: self.as_of, faults: &faults }, unknown: &unknown };
        let mut findings = Diagnostics::new();
        let mut calibration = rule.calibrate(&Population { frame, context }, &mut findings)?;
        if let Some(saved) = self.saved {
            calibration.cut_offs = saved.of(name, &calibration.cut_offs)?;
        }
        Ok((calibration, findings))
    }

    /// What a step gives for each customer: rated here, or where the cluster runs scripts.
    fn everyone(
        self,
        step: &Step,
        index: usize,
        frame: &Frame,
        context: Context,
        cut_offs: &CutOffs,
        outputs: &[SlotId],
    ) -> Result<Vec<ArrayRef>, Diagnostics> {
        if let Some(cluster) = self.elsewhere(step, frame) {
            match cluster.rate(&Work { step: index, frame, cut_offs, outputs }) {
                Ok((values, counted)) => {
                    counted.add_to(context);
                    return Ok(values);
                }
                Err(Failure::Cluster(why)) => return Err(profile::lost(&why)),
                // A script failed: it does so here too, and says where.
                Err(Failure::Data(_)) => {}
            }
        }
        // Scripts that fail name the customer. Of a thousand columns all others need not be cut into pieces.
        let own = frame.only(reads(step).into_iter().chain([0]));
        parallel::pieces(&own, self.threads, |frame| piece::rate(step, frame, context, cut_offs))
    }

    /// The cluster, if it is to rate this step.
    fn elsewhere(self, step: &Step, frame: &Frame) -> Option<&'a dyn Cluster> {
        let cluster = self.cluster.filter(|cluster| cluster.takes_pieces() && frame.rows > 0)?;
        piece::runs_scripts(step).then_some(cluster)
    }
}

/// The bytes of a customer's values in these slots.
pub(super) fn width(set: &RuleSet, slots: &[SlotId]) -> usize {
    slots.iter().map(|slot| memory::width(set.slots[*slot].ty)).sum()
}

/// A step's own outputs, and those its calibration gives.
fn split<'s>(slots: &'s [SlotId], calibration: &Calibration) -> (&'s [SlotId], &'s [SlotId]) {
    slots.split_at(slots.len().saturating_sub(calibration.population.len()))
}

fn fill(frame: &mut Frame, set: &RuleSet, fixed: &Fixed, slots: &[SlotId], values: Vec<ArrayRef>) {
    for (slot, values) in slots.iter().zip(values) {
        frame.columns[*slot] = Some(fixed.apply(*slot, set.slots[*slot].ty, values));
    }
}
