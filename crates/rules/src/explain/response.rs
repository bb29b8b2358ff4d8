//! How a value follows a changeable field: segments of the field's keys on which it is constant, rises or falls.

pub use accolade_core::model::Trend;
use accolade_core::numbers::interval::KeyInterval;

/// A stretch of a field's keys and the trend of the value on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The keys.
    pub keys: KeyInterval,
    /// The trend.
    pub trend: Trend,
}

/// How a value follows a changeable field: segments in order that together cover the field's range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response(pub Vec<Segment>);

impl Response {
    /// One trend over the whole range.
    pub fn whole(keys: KeyInterval, trend: Trend) -> Response {
        Response(vec![Segment { keys, trend }])
    }

    /// The segments of both responses, cut at each other's ends, with the trend of each response.
    pub fn both(&self, other: &Response) -> Vec<(KeyInterval, Trend, Trend)> {
        let (mut all, mut i, mut j) = (Vec::new(), 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            if let Some(keys) = a.keys.intersection(b.keys) {
                all.push((keys, a.trend, b.trend));
            }
            if a.keys.high <= b.keys.high {
                i += 1;
            } else {
                j += 1;
            }
        }
        all
    }

    /// The response of a value that is constant while both are; `None` if one of them is not constant on a piece.
    pub fn both_constant(&self, other: &Response) -> Option<Response> {
        self.combine(other, |_, a, b| (a == Trend::Constant && b == Trend::Constant).then_some(Trend::Constant))
    }

    /// The response of the sum of two values.
    pub fn plus(&self, other: &Response) -> Option<Response> {
        self.combine(other, |_, a, b| a.plus(b))
    }

    /// Combines two responses piece by piece; `None` as soon as `of` returns `None`.
    pub fn combine(
        &self,
        other: &Response,
        of: impl Fn(KeyInterval, Trend, Trend) -> Option<Trend>,
    ) -> Option<Response> {
        let pieces = self.both(other).into_iter();
        pieces
            .map(|(keys, a, b)| Some(Segment { keys, trend: of(keys, a, b)? }))
            .collect::<Option<Vec<_>>>()
            .map(Response)
    }

    /// The same pieces with every trend replaced by `of`.
    pub fn map(&self, of: impl Fn(KeyInterval, Trend) -> Trend) -> Response {
        Response(self.0.iter().map(|p| Segment { keys: p.keys, trend: of(p.keys, p.trend) }).collect())
    }

    /// Whether the value is constant over the whole range.
    pub fn is_constant(&self) -> bool {
        self.0.iter().all(|p| p.trend == Trend::Constant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(low: i128, high: i128, trend: Trend) -> Segment {
        Segment { keys: KeyInterval { low, high }, trend }
    }

    #[test]
    fn courses_are_cut_at_each_others_ends() {
        let a = Response(vec![piece(0, 9, Trend::Constant), piece(10, 20, Trend::Rising)]);
        let b = Response(vec![piece(0, 14, Trend::Rising), piece(15, 20, Trend::Constant)]);
        let sum = a.plus(&b).unwrap();
        let expected = [(0, 9), (10, 14), (15, 20)].map(|(low, high)| piece(low, high, Trend::Rising));
        assert_eq!(sum.0, expected);
        assert_eq!(a.plus(&b.map(|_, t| t.flipped())), None);
        assert_eq!(a.both_constant(&b), None);
    }
}
