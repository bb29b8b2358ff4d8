//! Faults of operators.

/// The reason why an operation gives no value although its operands have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Division by zero.
    DivisionByZero,
    /// The result is too large for its type.
    Overflow,
}

/// The result of a kernel.
pub type EvalResult<T> = Result<T, Fault>;
