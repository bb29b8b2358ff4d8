//! Results of scripts, errors found before they run, and the limits that stop hostile scripts.

use accolade_core::functions;
use accolade_core::model::{ReturnType, Type, Value};
use accolade_core::script::{ModuleLoader, ScriptFailure, ScriptResult, ScriptText};
use accolade_parser::SourceId;
use rust_decimal::Decimal;

use super::*;

/// Modules by path.
struct InMemoryModules(&'static [(&'static str, &'static str)]);

impl ModuleLoader for InMemoryModules {
    fn load(&self, path: &str) -> Result<(SourceId, String), String> {
        let found = self.0.iter().position(|(name, _)| *name == path);
        let index = found.ok_or_else(|| "there is no such file".to_owned())?;
        Ok((SourceId(index as u32 + 1), self.0[index].1.to_owned()))
    }
}

fn prepared(
    text: &str,
    function: Option<&str>,
    gives: &ScriptResult,
    fields: &[(&str, Type)],
    modules: &'static [(&'static str, &'static str)],
) -> Result<Box<dyn Script>, String> {
    let mut limits = ScriptLimits::default();
    limits.set("operations", 100_000_000).unwrap();
    limits.set("milliseconds", 2_000).unwrap();
    prepared_with(text, function, gives, fields, modules, &limits)
}

fn prepared_with(
    text: &str,
    function: Option<&str>,
    gives: &ScriptResult,
    fields: &[(&str, Type)],
    modules: &'static [(&'static str, &'static str)],
    limits: &ScriptLimits,
) -> Result<Box<dyn Script>, String> {
    let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap()).collect();
    let functions = functions::all();
    let modules = InMemoryModules(modules);
    let text = ScriptText { source: SourceId(0), text, offsets: &offsets };
    let task =
        ScriptTask { text, function, result: gives, limits, functions, declared: &[], called: &[], modules: &modules };
    let shown = |d: Diagnostics| {
        let d = &d[0];
        format!("{}: {} at {} {}", d.code, d.message, d.labels[0].span.start, d.help.join(" "))
    };
    let host = RhaiHost::default();
    let field = |(name, ty): &(&str, Type)| ScriptField {
        name: (*name).to_owned(),
        ty: *ty,
        nullable: true,
        columns: Vec::new(),
    };
    let fields: Vec<ScriptField> = fields.iter().map(field).collect();
    if function.is_none() {
        let names: Vec<AvailableInput> =
            fields.iter().map(|f| AvailableInput { name: f.name.clone(), columns: None }).collect();
        host.used_inputs(&task, &names).map_err(shown)?;
    }
    host.compile(&task, &fields).map_err(shown)
}

fn run(text: &str, value: Value, ty: Type) -> Result<Value, String> {
    let failed = |failure: ScriptFailure| format!("{} at {:?}", failure.message, failure.at.map(|at| at.start));
    prepared(text, None, &ScriptResult::Points, &[("x", ty)], &[])?.call(&Value::text("K1"), &[value]).map_err(failed)
}

fn check(text: &str, value: Value, ty: Type, expected: Result<&str, &str>) {
    let got = run(text, value, ty);
    match (&got, expected) {
        (Ok(Value::Null), Ok(expected)) => assert_eq!("missing", expected, "{text}"),
        (Ok(Value::Decimal(got)), Ok(expected)) => {
            assert_eq!(*got, expected.parse::<Decimal>().unwrap(), "{text}: {got}");
        }
        // One of several messages, where any of several limits may be reached first.
        (Err(got), Err(expected)) => assert!(expected.split(" or ").any(|e| got.contains(e)), "{text}: {got}"),
        _ => panic!("{text}: {got:?}, expected {expected:?}"),
    }
}

#[test]
fn a_script_gives_a_number_or_nothing() {
    check("x + 1", Value::Integer(2), Type::Integer, Ok("3"));
    check("if x == () { () } else { 1 }", Value::Null, Type::Integer, Ok("missing"));
    check("x * 2", Value::Money(12_500), Type::Money, Ok("2.5"));
    check("if x == \"a\" { 1.5 } else { 0.0 }", Value::text("a"), Type::Text, Ok("1.5"));
    check("x", Value::text("a"), Type::Text, Err("it gave a text, not a number"));
    check("x / 0.0", Value::Number(1.0), Type::Number, Err("not finite"));
    check("x / 0", Value::Integer(1), Type::Integer, Err("division by zero: 1 / 0 at Some(0)"));
    let too_large = "E0603: the number is too large";
    check("1e400", Value::Null, Type::Integer, Err(too_large));
    check("if x > 1 { -1e400 } else { 1.0 }", Value::Integer(2), Type::Integer, Err(too_large));
    check("if x < 1e400 { 1 } else { 2 }", Value::Integer(2), Type::Integer, Err(too_large));
    check("fn most() { 1e400 } if x < most() { 1 } else { 2 }", Value::Integer(2), Type::Integer, Err(too_large));
    check("if x > 1 { 1e308 * 10.0 } else { 1.0 }", Value::Integer(2), Type::Integer, Err("not finite"));
}

#[test]
fn a_number_that_is_not_finite_is_not_a_result_in_a_column_either() {
    let script = prepared("x * 1e308", None, &ScriptResult::Points, &[("x", Type::Integer)], &[]).unwrap();
    let column = |value| accolade_core::frame::array_of(Type::Integer, std::iter::once(value));
    let (keys, column) = (column(Value::Integer(1)), column(Value::Integer(20)));
    let (row, failure) = script.call_columns(&keys, &[column], 1).unwrap_err();
    assert_eq!((row, failure.message.as_str()), (0, "it gave a number that is not finite"));
}

#[test]
fn a_name_of_the_script_hides_a_field() {
    let read = |text: &str, expected: &str| {
        let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap()).collect();
        let (limits, modules) = (ScriptLimits::default(), InMemoryModules(&[]));
        let source = ScriptText { source: SourceId(0), text, offsets: &offsets };
        let functions = functions::all();
        let task = ScriptTask {
            text: source,
            function: None,
            result: &ScriptResult::Points,
            limits: &limits,
            functions,
            declared: &[],
            called: &[],
            modules: &modules,
        };
        let names = ["n", "points", "score"].map(|name| AvailableInput { name: name.to_owned(), columns: None });
        let used = RhaiHost::default().used_inputs(&task, &names).unwrap();
        assert_eq!(used.into_iter().map(|input| input.name).collect::<Vec<_>>().join(" "), expected, "{text}");
    };
    read("let points = 0; if n > 3 { points += 4; } points", "n");
    read("let score = 1; score + n", "n");
    read("const score = 1; score + n", "n");
    read("fn twice(score) { score *= 2; score } twice(n)", "n");
    read("let f = |points| points + 1; f.call(n)", "n");
    read("let sum = 0; for score in 0..3 { sum += score; } sum + n", "n");
    read("try { n / 0 } catch (score) { print(score); 1 }", "n");
    // The field itself is read before the name hides it, outside its block, or for its first value.
    read("let x = score; let score = 1; x + score", "score");
    read("if n > 1 { let points = 2; n += 0 * points; } points".replace("n += 0 * points; ", "").as_str(), "n points");
    read("let score = score + 1; score", "score");
    read("fn twice(score) { score * 2 } twice(score)", "score");
}

#[test]
fn money_and_floats_meet_as_decimals() {
    check("x * 0.1", Value::Money(30_000), Type::Money, Ok("0.3"));
    check("if x * 3 == 0.3 { 1 } else { 0 }", Value::Money(1_000), Type::Money, Ok("1"));
    check("if 0.25 < x { 1 } else { 0 }", Value::Money(2_500), Type::Money, Ok("0"));
    check("x / 3.0 - 1", Value::Money(60_000), Type::Money, Ok("1"));
    check("x * (1.0 / 0.0)", Value::Money(1), Type::Money, Err("not finite"));
}

#[test]
fn dates_have_what_one_expects_of_them() {
    let day = Value::Date(20_454); // 2026-01-01
    for (text, expected) in [
        ("x - date(\"2025-12-31\")", "1"),
        ("(x + 31).month", "2"),
        ("x.add_months(-1).day", "1"),
        ("x.weekday", "4"),
        ("if x >= date(\"2026-01-01\") && x < date(\"2026-01-02\") { x.year } else { 0 }", "2026"),
        ("days_between(date(\"2025-12-01\"), x)", "31"),
        ("if `${x}` == \"2026-01-01\" { 1 } else { 0 }", "1"),
    ] {
        check(text, day.clone(), Type::Date, Ok(expected));
    }
    check("x + 9_000_000_000", day.clone(), Type::Date, Err("beyond the calendar"));
    check("x - date(\"2025-13-31\")", day, Type::Date, Err("is not a date"));
}

#[test]
fn helpers_are_those_of_the_expression_language() {
    check("band(x, 1, 1_000, 4, 10_000, 7)", Value::Money(100_000_000), Type::Money, Ok("7"));
    check("band(x, 1, 1_000, 4, 10_000, 7)", Value::Money(99_999_999), Type::Money, Ok("4"));
    check("linear(x, 0, 20_000, 0, 10)", Value::Money(50_000_000), Type::Money, Ok("2.5"));
    check("clamp(x, 0, 10)", Value::Integer(12), Type::Integer, Ok("10"));
    check("if between(x, 0.5, 1) { 1 } else { 0 }", Value::Number(0.5), Type::Number, Ok("1"));
    check("linear(x, 0, 10)", Value::Null, Type::Integer, Ok("missing"));
    check("round(x)", Value::Number(2.5), Type::Number, Ok("2"));
    check("linear(x, 10, 0)", Value::Integer(1), Type::Integer, Err("in `linear`"));
}

#[test]
fn mistakes_are_found_before_any_record_is_read() {
    let finds = |text: &str, expected: &str| check(text, Value::Null, Type::Integer, Err(expected));
    finds("let a = 1;\nxx + a", "E0603: the script reads `xx`, which is neither a field nor a variable at 11");
    finds("let xy = 1;\nxyy", "reads `xyy`");
    finds("x +", "has an error");
    finds("x = 1; x", "changes `x`, which is given to it");
    finds("clmp(x, 0, 1)", "calls `clmp`, which is not a function at 0 did you mean `clamp`?");
    finds("fn twice(a) { a * 2 }\ntwice(x, 1)", "takes 1 argument, not 2 at 22");
    finds("if x > 1 { \"high\" } else { 1 }", "E0605: the script gives a text here, not a number at 11");
    finds("if x > 1 { return x > 2; }\n1", "gives true or false here, not a number");
    finds("eval(\"1\")", "E0603");
    finds("timestamp()", "not a function");
    finds("import x as b; 1", "cannot be computed");
    finds("import \"nowhere\" as b; 1", "cannot be imported: there is no such file at 0");
}

#[test]
fn modules_are_read_and_checked_with_the_script() {
    let with = |text: &str, modules| {
        let script = prepared(text, None, &ScriptResult::Points, &[("x", Type::Integer)], modules)?;
        script.call(&Value::Null, &[Value::Integer(4)]).map_err(|failure| failure.message)
    };
    let twice = "import \"lib/twice\" as t; t::twice(x)";
    assert_eq!(with(twice, &[("lib/twice", "fn twice(a) { a * 2 }")]), Ok(Value::Decimal(8.into())));
    let nested =
        &[("lib/twice", "import \"more\" as m; fn twice(a) { m::plus(a, a) }"), ("more", "fn plus(a, b) { a + b }")];
    assert_eq!(with(twice, nested), Ok(Value::Decimal(8.into())));
    let wrong = |modules, expected: &str| {
        let got = with(twice, modules).unwrap_err();
        assert!(got.contains(expected), "{got}");
    };
    wrong(&[("lib/twice", "fn twice(a) { a * b }")], "reads `b`");
    wrong(&[("lib/twice", "fn twice(a) { doubled(a) }")], "calls `doubled`");
    wrong(&[("lib/twice", "import \"lib/twice\" as t; fn twice(a) { a }")], "modules import each other");
    wrong(&[("lib/twice", "fn twice(a) { a / 0 }")], "(in module `lib/twice`, line 1)");
}

#[test]
fn functions_take_arguments_and_give_a_declared_type() {
    let returns = |ty, nullable| ScriptResult::Value(ReturnType { ty, nullable, range: None, allowed: None });
    let call = |text: &str, gives: &ScriptResult, value: Value| {
        let script = prepared(text, Some("f"), gives, &[("a", Type::Integer)], &[])?;
        script.call(&Value::Null, &[value]).map_err(|failure| failure.message)
    };
    let text = "fn f(a) { if a > 1 { \"many\" } else { \"few\" } }";
    assert_eq!(call(text, &returns(Type::Text, false), Value::Integer(2)), Ok(Value::text("many")));
    let wrong = |text: &str, gives: ScriptResult, expected: &str| {
        let got = call(text, &gives, Value::Integer(2)).unwrap_err();
        assert!(got.contains(expected), "{got}");
    };
    wrong(text, returns(Type::Integer, false), "E0605: the script gives a text here, not an integer at 21");
    wrong("fn f(a) { () }", returns(Type::Integer, false), "gives nothing here");
    wrong("fn f(a) { a.len() }", returns(Type::Integer, false), "`len` does not take an integer");
    wrong("fn f(b) { b }", returns(Type::Integer, false), "the argument `b` of `f` is declared as `a`");
    wrong("fn g(a) { a }", returns(Type::Integer, false), "defines no function `f` of 1 argument");
    wrong("fn f(a) { a * 0.5 }", returns(Type::Integer, false), "it gave a number, not an integer");
    assert_eq!(call("fn f(a) { a * 0.5 }", &returns(Type::Money, false), Value::Integer(3)), Ok(Value::Money(15_000)));
    assert_eq!(call("fn f(a) { () }", &returns(Type::Integer, true), Value::Integer(3)), Ok(Value::Null));
}

#[test]
fn hostile_scripts_end_in_an_error() {
    let ends = |text: &str, expected: &str| check(text, Value::Integer(1), Type::Integer, Err(expected));
    ends("let a = x; loop { a += 1 }", "2000 ms");
    ends("let s = \"aaaaaaaa\"; loop { s += s }", "a text too long");
    ends("fn f(n) { f(n + 1) } f(x)", "too deeply");
    ends("let a = []; loop { a.push(x) }", "an array or a map too large or 2000 ms");
    ends("let a = [1]; loop { a.push(a) }", "an array or a map too large");
    ends("let a = [1]; loop { a += a }", "an array or a map too large");
    ends("let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; }", "64 MB or 2000 ms");
    ends(
        "let s = \"a\"; s.pad(60_000, 'b'); let m = #{}; let i = 0; loop { m[`${i}`] = s + i; i += 1; }",
        "64 MB or 2000 ms",
    );
    ends("let m = #{}; loop { m[\"a\"] = m; m[\"b\"] = m; }", "an array or a map too large");
    ends(
        "let a = []; a.pad(50_000, 0); let i = 0; let s = \"a\"; s.pad(60_000, 'b'); loop { a[i] = s + i; i += 1; }",
        "64 MB or 2000 ms",
    );
    ends("let n = 0; for i in 0..9_000_000_000_000_000_000 { n += 1; }", "2000 ms");
    ends("let s = \"a\"; s.pad(9_000_000_000, 'b'); 1", "a text too long");
    ends("let a = []; a.pad(9_000_000_000, 0); 1", "an array or a map too large");
    ends(
        "fn f(a, n) { let m = #{}; let s = \"a\"; s.pad(60_000, 'b'); for i in 0..400 { m[`${i}`] = s + i; } f(m, n + 1) } f(#{}, 0)",
        "64 MB or 2000 ms",
    );
    ends("let s = \"a\"; s.pad(9, \"\"); 1", "cannot fill a text with an empty one");
    ends("let a = [1]; loop { a = [a]; }", "nested more than 200 deep");
    ends("let a = []; a.pad(2_000, 1); const B = a; const C = a; loop { B.map(|i| C.map(|j| j)); }", "2000 ms");
    ends("let a = [x]; loop { a = [a]; }", "nested more than 200 deep");
    ends("let a = []; a.pad(90_000, 1); try { loop { a.sort(|x, y| 1 - 2); } } catch { 1 }", "2000 ms");
    ends(&format!("{}x{}", "(".repeat(500), ")".repeat(500)), "E0603");
}

/// Items that a function compares or passes to a closure count as steps.
#[test]
fn steps_are_counted_in_functions_too() {
    let mut limits = ScriptLimits::default();
    limits.set("operations", 20_000).unwrap();
    limits.set("milliseconds", 60_000).unwrap();
    let stops = |text: &str| {
        let script = prepared_with(text, None, &ScriptResult::Points, &[("x", Type::Integer)], &[], &limits);
        let message = script.unwrap().call(&Value::Null, &[Value::Integer(1)]).unwrap_err().message;
        assert_eq!(message, "it takes too many steps; see `operations` of `script_limits`", "{text}");
    };
    let made = "let a = []; a.pad(5_000, x);";
    stops(&format!("{made} let t = 0; for i in 0..20 {{ if a.contains(2) {{ t += 1; }} }} t"));
    stops(&format!("{made} let b = a; for i in 0..20 {{ if a != b {{ return 1; }} }} 2"));
    stops(&format!("{made} const B = a; a.map(|i| B.contains(2)); 1"));
    stops(&format!("{made} a.sort(|i, j| 0); 1"));
    stops(&format!("{made} for i in 0..20 {{ a.dedup(|i, j| false); }} 1"));
}

#[test]
fn the_end_that_was_reached_is_known() {
    let line = |text: &str, value: i64| {
        let script = prepared(text, None, &ScriptResult::Points, &[("x", Type::Integer)], &[]).unwrap();
        let at = script.returned_at(&Value::Null, &[Value::Integer(value)]).unwrap();
        text[..at.start as usize].matches('\n').count() + 1
    };
    let text = "if x < 0 {\n  return 1;\n}\nlet y = x +\n  1;\nif y > 5 {\n  y * 2\n} else {\n  switch y {\n    1 => 4,\n    2 => (y + 1) * 2,\n    _ => -3\n  }\n}";
    for (value, expected) in [(-1, 2), (9, 7), (0, 10), (1, 11), (3, 12)] {
        assert_eq!(line(text, value), expected, "{value}");
    }
    assert_eq!(line("let y = x;\nclamp(y, 0, 10)", 3), 2);
    assert_eq!(line("let y = x;\ny", 3), 2);
    let script = prepared(
        "fn f(x) {\n  if x > 1 { 5 } else {\n 6 }\n}",
        Some("f"),
        &ScriptResult::Points,
        &[("x", Type::Integer)],
        &[],
    );
    assert_eq!(script.unwrap().returned_at(&Value::Null, &[Value::Integer(0)]).unwrap().start, 35);
}
