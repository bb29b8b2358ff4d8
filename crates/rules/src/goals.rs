//! Goals: a measure over the customer base and the target it should meet.

use std::sync::Arc;

use accolade_core::frame::Frame;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::exact::{Exact, float, ratio};
use accolade_parser::Diagnostics;

use crate::measures::intervals::ConfidenceInterval;
use crate::measures::{Figure, GoalTarget, Measure, MeasureRow, MeasureTable, intervals};
use crate::programmes::Programme;

/// A checked goal.
#[derive(Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The measure.
    pub measure: Measure,
    /// The target that the measure should meet.
    pub target: GoalTarget,
    /// The programme to whose members the goal is restricted.
    pub programme: Option<Arc<Programme>>,
    /// Field values of a customer to whom the goal applies; none if no such customer was found.
    pub example_member: Option<Vec<(SlotId, Value)>>,
}

/// The result of a goal for one customer base.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalResult {
    /// The goal's name.
    pub name: String,
    /// The measure as written.
    pub measure: String,
    /// The type of the figure.
    pub ty: Type,
    /// How many decimals of a number are shown.
    pub places: u32,
    /// The target as written.
    pub target: String,
    /// The measured figure.
    pub figure: Figure,
    /// Whether the target is met; none without data.
    pub met: Option<bool>,
    /// The margin by which the figure meets the target; negative where it falls short.
    pub distance: Option<Exact>,
    /// The fields whose values make the groups.
    pub by: Vec<String>,
    /// The result of each group.
    pub groups: Vec<GoalGroupResult>,
    /// The figure of the programme's control group beside that of its members.
    pub control: Option<ControlComparison>,
}

/// The result of a goal for one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalGroupResult {
    /// The group and its figure.
    pub row: MeasureRow,
    /// Whether it meets the target.
    pub met: Option<bool>,
    /// The margin by which the group meets the target; negative where it falls short.
    pub distance: Option<Exact>,
}

/// The control group of a programme, compared with the members.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlComparison {
    /// The figure of the control group.
    pub figure: Figure,
    /// The members' figure less that of the control group.
    pub uplift: Option<Exact>,
    /// The 95% interval of the uplift.
    pub interval: Option<ConfidenceInterval>,
}

/// The most customers in a base that is generated to test a target.
const MAX_CUSTOMERS: u32 = 200;

impl Goal {
    /// Generated customer bases around the target, for tests: one customer kept more or less decides whether it is met.
    /// Each customer is given as values of some fields. Empty unless the measure is a share of customers kept or lost.
    pub fn test_populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let (Some(member), Some((periods, _))) = (&self.example_member, self.measure.retained()) else {
            return Vec::new();
        };
        let share = |kept: u32, of: u32| ratio(if periods.lost { of - kept } else { kept }, of);
        let met = |kept: u32, of: u32| share(kept, of).is_some_and(|share| self.target.met(&share));
        // The smallest base in which one customer decides the outcome, preferably one whose share can equal an end of
        // the target.
        let turns = |of: &u32| (1..=*of).any(|kept| met(kept, *of) != met(kept - 1, *of));
        let exact = |of: &u32| (0..=*of).any(|k| self.target.ends().any(|end| ratio(k, *of).as_ref() == Some(end)));
        let Some(of) =
            (2..=MAX_CUSTOMERS).find(|of| turns(of) && exact(of)).or_else(|| (2..=MAX_CUSTOMERS).find(turns))
        else {
            return Vec::new();
        };
        let active = |slot: SlotId, yes: bool| vec![(slot, Value::Integer(i64::from(yes)))];
        let base = |kept: u32| {
            let customer =
                |i: u32| [active(periods.before, true), active(periods.after, i < kept), member.clone()].concat();
            (0..of).map(customer).collect()
        };
        let near =
            (0..=of).filter(|k| (k.saturating_sub(1)..=(k + 1).min(of)).any(|other| met(other, of) != met(*k, of)));
        near.map(base).collect()
    }

    /// The fields it reads.
    pub fn reads(&self) -> Vec<SlotId> {
        let mut slots = self.measure.reads();
        slots.extend(self.programme.iter().map(|programme| programme.slot));
        slots
    }

    /// Measures the goal for a customer base.
    ///
    /// # Errors
    /// Fails when a script fails.
    pub fn evaluate(&self, frame: &Frame, as_of: i32, findings: &mut Diagnostics) -> Result<GoalResult, Diagnostics> {
        let mut control = None;
        let table = match &self.programme {
            None => self.measure.table(frame, as_of, (0..frame.rows).collect(), findings)?,
            Some(programme) => {
                let (members, controls) = programme.members(frame)?;
                let table = self.measure.table(frame, as_of, members, findings)?;
                if programme.controlled {
                    let other = self.measure.table(frame, as_of, controls, &mut Diagnostics::new())?;
                    control = compared(&table, &other);
                }
                table
            }
        };
        let MeasureTable { ty, places, by, rows, written, .. } = table;
        let stand = |row: MeasureRow| {
            let value = row.figure.value.as_ref();
            let met = value.map(|value| self.target.met(value));
            let distance = value.map(|value| self.target.distance(value));
            GoalGroupResult { row, met, distance }
        };
        let mut rows = rows.into_iter().map(stand);
        let whole = rows.next();
        let (figure, met, distance) = match whole {
            Some(whole) => (whole.row.figure, whole.met, whole.distance),
            None => (Figure::default(), None, None),
        };
        Ok(GoalResult {
            name: self.name.clone(),
            measure: written,
            ty,
            places,
            target: self.target.text.clone(),
            figure,
            met,
            distance,
            by,
            groups: rows.collect(),
            control,
        })
    }
}

fn compared(members: &MeasureTable, controls: &MeasureTable) -> Option<ControlComparison> {
    let (own, other) = (&members.rows.first()?.figure, &controls.rows.first()?.figure);
    let both = own.value.as_ref().zip(other.value.as_ref());
    let uplift = both.map(|(a, b)| a - b);
    let interval = both.zip(own.interval.zip(other.interval));
    let interval = interval.map(|((a, b), (of_a, of_b))| intervals::difference((float(a), of_a), (float(b), of_b)));
    Some(ControlComparison { figure: other.clone(), uplift, interval })
}
