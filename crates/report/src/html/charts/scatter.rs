//! A point for each customer between the cuts of two axes.

use accolade_engine::summary::chart::{Axis, Point, Scatter};
use serde_json::{Value as Json, json};

use super::{Drawn, number_axis};

/// The colours of the cells, in turn.
const COLORS: [&str; 4] = ["@k1", "@k2", "@k3", "@k4"];

pub(super) fn draw(scatter: &Scatter) -> Drawn {
    let most = scatter.points.iter().map(|point| point.customers).max().unwrap_or(1);
    let mut series: Vec<Json> = Vec::new();
    for (row, names) in scatter.names.iter().enumerate() {
        for (column, name) in names.iter().enumerate() {
            let color = COLORS[series.len() % COLORS.len()];
            let own = || scatter.points.iter().filter(|point| point.cell == (row, column));
            let customers: u64 = own().map(|point| point.customers).sum();
            let data: Vec<Json> = own().map(|point| datum(scatter, point, name, most)).collect();
            let (left, right) = ends(&scatter.x, column);
            let (below, above) = ends(&scatter.y, row);
            let area = json!([
                {"name": format!("{name} ({customers})"), "xAxis": left, "yAxis": above},
                {"xAxis": right, "yAxis": below},
            ]);
            series.push(json!({
                "type": "scatter", "name": name, "data": data, "itemStyle": {"color": color, "opacity": 0.65},
                "markArea": {"silent": true, "itemStyle": {"color": color, "opacity": 0.07}, "data": [area],
                             "label": {"color": "@ink", "fontWeight": 600, "position": "insideTopLeft", "distance": 6}},
            }));
        }
    }
    if let Some(first) = series.first_mut() {
        let lines = scatter.x.cuts.iter().map(|cut| json!({"xAxis": cut}));
        let lines: Vec<Json> = lines.chain(scatter.y.cuts.iter().map(|cut| json!({"yAxis": cut}))).collect();
        first["markLine"] = json!({"silent": true, "symbol": "none", "data": lines,
            "label": {"show": false}, "lineStyle": {"color": "@soft", "type": "dashed", "width": 1}});
    }
    let mut y = axis(&scatter.y, scatter, |point| point.y);
    y["nameGap"] = json!(44);
    let option = json!({
        "grid": {"left": 64, "right": 16, "top": 12, "bottom": 48},
        "xAxis": axis(&scatter.x, scatter, |point| point.x),
        "yAxis": y,
        "series": series,
    });
    Drawn::new(380, option)
}

/// Where a cell begins and ends on an axis.
fn ends(axis: &Axis, index: usize) -> (Json, Json) {
    let low = index.checked_sub(1).and_then(|i| axis.cuts.get(i)).map_or(json!("min"), |cut| json!(cut));
    (low, axis.cuts.get(index).map_or(json!("max"), |cut| json!(cut)))
}

fn datum(scatter: &Scatter, point: &Point, name: &str, most: u64) -> Json {
    let percent = |axis: &Axis| if axis.percent { "%" } else { "" };
    let who = match point.customers {
        1 => point.customer.clone(),
        n => format!("{} and {} more", point.customer, n - 1),
    };
    let value = |axis: &Axis, value: f64| format!("{} {value:.2}{}", axis.name, percent(axis));
    let tip = format!("{name}\n{who}\n{}\n{}", value(&scatter.x, point.x), value(&scatter.y, point.y));
    // The area tells how many.
    let size = 7.0 + 17.0 * ((point.customers - 1) as f64 / (most.max(2) - 1) as f64).sqrt();
    json!({"value": [point.x, point.y], "symbolSize": size, "tip": tip})
}

/// An axis that ends a little beyond the points, so that none is cut.
fn axis(axis: &Axis, scatter: &Scatter, of: impl Fn(&Point) -> f64) -> Json {
    let all = scatter.points.iter().map(of).chain(axis.cuts.iter().copied());
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    let mut drawn = number_axis(&axis.name, axis.percent);
    drawn["splitLine"]["show"] = json!(false);
    if low <= high {
        let room = ((high - low) * 0.08).max(0.5);
        let step = nice(room);
        drawn["min"] = json!(((low - room) / step).floor() * step);
        drawn["max"] = json!(((high + room) / step).ceil() * step);
    }
    drawn
}

/// The power of ten that is at most this.
fn nice(size: f64) -> f64 {
    10f64.powf(size.log10().floor())
}
