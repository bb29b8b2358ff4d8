//! Scalar functions of the expression language.

use super::fault::Outcome;
use super::types::Type;
use super::value::Value;

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
