//! Bars of what each criterion adds to a score, in front of the most it could add.

use accolade_engine::rules::present::chart::{CriterionBar, CriterionBars};
use serde_json::{Value as Json, json};

use super::{ChartOption, label_axis, percent, width_of};

pub(super) fn draw(weights: &CriterionBars) -> ChartOption {
    let labels: Vec<String> = weights.criteria.iter().map(|criterion| criterion.name.clone()).collect();
    let width = width_of(labels.iter());
    let most = |criterion: &CriterionBar| criterion.weight * weights.most;
    let tip = |criterion: &CriterionBar| {
        let points = criterion.points.map_or_else(|| "no data".to_owned(), |points| format!("{points:.2}"));
        format!("{}\nweight {}\nmean points {points}", criterion.name, percent(criterion.weight))
    };
    let possible: Vec<Json> = weights
        .criteria
        .iter()
        .map(|criterion| {
            let adds = criterion.adds.map_or_else(|| "no data".to_owned(), |adds| format!("{adds:.2}"));
            let text = format!("{adds} of {:.2}", most(criterion));
            json!({"value": most(criterion), "text": text, "tip": tip(criterion)})
        })
        .collect();
    let adds: Vec<Json> =
        weights.criteria.iter().map(|c| json!({"value": c.adds.unwrap_or(0.0), "tip": tip(c)})).collect();
    let mut y = label_axis(&labels, width);
    y["inverse"] = json!(true);
    let option = json!({
        "grid": {"left": width + 16, "right": 92, "top": 8, "bottom": 8},
        "xAxis": {"type": "value", "show": false},
        "yAxis": y,
        "series": [
            {"type": "bar", "data": possible, "itemStyle": {"color": "@tint", "borderRadius": 2}, "barGap": "-100%",
             "barCategoryGap": "28%", "label": {"show": true, "position": "right", "color": "@soft"}},
            {"type": "bar", "data": adds, "itemStyle": {"color": "@c1", "borderRadius": 2}, "barCategoryGap": "28%"},
        ],
    });
    ChartOption::new(weights.criteria.len() * 34 + 24, option)
}
