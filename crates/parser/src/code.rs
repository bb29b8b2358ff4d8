//! The table of diagnostic codes. A code is never reused; each has a page in `docs/diagnostics/`.

use crate::diagnostic::Severity;

/// A diagnostic code such as `E0301`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// `W…` codes warn, all others are errors.
    pub fn severity(self) -> Severity {
        if self.0.starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// What the code stands for, in a few words.
    pub fn title(self) -> &'static str {
        CODES.iter().find(|(id, _)| *id == self.0).map_or("", |(_, title)| title)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Every code and its title.
pub const CODES: &[(&str, &str)] = &[
    // E00: YAML
    ("E0001", "the file is not valid YAML"),
    ("E0002", "a key is written twice"),
    ("E0003", "anchors, aliases and tags are not allowed"),
    ("E0004", "the file is nested too deeply or too large"),
    ("E0005", "the file is not UTF-8"),
    // E01: shape
    ("E0101", "unknown key"),
    ("E0102", "a required key is missing"),
    ("E0103", "a value has the wrong shape"),
    ("E0104", "unknown language version"),
    ("E0105", "not a valid name"),
    ("E0106", "a value is not one of those allowed"),
    ("E0107", "an included file cannot be used"),
    ("E0108", "a password in a rule file"),
    // E02: expression syntax
    ("E0201", "the expression cannot be parsed"),
    ("E0202", "a number or date cannot be represented"),
    ("E0203", "the expression is nested too deeply"),
    // E03: names
    ("E0301", "unknown name"),
    ("E0302", "a name is defined twice"),
    ("E0303", "unknown function"),
    ("E0304", "unknown period"),
    ("E0305", "unknown column"),
    ("E0306", "a name of another sort was expected"),
    ("E0307", "an override without an entry to override"),
    // E04: types
    ("E0401", "an operator does not fit its operands"),
    ("E0402", "a function does not fit its arguments"),
    ("E0403", "a condition is not true or false"),
    ("E0404", "a literal does not fit the type"),
    ("E0405", "an aggregate is not allowed here"),
    ("E0406", "a value has the wrong type"),
    // E05: rule semantics
    ("E0501", "the weights do not add up"),
    ("E0502", "the bands leave a gap"),
    ("E0503", "the bands overlap"),
    ("E0504", "definitions depend on each other in a circle"),
    ("E0505", "the classes are not in a usable order"),
    ("E0506", "two rows can hold for the same customer"),
    ("E0507", "the rows do not cover every case"),
    ("E0508", "a parameter is out of range"),
    ("E0509", "points outside the scale"),
    ("E0510", "the cells do not match the axes"),
    ("E0511", "two periods are not one after the other"),
    // E06: plugins
    ("E0601", "unknown rule kind"),
    ("E0602", "a script file cannot be read"),
    ("E0603", "a script has an error"),
    ("E0604", "no script host"),
    ("E0605", "a script gives a value of the wrong type"),
    ("E0606", "a module cannot be imported"),
    // E07: data
    ("E0701", "a file cannot be read"),
    ("E0702", "a declared column is not in the file"),
    ("E0703", "a value has the wrong type"),
    ("E0704", "a value is out of its range"),
    ("E0705", "a required value is missing"),
    ("E0706", "a key occurs twice"),
    ("E0707", "an event of an unknown customer"),
    ("E0708", "a record is malformed"),
    ("E0709", "no date to rate at"),
    ("E0710", "the cut-offs do not fit the rule set"),
    ("E0711", "a criterion has no value"),
    ("E0712", "a script failed"),
    ("E0713", "two rows hold for the same customer"),
    ("E0714", "the memory limit is too small"),
    // E08: tests of rule sets
    ("E0801", "there is nothing to test"),
    ("E0802", "an expectation of something that is not there"),
    ("E0803", "a case expects nothing"),
    ("E0804", "an expectation cannot be read"),
    ("E0805", "given data does not fit"),
    // E09: other forms of a rule set
    ("E0901", "a rule cannot be written as SQL"),
    // W: warnings
    ("W0501", "a row can never be reached"),
    ("W0502", "a grade can never be reached"),
    ("W0503", "a criterion can never change the grade"),
    ("W0504", "a percentage without its sign"),
    ("W0701", "division by zero"),
    ("W0702", "a condition was neither true nor false"),
    ("W0703", "an empty bin"),
    ("W0704", "nothing to classify"),
    ("W0705", "fewer customers than bins"),
    ("W0706", "events after the date of the run"),
    ("W0707", "a result is too large"),
    ("W0708", "money is stored as a float"),
    ("W0709", "rows were rejected"),
    ("W0710", "no customers"),
    ("W0711", "notes without a place"),
    ("W0712", "a customer buys more than it spends"),
    ("W0713", "much depends on one customer"),
    ("W0714", "retention by count is not the share of customers kept"),
    ("W0715", "the cost of a member is missing"),
    ("W0901", "a rule is left out of the SQL"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_sorted_within_their_letter() {
        assert!(CODES.windows(2).all(|w| w[0].0 < w[1].0), "codes out of order");
    }
}
