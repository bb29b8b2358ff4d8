//! The extension points. Built-in kinds and functions register here in the same way as others.

use std::sync::Arc;

use accolade_core::functions::Function;
use accolade_core::script::ScriptHost;

use super::{Key, MeasureFunction, ProgrammeKind, RuleKind};

/// The kinds, functions and hosts that a rule file can use.
#[derive(Default)]
pub struct Plugins {
    kinds: Vec<&'static RuleKind>,
    functions: Vec<Arc<Function>>,
    measures: Vec<&'static MeasureFunction>,
    programmes: Option<&'static ProgrammeKind>,
    script_host: Option<Box<dyn ScriptHost>>,
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<&str> = self.kinds.iter().map(|k| k.name).collect();
        f.debug_struct("Plugins").field("kinds", &kinds).field("functions", &self.functions).finish_non_exhaustive()
    }
}

impl Plugins {
    /// Adds a rule kind; one of the same name is replaced.
    pub fn add_kind(&mut self, kind: &'static RuleKind) {
        self.kinds.retain(|k| k.name != kind.name);
        self.kinds.push(kind);
    }

    /// Adds a function; one of the same name is replaced.
    pub fn add_function(&mut self, function: impl Into<Arc<Function>>) {
        let function = function.into();
        self.functions.retain(|f| f.name != function.name);
        self.functions.push(function);
    }

    /// Adds a function over the customer base; one of the same name is replaced.
    pub fn add_measure(&mut self, function: &'static MeasureFunction) {
        self.measures.retain(|f| f.name != function.name);
        self.measures.push(function);
    }

    /// Sets the kind that checks programmes.
    pub fn set_programmes(&mut self, programmes: &'static ProgrammeKind) {
        self.programmes = Some(programmes);
    }

    /// Sets the host that runs scripts.
    pub fn set_script_host(&mut self, host: Box<dyn ScriptHost>) {
        self.script_host = Some(host);
    }

    /// The rule kinds, in the order they were added.
    pub fn kinds(&self) -> &[&'static RuleKind] {
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

    /// The functions over the customer base, in the order they were added.
    pub fn measures(&self) -> &[&'static MeasureFunction] {
        &self.measures
    }

    /// The kind that checks programmes, if there is one.
    pub fn programmes(&self) -> Option<&'static ProgrammeKind> {
        self.programmes
    }

    /// The host that runs scripts, if there is one.
    pub fn script_host(&self) -> Option<&dyn ScriptHost> {
        self.script_host.as_deref()
    }
}
