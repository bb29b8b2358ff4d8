//! Warnings about faults that were counted.

use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::Faults;

/// Warns of divisions by zero and overflows in the computation of `name`.
pub fn report_faults(name: &str, faults: &Faults, findings: &mut Diagnostics) {
    let (divisions, overflows) = faults.counts();
    let times = |n: u64| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    if divisions > 0 {
        let message = format!("`{name}`: division by zero {}; the result is missing there", times(divisions));
        findings.push(Diagnostic::new(Code::W0701, message));
    }
    if overflows > 0 {
        let message = format!("`{name}`: a result too large or undefined {}; it is missing there", times(overflows));
        findings.push(Diagnostic::new(Code::W0707, message));
    }
}
