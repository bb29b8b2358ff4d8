//! What a rule file can use: the shipped plugins, and those of the program.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use crate::terminal;
use accolade_engine::Plugins;
use accolade_rhai::RhaiHost;

/// The plugins that a program adds to the shipped ones.
#[derive(Clone)]
pub(crate) struct Extensions(Arc<dyn Fn(&mut Plugins) + Send + Sync>);

impl Extensions {
    pub(crate) fn new(register: impl Fn(&mut Plugins) + Send + Sync + 'static) -> Extensions {
        Extensions(Arc::new(register))
    }

    /// All plugins.
    pub(crate) fn plugins(&self) -> Plugins {
        self.with_scripts(RhaiHost::default())
    }

    /// All plugins; what scripts print goes to standard error.
    pub(crate) fn traced_plugins(&self) -> Plugins {
        self.with_scripts(RhaiHost::with_trace(Arc::new(trace)))
    }

    fn with_scripts(&self, host: RhaiHost) -> Plugins {
        let mut plugins = accolade_engine::plugins();
        plugins.set_script_host(Box::new(host));
        (self.0)(&mut plugins);
        plugins
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extensions")
    }
}

/// Writes what a script prints to standard error.
fn trace(customer: &str, line: Option<usize>, text: &str) {
    let line = line.map_or(String::new(), |line| format!(" line {line}"));
    // Nothing is left to do if standard error is closed.
    let _ = writeln!(terminal::stderr(), "{customer}{line}: {text}");
}
