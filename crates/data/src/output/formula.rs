//! Text that a spreadsheet may take for a formula.

use std::borrow::Cow;

/// Whether text that a spreadsheet may take for a formula is guarded in CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormulaText {
    /// As it is.
    #[default]
    Kept,
    /// After an apostrophe, which spreadsheets take as the sign of a text.
    Guarded,
}

impl FormulaText {
    /// The text as it is written to CSV.
    pub fn write(self, text: &str) -> Cow<'_, str> {
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        if self == FormulaText::Guarded && is_formula { format!("'{text}").into() } else { text.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_begin_with_an_apostrophe() {
        let check = |text: &str, expected: &str| {
            assert_eq!(FormulaText::Guarded.write(text), expected);
            assert_eq!(FormulaText::Kept.write(text), text);
        };
        check("=1+1", "'=1+1");
        check("+31 20", "'+31 20");
        check("-5", "'-5");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "'\r=1");
        check("\n=1", "'\n=1");
        check("a=1", "a=1");
        check("'=1", "'=1");
        check("", "");
    }
}
