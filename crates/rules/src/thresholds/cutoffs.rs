//! Cut-offs: the values at which classes and bins begin for one population, kept to be reviewed and reused.

use std::fmt;
use std::marker::PhantomData;
use std::sync::LazyLock;

use accolade_core::numbers::domain::{Domain, float_key, key_float};
use accolade_core::ops;
use indexmap::IndexMap;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The cut-offs of one rule, as named lists of edges.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CutOffs(#[serde(deserialize_with = "unique_keys")] pub IndexMap<String, Vec<Edge>>);

/// Reads a map, and fails if a key is there twice.
///
/// # Errors
/// Fails also when the text is not a map of these values.
pub fn unique_keys<'de, D, V>(reader: D) -> Result<IndexMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    reader.deserialize_map(UniqueKeys(PhantomData))
}

struct UniqueKeys<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueKeys<V> {
    type Value = IndexMap<String, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = IndexMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if values.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is there twice")));
            }
            values.insert(key, map.next_value()?);
        }
        Ok(values)
    }
}

impl CutOffs {
    /// The edges of this name; none if the rule has no such list.
    pub fn get(&self, name: &str) -> &[Edge] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The cut-offs of a rule; none if it has none.
pub fn of_rule<'c>(cut_offs: &'c IndexMap<String, CutOffs>, rule: &str) -> &'c CutOffs {
    static NONE: LazyLock<CutOffs> = LazyLock::new(CutOffs::default);
    cut_offs.get(rule).unwrap_or(&NONE)
}

/// One edge, and for bins by rank the key of the last record below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Edge {
    /// A value alone.
    Value(Bound),
    /// A value and the customer that has it.
    Record {
        /// The value.
        value: Bound,
        /// The customer's key.
        customer: String,
    },
}

impl Edge {
    /// Its value.
    pub fn bound(&self) -> &Bound {
        match self {
            Edge::Value(bound) | Edge::Record { value: bound, .. } => bound,
        }
    }
}

/// A position on the line of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SerializedBound", into = "SerializedBound")]
pub enum Bound {
    /// `numerator / denominator`, in units of the type (money: of the currency).
    Exact {
        /// Above the line.
        numerator: i128,
        /// Below the line, positive.
        denominator: i128,
    },
    /// A float.
    Float(f64),
}

/// How a bound is written: floats as YAML numbers, exact values as text (`"297.4"`, `"892/3"`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum SerializedBound {
    Whole(i64),
    Float(f64),
    Text(String),
}

impl Bound {
    /// The value of `key` in `domain`.
    pub fn of_key(domain: Domain, key: i128) -> Bound {
        match domain {
            Domain::Exact { scale, .. } => Bound::ratio(key, 10i128.pow(u32::from(scale.unsigned_abs()))),
            Domain::Float(_) => Bound::Float(key_float(key)),
        }
    }

    /// `numerator / denominator` in lowest terms.
    pub fn ratio(numerator: i128, denominator: i128) -> Bound {
        let common = gcd(numerator.unsigned_abs(), denominator.unsigned_abs()).max(1);
        let common = i128::try_from(common).unwrap_or(1);
        Bound::Exact { numerator: numerator / common, denominator: denominator / common }
    }

    /// The largest key that is not above it; `None` if it is out of the domain.
    pub fn floor_key(&self, domain: Domain) -> Option<i128> {
        self.keys(domain).map(|(floor, _)| floor)
    }

    /// The smallest key that is not below it.
    pub fn ceiling_key(&self, domain: Domain) -> Option<i128> {
        self.keys(domain).map(|(_, ceiling)| ceiling)
    }

    fn keys(&self, domain: Domain) -> Option<(i128, i128)> {
        match (self, domain) {
            (Bound::Exact { numerator, denominator }, Domain::Exact { scale, .. }) => {
                let scaled = numerator.checked_mul(ops::power_of_ten(u32::from(scale.unsigned_abs()))?)?;
                let floor = scaled.div_euclid(*denominator);
                Some((floor, floor + i128::from(scaled.rem_euclid(*denominator) != 0)))
            }
            (Bound::Exact { numerator, denominator }, Domain::Float(_)) => {
                let key = float_key(ops::finite(*numerator as f64 / *denominator as f64).ok()?);
                Some((key, key))
            }
            (Bound::Float(value), Domain::Float(_)) => {
                let key = float_key(ops::finite(*value).ok()?);
                Some((key, key))
            }
            (Bound::Float(value), Domain::Exact { .. }) => {
                let (mantissa, exponent) = ops::shortest_decimal(ops::finite(*value).ok()?);
                let power = ops::power_of_ten(exponent.unsigned_abs())?;
                let exact = if exponent < 0 {
                    Bound::ratio(mantissa, power)
                } else {
                    Bound::ratio(mantissa.checked_mul(power)?, 1)
                };
                exact.keys(domain)
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Float(value) => write!(f, "{value}"),
            Bound::Exact { numerator, denominator } => match decimal_places(*denominator) {
                Some(places) => {
                    let unscaled = numerator * (10i128.pow(places) / denominator);
                    f.write_str(&accolade_core::show::decimal(unscaled, i8::try_from(places).unwrap_or(0), 0))
                }
                None => write!(f, "{numerator}/{denominator}"),
            },
        }
    }
}

/// The decimal places a fraction with this denominator has, if it ends within 18.
fn decimal_places(denominator: i128) -> Option<u32> {
    (0..=18).find(|places| 10i128.pow(*places) % denominator == 0)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl From<Bound> for SerializedBound {
    fn from(bound: Bound) -> SerializedBound {
        match bound {
            Bound::Float(value) => SerializedBound::Float(value),
            exact => SerializedBound::Text(exact.to_string()),
        }
    }
}

impl TryFrom<SerializedBound> for Bound {
    type Error = String;

    fn try_from(written: SerializedBound) -> Result<Bound, String> {
        match written {
            SerializedBound::Whole(value) => Ok(Bound::ratio(i128::from(value), 1)),
            SerializedBound::Float(value) if value.is_finite() => Ok(Bound::Float(value)),
            SerializedBound::Float(_) => Err("a cut-off is not a finite number".to_owned()),
            SerializedBound::Text(text) => parse(&text).ok_or_else(|| format!("`{text}` is not a cut-off")),
        }
    }
}

fn parse(text: &str) -> Option<Bound> {
    if let Some((numerator, denominator)) = text.split_once('/') {
        let denominator: i128 = denominator.trim().parse().ok().filter(|d| *d > 0)?;
        return Some(Bound::ratio(numerator.trim().parse().ok()?, denominator));
    }
    let text = text.trim().replace('_', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || fraction.len() > 18 {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some(Bound::ratio(digits, 10i128.pow(u32::try_from(fraction.len()).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_core::model::Type;

    #[test]
    fn bounds_read_back_as_written() {
        for bound in [
            Bound::ratio(2974, 10),
            Bound::ratio(892, 3),
            Bound::ratio(-5, 10_000),
            Bound::ratio(7, 1),
            Bound::Float(0.1),
        ] {
            let written = serde_yaml::to_string(&bound).unwrap();
            assert_eq!(serde_yaml::from_str::<Bound>(&written).unwrap(), bound, "{written}");
        }
        assert_eq!(Bound::ratio(2974, 10).to_string(), "297.4");
        assert_eq!(Bound::ratio(1784, 6).to_string(), "892/3");
    }

    #[test]
    fn a_bound_between_keys_has_a_floor_and_a_ceiling() {
        let integer = Domain::of(Type::Integer).unwrap();
        let bound = Bound::ratio(-2974, 10);
        assert_eq!((bound.floor_key(integer), bound.ceiling_key(integer)), (Some(-298), Some(-297)));
        let money = Domain::of(Type::Money).unwrap();
        assert_eq!(Bound::ratio(2974, 10).floor_key(money), Some(2_974_000));
    }
}
