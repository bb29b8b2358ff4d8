//! When a customer first bought, and in which slices it was active.

use accolade_core::numbers::domain::KeyColumn;

/// When a customer first bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstPurchase {
    /// Before the period.
    Earlier,
    /// In the slice of this index.
    Slice(usize),
    /// Not in the period nor before it.
    Never,
}

impl FirstPurchase {
    /// The first purchase, given whether there is an event before the period and in each slice.
    pub(super) fn of(earlier: bool, mut slices: impl Iterator<Item = bool>) -> FirstPurchase {
        if earlier {
            FirstPurchase::Earlier
        } else {
            slices.position(|any| any).map_or(FirstPurchase::Never, FirstPurchase::Slice)
        }
    }

    /// The index of its label: first the labels of the slices, then that of earlier customers.
    pub(super) fn label(self, slices: usize) -> Option<usize> {
        match self {
            FirstPurchase::Earlier => Some(slices),
            FirstPurchase::Slice(index) => Some(index),
            FirstPurchase::Never => None,
        }
    }
}

/// Columns of event counts, with a row for each customer.
#[derive(Debug)]
pub(super) struct EventCounts<'a> {
    /// Events in each slice.
    pub(super) slices: Vec<KeyColumn<'a>>,
    /// Events before the period.
    pub(super) earlier: KeyColumn<'a>,
}

impl EventCounts<'_> {
    /// When a customer first bought.
    pub(super) fn first(&self, row: usize) -> FirstPurchase {
        FirstPurchase::of(any(&self.earlier, row), self.slices.iter().map(|part| any(part, row)))
    }

    /// Whether a customer was active in a slice.
    pub(super) fn is_active(&self, row: usize, slice: usize) -> bool {
        any(&self.slices[slice], row)
    }

    /// The number of slices in which a customer was active.
    pub(super) fn active(&self, row: usize) -> i64 {
        let active = self.slices.iter().filter(|part| any(part, row)).count();
        i64::try_from(active).unwrap_or(i64::MAX)
    }
}

fn any(counts: &KeyColumn, row: usize) -> bool {
    counts.get(row).is_some_and(|n| n > 0)
}
