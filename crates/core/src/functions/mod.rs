//! The scalar functions of the expression language, as one table.
//!
//! A new function is one entry in the file of its subject; it is then known to the checker, both
//! evaluators, SQL, the nearest change, scripts, `accolade functions` and the examples test.

mod date;
mod float;
mod number;
mod order;
mod points;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::sync::{Arc, LazyLock};

use crate::model::Type;
pub use crate::model::function::{
    CallLowering, FractionKernel, Function, Kernel, MissingResult, ScriptCalls, Signature,
};
pub use crate::model::function_sql::{FunctionSql, SqlCall};
pub use crate::model::trend::{FunctionTrend, Trend};

/// Every function, by subject and then in a reader's order.
pub fn all() -> &'static [Arc<Function>] {
    static ALL: LazyLock<Vec<Arc<Function>>> = LazyLock::new(|| {
        let subjects = [
            date::FUNCTIONS,
            number::FUNCTIONS,
            order::FUNCTIONS,
            float::FUNCTIONS,
            points::FUNCTIONS,
            text::FUNCTIONS,
            value::FUNCTIONS,
        ];
        subjects.into_iter().flatten().cloned().map(Arc::new).collect()
    });
    &ALL
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Arc<Function>> {
    all().iter().find(|f| f.name == name)
}

/// The function that clamps a value between two others.
pub fn clamp() -> Arc<Function> {
    static CLAMP: LazyLock<Arc<Function>> =
        LazyLock::new(|| find(order::CLAMP.name).map_or_else(|| Arc::new(order::CLAMP), Arc::clone));
    Arc::clone(&CLAMP)
}

/// A signature with a fixed number of arguments.
const fn fixed(arguments: &'static [Type], returns: Type) -> Signature {
    Signature::fixed(arguments, returns)
}

/// A signature whose last argument may be repeated.
const fn variadic(arguments: &'static [Type], returns: Type) -> Signature {
    Signature::variadic(arguments, returns)
}
