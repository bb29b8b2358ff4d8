//! The mutants of a rule file.

use std::path::Path;

use accolade_engine::rules::analysis::RuleKind;
use rust_decimal::Decimal;

use super::sites::{MutationSite, is_number, mutation_sites};

/// The kind of change in a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MutationKind {
    /// A number that is compared with, or cut at.
    Threshold,
    /// The weight of a criterion.
    Weight,
    /// A comparison operator, such as `>=` to `>`.
    Comparison,
}

/// A rule file with one small change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The kind of change.
    pub kind: MutationKind,
    /// The change as text, such as `account_rating.grades.key: 8 → 9`.
    pub description: String,
    /// Where, as `rules.yaml:12:30`.
    pub place: String,
    /// The whole text of the changed file.
    pub text: String,
}

/// Every mutant of a rule file whose rules are of these kinds, in file order.
pub(super) fn mutants(path: &Path, text: &str, kinds: &[&RuleKind]) -> Vec<Mutant> {
    let spots = mutation_sites(text, kinds);
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let mut all = Vec::new();
    for (i, spot) in spots.iter().enumerate() {
        let old = &spot.literals[0].text;
        let place = || {
            let before = &text[..spot.literals[0].span.start as usize];
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            format!("{name}:{}:{column}", before.matches('\n').count() + 1)
        };
        let mut add = |sort, new: &str, others: &[(&MutationSite, String)]| {
            let changes = std::iter::once((spot, new.to_owned())).chain(others.iter().map(|(s, t)| (*s, t.clone())));
            let path = spot.path.split_once('.').map_or(spot.path.as_str(), |(_, path)| path);
            all.push(Mutant {
                kind: sort,
                description: format!("{path}: {old} → {new}"),
                place: place(),
                text: replaced(text, changes.collect()),
            });
        };
        if !is_number(old) {
            let turned = if old.ends_with('=') { old[..1].to_owned() } else { format!("{old}=") };
            add(MutationKind::Comparison, &turned, &[]);
            continue;
        }
        if spot.path.ends_with(".weight") {
            // Weights must add up, so another weight of the same rating is lowered by as much.
            let rule = spot.path.rsplit_once('.').and_then(|(p, _)| p.rsplit_once('.')).map_or("", |(p, _)| p);
            let sibling =
                |s: &&MutationSite| s.path.starts_with(rule) && s.path.ends_with(".weight") && s.path != spot.path;
            let other = spots[i + 1..].iter().find(sibling).or_else(|| spots[..i].iter().find(sibling));
            if let Some(other) = other
                && let (Some(more), Some(less)) =
                    (moved(old, WEIGHT_STEP), moved(&other.literals[0].text, -WEIGHT_STEP))
            {
                add(MutationKind::Weight, &more, &[(other, less)]);
            }
            continue;
        }
        if spot.path.ends_with(".scale") {
            continue;
        }
        for new in shifted(old) {
            add(MutationKind::Threshold, &new, &[]);
        }
    }
    all
}

/// How far a weight is moved, in hundredths.
const WEIGHT_STEP: i64 = 5;

/// A percentage moved by `hundredths` points, or a number moved by as many hundredths of it, if it stays above zero.
fn moved(text: &str, hundredths: i64) -> Option<String> {
    let number = text.trim_end_matches('%');
    let value: Decimal = number.replace('_', "").parse().ok()?;
    let step = if text.ends_with('%') { Decimal::from(hundredths) } else { value * Decimal::new(hundredths, 2) };
    let moved = value + step;
    (moved > Decimal::ZERO).then(|| format!("{}{}", moved.normalize(), &text[number.len()..]))
}

/// A number a little lower and a little higher: by one where it is small and whole, by a tenth where it is not.
fn shifted(text: &str) -> Vec<String> {
    let number = text.trim_end_matches('%');
    let Ok(value) = number.replace('_', "").parse::<Decimal>() else { return Vec::new() };
    let small = value.scale() == 0 && value <= Decimal::from(100);
    let step = if small && !text.ends_with('%') {
        Decimal::ONE
    } else {
        (value / Decimal::TEN).max(Decimal::new(1, value.scale().max(1)))
    };
    let percent = &text[number.len()..];
    [value - step, value + step]
        .into_iter()
        .filter(|v| *v >= Decimal::ZERO)
        .map(|v| format!("{}{percent}", v.normalize()))
        .collect()
}

fn replaced(text: &str, changes: Vec<(&MutationSite, String)>) -> String {
    let mut edits: Vec<(u32, u32, String)> = changes
        .into_iter()
        .flat_map(|(spot, new)| spot.literals.iter().map(move |t| (t.span.start, t.span.end, new.clone())))
        .collect();
    edits.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut text = text.to_owned();
    for (start, end, new) in edits {
        text.replace_range(start as usize..end as usize, &new);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_engine::kinds::BUILT_IN;

    fn descriptions(text: &str) -> Vec<String> {
        mutants(Path::new("rules.yaml"), text, BUILT_IN).into_iter().map(|m| m.description).collect()
    }

    #[test]
    fn thresholds_weights_and_comparisons_are_changed() {
        let text = "rules:\n  a: {kind: abc, by: m2, classes: {A: top 80% of m2, B: '>= 10_000', C: rest}}\n  \
                    s: {segments: {x: 'n > 3 and t = \"5 > 4\"', y: rest}}\n";
        assert_eq!(
            descriptions(text),
            [
                "a.classes.A: 80% → 72%",
                "a.classes.A: 80% → 88%",
                "a.classes.B: >= → >",
                "a.classes.B: 10_000 → 9000",
                "a.classes.B: 10_000 → 11000",
                "s.segments.x: > → >=",
                "s.segments.x: 3 → 2",
                "s.segments.x: 3 → 4",
            ]
        );
    }

    #[test]
    fn bands_move_together_and_weights_in_pairs() {
        let text = "rules:\n  r: {scale: 0..10, criteria: {one: {weight: 60%, bands: {'< 5': 1, '5 ..< 7.5': 2, '>= 7.5': 3}}, two: {weight: 40%}}}\n";
        let all = mutants(Path::new("rules.yaml"), text, BUILT_IN);
        assert_eq!(all[0].description, "r.criteria.one.weight: 60% → 65%");
        assert!(all[0].text.contains("weight: 65%") && all[0].text.contains("weight: 35%"), "{}", all[0].text);
        assert!(all[1].text.contains("'< 4': 1, '4 ..< 7.5': 2"), "{}", all[1].text);
        assert!(all[3].text.contains("'5 ..< 6.75': 2, '>= 6.75': 3"), "{}", all[3].text);
    }

    #[test]
    fn what_a_summary_shows_is_left_alone_and_a_label_of_that_name_is_not() {
        let text = "rules:\n  d: {kind: concentration, of: m, top: [1, 5], warn_above: 10%}\n  \
                    p: {kind: pyramid, by: m, layers: {top: 1%, rest: rest}}\n";
        assert_eq!(
            descriptions(text),
            ["d.warn_above: 10% → 9%", "d.warn_above: 10% → 11%", "p.layers.top: 1% → 0.9%", "p.layers.top: 1% → 1.1%"]
        );
    }
}
