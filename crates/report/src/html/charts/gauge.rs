//! A score with its interval on a half circle, above a bar of the parts it is made of.

use accolade_engine::rules::present::chart::Gauge;
use serde_json::{Value as Json, json};

use super::ChartOption;

/// The colours of the parts, from favourable to unfavourable.
const COLORS: [&str; 3] = ["@good", "@tint", "@bad"];

pub(super) fn draw(gauge: &Gauge) -> ChartOption {
    let (least, most) = gauge.scale;
    let place = |value: f64| ((value - least) / (most - least)).clamp(0.0, 1.0);
    let stretches = match gauge.interval {
        Some((low, high)) => json!([[place(low), "@tint"], [place(high), "@c1"], [1, "@tint"]]),
        None => json!([[1, "@tint"]]),
    };
    let shown = gauge.value.map_or_else(|| "no data".to_owned(), |value| format!("{value:.1}"));
    let between = gauge.interval.map_or(String::new(), |(low, high)| format!("95%: {low:.1} to {high:.1}"));
    let tip = format!("{} {shown}\n{between}", gauge.name);
    let all: u64 = gauge.parts.iter().map(|(_, count)| count).sum();
    let part = |(i, (label, count)): (usize, &(String, u64))| {
        let color = COLORS[i.min(COLORS.len() - 1)];
        let share = if all == 0 { 0.0 } else { *count as f64 / all as f64 * 100.0 };
        let text = if share >= 15.0 { format!("{label} {count}") } else { count.to_string() };
        let ink = if color == "@tint" { "@ink" } else { "@paper" };
        json!({"type": "bar", "stack": "parts", "barWidth": 28, "itemStyle": {"color": color, "borderColor": "@paper", "borderWidth": 1},
               "label": {"show": *count > 0, "color": ink, "overflow": "truncate"},
               "data": [{"value": count, "text": text, "tip": format!("{label}\n{count} customers ({share:.1}%)")}]})
    };
    let dial = json!({
        "type": "gauge", "min": least, "max": most, "startAngle": 180, "endAngle": 0, "center": ["50%", "64%"], "radius": "92%",
        "splitNumber": 4, "axisLine": {"lineStyle": {"width": 16, "color": stretches}}, "axisTick": {"show": false},
        "splitLine": {"length": 16, "lineStyle": {"color": "@paper", "width": 2}},
        "axisLabel": {"color": "@soft", "distance": 22},
        "pointer": {"show": gauge.value.is_some(), "width": 5, "length": "64%", "itemStyle": {"color": "@ink"}},
        "anchor": {"show": gauge.value.is_some(), "size": 10, "itemStyle": {"color": "@ink"}},
        "title": {"color": "@soft", "fontSize": 13, "offsetCenter": [0, "46%"]},
        "detail": {"color": "@ink", "fontSize": 30, "fontWeight": 600, "offsetCenter": [0, "26%"]},
        "data": [{"value": gauge.value.unwrap_or(least), "name": between, "text": shown, "tip": tip}],
    });
    let series: Vec<Json> = std::iter::once(dial).chain(gauge.parts.iter().enumerate().map(part)).collect();
    let option = json!({
        "grid": {"left": 8, "right": 8, "bottom": 4, "height": 32},
        "xAxis": {"type": "value", "show": false, "max": all.max(1)},
        "yAxis": {"type": "category", "show": false, "data": [""]},
        "series": series,
    });
    ChartOption::new(300, option)
}
