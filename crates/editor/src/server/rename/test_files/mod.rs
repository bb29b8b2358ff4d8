//! The places of a name or a label in a test file.

mod csv;

use std::ops::Range;
use std::path::{Path, PathBuf};

use accolade_engine::rules::analysis::ReferenceTarget;
use accolade_parser::syntax::file::RuleFile;
use accolade_parser::yaml::node::{Entry, Mapping, Node, Scalar, Style};
use accolade_parser::{Diagnostics, SourceId, yaml};

use crate::server::documents::Documents;
use crate::server::names::words;
use crate::server::project::Analysis;
use crate::server::uri::normal;

/// The places in a test file, and in the tables it names.
pub(super) fn places(
    analysis: &Analysis,
    target: &ReferenceTarget,
    path: &Path,
    text: &str,
    documents: &Documents,
) -> Vec<(PathBuf, Range<usize>)> {
    let Some(compilation) = &analysis.compilation else { return Vec::new() };
    let Some(file) = &compilation.written else { return Vec::new() };
    let first = compilation.set.as_ref().and_then(|set| {
        let ReferenceTarget::Label(_, label) = target else { return None };
        field_of_label(set, label)
    });
    let mut search = TestFileSearch { target, file, first, found: Vec::new(), tables: Vec::new() };
    if let Some(Node::Mapping(suite)) = yaml::parse(SourceId(0), text, &mut Diagnostics::new()) {
        search.suite(&suite);
    }
    let mut found: Vec<(PathBuf, Range<usize>)> =
        search.found.into_iter().map(|range| (path.to_owned(), range)).collect();
    let folder = path.parent().unwrap_or(Path::new(""));
    for table in search.tables {
        let table = normal(&folder.join(table));
        let text = documents.text(&table).unwrap_or_default();
        found.extend(csv::places(target, &text).into_iter().map(|range| (table.clone(), range)));
    }
    found
}

/// The field that `share of METRIC in LABEL` refers to: a class by rank before any other.
fn field_of_label(set: &accolade_engine::RuleSet, label: &str) -> Option<String> {
    let of = |step: &accolade_engine::rules::set::Step| match step {
        accolade_engine::rules::set::Step::Rule { rule, slots, .. } => {
            let has = slots.iter().map(|slot| &set.demand.slots[*slot]);
            let slot = has.into_iter().find(|slot| slot.labels.iter().flatten().any(|known| known == label))?;
            Some((rule.ranks_by().is_none(), slot.name.clone()))
        }
        accolade_engine::rules::set::Step::Metric { .. } => None,
    };
    set.steps.iter().filter_map(of).min_by_key(|(other, _)| *other).map(|(_, name)| name)
}

struct TestFileSearch<'a> {
    target: &'a ReferenceTarget,
    file: &'a RuleFile,
    /// The field that a label alone refers to.
    first: Option<String>,
    found: Vec<Range<usize>>,
    tables: Vec<String>,
}

fn entries(node: Option<&Node>) -> &[Entry] {
    if let Some(Node::Mapping(mapping)) = node { &mapping.entries } else { &[] }
}

impl TestFileSearch<'_> {
    fn suite(&mut self, suite: &Mapping) {
        for table in entries(suite.get("defaults")) {
            self.table(table);
        }
        self.cut_offs(suite.get("cutoffs"));
        for case in entries(suite.get("cases")) {
            let Node::Mapping(case) = &case.value else { continue };
            entries(case.get("given")).iter().for_each(|table| self.table(table));
            self.cut_offs(case.get("cutoffs"));
            if let Some(Node::Scalar(table)) = case.get("table") {
                self.tables.push(table.text.clone());
            }
            if let Some(Node::Mapping(expect)) = case.get("expect") {
                self.expect(expect);
            }
        }
    }

    /// Rows of a source, or of the profile.
    fn table(&mut self, table: &Entry) {
        self.name(&table.key);
        if table.key.text != "profile" {
            return;
        }
        match &table.value {
            Node::Mapping(row) => self.row(row),
            Node::Sequence(rows) => rows.items.iter().for_each(|row| {
                if let Node::Mapping(row) = row {
                    self.row(row);
                }
            }),
            Node::Scalar(block) if matches!(block.style, Style::Literal | Style::Folded) => {
                let found = csv::places(self.target, &block.text);
                self.found.extend(found.into_iter().map(|range| block.place(range).range()));
            }
            Node::Scalar(_) => {}
        }
    }

    /// Fields and their values.
    fn row(&mut self, row: &Mapping) {
        for cell in &row.entries {
            self.expression(&cell.key);
            if let Node::Scalar(value) = &cell.value {
                self.value(&cell.key.text, value);
            }
        }
    }

    fn expect(&mut self, expect: &Mapping) {
        for customer in entries(expect.get("customers")) {
            let Node::Mapping(fields) = &customer.value else { continue };
            self.row(fields);
            for decided in entries(fields.get("decided_by")) {
                self.expression(&decided.key);
                if let Node::Scalar(by) = &decided.value {
                    self.decided(&decided.key.text, by);
                }
            }
        }
        if let Some(Node::Sequence(items)) = expect.get("population") {
            for item in &items.items {
                if let Node::Scalar(item) = item {
                    self.expression(item);
                    self.share(item);
                }
            }
        }
        for section in ["measures", "programmes", "goals"] {
            for figure in entries(expect.get(section)) {
                self.name(&figure.key);
                let by = self.groups(&figure.key.text);
                entries(Some(&figure.value)).iter().for_each(|group| self.group(&by, &group.key));
            }
        }
    }

    /// The fields whose values make the groups of a measure, a goal or a programme.
    fn groups(&self, name: &str) -> Vec<String> {
        let measure = self.file.measures.get(name).map(|measure| &measure.measure.value.by);
        let goal = self.file.goals.get(name).map(|goal| &goal.measure.value.by);
        let by = measure.or(goal).or(self.file.programmes.get(name).map(|programme| &programme.by));
        let dotted = |path: &Vec<accolade_parser::Name>| {
            path.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(".")
        };
        by.into_iter().flatten().map(|field| dotted(&field.value)).collect()
    }

    /// `A, machinery`: the labels of a group.
    fn group(&mut self, by: &[String], key: &Scalar) {
        let ReferenceTarget::Label(field, label) = self.target else { return };
        if by.contains(field) {
            self.found.extend(words(&key.text, label).into_iter().map(|range| key.place(range).range()));
        }
    }

    fn cut_offs(&mut self, node: Option<&Node>) {
        for rule in entries(node) {
            self.name(&rule.key);
            let ReferenceTarget::Label(field, label) = self.target else { continue };
            if field.split('.').next() == Some(rule.key.text.as_str()) {
                let own = entries(Some(&rule.value)).iter().filter(|list| list.key.text == *label);
                self.found.extend(own.map(|list| list.key.place(0..list.key.text.len()).range()));
            }
        }
    }

    /// A key that is the name itself.
    fn name(&mut self, key: &Scalar) {
        if matches!(self.target, ReferenceTarget::Name(name) if *name == key.text) {
            self.found.push(key.place(0..key.text.len()).range());
        }
    }

    /// A value of a field.
    fn value(&mut self, of: &str, value: &Scalar) {
        if matches!(self.target, ReferenceTarget::Label(field, label) if is_field(field, of) && *label == value.text) {
            self.found.push(value.place(0..value.text.len()).range());
        }
    }

    /// The value of `decided_by`, which quotes a part of the rule.
    fn decided(&mut self, key: &str, by: &Scalar) {
        self.expression(by);
        let ReferenceTarget::Label(field, label) = self.target else { return };
        let axis = |part: &str| {
            self.file.rules.get(key).and_then(|rule| {
                let Some(Node::Mapping(axis)) = rule.parameters.get(part) else { return None };
                let Some(Node::Scalar(class)) = axis.get("class") else { return None };
                Some(class.text.clone())
            })
        };
        let own = field.split('.').next() == Some(key);
        if own || [axis("rows"), axis("columns")].iter().flatten().any(|class| class == field) {
            let outside = words(&by.text, label).into_iter().filter(|range| !quoted(&by.text, range.start));
            self.found.extend(outside.map(|range| by.place(range).range()));
        }
    }

    /// A name outside of texts, or a label in a text that is compared with its field.
    fn expression(&mut self, scalar: &Scalar) {
        let found = in_expression(self.target, &scalar.text);
        self.found.extend(found.into_iter().map(|range| scalar.place(range).range()));
    }

    /// `share of revenue in A`
    fn share(&mut self, item: &Scalar) {
        let ReferenceTarget::Label(field, label) = self.target else { return };
        if item.text.starts_with("share of ") && self.first.as_ref() == Some(field) {
            let behind = item.text.find(" in ").unwrap_or(item.text.len());
            let found = words(&item.text, label).into_iter().filter(|range| range.start > behind);
            self.found.extend(found.map(|range| item.place(range).range()));
        }
    }
}

/// Whether a name is that of a field. The main result of a rule may be named with its part.
fn is_field(field: &str, name: &str) -> bool {
    name == field || matches!(name.strip_prefix(field), Some(".class" | ".segment" | ".cell" | ".stage"))
}

/// The places of a target in an expression.
pub(super) fn in_expression(target: &ReferenceTarget, text: &str) -> Vec<Range<usize>> {
    match target {
        ReferenceTarget::Name(name) => {
            let alone = |range: &Range<usize>| !quoted(text, range.start) && !text[..range.start].ends_with('.');
            words(text, name).into_iter().filter(alone).collect()
        }
        ReferenceTarget::Label(field, label) if !words(text, field).is_empty() => {
            let whole = format!("\"{label}\"");
            text.match_indices(&whole).map(|(at, _)| at + 1..at + 1 + label.len()).collect()
        }
        ReferenceTarget::Label(..) | ReferenceTarget::Column(..) => Vec::new(),
    }
}

/// Whether a byte is within double quotes.
fn quoted(text: &str, at: usize) -> bool {
    text[..at].matches('"').count() % 2 == 1
}
