//! Sankey diagram of the customers who moved from class to class.

use accolade_engine::rules::present::chart::Flow;
use serde_json::{Value as Json, json};

use super::ChartOption;

/// The colours of classes in turn.
const COLORS: [&str; 6] = ["@k1", "@k2", "@k3", "@k4", "@k5", "@k6"];

pub(super) fn draw(flow: &Flow) -> ChartOption {
    // A class has the same colour on both sides.
    let mut known: Vec<&String> = Vec::new();
    for label in flow.old.iter().chain(&flow.new) {
        if !known.contains(&label) {
            known.push(label);
        }
    }
    let color = |label: &String| COLORS[known.iter().position(|other| *other == label).unwrap_or(0) % COLORS.len()];
    let sum = |of: &dyn Fn(&(usize, usize, u64)) -> bool| -> u64 {
        flow.links.iter().filter(|link| of(link)).map(|(_, _, customers)| customers).sum()
    };
    let node = |side: &str, index: usize, label: &String, customers: u64| {
        let position = if side == "old" { "right" } else { "left" };
        json!({"name": format!("{side} {index}"), "depth": usize::from(side == "new"), "text": format!("{label} {customers}"),
               "tip": format!("{label}, {} \n{customers} customers", if side == "old" { "before" } else { "now" }),
               "itemStyle": {"color": color(label)}, "label": {"position": position}})
    };
    let old = flow.old.iter().enumerate().map(|(i, label)| node("old", i, label, sum(&|link| link.0 == i)));
    let new = flow.new.iter().enumerate().map(|(j, label)| node("new", j, label, sum(&|link| link.1 == j)));
    let nodes: Vec<Json> = old.chain(new).collect();
    let link = |(from, to, customers): &(usize, usize, u64)| {
        json!({"source": format!("old {from}"), "target": format!("new {to}"), "value": customers,
               "tip": format!("{} → {}\n{customers} customers", flow.old[*from], flow.new[*to])})
    };
    let links: Vec<Json> = flow.links.iter().map(link).collect();
    let option = json!({
        "series": [{"type": "sankey", "data": nodes, "links": links, "left": 4, "right": 4, "top": 8, "bottom": 8,
                    "nodeWidth": 12, "nodeGap": 12, "layoutIterations": 0, "draggable": false,
                    "label": {"color": "@ink", "fontSize": 12}, "lineStyle": {"color": "source", "opacity": 0.3}}],
    });
    let height = flow.old.len().max(flow.new.len()) * 44 + 60;
    ChartOption::new(height, option)
}
