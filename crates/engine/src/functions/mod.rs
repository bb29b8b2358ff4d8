//! The scalar functions of the expression language, as one table.
//!
//! A new function is one entry in the file of its subject; it is then known to the checker, both
//! evaluators, `accolade functions` and the examples test.

mod date;
mod number;
mod points;
mod text;
mod value;

use crate::eval::ops::Outcome;
use crate::model::{Type, Value};

/// A scalar function.
pub struct Function {
    /// Its name in expressions.
    pub name: &'static str,
    /// What it takes and gives; the first signature that fits is used.
    pub signatures: &'static [Signature],
    /// One or two sentences: meaning, units, edge cases.
    pub doc: &'static str,
    /// Expressions and what they give, run as tests.
    pub examples: &'static [(&'static str, &'static str)],
    /// The kernel; called only when no argument is missing.
    pub kernel: fn(&[Value]) -> Outcome<Value>,
}

/// One way to call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Types of the arguments.
    pub arguments: &'static [Type],
    /// Whether the last argument may be repeated.
    pub variadic: bool,
    /// Type of the result.
    pub returns: Type,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// The result of a call; missing when an argument is.
    ///
    /// # Errors
    /// The fault of the kernel.
    pub fn apply(&self, arguments: &[Value]) -> Outcome<Value> {
        if arguments.iter().any(Value::is_null) { Ok(Value::Null) } else { (self.kernel)(arguments) }
    }
}

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
