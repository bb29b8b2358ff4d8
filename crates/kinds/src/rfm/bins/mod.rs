//! Scores from bins: edges by value, by rank, as the R package `rfm` places them, or fixed; nested or not.

mod sql;

use std::cmp::Ordering;

use accolade_core::frame::{column, value_at};
use accolade_core::model::{SlotId, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_parser::expr::ast::{BinRule, Literal};
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics, expr, plural};
use accolade_rules::analysis::{Analyser, Key, Notation, Shape};
use accolade_rules::explain::{Field, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, unfit};
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::quantile;
use arrow::array::ArrayRef;

/// Scores of recency, frequency and monetary value, each from 1.
pub(super) type Scores = [i64; 3];

/// One of the three measures.
#[derive(Clone, Copy, Debug)]
pub(super) struct RfmMetric {
    pub(super) name: &'static str,
    pub(super) slot: SlotId,
    pub(super) domain: Domain,
}

/// How the measures become scores.
#[derive(Debug)]
pub(super) struct Binning {
    pub(super) metrics: [RfmMetric; 3],
    fields: [Field; 3],
    pub(super) method: BinMethod,
}

#[derive(Debug)]
pub(super) enum BinMethod {
    Computed { count: usize, by: BinRule, nested: bool },
    Fixed([Vec<Bound>; 3]),
}

/// The greatest number of bins of a measure: its score is one digit of the code.
const MOST_BINS: usize = 9;

const EDGES: &[Key] = &[
    Key::required("recency", Shape::List(&Shape::NUMBER), "the upper end of every bin but the last"),
    Key::required("frequency", Shape::List(&Shape::NUMBER), "the upper end of every bin but the last"),
    Key::required("monetary", Shape::List(&Shape::NUMBER), "the upper end of every bin but the last"),
];

pub(super) const SHAPE: Shape = Shape::Either(&[Shape::Notation(Notation::Bins), Shape::Keys(EDGES)]);

pub(super) fn compile_binning(node: &Node, measures: [RfmMetric; 3], analyser: &mut Analyser) -> Option<Binning> {
    let rule = match node {
        Node::Mapping(mapping) => {
            let parameters = fields::Fields::new(mapping, "`bins`", EDGES, analyser.out);
            let nodes = measures.map(|m| parameters.required(m.name, analyser.out));
            let [r, f, m] =
                [0, 1, 2].map(|i| nodes[i].and_then(|node| compile_fixed_edges(node, measures[i].domain, analyser)));
            BinMethod::Fixed([r?, f?, m?])
        }
        _ => {
            let bins = expr::bins(fields::text(node, analyser.out)?, analyser.out)?;
            let count = bins.value.count as usize;
            if !(2..=MOST_BINS).contains(&count) {
                analyser.out_of_range(
                    bins.span,
                    format!("{count} bins are not possible"),
                    "2 to 9 bins fit one digit of the RFM code",
                );
                return None;
            }
            BinMethod::Computed { count, by: bins.value.by, nested: bins.value.nested }
        }
    };
    Some(Binning { metrics: measures, fields: measures.map(|m| analyser.field_of_slot(m.slot)), method: rule })
}

fn compile_fixed_edges(node: &Node, domain: Domain, analyser: &mut Analyser) -> Option<Vec<Bound>> {
    let mut edges: Vec<(i128, Bound)> = Vec::new();
    for item in &fields::sequence(node, analyser.out)?.items {
        let number = expr::number(fields::text(item, analyser.out)?, analyser.out)?;
        let Some((floor, _)) = domain.nearest_keys(&Literal::Number(number.value)) else {
            analyser.out.push(Diagnostic::new(Code::E0404, "the edge does not fit the measure").at(item.span()));
            return None;
        };
        if edges.last().is_some_and(|(before, _)| *before >= floor) {
            analyser.out_of_range(item.span(), "the edges must ascend", "write the smallest edge first");
            return None;
        }
        let number = number.value.normalize();
        let bound = match domain {
            Domain::Exact { .. } => Bound::ratio(number.mantissa(), 10i128.pow(number.scale())),
            Domain::Float(_) => Bound::of_key(domain, floor),
        };
        edges.push((floor, bound));
    }
    if edges.is_empty() || edges.len() >= MOST_BINS {
        analyser.out_of_range(
            node.span(),
            "one to eight edges make two to nine bins",
            "write the upper end of every bin but the last",
        );
        return None;
    }
    Some(edges.into_iter().map(|(_, bound)| bound).collect())
}

impl Binning {
    /// The number of bins of each measure.
    pub(super) fn counts(&self) -> [i64; 3] {
        let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match &self.method {
            BinMethod::Computed { count, .. } => [size(*count); 3],
            BinMethod::Fixed(edges) => [0, 1, 2].map(|i| size(edges[i].len() + 1)),
        }
    }

    pub(super) fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<CutOffs, Diagnostics> {
        let rule = population.context.rule;
        let columns = self.columns(population.frame)?;
        let keys = self.keys(&columns, rule)?;
        let scored: Vec<usize> =
            (0..population.frame.rows).filter(|row| keys.iter().all(|k| k.get(*row).is_some())).collect();
        let mut cut_offs = CutOffs::default();
        match &self.method {
            BinMethod::Fixed(edges) => {
                for (measure, edges) in self.metrics.iter().zip(edges) {
                    cut_offs.0.insert(measure.name.to_owned(), edges.iter().cloned().map(Edge::Value).collect());
                }
            }
            BinMethod::Computed { count, by, nested } => {
                if scored.len() < *count {
                    let message = format!("`{rule}`: {} customers to score, fewer than {count} bins", scored.len());
                    out.push(Diagnostic::new(Code::W0705, message));
                }
                let customers = accolade_core::frame::column(population.frame, 0)?;
                let edges = |which: usize, rows: &[usize]| self.edges(which, rows, &keys, customers, *count, *by);
                if *nested {
                    self.add_nested_edges(&scored, &columns, customers, &edges, &mut cut_offs, rule)?;
                } else {
                    for (which, measure) in self.metrics.iter().enumerate() {
                        cut_offs.0.insert(measure.name.to_owned(), edges(which, &scored));
                    }
                }
            }
        }
        if !scored.is_empty() {
            self.report_empty(population, &cut_offs, &scored, out)?;
        }
        Ok(cut_offs)
    }

    /// Adds the edges of frequency within each recency score, and of monetary value within each pair.
    fn add_nested_edges(
        &self,
        scored: &[usize],
        columns: &[ArrayRef; 3],
        customers: &ArrayRef,
        edges: &dyn Fn(usize, &[usize]) -> Vec<Edge>,
        cut_offs: &mut CutOffs,
        rule: &str,
    ) -> Result<(), Diagnostics> {
        let count = self.counts()[0];
        cut_offs.0.insert("recency".to_owned(), edges(0, scored));
        let split =
            |which: usize, list: &str, rows: &[usize], cut_offs: &CutOffs| -> Result<Vec<Vec<usize>>, Diagnostics> {
                let scorer = self.scorer(which, list, cut_offs, rule)?;
                let mut parts = vec![Vec::new(); usize::try_from(count).unwrap_or(0)];
                for row in rows {
                    let score = scorer.score_value(&value_at(&columns[which], *row), &value_at(customers, *row));
                    if let Some(part) = score.and_then(|s| usize::try_from(s - 1).ok()).and_then(|s| parts.get_mut(s)) {
                        part.push(*row);
                    }
                }
                Ok(parts)
            };
        for (r, by_recency) in (1..).zip(split(0, "recency", scored, cut_offs)?) {
            let list = format!("frequency[r={r}]");
            cut_offs.0.insert(list.clone(), edges(1, &by_recency));
            for (f, by_both) in (1..).zip(split(1, &list, &by_recency, cut_offs)?) {
                cut_offs.0.insert(format!("monetary[r={r},f={f}]"), edges(2, &by_both));
            }
        }
        Ok(())
    }

    fn edges(
        &self,
        which: usize,
        rows: &[usize],
        keys: &[KeyColumn; 3],
        customers: &ArrayRef,
        count: usize,
        by: BinRule,
    ) -> Vec<Edge> {
        let domain = self.metrics[which].domain;
        match by {
            BinRule::Value | BinRule::RPackage => {
                let values = rows.iter().filter_map(|row| keys[which].get(*row));
                let edges = quantile::bin_edges(values, count, domain).into_iter();
                // The R package adds one to each quantile.
                edges.map(|e| Edge::Value(if by == BinRule::RPackage { plus_one(&e) } else { e })).collect()
            }
            BinRule::Rank => {
                // Rows are in order of the customer's key, so the row number breaks ties as the key does.
                let mut values: Vec<(i128, usize)> =
                    rows.iter().filter_map(|row| Some((keys[which].get(*row)?, *row))).collect();
                values.sort_unstable();
                let Some(last) = values.len().checked_sub(1) else { return Vec::new() };
                (1..count)
                    .map(|i| {
                        let (key, row) = values[last * i / count];
                        let customer = accolade_core::show::value(&value_at(customers, row));
                        Edge::Record { value: Bound::of_key(domain, key), customer }
                    })
                    .collect()
            }
        }
    }

    fn columns(&self, frame: &accolade_core::frame::Frame) -> Result<[ArrayRef; 3], Diagnostics> {
        let [r, f, m] = self.metrics.map(|measure| column(frame, measure.slot).cloned());
        Ok([r?, f?, m?])
    }

    fn keys<'c>(&self, columns: &'c [ArrayRef; 3], rule: &str) -> Result<[KeyColumn<'c>; 3], Diagnostics> {
        match [0, 1, 2].map(|i| KeyColumn::of(&columns[i])) {
            [Some(r), Some(f), Some(m)] => Ok([r, f, m]),
            _ => Err(unfit(rule, "need numeric measures")),
        }
    }

    fn bin_rule(&self) -> BinRule {
        match &self.method {
            BinMethod::Computed { by, .. } => *by,
            BinMethod::Fixed(_) => BinRule::Value,
        }
    }

    fn nested(&self) -> bool {
        matches!(self.method, BinMethod::Computed { nested: true, .. })
    }

    fn scorer(&self, which: usize, list: &str, cut_offs: &CutOffs, rule: &str) -> Result<Scorer, Diagnostics> {
        let Some(edges) = cut_offs.0.get(list) else { return Err(unfit(rule, &format!("have no `{list}`"))) };
        let bins = self.counts()[which];
        if !edges.is_empty() && i64::try_from(edges.len() + 1) != Ok(bins) {
            return Err(unfit(rule, &format!("have {} edges of `{list}` for {bins} bins", edges.len())));
        }
        let domain = self.metrics[which].domain;
        let thresholds: Option<Vec<Threshold>> =
            edges.iter().map(|edge| Threshold::new(edge, domain, self.bin_rule())).collect();
        match thresholds {
            Some(thresholds) => Ok(Scorer { thresholds, domain, bins, reversed: which == 0 }),
            None => Err(unfit(rule, &format!("have an edge of `{list}` that is out of range"))),
        }
    }

    /// The scorers of all measures under these cut-offs.
    pub(super) fn scorers(&self, cut_offs: &CutOffs, rule: &str) -> Result<Scorers, Diagnostics> {
        let one = |which, list: &str| self.scorer(which, list, cut_offs, rule);
        let recency = one(0, "recency")?;
        if !self.nested() {
            return Ok(Scorers {
                recency,
                frequency: vec![one(1, "frequency")?],
                monetary: vec![one(2, "monetary")?],
                bins: None,
            });
        }
        let bins = self.counts()[0];
        let frequency = (1..=bins).map(|r| one(1, &format!("frequency[r={r}]"))).collect::<Result<_, _>>()?;
        let pairs = (1..=bins).flat_map(|r| (1..=bins).map(move |f| (r, f)));
        let monetary = pairs.map(|(r, f)| one(2, &format!("monetary[r={r},f={f}]"))).collect::<Result<_, _>>()?;
        Ok(Scorers { recency, frequency, monetary, bins: Some(bins) })
    }

    pub(super) fn score_batch(
        &self,
        batch: &Customers,
        cut_offs: &CutOffs,
    ) -> Result<Vec<Option<Scores>>, Diagnostics> {
        let scorers = self.scorers(cut_offs, batch.context.rule)?;
        let columns = self.columns(batch.frame)?;
        let keys = self.keys(&columns, batch.context.rule)?;
        let customers = column(batch.frame, 0)?;
        let by_rank = self.bin_rule() == BinRule::Rank;
        let score = |row: usize| {
            let keys = [keys[0].get(row)?, keys[1].get(row)?, keys[2].get(row)?];
            // Only edges by rank compare the customer's key.
            let customer = if by_rank { value_at(customers, row) } else { Value::Null };
            Some(scorers.scores(keys, &customer))
        };
        Ok((0..batch.frame.rows).map(score).collect())
    }

    pub(super) fn score_row(&self, record: &[Value], scorers: &Scorers) -> Option<Scores> {
        let keys = self.metrics.map(|m| record.get(m.slot).and_then(|v| m.domain.key(v)));
        let [Some(r), Some(f), Some(m)] = keys else { return None };
        Some(scorers.scores([r, f, m], record.first().unwrap_or(&Value::Null)))
    }

    /// The fields that are measured.
    pub(super) fn reads(&self) -> Vec<SlotId> {
        self.metrics.iter().map(|m| m.slot).collect()
    }

    /// The bin each measure of a record falls in, with its ends.
    pub(super) fn explain(&self, record: &[Value], scores: &Scores, cut_offs: &CutOffs) -> Vec<Reason> {
        let lists = if self.nested() {
            let [r, f, _] = *scores;
            ["recency".to_owned(), format!("frequency[r={r}]"), format!("monetary[r={r},f={f}]")]
        } else {
            ["recency", "frequency", "monetary"].map(str::to_owned)
        };
        (0..3)
            .map(|i| {
                let bin = if i == 0 { self.counts()[0] + 1 - scores[0] } else { scores[i] };
                let edges = cut_offs.get(&lists[i]);
                let at = |index: i64| usize::try_from(index).ok().and_then(|index| edges.get(index));
                let (below, above) = match self.bin_rule() {
                    BinRule::RPackage => (">=", "<"),
                    BinRule::Value | BinRule::Rank => (">", "<="),
                };
                let name = &self.fields[i].name;
                let end = |edge: &Edge, sign: &str| match edge {
                    Edge::Value(bound) => format!("{name} {sign} {bound}"),
                    Edge::Record { value, customer } => format!("({name}, key) {sign} ({value}, {customer})"),
                };
                let ends: Vec<String> = [at(bin - 2).map(|e| end(e, below)), at(bin - 1).map(|e| end(e, above))]
                    .into_iter()
                    .flatten()
                    .collect();
                let subject = format!("{} = {}", ["r", "f", "m"][i], scores[i]);
                let test = SourceText::without_span(ends.join(" and "));
                Reason::new(subject, vec![self.fields[i].of(record)], test, Verdict::Holds)
            })
            .collect()
    }

    /// How the scores respond to a changed field: constant between the edges.
    pub(super) fn response(&self, cut_offs: &CutOffs, changeable: &ChangeableField) -> Option<Response> {
        let scorers = self.scorers(cut_offs, "").ok()?;
        let of = |scorers: &[Scorer], which: usize| {
            // An edge by rank is at this value or right after it, by the key of the customer.
            let ends = scorers.iter().flat_map(|s| s.thresholds.iter()).flat_map(|t| [t.key, t.key + 1]);
            changeable.threshold_response(self.metrics[which].slot, &ends.collect::<Vec<i128>>())
        };
        let recency = of(std::slice::from_ref(&scorers.recency), 0)?;
        recency.both_constant(&of(&scorers.frequency, 1)?)?.both_constant(&of(&scorers.monetary, 2)?)
    }

    fn report_empty(
        &self,
        population: &Customers,
        cut_offs: &CutOffs,
        scored: &[usize],
        out: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let scorers = self.scorers(cut_offs, population.context.rule)?;
        let columns = self.columns(population.frame)?;
        let keys = self.keys(&columns, population.context.rule)?;
        let customers = column(population.frame, 0)?;
        let (counts, by_rank) = (self.counts(), self.bin_rule() == BinRule::Rank);
        let look = |rows: &[usize]| {
            let mut seen = [[false; MOST_BINS + 1]; 3];
            let mut left: i64 = counts.iter().sum();
            for row in rows {
                let [Some(r), Some(f), Some(m)] = [0, 1, 2].map(|i| keys[i].get(*row)) else { continue };
                let customer = if by_rank { value_at(customers, *row) } else { Value::Null };
                let scores = scorers.scores([r, f, m], &customer);
                for (seen, score) in seen.iter_mut().zip(scores) {
                    let seen = &mut seen[usize::try_from(score).unwrap_or(0)];
                    left -= i64::from(!std::mem::replace(seen, true));
                }
                // Usually a few rows are enough to see every bin.
                if left == 0 {
                    break;
                }
            }
            seen
        };
        let (left, right) = scored.split_at(scored.len() / 2);
        let (left, right) = std::thread::scope(|scope| {
            let other = scope.spawn(|| look(right));
            (look(left), other.join().unwrap_or([[false; MOST_BINS + 1]; 3]))
        });
        for (i, measure) in self.metrics.iter().enumerate() {
            let bins = counts[i];
            let seen: Vec<bool> = left[i].iter().zip(right[i]).map(|(a, b)| *a || b).collect();
            let empty: Vec<String> =
                (1..=bins).filter(|b| !seen[usize::try_from(*b).unwrap_or(0)]).map(|b| b.to_string()).collect();
            if !empty.is_empty() {
                let (scores, list) = (plural(empty.len(), "score"), empty.join(", "));
                let message = format!("`{}`: nobody has the {} {scores} {list}", population.context.rule, measure.name);
                out.push(
                    Diagnostic::new(Code::W0703, message)
                        .help("many customers share a value; fewer bins or fixed edges spread them better"),
                );
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(super) struct Scorers {
    recency: Scorer,
    /// One, or one for each recency score.
    frequency: Vec<Scorer>,
    /// One, or one for each pair of recency and frequency scores.
    monetary: Vec<Scorer>,
    /// The number of bins if they are nested.
    bins: Option<i64>,
}

impl Scorers {
    fn scores(&self, [r, f, m]: [i128; 3], customer: &Value) -> Scores {
        let recency = self.recency.score(r, customer);
        let within = |index: i64| usize::try_from(index).unwrap_or(0);
        let frequency = self.frequency[self.bins.map_or(0, |_| within(recency - 1))].score(f, customer);
        let pair = self.bins.map_or(0, |bins| within((recency - 1) * bins + frequency - 1));
        [recency, frequency, self.monetary[pair].score(m, customer)]
    }
}

#[derive(Debug)]
struct Scorer {
    thresholds: Vec<Threshold>,
    domain: Domain,
    bins: i64,
    reversed: bool,
}

/// A value is beyond a threshold when its key is above, or equal and the customer's key is above.
#[derive(Debug)]
struct Threshold {
    key: i128,
    customer: Option<String>,
}

impl Threshold {
    fn new(edge: &Edge, domain: Domain, by: BinRule) -> Option<Threshold> {
        let key = match by {
            // Bins are right-closed: a value passes the edge if it is above it.
            BinRule::Value | BinRule::Rank => edge.bound().floor_key(domain)?,
            // Bins are left-closed: a value passes the edge if it is at it or above.
            BinRule::RPackage => edge.bound().ceiling_key(domain)? - 1,
        };
        let customer = match edge {
            Edge::Record { customer, .. } => Some(customer.clone()),
            Edge::Value(_) => None,
        };
        Some(Threshold { key, customer })
    }

    fn is_passed(&self, key: i128, customer: &Value) -> bool {
        match (key.cmp(&self.key), &self.customer) {
            (Ordering::Equal, Some(boundary)) => match customer {
                Value::Text(text) => text.as_ref() > boundary.as_str(),
                Value::Integer(number) => boundary.parse().is_ok_and(|b: i64| *number > b),
                _ => false,
            },
            (order, _) => order == Ordering::Greater,
        }
    }
}

fn plus_one(bound: &Bound) -> Bound {
    match bound {
        Bound::Exact { numerator, denominator } => Bound::ratio(numerator + denominator, *denominator),
        Bound::Float(value) => Bound::Float(value + 1.0),
    }
}

impl Scorer {
    fn score_value(&self, value: &Value, customer: &Value) -> Option<i64> {
        Some(self.score(self.domain.key(value)?, customer))
    }

    fn score(&self, key: i128, customer: &Value) -> i64 {
        let passed = self.thresholds.iter().filter(|t| t.is_passed(key, customer)).count();
        let bin = i64::try_from(passed).unwrap_or(0) + 1;
        if self.reversed { self.bins + 1 - bin } else { bin }
    }
}
