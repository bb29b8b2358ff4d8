//! Reads what a case expects.

use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::key::{Key, NameKind, Shape};
use accolade_parser::yaml::node::{Node, Style};
use accolade_parser::{Code, Diagnostic, Name, expr};

use super::SuiteReader;
use crate::suite::{
    CustomerExpectation, Expectations, ExpectedFigure, ExpectedValue, PopulationExpectation, ValueLocation,
};

pub(super) const KEYS: &[Key] = &[
    Key::optional("customers", Shape::MapByLabel(&CUSTOMER), "customer: {field: value}"),
    Key::optional("population", Shape::List(&POPULATION), "comparisons over all customers of the case"),
    Key::optional("measures", FIGURES, "measure: figure, or {group: figure}"),
    Key::optional("programmes", FIGURES, "programme: {figure: value}"),
    Key::optional("goals", FIGURES, "goal: `met`, `not met`, `no data`, or the value of its measure"),
    Key::optional("diagnostics", Shape::List(&Shape::Name(NameKind::Code)), "codes of what is reported"),
];

/// Values by field, and under `decided_by` the deciding row or band by rule or `rule.criterion`.
const CUSTOMER: Shape = Shape::MapByLabel(&Shape::Either(&[Shape::Cell, Shape::MapByLabel(&Shape::Cell)]));

/// A comparison, or `share of METRIC in LABEL …`.
const POPULATION: Shape = Shape::Either(&[Shape::EXPRESSION, Shape::Text]);

/// A figure, or figures by group and name.
const FIGURES: Shape = Shape::MapByLabel(&Shape::Either(&[
    Shape::Cell,
    Shape::MapByLabel(&Shape::Either(&[Shape::Cell, Shape::MapByLabel(&Shape::Cell)])),
]));

impl SuiteReader<'_> {
    pub(super) fn expect(&mut self, node: &Node) -> Option<Expectations> {
        let mapping = fields::mapping(node, &mut self.out)?;
        let keys = Fields::new(mapping, "`expect`", KEYS, &mut self.out);
        let mut expect = Expectations::default();
        if let Some(node) = keys.optional("customers") {
            for entry in &fields::mapping(node, &mut self.out)?.entries {
                let fields = fields::mapping(&entry.value, &mut self.out)?;
                let mut customer =
                    CustomerExpectation { key: entry.key.name(), fields: Vec::new(), decided_by: Vec::new() };
                for field in &fields.entries {
                    if field.key.text == "decided_by" {
                        customer.decided_by = self.wanted_map(&field.value)?;
                    } else {
                        customer.fields.push((field.key.name(), self.wanted(&field.value)?));
                    }
                }
                expect.customers.push(customer);
            }
        }
        if let Some(node) = keys.optional("population") {
            for item in &fields::sequence(node, &mut self.out)?.items {
                expect.population.push(self.population(item)?);
            }
        }
        let figures =
            [("measures", &mut expect.measures), ("programmes", &mut expect.programmes), ("goals", &mut expect.goals)];
        for (key, found) in figures {
            if let Some(node) = keys.optional(key) {
                for entry in &fields::mapping(node, &mut self.out)?.entries {
                    self.figures(&entry.key.name(), &mut Vec::new(), &entry.value, found)?;
                }
            }
        }
        if let Some(node) = keys.optional("diagnostics") {
            for item in &fields::sequence(node, &mut self.out)?.items {
                let scalar = fields::text(item, &mut self.out)?;
                if accolade_parser::code::CODES.iter().all(|(code, _)| code.id() != scalar.text) {
                    let message = format!("there is no diagnostic code `{}`", scalar.text);
                    let help = "write a code such as `E0704`; `accolade explain-code` shows each";
                    self.out.push(Diagnostic::new(Code::E0804, message).at(scalar.span).help(help));
                    return None;
                }
                expect.diagnostics.push(scalar.name());
            }
        }
        Some(expect)
    }

    /// A figure, or a mapping of groups or names to figures.
    fn figures(&mut self, of: &Name, path: &mut Vec<Name>, node: &Node, found: &mut Vec<ExpectedFigure>) -> Option<()> {
        if let Node::Mapping(mapping) = node
            && path.len() < 2
        {
            for entry in &mapping.entries {
                path.push(entry.key.name());
                self.figures(of, path, &entry.value, found)?;
                path.pop();
            }
            return Some(());
        }
        found.push(ExpectedFigure { of: of.clone(), path: path.clone(), expected: self.wanted(node)? });
        Some(())
    }

    fn wanted_map(&mut self, node: &Node) -> Option<Vec<(Name, ExpectedValue)>> {
        let mut all = Vec::new();
        for entry in &fields::mapping(node, &mut self.out)?.entries {
            all.push((entry.key.name(), self.wanted(&entry.value)?));
        }
        Some(all)
    }

    fn wanted(&mut self, node: &Node) -> Option<ExpectedValue> {
        let missing = |text: &str| text == "missing";
        match node {
            Node::Scalar(scalar) if scalar.is_null() || scalar.style == Style::Plain && missing(&scalar.text) => {
                Some(ExpectedValue { text: None, place: ValueLocation::Yaml(scalar.span) })
            }
            node => {
                let scalar = fields::text(node, &mut self.out)?;
                Some(ExpectedValue { text: Some(scalar.text.clone()), place: ValueLocation::Yaml(scalar.span) })
            }
        }
    }

    fn population(&mut self, node: &Node) -> Option<PopulationExpectation> {
        let scalar = fields::text(node, &mut self.out)?.clone();
        if scalar.text.trim_start().starts_with("share of ") {
            return Some(PopulationExpectation { scalar, expr: None });
        }
        let expr = expr::expression(&scalar, &mut self.out)?;
        Some(PopulationExpectation { scalar, expr: Some(expr) })
    }
}
