//! How a call whose direction depends on the values of its arguments follows a lever: zone by zone.

use accolade_core::model::trend::PiecewiseTrend;
use accolade_core::model::{TypedExpr, Value};
use accolade_core::numbers::interval::KeyInterval;

use super::changeable_field::ChangeableField;
use crate::explain::{Response, Segment, Trend};

/// Stretches of the lever's keys with the trend of each argument.
type TrendRanges = Vec<(KeyInterval, Vec<Trend>)>;

impl ChangeableField<'_> {
    /// The course of a call in its zones; `None` if it has no single trend in one of them.
    pub(super) fn pieces(
        &self,
        pieces: &PiecewiseTrend,
        arguments: &[TypedExpr],
        courses: &[Response],
    ) -> Option<Response> {
        let value = |argument: usize, key: i128| arguments.get(argument).map_or(Value::Null, |a| self.evaluate(a, key));
        let mut stretches = self.stretches(courses)?;
        for cut in pieces.zones {
            let ends: Vec<i128> = (1..i128::from(cut.zones)).collect();
            let zone = |key| (cut.zone)(&|argument| value(argument, key)).map(i128::from);
            let mut finer = TrendRanges::new();
            for (keys, trends) in stretches {
                let of_argument = Response::whole(keys, *trends.get(cut.argument)?);
                let parts = self.cut(&of_argument, zone, &ends)?;
                finer.extend(parts.0.iter().map(|part| (part.keys, trends.clone())));
            }
            stretches = finer;
        }
        let piece = |(keys, trends): (KeyInterval, Vec<Trend>)| {
            let trend = (pieces.trend)(&trends, &|argument| value(argument, keys.low))?;
            Some(Segment { keys, trend })
        };
        stretches.into_iter().map(piece).collect::<Option<Vec<Segment>>>().map(Response)
    }

    /// The stretches on which every course has one trend.
    fn stretches(&self, courses: &[Response]) -> Option<TrendRanges> {
        let still = |_, _, _| Some(Trend::Constant);
        let cut = courses.iter().try_fold(self.constant(), |all, course| all.combine(course, still))?;
        let trend_in = |keys: KeyInterval, course: &Response| {
            let at = course.0.partition_point(|piece| piece.keys.high < keys.low);
            course.0.get(at).map(|piece| piece.trend)
        };
        let stretch = |piece: &Segment| {
            let trends = courses.iter().map(|course| trend_in(piece.keys, course)).collect::<Option<Vec<Trend>>>()?;
            Some((piece.keys, trends))
        };
        cut.0.iter().map(stretch).collect()
    }
}
