//! RFM: recency, frequency and monetary value, each as a score, and the segments they make.
//!
//! Source of the method: Hughes, "Strategic Database Marketing" (1994); quantiles are type 7, see
//! [`quantile`](accolade_rules::thresholds::quantile). Recency is days since the last order, so less is better and its
//! scores are reversed.

mod bins;
mod describe;
mod explain;
mod heat_map;
mod present;
mod rate;
mod sql;
mod standard;

use accolade_core::model::{Type, Value};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic};
use accolade_rules::analysis::{Analyser, Key, LocalField, RuleKind, Shape, WrittenLabel};
use accolade_rules::decision::{DecisionList, HitPolicy, ListSpec};
use accolade_rules::set::CompiledRule;

use self::bins::{Binning, RfmMetric, Scores};

const HITS: &[&str] = &["unique", "first"];

pub(super) static KIND: RuleKind = RuleKind {
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
        )
        .with_entry("segment"),
        Key::optional(
            "hit",
            Shape::Word(HITS),
            "`unique` (default): segments must not overlap; `first`: the first that holds wins",
        ),
    ],
    labels: |parameters| WrittenLabel::below(parameters, "segments"),
    compile,
};

#[derive(Debug)]
struct Rfm {
    binning: Binning,
    segments: Option<DecisionList>,
}

/// The fields of a segment's condition.
fn locals() -> [LocalField; 3] {
    ["r", "f", "m"].map(|name| LocalField { name, ty: Type::Integer })
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let measure = |key: &'static str, analyser: &mut Analyser| {
        let node = parameters.required(key, analyser.out)?;
        analyser.numeric_operand(node).map(|(slot, domain)| RfmMetric { name: key, slot, domain })
    };
    let recency = measure("recency", analyser);
    let frequency = measure("frequency", analyser);
    let monetary = measure("monetary", analyser);
    let bins_node = parameters.required("bins", analyser.out);
    let measures = [recency?, frequency?, monetary?];
    let binning = bins::compile_binning(bins_node?, measures, analyser)?;
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
                hit: if hit == 0 { HitPolicy::Unique } else { HitPolicy::First },
                locals: Some((&locals(), &domains)),
            };
            Some(DecisionList::compile(mapping, &spec, analyser)?)
        }
        Some(node) => {
            fields::choice(node, &["standard"], analyser.out)?;
            if binning.counts() != [5, 5, 5] {
                analyser.out.push(
                    Diagnostic::new(Code::E0508, "the standard segments are defined for 5 bins")
                        .at(node.span())
                        .help("use `bins: 5 by value`, or write the segments yourself"),
                );
                return None;
            }
            Some(standard::standard_segments())
        }
    };
    Some(Box::new(Rfm { binning, segments }))
}

fn rfm_code(scores: &Scores) -> i64 {
    scores[0] * 100 + scores[1] * 10 + scores[2]
}

fn values(scores: &Scores) -> [Value; 3] {
    scores.map(Value::Integer)
}

fn score_index(counts: [i64; 3], scores: &Scores) -> usize {
    let index = ((scores[0] - 1) * counts[1] + scores[1] - 1) * counts[2] + scores[2] - 1;
    usize::try_from(index).unwrap_or(0)
}

/// `of` for every cell, in the order of [`cell`].
fn map_scores<T>(counts: [i64; 3], of: impl Fn(&Scores) -> T) -> Vec<T> {
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
