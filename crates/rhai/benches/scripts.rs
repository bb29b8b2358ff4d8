//! Scripts over a million records on one thread: in Rhai directly, interpreted by this crate, and lowered to columns.
//! All take turns within a round and must give the same points.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::sync::Arc;
use std::time::Instant;

use accolade_engine::script::{
    ModuleLoader, Script, ScriptExecution, ScriptField, ScriptHost, ScriptLimits, ScriptResult, ScriptTask, ScriptText,
};
use accolade_engine::{Type, Value, functions};
use accolade_parser::SourceId;
use accolade_rhai::RhaiHost;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringViewArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use rhai::{CallFnOptions, Dynamic, Engine, ImmutableString, Scope};

const RECORDS: usize = 1_000_000;
const BATCH: usize = 8192;
const ROUNDS: usize = 5;

/// The fields of a record: days since the last order, number of orders, cooperation, sector.
const FIELDS: [(&str, Type); 4] =
    [("days", Type::Integer), ("orders", Type::Integer), ("cooperation", Type::Integer), ("sector", Type::Text)];

const SCRIPTS: [(&str, &str); 2] = [
    ("a bare expression", "orders * 3 + cooperation"),
    (
        "a typical script",
        r#"
let points = switch sector {
  "manufacturing" | "construction" => 8,
  "wholesale" => 6,
  _ => 4
};
if cooperation >= 8 {
  points += 2;
} else if cooperation <= 3 {
  points -= 3;
}
if orders == 0 {
  return 0;
}
if days > 365 {
  points -= 2;
}
if points > 10 { 10 } else if points < 0 { 0 } else { points }
"#,
    ),
];

struct NoModules;

impl ModuleLoader for NoModules {
    fn load(&self, _: &str) -> Result<(SourceId, String), String> {
        Err("there are none".to_owned())
    }
}

fn prepared(host: &RhaiHost, text: &str) -> Box<dyn Script> {
    let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap()).collect();
    let functions = functions::all();
    let (limits, gives) = (ScriptLimits::default(), ScriptResult::Points);
    let task = ScriptTask {
        text: ScriptText { source: SourceId(0), text, offsets: &offsets },
        function: None,
        result: &gives,
        limits: &limits,
        functions,
        declared: &[],
        called: &[],
        modules: &NoModules,
    };
    let field = |(name, ty): &(&str, Type)| ScriptField {
        name: (*name).to_owned(),
        ty: *ty,
        nullable: false,
        columns: Vec::new(),
    };
    let fields: Vec<ScriptField> = FIELDS.iter().map(field).collect();
    host.compile(&task, &fields).unwrap_or_else(|findings| panic!("{:?}", findings))
}

/// The columns of a batch, the same on every machine.
fn batch(first: usize, rows: usize) -> Vec<ArrayRef> {
    let integers = |step: usize, below: usize| -> ArrayRef {
        let value = |row: usize| i64::try_from((first + row) * step % below).unwrap();
        Arc::new(Int64Array::from_iter_values((0..rows).map(value)))
    };
    let sectors = ["manufacturing", "wholesale", "retail", "construction", "logistics", "food"];
    let sector = (0..rows).map(|row| sectors[(first + row) * 7919 % sectors.len()]);
    vec![
        integers(104_729, 800),
        integers(1_299_709, 40),
        integers(15_485_863, 11),
        Arc::new(StringViewArray::from_iter_values(sector)),
    ]
}

/// The sum of a column of points.
fn sum(points: &ArrayRef) -> i64 {
    match points.data_type() {
        DataType::Int64 => points.as_primitive::<Int64Type>().values().iter().sum(),
        DataType::Float64 => points.as_primitive::<Float64Type>().values().iter().map(|v| *v as i64).sum(),
        _ => (0..points.len())
            .map(|row| match accolade_engine::frame::value_at(points, row) {
                Value::Decimal(v) => i64::try_from(v).unwrap(),
                other => panic!("{other:?}"),
            })
            .sum(),
    }
}

/// Rhai itself: one call of a function for each record, or one evaluation with the fields in a scope.
fn raw(text: &str, batches: &[Vec<ArrayRef>], by_call: bool) -> i64 {
    let engine = Engine::new();
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let ast = if by_call {
        engine.compile(format!("fn f({}) {{ {text} }}", names.join(", "))).unwrap()
    } else {
        engine.compile(text).unwrap()
    };
    let mut scope = Scope::new();
    let mut total = 0;
    for columns in batches {
        let integers = [0, 1, 2].map(|i| columns[i].as_primitive::<Int64Type>());
        let sectors = columns[3].as_string_view();
        for row in 0..columns[0].len() {
            let [days, orders, cooperation] = integers.map(|column| column.value(row));
            let sector = ImmutableString::from(sectors.value(row));
            total += if by_call {
                let options = CallFnOptions::new().eval_ast(false);
                let values: Vec<Dynamic> = vec![days.into(), orders.into(), cooperation.into(), sector.into()];
                engine.call_fn_with_options::<i64>(options, &mut scope, &ast, "f", values).unwrap()
            } else {
                scope.clear();
                scope.push("days", days);
                scope.push("orders", orders);
                scope.push("cooperation", cooperation);
                scope.push("sector", sector);
                engine.eval_ast_with_scope::<i64>(&mut scope, &ast).unwrap()
            };
        }
    }
    total
}

fn ours(script: &dyn Script, batches: &[Vec<ArrayRef>]) -> i64 {
    let customers: ArrayRef = Arc::new(StringViewArray::from_iter_values((0..BATCH).map(|_| "K")));
    let points = |columns: &Vec<ArrayRef>| {
        let rows = columns[0].len();
        sum(&script.call_columns(&customers.slice(0, rows), columns, rows).unwrap())
    };
    batches.iter().map(points).sum()
}

fn timed(run: impl FnOnce() -> i64) -> (f64, i64) {
    let start = Instant::now();
    let total = run();
    (start.elapsed().as_secs_f64(), total)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let batches: Vec<Vec<ArrayRef>> =
        (0..RECORDS).step_by(BATCH).map(|first| batch(first, BATCH.min(RECORDS - first))).collect();
    println!("{RECORDS} records, one thread, median of {ROUNDS} rounds; nanoseconds a record");
    for (name, text) in SCRIPTS {
        let (lowering, interpreting) = (RhaiHost::default(), RhaiHost::without_lowering());
        let (lowered, interpreted) = (prepared(&lowering, text), prepared(&interpreting, text));
        assert!(matches!(lowered.execution(), ScriptExecution::Columns(_)));
        let mut times: [Vec<f64>; 4] = Default::default();
        for _ in 0..ROUNDS {
            let round = [
                timed(|| raw(text, &batches, true)),
                timed(|| raw(text, &batches, false)),
                timed(|| ours(interpreted.as_ref(), &batches)),
                timed(|| ours(lowered.as_ref(), &batches)),
            ];
            assert!(round.iter().all(|(_, total)| *total == round[0].1), "the points differ: {round:?}");
            round.iter().zip(&mut times).for_each(|((seconds, _), times)| times.push(*seconds));
        }
        let ratio = |a: usize, b: usize| median(times[a].iter().zip(&times[b]).map(|(a, b)| a / b).collect());
        let [call, scope, ours, columns] = [0, 1, 2, 3].map(|way| median(times[way].clone()) * 1e9 / RECORDS as f64);
        println!("\n{name}");
        println!("  language, call of a function     {call:8.1}");
        println!("  language, fields in a scope      {scope:8.1}");
        println!(
            "  interpreted                      {ours:8.1}   {:.2}× the quicker of the two",
            ratio(2, usize::from(scope < call))
        );
        println!("  lowered to columns               {columns:8.1}   {:.0} times as quick as interpreted", ratio(2, 3));
    }
}
