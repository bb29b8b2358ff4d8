//! Descriptions for readers: plain data, and expressions, patterns and values in words.

mod document;
mod formula;
mod pattern;
mod text;
mod written;

pub use self::document::{Block, Description, DescriptionPart, Graph, GraphNode, NodeKind, TextTable};
pub use self::formula::{condition, condition_text, formula};
pub use self::pattern::{pattern, pattern_text};
pub use self::text::{all_of, bound, code, count, edges, grouped, names, one_of, percent, value};
pub use self::written::{one_line, parameters, script_text};
