//! Columns of labels: classes, grades, segments.

use std::collections::HashMap;
use std::sync::Arc;

use accolade_core::model::SlotId;
use accolade_parser::Diagnostics;
use accolade_rules::set::Customers;
use arrow::array::{Array, ArrayRef, AsArray, StringViewBuilder};

/// A text column from indices into `labels`.
pub(super) fn label_column(labels: &[String], indices: impl Iterator<Item = Option<usize>>) -> ArrayRef {
    let mut builder = StringViewBuilder::with_capacity(indices.size_hint().0);
    // Long labels are stored once and referred to.
    let blocks: Vec<Option<(u32, u32)>> = labels
        .iter()
        .map(|label| {
            let length = u32::try_from(label.len()).ok()?;
            (length > 12).then(|| (builder.append_block(label.as_bytes().to_vec().into()), length))
        })
        .collect();
    for index in indices {
        match index.and_then(|i| labels.get(i).zip(blocks.get(i))) {
            Some((_, Some((block, length)))) => {
                if builder.try_append_view(*block, 0, *length).is_err() {
                    builder.append_null();
                }
            }
            Some((label, None)) => builder.append_value(label),
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

/// The reason of each record of a batch, chosen by its label in `slot`; null for a record without a label.
pub(super) fn reason_column(
    batch: &Customers,
    slot: SlotId,
    labels: &[String],
    reasons: &[String],
) -> Result<ArrayRef, Diagnostics> {
    let texts = accolade_core::frame::column(batch.frame, slot)?.as_string_view();
    let index: HashMap<&str, usize> = labels.iter().enumerate().map(|(i, label)| (label.as_str(), i)).collect();
    let of = |row: usize| if texts.is_null(row) { None } else { index.get(texts.value(row)).copied() };
    Ok(label_column(reasons, (0..batch.frame.rows).map(of)))
}
