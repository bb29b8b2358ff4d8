//! Reading a rule's parameters, for rule kinds.

use accolade_core::literals;
use accolade_core::model::{AggregateFunction, Operation, Origin, Slot, SlotId, Type, TypedExpr, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::{ALL, KeyInterval};
use accolade_parser::expr::ast::Expr;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_parser::{Code, Diagnostic, Name, Span};

use super::Analyser;
use super::expr::{LocalField, Scope};
use crate::analysis::RuleKind;
use crate::explain::SourceText;
use crate::set::Step;

impl Analyser<'_> {
    /// The parameters of a rule; keys its kind does not know are reported.
    pub fn parameters<'r>(&mut self, rule: &'r RuleDecl, kind: &RuleKind) -> Fields<'r> {
        Fields::new(&rule.parameters, &format!("the {} rule `{}`", kind.name, rule.name.value), kind.keys, self.out)
    }

    /// An expression in a scalar.
    pub fn parse_expression(&mut self, node: &Node) -> Option<Expr> {
        let scalar = accolade_parser::syntax::fields::text(node, self.out)?;
        accolade_parser::expr::expression(scalar, self.out)
    }

    /// The slot of an expression over the record: the field's own, or one that computes it.
    pub fn operand(&mut self, node: &Node) -> Option<SlotId> {
        let expr = self.parse_expression(node)?;
        let typed = self.expression(&expr, Scope::Record, None)?;
        Some(self.operand_slot(&expr, typed))
    }

    /// The slot of an expression whose typed form is known. Expressions with the same text share a slot, since a name
    /// means one thing.
    pub(super) fn operand_slot(&mut self, expr: &Expr, typed: TypedExpr) -> SlotId {
        if let Operation::Field(slot) = typed.operation {
            return slot;
        }
        let text = expr.to_string();
        if let Some(slot) = self.operands.get(&text) {
            return *slot;
        }
        let slot = self.add_metric(text.clone(), typed, SourceText::at(text.clone(), expr.span));
        self.operands.insert(text, slot);
        slot
    }

    /// The slot of an expression whose values are known labels, and the labels; `help` is added to the diagnostic's
    /// help.
    pub fn classes(&mut self, node: &Node, help: &str) -> Option<(SlotId, Vec<String>)> {
        let slot = self.operand(node)?;
        let Slot { name, labels, .. } = self.slot(slot);
        if let Some(labels) = labels {
            return Some((slot, labels.clone()));
        }
        let diagnostic = Diagnostic::new(Code::E0406, format!("`{name}` has no known classes")).at(node.span());
        self.out.push(diagnostic.help(format!(
            "name a rule that gives classes, segments or grades, or a column such as `text in [a, b]`{help}"
        )));
        None
    }

    /// The slot of a numeric expression over the record.
    pub fn numeric_operand(&mut self, node: &Node) -> Option<(SlotId, Domain)> {
        let slot = self.operand(node)?;
        let ty = self.slot(slot).ty;
        match Domain::of(ty) {
            Some(domain) => Some((slot, domain)),
            None => {
                self.out.push(
                    Diagnostic::new(
                        Code::E0406,
                        format!("an amount or a number is needed here, not {}", literals::with_article(ty)),
                    )
                    .at(node.span())
                    .help("name a metric such as `revenue`"),
                );
                None
            }
        }
    }

    /// A condition over the record, in a scalar.
    pub fn condition_of(&mut self, node: &Node) -> Option<TypedExpr> {
        let expr = self.parse_expression(node)?;
        self.condition(&expr, Scope::Record)
    }

    /// A condition over a fixed set of fields, in a scalar.
    pub fn local_condition(&mut self, node: &Node, locals: &[LocalField]) -> Option<TypedExpr> {
        let expr = self.parse_expression(node)?;
        self.condition(&expr, Scope::Local(locals))
    }

    /// Reports a parameter whose value makes no sense.
    pub fn out_of_range(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.out.push(Diagnostic::new(Code::E0508, message).at(span).help(help));
    }

    /// The keys of a mapping of labels; a label stands for a class, segment or grade.
    pub fn labels(&mut self, mapping: &Mapping) -> Vec<Name> {
        mapping.entries.iter().map(|e| e.key.name()).collect()
    }

    /// The source and the column from which a slot takes its values unchanged: a column of the customers table, or one
    /// of events from which an aggregate picks a value.
    pub fn column_of(&self, slot: SlotId) -> Option<(usize, usize)> {
        match self.slot(slot).origin {
            Origin::Column(column) => Some((super::columns::customers(&self.sources)?.0, column)),
            Origin::Aggregate(index) => {
                let aggregate = self.aggregates.get(index)?;
                Some((aggregate.source, aggregate.picked_column()?))
            }
            Origin::Key | Origin::Step(_) => None,
        }
    }

    /// The closed range in which the values of a slot lie because those of its column do.
    pub fn column_range(&self, slot: SlotId) -> Option<(Value, Value)> {
        let (source, column) = self.column_of(slot)?;
        self.sources[source].columns.get(column)?.range.clone()
    }

    /// The keys that a slot's values can have: a declared range, no counts below zero, otherwise anything.
    pub fn range(&self, slot: SlotId, domain: Domain) -> KeyInterval {
        if let Some((low, high)) = self.column_range(slot)
            && let (Some(low), Some(high)) = (domain.key(&low), domain.key(&high))
        {
            return KeyInterval { low, high };
        }
        match self.slot(slot).origin {
            Origin::Aggregate(index) if self.counts(index) => KeyInterval { low: 0, high: i128::MAX },
            Origin::Step(step) => match self.steps.get(step) {
                // A metric that is an alias of another field has that field's values.
                Some(Step::Metric { expr: TypedExpr { operation: Operation::Field(inner), .. }, .. }) => {
                    self.range(*inner, domain)
                }
                _ => ALL,
            },
            _ => ALL,
        }
    }

    fn counts(&self, aggregate: usize) -> bool {
        let function = self.aggregates.get(aggregate).map(|a| a.function);
        matches!(function, Some(AggregateFunction::Count | AggregateFunction::CountDistinct))
    }

    /// The slot of a field by its full name, such as `account_rating.grade`.
    pub fn slot_named(&self, name: &str) -> Option<SlotId> {
        self.by_name.get(name).copied()
    }

    /// The slot of the rule output that can have this label; rules that rank customers come first.
    pub fn slot_with_label(&self, label: &str) -> Option<SlotId> {
        let of = |step: &Step| match step {
            Step::Rule { rule, slots, .. } => {
                let has = |slot: &&SlotId| self.slot(**slot).labels.iter().flatten().any(|l| l == label);
                slots.iter().find(has).map(|slot| (rule.ranks_by().is_none(), *slot))
            }
            Step::Metric { .. } => None,
        };
        self.steps.iter().filter_map(of).min_by_key(|(other, _)| *other).map(|(_, slot)| slot)
    }

    /// The type of a slot.
    pub fn type_of(&self, slot: SlotId) -> Type {
        self.slot(slot).ty
    }
}

/// Whether a scalar is the word `rest`.
pub fn is_rest(node: &Node) -> bool {
    matches!(node, Node::Scalar(Scalar { text, .. }) if text.trim() == "rest")
}
