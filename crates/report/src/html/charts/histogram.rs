//! Histogram: bars along a scale.

use accolade_engine::rules::present::chart::Histogram;
use serde_json::{Value as Json, json};

use super::{ChartOption, label_axis, number_axis};

pub(super) fn draw(bars: &Histogram) -> ChartOption {
    let datum = |(stretch, count): &(String, u64)| json!({"value": count, "text": count.to_string(), "tip": format!("{} {stretch}\n{count} customers", bars.scale)});
    let data: Vec<Json> = bars.bars.iter().map(datum).collect();
    let labels: Vec<String> = bars.bars.iter().map(|(stretch, _)| stretch.clone()).collect();
    let mut x = label_axis(&labels, 64);
    x["axisLabel"] = json!({"color": "@soft", "hideOverlap": true});
    x["name"] = json!(bars.scale);
    x["nameLocation"] = json!("middle");
    x["nameGap"] = json!(28);
    x["nameTextStyle"] = json!({"color": "@soft"});
    let mut y = number_axis("", false);
    y["minInterval"] = json!(1);
    let option = json!({
        "grid": {"left": 44, "right": 8, "top": 24, "bottom": 44},
        "xAxis": x,
        "yAxis": y,
        "series": [{"type": "bar", "data": data, "barCategoryGap": "6%", "itemStyle": {"color": "@c1"},
                    "label": {"show": true, "position": "top", "color": "@soft"}, "labelLayout": {"hideOverlap": true}}],
    });
    ChartOption::new(260, option)
}
