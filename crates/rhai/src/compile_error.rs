//! Compile errors of the script language as diagnostics.

use accolade_parser::{Code, Diagnostic};
use rhai::{ParseError, ParseErrorType};

use crate::source_map::SourceMap;

/// The diagnostic of a compile error.
pub(crate) fn diagnostic(place: SourceMap, error: &ParseError, names: &[String]) -> Diagnostic {
    let at = place.span(error.position());
    match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let message = format!("the script reads `{name}`, which is neither a field nor a variable");
            let diagnostic = Diagnostic::new(Code::E0603, message).at(at);
            diagnostic.suggest_or_else(name, names.iter().map(String::as_str), |diagnostic| diagnostic)
        }
        other => {
            Diagnostic::new(Code::E0603, format!("the script has an error: {}", lowercase(&other.to_string()))).at(at)
        }
    }
}

/// A message with its first letter in lower case.
pub(crate) fn lowercase(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
