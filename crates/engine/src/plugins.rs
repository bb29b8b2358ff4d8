//! The extension points: what is built in registers here the same way as what is not.

mod limits;
mod script;

use std::sync::Arc;

pub use self::limits::{LIMITS, Limit, ScriptLimits};
pub use self::script::{
    Gives, Lowering, Modules, Read, Readable, Script, ScriptFailure, ScriptField, ScriptHost, ScriptTask, ScriptText,
};
use crate::functions::{self, Function};
use crate::kinds::{self, Key, Kind};

/// What a rule file can use.
#[derive(Default)]
pub struct Plugins {
    kinds: Vec<&'static Kind>,
    functions: Vec<Arc<Function>>,
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
        functions::all().iter().for_each(|function| plugins.add_function(Arc::clone(function)));
        plugins
    }

    /// Adds a rule kind; one of the same name is replaced.
    pub fn add_kind(&mut self, kind: &'static Kind) {
        self.kinds.retain(|k| k.name != kind.name);
        self.kinds.push(kind);
    }

    /// Adds a function; one of the same name is replaced.
    pub fn add_function(&mut self, function: impl Into<Arc<Function>>) {
        let function = function.into();
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

    /// The keys of the rule kind of this name.
    pub fn keys(&self, kind: &str) -> Option<&'static [Key]> {
        self.kinds.iter().find(|k| k.name == kind).map(|k| k.keys)
    }

    /// The functions, in the order they were added.
    pub fn functions(&self) -> &[Arc<Function>] {
        &self.functions
    }

    /// What runs scripts, if anything does.
    pub fn script_host(&self) -> Option<&dyn ScriptHost> {
        self.script_host.as_deref()
    }
}
