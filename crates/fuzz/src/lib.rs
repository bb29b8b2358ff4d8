//! Fuzzing: the functions that random inputs are given to. The same functions are given the seeds in
//! `tests/fuzz.rs`, with the compiler of every build.

pub mod targets;
