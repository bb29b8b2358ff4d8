//! Reads rows and defaults.

use accolade_parser::syntax::fields;
use accolade_parser::syntax::key::Shape;
use accolade_parser::yaml::node::{Node, Scalar, Style};
use accolade_parser::{Code, Diagnostic};
use indexmap::IndexMap;

use super::SuiteReader;
use crate::suite::{GivenCell, GivenData, GivenRow};

/// Values by column.
pub(super) const ROW: Shape = Shape::MapByLabel(&Shape::Cell);

/// The rows of a table: a list, a file, or CSV in a block.
pub(super) const ROWS: Shape = Shape::Either(&[Shape::List(&ROW), Shape::File]);

impl SuiteReader<'_> {
    /// The rows of a table: a list of maps, CSV in a block, or a file.
    pub(super) fn given(&mut self, node: &Node) -> Option<GivenData> {
        match node {
            Node::Sequence(items) => {
                let rows: Option<Vec<GivenRow>> = items.items.iter().map(|item| self.row(item)).collect();
                Some(GivenData::Rows(rows?, items.span))
            }
            Node::Scalar(scalar) if matches!(scalar.style, Style::Literal | Style::Folded) => {
                self.inline_csv(scalar).map(|rows| GivenData::Rows(rows, scalar.span))
            }
            node => {
                let scalar = fields::text(node, &mut self.out)?;
                Some(GivenData::File(self.folder.join(&scalar.text), scalar.span))
            }
        }
    }

    fn row(&mut self, node: &Node) -> Option<GivenRow> {
        let mapping = fields::mapping(node, &mut self.out)?;
        let mut cells = IndexMap::new();
        for entry in &mapping.entries {
            cells.insert(entry.key.text.clone(), self.cell(&entry.value)?);
        }
        Some(GivenRow { cells, span: mapping.span })
    }

    fn cell(&mut self, node: &Node) -> Option<GivenCell> {
        match node {
            Node::Scalar(scalar) if scalar.is_null() => Some(GivenCell { text: None, span: scalar.span }),
            Node::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "missing" => {
                Some(GivenCell { text: None, span: scalar.span })
            }
            node => {
                let scalar = fields::text(node, &mut self.out)?;
                Some(GivenCell { text: Some(scalar.text.clone()), span: scalar.span })
            }
        }
    }

    /// `defaults:` by table.
    pub(super) fn defaults(&mut self, node: &Node) -> Option<IndexMap<String, GivenRow>> {
        let mut all = IndexMap::new();
        for entry in &fields::mapping(node, &mut self.out)?.entries {
            let row = self.row(&entry.value)?;
            all.insert(entry.key.text.clone(), row);
        }
        Some(all)
    }

    fn inline_csv(&mut self, scalar: &Scalar) -> Option<Vec<GivenRow>> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(scalar.text.as_bytes());
        let rows = records(&mut reader).map(|records| {
            let row = |cells: Vec<(String, String)>| GivenRow {
                cells: cells
                    .into_iter()
                    .map(|(name, text)| {
                        (name, GivenCell { text: Some(text).filter(|t| !t.is_empty()), span: scalar.span })
                    })
                    .collect(),
                span: scalar.span,
            };
            records.into_iter().map(row).collect()
        });
        match rows {
            Ok(rows) => Some(rows),
            Err(error) => {
                let message = format!("the rows are not CSV: {error}");
                let help = "write a header and then a line for each row";
                self.out.push(Diagnostic::new(Code::E0805, message).at(scalar.span).help(help));
                None
            }
        }
    }
}

/// The records of a CSV text, each with the names of its columns.
pub(super) fn records<R: std::io::Read>(reader: &mut csv::Reader<R>) -> csv::Result<Vec<Vec<(String, String)>>> {
    let header: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let pair = |record: csv::StringRecord| header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| record.map(pair)).collect()
}
