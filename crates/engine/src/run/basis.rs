//! The basis of a rule's cut-offs: what they follow from, as lines of text in one layout.
//!
//! It holds the rule's parameters and, with all that they read in turn, the metrics, rules, periods, functions, scripts
//! and types of columns. Paths, dates, titles, comments and layout are not in it.

use std::collections::BTreeSet;

use accolade_core::model::{AggregateFunction, Origin, SlotId, SourceRole, Type};
use accolade_parser::syntax::file::KeyDecl;
use accolade_parser::yaml::node::{Mapping, Node, Scalar};
use accolade_parser::{RuleFile, Span};
use accolade_rules::analysis::{Key, Shape};
use accolade_rules::describe::one_line;
use accolade_rules::set::{RuleSet, Step};

use super::canonical::{canonical, words};
use crate::version::version;

/// The lines that the cut-offs of `rule` follow from, in order.
pub(super) fn basis(set: &RuleSet, rule: &str) -> Vec<String> {
    let mut reader =
        BasisReader { set, lines: BTreeSet::new(), seen: BTreeSet::new(), open: Vec::new(), texts: Vec::new() };
    for step in &set.steps {
        if let Step::Rule { name, rule: compiled, .. } = step
            && name == rule
        {
            reader.rule(step);
            reader.open.extend(compiled.calibrates_by());
        }
    }
    match set.customers() {
        Some((source, _)) => reader.selection(source),
        // Whoever has an event is a customer.
        None => (0..set.demand.sources.len()).for_each(|source| reader.selection(source)),
    }
    reader.aliases();
    while let Some(slot) = reader.open.pop() {
        if reader.seen.insert(slot) {
            reader.slot(slot);
        }
    }
    while let Some(text) = reader.texts.pop() {
        reader.named_in(&text);
    }
    reader.lines.into_iter().collect()
}

struct BasisReader<'s> {
    set: &'s RuleSet,
    lines: BTreeSet<String>,
    seen: BTreeSet<SlotId>,
    /// The slots that are still to be followed.
    open: Vec<SlotId>,
    /// The texts whose names are still to be followed.
    texts: Vec<String>,
}

impl BasisReader<'_> {
    /// Adds a line. The names in its text are followed later.
    fn add(&mut self, name: &str, text: &str) {
        let text = canonical(text);
        if self.lines.insert(format!("{name}: {text}")) {
            self.texts.push(text);
        }
    }

    /// Adds the periods and functions that a text names.
    fn named_in(&mut self, text: &str) {
        let file: &RuleFile = &self.set.written;
        for word in words(text) {
            if let Some(period) = file.periods.get(word) {
                self.add(word, &period.spec.value.to_string());
            }
            if let Some(function) = file.functions.get(word) {
                let arguments = function.arguments.values();
                let arguments: Vec<String> = arguments.map(|a| format!("{}: {}", a.name.value, a.kind.value)).collect();
                let script = self.script(function.script.span).unwrap_or_default();
                let text = format!("({}) -> {}, {script}", arguments.join(", "), function.returns.value);
                self.lines.insert(format!("{word}: {text}"));
            }
        }
    }

    /// What stands in the basis for the script that the rule file names at this place.
    fn script(&self, span: Span) -> Option<String> {
        let known = self.set.script_texts.iter().find(|script| script.span == span)?;
        Some(format!("script {}", version(known.texts.iter().map(|text| text.as_bytes()))))
    }

    fn slot(&mut self, slot: SlotId) {
        let set = self.set;
        match set.demand.slots[slot].origin {
            Origin::Key => {
                if let Some((source, customers)) = set.customers() {
                    self.column(source, customers.customer_column());
                }
            }
            Origin::Column(column) => {
                if let Some((source, _)) = set.customers() {
                    self.column(source, column);
                }
            }
            Origin::Aggregate(index) => self.aggregate(index),
            Origin::Step(step) => match &set.steps[step] {
                Step::Metric { slot, expr, .. } => {
                    expr.for_each_field(&mut |read| self.open.push(read));
                    let name = &set.demand.slots[*slot].name;
                    let profile = &set.written.profile;
                    let sections = [&profile.administrative, &profile.quantitative, &profile.qualitative];
                    let written = sections.into_iter().find_map(|section| section.get(name)).filter(|m| !m.bare);
                    if let Some(metric) = written {
                        self.add(name, &metric.expr.to_string());
                    }
                }
                Step::Rule { rule, .. } => {
                    self.rule(&set.steps[step]);
                    self.open.extend(rule.reads());
                }
            },
        }
    }

    /// The columns of events that an aggregate reads; its text is where it is written.
    fn aggregate(&mut self, index: usize) {
        let aggregate = &self.set.demand.aggregates[index];
        let source = &self.set.demand.sources[aggregate.source];
        let mut columns = aggregate.columns.clone();
        for expr in aggregate.argument.iter().chain(&aggregate.filter) {
            expr.for_each_field(&mut |column| columns.push(column));
        }
        let by_date =
            matches!(aggregate.function, AggregateFunction::First | AggregateFunction::Last | AggregateFunction::Rows);
        if (aggregate.period.is_some() || by_date)
            && let Some(date) = source.date_column()
        {
            let line = format!("{}: date {}", source.name, source.columns[date].name);
            self.lines.insert(line);
            columns.push(date);
        }
        columns.push(source.customer_column());
        self.selection(aggregate.source);
        columns.into_iter().for_each(|column| self.column(aggregate.source, column));
    }

    /// The rows of a source that are read, and a key that is computed.
    fn selection(&mut self, source: usize) {
        let described = &self.set.demand.sources[source];
        let Some(declared) = self.set.written.sources.get(&described.name) else { return };
        if let Some(condition) = &declared.filter {
            self.add(&format!("{}.where", described.name), &condition.to_string());
        }
        if let Some(KeyDecl::Computed(key)) = declared.key.as_ref().or(declared.customer.as_ref()) {
            self.add(&format!("{}.key", described.name), &key.to_string());
        }
        let mut read = Vec::new();
        let computed = described.computed_key();
        described.filter.iter().chain(computed).for_each(|expr| expr.for_each_field(&mut |column| read.push(column)));
        let words = declared.format.values.iter().map(|word| format!("{}: {}", word.text.value, word.value));
        let words: Vec<String> = words.collect();
        if read.iter().any(|column| described.columns[*column].ty == Type::Boolean) && !words.is_empty() {
            self.lines.insert(format!("{}.values: {}", described.name, words.join(", ")));
        }
        read.into_iter().for_each(|column| self.column(source, column));
    }

    /// The customers who were merged, as far as the rule file says it.
    fn aliases(&mut self) {
        let Some((index, source)) = self.set.demand.aliases() else { return };
        if let SourceRole::Aliases { from, to } = source.role {
            let [from, to] = [from, to].map(|column| &source.columns[column].name);
            self.lines.insert(format!("{}: {from} is {to}", source.name));
        }
        self.selection(index);
    }

    fn column(&mut self, source: usize, column: usize) {
        let source = &self.set.demand.sources[source];
        let declared = self.set.written.sources.get(&source.name);
        let (name, ty) = (&source.columns[column].name, source.columns[column].ty);
        if let Some(zone) = source.time_zone.filter(|_| matches!(ty, Type::Date | Type::DateTime)) {
            self.lines.insert(format!("{}: time zone {zone}", source.name));
        }
        if let Some(column) = declared.and_then(|source| source.columns.get(name)) {
            self.add(&format!("{}.{name}", source.name), &column.kind.value.to_string());
        }
    }

    /// The kind and the parameters of a rule, or of a programme.
    fn rule(&mut self, step: &Step) {
        let Step::Rule { name, kind, keys, .. } = step else { return };
        let file = &self.set.written;
        if let Some(rule) = file.rules.get(name) {
            self.add(name, &format!("kind {kind}"));
            self.parameters(name, &rule.parameters, keys, &mut Vec::new());
        } else if let Some(programme) = file.programmes.get(name) {
            let periods = format!("{} against {}", programme.period.value, programme.before.value);
            self.add(name, &format!("programme {periods}"));
            self.add(&format!("{name}.members"), &programme.members.to_string());
            if let Some(control) = &programme.control {
                self.add(&format!("{name}.control"), &control.to_string());
            }
        }
    }

    fn parameters(&mut self, name: &str, mapping: &Mapping, keys: &[Key], path: &mut Vec<String>) {
        for entry in &mapping.entries {
            path.push(entry.key.text.clone());
            let key = Key::find(keys, path);
            let is_title = |key: &Key| !key.affects_results || key.name == "description";
            if !key.is_some_and(is_title) {
                self.parameter(name, &entry.value, key.map(|key| key.shape), keys, path);
            }
            path.pop();
        }
    }

    fn parameter(&mut self, name: &str, node: &Node, shape: Option<Shape>, keys: &[Key], path: &mut Vec<String>) {
        let line = || canonical(&format!("{name}.{}", path.join(".")));
        match node {
            Node::Scalar(Scalar { span, .. }) if matches!(shape, Some(Shape::File)) => {
                if let Some(script) = self.script(*span) {
                    self.lines.insert(format!("{}: {script}", line()));
                }
            }
            Node::Mapping(mapping) if !shape.is_some_and(|shape| shape.is_indivisible()) => {
                if shape.is_some_and(|shape| shape.is_ordered()) {
                    let labels: Vec<&str> = mapping.entries.iter().map(|entry| entry.key.text.as_str()).collect();
                    self.lines.insert(format!("{}: {}", line(), labels.join(", ")));
                }
                self.parameters(name, mapping, keys, path);
            }
            other => {
                let line = line();
                self.add(&line, &one_line(other));
            }
        }
    }
}
