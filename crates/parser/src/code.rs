//! The table of diagnostic codes. A code is never reused; each has a page in `docs/diagnostics/`.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the rule set still runs.
    Warning,
    /// The rule set or the data cannot be used.
    Error,
}

/// A diagnostic code such as `E0301`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as it is written.
    pub fn id(self) -> &'static str {
        self.0
    }

    /// The severity of the code: codes that begin with `W` are warnings, all others are errors.
    pub fn severity(self) -> Severity {
        if self.0.starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// What the code stands for, in a few words.
    pub fn title(self) -> &'static str {
        CODES.iter().find(|(code, _)| *code == self).map_or("", |(_, title)| title)
    }
}

/// Every code.
impl Code {
    // E00: YAML
    /// The file is not valid YAML.
    pub const E0001: Code = Code("E0001");
    /// A key is written twice.
    pub const E0002: Code = Code("E0002");
    /// Anchors, aliases and tags are not allowed.
    pub const E0003: Code = Code("E0003");
    /// The file is nested too deeply or too large.
    pub const E0004: Code = Code("E0004");
    /// The file is not UTF-8.
    pub const E0005: Code = Code("E0005");

    // E01: shape
    /// Unknown key.
    pub const E0101: Code = Code("E0101");
    /// A required key is missing.
    pub const E0102: Code = Code("E0102");
    /// A value has the wrong shape.
    pub const E0103: Code = Code("E0103");
    /// Unknown language version.
    pub const E0104: Code = Code("E0104");
    /// Not a valid name.
    pub const E0105: Code = Code("E0105");
    /// A value is not one of those allowed.
    pub const E0106: Code = Code("E0106");
    /// An included file cannot be used.
    pub const E0107: Code = Code("E0107");
    /// A password in a rule file.
    pub const E0108: Code = Code("E0108");

    // E02: expression syntax
    /// The expression cannot be parsed.
    pub const E0201: Code = Code("E0201");
    /// A number or date cannot be represented.
    pub const E0202: Code = Code("E0202");
    /// The expression is nested too deeply.
    pub const E0203: Code = Code("E0203");

    // E03: names
    /// Unknown name.
    pub const E0301: Code = Code("E0301");
    /// A name is defined twice.
    pub const E0302: Code = Code("E0302");
    /// Unknown function.
    pub const E0303: Code = Code("E0303");
    /// Unknown period.
    pub const E0304: Code = Code("E0304");
    /// Unknown column.
    pub const E0305: Code = Code("E0305");
    /// A name of another kind was expected.
    pub const E0306: Code = Code("E0306");
    /// An override without an entry to override.
    pub const E0307: Code = Code("E0307");
    /// No rule of this name.
    pub const E0308: Code = Code("E0308");

    // E04: types
    /// An operator does not fit its operands.
    pub const E0401: Code = Code("E0401");
    /// A function does not fit its arguments.
    pub const E0402: Code = Code("E0402");
    /// A condition is not true or false.
    pub const E0403: Code = Code("E0403");
    /// A literal does not fit the type.
    pub const E0404: Code = Code("E0404");
    /// An aggregate is not allowed here.
    pub const E0405: Code = Code("E0405");
    /// A value has the wrong type.
    pub const E0406: Code = Code("E0406");

    // E05: rule semantics
    /// The weights do not add up.
    pub const E0501: Code = Code("E0501");
    /// The bands leave a gap.
    pub const E0502: Code = Code("E0502");
    /// The bands overlap.
    pub const E0503: Code = Code("E0503");
    /// Definitions depend on each other in a circle.
    pub const E0504: Code = Code("E0504");
    /// The classes are not in a usable order.
    pub const E0505: Code = Code("E0505");
    /// Two rows can hold for the same customer.
    pub const E0506: Code = Code("E0506");
    /// The rows do not cover every case.
    pub const E0507: Code = Code("E0507");
    /// A parameter is out of range.
    pub const E0508: Code = Code("E0508");
    /// Points outside the scale.
    pub const E0509: Code = Code("E0509");
    /// The cells do not match the axes.
    pub const E0510: Code = Code("E0510");
    /// Two periods are not one after the other.
    pub const E0511: Code = Code("E0511");

    // E06: plugins
    /// Unknown rule kind.
    pub const E0601: Code = Code("E0601");
    /// A script file cannot be read.
    pub const E0602: Code = Code("E0602");
    /// A script has an error.
    pub const E0603: Code = Code("E0603");
    /// No script host.
    pub const E0604: Code = Code("E0604");
    /// A script gives a value of the wrong type.
    pub const E0605: Code = Code("E0605");
    /// A module cannot be imported.
    pub const E0606: Code = Code("E0606");
    /// A script outside the rule file's folder.
    pub const E0607: Code = Code("E0607");

    // E07: data
    /// A file cannot be read.
    pub const E0701: Code = Code("E0701");
    /// A declared column is not in the file.
    pub const E0702: Code = Code("E0702");
    /// A value has the wrong type.
    pub const E0703: Code = Code("E0703");
    /// A value is out of its range.
    pub const E0704: Code = Code("E0704");
    /// A required value is missing.
    pub const E0705: Code = Code("E0705");
    /// A key occurs twice.
    pub const E0706: Code = Code("E0706");
    /// An event of an unknown customer.
    pub const E0707: Code = Code("E0707");
    /// A record is malformed.
    pub const E0708: Code = Code("E0708");
    /// No date to rate at.
    pub const E0709: Code = Code("E0709");
    /// The cut-offs do not fit the rule set.
    pub const E0710: Code = Code("E0710");
    /// A criterion has no value.
    pub const E0711: Code = Code("E0711");
    /// A script failed.
    pub const E0712: Code = Code("E0712");
    /// Two rows hold for the same customer.
    pub const E0713: Code = Code("E0713");
    /// The memory limit is too small.
    pub const E0714: Code = Code("E0714");
    /// The header does not name the columns.
    pub const E0715: Code = Code("E0715");
    /// Accolade itself failed.
    pub const E0716: Code = Code("E0716");
    /// Rows of a source are there twice.
    pub const E0717: Code = Code("E0717");
    /// A source has not the data that it is expected to have.
    pub const E0718: Code = Code("E0718");
    /// Customers are merged in a circle, into two others, or into nobody.
    pub const E0719: Code = Code("E0719");
    /// The target of `--append` is no history of these customers.
    pub const E0720: Code = Code("E0720");
    /// A field has another type than its column in a history.
    pub const E0721: Code = Code("E0721");

    // E08: tests of rule sets
    /// There is nothing to test.
    pub const E0801: Code = Code("E0801");
    /// An expectation names something that does not exist.
    pub const E0802: Code = Code("E0802");
    /// A case expects nothing.
    pub const E0803: Code = Code("E0803");
    /// An expectation cannot be read.
    pub const E0804: Code = Code("E0804");
    /// Given data does not fit.
    pub const E0805: Code = Code("E0805");

    // E09: other forms of a rule set
    /// A rule cannot be written as SQL.
    pub const E0901: Code = Code("E0901");

    // W: warnings
    /// A row can never be reached.
    pub const W0501: Code = Code("W0501");
    /// A grade can never be reached.
    pub const W0502: Code = Code("W0502");
    /// A criterion can never change the grade.
    pub const W0503: Code = Code("W0503");
    /// A percentage without its sign.
    pub const W0504: Code = Code("W0504");
    /// A fragment that no rule file includes.
    pub const W0505: Code = Code("W0505");
    /// A number that may be thousands.
    pub const W0506: Code = Code("W0506");
    /// Division by zero.
    pub const W0701: Code = Code("W0701");
    /// A condition was neither true nor false.
    pub const W0702: Code = Code("W0702");
    /// An empty bin.
    pub const W0703: Code = Code("W0703");
    /// Nothing to classify.
    pub const W0704: Code = Code("W0704");
    /// Fewer customers than bins.
    pub const W0705: Code = Code("W0705");
    /// Events after the date of the run.
    pub const W0706: Code = Code("W0706");
    /// A result is too large.
    pub const W0707: Code = Code("W0707");
    /// Money is stored as a float.
    pub const W0708: Code = Code("W0708");
    /// Rows were rejected.
    pub const W0709: Code = Code("W0709");
    /// No customers.
    pub const W0710: Code = Code("W0710");
    /// Notes without a place.
    pub const W0711: Code = Code("W0711");
    /// A customer buys more than it spends.
    pub const W0712: Code = Code("W0712");
    /// Much depends on one customer.
    pub const W0713: Code = Code("W0713");
    /// Retention by count is not the share of customers kept.
    pub const W0714: Code = Code("W0714");
    /// The cost of a member is missing.
    pub const W0715: Code = Code("W0715");
    /// Customers below zero.
    pub const W0716: Code = Code("W0716");
    /// Cut-offs are younger than the date of the run.
    pub const W0717: Code = Code("W0717");
    /// A customer has as much as all others together.
    pub const W0718: Code = Code("W0718");
    /// Customers have keys that are alike.
    pub const W0719: Code = Code("W0719");
    /// Events are of customers who are not in the customers table.
    pub const W0720: Code = Code("W0720");
    /// A record holds what no rule reads.
    pub const W0725: Code = Code("W0725");
    /// A value is far from the others.
    pub const W0730: Code = Code("W0730");
    /// A rule is left out of the SQL.
    pub const W0901: Code = Code("W0901");
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Every code and its title.
pub const CODES: &[(Code, &str)] = &[
    // E00: YAML
    (Code::E0001, "the file is not valid YAML"),
    (Code::E0002, "a key is written twice"),
    (Code::E0003, "anchors, aliases and tags are not allowed"),
    (Code::E0004, "the file is nested too deeply or too large"),
    (Code::E0005, "the file is not UTF-8"),
    // E01: shape
    (Code::E0101, "unknown key"),
    (Code::E0102, "a required key is missing"),
    (Code::E0103, "a value has the wrong shape"),
    (Code::E0104, "unknown language version"),
    (Code::E0105, "not a valid name"),
    (Code::E0106, "a value is not one of those allowed"),
    (Code::E0107, "an included file cannot be used"),
    (Code::E0108, "a password in a rule file"),
    // E02: expression syntax
    (Code::E0201, "the expression cannot be parsed"),
    (Code::E0202, "a number or date cannot be represented"),
    (Code::E0203, "the expression is nested too deeply"),
    // E03: names
    (Code::E0301, "unknown name"),
    (Code::E0302, "a name is defined twice"),
    (Code::E0303, "unknown function"),
    (Code::E0304, "unknown period"),
    (Code::E0305, "unknown column"),
    (Code::E0306, "a name of another kind was expected"),
    (Code::E0307, "an override without an entry to override"),
    (Code::E0308, "no rule of this name"),
    // E04: types
    (Code::E0401, "an operator does not fit its operands"),
    (Code::E0402, "a function does not fit its arguments"),
    (Code::E0403, "a condition is not true or false"),
    (Code::E0404, "a literal does not fit the type"),
    (Code::E0405, "an aggregate is not allowed here"),
    (Code::E0406, "a value has the wrong type"),
    // E05: rule semantics
    (Code::E0501, "the weights do not add up"),
    (Code::E0502, "the bands leave a gap"),
    (Code::E0503, "the bands overlap"),
    (Code::E0504, "definitions depend on each other in a circle"),
    (Code::E0505, "the classes are not in a usable order"),
    (Code::E0506, "two rows can hold for the same customer"),
    (Code::E0507, "the rows do not cover every case"),
    (Code::E0508, "a parameter is out of range"),
    (Code::E0509, "points outside the scale"),
    (Code::E0510, "the cells do not match the axes"),
    (Code::E0511, "two periods are not one after the other"),
    // E06: plugins
    (Code::E0601, "unknown rule kind"),
    (Code::E0602, "a script file cannot be read"),
    (Code::E0603, "a script has an error"),
    (Code::E0604, "no script host"),
    (Code::E0605, "a script gives a value of the wrong type"),
    (Code::E0606, "a module cannot be imported"),
    (Code::E0607, "a script outside the folder of its rule file"),
    // E07: data
    (Code::E0701, "a file cannot be read"),
    (Code::E0702, "a declared column is not in the file"),
    (Code::E0703, "a value has the wrong type"),
    (Code::E0704, "a value is out of its range"),
    (Code::E0705, "a required value is missing"),
    (Code::E0706, "a key occurs twice"),
    (Code::E0707, "an event of an unknown customer"),
    (Code::E0708, "a record is malformed"),
    (Code::E0709, "no date to rate at"),
    (Code::E0710, "the cut-offs do not fit the rule set"),
    (Code::E0711, "a criterion has no value"),
    (Code::E0712, "a script failed"),
    (Code::E0713, "two rows hold for the same customer"),
    (Code::E0714, "the memory limit is too small"),
    (Code::E0715, "the header does not name the columns"),
    (Code::E0716, "accolade itself failed"),
    (Code::E0717, "a row is there twice"),
    (Code::E0718, "the data is not what is expected"),
    (Code::E0719, "customers cannot be merged"),
    (Code::E0720, "results cannot be appended"),
    (Code::E0721, "a field has another type in the history"),
    // E08: tests of rule sets
    (Code::E0801, "there is nothing to test"),
    (Code::E0802, "an expectation names something that does not exist"),
    (Code::E0803, "a case expects nothing"),
    (Code::E0804, "an expectation cannot be read"),
    (Code::E0805, "given data does not fit"),
    // E09: other forms of a rule set
    (Code::E0901, "a rule cannot be written as SQL"),
    // W: warnings
    (Code::W0501, "a row can never be reached"),
    (Code::W0502, "a grade can never be reached"),
    (Code::W0503, "a criterion can never change the grade"),
    (Code::W0504, "a percentage without its sign"),
    (Code::W0505, "a fragment that no rule file includes"),
    (Code::W0506, "a number that may be thousands"),
    (Code::W0701, "division by zero"),
    (Code::W0702, "a condition was neither true nor false"),
    (Code::W0703, "an empty bin"),
    (Code::W0704, "nothing to classify"),
    (Code::W0705, "fewer customers than bins"),
    (Code::W0706, "events after the date of the run"),
    (Code::W0707, "a result is too large"),
    (Code::W0708, "money is stored as a float"),
    (Code::W0709, "rows were rejected"),
    (Code::W0710, "no customers"),
    (Code::W0711, "notes without a place"),
    (Code::W0712, "a customer buys more than it spends"),
    (Code::W0713, "much depends on one customer"),
    (Code::W0714, "retention by count is not the share of customers kept"),
    (Code::W0715, "the cost of a member is missing"),
    (Code::W0716, "customers below zero"),
    (Code::W0717, "the cut-offs are younger than the run"),
    (Code::W0718, "a customer has as much as all others together"),
    (Code::W0719, "keys of customers are alike"),
    (Code::W0720, "events are of unknown customers"),
    (Code::W0725, "a field that no rule reads"),
    (Code::W0730, "a value is far from the others"),
    (Code::W0901, "a rule is left out of the SQL"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_sorted_within_their_letter() {
        assert!(CODES.windows(2).all(|w| w[0].0 < w[1].0), "codes out of order");
    }
}
