//! How a call whose direction depends on the values of its arguments follows a changeable field: zone by zone.

use accolade_core::model::trend::PiecewiseTrend;
use accolade_core::model::{TypedExpr, Value};
use accolade_core::numbers::interval::KeyInterval;

use super::changeable_field::ChangeableField;
use crate::explain::{Response, Segment, Trend};

/// Stretches of the changeable field's keys with the trend of each argument.
type TrendRanges = Vec<(KeyInterval, Vec<Trend>)>;

impl ChangeableField<'_> {
    /// The response of a call in its zones; `None` if it has no single trend in one of them.
    pub(super) fn pieces(
        &self,
        pieces: &PiecewiseTrend,
        arguments: &[TypedExpr],
        responses: &[Response],
    ) -> Option<Response> {
        let value = |argument: usize, key: i128| arguments.get(argument).map_or(Value::Null, |a| self.evaluate(a, key));
        let mut stretches = self.stretches(responses)?;
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

    /// The stretches on which every response has one trend.
    fn stretches(&self, responses: &[Response]) -> Option<TrendRanges> {
        let still = |_, _, _| Some(Trend::Constant);
        let cut = responses.iter().try_fold(self.constant(), |all, response| all.combine(response, still))?;
        let trend_in = |keys: KeyInterval, response: &Response| {
            let at = response.0.partition_point(|piece| piece.keys.high < keys.low);
            response.0.get(at).map(|piece| piece.trend)
        };
        let stretch = |piece: &Segment| {
            let trends =
                responses.iter().map(|response| trend_in(piece.keys, response)).collect::<Option<Vec<Trend>>>()?;
            Some((piece.keys, trends))
        };
        cut.0.iter().map(stretch).collect()
    }
}
