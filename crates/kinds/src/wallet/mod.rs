//! Share of wallet: what a customer buys from us out of all that it spends on what we sell, and what is left to win.
//!
//! The share is compared with the classes as the exact quotient of the two amounts.

mod describe;
mod shares;
mod sql;

use std::sync::Arc;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::{ArrayRef, BooleanArray};

use self::shares::Shares;
use super::labels;
use accolade_core::frame::{array_of, column};
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, Keys};
use accolade_core::numbers::interval::ALL;
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Shape};
use accolade_rules::decision::stretches::Stretches;
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Input, Reason, Trend, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, named, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;
use accolade_rules::thresholds::labels::Labels;

pub(super) static KIND: Kind = Kind {
    name: "wallet",
    summary: "classes customers by our share of what they spend",
    keys: &[
        Key::required("own", Shape::EXPRESSION, "what a customer buys from us"),
        Key::required("spend", Shape::EXPRESSION, "all that it spends on what we sell, ours included"),
        Key::required("classes", Shape::PATTERNS, "label: stretch of the share, such as `< 30%`; or `rest`"),
        Key::optional(
            "none",
            Shape::Text,
            "label where the spend is not above zero or an amount is missing; `none` if absent",
        ),
    ],
    compile,
};

#[derive(Debug)]
struct Wallet {
    shares: Shares,
    classes: Stretches,
    /// The classes' labels and, last, the label of customers without a share.
    labels: Labels,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let own_node = parameters.required("own", analyser.out);
    let spend_node = parameters.required("spend", analyser.out);
    let classes_node = parameters.required("classes", analyser.out);
    let own = own_node.and_then(|node| analyser.numeric_operand(node));
    let spend = spend_node.and_then(|node| analyser.numeric_operand(node));
    let mapping = classes_node.and_then(|node| fields::mapping(node, analyser.out));
    let none = match parameters.optional("none") {
        Some(node) => fields::text(node, analyser.out)?.text.clone(),
        None => "none".to_owned(),
    };
    let classes = mapping
        .and_then(|mapping| Stretches::compile(mapping, Domain::of(Type::Score)?, ALL, "class", "share", analyser));
    let ((own, domain), (spend, _)) = (own?, spend?);
    let types = [own, spend].map(|slot| analyser.type_of(slot));
    if types[0] != types[1] || !matches!(types[0], Type::Money | Type::Integer | Type::Number) {
        let message = format!("a share needs two amounts of one type, not {} and {}", types[0], types[1]);
        let mut diagnostic = Diagnostic::new(Code("E0406"), message).at(spend_node.map_or(rule.name.span, Node::span));
        if let Some(node) = own_node {
            diagnostic = diagnostic.label(node.span(), format!("this is {}", types[0]));
        }
        analyser.out.push(diagnostic.help("both are money, both integers or both numbers"));
        return None;
    }
    let classes = classes?;
    if let Some(index) = classes.labels.iter().position(|label| *label == none) {
        let help = "write `none: LABEL` with a label for customers without a share of wallet";
        let message = format!("`{none}` is already a class");
        analyser.out.push(Diagnostic::new(Code("E0302"), message).at(classes.spans[index]).help(help));
        return None;
    }
    let labels = classes.labels.iter().cloned().chain([none]).collect();
    let shares = Shares { own: analyser.named(own), spend: analyser.named(spend), domain };
    Some(Box::new(Wallet { shares, classes, labels }))
}

impl CompiledRule for Wallet {
    fn outputs(&self) -> Vec<Output> {
        vec![
            Output::label("class", self.labels.to_vec(), false),
            Output::new("share", Type::Percent),
            Output::new("gap", self.shares.own.ty),
            Output::new("over", Type::Boolean),
        ]
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let rows = self.pairs(population.frame.rows, population.frame, population.context.rule)?;
        let over: Vec<usize> =
            (0..rows.len()).filter(|row| rows[*row].is_some_and(|(own, spend)| own > spend)).collect();
        if !over.is_empty() {
            let (Shares { own, spend, .. }, rule) = (&self.shares, population.context.rule);
            let who = match over.len() {
                1 => "1 customer buys more from us than it is said to spend".to_owned(),
                n => format!("{n} customers buy more from us than they are said to spend"),
            };
            let named = named(column(population.frame, 0)?, &over);
            let help = format!(
                "look where `{}` comes from and whether it spans the same time as `{}`: the share and what is left to win are wrong there",
                spend.name, own.name
            );
            out.push(Diagnostic::new(Code("W0712"), format!("`{rule}`: {who}: {named}")).help(help));
        }
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.pairs(batch.frame.rows, batch.frame, batch.context.rule)?;
        let ty = self.shares.own.ty;
        Ok(vec![
            labels::column(&self.labels, rows.iter().map(|pair| Some(self.class(*pair)))),
            array_of(Type::Percent, rows.iter().map(|pair| self.shares.share(*pair))),
            array_of(ty, rows.iter().map(|pair| self.shares.gap(*pair))),
            Arc::new(rows.iter().map(|pair| pair.map(|(own, spend)| own > spend)).collect::<BooleanArray>()),
        ])
    }

    fn rate_row(&self, record: &[Value], _: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let pair = self.shares.of(record);
        Ok(vec![
            self.labels.value(Some(self.class(pair))),
            self.shares.share(pair),
            self.shares.gap(pair),
            pair.map_or(Value::Null, |(own, spend)| Value::Boolean(own > spend)),
        ])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.shares.own.slot, self.shares.spend.slot]
    }

    fn branches(&self) -> Vec<Branch> {
        let none = self.labels.last().cloned().unwrap_or_default();
        self.classes.branches("class").into_iter().chain([Branch::new("class", none, None)]).collect()
    }

    fn probes(&self) -> Vec<Vec<(SlotId, Value)>> {
        self.shares.probes(&self.classes.boundaries())
    }

    fn explain(&self, record: &[Value], _: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let Shares { own, spend, domain } = &self.shares;
        let inputs = vec![own.of(record), spend.of(record)];
        let pair = self.shares.of(record);
        let class = self.class(pair);
        let Some(key) = pair.and_then(|(own, spend)| accolade_core::numbers::share::score_of(own, spend, *domain))
        else {
            let test = Written::nowhere(self.without());
            let reason = Reason::new(self.labels[class].clone(), inputs, test.clone(), Verdict::Holds);
            return Ok(Derivation { decided_by: Some(test), reasons: vec![reason], reached: vec![class] });
        };
        let test = Written::nowhere(format!("{} / {}", own.name, spend.name));
        let mut reasons = vec![Reason::new("share of wallet", inputs, test, Verdict::Holds)];
        let share = Input { name: "share".to_owned(), ty: Type::Percent, value: self.shares.share(pair) };
        reasons.extend(self.classes.explain(&share, key));
        Ok(Derivation { decided_by: Some(self.classes.written(class)), reasons, reached: vec![class] })
    }

    fn course(&self, output: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        let still = |course: Course| course.map(|_, _| Trend::Constant);
        match output {
            0 => self.shares.crossing(lever, &self.classes.boundaries()).map(still),
            1 => self.shares.share_course(lever),
            2 => self.shares.gap_course(lever),
            _ => self.shares.over_course(lever).map(still),
        }
    }

    fn why(&self, batch: &Batch, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let written = (0..self.classes.labels.len()).map(|i| format!("share {}", self.classes.written(i).text));
        let reasons: Vec<String> = written.chain([self.without()]).collect();
        labels::why(batch, slots[0], &self.labels, &reasons)
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        vec![view.totals(&self.labels, &[self.shares.own.slot, self.shares.spend.slot, view.slots[2]])]
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        vec![view.groups_chart(&self.labels)]
    }
}

impl Wallet {
    /// The index of the label of own amount and spend.
    fn class(&self, pair: Option<(i128, i128)>) -> usize {
        let share =
            pair.and_then(|(own, spend)| accolade_core::numbers::share::score_of(own, spend, self.shares.domain));
        share.and_then(|share| self.classes.of(share)).unwrap_or(self.labels.len() - 1)
    }

    /// Why a customer has no share.
    fn without(&self) -> String {
        format!(
            "{} or {} is missing, or {} is not above zero",
            self.shares.own.name, self.shares.spend.name, self.shares.spend.name
        )
    }

    fn pairs(
        &self,
        rows: usize,
        frame: &accolade_core::frame::Frame,
        rule: &str,
    ) -> Result<Vec<Option<(i128, i128)>>, Diagnostics> {
        let (own, spend) = (column(frame, self.shares.own.slot)?, column(frame, self.shares.spend.slot)?);
        let Some((own, spend)) = Keys::of(own).zip(Keys::of(spend)) else {
            return Err(unfit(rule, "need two amounts"));
        };
        Ok((0..rows).map(|row| shares::pair(own.get(row), spend.get(row))).collect())
    }
}
