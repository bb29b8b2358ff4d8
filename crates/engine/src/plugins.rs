//! The extension points: what is built in registers here the same way as what is not.

use accolade_parser::{Diagnostics, SourceId};
use arrow::array::ArrayRef;

use crate::functions::{self, Function};
use crate::kinds::{self, Kind};
use crate::model::{Type, Value};

/// What a rule file can use.
#[derive(Default)]
pub struct Plugins {
    kinds: Vec<&'static Kind>,
    functions: Vec<&'static Function>,
    script_host: Option<Box<dyn ScriptHost>>,
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<&str> = self.kinds.iter().map(|k| k.name).collect();
        f.debug_struct("Plugins").field("kinds", &kinds).field("functions", &self.functions).finish_non_exhaustive()
    }
}

impl Plugins {
    /// The built-in rule kinds and functions, no script host.
    pub fn standard() -> Self {
        let mut plugins = Plugins::default();
        kinds::BUILT_IN.iter().for_each(|kind| plugins.add_kind(kind));
        functions::all().for_each(|function| plugins.add_function(function));
        plugins
    }

    /// Adds a rule kind; one of the same name is replaced.
    pub fn add_kind(&mut self, kind: &'static Kind) {
        self.kinds.retain(|k| k.name != kind.name);
        self.kinds.push(kind);
    }

    /// Adds a function; one of the same name is replaced.
    pub fn add_function(&mut self, function: &'static Function) {
        self.functions.retain(|f| f.name != function.name);
        self.functions.push(function);
    }

    /// Sets what runs scripts.
    pub fn set_script_host(&mut self, host: Box<dyn ScriptHost>) {
        self.script_host = Some(host);
    }

    /// The rule kinds, in the order they were added.
    pub fn kinds(&self) -> &[&'static Kind] {
        &self.kinds
    }

    /// The functions, in the order they were added.
    pub fn functions(&self) -> &[&'static Function] {
        &self.functions
    }

    /// What runs scripts, if anything does.
    pub fn script_host(&self) -> Option<&dyn ScriptHost> {
        self.script_host.as_deref()
    }
}

/// A field that a script may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptField {
    /// Its name, a variable in the script.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A script's text and how its offsets map to its file.
#[derive(Clone, Copy, Debug)]
pub struct ScriptText<'a> {
    /// The file the text stands in.
    pub source: SourceId,
    /// The text.
    pub text: &'a str,
    /// For each byte of the text and one past its end, its offset in the file.
    pub offsets: &'a [u32],
}

/// Runs scripts.
pub trait ScriptHost: Send + Sync {
    /// Compiles a script and finds which of `fields` it reads, by name.
    ///
    /// # Errors
    /// What is wrong with the script, placed in its text.
    fn fields_read(&self, script: ScriptText, fields: &[String]) -> Result<Vec<String>, Diagnostics>;

    /// Compiles a script that reads `fields`, in this order.
    ///
    /// # Errors
    /// What is wrong with the script, placed in its text.
    fn prepare(&self, script: ScriptText, fields: &[ScriptField]) -> Result<Box<dyn Script>, Diagnostics>;
}

/// A compiled script that gives a number per record.
pub trait Script: Send + Sync + std::fmt::Debug {
    /// The result for one record, a number or missing.
    ///
    /// # Errors
    /// A one-line message with the script's line.
    fn call(&self, record: &[Value]) -> Result<Value, String>;

    /// The results for `rows` records held as columns; the default calls the script for each.
    ///
    /// # Errors
    /// The first row that failed, and its message.
    fn call_batch(&self, columns: &[ArrayRef], rows: usize) -> Result<Vec<Value>, (usize, String)> {
        (0..rows)
            .map(|row| {
                let record: Vec<Value> = columns.iter().map(|c| crate::frame::value_at(c, row)).collect();
                self.call(&record).map_err(|message| (row, message))
            })
            .collect()
    }
}
