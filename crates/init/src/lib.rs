//! Proposes a first rule set from data files: columns, types, sources, periods, and rules with cut-offs from the data.
//!
//! ```text
//! files ─ survey ─▶ Plan (tables, roles, subjects) ─ changed by the user ─▶ propose ─▶ text of a rule file
//! ```
//! `file_tally.rs` counts the properties of each column's texts, `infer.rs` infers types from the counts. `roles.rs`
//! finds the customers and their events, `subjects.rs` amounts and answers: by headers (`header_words.rs`), by values, by
//! sums in a row (`sums.rs`) and by what rows with one number share (`groups.rs`). `propose.rs` runs its drafts through
//! the engine, so cut-offs come from the same profile that the rules will read.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod addition;
mod amount_columns;
mod block;
mod column_role;
mod customer_column;
mod date_span;
mod drafts;
mod exclusions;
mod few_texts;
mod figures;
mod file_tally;
mod footer;
mod goals;
mod group_rows;
mod groups;
mod header;
mod header_words;
mod infer;
mod inputs;
mod instants;
mod names;
mod plan;
mod profile_draft;
mod propose;
mod question;
mod roles;
mod row_sample;
mod rules;
mod sanity;
mod sketch;
mod spellings;
mod status_words;
mod subjects;
mod sums;
mod table;
mod tally;
mod zone;

pub use addition::{Addition, add_sources};
pub use column_role::ColumnRole;
pub use plan::{Plan, survey};
pub use propose::{Proposal, propose};
pub use question::Question;
pub use roles::FileRole;
pub use subjects::{Amount, ColumnRef, Subjects};
pub use table::{InferredColumn, InferredTable};
