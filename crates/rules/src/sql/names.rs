//! Names of queries and columns: each once, whatever the case of its letters.

use std::collections::HashSet;

/// The names taken so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    longest: usize,
}

impl Names {
    pub(crate) fn new(longest: usize) -> Names {
        Names { taken: HashSet::new(), longest }
    }

    /// This name, or one like it that is free and not too long.
    pub(crate) fn free(&mut self, wanted: &str) -> String {
        let mut name = cut(wanted, self.longest);
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            let suffix = format!(" {number}");
            name = cut(wanted, self.longest - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }

    /// Keeps a name from being given.
    pub(crate) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }
}

/// The first characters of a text, as many as fit in so many bytes.
fn cut(text: &str, bytes: usize) -> String {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
