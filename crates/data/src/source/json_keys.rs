//! The keys of JSON objects that are read as columns.

use accolade_core::model::Source;

/// The keys of the declared columns. Each column that is read has a position; several keys may lead to it.
#[derive(Clone, Debug, Default)]
pub(super) struct JsonKeys {
    /// The keys of each position, in the order of declaration.
    columns: Vec<Vec<String>>,
    /// Each key with the positions that it leads to.
    keys: Vec<(String, Vec<usize>)>,
}

impl JsonKeys {
    pub(super) fn of(source: &Source) -> JsonKeys {
        let mut columns: Vec<Vec<String>> = Vec::new();
        let mut keys: Vec<(String, Vec<usize>)> = Vec::new();
        // Columns of the same keys are one value of the object.
        for of_column in all(source) {
            if columns.contains(&of_column) {
                continue;
            }
            for key in &of_column {
                match keys.iter_mut().find(|(known, _)| known == key) {
                    Some((_, positions)) => positions.push(columns.len()),
                    None => keys.push((key.clone(), vec![columns.len()])),
                }
            }
            columns.push(of_column);
        }
        JsonKeys { columns, keys }
    }

    /// The first key of each position.
    pub(super) fn header(&self) -> Vec<String> {
        self.columns.iter().filter_map(|keys| keys.first().cloned()).collect()
    }

    /// The position of each declared column.
    pub(super) fn positions(&self, source: &Source) -> Vec<usize> {
        all(source).filter_map(|keys| self.columns.iter().position(|known| *known == keys)).collect()
    }

    /// The number of positions.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The index of a key.
    pub(super) fn index(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|(known, _)| known == key)
    }

    /// The key of an index, and the positions that it leads to.
    pub(super) fn key(&self, index: usize) -> (&str, &[usize]) {
        self.keys.get(index).map_or(("", &[]), |(key, positions)| (key, positions))
    }
}

fn all(source: &Source) -> impl Iterator<Item = Vec<String>> {
    source.stored().iter().map(|column| source.format.headers_of(&column.name).map(str::to_owned).collect())
}
