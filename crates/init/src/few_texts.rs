//! The texts of a column that has few different ones, such as a status.

use std::collections::BTreeMap;

/// The most different texts that are kept.
const MOST: usize = 24;

/// Different texts with their counts, as long as there are few.
#[derive(Clone, Debug, Default)]
pub(crate) struct FewTexts {
    counts: BTreeMap<String, u64>,
    too_many: bool,
}

impl FewTexts {
    pub(crate) fn add(&mut self, text: &str) {
        if self.too_many {
            return;
        }
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() == MOST {
            self.too_many = true;
            self.counts.clear();
        } else {
            self.counts.insert(text.to_owned(), 1);
        }
    }

    /// The texts in their order, with their counts; none if there are too many.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(text, count)| (text.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_texts_are_kept_and_many_are_not() {
        let mut few = FewTexts::default();
        ["paid", "open", "paid"].into_iter().for_each(|text| few.add(text));
        assert_eq!(few.iter().collect::<Vec<_>>(), [("open", 1), ("paid", 2)]);
        (0..30).for_each(|i| few.add(&i.to_string()));
        assert_eq!(few.iter().count(), 0);
    }
}
