//! Weighted customer rating: points per criterion, a score on a scale, and a grade.
//!
//! Points are decimals of six places (rounded half to even) and the score is exact in them: a grade that begins
//! at 8 is decided on the sum of weight × points against 8 × the sum of weights, not on a rounded number.

mod criterion;
mod describe;
mod explain;
mod loyalty;
mod points;
mod present;
mod proof;
mod rate;
mod score;
mod sql;
mod weights;

use accolade_core::model::Type;
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;
use accolade_core::show;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Mapping;
use accolade_parser::{Code, Diagnostic, Span};
use accolade_rules::analysis::{Analyser, Key, Notation, RuleKind, Shape, WrittenLabel};
use accolade_rules::decision::labelled_ranges::LabelledRanges;
use accolade_rules::set::CompiledRule;
use accolade_rules::thresholds::cutoffs::CutOffs;

use self::criterion::Criterion;
pub(super) use self::loyalty::KIND as LOYALTY;
use self::points::Scale;
use self::score::{MissingPolicy, WeightedScore};

pub(super) static KIND: RuleKind = RuleKind {
    name: "rating",
    summary: "scores weighted criteria on a scale and grades the score",
    keys: &[
        SCALE,
        Key::required("criteria", Shape::MapByName(&criterion::SHAPE), "name: a weight and how points are given")
            .with_entry("criterion"),
        MISSING_KEY,
        WEIGHTS,
        GRADES,
    ],
    labels: grades_of,
    compile,
};

const SCALE: Key =
    Key::required("scale", Shape::Notation(Notation::Range), "the least and most points, such as `0..10`");

const MISSING_KEY: Key = Key::optional(
    "missing",
    Shape::Word(MISSING_POLICY_NAMES),
    "where a criterion has no value: `error`, `zero` (the least points), `renormalise` or `median`; required if one may be missing",
);

const WEIGHTS: Key = Key::optional("weights", Shape::Word(RELATIVE), "`relative`: weights need not add up to 100%");

const GRADES: Key =
    Key::optional("grades", Shape::PATTERNS, "label: condition on the score, best first, such as `>= 8`; or `rest`")
        .with_entry("grade");

const MISSING_POLICIES: [(&str, MissingPolicy); 4] = [
    ("error", MissingPolicy::Error),
    ("zero", MissingPolicy::Zero),
    ("renormalise", MissingPolicy::Renormalise),
    ("median", MissingPolicy::Median),
];

const MISSING_POLICY_NAMES: &[&str] =
    &[MISSING_POLICIES[0].0, MISSING_POLICIES[1].0, MISSING_POLICIES[2].0, MISSING_POLICIES[3].0];

const RELATIVE: &[&str] = &["relative"];

/// The labels of grades.
fn grades_of(parameters: &Mapping) -> Vec<WrittenLabel<'_>> {
    WrittenLabel::below(parameters, "grades").into_iter().map(|grade| grade.of("grade")).collect()
}

#[derive(Debug)]
struct Rating {
    scale: Scale,
    criteria: Vec<Criterion>,
    missing: MissingPolicy,
    grades: Option<LabelledRanges>,
}

/// The calibrated values that a single record is rated with.
struct PreparedRating {
    /// The percentiles of each criterion; empty for a criterion that needs none.
    percentiles: Vec<Vec<i128>>,
    medians: Vec<Option<i64>>,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    compile_as(&KIND, "criteria", |_, _, _| Some(()), rule, analyser)
}

/// Compiles a rule whose criteria are under `key`; `check` tests which criteria are present.
fn compile_as(
    kind: &RuleKind,
    key: &str,
    check: fn(&Mapping, &RuleDecl, &mut Analyser) -> Option<()>,
    rule: &RuleDecl,
    analyser: &mut Analyser,
) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, kind);
    let scale = parameters.required("scale", analyser.out).and_then(|node| points::parse_scale(node, analyser));
    let relative = match parameters.optional("weights") {
        Some(node) => fields::choice(node, RELATIVE, analyser.out).is_some(),
        None => false,
    };
    let mapping = parameters.required(key, analyser.out).and_then(|node| fields::mapping(node, analyser.out));
    let complete = mapping.and_then(|mapping| check(mapping, rule, analyser));
    let missing = match parameters.optional("missing") {
        Some(node) => Some(MISSING_POLICIES[fields::choice(node, MISSING_POLICY_NAMES, analyser.out)?.value].1),
        None => None,
    };
    let (scale, mapping) = (scale?, mapping?);
    let criteria: Vec<Option<Criterion>> = mapping
        .entries
        .iter()
        .map(|entry| criterion::compile_criterion(&entry.key, &entry.value, scale, analyser))
        .collect();
    let criteria: Option<Vec<Criterion>> = criteria.into_iter().collect();
    let grades = match parameters.optional("grades") {
        Some(node) => {
            let mapping = fields::mapping(node, analyser.out)?;
            let range = KeyInterval { low: points::score_key(scale.low), high: points::score_key(scale.high) };
            Some(LabelledRanges::compile(mapping, Domain::of(Type::Score)?, range, "grade", "score", analyser))
        }
        None => None,
    };
    let (criteria, ()) = (criteria?, complete?);
    check_weights(&criteria, relative, mapping.span, analyser)?;
    let may_miss: Vec<&Criterion> = criteria.iter().filter(|c| c.nullable).collect();
    if let (None, Some(first)) = (missing, may_miss.first()) {
        analyser.out.push(
            Diagnostic::new(
                Code::E0102,
                format!("`{}` may have no value, but the {} has no `missing:`", first.name, kind.name),
            )
            .at(rule.name.span)
            .label(first.span, "this criterion may have no value")
            .help("add `missing: error`, `zero`, `renormalise` or `median`"),
        );
        return None;
    }
    let grades = match grades {
        Some(grades) => Some(grades?),
        None => None,
    };
    let rating = Rating { scale, criteria, missing: missing.unwrap_or(MissingPolicy::Error), grades };
    proof::check(&rating.criteria, rating.missing, rating.grades.as_ref(), scale, analyser);
    Some(Box::new(rating))
}

fn check_weights(criteria: &[Criterion], relative: bool, span: Span, analyser: &mut Analyser) -> Option<()> {
    let sum: i128 = criteria.iter().map(|c| c.weight).sum();
    if criteria.is_empty() {
        analyser.out.push(Diagnostic::new(Code::E0102, "a rating needs at least one criterion").at(span));
        return None;
    }
    if relative || sum == criterion::FULL_WEIGHT {
        return Some(());
    }
    let shown = format!("{}%", show::decimal(sum * 100, criterion::WEIGHT_PLACES, 0));
    let without_sign = sum == 100 * criterion::FULL_WEIGHT;
    let message = if without_sign {
        "the weights have no percent sign".to_owned()
    } else {
        format!("the weights add up to {shown}, not 100%")
    };
    let mut diagnostic = Diagnostic::new(Code::E0501, message);
    for criterion in criteria {
        let weight = show::decimal(criterion.weight * 100, criterion::WEIGHT_PLACES, 0);
        diagnostic = diagnostic.label(criterion.weight_span, format!("{weight}%"));
    }
    analyser.out.push(match criteria {
        [first, ..] if without_sign => {
            let percent = show::decimal(first.weight, criterion::WEIGHT_PLACES, 0);
            let help =
                format!("write `weight: {percent}%` for `{}` and so on, or declare `weights: relative`", first.name);
            diagnostic.help(help)
        }
        _ => with_weight_fix(diagnostic, criteria, criterion::FULL_WEIGHT - sum),
    });
    None
}

/// Adds help with the first weight that can absorb the whole difference, and a fix with its new value.
fn with_weight_fix(diagnostic: Diagnostic, criteria: &[Criterion], lacking: i128) -> Diagnostic {
    let percent = |weight: i128| show::decimal(weight * 100, criterion::WEIGHT_PLACES, 0);
    let (verb, off) = (if lacking > 0 { "add" } else { "take away" }, percent(lacking.abs()));
    let relative = "or declare `weights: relative`";
    match criteria.iter().find(|criterion| criterion.weight + lacking > 0) {
        Some(one) => {
            let weight = percent(one.weight + lacking);
            let help = format!("{verb} {off}%, for example `weight: {weight}%` for `{}`, {relative}", one.name);
            diagnostic.help(help).fix(one.weight_span, format!("{weight}%"))
        }
        None => diagnostic.help(format!("{verb} {off}%, {relative}")),
    }
}

const MISSING_HELP: &str = "fill in the value, or choose `missing: zero`, `renormalise` or `median`";

impl Rating {
    /// The score of a record.
    ///
    /// # Errors
    /// Fails with the index of the first criterion without points if no criterion may be without.
    fn weigh(&self, points: &[Option<i64>], medians: &[Option<i64>]) -> Result<WeightedScore, usize> {
        if self.missing == MissingPolicy::Error
            && let Some(missing) = points.iter().position(Option::is_none)
        {
            return Err(missing);
        }
        let weights = self.criteria.iter().map(|c| c.weight);
        let substitutes = medians.iter().map(|median| self.substitute(*median));
        Ok(score::weigh(weights.zip(points.iter().copied()).zip(substitutes)))
    }

    /// The points with which a criterion without a value counts; `None` if it does not count.
    fn substitute(&self, median: Option<i64>) -> Option<i64> {
        match self.missing {
            MissingPolicy::Zero => Some(self.scale.low),
            MissingPolicy::Median => median,
            MissingPolicy::Error | MissingPolicy::Renormalise => None,
        }
    }

    /// The median points of each criterion; `None` for those without one.
    fn medians(&self, cut_offs: &CutOffs) -> Vec<Option<i64>> {
        if self.missing != MissingPolicy::Median {
            return vec![None; self.criteria.len()];
        }
        let domain = Domain::Exact { ty: Type::Integer, scale: points::PLACES };
        let median = |c: &Criterion| {
            let key = cut_offs.get(&c.median_list()).first()?.bound().floor_key(domain)?;
            i64::try_from(key).ok()
        };
        self.criteria.iter().map(median).collect()
    }
}
