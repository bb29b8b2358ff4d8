//! Where names are used, for editors: to go to a definition, to find references, to rename.

use accolade_core::model::{Operation, Origin, SlotId, TypedExpr};
use accolade_parser::expr::ast::{Expr, Literal, PeriodSpec};
use accolade_parser::syntax::file::{KeyDecl, RuleFile};
use accolade_parser::{Name, Span};

use super::expr::literal;
use super::{Analyser, Definition, Plugins};
use crate::set::Step;

/// What a place in a rule file refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceTarget {
    /// Anything with a name of its own: a source, period, column of customers, field, function, rule, measure,
    /// programme or goal.
    Name(String),
    /// A column of a source.
    Column(String, String),
    /// A value that a field, such as a rule's class, can have.
    Label(String, String),
}

/// A place that refers to something defined elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The place; a text may be within its quotes.
    pub span: Span,
    /// What it refers to.
    pub target: ReferenceTarget,
}

/// A script and the fields it reads as variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptReads {
    /// Its text: a whole file, or a block in a rule file.
    pub span: Span,
    /// The names it reads.
    pub names: Vec<String>,
}

/// Every place that refers to something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The places in order.
    pub places: Vec<Reference>,
    /// Where rules write the labels that they define; a label may be in several cells.
    pub labels: Vec<Reference>,
    /// Scripts, in the order they were met.
    pub scripts: Vec<ScriptReads>,
}

impl References {
    fn add(&mut self, span: Span, target: ReferenceTarget) {
        self.places.push(Reference { span, target });
    }

    /// Adds the places outside expressions, and sorts all places.
    pub(super) fn finish(&mut self, file: &RuleFile, plugins: &Plugins) {
        for source in file.sources.values() {
            let customer = source.key.as_ref().or(source.customer.as_ref());
            let customer = customer.and_then(|key| match key {
                KeyDecl::Column(column) => Some(column),
                KeyDecl::Computed(_) => None,
            });
            let merged = source.aliases.iter().flat_map(|aliases| [&aliases.from, &aliases.to]);
            for column in customer.into_iter().chain(&source.date).chain(merged) {
                self.add(column.span, ReferenceTarget::Column(source.name.value.clone(), column.value.clone()));
            }
        }
        for period in file.periods.values() {
            if let PeriodSpec::Before(_, _, name) = &period.spec.value {
                self.add(name.span, ReferenceTarget::Name(name.value.clone()));
            }
        }
        for rule in file.rules.values() {
            let kind = plugins.kinds().iter().find(|kind| kind.name == rule.kind.value);
            let labels = kind.map_or_else(Vec::new, |kind| (kind.labels)(&rule.parameters));
            self.labels.extend(labels.into_iter().map(|written| Reference {
                span: written.label.span,
                target: ReferenceTarget::Label(written.field(&rule.name.value), written.label.text.clone()),
            }));
        }
        self.places.sort();
        self.places.dedup();
    }
}

impl Analyser<'_> {
    /// Notes that a name is used.
    pub fn add_reference(&mut self, name: &str, span: Span) {
        let target = match self.names.get(name) {
            // A column of the customers table is a field, and is known by its table too.
            Some(Definition::Column(_)) => match super::columns::customers(&self.sources) {
                Some((_, table)) => ReferenceTarget::Column(table.name.clone(), name.to_owned()),
                None => return,
            },
            _ => ReferenceTarget::Name(name.to_owned()),
        };
        self.uses.add(span, target);
    }

    /// Notes that a column of a source is used.
    pub(super) fn add_column_reference(&mut self, source: usize, column: &Name) {
        let target = ReferenceTarget::Column(self.sources[source].name.clone(), column.value.clone());
        self.uses.add(column.span, target);
    }

    /// Notes that a label of a field is written.
    pub fn add_label_reference(&mut self, slot: SlotId, label: &str, span: Span) {
        let mut slot = slot;
        // A metric that is an alias of another field has that field's labels.
        while let Origin::Step(step) = self.slots[slot].origin
            && let Some(Step::Metric { expr: TypedExpr { operation: Operation::Field(inner), .. }, .. }) =
                self.steps.get(step)
        {
            slot = *inner;
        }
        let described = &self.slots[slot];
        if described.labels.iter().flatten().any(|known| known == label) {
            let target = ReferenceTarget::Label(described.name.clone(), label.to_owned());
            self.uses.add(span, target);
        }
    }

    /// Notes a text that is compared with a field.
    pub(super) fn used_with(&mut self, field: &TypedExpr, other: &Expr) {
        if let (Operation::Field(slot), Some((Literal::Text(text), _))) = (&field.operation, literal(other))
            && *slot < self.slots.len()
        {
            self.add_label_reference(*slot, text, other.span);
        }
    }

    /// Notes what a script reads.
    pub(super) fn add_script_reads(&mut self, span: Span, names: Vec<String>) {
        self.uses.scripts.push(ScriptReads { span, names });
    }
}
