//! The walk over the tree that writes lines, with each comment where it belongs.

use super::comments::{Comment, comments, follows_blank};
use super::layout::Line;
use super::scalar::ScalarContext;
use super::{KindKeys, WIDTH, block, layout, notation, scalar, shapes};
use crate::diagnostic::Diagnostics;
use crate::syntax::key::{Notation, Shape};
use crate::yaml::node::{Mapping, Node, Scalar, Style};

/// The lines written so far, and the comments still to be written.
pub(super) struct LayoutBuilder<'a> {
    pub(super) text: &'a str,
    kinds: KindKeys<'a>,
    out: &'a mut Diagnostics,
    pub(super) comments: Vec<Comment>,
    /// How many of them are written.
    pub(super) comments_written: usize,
    /// Where each scalar and each empty collection begins, in order.
    pub(super) starts: Vec<usize>,
    pub(super) lines: Vec<Line>,
    /// The markers of the list items that begin on the next line.
    pub(super) markers: String,
    /// Whether the next line is the first of its collection.
    first: bool,
}

impl<'a> LayoutBuilder<'a> {
    pub(super) fn new(text: &'a str, root: &Node, kinds: KindKeys<'a>, out: &'a mut Diagnostics) -> LayoutBuilder<'a> {
        let mut starts = Vec::new();
        collect_starts(root, &mut starts);
        let comments = comments(text, root);
        LayoutBuilder {
            text,
            kinds,
            out,
            comments,
            comments_written: 0,
            starts,
            lines: Vec::new(),
            markers: String::new(),
            first: true,
        }
    }

    pub(super) fn document(&mut self, root: &Node, shape: Shape) {
        match root {
            Node::Scalar(scalar) if scalar.is_null() => {}
            root if !is_empty(root) => self.collection(root, shape, 0),
            root => {
                self.comments_before(start_of(root), 0);
                self.value(root, shape, "", start_of(root), 0);
            }
        }
        self.comments_before(usize::MAX, 0);
    }

    pub(super) fn finish(self) -> String {
        layout::render(&self.lines)
    }

    /// The lines of a mapping or a list.
    fn collection(&mut self, node: &Node, shape: Shape, indent: usize) {
        match node {
            Node::Scalar(_) => {}
            Node::Sequence(sequence) => {
                let shape = match self.shape_of(node, shape) {
                    Shape::List(item) => *item,
                    _ => Shape::Any,
                };
                for item in &sequence.items {
                    self.comments_before(start_of(item), indent);
                    self.lift_comments(start_of(item), start_of(item), indent);
                    self.markers.push_str("- ");
                    match self.is_lines(item, shape, indent + 2) {
                        true => self.collection(item, shape, indent + 2),
                        false => self.value(item, shape, "", start_of(item), indent + 2),
                    }
                }
            }
            Node::Mapping(mapping) => {
                let shape = self.shape_of(node, shape);
                for entry in &mapping.entries {
                    let key = self.key(&entry.key, shape, ScalarContext::Block) + ":";
                    let of_value = shapes::shape_of_value(mapping, shape, &entry.key.text, self.kinds);
                    self.comments_before(start_of_scalar(&entry.key), indent);
                    let room = indent + key.chars().count() + 1;
                    if self.is_lines(&entry.value, of_value, room) {
                        self.line(start_of_scalar(&entry.key), indent, key);
                        self.first = true;
                        self.collection(&entry.value, of_value, indent + 2);
                    } else {
                        self.lift_comments(start_of_scalar(&entry.key), start_of(&entry.value), indent);
                        self.value(&entry.value, of_value, &key, start_of_scalar(&entry.key), indent);
                    }
                }
            }
        }
        self.comments_within(node, indent);
    }

    /// Whether a node is written as lines of its own; `room` is the column at which it would begin otherwise.
    fn is_lines(&mut self, node: &Node, shape: Shape, room: usize) -> bool {
        if is_empty(node) {
            return false;
        }
        let span = node.span().range();
        let flow = self.text[span.start..].starts_with(['[', '{']);
        let commented = self.comment_before(span.end).is_some_and(|comment| comment.start >= span.start);
        let record = shapes::is_record(self.shape_of(node, shape));
        !flow || commented || !record && room + self.flow(node, shape).chars().count() > WIDTH
    }

    /// Adds a scalar, or a collection on one line, after its key. In the file they begin at `at`.
    fn value(&mut self, node: &Node, shape: Shape, key: &str, at: usize, indent: usize) {
        let lead = if key.is_empty() { String::new() } else { format!("{key} ") };
        let Node::Scalar(scalar) = node else {
            let text = lead + &self.flow(node, shape);
            return self.line(at, indent, text);
        };
        let content = if key.is_empty() && !self.markers.is_empty() { indent } else { indent + 2 };
        if let Some((header, block)) = block::block(self.text, scalar, content) {
            // The notation is checked, but the lines stay as they are.
            self.check(scalar, shape);
            self.line(at, indent, lead + &header);
            if let Some(line) = self.lines.last_mut() {
                line.block = block;
            }
            return;
        }
        let text = lead.clone() + &self.scalar(scalar, shape, ScalarContext::Block);
        let folded = scalar.style == Style::Plain && self.text[scalar.span.range()].contains(['\n', '\r']);
        for (i, part) in wrap(&text, indent, content, folded, lead.len()).into_iter().enumerate() {
            self.first |= i > 0;
            self.line(at, if i == 0 { indent } else { content }, part);
        }
    }

    /// A node in one line.
    fn flow(&mut self, node: &Node, shape: Shape) -> String {
        match node {
            Node::Scalar(scalar) => self.scalar(scalar, shape, ScalarContext::Flow),
            Node::Sequence(sequence) => {
                let shape = match self.shape_of(node, shape) {
                    Shape::List(item) => *item,
                    _ => Shape::Any,
                };
                let items: Vec<String> = sequence.items.iter().map(|item| self.flow(item, shape)).collect();
                format!("[{}]", items.join(", "))
            }
            Node::Mapping(mapping) => {
                let shape = self.shape_of(node, shape);
                let mut entries = Vec::new();
                for entry in &mapping.entries {
                    let key = self.key(&entry.key, shape, ScalarContext::Flow);
                    let of_value = shapes::shape_of_value(mapping, shape, &entry.key.text, self.kinds);
                    entries.push(format!("{key}: {}", self.flow(&entry.value, of_value)));
                }
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn shape_of(&self, node: &Node, shape: Shape) -> Shape {
        shapes::resolve(node, shape, &|notation| match node {
            Node::Scalar(scalar) => notation::canonical(notation, scalar, &mut Diagnostics::new()).is_some(),
            _ => false,
        })
    }

    fn key(&mut self, key: &Scalar, shape: Shape, around: ScalarContext) -> String {
        match shape {
            Shape::MapByNotation(notation, _) => self.notation(key, notation, around),
            _ => word(key, around),
        }
    }

    fn scalar(&mut self, scalar: &Scalar, shape: Shape, around: ScalarContext) -> String {
        if scalar.is_null() {
            return scalar.text.clone();
        }
        let node = Node::Scalar(scalar.clone());
        match self.shape_of(&node, shape) {
            Shape::Notation(notation) => self.notation(scalar, notation, around),
            Shape::Boolean | Shape::Integer | Shape::Name(_) | Shape::Currency | Shape::TimeZone => {
                scalar::plain(&scalar.text, around)
            }
            _ => word(scalar, around),
        }
    }

    fn notation(&mut self, scalar: &Scalar, notation: Notation, around: ScalarContext) -> String {
        // A node may be laid out more than once; `report` drops repeated findings.
        let mut found = Diagnostics::new();
        let Some(text) = notation::canonical(notation, scalar, &mut found) else {
            self.report(found);
            return String::new();
        };
        // All comparisons are quoted, although YAML requires it for some only, so that they look alike.
        let compares =
            matches!(notation, Notation::Pattern | Notation::ClassCut) && text.contains(['<', '>', '=', '!']);
        if compares { scalar::quoted(&text) } else { scalar::plain(&text, around) }
    }

    fn check(&mut self, scalar: &Scalar, shape: Shape) {
        if let Shape::Notation(notation) = self.shape_of(&Node::Scalar(scalar.clone()), shape) {
            let mut found = Diagnostics::new();
            notation::canonical(notation, scalar, &mut found);
            self.report(found);
        }
    }

    fn report(&mut self, found: Diagnostics) {
        found.into_iter().for_each(|diagnostic| {
            if !self.out.contains(&diagnostic) {
                self.out.push(diagnostic);
            }
        });
    }

    /// Adds a line for what is at `at` in the file.
    pub(super) fn line(&mut self, at: usize, indent: usize, text: String) {
        let keeps = self.lines.last().is_some_and(|line| line.block.last().is_some_and(|last| last.trim().is_empty()));
        let blank = !self.first && !keeps && follows_blank(self.text, at);
        self.first = false;
        let signs = std::mem::take(&mut self.markers);
        self.lines.push(Line { blank, indent: indent - signs.len(), text: signs + &text, ..Line::default() });
    }
}

/// A text that was quoted stays so unless it is a word.
fn word(scalar: &Scalar, around: ScalarContext) -> String {
    if scalar.is_null() {
        return scalar.text.clone();
    }
    match scalar.style {
        Style::Plain => scalar::plain(&scalar.text, around),
        _ if scalar::is_word(&scalar.text) => scalar.text.clone(),
        _ => scalar::quoted(&scalar.text),
    }
}

/// A text in lines of the allowed width, if it was on several lines and does not fit one.
fn wrap(text: &str, indent: usize, content: usize, folded: bool, lead: usize) -> Vec<String> {
    if !folded || indent + text.chars().count() <= WIDTH || text[lead..].starts_with(['"', '\'']) {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = vec![String::new()];
    let mut margin = indent;
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        let width = margin + line.chars().count() + 1 + word.chars().count();
        let breaks = word.starts_with(|c: char| c.is_alphanumeric() || c == '(') && !line.ends_with(' ');
        if width > WIDTH && breaks && line.len() >= lead {
            lines.push(word.to_owned());
            margin = content;
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Whether a node holds no others.
fn is_empty(node: &Node) -> bool {
    match node {
        Node::Scalar(_) => true,
        Node::Sequence(sequence) => sequence.items.is_empty(),
        Node::Mapping(mapping) => mapping.entries.is_empty(),
    }
}

fn start_of(node: &Node) -> usize {
    node.span().start as usize
}

fn start_of_scalar(scalar: &Scalar) -> usize {
    scalar.span.start as usize
}

fn collect_starts(node: &Node, starts: &mut Vec<usize>) {
    match node {
        Node::Scalar(scalar) => starts.push(start_of_scalar(scalar)),
        Node::Sequence(sequence) if sequence.items.is_empty() => starts.push(start_of(node)),
        Node::Sequence(sequence) => sequence.items.iter().for_each(|item| collect_starts(item, starts)),
        Node::Mapping(Mapping { entries, .. }) => {
            if entries.is_empty() {
                starts.push(start_of(node));
            }
            for entry in entries {
                starts.push(start_of_scalar(&entry.key));
                collect_starts(&entry.value, starts);
            }
        }
    }
}
