//! The label of customers who are in no class, where `none:` names it.

use accolade_parser::syntax::fields::{self, Fields};
use accolade_parser::{Code, Diagnostic};
use accolade_rules::analysis::Analyser;
use accolade_rules::decision::labelled_ranges::LabelledRanges;
use accolade_rules::thresholds::labels::Labels;

/// The label that `none:` names; `none` if it is absent.
pub(super) fn label(parameters: &Fields, analyser: &mut Analyser) -> Option<String> {
    match parameters.optional("none") {
        Some(node) => Some(fields::text(node, analyser.out)?.text.clone()),
        None => Some("none".to_owned()),
    }
}

/// The labels of the classes and, last, the label of customers without a `figure`, which may not be a class too.
pub(super) fn labels(classes: &LabelledRanges, none: String, figure: &str, analyser: &mut Analyser) -> Option<Labels> {
    if let Some(index) = classes.labels.iter().position(|label| *label == none) {
        let help = format!("write `none: LABEL` with a label for customers without a {figure}");
        let message = format!("`{none}` is already a class");
        analyser.out.push(Diagnostic::new(Code::E0302, message).at(classes.spans[index]).help(help));
        return None;
    }
    Some(classes.labels.iter().cloned().chain([none]).collect())
}
