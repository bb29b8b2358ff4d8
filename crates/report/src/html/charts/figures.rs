//! Figures as dots, their intervals as lines, their targets as shaded ranges.

use accolade_engine::rules::present::chart::FigureBar;
use serde_json::{Value as Json, json};

use super::{ChartOption, label_axis, number_axis, width_of};

pub(super) fn draw(bars: &[FigureBar]) -> ChartOption {
    if bars.iter().any(|bar| bar.target.is_some()) { against_targets(bars) } else { side_by_side(bars) }
}

/// The height of a figure with its own scale, in pixels.
const FIGURE_HEIGHT: usize = 84;

/// Each figure on its own scale, with its target shaded.
fn against_targets(bars: &[FigureBar]) -> ChartOption {
    let (mut grids, mut x, mut y, mut titles, mut series) = (vec![], vec![], vec![], vec![], vec![]);
    for (i, bar) in bars.iter().enumerate() {
        let top = i * FIGURE_HEIGHT;
        let (word, color) = match bar.met {
            Some(true) => ("✓ met", "@good"),
            Some(false) => ("✗ not met", "@bad"),
            None => ("no data", "@soft"),
        };
        let shown = bar.value.as_ref().map_or("–", |(_, text)| text.as_str());
        let target = bar.target.as_ref().map_or("", |(text, _)| text.as_str());
        titles.push(json!({
            "text": bar.label, "subtext": format!("{shown}, target {target}: {word}"), "top": top + 2, "left": 0, "padding": 0,
            "itemGap": 3, "textStyle": {"color": "@ink", "fontSize": 13, "fontWeight": 600, "lineHeight": 18},
            "subtextStyle": {"color": color, "fontSize": 12, "lineHeight": 16},
        }));
        grids.push(json!({"left": 8, "right": 16, "top": top + 40, "height": 16}));
        let (low, high) = range(std::slice::from_ref(bar));
        let mut scale = number_axis("", bar.percent);
        scale["gridIndex"] = json!(i);
        (scale["min"], scale["max"]) = (json!(low), json!(high));
        scale["splitLine"]["show"] = json!(false);
        scale["splitNumber"] = json!(4);
        scale["axisLabel"]["fontSize"] = json!(10);
        scale["axisLabel"]["margin"] = json!(3);
        scale["axisLabel"]["showMinLabel"] = json!(false);
        scale["axisLabel"]["showMaxLabel"] = json!(false);
        x.push(scale);
        y.push(json!({"type": "category", "gridIndex": i, "data": [""], "show": false}));
        let mut dot = dots(std::slice::from_ref(bar), color);
        (dot["xAxisIndex"], dot["yAxisIndex"]) = (json!(i), json!(i));
        let ends = bar.target.as_ref().map_or([None; 2], |(_, ends)| *ends);
        let [from, to] = [(ends[0], low), (ends[1], high)].map(|(end, edge)| json!(end.unwrap_or(edge)));
        dot["markArea"] =
            json!({"silent": true, "itemStyle": {"color": "@tint"}, "data": [[{"xAxis": from}, {"xAxis": to}]]});
        series.push(dot);
    }
    let mut drawn = ChartOption::new(
        bars.len() * FIGURE_HEIGHT,
        json!({"grid": grids, "xAxis": x, "yAxis": y, "title": titles, "series": series}),
    );
    drawn.wide = true;
    drawn
}

/// Figures that can be compared, on one scale.
fn side_by_side(bars: &[FigureBar]) -> ChartOption {
    let labels: Vec<String> = bars.iter().map(|bar| bar.label.clone()).collect();
    let width = width_of(labels.iter());
    let (low, high) = range(bars);
    let mut scale = number_axis("", bars.iter().any(|bar| bar.percent));
    (scale["min"], scale["max"]) = (json!(low), json!(high));
    scale["axisLabel"]["showMinLabel"] = json!(false);
    scale["axisLabel"]["showMaxLabel"] = json!(false);
    let mut y = label_axis(&labels, width);
    y["inverse"] = json!(true);
    let option = json!({
        "grid": {"left": width + 16, "right": 24, "top": 12, "bottom": 28},
        "xAxis": scale,
        "yAxis": y,
        "series": [dots(bars, "@c1")],
    });
    ChartOption::new(bars.len() * 38 + 44, option)
}

fn dots(bars: &[FigureBar], color: &str) -> Json {
    let known = || bars.iter().enumerate().filter_map(|(i, bar)| Some((i, bar, bar.value.as_ref()?)));
    let datum = |(i, bar, (value, text)): (usize, &FigureBar, &(f64, String))| {
        let sign = if bar.percent { "%" } else { "" };
        let range =
            bar.interval.map_or(String::new(), |(low, high)| format!("\n95%: {low:.1}{sign} to {high:.1}{sign}"));
        json!({"value": [value, i], "text": text, "tip": format!("{}\n{text}{range}", bar.label)})
    };
    let data: Vec<Json> = known().map(datum).collect();
    let line = |(i, bar): (usize, &FigureBar)| {
        let (low, high) = bar.interval?;
        Some(json!([{"coord": [low, i]}, {"coord": [high, i]}]))
    };
    let lines: Vec<Json> = bars.iter().enumerate().filter_map(line).collect();
    json!({
        "type": "scatter", "data": data, "symbolSize": 11, "itemStyle": {"color": color, "borderColor": "@paper", "borderWidth": 1},
        "label": {"show": bars.len() > 1, "position": "top", "color": "@soft", "distance": 3},
        "markLine": {"silent": true, "symbol": "none", "label": {"show": false}, "data": lines,
                     "lineStyle": {"color": color, "type": "solid", "width": 2}},
    })
}

/// The ends of a scale that holds these figures, with a margin.
fn range(bars: &[FigureBar]) -> (f64, f64) {
    let of = |bar: &FigureBar| {
        let ends = bar.target.as_ref().map_or([None; 2], |(_, ends)| *ends);
        let interval = bar.interval.map_or([None; 2], |(low, high)| [Some(low), Some(high)]);
        [ends[0], ends[1], interval[0], interval[1], bar.value.as_ref().map(|(value, _)| *value)]
    };
    let all: Vec<f64> = bars.iter().flat_map(of).flatten().filter(|value| value.is_finite()).collect();
    let (low, high) = all.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.2).max(high.abs().max(low.abs()) * 0.05).max(0.01);
    // The margin alone never takes a scale below zero or above 100%.
    let percent = bars.iter().all(|bar| bar.percent);
    let low = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
    let high = if percent && high <= 100.0 { (high + room).min(100.0) } else { high + room };
    (low, high)
}
