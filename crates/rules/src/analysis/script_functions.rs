//! The functions of `functions:`, which scripts define.

use std::sync::Arc;

use accolade_core::literals;
use accolade_core::model::{Operation, ScriptFunction, Type, TypedExpr};
use accolade_core::script::{AvailableInput, ScriptField, ScriptResult};
use accolade_parser::expr::ast::Call;
use accolade_parser::{Code, Diagnostic, Span};

use super::expr::{Scope, cast};
use super::scripts::ScriptSource;
use super::{Analyser, columns};

impl Analyser<'_> {
    /// Checks every function of `functions:`, called or not.
    pub(super) fn define_functions(&mut self) {
        let names: Vec<String> = self.file.functions.keys().cloned().collect();
        names.iter().for_each(|name| {
            self.script_function(name);
        });
    }

    /// The function that a script defines under this name; `None` after a diagnostic, or if there is none.
    fn script_function(&mut self, name: &str) -> Option<Arc<ScriptFunction>> {
        if let Some(known) = self.script_functions.get(name) {
            return known.clone();
        }
        let written = self.file.functions.get(name)?;
        if let Some(start) = self.function_trail.iter().position(|known| known == name) {
            let circle = self.function_trail[start..].iter().map(String::as_str).chain([name]);
            let circle: Vec<String> = circle.map(|name| format!("`{name}`")).collect();
            let message = format!("functions call each other: {}", circle.join(" → "));
            self.out.push(Diagnostic::new(Code::E0504, message).at(written.name.span).help("remove one of the calls"));
            return None;
        }
        self.function_trail.push(name.to_owned());
        // A chain of functions may be as long as the file.
        let function = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.compile_function(name));
        self.function_trail.pop();
        self.script_functions.insert(name.to_owned(), function.clone());
        function
    }

    fn compile_function(&mut self, name: &str) -> Option<Arc<ScriptFunction>> {
        let written = self.file.functions.get(name)?;
        let parameters: Vec<_> = written.arguments.values().map(|a| columns::column(a, self.out)).collect();
        let returns = columns::returned(&written.returns, self.out);
        let source = self.script_source(&written.script)?;
        let field = |p: &accolade_core::model::Column| ScriptField {
            name: p.name.clone(),
            ty: p.ty,
            nullable: p.nullable,
            columns: Vec::new(),
        };
        let fields: Vec<ScriptField> = parameters.iter().map(field).collect();
        let gives = ScriptResult::Value(returns.clone());
        let called = self.called_functions(&source, Some(name), &gives, &[])?;
        let script = self.compile_script(&source, Some(name), &gives, &called, &fields)?;
        let function = ScriptFunction { name: name.to_owned(), span: written.name.span, parameters, returns, script };
        Some(Arc::new(function))
    }

    /// The functions of `functions:` that a script calls; none after a diagnostic.
    pub(super) fn called_functions(
        &mut self,
        source: &ScriptSource,
        function: Option<&str>,
        gives: &ScriptResult,
        names: &[AvailableInput],
    ) -> Option<Vec<Arc<ScriptFunction>>> {
        let (called, _) =
            self.with_script(source, function, gives, &[], |host, task| host.called_functions(task, names))?;
        called.iter().map(|name| self.script_function(name)).collect()
    }

    /// Whether a script defines a function of this name.
    pub(super) fn is_script_function(&self, name: &str) -> bool {
        self.file.functions.contains_key(name)
    }

    /// A call of a function that a script defines.
    pub(super) fn script_call(&mut self, call: &Call, span: Span, scope: Scope) -> Option<TypedExpr> {
        let function = self.script_function(&call.function.value)?;
        if !matches!(scope, Scope::Record) {
            let message = format!("`{}` is defined by a script and cannot be called here", function.name);
            let help = "define it as a metric under `profile` and use the metric";
            self.out.push(Diagnostic::new(Code::E0405, message).at(span).help(help));
            return None;
        }
        let mut arguments = Vec::new();
        for (i, written) in call.arguments.iter().enumerate() {
            let wanted = function.parameters.get(i).map(|p| p.ty);
            arguments.push(self.expression(written, scope, wanted)?);
        }
        let accepts = |wanted: Type, given: Type| {
            wanted == given
                || wanted.is_float() && matches!(given, Type::Integer | Type::Number | Type::Percent | Type::Score)
                || wanted == Type::Date && given == Type::DateTime
        };
        let fits = arguments.len() == function.parameters.len()
            && function.parameters.iter().zip(&arguments).all(|(p, a)| accepts(p.ty, a.ty));
        if !fits {
            let given: Vec<String> = arguments.iter().map(|a| a.ty.to_string()).collect();
            let wanted: Vec<String> = function.parameters.iter().map(|p| format!("{} {}", p.name, p.ty)).collect();
            let message = format!("`{}` does not take ({})", function.name, given.join(", "));
            let help =
                format!("it takes ({}) and gives {}", wanted.join(", "), literals::with_article(function.returns.ty));
            let diagnostic = Diagnostic::new(Code::E0402, message).at(span);
            self.out.push(diagnostic.label(function.span, "declared here").help(help));
            return None;
        }
        let arguments = arguments.into_iter().zip(&function.parameters).map(|(a, p)| cast(a, p.ty)).collect();
        let (ty, nullable) = (function.returns.ty, true);
        Some(TypedExpr { operation: Operation::Script(function, arguments), ty, nullable })
    }
}
