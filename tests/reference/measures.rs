//! Functions of measures.

use accolade_engine::kinds::measures::FUNCTIONS;

use super::cell;

pub fn page() -> String {
    let mut page = "# Measures

Measures are figures of the customer base or of groups of it, under `measures` and in goals. Every function also
takes a condition on customers, as in `sum(revenue where city = \"Gent\")`, and a measure may end with `by FIELD` or
`by FIELD, FIELD`. [Measure your customer base](../guides/measure-your-customer-base.md) shows them at work.

| measure | takes | gives |
|---|---|---|
"
    .to_owned();
    for measure in FUNCTIONS {
        page += &format!("| `{}` | `{}` | {} |\n", measure.name, cell(measure.takes), cell(measure.doc));
    }
    page
}
