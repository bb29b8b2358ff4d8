//! Sources of several files. The rows of one file follow those of another, with the union of their columns.

use std::sync::Arc;

use accolade_core::model::Source;
use arrow::array::{ArrayRef, NullArray};
use arrow::datatypes::{Field, Schema};

use super::opened::OpenedSource;
use super::rows::{RowBatch, RowReader, UnusableValue};
use super::scan;
use super::scan::ScanPart;

/// The most parts for each thread. More would hold more files open without reading faster.
const PARTS_PER_THREAD: usize = 4;

/// The union of the files' columns, in the order of their first occurrence, and the positions of the declared columns.
/// A column that has several names has the first of them.
pub(super) fn union(source: &Source, files: &[Arc<OpenedSource>]) -> (Vec<String>, Vec<usize>) {
    let (mut names, mut positions): (Vec<String>, Vec<Option<usize>>) = (Vec::new(), vec![None; source.stored().len()]);
    let headers: Vec<Vec<&str>> = source.stored().iter().map(|c| source.format.headers_of(&c.name).collect()).collect();
    for file in files {
        for (at, name) in file.header.iter().enumerate() {
            let declared: Vec<usize> = (0..headers.len()).filter(|column| file.positions[*column] == at).collect();
            if declared.is_empty() && !names.contains(name) {
                names.push(name.clone());
            }
            for column in declared.into_iter().filter(|column| positions[*column].is_none()).collect::<Vec<_>>() {
                // Columns of the same headers are one column of the files.
                let same =
                    (0..headers.len()).find(|other| positions[*other].is_some() && headers[*other] == headers[column]);
                positions[column] = same.and_then(|other| positions[other]).or_else(|| {
                    names.push(headers[column][0].to_owned());
                    Some(names.len() - 1)
                });
            }
        }
    }
    (names, positions.into_iter().flatten().collect())
}

/// The parts of all files. If there are many, several of them are chained into one.
pub(super) fn parts(files: &[Arc<OpenedSource>], threads: usize, batch_size: usize) -> Result<Vec<ScanPart>, String> {
    let parts: Vec<Vec<ScanPart>> =
        files.iter().map(|file| file.parts(threads, batch_size)).collect::<Result<_, _>>()?;
    let parts: Vec<ScanPart> = parts.into_iter().flatten().collect();
    let most = threads.max(1) * PARTS_PER_THREAD;
    if parts.len() <= most {
        return Ok(parts);
    }
    Ok(parts.chunks(parts.len().div_ceil(most)).map(|chain| ScanPart::Chain(chain.to_vec())).collect())
}

/// The slow path: the rows of all files in order.
pub(super) struct FileChain {
    files: std::vec::IntoIter<Arc<OpenedSource>>,
    header: Vec<String>,
    /// The position of each declared column in the header.
    positions: Vec<usize>,
    current: Option<(RowReader, ColumnMapping)>,
}

/// The mapping of the columns of all files to those of one file.
struct ColumnMapping {
    file: Arc<str>,
    /// The position in this file of each column of all files.
    columns: Vec<Option<usize>>,
}

impl FileChain {
    pub(super) fn new(files: Vec<Arc<OpenedSource>>, all: &OpenedSource) -> Self {
        let (header, positions) = (all.header.clone(), all.positions.clone());
        FileChain { files: files.into_iter(), header, positions, current: None }
    }

    fn mapped(&self, file: &OpenedSource) -> ColumnMapping {
        let own = |(at, name): (usize, &String)| match self.positions.iter().position(|position| *position == at) {
            Some(column) => file.positions.get(column).copied(),
            None => file.header.iter().position(|own| own == name),
        };
        let columns = self.header.iter().enumerate().map(own).collect();
        ColumnMapping { file: file.place.as_str().into(), columns }
    }
}

impl ColumnMapping {
    fn widen(&self, rows: RowBatch) -> RowBatch {
        if let Some(why) = rows.failure {
            return RowBatch::failed(format!("{}: {why}", self.file));
        }
        let length = rows.numbers.len();
        let column = |at: &Option<usize>| -> ArrayRef {
            at.map_or_else(|| Arc::new(NullArray::new(length)) as ArrayRef, |at| Arc::clone(rows.batch.column(at)))
        };
        let columns: Vec<ArrayRef> = self.columns.iter().map(column).collect();
        let fields = columns.iter().enumerate().map(|(i, c)| Field::new(format!("c{i}"), c.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let unusable = rows.unusable.into_iter().filter_map(|unusable| {
            let column = self.columns.iter().position(|at| *at == Some(unusable.column))?;
            Some(UnusableValue { column, ..unusable })
        });
        RowBatch {
            unusable: unusable.collect(),
            file: Some(Arc::clone(&self.file)),
            ..RowBatch::new(scan::batch(schema, columns, length), rows.numbers, rows.malformed)
        }
    }
}

impl Iterator for FileChain {
    type Item = RowBatch;

    fn next(&mut self) -> Option<RowBatch> {
        loop {
            if let Some((reader, mapped)) = &mut self.current
                && let Some(rows) = reader.next()
            {
                return Some(mapped.widen(rows));
            }
            let file = self.files.next()?;
            let mapped = self.mapped(&file);
            match file.rows() {
                Ok(reader) => self.current = Some((reader, mapped)),
                Err(why) => return Some(RowBatch::failed(format!("{}: {why}", mapped.file))),
            }
        }
    }
}
