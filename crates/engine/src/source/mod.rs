//! Reading a source: opening its data, converting raw columns to declared types, finding what is wrong with them.
//!
//! The fast way converts whole columns and stops at the first value it cannot use. Then the file is read again row
//! by row, with the same conversion, to say what is wrong and where.

mod cast;
mod convert;
mod csv;
mod csv_scan;
mod feed;
mod floats;
mod header;
mod inspect;
mod limits;
mod locate;
mod many;
mod ndjson;
mod number;
mod open;
mod opened;
mod parquet;
mod pattern;
pub(crate) mod postgres;
mod quotes;
mod reject;
mod rows;
mod scan;
mod select;
mod sheet;
mod sniff;
mod sqlite;
mod store;
mod stream;
pub mod texts;
mod time;
mod value;

pub use inspect::{DataColumn, DataFile, inspect};
pub(crate) use locate::{Known, Sifted, sift};
pub(crate) use open::{open, open_again};
pub(crate) use opened::Opened;
pub(crate) use postgres::Moments;
pub(crate) use reject::Rejects;
pub(crate) use scan::{Counts, Part, Prepare, Tally, stream, table};
pub(crate) use select::quoted;
pub(crate) use sqlite::words as sqlite_words;
pub(crate) use value::of_text;
