//! The functions of the expression language, registered for scripts with the same kernels.

use std::any::TypeId;
use std::sync::Arc;

use accolade_core::decimal;
use accolade_core::functions::{Function, Signature};
use accolade_core::model::{Type, Value};
use accolade_core::ops::Fault;
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position};
use rust_decimal::Decimal;

use crate::date::{Date, DateTime};
use crate::values;

/// The most arguments of a variadic function.
pub(crate) const MOST_ARGUMENTS: usize = 32;

/// Registers every function, once for the types of each signature and once for arguments of any type.
pub(crate) fn register(engine: &mut Engine, functions: &[Arc<Function>]) {
    for function in functions {
        let mut arities: Vec<usize> = Vec::new();
        for signature in function.signatures {
            let least = signature.arguments.len();
            let most = if signature.variadic { MOST_ARGUMENTS } else { least };
            arities.extend((least..=most).filter(|arity| !arities.contains(arity)).collect::<Vec<usize>>());
            // Exact types take precedence over a function of the language with the same name.
            if let Some(types) = signature.arguments.iter().map(|ty| type_id(*ty)).collect::<Option<Vec<TypeId>>>() {
                add(engine, function, types);
            }
        }
        for arity in arities {
            add(engine, function, vec![TypeId::of::<Dynamic>(); arity]);
        }
    }
}

fn add(engine: &mut Engine, function: &Arc<Function>, types: Vec<TypeId>) {
    let function = Arc::clone(function);
    engine.register_raw_fn(function.name, types, move |_, arguments| {
        let arguments: Vec<Dynamic> = arguments.iter().map(|a| (**a).clone()).collect();
        call(&function, &arguments)
    });
}

/// The type that scripts have for values of type `ty`, where it is one of the engine.
pub(crate) fn type_id(ty: Type) -> Option<TypeId> {
    Some(match ty {
        Type::Integer | Type::Duration => TypeId::of::<i64>(),
        Type::Number | Type::Percent => TypeId::of::<f64>(),
        Type::Decimal => TypeId::of::<Decimal>(),
        Type::Text => TypeId::of::<ImmutableString>(),
        Type::Boolean => TypeId::of::<bool>(),
        Type::Date => TypeId::of::<Date>(),
        Type::DateTime => TypeId::of::<DateTime>(),
        Type::Money | Type::Score | Type::Rows => return None,
    })
}

fn call(function: &Function, arguments: &[Dynamic]) -> Result<Dynamic, Box<EvalAltResult>> {
    if arguments.iter().any(Dynamic::is_unit) {
        return Ok(Dynamic::UNIT);
    }
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match values::to_value(argument) {
            Some(value) => values.push(value),
            None => return Err(refused(function, arguments)),
        }
    }
    let types: Vec<Type> = values.iter().map(|(_, ty)| *ty).collect();
    let Some(signature) = resolve_signature(function, &types) else { return Err(refused(function, arguments)) };
    let fitted = values.into_iter().enumerate().map(|(i, (value, _))| fit(value, parameter_type(signature, i)));
    let outcome = fitted.collect::<Result<Vec<Value>, Fault>>().and_then(|values| function.apply(&values));
    match outcome {
        Ok(value) => values::into_script(&value).map_err(Into::into),
        Err(fault) => {
            let what = match fault {
                Fault::DivisionByZero => "division by zero",
                Fault::Overflow => "a result too large or undefined",
            };
            let message = format!("{what} in `{}`", function.name);
            Err(Box::new(EvalAltResult::ErrorArithmetic(message, Position::NONE)))
        }
    }
}

/// The signature for arguments of these types: the first that takes them unchanged, or else the first that takes them
/// widened (integer to decimal or number, number to decimal), or else the first that takes a decimal as the nearest
/// number.
pub(crate) fn resolve_signature(function: &Function, types: &[Type]) -> Option<&'static Signature> {
    let fits = |signature: &&Signature, accepts: &dyn Fn(Type, Type) -> bool| {
        let wanted = signature.arguments.len();
        (types.len() == wanted || signature.variadic && types.len() >= wanted)
            && types.iter().enumerate().all(|(i, ty)| accepts(parameter_type(signature, i), *ty))
    };
    let signatures = function.signatures;
    let has_decimal = types.contains(&Type::Decimal);
    let exact = |wanted: Type, given: Type| wanted == given;
    let widened = |wanted: Type, given: Type| {
        wanted == given
            || matches!((wanted, given), (Type::Decimal, Type::Integer | Type::Number)) && has_decimal
            || (wanted, given) == (Type::Number, Type::Integer)
            || (wanted, given) == (Type::Date, Type::DateTime)
    };
    let nearest =
        |wanted: Type, given: Type| widened(wanted, given) || (wanted, given) == (Type::Number, Type::Decimal);
    let find = |accepts: &dyn Fn(Type, Type) -> bool| signatures.iter().find(|s| fits(s, accepts));
    find(&exact).or_else(|| find(&widened)).or_else(|| find(&nearest))
}

/// The type of argument `index`.
pub(crate) fn parameter_type(signature: &Signature, index: usize) -> Type {
    let last = signature.arguments.len().saturating_sub(1);
    signature.arguments[index.min(last)]
}

fn fit(value: Value, ty: Type) -> Result<Value, Fault> {
    Ok(match (value, ty) {
        (Value::Integer(v), Type::Number) => Value::Number(v as f64),
        (Value::Integer(v), Type::Decimal) => Value::Decimal(v.into()),
        (Value::Number(v), Type::Decimal) => Value::Decimal(decimal::of_number(v)?),
        (Value::Decimal(v), Type::Number) => Value::Number(decimal::to_number(v)),
        (Value::DateTime(v), Type::Date) => Value::Date(accolade_core::ops::day_of(v)),
        (value, _) => value,
    })
}

fn refused(function: &Function, arguments: &[Dynamic]) -> Box<EvalAltResult> {
    let given: Vec<String> = arguments.iter().map(|argument| values::article(argument.type_name())).collect();
    let takes = accolade_rules::analysis::signatures(function);
    format!("`{}` does not take {}; it takes {takes}", function.name, given.join(" and ")).into()
}
