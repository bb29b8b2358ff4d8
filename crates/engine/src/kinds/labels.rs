//! Columns of labels: classes, grades, segments.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewBuilder};

use crate::model::Value;

/// A text column from indices into `labels`.
pub(super) fn column(labels: &[String], indices: impl Iterator<Item = Option<usize>>) -> ArrayRef {
    let mut builder = StringViewBuilder::with_capacity(indices.size_hint().0);
    // Long labels are stored once and only referred to.
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

/// One label as a value.
pub(super) fn value(labels: &[String], index: Option<usize>) -> Value {
    index.and_then(|i| labels.get(i)).map_or(Value::Null, |label| Value::text(label))
}
