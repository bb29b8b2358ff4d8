//! Opening a source: detecting its format and matching its columns with the declared ones.

use std::path::PathBuf;
use std::sync::Arc;

use accolade_core::location::Location;
use accolade_core::location::format::{Compression, FileFormat};
use accolade_core::model::{Column, Source, SourceRole};
use accolade_parser::Diagnostics;
use accolade_parser::syntax::file::FormatOptions;
use tempfile::TempDir;

use super::column_marks::SourceMarks;
use super::convert::Converter;
use super::foreign::guarded;
use super::json_keys::JsonKeys;
use super::number::NumberSigns;
use super::opened::{Content, OpenedSource};
use super::postgres::Snapshots;
use super::row_selection::{Reading, RowSelection};
use super::{
    csv, elsewhere, header, in_memory, json_array, parquet, pattern, positions, postgres, same_fault, several_files,
    sheet, sqlite, store,
};

/// An opened source with its warnings, or the errors.
type OpenResult = Result<(Arc<OpenedSource>, Diagnostics), Diagnostics>;

/// A file on this machine.
pub(super) struct LocalFile {
    pub(super) path: PathBuf,
    /// Its name in diagnostics.
    pub(super) name: String,
    /// The temporary folder that it was fetched into, kept as long as the file is used.
    pub(super) fetched: Option<Arc<TempDir>>,
}

impl From<PathBuf> for LocalFile {
    fn from(path: PathBuf) -> Self {
        LocalFile { name: path.display().to_string(), path, fetched: None }
    }
}

/// What all files of a source share.
struct Shared {
    marks: Arc<SourceMarks>,
    selection: Arc<RowSelection>,
}

impl Shared {
    fn new(source: &Source, reading: &Reading) -> Shared {
        let marks = Arc::new(SourceMarks::new(source.stored().len()));
        let lenient = |(index, column): (usize, &Column)| {
            let column = Column { nullable: true, range: None, allowed: None, ..column.clone() };
            Converter::new(&column, (&source.format, source.time_zone), false, (&marks, index))
        };
        let lenient = source.stored().iter().enumerate().map(lenient).collect();
        Shared { selection: Arc::new(RowSelection::new(source, lenient, reading)), marks }
    }
}

/// Data whose columns have not been matched with the declared ones.
struct UnmatchedSource {
    path: PathBuf,
    fetched: Option<Arc<TempDir>>,
    place: String,
    header: Vec<String>,
    content: Content,
}

impl UnmatchedSource {
    /// Data that is not one local file.
    fn elsewhere(place: String, header: Vec<String>, content: Content) -> UnmatchedSource {
        UnmatchedSource { path: PathBuf::new(), fetched: None, place, header, content }
    }
}

/// Opens the data of a source and returns it with its warnings. All reads of one server see the same snapshot.
///
/// # Errors
/// Fails with E0701 when the data cannot be read, with E0715 when its header is not valid, and with E0702 when a
/// declared column is missing.
pub fn open(source: &Source, location: &Location, reading: &Reading, moments: &mut Snapshots) -> OpenResult {
    open_scanned(source, location, reading, moments, &[])
}

/// Like [`open`], for files that another machine has scanned: `breaks` is its [`OpenedSource::breaks_in_quotes`].
///
/// # Errors
/// Fails as [`open`] does.
pub fn open_scanned(
    source: &Source,
    location: &Location,
    reading: &Reading,
    moments: &mut Snapshots,
    breaks: &[bool],
) -> OpenResult {
    let shared = &Shared::new(source, reading);
    let named = source.format.format.as_ref().and_then(|f| FileFormat::from_name(&f.value));
    match location {
        Location::Path { path, part } => {
            let name = path.display().to_string();
            let paths = pattern::files(path, named).map_err(|why| header::unreadable(source, &name, why))?;
            files(
                source,
                name,
                paths.into_iter().map(LocalFile::from).collect(),
                named,
                part.as_deref(),
                shared,
                breaks,
            )
        }
        Location::Object(object) => {
            let name = object.to_string();
            let fetched = store::fetch(object, named).map_err(|why| header::unreadable(source, &name, why))?;
            files(source, name, fetched, named, object.part(), shared, breaks)
        }
        Location::Postgres { server, table } => {
            if let Some(key) = of_other_formats(&source.format, None) {
                let why = (format!("a database has no `{key}`"), Some(format!("leave `{key}` out")));
                return Err(header::unreadable(source, &server.to_string(), why));
            }
            let (table, header) = postgres::open(source, server, table.as_deref(), moments)
                .map_err(|why| header::unreadable(source, &server.to_string(), why))?;
            let place = table.place.clone();
            finish(source, UnmatchedSource::elsewhere(place, header, Content::Postgres(table)), shared)
        }
        Location::Memory(rows) => {
            let source = in_memory::described(source, &rows.header);
            let (place, header) = (rows.name.clone(), in_memory::header(&source, &rows.header));
            let shared = &Shared::new(&source, reading);
            finish(&source, UnmatchedSource::elsewhere(place, header, Content::InMemory(Arc::clone(rows))), shared)
        }
    }
}

/// Opens one file.
fn file(
    source: &Source,
    file: LocalFile,
    named: Option<FileFormat>,
    part: Option<&str>,
    shared: &Shared,
    breaks: Option<bool>,
) -> OpenResult {
    let LocalFile { path, name, fetched } = file;
    let path = path.as_path();
    let unreadable = |why: (String, Option<String>)| header::unreadable(source, &name, why);
    let meta = std::fs::File::open(path).and_then(|file| file.metadata());
    meta.map_err(|error| unreadable(header::unopened(path, &error)))?;
    let kind = named.unwrap_or_else(|| FileFormat::from_path(path));
    if Compression::of(path).is_some() && !kind.is_text() {
        let help = "unpack it; only text files can be read compressed".to_owned();
        return Err(unreadable(("a file of this format is not read from an archive".to_owned(), Some(help))));
    }
    if let Some(key) = of_other_formats(&source.format, Some(kind)) {
        let help = Some(format!("leave `{key}` out"));
        return Err(unreadable((format!("a file of this format has no `{key}`"), help)));
    }
    let (place, header, content) = match kind {
        FileFormat::Parquet => {
            let layout = guarded(|| parquet::read_layout(path)).flatten().map_err(|error| unreadable((error, None)))?;
            (name, layout.header(), Content::Parquet(layout))
        }
        FileFormat::Ndjson => {
            let keys = JsonKeys::of(source);
            (name, keys.header(), Content::Ndjson(keys))
        }
        FileFormat::Json => {
            json_array::check(path).map_err(unreadable)?;
            let keys = JsonKeys::of(source);
            (name, keys.header(), Content::Json(keys))
        }
        FileFormat::Csv => {
            let (header, layout) = csv::read_header(path, &name, &source.format, breaks)?;
            (name, header, Content::Csv(layout))
        }
        FileFormat::Workbook => {
            let named = part.or(source.part.sheet.as_deref());
            let sheet = guarded(|| sheet::open(path, named, &source.format));
            let sheet = sheet.map_err(|why| unreadable((why, None)))?.map_err(unreadable)?;
            (format!("{name}#{}", sheet.name), sheet.header.clone(), Content::Sheet(Arc::new(sheet)))
        }
        FileFormat::Sqlite => {
            let table = guarded(|| sqlite::open(path, &name, part, &source.part));
            let (table, header) = table.map_err(|why| unreadable((why, None)))?.map_err(unreadable)?;
            (table.place.clone(), header, Content::Sqlite(table))
        }
    };
    finish(source, UnmatchedSource { path: path.to_owned(), fetched, place, header, content }, shared)
}

/// A declared key that files of a format do not have; `None` for a database on a server.
fn of_other_formats(format: &FormatOptions, kind: Option<FileFormat>) -> Option<&'static str> {
    let (text, sheet) = (kind == Some(FileFormat::Csv), kind == Some(FileFormat::Workbook));
    let keys = [
        ("encoding", format.encoding.is_some() && !text),
        ("header_row", format.header_row.is_some() && !text && !sheet),
        ("skip", format.skip.is_some() && !text && !sheet),
        ("range", format.range.is_some() && !sheet),
    ];
    keys.into_iter().find(|(_, is_given)| *is_given).map(|(key, _)| key)
}

/// Opens one or several files. `name` stands for all of them in diagnostics.
fn files(
    source: &Source,
    name: String,
    mut files: Vec<LocalFile>,
    named: Option<FileFormat>,
    part: Option<&str>,
    shared: &Shared,
    breaks: &[bool],
) -> OpenResult {
    if files.len() == 1 {
        return file(source, files.remove(0), named, part, shared, breaks.first().copied());
    }
    let (count, mut opened, mut findings) = (files.len(), Vec::new(), Diagnostics::new());
    for (i, one) in files.into_iter().enumerate() {
        match file(source, one, named, None, shared, breaks.get(i).copied()) {
            Ok((file, warnings)) => {
                opened.push(file);
                findings.extend(warnings);
            }
            Err(wrong) => findings.extend(wrong),
        }
    }
    let mut findings = same_fault::once(findings, count);
    findings.truncate(super::classify_rows::MAX_FINDINGS);
    if findings.has_errors() {
        return Err(findings);
    }
    let (header, positions) = several_files::union(source, &opened);
    let found = UnmatchedSource::elsewhere(name, header, Content::Files(opened));
    Ok((matched(source, found, positions, shared), findings))
}

/// Matches the columns of the data with the declared ones.
fn finish(source: &Source, found: UnmatchedSource, shared: &Shared) -> OpenResult {
    let positions = match &found.content {
        Content::Ndjson(keys) | Content::Json(keys) => keys.positions(source),
        content => {
            let row = if let Content::Csv(layout) = content { layout.text.lines + 1 } else { 1 };
            let positions = positions::of_columns(source, &found.header, &header::at_row(&found.place, row))?;
            if positions.contains(&None) {
                let is_text = matches!(content, Content::Csv(_));
                let mut lacking = header::missing(source, &found.place, &found.header, &positions, is_text);
                if let Some(first) = lacking.iter_mut().next() {
                    let none = positions.iter().all(Option::is_none);
                    first.help.extend(elsewhere::helps(content, &found.path, none));
                }
                return Err(lacking);
            }
            positions.into_iter().flatten().collect()
        }
    };
    let mut findings = Diagnostics::new();
    if let Content::Parquet(layout) = &found.content {
        for (column, position) in source.columns.iter().zip(&positions) {
            findings.extend(header::stored(column, layout.data_type(*position), source.time_zone, &found.place));
        }
        if findings.has_errors() {
            return Err(findings);
        }
    }
    Ok((matched(source, found, positions, shared), findings))
}

/// The source whose declared columns are at these positions.
fn matched(source: &Source, found: UnmatchedSource, positions: Vec<usize>, shared: &Shared) -> Arc<OpenedSource> {
    let UnmatchedSource { path, fetched, place, header, content } = found;
    let key = source.customer_column();
    let date = source.date_column();
    // Customers and dates are required, even where the columns are declared optional.
    let new_key = match source.role {
        SourceRole::Aliases { to, .. } => Some(to),
        _ => None,
    };
    let required = |index: usize| index == key || Some(index) == date || Some(index) == new_key;
    let converters =
        source.stored().iter().enumerate().map(|(i, column)| {
            Converter::new(column, (&source.format, source.time_zone), required(i), (&shared.marks, i))
        });
    Arc::new(OpenedSource {
        name: source.name.clone(),
        place,
        path,
        _fetched: fetched,
        converters: converters.collect(),
        positions,
        marks: Arc::clone(&shared.marks),
        selection: Arc::clone(&shared.selection),
        signs: NumberSigns::new(source.format.decimal.as_ref().map_or('.', |d| d.value)),
        header,
        content,
    })
}
