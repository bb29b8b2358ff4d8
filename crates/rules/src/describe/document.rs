//! What a description is made of: plain data that others show as Markdown, as a page or as anything else.
//!
//! In every text what stands between backticks is a name, a label or code as the rule file has it.

/// A rule set in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What stands before the first part.
    pub blocks: Vec<Block>,
    /// Its parts: the data, the record, the rules and so on.
    pub parts: Vec<Part>,
}

/// A part with a heading of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Smaller parts: one for each source, rule, measure and so on.
    pub parts: Vec<Part>,
}

/// A piece of a part.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Sentences.
    Paragraph(String),
    /// A list of sentences.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Code as it is written.
    Code(String),
    /// What depends on what.
    Graph(Graph),
}

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The headings.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
}

/// Things and what each of them reads; nothing reads itself, however long the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The things by name, each after those it reads.
    pub nodes: Vec<Node>,
    /// From what is read to what reads it, as indices.
    pub edges: Vec<(usize, usize)>,
}

/// A thing of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is.
    pub sort: Sort,
}

/// What a thing of a graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A field of the record.
    Field,
    /// A rule or programme.
    Rule,
}

impl Block {
    /// Sentences.
    pub fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph(text.into())
    }

    /// A table with these headings.
    pub fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Block {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Block::Table(Table { columns, rows: rows.into_iter().collect() })
    }
}

impl Part {
    /// A part with this heading.
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Part {
        Part { title: title.into(), blocks, parts: Vec::new() }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.parts.is_empty()
    }
}

impl Graph {
    /// What the node of this index reads.
    pub fn reads(&self, node: usize) -> Vec<&str> {
        let read = self.edges.iter().filter(|(_, to)| *to == node);
        read.filter_map(|(from, _)| Some(self.nodes.get(*from)?.name.as_str())).collect()
    }

    /// What reads the node of this index.
    pub fn read_by(&self, node: usize) -> Vec<&str> {
        let readers = self.edges.iter().filter(|(from, _)| *from == node);
        readers.filter_map(|(_, to)| Some(self.nodes.get(*to)?.name.as_str())).collect()
    }
}
