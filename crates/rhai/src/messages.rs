//! Errors of the script language in the words of diagnostics.

use accolade_parser::{Code, Diagnostic, suggest};
use rhai::{ParseError, ParseErrorType};

use crate::place::Place;

/// The diagnostic of a compiler error, at its place.
pub(crate) fn diagnostic(place: Place, error: &ParseError, names: &[String]) -> Diagnostic {
    let at = place.span(error.position());
    match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let message = format!("the script reads `{name}`, which is neither a field nor a variable");
            let diagnostic = Diagnostic::new(Code::E0603, message).at(at);
            match suggest(name, names.iter().map(String::as_str)) {
                Some(candidate) => diagnostic.did_you_mean(at, name, candidate),
                None => diagnostic,
            }
        }
        other => {
            Diagnostic::new(Code::E0603, format!("the script has an error: {}", lowercase(&other.to_string()))).at(at)
        }
    }
}

/// A message of the script language with a small first letter.
pub(crate) fn lowercase(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
