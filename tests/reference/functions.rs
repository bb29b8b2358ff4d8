//! Scalar functions and aggregates.

use accolade_engine::functions;
use accolade_engine::rules::analysis::{AGGREGATES, describe};

use super::cell;

pub fn page() -> String {
    let mut page = "# Functions

Functions work on the values of one customer, in every expression. Where an argument is missing the result is, unless the
function says otherwise. The examples are tests.

"
    .to_owned();
    for function in functions::all() {
        page += &format!("## `{}`\n\n`{}`\n\n{}\n\n", function.name, describe(function), function.doc);
        page += "| expression | gives |\n|---|---|\n";
        for (expression, result) in function.examples {
            page += &format!("| `{}` | `{}` |\n", cell(expression), cell(result));
        }
        page += "\n";
    }
    page += "# Aggregates

An aggregate is one value of all a customer's events: `sum(orders.amount in year where orders.margin > 0)`. Both the period
and the condition may be left out. No event after `as_of` is ever seen.

| aggregate | gives |
|---|---|
";
    for (name, _, doc) in AGGREGATES {
        page += &format!("| `{name}` | {} |\n", cell(doc));
    }
    page
}
