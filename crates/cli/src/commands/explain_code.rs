//! `accolade explain-code`

use std::io::Write;

use accolade_parser::code::CODES;
use accolade_parser::suggest;

use crate::exit::Failure;
use crate::render::code_pages;
use crate::terminal;

/// Prints the page of a diagnostic code.
pub(crate) fn explain_code(code: &str) -> Result<(), Failure> {
    let code = code.to_uppercase();
    match code_pages::page(&code) {
        Some(page) => Ok(write!(terminal::stdout(), "{page}")?),
        None => {
            let hint = suggest(&code, CODES.iter().map(|(code, _)| code.id()))
                .map_or(String::new(), |s| format!("; did you mean {s}?"));
            Err(Failure::Message(format!("there is no code `{code}`{hint}")))
        }
    }
}
