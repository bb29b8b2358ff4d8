//! The table of functions is complete, and no other code knows a function by its name.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::frame::{array_of, value_at};
use crate::model::Value;

#[test]
fn names_are_unique_and_every_function_is_documented_with_an_example() {
    let mut seen = HashSet::new();
    for function in all() {
        assert!(seen.insert(function.name), "{} twice", function.name);
        assert!(!function.doc.is_empty() && !function.examples.is_empty(), "{}", function.name);
    }
}

#[test]
fn every_function_has_sql_but_those_that_databases_compute_otherwise() {
    // A function that rounds is SQL over exact numbers, whatever it is called with.
    let exact =
        |f: &Arc<Function>| matches!(f.kernel, Kernel::Fractions(_, FractionKernel::Number { rounds: true, .. }));
    let without = all().iter().filter(|f| matches!(f.sql, FunctionSql::None) && !exact(f)).map(|f| f.name);
    assert_eq!(without.collect::<Vec<_>>(), ["ln", "log10", "power"]);
}

#[test]
fn a_property_is_of_one_date() {
    for function in all().iter().filter(|f| f.scripts.property.is_some()) {
        assert_eq!(function.signatures, [fixed(&[Type::Date], Type::Integer)], "{}", function.name);
    }
}

#[test]
fn the_function_that_clamps_is_the_one_of_the_table() {
    assert!(Arc::ptr_eq(&clamp(), all().iter().find(|f| f.name == "clamp").unwrap()));
}

#[test]
fn a_kernel_by_column_gives_what_the_kernel_by_row_gives() {
    let mut compared = Vec::new();
    for function in all().iter().filter(|f| matches!(f.kernel, Kernel::Columns(..))) {
        for signature in function.signatures {
            assert_eq!(signature.arguments, [Type::Date, Type::Date], "values of other types are to be made here");
            let days =
                [Value::Null, Value::Date(0), Value::Date(-719_162), Value::Date(2_932_896), Value::Date(20_454)];
            let pairs: Vec<[&Value; 2]> = days.iter().flat_map(|a| days.iter().map(move |b| [a, b])).collect();
            let column = |i: usize| array_of(Type::Date, pairs.iter().map(|pair| pair[i].clone()));
            let mut faults = Vec::new();
            let result = function.apply_columns(&[column(0), column(1)], &mut |row, fault| faults.push((row, fault)));
            let result = result.unwrap();
            assert_eq!(*result.data_type(), signature.returns.arrow());
            for (row, pair) in pairs.iter().enumerate() {
                let expected = function.apply(&pair.map(Clone::clone));
                assert_eq!(Ok(value_at(&result, row)), expected, "{} of {pair:?}", function.name);
            }
            assert_eq!(faults, []);
            compared.push(function.name);
        }
        assert!(
            function.apply_columns(&[array_of(Type::Text, std::iter::once(Value::Null))], &mut |_, _| ()).is_none()
        );
    }
    assert_eq!(compared, ["days", "days_between"]);
}

/// A few values of a type, none of them large.
fn samples(ty: Type) -> Vec<Value> {
    match ty {
        Type::Integer | Type::Duration => [-2, 0, 1, 3].map(Value::Integer).to_vec(),
        Type::Number | Type::Percent => [-1.5, 0.0, 0.5, 1.0, 2.0].map(Value::Number).to_vec(),
        Type::Money => [-15_000, 0, 10_000].map(Value::Money).to_vec(),
        Type::Score => [0, 1_500_000_000_000_000_000].map(Value::Score).to_vec(),
        Type::Decimal => ["-1.5", "0", "1", "2"].map(|v| Value::Decimal(v.parse().unwrap())).to_vec(),
        Type::Text => ["", "Gold"].map(Value::text).to_vec(),
        Type::Boolean => [false, true].map(Value::Boolean).to_vec(),
        Type::Date => [0, 20_454].map(Value::Date).to_vec(),
        Type::DateTime => [0, 1].map(Value::DateTime).to_vec(),
        Type::Rows => Vec::new(),
    }
}

#[test]
fn a_result_is_missing_only_where_the_function_says_so() {
    for function in all() {
        let (mut faults, mut nulls) = (false, false);
        for signature in function.signatures {
            let least = signature.arguments.len();
            for count in least..=least + if signature.variadic { 2 } else { 0 } {
                let ty = |i: usize| signature.arguments[i.min(least - 1)];
                let mut calls = vec![Vec::new()];
                for values in (0..count).map(|i| samples(ty(i))) {
                    // With many arguments the last few values of each are enough.
                    let values = if count > 4 { &values[values.len() - 2..] } else { &values[..] };
                    let longer = |call: &Vec<Value>| -> Vec<Vec<Value>> {
                        values.iter().map(|value| call.iter().chain([value]).cloned().collect()).collect()
                    };
                    calls = calls.iter().flat_map(longer).collect();
                }
                for call in calls {
                    let literals: Vec<Option<&Value>> = call.iter().map(Some).collect();
                    match function.apply(&call) {
                        Ok(Value::Null) => {
                            nulls = true;
                            assert!(function.missing.in_scripts(count), "{} of {call:?}", function.name);
                            assert!(function.missing.in_expressions(&literals), "{} of {call:?}", function.name);
                        }
                        Ok(_) => {}
                        Err(_) => {
                            faults = true;
                            assert!(function.missing.in_expressions(&literals), "{} of {call:?}", function.name);
                        }
                    }
                }
            }
        }
        let said = (
            matches!(function.missing, MissingResult::Undefined(_)),
            matches!(function.missing, MissingResult::ByArguments(_)),
        );
        assert_eq!(said, (faults, nulls), "{}", function.name);
    }
}

/// Files and folders that hold the name of a function as a word of something else.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    ("server/completion/values.rs", &["days", "months", "years"], "units of durations"),
    ("rules/src/analysis/periods.rs", &["months", "years"], "units of durations"),
    ("kinds/src/cohort", &["months", "years"], "units of time since the first order"),
    ("testing/src/run/expected.rs", &["days"], "the unit of a duration in a test file"),
    ("kinds/src/rating", &["band", "linear"], "ways to give points, keys of a rule file"),
    ("html/customers/columns.rs", &["days"], "a kind of column of the page"),
    ("html/charts/gauge.rs", &["length"], "a key of the chart library"),
    ("lower/expression.rs", &["contains"], "the operator `in` of scripts"),
];

#[test]
fn nothing_outside_the_table_knows_a_function_by_its_name() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut files, mut found) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&crates).unwrap() {
        let folder = entry.unwrap().path();
        // `init` writes rule files.
        if folder.join("src").is_dir() && !folder.ends_with("init") {
            collect(&folder.join("src"), &mut files);
        }
    }
    assert!(files.iter().any(|file| file.ends_with("functions/order.rs")), "the table is among the files");
    for file in files.iter().filter(|file| !file.components().any(|part| part.as_os_str() == "functions")) {
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines {
            for function in all().iter().filter(|f| line.contains(&format!("\"{}\"", f.name))) {
                found.push((file.clone(), function.name, line.trim().to_owned()));
            }
        }
    }
    let is_in = |file: &Path, known: &str| file.to_string_lossy().replace('\\', "/").contains(known);
    let allowed = |file: &Path, name: &str| {
        EXCEPTIONS.iter().any(|(known, names, _)| is_in(file, known) && names.contains(&name))
    };
    let by_name: Vec<_> = found.iter().filter(|(file, name, _)| !allowed(file, name)).collect();
    assert!(by_name.is_empty(), "a function known by its name: {by_name:#?}");
    for (known, names, why) in EXCEPTIONS {
        for name in *names {
            let is_used = found.iter().any(|(file, of, _)| is_in(file, known) && of == name);
            assert!(is_used, "`{name}` in {known} ({why}) is no exception any more");
        }
    }
}

/// The sources below a folder, without tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem == "tests" {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
