//! Names that are taken once.

use std::collections::HashSet;

/// The names taken so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// `wanted`, or with a number behind it if that is taken.
    pub(crate) fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }
}
