//! Loyalty programmes and other efforts: what they cost, what they brought, and whether that was worth it.
//!
//! - incremental margin: how much more margin members brought in the programme's period than in the one before. With a
//!   control group the change of the control group is taken off (difference in differences: Ashenfelter and Card,
//!   1985); without one every change counts as the programme's, which overstates it in a growing market.
//! - return: (incremental margin − cost) / cost.
//! - break-even: how many more customers must be kept for the margin of a kept customer to pay the cost.
//!
//! Membership is a rule of the rule set: a customer is `member`, `control` or `other`, which other expressions can
//! read.

mod effect;

use accolade_core::eval::{Env, Faults, column, report_faults};
use accolade_core::frame::Frame;
use accolade_core::model::{SlotId, TypedExpr};
use accolade_core::numbers::exact::Exact;
use accolade_parser::{Code, Diagnostic, Diagnostics, count};

pub use self::effect::{MemberRetention, ProgrammeEffect};
use crate::measures::{Grouping, group_rows};

/// The kind of the rule that assigns customers to groups.
pub const KIND: &str = "programme";

/// The labels of membership, in order; a programme without a control group has no second one.
pub const GROUPS: [&str; 3] = ["member", "control", "other"];

/// A checked programme.
#[derive(Debug)]
pub struct Programme {
    /// Its name.
    pub name: String,
    /// `description:`
    pub description: Option<String>,
    /// The slot of a customer's group.
    pub slot: SlotId,
    /// Whether it has a control group.
    pub controlled: bool,
    /// The group of a customer.
    pub group: TypedExpr,
    /// A customer's margin in the programme's period and in the one before.
    pub margin: (TypedExpr, TypedExpr),
    /// A customer's events in the period before and in the programme's.
    pub active: (TypedExpr, TypedExpr),
    /// The cost that all members share.
    pub fixed_cost: Exact,
    /// The cost of a member.
    pub member_cost: Option<TypedExpr>,
    /// The fields that make segments, the outer one first.
    pub by: Vec<Grouping>,
}

/// The effect of a programme on everyone and on each segment.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeResult {
    /// The programme's name.
    pub name: String,
    /// `description:`
    pub description: Option<String>,
    /// The fields that make segments, the outer one first.
    pub by: Vec<String>,
    /// Everyone, then each segment of the first field followed by its segments of the second.
    pub rows: Vec<ProgrammeResultRow>,
}

/// The effect of a programme on one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeResultRow {
    /// The segment's value of each field, from the outer one inwards; none for everyone.
    pub group: Vec<accolade_core::model::value::Value>,
    /// The effect on the segment.
    pub effect: ProgrammeEffect,
}

impl Programme {
    /// The expressions over the record that [`effect`](Self::effect) needs.
    pub fn reads(&self) -> Vec<&TypedExpr> {
        let of = [&self.group, &self.margin.0, &self.margin.1, &self.active.0, &self.active.1];
        of.into_iter().chain(&self.member_cost).collect()
    }

    /// The fields it reads.
    pub fn slots(&self) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self.by.iter().map(|grouping| grouping.field.slot).collect();
        self.reads().into_iter().for_each(|expr| expr.for_each_field(&mut |slot| slots.push(slot)));
        slots
    }

    /// Measures the effect on the customers of a run and on each segment.
    ///
    /// # Errors
    /// Fails when a script fails.
    pub fn evaluate(
        &self,
        frame: &Frame,
        as_of: i32,
        findings: &mut Diagnostics,
    ) -> Result<ProgrammeResult, Diagnostics> {
        let faults = Faults::default();
        let env = Env { as_of, faults: &faults };
        let columns: Vec<_> =
            self.reads().into_iter().map(|expr| column::evaluate(expr, &frame.columns, frame.rows, env)).collect();
        faults.check()?;
        report_faults(&self.name, &faults, findings);
        let everyone = self.member_count(&columns);
        let groups = group_rows(frame, &self.by, (0..frame.rows).collect())?;
        let rows = groups
            .into_iter()
            .map(|(group, rows)| ProgrammeResultRow { effect: self.effect(&columns, &rows, everyone), group });
        // A segment without members or controls is left out.
        let rows = rows.filter(|row| row.group.is_empty() || row.effect.members > 0 || row.effect.controls > Some(0));
        let rows: Vec<ProgrammeResultRow> = rows.collect();
        if let Some(missing) = rows.first().map(|row| row.effect.cost_missing).filter(|n| *n > 0) {
            let members = count(missing, "member");
            let message = format!("`{}`: the cost of {members} is missing and counted as nothing", self.name);
            let help = "say what a missing cost is with `or else`";
            findings.push(Diagnostic::new(Code::W0715, message).help(help));
        }
        Ok(ProgrammeResult {
            name: self.name.clone(),
            description: self.description.clone(),
            by: self.by.iter().map(|grouping| grouping.field.name.clone()).collect(),
            rows,
        })
    }

    /// The rows of a run's customers who are its members, and of those in its control group.
    pub fn members(&self, frame: &Frame) -> Result<(Vec<usize>, Vec<usize>), Diagnostics> {
        let labels = accolade_core::frame::column(frame, self.slot)?;
        let of = |label: &str| effect::rows_with(labels, label, 0..frame.rows);
        Ok((of(GROUPS[0]), of(GROUPS[1])))
    }
}
