//! A first rule set from data files: columns, types, sources, periods and rules with cut-offs from the data.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
