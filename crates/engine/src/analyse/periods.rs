//! Periods: references between them must lead somewhere and not back.

use accolade_parser::expr::ast::PeriodSpec;
use accolade_parser::syntax::file::{Period as Written, RuleFile};
use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::names::with_suggestion;
use crate::model::{DayRange, Period};

/// The analysed periods, one for each written, in file order.
pub(super) fn periods(file: &RuleFile, out: &mut Diagnostics) -> Vec<Period> {
    for period in file.periods.values() {
        check(file, period, out);
    }
    file.periods.values().map(|p| Period { name: p.name.value.clone(), spec: p.spec.value.clone() }).collect()
}

fn check(file: &RuleFile, period: &Written, out: &mut Diagnostics) {
    match &period.spec.value {
        PeriodSpec::Before(_, _, name) if !file.periods.contains_key(&name.value) => {
            let known: Vec<&str> = file.periods.keys().map(String::as_str).collect();
            let diagnostic = Diagnostic::new(Code("E0304"), format!("unknown period `{}`", name.value)).at(name.span);
            out.push(with_suggestion(diagnostic, &name.value, &known));
        }
        PeriodSpec::Before(..) => {
            if let Some(circle) = circle(file, period) {
                out.push(
                    Diagnostic::new(Code("E0504"), format!("definitions depend on each other: {circle}"))
                        .at(period.spec.span)
                        .help("let one of the periods be `last …` or a range of dates"),
                );
            }
        }
        PeriodSpec::Between { from, to, closed } => {
            let range = DayRange {
                first: crate::model::period::day_number(*from),
                last: crate::model::period::day_number(*to) - i32::from(!closed),
            };
            if range.first > range.last {
                out.push(
                    Diagnostic::new(Code("E0508"), format!("the period `{}` is empty", period.name.value))
                        .at(period.spec.span)
                        .help("write the earlier date first"),
                );
            }
        }
        PeriodSpec::Last(..) => {}
    }
}

fn circle(file: &RuleFile, start: &Written) -> Option<String> {
    let mut path = vec![format!("`{}`", start.name.value)];
    let mut current = start;
    for _ in 0..file.periods.len() {
        let PeriodSpec::Before(_, _, name) = &current.spec.value else { return None };
        path.push(format!("`{}`", name.value));
        if name.value == start.name.value {
            return Some(path.join(" → "));
        }
        current = file.periods.get(&name.value)?;
    }
    None
}
