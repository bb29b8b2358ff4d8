//! A plugin of accolade, as an example to copy: functions of bank accounts, written in Rust.
//!
//! A plugin is a table of [`Function`]s, as the engine's own are. Expressions in rule files and scripts can call a
//! registered function, and the checker knows its types and its documentation. A function whose entry has SQL can be
//! used in `accolade sql`, and one with a trend in the nearest change of `accolade explain`:
//!
//! ```
//! use accolade_rules::analysis::Plugins;
//!
//! let mut plugins = accolade_engine::plugins();
//! accolade_example_iban::register(&mut plugins);
//! assert!(plugins.functions().iter().any(|f| f.name == "iban_valid"));
//! ```
//!
//! The tests rate customers by a rule file and a script that call them, write the rules as SQL and ask what would
//! change a result.

use accolade_core::functions::{
    Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Signature, Trend,
};
use accolade_core::model::types::MONEY_SCALE;
use accolade_core::model::{Type, Value};
use accolade_core::ops;
use accolade_core::ops::{EvalResult, Fault};
use accolade_core::sql::numbers;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use accolade_rules::analysis::Plugins;

/// The functions of this plugin.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "iban_valid",
        signatures: &[Signature::fixed(&[Type::Text], Type::Boolean)],
        doc: "Whether the text is an IBAN whose check digits are right (ISO 13616, by ISO 7064 MOD 97-10); spaces \
                  do not count. The lengths of countries are not checked.",
        examples: &[("iban_valid(\"GB82 WEST 1234 5698 7654 32\")", "true")],
        kernel: Kernel::Row(|arguments| with_iban(arguments, |iban| Value::Boolean(is_valid(iban)))),
        // No database divides a number of 36 digits in the same way.
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "iban_country",
        signatures: &[Signature::fixed(&[Type::Text], Type::Text)],
        doc: "The country code (ISO 3166, two letters) of an IBAN; missing if it is not valid.",
        examples: &[("iban_country(\"BE68 5390 0754 7034\")", "BE")],
        kernel: Kernel::Row(|arguments| {
            with_iban(arguments, |iban| match iban.get(..2) {
                Some(country) if is_valid(iban) => Value::text(country),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::None,
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::ByArguments(|_| true),
        phrase: None,
    },
    Function {
        name: "transfer_fee",
        signatures: &[Signature::fixed(&[Type::Money], Type::Money)],
        doc: "The fee of a bank transfer of an amount: 0.2% of it, at least 1.00 and at most 50.00.",
        examples: &[("transfer_fee(10_000)", "20.00"), ("transfer_fee(3)", "1.00")],
        kernel: Kernel::Row(|arguments| {
            Ok(match arguments {
                [Value::Money(amount)] => Value::Money(fee(*amount)?),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Call(|call| {
            let amount = numbers::whole(call.operand(0), MONEY_SCALE);
            let share =
                numbers::half_even(numbers::times(amount, SqlExpr::Whole(FEE_PER_MILLE)), SqlExpr::Whole(1_000));
            let at_least = SqlExpr::Chain(SqlVariadicOp::Greatest, vec![share, SqlExpr::Whole(MIN_FEE)]);
            let within = SqlExpr::Chain(SqlVariadicOp::Least, vec![at_least, SqlExpr::Whole(MAX_FEE)]);
            // Databases ignore nulls in `LEAST` and `GREATEST`; the fee of a missing amount is missing.
            Ok(call.null_if_argument_missing(numbers::money(within.cast(SqlType::Whole))))
        }),
        trend: FunctionTrend::PerArgument(&[Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "iban_of_country",
        signatures: &[Signature::fixed(&[Type::Text, Type::Text], Type::Boolean)],
        doc: "Whether an IBAN is of a country (ISO 3166, two letters), whatever the case of the letters.",
        examples: &[("iban_of_country(\"be68 5390\", \"BE\")", "true")],
        kernel: Kernel::Row(|arguments| {
            Ok(match arguments {
                [Value::Text(iban), Value::Text(country)] => {
                    Value::Boolean(iban.to_uppercase().starts_with(&country.to_uppercase()))
                }
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Call(|call| {
            let [iban, country] = [0, 1].map(|index| SqlExpr::apply(SqlOp::Upper, [call.operand(index)]));
            Ok(SqlExpr::apply(SqlOp::StartsWith, [iban, country]))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
];

/// Adds the functions to the plugins.
pub fn register(plugins: &mut Plugins) {
    FUNCTIONS.iter().for_each(|function| plugins.add_function(function.clone()));
}

/// The fee in thousandths of the amount.
const FEE_PER_MILLE: i128 = 2;
/// The least fee, in 0.0001.
const MIN_FEE: i128 = 10_000;
/// The greatest fee, in 0.0001.
const MAX_FEE: i128 = 500_000;

/// The fee of an amount, both in 0.0001.
fn fee(amount: i128) -> EvalResult<i128> {
    let thousandths = amount.checked_mul(FEE_PER_MILLE).ok_or(Fault::Overflow)?;
    Ok(ops::divide_half_even(thousandths, 1_000).clamp(MIN_FEE, MAX_FEE))
}

fn with_iban(arguments: &[Value], give: impl Fn(&str) -> Value) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Text(text)] => give(&text.split_whitespace().collect::<String>().to_uppercase()),
        // The checker lets no other arguments through.
        _ => Value::Null,
    })
}

/// Whether an IBAN (country, two check digits, account) is valid: with the first four characters moved to the end and
/// letters read as 10 to 35, the number is 1 modulo 97.
fn is_valid(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    let well_formed = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    let digit = |byte: &u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 });
    let step = |rest: u32, value: u32| (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    well_formed && bytes[4..].iter().chain(&bytes[..4]).map(digit).fold(0, step) == 1
}
