//! Instants in a column: dates and times with an offset from UTC.

use std::collections::BTreeMap;

use crate::date_span::DateSpan;

const MICROS_PER_MONTH: i64 = 30 * 86_400_000_000;

/// The instants of a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instants {
    /// In UTC.
    pub(crate) span: DateSpan,
    /// The instants by offset and by stretch of thirty days, each with its first instant; offsets and instants are in
    /// microseconds.
    pub(crate) seen: BTreeMap<(i64, i64), (i64, u64)>,
    /// Whether some are not at midnight, as they are written.
    pub(crate) timed: bool,
}

impl Instants {
    /// Adds an instant that is written as a local time with an offset from UTC.
    pub(crate) fn add(&mut self, local: i64, offset: i64) {
        let instant = local.saturating_sub(offset);
        self.span.add(instant);
        self.timed |= local.rem_euclid(86_400_000_000) != 0;
        let stretch = instant.div_euclid(MICROS_PER_MONTH);
        let (first, count) = self.seen.entry((offset, stretch)).or_insert((instant, 0));
        *first = instant.min(*first);
        *count += 1;
    }
}
