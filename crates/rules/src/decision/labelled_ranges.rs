//! Labelled stretches of one value, such as grades of a score. The first that contains the value decides.

use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::{ALL, KeyInterval, example, first_gap, intervals};
use accolade_parser::expr::ast::Pattern;
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_parser::{Code, Diagnostic, Span, expr};

use crate::analysis::Analyser;
use crate::describe::{Block, code, pattern_text};
use crate::explain::{Branch, FieldValue, Reason, SourceText, Verdict};
use crate::thresholds::labels::Labels;

/// Labels and the keys that get them.
#[derive(Debug)]
pub struct LabelledRanges {
    /// The labels, in order.
    pub labels: Labels,
    /// Where each is written.
    pub spans: Vec<Span>,
    /// Keys that get each label, unless an earlier one has them.
    tests: Vec<Vec<KeyInterval>>,
    /// Each as written.
    texts: Vec<String>,
}

impl LabelledRanges {
    /// Reads a mapping of label: pattern and checks that every key of `range` has a label.
    ///
    /// In messages a label is called `what` and the tested value `value`.
    pub fn compile(
        mapping: &Mapping,
        domain: Domain,
        range: KeyInterval,
        what: &str,
        value: &str,
        analyser: &mut Analyser,
    ) -> Option<Self> {
        let mut all =
            LabelledRanges { labels: Labels::default(), spans: Vec::new(), tests: Vec::new(), texts: Vec::new() };
        let mut sound = true;
        for entry in &mapping.entries {
            let pattern = fields::text(&entry.value, analyser.out).and_then(|s| expr::pattern(s, analyser.out));
            let test = pattern.and_then(|pattern| match &pattern.value {
                Pattern::Rest => Some(vec![ALL]),
                other => intervals(other, domain).filter(|_| !matches!(other, Pattern::Missing)).or_else(|| {
                    let message = format!("a {what} is a range of the {value}");
                    analyser.out.push(
                        Diagnostic::new(Code::E0406, message)
                            .at(pattern.span)
                            .help("write `>= 8`, `5 ..< 8` or `rest`"),
                    );
                    None
                }),
            });
            match test {
                Some(test) => {
                    all.labels.push(entry.key.text.clone());
                    all.spans.push(entry.key.span);
                    all.tests.push(test);
                    all.texts.push(match &entry.value {
                        Node::Scalar(scalar) => scalar.text.trim().to_owned(),
                        _ => String::new(),
                    });
                }
                None => sound = false,
            }
        }
        let covered: Vec<KeyInterval> = all.tests.iter().flatten().copied().collect();
        if let Some(gap) = first_gap(range, &covered).filter(|_| sound) {
            let example = example(gap, domain);
            let message = format!("a gap: a {value} of {example} has no {what}");
            analyser.out.push(Diagnostic::new(Code::E0507, message).at(mapping.span).help("end with `LABEL: rest`"));
            return None;
        }
        sound.then_some(all)
    }

    /// The index of a key's label.
    pub fn of(&self, key: i128) -> Option<usize> {
        self.tests.iter().position(|test| test.iter().any(|i| i.contains(key)))
    }

    /// The keys that get each label, unless an earlier one has them.
    pub fn tests(&self) -> &[Vec<KeyInterval>] {
        &self.tests
    }

    /// The stretch of a label as written.
    pub fn written(&self, index: usize) -> SourceText {
        SourceText::at(self.texts[index].clone(), self.spans[index])
    }

    /// A table of the labels and the values that get them, in words; `what` and `value` are the headings.
    pub fn describe(&self, what: &str, value: &str) -> Block {
        let rows = self.labels.iter().zip(&self.texts).map(|(label, text)| vec![code(label), pattern_text(text)]);
        Block::table(&[what, value], rows)
    }

    /// A branch for each label.
    pub fn branches(&self, what: &'static str) -> Vec<Branch> {
        let labels = self.labels.iter().zip(&self.spans);
        labels.map(|(label, span)| Branch::new(what, label.clone(), Some(*span))).collect()
    }

    /// A reason for each stretch up to the one that contains the value.
    pub fn explain(&self, input: &FieldValue, key: i128) -> Vec<Reason> {
        let last = self.of(key).unwrap_or(self.labels.len().saturating_sub(1));
        let reason = |i: usize| {
            let verdict = Verdict::known(self.of(key) == Some(i));
            Reason::new(self.labels[i].clone(), vec![input.clone()], self.written(i), verdict)
        };
        (0..=last).map(reason).collect()
    }

    /// Whether a key in `range` gets label `index`.
    pub fn attainable(&self, index: usize, range: KeyInterval) -> bool {
        let earlier: Vec<KeyInterval> = self.tests[..index].iter().flatten().copied().collect();
        self.tests[index]
            .iter()
            .any(|test| test.intersection(range).is_some_and(|part| first_gap(part, &earlier).is_some()))
    }

    /// The keys at which the label changes: the first key of each new stretch.
    pub fn boundaries(&self) -> Vec<i128> {
        let ends = self.tests.iter().flatten().flat_map(|i| [Some(i.low), i.high.checked_add(1)]);
        let mut all: Vec<i128> = ends.flatten().filter(|k| *k != i128::MIN).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|k| self.of(k - 1) != self.of(*k));
        all
    }
}
