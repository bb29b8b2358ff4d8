//! "Did you mean", or what is known.

use accolade_parser::{Diagnostic, suggest};

/// The diagnostic of an unknown name with a hint.
pub(super) fn hinted<'n>(diagnostic: Diagnostic, name: &str, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    match suggest(name, known.iter().copied()) {
        Some(candidate) => match diagnostic.labels.first().map(|label| label.span) {
            Some(place) => diagnostic.did_you_mean(place, name, candidate),
            None => diagnostic.help(format!("did you mean `{candidate}`?")),
        },
        None => {
            let known: Vec<String> = known.iter().map(|n| format!("`{n}`")).collect();
            diagnostic.help(format!("known are: {}", known.join(", ")))
        }
    }
}
