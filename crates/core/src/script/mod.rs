//! The interface of script hosts.

mod limits;

use std::sync::Arc;

use accolade_parser::{Code, Diagnostic, Diagnostics, SourceId, Span};

pub use self::limits::{LIMITS, ScriptLimit, ScriptLimits};
use crate::model::script::ReturnType;
pub use crate::model::script::{Script, ScriptExecution, ScriptFailure, ScriptFunction};
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

/// The result that a script must return.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptResult {
    /// Points: a number of any type, or a missing value.
    Points,
    /// A value of a declared type.
    Value(ReturnType),
}

/// Loads modules by the path that a script imports.
pub trait ModuleLoader {
    /// The file of a module and its text.
    ///
    /// # Errors
    /// Fails with the reason, in one line, if there is no such module.
    fn load(&self, path: &str) -> Result<(SourceId, String), String>;
}

/// A script to compile, with its result, limits, functions and modules.
#[derive(Clone, Copy)]
pub struct ScriptTask<'a> {
    /// Its text.
    pub text: ScriptText<'a>,
    /// The function of the script that takes the fields as arguments. Without it, the whole text takes
    /// them, as variables.
    pub function: Option<&'a str>,
    /// The result that it must return.
    pub result: &'a ScriptResult,
    /// The limits on it.
    pub limits: &'a ScriptLimits,
    /// The functions of the expression language.
    pub functions: &'a [Arc<Function>],
    /// The names of the functions of `functions:`, and how many arguments they take.
    pub declared: &'a [(String, usize)],
    /// The functions of `functions:` that the script calls.
    pub called: &'a [Arc<ScriptFunction>],
    /// The modules it may import.
    pub modules: &'a dyn ModuleLoader,
}

/// A value or an event table that a script may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableInput {
    /// Its name, a variable in the script.
    pub name: String,
    /// The columns of an event table; none for a single value.
    pub columns: Option<Vec<String>>,
}

/// A value or an event table that a script reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedInput {
    /// Its name.
    pub name: String,
    /// For an event table, the columns that the script may read.
    pub columns: Vec<String>,
    /// How often it is read.
    pub uses: usize,
    /// The properties of it that are read.
    pub properties: Vec<UsedProperty>,
}

/// A property that a script reads of a value, as `grade` in `rating.grade`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedProperty {
    /// Its name.
    pub name: String,
    /// Where it is read.
    pub span: Span,
    /// Whether values of some type have it.
    pub known: bool,
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
    /// The columns of event rows, in the order in which they are passed.
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
        if self.inputs.is_empty() {
            return diagnostic;
        }
        let read: Vec<String> = self.inputs.iter().map(|(name, value)| format!("{name} {value}")).collect();
        diagnostic.help(format!("it read {}", read.join(", ")))
    }
}

/// Compiles scripts.
pub trait ScriptHost: Send + Sync {
    /// Compiles a script and finds which of `names` it reads, in their order.
    ///
    /// # Errors
    /// Fails with the errors of the script, placed in its text.
    fn used_inputs(&self, task: &ScriptTask, names: &[AvailableInput]) -> Result<Vec<UsedInput>, Diagnostics>;

    /// Which of the functions of `functions:` a script and its modules call. `names` are the values it may read.
    ///
    /// # Errors
    /// Fails with the errors of the script, placed in its text.
    fn called_functions(&self, task: &ScriptTask, names: &[AvailableInput]) -> Result<Vec<String>, Diagnostics>;

    /// Compiles a script that takes `fields`, in this order. A field such as `rating.grade` is a part of a rule.
    ///
    /// # Errors
    /// Fails with the errors of the script, placed in its text.
    fn compile(&self, task: &ScriptTask, fields: &[ScriptField]) -> Result<Box<dyn Script>, Diagnostics>;

    /// The text of a script without what cannot change its results, such as comments and layout. By default the text.
    fn canonical_text(&self, text: &str) -> String {
        text.to_owned()
    }
}
