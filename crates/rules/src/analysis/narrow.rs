//! Restricting columns to the values that a rule can use. The data is checked when it is read, as if the column were
//! declared so.

use accolade_core::model::{Column, Type, Value};
use accolade_core::{literals, show};
use accolade_parser::{Code, Diagnostic, Span};

use super::Analyser;

/// The values that a rule needs of a column.
#[derive(Clone, Debug)]
pub(super) struct ColumnNeed {
    source: usize,
    column: usize,
    values: AllowedValues,
    span: Span,
}

#[derive(Clone, Debug, PartialEq)]
enum AllowedValues {
    Range(i64, i64),
    Texts(Vec<String>),
}

impl std::fmt::Display for AllowedValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AllowedValues::Range(low, high) => write!(f, "{low}..{high}"),
            AllowedValues::Texts(texts) => f.write_str(&texts.join(", ")),
        }
    }
}

impl Analyser<'_> {
    /// Restricts an integer column to `low..=high`; `why` begins the message of a diagnostic at `span`. `None` after a
    /// diagnostic if the column is declared with other values or another rule needs others.
    pub fn narrow_range(
        &mut self,
        source: usize,
        column: usize,
        (low, high): (i64, i64),
        span: Span,
        why: &str,
    ) -> Option<()> {
        let declared = self.narrowed(
            ColumnNeed { source, column, values: AllowedValues::Range(low, high), span },
            Type::Integer,
            why,
        )?;
        let within = |range: &(Value, Value)| match range {
            (Value::Integer(l), Value::Integer(h)) => low <= *l && *h <= high,
            _ => false,
        };
        match &declared.range {
            Some(range) if !within(range) => {
                let held = format!("{}..{}", show::value(&range.0), show::value(&range.1));
                self.declared_otherwise(source, column, &held, span, why)
            }
            Some(_) => Some(()),
            None => {
                let column = &mut self.sources[source].columns[column];
                column.range = Some((Value::Integer(low), Value::Integer(high)));
                column.narrowing_reason = Some(why.to_owned());
                Some(())
            }
        }
    }

    /// Restricts a text column to `words`, as [`narrow_range`](Self::narrow_range) does an integer column.
    pub fn narrow_texts(&mut self, source: usize, column: usize, words: &[&str], span: Span, why: &str) -> Option<()> {
        let texts: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let declared = self.narrowed(
            ColumnNeed { source, column, values: AllowedValues::Texts(texts.clone()), span },
            Type::Text,
            why,
        )?;
        match &declared.allowed {
            Some(allowed) if !allowed.iter().all(|text| texts.contains(text)) => {
                self.declared_otherwise(source, column, &allowed.join(", "), span, why)
            }
            Some(_) => Some(()),
            None => {
                let declared = &mut self.sources[source].columns[column];
                declared.allowed = Some(texts.clone());
                declared.narrowing_reason = Some(why.to_owned());
                for slot in (0..self.slots.len())
                    .filter(|slot| self.column_of(*slot) == Some((source, column)))
                    .collect::<Vec<_>>()
                {
                    self.slots[slot].labels = Some(texts.clone());
                }
                Some(())
            }
        }
    }

    /// Notes a need and returns the column. `None` after a diagnostic if it has another type or another rule needs
    /// other values.
    fn narrowed(&mut self, need: ColumnNeed, ty: Type, why: &str) -> Option<Column> {
        let declared = self.sources[need.source].columns[need.column].clone();
        if declared.ty != ty {
            let message = format!("{why}, but `{}` is {}", declared.name, literals::with_article(declared.ty));
            self.out.push(
                Diagnostic::new(Code::E0406, message)
                    .at(need.span)
                    .label(declared.span, "declared here")
                    .help(format!("declare the column as `{ty}`")),
            );
            return None;
        }
        let same = |other: &&ColumnNeed| (other.source, other.column) == (need.source, need.column);
        match self.needs.iter().find(same).filter(|other| other.values != need.values) {
            Some(other) => {
                let message = format!("{why}, but another rule needs {} of the same column", other.values);
                self.out.push(
                    Diagnostic::new(Code::E0508, message)
                        .at(need.span)
                        .label(other.span, "needed here")
                        .help("one question has one scale; name another column"),
                );
                None
            }
            None => {
                self.needs.push(need);
                Some(declared)
            }
        }
    }

    fn declared_otherwise(&mut self, source: usize, column: usize, held: &str, span: Span, why: &str) -> Option<()> {
        let table = &self.sources[source];
        let column = &table.columns[column];
        let message = format!("{why}, but `{}.{}` holds {held}", table.name, column.name);
        self.out.push(
            Diagnostic::new(Code::E0508, message)
                .at(span)
                .label(column.span, "declared here")
                .help("name a column on that scale, or mend the declaration"),
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::*;
    use crate::analysis::{AnswerScale, Plugins};
    use crate::compile::compile_with;
    use accolade_core::files::Loader;
    use accolade_core::model::Source;

    struct Text(String);

    impl Loader for Text {
        fn load(&self, _: &Path) -> io::Result<Vec<u8>> {
            Ok(self.0.clone().into_bytes())
        }

        fn is_below(&self, _: &Path, _: &Path) -> bool {
            true
        }
    }

    /// The findings and, if there are none, the sources after `extend`, for an events table with the columns `answer`
    /// and `word` and a customers table with the columns `own` and `large`.
    fn extended(answer: &str, word: &str, extend: &mut dyn FnMut(&mut Analyser)) -> (Vec<String>, Option<Vec<Source>>) {
        let text = format!(
            "accolade: 1\nsources:\n  customers: {{key: id, columns: {{id: text, own: 'integer?', large: integer 0..100}}}}\n  \
             surveys: {{customer: id, date: day, columns: {{id: text, day: date, answer: '{answer}', word: '{word}'}}}}\n\
             profile:\n  quantitative:\n    latest: last(surveys.answer)\n    total: sum(surveys.answer)\n    either: latest or else own\n    \
             worst: min(surveys.answer)\n    share: mean(surveys.answer)\n    known: last(surveys.word)\n"
        );
        let compilation = compile_with(Path::new("rules.yaml"), &Text(text), &Plugins::default(), extend);
        let findings = compilation.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect();
        (findings, compilation.set.map(|set| set.demand.sources))
    }

    #[track_caller]
    fn range(answer: &str, expected: Result<(i64, i64), &str>) {
        let mut narrow = |a: &mut Analyser| {
            a.narrow_range(1, 2, (0, 10), Span::default(), "`nps` needs answers from 0 to 10");
        };
        let (findings, sources) = extended(answer, "text", &mut narrow);
        match expected {
            Ok((low, high)) => {
                assert_eq!(findings, [""; 0], "{answer}");
                let read = sources.unwrap()[1].columns[2].range.clone();
                assert_eq!(read, Some((Value::Integer(low), Value::Integer(high))), "{answer}");
            }
            Err(message) => assert_eq!(findings, [message], "{answer}"),
        }
    }

    #[test]
    fn a_range_is_narrowed_to_what_a_rule_needs() {
        range("integer", Ok((0, 10)));
        range("integer? 0..10", Ok((0, 10)));
        range("integer 1..10", Ok((1, 10)));
        range("integer 0..100", Err("E0508 `nps` needs answers from 0 to 10, but `surveys.answer` holds 0..100"));
        range("integer -1..10", Err("E0508 `nps` needs answers from 0 to 10, but `surveys.answer` holds -1..10"));
        range("integer 11..20", Err("E0508 `nps` needs answers from 0 to 10, but `surveys.answer` holds 11..20"));
    }

    #[test]
    fn a_number_is_no_integer() {
        let mut narrow = |a: &mut Analyser| assert!(a.narrow_range(1, 1, (0, 10), Span::default(), "why").is_none());
        assert_eq!(extended("integer", "text", &mut narrow).0, ["E0406 why, but `day` is a date"]);
    }

    #[test]
    fn two_rules_need_the_same_of_a_column() {
        for (second, sound) in [((0, 10), true), ((1, 7), false), ((0, 100), false)] {
            for (a, b) in [((0, 10), second), (second, (0, 10))] {
                let mut narrow = |analyser: &mut Analyser| {
                    analyser.narrow_range(1, 2, a, Span::default(), "one");
                    analyser.narrow_range(1, 2, b, Span::default(), "two");
                };
                let findings = extended("integer", "text", &mut narrow).0;
                assert_eq!(findings.is_empty(), sound, "{a:?} {b:?} {findings:?}");
            }
        }
    }

    #[test]
    fn texts_are_narrowed_and_fields_know_them() {
        let mut labels = None;
        let mut narrow = |a: &mut Analyser| {
            a.narrow_texts(1, 3, &["says", "does"], Span::default(), "why");
            labels = Some(a.slot(a.slot_named("last(surveys.word)").unwrap()).labels.clone());
        };
        let (findings, sources) = extended("integer", "text?", &mut narrow);
        assert_eq!(findings, [""; 0]);
        let words = Some(vec!["says".to_owned(), "does".to_owned()]);
        assert_eq!(sources.unwrap()[1].columns[3].allowed, words);
        assert_eq!(labels, Some(words));
        let mut narrow = |a: &mut Analyser| {
            a.narrow_texts(1, 3, &["says", "does"], Span::default(), "why");
        };
        let declared = |word: &str, narrow: &mut dyn FnMut(&mut Analyser)| extended("integer", word, narrow).0;
        assert_eq!(declared("text in [does]", &mut narrow), [""; 0]);
        assert_eq!(declared("text in [does, hears]", &mut narrow), ["E0508 why, but `surveys.word` holds does, hears"]);
    }

    #[track_caller]
    fn answers(expr: &str, expected: &[&str], columns: &[(usize, usize)]) {
        let mut follow = |a: &mut Analyser| {
            let parsed = accolade_parser::expr::expression_text(expr).unwrap();
            let typed = a.expression(&parsed, crate::analysis::Scope::Record, None).unwrap();
            let span = Span::default();
            assert_eq!(
                a.answers(&typed, span, AnswerScale { low: 0, high: 10, what: "nps" }).is_some(),
                expected.is_empty()
            );
        };
        let (findings, sources) = extended("integer", "text", &mut follow);
        assert_eq!(findings, expected, "{expr}");
        for (source, column) in columns {
            let sources = sources.as_ref().unwrap();
            let read = sources[*source].columns[*column].range.clone();
            assert_eq!(read, Some((Value::Integer(0), Value::Integer(10))), "{expr}");
        }
    }

    #[test]
    fn answers_are_followed_to_their_columns() {
        answers("own", &[], &[(0, 1)]);
        answers("latest", &[], &[(1, 2)]);
        answers("max(surveys.answer)", &[], &[(1, 2)]);
        answers("either", &[], &[(0, 1), (1, 2)]);
        answers("if known is missing then own else worst", &[], &[(0, 1), (1, 2)]);
        answers("own or else 5", &[], &[(0, 1)]);
        answers("large", &["E0508 `nps` needs answers from 0 to 10, but `customers.large` holds 0..100"], &[]);
        let one = "E0508 `nps` needs answers from 0 to 10";
        answers("own or else 11", &[one], &[]);
        answers("total", &[one], &[]);
        answers("own + 1", &[one], &[]);
        answers("max(surveys.answer + 1)", &[one], &[]);
        answers("share", &["E0406 `nps` needs answers from 0 to 10, not a number"], &[]);
        answers("known", &["E0406 `nps` needs answers from 0 to 10, not text"], &[]);
    }
}
