//! Points by band: stretches of a number, or texts.

mod sql;

use accolade_core::frame::value_at;
use accolade_core::model::{SlotId, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::{ALL, KeyInterval, example, first_gap, intervals};
use accolade_core::{literals, show};
use accolade_parser::expr::ast::{Literal, Pattern};
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::{Entry, Mapping};
use accolade_parser::{Code, Diagnostic, Span, Spanned, expr};
use accolade_rules::analysis::Analyser;
use accolade_rules::explain::SourceText;
use arrow::array::{Array, ArrayRef};

use super::super::points;
use super::super::points::Scale;

/// Points in millionths by band; the bands do not overlap.
#[derive(Debug)]
pub(in super::super) struct Bands {
    tests: BandTests,
    rest: Option<BandPoints>,
    missing: Option<BandPoints>,
    /// The bands as written, in file order.
    written: Vec<SourceText>,
}

/// The points of a band.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct BandPoints {
    /// In millionths.
    points: i64,
    /// The index of the band in file order.
    pub(in super::super) band: usize,
}

#[derive(Debug)]
enum BandTests {
    /// Stretches of keys, ascending.
    Ranges(Domain, Vec<(KeyInterval, BandPoints)>),
    Labels(Vec<(Value, BandPoints)>),
}

/// One line of `bands:`.
struct Band {
    pattern: Spanned<Pattern>,
    points: i64,
    written: SourceText,
}

fn band(entry: &Entry, scale: Scale, analyser: &mut Analyser) -> Option<Band> {
    let pattern = expr::pattern(&entry.key, analyser.out);
    let points = parse_points(entry, scale, analyser);
    let written = SourceText::at(entry.key.text.trim(), entry.key.span);
    Some(Band { pattern: pattern?, points: points?, written })
}

fn parse_points(entry: &Entry, scale: Scale, analyser: &mut Analyser) -> Option<i64> {
    let number = expr::number(fields::text(&entry.value, analyser.out)?, analyser.out)?;
    let points = points::unscaled(number.value);
    if let Some(points) = points.filter(|p| scale.clamp(*p) == *p) {
        return Some(points);
    }
    let ends = [scale.low, scale.high].map(|p| show::decimal(i128::from(p), points::PLACES, 0));
    let message = format!("{} points are outside the scale {}..{}", number.value.normalize(), ends[0], ends[1]);
    analyser.out.push(
        Diagnostic::new(Code::E0509, message)
            .at(number.span)
            .help("points have at most six decimals and lie on the scale"),
    );
    None
}

/// Reads the bands of a number. Also returns whether `missing` has a band.
pub(super) fn compile_ranges(
    mapping: &Mapping,
    domain: Domain,
    range: KeyInterval,
    scale: Scale,
    analyser: &mut Analyser,
) -> Option<(Bands, bool)> {
    let written: Vec<Option<Band>> = mapping.entries.iter().map(|e| band(e, scale, analyser)).collect();
    let mut sound = written.iter().all(Option::is_some);
    let (mut rest, mut missing) = (None, None);
    let mut placed: Vec<(KeyInterval, BandPoints, Span)> = Vec::new();
    let mut texts = Vec::new();
    for (i, band) in written.into_iter().flatten().enumerate() {
        let mark = BandPoints { points: band.points, band: i };
        texts.push(band.written);
        match &band.pattern.value {
            Pattern::Rest => rest = Some(mark),
            Pattern::Missing => missing = Some(mark),
            pattern => match intervals(pattern, domain) {
                Some(stretches) if !stretches.is_empty() => {
                    placed.extend(stretches.into_iter().map(|i| (i, mark, band.pattern.span)));
                }
                Some(_) => {
                    analyser.out_of_range(
                        band.pattern.span,
                        "no value is in this band",
                        "write the lower end first, and values the type can have",
                    );
                    sound = false;
                }
                None => {
                    let message = format!("the band does not fit a value of type {}", domain.ty());
                    analyser.out.push(
                        Diagnostic::new(Code::E0404, message)
                            .at(band.pattern.span)
                            .help("write numbers, such as `1_000 ..< 10_000`"),
                    );
                    sound = false;
                }
            },
        }
    }
    if !sound {
        return None;
    }
    placed.sort_by_key(|(interval, ..)| *interval);
    for pair in placed.windows(2) {
        let [(a, _, a_span), (b, _, b_span)] = pair else { continue };
        if let Some(both) = a.intersection(*b) {
            let example = example(both, domain);
            analyser.out.push(
                Diagnostic::new(Code::E0503, format!("two bands overlap: {example} is in both"))
                    .label(*b_span, "this band")
                    .label(*a_span, "and this one")
                    .help("use `a ..< b`, which leaves `b` to the next band"),
            );
            return None;
        }
    }
    let covered: Vec<KeyInterval> = placed.iter().map(|(i, ..)| *i).collect();
    if rest.is_none()
        && let Some(gap) = first_gap(range, &covered)
    {
        let example = example(gap, domain);
        let help = if gap.high == i128::MAX {
            "close the top with a band such as `>= …`, or add `rest`"
        } else if gap.low == i128::MIN {
            "close the bottom with a band such as `< …`, or add `rest`"
        } else {
            "let a band begin where the one before it ends, or add `rest`"
        };
        analyser.out.push(
            Diagnostic::new(Code::E0502, format!("the bands leave a gap: {example} is in none"))
                .at(mapping.span)
                .help(help),
        );
        return None;
    }
    let ranges = placed.into_iter().map(|(interval, mark, _)| (interval, mark)).collect();
    Some((Bands { tests: BandTests::Ranges(domain, ranges), rest, missing, written: texts }, missing.is_some()))
}

/// Reads steps: a value gets the points of the greatest step at or below it.
pub(super) fn compile_steps(
    mapping: &Mapping,
    domain: Domain,
    range: KeyInterval,
    scale: Scale,
    analyser: &mut Analyser,
) -> Option<Bands> {
    let mut steps: Vec<(i128, BandPoints)> = Vec::new();
    let mut written = Vec::new();
    for entry in &mapping.entries {
        let number = expr::number(&entry.key, analyser.out)?;
        let points = parse_points(entry, scale, analyser)?;
        let Some((_, key)) = domain.nearest_keys(&Literal::Number(number.value)) else {
            analyser.out.push(Diagnostic::new(Code::E0404, "the step does not fit the value").at(number.span));
            return None;
        };
        if steps.last().is_some_and(|(before, _)| *before >= key) {
            analyser.out_of_range(number.span, "the steps must ascend", "write the smallest step first");
            return None;
        }
        written.push(SourceText::at(entry.key.text.clone(), entry.key.span));
        steps.push((key, BandPoints { points, band: steps.len() }));
    }
    let first = steps.first().map_or(i128::MAX, |(key, _)| *key);
    if let Some(below) = (KeyInterval { low: i128::MIN, high: first.saturating_sub(1) }).intersection(range) {
        let example = example(below, domain);
        analyser.out.push(
            Diagnostic::new(Code::E0502, format!("the steps leave a gap: {example} is below the first"))
                .at(mapping.span)
                .help("begin with a step at the least value there can be"),
        );
        return None;
    }
    let ends = steps.iter().skip(1).map(|(key, _)| key - 1).chain([i128::MAX]);
    let ranges = steps.iter().zip(ends).map(|((low, mark), high)| (KeyInterval { low: *low, high }, *mark)).collect();
    Some(Bands { tests: BandTests::Ranges(domain, ranges), rest: None, missing: None, written })
}

/// Reads the bands of a text or a boolean. Also returns whether `missing` has a band.
pub(super) fn compile_labels(
    mapping: &Mapping,
    slot: SlotId,
    scale: Scale,
    analyser: &mut Analyser,
) -> Option<(Bands, bool)> {
    let ty = analyser.type_of(slot);
    let (mut rest, mut missing) = (None, None);
    let mut labels: Vec<(Value, BandPoints)> = Vec::new();
    let mut written = Vec::new();
    for entry in &mapping.entries {
        let band = band(entry, scale, analyser)?;
        let mark = BandPoints { points: band.points, band: written.len() };
        written.push(band.written);
        let literals: Vec<&Spanned<Literal>> = match &band.pattern.value {
            Pattern::Rest => {
                rest = Some(mark);
                continue;
            }
            Pattern::Missing => {
                missing = Some(mark);
                continue;
            }
            Pattern::Compare(accolade_parser::expr::ast::BinaryOp::Equal, literal) => vec![literal],
            Pattern::OneOf(literals) => literals.iter().collect(),
            _ => {
                let message = format!("a {ty} has no order to cut");
                analyser.out.push(
                    Diagnostic::new(Code::E0406, message)
                        .at(band.pattern.span)
                        .help("name the values, such as `gold: 10`"),
                );
                return None;
            }
        };
        for literal in literals {
            let value = literals::value(&literal.value, ty, literal.span, analyser.out)?;
            if let Some(known) = &analyser.slot(slot).labels
                && !known.iter().any(|l| Value::text(l) == value)
            {
                let message = format!("`{}` is never {}", analyser.slot(slot).name, show::quoted(&value));
                let help = format!("it must be one of: {}", known.join(", "));
                analyser.out.push(Diagnostic::new(Code::E0301, message).at(literal.span).help(help));
                return None;
            }
            if let Value::Text(label) = &value {
                analyser.add_label_reference(slot, label, literal.span);
            }
            if labels.iter().any(|(v, _)| *v == value) {
                let message = format!("two bands overlap: {} is in both", show::quoted(&value));
                analyser.out.push(Diagnostic::new(Code::E0503, message).at(literal.span));
                return None;
            }
            labels.push((value, mark));
        }
    }
    let all = match (&analyser.slot(slot).labels, ty) {
        (Some(known), _) => Some(known.iter().map(|l| Value::text(l)).collect::<Vec<_>>()),
        (None, accolade_core::model::Type::Boolean) => Some(vec![Value::Boolean(true), Value::Boolean(false)]),
        (None, _) => None,
    };
    let uncovered = match &all {
        Some(all) => all.iter().find(|v| labels.iter().all(|(l, _)| l != *v)).map(show::quoted),
        None => Some("any other text".to_owned()),
    };
    if let (Some(example), None) = (uncovered, rest) {
        let message = format!("the bands leave a gap: {example} is in none");
        analyser.out.push(Diagnostic::new(Code::E0502, message).at(mapping.span).help("add `rest: POINTS`"));
        return None;
    }
    Some((Bands { tests: BandTests::Labels(labels), rest, missing, written }, missing.is_some()))
}

impl Bands {
    pub(super) fn is_labels(&self) -> bool {
        matches!(self.tests, BandTests::Labels(_))
    }

    /// The points of a key.
    pub(super) fn points_of_key(&self, key: Option<i128>) -> Option<i64> {
        self.band_of_key(key).map(|mark| mark.points)
    }

    fn band_of_key(&self, key: Option<i128>) -> Option<BandPoints> {
        let Some(key) = key else { return self.missing };
        let BandTests::Ranges(_, ranges) = &self.tests else { return self.rest };
        let at = ranges.partition_point(|(interval, _)| interval.high < key);
        ranges.get(at).filter(|(interval, _)| interval.contains(key)).map(|(_, mark)| *mark).or(self.rest)
    }

    /// The points of a value.
    pub(super) fn points_of_value(&self, value: &Value) -> Option<i64> {
        self.band_of_value(value).map(|mark| mark.points)
    }

    /// The band of a value.
    pub(super) fn band_of_value(&self, value: &Value) -> Option<BandPoints> {
        match &self.tests {
            BandTests::Ranges(domain, _) => self.band_of_key(domain.key(value)),
            BandTests::Labels(_) if value.is_null() => self.missing,
            BandTests::Labels(labels) => labels.iter().find(|(v, _)| v == value).map(|(_, mark)| *mark).or(self.rest),
        }
    }

    /// The bands as written, in file order.
    pub(super) fn written(&self) -> &[SourceText] {
        &self.written
    }

    /// The keys at which a band begins or the one before it ends.
    pub(super) fn edges(&self) -> Vec<i128> {
        let BandTests::Ranges(_, ranges) = &self.tests else { return Vec::new() };
        ranges.iter().flat_map(|(interval, _)| [interval.low, interval.high.saturating_add(1)]).collect()
    }

    /// The points of a column of labels.
    pub(super) fn points_of_column(&self, column: &ArrayRef) -> Vec<Option<i64>> {
        (0..column.len()).map(|row| self.points_of_value(&value_at(column, row))).collect()
    }

    /// The points that values in `range` can get.
    pub(super) fn attainable(&self, range: KeyInterval) -> Vec<i64> {
        let (mut all, covered): (Vec<i64>, Vec<KeyInterval>) = match &self.tests {
            BandTests::Ranges(_, ranges) => {
                let met = ranges.iter().filter(|(i, _)| i.intersection(range).is_some());
                (met.map(|(_, mark)| mark.points).collect(), ranges.iter().map(|(i, _)| *i).collect())
            }
            BandTests::Labels(labels) => (labels.iter().map(|(_, mark)| mark.points).collect(), Vec::new()),
        };
        let rest = self.rest.filter(|_| first_gap(if self.is_labels() { ALL } else { range }, &covered).is_some());
        all.extend(rest.iter().chain(&self.missing).map(|mark| mark.points));
        all
    }
}
