//! The library calls of both sides, timed in turns.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use accolade_engine::output::json_value;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use futures_executor::block_on;
use zen_engine::{Decision, Variable};
use crate::decision::graph;
use crate::records::{Accounts, OUTPUTS, accounts};

/// How often each record is rated in a round.
const TIMES: usize = 20;

/// The decision, compiled.
pub fn decision(accounts: &Accounts) -> Result<Decision, Box<dyn Error>> {
    let mut decision = Decision::from(Arc::new(serde_json::from_value(graph(&accounts.saved))?));
    decision.compile();
    Ok(decision)
}

fn agree(accounts: &Accounts, decision: &Decision) -> Result<(), Box<dyn Error>> {
    for (object, record) in accounts.objects.iter().zip(&accounts.records) {
        let ours = accounts.some.rate(record).map_err(|findings| format!("{findings:?}"))?;
        let theirs = block_on(decision.evaluate(Variable::from(&Json::Object(object.clone()))));
        let theirs = Json::from(theirs.map_err(|error| format!("{error:?}"))?.result);
        for name in OUTPUTS {
            let slot = accounts.some.set().slot(name).ok_or("an output is gone")?;
            let (ours, key) =
                (json_value(&ours.values[slot]), if name == "account_rating.grade" { "grade" } else { name });
            let same = match (&ours, &theirs[key]) {
                // Scores have six decimals, rounded half to even.
                (Json::Number(a), Json::Number(b)) => {
                    a.to_string().parse::<Decimal>()? == b.to_string().parse::<Decimal>()?.round_dp(6)
                }
                (Json::Null, Json::String(b)) => b.is_empty(),
                (a, b) => a == b,
            };
            if !same {
                return Err(format!("{name} differs: {ours} and {} for {object:?}", theirs[key]).into());
            }
        }
    }
    Ok(())
}

/// Times both sides in turns and prints the median nanoseconds and the allocations of a record. Calls whose name does
/// not contain `only` are left out.
pub fn compare(rounds: usize, only: &str) -> Result<(), Box<dyn Error>> {
    let accounts = accounts()?;
    let Accounts { all, some, whole, objects, records, .. } = &accounts;
    let decision = decision(&accounts)?;
    agree(&accounts, &decision)?;
    let contexts: Vec<Json> = objects.iter().cloned().map(Json::Object).collect();
    let variables: Vec<Variable> = contexts.iter().map(Variable::from).collect();
    let count = records.len();
    println!("{count} records agree; {rounds} rounds of {TIMES} times each record");
    type Side<'a> = (&'a str, Box<dyn Fn(usize) + 'a>);
    let mut sides: Vec<Side> = vec![
        ("accolade, all 10 rules, a record", Box::new(|i| drop(black_box(all.rate(&whole[i]))))),
        ("accolade, the decision, a record", Box::new(|i| drop(black_box(some.rate(&records[i]))))),
        (
            "accolade, the decision, from JSON",
            Box::new(|i| drop(black_box(some.record_of(&objects[i]).and_then(|record| some.rate(&record))))),
        ),
        (
            "zen-engine, the decision, a variable",
            Box::new(|i| drop(black_box(block_on(decision.evaluate(variables[i].clone()))))),
        ),
        (
            "zen-engine, the decision, from JSON",
            Box::new(|i| drop(black_box(block_on(decision.evaluate(Variable::from(&contexts[i])))))),
        ),
    ];
    sides.retain(|(name, _)| name.contains(only));
    let once = |rate: &dyn Fn(usize)| allocation_counter::measure(|| (0..count).for_each(rate)).count_total;
    let allocated: Vec<f64> = sides.iter().map(|(_, rate)| once(rate) as f64 / count as f64).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); sides.len()];
    for _ in 0..rounds {
        for (times, (_, rate)) in times.iter_mut().zip(&sides) {
            let begun = Instant::now();
            for _ in 0..TIMES {
                (0..count).for_each(rate);
            }
            times.push(begun.elapsed().as_nanos() as f64 / (TIMES * count) as f64);
        }
    }
    println!("| | ns a record | allocations |\n|---|---:|---:|");
    for (at, (name, _)) in sides.iter().enumerate() {
        times[at].sort_by(f64::total_cmp);
        println!("| {name} | {:.0} | {:.1} |", times[at][times[at].len() / 2], allocated[at]);
    }
    Ok(())
}
