//! The accounts of `rules/b2b-accounts`, as a caller knows them who keeps figures.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use accolade_engine::model::Origin;
use accolade_engine::output::json_value;
use accolade_engine::{BadRows, FileSystem, Inputs, Plugins, Rater, SavedCutOffs, Value, compile, run};
use accolade_rhai::RhaiHost;
use serde_json::{Map, Value as Json};

/// The rules that both sides decide by.
pub const RULES: [&str; 4] = ["customer_class", "behaviour", "account_rating", "treatment"];

/// What is asked of both sides for every record.
pub const OUTPUTS: [&str; 5] = ["customer_class", "behaviour", "account_rating", "account_rating.grade", "treatment"];

/// Both sides' data.
pub struct Accounts {
    /// All rules.
    pub all: Rater,
    /// The rules that both sides decide by.
    pub some: Rater,
    pub saved: SavedCutOffs,
    /// By account, the values of slots that data fills.
    pub slots: Vec<Vec<Value>>,
    /// The same as JSON, by name, with the figures.
    pub objects: Vec<Map<String, Json>>,
}

/// Runs the sample and keeps what a record needs.
pub fn accounts() -> Result<Accounts, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules/b2b-accounts");
    let mut plugins = Plugins::standard();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(&folder.join("rules.yaml"), &FileSystem, &plugins);
    let set = Arc::new(compilation.set.ok_or("the rules do not check")?);
    let as_of = set.as_of.ok_or("the rules have no date")?;
    let files = set.sources.iter().filter_map(|s| Some(folder.join(s.file.as_deref()?).into())).collect();
    let inputs =
        Inputs { as_of, files, bad_rows: BadRows::Fail, threads: 1, batch_size: 8192, observer: Default::default() };
    let outcome = run(&set, &inputs, None).map_err(|findings| format!("{findings:?}"))?;
    let saved = SavedCutOffs::new(&set, &outcome);
    let all = set.with_cutoffs(&saved, as_of).map_err(|findings| format!("{findings:?}"))?;
    let some = all.only(&RULES.map(str::to_owned)).map_err(|findings| format!("{findings:?}"))?;
    let is_data = |slot: usize| !matches!(set.slots[slot].origin, Origin::Step(_));
    let (mut slots, mut objects) = (Vec::new(), Vec::new());
    for row in 0..outcome.frame.rows {
        let record = outcome.frame.record(row);
        let fields = some.fields().iter().filter(|field| field.name != "share_of_wallet");
        objects.push(fields.map(|field| (field.name.clone(), json_value(&record[field.slot]))).collect());
        let data = |(slot, value): (usize, Value)| if is_data(slot) { value } else { Value::Null };
        slots.push(record.into_iter().enumerate().map(data).collect());
    }
    Ok(Accounts { all, some, saved, slots, objects })
}

/// Prints that many records, one a line, for a load script.
pub fn print(count: usize) -> Result<(), Box<dyn Error>> {
    let accounts = accounts()?;
    for object in accounts.objects.iter().cycle().take(count) {
        println!("{}", Json::Object(object.clone()));
    }
    Ok(())
}
