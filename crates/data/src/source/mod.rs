//! Reading a source: opening its data, converting raw columns to declared types, and locating bad values.
//!
//! The fast path converts whole columns and stops at the first value that cannot be used. The slow path then reads the
//! file again row by row, with the same conversion, and reports each problem with its place.

mod aliases;
mod amount;
mod cast;
mod classify_rows;
mod column_marks;
mod convert;
mod csv;
mod csv_scan;
mod elsewhere;
mod encoding;
mod files_read;
mod floats;
mod foreign;
mod header;
mod in_memory;
mod inspect;
mod inspect_json;
mod json_array;
mod json_keys;
mod json_object;
mod limits;
mod magnitude;
mod merged_cells;
mod ndjson;
mod number;
mod open;
mod opened;
mod parquet;
mod parse_value;
mod pattern;
mod positions;
pub mod postgres;
mod quotes;
mod reader_thread;
mod reject;
mod row_selection;
mod rows;
mod rows_builder;
mod same_fault;
mod scan;
mod select;
mod several_files;
mod sheet;
mod sniff;
mod sqlite;
mod store;
mod stream;
mod survey;
mod text_form;
pub mod texts;
mod time;
mod unique_rows;
mod unknown_key;

pub use postgres::Snapshots;

pub use aliases::Aliases;
pub use classify_rows::{ClassifiedRows, KeyCheck, KnownKeys, RowChecks, classify_rows};
pub use files_read::{TableRead, local_files, tables_read};
pub use foreign::{guarded, is_reading_foreign, mark_reader_thread};
pub use inspect::{DataColumn, DataFile, inspect};
pub use open::{open, open_scanned};
pub use opened::OpenedSource;
pub use parse_value::{ValueForm, parse_value};
pub use pattern::{data_files_in, files as data_files};
pub use reject::{REJECTS, RejectsWriter};
pub use row_selection::{Reading, SelectedRows};
pub use scan::{Prepare, RowCounter, ScanPart, ScanTally, stream, table};
pub use select::quote_identifier;
pub use sheet::sheets;
pub use sqlite::error_message as sqlite_words;
pub use unique_rows::BYTES_PER_ROW as UNIQUE_BYTES_PER_ROW;
