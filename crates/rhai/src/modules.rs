//! Modules that scripts import: compiled before the script runs, resolved by path while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use accolade_core::script::{ScriptTask, ScriptText};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use rhai::{AST, Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use crate::check::ScriptSummary;
use crate::compile_error;
use crate::source_map::SourceMap;

/// The compiled modules of a script by path, including those that modules import.
#[derive(Default)]
pub(crate) struct LoadedModules {
    texts: BTreeMap<String, AST>,
    /// The names of functions that they call.
    pub(crate) called: BTreeSet<String>,
}

impl LoadedModules {
    /// Compiles the modules that a script imports, and their imports; errors go to `out`.
    pub(crate) fn read(
        engine: &Engine,
        contents: &ScriptSummary,
        task: &ScriptTask,
        out: &mut Diagnostics,
    ) -> LoadedModules {
        let mut loaded = LoadedModules::default();
        loaded.imports(engine, contents, task, SourceMap(task.text), &mut Vec::new(), out);
        loaded
    }

    fn imports(
        &mut self,
        engine: &Engine,
        contents: &ScriptSummary,
        task: &ScriptTask,
        place: SourceMap,
        trail: &mut Vec<String>,
        out: &mut Diagnostics,
    ) {
        for (path, at) in &contents.imports {
            let wrong = |message: String| Diagnostic::new(Code::E0606, message).at(place.span(*at));
            let Some(path) = path else {
                let help = "write it out, as in `import \"lib/common\" as common;`";
                out.push(wrong("the path of a module cannot be computed".to_owned()).help(help));
                continue;
            };
            if trail.contains(path) {
                let chain: Vec<String> = trail.iter().chain([path]).map(|p| format!("`{p}`")).collect();
                out.push(wrong(format!("modules import each other: {}", chain.join(" → "))));
                continue;
            }
            if self.texts.contains_key(path) {
                continue;
            }
            if self.texts.len() as u64 >= task.limits.get("modules") {
                let most = task.limits.get("modules");
                out.push(wrong(format!("the script imports more than {most} modules")).help("see `script_limits`"));
                return;
            }
            let (source, text) = match task.modules.load(path) {
                Ok(module) => module,
                Err(why) => {
                    out.push(wrong(format!("the module `{path}` cannot be imported: {why}")));
                    continue;
                }
            };
            let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap_or(u32::MAX)).collect();
            let place = SourceMap(ScriptText { source, text: &text, offsets: &offsets });
            let mut ast = match engine.compile_with_scope(&Scope::new(), &text) {
                Ok(ast) => ast,
                Err(error) => {
                    out.push(compile_error::diagnostic(place, &error, &[]));
                    continue;
                }
            };
            ast.set_source(path.as_str());
            let own = ScriptSummary::of(&ast);
            for (_, at) in ScriptSummary::of(&ast.clone_functions_only()).imports {
                let message = "a function imports a module".to_owned();
                let help = "import it at the top of the file";
                out.push(Diagnostic::new(Code::E0606, message).at(place.span(at)).help(help));
            }
            own.too_large(place, out);
            own.captured(&[], place, out);
            own.unknown_functions(engine, &ast, task.declared, place, out);
            self.called.extend(own.called().map(str::to_owned));
            self.texts.insert(path.clone(), ast);
            trail.push(path.clone());
            self.imports(engine, &own, task, place, trail, out);
            trail.pop();
        }
    }

    /// Makes `engine` resolve imports to these modules.
    pub(crate) fn resolved_by(self, engine: &mut Engine) {
        engine.set_module_resolver(Resolver { texts: self.texts, evaluated: Mutex::default() });
    }
}

struct Resolver {
    texts: BTreeMap<String, AST>,
    /// Modules evaluated so far; each is evaluated once.
    evaluated: Mutex<BTreeMap<String, Shared<Module>>>,
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        _: Option<&str>,
        path: &str,
        at: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let known = |evaluated: &BTreeMap<String, Shared<Module>>| evaluated.get(path).cloned();
        if let Some(module) = self.evaluated.lock().ok().and_then(|evaluated| known(&evaluated)) {
            return Ok(module);
        }
        let Some(ast) = self.texts.get(path) else {
            return Err(Box::new(EvalAltResult::ErrorModuleNotFound(path.to_owned(), at)));
        };
        let module: Shared<Module> = Module::eval_ast_as_new(Scope::new(), ast, engine)?.into();
        if let Ok(mut evaluated) = self.evaluated.lock() {
            evaluated.insert(path.to_owned(), Shared::clone(&module));
        }
        Ok(module)
    }
}
