//! A history as a folder of Parquet files, one for each date, in folders that name it: `as_of=2026-01-31/`.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use accolade_core::model::Slot;
use accolade_core::show;
use parquet::basic::LogicalType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::{AppendError, DATE_COLUMN, History, other_type};
use crate::output::{ResultTarget, Results, parquet as writer, replace_file};

/// The name of each file.
const FILE: &str = "rated.parquet";

impl ResultTarget {
    /// The file that the results of a run at `as_of` go to, if the target is a folder of Parquet files.
    pub fn partition(&self, as_of: i32) -> Option<PathBuf> {
        let ResultTarget::Partitions(folder) = self else { return None };
        Some(folder.join(format!("{DATE_COLUMN}={}", show::date(as_of))).join(FILE))
    }
}

pub(super) fn append(results: &mut dyn Results, history: &History) -> Result<Vec<String>, AppendError> {
    let (ResultTarget::Partitions(root), Some(path)) = (history.target, history.target.partition(history.as_of)) else {
        return Err(io::Error::other("not a folder").into());
    };
    let folder = path.parent().unwrap_or(root);
    let others = partitions(root, &path)?;
    std::fs::create_dir_all(folder)?;
    let slots = results.slots();
    let mut compared: Result<Vec<String>, AppendError> = Ok(Vec::new());
    let replaced = replace_file(&path, |sink| {
        let schema = writer::write(results, sink)?;
        compared = compare(&others, &schema, &slots, history);
        // What is written so far is dropped.
        if compared.is_ok() { Ok(()) } else { Err(io::Error::other("refused")) }
    });
    if replaced.is_err() {
        // A folder that holds an earlier result stays, since only an empty one can be removed.
        let _ = std::fs::remove_dir(folder);
    }
    let added = compared?;
    replaced?;
    Ok(added)
}

/// The files of other dates.
fn partitions(root: &Path, own: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match root.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let is_date = entry.file_name().to_string_lossy().starts_with(&format!("{DATE_COLUMN}="));
        let file = entry.path().join(FILE);
        if is_date && file != own && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Compares the columns of a new file with those of the others. Returns the names of those that no other has.
fn compare(
    others: &[PathBuf],
    schema: &SchemaDescriptor,
    slots: &[Slot],
    history: &History,
) -> Result<Vec<String>, AppendError> {
    let mut new: Vec<&str> = slots.iter().map(|slot| slot.name.as_str()).collect();
    for path in others {
        let failed = |error| io::Error::other(format!("`{}` cannot be read: {error}", path.display()));
        let reader = SerializedFileReader::new(File::open(path)?).map_err(failed)?;
        let existing = reader.metadata().file_metadata().schema_descr();
        let of = |name: &str| existing.columns().iter().find(|column| column.name() == name);
        if of(history.key).is_none() {
            return Err(history.other_keys(&format!("`{}` has no column `{}`", path.display(), history.key)).into());
        }
        for (slot, column) in slots.iter().zip(schema.columns()) {
            let Some(existing) = of(&slot.name) else { continue };
            if described(existing) != described(column) {
                return Err(other_type(slot, path.display(), &described(existing), &described(column)).into());
            }
        }
        new.retain(|name| of(name).is_none());
    }
    Ok(if others.is_empty() { Vec::new() } else { new.into_iter().map(str::to_owned).collect() })
}

/// The type of a column as readers know it.
fn described(column: &ColumnDescriptor) -> String {
    match column.logical_type_ref() {
        Some(LogicalType::String) => "text".to_owned(),
        Some(LogicalType::Date) => "date".to_owned(),
        Some(LogicalType::Timestamp { .. }) => "timestamp".to_owned(),
        Some(LogicalType::Decimal(decimal)) => format!("decimal({}, {})", decimal.precision, decimal.scale),
        Some(other) => format!("{other:?}"),
        None => column.physical_type().to_string().to_lowercase(),
    }
}
