//! Parts of rules, such as `rating.grade`, as variables of a script.

use accolade_core::script::ScriptField;
use accolade_parser::{Code, Diagnostic, Diagnostics};

use crate::check::ScriptSummary;
use crate::source_map::SourceMap;

/// A script in which the parts that it reads are variables.
pub(crate) struct PartVariables {
    /// The text, of the same length, with everything else in the same place.
    pub(crate) text: String,
    /// For each field the name of its variable.
    pub(crate) names: Vec<String>,
}

/// Replaces each part among `fields` that the script reads by a variable.
pub(crate) fn as_variables(
    contents: &ScriptSummary,
    fields: &[ScriptField],
    place: SourceMap,
) -> Result<PartVariables, Diagnostics> {
    let mut text = place.0.text.to_owned();
    let names: Vec<String> = fields.iter().map(|field| variable(&field.name, place.0.text)).collect();
    for read in contents.property_reads() {
        let name = format!("{}.{}", read.variable, read.property);
        let Some(index) = fields.iter().position(|field| field.name == name) else { continue };
        let (Some(start), Some(end)) = (place.index(read.from), place.index(read.at)) else { continue };
        let end = end + read.property.len();
        let between = text.get(start..end).unwrap_or("");
        if between.contains('\n') {
            let message = format!("`{name}` stands on two lines");
            let diagnostic = Diagnostic::new(Code::E0603, message).at(place.span(read.from));
            return Err(Diagnostics::from(diagnostic.help("write it on one")));
        }
        let spelled = format!("{:<1$}", names[index], between.len());
        text.replace_range(start..end, &spelled);
    }
    Ok(PartVariables { text, names })
}

/// A name of the same length that the script does not use.
fn variable(name: &str, text: &str) -> String {
    if !name.contains('.') {
        return name.to_owned();
    }
    let joints = std::iter::once('_').chain('a'..='z').chain('A'..='Z').chain('0'..='9');
    let mut candidates = joints.map(|joint| name.replace('.', &joint.to_string()));
    candidates.find(|candidate| !text.contains(candidate.as_str())).unwrap_or_else(|| name.replace('.', "_"))
}
