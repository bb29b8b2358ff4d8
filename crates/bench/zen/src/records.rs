//! The accounts of `rules/b2b-accounts` as records: from their events, and from figures that a caller keeps.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use accolade_engine::model::{Source, SourceRole};
use accolade_engine::output::json_value;
use accolade_engine::rater::Record;
use accolade_engine::{FileSystem, Inputs, Rater, SavedCutOffs, Value, compile, run, show};
use accolade_rhai::RhaiHost;
use serde_json::{Map, Value as Json};

/// The rules that both sides decide by.
pub const RULES: [&str; 4] = ["customer_class", "behaviour", "account_rating", "treatment"];

/// The outputs that both sides give for every record.
pub const OUTPUTS: [&str; 5] = ["customer_class", "behaviour", "account_rating", "account_rating.grade", "treatment"];

/// The data of both sides.
pub struct Accounts {
    /// All rules.
    pub all: Rater,
    /// The rules that both sides decide by.
    pub some: Rater,
    pub saved: SavedCutOffs,
    /// For each account, its record from the files, events included.
    pub whole: Vec<Record>,
    /// For each account, the fields that `some` reads as a JSON object, figures included.
    pub objects: Vec<Map<String, Json>>,
    /// The objects as records.
    pub records: Vec<Record>,
}

/// Runs the sample, keeps what a record needs, and checks that every record alone has the results it has in the run.
pub fn accounts() -> Result<Accounts, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules/b2b-accounts");
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(&folder.join("rules.yaml"), &FileSystem, &plugins);
    let set = Arc::new(compilation.set.ok_or("the rules do not check")?);
    let as_of = set.as_of.ok_or("the rules have no date")?;
    let files = set.demand.sources.iter().filter_map(|s| Some(folder.join(s.file.as_deref()?).into())).collect();
    let inputs = Inputs::new(as_of, files);
    let outcome = run(&set, &inputs, None).map_err(|findings| format!("{findings:?}"))?;
    let saved = SavedCutOffs::new(&set, &outcome);
    let all = Rater::new(&set, &saved, as_of).map_err(|findings| format!("{findings:?}"))?;
    let some = all.for_rules(&RULES.map(str::to_owned)).map_err(|findings| format!("{findings:?}"))?;
    let tables: Vec<Table> = set.demand.sources.iter().map(|source| table(&folder, source)).collect::<Result<_, _>>()?;
    let mut accounts = Accounts { all, some, saved, whole: Vec::new(), objects: Vec::new(), records: Vec::new() };
    for row in 0..outcome.frame.rows {
        let values = outcome.frame.record(row);
        let key = show::value(&values[0]);
        let mut whole = Map::new();
        for (source, table) in set.demand.sources.iter().zip(&tables) {
            let rows = table.get(&key).cloned().unwrap_or_default();
            match source.role {
                SourceRole::Customers { .. } => whole.extend(rows.into_iter().next().unwrap_or_default()),
                SourceRole::Events { .. } => {
                    whole.insert(source.name.clone(), rows.into_iter().map(Json::Object).collect());
                }
            }
        }
        let fields = accounts.some.fields().iter().filter(|field| field.name != "share_of_wallet");
        let object = fields.map(|field| (field.name.clone(), json_value(&values[field.slot]))).collect();
        accounts.whole.push(record(&accounts.all, &whole, &values)?);
        accounts.records.push(record(&accounts.some, &object, &values)?);
        accounts.objects.push(object);
    }
    Ok(accounts)
}

/// The rows of a file by account, each an object of texts; empty cells are left out.
type Table = BTreeMap<String, Vec<Map<String, Json>>>;

fn table(folder: &Path, source: &Source) -> Result<Table, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(folder.join(source.file.as_deref().ok_or("a source has no file")?))?;
    let header = reader.headers()?.clone();
    let key = &source.columns[source.customer_column()].name;
    let mut table = Table::new();
    for line in reader.records() {
        let line = line?;
        let cells = header.iter().zip(line.iter()).filter(|(_, cell)| !cell.is_empty());
        let row: Map<String, Json> = cells.map(|(name, cell)| (name.to_owned(), cell.into())).collect();
        let account = row.get(key).and_then(Json::as_str).ok_or("a row has no account")?.to_owned();
        table.entry(account).or_default().push(row);
    }
    Ok(table)
}

/// The record of an object, after checking that it gets the results of the run.
fn record(rater: &Rater, object: &Map<String, Json>, expected: &[Value]) -> Result<Record, Box<dyn Error>> {
    let record = rater.record_of(object).map_err(|findings| format!("{findings:?}"))?;
    let rated = rater.rate(&record).map_err(|findings| format!("{findings:?}"))?;
    match rater.outputs().iter().find(|slot| rated.values[**slot] != expected[**slot]) {
        None => Ok(record),
        Some(slot) => Err(format!("{} differs from the run's for {object:?}", rater.set().demand.slots[*slot].name).into()),
    }
}

/// Prints `count` records, one a line, for a load script.
pub fn print(count: usize) -> Result<(), Box<dyn Error>> {
    let accounts = accounts()?;
    for object in accounts.objects.iter().cycle().take(count) {
        println!("{}", Json::Object(object.clone()));
    }
    Ok(())
}
