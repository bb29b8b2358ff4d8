//! Reading a source: opening its file, converting raw columns to declared types, finding what is wrong with them.
//!
//! The fast way converts whole columns and only counts what it cannot use. When there is something to count, the
//! file is read again row by row, with the same conversion, to say where it is.

mod convert;
mod csv;
mod locate;
mod ndjson;
mod number;
mod open;
mod parquet;
mod reject;
mod scan;
mod time;

pub(crate) use convert::Converter;
pub(crate) use locate::{Known, Sifted, sift};
pub(crate) use open::{Opened, open};
pub(crate) use scan::{Converted, Part, Prepare, table};
