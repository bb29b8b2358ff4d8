//! The closed engine that scripts run in.

use std::sync::Arc;

use accolade_core::functions::Function;
use accolade_core::script::{ScriptFunction, ScriptLimits};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, OptimizationLevel};

use crate::{checked_ops, date, declared, guard, natives, number_ops, return_types, sorting, trace};

/// Names that a script cannot use: code and function names made at run time could be neither checked nor guarded.
const CLOSED: [&str; 4] = ["eval", "export", "Fn", "curry"];

/// Far more than anyone writes; the memory of a call is limited by itself.
const MAX_VARIABLES: usize = 10_000;
const MAX_FUNCTIONS: usize = 200;

/// An engine without files, network, clock or random numbers, with every limit set. A `guarded` engine also limits the
/// time and memory of each call, which lowered scripts cannot exceed.
pub(crate) fn engine(
    limits: &ScriptLimits,
    functions: &[Arc<Function>],
    declared: &[Arc<ScriptFunction>],
    guarded: bool,
) -> Engine {
    // Without the language's core package: it holds `sleep` and functions that describe the engine.
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);
    let limit = |name: &str| usize::try_from(limits.get(name)).unwrap_or(usize::MAX);
    engine
        .set_max_operations(limits.get("operations"))
        .set_max_call_levels(limit("call_depth"))
        .set_max_expr_depths(limit("expression_depth"), limit("expression_depth"))
        .set_max_string_size(limit("text"))
        .set_max_array_size(limit("items"))
        .set_max_map_size(limit("items"))
        .set_max_modules(limit("modules"))
        .set_max_variables(MAX_VARIABLES)
        .set_max_functions(MAX_FUNCTIONS)
        // Its optimizer visits a `switch` within a `switch` twice, and again within it.
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true);
    for name in CLOSED {
        engine.disable_symbol(name);
    }
    number_ops::register(&mut engine);
    date::register(&mut engine);
    natives::register(&mut engine, functions);
    declared::register(&mut engine, declared);
    trace::register(&mut engine);
    return_types::register(&mut engine);
    checked_ops::register(&mut engine, limits);
    sorting::register(&mut engine);
    if guarded {
        guard::register(&mut engine, limits);
    }
    engine
}

#[cfg(test)]
mod tests;
