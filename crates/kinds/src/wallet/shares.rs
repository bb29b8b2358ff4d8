//! The two amounts of a share of wallet, their share and gap, and how these respond to a changed field.

use std::cmp::Ordering;

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::model::{SlotId, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::fraction::Fraction;
use accolade_core::numbers::share::score_of;
use accolade_rules::explain::{Field, Response, Trend};
use accolade_rules::set::ChangeableField;

#[derive(Debug)]
pub(super) struct WalletAmounts {
    pub(super) own: Field,
    pub(super) spend: Field,
    pub(super) domain: Domain,
}

/// Own amount and spend, if both are known and the spend is above zero, so that there is a share.
pub(super) fn pair(own: Option<i128>, spend: Option<i128>) -> Option<(i128, i128)> {
    own.zip(spend.filter(|spend| *spend > 0))
}

impl WalletAmounts {
    pub(super) fn of(&self, record: &[Value]) -> Option<(i128, i128)> {
        let key = |field: &Field| record.get(field.slot).and_then(|value| self.domain.key(value));
        pair(key(&self.own), key(&self.spend))
    }

    pub(super) fn share(&self, pair: Option<(i128, i128)>) -> Value {
        let of = |(own, spend)| self.number(own)?.over(&self.number(spend)?).and_then(|share| share.number()).ok();
        // The quotient of two floats may overflow.
        pair.and_then(of).map_or(Value::Null, Value::Number)
    }

    /// What is left to win: spend − own, never below zero.
    pub(super) fn gap(&self, pair: Option<(i128, i128)>) -> Value {
        let Some((own, spend)) = pair else { return Value::Null };
        match self.domain {
            _ if own >= spend => self.domain.value(0),
            Domain::Exact { .. } => spend.checked_sub(own).map_or(Value::Null, |gap| self.domain.value(gap)),
            Domain::Float(_) => {
                let gap =
                    self.number(spend).zip(self.number(own)).and_then(|(spend, own)| spend.minus(&own).number().ok());
                gap.map_or(Value::Null, Value::Number)
            }
        }
    }

    /// The exact number of a key.
    fn number(&self, key: i128) -> Option<Fraction> {
        Fraction::of(&self.domain.value(key))
    }

    /// Records around which the class changes: a share at each boundary, just below and just above it; and no spend, a
    /// share of 100%, and a share above it.
    pub(super) fn probes(&self, boundaries: &[i128]) -> Vec<Vec<(SlotId, Value)>> {
        let unit = match self.domain {
            Domain::Exact { scale, .. } => 10i128.pow(u32::from(scale.unsigned_abs())),
            Domain::Float(_) => return Vec::new(),
        };
        let spend = 1_000 * unit;
        let whole = 10i128.pow(u32::from(SCORE_SCALE.unsigned_abs()));
        let at = |share: &i128| Some(share.checked_mul(spend)?.div_euclid(whole));
        let mut pairs = vec![(0, 0), (spend, spend), (spend + 1, spend)];
        for own in boundaries.iter().filter_map(at) {
            pairs.extend([own - 1, own, own + 1].map(|own| (own, spend)));
        }
        let value = |key| self.domain.value(key);
        pairs.dedup();
        pairs
            .into_iter()
            .map(|(own, spend)| vec![(self.own.slot, value(own)), (self.spend.slot, value(spend))])
            .collect()
    }

    fn at(&self, changeable: &ChangeableField, key: i128) -> Option<(i128, i128)> {
        let of = |field: &Field| self.domain.key(&changeable.value_of(field.slot, key));
        pair(of(&self.own), of(&self.spend))
    }

    /// Combines the responses of own amount and spend: `of` returns the trend that follows from their trends and the
    /// sign of the own amount.
    fn combine_responses(
        &self,
        changeable: &ChangeableField,
        of: impl Fn(Trend, Trend, Ordering) -> Option<Trend>,
    ) -> Option<Response> {
        let spend = |key| self.domain.key(&changeable.value_of(self.spend.slot, key));
        // Without spend there is no share, so it is a segment of its own.
        let of_spend = changeable.cut(&changeable.response(self.spend.slot)?, spend, &[1])?;
        changeable.response(self.own.slot)?.combine(&of_spend, |keys, own, spend| match self.at(changeable, keys.low) {
            Some((amount, _)) => of(own, spend, amount.cmp(&0)),
            None => Some(Trend::Constant),
        })
    }

    /// How the exact share responds to a changed field.
    fn exact_share_response(&self, changeable: &ChangeableField) -> Option<Response> {
        self.combine_responses(changeable, |own, spend, sign| match (own, spend) {
            (own, Trend::Constant) => Some(own),
            // A spend that grows brings a share closer to zero.
            (Trend::Constant, spend) => Some(spend.flipped().times(sign)),
            _ => None,
        })
    }

    /// The response of the share, cut where the share reaches one of these scores.
    pub(super) fn crossing_response(&self, changeable: &ChangeableField, scores: &[i128]) -> Option<Response> {
        let share = |key| self.at(changeable, key).and_then(|(own, spend)| score_of(own, spend, self.domain));
        changeable.cut(&self.exact_share_response(changeable)?, share, scores)
    }

    pub(super) fn share_response(&self, changeable: &ChangeableField) -> Option<Response> {
        match self.domain {
            Domain::Exact { .. } => self.exact_share_response(changeable),
            // A quotient that overflows is missing, so the share has no trend there.
            Domain::Float(_) => None,
        }
    }

    pub(super) fn gap_response(&self, changeable: &ChangeableField) -> Option<Response> {
        self.combine_responses(changeable, |own, spend, _| own.flipped().plus(spend))
    }

    pub(super) fn over_response(&self, changeable: &ChangeableField) -> Option<Response> {
        let difference = self.combine_responses(changeable, |own, spend, _| own.plus(spend.flipped()))?;
        let over = |key| self.at(changeable, key).map(|(own, spend)| i128::from(own > spend));
        changeable.cut(&difference, over, &[1])
    }
}
