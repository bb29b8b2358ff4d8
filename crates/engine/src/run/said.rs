//! Warnings about what was counted while rules were applied.

use accolade_parser::{Code, Diagnostic, Diagnostics};

use crate::kinds::Unknown;
use accolade_core::eval::Faults;

pub(crate) fn report_faults(name: &str, faults: &Faults, findings: &mut Diagnostics) {
    let (divisions, overflows) = faults.counts();
    let times = |n: u64| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    if divisions > 0 {
        let message = format!("`{name}`: division by zero {}; the result is missing there", times(divisions));
        findings.push(Diagnostic::new(Code("W0701"), message));
    }
    if overflows > 0 {
        let message = format!("`{name}`: a result too large or undefined {}; it is missing there", times(overflows));
        findings.push(Diagnostic::new(Code("W0707"), message));
    }
}

pub(crate) fn report_unknown(name: &str, unknown: &Unknown, findings: &mut Diagnostics) {
    for (label, count) in unknown.counts() {
        let (customers, them) =
            if count == 1 { ("customer".to_owned(), "it") } else { ("customers".to_owned(), "them") };
        let message = format!(
            "`{name}`: the condition of `{label}` is neither true nor false for {count} {customers}; a value it needs is missing, so the row was passed over for {them}"
        );
        findings.push(
            Diagnostic::new(Code("W0702"), message)
                .help("say what a missing value means with `is missing` or `or else`"),
        );
    }
}
