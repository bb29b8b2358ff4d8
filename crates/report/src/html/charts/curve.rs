//! The cumulative share of an amount by share of customers, with the ends of the classes marked.

use accolade_engine::rules::present::chart::Curve;
use serde_json::{Value as Json, json};

use super::{ChartOption, number_axis, percent};

pub(super) fn draw(curve: &Curve) -> ChartOption {
    let point = |(x, y): &(f64, f64)| {
        let tip = format!("{} of customers\n{} of {}", percent(*x), percent(*y), curve.amount);
        json!({"value": [x * 100.0, y * 100.0], "tip": tip})
    };
    let points: Vec<Json> = curve.points.iter().map(point).collect();
    let cut = |(label, x, y): &(String, f64, f64)| {
        let text = format!("{label}: {} bring {}", percent(*x), percent(*y));
        let tip =
            format!("up to the end of {label}\n{} of customers\n{} of {}", percent(*x), percent(*y), curve.amount);
        // In the right half there is no room beside the mark.
        let position = if *x > 0.5 { "bottom" } else { "right" };
        json!({"value": [x * 100.0, y * 100.0], "text": text, "tip": tip, "label": {"position": position}})
    };
    let cuts: Vec<Json> = curve.cuts.iter().map(cut).collect();
    let guides: Vec<Json> = curve
        .cuts
        .iter()
        .flat_map(|(_, x, y)| {
            let corner = json!({"coord": [x * 100.0, y * 100.0]});
            [json!([{"coord": [x * 100.0, 0]}, corner]), json!([{"coord": [0, y * 100.0]}, corner])]
        })
        .collect();
    let scale = |name: &str| {
        let mut axis = number_axis(name, true);
        axis["max"] = json!(100);
        axis
    };
    let mut y = scale(&format!("share of {}", curve.amount));
    y["nameGap"] = json!(44);
    let option = json!({
        "grid": {"left": 60, "right": 24, "top": 16, "bottom": 44},
        "xAxis": scale("share of customers"),
        "yAxis": y,
        "series": [
            {"type": "line", "data": [[0, 0], [100, 100]], "symbol": "none", "silent": true,
             "lineStyle": {"color": "@soft", "type": "dashed", "width": 1}},
            {"type": "line", "data": points, "showSymbol": false, "symbolSize": 6, "lineStyle": {"color": "@c2", "width": 2},
             "itemStyle": {"color": "@c2"}, "areaStyle": {"color": "@c2", "opacity": 0.12}},
            {"type": "scatter", "data": cuts, "symbolSize": 10, "itemStyle": {"color": "@paper", "borderColor": "@c2", "borderWidth": 2},
             "label": {"show": true, "color": "@ink", "distance": 8}, "labelLayout": {"moveOverlap": "shiftY"},
             "markLine": {"silent": true, "symbol": "none", "label": {"show": false}, "data": guides,
                          "lineStyle": {"color": "@soft", "type": "dotted", "width": 1}}},
        ],
    });
    ChartOption::new(320, option)
}
