//! The result of a function that scripts call.

use rhai::EvalAltResult;

/// A value, or the error that ends the script.
pub(crate) type NativeResult<T> = Result<T, Box<EvalAltResult>>;
