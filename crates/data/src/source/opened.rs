//! An opened source: how its data is read.

use std::path::PathBuf;
use std::sync::Arc;

use accolade_core::location::Rows;
use accolade_core::model::{Source, Type};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use tempfile::TempDir;

use super::convert::Converter;
use super::many::Several;
use super::ndjson::Seen;
use super::number::Signs;
use super::rows::RowReader;
use super::scan::{Part, Tally};
use super::{csv, header, in_memory, many, ndjson, parquet, postgres, sheet, sqlite, stream};

/// A source that is there and has the declared columns.
#[derive(Debug)]
pub struct Opened {
    /// The source's name.
    pub name: String,
    /// What findings call the place of its data.
    pub place: String,
    /// The file on this machine; empty for what is not a file.
    pub(super) path: PathBuf,
    /// The folder that goes with this value, if the file was fetched into one.
    pub(super) _fetched: Option<Arc<TempDir>>,
    /// One for each declared column.
    pub(super) converters: Vec<Converter>,
    /// Where each declared column is in the file.
    pub(super) positions: Vec<usize>,
    /// Every column of the file; of NDJSON the declared ones.
    pub(super) header: Vec<String>,
    /// The columns that a line of NDJSON had.
    pub(super) seen: Arc<Seen>,
    pub(super) signs: Signs,
    pub(super) content: Content,
}

/// How the data is read.
#[derive(Debug)]
pub(super) enum Content {
    Csv(csv::Layout),
    Parquet(parquet::Layout),
    Ndjson,
    Sheet(Arc<sheet::Sheet>),
    Sqlite(sqlite::Table),
    Postgres(postgres::Table),
    Rows(Arc<Rows>),
    Several(Vec<Arc<Opened>>),
}

impl Opened {
    /// How its numbers are written.
    pub(super) fn signs(&self) -> Signs {
        self.signs
    }

    /// What each column of the data is read as; text where nothing is declared.
    pub(super) fn types(&self) -> Vec<Type> {
        let mut types = vec![Type::Text; self.header.len()];
        for (converter, position) in self.converters.iter().zip(&self.positions) {
            types[*position] = converter.ty();
        }
        types
    }

    /// The parts that can be read at the same time, each giving the declared columns as the file has them.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub fn parts(self: &Arc<Self>, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
        match &self.content {
            Content::Csv(layout) => csv::parts(self, *layout, threads, batch_size),
            Content::Parquet(layout) => parquet::parts(self, layout, threads, batch_size),
            Content::Ndjson => ndjson::parts(self, threads, batch_size),
            Content::Sheet(_) | Content::Sqlite(_) | Content::Postgres(_) | Content::Rows(_) => {
                Ok(vec![Part::Rows(Arc::clone(self))])
            }
            Content::Several(files) => many::parts(files, threads, batch_size),
        }
    }

    /// About how many rows there are, where that can be told without reading them.
    pub fn about_how_many_rows(&self) -> Option<u64> {
        match &self.content {
            Content::Parquet(layout) => layout.rows,
            Content::Csv(_) | Content::Ndjson => stream::about_how_many_lines(&self.path).ok().flatten(),
            Content::Sheet(sheet) => Some(sheet.height()),
            Content::Rows(rows) => Some(rows.rows.len() as u64),
            Content::Sqlite(_) | Content::Postgres(_) => None,
            Content::Several(files) => files.iter().map(|file| file.about_how_many_rows()).sum(),
        }
    }

    /// The rows one after the other, with their numbers and what is malformed.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(super) fn rows(self: &Arc<Self>) -> Result<RowReader, String> {
        let opened = Arc::clone(self);
        Ok(match &self.content {
            Content::Csv(layout) => Box::new(csv::Records::open(opened, *layout).map_err(|e| e.to_string())?),
            Content::Parquet(_) => Box::new(parquet::RowGroups::open(self)?),
            Content::Ndjson => Box::new(ndjson::Lines::all(opened).map_err(|e| e.to_string())?),
            Content::Sheet(sheet) => Box::new(sheet::Cells::new(opened, Arc::clone(sheet))),
            Content::Sqlite(table) => table.rows(&opened)?,
            Content::Postgres(table) => table.rows(&opened)?,
            Content::Rows(rows) => Box::new(in_memory::Records::new(&opened, Arc::clone(rows))),
            Content::Several(files) => Box::new(Several::new(files.clone(), self.header.clone())),
        })
    }

    /// The bytes of its files, by which another machine tells whether it has the same.
    ///
    /// # Errors
    /// What kept a file from being looked at.
    pub fn bytes(&self) -> std::io::Result<u64> {
        match &self.content {
            Content::Several(files) => files.iter().map(|file| file.bytes()).sum(),
            Content::Postgres(_) | Content::Rows(_) => Ok(0),
            _ => Ok(std::fs::metadata(&self.path)?.len()),
        }
    }

    /// Of each of its files, whether line breaks stand in quotes: only a look through the whole file tells.
    pub fn breaks(&self) -> Vec<bool> {
        match &self.content {
            Content::Several(files) => files.iter().flat_map(|file| file.breaks()).collect(),
            Content::Csv(layout) => vec![layout.breaks_in_quotes],
            _ => vec![false],
        }
    }

    /// Adds the columns that lines of NDJSON had to a tally.
    pub fn tell(&self, tally: &mut Tally) {
        tally.seen.extend(self.seen.columns());
    }

    /// Takes the columns that lines of NDJSON had elsewhere as seen.
    pub fn hear(&self, tally: &Tally) {
        tally.seen.iter().for_each(|column| self.seen.mark(*column));
    }

    /// The declared columns that not one line of the files had: a name that is misspelt, not a value that is missing.
    /// Known once they have been read.
    pub fn never_seen(&self, source: &Source) -> Diagnostics {
        let lines = |content: &Content| matches!(content, Content::Ndjson);
        let all_lines = match &self.content {
            Content::Several(files) => files.iter().all(|file| lines(&file.content)),
            content => lines(content),
        };
        if !all_lines {
            return Diagnostics::new();
        }
        let diagnostic = |index: usize| {
            let column = &source.columns[index];
            let name = source.format.header_of(&column.name);
            Diagnostic::new(Code::E0702, format!("no line of the file has `{name}`"))
                .in_data(header::place(&self.place, Some(&column.name)))
                .label(column.span, "declared here")
        };
        self.seen.missing().map(diagnostic).collect()
    }
}
