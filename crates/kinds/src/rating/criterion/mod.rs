//! One criterion: its weight, its value, and how the value becomes points.

mod bands;
mod describe;
mod script;
pub(super) mod sql;

use accolade_core::frame::column;
use accolade_core::literals;
use accolade_core::model::script::ScriptExecution;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_core::numbers::interval::{ALL, KeyInterval};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::yaml::node::{Node, Scalar};
use accolade_parser::{Code, Diagnostic, Diagnostics, Span, expr};
use accolade_rules::analysis::{Analyser, Key, Notation, Shape};
use accolade_rules::explain::{Field, Response, SourceText};
use accolade_rules::set::{ChangeableField, Customers, RuleContext, unfit};
use accolade_rules::thresholds::cutoffs::{CutOffs, Edge};
use accolade_rules::thresholds::quantile;

pub(super) use self::bands::Bands;
use self::script::CriterionScript;
use super::points;
use super::points::{Ramp, Scale, orient};

/// Decimal places of weights.
pub(super) const WEIGHT_PLACES: i8 = 8;
/// A weight of 100%.
pub(super) const FULL_WEIGHT: i128 = 100_000_000;

#[derive(Debug)]
pub(super) struct Criterion {
    pub(super) name: String,
    pub(super) span: Span,
    /// In 10⁻⁸.
    pub(super) weight: i128,
    pub(super) weight_span: Span,
    pub(super) nullable: bool,
    lower_is_better: bool,
    method: Method,
    /// The field with its value; `None` for a script, which reads its own fields.
    field: Option<Field>,
    /// How points are given, as written.
    written: SourceText,
}

/// How a value becomes points.
#[derive(Debug)]
enum Method {
    Ramp { slot: SlotId, domain: Domain, range: KeyInterval, ramp: Ramp },
    Bands { slot: SlotId, range: KeyInterval, bands: Bands },
    Percentile { slot: SlotId, domain: Domain },
    Script(Box<CriterionScript>),
}

const KEYS: &[Key] = &[
    Key::required("weight", Shape::NUMBER, "its part of the score, such as `30%`"),
    Key::optional(
        "value",
        Shape::EXPRESSION,
        "the value that gives points; it is the points itself without one of the next keys",
    ),
    Key::optional(
        "bands",
        Shape::MapByNotation(Notation::Pattern, &Shape::NUMBER),
        "pattern: points, such as `\"< 1_000\": 1`",
    ),
    Key::optional("linear", Shape::Notation(Notation::Range), "the values of the least and most points"),
    Key::optional("percentile", Shape::Boolean, "`true`: points by the percentile among all customers"),
    Key::optional("steps", Shape::MapByNotation(Notation::Number, &Shape::NUMBER), "least value: points, ascending"),
    Key::optional("script", Shape::File, "the script that gives the points: a file, or the script itself in a block"),
    Key::optional("lower_is_better", Shape::Boolean, "`true`: the least value gets the most points"),
    Key::optional("description", Shape::Text, "what it is about"),
];

pub(super) const SHAPE: Shape = Shape::Keys(KEYS);

/// Reads one entry of `criteria:`.
pub(super) fn compile_criterion(key: &Scalar, node: &Node, scale: Scale, analyser: &mut Analyser) -> Option<Criterion> {
    let name = fields::identifier(key, analyser.out)?;
    let mapping = fields::mapping(node, analyser.out)?;
    let parameters = Fields::new(mapping, &format!("the criterion `{}`", name.value), KEYS, analyser.out);
    let weight_node = parameters.required("weight", analyser.out);
    let weight = weight_node.and_then(|node| parse_weight(node, analyser));
    let lower_is_better = match parameters.optional("lower_is_better") {
        Some(node) => fields::boolean(node, analyser.out)?.value,
        None => false,
    };
    let ways: Vec<(&str, &Node)> = ["bands", "linear", "percentile", "steps", "script"]
        .into_iter()
        .filter_map(|way| parameters.optional(way).map(|node| (way, node)))
        .collect();
    if let [_, (second, node), ..] = ways.as_slice() {
        analyser.out.push(
            Diagnostic::new(Code::E0106, format!("`{}` gives points in two ways", name.value))
                .at(node.span())
                .help(format!("keep one of `{}` and `{second}`", ways[0].0)),
        );
        return None;
    }
    let (method, may_miss) = match ways.first() {
        Some(("script", node)) => {
            let script = script::compile_script(node, &name, analyser)?;
            let may_miss = script.nullable();
            (Method::Script(Box::new(script)), may_miss)
        }
        way => {
            let value = parameters.required("value", analyser.out)?;
            compile_method(value, way.copied(), scale, analyser)?
        }
    };
    let written = match (&method, ways.first()) {
        (Method::Script(script), _) => script.written.clone(),
        (_, Some(("linear", Node::Scalar(range)))) => SourceText::at(format!("linear {}", range.text), range.span),
        (_, Some((way, node))) => SourceText::at(*way, node.span()),
        (_, None) => SourceText::at("its value", name.span),
    };
    let field = match &method {
        Method::Script(_) => None,
        Method::Ramp { slot, .. } | Method::Bands { slot, .. } | Method::Percentile { slot, .. } => {
            Some(analyser.field_of_slot(*slot))
        }
    };
    Some(Criterion {
        field,
        written,
        span: name.span,
        name: name.value,
        weight: weight?,
        weight_span: weight_node.map_or(key.span, Node::span),
        nullable: may_miss,
        lower_is_better,
        method,
    })
}

fn parse_weight(node: &Node, analyser: &mut Analyser) -> Option<i128> {
    let number = expr::number(fields::text(node, analyser.out)?, analyser.out)?;
    match literals::unscaled(number.value, WEIGHT_PLACES).filter(|w| 0 < *w && *w <= 1_000_000 * FULL_WEIGHT) {
        Some(weight) => Some(weight),
        None => {
            analyser.out_of_range(
                number.span,
                "a weight is above zero and has at most six decimals of a percent",
                "write it as `30%`",
            );
            None
        }
    }
}

fn compile_method(
    value: &Node,
    way: Option<(&str, &Node)>,
    scale: Scale,
    analyser: &mut Analyser,
) -> Option<(Method, bool)> {
    let slot = analyser.operand(value)?;
    let ty = analyser.type_of(slot);
    let nullable = analyser.slot(slot).nullable;
    if let (Some(("bands", node)), Type::Text | Type::Boolean) = (way, ty) {
        let (bands, takes_missing) =
            bands::compile_labels(fields::mapping(node, analyser.out)?, slot, scale, analyser)?;
        return Some((Method::Bands { slot, range: ALL, bands }, nullable && !takes_missing));
    }
    let (slot, domain) = match Domain::of(ty) {
        Some(domain) => (slot, domain),
        // Reports the type as an error.
        None => analyser.numeric_operand(value)?,
    };
    let range = analyser.range(slot, domain);
    Some(match way {
        None => {
            if ty == Type::Money {
                analyser.out.push(
                    Diagnostic::new(Code::E0406, "an amount of money is not a number of points")
                        .at(value.span())
                        .help("add `bands:` or `linear:` to say what an amount is worth"),
                );
                return None;
            }
            (Method::Ramp { slot, domain, range, ramp: Ramp::Direct }, nullable)
        }
        Some(("linear", node)) => {
            let (from, to) = expr::range(fields::text(node, analyser.out)?, analyser.out)?;
            let ends = points::ramp_end(from.value).zip(points::ramp_end(to.value)).filter(|(from, to)| from < to);
            let Some((from, to)) = ends else {
                let help = "write the lower end first; `lower_is_better: true` turns the scale";
                analyser.out_of_range(from.span.to(to.span), "the range is empty or too large", help);
                return None;
            };
            (Method::Ramp { slot, domain, range, ramp: Ramp::Linear { from, to } }, nullable)
        }
        Some(("percentile", node)) => {
            if !fields::boolean(node, analyser.out)?.value {
                analyser.out.push(
                    Diagnostic::new(Code::E0106, "`percentile` can only be `true`")
                        .at(node.span())
                        .help("leave it out"),
                );
                return None;
            }
            (Method::Percentile { slot, domain }, nullable)
        }
        Some((way, node)) => {
            let mapping = fields::mapping(node, analyser.out)?;
            let (bands, takes_missing) = if way == "steps" {
                (bands::compile_steps(mapping, domain, range, scale, analyser)?, false)
            } else {
                bands::compile_ranges(mapping, domain, range, scale, analyser)?
            };
            (Method::Bands { slot, range, bands }, nullable && !takes_missing)
        }
    })
}

impl Criterion {
    /// The name of the list of cut-offs that holds its median points.
    pub(super) fn median_list(&self) -> String {
        format!("{}.median", self.name)
    }

    fn percentile_list(&self) -> String {
        format!("{}.percentiles", self.name)
    }

    /// Whether its points depend on the population.
    pub(super) fn is_calibrated(&self) -> bool {
        matches!(self.method, Method::Percentile { .. })
    }

    /// Adds its percentiles to the cut-offs, if it needs them.
    pub(super) fn calibrate(&self, population: &Customers, cut_offs: &mut CutOffs) -> Result<(), Diagnostics> {
        let Method::Percentile { slot, domain } = &self.method else { return Ok(()) };
        let values = column(population.frame, *slot)?;
        let Some(keys) = KeyColumn::of(values) else {
            return Err(unfit(population.context.rule, "need a numeric value"));
        };
        let present = (0..population.frame.rows).filter_map(|row| keys.get(row));
        let steps: Vec<usize> = (1..=100).collect();
        let edges = quantile::quantiles(present, &steps, 100, *domain).into_iter().map(Edge::Value).collect();
        cut_offs.0.insert(self.percentile_list(), edges);
        Ok(())
    }

    /// The points of every record of a batch, in millionths.
    pub(super) fn points(
        &self,
        batch: &Customers,
        cut_offs: &CutOffs,
        scale: Scale,
    ) -> Result<Vec<Option<i64>>, Diagnostics> {
        let rows = batch.frame.rows;
        let turn = |points: i64| orient(points, scale, self.lower_is_better);
        let slot = match &self.method {
            Method::Script(script) => {
                return Ok(script.points(batch, scale)?.into_iter().map(|p| p.map(turn)).collect());
            }
            Method::Ramp { slot, .. } | Method::Bands { slot, .. } | Method::Percentile { slot, .. } => *slot,
        };
        let values = column(batch.frame, slot)?;
        let of = self.points_by_key(cut_offs, scale, batch.context.rule)?;
        Ok(match (KeyColumn::of(values), &self.method) {
            (Some(keys), _) => (0..rows).map(|row| of(keys.get(row)).map(turn)).collect(),
            (None, Method::Bands { bands, .. }) => {
                bands.points_of_column(values).into_iter().map(|p| p.map(turn)).collect()
            }
            (None, _) => return Err(unfit(batch.context.rule, "need a numeric value")),
        })
    }

    /// The points of one record, in millionths.
    pub(super) fn points_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        percentiles: &[i128],
        scale: Scale,
    ) -> Result<Option<i64>, Diagnostics> {
        let slot = match &self.method {
            Method::Script(script) => {
                return Ok(script.points_row(record, context, scale)?.map(|p| orient(p, scale, self.lower_is_better)));
            }
            Method::Ramp { slot, .. } | Method::Bands { slot, .. } | Method::Percentile { slot, .. } => *slot,
        };
        let value = record.get(slot).unwrap_or(&Value::Null);
        let points = match &self.method {
            Method::Bands { bands, .. } if bands.is_labels() => bands.points_of_value(value),
            Method::Ramp { domain, .. } | Method::Percentile { domain, .. } => {
                self.points_of_key(domain.key(value), percentiles, scale)
            }
            Method::Bands { bands, .. } => bands.points_of_value(value),
            Method::Script(_) => None,
        };
        Ok(points.map(|p| orient(p, scale, self.lower_is_better)))
    }

    /// A function from keys to points, not yet reversed by `lower_is_better`.
    fn points_by_key<'s>(
        &'s self,
        cut_offs: &CutOffs,
        scale: Scale,
        rule: &str,
    ) -> Result<impl Fn(Option<i128>) -> Option<i64> + use<'s>, Diagnostics> {
        let percentiles = self.percentiles(cut_offs, rule)?;
        Ok(move |key| self.points_of_key(key, &percentiles, scale))
    }

    /// The points of a key, not yet reversed by `lower_is_better`.
    fn points_of_key(&self, key: Option<i128>, percentiles: &[i128], scale: Scale) -> Option<i64> {
        match &self.method {
            Method::Ramp { domain, ramp, .. } => key.map(|key| ramp.points(key, *domain, scale)),
            Method::Bands { bands, .. } => bands.points_of_key(key),
            Method::Percentile { .. } => {
                let key = key?;
                // Percentiles ascend, so those at or below the value are the first ones.
                let reached = i128::try_from(percentiles.partition_point(|edge| *edge <= key)).ok()?;
                let span = i128::from(scale.high - scale.low);
                let rise = accolade_core::ops::divide_half_even(span * reached, 100);
                Some(scale.low + i64::try_from(rise).ok()?)
            }
            Method::Script(_) => None,
        }
    }

    /// The least key of each percentile; empty for a criterion that needs none.
    pub(super) fn percentiles(&self, cut_offs: &CutOffs, rule: &str) -> Result<Vec<i128>, Diagnostics> {
        let Method::Percentile { domain, .. } = &self.method else { return Ok(Vec::new()) };
        let list = self.percentile_list();
        let Some(edges) = cut_offs.0.get(&list) else { return Err(unfit(rule, &format!("have no `{list}`"))) };
        let keys: Option<Vec<i128>> = edges.iter().map(|edge| edge.bound().ceiling_key(*domain)).collect();
        keys.ok_or_else(|| unfit(rule, &format!("have a value of `{list}` that is out of range")))
    }

    /// How its script is run, if it has one.
    pub(super) fn lowering(&self) -> Option<ScriptExecution<'_>> {
        match &self.method {
            Method::Script(script) => Some(script.lowering()),
            _ => None,
        }
    }

    /// Where its script returned for a record.
    pub(super) fn returned_at(&self, record: &[Value]) -> Option<Span> {
        match &self.method {
            Method::Script(script) => script.returned_at(record),
            _ => None,
        }
    }

    /// The fields it reads.
    pub(super) fn fields(&self) -> &[Field] {
        match &self.method {
            Method::Script(script) => script.fields(),
            _ => self.field.as_slice(),
        }
    }

    /// Its branches: the bands as written, or a single branch if it has no bands.
    pub(super) fn branches(&self) -> Vec<(&'static str, SourceText)> {
        match &self.method {
            Method::Bands { bands, .. } => bands.written().iter().map(|w| ("band", w.clone())).collect(),
            _ => vec![("criterion", self.written.clone())],
        }
    }

    /// The index of the branch that gives a record's points.
    pub(super) fn reached_branch(&self, record: &[Value]) -> Option<usize> {
        match &self.method {
            Method::Bands { slot, bands, .. } => bands.band_of_value(record.get(*slot)?).map(|mark| mark.band),
            _ => Some(0),
        }
    }

    /// How its points respond to a changed field; `None` if that is not known.
    pub(super) fn response(&self, cut_offs: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        let turn = |response: Response| if self.lower_is_better { response.map(|_, t| t.flipped()) } else { response };
        match &self.method {
            Method::Ramp { slot, .. } => changeable.response(*slot).map(turn),
            Method::Bands { slot, bands, .. } if bands.is_labels() => changeable.response(*slot),
            Method::Bands { slot, bands, .. } => changeable.threshold_response(*slot, &bands.edges()),
            Method::Percentile { slot, domain } => {
                let edges = cut_offs.get(&self.percentile_list()).iter();
                changeable.threshold_response(
                    *slot,
                    &edges.map(|e| e.bound().ceiling_key(*domain)).collect::<Option<Vec<i128>>>()?,
                )
            }
            Method::Script(script) => script.response(changeable).map(turn),
        }
    }

    /// The points it can give, if they can be listed: one for each band.
    pub(super) fn choices(&self, scale: Scale) -> Option<Vec<i64>> {
        let Method::Bands { range, bands, .. } = &self.method else { return None };
        Some(bands.attainable(*range).into_iter().map(|p| orient(p, scale, self.lower_is_better)).collect())
    }

    /// The least and most points it can give.
    pub(super) fn attainable(&self, scale: Scale) -> (i64, i64) {
        if let Some(choices) = self.choices(scale) {
            return (choices.iter().copied().min().unwrap_or(0), choices.iter().copied().max().unwrap_or(0));
        }
        let (low, high) = match &self.method {
            Method::Ramp { domain, range, ramp, .. } => ramp.range(*range, *domain, scale),
            _ => (scale.low, scale.high),
        };
        let (a, b) = (orient(low, scale, self.lower_is_better), orient(high, scale, self.lower_is_better));
        (a.min(b), a.max(b))
    }
}
