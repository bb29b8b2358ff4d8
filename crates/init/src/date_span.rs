//! The first and the last of dates.

/// The first and the last date, in microseconds since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateSpan {
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    /// The latest date before `last`.
    pub(crate) before_last: Option<i64>,
}

impl DateSpan {
    pub(crate) fn add(&mut self, moment: i64) {
        self.first = Some(self.first.map_or(moment, |first| first.min(moment)));
        let (last, other) = self.last.map_or((moment, None), |last| (last.max(moment), Some(last.min(moment))));
        if let Some(other) = other.filter(|other| *other < last) {
            self.before_last = Some(self.before_last.map_or(other, |before| before.max(other)));
        }
        self.last = Some(last);
    }

    /// The span of these dates and of others.
    pub(crate) fn with(mut self, other: DateSpan) -> DateSpan {
        [other.first, other.before_last, other.last].into_iter().flatten().for_each(|moment| self.add(moment));
        self
    }

    /// The span after each date is changed in a way that keeps their order.
    pub(crate) fn map(self, change: impl Fn(i64) -> i64) -> DateSpan {
        let change = |moment: Option<i64>| moment.map(&change);
        DateSpan { first: change(self.first), last: change(self.last), before_last: change(self.before_last) }
    }

    pub(crate) fn ends(self) -> Option<(i64, i64)> {
        self.first.zip(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(dates: &[i64]) -> DateSpan {
        let mut span = DateSpan::default();
        dates.iter().for_each(|date| span.add(*date));
        span
    }

    #[test]
    fn the_last_date_and_the_one_before_it() {
        let all = span(&[5, 9, 2, 9, 7]);
        assert_eq!((all.ends(), all.before_last), (Some((2, 9)), Some(7)));
        assert_eq!(span(&[5, 9]).with(span(&[2, 9, 7])), all);
        assert_eq!(span(&[5]).before_last, None);
    }
}
