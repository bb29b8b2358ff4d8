//! A run: read, calibrate, rate.

mod fixed;
pub(crate) mod parallel;
mod piece;
pub(crate) mod record;
mod saved;

use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;
use indexmap::IndexMap;

pub use self::fixed::Fixed;
pub use self::parallel::PIECE;
pub use self::piece::{Counted, rate_piece, reads};
pub use self::record::rate_record;
pub use self::saved::SavedCutOffs;
use crate::eval::{Env, Faults};
use crate::frame::Frame;
use crate::goals::Standing;
use crate::kinds::{Context, Population, Unknown};
use crate::measure::cutoffs::CutOffs;
use crate::model::{Operation, RuleSet, SlotId, Step, TypedExpr};
use crate::population::Table;
use crate::profile::{self, Base, Cluster, Failure, Inputs, SourceCount, Work};
use crate::programmes;
use crate::progress::{Event, Observer};

/// What a run gives.
#[derive(Debug)]
pub struct Outcome {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Every column, customers sorted by key.
    pub frame: Frame,
    /// The cut-offs used, by rule; rules without any are left out.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// The measures of everyone and of groups.
    pub measures: Vec<Table>,
    /// What came of the programmes.
    pub programmes: Vec<programmes::Outcome>,
    /// How the goals stand.
    pub goals: Vec<Standing>,
    /// Warnings.
    pub findings: Diagnostics,
    /// What was read.
    pub read: Vec<SourceCount>,
    /// What could not be computed; its columns, and those that depend on them, are not in the frame.
    pub failures: Diagnostics,
}

impl Outcome {
    /// The outcome if everything could be computed.
    ///
    /// # Errors
    /// What could not.
    pub fn complete(self) -> Result<Outcome, Diagnostics> {
        if self.failures.0.is_empty() { Ok(self) } else { Err(self.failures) }
    }
}

/// Reads the data and rates every customer; cut-offs are computed unless `saved` holds them.
///
/// # Errors
/// The data's diagnostics, cut-offs that do not fit, or what could not be computed.
pub fn run(set: &RuleSet, inputs: &Inputs, saved: Option<&SavedCutOffs>) -> Result<Outcome, Diagnostics> {
    run_what_can(set, inputs, saved)?.complete()
}

/// As [`run`], but a rule that fails, as a script may, keeps only what depends on it from being computed.
///
/// # Errors
/// The data's diagnostics, or cut-offs that do not fit.
pub fn run_what_can(set: &RuleSet, inputs: &Inputs, saved: Option<&SavedCutOffs>) -> Result<Outcome, Diagnostics> {
    run_on(None, set, inputs, saved)
}

/// As [`run_what_can`], on the machines of a cluster if there is one; the outcome is the same.
///
/// # Errors
/// As [`run_what_can`], or a cluster that failed.
pub fn run_on(
    cluster: Option<&dyn Cluster>,
    set: &RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
) -> Result<Outcome, Diagnostics> {
    let _working = inputs.observer.working();
    let base = profile::load_on(cluster, set, inputs)?;
    let (as_of, threads) = (inputs.as_of, inputs.threads);
    Rating { cluster, set, as_of, threads, saved, fixed: &Fixed::default() }.what_can(base, &inputs.observer)
}

/// Rates customers whose data has been read; what is `fixed` is taken as given instead of computed.
///
/// # Errors
/// As [`run`].
pub fn rate(
    set: &RuleSet,
    base: Base,
    as_of: i32,
    threads: usize,
    saved: Option<&SavedCutOffs>,
    fixed: &Fixed,
) -> Result<Outcome, Diagnostics> {
    Rating { cluster: None, set, as_of, threads, saved, fixed }.what_can(base, &Observer::default())?.complete()
}

/// What rating needs besides the columns.
#[derive(Clone, Copy)]
struct Rating<'a> {
    cluster: Option<&'a dyn Cluster>,
    set: &'a RuleSet,
    as_of: i32,
    threads: usize,
    saved: Option<&'a SavedCutOffs>,
    fixed: &'a Fixed,
}

impl Rating<'_> {
    fn what_can(self, base: Base, observer: &Observer) -> Result<Outcome, Diagnostics> {
        let Rating { set, as_of, saved, fixed, .. } = self;
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
        let (mut cut_offs, mut failures) = (IndexMap::new(), Diagnostics::new());
        for (done, step) in set.steps.iter().enumerate() {
            if !reads(step).iter().all(|slot| frame.columns[*slot].is_some()) {
                continue;
            }
            observer.tell(Event::Step { work: "rating", name: step.name(set), done, of: set.steps.len() });
            if let Err(failed) = self.step(done, &mut frame, &mut cut_offs, &mut findings) {
                failures.0.extend(failed.0);
            }
        }
        // What a rule that failed would have given is not measured.
        let there = |slots: Vec<SlotId>| slots.iter().all(|slot| frame.columns[*slot].is_some());
        let measures = set.measures.iter().filter(|measure| there(measure.reads()));
        let everyone = || (0..frame.rows).collect::<Vec<_>>();
        let measures = measures.map(|m| m.table(&frame, as_of, everyone(), &mut findings)).collect::<Result<_, _>>()?;
        let programmes = set.programmes.iter().filter(|programme| there(programme.slots()));
        let programmes = programmes.map(|p| p.measure(&frame, as_of, &mut findings)).collect::<Result<_, _>>()?;
        let goals = set.goals.iter().filter(|goal| there(goal.reads()));
        let goals = goals.map(|goal| goal.measure(&frame, as_of, &mut findings)).collect::<Result<_, _>>()?;
        Ok(Outcome { as_of, frame, cut_offs, measures, programmes, goals, findings, read: base.read, failures })
    }

    fn step(
        self,
        index: usize,
        frame: &mut Frame,
        cut_offs: &mut IndexMap<String, CutOffs>,
        findings: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let Rating { set, as_of, fixed, .. } = self;
        let faults = Faults::default();
        let unknown = Unknown::default();
        let env = Env { as_of, faults: &faults };
        match &set.steps[index] {
            // A metric that only names a field shares its column.
            Step::Metric { slot, expr: TypedExpr { operation: Operation::Field(field), .. }, .. } => {
                let shared = frame.columns[*field].clone();
                frame.columns[*slot] = shared.map(|values| fixed.apply(*slot, set.slots[*slot].ty, values));
            }
            Step::Metric { slot, .. } => {
                let context = Context { rule: &set.slots[*slot].name, env, unknown: &unknown };
                let values = self.pieces(index, frame, context, &CutOffs::default(), &[*slot])?;
                faults.check()?;
                fill(frame, set, fixed, &[*slot], values);
                report_faults(&set.slots[*slot].name, &faults, findings);
            }
            Step::Rule { name, slots, .. } => {
                let context = Context { rule: name, env, unknown: &unknown };
                let (used, values) = self.rule(index, frame, context, findings)?;
                faults.check()?;
                fill(frame, set, fixed, slots, values);
                if !used.0.is_empty() {
                    cut_offs.insert(name.clone(), used);
                }
                report_faults(name, &faults, findings);
                report_unknown(name, &unknown, findings);
            }
        }
        Ok(())
    }

    /// The cut-offs and the outputs of a rule.
    fn rule(
        self,
        index: usize,
        frame: &Frame,
        context: Context,
        findings: &mut Diagnostics,
    ) -> Result<(CutOffs, Vec<ArrayRef>), Diagnostics> {
        let Step::Rule { rule, slots, .. } = &self.set.steps[index] else { return Ok(Default::default()) };
        let calibration = {
            // What calibration finds out about the population's conditions is counted once, when rating.
            let unknown = Unknown::default();
            let faults = Faults::default();
            let env = Env { as_of: context.env.as_of, faults: &faults };
            let quiet = Context { rule: context.rule, env, unknown: &unknown };
            rule.calibrate(&Population { frame, context: quiet }, findings)?
        };
        let cut_offs = match self.saved {
            Some(saved) => saved.of(context.rule, &calibration.cut_offs)?,
            None => calibration.cut_offs,
        };
        let own = &slots[..slots.len() - calibration.population.len()];
        let mut values = self.pieces(index, frame, context, &cut_offs, own)?;
        values.extend(calibration.population);
        Ok((cut_offs, values))
    }

    /// What a step gives row by row: on this machine, or on those of a cluster where it runs scripts.
    fn pieces(
        self,
        index: usize,
        frame: &Frame,
        context: Context,
        cut_offs: &CutOffs,
        outputs: &[SlotId],
    ) -> Result<Vec<ArrayRef>, Diagnostics> {
        let step = &self.set.steps[index];
        let cluster = self.cluster.filter(|cluster| cluster.takes_pieces() && frame.rows > 0);
        if let Some(cluster) = cluster.filter(|_| piece::runs_scripts(step)) {
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
        parallel::pieces(frame, self.threads, |frame| piece::rate(step, frame, context, cut_offs))
    }
}

fn fill(frame: &mut Frame, set: &RuleSet, fixed: &Fixed, slots: &[SlotId], values: Vec<ArrayRef>) {
    for (slot, values) in slots.iter().zip(values) {
        frame.columns[*slot] = Some(fixed.apply(*slot, set.slots[*slot].ty, values));
    }
}

pub(crate) fn report_faults(name: &str, faults: &Faults, findings: &mut Diagnostics) {
    let (divisions, overflows) = faults.counts();
    let times = |n: u64| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    if divisions > 0 {
        let message = format!("`{name}`: division by zero {}; the result is missing there", times(divisions));
        findings.push(Diagnostic::new(Code("W0701"), message));
    }
    if overflows > 0 {
        let message = format!("`{name}`: a result too large or undefined {}; it is missing there", times(overflows));
        findings.push(Diagnostic::new(Code("W0707"), message));
    }
}

pub(crate) fn report_unknown(name: &str, unknown: &Unknown, findings: &mut Diagnostics) {
    for (label, count) in unknown.counts() {
        let (customers, them) =
            if count == 1 { ("customer".to_owned(), "it") } else { ("customers".to_owned(), "them") };
        let message = format!(
            "`{name}`: the condition of `{label}` is neither true nor false for {count} {customers}; a value it needs is missing, so the row was passed over for {them}"
        );
        findings.push(
            Diagnostic::new(Code("W0702"), message)
                .help("say what a missing value means with `is missing` or `or else`"),
        );
    }
}
