//! An opened source: how its data is read.

use std::path::PathBuf;
use std::sync::Arc;

use accolade_core::location::MemoryTable;
use accolade_core::model::{Column, Source, Type};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use tempfile::TempDir;

use super::column_marks::SourceMarks;
use super::convert::Converter;
use super::foreign::{GuardedRows, guarded};
use super::json_keys::JsonKeys;
use super::number::NumberSigns;
use super::row_selection::RowSelection;
use super::rows::RowReader;
use super::scan::{ScanPart, ScanTally};
use super::several_files::FileChain;
use super::{csv, header, in_memory, json_array, ndjson, parquet, postgres, several_files, sheet, sqlite, stream};

/// A source whose data exists and has the declared columns.
#[derive(Debug)]
pub struct OpenedSource {
    /// The source's name.
    pub name: String,
    /// The place of its data in diagnostics.
    pub place: String,
    /// The local file; empty for data that is not a file.
    pub(super) path: PathBuf,
    /// The temporary folder of a fetched file, deleted when its last user is dropped.
    pub(super) _fetched: Option<Arc<TempDir>>,
    /// One for each declared column.
    pub(super) converters: Vec<Converter>,
    /// The position of each declared column in the file.
    pub(super) positions: Vec<usize>,
    /// The names of all columns of the file; for JSON, of the declared ones.
    pub(super) header: Vec<String>,
    /// What reading finds out about the declared columns, for all files of the source.
    pub(super) marks: Arc<SourceMarks>,
    /// Which of the rows are read, for all files of the source.
    pub(super) selection: Arc<RowSelection>,
    pub(super) signs: NumberSigns,
    pub(super) content: Content,
}

/// How the data is read.
#[derive(Debug)]
pub(super) enum Content {
    Csv(csv::CsvSyntax),
    Parquet(parquet::ParquetLayout),
    Ndjson(JsonKeys),
    Json(JsonKeys),
    Sheet(Arc<sheet::Sheet>),
    Sqlite(sqlite::SqliteTable),
    Postgres(postgres::PostgresTable),
    InMemory(Arc<MemoryTable>),
    Files(Vec<Arc<OpenedSource>>),
}

impl OpenedSource {
    /// The decimal and group signs of its numbers.
    pub(super) fn signs(&self) -> NumberSigns {
        self.signs
    }

    /// The keys of JSON objects; none for other formats.
    pub(super) fn json_keys(&self) -> JsonKeys {
        match &self.content {
            Content::Ndjson(keys) | Content::Json(keys) => keys.clone(),
            _ => JsonKeys::default(),
        }
    }

    /// The type of each column of the data; text for a column that is not declared.
    pub(super) fn types(&self) -> Vec<Type> {
        let mut types = vec![Type::Text; self.header.len()];
        for (converter, position) in self.converters.iter().zip(&self.positions) {
            types[*position] = converter.ty();
        }
        types
    }

    /// Divides the data into parts that can be read in parallel. Each yields the declared columns.
    ///
    /// # Errors
    /// Fails when a file cannot be opened. The error is the reason.
    pub fn parts(self: &Arc<Self>, threads: usize, batch_size: usize) -> Result<Vec<ScanPart>, String> {
        match &self.content {
            Content::Csv(layout) => csv::parts(self, *layout, threads, batch_size),
            Content::Parquet(layout) => guarded(|| parquet::parts(self, layout, threads, batch_size)).flatten(),
            Content::Ndjson(_) => ndjson::parts(self, threads, batch_size),
            Content::Json(_) | Content::Sheet(_) | Content::Sqlite(_) | Content::Postgres(_) | Content::InMemory(_) => {
                Ok(vec![ScanPart::SlowPath(Arc::clone(self))])
            }
            Content::Files(files) => several_files::parts(files, threads, batch_size),
        }
    }

    /// Whether the parts are read by a library that may panic on a damaged file.
    pub fn is_foreign(&self) -> bool {
        match &self.content {
            Content::Parquet(_) => true,
            Content::Files(files) => files.iter().any(|file| file.is_foreign()),
            _ => false,
        }
    }

    /// An estimate of the number of rows, if there is one without reading them.
    pub fn estimated_rows(&self) -> Option<u64> {
        match &self.content {
            Content::Parquet(layout) => layout.rows,
            Content::Csv(_) | Content::Ndjson(_) => stream::estimated_lines(&self.path).ok().flatten(),
            Content::Sheet(sheet) => Some(sheet.height()),
            Content::InMemory(rows) => Some(rows.rows.len() as u64),
            Content::Json(_) | Content::Sqlite(_) | Content::Postgres(_) => None,
            Content::Files(files) => files.iter().map(|file| file.estimated_rows()).sum(),
        }
    }

    /// The rows in order, with their numbers and the malformed records.
    ///
    /// # Errors
    /// Fails when the data cannot be opened. The error is the reason.
    pub(super) fn rows(self: &Arc<Self>) -> Result<RowReader, String> {
        let opened = Arc::clone(self);
        Ok(match &self.content {
            Content::Csv(layout) => Box::new(csv::CsvRecords::open(opened, *layout).map_err(|e| e.to_string())?),
            Content::Parquet(_) => {
                Box::new(GuardedRows::new(Box::new(guarded(|| parquet::RowGroups::open(self)).flatten()?)))
            }
            Content::Ndjson(_) => Box::new(ndjson::NdjsonLines::all(opened).map_err(|e| e.to_string())?),
            Content::Json(_) => Box::new(json_array::JsonEntries::open(opened).map_err(|e| e.to_string())?),
            Content::Sheet(sheet) => {
                Box::new(GuardedRows::new(Box::new(sheet::SheetRows::new(opened, Arc::clone(sheet)))))
            }
            Content::Sqlite(table) => table.rows(&opened)?,
            Content::Postgres(table) => table.rows(&opened)?,
            Content::InMemory(rows) => Box::new(in_memory::InMemoryRecords::new(&opened, Arc::clone(rows))),
            Content::Files(files) => Box::new(FileChain::new(files.clone(), self)),
        })
    }

    /// The total size of its files in bytes, by which another machine checks that it has the same files.
    ///
    /// # Errors
    /// Fails when the size of a file cannot be read.
    pub fn total_bytes(&self) -> std::io::Result<u64> {
        match &self.content {
            Content::Files(files) => files.iter().map(|file| file.total_bytes()).sum(),
            Content::Postgres(_) | Content::InMemory(_) => Ok(0),
            _ => Ok(std::fs::metadata(&self.path)?.len()),
        }
    }

    /// For each of its files, whether quoted fields hold line breaks, which takes a scan of the whole file to find out.
    pub fn breaks_in_quotes(&self) -> Vec<bool> {
        match &self.content {
            Content::Files(files) => files.iter().flat_map(|file| file.breaks_in_quotes()).collect(),
            Content::Csv(layout) => vec![layout.breaks_in_quotes],
            _ => vec![false],
        }
    }

    /// Whether no two of its rows may be equal in some columns.
    pub fn must_be_unique(&self) -> bool {
        self.selection.unique.is_some()
    }

    /// Whether two of the rows read so far seem to be equal where they must not be.
    pub fn take_repeats(&self) -> bool {
        self.selection.unique.as_ref().is_some_and(|unique| unique.take_repeats())
    }

    /// Forgets the rows that were compared, before another reading.
    pub fn reset(&self) {
        self.selection.reset();
    }

    /// Adds what reading has found out about columns to a tally.
    pub fn record_columns(&self, tally: &mut ScanTally) {
        tally.seen.extend(self.marks.seen.marked());
        tally.rounded.extend(self.marks.rounded.marked());
    }

    /// Takes over what another machine has found out about columns.
    pub fn merge_columns(&self, tally: &ScanTally) {
        tally.seen.iter().for_each(|column| self.marks.seen.mark(*column));
        tally.rounded.iter().for_each(|column| self.marks.rounded.mark(*column));
    }

    /// The warnings (W0708) of amounts that were rounded. They are complete once all rows have been read.
    pub fn rounded_amounts(&self, source: &Source) -> Diagnostics {
        let warning = |index: usize| {
            let column = source.columns.get(index)?;
            let message =
                "amounts were computed with floats, such as 107.60000000000001; they are rounded to four decimals";
            let diagnostic = Diagnostic::new(Code::W0708, message)
                .in_data(header::place(&self.place, Some(&column.name)))
                .label(column.span, "declared here");
            Some(diagnostic.help("round the amounts where the file is made"))
        };
        self.marks.rounded.marked().filter_map(warning).collect()
    }

    /// The diagnostics (E0702) of declared columns that occur in no object of JSON, most likely because of a misspelt
    /// name. They are complete once all objects have been read.
    pub fn unseen_columns(&self, source: &Source) -> Diagnostics {
        let content = match &self.content {
            Content::Files(files) => files.first().map_or(&self.content, |file| &file.content),
            content => content,
        };
        let what = match content {
            Content::Ndjson(_) => "line",
            Content::Json(_) => "entry",
            _ => return Diagnostics::new(),
        };
        let seen: Vec<usize> = self.marks.seen.marked().collect();
        let unseen = source.stored().iter().zip(&self.positions).filter(|(_, position)| !seen.contains(position));
        let diagnostic = |column: &Column| {
            let names = header::any_of(source.format.headers_of(&column.name));
            Diagnostic::new(Code::E0702, format!("no {what} of the file has {names}"))
                .in_data(header::place(&self.place, Some(&column.name)))
                .label(column.span, "declared here")
        };
        unseen.map(|(column, _)| diagnostic(column)).collect()
    }
}
