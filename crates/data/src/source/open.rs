//! Opening a source: which format it is in, whether it has the declared columns, how it is read.

use std::path::PathBuf;
use std::sync::Arc;

use accolade_core::location::Location;
use accolade_core::location::format::{Kind, Packing};
use accolade_core::model::Source;
use accolade_parser::Diagnostics;
use tempfile::TempDir;

use super::convert::Converter;
use super::ndjson::Seen;
use super::number::Signs;
use super::opened::{Content, Opened};
use super::postgres::Moments;
use super::{csv, header, in_memory, many, parquet, pattern, postgres, sheet, sqlite, store};

/// A source and what there is to say of it, or what is wrong with it.
type Opening = Result<(Arc<Opened>, Diagnostics), Diagnostics>;

/// A file on this machine.
pub(super) struct Local {
    pub(super) path: PathBuf,
    /// What findings call it.
    pub(super) name: String,
    /// The folder that it was fetched into, and goes with.
    pub(super) fetched: Option<Arc<TempDir>>,
}

impl From<PathBuf> for Local {
    fn from(path: PathBuf) -> Self {
        Local { name: path.display().to_string(), path, fetched: None }
    }
}

/// What is known of data before its columns are compared with the declared ones.
struct Found {
    path: PathBuf,
    fetched: Option<Arc<TempDir>>,
    place: String,
    header: Vec<String>,
    content: Content,
}

impl Found {
    /// What is not one file on this machine.
    fn elsewhere(place: String, header: Vec<String>, content: Content) -> Found {
        Found { path: PathBuf::new(), fetched: None, place, header, content }
    }
}

/// Opens the data of a source; the diagnostics beside it are warnings. What is read of a server is of one moment.
///
/// # Errors
/// Data that cannot be read, or that lacks a declared column.
pub fn open(source: &Source, location: &Location, moments: &mut Moments) -> Opening {
    open_again(source, location, moments, &[])
}

/// As [`open`], where another machine has looked through the files: `breaks` is what it found in each (see
/// [`Opened::breaks`]).
///
/// # Errors
/// As [`open`].
pub fn open_again(source: &Source, location: &Location, moments: &mut Moments, breaks: &[bool]) -> Opening {
    let seen = Arc::new(Seen::new(source.columns.len()));
    let named = source.format.format.as_ref().and_then(|f| Kind::named(&f.value));
    match location {
        Location::Path { path, part } => {
            let name = path.display().to_string();
            let paths = pattern::files(path, named).map_err(|why| header::unreadable(source, &name, why))?;
            files(source, name, paths.into_iter().map(Local::from).collect(), named, part.as_deref(), &seen, breaks)
        }
        Location::Object(object) => {
            let name = object.to_string();
            let fetched = store::fetch(object, named).map_err(|why| header::unreadable(source, &name, why))?;
            files(source, name, fetched, named, object.part(), &seen, breaks)
        }
        Location::Postgres { server, table } => {
            let (table, header) = postgres::open(source, server, table.as_deref(), moments)
                .map_err(|why| header::unreadable(source, &server.to_string(), why))?;
            let place = table.place.clone();
            finish(source, Found::elsewhere(place, header, Content::Postgres(table)), &seen)
        }
        Location::Rows(rows) => {
            let source = in_memory::described(source, &rows.header);
            let (place, header) = (rows.name.clone(), in_memory::header(&source, &rows.header));
            finish(&source, Found::elsewhere(place, header, Content::Rows(Arc::clone(rows))), &seen)
        }
    }
}

/// Opens one file.
fn file(
    source: &Source,
    file: Local,
    named: Option<Kind>,
    part: Option<&str>,
    seen: &Arc<Seen>,
    breaks: Option<bool>,
) -> Opening {
    let Local { path, name, fetched } = file;
    let path = path.as_path();
    let unreadable = |why: (String, Option<String>)| header::unreadable(source, &name, why);
    let meta = std::fs::File::open(path).and_then(|file| file.metadata());
    meta.map_err(|error| unreadable(header::unopened(path, &error)))?;
    let kind = named.unwrap_or_else(|| Kind::of(path));
    if Packing::of(path).is_some() && !matches!(kind, Kind::Csv | Kind::Ndjson) {
        let help = "unpack it; only text files are read packed".to_owned();
        return Err(unreadable(("a file of this format is not read from an archive".to_owned(), Some(help))));
    }
    let (place, header, content) = match kind {
        Kind::Parquet => {
            let layout = parquet::layout(path).map_err(|error| unreadable((error, None)))?;
            (name, layout.header(), Content::Parquet(layout))
        }
        Kind::Ndjson => {
            let names = source.columns.iter().map(|c| source.format.header_of(&c.name).to_owned());
            (name, names.collect(), Content::Ndjson)
        }
        Kind::Csv => {
            let (header, layout) = csv::layout(path, &name, &source.format, breaks)?;
            (name, header, Content::Csv(layout))
        }
        Kind::Workbook => {
            let sheet = sheet::open(path, part.or(source.part.sheet.as_deref())).map_err(unreadable)?;
            (format!("{name}#{}", sheet.name), sheet.header.clone(), Content::Sheet(Arc::new(sheet)))
        }
        Kind::Sqlite => {
            let (table, header) = sqlite::open(path, &name, part, &source.part).map_err(unreadable)?;
            (table.place.clone(), header, Content::Sqlite(table))
        }
    };
    finish(source, Found { path: path.to_owned(), fetched, place, header, content }, seen)
}

/// Opens one file or each of several; `name` is what they are called together.
fn files(
    source: &Source,
    name: String,
    mut files: Vec<Local>,
    named: Option<Kind>,
    part: Option<&str>,
    seen: &Arc<Seen>,
    breaks: &[bool],
) -> Opening {
    if files.len() == 1 {
        return file(source, files.remove(0), named, part, seen, breaks.first().copied());
    }
    let (mut opened, mut findings) = (Vec::new(), Diagnostics::new());
    for (i, one) in files.into_iter().enumerate() {
        match file(source, one, named, None, seen, breaks.get(i).copied()) {
            Ok((file, warnings)) => {
                opened.push(file);
                findings.extend(warnings);
            }
            Err(wrong) => findings.extend(wrong),
        }
    }
    findings.truncate(super::locate::SHOWN);
    if findings.has_errors() {
        return Err(findings);
    }
    let found = Found::elsewhere(name, many::union(&opened), Content::Several(opened));
    let (all, _) = finish(source, found, seen)?;
    Ok((all, findings))
}

/// Compares the columns that are there with those that are declared.
fn finish(source: &Source, found: Found, seen: &Arc<Seen>) -> Opening {
    let Found { path, fetched, place, header, content } = found;
    header::named_once(&header, &place)?;
    let names = source.columns.iter().map(|column| source.format.header_of(&column.name));
    let positions: Vec<Option<usize>> = names.map(|declared| header.iter().position(|name| name == declared)).collect();
    if positions.contains(&None) {
        return Err(header::missing(source, &place, &header, &positions, matches!(content, Content::Csv(_))));
    }
    let positions: Vec<usize> = positions.into_iter().flatten().collect();
    let mut findings = Diagnostics::new();
    if let Content::Parquet(layout) = &content {
        for (column, position) in source.columns.iter().zip(&positions) {
            findings.extend(header::stored(column, layout.data_type(*position), &place));
        }
        if findings.has_errors() {
            return Err(findings);
        }
    }
    let key = source.customer_column();
    let date = source.date_column();
    // An event without a customer or a date belongs nowhere, whatever the declaration says.
    let required = |index: usize| index == key || Some(index) == date;
    let converters =
        source.columns.iter().enumerate().map(|(i, column)| Converter::new(column, &source.format, required(i)));
    let opened = Opened {
        name: source.name.clone(),
        place,
        path,
        _fetched: fetched,
        converters: converters.collect(),
        positions,
        seen: Arc::clone(seen),
        signs: Signs::new(source.format.decimal.as_ref().map_or('.', |d| d.value)),
        header,
        content,
    };
    Ok((Arc::new(opened), findings))
}
