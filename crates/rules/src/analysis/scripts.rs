//! Scripts of a rule file: their texts, what they read, and what they may use.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use accolade_core::files::{Loader, SourceFiles, io_error_reason, leaves_folder};
use accolade_core::model::script::Script;
use accolade_core::model::{Operation, ScriptFunction, SlotId, SourceRole, Type, TypedExpr};
use accolade_core::script::{
    AvailableInput, LIMITS, ModuleLoader, ScriptField, ScriptHost, ScriptLimits, ScriptResult, ScriptTask, ScriptText,
    UsedInput,
};
use accolade_parser::yaml::node::{Scalar, Style};
use accolade_parser::{Code, Diagnostic, SourceId, Span};

use super::names::with_suggestion;
use super::{Analyser, Definition};
use crate::explain::SourceText;
use crate::set::ScriptTexts;

/// The ending of script files.
const ENDING: &str = "rhai";

/// A script's text and its place.
#[derive(Clone, Debug)]
pub struct ScriptSource {
    source: SourceId,
    text: String,
    offsets: Vec<u32>,
    /// The folder of the rule file, in which modules are looked for.
    folder: PathBuf,
    /// The script as the rule file names it.
    pub written: SourceText,
}

impl ScriptSource {
    fn text(&self) -> ScriptText<'_> {
        ScriptText { source: self.source, text: &self.text, offsets: &self.offsets }
    }
}

/// A compiled script over the record.
#[derive(Debug)]
pub struct RecordScript {
    /// The script.
    pub script: Box<dyn Script>,
    /// The slots it is called with, in order.
    pub reads: Vec<SlotId>,
}

/// Modules in the folder of a rule file.
struct Folder<'a> {
    path: &'a Path,
    loader: &'a dyn Loader,
    files: RefCell<&'a mut SourceFiles>,
    /// The texts of the modules loaded so far, by name.
    loaded: RefCell<BTreeMap<String, String>>,
}

impl ModuleLoader for Folder<'_> {
    fn load(&self, path: &str) -> Result<(SourceId, String), String> {
        let (source, text) = self.read(path)?;
        self.loaded.borrow_mut().insert(path.to_owned(), text.clone());
        Ok((source, text))
    }
}

impl Folder<'_> {
    fn read(&self, path: &str) -> Result<(SourceId, String), String> {
        let mut relative = PathBuf::from(path);
        if path.is_empty() || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err("a module is named by a path below the rule file's folder, without `..`".to_owned());
        }
        if relative.extension().is_none() {
            relative.set_extension(ENDING);
        }
        let path = self.path.join(relative);
        let mut files = self.files.borrow_mut();
        if let Some(known) = files.find(&path)
            && let Some(file) = files.get(known)
        {
            return Ok((known, file.text.clone()));
        }
        if !self.loader.is_below(&path, self.path) {
            return Err(format!("`{}` is a link that leads out of the rule file's folder", path.display()));
        }
        let bytes =
            self.loader.load(&path).map_err(|error| format!("`{}`: {}", path.display(), io_error_reason(&error)))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8", path.display()))?;
        Ok((files.add(&path, text.as_bytes()), text))
    }
}

impl Analyser<'_> {
    /// Reads `script_limits:`.
    pub(super) fn read_script_limits(&mut self) {
        let mut limits = ScriptLimits::default();
        let names: Vec<&str> = LIMITS.iter().map(|(name, ..)| *name).collect();
        for (name, value) in &self.file.script_limits {
            if !names.contains(&name.value.as_str()) {
                let message = format!("unknown limit `{}` of scripts", name.value);
                let diagnostic = Diagnostic::new(Code::E0101, message).at(name.span);
                self.out.push(with_suggestion(diagnostic, &name.value, &names));
            } else if let Err(most) = limits.set(&name.value, value.value) {
                let message = format!("`{}` cannot be {}", name.value, value.value);
                let diagnostic = Diagnostic::new(Code::E0508, message).at(value.span);
                self.out.push(diagnostic.help(format!("it is at least 1 and at most {most}")));
            }
        }
        self.script_limits = limits;
    }

    /// The script of `script:`: a file beside the rule file, or a block with the script itself.
    pub fn script_source(&mut self, scalar: &Scalar) -> Option<ScriptSource> {
        let folder = self.files.resolve_relative(scalar.span, "");
        if matches!(scalar.style, Style::Literal | Style::Folded) {
            return Some(ScriptSource {
                source: scalar.span.source,
                text: scalar.text.clone(),
                offsets: scalar.offsets.clone(),
                folder,
                written: SourceText::at("script", scalar.span),
            });
        }
        let path = self.files.resolve_relative(scalar.span, &scalar.text);
        let leaves = leaves_folder(Path::new(&scalar.text));
        if leaves || !self.loader.is_below(&path, &folder) {
            let how = if leaves { "is" } else { "is a link that leads" };
            let message = format!("the script `{}` {how} outside the folder of its rule file", scalar.text);
            let help = "copy it into that folder, or include a rule file that stands with it";
            self.out.push(Diagnostic::new(Code::E0607, message).at(scalar.span).help(help));
            return None;
        }
        let unreadable = |why: String| Diagnostic::new(Code::E0602, why).at(scalar.span);
        let bytes = match self.loader.load(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the script `{}` cannot be read: {}", path.display(), io_error_reason(&error));
                self.out.push(
                    unreadable(message).help(
                        "the path is relative to the rule file; a script itself is written as a block, `script: |`",
                    ),
                );
                return None;
            }
        };
        let source = self.files.find(&path).unwrap_or_else(|| self.files.add(&path, &bytes));
        let Ok(text) = String::from_utf8(bytes) else {
            self.out.push(unreadable(format!("the script `{}` is not UTF-8", path.display())));
            return None;
        };
        let offsets = (0..=u32::try_from(text.len()).ok()?).collect();
        let written = SourceText::at(format!("script {}", scalar.text), scalar.span);
        Some(ScriptSource { source, text, offsets, folder, written })
    }

    /// Calls the script host with a script that calls the functions `called`. Also returns the texts of the modules that
    /// the host loaded, in the order of their names.
    pub(super) fn with_script<T>(
        &mut self,
        source: &ScriptSource,
        function: Option<&str>,
        gives: &ScriptResult,
        called: &[Arc<ScriptFunction>],
        work: impl FnOnce(&dyn ScriptHost, &ScriptTask) -> Result<T, accolade_parser::Diagnostics>,
    ) -> Option<(T, Vec<String>)> {
        let Some(host) = self.plugins.script_host() else {
            let message = "scripts cannot be run here: no script host is registered";
            let diagnostic = Diagnostic::new(Code::E0604, message);
            self.out.push(source.written.span.map_or(diagnostic.clone(), |span| diagnostic.at(span)));
            return None;
        };
        let files = RefCell::new(&mut *self.files);
        let modules = Folder { path: &source.folder, loader: self.loader, files, loaded: RefCell::default() };
        let (text, limits, functions) = (source.text(), &self.script_limits, self.plugins.functions());
        let declared: Vec<(String, usize)> =
            self.file.functions.values().map(|f| (f.name.value.clone(), f.arguments.len())).collect();
        let task = ScriptTask {
            text,
            function,
            result: gives,
            limits,
            functions,
            declared: &declared,
            called,
            modules: &modules,
        };
        match work(host, &task) {
            Ok(done) => {
                let modules = modules.loaded.into_inner();
                Some((done, modules.into_values().collect()))
            }
            Err(findings) => {
                self.out.extend(findings);
                None
            }
        }
    }

    /// Compiles a script that calls the functions `called`, and keeps its texts.
    pub(super) fn compile_script(
        &mut self,
        source: &ScriptSource,
        function: Option<&str>,
        gives: &ScriptResult,
        called: &[Arc<ScriptFunction>],
        fields: &[ScriptField],
    ) -> Option<Box<dyn Script>> {
        let (script, modules) =
            self.with_script(source, function, gives, called, |host, task| host.compile(task, fields))?;
        if let (Some(host), Some(span)) = (self.plugins.script_host(), source.written.span) {
            let texts = std::iter::once(&source.text).chain(&modules).map(|text| host.canonical_text(text)).collect();
            self.script_texts.push(ScriptTexts { span, texts });
        }
        Some(script)
    }

    /// Compiles a script over the customer's record.
    pub fn record_script(&mut self, source: &ScriptSource, gives: &ScriptResult) -> Option<RecordScript> {
        let names = self.readable();
        let (read, _) = self.with_script(source, None, gives, &[], |host, task| host.used_inputs(task, &names))?;
        let called = self.called_functions(source, None, gives, &names)?;
        let span = source.written.span?;
        let text = if source.source == span.source { span } else { Span::new(source.source, 0..source.text.len()) };
        let known = read.iter().map(|r| r.name.clone()).chain(called.iter().map(|f| f.name.clone()));
        self.add_script_reads(text, known.collect());
        let mut reads = Vec::new();
        let mut fields = Vec::new();
        for input in &read {
            let slot = self.slot_read(input, span)?;
            let parts = self.parts_read(input)?;
            let whole = input.properties.iter().filter(|p| !parts.iter().any(|(name, _)| *name == p.name)).count();
            // A rule of which only parts are read is not a variable itself.
            if input.uses + whole > input.properties.len() || parts.is_empty() {
                reads.push(slot);
                fields.push(self.script_field(input, slot));
            }
            for (part, slot) in parts {
                reads.push(slot);
                let name = format!("{}.{part}", input.name);
                let described = self.slot(slot);
                fields.push(ScriptField { name, ty: described.ty, nullable: described.nullable, columns: Vec::new() });
            }
        }
        let script = self.compile_script(source, None, gives, &called, &fields)?;
        Some(RecordScript { script, reads })
    }

    /// The parts of a rule or programme that a script reads, each once, and their slots; none after a diagnostic.
    fn parts_read(&mut self, read: &UsedInput) -> Option<Vec<(String, SlotId)>> {
        if !matches!(self.names.get(&read.name), Some(Definition::Rule(_) | Definition::Programme(_))) {
            return Some(Vec::new());
        }
        let prefix = format!("{}.", read.name);
        let mut parts: Vec<(String, SlotId)> = Vec::new();
        for property in &read.properties {
            let name = format!("{prefix}{}", property.name);
            if let Some(slot) = self.by_name.get(&name) {
                if !parts.iter().any(|(known, _)| *known == property.name) {
                    parts.push((property.name.clone(), *slot));
                }
            } else if !property.known {
                let mut known: Vec<&str> = self.by_name.keys().filter_map(|n| n.strip_prefix(&prefix)).collect();
                known.sort_unstable();
                let message = format!("`{}` has no part `{}`", read.name, property.name);
                let diagnostic = Diagnostic::new(Code::E0603, message).at(property.span);
                let diagnostic = diagnostic.suggest_or_else(&property.name, known.iter().copied(), |diagnostic| {
                    if known.is_empty() { diagnostic } else { diagnostic.help(format!("it has {}", known.join(", "))) }
                });
                self.out.push(diagnostic);
                return None;
            }
        }
        Some(parts)
    }

    /// What a script may read: every metric, rule and column of the customers table, the tables of events, and the
    /// date of the run.
    pub(super) fn readable(&self) -> Vec<AvailableInput> {
        let one = |name: &str| AvailableInput { name: name.to_owned(), columns: None };
        let readable = |(name, definition): (&String, &Definition)| match definition {
            Definition::Metric(_) | Definition::Rule(_) | Definition::Programme(_) | Definition::Column(_) => {
                Some(one(name))
            }
            Definition::Source(source) => {
                let source = &self.sources[*source];
                let columns = source.stored().iter().map(|c| c.name.clone()).collect();
                let events = matches!(source.role, SourceRole::Events { .. });
                events.then(|| AvailableInput { name: name.clone(), columns: Some(columns) })
            }
            Definition::Period | Definition::Function => None,
        };
        self.names.iter().filter_map(readable).chain([one("as_of")]).collect()
    }

    fn slot_read(&mut self, read: &UsedInput, span: Span) -> Option<SlotId> {
        if read.name == "as_of" {
            if let Some(slot) = self.slot_named("as_of") {
                return Some(slot);
            }
            let expr = TypedExpr { operation: Operation::AsOf, ty: Type::Date, nullable: false };
            return Some(self.add_metric("as_of".to_owned(), expr, SourceText::without_span("as_of")));
        }
        match self.names.get(&read.name) {
            Some(Definition::Source(source)) => {
                let (source, all) = (*source, &self.sources[*source].columns);
                let columns = read.columns.iter().filter_map(|c| all.iter().position(|column| column.name == *c));
                let columns = columns.collect();
                Some(self.rows_of(source, columns, None))
            }
            _ => self.define(&read.name, span),
        }
    }

    fn script_field(&self, read: &UsedInput, slot: SlotId) -> ScriptField {
        let described = self.slot(slot);
        let source = match self.names.get(&read.name) {
            Some(Definition::Source(source)) => Some(&self.sources[*source]),
            _ => None,
        };
        let of = |name: &String| Some((name.clone(), source?.columns.iter().find(|c| c.name == *name)?.ty));
        let columns = read.columns.iter().filter_map(of).collect();
        ScriptField { name: read.name.clone(), ty: described.ty, nullable: described.nullable, columns }
    }
}
