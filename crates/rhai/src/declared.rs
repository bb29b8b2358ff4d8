//! The functions of `functions:`, for scripts that call them.

use std::any::TypeId;
use std::sync::Arc;

use accolade_core::eval::call_function;
use accolade_core::model::{ScriptFunction, Type, Value};
use rhai::{Dynamic, Engine, EvalAltResult, Position};

use crate::native_result::NativeResult;
use crate::{guard, natives, values};

/// Registers each function, for the types of its parameters and for arguments of any type.
pub(crate) fn register(engine: &mut Engine, functions: &[Arc<ScriptFunction>]) {
    for function in functions {
        let types = function.parameters.iter().map(|p| natives::type_id(script_type(p.ty)));
        // Exact types take precedence over a function of the language with the same name.
        if let Some(types) = types.collect::<Option<Vec<TypeId>>>() {
            add(engine, function, types);
        }
        add(engine, function, vec![TypeId::of::<Dynamic>(); function.parameters.len()]);
    }
}

/// The type that a value has in a script.
fn script_type(ty: Type) -> Type {
    if matches!(ty, Type::Money | Type::Score) { Type::Decimal } else { ty }
}

fn add(engine: &mut Engine, function: &Arc<ScriptFunction>, types: Vec<TypeId>) {
    let function = Arc::clone(function);
    engine.register_raw_fn(function.name.clone(), types, move |_, arguments| {
        let arguments: Vec<Dynamic> = arguments.iter().map(|a| (**a).clone()).collect();
        call(&function, &arguments)
    });
}

/// The result of a call, missing where a required argument is missing.
fn call(function: &ScriptFunction, arguments: &[Dynamic]) -> NativeResult<Dynamic> {
    let failed = |message: String| Box::new(EvalAltResult::ErrorRuntime(message.into(), Position::NONE));
    let mut given: Vec<Value> = Vec::with_capacity(arguments.len());
    for (parameter, argument) in function.parameters.iter().zip(arguments) {
        let value = if argument.is_unit() { Ok(Value::Null) } else { values::of_type(argument, parameter.ty) };
        given.push(value.map_err(|why| {
            failed(format!("`{}` cannot take its argument `{}`: {why}", function.name, parameter.name))
        })?);
    }
    let result = guard::within_call(|| call_function(function, &Value::Null, &given))
        .map_err(|failure| failed(format!("the function `{}` failed: {}", function.name, failure.message)))?;
    values::into_script(&result).map_err(failed)
}
