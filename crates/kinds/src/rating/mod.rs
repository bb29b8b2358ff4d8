//! Weighted customer rating: points per criterion, a score on a scale, and a grade.
//!
//! Points are decimals of six places (rounded half to even) and the score is exact in them: a grade that begins
//! at 8 is decided on the sum of weight × points against 8 × the sum of weights, not on a rounded number.

mod criterion;
mod describe;
mod explain;
mod loyalty;
mod points;
mod proof;
mod score;
mod sql;
mod weights;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Mapping;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use arrow::array::{Array, ArrayRef};

use self::criterion::Criterion;
pub(super) use self::loyalty::KIND as LOYALTY;
use self::points::Scale;
use self::score::{Missing, Weighed};
use super::labels;
use accolade_core::frame::{array_of, column};
use accolade_core::model::script::Lowering;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::Interval;
use accolade_core::show;
use accolade_rules::analysis::{Analyser, Key, Kind, Notation, Shape};
use accolade_rules::decision::stretches::Stretches;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, named,
};
use accolade_rules::thresholds::cutoffs::{CutOffs, Edge};
use accolade_rules::thresholds::quantile;

pub(super) static KIND: Kind = Kind {
    name: "rating",
    summary: "scores weighted criteria on a scale and grades the score",
    keys: &[
        SCALE,
        Key::required("criteria", Shape::Names(&criterion::SHAPE), "name: a weight and how points are given"),
        MISSING_KEY,
        WEIGHTS,
        GRADES,
    ],
    compile,
};

const SCALE: Key =
    Key::required("scale", Shape::Notation(Notation::Range), "the least and most points, such as `0..10`");

const MISSING_KEY: Key = Key::optional(
    "missing",
    Shape::Word(POLICIES),
    "where a criterion has no value: `error`, `zero`, `renormalise` or `median`; required if one may be missing",
);

const WEIGHTS: Key = Key::optional("weights", Shape::Word(RELATIVE), "`relative`: weights need not add up to 100%");

const GRADES: Key =
    Key::optional("grades", Shape::PATTERNS, "label: condition on the score, best first, such as `>= 8`; or `rest`");

const MISSING: [(&str, Missing); 4] = [
    ("error", Missing::Error),
    ("zero", Missing::Zero),
    ("renormalise", Missing::Renormalise),
    ("median", Missing::Median),
];

const POLICIES: &[&str] = &[MISSING[0].0, MISSING[1].0, MISSING[2].0, MISSING[3].0];

const RELATIVE: &[&str] = &["relative"];

#[derive(Debug)]
struct Rating {
    scale: Scale,
    criteria: Vec<Criterion>,
    missing: Missing,
    grades: Option<Stretches>,
}

/// What records are compared with.
struct Compared {
    /// Of each criterion, for those that place a record among all.
    percentiles: Vec<Vec<i128>>,
    medians: Vec<Option<i64>>,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    compile_as(&KIND, "criteria", |_, _, _| Some(()), rule, analyser)
}

/// Checks a rule whose criteria are under this key; `check` looks at which there are.
fn compile_as(
    kind: &Kind,
    key: &str,
    check: fn(&Mapping, &Rule, &mut Analyser) -> Option<()>,
    rule: &Rule,
    analyser: &mut Analyser,
) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, kind);
    let scale = parameters.required("scale", analyser.out).and_then(|node| points::scale(node, analyser));
    let relative = match parameters.optional("weights") {
        Some(node) => fields::choice(node, RELATIVE, analyser.out).is_some(),
        None => false,
    };
    let mapping = parameters.required(key, analyser.out).and_then(|node| fields::mapping(node, analyser.out));
    let complete = mapping.and_then(|mapping| check(mapping, rule, analyser));
    let missing = match parameters.optional("missing") {
        Some(node) => Some(MISSING[fields::choice(node, POLICIES, analyser.out)?.value].1),
        None => None,
    };
    let (scale, mapping) = (scale?, mapping?);
    let criteria: Vec<Option<Criterion>> =
        mapping.entries.iter().map(|entry| criterion::criterion(&entry.key, &entry.value, scale, analyser)).collect();
    let criteria: Option<Vec<Criterion>> = criteria.into_iter().collect();
    let grades = match parameters.optional("grades") {
        Some(node) => {
            let mapping = fields::mapping(node, analyser.out)?;
            let range = Interval { low: points::score_key(scale.low), high: points::score_key(scale.high) };
            Some(Stretches::compile(mapping, Domain::of(Type::Score)?, range, "grade", "score", analyser))
        }
        None => None,
    };
    let (criteria, ()) = (criteria?, complete?);
    check_weights(&criteria, relative, mapping.span, analyser)?;
    let may_miss: Vec<&Criterion> = criteria.iter().filter(|c| c.may_miss).collect();
    if let (None, Some(first)) = (missing, may_miss.first()) {
        analyser.out.push(
            Diagnostic::new(
                Code("E0102"),
                format!("`{}` may be missing, but the {} does not say what then", first.name, kind.name),
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
    let rating = Rating { scale, criteria, missing: missing.unwrap_or(Missing::Error), grades };
    proof::check(&rating.criteria, rating.missing, rating.grades.as_ref(), scale, analyser);
    Some(Box::new(rating))
}

fn check_weights(criteria: &[Criterion], relative: bool, span: Span, analyser: &mut Analyser) -> Option<()> {
    let sum: i128 = criteria.iter().map(|c| c.weight).sum();
    if criteria.is_empty() {
        analyser.out.push(Diagnostic::new(Code("E0102"), "a rating needs at least one criterion").at(span));
        return None;
    }
    if relative || sum == criterion::WHOLE {
        return Some(());
    }
    let shown = format!("{}%", show::decimal(sum * 100, criterion::WEIGHT_PLACES, 0));
    let without_sign = sum == 100 * criterion::WHOLE;
    let message = if without_sign {
        "the weights have no percent sign".to_owned()
    } else {
        format!("the weights add up to {shown}, not 100%")
    };
    let mut diagnostic = Diagnostic::new(Code("E0501"), message);
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
        _ => mended(diagnostic, criteria, criterion::WHOLE - sum),
    });
    None
}

/// Proposes the first weight that can take all that is lacking or too much, and what it would be then.
fn mended(diagnostic: Diagnostic, criteria: &[Criterion], lacking: i128) -> Diagnostic {
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

impl CompiledRule for Rating {
    fn outputs(&self) -> Vec<Output> {
        let mut outputs = vec![Output::new("score", Type::Score)];
        if let Some(grades) = &self.grades {
            outputs.push(Output::label("grade", grades.labels.to_vec(), true));
        }
        outputs.push(Output { part: "coverage", ty: Type::Percent, nullable: false, labels: None });
        outputs
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        for criterion in &self.criteria {
            criterion.calibrate(population, &mut cut_offs)?;
        }
        let batch = Batch { frame: population.frame, context: population.context };
        if self.missing == Missing::Error {
            // All customers are looked at, so that the message counts all and names every criterion.
            let mut wrong = Diagnostics::new();
            for (i, criterion) in self.criteria.iter().enumerate().filter(|(_, c)| c.may_miss) {
                let points = criterion.points(&batch, &cut_offs, self.scale)?;
                if points.iter().any(Option::is_none) {
                    wrong.0.extend(self.report_missing(&batch, &points, i)?.0);
                }
            }
            if wrong.has_errors() {
                return Err(wrong);
            }
        }
        if self.missing == Missing::Median {
            for criterion in self.criteria.iter().filter(|c| c.may_miss) {
                let points = criterion.points(&batch, &cut_offs, self.scale)?;
                let present = points.iter().filter_map(|points| points.map(i128::from));
                // Points are counted in millionths; a median between two of them is rounded to one.
                let domain = Domain::Exact { ty: Type::Integer, scale: points::PLACES };
                match quantile::median(present, domain) {
                    Some(median) => {
                        cut_offs.0.insert(criterion.median_list(), vec![Edge::Value(median)]);
                    }
                    None => {
                        cut_offs.0.insert(criterion.median_list(), Vec::new());
                        let message =
                            format!("`{}`: nobody has a value for `{}`", population.context.rule, criterion.name);
                        out.push(Diagnostic::new(Code("W0704"), message));
                    }
                }
            }
        }
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let medians = self.medians(cut_offs);
        let points: Vec<Vec<Option<i64>>> =
            self.criteria.iter().map(|c| c.points(batch, cut_offs, self.scale)).collect::<Result<_, _>>()?;
        let mut weighed = Vec::with_capacity(batch.frame.rows);
        let mut row_points = vec![None; self.criteria.len()];
        for row in 0..batch.frame.rows {
            for (of_row, column) in row_points.iter_mut().zip(&points) {
                *of_row = column[row];
            }
            match self.weigh(&row_points, &medians) {
                Ok(result) => weighed.push(result),
                Err(missing) => return Err(self.report_missing(batch, &points[missing], missing)?),
            }
        }
        let score = |w: &Weighed| w.score.map_or(Value::Null, Value::Score);
        let mut columns = vec![array_of(Type::Score, weighed.iter().map(score))];
        if let Some(grades) = &self.grades {
            columns.push(labels::column(&grades.labels, weighed.iter().map(|w| w.score.and_then(|s| grades.of(s)))));
        }
        columns.push(array_of(Type::Percent, weighed.iter().map(|w| Value::Number(w.coverage))));
        Ok(columns)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        let percentiles = self.criteria.iter().map(|c| c.percentiles(cut_offs, name)).collect::<Result<_, _>>()?;
        Ok(Prepared::of(Compared { percentiles, medians: self.medians(cut_offs) }))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let Compared { percentiles, medians } = prepared.made(context.rule)?;
        let mut points = Vec::with_capacity(self.criteria.len());
        for (criterion, percentiles) in self.criteria.iter().zip(percentiles) {
            points.push(criterion.points_row(record, context, percentiles, self.scale)?);
        }
        let weighed = self.weigh(&points, medians).map_err(|missing| {
            let customer = show::quoted(record.first().unwrap_or(&Value::Null));
            let message = format!(
                "`{}`: criterion `{}` has no value for customer {customer}",
                context.rule, self.criteria[missing].name
            );
            Diagnostics(vec![Diagnostic::new(Code("E0711"), message).help(HELP)])
        })?;
        let mut values = Vec::with_capacity(3);
        values.extend([weighed.score.map_or(Value::Null, Value::Score)]);
        if let Some(grades) = &self.grades {
            values.push(grades.labels.value(weighed.score.and_then(|s| grades.of(s))));
        }
        values.push(Value::Number(weighed.coverage));
        Ok(values)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.criteria.iter().flat_map(|c| c.fields().iter().map(|f| f.slot)).collect()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        let all_looked_at = matches!(self.missing, Missing::Error | Missing::Median);
        let looked_at = self.criteria.iter().filter(|c| c.is_calibrated() || (c.may_miss && all_looked_at));
        looked_at.flat_map(|c| c.fields().iter().map(|f| f.slot)).collect()
    }

    fn branches(&self) -> Vec<Branch> {
        self.every_branch()
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        self.derive(record, context, cut_offs)
    }

    fn course(&self, output: usize, slots: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        let part = self.outputs().get(output)?.part;
        self.follow(part, slots, cut_offs, lever)
    }

    fn why(&self, batch: &Batch, _: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        self.contributions(batch, cut_offs)
    }

    fn scripts(&self) -> Vec<(String, Span, Lowering<'_>)> {
        self.criteria.iter().filter_map(|c| Some((c.name.clone(), c.span, c.lowering()?))).collect()
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(
        &self,
        statement: &mut accolade_rules::sql::Lowering,
    ) -> Result<Vec<accolade_core::sql::tree::Expr>, Diagnostics> {
        self.as_sql(statement)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        let mut sections = Vec::new();
        if let Some(grades) = &self.grades {
            sections.push(view.grades(&grades.labels));
        }
        sections.push(view.histogram(self.scale.low, self.scale.high, points::PLACES));
        sections
    }

    fn charts(&self, view: &View, batch: &Batch, cut_offs: &CutOffs) -> Vec<Chart> {
        let grades = self.grades.as_ref().map(|grades| view.grades_chart(&grades.labels));
        let scores = view.histogram_chart(self.scale.low, self.scale.high, points::PLACES);
        let weights = weights::chart(self, view.rule, batch, cut_offs).ok();
        weights.into_iter().chain(grades).chain([scores]).collect()
    }
}

const HELP: &str = "fill in the value, or choose `missing: zero`, `renormalise` or `median`";

impl Rating {
    fn weigh(&self, points: &[Option<i64>], medians: &[Option<i64>]) -> Result<Weighed, usize> {
        let weights = self.criteria.iter().map(|c| c.weight);
        score::weigh(weights.zip(points.iter().copied()).zip(medians.iter().copied()), self.missing)
    }

    /// The median points of each criterion, for those that have one.
    fn medians(&self, cut_offs: &CutOffs) -> Vec<Option<i64>> {
        if self.missing != Missing::Median {
            return vec![None; self.criteria.len()];
        }
        let domain = Domain::Exact { ty: Type::Integer, scale: points::PLACES };
        let median = |c: &Criterion| {
            let key = cut_offs.get(&c.median_list()).first()?.bound().floor_key(domain)?;
            i64::try_from(key).ok()
        };
        self.criteria.iter().map(median).collect()
    }

    /// Which customers lack a criterion whose absence is an error.
    fn report_missing(
        &self,
        batch: &Batch,
        points: &[Option<i64>],
        criterion: usize,
    ) -> Result<Diagnostics, Diagnostics> {
        let customers = column(batch.frame, 0)?;
        let without: Vec<usize> = (0..customers.len()).filter(|row| points[*row].is_none()).collect();
        let name = &self.criteria[criterion].name;
        let named = named(customers, &without);
        let message = format!("`{}`: criterion `{name}` has no value for customer {named}", batch.context.rule);
        Ok(Diagnostics(vec![
            Diagnostic::new(Code("E0711"), message).label(self.criteria[criterion].span, "this criterion").help(HELP),
        ]))
    }
}
