//! Opening a source: which format it is in, whether it has the declared columns, how it is read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::datatypes::DataType;

use super::convert::Converter;
use super::ndjson::Seen;
use super::rows::RowReader;
use super::scan::Part;
use super::sniff::{looks_like_data, nearby, nearest, other_delimiter};
use super::{cast, csv, ndjson, parquet};
use crate::model::{Column, Role, Source, Type};

/// A source whose file is there and has the declared columns.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The source's name.
    pub(crate) name: String,
    /// The file as the user named it.
    pub(crate) path: PathBuf,
    /// One for each declared column.
    pub(super) converters: Vec<Converter>,
    /// Where each declared column is in the file.
    pub(super) positions: Vec<usize>,
    /// Every column of the file; of NDJSON the declared ones.
    pub(super) header: Vec<String>,
    /// The columns that a line of NDJSON had.
    pub(super) seen: Seen,
    content: Content,
}

/// How the file is read.
#[derive(Debug)]
enum Content {
    Csv(csv::Layout),
    Parquet(parquet::Layout),
    Ndjson,
}

/// Opens the file of a source; the diagnostics beside it are warnings.
///
/// # Errors
/// A file that cannot be read, or that lacks a declared column.
pub(crate) fn open(source: &Source, path: &Path) -> Result<(Arc<Opened>, Diagnostics), Diagnostics> {
    let elsewhere = |mut findings: Diagnostics| {
        let help = format!("name another file with `--source {}=PATH`", source.name);
        findings.0.iter_mut().for_each(|finding| finding.help.push(help.clone()));
        findings
    };
    readable(&source.name, path).map_err(elsewhere)?;
    let (header, content) = match format(source, path) {
        "parquet" => {
            let layout = parquet::layout(path).map_err(|error| elsewhere(unreadable(&source.name, path, &error)))?;
            (layout.header(), Content::Parquet(layout))
        }
        "ndjson" => {
            (source.columns.iter().map(|c| source.format.header_of(&c.name).to_owned()).collect(), Content::Ndjson)
        }
        _ => {
            let (header, layout) = csv::layout(path, &source.format)?;
            (header, Content::Csv(layout))
        }
    };
    let positions: Vec<Option<usize>> = source
        .columns
        .iter()
        .map(|column| header.iter().position(|name| name == source.format.header_of(&column.name)))
        .collect();
    if positions.contains(&None) {
        return Err(missing(source, path, &header, &positions, matches!(content, Content::Csv(_))));
    }
    let positions: Vec<usize> = positions.into_iter().flatten().collect();
    let mut findings = Diagnostics::new();
    if let Content::Parquet(layout) = &content {
        for (column, position) in source.columns.iter().zip(&positions) {
            findings.0.extend(stored(column, layout.data_type(*position), path));
        }
        if findings.has_errors() {
            return Err(findings);
        }
    }
    let key = source.customer_column();
    let date = match source.role {
        Role::Events { date, .. } => date,
        Role::Customers { .. } => None,
    };
    // An event without a customer or a date belongs nowhere, whatever the declaration says.
    let required = |index: usize| index == key || Some(index) == date;
    let converters =
        source.columns.iter().enumerate().map(|(i, column)| Converter::new(column, &source.format, required(i)));
    let opened = Opened {
        name: source.name.clone(),
        path: path.to_owned(),
        converters: converters.collect(),
        positions,
        seen: Seen::new(source.columns.len()),
        header,
        content,
    };
    Ok((Arc::new(opened), findings))
}

/// Whether there is a file at all; the help names files that it could have been.
pub(super) fn readable(name: &str, path: &Path) -> Result<(), Diagnostics> {
    match std::fs::File::open(path).and_then(|file| file.metadata()) {
        Err(error) => {
            let mut findings = unreadable(name, path, &crate::analyse::reason(&error));
            if error.kind() == std::io::ErrorKind::NotFound {
                findings.0.iter_mut().for_each(|finding| finding.help.extend(nearby(path)));
            }
            Err(findings)
        }
        Ok(meta) if meta.is_dir() => Err(unreadable(name, path, "it is a folder")),
        Ok(_) => Ok(()),
    }
}

fn unreadable(name: &str, path: &Path, why: &str) -> Diagnostics {
    let message = format!("the file of `{name}` cannot be read: {why}");
    Diagnostics(vec![Diagnostic::new(Code("E0701"), message).in_data(place(path, None))])
}

pub(super) fn format<'a>(source: &'a Source, path: &Path) -> &'a str {
    if let Some(format) = &source.format.format {
        return format.value.as_str();
    }
    match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("parquet") => "parquet",
        Some("ndjson" | "jsonl") => "ndjson",
        _ => "csv",
    }
}

fn place(path: &Path, column: Option<&str>) -> DataPlace {
    DataPlace { file: path.display().to_string(), row: None, column: column.map(str::to_owned) }
}

/// What to say of columns that the header lacks.
fn missing(source: &Source, path: &Path, header: &[String], positions: &[Option<usize>], text: bool) -> Diagnostics {
    let delimiter = if text { other_delimiter(header, &source.format) } else { None };
    if text && delimiter.is_none() && positions.iter().all(Option::is_none) && looks_like_data(header) {
        let first = DataPlace { row: Some(1), ..place(path, None) };
        let names: Vec<&str> = source.columns.iter().map(|c| source.format.header_of(&c.name)).collect();
        return Diagnostics(vec![
            Diagnostic::new(Code("E0708"), "the first line does not name the columns")
                .in_data(first)
                .label(source.span, "declared here")
                .help(format!("add a first line that names them: {}", names.join(", "))),
        ]);
    }
    if let Some(delimiter) = delimiter {
        // Every column is missing for this one reason.
        let signs = if delimiter == "tab" { "tabs".to_owned() } else { format!("`{delimiter}`") };
        let known = source.format.delimiter.as_ref().map_or(',', |d| d.value);
        return Diagnostics(vec![
            Diagnostic::new(
                Code("E0702"),
                format!("the file has {signs} between its fields, not `{}`", known.escape_default()),
            )
            .in_data(DataPlace { row: Some(1), ..place(path, None) })
            .label(source.span, "declared here")
            .help(format!(
                "add `delimiter: {}` to the source",
                if delimiter == "tab" { "tab".to_owned() } else { format!("\"{delimiter}\"") }
            )),
        ]);
    }
    let lacking = source.columns.iter().zip(positions).filter(|(_, position)| position.is_none());
    let diagnostic = |column: &Column| {
        let name = source.format.header_of(&column.name);
        Diagnostic::new(Code("E0702"), format!("the file has no column `{name}`"))
            .in_data(place(path, Some(&column.name)))
            .label(column.span, "declared here")
            .help(nearest(name, header))
    };
    Diagnostics(lacking.map(|(column, _)| diagnostic(column)).collect())
}

/// What to say of how Parquet stores a column.
fn stored(column: &Column, stored: &DataType, path: &Path) -> Option<Diagnostic> {
    if !cast::possible(stored, column.ty) {
        let article = crate::analyse::literals::article(column.ty);
        let message = format!("the column is stored as {stored}, which does not become {article}");
        return Some(
            Diagnostic::new(Code("E0703"), message)
                .in_data(place(path, Some(&column.name)))
                .label(column.span, "declared here"),
        );
    }
    let float = matches!(stored, DataType::Float16 | DataType::Float32 | DataType::Float64);
    (float && column.ty == Type::Money).then(|| {
        let message = "money is stored as a float; each amount is rounded to four decimals";
        Diagnostic::new(Code("W0708"), message)
            .in_data(place(path, Some(&column.name)))
            .help("write the file with a decimal column")
    })
}

impl Opened {
    /// The parts that can be read at the same time, each giving the declared columns as the file has them.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(crate) fn parts(self: &Arc<Self>, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
        match &self.content {
            Content::Csv(layout) => csv::parts(self, *layout, threads, batch_size),
            Content::Parquet(layout) => parquet::parts(self, layout, threads, batch_size),
            Content::Ndjson => ndjson::parts(self, threads, batch_size),
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
        })
    }

    /// The declared columns that not one line of a file had: a name that is misspelt, not a value that is missing.
    /// Known once the file has been read.
    pub(crate) fn never_seen(&self, source: &Source) -> Diagnostics {
        if !matches!(self.content, Content::Ndjson) {
            return Diagnostics::new();
        }
        let diagnostic = |column: &Column| {
            let name = source.format.header_of(&column.name);
            Diagnostic::new(Code("E0702"), format!("no line of the file has `{name}`"))
                .in_data(place(&self.path, Some(&column.name)))
                .label(column.span, "declared here")
        };
        Diagnostics(self.seen.missing().map(|i| diagnostic(&source.columns[i])).collect())
    }
}
