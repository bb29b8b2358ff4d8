//! What a script host is asked for and what it gives.

mod limits;

use std::sync::Arc;

use accolade_parser::{Code, Diagnostic, Diagnostics, SourceId, Span};

pub use self::limits::{LIMITS, Limit, ScriptLimits};
use crate::model::script::Returned;
pub use crate::model::script::{Lowering, Script, ScriptFailure};
use crate::model::{Function, Type, Value};
use crate::show;

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

/// What a script must give.
#[derive(Clone, Debug, PartialEq)]
pub enum Gives {
    /// Points: a number of any sort, or nothing.
    Points,
    /// A value of a declared type.
    Value(Returned),
}

/// Gives the texts of modules, by the path that a script writes.
pub trait Modules {
    /// The file of a module and its text.
    ///
    /// # Errors
    /// Why there is none, in one line.
    fn load(&self, path: &str) -> Result<(SourceId, String), String>;
}

/// A script and what is asked of it.
#[derive(Clone, Copy)]
pub struct ScriptTask<'a> {
    /// Its text.
    pub text: ScriptText<'a>,
    /// The function of the script that takes the fields; absent where the whole text does, as variables.
    pub function: Option<&'a str>,
    /// What it must give.
    pub gives: &'a Gives,
    /// What it may use.
    pub limits: &'a ScriptLimits,
    /// The functions of the expression language.
    pub functions: &'a [Arc<Function>],
    /// The modules it may import.
    pub modules: &'a dyn Modules,
}

/// Something that a script may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// Its name, a variable in the script.
    pub name: String,
    /// The columns of an event table; none for a single value.
    pub columns: Option<Vec<String>>,
}

/// Something that a script does read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its name.
    pub name: String,
    /// Of an event table, the columns it may look at.
    pub columns: Vec<String>,
}

/// A field that a script is called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptField {
    /// Its name, a variable or an argument in the script.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub nullable: bool,
    /// The columns of event rows, in the order they are handed over.
    pub columns: Vec<(String, Type)>,
}

impl ScriptFailure {
    /// The finding that `what`, such as "the script of `fit`", failed for a customer.
    pub fn diagnostic(&self, what: &str, customer: &Value, declared: Span, declared_as: &str) -> Diagnostic {
        let message = format!("{what} failed for customer {}: {}", show::quoted(customer), self.message);
        let diagnostic = Diagnostic::new(Code::E0712, message);
        let diagnostic = match self.at {
            Some(at) => diagnostic.at(at),
            None => diagnostic,
        };
        let diagnostic = diagnostic.label(declared, declared_as);
        if self.read.is_empty() {
            return diagnostic;
        }
        let read: Vec<String> = self.read.iter().map(|(name, value)| format!("{name} {value}")).collect();
        diagnostic.help(format!("it read {}", read.join(", ")))
    }
}

/// Runs scripts.
pub trait ScriptHost: Send + Sync {
    /// Compiles a script and finds which of `names` it reads, in their order.
    ///
    /// # Errors
    /// What is wrong with the script, placed in its text.
    fn reads(&self, task: &ScriptTask, names: &[Readable]) -> Result<Vec<Read>, Diagnostics>;

    /// Compiles a script that takes `fields`, in this order.
    ///
    /// # Errors
    /// What is wrong with the script, placed in its text.
    fn prepare(&self, task: &ScriptTask, fields: &[ScriptField]) -> Result<Box<dyn Script>, Diagnostics>;
}
