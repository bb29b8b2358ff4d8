//! Canonical layout of rule files and test files.
//!
//! The meaning of a file, its comments and their order do not change. Indentation, spacing, quotes, the place of
//! comments at line ends and the spelling of expressions become uniform. Tables of keys define which scalars are
//! expressions.

mod block;
mod builder;
mod comment_placement;
mod comments;
mod layout;
mod notation;
mod scalar;
mod shapes;

use crate::diagnostic::Diagnostics;
use crate::span::SourceId;
use crate::syntax::key::{Key, Shape};
use crate::yaml;

/// The widest line; what is longer is broken where it can be.
const WIDTH: usize = 120;

/// The keys of a rule kind, by its name; none for a kind that is not known.
pub type KindKeys<'a> = &'a dyn Fn(&str) -> Option<&'static [Key]>;

/// The canonical form of a file whose keys are `keys`.
///
/// # Errors
/// Fails if the text is not usable YAML or a scalar is not of the notation that its key asks for.
pub fn format(source: SourceId, text: &str, keys: &'static [Key], kinds: KindKeys<'_>) -> Result<String, Diagnostics> {
    let mut out = Diagnostics::new();
    let Some(root) = yaml::parse(source, text, &mut out).filter(|_| !out.has_errors()) else { return Err(out) };
    let mut tree = builder::LayoutBuilder::new(text, &root, kinds, &mut out);
    tree.document(&root, Shape::Keys(keys));
    let formatted = tree.finish();
    if out.has_errors() {
        out.sort();
        return Err(out);
    }
    Ok(formatted)
}

#[cfg(test)]
mod tests;
