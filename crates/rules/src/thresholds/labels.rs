//! Labels whose values are made once, so that results share their text.

use std::ops::Deref;

use accolade_core::model::Value;

/// Labels in order.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Labels {
    /// Adds a label.
    pub fn push(&mut self, label: String) {
        self.values.push(Value::text(&label));
        self.texts.push(label);
    }

    /// The label of this index as a value; missing where there is none.
    pub fn value(&self, index: Option<usize>) -> Value {
        index.and_then(|index| self.values.get(index)).cloned().unwrap_or(Value::Null)
    }
}

impl Deref for Labels {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.texts
    }
}

impl FromIterator<String> for Labels {
    fn from_iter<T: IntoIterator<Item = String>>(labels: T) -> Self {
        let mut all = Labels::default();
        labels.into_iter().for_each(|label| all.push(label));
        all
    }
}
