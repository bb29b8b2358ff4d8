//! RFM: recency, frequency and monetary value, each as a score, and the segments they make.
//!
//! Source of the method: Hughes, "Strategic Database Marketing" (1994); quantiles are type 7, see
//! [`quantile`](accolade_rules::thresholds::quantile). Recency is days since the last order, so less is better and its
//! scores are turned.

mod bins;
mod describe;
mod heat;
mod sql;
mod standard;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Int64Type;

use self::bins::{Binning, Measure, Scores};
use super::labels;
use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Local, Shape};
use accolade_rules::decision::{DecisionList, Hit, ListSpec};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;

const HITS: &[&str] = &["unique", "first"];

pub(super) static KIND: Kind = Kind {
    name: "rfm",
    summary: "scores recency, frequency and monetary value and names segments of the scores",
    keys: &[
        Key::required("recency", Shape::EXPRESSION, "days since the last order; less is better"),
        Key::required("frequency", Shape::EXPRESSION, "number of orders"),
        Key::required("monetary", Shape::EXPRESSION, "amount spent"),
        Key::required(
            "bins",
            bins::SHAPE,
            "`5 by value`, `5 by rank`, `5 by r_package`, each optionally `nested`; or fixed edges per measure",
        ),
        Key::optional(
            "segments",
            Shape::Either(&[Shape::Word(&["standard"]), Shape::CONDITIONS]),
            "`standard`, or name: condition over r, f and m",
        ),
        Key::optional(
            "hit",
            Shape::Word(HITS),
            "`unique` (default): segments must not overlap; `first`: the first that holds wins",
        ),
    ],
    compile,
};

#[derive(Debug)]
struct Rfm {
    binning: Binning,
    segments: Option<DecisionList>,
}

/// The fields of a segment's condition.
fn locals() -> [Local; 3] {
    ["r", "f", "m"].map(|name| Local { name, ty: Type::Integer })
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let measure = |key: &'static str, analyser: &mut Analyser| {
        let node = parameters.required(key, analyser.out)?;
        analyser.numeric_operand(node).map(|(slot, domain)| Measure { name: key, slot, domain })
    };
    let recency = measure("recency", analyser);
    let frequency = measure("frequency", analyser);
    let monetary = measure("monetary", analyser);
    let bins_node = parameters.required("bins", analyser.out);
    let measures = [recency?, frequency?, monetary?];
    let binning = bins::binning(bins_node?, measures, analyser)?;
    let hit = match parameters.optional("hit") {
        Some(node) => fields::choice(node, HITS, analyser.out)?.value,
        None => 0,
    };
    let segments = match parameters.optional("segments") {
        None => None,
        Some(Node::Mapping(mapping)) => {
            let counts = binning.counts();
            let domains = counts.map(|n| (1..=n).map(Value::Integer).collect::<Vec<_>>());
            let spec = ListSpec {
                what: "segment",
                hit: if hit == 0 { Hit::Unique } else { Hit::First },
                locals: Some((&locals(), &domains)),
            };
            Some(DecisionList::compile(mapping, &spec, analyser)?)
        }
        Some(node) => {
            fields::choice(node, &["standard"], analyser.out)?;
            if binning.counts() != [5, 5, 5] {
                analyser.out.push(
                    Diagnostic::new(Code("E0508"), "the standard segments are defined for 5 bins")
                        .at(node.span())
                        .help("use `bins: 5 by value`, or write the segments yourself"),
                );
                return None;
            }
            Some(standard::list())
        }
    };
    Some(Box::new(Rfm { binning, segments }))
}

impl CompiledRule for Rfm {
    fn outputs(&self) -> Vec<Output> {
        let mut outputs = Vec::new();
        if let Some(segments) = &self.segments {
            outputs.push(Output::label("segment", segments.labels().to_vec(), true));
        }
        outputs.extend(["code", "r", "f", "m"].map(|part| Output::new(part, Type::Integer)));
        outputs
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let cut_offs = self.binning.calibrate(population, out)?;
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let scores = self.binning.score_batch(batch, cut_offs)?;
        let mut columns: Vec<ArrayRef> = Vec::new();
        if let Some(segments) = &self.segments {
            // There are few codes and many customers: each code is decided once.
            let counts = self.binning.counts();
            let table = cells(counts, |scores| segments.decide_row(&values(scores), &batch.context));
            let index = |scores: &Scores| table[cell(counts, scores)];
            columns.push(labels::column(segments.labels(), scores.iter().map(|s| s.as_ref().and_then(index))));
        }
        let mut integers = |part: fn(&Scores) -> i64| {
            let column: Int64Array = scores.iter().map(|s| s.as_ref().map(part)).collect();
            columns.push(std::sync::Arc::new(column));
        };
        integers(code);
        integers(|s| s[0]);
        integers(|s| s[1]);
        integers(|s| s[2]);
        Ok(columns)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::of(self.binning.scorers(cut_offs, name)?))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let scores = self.binning.score_row(record, prepared.made(context.rule)?);
        let mut values_of_row = Vec::with_capacity(5);
        if let Some(segments) = &self.segments {
            let index = scores.as_ref().and_then(|s| segments.decide_row(&values(s), context));
            values_of_row.push(segments.labels().value(index));
        }
        let integer = |part: fn(&Scores) -> i64| scores.as_ref().map_or(Value::Null, |s| Value::Integer(part(s)));
        values_of_row.extend([integer(code), integer(|s| s[0]), integer(|s| s[1]), integer(|s| s[2])]);
        Ok(values_of_row)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.binning.reads()
    }

    fn branches(&self) -> Vec<Branch> {
        let mut branches = match &self.segments {
            Some(segments) => segments.branches("segment"),
            None => {
                self.scores().map(|(letter, score)| Branch::new("score", format!("{letter} = {score}"), None)).collect()
            }
        };
        branches.push(Branch::new("missing value", "no score", None));
        branches
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let scorers = self.binning.scorers(cut_offs, context.rule)?;
        let Some(scores) = self.binning.score_row(record, &scorers) else {
            let test = Written::nowhere("a measure is missing");
            let inputs = self.binning.explain(record, &[1; 3], &CutOffs::default());
            let inputs = inputs.into_iter().flat_map(|r| r.inputs).collect();
            let reasons = vec![Reason::new("no score", inputs, test, Verdict::Holds)];
            return Ok(Derivation { decided_by: None, reasons, reached: vec![self.branches().len() - 1] });
        };
        let mut reasons = self.binning.explain(record, &scores, cut_offs);
        let Some(segments) = &self.segments else {
            let decided_by = Written::nowhere(format!("r = {}, f = {}, m = {}", scores[0], scores[1], scores[2]));
            let met = |(i, (letter, score)): (usize, (&str, i64))| {
                let own = scores[["r", "f", "m"].iter().position(|l| *l == letter)?];
                (own == score).then_some(i)
            };
            let reached = self.scores().enumerate().filter_map(met).collect();
            return Ok(Derivation { decided_by: Some(decided_by), reasons, reached });
        };
        let (tried, chosen) = segments.explain(&values(&scores), context);
        reasons.extend(tried);
        let decided_by = chosen.map(|row| segments.written(row).clone());
        Ok(Derivation { decided_by, reasons, reached: chosen.into_iter().collect() })
    }

    fn course(&self, _: usize, _: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        self.binning.course(cut_offs, lever)
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let counts = self.binning.counts();
        let texts = cells(counts, |s| format!("r = {}, f = {}, m = {}", s[0], s[1], s[2]));
        let scores = &slots[slots.len() - 3..];
        let columns = [0, 1, 2].map(|i| column(batch.frame, scores[i]).map(|c| c.as_primitive::<Int64Type>()));
        let [r, f, m] = columns;
        let (r, f, m) = (r?, f?, m?);
        let index = |row: usize| r.is_valid(row).then(|| cell(counts, &[r.value(row), f.value(row), m.value(row)]));
        Ok(labels::column(&texts, (0..batch.frame.rows).map(index)))
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        match &self.segments {
            Some(segments) => vec![view.groups(segments.labels())],
            None => vec![view.distribution(1..=self.binning.counts()[0])],
        }
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        let first = match &self.segments {
            Some(segments) => view.groups_chart(segments.labels()),
            None => view.distribution_chart(1..=self.binning.counts()[0]),
        };
        let [recency, frequency, _] = self.binning.counts();
        let monetary = self.binning.reads().last().copied();
        std::iter::once(first).chain(heat::charts(view, (recency, frequency), monetary).into_iter().flatten()).collect()
    }
}

impl Rfm {
    /// Every score of every measure.
    fn scores(&self) -> impl Iterator<Item = (&'static str, i64)> {
        ["r", "f", "m"].into_iter().zip(self.binning.counts()).flat_map(|(letter, n)| (1..=n).map(move |s| (letter, s)))
    }
}

fn code(scores: &Scores) -> i64 {
    scores[0] * 100 + scores[1] * 10 + scores[2]
}

fn values(scores: &Scores) -> [Value; 3] {
    scores.map(Value::Integer)
}

fn cell(counts: [i64; 3], scores: &Scores) -> usize {
    let index = ((scores[0] - 1) * counts[1] + scores[1] - 1) * counts[2] + scores[2] - 1;
    usize::try_from(index).unwrap_or(0)
}

/// `of` for every cell, in the order of [`cell`].
fn cells<T>(counts: [i64; 3], of: impl Fn(&Scores) -> T) -> Vec<T> {
    let mut all = Vec::new();
    for r in 1..=counts[0] {
        for f in 1..=counts[1] {
            for m in 1..=counts[2] {
                all.push(of(&[r, f, m]));
            }
        }
    }
    all
}
