//! The end-to-end tests: a module for each subject, in one binary.
//!
//! `cargo test -p accolade --test end_to_end report::` runs the tests of one module. Tests that need PostgreSQL,
//! DuckDB, Spark, a browser, moto or the reference data are ignored where `crates/cli/build/` does not find it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod book;
mod check;
mod cli;
#[cfg(feature = "cluster")]
mod cluster;
mod compare;
mod compare_cutoffs;
mod conformance;
mod cutoffs;
mod damaged;
mod data;
mod docs;
mod exact;
mod expected_data;
mod explain;
mod exports;
mod fmt;
mod fuzz;
mod gate;
mod golden;
mod help;
mod history;
mod house;
mod init;
mod irregular_files;
#[cfg(unix)]
mod killed;
mod kinds;
mod large_rules;
mod loyalty;
mod lsp;
mod measures;
mod memory;
mod mistakes;
#[cfg(feature = "object-store")]
mod object_store;
mod outputs;
mod own_inputs;
mod pages;
mod periods;
mod postgres;
mod profile;
mod progress;
mod rater;
mod rater_selection;
mod rating_while_writing;
mod readme;
mod reference;
mod report;
mod rule_sets;
mod schema;
mod scripts;
mod selection;
mod serve;
mod sources;
mod sql;
mod support;
mod testing;
mod time_zones;
mod value;
mod workbook;
mod year;
