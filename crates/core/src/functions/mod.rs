//! The scalar functions of the expression language, as one table.
//!
//! A new function is one entry in the file of its subject; it is then known to the checker, both
//! evaluators, `accolade functions` and the examples test.

mod date;
mod number;
mod points;
mod text;
mod value;

use crate::model::Type;
pub use crate::model::function::{Function, Signature};

/// A signature with a fixed number of arguments.
const fn fixed(arguments: &'static [Type], returns: Type) -> Signature {
    Signature { arguments, variadic: false, returns }
}

/// A signature whose last argument may be repeated.
const fn variadic(arguments: &'static [Type], returns: Type) -> Signature {
    Signature { arguments, variadic: true, returns }
}

/// Every function, by subject and then in a reader's order.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [date::FUNCTIONS, number::FUNCTIONS, points::FUNCTIONS, text::FUNCTIONS, value::FUNCTIONS].into_iter().flatten()
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|f| f.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_function_is_documented_with_an_example() {
        let mut seen = std::collections::HashSet::new();
        for function in all() {
            assert!(seen.insert(function.name), "{} twice", function.name);
            assert!(!function.doc.is_empty() && !function.examples.is_empty(), "{}", function.name);
        }
    }
}
