//! Bar chart of classes: customers on the left, their amount on the right. The bars of a pyramid are centred.

use accolade_engine::rules::present::cell;
use accolade_engine::rules::present::chart::{Class, Classes};
use serde_json::{Value as Json, json};

use super::{ChartOption, label_axis, percent, width_of};

pub(super) fn draw(classes: &Classes) -> ChartOption {
    let labels: Vec<String> = classes.rows.iter().map(|class| class.label.clone()).collect();
    let width = width_of(labels.iter());
    let height = classes.rows.len() * 30 + 44;
    let customers: Vec<f64> = classes.rows.iter().map(|class| class.share * 100.0).collect();
    let amounts: Vec<f64> =
        classes.rows.iter().filter_map(|class| class.amount.as_ref()).map(|(_, share)| share * 100.0).collect();
    let both = amounts.len() == customers.len() && !amounts.is_empty();
    let right = if both { json!("56%") } else { json!(56) };
    let mut grids = vec![json!({"left": width + 16, "right": right, "top": 28, "bottom": 8})];
    let mut y = vec![axis(label_axis(&labels, width), 0, true)];
    let mut x = vec![scale(&customers, 0)];
    let mut titles = vec![title("customers", json!(width + 16))];
    let mut series = Vec::new();
    if classes.pyramid {
        let most = customers.iter().copied().fold(0.0, f64::max);
        let offsets: Vec<f64> = customers.iter().map(|share| (most - share) / 2.0).collect();
        series.push(json!({
            "type": "bar", "stack": "customers", "silent": true, "data": offsets,
            "itemStyle": {"color": "transparent"}, "barCategoryGap": "22%",
        }));
    }
    let tip = |class: &Class| {
        let amount = classes.amount.as_ref().zip(class.amount.as_ref());
        let amount = amount.map_or(String::new(), |(name, (amount, share))| {
            format!("\n{name} {} ({})", cell::text(amount), percent(*share))
        });
        format!("{}\n{} customers ({}){amount}", class.label, class.customers, percent(class.share))
    };
    series.push(bars(&customers, classes, 0, "@c1", &tip));
    if both {
        grids.push(json!({"left": "59%", "right": 56, "top": 28, "bottom": 8}));
        y.push(axis(label_axis(&labels, width), 1, false));
        x.push(scale(&amounts, 1));
        titles.push(title(classes.amount.as_deref().unwrap_or_default(), json!("59%")));
        series.push(bars(&amounts, classes, 1, "@c2", &tip));
    }
    let option = json!({"grid": grids, "xAxis": x, "yAxis": y, "title": titles, "series": series});
    ChartOption::new(height, option)
}

fn bars(shares: &[f64], classes: &Classes, grid: usize, color: &str, tip: &dyn Fn(&Class) -> String) -> Json {
    let datum =
        |(share, class): (&f64, &Class)| json!({"value": share, "text": format!("{share:.1}%"), "tip": tip(class)});
    let data: Vec<Json> = shares.iter().zip(&classes.rows).map(datum).collect();
    let mut series = json!({
        "type": "bar", "xAxisIndex": grid, "yAxisIndex": grid, "data": data, "barCategoryGap": "22%",
        "itemStyle": {"color": color, "borderRadius": 2},
        "label": {"show": true, "position": "right", "color": "@soft"},
    });
    if classes.pyramid && grid == 0 {
        series["stack"] = json!("customers");
    }
    series
}

fn axis(mut axis: Json, grid: usize, labelled: bool) -> Json {
    axis["gridIndex"] = json!(grid);
    axis["inverse"] = json!(true);
    axis["axisLabel"]["show"] = json!(labelled);
    axis
}

fn scale(shares: &[f64], grid: usize) -> Json {
    // The longest bar fills its side; a negative share extends the scale below zero.
    let (low, high) = shares.iter().fold((0.0f64, 1.0f64), |(low, high), share| (low.min(*share), high.max(*share)));
    json!({"type": "value", "gridIndex": grid, "min": low, "max": high, "show": false})
}

fn title(text: &str, left: Json) -> Json {
    json!({"text": text, "left": left, "top": 0, "padding": 0,
           "textStyle": {"color": "@soft", "fontSize": 12, "fontWeight": "normal"}})
}
