//! Builds the tree from the events of the YAML parser.

use std::borrow::Cow;
use std::hash::BuildHasher;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};
use hashbrown::hash_table::Entry as Seen;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::node::{Entry, Mapping, Node, Scalar, Sequence, Style};
use super::{align, errors};
use crate::diagnostic::Diagnostics;
use crate::span::{SourceId, Span};

/// The greatest nesting of collections. Code that walks the tree may recurse this deep.
const MAX_DEPTH: usize = 64;

/// The largest file that is read; offsets are 32 bits wide and a rule file is written by hand.
const MAX_BYTES: usize = 16 << 20;

/// The document of `text`; `None` after a diagnostic if it is not usable YAML. An empty file is a null scalar.
pub fn parse(source: SourceId, text: &str, out: &mut Diagnostics) -> Option<Node> {
    if text.len() > MAX_BYTES {
        out.push(errors::too_large(source, MAX_BYTES));
        return None;
    }
    if let Some(diagnostic) = errors::control_character(source, text) {
        out.push(diagnostic);
        return None;
    }
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    let hasher = DefaultHashBuilder::default();
    let mut builder = Builder { source, text, out, stack: Vec::new(), root: None, documents: 0, hasher };
    for event in Parser::new_from_str_with_options(text, options) {
        match builder.event(event) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                out.push(errors::syntax(source, text, &error, MAX_DEPTH));
                return None;
            }
        }
    }
    if builder.documents == 0 {
        return Some(null(Span::new(source, 0..0)));
    }
    builder.root
}

/// A collection that is being read.
enum OpenCollection {
    Sequence {
        items: Vec<Node>,
        start: usize,
    },
    /// `seen` are the indices of the entries, by their keys.
    Mapping {
        entries: Vec<Entry>,
        start: usize,
        key: MappingState,
        seen: HashTable<usize>,
    },
}

/// The part of a mapping that comes next.
enum MappingState {
    /// A key comes next.
    ExpectKey,
    /// The value of this key comes next.
    ExpectValue(Scalar),
    /// The value of a key that was refused comes next.
    SkipValue,
}

struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    out: &'a mut Diagnostics,
    stack: Vec<OpenCollection>,
    root: Option<Node>,
    documents: usize,
    hasher: DefaultHashBuilder,
}

type Parsed<'a> = Result<(Event<'a>, granit_parser::Span), ScanError>;

impl Builder<'_> {
    /// Adds one event. Returns false if the rest cannot be read.
    fn event(&mut self, event: Parsed<'_>) -> Result<bool, ScanError> {
        let (event, mark) = event?;
        let range = mark.byte_range().unwrap_or_default();
        let span = Span::new(self.source, range.clone());
        if let Some(tag) = mark.tag_span().and_then(|tag| tag.byte_range()) {
            self.out.push(errors::tag(Span::new(self.source, tag.clone()), &self.text[tag]));
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.out.push(errors::second_document(span));
                    return Ok(false);
                }
            }
            Event::Anchor(..) => self.out.push(errors::anchor(span)),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.out.push(errors::alias(span));
                self.add(None, span);
            }
            Event::Scalar(cooked, style, ..) => {
                let scalar = self.scalar(cooked, style, range, mark.start.col());
                let span = scalar.span;
                self.add(Some(Node::Scalar(scalar)), span);
            }
            Event::SequenceStart(..) => {
                self.stack.push(OpenCollection::Sequence { items: Vec::new(), start: range.start })
            }
            Event::MappingStart(..) => self.stack.push(OpenCollection::Mapping {
                entries: Vec::new(),
                start: range.start,
                key: MappingState::ExpectKey,
                seen: HashTable::new(),
            }),
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            _ => {}
        }
        if self.stack.len() > MAX_DEPTH {
            self.out.push(errors::too_deep(span, MAX_DEPTH));
            return Ok(false);
        }
        Ok(true)
    }

    fn scalar(&self, cooked: Cow<'_, str>, style: ScalarStyle, range: std::ops::Range<usize>, column: usize) -> Scalar {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        // The parser writes `~` for a value that is not there.
        let text = if style == Style::Plain && range.is_empty() { String::new() } else { cooked.into_owned() };
        let mut span = Span::new(self.source, range.clone());
        if matches!(style, Style::Literal | Style::Folded) {
            // Its span runs on over the line breaks that follow.
            let kept = self.text[range.clone()].trim_end_matches([' ', '\t', '\r', '\n']).len();
            span = Span::new(self.source, range.start..range.start + kept);
        }
        let offsets = align::offsets(self.text, range, style, &text, column);
        Scalar { text, style, span, offsets }
    }

    /// Puts a finished node (or nothing, for one that was refused) into the collection it belongs to.
    fn add(&mut self, node: Option<Node>, span: Span) {
        match self.stack.last_mut() {
            None => self.root = node,
            Some(OpenCollection::Sequence { items, .. }) => items.extend(node),
            Some(OpenCollection::Mapping { entries, key, seen, .. }) => {
                *key = match (std::mem::replace(key, MappingState::ExpectKey), node) {
                    (MappingState::ExpectKey, Some(Node::Scalar(scalar))) if errors::is_too_long(&scalar.text) => {
                        self.out.push(errors::long_key(scalar.span));
                        MappingState::SkipValue
                    }
                    (MappingState::ExpectKey, Some(Node::Scalar(scalar))) if !scalar.is_null() => {
                        MappingState::ExpectValue(scalar)
                    }
                    (MappingState::ExpectKey, None) => MappingState::SkipValue,
                    (MappingState::ExpectKey, Some(node)) => {
                        self.out.push(errors::key(span, &node));
                        MappingState::SkipValue
                    }
                    (MappingState::ExpectValue(key), Some(value)) => {
                        let hash = |text: &str| self.hasher.hash_one(text);
                        let of = |at: &usize| &entries[*at].key;
                        match seen.entry(hash(&key.text), |at| of(at).text == key.text, |at| hash(&of(at).text)) {
                            Seen::Occupied(first) => self.out.push(errors::duplicate(&key, of(first.get()).span)),
                            Seen::Vacant(place) => {
                                place.insert(entries.len());
                                entries.push(Entry { key, value });
                            }
                        }
                        MappingState::ExpectKey
                    }
                    (MappingState::ExpectValue(_), None) | (MappingState::SkipValue, _) => MappingState::ExpectKey,
                };
            }
        }
    }

    fn close(&mut self, end: std::ops::Range<usize>) {
        // The end of a block collection is where the next thing begins; its own end is its last child's.
        let own = |start: usize, last: Option<Span>| {
            if end.is_empty() { last.map_or(start, |last| last.end as usize) } else { end.end }
        };
        let node = match self.stack.pop() {
            None => return,
            Some(OpenCollection::Sequence { items, start }) => {
                let end = own(start, items.last().map(Node::span));
                Node::Sequence(Sequence { items, span: Span::new(self.source, start..end.max(start)) })
            }
            Some(OpenCollection::Mapping { entries, start, .. }) => {
                let end = own(start, entries.last().map(|entry| entry.key.span.to(entry.value.span())));
                Node::Mapping(Mapping { entries, span: Span::new(self.source, start..end.max(start)) })
            }
        };
        let span = node.span();
        self.add(Some(node), span);
    }
}

fn null(span: Span) -> Node {
    Node::Scalar(Scalar { text: String::new(), style: Style::Plain, span, offsets: vec![span.start] })
}
