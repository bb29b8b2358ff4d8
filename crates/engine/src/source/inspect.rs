//! Looking at data before there is a rule set.

use accolade_parser::syntax::file::Format;
use accolade_parser::{Diagnostics, Span, Spanned};
use indexmap::IndexSet;
use serde_json::{Map, Value as Json};

use super::postgres::Moments;
use super::rows::{RowReader, Rows};
use super::{format::Kind, open, pattern, sniff, stream};
use crate::location::Location;
use crate::model::{Column, Part, Role, Source, Type};

/// Lines of NDJSON that are looked at for their keys.
const LINES: usize = 1000;

/// Data as it is: the names of its columns, and its rows as text.
pub struct Inspected {
    /// The columns, in the order of the data.
    pub columns: Vec<String>,
    /// What has to be said of the format in a rule file: only what differs from the defaults.
    pub format: Format,
    rows: RowReader,
    batch: Option<(Rows, usize)>,
}

/// Opens data of any format that a source can have. Where fields are not separated by commas, the delimiter is found.
///
/// # Errors
/// Data that cannot be read.
pub fn inspect(location: &Location, part: &Part, format: &Format) -> Result<Inspected, Diagnostics> {
    let mut source = Source {
        name: "data".to_owned(),
        file: None,
        url: None,
        password_file: None,
        part: part.clone(),
        role: Role::Events { customer: 0, date: None },
        columns: keys(location, format).into_iter().map(column).collect(),
        format: format.clone(),
        span: Span::default(),
    };
    let mut moments = Moments::default();
    let (mut opened, _) = open(&source, location, &mut moments)?;
    let text = location.path().is_some_and(|path| Kind::of(path) == Kind::Csv);
    if let Some(delimiter) = sniff::other_delimiter(&opened.header, &source.format).filter(|_| text) {
        let sign = if delimiter == "tab" { '\t' } else { delimiter.chars().next().unwrap_or(',') };
        source.format.delimiter = Some(Spanned::new(sign, Span::default()));
        opened = open(&source, location, &mut moments)?.0;
    }
    let rows = opened.rows().map_err(|why| super::header::unreadable(&source, &opened.place, (why, None)))?;
    Ok(Inspected { columns: opened.header.clone(), format: source.format, rows, batch: None })
}

/// Rows in their order, a missing value as the empty text; what cannot be read is passed over.
impl Iterator for Inspected {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        loop {
            match &mut self.batch {
                Some((rows, next)) if *next < rows.numbers.len() => {
                    *next += 1;
                    return Some(rows.fields(*next - 1));
                }
                _ => self.batch = Some((self.rows.next()?, 0)),
            }
        }
    }
}

fn column(name: String) -> Column {
    let span = Span::default();
    Column { name, ty: Type::Text, nullable: true, range: None, allowed: None, needed: None, span }
}

/// The keys of the first lines of NDJSON, in the order they are met; nothing of other formats.
fn keys(location: &Location, format: &Format) -> IndexSet<String> {
    let Some(path) = location.path() else { return IndexSet::new() };
    let named = format.format.as_ref().and_then(|f| Kind::named(&f.value));
    let Ok(files) = pattern::files(path, named) else { return IndexSet::new() };
    let mut keys = IndexSet::new();
    for file in files.iter().filter(|file| named.unwrap_or_else(|| Kind::of(file)) == Kind::Ndjson) {
        let Ok(bytes) = stream::open(file) else { continue };
        let objects = serde_json::Deserializer::from_reader(std::io::BufReader::new(bytes));
        // What is no object is told of when the rows are read.
        let objects = objects.into_iter::<Map<String, Json>>().take(LINES).map_while(Result::ok);
        keys.extend(objects.flat_map(|object| object.into_iter().map(|(key, _)| key)));
    }
    keys
}
