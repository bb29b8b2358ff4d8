//! The decision of `rules/b2b-accounts` in zen-engine's own form: a graph of tables and expressions.

use accolade_engine::SavedCutOffs;
use serde_json::{Value as Json, json};

fn edges(saved: &SavedCutOffs, rule: &str, list: &str) -> Vec<String> {
    let edges = saved.rules.get(rule).map_or(&[][..], |cut_offs| cut_offs.get(list));
    edges.iter().map(|edge| edge.bound().to_string()).collect()
}

/// The expression for the number of the bin of a value; a value on an edge is in the bin below it.
fn score(field: &str, edges: &[String]) -> String {
    let above = edges.iter().enumerate().rev();
    let tests: String = above.map(|(at, edge)| format!("{field} > {edge} ? {} : ", at + 2)).collect();
    format!("{tests}1")
}

fn table(id: &str, inputs: &[&str], output: &str, rows: &[(&[&str], &str)]) -> Json {
    let columns = inputs.iter().enumerate();
    let inputs: Vec<Json> =
        columns.map(|(at, field)| json!({"id": format!("i{at}"), "name": field, "field": field})).collect();
    let rules: Vec<Json> = rows
        .iter()
        .enumerate()
        .map(|(row, (cells, label))| {
            let mut rule = json!({"_id": format!("r{row}"), "o": format!("'{label}'")});
            for (at, cell) in cells.iter().enumerate() {
                rule[format!("i{at}")] = json!(cell);
            }
            rule
        })
        .collect();
    json!({"id": id, "name": id, "type": "decisionTableNode", "content": {
        "hitPolicy": "first", "passThrough": true, "inputs": inputs,
        "outputs": [{"id": "o", "name": output, "field": output}], "rules": rules,
    }})
}

fn expressions(id: &str, list: &[(&str, String)]) -> Json {
    let expressions: Vec<Json> = list
        .iter()
        .enumerate()
        .map(|(at, (key, value))| json!({"id": format!("e{at}"), "key": key, "value": value}))
        .collect();
    json!({"id": id, "name": id, "type": "expressionNode", "content": {"passThrough": true, "expressions": expressions}})
}

/// The graph, with the cut-offs in it.
pub fn graph(saved: &SavedCutOffs) -> Json {
    let class = |label: &str| format!(">= {}", edges(saved, "customer_class", label).join(""));
    let (a, b) = (class("A"), class("B"));
    let recency = edges(saved, "behaviour", "recency");
    let scores = expressions("scores", &[
        ("r", format!("days_since_order == null ? null : 6 - ({})", score("days_since_order", &recency))),
        ("f", score("order_count", &edges(saved, "behaviour", "frequency"))),
        ("m", score("revenue", &edges(saved, "behaviour", "monetary"))),
        ("share_of_wallet", "revenue / potential_revenue".to_owned()),
        ("p_revenue", "revenue < 1000 ? 1 : revenue < 10000 ? 4 : revenue < 50000 ? 7 : 10".to_owned()),
        ("p_margin", "margin <= 0 ? 0 : margin >= 20000 ? 10 : margin / 2000".to_owned()),
        ("p_sector", "sector == 'healthcare' or sector == 'food' ? 8 : sector == 'logistics' or sector == 'horticulture' ? 6 : sector == 'machinery' ? 5 : 3".to_owned()),
        ("p_together", "cooperation >= 8 ? 2 : cooperation <= 3 ? -2 : 0".to_owned()),
        ("p_fit", "$.p_sector + $.p_together".to_owned()),
        ("account_rating", "$.p_revenue * 0.3 + $.p_margin * 0.25 + cooperation * 0.25 + $.p_fit * 0.2".to_owned()),
    ]);
    let classes = table(
        "class",
        &["revenue"],
        "customer_class",
        &[(&["== 0"], "prospect"), (&[&a], "A"), (&[&b], "B"), (&[""], "C")],
    );
    let behaviour = table(
        "behaviour",
        &["r", "f"],
        "behaviour",
        &[
            (&["== null", ""], ""),
            (&["== 5", ">= 4"], "champions"),
            (&["[3..4]", ">= 4"], "loyal_customers"),
            (&[">= 4", "[2..3]"], "potential_loyalists"),
            (&["== 5", "== 1"], "new_customers"),
            (&["== 4", "== 1"], "promising"),
            (&["== 3", "== 3"], "need_attention"),
            (&["== 3", "<= 2"], "about_to_sleep"),
            (&["<= 2", "[3..4]"], "at_risk"),
            (&["<= 2", "== 5"], "cant_lose"),
            (&["<= 2", "<= 2"], "hibernating"),
        ],
    );
    let grade =
        table("grade", &["account_rating"], "grade", &[(&[">= 8"], "key"), (&[">= 5"], "core"), (&[""], "basic")]);
    let treatment = table(
        "treatment",
        &["order_count", "customer_class", "account_rating", "share_of_wallet"],
        "treatment",
        &[
            (&["== 0", "", "", ""], "prospect"),
            (&["", "'A'", ">= 7", ""], "key_account"),
            (&["", "", ">= 6", "< 0.3"], "grow"),
            (&["", "", "", ""], "other"),
        ],
    );
    let nodes = [
        json!({"id": "in", "name": "in", "type": "inputNode", "content": {}}),
        scores,
        classes,
        behaviour,
        grade,
        treatment,
        json!({"id": "out", "name": "out", "type": "outputNode", "content": {}}),
    ];
    let ids: Vec<&str> = nodes.iter().filter_map(|node| node["id"].as_str()).collect();
    let edges: Vec<Json> = ids
        .windows(2)
        .map(|pair| json!({"id": format!("{}-{}", pair[0], pair[1]), "sourceId": pair[0], "targetId": pair[1]}))
        .collect();
    json!({"nodes": nodes, "edges": edges})
}
