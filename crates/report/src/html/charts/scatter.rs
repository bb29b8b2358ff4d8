//! Scatter plot of customers on two axes, divided into cells by the cuts.

use accolade_engine::rules::present::chart::{Axis, Point, Scatter};
use serde_json::{Value as Json, json};

use super::{ChartOption, number_axis};

/// The colours of the cells, in turn.
const COLORS: [&str; 4] = ["@k1", "@k2", "@k3", "@k4"];

pub(super) fn draw(scatter: &Scatter) -> ChartOption {
    let most = scatter.points.iter().map(|point| point.customers).max().unwrap_or(1);
    let across = bounds(&scatter.x, scatter.points.iter().map(|point| point.x));
    let up = bounds(&scatter.y, scatter.points.iter().map(|point| point.y));
    let mut series: Vec<Json> = Vec::new();
    for (row, names) in scatter.names.iter().enumerate() {
        for (column, name) in names.iter().enumerate() {
            let color = COLORS[series.len() % COLORS.len()];
            let own = || scatter.points.iter().filter(|point| point.cell == (row, column));
            let customers: u64 = own().map(|point| point.customers).sum();
            let data: Vec<Json> = own().map(|point| datum(scatter, point, name, most)).collect();
            let (left, right) = cell_bounds(&scatter.x, column, across);
            let (below, above) = cell_bounds(&scatter.y, row, up);
            let area = json!([{"xAxis": left, "yAxis": above}, {"xAxis": right, "yAxis": below}]);
            let name = format!("{name} ({customers})");
            series.push(json!({
                "type": "scatter", "name": name, "data": data, "itemStyle": {"color": color, "opacity": 0.65},
                "markArea": {"silent": true, "itemStyle": {"color": color, "opacity": 0.07}, "data": [area]},
            }));
        }
    }
    if let Some(first) = series.first_mut() {
        let lines = scatter.x.cuts.iter().map(|cut| json!({"xAxis": cut}));
        let lines: Vec<Json> = lines.chain(scatter.y.cuts.iter().map(|cut| json!({"yAxis": cut}))).collect();
        first["markLine"] = json!({"silent": true, "symbol": "none", "data": lines,
            "label": {"show": false}, "lineStyle": {"color": "@soft", "type": "dashed", "width": 1}});
    }
    let mut y = axis(&scatter.y, up);
    y["nameGap"] = json!(44);
    let option = json!({
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "textStyle": {"color": "@ink"}},
        "grid": {"left": 64, "right": 16, "top": 56, "bottom": 48},
        "xAxis": axis(&scatter.x, across),
        "yAxis": y,
        "series": series,
    });
    ChartOption::new(420, option)
}

/// Where a cell begins and ends on an axis.
fn cell_bounds(axis: &Axis, index: usize, (low, high): (f64, f64)) -> (f64, f64) {
    let cut = |index: usize| axis.cuts.get(index).copied();
    (index.checked_sub(1).and_then(cut).unwrap_or(low), cut(index).unwrap_or(high))
}

fn datum(scatter: &Scatter, point: &Point, name: &str, most: u64) -> Json {
    let percent = |axis: &Axis| if axis.percent { "%" } else { "" };
    let who = match point.customers {
        1 => point.customer.clone(),
        n => format!("{} and {} more", point.customer, n - 1),
    };
    let value = |axis: &Axis, value: f64| format!("{} {value:.2}{}", axis.name, percent(axis));
    let tip = format!("{name}\n{who}\n{}\n{}", value(&scatter.x, point.x), value(&scatter.y, point.y));
    // The area of a point grows with its number of customers.
    let size = 7.0 + 17.0 * ((point.customers - 1) as f64 / (most.max(2) - 1) as f64).sqrt();
    json!({"value": [point.x, point.y], "symbolSize": size, "tip": tip})
}

/// The ends of an axis, a little beyond the points and cuts, so that no point is cut off.
fn bounds(axis: &Axis, points: impl Iterator<Item = f64>) -> (f64, f64) {
    let all = points.chain(axis.cuts.iter().copied());
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.08).max(0.5);
    let step = floor_power_of_ten(room);
    (((low - room) / step).floor() * step, ((high + room) / step).ceil() * step)
}

fn axis(axis: &Axis, (low, high): (f64, f64)) -> Json {
    let mut drawn = number_axis(&axis.name, axis.percent);
    drawn["splitLine"]["show"] = json!(false);
    drawn["axisLine"] = json!({"onZero": false, "lineStyle": {"color": "@line"}});
    (drawn["min"], drawn["max"]) = (json!(low), json!(high));
    (drawn["axisLabel"]["showMinLabel"], drawn["axisLabel"]["showMaxLabel"]) = (json!(false), json!(false));
    drawn
}

/// The largest power of ten that is at most `size`.
fn floor_power_of_ten(size: f64) -> f64 {
    10f64.powf(size.log10().floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis_of(name: &str, cuts: &[f64]) -> Axis {
        Axis { name: name.to_owned(), labels: Vec::new(), cuts: cuts.to_vec(), percent: false }
    }

    #[test]
    fn an_axis_goes_a_little_beyond_its_points_and_cuts() {
        let check = |cuts: &[f64], points: &[f64], expected: (f64, f64)| {
            assert_eq!(bounds(&axis_of("x", cuts), points.iter().copied()), expected, "{cuts:?} {points:?}");
        };
        check(&[], &[], (0.0, 1.0));
        check(&[], &[3.0], (2.5, 3.5));
        check(&[50.0], &[0.0, 100.0], (-8.0, 108.0));
        check(&[200.0], &[0.0], (-20.0, 220.0));
    }

    #[test]
    fn a_cell_lies_between_the_cuts_beside_it() {
        let axis = axis_of("x", &[10.0, 20.0]);
        let check =
            |cell: usize, expected: (f64, f64)| assert_eq!(cell_bounds(&axis, cell, (0.0, 30.0)), expected, "{cell}");
        check(0, (0.0, 10.0));
        check(1, (10.0, 20.0));
        check(2, (20.0, 30.0));
    }

    #[test]
    fn customers_at_one_place_are_one_larger_point_in_their_cell() {
        let point = |x: f64, customers: u64, column: usize| Point {
            x,
            y: 1.0,
            customers,
            customer: format!("K{x}"),
            cell: (0, column),
        };
        let names = vec![vec!["low".to_owned(), "high".to_owned()]];
        let points = vec![point(1.0, 1, 0), point(9.0, 5, 1)];
        let drawn = draw(&Scatter { x: axis_of("x", &[5.0]), y: axis_of("y", &[]), points, names }).option;
        assert_eq!(drawn["series"][0]["name"], "low (1)");
        assert_eq!(drawn["series"][1]["name"], "high (5)");
        assert_eq!(drawn["series"][0]["data"][0]["symbolSize"], 7.0);
        assert_eq!(drawn["series"][1]["data"][0]["symbolSize"], 24.0);
        assert_eq!(drawn["series"][1]["data"][0]["tip"], "high\nK9 and 4 more\nx 9.00\ny 1.00");
    }
}
