//! Unique names of queries and columns, compared without regard to case.

use std::collections::HashSet;

/// The names taken so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct UniqueNames {
    taken: HashSet<String>,
    longest: usize,
}

impl UniqueNames {
    pub(crate) fn new(longest: usize) -> UniqueNames {
        UniqueNames { taken: HashSet::new(), longest }
    }

    /// Takes this name, shortened and numbered where needed to be unique.
    pub(crate) fn unique(&mut self, wanted: &str) -> String {
        let mut name = cut(wanted, self.longest);
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            let suffix = format!(" {number}");
            name = cut(wanted, self.longest - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }

    /// Reserves a name.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }
}

/// The longest prefix of a text that fits in `bytes` bytes.
fn cut(text: &str, bytes: usize) -> String {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
