//! The parts of a description as plain data, to be shown as Markdown, as a page or in any other form.
//!
//! In every text backticks enclose a name, a label or code of the rule file.

/// A rule set in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Its title.
    pub title: String,
    /// The blocks before the first part.
    pub blocks: Vec<Block>,
    /// Its parts: the data, the record, the rules and so on.
    pub parts: Vec<DescriptionPart>,
}

/// A part with a heading of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescriptionPart {
    /// Its heading.
    pub title: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Smaller parts: one for each source, rule, measure and so on.
    pub parts: Vec<DescriptionPart>,
}

/// A paragraph, list, table, code block or graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A list of sentences.
    List(Vec<String>),
    /// A table.
    Table(TextTable),
    /// Code as it is written.
    Code(String),
    /// A graph of dependencies.
    Graph(Graph),
}

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextTable {
    /// The headings.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
}

/// Fields and rules, and what each of them reads. The graph has no cycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The fields and rules, each after those it reads.
    pub nodes: Vec<GraphNode>,
    /// Edges from a node that is read to one that reads it, as indices.
    pub edges: Vec<(usize, usize)>,
}

/// A node of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// Its name.
    pub name: String,
    /// Whether it is a field or a rule.
    pub kind: NodeKind,
}

/// The kind of a node of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A field of the record.
    Field,
    /// A rule or programme.
    Rule,
}

impl Block {
    /// A paragraph.
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(text.into())
    }

    /// A table with these headings.
    pub fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Block {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Block::Table(TextTable { columns, rows: rows.into_iter().collect() })
    }
}

impl DescriptionPart {
    /// A part with this heading.
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> DescriptionPart {
        DescriptionPart { title: title.into(), blocks, parts: Vec::new() }
    }

    /// Whether it has no content.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.parts.is_empty()
    }
}

impl Graph {
    /// The names of the nodes that the node of this index reads.
    pub fn reads(&self, node: usize) -> Vec<&str> {
        let read = self.edges.iter().filter(|(_, to)| *to == node);
        read.filter_map(|(from, _)| Some(self.nodes.get(*from)?.name.as_str())).collect()
    }

    /// The names of the nodes that read the node of this index.
    pub fn read_by(&self, node: usize) -> Vec<&str> {
        let readers = self.edges.iter().filter(|(from, _)| *from == node);
        readers.filter_map(|(_, to)| Some(self.nodes.get(*to)?.name.as_str())).collect()
    }
}
