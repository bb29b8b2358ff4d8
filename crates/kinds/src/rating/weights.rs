//! The weighted matrix: each criterion's mean points, its weight, and what it adds to the mean score.

use accolade_core::model::types::Type;
use accolade_core::numbers::exact;
use accolade_parser::Diagnostics;
use accolade_rules::present::chart::{Chart, CriterionBar, CriterionBars, Plot};
use accolade_rules::present::{Cell, SummaryTable, cell};
use accolade_rules::set::Customers;
use accolade_rules::thresholds::cutoffs::CutOffs;

use super::Rating;
use super::points::PLACES;

/// The chart of the matrix. Its points are those that count, with the substitutes for missing values.
pub(super) fn chart(rating: &Rating, rule: &str, batch: &Customers, cut_offs: &CutOffs) -> Result<Chart, Diagnostics> {
    let medians = rating.medians(cut_offs);
    let all: i128 = rating.criteria.iter().map(|criterion| criterion.weight).sum();
    let unit = exact::from_mantissa(1, -i32::from(PLACES));
    let mut criteria = Vec::new();
    let mut rows = Vec::new();
    for (criterion, median) in rating.criteria.iter().zip(medians) {
        let points = criterion.points(batch, cut_offs, rating.scale)?;
        let counted: Vec<i128> =
            points.iter().filter_map(|own| rating.counted_points(*own, median)).map(i128::from).collect();
        let mean = exact::ratio(counted.iter().sum::<i128>(), counted.len()).map(|mean| mean * &unit);
        let weight = exact::ratio(criterion.weight, all);
        let adds = mean.as_ref().zip(weight.as_ref()).map(|(mean, weight)| mean * weight);
        let figure = |value: &Option<exact::Exact>, ty| match value {
            Some(value) => cell::figure(value, ty, 2, &[]),
            None => Cell::Text("no data".to_owned()),
        };
        rows.push(vec![
            Cell::Text(criterion.name.clone()),
            figure(&weight, Type::Percent),
            figure(&mean, Type::Number),
            figure(&adds, Type::Number),
            Cell::Count(counted.len() as u64),
        ]);
        criteria.push(CriterionBar {
            name: criterion.name.clone(),
            weight: weight.as_ref().map_or(0.0, exact::float),
            points: mean.as_ref().map(exact::float),
            adds: adds.as_ref().map(exact::float),
        });
    }
    let most = rating.scale.high as f64 / 10f64.powi(i32::from(PLACES));
    let columns = ["criterion", "weight", "mean points", "adds", "customers"].map(str::to_owned).to_vec();
    Ok(Chart {
        title: "What the score is made of".to_owned(),
        note: Some("Weight × mean points, of the most each criterion could add.".to_owned()),
        plot: Plot::Weights(CriterionBars { most, criteria }),
        table: SummaryTable { title: format!("{rule}: weighted criteria"), columns, rows },
    })
}
