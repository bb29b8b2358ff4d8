//! The fields of a record.

use crate::values::types::Type;

/// Index of a slot: one field of the record that rules read and write.
pub type SlotId = usize;

/// One field of a record.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its name in expressions and output, such as `revenue` or `behaviour.r`.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub nullable: bool,
    /// The texts it can hold, where they are known (classes, segments, grades).
    pub labels: Option<Vec<String>>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Slot {
    /// Whether a result may hold no value. What is computed may, even where no operand can be missing: a result that is
    /// too large is.
    pub fn may_be_null(&self) -> bool {
        self.nullable || !matches!(self.origin, Origin::Key | Origin::Column(_))
    }
}

/// Where a slot's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The customer's key.
    Key,
    /// The column of this index of the customers table.
    Column(usize),
    /// The aggregate of this index.
    Aggregate(usize),
    /// Computed by a step.
    Step(usize),
}
