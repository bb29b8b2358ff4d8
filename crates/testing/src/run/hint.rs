//! Hints for unknown names: "did you mean", or the list of known names.

use accolade_parser::Diagnostic;

/// The diagnostic of an unknown name with a hint.
pub(super) fn hinted<'n>(diagnostic: Diagnostic, name: &str, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    diagnostic.suggest_or_else(name, known.iter().copied(), |diagnostic| {
        let known: Vec<String> = known.iter().map(|n| format!("`{n}`")).collect();
        diagnostic.help(format!("the known names are {}", known.join(", ")))
    })
}
