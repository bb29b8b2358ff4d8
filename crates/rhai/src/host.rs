//! Compiling and calling scripts.

use std::collections::BTreeSet;
use std::sync::Arc;

use accolade_engine::Value;
use accolade_engine::plugins::{Script, ScriptField, ScriptHost, ScriptText};
use accolade_parser::{Code, Diagnostic, Diagnostics, suggest};
use rhai::{AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, ParseError, ParseErrorType, Scope};

use crate::{limits, place, values};

/// Runs Rhai scripts.
#[derive(Debug)]
pub struct RhaiHost {
    engine: Arc<Engine>,
}

impl Default for RhaiHost {
    fn default() -> Self {
        RhaiHost { engine: Arc::new(limits::engine()) }
    }
}

impl RhaiHost {
    fn compile(&self, script: ScriptText, fields: &[String]) -> Result<AST, Diagnostics> {
        let mut scope = Scope::new();
        fields.iter().for_each(|name| {
            scope.push_dynamic(name.as_str(), Dynamic::UNIT);
        });
        // Constants must not be folded: at this point every field is `()`.
        let text = script.text;
        self.engine
            .compile_with_scope(&scope, text)
            .map_err(|error| Diagnostics(vec![diagnostic(script, &error, fields)]))
    }
}

fn diagnostic(script: ScriptText, error: &ParseError, fields: &[String]) -> Diagnostic {
    let at = place::span(script, error.position());
    match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let diagnostic = Diagnostic::new(
                Code("E0603"),
                format!("the script reads `{name}`, which is neither a field nor a variable"),
            )
            .at(at);
            match suggest(name, fields.iter().map(String::as_str)) {
                Some(candidate) => diagnostic.help(format!("did you mean `{candidate}`?")),
                None => diagnostic,
            }
        }
        other => {
            Diagnostic::new(Code("E0603"), format!("the script has an error: {}", lowercase(&other.to_string()))).at(at)
        }
    }
}

fn lowercase(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

impl ScriptHost for RhaiHost {
    fn fields_read(&self, script: ScriptText, fields: &[String]) -> Result<Vec<String>, Diagnostics> {
        let ast = self.compile(script, fields)?;
        let mut read = BTreeSet::new();
        ast.walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last() {
                read.insert(variable.1.to_string());
            }
            true
        });
        Ok(fields.iter().filter(|name| read.contains(*name)).cloned().collect())
    }

    fn prepare(&self, script: ScriptText, fields: &[ScriptField]) -> Result<Box<dyn Script>, Diagnostics> {
        let names: Vec<String> = fields.iter().map(|f| f.name.clone()).collect();
        let ast = self.compile(script, &names)?;
        Ok(Box::new(RhaiScript { engine: Arc::clone(&self.engine), ast, fields: fields.to_vec() }))
    }
}

#[derive(Debug)]
struct RhaiScript {
    engine: Arc<Engine>,
    ast: AST,
    fields: Vec<ScriptField>,
}

impl Script for RhaiScript {
    fn call(&self, record: &[Value]) -> Result<Value, String> {
        let mut scope = Scope::new();
        for (field, value) in self.fields.iter().zip(record) {
            scope.push_dynamic(field.name.as_str(), values::into_script(value, field.ty)?);
        }
        let result: Result<Dynamic, Box<EvalAltResult>> = self.engine.eval_ast_with_scope(&mut scope, &self.ast);
        match result {
            Ok(result) => values::from_script(&result),
            Err(error) => Err(lowercase(&error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use accolade_engine::Type;
    use accolade_parser::SourceId;

    use super::*;

    fn prepare(text: &str, fields: &[(&str, Type)]) -> Result<Box<dyn Script>, String> {
        let offsets: Vec<u32> = (0..=u32::try_from(text.len()).unwrap()).collect();
        let script = ScriptText { source: SourceId(0), text, offsets: &offsets };
        let names: Vec<String> = fields.iter().map(|(n, _)| (*n).to_owned()).collect();
        let shown = |d: Diagnostics| format!("{} at {}", d.0[0].message, d.0[0].labels[0].span.start);
        let host = RhaiHost::default();
        let read = host.fields_read(script, &names).map_err(shown)?;
        let fields: Vec<ScriptField> = fields
            .iter()
            .filter(|(n, _)| read.iter().any(|r| r == n))
            .map(|(n, ty)| ScriptField { name: (*n).to_owned(), ty: *ty })
            .collect();
        host.prepare(script, &fields).map_err(shown)
    }

    fn check(text: &str, value: Value, ty: Type, expected: Result<Value, &str>) {
        let got = prepare(text, &[("x", ty)]).and_then(|script| script.call(&[value]));
        match (got, expected) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected, "{text}"),
            (Err(got), Err(expected)) => assert!(got.contains(expected), "{text}: {got}"),
            (got, expected) => panic!("{text}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn a_script_gives_a_number_or_nothing() {
        check("x + 1", Value::Integer(2), Type::Integer, Ok(Value::Integer(3)));
        check("if x == () { () } else { 1 }", Value::Null, Type::Integer, Ok(Value::Null));
        check("x * 2", Value::Money(12_500), Type::Money, Ok(Value::Number(2.5)));
        check("if x == \"a\" { 1.5 } else { 0.0 }", Value::text("a"), Type::Text, Ok(Value::Number(1.5)));
        check("x", Value::text("a"), Type::Text, Err("not a number"));
        check("x / 0.0", Value::Number(1.0), Type::Number, Err("not finite"));
        check("x / 0", Value::Integer(1), Type::Integer, Err("line 1"));
    }

    #[test]
    fn mistakes_are_found_before_any_record_is_read() {
        check("let a = 1;\nxx + a", Value::Null, Type::Integer, Err("reads `xx`"));
        check("x +", Value::Null, Type::Integer, Err("has an error"));
        check("eval(\"1\")", Value::Null, Type::Integer, Err(""));
        check("import \"a\" as b; x", Value::Null, Type::Integer, Err(""));
    }

    #[test]
    fn hostile_scripts_end() {
        check("let a = x; loop { a += 1 }", Value::Integer(1), Type::Integer, Err(""));
        check("let s = \"aaaaaaaa\"; loop { s += s } ; x", Value::Integer(1), Type::Integer, Err(""));
        check("fn f(n) { f(n + 1) } f(x)", Value::Integer(1), Type::Integer, Err(""));
        check("let a = []; loop { a.push(x) }", Value::Integer(1), Type::Integer, Err(""));
    }
}
