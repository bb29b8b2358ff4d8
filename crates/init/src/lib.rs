//! Proposes a first rule set from data files: columns, types, sources, periods, and rules with cut-offs from the data.
//!
//! ```text
//! files ─ survey ─▶ Plan (tables, roles, subjects) ─ changed by the user ─▶ propose ─▶ text of a rule file
//! ```
//! `tally.rs` counts the properties of a column's texts, `infer.rs` infers types from the counts, `roles.rs` finds the
//! customers and their events, `subjects.rs` finds amounts and answers. `propose.rs` runs its drafts through the
//! engine, so cut-offs come from the same profile that the rules will read.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod block;
mod figures;
mod goals;
mod header;
mod header_words;
mod infer;
mod names;
mod plan;
mod profile_draft;
mod propose;
mod roles;
mod rules;
mod sketch;
mod subjects;
mod table;
mod tally;

pub use plan::{PROPOSAL_PARTS, Plan, ProposalPart, survey};
pub use propose::{Proposal, propose};
pub use roles::FileRole;
pub use subjects::{Amount, ColumnRef, Subjects};
pub use table::{InferredColumn, InferredTable};
