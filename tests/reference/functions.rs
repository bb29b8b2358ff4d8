//! Scalar functions and aggregates.

use accolade_engine::functions;
use accolade_engine::rules::analysis::{AGGREGATES, signatures};

use super::cell;

pub fn page() -> String {
    let mut page = "# Functions

Functions work on the values of one customer, in every expression. If an argument is missing, so is the result, unless the
text of the function states otherwise. The tests run the examples.

"
    .to_owned();
    for function in functions::all() {
        page += &format!("## `{}`\n\n`{}`\n\n{}\n\n", function.name, signatures(function), function.doc);
        page += "| expression | gives |\n|---|---|\n";
        for (expression, result) in function.examples {
            page += &format!("| `{}` | `{}` |\n", cell(expression), cell(result));
        }
        page += "\n";
    }
    page += "# Aggregates

An aggregate computes one value from all events of a customer: `sum(orders.amount in year where orders.margin > 0)`. Both
the period and the condition may be left out. Events after `as_of` never count.

| aggregate | gives |
|---|---|
";
    for (name, _, doc) in AGGREGATES {
        page += &format!("| `{name}` | {} |\n", cell(doc));
    }
    page
}
