//! Every function of the language that takes an array, a map, a text or a function, on large values: it works, and it
//! does not go on when the time of the call is over.

use std::time::Duration;

use rhai::{Array, Dynamic, Map, Scope};

use super::*;
use crate::call_clock::tests::with_ticks;

/// Items of the arrays and the map, and characters of the text.
const ITEMS: usize = 1_000;
const CHARACTERS: usize = 66_000;

/// Calls with the arrays `a` and `b` of numbers, the array `words`, the map `m`, the text `t` and the blob `bytes`.
const CALLS: &[&str] = &[
    // Arrays.
    "a.len() + len(a)",
    "a.is_empty() || a.is_empty",
    "a.get(999) + a.len",
    "a.set(5, 1)",
    "a.push(1)",
    "a.append(b)",
    "a + b",
    "a += b",
    "a.insert(0, 7)",
    "a.pad(4_000, b[0])",
    "a.pop() + a.shift() + a.remove(0)",
    "a.clear()",
    "a.truncate(500)",
    "a.chop(500)",
    "a.reverse()",
    "a.splice(0..10, b)",
    "a.extract(0..999)",
    "a.split(500)",
    "a.for_each(|n| this + n)",
    "a.map(|n| n + 1)",
    "a.filter(|n| n > 3)",
    "a.contains(-1)",
    "a.contains(b)",
    "a.index_of(-1)",
    "a.index_of(|n| n < 0)",
    "words.index_of(\"none\")",
    "a.find(|n| n < 0)",
    "a.find_map(|n| if n < 0 { n })",
    "a.some(|n| n < 0)",
    "a.all(|n| n >= 0)",
    "a.dedup()",
    "a.dedup(|x, y| x == y)",
    "a.reduce(|sum, n| (sum ?? 0) + n)",
    "a.reduce_rev(|sum, n| (sum ?? 0) + n)",
    "a.zip(b, |x, y| x + y)",
    "a.sort()",
    "words.sort_desc()",
    "a.sort(|x, y| y - x)",
    "a.sort_by(|x, y| x < y)",
    "a.sort(\"compared\")",
    "a.order()",
    "a.order(|x, y| y - x)",
    "a.order_by(|x, y| y - x)",
    "a.order_desc()",
    "a.drain(|n| n % 2 == 0)",
    "a.drain(0..500)",
    "a.retain(|n| n % 2 == 0)",
    "a.retain(0..500)",
    "a == b",
    "a != b",
    "max(t, t) + min(t, t)",
    "`${a}`",
    "a.to_string()",
    "a.to_debug()",
    "print(words)",
    "debug(words)",
    "let c = [a]; c.push(b); c == [a, b]",
    // Maps.
    "m.len() + m.keys().len()",
    "m.values()",
    "m.contains(\"k1\")",
    "m.remove(\"k1\")",
    "m.mixin(m)",
    "m.fill_with(m)",
    "m + m",
    "m == m",
    "m.map(|k| this)",
    "m.filter(|k| this > 3)",
    "m.drain(|k| this > 3)",
    "m.retain(|k| this > 3)",
    "m.to_json()",
    // Texts.
    "t + t",
    "t += words",
    "t -= \"a\"",
    "t.append(words)",
    "t.len() + t.bytes()",
    "for c in t.chars { c; }",
    "t.bytes",
    "t.remove(\"ab\")",
    "t.truncate(60_000)",
    "t.trim()",
    "t.pop(40_000)",
    "t.to_upper() + t.to_lower()",
    "t.make_upper()",
    "t.make_lower()",
    "t.contains(\"none\")",
    "t.starts_with(t) && t.ends_with(t)",
    "t.index_of(\"none\")",
    "t.index_of('x', -60_000)",
    "t.sub_string(10..60_000)",
    "t.crop(10, 60_000)",
    "t.replace(\"a\", \"b\")",
    "t.replace('a', 'b')",
    "t.pad(90_000, '.')",
    "t.pad(90_000, \"ab\")",
    "t.split()",
    "t.split(\"b\")",
    "t.split('b', 10)",
    "t.split_rev(\"b\")",
    "t.to_chars()",
    "t.to_blob()",
    "t + bytes",
    "parse_int(t)",
    "parse_float(t)",
    "parse_decimal(t)",
    "date(t)",
    "t.parse_int(16)",
    "for c in t.chars(10) { c; }",
    "for c in t { c; }",
    "lower(t) + upper(t) + trim(t)",
    "length(t)",
    "t == t && t < t",
    // Functions and ranges.
    "let f = |x| x; f.name() + f.name + f.is_anonymous + f.is_anonymous()",
    "let r = 0..9; r.contains(4) && r.is_empty() && r.start() + r.end() + r.is_inclusive() > 0 || r.is_exclusive()",
    "let r = 0..9; [r.start, r.end, r.is_inclusive, r.is_exclusive, r.is_empty]",
    "for n in range(0..9_000, 2) { n; }",
    "for bit in bits(5, 0..3) { bit; }",
];

/// Names that take such a value but look at one item of it, or at none.
const SHORT: [&str; 1] = ["get$bits"];

/// What a text of letters is not.
const REFUSED: [&str; 2] = ["is not a date", "error parsing"];

fn scope() -> Scope<'static> {
    let numbers: Array = (0..ITEMS as i64).map(Dynamic::from).collect();
    let words: Array = (0..ITEMS).map(|n| Dynamic::from(format!("w{n}"))).collect();
    let map: Map = (0..ITEMS as i64).map(|n| (format!("k{n}").into(), Dynamic::from(n))).collect();
    let mut scope = Scope::new();
    scope.push("a", numbers.clone()).push("b", numbers).push("words", words).push("m", map);
    scope.push("t", "abcd".repeat(CHARACTERS / 4)).push("bytes", rhai::Blob::from([65; ITEMS]));
    scope
}

/// Runs a call and a loop after it. Returns the error that ends them, and the steps taken.
fn ends(call: &str, tick: Duration) -> (String, u64) {
    let mut limits = ScriptLimits::default();
    limits.set("operations", 15_000).unwrap();
    let engine = engine(&limits, accolade_core::functions::all(), &[], true);
    let text = format!("fn compared(x, y) {{ y - x }}\n{call}; loop {{ 1; }}");
    let mut scope = scope();
    let ast = engine.compile_with_scope(&scope, text).unwrap_or_else(|error| panic!("{call}: {error}"));
    guard::begin(0);
    let run = || {
        let result = engine.eval_ast_with_scope::<Dynamic>(&mut scope, &ast);
        guard::end().and_then(|()| result.map(|_| ()))
    };
    let (result, steps) = with_ticks(tick, run);
    (crate::runtime_error::describe(&result.unwrap_err()).0, steps)
}

#[test]
fn no_function_goes_on_when_the_time_is_over() {
    for call in CALLS {
        let (why, steps) = ends(call, Duration::from_millis(600));
        let refused = REFUSED.iter().any(|refused| why.contains(refused));
        assert!(why.contains("more than 1000 ms") || refused, "{call}: {why}");
        // Text made of an array asks every item once more, in vain.
        assert!(steps <= 64 + ITEMS as u64 * 3, "{call}: {steps} steps");
    }
}

#[test]
fn every_function_can_be_called_with_large_values() {
    for call in CALLS {
        let (why, _) = ends(call, Duration::ZERO);
        let refused = REFUSED.iter().any(|refused| why.contains(refused));
        assert!(why.contains("too many steps") || refused, "{call}: {why}");
    }
}

#[test]
fn every_function_of_the_language_is_called() {
    let engine = engine(&ScriptLimits::default(), accolade_core::functions::all(), &[], true);
    let own: Vec<&str> = accolade_core::functions::all().iter().map(|f| f.name).collect();
    let large = ["array", "map", "string", "blob", "Fn", "Dynamic", "range"];
    let calls = CALLS.join("\n");
    for signature in engine.gen_fn_signatures(true) {
        let (name, parameters) = signature.split_once('(').unwrap();
        let parameters = parameters.split(')').next().unwrap_or("");
        let name = name.trim();
        let bare = name.strip_prefix("get$").unwrap_or(name);
        let called = calls.match_indices(bare).any(|(at, _)| {
            let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let is_name = word(bare.chars().next());
            !is_name || !word(calls[..at].chars().next_back()) && !word(calls[at + bare.len()..].chars().next())
        });
        let takes = parameters
            .split(", ")
            .filter_map(|p| p.split_once(": "))
            .any(|(_, ty)| large.iter().any(|l| ty.trim_start_matches("&mut ").trim_end_matches('=') == *l));
        assert!(called || !takes || SHORT.contains(&name) || own.contains(&name), "{signature}");
    }
}

#[test]
fn a_comparer_that_fails_ends_the_script() {
    let run = |text: &str| {
        let engine = engine(&ScriptLimits::default(), &[], &[], false);
        let run = engine.eval::<String>(text);
        run.unwrap_or_else(|error| crate::runtime_error::describe(&error).0)
    };
    let check = |text: &str, expected: &str| assert_eq!(run(text), expected, "{text}");
    check("let a = [3, 1, 2]; a.sort(|x, y| x - y); `${a}`", "[1, 2, 3]");
    check("let a = [3, 1, 2]; a.sort_by(|x, y| x > y); `${a}`", "[3, 2, 1]");
    check("let a = [\"bb\", \"a\", \"cc\", \"d\"]; a.sort(|x, y| x.len - y.len); `${a}`", r#"["a", "d", "bb", "cc"]"#);
    check("const A = [1.5, 0.5]; `${A.order(|x, y| x - y)}`", "[0.5, 1.5]");
    check("let a = [1, 1, 2, 1]; a.dedup(); `${a}`", "[1, 2, 1]");
    check("let a = [1, \"1\", 1]; a.dedup(); `${a}`", "[1, \"1\", 1]");
    check("let a = [1, 2, 4]; a.dedup(|x, y| x / 2 == y / 2); `${a}`", "[1, 2, 4]");
    check("let a = [3, 1]; a.sort(|x, y| x / 0); `${a}`", "division by zero: 1 / 0");
    check("let a = [3, 1]; a.dedup(|x, y| y / 0); `${a}`", "division by zero: 1 / 0");
    check(
        "let a = [3, 1]; a.sort(|x, y| \"first\"); `${a}`",
        "the function that compares gave a text, not a number or true or false",
    );
}

#[test]
fn a_text_that_is_split_or_filled() {
    let check = |text: &str, expected: &str| {
        let mut limits = ScriptLimits::default();
        limits.set("items", 5).unwrap();
        let run = engine(&limits, &[], &[], false).eval::<String>(text);
        assert_eq!(run.unwrap_or_else(|error| crate::runtime_error::describe(&error).0), expected, "{text}");
    };
    check("`${\"a-b-c\".split(\"-\")}`", r#"["a", "b", "c"]"#);
    check("`${\"a-b-c\".split('-', 2)}`", r#"["a", "b-c"]"#);
    check("`${\"a-b-c\".split_rev('-', 2)}`", r#"["c", "a-b"]"#);
    check("`${\"a-b-c\".split(\"-\", 0)}`", r#"["a-b-c"]"#);
    check("`${\"\".split(\"-\")}`", r#"[""]"#);
    check("`${\"a-b-c-d-e-f\".split(\"-\")}`", "it makes an array or a map too large; see `items` of `script_limits`");
    check("let t = \"ab\"; t.pad(5, \"xy\"); t", "abxyx");
    check("let t = \"ab\"; t.pad(5, \"\"); t", "`pad` cannot fill a text with an empty one");
    check("let t = \"ab\"; t.pad(2, \"\"); t", "ab");
    check("let t = \"ab\"; t.pad(-2, \"c\"); t", "ab");
}
