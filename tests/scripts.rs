//! Scripts as their writers meet them: three ways to write one, what goes wrong, and what they cannot do.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::{Cli, CommandOutput, accolade, shop};

/// A folder with a rule set of one scripted criterion and one rule without.
struct ScriptFolder {
    folder: TempDir,
}

impl ScriptFolder {
    /// `top` goes before the sources. `criterion` is the YAML of the entries that define its points.
    fn new(top: &str, criterion: &str) -> ScriptFolder {
        let folder = tempfile::tempdir().unwrap();
        let criterion = criterion.replace('\n', "\n        ");
        let rules = format!(
            "accolade: 1
as_of: 2026-01-01
{top}
sources:
  customers:
    file: customers.csv
    key: customer_id
    columns: {{customer_id: text, sector: text?, size: integer?, since: date?}}
  orders:
    file: orders.csv
    customer: customer_id
    date: order_date
    columns: {{customer_id: text, order_date: date, amount: money, note: text?}}
profile:
  quantitative:
    revenue: sum(orders.amount)
rules:
  class: {{kind: abc, by: revenue, classes: {{A: top 80%, C: rest}}}}
  rating:
    kind: rating
    scale: 0..10
    missing: zero
    criteria:
      fit:
        weight: 100%
        {criterion}
"
        );
        ScriptFolder { folder }
            .with("rules.yaml", &rules)
            .with("customers.csv", "customer_id,sector,size,since\nK1,food,3,2020-02-29\nK2,,0,\n")
            .with(
                "orders.csv",
                "customer_id,order_date,amount,note\nK1,2025-03-01,100.50,\nK1,2024-02-01,20,big\nK2,2025-01-01,-5,\n",
            )
    }

    /// A trial whose criterion is this script, written in the rule file.
    fn inline(script: &str) -> ScriptFolder {
        ScriptFolder::new("", &block(script))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn with(self, name: &str, text: &str) -> ScriptFolder {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> CommandOutput {
        accolade(self.path(), arguments)
    }

    /// The ratings of both customers.
    #[track_caller]
    fn ratings(&self) -> Vec<String> {
        self.run(&["run", "rules.yaml", "-o", "out.csv"]).says(0, &["2 customers rated"]);
        let text = std::fs::read_to_string(self.path().join("out.csv")).unwrap();
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
        let header = lines.next().unwrap();
        let column = header.iter().position(|name| *name == "rating").unwrap();
        lines.map(|line| line[column].to_owned()).collect()
    }

    #[track_caller]
    fn finds(&self, parts: &[&str]) {
        self.run(&["check", "rules.yaml"]).says(1, parts);
        // Nothing is rated by rules that do not check.
        self.run(&["run", "rules.yaml"]).says(1, parts);
    }
}

fn block(script: &str) -> String {
    format!("script: |\n  {}", script.replace('\n', "\n  "))
}

#[test]
fn a_script_is_a_block_a_file_or_a_function() {
    let script = "if sector == \"food\" { size * 2 } else { 1 }";
    assert_eq!(ScriptFolder::inline(script).ratings(), ["6.00", "1.00"]);
    assert_eq!(ScriptFolder::new("", "script: s/fit.rhai").with("s/fit.rhai", script).ratings(), ["6.00", "1.00"]);
    let functions = "functions:
  fit:
    script: fit.rhai
    arguments: {sector: text?, size: integer}
    returns: integer 0..10";
    let function = "fn fit(sector, size) { if sector == \"food\" { size * 2 } else { 1 } }";
    let trial = ScriptFolder::new(functions, "value: fit(sector, size)").with("fit.rhai", function);
    assert_eq!(trial.ratings(), ["6.00", "1.00"]);
    // In a metric as in a criterion.
    let rules = std::fs::read_to_string(trial.path().join("rules.yaml")).unwrap();
    let rules = rules.replace("value: fit(sector, size)", "value: fitting");
    let rules = rules.replace("(orders.amount)\n", "(orders.amount)\n    fitting: fit(sector, size) + 1\n");
    assert_eq!(trial.with("rules.yaml", &rules).ratings(), ["7.00", "2.00"]);
}

#[test]
fn scripts_see_dates_money_rows_and_missing_values() {
    let cases = [
        ("since.year - 2015", ["5.00", "0.00"], "since ?? date(\"2015-01-01\")"),
        ("days_between(since, as_of) / 1000", ["2.00", "0.00"], "since ?? as_of"),
    ];
    for (script, ratings, since) in cases {
        let script = format!("let since = {since};\n{}", script);
        assert_eq!(ScriptFolder::inline(&script).ratings(), ratings, "{script}");
    }
    assert_eq!(ScriptFolder::inline("revenue / 50.2 * 2").ratings(), ["4.800797", "0.00"]);
    assert_eq!(ScriptFolder::inline("if sector == () { () } else { 7 }").ratings(), ["7.00", "0.00"]);
    // Money is a decimal, which every function of numbers takes.
    assert_eq!(ScriptFolder::inline("ceil(revenue / 50) + log10(revenue - revenue + 100)").ratings(), ["5.00", "2.00"]);
    // In the order of their dates, with the columns that are read.
    let rows =
        "let points = 0;\nfor order in orders { points = points * 3 + if order.note == () { 1 } else { 2 } }\npoints";
    assert_eq!(ScriptFolder::inline(rows).ratings(), ["7.00", "1.00"]);
}

#[test]
fn modules_stay_in_the_folder_of_the_rule_file() {
    let script = "import \"lib/common\" as common;\ncommon::twice(size)";
    let trial = ScriptFolder::inline(script).with("lib/common.rhai", "fn twice(x) { x * 2 }");
    assert_eq!(trial.ratings(), ["6.00", "0.00"]);
    for path in ["../lib/common", "/etc/passwd", "lib/../../x", ""] {
        let script = format!("import \"{path}\" as common;\ncommon::twice(size)");
        ScriptFolder::inline(&script).finds(&["E0606", "rules.yaml:"]);
    }
    ScriptFolder::inline("let p = \"lib/common\";\nimport p as common;\n1").finds(&["E0606", "cannot be computed"]);
}

#[test]
fn mistakes_are_pointed_at_in_the_block_and_in_the_file() {
    let cases = [
        ("let a = 1;\nrevenu + a", "E0603", "revenu + a", "did you mean `revenue`?", 2),
        ("let a = 1;\n\na + * 2", "E0603", "a + * 2", "the script has an error", 3),
        ("let a = claamp(size, 0, 10);\na", "E0603", "claamp", "did you mean `clamp`?", 1),
        (
            "let n = 0;\nfor o in orders { if o.amont > 3 { n += 1; } }\nn",
            "E0603",
            "o.amont",
            "did you mean `amount`?",
            2,
        ),
        ("if size > 3 {\n  \"many\"\n} else {\n  2\n}", "E0605", "\"many\"", "text", 2),
    ];
    for (script, code, shown, says, line) in cases {
        // The block begins after line 26 of the rule file.
        ScriptFolder::inline(script).finds(&[code, shown, says, &format!("rules.yaml:{}:", 26 + line)]);
        let trial = ScriptFolder::new("", "script: fit.rhai").with("fit.rhai", script);
        trial.finds(&[code, shown, says, &format!("fit.rhai:{line}:")]);
    }
}

#[test]
fn a_failing_script_names_its_line_the_customer_and_what_it_read() {
    let trial = ScriptFolder::new("", "script: fit.rhai").with("fit.rhai", "let parts = size;\n12 / parts\n");
    trial.run(&["check", "rules.yaml"]).says(0, &["ok"]);
    let said = trial.run(&["run", "rules.yaml"]).says(2, &["E0712", "fit.rhai:2:", "K2", "size", "division by zero"]);
    // Other rules report all the same.
    let said = said.says(2, &["class", "customers"]);
    assert!(said.out.contains(" A "), "{}", said.out);
    // A file that is there stays as it was.
    let trial = trial.with("out.csv", "before\n");
    trial.run(&["run", "rules.yaml", "-o", "out.csv"]).says(2, &["E0712"]);
    assert_eq!(std::fs::read_to_string(trial.path().join("out.csv")).unwrap(), "before\n");
    // Standard output gets nothing, though the customers before K2 can be rated.
    let said = trial.run(&["run", "rules.yaml", "-o", "-"]).says(2, &["E0712", "K2"]);
    assert_eq!(said.out, "");
}

#[test]
fn missing_values_are_named_as_such() {
    let cases = [
        ("size + 1 * size.abs() + since.year", "reads a property of a missing value"),
        ("since + 1;\n1", "`+` does not take a missing value; test it with `== ()`"),
        ("if size > 0 || since == () && sector { 1 } else { 2 }", "a value that must be true or false is missing"),
        (
            "let n = 0; for o in orders { o.size = 2; n += o.size + o.note.len() }\nn",
            "`len` does not take a missing value",
        ),
        ("if size { 1 } else { 2 }", "a value that must be true or false is an integer"),
        ("days(as_of, 3)", "`days` does not take a date and an integer"),
        ("size + \"a\" - 1", "`-` does not take a text and an integer"),
    ];
    for (script, says) in cases {
        ScriptFolder::inline(script).run(&["run", "rules.yaml"]).says(2, &["E0712", "rules.yaml:27:", says]);
    }
}

#[test]
fn what_scripts_print_is_heard_only_on_request() {
    let trial = ScriptFolder::inline("print(`size ${size}`);\ndebug(sector);\n1");
    let quiet = trial.run(&["run", "rules.yaml"]).exits(0).output();
    assert!(!quiet.contains("size 3"), "{quiet}");
    let traced = trial.run(&["run", "rules.yaml", "--trace-scripts"]).exits(0);
    for part in ["K1", "K2", "size 3", "size 0", "\"food\""] {
        assert!(traced.err.contains(part), "{part}: {}", traced.err);
    }
    assert!(!traced.out.contains("size 3"));
}

#[test]
fn check_says_how_a_script_is_run_and_explain_where_it_returned() {
    let trial = ScriptFolder::inline("if size > 2 {\n  return 8;\n}\n3");
    trial.run(&["check", "--verbose", "rules.yaml"]).says(0, &["rating.fit: over whole columns"]);
    let looping = ScriptFolder::inline("let n = 0;\nfor order in orders { n += 1 }\nn");
    looping.run(&["check", "--verbose", "rules.yaml"]).says(0, &["rating.fit: record by record", "rows of `orders`"]);
    trial.run(&["explain", "rules.yaml", "--customer", "K1"]).says(0, &["size 3", "8.00", "rules.yaml:28"]);
    trial.run(&["explain", "rules.yaml", "--customer", "K2"]).says(0, &["size 0", "3.00", "rules.yaml:30"]);
    looping.run(&["explain", "rules.yaml", "--customer", "K1"]).says(0, &["orders 2 rows", "2.00", "rules.yaml:29"]);
}

#[test]
fn limits_are_set_in_the_rule_file_within_hard_maxima() {
    let sum = block("let n = 0;\nfor order in orders { n += 1 }\nn");
    assert_eq!(ScriptFolder::new("script_limits: {rows: 2}", &sum).ratings(), ["2.00", "1.00"]);
    let few = ScriptFolder::new("script_limits: {rows: 1}", &sum);
    few.run(&["run", "rules.yaml"]).says(2, &["E0712", "K1", "2 rows of `orders`", "script_limits"]);
    ScriptFolder::new("script_limits: {row: 1}", &sum).finds(&["E0101", "did you mean `rows`?"]);
    ScriptFolder::new("script_limits: {memory: 100000}", &sum).finds(&["E0508", "at most"]);
    ScriptFolder::new("script_limits: {operations: 0}", &sum).finds(&["E0508", "at least 1"]);
    let short =
        ScriptFolder::new("script_limits: {operations: 50}", &block("let n = 0;\nwhile n < 1000 { n += 1 }\nn"));
    short.run(&["run", "rules.yaml"]).says(2, &["E0712", "operations"]);
    let deep = ScriptFolder::new(
        "script_limits: {expression_depth: 5}",
        &block("((((((((size + 1) + 1) + 1) + 1) + 1) + 1)))"),
    );
    deep.finds(&["E0603", "complex"]);
}

/// The most memory a process had, in KiB, and its output; watched while it runs.
#[cfg(target_os = "linux")]
fn watched(mut command: Command) -> (u64, CommandOutput) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let kib = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    (peak, CommandOutput::of(&command, child.wait_with_output().unwrap()))
}

#[test]
#[cfg(target_os = "linux")]
fn hostile_scripts_end_within_their_limits() {
    let scripts = [
        ("an endless loop", "loop { }"),
        ("a recursion", "fn f(n) { f(n + 1) }\nf(0)"),
        ("a text that doubles", "let t = \"x\";\nloop { t += t; }"),
        (
            "a map by index",
            "let m = #{};\nlet i = 0;\nloop { m[i.to_string()] = \"0123456789\".to_upper() + i; i += 1; }",
        ),
        ("maps of maps", "let m = #{};\nlet i = 0;\nloop { m = #{a: m, b: m}; i += 1; }"),
        ("an array", "let a = [];\nloop { a.push(\"some text that takes its place\"); }"),
        ("arrays of arrays", "let a = [1];\nloop { a = [a, a, a, a]; }"),
        ("a padded array", "let a = [];\na.pad(100_000_000, \"x\");\na.len()"),
        ("a huge range", "let n = 0;\nfor i in 0..9_000_000_000_000 { n += 1; }\nn"),
        ("a range as an array", "let a = [];\nfor i in 0..9_000_000_000 { a += [i, i, i, i]; }\na.len()"),
        ("closures", "let f = |x| x;\nlet a = [];\nloop { a.push(f); let b = a.map(|x| [x, x]); a = b; }"),
        ("a text that is replaced", "let s = \"a\";\ns.pad(1_000_000, 'a');\ns.replace(\"a\", s);\n1"),
        (
            "a map of long texts",
            "const s = { let t = \"a\"; t.pad(60_000, 'a'); t };\nlet a = [];\na.pad(50_000, 1);\na.map(|x| s + x).len()",
        ),
        (
            "constants",
            "fn build() { let a = []; for i in 0..50 { let t = \"a\"; t.pad(1_000_000, 'a'); a.push(t); } a }\nconst A = [build(), build()];\nconst B = [build(), build()];\n1",
        ),
        (
            "what a function grows",
            "fn grow() { loop { let t = \"a\"; t.pad(20_000, 'a'); this.push(t); } }\n[1].grow();\n1",
        ),
        (
            "searches through a large array",
            "let a = [];\na.pad(90000, 1);\nlet t = 0;\nfor i in 0..200 { if a.contains(2) { t += 1; } }\nt",
        ),
        (
            "large arrays that are compared",
            "let a = [];\na.pad(90000, 1);\nlet b = a;\nlet t = 0;\nfor i in 0..200 { if a == b { t += 1; } }\nt",
        ),
        ("a text filled with nothing", "let t = \"a\";\nt.pad(10, \"\");\n1"),
        ("text without a loop", "let t = \"x\";\nt.pad(2_000_000_000, \"y\");\nt.len"),
    ];
    for (what, script) in scripts {
        let trial = ScriptFolder::inline(script);
        let started = Instant::now();
        let (peak, said) = watched(Cli::new(trial.path()).args(["run", "rules.yaml"]).command());
        let said = said.says(2, &["E0712", "K1", "class"]);
        assert!(said.out.contains(" A "), "{what}: other rules report\n{}", said.out);
        assert!(peak < 512 << 10, "{what}: {peak} KiB");
        assert!(started.elapsed() < Duration::from_secs(30), "{what}: {:?}", started.elapsed());
    }
}

#[test]
fn scripts_reach_nothing_outside() {
    for call in ["timestamp()", "rand()", "open_file(\"x\")", "sleep(1)", "exit()", "eval(\"1\")", "env(\"HOME\")"] {
        let trial = ScriptFolder::inline(&format!("let a = {call};\n1"));
        trial.run(&["check", "rules.yaml"]).says(1, &["E0603", "rules.yaml:27:"]);
    }
    // Nor by a name that is made while it runs.
    ScriptFolder::inline("Fn(\"sleep\").call(1);\n1").finds(&["E0603", "rules.yaml:27:"]);
}

#[test]
fn closures_take_constants_with_them_and_nothing_that_changes() {
    let filter = "orders.filter(|order| order.amount > least).len()";
    assert_eq!(ScriptFolder::inline(&format!("const least = 50;\n{filter}")).ratings(), ["1.00", "0.00"]);
    assert_eq!(
        ScriptFolder::inline("orders.filter(|o| o.order_date < as_of).map(|o| o.amount).len()").ratings(),
        ["2.00", "1.00"]
    );
    let help = "declare it with `const least = …`";
    ScriptFolder::inline(&format!("let least = 50;\n{filter}")).finds(&["E0603", "captures `least`", help]);
    ScriptFolder::inline("let a = [1];\nlet f = || a.len();\na[0] = f;\n1").finds(&["E0603", "captures `a`"]);
}

#[test]
fn names_of_scripts_make_no_circle() {
    let rule = |name: &str, script: &str| {
        format!(
            "  {name}:\n    kind: rating\n    scale: 0..10\n    missing: error\n    criteria:\n      a:\n        \
             weight: 100%\n        script: |\n          {script}\n"
        )
    };
    let rules = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  c: {{file: c.csv, key: id, columns: {{id: text, n: integer}}}}\nrules:\n{}{}",
        rule("points", "let score = 1; score + n"),
        rule("score", "let points = 0; if n > 3 { points += 4; } points"),
    );
    let folder = shop::folder(&[("r.yaml", &rules), ("c.csv", "id,n\nK1,5\n")]);
    let rated = accolade(&folder, &["run", "r.yaml", "-o", "-"]).exits(0).out;
    assert_eq!(rated, "id,points,points.coverage,score,score.coverage\nK1,6.00,1,4.00,1\n");
    let explained = accolade(&folder, &["explain", "r.yaml", "K1"]).exits(0).out;
    assert!(explained.contains("n 5") && !explained.contains("points 6"), "{explained}");
}

#[test]
fn columns_are_read_by_any_name_that_is_computed() {
    let script =
        "let part = \"amo\" + \"unt\";\nlet n = 0;\nfor order in orders { if order[part] != () { n += 1; } }\nn";
    assert_eq!(ScriptFolder::inline(script).ratings(), ["2.00", "1.00"]);
    // Names that are something else than an order.
    let own = "let rows = [#{foo: 1}];\nlet n = 0;\nfor o in orders { n += 1; }\nfor row in rows { n += row.foo; }\nn";
    assert_eq!(ScriptFolder::inline(own).ratings(), ["3.00", "2.00"]);
    let reused = "let n = 0;\nfor o in orders { n += 1; }\nn + [#{foo: 2}].map(|o| o.foo).len()";
    assert_eq!(ScriptFolder::inline(reused).ratings(), ["3.00", "2.00"]);
}

#[test]
fn modules_import_at_their_top() {
    let trial = ScriptFolder::inline("import \"lib/a\" as a;\na::f(size)");
    let trial =
        trial.with("lib/a.rhai", "import \"lib/b\" as b;\nfn f(x) { b::g(x) }").with("lib/b.rhai", "fn g(x) { x + 1 }");
    assert_eq!(trial.ratings(), ["4.00", "1.00"]);
    let inside = trial.with("lib/a.rhai", "fn f(x) { import \"lib/b\" as b; b::g(x) }");
    inside.finds(&["E0606", "import it at the top", "a.rhai:1:"]);
}

#[test]
fn functions_of_scripts_are_called_on_records_only() {
    let functions = "functions:
  half:
    script: half.rhai
    arguments: {x: money}
    returns: money";
    let trial = ScriptFolder::new(functions, "value: size").with("half.rhai", "fn half(x) { x / 2 }");
    trial.run(&["check", "rules.yaml"]).says(0, &["ok"]);
    let rules = std::fs::read_to_string(trial.path().join("rules.yaml")).unwrap();
    let rules = rules.replace("sum(orders.amount)", "sum(half(orders.amount))");
    trial.with("rules.yaml", &rules).finds(&["E0405", "half"]);
}

/// A rating with a grade, beside the scripted criterion.
const GRADED: &str = "let n = if other.grade == \"high\" { 5 } else { 2 };\nn + other.coverage";

#[test]
fn scripts_read_parts_of_rules() {
    let trial = |script: &str| {
        let trial = ScriptFolder::inline(script);
        let rules = std::fs::read_to_string(trial.path().join("rules.yaml")).unwrap();
        let other = "  other:
    kind: rating
    scale: 0..10
    missing: zero
    criteria: {size: {weight: 100%, value: size}}
    grades: {high: \">= 3\", low: rest}
";
        trial.with("rules.yaml", &format!("{}\n{other}", rules.trim_end()))
    };
    let check = |script: &str, expected: [&str; 2]| assert_eq!(trial(script).ratings(), expected, "{script}");
    check(GRADED, ["6.00", "3.00"]);
    check("if other.grade.len() == 4 { other } else { other.coverage + 1 }", ["3.00", "2.00"]);
    check("let words = `${other.grade}: ${class.share > 0.5}`;\nwords.len()", ["10.00", "10.00"]);
    // A name of the script hides the rule, and the class of a rule is a text with properties of its own.
    check("let other = #{grade: 7};\nother.grade", ["7.00", "7.00"]);
    check("class.len", ["1.00", "1.00"]);
    trial("other.grad").finds(&["E0603", "`other` has no part `grad`", "did you mean `grade`?"]);
    trial("other\n  .grade.len()").finds(&["E0603", "`other.grade` stands on two lines"]);
    trial("rating.grade.len()").finds(&["E0504"]);
    let explained = trial(GRADED).run(&["explain", "rules.yaml", "--customer", "K1", "--rule", "rating"]);
    explained.says(0, &["other.grade high, other.coverage"]);
}

/// `functions:` with one that calls another, and one that imports a module.
const FUNCTIONS: &str = "functions:
  half: {script: half.rhai, arguments: {x: number}, returns: number}
  quarter:
    script: |
      // Not `half` of an integer.
      import \"lib/more\" as more;
      fn quarter(x) { more::less(half(x)) }
    arguments: {x: number 0..100}
    returns: number?
  longer: {script: longer.rhai, arguments: {a: text?, b: integer}, returns: integer}";

fn with_functions(criterion: &str) -> ScriptFolder {
    ScriptFolder::new(&format!("script_limits: {{operations: 20_000, milliseconds: 60_000}}\n{FUNCTIONS}"), criterion)
        .with("half.rhai", "fn half(x) { x / 2 }")
        .with("longer.rhai", "fn longer(a, b) { (a ?? \"\").len() + b }")
        .with("lib/more.rhai", "fn less(x) { half(x) }\nfn twice(x) { x * 2 }")
}

#[test]
fn scripts_call_the_functions_of_the_rule_file() {
    let check = |script: &str, expected: [&str; 2]| {
        assert_eq!(with_functions(&block(script)).ratings(), expected, "{script}");
    };
    check("half(size) + quarter(size) ?? 0", ["2.25", "0.00"]);
    check("longer(sector, 1)", ["5.00", "1.00"]);
    check("let n = 0;\nfor o in orders { n += half(o.amount); }\nclamp(n, 0, 9)", ["9.00", "0.00"]);
    check("import \"lib/more\" as more;\nfn own(x) { quarter(more::twice(x)) }\nown(size) ?? 7", ["1.50", "0.00"]);
    check("fn half(x) { 9 }\nhalf(size)", ["9.00", "9.00"]);
    with_functions("value: quarter(size) or else 1").run(&["check", "rules.yaml"]).says(0, &["ok"]);
    let finds = |script: &str, parts: &[&str]| with_functions(&block(script)).finds(parts);
    finds("half(size, 1)", &["E0603", "the function `half` takes 1 argument, not 2"]);
    finds("size.half(1)", &["E0603", "the function `half` takes 1 argument, not 2"]);
    finds("hlaf(size)", &["E0603", "did you mean `half`?"]);
    let fails = |script: &str, parts: &[&str]| {
        with_functions(&block(script)).run(&["run", "rules.yaml"]).says(2, parts);
    };
    fails("half(\"a\")", &["E0712", "`half` cannot take its argument `x`: it is a text, not a number"]);
    fails("quarter(200)", &["E0712", "the function `quarter` failed: the argument `x` is 200, which is out of range"]);
    let circle = with_functions(&block("half(1)")).with("half.rhai", "fn half(x) { quarter(x) }");
    circle.finds(&["E0504", "functions call each other: `half` → `quarter` → `half`"]);
}

#[test]
fn the_steps_of_functions_are_those_of_the_script_that_calls_them() {
    let trial = with_functions(&block("let n = 0;\nfor i in 0..400 { n += half(i); }\nn"));
    let trial = trial.with("half.rhai", "fn half(x) { let n = 0; for i in 0..200 { n += i; } n / 2 + x }");
    trial.run(&["run", "rules.yaml"]).says(2, &["E0712", "too many steps"]);
}

#[test]
fn scripts_see_the_same_modules_everywhere() {
    let trial = with_functions(&block("import \"lib/more\" as more;\nmore::less(size) + quarter(4)"));
    let tests = "rules: rules.yaml
as_of: 2026-01-01
cases:
  a half and a quarter:
    given: {customers: [{customer_id: K9, size: 6, sector: food}]}
    expect: {customers: {K9: {rating: 4}}}
";
    let trial = trial.with("tests.yaml", tests);
    let rules = trial.path().join("rules.yaml");
    let rules = rules.to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let from = |arguments: &[&str]| Cli::new(elsewhere.path()).args(arguments).run();
    from(&["check", rules]).says(0, &["ok"]);
    from(&["test", rules]).says(0, &["1 passed"]);
    from(&["run", rules, "-o", "out.csv"]).says(0, &["rated"]);
    from(&["explain", rules, "--customer", "K1", "--rule", "rating"]).says(0, &["2.50"]);
    from(&["profile", rules, "K1"]).says(0, &["2.50"]);
    from(&["docs", rules]).says(0, &["more::less"]);
    // Included by a rule file of another folder, it looks for modules in its own.
    let including = "accolade: 1\ninclude: [FOLDER/rules.yaml]\n".replace("FOLDER", trial.path().to_str().unwrap());
    std::fs::write(elsewhere.path().join("rules.yaml"), including).unwrap();
    from(&["check", "rules.yaml"]).says(0, &["ok"]);
}
