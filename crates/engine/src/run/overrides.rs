//! Values that replace computed ones, for tests of single rules.

use std::collections::HashMap;

use accolade_core::frame::{array_of, value_at};
use accolade_core::model::{SlotId, Type, Value};
use arrow::array::ArrayRef;

/// Values that replace computed ones, by slot and row.
#[derive(Clone, Debug, Default)]
pub struct Overrides(pub HashMap<SlotId, HashMap<usize, Value>>);

impl Overrides {
    /// Whether no value is replaced.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The computed column with the values of its slot replaced.
    pub(super) fn apply(&self, slot: SlotId, ty: Type, computed: ArrayRef) -> ArrayRef {
        let Some(given) = self.0.get(&slot) else { return computed };
        let value = |row: usize| given.get(&row).cloned().unwrap_or_else(|| value_at(&computed, row));
        array_of(ty, (0..computed.len()).map(value))
    }
}
