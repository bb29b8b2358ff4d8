//! Concentration: how much of a total single customers bring, and how unevenly it is spread over all.
//!
//! A share is of the sum of the positive values. Without `warn_above` a customer of more than 10% counts as one to depend
//! on: the share from which IFRS 8 (2006), paragraph 34, and FASB ASC 280 have companies report a major customer.

mod describe;
mod sql;
mod table;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics, expr};
use arrow::array::ArrayRef;

use self::table::Top;
use super::abc::populations;
use super::labels;
use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys};
use accolade_core::sql::tree::Expr;
use accolade_core::{literals, show};
use accolade_rules::analysis::{Analyser, Key, Kind, Shape};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::labels::Labels;
use accolade_rules::thresholds::ranked::Ranked;

pub(super) static KIND: Kind = Kind {
    name: "concentration",
    summary: "finds the customers on whom much of a total depends, and how evenly it is spread",
    keys: &[
        Key::required("of", Shape::EXPRESSION, "the metric whose total is looked at"),
        Key::optional(
            "top",
            Shape::List(&Shape::NUMBER),
            "numbers or percentages of customers whose share the summary shows, such as `[1, 5, 20%]`",
        ),
        Key::optional(
            "warn_above",
            Shape::NUMBER,
            "the share of the total above which we depend on one customer; `10%` if absent",
        ),
    ],
    compile,
};

/// Shares are held in 10⁻⁸.
const PLACES: i8 = 8;
const ONE: i128 = 100_000_000;

/// The label of a customer whose share is above `warn_above`, which names its cut-off too, and that of all others.
const LABELS: [&str; 2] = ["dependent_on", "spread"];

#[derive(Debug)]
struct Concentration {
    of: Field,
    domain: Domain,
    nullable: bool,
    top: Vec<Top>,
    /// In 10⁻⁸.
    warn_above: i128,
    /// `warn_above` as written.
    written: Written,
    labels: Labels,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let of = parameters.required("of", analyser.out).and_then(|node| analyser.numeric_operand(node));
    let top = match parameters.optional("top") {
        Some(node) => table::top(node, analyser),
        None => Some(Vec::new()),
    };
    let warn_above = match parameters.optional("warn_above") {
        Some(node) => warn_above(node, analyser),
        None => Some((ONE / 10, Written::nowhere("10%"))),
    };
    let ((slot, domain), top, (warn_above, written)) = (of?, top?, warn_above?);
    Some(Box::new(Concentration {
        of: analyser.named(slot),
        domain,
        nullable: analyser.slot(slot).nullable,
        top,
        warn_above,
        written,
        labels: LABELS.map(str::to_owned).into_iter().collect(),
    }))
}

fn warn_above(node: &Node, analyser: &mut Analyser) -> Option<(i128, Written)> {
    let scalar = fields::text(node, analyser.out)?;
    let number = expr::number(scalar, analyser.out)?;
    let share = literals::unscaled(number.value, PLACES).filter(|share| (0..ONE).contains(share));
    if share.is_none() {
        let message = "a share that can be exceeded is at least 0% and less than 100%, with at most six decimals";
        analyser.out_of_range(number.span, message, "write it as `25%`");
    }
    Some((share?, Written::at(scalar.text.trim(), number.span)))
}

impl CompiledRule for Concentration {
    fn outputs(&self) -> Vec<Output> {
        vec![
            Output::label("dependency", self.labels.to_vec(), self.nullable),
            Output::new("share", Type::Percent),
            Output::new("rank", Type::Integer),
        ]
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let (frame, rule) = (population.frame, population.context.rule);
        let Some(ranked) = self.ranked(column(frame, self.of.slot)?, frame.rows) else {
            return Err(unfit(rule, "need a numeric metric"));
        };
        let edge = ranked.least_above(self.warn_above, ONE);
        match edge {
            Some(edge) => out.0.extend(self.warn(&ranked, edge, column(frame, 0)?, rule)),
            None => {
                let message = format!("`{rule}`: no customer has a positive value, so there is no total to share");
                out.push(Diagnostic::new(Code("W0704"), message));
            }
        }
        let edges = edge.map(|key| Edge::Value(Bound::of_key(self.domain, key))).into_iter().collect();
        let [rank, share, _] = ranked.positions(frame.rows);
        Ok(Calibration {
            cut_offs: CutOffs([(LABELS[0].to_owned(), edges)].into_iter().collect()),
            population: vec![share, rank],
        })
    }

    fn rate(&self, batch: &Batch, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = column(batch.frame, self.of.slot)?;
        let edge = self.edge(cut_offs, batch.context.rule)?;
        let Some(keys) = Keys::of(values) else { return Err(unfit(batch.context.rule, "need a numeric metric")) };
        let labels = (0..batch.frame.rows).map(|row| label(keys.get(row), edge));
        Ok(vec![labels::column(&self.labels, labels)])
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<Prepared, Diagnostics> {
        Ok(Prepared::of(self.edge(cut_offs, name)?))
    }

    fn rate_row(&self, record: &[Value], context: &Context, prepared: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let edge: &Option<i128> = prepared.made(context.rule)?;
        Ok(vec![self.labels.value(label(self.key(record), *edge))])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.of.slot]
    }

    fn branches(&self) -> Vec<Branch> {
        let spans = [self.written.span, None];
        let mut branches: Vec<Branch> =
            LABELS.iter().zip(spans).map(|(label, span)| Branch::new("dependency", *label, span)).collect();
        if self.nullable {
            branches.push(Branch::new("missing value", "no label", None));
        }
        branches
    }

    fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let of = |keys: Vec<i128>| keys.into_iter().map(|key| vec![(self.of.slot, self.domain.value(key))]).collect();
        populations::at_share(self.warn_above, 1, self.domain).into_iter().map(of).collect()
    }

    fn explain(&self, record: &[Value], context: &Context, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let edge = self.edge(cut_offs, context.rule)?;
        let inputs = vec![self.of.of(record)];
        let tests = self.tests(edge);
        let Some(chosen) = label(self.key(record), edge) else {
            let reason = Reason::new(LABELS[0], inputs, Written::nowhere(tests[0].clone()), Verdict::Unknown);
            return Ok(Derivation { decided_by: None, reasons: vec![reason], reached: vec![LABELS.len()] });
        };
        let reason = |i: usize| {
            let test = Written { text: tests[i].clone(), span: self.written.span.filter(|_| i == 0) };
            Reason::new(LABELS[i], inputs.clone(), test, Verdict::known(i == chosen))
        };
        let decided_by = if chosen == 0 {
            Written { text: format!("above {}", self.written.text), span: self.written.span }
        } else {
            Written::nowhere(tests[chosen].clone())
        };
        let reasons = (0..=chosen).map(reason).collect();
        Ok(Derivation { decided_by: Some(decided_by), reasons, reached: vec![chosen] })
    }

    fn course(&self, output: usize, _: &[SlotId], cut_offs: &CutOffs, lever: &Lever) -> Option<Course> {
        if output > 0 {
            // Ranks and shares need the population, so they stay as they are.
            return Some(lever.constant());
        }
        let edge = self.edge(cut_offs, "").ok()?;
        lever.reached(self.of.slot, edge.as_slice())
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let tests = self.tests(self.edge(cut_offs, batch.context.rule)?);
        labels::why(batch, slots[0], &self.labels, &tests)
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        let values = view.frame.column(self.of.slot);
        let ranked = values.and_then(|values| self.ranked(values, view.frame.rows));
        ranked.map_or_else(Vec::new, |ranked| {
            vec![table::pareto(view.rule, &self.of.name, &ranked, &self.top), table::figures(view.rule, &ranked)]
        })
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        let values = view.frame.column(self.of.slot);
        let ranked = values.and_then(|values| self.ranked(values, view.frame.rows));
        let curve = ranked.and_then(|ranked| view.curve_chart(&self.of.name, &ranked, Vec::new()));
        curve.into_iter().collect()
    }
}

/// The index of a customer's label; none for a missing metric.
fn label(key: Option<i128>, edge: Option<i128>) -> Option<usize> {
    key.map(|key| usize::from(edge.is_none_or(|edge| key < edge)))
}

impl Concentration {
    fn key(&self, record: &[Value]) -> Option<i128> {
        record.get(self.of.slot).and_then(|value| self.domain.key(value))
    }

    fn ranked(&self, values: &ArrayRef, rows: usize) -> Option<Ranked> {
        Some(Ranked::new(&Keys::of(values)?, rows, self.domain))
    }

    /// The least key whose share is above `warn_above`; none where there is no total.
    fn edge(&self, cut_offs: &CutOffs, rule: &str) -> Result<Option<i128>, Diagnostics> {
        match cut_offs.0.get(LABELS[0]).map(Vec::as_slice) {
            Some([]) => Ok(None),
            Some([edge]) => match edge.bound().ceiling_key(self.domain) {
                Some(key) => Ok(Some(key)),
                None => Err(unfit(rule, &format!("have a value for `{}` that is out of range", LABELS[0]))),
            },
            _ => Err(unfit(rule, &format!("have no value for `{}`", LABELS[0]))),
        }
    }

    /// What each label comes down to under these cut-offs.
    fn tests(&self, edge: Option<i128>) -> Vec<String> {
        let name = &self.of.name;
        match edge.map(|key| show::value(&self.domain.value(key))) {
            Some(edge) => vec![format!("{name} >= {edge}"), format!("{name} < {edge}")],
            None => vec!["nobody".to_owned(), "there is no total".to_owned()],
        }
    }

    /// The customers on whom much depends, largest first.
    fn warn(&self, ranked: &Ranked, edge: i128, customers: &ArrayRef, rule: &str) -> Option<Diagnostic> {
        let mut above: Vec<_> = ranked.order.iter().take_while(|c| c.key >= edge).collect();
        above.sort_unstable_by_key(|c| (std::cmp::Reverse(c.key), c.row));
        let percent = |key: i128| format!("{:.1}%", ranked.amount(key) as f64 / ranked.total as f64 * 100.0);
        let name = |row: u32| show::value(&accolade_core::frame::value_at(customers, row as usize));
        let (first, others) = above.split_first()?;
        let more = others.iter().take(2).map(|c| format!(", `{}` {}", name(c.row), percent(c.key)));
        let more: String = more.collect();
        let rest = if others.len() > 2 { format!(" and {} more customers", others.len() - 2) } else { String::new() };
        let message = format!(
            "`{rule}`: `{}` alone brings {} of {}{more}{rest}",
            name(first.row),
            percent(first.key),
            self.of.name
        );
        let help = format!(
            "losing one that brings more than {} would be felt; `warn_above` sets that share",
            self.written.text
        );
        Some(Diagnostic::new(Code("W0713"), message).help(help))
    }
}
