//! Reading a source: opening its file, converting raw columns to declared types, finding what is wrong with them.
//!
//! The fast way converts whole columns and stops at the first value it cannot use. Then the file is read again row
//! by row, with the same conversion, to say what is wrong and where.

mod cast;
mod convert;
mod csv;
mod inspect;
mod limits;
mod locate;
mod ndjson;
mod number;
mod open;
mod parquet;
mod quotes;
mod reject;
mod rows;
mod scan;
mod sniff;
pub mod texts;
mod time;

pub use inspect::{DataColumn, DataFile, inspect};
pub(crate) use locate::{Known, Sifted, sift};
pub(crate) use open::{Opened, open};
pub(crate) use reject::Rejects;
pub(crate) use scan::{Counts, Part, Prepare, table};
