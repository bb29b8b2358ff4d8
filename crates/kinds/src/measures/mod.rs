//! The table of the functions of measures.

mod answers;
mod change;
mod concentration;
mod counts;
mod programme;
mod retention;
mod totals;

use accolade_rules::analysis::MeasureFunction;

/// All functions, in the order of the documentation. Each of them also takes `where CONDITION`.
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
