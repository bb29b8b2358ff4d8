//! Opening a source: which format it is in, whether it has the declared columns, how it is scanned.

use std::path::{Path, PathBuf};

use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;

use super::convert::{Converter, nearest};
use super::scan::Part;
use super::{csv, ndjson, parquet};
use crate::model::{Role, Source, Type};

/// A source whose file is there and has the declared columns.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The source's name.
    pub(crate) name: String,
    /// The file as the user named it.
    pub(crate) path: PathBuf,
    /// One for each declared column.
    pub(crate) converters: Vec<Converter>,
    /// Where each declared column is in the file.
    pub(super) positions: Vec<usize>,
    /// Every column of the file.
    pub(super) header: Vec<String>,
    pub(super) content: Content,
    /// Warnings.
    pub(crate) findings: Diagnostics,
}

/// How the file is read.
#[derive(Debug)]
pub(super) enum Content {
    Csv(csv::Layout),
    Parquet(parquet::Layout),
    Ndjson,
}

/// Opens the file of a source.
///
/// # Errors
/// A file that cannot be read, or that lacks a declared column.
pub(crate) fn open(source: &Source, path: &Path) -> Result<Opened, Diagnostics> {
    let shown = path.display().to_string();
    if let Err(error) = std::fs::File::open(path).and_then(|file| file.metadata()).and_then(|meta| {
        if meta.is_dir() { Err(std::io::Error::from(std::io::ErrorKind::IsADirectory)) } else { Ok(()) }
    }) {
        return Err(unreadable(source, &shown, &crate::analyse::reason(&error)));
    }
    let format = match &source.format.format {
        Some(format) => format.value.as_str(),
        None => match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("parquet") => "parquet",
            Some("ndjson" | "jsonl") => "ndjson",
            _ => "csv",
        },
    };
    let (header, content) = match format {
        "parquet" => {
            let layout = parquet::layout(path).map_err(|error| unreadable(source, &shown, &error))?;
            (layout.header(), Content::Parquet(layout))
        }
        // Lines need not have the same keys: an absent one is a missing value.
        "ndjson" => (source.columns.iter().map(|c| c.name.clone()).collect(), Content::Ndjson),
        _ => {
            let (header, layout) = csv::layout(path, &source.format)?;
            (header, Content::Csv(layout))
        }
    };
    let key = source.customer_column();
    let date = match source.role {
        Role::Events { date, .. } => date,
        Role::Customers { .. } => None,
    };
    let mut missing = Diagnostics::new();
    let mut positions = Vec::new();
    let mut converters = Vec::new();
    let mut findings = Diagnostics::new();
    for (index, column) in source.columns.iter().enumerate() {
        match header.iter().position(|name| *name == column.name) {
            Some(position) => {
                if let Content::Parquet(layout) = &content
                    && column.ty == Type::Money
                    && matches!(layout.data_type(position), DataType::Float16 | DataType::Float32 | DataType::Float64)
                {
                    let place = DataPlace { file: shown.clone(), row: None, column: Some(column.name.clone()) };
                    let message = "money is stored as a float; each amount is rounded to four decimals";
                    findings.push(
                        Diagnostic::new(Code("W0708"), message)
                            .in_data(place)
                            .help("write the file with a decimal column"),
                    );
                }
                positions.push(position);
                converters.push(Converter::new(column, &source.format, index == key || Some(index) == date));
            }
            None => {
                let place = DataPlace { file: shown.clone(), row: None, column: Some(column.name.clone()) };
                let mut diagnostic =
                    Diagnostic::new(Code("E0702"), format!("the file has no column `{}`", column.name))
                        .in_data(place)
                        .label(column.span, "declared here");
                diagnostic = match csv::other_delimiter(&header, &source.format) {
                    Some(delimiter) => diagnostic.help(format!("the file seems to be separated by `{delimiter}`: add `delimiter: \"{delimiter}\"` to the source")),
                    None => diagnostic.help(nearest(&column.name, &header)),
                };
                missing.push(diagnostic);
            }
        }
    }
    if missing.has_errors() {
        return Err(missing);
    }
    Ok(Opened { name: source.name.clone(), path: path.to_owned(), converters, positions, header, content, findings })
}

fn unreadable(source: &Source, shown: &str, why: &str) -> Diagnostics {
    let message = format!("the file of `{}` cannot be read: {why}", source.name);
    let place = DataPlace { file: shown.to_owned(), row: None, column: None };
    let help = format!("name another file with `--source {}=PATH`", source.name);
    Diagnostics(vec![Diagnostic::new(Code("E0701"), message).in_data(place).help(help)])
}

impl Opened {
    /// The parts that can be read at the same time, each giving the declared columns as the file has them.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(crate) fn parts(&self, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
        match &self.content {
            Content::Csv(layout) => csv::parts(self, layout, threads, batch_size),
            Content::Parquet(layout) => parquet::parts(self, layout, threads, batch_size),
            Content::Ndjson => {
                // A line that cannot be read shows as a batch that cannot: the slow way says which it is.
                let batches = ndjson::Lines::open(self)?.map(|batch| match batch.malformed.first() {
                    Some(malformed) => Err(malformed.message.clone()),
                    None => Ok(batch.batch),
                });
                Ok(vec![Part::Memory(batches.collect::<Result<Vec<RecordBatch>, String>>()?)])
            }
        }
    }

    /// The rows one after the other, with their numbers and what is malformed.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(super) fn rows(&self) -> Result<Box<dyn Iterator<Item = Rows> + '_>, String> {
        Ok(match &self.content {
            Content::Csv(layout) => Box::new(csv::Records::open(self, layout)?),
            Content::Parquet(layout) => Box::new(parquet::Rowed::open(self, layout)?),
            Content::Ndjson => Box::new(ndjson::Lines::open(self)?),
        })
    }
}

/// Some rows of a file in their order.
#[derive(Debug)]
pub(super) struct Rows {
    /// The declared columns as the file has them.
    pub(super) batch: RecordBatch,
    /// Each row's number: a line of a text file, a row of Parquet, from 1.
    pub(super) numbers: Vec<u64>,
    /// What a reject file keeps of each row: every column of the file as text.
    pub(super) fields: Vec<Vec<String>>,
    /// Records that are not in the batch because they cannot be taken apart.
    pub(super) malformed: Vec<Malformed>,
}

/// A record that cannot be taken apart.
#[derive(Clone, Debug)]
pub(super) struct Malformed {
    pub(super) number: u64,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) fields: Vec<String>,
}
