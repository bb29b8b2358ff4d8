//! Heat map: a colour for each cell of two axes.

use accolade_engine::rules::present::cell;
use accolade_engine::rules::present::chart::HeatMap;
use serde_json::{Value as Json, json};

use super::{ChartOption, label_axis, width_of};

pub(super) fn draw(heat: &HeatMap) -> ChartOption {
    let numbers = || heat.cells.iter().flatten().flatten().filter_map(cell::number);
    let most = numbers().fold(0.0, f64::max);
    let least = numbers().fold(0.0, f64::min);
    let mut data: Vec<Json> = Vec::new();
    for (i, row) in heat.cells.iter().enumerate() {
        for (j, figure) in row.iter().enumerate() {
            let Some(figure) = figure else { continue };
            let Some(number) = cell::number(figure) else { continue };
            let shown = cell::text(figure);
            let name = heat.names.as_ref().and_then(|names| names.get(i)?.get(j));
            let text = name.map_or_else(|| shown.clone(), |name| format!("{name}\n{shown}"));
            let place = format!("{} {}, {} {}", heat.row, heat.rows[i], heat.column, heat.columns[j]);
            let name = name.map_or(String::new(), |name| format!("{name}\n"));
            // Dark cells have light text.
            let strong = (number - least) > 0.55 * (most - least);
            data.push(json!({
                "value": [j, i, number], "text": text, "tip": format!("{name}{place}\n{} {shown}", heat.value),
                "label": {"color": if strong { "@paper" } else { "@ink" }},
            }));
        }
    }
    let width = width_of(heat.rows.iter());
    let mut y = label_axis(&heat.rows, width);
    y["inverse"] = json!(true);
    y["name"] = json!(heat.row);
    y["nameLocation"] = json!("start");
    y["nameTextStyle"] = json!({"color": "@soft", "align": "right", "padding": [0, 8, 0, 0]});
    let mut x = label_axis(&heat.columns, 84);
    x["name"] = json!(heat.column);
    x["nameLocation"] = json!("middle");
    x["nameGap"] = json!(30);
    x["nameTextStyle"] = json!({"color": "@soft"});
    x["axisLabel"]["hideOverlap"] = json!(true);
    let tall = if heat.names.is_some() { 52 } else { 36 };
    let height = heat.rows.len() * tall + 80;
    let option = json!({
        "grid": {"left": width + 20, "right": 8, "top": 28, "bottom": 52},
        "xAxis": x,
        "yAxis": y,
        "visualMap": {"show": false, "min": least, "max": if most > least { most } else { least + 1.0 },
                      "inRange": {"color": ["@h0", "@h1", "@h2", "@h3", "@h4"]}},
        "series": [{"type": "heatmap", "data": data, "label": {"show": true, "lineHeight": 16},
                    "itemStyle": {"borderColor": "@paper", "borderWidth": 2, "borderRadius": 3}}],
    });
    ChartOption::new(height, option)
}
