//! The functions of measures, as one table.

use accolade_parser::expr::ast::Call;
use accolade_parser::{Code, Diagnostic, Span};

use super::{Compiled, answers, change, concentration, counts, programme, retention, totals};
use crate::analyse::{Analyser, with_suggestion};

/// A function over the customer base.
#[derive(Debug)]
pub struct MeasureFunction {
    /// Its name in measures.
    pub name: &'static str,
    /// What it takes, as it is written.
    pub takes: &'static str,
    /// What it gives, in which unit, without data, and the source of its formula.
    pub doc: &'static str,
    pub(crate) compile: fn(&Call, Span, &mut Analyser) -> Option<Compiled>,
}

/// Every function, in a reader's order; each takes `where CONDITION` besides.
pub static FUNCTIONS: &[MeasureFunction] = &[
    counts::COUNT,
    counts::SHARE,
    totals::SUM,
    totals::MEAN,
    totals::MIN,
    totals::MAX,
    totals::MEDIAN,
    retention::RETENTION,
    retention::CHURN,
    retention::RETENTION_BY_COUNT,
    retention::REPEAT_RATE,
    change::GROWTH,
    change::EXTRA,
    change::SHARE_OF_WALLET,
    answers::NPS,
    answers::CSAT,
    answers::CES,
    concentration::GINI,
    concentration::HHI,
    concentration::TOP_SHARE,
    programme::RETURN_ON,
    programme::UPLIFT,
];

/// The function that a call names.
pub(super) fn find(call: &Call, analyser: &mut Analyser) -> Option<&'static MeasureFunction> {
    let name = call.function.value.as_str();
    let found = FUNCTIONS.iter().find(|f| f.name == name);
    if found.is_none() {
        let known: Vec<&str> = FUNCTIONS.iter().map(|f| f.name).collect();
        let diagnostic = Diagnostic::new(Code("E0303"), format!("unknown measure `{name}`")).at(call.function.span);
        let suggested = with_suggestion(diagnostic, name, &known);
        let helped = !suggested.help.is_empty();
        analyser.out.push(if helped {
            suggested
        } else {
            suggested.help(format!("the measures are {}", known.join(", ")))
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_named_once_and_documented() {
        let mut seen = std::collections::HashSet::new();
        for function in FUNCTIONS {
            assert!(seen.insert(function.name), "{} twice", function.name);
            assert!(function.takes.starts_with('(') && function.doc.ends_with('.'), "{}", function.name);
        }
    }
}
