//! The figures of a measure for everyone and for each group.

use accolade_core::eval::{Faults, report_faults};
use accolade_core::frame::Frame;
use accolade_core::model::{Type, Value};
use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::groups::groups;
use super::{Figure, Measure};

/// The figures of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureTable {
    /// The measure's name.
    pub name: String,
    /// As written, without its groups.
    pub written: String,
    /// `description:`
    pub description: Option<String>,
    /// The type of the figures.
    pub ty: Type,
    /// How many decimals of a number are shown.
    pub places: u32,
    /// The fields whose values make the groups, the outer one first.
    pub by: Vec<String>,
    /// Everyone, then each group of the first field followed by its groups of the second.
    pub rows: Vec<MeasureRow>,
}

/// The figure of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureRow {
    /// The group's value of each field, from the outer one inwards; none for everyone.
    pub group: Vec<Value>,
    /// How many customers it has.
    pub customers: u64,
    /// Its figure.
    pub figure: Figure,
}

impl Measure {
    /// The figures of the customers in `rows` and of their groups; warnings are added to `findings`.
    ///
    /// # Errors
    /// Fails when a script fails.
    pub fn table(
        &self,
        frame: &Frame,
        as_of: i32,
        rows: Vec<usize>,
        findings: &mut Diagnostics,
    ) -> Result<MeasureTable, Diagnostics> {
        let faults = Faults::default();
        let columns = self.columns(frame, as_of, &faults)?;
        report_faults(&self.name, &faults, findings);
        let groups = groups(frame, &self.by, rows)?.into_iter();
        let rows: Vec<MeasureRow> = groups
            .map(|(group, rows)| MeasureRow {
                customers: rows.len() as u64,
                figure: self.figure(&columns, &rows),
                group,
            })
            .collect();
        if let Some(everyone) = rows.first() {
            self.report(&everyone.figure, findings);
        }
        Ok(MeasureTable {
            name: self.name.clone(),
            written: self.written.clone(),
            description: self.description.clone(),
            ty: self.ty,
            places: self.places,
            by: self.by.iter().map(|grouping| grouping.field.name.clone()).collect(),
            rows,
        })
    }

    fn report(&self, figure: &Figure, findings: &mut Diagnostics) {
        if figure.unknown > 0 {
            let customers = match figure.unknown {
                1 => "1 customer, who is therefore".to_owned(),
                n => format!("{n} customers, who are therefore"),
            };
            let message =
                format!("`{}`: the condition is neither true nor false for {customers} not counted", self.name);
            findings.push(
                Diagnostic::new(Code::W0702, message)
                    .help("say what a missing value means with `is missing` or `or else`"),
            );
        }
        if let (true, Some(note)) = (figure.warn, &figure.note) {
            let message = format!("`{}` is not the share of customers kept: {note}", self.name);
            findings.push(Diagnostic::new(Code::W0714, message).help("measure `retention(…)` to see who was kept"));
        }
    }
}
