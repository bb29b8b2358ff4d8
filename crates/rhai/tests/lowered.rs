//! A lowered script has the same result as the interpreter for every record. Scripts and records are generated; the
//! records cause missing values, division by zero, overflow, rounding of decimals and floats that are nearly equal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generated;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use accolade_engine::frame::{array_of, value_at};
use accolade_engine::model::ReturnType;
use accolade_engine::script::{
    ModuleLoader, Script, ScriptExecution, ScriptField, ScriptHost, ScriptLimits, ScriptResult, ScriptTask, ScriptText,
};
use accolade_engine::{Type, Value, decimal, functions};
use accolade_parser::SourceId;
use accolade_rhai::RhaiHost;
use arrow::array::ArrayRef;
use proptest::prelude::*;

use generated::{FIELDS, Generator};

struct NoModules;

impl ModuleLoader for NoModules {
    fn load(&self, _: &str) -> Result<(SourceId, String), String> {
        Err("there are none".to_owned())
    }
}

/// A script as a host runs it by default, and as the interpreter alone runs it.
struct Both {
    script: Box<dyn Script>,
    interpreted: Box<dyn Script>,
}

fn both(text: &str, gives: &ScriptResult) -> Both {
    Both { script: prepare(&HOST, text, gives), interpreted: prepare(&INTERPRETING, text, gives) }
}

fn prepare(host: &RhaiHost, text: &str, gives: &ScriptResult) -> Box<dyn Script> {
    let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap()).collect();
    let functions = functions::all();
    let limits = ScriptLimits::default();
    let script = ScriptText { source: SourceId(0), text, offsets: &offsets };
    let task = ScriptTask {
        text: script,
        function: None,
        result: gives,
        limits: &limits,
        functions,
        declared: &[],
        called: &[],
        modules: &NoModules,
    };
    let field = |(name, ty): &(&str, Type)| ScriptField {
        name: (*name).to_owned(),
        ty: *ty,
        nullable: true,
        columns: Vec::new(),
    };
    let fields: Vec<ScriptField> = FIELDS.iter().map(field).collect();
    host.compile(&task, &fields).unwrap_or_else(|findings| panic!("{text}\n{:?}", findings))
}

/// Points as decimals, as the engine reads them.
fn as_decimal(value: &Value) -> Value {
    match value {
        Value::Integer(v) => Value::Decimal((*v).into()),
        Value::Number(v) => Value::Decimal(decimal::of_number(v.clamp(-1e15, 1e15)).unwrap()),
        other => other.clone(),
    }
}

/// Compares the two over columns and over single records.
fn check(
    Both { script, interpreted }: &Both,
    gives: &ScriptResult,
    text: &str,
    records: &[Vec<Value>],
) -> Result<(), TestCaseError> {
    let columns: Vec<ArrayRef> = FIELDS
        .iter()
        .enumerate()
        .map(|(i, (_, ty))| array_of(*ty, records.iter().map(|record| record[i].clone())))
        .collect();
    let customers = array_of(Type::Text, records.iter().map(|_| Value::text("K")));
    let one_by_one: Vec<_> = records.iter().map(|record| interpreted.call(&Value::text("K"), record)).collect();
    for (record, expected) in records.iter().zip(&one_by_one) {
        prop_assert_eq!(&script.call(&Value::text("K"), record), expected, "{}\nof {:?} alone", text, record);
    }
    let first_failure =
        one_by_one.iter().enumerate().find_map(|(row, result)| Some((row, result.as_ref().err()?.clone())));
    match (script.call_columns(&customers, &columns, records.len()), first_failure) {
        (Ok(column), None) => {
            for (row, result) in one_by_one.iter().enumerate() {
                let (lowered, interpreted) = (value_at(&column, row), result.as_ref().unwrap());
                if let ScriptExecution::Columns(expr) = script.execution() {
                    prop_assert!(expr.nullable || !lowered.is_null(), "{text}\nof {:?} gives nothing", records[row]);
                }
                let lowered = if let ScriptResult::Points = gives { as_decimal(&lowered) } else { lowered };
                prop_assert_eq!(&lowered, interpreted, "{}\nof {:?}", text, &records[row]);
            }
        }
        (Err(failed), Some(expected)) => prop_assert_eq!(failed, expected, "{}", text),
        (Ok(_), Some((row, failure))) => {
            prop_assert!(false, "{text}\nof {:?} should fail: {}", records[row], failure.message);
        }
        (Err((row, failure)), None) => {
            prop_assert!(false, "{text}\nof {:?} should not fail: {}", records[row], failure.message);
        }
    }
    Ok(())
}

/// Points, or a type that a function may be declared to return.
fn gives(seed: u64) -> ScriptResult {
    let value =
        |ty| ScriptResult::Value(ReturnType { ty, nullable: !seed.is_multiple_of(3), range: None, allowed: None });
    match seed % 7 {
        0 => value(Type::Money),
        1 => value(Type::Percent),
        2 => value(Type::Number),
        _ => ScriptResult::Points,
    }
}

/// Engines are built once.
static HOST: LazyLock<RhaiHost> = LazyLock::new(RhaiHost::default);
static INTERPRETING: LazyLock<RhaiHost> = LazyLock::new(RhaiHost::without_lowering);
static LOWERED: AtomicU32 = AtomicU32::new(0);
static ALL: AtomicU32 = AtomicU32::new(0);

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").map_or(400, |n| n.parse().unwrap()), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lowered_is_interpreted(seed in any::<u64>()) {
        let mut generator = Generator::new(seed);
        let text = generator.script();
        let records: Vec<Vec<Value>> = (0..24).map(|_| generator.record()).collect();
        let gives = gives(seed);
        let script = both(&text, &gives);
        if let ScriptExecution::Columns(_) = script.script.execution() {
            check(&script, &gives, &text, &records)?;
            // Each record on its own too, so that a failing one does not hide the others.
            for record in &records {
                check(&script, &gives, &text, std::slice::from_ref(record))?;
            }
            LOWERED.fetch_add(1, Ordering::Relaxed);
        }
        let all = ALL.fetch_add(1, Ordering::Relaxed) + 1;
        // The test is about scripts that are lowered, so most must be.
        prop_assert!(all < 100 || LOWERED.load(Ordering::Relaxed) * 2 > all, "{} of {all}", LOWERED.load(Ordering::Relaxed));
    }
}

/// Missing values in places where the language has a result of its own.
#[test]
fn what_is_missing_is_missing_in_both() {
    let record = |b: Value| -> Vec<Value> {
        FIELDS.iter().map(|(name, _)| if *name == "b" { b.clone() } else { Value::Null }).collect()
    };
    for text in [
        "switch b { true | false => 1, _ => 2 }",
        "let z = (b ?? true) && b; if z == () { 1 } else { 2 }",
        "let z = true || b; if z { 1 } else { 2 }",
        "if t.length() == () { 1 } else { 2 }",
        "band(i ?? 9, 0, 1, 4)",
        "if d == e { 1 } else { 2 }",
        "if b == true { 1 } else if b != true { 2 } else { 3 }",
    ] {
        let script = both(text, &ScriptResult::Points);
        assert!(matches!(script.script.execution(), ScriptExecution::Columns(_)), "{text}");
        for b in [Value::Null, Value::Boolean(true), Value::Boolean(false)] {
            check(&script, &ScriptResult::Points, text, &[record(b)]).unwrap();
        }
    }
}

/// Lowering takes a bounded time, however the branches of a script multiply.
#[test]
fn lowering_ends() {
    let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let doubled = many(25, &|k| format!("let a{} = a{k} + a{k}; ", k + 1));
    for text in [
        many(30, &|k| format!("if i == {k} {{ if n == 1.0 {{ return 1; }} }}\n")) + "2",
        many(1000, &|k| format!("if i == {k} {{ return 1; }}\n")) + "2",
        format!("let y = {{ let a0 = i + 1; {doubled} a25 }}; y"),
        format!("{}1{}", "switch i { 1 => 2, _ => ".repeat(18), " }".repeat(18)),
    ] {
        let started = std::time::Instant::now();
        let script = prepare(&HOST, &text, &ScriptResult::Points);
        assert!(started.elapsed().as_secs() < 20, "{} took {:?}", &text[..40], started.elapsed());
        let records = [FIELDS
            .iter()
            .map(|_| Value::Integer(1))
            .take(1)
            .chain(FIELDS.iter().skip(1).map(|_| Value::Null))
            .collect()];
        let script = Both { script, interpreted: prepare(&INTERPRETING, &text, &ScriptResult::Points) };
        check(&script, &ScriptResult::Points, &text, &records).unwrap();
    }
}

#[test]
fn what_is_lowered_and_why_not() {
    let host = RhaiHost::default();
    let lowered = |text: &str| match prepare(&host, text, &ScriptResult::Points).execution() {
        ScriptExecution::Columns(_) => "columns".to_owned(),
        ScriptExecution::Interpreted(why, _) => why.to_owned(),
    };
    for text in [
        "i",
        "m / (m2 + 1) * 10",
        "let points = switch t { \"a\" | \"b\" => 8, \"c\" => 6, _ => 3 };\nif i >= 8 { points += 2; } else if i <= 3 { points -= 2; }\npoints",
        "if d == () { return (); }\nband(days_between(d, e), 10, 30, 5, 90, 1)",
        "switch i { 1..5 => 2, 5..=9 if b => 3, _ => 4 }",
        "let x = if n > 0.5 { 2 } else { 1 }; { let y = x * 2; x = y + 1; } clamp(x, 0, 10)",
        "if t in [\"a\", \"b\"] && !(i in [1, 2]) { 10 } else { d.year - 2020 }",
        "linear(m, 0, 20_000, 0, 10)",
        "(n ?? 0.5) * 2.0",
        "if t.contains(\"a\") { 1 } else { 0 }",
    ] {
        assert_eq!(lowered(text), "columns", "{text}");
    }
    for (text, why) in [
        ("let s = 0; for x in 0..3 { s += x; } s", "a loop"),
        ("fn f(x) { x } f(i)", "it calls `f`, a function of its own"),
        ("let a = [1]; a[0]", "an array or a map"),
        ("let x = 1; if b { x = 2.5; } x", "a value that is sometimes number, sometimes integer"),
        ("i ** 2", "the operator `**`"),
        ("print(t); 1", "it calls `print`"),
        ("i + 1; 1", "a statement whose value is not used"),
        ("if `${i}` == \"1\" { 1 } else { 0 }", "an interpolated text"),
    ] {
        assert_eq!(lowered(text), why, "{text}");
    }
}
