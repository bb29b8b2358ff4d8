//! Score, grade and coverage as SQL.

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::sql::numbers::{half_even, power, times, whole};
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_parser::Diagnostics;
use accolade_rules::set::ToSql;
use accolade_rules::sql::{SqlLowering, within};

use super::score::MissingPolicy;
use super::{Rating, criterion, points};

/// A criterion's points and weight.
struct WeightedPoints {
    points: SqlExpr,
    /// Divided by the common divisor of all weights.
    weight: i128,
    /// The substitute for missing points; `None` if the criterion does not count then.
    substitute: Option<SqlExpr>,
    nullable: bool,
}

impl ToSql for Rating {
    fn to_sql(&self, sql: &mut SqlLowering) -> Result<Vec<SqlExpr>, Diagnostics> {
        let parts = self.parts(sql)?;
        let name = sql.name().to_owned();
        let whole_weight: i128 = parts.iter().map(|part| part.weight).sum();
        let drops = parts.iter().any(|part| part.nullable && part.substitute.is_none());
        let score = match places_of(whole_weight) {
            Some(places) if !drops => {
                let weighed = parts.iter().map(|part| times(part.counted(), SqlExpr::Decimal(part.weight, places)));
                SqlExpr::Chain(SqlVariadicOp::Plus, weighed.collect()).cast(SqlType::Score)
            }
            _ => quotient(&parts, &name, sql),
        };
        let score = sql.bind(&format!("{name}.score"), score);
        let mut outputs = vec![score.clone()];
        if let (Some(grades), Some(domain)) = (&self.grades, Domain::of(Type::Score)) {
            let cases = grades.tests().iter().zip(grades.labels.iter()).map(|(test, label)| {
                let stretches = test.iter().map(|interval| within(score.clone(), domain, *interval)).collect();
                (SqlExpr::any(stretches), SqlExpr::Text(label.clone()))
            });
            outputs.push(SqlExpr::case(cases.collect(), SqlExpr::Null(SqlType::Text)));
        }
        outputs.push(coverage(&parts, whole_weight));
        Ok(outputs)
    }
}

impl Rating {
    fn parts(&self, sql: &mut SqlLowering) -> Result<Vec<WeightedPoints>, Diagnostics> {
        let name = sql.name().to_owned();
        let medians = self.medians(&sql.cut_offs());
        let common =
            self.criteria.iter().fold(0, |common, criterion| num_integer::gcd(common, criterion.weight)).max(1);
        let (mut parts, mut refused) = (Vec::new(), Diagnostics::new());
        for (criterion, median) in self.criteria.iter().zip(medians) {
            match criterion.as_sql(sql, self.scale) {
                Ok(points) => {
                    let points = sql.bind(&format!("{name}.{} points", criterion.name), points.cast(SqlType::Points));
                    let instead = match self.missing {
                        // A run stops at such a customer; in a database its score is null.
                        MissingPolicy::Error => Some(SqlExpr::Null(SqlType::Points)),
                        _ => self.substitute(median).map(criterion::sql::literal),
                    };
                    let (weight, may_miss) = (criterion.weight / common, criterion.nullable);
                    parts.push(WeightedPoints { points, weight, substitute: instead, nullable: may_miss });
                }
                Err(wrong) => refused.extend(wrong),
            }
        }
        if refused.is_empty() { Ok(parts) } else { Err(refused) }
    }
}

impl WeightedPoints {
    /// The points that count.
    fn counted(&self) -> SqlExpr {
        match &self.substitute {
            _ if !self.nullable => self.points.clone(),
            Some(SqlExpr::Null(_)) => self.points.clone(),
            Some(instead) => self.points.clone().or_else(instead.clone()),
            None => self.points.clone().or_else(SqlExpr::Whole(0)),
        }
    }

    /// The weight, or 0 if there are no points.
    fn present(&self) -> SqlExpr {
        if !self.nullable {
            return SqlExpr::Whole(self.weight);
        }
        SqlExpr::case(vec![(self.points.clone().is_null(), SqlExpr::Whole(0))], SqlExpr::Whole(self.weight))
    }
}

/// The decimal places at which weights add up to 1; `None` if their sum is not a power of ten.
fn places_of(sum: i128) -> Option<i8> {
    (0..=8).find(|places| 10i128.pow(u32::from(i8::unsigned_abs(*places))) == sum)
}

/// Σ w·points / Σ w, rounded half to even to 18 places: first the whole millionths, then the remainder.
fn quotient(parts: &[WeightedPoints], name: &str, sql: &mut SqlLowering) -> SqlExpr {
    let weighed = parts.iter().map(|part| times(whole(part.counted(), points::PLACES), SqlExpr::Whole(part.weight)));
    let sum = SqlExpr::Chain(SqlVariadicOp::Plus, weighed.collect()).cast(SqlType::Whole);
    let sum = sql.bind(&format!("{name}, weighed"), sum);
    let counts =
        parts.iter().map(|part| if part.substitute.is_none() { part.present() } else { SqlExpr::Whole(part.weight) });
    let all = SqlExpr::Chain(SqlVariadicOp::Plus, counts.collect());
    let all = SqlExpr::apply(SqlOp::NullIf, [all.cast(SqlType::Whole), SqlExpr::Whole(0)]);
    let all = sql.bind(&format!("{name}, weight"), all);
    let millionths = SqlExpr::apply(SqlOp::DivideWhole, [sum.clone(), all.clone()]);
    let millionths = sql.bind(&format!("{name}, millionths"), millionths);
    let rest = SqlExpr::apply(SqlOp::Minus, [sum, times(millionths.clone(), all.clone())]);
    let rest = half_even(times(rest.cast(SqlType::Whole), power(12)), all);
    SqlExpr::apply(SqlOp::ScoreOfParts, [millionths, rest]).cast(SqlType::Score)
}

/// Weight with points / all weight.
fn coverage(parts: &[WeightedPoints], all: i128) -> SqlExpr {
    if parts.iter().all(|part| !part.nullable) {
        return SqlExpr::Float(1.0);
    }
    let present = SqlExpr::Chain(SqlVariadicOp::Plus, parts.iter().map(WeightedPoints::present).collect());
    SqlExpr::apply(SqlOp::DivideNumber, [present.cast(SqlType::Double), SqlExpr::Float(all as f64)])
}
