//! Proofs about a rating that need no data: grades nobody can get, criteria that never change the grade.

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic};
use accolade_rules::analysis::Analyser;
use accolade_rules::decision::labelled_ranges::LabelledRanges;

use super::criterion::Criterion;
use super::points::{Scale, score_key};
use super::score::MissingPolicy;

/// Warns about grades that can never be reached and criteria that can never change the grade.
pub(super) fn check(
    criteria: &[Criterion],
    missing: MissingPolicy,
    grades: Option<&LabelledRanges>,
    scale: Scale,
    analyser: &mut Analyser,
) {
    let (Some(grades), Some(domain)) = (grades, Domain::of(Type::Score)) else { return };
    let weight: i128 = criteria.iter().map(|c| c.weight).sum();
    let ranges: Vec<(i64, i64)> = criteria
        .iter()
        .map(|c| {
            let (low, high) = c.attainable(scale);
            // A missing value may count as the least points.
            if c.nullable && missing == MissingPolicy::Zero { (scale.low, high) } else { (low, high) }
        })
        .collect();
    let sum = |end: fn(&(i64, i64)) -> i64| {
        criteria.iter().zip(&ranges).map(|(c, r)| c.weight * score_key(end(r))).sum::<i128>()
    };
    let (least, most) = (sum(|r| r.0), sum(|r| r.1));
    let mut range = KeyInterval { low: least.div_euclid(weight), high: most.div_euclid(weight) };
    if criteria.iter().any(|c| c.nullable) && missing == MissingPolicy::Renormalise {
        // With some criteria left out the score can be as extreme as a single one.
        let singles = |end: fn(&(i64, i64)) -> i64| ranges.iter().map(move |r| score_key(end(r)));
        range.low = singles(|r| r.0).min().unwrap_or(range.low).min(range.low);
        range.high = singles(|r| r.1).max().unwrap_or(range.high).max(range.high);
    }
    let shown = |key: i128| show::value(&domain.value(key));
    for (i, label) in grades.labels.iter().enumerate() {
        if !grades.attainable(i, range) {
            let message = format!(
                "the grade `{label}` can never be reached: scores lie between {} and {}",
                shown(range.low),
                shown(range.high)
            );
            analyser.out.push(Diagnostic::new(Code::W0502, message).at(grades.spans[i]));
        }
    }
    if missing == MissingPolicy::Renormalise || grades.labels.len() < 2 {
        return;
    }
    let boundaries = grades.boundaries();
    for (i, (criterion, (low, high))) in criteria.iter().zip(&ranges).enumerate() {
        // A criterion changes the grade if it can move a sum of the others across a boundary.
        let (own_least, own_most) = (criterion.weight * score_key(*low), criterion.weight * score_key(*high));
        let others = sums_of_others(criteria, i, missing, scale);
        let matters = boundaries.iter().any(|b| {
            let (from, to) = (b * weight - own_most, b * weight - own_least);
            match &others {
                Some(sums) => sums.iter().any(|sum| from <= *sum && *sum < to),
                None => from <= most - own_most && to > least - own_least,
            }
        });
        if !matters {
            let message = format!("the criterion `{}` can never change the grade", criterion.name);
            analyser.out.push(
                Diagnostic::new(Code::W0503, message).at(criterion.span).help("raise its weight, or leave it out"),
            );
        }
    }
}

/// The greatest number of sums that are enumerated.
const MOST_SUMS: usize = 10_000;

/// The sums that all criteria but one can give; `None` if they cannot be enumerated.
fn sums_of_others(criteria: &[Criterion], without: usize, missing: MissingPolicy, scale: Scale) -> Option<Vec<i128>> {
    let mut sums = vec![0i128];
    for (_, criterion) in criteria.iter().enumerate().filter(|(i, _)| *i != without) {
        let mut choices = criterion.choices(scale)?;
        if criterion.nullable && missing == MissingPolicy::Zero {
            choices.push(scale.low);
        } else if criterion.nullable && missing == MissingPolicy::Median {
            return None;
        }
        sums =
            sums.iter().flat_map(|sum| choices.iter().map(move |p| sum + criterion.weight * score_key(*p))).collect();
        sums.sort_unstable();
        sums.dedup();
        if sums.len() > MOST_SUMS {
            return None;
        }
    }
    Some(sums)
}
